"""What the tables of a study say of one walk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from simgait.cohort.outcome import walk_facts
from simgait.cohort.study.columns import DONE, NOT_USABLE, cycle_parameters
from simgait.cohort.study.manifest import Line
from simgait.gait.analyse import cycle_facts_of_rollout
from simgait.gait.joint_measures import JOINT_MEASURES, joint_statistics, of_each_cycle
from simgait.gait_result import GaitResult
from simgait.parameters.catalogue import parameters
from simgait.parameters.curves import CURVES
from simgait.parameters.facts import CycleFacts, StrideScores
from simgait.parameters.parameter import interval_columns
from simgait.parameters.summary_table import LEVELS
from simgait.pipeline import AnalysedWalk
from simgait.skeleton.sides import SIDES, Side

NAN = float("nan")
TableRow = dict[str, Any]


@dataclass(frozen=True)
class Result:
    """What became of one recording.

    Attributes:
        key: what its numbers rest on; "" where the recording could not be read at all.
        outcome: the best of its walks'.
        reason: of it.
        tables: table -> rows, without the codes of the manifest.
        walked_s: seconds of walking that were tracked.
        again: the next call tries again: what went wrong need not lie in the recording.
    """

    key: str
    outcome: str
    reason: str = ""
    tables: dict[str, list[TableRow]] = field(default_factory=dict)
    walked_s: float = 0.0
    again: bool = False


def without_walk(key: str, outcome: str, reason: str, *, again: bool = False) -> Result:
    """Of a recording that gave no walk."""
    row = {"key": key, "outcome": outcome, "reason": reason}
    return Result(key, outcome, reason, {"trials": [row]}, again=again)


def in_codes(line: Line, result: Result) -> Result:
    """A result whose sentences name the trial, not its file: whose name may be a person's."""
    rows = [
        {**row, "reason": _coded(line, row["reason"])} for row in result.tables.get("trials", ())
    ]
    reason = _coded(line, result.reason)
    return replace(result, reason=reason, tables={**result.tables, "trials": rows})


def _coded(line: Line, text: str) -> str:
    if line.path is None:
        return text
    begins = r"(?<![\w.-])"  # a file may be called "a", and words end in it
    text = re.sub(begins + re.escape(line.path.name), lambda _: line.trial, text)
    return re.sub(begins + re.escape(f"{line.path.stem}: "), "", text)


def trial_row(walk: AnalysedWalk, number: int, of: int) -> TableRow:
    """The walk's row of trials.parquet."""
    usable = walk.verdict.level != "use_none"
    row: TableRow = {
        **walk_facts(walk),
        "walk": number,
        "walks": of,
        "outcome": DONE if usable else NOT_USABLE,
        "reason": " ".join(walk.verdict.reasons),
    }
    for one in parameters():
        for pool in one.pools:
            statistic = walk.gait.parameters.get(one.key, {}).get(pool)
            if statistic is not None:
                row[one.summary_column(pool)] = statistic.mean
                ends = walk.gait.interval(one.key, pool)
                row |= dict(zip(one.interval_columns(pool), ends, strict=True))
    _add_joints(walk, row)
    return row


def _add_joints(walk: AnalysedWalk, row: TableRow) -> None:
    """Peaks and ranges with their intervals, and which of them may not be used."""
    for name, sides in joint_statistics(walk.gait).items():
        for side, found in sides.items():
            column = f"{side}_{name}"
            row[column], row[f"{column}_sd"] = found.mean, found.sd
            judged = walk.verdict.judged_measure(JOINT_MEASURES[name], side)
            if judged is None:
                continue
            ends = found.mean - judged.half_width, found.mean + judged.half_width
            row |= dict(zip(interval_columns(column), ends, strict=True))
            if judged.level in LEVELS:
                row[judged.level] = f"{row[judged.level]} {column}".strip()


def cycle_rows(walk: AnalysedWalk, number: int) -> Iterator[TableRow]:
    """The walk's rows of cycles.parquet."""
    gait = walk.gait
    count = dict.fromkeys(SIDES, 0)
    facts = cycle_facts_of_rollout(walk.tracked.rollout, gait)
    peaks = {
        side: {name: of_each_cycle(gait, one, side) for name, one in JOINT_MEASURES.items()}
        for side in SIDES
    }
    for cycle, own in zip(gait.cycles, facts, strict=True):
        place = count[cycle.side]
        count[cycle.side] += 1
        scores = _scores(gait, cycle.side, place)
        yield {
            "walk": number,
            "side": cycle.side,
            "cycle": count[cycle.side],
            "start_s": cycle.start_s,
            "end_s": cycle.end_s,
            "foot_off_s": cycle.foot_off_s,
            "opposite_foot_off_s": cycle.opposite_foot_off_s,
            "opposite_contact_s": cycle.opposite_contact_s,
            **_parameters(own, scores),
            **{name: values[place] for name, values in peaks[cycle.side].items() if values},
        }


def _parameters(facts: CycleFacts, scores: StrideScores) -> TableRow:
    row = {}
    for one in cycle_parameters():
        if one.of_cycle is not None:
            row[one.key] = one.of_cycle(facts)
        elif one.of_scores is not None:
            row[one.key] = one.of_scores(scores)
    return row


def _scores(gait: GaitResult, side: Side, place: int) -> StrideScores:
    own = None if gait.scores is None else gait.scores.sides.get(side)
    if own is None or place >= len(own.gps_deg):
        return StrideScores(NAN, NAN)
    return StrideScores(float(own.gdi_points[place]), float(own.gps_deg[place]))


def curve_rows(walk: AnalysedWalk, number: int) -> Iterator[TableRow]:
    """The walk's rows of curves.parquet."""
    certainty = walk.gait.certainty
    for side in SIDES:
        for curve in CURVES:
            half = NAN if certainty is None else certainty.half_width(curve.key, side)
            for cycle, values in enumerate(walk.gait.curves_deg.get(curve.of_side(side), ()), 1):
                yield {
                    "walk": number,
                    "side": side,
                    "cycle": cycle,
                    "curve": curve.key,
                    "value_deg": values,
                    "half_width_deg": half,
                }
