"""One-to-one matching of estimated with true times, and of foot events per side and kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from numpy.typing import ArrayLike
from scipy.optimize import linear_sum_assignment

from simgait.errors import InputError
from simgait.skeleton.sides import SIDES
from simgait.types import EVENT_KINDS, EventKind, GaitEvent

MAX_GAP_S = 0.5
"""Times further apart are not of the same event."""


@dataclass(frozen=True)
class TimeMatch:
    """Which times belong together, by their place in the two columns.

    Attributes:
        pairs: (true, estimated) places, in the order of the true times.
        missed: places of true times without a partner.
        extra: places of estimated times without one.
    """

    pairs: tuple[tuple[int, int], ...]
    missed: tuple[int, ...]
    extra: tuple[int, ...]


@dataclass(frozen=True)
class EventMatch:
    """Matched pairs (true, estimated), true events without a partner, estimates without one."""

    pairs: tuple[tuple[GaitEvent, GaitEvent], ...]
    missed: tuple[GaitEvent, ...]
    extra: tuple[GaitEvent, ...]


@dataclass(frozen=True)
class TimingError:
    """Estimated minus true, in ms; NaN without pairs. n counts the pairs, `errors_ms` has each."""

    n: int
    bias_ms: float
    mae_ms: float
    rmse_ms: float
    n_missed: int
    n_extra: int
    errors_ms: tuple[float, ...] = ()


def match_times(true_s: ArrayLike, estimated_s: ArrayLike, max_s: float = MAX_GAP_S) -> TimeMatch:
    """Pair times of one kind of event of one foot.

    As many pairs within `max_s` as possible, with the least total time difference among those
    (Hungarian method, Kuhn 1955).

    Args:
        true_s: (N,) times of the true events, in any order.
        estimated_s: (M,) times of the found events, on the same clock.
        max_s: times further apart are no pair.

    Raises:
        InputError: a column is not a flat list of finite numbers, or `max_s` is not positive.
    """
    truth, estimate = _times(true_s, "true"), _times(estimated_s, "estimated")
    if not (np.isfinite(max_s) and max_s > 0):
        raise InputError(f"The largest gap of a pair is {max_s} s; give a positive number.")
    gap_s = np.abs(truth[:, None] - estimate[None])
    # A pair beyond the limit must cost more than any set of pairs within it.
    beyond = (min(gap_s.shape) + 1) * max_s + 1.0
    rows, columns = linear_sum_assignment(np.where(gap_s <= max_s, gap_s, beyond))
    pairs = tuple(
        (int(i), int(j)) for i, j in zip(rows, columns, strict=True) if gap_s[i, j] <= max_s
    )
    of_truth, of_estimate = {i for i, _ in pairs}, {j for _, j in pairs}
    return TimeMatch(
        pairs,
        tuple(i for i in range(len(truth)) if i not in of_truth),
        tuple(j for j in range(len(estimate)) if j not in of_estimate),
    )


def event_timing(
    true_s: ArrayLike, estimated_s: ArrayLike, max_s: float = MAX_GAP_S
) -> TimingError:
    """Timing of one kind of event of one foot; arguments and errors as `match_times`."""
    truth, estimate = _times(true_s, "true"), _times(estimated_s, "estimated")
    match = match_times(truth, estimate, max_s)
    return _timing(
        [1000.0 * (estimate[j] - truth[i]) for i, j in match.pairs],
        len(match.missed),
        len(match.extra),
    )


def match_events(
    true_events: Iterable[GaitEvent],
    estimated_events: Iterable[GaitEvent],
    max_ms: float = 1000.0 * MAX_GAP_S,
) -> EventMatch:
    """Pair events of the same side and kind, each as `match_times` does."""
    truth, estimate = tuple(true_events), tuple(estimated_events)
    pairs: list[tuple[GaitEvent, GaitEvent]] = []
    missed: list[GaitEvent] = []
    extra: list[GaitEvent] = []
    for side in SIDES:
        for kind in EVENT_KINDS:
            a = [e for e in truth if e.side == side and e.kind == kind]
            b = [e for e in estimate if e.side == side and e.kind == kind]
            match = match_times([e.time_s for e in a], [e.time_s for e in b], max_ms / 1000.0)
            pairs += [(a[i], b[j]) for i, j in match.pairs]
            missed += [a[i] for i in match.missed]
            extra += [b[j] for j in match.extra]
    return EventMatch(tuple(pairs), tuple(missed), tuple(extra))


def unmatched_inside(match: EventMatch) -> tuple[GaitEvent, ...]:
    """Events without a partner that are not the very first or last of their side and kind.

    At the ends of a recording one of two methods sees an event more: that is no fault of either.
    """
    alone = (*match.missed, *match.extra)
    every = (*alone, *(event for pair in match.pairs for event in pair))

    def inside(event: GaitEvent) -> bool:
        times_s = [e.time_s for e in every if (e.side, e.kind) == (event.side, event.kind)]
        return min(times_s) < event.time_s < max(times_s)

    return tuple(event for event in alone if inside(event))


def timing_error(match: EventMatch, kinds: Sequence[EventKind] = EVENT_KINDS) -> TimingError:
    """Bias, mean absolute error and root mean square error of the matched events of these kinds."""
    return _timing(
        [1000.0 * (est.time_s - true.time_s) for true, est in match.pairs if true.kind in kinds],
        sum(e.kind in kinds for e in match.missed),
        sum(e.kind in kinds for e in match.extra),
    )


def _timing(errors_ms: Sequence[float], n_missed: int, n_extra: int) -> TimingError:
    error = np.array(errors_ms, dtype=np.float64)
    return TimingError(
        n=len(error),
        bias_ms=float(error.mean()) if len(error) else float("nan"),
        mae_ms=float(np.abs(error).mean()) if len(error) else float("nan"),
        rmse_ms=float(np.sqrt(np.mean(error**2))) if len(error) else float("nan"),
        n_missed=n_missed,
        n_extra=n_extra,
        errors_ms=tuple(error.tolist()),
    )


def _times(times_s: ArrayLike, name: str) -> Float[np.ndarray, " N"]:
    try:
        column = np.asarray(times_s, dtype=np.float64)
    except (TypeError, ValueError):
        column = np.full(1, np.nan)
    if column.ndim != 1 or not np.isfinite(column).all():
        raise InputError(
            f"The {name} event times are not a flat list of finite numbers; give seconds, and "
            "leave out events that are not known."
        )
    return column
