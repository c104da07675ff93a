"""One-to-one matching of estimated with true foot events (Hungarian, per side and kind)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from simgait.recording.types import SIDES, EventKind, GaitEvent

KINDS: tuple[EventKind, EventKind] = ("initial_contact", "foot_off")


@dataclass(frozen=True)
class EventMatch:
    """Matched pairs (true, estimated), true events without a partner, estimates without one."""

    pairs: tuple[tuple[GaitEvent, GaitEvent], ...]
    missed: tuple[GaitEvent, ...]
    extra: tuple[GaitEvent, ...]


@dataclass(frozen=True)
class TimingError:
    """Estimated minus true, in ms; NaN without pairs. n counts the pairs."""

    n: int
    bias_ms: float
    mae_ms: float
    rmse_ms: float
    n_missed: int
    n_extra: int


def match_events(
    true_events: Iterable[GaitEvent], estimated_events: Iterable[GaitEvent], max_ms: float = 500.0
) -> EventMatch:
    """Pair events of the same side and kind.

    As many pairs within `max_ms` as possible, with the least total time difference among those
    (Hungarian method, Kuhn 1955).
    """
    truth, estimate = tuple(true_events), tuple(estimated_events)
    pairs: list[tuple[GaitEvent, GaitEvent]] = []
    missed: list[GaitEvent] = []
    extra: list[GaitEvent] = []
    for side in SIDES:
        for kind in KINDS:
            a = [e for e in truth if e.side == side and e.kind == kind]
            b = [e for e in estimate if e.side == side and e.kind == kind]
            gap_ms = 1000.0 * np.abs(
                np.array([e.time_s for e in a])[:, None] - np.array([e.time_s for e in b])[None]
            ).reshape(len(a), len(b))
            # A pair beyond the limit must cost more than any set of pairs within it.
            cost = np.where(gap_ms <= max_ms, gap_ms, (min(len(a), len(b)) + 1) * max_ms + 1.0)
            rows, columns = linear_sum_assignment(cost)
            kept = [(i, j) for i, j in zip(rows, columns, strict=True) if gap_ms[i, j] <= max_ms]
            pairs += [(a[i], b[j]) for i, j in kept]
            missed += [e for i, e in enumerate(a) if i not in {k for k, _ in kept}]
            extra += [e for j, e in enumerate(b) if j not in {k for _, k in kept}]
    return EventMatch(tuple(pairs), tuple(missed), tuple(extra))


def timing_error(match: EventMatch, kinds: Sequence[EventKind] = KINDS) -> TimingError:
    """Bias, mean absolute error and root mean square error of the matched events of these kinds."""
    error = np.array(
        [1000.0 * (est.time_s - true.time_s) for true, est in match.pairs if true.kind in kinds]
    )
    return TimingError(
        n=len(error),
        bias_ms=float(error.mean()) if len(error) else float("nan"),
        mae_ms=float(np.abs(error).mean()) if len(error) else float("nan"),
        rmse_ms=float(np.sqrt(np.mean(error**2))) if len(error) else float("nan"),
        n_missed=sum(e.kind in kinds for e in match.missed),
        n_extra=sum(e.kind in kinds for e in match.extra),
    )
