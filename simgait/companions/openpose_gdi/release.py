"""Trains the networks on people, sets their intervals on others, and writes the folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import numpy as np
from jaxtyping import Float

from simgait.companions.openpose_gdi.card import readme
from simgait.companions.openpose_gdi.columns import STRIDE
from simgait.companions.openpose_gdi.config import OpenPoseConfig
from simgait.companions.openpose_gdi.evaluation import estimates_of, evaluate, judged_rows
from simgait.companions.openpose_gdi.filmed_walkers import LabelledWindows, synthetic_windows
from simgait.companions.openpose_gdi.labels import labelled_windows
from simgait.companions.openpose_gdi.networks import KINDS, parameters_of
from simgait.companions.openpose_gdi.pairs import half_widths_of, pairs_of
from simgait.companions.openpose_gdi.targets import reference_of
from simgait.companions.openpose_gdi.training import Standard, TrainingState, train
from simgait.companions.openpose_gdi.weights import (
    TrainedNetworks,
    load_networks,
    predict,
    save_networks,
)
from simgait.errors import InputError
from simgait.estimators.companion import Kept, Order
from simgait.estimators.forest import Forest, Growth, fit_forest
from simgait.estimators.judged import Judged, table
from simgait.estimators.people import (
    Owned,
    marks,
    refuse_shared_frames,
    refuse_shared_people,
    split_by_person,
)
from simgait.estimators.released import WEIGHTS_FILE
from simgait.estimators.rivals import fit_ridge, summary_features
from simgait.estimators.turns import Turns
from simgait.gait.scores import ScoreReference
from simgait.provenance import collect_provenance

RELEASED = "cnn-lstm"
N_JUDGED = 150
"""Test walkers behind a card's table."""
SHARES = {"train": 0.8, "calibration": 0.1, "test": 0.1}
"""Of a user's own people, as published."""
GROWTH = Growth(trees=25, least_leaf=10, most_rows=10_000)
"""Chosen for 2 MB: Kidzinski et al. 2020 do not say how theirs was grown."""


@dataclass(frozen=True)
class Parts:
    """What is learned from, what sets the intervals, and the people of the GDI.

    Attributes:
        test: the user's own people who judge; None of synthetic walkers, who are made anew.
    """

    train: LabelledWindows
    calibration: LabelledWindows
    test: LabelledWindows | None
    reference: ScoreReference

    def check(self) -> None:
        """Nobody, and no frame, is in two parts.

        Raises:
            SplitError: somebody is, or a frame is.
        """
        judged = [self.calibration] + ([] if self.test is None else [self.test])
        for part in judged:
            refuse_shared_people(marks(self.train.people), part.people)
            refuse_shared_frames(_frames(self.train), _frames(part))
        if self.test is not None:
            refuse_shared_people(marks(self.calibration.people), self.test.people)


def _frames(windows: LabelledWindows) -> list[Owned]:
    """Every 31st frame: windows begin at multiples of that, so those that overlap share one."""
    return list(zip(windows.people, windows.columns[:, ::STRIDE], strict=True))


def parts_of(order: Order, config: OpenPoseConfig) -> Parts:
    """The walks of a training, of the user's own people or of synthetic ones.

    Raises:
        InputError: labels that cannot be used.
    """
    order.say("the healthy people of the GDI")
    reference = reference_of(order)
    if order.labels is not None:
        every = labelled_windows(order.labels, reference, order.say)
        rows = split_by_person(every.people, SHARES)
        parts = {name: every.rows(np.array(own)) for name, own in rows.items()}
        return Parts(parts["train"], parts["calibration"], parts["test"], reference)
    data = config.data
    learned = synthetic_windows(
        "train", data.first, data.walkers, reference, data.families, data.cameras,
        lambda done: order.say(f"{done} of {data.walkers} walkers to learn from"),
    )  # fmt: skip
    order.say(f"{data.calibration} walkers for the intervals")
    calibration = synthetic_windows(
        "validation", data.first_calibration, data.calibration, reference, data.families,
        data.cameras,
    )  # fmt: skip
    return Parts(learned, calibration, None, reference)


def train_and_release(order: Order, kept: Kept) -> str:
    """Trains into a folder; what was stopped goes on where it was.

    Returns:
        the comparison with the rivals, and the hash of the weights.

    Raises:
        InputError: labels that cannot be used, or a folder that cannot be written to.
        KeyboardInterrupt: somebody asked to stop.
    """
    config = order.config
    if not isinstance(config, OpenPoseConfig):
        raise InputError("The recipe is not that of the OpenPose companion; check --config.")
    if (kept.path / WEIGHTS_FILE).is_file() and kept.facts is None:
        load_networks(kept.path)
        return f"{kept.path.name}: this training was finished before"
    parts = parts_of(order, config)
    parts.check()
    order.say(
        f"{len(parts.train.walk)} windows of {len(set(parts.train.people))} people to learn from"
    )
    standard = Standard.of(parts.train)
    state, minutes = _trained(order, kept, config, parts.train, standard)
    features = summary_features(parts.train.columns)
    ridge = fit_ridge(features, parts.train.targets)
    forest = _forest(order, features, parts.train.targets)
    trained = TrainedNetworks(dict(state.variables), standard, ridge, parts.reference, forest)
    facts = _facts(order, config, parts, trained, minutes) | {"epochs": int(state.epoch)}
    save_networks(kept.path, trained, facts, readme)
    order.say("judging on people unseen")
    rows = _judged(order, kept, parts)
    facts |= {"evaluation": [row.facts() for row in rows]}
    sha256 = save_networks(kept.path, trained, facts, readme)
    kept.finish()
    return f"{table(rows)}\n\nSHA-256 {sha256}, {minutes:.1f} minutes of training"


def _forest(
    order: Order, features: Float[np.ndarray, "W F"], targets: Float[np.ndarray, "W 4"]
) -> Forest | None:
    """The rival that needs scikit-learn; without that it is left out, and said so."""
    order.say("a random forest, as a rival")
    try:
        return fit_forest(features, targets, GROWTH)
    except InputError as error:
        order.say(f"left out: {error}")
        return None


def _judged(order: Order, kept: Kept, parts: Parts) -> list[Judged]:
    if parts.test is None:
        return list(evaluate(N_JUDGED, kept.path, order.say).rows)
    trained, card = load_networks(kept.path)
    return judged_rows(parts.test, estimates_of(trained, parts.test), card.half_widths)


def _trained(
    order: Order,
    kept: Kept,
    config: OpenPoseConfig,
    windows: LabelledWindows,
    standard: Standard,
) -> tuple[TrainingState, float]:
    """The last state, and minutes of training, those before a stop included."""
    turns = Turns(order, kept)

    def turn(state: TrainingState, losses: Mapping[str, float]) -> bool:
        epoch = int(state.epoch)
        told = ", ".join(f"{kind} {loss:.3f}" for kind, loss in losses.items())
        return turns.made(state, epoch, config.optimiser.epochs, f"epoch {epoch}", f": {told}")

    def resume(fresh: TrainingState) -> TrainingState:
        return turns.resumed(fresh, "epochs")

    with kept.steps():
        state = train(windows, standard, config.optimiser, resume=resume, turn=turn)
    return state, turns.took_s / 60.0


def _learned_from(order: Order, config: OpenPoseConfig, parts: Parts) -> str:
    people = len(set(parts.train.people))
    if order.labels is not None:
        return f"{people} people of the user's own"
    seen = ", ".join(config.data.families)
    return (
        f"{people} synthetic walkers seen through {seen}; no patient and no real detector, so that "
        "what it says is no measurement"
    )


def _facts(
    order: Order, config: OpenPoseConfig, parts: Parts, trained: TrainedNetworks, minutes: float
) -> dict[str, Any]:
    """The card, but for its hashes and its table."""
    half_widths = {
        kind: half_widths_of(
            pairs_of(parts.calibration, predict(trained, kind, parts.calibration.columns))
        )
        for kind in KINDS
    }
    return {
        "name": config.name,
        "released": RELEASED,
        "machine": order.machine,
        "date": datetime.now(UTC).date().isoformat(),
        "families": list(config.data.families) if order.labels is None else [],
        "learned_from": _learned_from(order, config, parts),
        "people": {
            "train": marks(parts.train.people), "calibration": marks(parts.calibration.people),
        },
        "windows": len(parts.train.walk),
        "parameters": {
            kind: parameters_of(trained.variables[kind]["params"]) for kind in KINDS
        },
        "training_minutes": minutes,
        "half_widths": half_widths,
        "provenance": collect_provenance(config.model_dump(mode="json")),
    }  # fmt: skip
