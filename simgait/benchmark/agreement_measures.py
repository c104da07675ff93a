"""What an agreement report shows of one tracker: parameters, curves and events beside the truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simgait.benchmark.joint_measures import joint_measure
from simgait.benchmark.pooling import JOINTS
from simgait.benchmark.walk_record import WalkRecord
from simgait.compare.evidence import EventErrors, MeasurePairs, WaveformPairs
from simgait.gait.joint_measures import JOINT_MEASURES, JointMeasure
from simgait.parameters.catalogue import parameters
from simgait.parameters.column import ANGLE_CHANGE_DEG, ClinicalChange
from simgait.parameters.curves import CURVES
from simgait.parameters.units import DEGREE
from simgait.skeleton.sides import SIDES
from simgait.types import EventKind

CURVES_OF_JOINTS = tuple(curve for curve in CURVES if curve.coordinate in JOINTS.values())
EVENTS: dict[EventKind, str] = {"initial_contact": "Initial contact", "foot_off": "Foot off"}


@dataclass(frozen=True)
class AgreementMeasure:
    """A number of a walk that is compared with the truth.

    Attributes:
        key: of a gait parameter, or of a joint measure.
        label, unit: what a person reads.
        change: small and substantial change to a clinician, None where none is known.
        joint: read from a leg's mean curve; None for a gait parameter, which is a mean of both.
    """

    key: str
    label: str
    unit: str
    change: ClinicalChange | None
    joint: JointMeasure | None = None


def agreement_measures() -> tuple[AgreementMeasure, ...]:
    """Gait parameters that the catalogue marks for it, then peaks and ranges of joints."""
    of_walks = (
        AgreementMeasure(one.key, one.label, one.unit.brief, one.clinical_change)
        for one in parameters()
        if one.benchmarked
    )
    of_legs = (
        AgreementMeasure(key, one.label, DEGREE.symbol, ANGLE_CHANGE_DEG, one)
        for key, one in JOINT_MEASURES.items()
    )
    return (*of_walks, *of_legs)


def walk_name(record: WalkRecord) -> str:
    """The walk and the camera that saw it."""
    return f"{record.case.trial.trial_id}, {record.case.labels.get('condition', '')}"


def measure_pairs(records: Sequence[WalkRecord], measure: AgreementMeasure) -> MeasurePairs:
    """One measure of these walks, true and found.

    Parameters are means of both legs, one pair for each walk; joint measures have a pair for each
    leg, the left ones of all walks first.
    """
    rows, joint = list(records), measure.joint
    if joint is None:
        pairs = [r.means(measure.key) for r in rows]
    else:
        pairs = [joint_measure(r, joint, side) for side in SIDES for r in records]
        rows = [r for _ in SIDES for r in records]
    truth, estimate = np.array(pairs, dtype=np.float64).reshape(-1, 2).T
    return MeasurePairs(
        name=measure.key,
        label=measure.label,
        unit=measure.unit,
        trial_ids=tuple(walk_name(r) for r in rows),
        subject_ids=tuple(r.case.trial.subject_id for r in rows),
        truth=truth,
        estimate=estimate,
        thresholds=measure.change,
        groups={"source": tuple(r.case.labels.get("source", "") for r in rows)},
    )


def waveform_pairs(records: Sequence[WalkRecord]) -> list[WaveformPairs]:
    """The mean curves of hip, knee and ankle, one pair for each walk and side."""
    found = []
    for curve in CURVES_OF_JOINTS:
        rows = [
            (f"{walk_name(r)}, {side}", *r.curves_deg[curve.of_side(side)])
            for r in records
            for side in SIDES
            if curve.of_side(side) in r.curves_deg
        ]
        if rows:
            ids, truth, estimate = zip(*rows, strict=True)
            found.append(
                WaveformPairs(
                    curve.key,
                    curve.label,
                    curve.unit.symbol,
                    tuple(ids),
                    np.stack(truth),
                    np.stack(estimate),
                )  # fmt: skip
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
