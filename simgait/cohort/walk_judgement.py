"""What a tracked walk's own report says of its scores: may they be used, and how sure are they."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from simgait.compare.csv_tables import CsvTable
from simgait.gait.scores import SCORED_ANGLES
from simgait.report.trial.levels import GRAVEST_FIRST
from simgait.skeleton.sides import SIDES

NAN = float("nan")
SCORES = ("gdi_points", "gps_deg")


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


def walk_judgement(facts: Mapping[str, Any], parameters: CsvTable | None) -> dict[str, Judged]:
    """Side or "both" -> what the walk's report says of its scores.

    A walk whose policy has no healthy people has no scores in its report: those that are made
    afterwards are as good as the worst of its joint angles.

    Args:
        facts: the walk's provenance, with its verdict.
        parameters: its parameters.csv, None without.
    """
    return {pool: _of_pool(pool, facts, parameters) for pool in (*SIDES, "both")}


def _of_pool(pool: str, facts: Mapping[str, Any], parameters: CsvTable | None) -> Judged:
    verdict = facts["verdict"]
    numbers = verdict.get("numbers", {})
    sides = SIDES if pool == "both" else (pool,)
    prefix = "" if pool == "both" else f"{pool}_"
    names = [f"{prefix}{score}" for score in SCORES]
    if not any(name in numbers for name in names):
        names = [f"{side}_{angle}_deg" for side in sides for angle in SCORED_ANGLES]
    found = [numbers[name] for name in names if name in numbers]
    level = min((one["level"] for one in found), key=GRAVEST_FIRST.index, default="")
    if verdict.get("level") == "use_none":
        level = "do_not_use"
    doubts = dict.fromkeys(code for one in found for code in one["doubts"])
    halves, reference = _half_widths(pool, parameters)
    said = dict.fromkeys(
        one["sentence"] for one in facts.get("findings", ()) if one["code"] in doubts
    )
    return Judged(level, tuple(doubts), tuple(said), halves, reference)


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
