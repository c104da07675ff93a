"""What simgait makes of strangers, detector by detector, as a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from simgait.benchmark.over_people import (
    Read,
    bias_over_people,
    person_means,
    rmse_over_people,
    slope_over_people,
    slope_within_people,
)
from simgait.benchmark.scorecard_page import table
from simgait.benchmark.stranger_detectors import Output, Stranger
from simgait.benchmark.stranger_runs import StrangerWalk, Told
from simgait.report.trial.levels import NumberLevel

NAN = float("nan")
LEAST_RANGE_MPS = 0.1
"""As the gate's: a person whose walks differ in speed by less tells nothing about a slope."""
WRONG = {"speed": 0.15, "step": 0.10, "stance": 5.0}
"""m/s, m and % of the cycle: chosen, three times a small change of speed (Perera et al. 2006) and
as much for the others; a number that is as far off is wrong, whatever its interval."""
KINDS: dict[str, tuple[Output, ...]] = {
    "all of one camera with a path": ("camera", "world"),
    "all that are centred": ("centred",),
}
HEAD = (
    "like", "refused, fell", "speed use, rough, not", "speed bias, RMSE m/s", "slope, within",
    "RMSE of line", "step RMSE cm, slope", "left-right flip cm", "stance: bias, slope",
    "knee 5, 50, 95 bias °", "speed, step, knee in 90 %", "wrong and use",
)  # fmt: skip


def stranger_table(strangers: Sequence[Stranger], walks: Sequence[Sequence[StrangerWalk]]) -> str:
    """One row for each stranger, and one for all of a kind together, as Markdown.

    Nine walks cannot tell whether intervals hold in 80 or in 90 %; those of a kind can.
    """
    rows = [_cells(one.name, own) for one, own in zip(strangers, walks, strict=True)]
    for name, outputs in KINDS.items():
        of_kind = [
            w for s, own in zip(strangers, walks, strict=True) if s.output in outputs for w in own
        ]
        if of_kind:
            rows.append(_cells(name, of_kind))
    return table(HEAD, rows)


def refusals(walks: Sequence[Sequence[StrangerWalk]]) -> list[str]:
    """A sentence for each file that was refused."""
    return [f"{one.detector}: {one.refusal}" for own in walks for one in own if one.refusal]


def _cells(name: str, walks: Sequence[StrangerWalk]) -> list[str]:
    told = [walk for walk in walks if not walk.refusal]
    speeds = [_read(walk, [walk.speed]) for walk in told]
    steps = [_read(walk, walk.steps) for walk in told]
    stances = [_read(walk, walk.stances) for walk in told]
    lines = [Read(w.person, w.detector, np.array([[w.speed.true, w.line_mps]])) for w in told]
    refused, fell = len(walks) - len(told), sum(walk.fell for walk in told)
    return [
        name,
        f"{refused}, {fell} of {len(walks)}",
        ", ".join(str(_count(told, level)) for level in (("use",), ("rough", "single"),
                                                         ("do_not_use", None))),
        f"{_signed(bias_over_people(speeds), 2)}, {_plain(rmse_over_people(speeds), 2)}",
        f"{_plain(slope_over_people(speeds), 2)}, "
        f"{_plain(slope_within_people(speeds, LEAST_RANGE_MPS), 2)}",
        _plain(rmse_over_people(lines), 2),
        f"{_plain(100.0 * rmse_over_people(steps), 1)}, {_plain(slope_over_people(steps), 2)}",
        _plain(100.0 * left_right_flip_m(told), 1),
        f"{_signed(bias_over_people(stances), 1)}, {_plain(slope_over_people(stances), 2)}",
        ", ".join(_signed(_knee_bias(told, i), 0) for i in range(3)),
        _coverage(told),
        str(wrong_and_use(told)),
    ]  # fmt: skip


def _read(walk: StrangerWalk, numbers: Iterable[Told]) -> Read:
    pairs = [(one.true, one.found) for one in numbers]
    return Read(walk.person, walk.detector, np.array(pairs, float).reshape(-1, 2))


def _count(walks: Sequence[StrangerWalk], levels: Sequence[NumberLevel | None]) -> int:
    return sum(walk.speed.level in levels for walk in walks)


def left_right_flip_m(walks: Sequence[StrangerWalk]) -> float:
    """Left less right step that simgait adds towards the camera, less what it adds away from it.

    Half of the difference, root mean square over people and the detectors that saw them from both
    sides; NaN of none.
    """
    added: dict[tuple[str, str], dict[int, list[float]]] = {}
    for walk in walks:
        if walk.towards:
            left, right = walk.steps
            error = (left.found - left.true) - (right.found - right.true)
            seen = added.setdefault((walk.person, walk.detector), {})
            seen.setdefault(walk.towards, []).append(error)
    halves = [
        0.5 * (np.nanmean(own[1]) - np.nanmean(own[-1]))
        for own in added.values()
        if all(np.isfinite(own.get(way, [])).any() for way in (1, -1))
    ]
    return float(np.sqrt(np.mean(np.square(halves)))) if halves else NAN


def _knee_bias(walks: Sequence[StrangerWalk], percentile: int) -> float:
    pairs = [
        Read(walk.person, walk.detector, np.array([side[percentile] for side in walk.knees_deg]))
        for walk in walks
        if walk.knees_deg
    ]
    means = person_means(pairs)
    return float((means[:, 1] - means[:, 0]).mean()) if len(means) else NAN


def _coverage(walks: Sequence[StrangerWalk]) -> str:
    speed = [walk.speed.holds for walk in walks]
    steps = [step.holds for walk in walks for step in walk.steps]
    shares = [[float(held) for held in own if held is not None] for own in (speed, steps)]
    shares.append([share for walk in walks for share in walk.knee_within])
    return ", ".join(f"{100.0 * np.mean(own):.0f}" if own else "–" for own in shares)


def wrong_and_use(walks: Sequence[StrangerWalk]) -> int:
    """How many numbers may be used by their verdict, and are wrong (`WRONG`)."""
    numbers = [
        (one, WRONG[what])
        for walk in walks
        for what, own in (("speed", (walk.speed,)), ("step", walk.steps), ("stance", walk.stances))
        for one in own
    ]
    return sum(one.level == "use" and abs(one.found - one.true) > limit for one, limit in numbers)


def _plain(value: float, digits: int) -> str:
    return f"{value:.{digits}f}" if np.isfinite(value) else "–"


def _signed(value: float, digits: int) -> str:
    if not np.isfinite(value):
        return "–"
    text = f"{value:+.{digits}f}"
    return text if float(text) else text.replace("-", "+")
