"""What an agreement report is made of: pairs, curves, event errors, tables; no statistics yet.

Errors are always estimate minus truth. Ids are shown as they are, except that folders are cut off.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError


@dataclass(frozen=True)
class MeasurePairs:
    """One measure of N walks, by the tracker and by the truth.

    Attributes:
        name: stored name with its unit, for example "velocity_mps"; unique in a report.
        label: what a person reads, for example "Walking speed".
        unit: of truth and estimate, "m/s"; empty for a plain number.
        trial_ids: (N,) may repeat, for example where left and right are pooled.
        subject_ids: (N,) whose walk it is; walks of one person are not independent.
        truth, estimate: (N,) NaN where missing; such pairs are left out and counted.
        thresholds: (small, substantial) change in `unit` to a clinician; None where none is known.
        groups: heading ("speed") -> (N,) group of each pair ("slow", "fast"); empty for none.
    """

    name: str
    label: str
    unit: str
    trial_ids: tuple[str, ...]
    subject_ids: tuple[str, ...]
    truth: Float[np.ndarray, " N"]
    estimate: Float[np.ndarray, " N"]
    thresholds: tuple[float, float] | None = None
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuses columns of unequal length and thresholds out of order."""
        lengths = {
            len(column)
            for column in (
                self.trial_ids, self.subject_ids, self.truth, self.estimate, *self.groups.values()
            )
        }  # fmt: skip
        if len(lengths) > 1:
            raise InputError(
                f"The columns of {self.name} have different lengths ({sorted(lengths)}); give one "
                "id, subject, truth, estimate and group per pair."
            )
        if self.thresholds is not None and not 0 < self.thresholds[0] < self.thresholds[1]:
            raise InputError(
                f"The thresholds of {self.name} are {self.thresholds}; give a small and a larger "
                "substantial change."
            )


@dataclass(frozen=True)
class WaveformPairs:
    """One angle (or force) over the gait cycle of N walks; the rows belong together.

    Attributes:
        truth, estimate: (N, 101) 0 to 100 % of the cycle; rows with a NaN are left out and counted.
        trial_ids: (N,).
    """

    name: str
    label: str
    unit: str
    trial_ids: tuple[str, ...]
    truth: Float[np.ndarray, "N 101"]
    estimate: Float[np.ndarray, "N 101"]

    def __post_init__(self) -> None:
        """Refuses other shapes than (N, 101)."""
        shape = (len(self.trial_ids), 101)
        if np.shape(self.truth) != shape or np.shape(self.estimate) != shape:
            raise InputError(
                f"The curves of {self.name} have shapes {np.shape(self.truth)} and "
                f"{np.shape(self.estimate)}; with {shape[0]} ids both must be {shape}."
            )


@dataclass(frozen=True)
class EventErrors:
    """Timing of one kind of foot event over all walks.

    Attributes:
        kind: what a person reads, for example "Initial contact".
        errors_ms: (E,) of the matched events, finite.
        n_missed: true events without a partner; n_extra: found events without one.
        n_beyond_500ms: pairs that were further apart than the matching window; None where the
            matching counts them as missed and extra.
    """

    kind: str
    errors_ms: Float[np.ndarray, " E"]
    n_missed: int
    n_extra: int
    n_beyond_500ms: int | None

    def __post_init__(self) -> None:
        """Refuses errors that are not finite: an event without a partner has none."""
        if np.ndim(self.errors_ms) != 1 or not np.isfinite(self.errors_ms).all():
            raise InputError(
                f"The timing errors of '{self.kind}' are not a flat list of finite numbers; count "
                "events without a partner as missed or extra."
            )


@dataclass(frozen=True)
class WorstTrial:
    """A walk with a large error.

    Attributes:
        trial_id, subject_id: as in the measure's pairs.
        measure: name of the measure; `truth` and `estimate` are in its unit.
        link: a page's path relative to the report's folder, None for none.
    """

    trial_id: str
    subject_id: str
    measure: str
    truth: float
    estimate: float
    link: str | None = None

    @property
    def error(self) -> float:
        """Estimate minus truth."""
        return self.estimate - self.truth


Cell = str | float | int | None


@dataclass(frozen=True)
class TrackerRow:
    """One tracker or ablation. Numbers are shown with three digits, None and NaN as a dash.

    `kind` "published" sets numbers read in a paper apart from those that were measured here.
    """

    name: str
    cells: tuple[Cell, ...]
    kind: Literal["measured", "published"] = "measured"


@dataclass(frozen=True)
class ComparisonTable:
    """Trackers side by side. `columns` are the headings of the cells, unit included.

    `rows_are` heads the rows' names, where they are not trackers.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[TrackerRow, ...]
    note: str = ""
    rows_are: str = "Tracker"

    def __post_init__(self) -> None:
        """Refuses rows that do not fit the columns."""
        for row in self.rows:
            if len(row.cells) != len(self.columns):
                raise InputError(
                    f"The row '{row.name}' of table '{self.caption}' has {len(row.cells)} cells "
                    f"for {len(self.columns)} columns; give one each."
                )


@dataclass(frozen=True)
class Exclusion:
    """A walk that is missing from the numbers (or from those of some measures), and why."""

    trial_id: str
    reason: str


@dataclass(frozen=True)
class AgreementReport:
    """Everything that the report says, before any statistic is computed.

    Attributes:
        title: heading of the page.
        tracker: name of the method under test.
        measures: in the order in which they are shown.
        judged_by: heading of the groups that get verdicts of their own; empty for none.
        worst: shown in the order given; `agreement_analysis.worst_trials` finds them.
        worst_note: what a reader must know of them and of their links.
        methods: paragraphs that say where truth and estimates come from and how they were matched.
        notes: what a reader must know before the numbers, for example that people are unknown.
        n_offered: walks offered in all, for the share excluded; None counts those named here.
        provenance: versions, commit, policy hash, config; folders in it are cut off.
    """

    title: str
    tracker: str
    measures: tuple[MeasurePairs, ...]
    judged_by: str = ""
    waveforms: tuple[WaveformPairs, ...] = ()
    events: tuple[EventErrors, ...] = ()
    worst: tuple[WorstTrial, ...] = ()
    worst_note: str = ""
    tables: tuple[ComparisonTable, ...] = ()
    methods: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    n_offered: int | None = None
    provenance: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuses two measures of one name."""
        names = [measure.name for measure in self.measures]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise InputError(f"The report holds two measures named {twice[0]}; rename one.")
