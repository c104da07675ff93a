"""Half-widths of every number, from tracked walks: `certainty.fitting` on the catalogue."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from simgait.benchmark.interval_records import Kept
from simgait.benchmark.interval_walks import WALKERS
from simgait.certainty.conditions import Conditions
from simgait.certainty.fitting import Errors, calibrated
from simgait.certainty.terms import Measured, sizes
from simgait.certainty.widths import (
    SOURCES,
    Coefficients,
    Source,
    Widths,
    curve_name,
    event_name,
    number_name,
    range_name,
    source_of,
)
from simgait.parameters.catalogue import parameters
from simgait.parameters.curves import CURVES
from simgait.parameters.parameter import POOLS, Pool
from simgait.skeleton.sides import SIDES
from simgait.synthetic.detectors.named import DETECTORS
from simgait.types import EVENT_KINDS

MILLISECONDS_PER_SECOND = 1000.0
EVENTS_OF_A_WALK = 4
"""Of each kind so many count, evenly spread, so that long walks weigh no more."""
Row = tuple[np.ndarray, np.ndarray, str, str, bool, float]
"""Sizes of the terms, errors, person, detector, whether the person is made up, half-width beside
the formula."""
Beside = Callable[[Kept, str, Pool | None], float]
"""Half-width that a parameter of a pool, or a curve (no pool), has beside its formula."""


def _nothing(record: Kept, key: str, pool: Pool | None) -> float:
    return 0.0


def fitted_widths(
    records: Sequence[Kept],
    policy_sha256: str,
    provenance: Mapping[str, Any],
    tell: Callable[[str], None] = lambda _: None,
) -> Widths:
    """Half-widths from the walks of people on whom they may be fitted.

    Args:
        records: of synthetic validation walkers and of real people who may be learned from.
        policy_sha256: of the policy that tracked them.
        provenance: what is said of them in the file.
        tell: called with a sentence before each part.

    Raises:
        InputError: there are too few people.
    """
    tell("half-widths of all numbers")
    whole = _coefficients(records)
    left_out = {}
    for detector in DETECTORS:
        tell(f"half-widths without {detector}")
        left_out[detector] = _coefficients([r for r in records if r.through != detector])
    return Widths(policy_sha256, whole, left_out, provenance)


def _coefficients(records: Sequence[Kept]) -> Coefficients:
    return {
        source: {
            name: tuple(calibrated(errors, across_detectors=source == "detector").tolist())
            for name, errors in errors_by_number(records, source).items()
        }
        for source in SOURCES
    }


def errors_by_number(
    records: Sequence[Kept], source: Source, beside: Beside = _nothing
) -> dict[str, Errors]:
    """Name of a number -> its errors in all walks of a source that show it.

    Args:
        records: of tracked walks.
        source: whose are looked at.
        beside: what a number's half-width has beside its formula.
    """
    rows: dict[str, list[Row]] = {}
    for record in records:
        conditions = Conditions(**record.conditions)
        if source_of(conditions) == source:
            for name, measured, error, more in errors_of(record, beside):
                row = (
                    sizes(conditions, measured),
                    error,
                    record.person,
                    record.through,
                    record.people == WALKERS,
                    more,
                )
                rows.setdefault(name, []).append(row)
    return {
        name: Errors(*(np.array(column) for column in zip(*found, strict=True)))
        for name, found in rows.items()
    }


def errors_of(record: Kept, beside: Beside) -> list[tuple[str, Measured, np.ndarray, float]]:
    """Every number of a walk whose truth is known.

    Returns:
        name, the number, errors in its stored unit, half-width beside the formula.
    """
    found = []
    for one in parameters():
        for pool in POOLS:
            true, estimated, n = record.numbers.get(one.key, {}).get(pool, (np.nan, np.nan, 0))
            if np.isfinite(estimated - true):
                error = np.array([estimated - true])
                more = beside(record, one.key, pool)
                found.append((number_name(one.key, pool), Measured(estimated, n), error, more))
    for curve in CURVES:
        for side in SIDES:
            errors_deg = record.curves_deg.get(curve.key, {}).get(side)
            if errors_deg is not None:
                measured = Measured(0.0, record.cycles[side])
                more = beside(record, curve.key, None)
                found.append((curve_name(curve.key), measured, np.array(errors_deg), more))
            off_deg = record.ranges_deg.get(curve.key, {}).get(side)
            if off_deg is not None:
                measured = Measured(0.0, record.cycles[side])
                found.append((range_name(curve.key), measured, np.array([off_deg]), 0.0))
    for kind in EVENT_KINDS:
        errors_ms = np.array(record.events_ms.get(kind, ()))
        if len(errors_ms):
            chosen = np.linspace(0, len(errors_ms) - 1, EVENTS_OF_A_WALK).round().astype(int)
            error_s = errors_ms[chosen] / MILLISECONDS_PER_SECOND
            found.append((event_name(kind), Measured(0.0, 1), error_s, 0.0))
    return found
