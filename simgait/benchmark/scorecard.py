"""The scorecard of a policy: all sets tracked and scored, and the page about them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from simgait.benchmark import scorecard_page as pages
from simgait.benchmark import sets as sets
from simgait.benchmark.scorecard_rows import Results, Row, bar_rows, event_rows
from simgait.benchmark.scores import SetScore, Track, score_set

FULL_WALKERS, QUICK_WALKERS = 200, 64
SOURCES = {"mcgill_c3d": "McGill", "cmu_asfamc": "CMU"}


@dataclass(frozen=True)
class Benchmark:
    """Scores of all sets; `references` score what the policy followed, where asked for."""

    results: Results
    references: tuple[SetScore, ...]

    def rows(self) -> list[Row]:
        """All rows but speed and demo, which no score tells."""
        kinematic = [
            row
            for result in self.references
            if result.name.startswith("real")
            for row in event_rows(result, with_bars=False)
        ]
        return bar_rows(self.results) + kinematic

    def sections(self) -> list[tuple[str, str]]:
        """Headings and tables: for whom it works and for whom it does not."""
        own = self.results
        upright = [r.upright() for r in own.all() if any(w.fell for w in r.walks)]
        everybody = [*own.all(), *upright, *self.references]
        sections = [("All sets", pages.comparison(everybody))]
        detailed = [
            (own.monocular, ("pattern", "view", "distance")),
            (own.exact, ("pattern",)),
            (own.legs, ("pattern", "view")),
            (own.real, ("subject",)),
            (own.mixed, ("subject",)),
        ]
        by_name = {result.name: result for result in self.references}
        for result, labels in detailed:
            for label in labels:
                sections.append((f"{result.name}, by {label}", pages.breakdown(result, label)))
            reference = by_name.get(f"{result.name} (reference)")
            if reference is not None:
                label = labels[0]
                text = pages.breakdown(reference, label)
                sections.append((f"{reference.name}, by {label}", text))
        return sections

    def exclusions(self) -> str:
        """Every refused walk and why, as Markdown."""
        return pages.exclusions(self.results.all())


def run_benchmark(
    track: Track,
    data_dir: Path,
    *,
    walkers: int = FULL_WALKERS,
    reference: bool = False,
    duration_s: float = sets.WALK_S,
    tell: Callable[[str], None] = lambda _: None,
) -> Benchmark:
    """Tracks and scores every set of the scorecard.

    Args:
        track: from `benchmark_scores.tracker`.
        data_dir: folder of the real recordings.
        walkers: synthetic test walkers, from index 0.
        reference: score the refined reference itself as well.
        duration_s: of each synthetic walk.
        tell: called with a sentence before each set.

    Raises:
        InputError: the real recordings are absent.
    """
    monocular = sets.synthetic_set("synthetic monocular-v1", "monocular", walkers, duration_s)
    offered = [
        sets.synthetic_set("synthetic exact", "exact", walkers, duration_s),
        monocular,
        sets.synthetic_set("synthetic legs only", "monocular_legs", walkers, duration_s),
        sets.without_pelvis_path(monocular, "synthetic no pelvis path"),
        sets.real_set("real test subjects", data_dir, tuple(SOURCES)),
        sets.real_set("mixed labs", data_dir, ("c3d_mixed",)),
    ]
    scored: list[SetScore] = []
    references: list[SetScore] = []
    for cases in offered:
        tell(f"{cases.name}: {len(cases.cases)} walks, {len(cases.excluded)} refused")
        first, *rest = score_set(cases, track, reference=reference)
        scored.append(first)
        references += rest
    exact, mono, legs, no_path, real, mixed = scored
    parts = tuple(real.of_source(source, name) for source, name in SOURCES.items())
    return Benchmark(Results(exact, mono, legs, no_path, real, parts, mixed), tuple(references))
