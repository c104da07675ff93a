"""The page of a search over recipes: what was best, what mattered, what was tried."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from simgait.parameters.wording import counted
from simgait.report.page import render
from simgait.report.training.charts import importance_picture, parallel_picture, scores_picture

METHOD = (
    "The score is that of the best policy on synthetic validation walkers: degrees of joint angle "
    "error, plus what falls, errors of speed and the residual force are worth in degrees; lower is "
    "better. It says which recipe learns faster within these steps, not where longer ones end.",
    "A trial is cut short where its score is worse than the median of the others at that step.",
    "Importance: how much a setting decides whether a trial is among the best tenth, over its "
    "whole range (Watanabe et al. 2023, PED-ANOVA). It needs ten finished trials.",
)


@runtime_checkable
class SweptTrial(Protocol):
    """One trial, see `learning.sweep.TrialResult`."""

    @property
    def number(self) -> int:
        """In order of their beginning."""

    @property
    def state(self) -> str:
        """In one or two words."""

    @property
    def point(self) -> Mapping[str, Any]:
        """The value of each searched setting."""

    @property
    def score(self) -> float | None:
        """The lower, the better."""

    @property
    def scores(self) -> Mapping[int, float]:
        """Score after so many steps."""

    @property
    def reason(self) -> str:
        """Why it was refused."""


@dataclass(frozen=True)
class SweepPage:
    """What the page shows.

    Attributes:
        name: of the space's file.
        facts: recipe, steps, versions and date in one line.
        trials: all of them.
        importance: of each setting; empty where not known.
        logs: which settings were searched on a logarithmic scale.
    """

    name: str
    facts: str
    trials: Sequence[SweptTrial]
    importance: Mapping[str, float]
    logs: Mapping[str, bool]


def sweep_page(sweep: SweepPage) -> str:
    """The page as HTML."""
    scored = [one for one in sweep.trials if one.score is not None]
    whole = [one.state == "finished" for one in scored]
    scores = [float(one.score or 0.0) for one in scored]
    finished = [one for one, done in zip(scored, whole, strict=True) if done]
    best = min(finished, key=lambda one: one.score or 0.0, default=None)
    return render(
        "sweep.html",
        on_sheets=(f"search {sweep.name}",),
        name=sweep.name,
        facts=sweep.facts,
        headline=_headline(sweep.trials),
        best=None if best is None else _row(best),
        scores=scores_picture([one.number for one in scored], scores, whole) if scored else "",
        importance=importance_picture(sweep.importance) if sweep.importance else "",
        parallel=parallel_picture([one.point for one in scored], scores, sweep.logs)
        if scored
        else "",
        names=list(sweep.trials[0].point) if sweep.trials else [],
        rows=[_row(one) for one in sorted(sweep.trials, key=_rank)],
        method=METHOD,
    )


def _rank(one: SweptTrial) -> tuple[bool, float, int]:
    return one.state != "finished", float("inf") if one.score is None else one.score, one.number


def _headline(trials: Sequence[SweptTrial]) -> str:
    counts = Counter(one.state for one in trials)
    parts = ", ".join(f"{count} {state}" for state, count in counts.items())
    return f"{counted(len(trials), 'trial')}: {parts or 'none yet'}."


def _row(one: SweptTrial) -> dict[str, Any]:
    return {
        "number": one.number,
        "state": one.state,
        "score": "–" if one.score is None else f"{one.score:.3f}",
        "steps": f"{max(one.scores, default=0):,}",
        "reason": one.reason,
        "values": {name: _shown(value) for name, value in one.point.items()},
    }


def _shown(value: Any) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
