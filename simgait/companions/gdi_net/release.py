"""Trains GDI-Net and its rivals on people, sets the intervals on others, and writes the folder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

import numpy as np

from simgait.companions.gdi_net import kept_walks
from simgait.companions.gdi_net.beside import beside_of
from simgait.companions.gdi_net.card import readme
from simgait.companions.gdi_net.config import GdiNetConfig
from simgait.companions.gdi_net.curriculum import Learned, learn_all
from simgait.companions.gdi_net.estimate import OWN_CHARTS
from simgait.companions.gdi_net.evaluation import beside_the_paper, evaluate, judged_rows
from simgait.companions.gdi_net.kept_walks import TrainingWalks
from simgait.companions.gdi_net.labels import labelled_walks
from simgait.companions.gdi_net.networks import FRAME, OWN, RELEASED, SHARED, parameters_of
from simgait.companions.gdi_net.rivals import fit_linear
from simgait.companions.gdi_net.walkers import RenderedWalks, rendered_walks
from simgait.companions.gdi_net.weights import (
    TrainedGdiNet,
    load_gdi_net,
    predict,
    save_gdi_net,
)
from simgait.companions.openpose_gdi.targets import reference_of
from simgait.errors import InputError
from simgait.estimators.companion import Kept, Order
from simgait.estimators.intervals import half_width
from simgait.estimators.judged import markdown, table
from simgait.estimators.people import (
    Owned,
    marks,
    refuse_shared_frames,
    refuse_shared_people,
    split_by_person,
)
from simgait.estimators.released import WEIGHTS_FILE
from simgait.gait.scores import ScoreReference
from simgait.provenance import collect_provenance

N_JUDGED = 100
"""Test walkers behind a card's table."""
SHARES = {"train": 0.8, "calibration": 0.1, "test": 0.1}
"""Of a user's own people; published are random windows."""
CHECKED_FRAMES = 10
"""Chosen: every so many frames of a walk are compared with those of the others; walks whose frames
are the same share them all."""


def train_and_release(order: Order, kept: Kept) -> str:
    """Trains into a folder; what was stopped goes on where it was.

    Returns:
        the comparison with the rivals, and the hash of the weights.

    Raises:
        InputError: labels that cannot be used, or a folder that cannot be written to.
        KeyboardInterrupt: somebody asked to stop.
    """
    config = order.config
    if not isinstance(config, GdiNetConfig):
        raise InputError("The recipe is not that of GDI-Net; check --config.")
    before = beside_of(order)
    if (kept.path / WEIGHTS_FILE).is_file() and kept.facts is None:
        load_gdi_net(kept.path)
        return f"{kept.path.name}: this training was finished before"
    order.say("the healthy people of the GDI")
    reference = reference_of(order) if before is None else before.networks.reference
    walks = _walks_of(order, kept, config, reference)
    check_apart(walks)
    if before is not None:
        before.refuse_others(walks)
    order.say(f"{len(walks.train.people)} walks to learn from")
    learned = learn_all(
        order, kept, config, walks.train, None if before is None else before.networks
    )
    parts = learned.parts
    trained = TrainedGdiNet(
        parts.get(FRAME),
        {name: own for name, own in parts.items() if name in SHARED},
        {name: own for name, own in parts.items() if name not in (*SHARED, FRAME)},
        learned.standard,
        fit_linear(walks.train) if before is None else before.networks.linear,
        config.frames, reference,
    )  # fmt: skip
    facts = _facts(order, config, walks, trained, learned)
    facts = facts if before is None else before.with_added(facts)
    save_gdi_net(kept.path, trained, facts, readme)
    order.say("judging on people unseen")
    if walks.test is None:
        found = evaluate(N_JUDGED, kept.path, order.say)
        rows, measures = list(found.rows), list(found.measures)
    else:
        rows = judged_rows(trained, walks.test, facts["half_widths"], facts["released"])
        measures = [beside_the_paper(rows)]
    facts |= {
        "evaluation": [row.facts() for row in rows],
        "measures": [asdict(one) for one in measures],
    }
    sha256 = save_gdi_net(kept.path, trained, facts, readme)
    kept.finish()
    kept_walks.remove(kept.path)
    told = "\n\n".join(markdown(one.header, one.rows) for one in measures)
    return f"{table(rows)}\n\n{told}\n\nSHA-256 {sha256}, {learned.minutes:.1f} minutes of training"


def check_apart(walks: TrainingWalks) -> None:
    """Nobody, and no frame, is in two parts.

    Raises:
        SplitError: somebody is, or a frame is.
    """
    for part in (walks.calibration, walks.test):
        if part is not None:
            refuse_shared_people(marks(walks.train.people), part.people)
            refuse_shared_frames(_frames(walks.train), _frames(part))
    if walks.test is not None:
        refuse_shared_people(marks(walks.calibration.people), walks.test.people)


def _frames(walks: RenderedWalks) -> list[Owned]:
    some = walks.frames[:, ::CHECKED_FRAMES].astype(np.float32)
    return list(zip(walks.people, some.reshape(*some.shape[:2], -1), strict=True))


def _walks_of(
    order: Order, kept: Kept, config: GdiNetConfig, reference: ScoreReference
) -> TrainingWalks:
    """The walks that the folder keeps, else new ones, which it keeps from now on.

    Raises:
        InputError: labels that cannot be used, or nothing can be drawn here.
    """
    made = kept_walks.kept(kept.path)
    if made is not None:
        order.say("the walks were made before, and kept")
        return made
    frames, data = config.frames, config.data
    if order.labels is not None:
        every = labelled_walks(order.labels, reference, frames, order.say)
        rows = split_by_person(every.people, SHARES)
        parts = {name: every.rows(np.array(own)) for name, own in rows.items()}
        made = TrainingWalks(parts["train"], parts["calibration"], parts["test"])
    else:
        learned = rendered_walks(
            "train", data.first, data.walkers, reference, frames.framing, frames.size_px,
            lambda done: order.say(f"{done} of {data.walkers} walkers to learn from"),
        )  # fmt: skip
        calibration = rendered_walks(
            "validation", data.first_calibration, data.calibration, reference, frames.framing,
            frames.size_px, lambda done: order.say(f"{done} of {data.calibration} for intervals"),
        )  # fmt: skip
        made = TrainingWalks(learned, calibration, None)
    kept_walks.keep(kept.path, made)
    return made


def _facts(
    order: Order,
    config: GdiNetConfig,
    walks: TrainingWalks,
    trained: TrainedGdiNet,
    learned: Learned,
) -> dict[str, Any]:
    """The card, but for its hashes and its table."""
    names = [name for name in (*trained.over_time, *trained.whole) if name in learned.losses]
    said = predict(trained, names, walks.calibration.frames)
    errors = {name: own.mean(axis=1) - walks.calibration.target for name, own in said.items()}
    own = order.labels is not None
    count = len(set(walks.train.people))
    variables: Mapping[str, Any] = {**trained.over_time, **trained.whole}
    shared = parameters_of(trained.frame) if trained.over_time else 0
    return {
        "name": config.name,
        "released": OWN if own else RELEASED,
        "machine": order.machine,
        "date": datetime.now(UTC).date().isoformat(),
        "families": [] if own else [OWN_CHARTS],
        "learned_from": f"{count} people of the user's own" if own else f"{count} rendered "
        "synthetic walkers, exact I, U, V on simgait's charts; no patient, no DensePose, so that "
        "what it says is no measurement",
        "people": {
            "train": marks(walks.train.people), "calibration": marks(walks.calibration.people),
        },
        "parameters": {
            name: parameters_of(variables[name]) + shared * (name in trained.over_time)
            for name in names
        },
        "last_losses": dict(learned.losses),
        "steps": dict(learned.steps),
        "training_minutes": learned.minutes,
        "half_widths": {
            name: half_width(errors[name], walks.calibration.people) for name in names
        },
        "provenance": collect_provenance(config.model_dump(mode="json")),
    }  # fmt: skip
