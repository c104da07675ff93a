"""What an agreement report shows of one tracker: parameters, curves and events beside the truth."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from simgait.benchmark.joint_measures import JOINT_MEASURES, joint_measure
from simgait.benchmark.walk_record import WalkRecord
from simgait.compare.evidence import EventErrors, MeasurePairs, WaveformPairs
from simgait.parameters.column import ANGLE_CHANGE_DEG, SPEED_CHANGE_MPS
from simgait.skeleton.sides import SIDES
from simgait.types import EventKind

MEASURES: dict[str, tuple[str, str, tuple[float, float] | None]] = {
    "velocity_mps": ("Walking speed", "m/s", SPEED_CHANGE_MPS),
    "step_length_m": ("Step length", "m", None),
    "step_width_m": ("Step width", "m", None),
    "cadence_spm": ("Cadence", "steps/min", None),
    "stance_percent": ("Stance", "%", None),
    **{name: (m.label, "°", ANGLE_CHANGE_DEG) for name, m in JOINT_MEASURES.items()},
}
"""Name -> label, unit, (small, substantial) change to a clinician."""
CURVES = {"hip_flexion_deg": "Hip flexion", "knee_flexion_deg": "Knee flexion",
          "ankle_dorsiflexion_deg": "Ankle dorsiflexion"}  # fmt: skip
EVENTS: dict[EventKind, str] = {"initial_contact": "Initial contact", "foot_off": "Foot off"}


def walk_name(record: WalkRecord) -> str:
    """The walk and the camera that saw it."""
    return f"{record.case.trial.trial_id}, {record.case.labels.get('condition', '')}"


def measure_pairs(records: Sequence[WalkRecord], name: str) -> MeasurePairs:
    """One measure of these walks, true and found.

    Parameters are means of both legs, one pair for each walk; joint measures have a pair for each
    leg, the left ones of all walks first.
    """
    label, unit, thresholds = MEASURES[name]
    if name in JOINT_MEASURES:
        rows = [r for _ in SIDES for r in records]
        pairs = [joint_measure(r, name, side) for side in SIDES for r in records]
    else:
        rows = list(records)
        pairs = [r.means(name) for r in records]
    truth, estimate = np.array(pairs, dtype=np.float64).reshape(-1, 2).T
    return MeasurePairs(
        name=name,
        label=label,
        unit=unit,
        trial_ids=tuple(walk_name(r) for r in rows),
        subject_ids=tuple(r.case.trial.subject_id for r in rows),
        truth=truth,
        estimate=estimate,
        thresholds=thresholds,
        groups={"source": tuple(r.case.labels.get("source", "") for r in rows)},
    )


def waveform_pairs(records: Sequence[WalkRecord]) -> list[WaveformPairs]:
    """The mean curves of hip, knee and ankle, one pair for each walk and side."""
    found = []
    for suffix, label in CURVES.items():
        rows = [
            (f"{walk_name(r)}, {side}", *r.curves_deg[f"{side}_{suffix}"])
            for r in records
            for side in ("left", "right")
            if f"{side}_{suffix}" in r.curves_deg
        ]
        if rows:
            ids, truth, estimate = zip(*rows, strict=True)
            found.append(
                WaveformPairs(suffix, label, "°", tuple(ids), np.stack(truth), np.stack(estimate))
            )
    return found


def event_errors(records: Sequence[WalkRecord], kind: EventKind) -> EventErrors:
    """Timing of one kind of event over all these walks."""
    scores = [r.events[kind] for r in records if kind in r.events]
    return EventErrors(
        kind=EVENTS[kind],
        errors_ms=np.array([e for s in scores for e in s.errors_ms]),
        n_missed=sum(s.n_missed for s in scores),
        n_extra=sum(s.n_extra for s in scores),
        n_beyond_500ms=None,  # such pairs are missed and extra already
    )
