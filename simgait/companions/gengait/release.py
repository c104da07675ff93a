"""Trains on normal walks, sets the thresholds on other normal people, judges, writes the folder."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jax
import numpy as np

from simgait.companions.gengait import kept_walks
from simgait.companions.gengait.bands import bands_of
from simgait.companions.gengait.calibration import Calibration, calibrate
from simgait.companions.gengait.card import readme
from simgait.companions.gengait.config import GenGaitConfig
from simgait.companions.gengait.curves import mean_curves_deg
from simgait.companions.gengait.cycles import NormalisedWalk
from simgait.companions.gengait.data import PersonsWalk, normal_walks, recorded_walks
from simgait.companions.gengait.evaluation import evaluate
from simgait.companions.gengait.kept_walks import TrainingWalks
from simgait.companions.gengait.own_people import OwnPeople, own_people
from simgait.companions.gengait.passes import Network, tile_residuals_deg
from simgait.companions.gengait.recorded_people import (
    factor_of,
    own_table,
    remarks_of,
)
from simgait.companions.gengait.rivals import RIVALS, fit_rivals
from simgait.companions.gengait.tokens import Standard
from simgait.companions.gengait.training import LearnedFrom, TrainingState, train
from simgait.companions.gengait.weights import (
    POINTS_ARE,
    TrainedGenGait,
    load_gengait,
    save_gengait,
)
from simgait.errors import InputError
from simgait.estimators.companion import Kept, Order, Say
from simgait.estimators.judged import markdown, table
from simgait.estimators.people import marks, refuse_shared_people
from simgait.estimators.released import WEIGHTS_FILE
from simgait.estimators.turns import Turns
from simgait.provenance import collect_provenance

N_JUDGED = 98
"""Test walkers behind a card's tables: fourteen of each pattern."""


def train_and_release(order: Order, kept: Kept) -> str:
    """Trains into a folder; what was stopped goes on where it was.

    Returns:
        how it is judged, and the hash of the weights.

    Raises:
        InputError: what was asked for is no training of this network.
        KeyboardInterrupt: somebody asked to stop.
    """
    config = order.config
    if not isinstance(config, GenGaitConfig):
        raise InputError("The recipe is not that of GenGait; check --config.")
    if order.labels is not None or order.reference is not None:
        raise InputError(
            "--labels and --reference: GenGait learns from normal walks alone (--walks, --data)."
        )
    if (kept.path / WEIGHTS_FILE).is_file() and kept.facts is None:
        load_gengait(kept.path)
        return f"{kept.path.name}: this training was finished before"
    walks = walks_of_training(config, order, kept.path)
    standard = Standard.of([one.walk for one in walks.synthetic])
    learned = LearnedFrom.of(
        [one.walk for one in walks.synthetic], [one.walk for one in walks.recorded]
    )
    if walks.own is not None:
        data = config.data.model_copy(update={"real_share": config.data.own_share})
        config = config.model_copy(update={"data": data})
    state, minutes = _trained(order, kept, config, learned, standard)
    trained, people = calibrated(
        config, Network(config.network, state.params, standard), walks, order.say
    )
    factor = factor_of(trained, walks)
    own = own_table(trained, walks, factor)
    facts = _facts(order, config, walks, people, minutes) | {
        "people_factor": factor,
        "remarks": remarks_of(walks, factor, own),
        "steps": int(state.step),
        "windows": len(learned.chosen.walk),
        "parameters": sum(int(leaf.size) for leaf in jax.tree.leaves(state.params)),
    }
    save_gengait(kept.path, trained, facts, readme)
    order.say("judging on people unseen")
    found = evaluate(N_JUDGED, kept.path, order.say)
    facts |= {
        "judged_on": found.title,
        "evaluation": [row.facts() for row in found.rows],
        "measures": [asdict(one) for one in (*found.measures, *own)],
        "notes": list(found.notes),
    }
    sha256 = save_gengait(kept.path, trained, facts, readme)
    kept.finish()
    kept_walks.remove(kept.path)
    tables = "\n\n".join(
        f"{one.title}\n{markdown(one.header, one.rows)}" for one in (*own, *found.measures)
    )
    return f"{tables}\n\n{table(found.rows)}\n\nSHA-256 {sha256}, {minutes:.1f} minutes"


def walks_of_training(config: GenGaitConfig, order: Order, folder: Path) -> TrainingWalks:
    """The walks that a training's folder keeps, else new ones, which it keeps from now on.

    Raises:
        InputError: a laboratory's own walks cannot be used, or are too few.
    """
    made, say = kept_walks.kept(folder), order.say
    if made is not None:
        say("the walks were made before, and kept")
        return made
    # A laboratory's own first: what is wrong with them is said before anything takes minutes.
    own = None if order.walks is None else own_people(order.walks, say)
    data = config.data
    synthetic = normal_walks(
        "train", data.first, data.walkers, data.walk_s,
        lambda done: say(f"{done} of {data.walkers} walkers to learn from"),
    )  # fmt: skip
    if own is not None:
        recorded = list(own.learned)
    else:
        recorded = [] if order.data_dir is None else list(recorded_walks(order.data_dir))
    say(f"{len(recorded)} recorded walks to learn from")
    made = TrainingWalks(synthetic, recorded, own)
    kept_walks.keep(folder, made)
    return made


def _trained(
    order: Order, kept: Kept, config: GenGaitConfig, learned: LearnedFrom, standard: Standard
) -> tuple[TrainingState, float]:
    """The last state, and minutes of training, those before a stop included."""
    turns = Turns(order, kept)
    order.say(f"{len(learned.chosen.walk):,} windows to learn from")

    def turn(state: TrainingState, loss: float) -> bool:
        step, more = int(state.step), f": loss {loss:.4f}"
        return turns.made(state, step, config.optimiser.steps, f"step {step}", more)

    def resume(fresh: TrainingState) -> TrainingState:
        return turns.resumed(fresh, "steps")

    with kept.steps():
        state = train(learned, standard, config, resume=resume, turn=turn)
    return state, turns.took_s / 60.0


def calibrated(
    config: GenGaitConfig, network: Network, walks: TrainingWalks, say: Say
) -> tuple[TrainedGenGait, list[str]]:
    """The network with thresholds from normal validation walkers, and who they are."""
    data, people = config.data, list[str]()
    calibration: dict[str, Calibration] = {}
    exact: list[PersonsWalk] = []
    for points in POINTS_ARE:
        say(f"{data.calibration} other normal walkers set the thresholds of {points} points")
        normal = normal_walks(
            "validation", data.first_calibration, data.calibration, data.walk_s,
            monocular=points == "detector",
        )  # fmt: skip
        exact = exact or normal
        residual = tile_residuals_deg(network, [one.walk for one in normal])
        calibration[points] = calibrate(residual, [one.person for one in normal])
        people += [one.person for one in normal]
    learned, speed = _cycles([one.walk for one in walks.synthetic])
    rivals = fit_rivals(learned, speed)
    others, others_speed = _cycles([one.walk for one in exact])
    of_rivals = {
        name: calibrate(
            (others - rivals.expected_deg(name, others, others_speed))[:, None],
            [one.person for one in exact],
        )
        for name in RIVALS
    }
    bands = bands_of(walks.synthetic, () if walks.own is None else walks.own.everybody)
    return TrainedGenGait(network, calibration, bands, rivals, of_rivals), people


def _cycles(walks: list[NormalisedWalk]) -> tuple[np.ndarray, np.ndarray]:
    """Mean cycles and speeds of walks."""
    curves = np.stack([mean_curves_deg(walk) for walk in walks])
    return curves, np.array([walk.relative_speed for walk in walks])


def _facts(
    order: Order, config: GenGaitConfig, walks: TrainingWalks, people: list[str], minutes: float
) -> dict[str, Any]:
    """The card, but for what the training gave."""
    learned = marks(one.person for one in (*walks.synthetic, *walks.recorded))
    own = walks.own or OwnPeople()
    set_by = [*people, *(one.person for one in own.thresholds)]
    refuse_shared_people(learned, set_by)
    return {
        "name": config.name,
        "machine": order.machine,
        "date": datetime.now(UTC).date().isoformat(),
        "learned_from": (
            f"normal walks of {len(walks.synthetic)} synthetic walkers and {_recorded(walks)}"
            "; no patient, and no walk with anything wrong"
        ),
        "people": {"train": learned, "calibration": marks(set_by)},
        "training_minutes": minutes,
        "provenance": collect_provenance(config.model_dump(mode="json")),
    } | _own_facts(walks.own)


def _own_facts(own: OwnPeople | None) -> dict[str, Any]:
    """Who of a laboratory's own people judged, and how many recordings gave no walk."""
    if own is None:
        return {}
    judged = marks(one.person for one in own.judged)
    return {"own": {"judged": judged, "left_out": own.left_out}}


def _recorded(walks: TrainingWalks) -> str:
    count = len({one.person for one in walks.recorded})
    if walks.own is None:
        return f"{count} recorded people"
    return f"{count} people of the laboratory's own, who by its word walk normally"
