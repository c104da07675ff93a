"""What a tracked walk's own report says of its scores: may they be used, and how sure are they."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from simgait.compare.csv_tables import CsvTable
from simgait.gait.scores import SCORED_ANGLES
from simgait.parameters.tracked_verdict import DENIED, TrackedVerdict
from simgait.report.trial.levels import GRAVEST_FIRST
from simgait.skeleton.sides import SIDES

NAN = float("nan")
SCORES = ("gdi_points", "gps_deg")
RANKS: tuple[str, ...] = GRAVEST_FIRST


@dataclass(frozen=True)
class Judged:
    """The scores of a side, or of both.

    Attributes:
        level: the gravest of theirs, "use", "rough", "single" or "do_not_use"; "" unknown.
        doubts: codes of the findings that took it away.
        reasons: what these say, in words.
        half_widths: score -> half of its 90 % interval, against `reference` alone.
        reference: healthy people of these intervals.
    """

    level: str = ""
    doubts: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()
    half_widths: Mapping[str, float] = field(default_factory=dict)
    reference: str = ""

    def interval(self, score: str, mean: float, reference: str) -> tuple[float, float]:
        """Ends of the 90 % interval; NaN where nobody knows, as against another reference."""
        half = self.half_widths.get(score, NAN) if reference == self.reference else NAN
        return mean - half, mean + half


UNJUDGED = Judged()


def walk_judgement(verdict: TrackedVerdict, parameters: CsvTable | None) -> dict[str, Judged]:
    """Side or "both" -> what the walk's report says of its scores.

    A walk whose policy has no healthy people has no scores in its report: those that are made
    afterwards are as good as the worst of its joint angles.

    Args:
        verdict: of the walk.
        parameters: its parameters.csv, None without.
    """
    return {pool: _of_pool(pool, verdict, parameters) for pool in (*SIDES, "both")}


def _of_pool(pool: str, verdict: TrackedVerdict, parameters: CsvTable | None) -> Judged:
    levels = verdict.levels
    sides = SIDES if pool == "both" else (pool,)
    prefix = "" if pool == "both" else f"{pool}_"
    names = [f"{prefix}{score}" for score in SCORES]
    if not any(name in levels for name in names):
        names = [f"{side}_{angle}_deg" for side in sides for angle in SCORED_ANGLES]
    found = [name for name in names if name in levels]
    level = min(map(levels.__getitem__, found), key=RANKS.index, default="")
    if verdict.denied(names) == tuple(names):
        level = DENIED
    doubts = tuple(dict.fromkeys(code for name in found for code in verdict.doubts[name]))
    halves, reference = _half_widths(pool, parameters)
    return Judged(level, doubts, verdict.reasons(doubts), halves, reference)


def _half_widths(pool: str, parameters: CsvTable | None) -> tuple[dict[str, float], str]:
    if parameters is None or "reference" not in parameters.columns:
        return {}, ""
    keys, sides = parameters.text("parameter"), parameters.text("side")
    means, highs = (parameters.numbers(name).values for name in ("mean", "mean_hi"))
    rows = {
        key: row
        for row, (key, side) in enumerate(zip(keys, sides, strict=True))
        if key in SCORES and side == pool
    }
    names = parameters.text("reference")
    reference = next((names[row] for row in rows.values()), "")
    return {key: float(highs[row] - means[row]) for key, row in rows.items()}, reference
