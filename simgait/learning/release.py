# ruff: noqa: E501 (a table row of the model card is one line)
"""Turns the best policy of a run into a released one with a model card."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from simgait.errors import InputError
from simgait.learning.config import TrainingConfig
from simgait.learning.config_file import load_training_config
from simgait.learning.teacher_given import TAUGHT
from simgait.learning.went_on import WENT_ON, went_on_row
from simgait.tracking.policies import Policy, load_policy, save_policy
from simgait.tracking.policy_config import NetworkConfig

CARD = """# Model card: {name}

Tracks a walking person from 3D keypoints: refiner (supervised) and policy ({algorithm}), weights only.

| | |
|---|---|
| weights | SHA-256 `{sha256}` |
| released | {date}, simgait commit `{commit}` |
| trained on | {machine}; {steps:,} environment steps of {algorithm}, {refiner} |
{went_on}| networks | {networks} |
{taught}| synthetic walkers | walkers-v1, training split: {n_refiner:,} for the refiner, {n_policy:,} others for the policy, through monocular-v1 or exact, all 23 points, a detector's points, or hips, knees and ankles only |
| real walkers | {real} |
| held out | synthetic validation and test splits; CMU 07, 16, 49; McGill HC002D, HC038A, HC044A, HC055A; all of c3d_mixed |
| chosen by | {chosen} |

Validation at release: {validation}.
Test results, for whom it works and for whom not, and the gate of every release: `docs/scorecard.md`.

## Limits
- A gap in the keypoints is filled before the policy sees them (by the strides beside it), so the policy
  is not told which of them were guessed; the report shows how many were.
- Straight walking over level ground, without walking aids and without another person's support.
- Trained on synthetic gait patterns and healthy motion capture; no patient's recording was seen. An
  impaired gait beyond the eight synthetic patterns may be pulled towards them.
- The body has no toes, no subtalar joint, no arms and a rigid trunk whose weight rides on the
  pelvis: hip moments and the free moment are not a person's.
- {detectors}
- Not a medical device.

The CMU data used here was obtained from mocap.cs.cmu.edu; that database was created with funding
from NSF EIA-0196217. The McGill recordings are the McGill Motion Lab sample study (MIT licence).
"""

ONE_DETECTOR = "Depth errors of a detector that behaves unlike monocular-v1 are not corrected."
UNKNOWN_DETECTORS = (
    "Errors of a detector that behaves unlike the synthetic ones above are corrected in part; the\n"
    "  scorecard says by how much of one that was left out."
)


def release_policy(
    run: Path,
    target: Path,
    *,
    machine: str,
    refiner_trained: str | None = None,
    real_walks: int | None = None,
) -> Policy:
    """Copies a run's best policy, named after its new folder, and writes its model card.

    Args:
        run: folder of a training run, or of a mean of policies.
        target: folder of the released policy.
        machine: what it was trained on.
        refiner_trained: how the refiner was trained, where not as the recipe says.
        real_walks: walks it learned from, where the run's card lacks them.

    Raises:
        InputError: the run holds no policy, a damaged one, or one whose card says too little.
    """
    policy = load_policy(run / "policy")
    trained = load_training_config(run / "policy")
    config = trained.model_copy(update={"name": target.name})
    card = policy.card | {"machine": machine}
    if refiner_trained is not None:
        card["refiner_trained"] = refiner_trained
    if real_walks is not None:
        card["real_walks"] = real_walks
    lacking = [name for name in ("steps", "validation", "provenance") if not card.get(name)]
    if lacking:
        raise InputError(
            f"{run.name}: the card of its policy lacks {', '.join(lacking)}; only a policy that "
            "simgait trained or averaged can be released."
        )
    save_policy(
        target,
        config,
        policy.params,
        policy.statistics,
        policy.refiner,
        card,
        policy.initialiser,
        partial(model_card, config),
    )
    return load_policy(target)


def model_card(config: TrainingConfig, card: dict[str, Any]) -> str:
    """What a person should know of a released policy, as Markdown."""
    validation = ", ".join(f"{key} {value:.3g}" for key, value in card["validation"].items())
    return CARD.format(
        name=config.name,
        sha256=card["sha256"],
        date=datetime.now(UTC).date().isoformat(),
        commit=card["provenance"].get("commit", "unknown"),
        machine=card["machine"],
        algorithm=config.algorithm.upper(),
        steps=card["steps"],
        refiner=card.get("refiner_trained")
        or f"{config.refiner.steps:,} gradient steps of the refiner",
        went_on=went_on_row(card),
        networks=_networks(config.networks),
        taught=_taught_row(card),
        detectors=UNKNOWN_DETECTORS if WENT_ON in card else ONE_DETECTOR,
        n_refiner=config.refiner.n_walkers,
        n_policy=card.get("walkers", config.data.n_synthetic),
        real=_real_walkers(config, card),
        chosen=_chosen_by(config, card),
        validation=validation,
    )


def _networks(networks: NetworkConfig) -> str:
    layers = {
        "policy": networks.policy_layers,
        "value": networks.value_layers,
        "temporal encoder before both": networks.encoder_layers,
    }
    return "; ".join(
        f"{name} {', '.join(map(str, widths))}" for name, widths in layers.items() if widths
    )


def _taught_row(card: dict[str, Any]) -> str:
    """The row on the policy that was followed at first; nothing where nobody was."""
    said = card.get(TAUGHT)
    if said is None:
        return ""
    return (
        f"| followed at first | the policy with SHA-256 `{said['sha256'][:12]}…`, with weight "
        f"{said['weight']:g}, over {said['share']:g} of the training |\n"
    )


def _real_walkers(config: TrainingConfig, card: dict[str, Any]) -> str:
    if not (config.data.use_real and card.get("real_walks")):
        return "none"
    return (
        f"{card['real_walks']} walks of training subjects of CMU and McGill, as recorded and through "
        "monocular-v1 (and the refiner more copies of the same)"
    )


def _chosen_by(config: TrainingConfig, card: dict[str, Any]) -> str:
    mean = card.get("mean_of")
    if not mean:
        n = config.data.n_validation
        return f"lowest validation score over {n} synthetic validation walkers"
    return (
        f"mean of the weights of the policy with SHA-256 `{mean['earlier']['sha256'][:12]}…` "
        f"(share {mean['earlier']['share']:g}) and of {mean['later']['steps_after_earlier']:,} steps "
        f"that went on from it (share {mean['later']['share']:g})"
    )
