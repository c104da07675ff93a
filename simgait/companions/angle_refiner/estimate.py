"""What a refiner says of the curves of one walk."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from simgait.companions.angle_refiner.behind import (
    Behind,
    behind_walk,
    refuse_other_walks,
    unknown_notes,
)
from simgait.companions.angle_refiner.curve_table import CurveTable, read_curve_table
from simgait.companions.angle_refiner.curves import ANGLES, PERCENT, Curves, mean_curves
from simgait.companions.angle_refiner.denied import without_denied
from simgait.companions.angle_refiner.evaluation import LABELS
from simgait.companions.angle_refiner.extremes import extremes_of, known_half_widths
from simgait.companions.angle_refiner.pairs_table import (
    angle_of,
    curves_of,
    refuse_radians,
    side_of,
)
from simgait.companions.angle_refiner.refiner import FUSED, Refiner
from simgait.companions.angle_refiner.weights import (
    SIMULATED,
    NetworkCard,
    RefinerCard,
    load_refiners,
    released_folder,
)
from simgait.errors import InputError
from simgait.estimators.companion import (
    Asked,
    Opinion,
    Said,
    SaidCurve,
    TrackedWalk,
    no_network,
)
from simgait.estimators.doubts import beside_recording
from simgait.estimators.intervals import LEVEL
from simgait.skeleton.sides import SIDES, Side

MEAN_CURVES = "mean_curves.csv"
"""Of a tracked walk's folder."""
OF_WALK = ("curve", "percent", "mean_deg")
OF_SYSTEM = ("side", "percent", "angle", "estimated_deg")


@dataclass(frozen=True)
class WalkCurves:
    """Mean curves of a walk by side (deg), and the network its file asks for, if it does.

    Notes say how the file was read; `behind` is what tracked the walk, as far as its files say.
    """

    sides: Mapping[Side, Curves]
    network: str | None
    notes: tuple[str, ...] = ()
    behind: Behind = Behind()


def opinion_of(path: Path, asked: Asked) -> Opinion:
    """The refined angles of the walk in a folder or table.

    Raises:
        InputError: no such curves, those of markers or of another policy than the network's, or
            the weights are missing or damaged.
    """
    refiners, card = load_refiners(asked.weights or released_folder())
    walk = read_walk(path)
    name = network_of(asked.network, walk.network, card, path.name)
    network = card.networks[name]
    refuse_other_walks(name, network, walk.behind, path.name)
    sides, denied = without_denied(walk.sides, path) if path.is_dir() else (walk.sides, ())
    opinion = refined(refiners[name], card, name, sides, path.name)
    return replace(
        opinion,
        notes=(
            *walk.notes,
            *opinion.notes,
            *unknown_notes(network, walk.behind),
            *denied,
            "the curves are in the table (-o FILE.csv)",
        ),
    )


def opinion_of_walk(walk: TrackedWalk) -> Opinion:
    """The refined angles of a tracked walk.

    Raises:
        InputError: it is of markers, or tracked by another policy than the network learned from,
            or shows no whole cycle, or the weights are missing.
    """
    where = walk.trial.trial_id
    refiners, card = load_refiners(released_folder())
    behind = Behind(walk.policy_sha256, walk.trial.scale_is_metric)
    refuse_other_walks(SIMULATED, card.networks[SIMULATED], behind, where)
    sides = mean_curves(walk.gait)
    if not sides:
        raise InputError(f"{where}: shows no whole gait cycle.")
    opinion = refined(refiners[SIMULATED], card, SIMULATED, sides, where)
    return beside_recording(opinion, walk.trial, walk.recording.belt_speed_mps)


def network_of(asked: str | None, meant: str | None, card: RefinerCard, where: str) -> str:
    """The network to use: the one that is asked for, else the walk's, else the only one.

    Raises:
        InputError: there is none of that name, or nobody says which.
    """
    known = ", ".join(card.networks)
    name = asked or (next(iter(card.networks)) if len(card.networks) == 1 else meant)
    if name is None:
        raise InputError(
            f"{where}: does not say which system made its angles; give --network, one of {known}."
        )
    if name not in card.networks:
        raise no_network("angle-refiner", name, card.networks)
    return name


def read_walk(path: Path) -> WalkCurves:
    """The mean curves of a tracked walk's folder, its table, or a table of a system's curves.

    Raises:
        InputError: it holds no such curves, or those of several walks.
    """
    file = path / MEAN_CURVES if path.is_dir() else path
    if not file.is_file():
        raise InputError(
            f"{path.name}: has no {MEAN_CURVES}; name the folder of one tracked walk, or a table."
        )
    table = read_curve_table(file)
    if not table.n_rows:
        raise InputError(
            f"{path.name}: shows no whole gait cycle, so its {MEAN_CURVES} is empty and there are "
            "no angles to refine; ask about a walk of two steps more."
            if path.is_dir()
            else f"{table.file}: has a heading but no rows; give a row for each point."
        )
    if set(OF_WALK) <= set(table.columns):
        names = [_side_and_angle(text, table.file) for text in table.text("curve")]
        sides = _by_side(table, names, "mean_deg")
        return WalkCurves(sides, SIMULATED, table.notes, behind_walk(path))
    if set(OF_SYSTEM) <= set(table.columns):
        _refuse_several(table)
        texts = zip(table.text("side"), table.text("angle"), strict=True)
        names = [(side_of(s, table.file), angle_of(a, table.file)) for s, a in texts]
        return WalkCurves(_by_side(table, names, "estimated_deg"), None, table.notes)
    raise InputError(
        f"{table.file}: has neither the columns {', '.join(OF_WALK)} nor {', '.join(OF_SYSTEM)}; "
        "give the folder of a tracked walk, or a table of mean curves (docs/how-to/companions.md)."
    )


def _refuse_several(table: CurveTable) -> None:
    several = {
        name: sorted(set(table.text(name))) for name in ("person", "trial") if name in table.columns
    }
    for name, found in several.items():
        if len(found) > 1:
            raise InputError(
                f"{table.file}: holds {len(found)} of {name} ({found[0]}, {found[1]}, ...); give "
                "the curves of one walk."
            )


def _side_and_angle(text: str, file: str) -> tuple[Side, str]:
    side, _, angle = text.partition("_")
    return side_of(side, file), angle_of(angle, file)


def _by_side(table: CurveTable, names: list[tuple[Side, str]], column: str) -> dict[Side, Curves]:
    values = table.numbers(column)
    percent = table.numbers("percent")
    refuse_radians(values, column, table.file)
    found = {}
    for side in SIDES:
        rows: dict[str, list[int]] = {}
        for row, (own, angle) in enumerate(names):
            if own == side:
                rows.setdefault(angle, []).append(row)
        if rows:
            found[side] = curves_of(rows, percent, values, f"{table.file}: {side}")
    return found


def refined(
    refiner: Refiner, card: RefinerCard, name: str, sides: Mapping[Side, Curves], where: str
) -> Opinion:
    """What a refiner says of a walk's curves.

    Raises:
        InputError: no angle is known that it learned.
    """
    network = card.networks[name]
    learned = [angle in network.angles for angle in ANGLES]
    estimated = np.where(learned, np.stack([sides[side] for side in sides]), np.nan)
    if not np.isfinite(estimated).any():
        raise InputError(f"{where}: has none of {', '.join(network.angles)} over a whole cycle.")
    said = refiner.said(estimated)[FUSED]
    widths = known_half_widths(network.half_widths_deg)
    numbers, curves = [], []
    for row, side in enumerate(sides):
        numbers += _numbers(said[row], side, widths)
        curves += _curves(said[row], side, widths)
    return Opinion(
        tuple(numbers), f"{name}; {card.learned_from}", _notes(network, card, widths), tuple(curves)
    )


def _numbers(said: Curves, side: Side, widths: Mapping[str, float]) -> list[Said]:
    found = []
    for key, values in extremes_of(said[None]).items():
        value, width = float(values[0]), widths.get(key, np.nan)
        if np.isfinite(value):
            angle, _, which = key.rpartition("_")
            label = f"{LABELS[angle]}, {which}"
            found.append(Said(f"{key}_deg", label, "°", side, value, value - width, value + width))
    return found


def _curves(said: Curves, side: Side, widths: Mapping[str, float]) -> list[SaidCurve]:
    found = []
    for column, angle in enumerate(ANGLES):
        own, width = said[:, column], widths.get(angle, np.nan)
        if np.isfinite(own).all():
            found.append(
                SaidCurve(
                    f"{angle}_deg", LABELS[angle], "°", side, tuple(PERCENT.tolist()),
                    tuple(own.tolist()), float(width),
                )
            )  # fmt: skip
    return found


def _notes(network: NetworkCard, card: RefinerCard, widths: Mapping[str, float]) -> tuple[str, ...]:
    notes = [
        f"refines the angles of this system: {network.label}",
        f"learned from {card.learned_from}",
    ]
    if widths:
        notes.append(
            f"intervals hold {100 * LEVEL:.0f} % of people unseen who are as those learned from"
        )
    else:
        notes.append("no interval: it learned from too few people for one")
    return tuple(notes)
