# ruff: noqa: E501 (a table row of the model card is one line)
"""Trains the Gait Transformer, scores it on validation walkers, never on test ones, and releases it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import jax

from simgait.companions.gait_transformer import kept_walks
from simgait.companions.gait_transformer.config import GaitTransformerConfig
from simgait.companions.gait_transformer.data import check_splits, training_and_validation
from simgait.companions.gait_transformer.evaluation import evaluate
from simgait.companions.gait_transformer.kept_walks import TrainingWalks
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
from simgait.errors import InputError
from simgait.estimators.companion import Kept, Order, Say
from simgait.estimators.judged import Judged, table
from simgait.estimators.judged_walks import WALK_S
from simgait.estimators.people import marks
from simgait.estimators.turns import Turns
from simgait.provenance import collect_provenance

N_JUDGED = 48
"""Validation walkers behind a card's table."""

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
{n_judged} synthetic validation walkers of {walk_s:g} s, others than those it was chosen by, beside
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


def model_card(config: GaitTransformerConfig, facts: dict[str, Any]) -> str:
    """What a person should know of a released network, as Markdown."""
    rows = [Judged.of(row) for row in facts.get("evaluation", ())]
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
        n_judged=N_JUDGED,
        walk_s=WALK_S,
        table=table(rows),
    )


def train_and_release(order: Order, kept: Kept) -> str:
    """Trains on walks that share nobody with each other or the test, judges, writes the folder.

    A training that was stopped goes on from its last checkpoint, with the walks that it keeps.

    Returns:
        the comparison with the rivals, and the hash of the weights.

    Raises:
        InputError: what was asked for is no training of this network.
        KeyboardInterrupt: somebody asked to stop.
    """
    config, say = order.config, order.say
    if not isinstance(config, GaitTransformerConfig):
        raise InputError("The recipe is not that of the Gait Transformer; check --config.")
    if order.labels is not None or order.reference is not None:
        raise InputError(
            "--labels and --reference: the Gait Transformer learns from recordings alone (--data)."
        )
    out = kept.path
    if (out / WEIGHTS_FILE).is_file() and kept.facts is None:
        load_transformer(out)
        return f"{out.name}: this training was finished before; SHA-256 {read_card(out)['sha256']}"
    made = walks_of_training(config, order.data_dir, out, say)
    n_train, n_chosen_by = len(made.train), len(made.validation)
    say(f"{n_train} walks to learn from, {n_chosen_by} to choose by, nobody in both")
    trained = _trained(config, made, kept, order)
    facts = trained.facts() | {
        "machine": order.machine,
        "synthetic_walks": n_train - made.n_real,
        "real_walks": made.n_real,
        "people": marks(walk.subject_id for walk in (*made.train, *made.validation)),
        "provenance": collect_provenance({}),
    }
    save_transformer(out, trained.weights, facts, partial(model_card, config))
    say("judging on people unseen")
    judged = evaluate(N_JUDGED, out)
    rows = judged.rows
    facts["evaluation"] = [row.facts() for row in rows]
    for note in judged.notes:
        say(note)
    sha256 = save_transformer(out, trained.weights, facts, partial(model_card, config))
    kept.finish()
    kept_walks.remove(out)
    return f"{table(rows)}\n\nSHA-256 {sha256}, {trained.minutes:.1f} minutes"


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
    config: GaitTransformerConfig, made: TrainingWalks, kept: Kept, order: Order
) -> _Trained:
    """A training to its end, that may have been stopped before."""
    say = order.say
    turns = Turns(order, kept)
    steps = [0 if kept.facts is None else int(kept.facts["steps"])]

    def report(step: int, parts: dict[str, float]) -> None:
        left_s = (config.optimiser.steps - step) * turns.took_s / step
        figures = ", ".join(f"{name} {value:.3g}" for name, value in parts.items())
        say(f"step {step}, about {left_s / 60.0:.0f} minutes left: {figures}")

    def resume(fresh: TransformerState) -> tuple[TransformerState, Errors]:
        if kept.facts is None:
            return fresh, NO_ERRORS
        say(f"going on after {kept.facts['steps']:,} steps")
        return kept.load(fresh), kept.facts["errors"]

    def turn(state: TransformerState, errors: Errors, validated: bool) -> None:
        steps.append(int(state.step))
        if validated or kept.stopping:
            kept.save(state, {"steps": steps[-1], "errors": errors, "seconds": turns.took_s})

    say(f"compiling, then {config.optimiser.steps:,} steps")
    with kept.steps():
        weights, errors = train(
            made.train, made.validation, config, report, lambda: turns.took_s > turns.longest_s,
            resume=resume, turn=turn,
        )  # fmt: skip
    return _Trained(weights, errors, steps[-1], turns.took_s / 60.0)
