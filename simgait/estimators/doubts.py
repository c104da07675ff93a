"""What a recording itself takes away from a companion's word on the walk in it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from simgait.estimators.companion import Opinion, Said
from simgait.findings import EVERYTHING, Basis
from simgait.parameters.catalogue import find_parameter
from simgait.parameters.curves import CURVES
from simgait.parameters.tracked_verdict import denied_note, verdict_beside
from simgait.trials.quality import assess
from simgait.types import Trial


def beside_recording(opinion: Opinion, trial: Trial, belt_speed_mps: float | None) -> Opinion:
    """The opinion without the numbers that the recording's own points take away.

    Stairs, a run, a wrong frame rate or a person who is not seen spoil whatever is read from the
    points, by whom ever. What it is stays with the opinion as findings.

    Args:
        opinion: of the walk.
        trial: that it was read from.
        belt_speed_mps: of the treadmill; None without one.
    """
    found = tuple(one for one in assess(trial, belt_speed_mps).findings if one.touches)
    doubted: frozenset[Basis] = frozenset().union(*(one.touches for one in found))
    lost = tuple(one for one in opinion.numbers if _is_touched(one, doubted))
    return replace(
        opinion,
        numbers=tuple(one for one in opinion.numbers if one not in lost),
        curves=tuple(one for one in opinion.curves if not _rests_on(one.key, doubted)),
        findings=tuple(
            f for f in found if any(_is_touched(one, f.touches) for one in opinion.numbers)
        ),
        lost=tuple(map(_name, lost)),
    )


def beside_report(opinion: Opinion, path: Path) -> Opinion:
    """The opinion with what the report says of the tracked walk in whose folder its file lies.

    The report judges the simulated body, which the companion did not see; so its word is a note.

    Raises:
        InputError: the folder's provenance is damaged.
    """
    verdict = verdict_beside(path)
    if verdict is None:
        return opinion
    if verdict.use_none:
        return replace(opinion, notes=(verdict.use_none, *opinion.notes))
    denied = verdict.denied(_name(one) for one in opinion.numbers)
    left = tuple(one for one in opinion.numbers if _name(one) not in denied)
    return replace(opinion, numbers=left, notes=(*opinion.notes, *denied_note(denied)))


def _name(one: Said) -> str:
    """As summary.csv heads it."""
    return one.key if one.side == "both" else f"{one.side}_{one.key}"


def _is_touched(one: Said, doubted: frozenset[Basis]) -> bool:
    return bool(one.also_rests_on & doubted) or _rests_on(one.key, doubted)


def _rests_on(key: str, doubted: frozenset[Basis]) -> bool:
    """Whether a number or curve rests on what is doubted; of one that nobody knows, on all of it.

    Of an angle also its least and greatest values are known ("knee_flexion_max_deg").
    """
    known = find_parameter(key)
    own = next((one for one in CURVES if key.startswith(one.coordinate)), None)
    if known is None and own is None:
        return doubted >= EVERYTHING
    return any(one is not None and bool(one.rests_on & doubted) for one in (known, own))
