"""Trains the refiners, leaves people out one by one, sets the intervals, and writes the folder."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from simgait.companions.angle_refiner.card import readme
from simgait.companions.angle_refiner.config import DataConfig, RefinerConfig
from simgait.companions.angle_refiner.curves import ANGLES, CurvePairs
from simgait.companions.angle_refiner.evaluation import left_out_rows
from simgait.companions.angle_refiner.extremes import half_widths_of, known_half_widths
from simgait.companions.angle_refiner.left_out import (
    SYNTHETIC,
    LeftOutState,
    chosen_people,
    leave_out,
    nobody_yet,
)
from simgait.companions.angle_refiner.pairs_table import curve_pairs
from simgait.companions.angle_refiner.refiner import (
    ESTIMATORS,
    FEWEST_PEOPLE,
    FUSED,
    fit_refiner,
)
from simgait.companions.angle_refiner.renewal import beside_others, trained_words
from simgait.companions.angle_refiner.walks import (
    SYSTEMS,
    MarkerWalk,
    marker_walks,
    pairs_by,
    policy_behind,
    seen_people,
    synthetic_walks,
)
from simgait.companions.angle_refiner.weights import (
    OWN,
    load_refiners,
    released_folder,
    save_refiners,
)
from simgait.errors import InputError
from simgait.estimators.companion import Kept, Order, Say
from simgait.estimators.judged import table
from simgait.estimators.people import marks
from simgait.estimators.released import WEIGHTS_FILE
from simgait.estimators.turns import Turns
from simgait.provenance import collect_provenance


@dataclass(frozen=True)
class Learned:
    """What a training learns from: systems' pairs, what each is, and who is left out."""

    systems: Mapping[str, CurvePairs]
    labels: Mapping[str, str]
    left_out: Mapping[str, list[str]]
    learned_from: str


def learned_from(order: Order, config: RefinerConfig) -> Learned:
    """The pairs of a training, of the user's own people or of simgait's.

    Raises:
        InputError: a table that cannot be used, or no walk at all.
    """
    if order.labels is not None:
        pairs = curve_pairs(order.labels, order.say)
        everybody = chosen_people(pairs, len(set(pairs.people)))
        if len(everybody) <= FEWEST_PEOPLE:
            raise InputError(
                f"{order.labels.file}: the pairs of {len(everybody)} people are too few, as each "
                f"is left out once; give {FEWEST_PEOPLE + 1} people or more."
            )
        told = f"{len(everybody)} people of the user's own"
        return Learned({OWN: pairs}, {OWN: "a user's own system"}, {OWN: everybody}, told)
    data = config.data
    marked = [] if order.data_dir is None else _marked(order.data_dir, order.say)
    systems: dict[str, CurvePairs] = {
        name: _pairs(name, data, marked, order.say) for name in data.systems
    }
    people = {name: chosen_people(pairs, data.left_out) for name, pairs in systems.items()}
    labels = {name: SYSTEMS[name].label for name in systems}
    n_marked = len({one.person for one in marked})
    told = (
        f"{n_marked} training people's marker walks and {data.walkers} synthetic walkers of each "
        f"system ({data.simulated_walkers} of simulated bodies), all through simulated errors of a "
        "detector; no patient and no real detector"
    )
    return Learned(systems, labels, people, told)


def _marked(data_dir: Path, say: Say) -> list[MarkerWalk]:
    say("marker walks of the training people")
    return marker_walks(data_dir)


def _pairs(name: str, data: DataConfig, marked: list[MarkerWalk], say: Say) -> CurvePairs:
    system = SYSTEMS[name]
    walkers = data.simulated_walkers if system.simulated else data.walkers
    copies = 1 if system.simulated else data.copies
    say(f"{name}: {walkers} walkers and {copies * len(marked)} marker walks seen")
    walks = seen_people(marked, system.detector, copies)
    walks += synthetic_walks("train", data.first, walkers, system.detector)
    say(f"{name}: angles of {len(walks)} walks")
    return pairs_by(system, walks)


def train_and_release(order: Order, kept: Kept) -> str:
    """Trains into a folder; what was stopped goes on where it was.

    Returns:
        the comparison with the rivals, and the hash of the weights.

    Raises:
        InputError: a table that cannot be used, or a folder that cannot be written to.
        KeyboardInterrupt: somebody asked to stop.
    """
    config = order.config
    if not isinstance(config, RefinerConfig):
        raise InputError("The recipe is not that of the angle refiner; check --config.")
    if order.reference is not None:
        raise InputError("--reference: no angle is scored here; leave it out.")
    if (kept.path / WEIGHTS_FILE).is_file() and kept.facts is None:
        load_refiners(kept.path)
        return f"{kept.path.name}: this training was finished before"
    learned = learned_from(order, config)
    state, seconds = _left_out(order, kept, config, learned)
    begun = time.monotonic()
    order.say("learning from all")
    refiners = {
        name: fit_refiner(pairs, config.optimiser) for name, pairs in learned.systems.items()
    }
    minutes = (seconds + time.monotonic() - begun) / 60.0
    facts = _facts(order, config, learned, state, minutes)
    networks: Mapping[str, Any] = facts["networks"]
    widths = {name: known_half_widths(one["half_widths_deg"]) for name, one in networks.items()}
    rows = left_out_rows(learned.systems, state.said, widths)
    facts |= {"evaluation": [row.facts() for row in rows]}
    if order.labels is None and set(refiners) != set(SYSTEMS):
        refiners, facts = beside_others(refiners, facts, released_folder())
    sha256 = save_refiners(kept.path, refiners, facts, readme)
    kept.finish()
    return f"{table(rows)}\n\nSHA-256 {sha256}, {minutes:.1f} minutes of training"


def _left_out(
    order: Order, kept: Kept, config: RefinerConfig, learned: Learned
) -> tuple[LeftOutState, float]:
    """Everybody left out, and the seconds it took, those before a stop included."""
    turns = Turns(order, kept)
    fresh: Any = nobody_yet(learned.systems).tree()
    state = LeftOutState(**turns.resumed(fresh, "people"))

    def turn(state: LeftOutState, of: int) -> bool:
        done = int(state.done)
        return turns.made(state.tree(), done, of, f"{done} of {of} people left out")

    with kept.steps():
        state = leave_out(learned.systems, learned.left_out, config.optimiser, state, turn)
    return state, turns.took_s


def _facts(
    order: Order, config: RefinerConfig, learned: Learned, state: LeftOutState, minutes: float
) -> dict[str, Any]:
    """The card, but for its hash and its table."""
    facts: dict[str, Any] = {
        "name": config.name,
        "machine": order.machine,
        "date": datetime.now(UTC).date().isoformat(),
        "learned_from": learned.learned_from,
        "networks": {
            name: _network(learned.labels[name], pairs, state, name, config)
            for name, pairs in learned.systems.items()
        },
        "left_out": {
            name: [len(people), sum(not who.startswith(SYNTHETIC) for who in people)]
            for name, people in learned.left_out.items()
        },
        "curves": {name: len(pairs.side) for name, pairs in learned.systems.items()},
        "training_minutes": minutes,
        "provenance": collect_provenance(config.model_dump(mode="json")),
    }
    for one in facts["networks"].values():
        one["trained"] = trained_words(facts)
    return facts


def _network(
    label: str, pairs: CurvePairs, state: LeftOutState, name: str, config: RefinerConfig
) -> dict[str, Any]:
    known = np.isfinite(pairs.estimated) & np.isfinite(pairs.true)
    return {
        "label": label,
        "policy_sha256": policy_behind(name),
        "hidden": config.optimiser.hidden,
        "angles": [angle for k, angle in enumerate(ANGLES) if known[..., k].any()],
        "people": marks(pairs.people),
        "half_widths_deg": half_widths_of(pairs, state.said[name][ESTIMATORS.index(FUSED)]),
    }
