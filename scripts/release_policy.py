# ruff: noqa: E501 (a table row of the model card is one line)
"""Turns the best policy of a run into a released one with a model card.

python scripts/release_policy.py RUN policies/default --machine "2 CPU cores"
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from simgait.learning.checkpoints import load_policy, save_policy

CARD = """# Model card: {name}

Tracks a walking person from 3D keypoints: refiner (supervised) and policy (PPO), weights only.

| | |
|---|---|
| weights | SHA-256 `{sha256}` |
| released | {date}, simgait commit `{commit}` |
| trained on | {machine}; {steps:,} environment steps of PPO, {refiner} |
| synthetic walkers | walkers-v1, training split: {n_refiner:,} for the refiner, {n_policy:,} others for the policy, through monocular-v1 or exact, all 23 points, a detector's points, or hips, knees and ankles only |
| real walkers | {real} |
| held out | synthetic validation and test splits; CMU 07, 16, 49; McGill HC002D, HC038A, HC044A, HC055A; all of c3d_mixed |
| chosen by | {chosen} |

Validation at release: {validation}.
Test results, for whom it works and for whom not: `docs/scorecard.md`.

## Limits
- A gap in the keypoints is filled before the policy sees them (by the strides beside it), so the policy
  is not told which of them were guessed; the report shows how many were.
- Straight walking over level ground, without walking aids and without another person's support.
- Trained on synthetic gait patterns and healthy motion capture; no patient's recording was seen. An
  impaired gait beyond the eight synthetic patterns may be pulled towards them.
- The body has no toes, no subtalar joint, no arms and a rigid trunk whose weight rides on the
  pelvis: hip moments and the free moment are not a person's.
- Depth errors of a detector that behaves unlike monocular-v1 are not corrected.
- Not a medical device.

The CMU data used here was obtained from mocap.cs.cmu.edu; that database was created with funding
from NSF EIA-0196217. The McGill recordings are the McGill Motion Lab sample study (MIT licence).
"""


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path, help="folder of a training run")
    parser.add_argument("target", type=Path, help="folder of the released policy")
    parser.add_argument("--machine", required=True, help="what it was trained on")
    parser.add_argument(
        "--refiner-trained", help="how the refiner was trained, where not as the recipe says"
    )
    parser.add_argument(
        "--real-walks", type=int, help="real walks it learned from, where the run's card lacks them"
    )
    arguments = parser.parse_args()
    policy = load_policy(arguments.run / "policy")
    name = arguments.target.name
    config = policy.config.model_copy(update={"name": name})
    card = policy.card | {"machine": arguments.machine}
    if arguments.refiner_trained is not None:
        card["refiner_trained"] = arguments.refiner_trained
    if arguments.real_walks is not None:
        card["real_walks"] = arguments.real_walks
    save_policy(
        arguments.target,
        config,
        policy.params,
        policy.statistics,
        policy.refiner,
        card,
        policy.initialiser,
    )
    released = load_policy(arguments.target)
    policy = replace(policy, config=config, sha256=released.sha256)
    validation = ", ".join(f"{key} {value:.3g}" for key, value in card["validation"].items())
    real = (
        f"{card['real_walks']} walks of training subjects of CMU and McGill, as recorded and through "
        "monocular-v1 (and the refiner more copies of the same)"
        if config.data.use_real and card.get("real_walks")
        else "none"
    )
    chosen = f"lowest validation score over {config.data.n_validation} synthetic validation walkers"
    if mean := card.get("mean_of"):
        chosen = (
            f"mean of the weights of the policy with SHA-256 `{mean['earlier']['sha256'][:12]}…` "
            f"(share {mean['earlier']['share']:g}) and of {mean['later']['steps_after_earlier']:,} steps "
            f"that went on from it (share {mean['later']['share']:g})"
        )
    text = CARD.format(
        name=name,
        sha256=released.sha256,
        date=datetime.now(UTC).date().isoformat(),
        commit=card["provenance"].get("commit", "unknown"),
        machine=arguments.machine,
        steps=card["steps"],
        refiner=card.get("refiner_trained")
        or f"{config.refiner.steps:,} gradient steps of the refiner",
        n_refiner=config.refiner.n_walkers,
        n_policy=card.get("walkers", config.data.n_synthetic),
        real=real,
        chosen=chosen,
        validation=validation,
    )
    (arguments.target / "README.md").write_text(text)
    print(json.dumps(released.card, indent=1))


if __name__ == "__main__":
    main()
