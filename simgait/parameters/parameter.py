"""What a gait parameter is: one value that says everything the outputs need."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from simgait.errors import InputError
from simgait.findings import EVERYTHING, Basis
from simgait.parameters.column import Column
from simgait.parameters.facts import (
    CycleFacts,
    MeanStep,
    PersonScores,
    StepFacts,
    StrideScores,
)
from simgait.parameters.norms import Norm

Pool = Literal["left", "right", "both"]
"""Which values a statistic is of."""
POOLS: tuple[Pool, ...] = ("left", "right", "both")

WALK_SDS_FROM = (
    "36 walks of two healthy adults through a laboratory (CMU 35 and 39), the larger of the two"
)
"""Where `walk_sd` comes from: exact marker walks, as `simgait.benchmark` measures their truth; that
of a side is the same or up to a quarter larger, and taken so."""


def interval_columns(column: str) -> tuple[str, str]:
    """What a table calls the ends of a column's 90 % interval: "velocity_mps_lo", "..._hi"."""
    return f"{column}_lo", f"{column}_hi"


@dataclass(frozen=True)
class PlausibleRange:
    """Between which values people walk.

    Attributes:
        low, high: in the stored unit.
        timed: a wrong frame rate moves the parameter.
        source: who says so, or what it follows from.
    """

    low: float
    high: float
    timed: bool
    source: str

    def holds(self, value: float) -> bool:
        """Whether a value lies within; also for NaN, which nobody measured."""
        return not (value < self.low or value > self.high)


@dataclass(frozen=True)
class Term:
    """A word that definitions use, with its own definition; `{heel}` is the point that was seen."""

    key: str
    definition: str


@dataclass(frozen=True, kw_only=True)
class Parameter(Column):
    """A number of every gait cycle, or of every step, and of a walk by pooling them.

    Exactly one of `of_cycle`, `of_step` and `of_scores` is given. A side's value of a walk is the
    mean of its cycles or steps; that of both is the mean of all of them, or `of_mean_step` or
    `of_person` where given.

    Attributes:
        of_cycle: value of one gait cycle, NaN where the cycle does not tell.
        of_step: value of one step, NaN where the step does not tell.
        of_scores: value of one gait cycle from how it scores against healthy people.
        of_mean_step: value of both sides from the mean step.
        of_person: value of both sides from how they score; given with `of_scores`.
        of_both: how that of both sides is defined; given with `of_mean_step` or `of_person`.
        pools: the statistics that a result holds.
        rests_on: what must be right for it; a finding that casts doubt on one of these takes it
            away. Everything where nothing is said.
        both_rests_on: that of both sides' value where it needs less, given with `of_mean_step`:
            left and right landings that are told late alike, or one of them, cancel in the mean.
        norm: healthy adults; None where no normal range is known.
        plausible: what people walk with; None where nobody knows.
        matters: a difference, in the stored unit, that matters to who reads it; None where nobody
            has said (`tolerance`).
        paces: pools in which the value is a time per step or stride, or steps per time: numbers of
            one pace share their half-width, as a share of the value.
        swing_of: whose swing it is in other words, of its "own" foot or of the "other": numbers of
            one swing share their half-width; None where it is none.
        walk_sd: SD between walks of one person on one day, in the stored unit (`WALK_SDS_FROM`);
            None where nobody knows.
        terms: words in `definition` that need a definition of their own.
        summary: statistics with a column in summary.csv; empty for none.
        tile: those of them in the report's tiles and in the index, which is made from summary.csv.
        on_first_sheet: a key figure of the report's first sheet; not where it follows from another.
        is_compared: left and right by a symmetry index, which needs a number above zero.
        benchmarked: compared with the truth, in the benchmark and in the demonstration.
    """

    of_cycle: Callable[[CycleFacts], float] | None = None
    of_step: Callable[[StepFacts], float] | None = None
    of_scores: Callable[[StrideScores], float] | None = None
    of_mean_step: Callable[[MeanStep], float] | None = None
    of_person: Callable[[PersonScores], float] | None = None
    of_both: str = ""
    pools: tuple[Pool, ...] = POOLS
    rests_on: frozenset[Basis] = EVERYTHING
    both_rests_on: frozenset[Basis] | None = None
    norm: Norm | None = None
    plausible: PlausibleRange | None = None
    matters: float | None = None
    paces: tuple[Pool, ...] = ()
    swing_of: Literal["own", "other"] | None = None
    walk_sd: float | None = None
    terms: tuple[Term, ...] = field(default=())
    summary: tuple[Pool, ...] = ()
    tile: tuple[Pool, ...] = ()
    on_first_sheet: bool = False
    is_compared: bool = False
    benchmarked: bool = False

    def __post_init__(self) -> None:
        """Refuses a parameter that cannot be computed, or that shows what it does not have."""
        sources = (self.of_cycle, self.of_step, self.of_scores)
        if sum(one is not None for one in sources) != 1:
            raise InputError(
                f"The parameter {self.key} is computed from cycles, from steps or from scores: "
                "give one of of_cycle and of_step, or of_scores."
            )
        if (self.of_scores is None) != (self.of_person is None):
            raise InputError(
                f"The parameter {self.key} is made of scores: give both of of_scores and of_person."
            )
        if (self.of_mean_step is None and self.of_person is None) != (not self.of_both):
            raise InputError(
                f"The parameter {self.key} has a value of both sides from the mean step and no "
                "definition of it, or the other way round: give both of of_mean_step and of_both."
            )
        if self.both_rests_on is not None and self.of_mean_step is None:
            raise InputError(
                f"The parameter {self.key} has no value of both sides from the mean step that "
                "could rest on less than a side's: leave both_rests_on out."
            )
        if not set(self.tile) <= set(self.summary) <= set(self.pools):
            raise InputError(
                f"The parameter {self.key} can show in its tile only what its summary has "
                f"({', '.join(self.summary)}), and there only its pools ({', '.join(self.pools)})."
            )

    def basis_of(self, pool: Pool) -> frozenset[Basis]:
        """What must be right for the value of a side, whichever, or of both."""
        if pool == "both" and self.both_rests_on is not None:
            return self.both_rests_on
        return self.rests_on

    @property
    def tolerance(self) -> float:
        """Half-width of an interval (stored unit) up to which the number can be used as it is.

        `matters` where it is known; else one SD between healthy adults, beyond which an interval
        no longer tells one from another; infinite where neither is known.
        """
        if self.matters is not None:
            return self.matters
        return math.inf if self.norm is None else self.norm.sd

    def summary_column(self, pool: Pool) -> str:
        """Name of its column in summary.csv: "left_step_length_m", "velocity_mps"."""
        return self.key if pool == "both" else f"{pool}_{self.key}"

    def interval_columns(self, pool: Pool) -> tuple[str, str]:
        """Names of the columns beside it, for the ends of its 90 % interval."""
        return interval_columns(self.summary_column(pool))
