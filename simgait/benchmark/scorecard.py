"""The scorecard of a policy: all sets tracked and scored, and the page about them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from simgait.baselines.tracker import Tracker
from simgait.benchmark import scorecard_page as pages
from simgait.benchmark.cases import (
    WALK_S,
    CaseSet,
    real_set,
    synthetic_set,
    without_pelvis_path,
)
from simgait.benchmark.follow_rows import follow_rows
from simgait.benchmark.offset_rows import offset_rows
from simgait.benchmark.score_walks import ScoredSet, score_set
from simgait.benchmark.scorecard_rows import Results, Row, bar_rows, event_rows

FULL_WALKERS, QUICK_WALKERS = 200, 64
"""Chosen: 25 and 8 of each pattern; the quick ones take two batches of 32."""
SOURCES = {"mcgill_c3d": "McGill", "cmu_asfamc": "CMU"}


@dataclass(frozen=True)
class Scorecard:
    """Scores of all sets.

    `references`: name of a set -> scores of what the policy followed there, where asked for.
    """

    results: Results
    references: Mapping[str, ScoredSet] = field(default_factory=dict)

    def rows(self) -> list[Row]:
        """All rows but speed and demo, which no score tells."""
        rows = bar_rows(self.results)
        for people in (self.results.real, self.results.mixed):
            rows += follow_rows(people)
        rows += offset_rows((self.results.real, self.results.mixed))
        followed = self.references.get(self.results.real.name)
        return rows + ([] if followed is None else event_rows(followed))

    def sections(self) -> list[tuple[str, str]]:
        """Headings and tables: for whom it works and for whom it does not."""
        own = self.results
        upright = [r.upright() for r in own.all() if any(w.fell for w in r.walks)]
        everybody = [*own.all(), *upright, *self.references.values()]
        sections = [("All sets", pages.comparison(everybody))]
        detailed = [
            (own.monocular, ("pattern", "view", "distance")),
            (own.exact, ("pattern",)),
            (own.legs, ("pattern", "view")),
            (own.real, ("subject",)),
            (own.mixed, ("subject",)),
        ]
        for result, labels in detailed:
            for label in labels:
                sections.append((f"{result.name}, by {label}", pages.breakdown(result, label)))
            reference = self.references.get(result.name)
            if reference is not None:
                label = labels[0]
                text = pages.breakdown(reference, label)
                sections.append((f"{reference.name}, by {label}", text))
        return sections

    def exclusions(self) -> str:
        """Every refused walk and why, as Markdown."""
        return pages.exclusions(self.results.all())


SET_NAMES = (
    "synthetic exact", "synthetic monocular-v1", "synthetic legs only", "synthetic no pelvis path",
    "real test subjects", "mixed labs",
)  # fmt: skip


def offered_sets(
    data_dir: Path,
    walkers: int = FULL_WALKERS,
    duration_s: float = WALK_S,
    tell: Callable[[str], None] = lambda _: None,
) -> tuple[CaseSet, ...]:
    """The walks of the scorecard, in the order of `Results`.

    Args:
        data_dir: folder of the real recordings.
        walkers: synthetic test walkers, from index 0.
        duration_s: of each synthetic walk.
        tell: called with a sentence before each set.

    Raises:
        InputError: the real recordings are absent.
    """
    made: list[CaseSet] = []
    makers: tuple[Callable[[str], CaseSet], ...] = (
        lambda name: synthetic_set(name, "exact", walkers, duration_s),
        lambda name: synthetic_set(name, "monocular", walkers, duration_s),
        lambda name: synthetic_set(name, "monocular_legs", walkers, duration_s),
        lambda name: without_pelvis_path(made[1], name),
        lambda name: real_set(name, data_dir, tuple(SOURCES)),
        lambda name: real_set(name, data_dir, ("c3d_mixed",)),
    )
    for name, make in zip(SET_NAMES, makers, strict=True):
        tell(f"making {name}")
        made.append(make(name))
    return tuple(made)


def make_scorecard(
    tracker: Tracker,
    offered: Sequence[CaseSet],
    *,
    reference: bool = False,
    tell: Callable[[str], None] = lambda _: None,
) -> Scorecard:
    """Tracks and scores every set of the scorecard.

    Args:
        tracker: to be scored.
        offered: from `offered_sets`.
        reference: score the refined reference itself as well.
        tell: called with a sentence before each set.
    """
    scored: list[ScoredSet] = []
    references: dict[str, ScoredSet] = {}
    for cases in offered:
        tell(f"{cases.name}: {len(cases.cases)} walks, {len(cases.excluded)} refused")
        first, *rest = score_set(tracker, cases, reference=reference)
        scored.append(first)
        if rest:
            references[cases.name] = rest[0]
    exact, mono, legs, no_path, real, mixed = scored
    parts = tuple(real.of_source(source, name) for source, name in SOURCES.items())
    results = Results(exact, mono, legs, no_path, real, parts, mixed)
    return Scorecard(results, references)
