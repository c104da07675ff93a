"""Scores of strides, sides and people against a reference, as rows of a table."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from simgait.cohort.stride_tables import StrideTable
from simgait.cohort.walk_judgement import UNJUDGED, Judged
from simgait.errors import InputError
from simgait.gait.known_scores import BY_SIMGAIT
from simgait.gait.scores import SCORED_ANGLES, ScoreReference
from simgait.gait.walk_scores import walk_scores
from simgait.gait_result import WalkScores
from simgait.skeleton.sides import SIDES, Side

NAN = float("nan")
HEADER = (
    "source", "person", "side", "cycle", "gdi_points", "gdi_points_lo", "gdi_points_hi",
    "gps_deg", "gps_deg_lo", "gps_deg_hi", "sagittal_gps_deg",
    *(f"{name}_gvs_deg" for name in SCORED_ANGLES), "strides", "level", "doubts", "reasons",
    "reference",
)  # fmt: skip
"""Of a table of scores: a row for each stride, each side (no cycle) and each person (both)."""


@dataclass(frozen=True)
class ScoreRow:
    """Scores of a stride, of a side (`cycle` ""), or of a person (`side` "both").

    Attributes:
        gdi_points: NaN where only the sagittal angles are there.
        gps_deg: of the sagittal angles where `is_sagittal`.
        variable_scores_deg: by angle.
        strides: behind it.
        judged: by the walk's own report, where simgait tracked it.
    """

    source: str
    person: str
    side: str
    cycle: str
    gdi_points: float
    gps_deg: float
    is_sagittal: bool
    variable_scores_deg: dict[str, float]
    strides: int
    reference: str
    judged: Judged = UNJUDGED

    @property
    def is_usable(self) -> bool:
        """Whether the walk's own report lets its scores be used."""
        return self.judged.level != "do_not_use"

    def interval(self, score: str, mean: float) -> tuple[float, float]:
        """Ends of the 90 % interval of a mean; NaN of a single stride, and where nobody knows."""
        return (NAN, NAN) if self.cycle else self.judged.interval(score, mean, self.reference)

    def cells(self) -> tuple[object, ...]:
        """In the order of `HEADER`; scores that are not to be used are empty."""
        told = (
            (self.source, self.person, self.side, self.cycle),
            (
                self.strides,
                self.judged.level,
                " ".join(self.judged.doubts),
                " ".join(self.judged.reasons),
                self.reference,
            ),
        )
        if not self.is_usable:
            return (*told[0], *(NAN,) * (len(HEADER) - sum(map(len, told))), *told[1])
        gps, sagittal = (NAN, self.gps_deg) if self.is_sagittal else (self.gps_deg, NAN)
        return (
            *told[0], self.gdi_points, *self.interval("gdi_points", self.gdi_points),
            gps, *self.interval("gps_deg", gps), sagittal,
            *(self.variable_scores_deg.get(name, NAN) for name in SCORED_ANGLES), *told[1],
        )  # fmt: skip


def refuse_other_pipeline(table: StrideTable, reference: ScoreReference) -> None:
    """Refuses angles that were made otherwise than the reference's.

    Raises:
        InputError: they were.
    """
    by_simgait = reference.pipeline.startswith(BY_SIMGAIT)
    if table.pipeline != reference.pipeline and (table.pipeline or by_simgait):
        raise InputError(
            f"{table.source}: its angles were made by {table.pipeline or 'another system'}, those "
            f"of the reference {reference.name} by {reference.pipeline}; their offsets differ, so "
            "name a reference of the same."
        )


def score_rows(table: StrideTable, reference: ScoreReference) -> Iterator[ScoreRow]:
    """Rows of every person: strides, then sides (means over strides), then both.

    Of both there is a row where both sides have strides: GDI is the mean of the two, GPS the root
    mean square of the 15 Gait Variable Scores.
    """
    for person in dict.fromkeys(table.people):
        rows = {
            side: [
                i
                for i, (who, own) in enumerate(zip(table.people, table.sides, strict=True))
                if (who, own) == (person, side)
            ]
            for side in SIDES
        }
        strides = {side: table.curves_deg[own] for side, own in rows.items() if own}
        scores = walk_scores(strides, reference, table.angles)
        cycles = {side: [table.cycles[i] for i in own] for side, own in rows.items()}
        yield from _rows_of(table, person, scores, cycles)


def _rows_of(
    table: StrideTable, person: str, scores: WalkScores, cycles: dict[Side, list[str]]
) -> Iterator[ScoreRow]:
    def row(
        side: str, cycle: str, gdi: float, gps: float, gvs: np.ndarray, strides: int
    ) -> ScoreRow:
        by_angle = dict(zip(scores.angles, gvs.tolist(), strict=True))
        return ScoreRow(
            table.source, person, side, cycle, float(gdi), float(gps), not table.is_whole,
            by_angle, strides, scores.reference, table.judged.get(side, UNJUDGED),
        )  # fmt: skip

    for side, own in scores.sides.items():
        for i, cycle in enumerate(cycles[side]):
            gdi, gps, gvs = own.gdi_points[i], own.gps_deg[i], own.variable_scores_deg[i]
            yield row(side, cycle, gdi, gps, gvs, 1)
    for side, own in scores.sides.items():
        gvs = own.variable_scores_deg.mean(axis=0)
        yield row(side, "", own.gdi_points.mean(), own.gps_deg.mean(), gvs, len(own.gps_deg))
    if np.isfinite(scores.overall_gps_deg):
        gdi = float(np.mean([own.gdi_points.mean() for own in scores.sides.values()]))
        unknown = np.full(len(scores.angles), np.nan)
        count = sum(len(own.gps_deg) for own in scores.sides.values())
        yield row("both", "", gdi, scores.overall_gps_deg, unknown, count)
