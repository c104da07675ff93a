# ruff: noqa: E501 (a table row of the model card is one line)
"""Trains the Gait Transformer, scores it on validation walkers, never on test ones, and releases it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import jax

from simgait.baselines.kinematics import kinematics_tracker
from simgait.baselines.raw_keypoints import raw_keypoints_tracker
from simgait.benchmark.cases import synthetic_case
from simgait.benchmark.validation_scores import validation_scores
from simgait.companions.gait_transformer import kept_walks
from simgait.companions.gait_transformer.config import GaitTransformerConfig
from simgait.companions.gait_transformer.data import (
    check_splits,
    training_and_validation,
)
from simgait.companions.gait_transformer.kept_walks import TrainingWalks
from simgait.companions.gait_transformer.tracker import gait_transformer_tracker
from simgait.companions.gait_transformer.training import (
    NO_ERRORS,
    Errors,
    TransformerState,
    train,
)
from simgait.companions.gait_transformer.weights import (
    WEIGHTS_FILE,
    TransformerWeights,
    load_transformer,
    read_card,
    save_transformer,
)
from simgait.datasets.detector_mixture import Keypoints
from simgait.datasets.real_recordings import fingerprint
from simgait.errors import InputError
from simgait.learning.run_folder import Recipe, RunFolder, run_folder
from simgait.learning.stop_request import StopRequest
from simgait.provenance import collect_provenance

# Scored walkers lie beyond those whose windows chose the weights.
FIRST_SCORED, N_SCORED, SCORED_S = 10_000, 48, 6.0

RUN_FILE = "run.safetensors"
Say = Callable[[str], None]

CARD = """# Model card: {name}

A baseline, not the tracker: the Gait Transformer of Cotton et al. 2022 (arXiv 2203.09371),
re-implemented from its abstract (full text, code and weights were not used; details it does not
give are ours) and trained on simgait's own walks. Keypoints and height in; gait phases, velocities, hip and knee flexion and heel
positions out. What it does and how it differs from the paper: `docs/companions.md`.

| | |
|---|---|
| weights | SHA-256 `{sha256}`, {parameters:,} parameters |
| trained | {date}, simgait commit `{commit}`, {machine}; {steps:,} steps of {batch} windows in {minutes:.0f} minutes (recipe: {planned:,} steps) |
| synthetic walkers | walkers-v1, training split: {n_synthetic:,}, through monocular-v1 or exact, all 23 points, a detector's points, or hips, knees and ankles only |
| real walkers | {n_real} walks of training subjects of CMU and McGill, as recorded and through monocular-v1 |
| held out | synthetic validation and test splits; CMU 07, 16, 49; McGill HC002D, HC038A, HC044A, HC055A; all of c3d_mixed |
| chosen by | lowest loss on windows of {n_validation} synthetic validation walkers |

## Validation at release
{n_scored} synthetic validation walkers of {scored_s:g} s, others than those it was chosen by, beside
the other baselines. Not the test: that is `docs/scorecard.md`'s and the evaluation's.

{table}

## Limits
- As the paper's, it sees pelvis-centred keypoints only: velocity is inferred from the legs.
- It predicts no ankle and no pelvis angles; they are given as unknown.
- Trained on synthetic gait and healthy motion capture; no patient's recording was seen.
- Not a medical device.

The CMU data used here was obtained from mocap.cs.cmu.edu; that database was created with funding
from NSF EIA-0196217. The McGill recordings are the McGill Motion Lab sample study (MIT licence).
"""
COLUMNS = {
    "velocity_bias_mps": "velocity bias, m/s",
    "velocity_sd_mps": "velocity SD, m/s",
    "step_length_rmse_m": "step length RMSE, m",
    "event_mae_ms": "event MAE, ms",
    "events_missed": "missed",
    "events_extra": "extra",
    "hip_rmse_deg": "hip RMSE, °",
    "knee_rmse_deg": "knee RMSE, °",
}


def score(weights: TransformerWeights, count: int) -> dict[str, dict[str, dict[str, float]]]:
    """Keypoints -> tracker -> errors on validation walkers, with and without a detector's."""
    trackers = {
        "Gait Transformer": gait_transformer_tracker(weights, {}),
        "kinematics only": kinematics_tracker(),
        "raw keypoints": raw_keypoints_tracker(),
    }
    kinds: tuple[Keypoints, ...] = ("exact", "monocular", "monocular_legs")
    found: dict[str, dict[str, dict[str, float]]] = {}
    for kind in kinds:
        cases = []
        for index in range(FIRST_SCORED, FIRST_SCORED + count):
            try:
                cases.append(synthetic_case(index, kind, SCORED_S, split="validation"))
            except InputError:
                continue
        found[kind] = {
            name: validation_scores(tracker, cases) for name, tracker in trackers.items()
        }
    return found


def table(scores: dict[str, dict[str, dict[str, float]]]) -> str:
    """The scores as a Markdown table."""
    lines = [
        f"| keypoints | baseline | {' | '.join(COLUMNS.values())} |",
        f"|---|---|{'---|' * len(COLUMNS)}",
    ]
    for kind, by_tracker in scores.items():
        for name, errors in by_tracker.items():
            cells = " | ".join(f"{errors[column]:.3g}" for column in COLUMNS)
            lines.append(f"| {kind} | {name} | {cells} |")
    return "\n".join(lines)


def model_card(config: GaitTransformerConfig, facts: dict[str, Any]) -> str:
    """What a person should know of a released network, as Markdown."""
    return CARD.format(
        name=config.name,
        sha256=facts["sha256"],
        parameters=facts["parameters"],
        date=datetime.now(UTC).date().isoformat(),
        commit=facts["provenance"]["commit"],
        machine=facts["machine"],
        steps=facts["steps"],
        planned=config.optimiser.steps,
        batch=config.optimiser.batch,
        minutes=facts["training_minutes"],
        n_synthetic=facts["synthetic_walks"],
        n_real=facts["real_walks"],
        n_validation=config.data.n_validation,
        n_scored=facts["scored_walkers"],
        scored_s=SCORED_S,
        table=table(facts["scores"]),
    )


def clock() -> Say:
    """Prints lines with the seconds since now."""
    started = time.monotonic()
    return lambda line: print(f"{time.monotonic() - started:7.0f} s  {line}", flush=True)


def train_and_release(
    config: GaitTransformerConfig,
    data_dir: Path | None,
    out: Path,
    *,
    machine: str,
    n_scored: int = N_SCORED,
    max_minutes: float | None = None,
    say: Say | None = None,
    stop: StopRequest | None = None,
) -> str:
    """Trains on walks that share nobody with each other or the test, scores, writes the folder.

    A training that was stopped goes on from its last checkpoint, with the walks that it keeps.

    Args:
        config: the recipe.
        data_dir: real recordings; None for synthetic walkers only.
        out: folder of the weights and their card.
        machine: what it is trained on, for the card.
        n_scored: validation walkers to score.
        max_minutes: of training, the best weights so far count; None for all steps.
        say: told what is being done; None prints it.
        stop: asked after every step.

    Returns:
        the scores as a table, and the hash of the weights.

    Raises:
        InputError: the folder's training was begun with another recipe, or another process trains
            there.
        KeyboardInterrupt: `stop` was asked for.
    """
    say, stop = say or clock(), stop or StopRequest()
    data = None if data_dir is None else fingerprint(data_dir, test=False)
    recipe = Recipe("gait-transformer", config, {"--data": data})
    with run_folder(out, recipe, RUN_FILE, say, results=(WEIGHTS_FILE,)) as run:
        if (out / WEIGHTS_FILE).is_file():
            load_transformer(out)
            say(f"{out.name}: this training was finished before")
            card = read_card(out)
            return f"{table(card['scores'])}\n\nSHA-256 {card['sha256']}"
        made = walks_of_training(config, data_dir, out, say)
        n_train, n_chosen_by = len(made.train), len(made.validation)
        say(f"{n_train} walks to learn from, {n_chosen_by} to choose by, nobody in both")
        trained = _trained(config, made, run, max_minutes, say, stop)
        say("scoring on validation walkers")
        scores = score(trained.weights, n_scored)
        facts = trained.facts() | {
            "machine": machine,
            "synthetic_walks": n_train - made.n_real,
            "real_walks": made.n_real,
            "scored_walkers": n_scored,
            "scores": scores,
            "provenance": collect_provenance({}),
        }
        sha256 = save_transformer(out, trained.weights, facts, partial(model_card, config))
        run.checkpoints.remove()
        kept_walks.remove(out)
    return f"{table(scores)}\n\nSHA-256 {sha256}, {trained.minutes:.1f} minutes"


def walks_of_training(
    config: GaitTransformerConfig, data_dir: Path | None, folder: Path, say: Say
) -> TrainingWalks:
    """The walks that a training's folder keeps, else new ones, which it keeps from now on.

    The folder's training is known to be of the same recipe and recordings.
    """
    made = kept_walks.kept(folder)
    if made is not None:
        check_splits(made.train, made.validation)
        say("the walks were made before, and kept")
        return made
    made = TrainingWalks(*training_and_validation(config.data, data_dir, say))
    kept_walks.keep(folder, made)
    return made


@dataclass(frozen=True)
class _Trained:
    """What a training gave, and how long all of its parts took."""

    weights: TransformerWeights
    errors: Errors
    steps: int
    minutes: float

    def facts(self) -> dict[str, Any]:
        """For the card."""
        return {
            "parameters": sum(int(leaf.size) for leaf in jax.tree.leaves(self.weights.params)),
            "steps": self.steps,
            "training_minutes": self.minutes,
            "validation": self.errors,
        }


def _trained(
    config: GaitTransformerConfig,
    made: TrainingWalks,
    run: RunFolder,
    max_minutes: float | None,
    say: Say,
    stop: StopRequest,
) -> _Trained:
    """A training to its end, that may have been stopped before."""
    longest_s = float("inf") if max_minutes is None else 60.0 * max_minutes
    before = run.facts or {"steps": 0, "seconds": 0.0}
    begun, steps = time.monotonic() - before["seconds"], [int(before["steps"])]

    def took_s() -> float:
        return time.monotonic() - begun

    def report(step: int, parts: dict[str, float]) -> None:
        left_s = (config.optimiser.steps - step) * took_s() / step
        figures = ", ".join(f"{name} {value:.3g}" for name, value in parts.items())
        say(f"step {step}, about {left_s / 60.0:.0f} minutes left: {figures}")

    def resume(fresh: TransformerState) -> tuple[TransformerState, Errors]:
        if run.facts is None:
            return fresh, NO_ERRORS
        say(f"going on after {run.facts['steps']:,} steps")
        return run.checkpoints.load(fresh), run.facts["errors"]

    def turn(state: TransformerState, errors: Errors, validated: bool) -> None:
        steps.append(int(state.step))
        if validated or stop.asked:
            facts = {
                "steps": steps[-1], "errors": errors, "seconds": took_s(),
                "provenance": run.provenance,
            }  # fmt: skip
            run.checkpoints.save(state, facts)
        if stop.asked:
            raise KeyboardInterrupt

    say(f"compiling, then {config.optimiser.steps:,} steps")
    with stop.looked_at():
        weights, errors = train(
            made.train, made.validation, config, report, lambda: took_s() > longest_s,
            resume=resume, turn=turn,
        )  # fmt: skip
    return _Trained(weights, errors, steps[-1], took_s() / 60.0)
