"""How often `simgait compare` calls a number changed: where it did not, and by size where it did.

Synthetic people of the test split walk before a camera on five days; on the later ones with steps
as long as on the first or shorter. The same files, folders and verdicts as a user's.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from simgait.agreement.change import Shown
from simgait.benchmark.scorecard_page import table
from simgait.cohort.inputs import recordings_in
from simgait.cohort.results_folder import track_into
from simgait.cohort.visit_files import read_visit
from simgait.compare.compared_numbers import JointNumber
from simgait.compare.curve_change import PERCENT, CurveChange
from simgait.compare.visit_change import NumberChange, visit_change
from simgait.datasets.detector_copies import as_seen_by
from simgait.errors import InputError
from simgait.parameters.curves import CURVES
from simgait.parameters.wording import number
from simgait.pipeline import TrackOptions
from simgait.recordings.formats.npz import write_npz
from simgait.synthetic.detectors.named import DETECTORS
from simgait.synthetic.recording import of_unknown_detector, trial_from_walk
from simgait.synthetic.walkers.specification import WalkerSpec, draw_walker, walker_seed
from simgait.synthetic.walkers.walk import WalkTruth, walk
from simgait.tracking.policies import Policy

SHORTER = (0.0, 0.05, 0.10, 0.20, 0.30)
"""Chosen: shares by which steps are shorter on the later days, and speed with them."""
WALKS = 3
"""Of a visit: what docs/how-to/compare.md asks for."""
WALK_SPREAD = 0.03
"""SD of step length and of step time from walk to walk, / mean: speed then varies by 4 %, as the
0.05 m/s of the parameter catalogue (`WALK_SDS_FROM`) do of 1.2 m/s."""
DURATION_S = 6.0
FIRST_WALKER = 700
"""Of the test split; 0 to 199 are those of other tables."""
SEED = 71_000
SPEED = "velocity_mps"
SAGITTAL = ("hip_flexion", "knee_flexion", "ankle_dorsiflexion")
"""Joint angles with a column of their own."""
ADDED_DEG = (5.0, 10.0, 15.0, 20.0, 30.0)
"""Chosen: heights of humps that are added to curves."""
HUMP_PERCENT = 20.0
"""Chosen: their full width at half maximum, % of the cycle; a swing's bend of the knee has 30."""
FALSE_BAR = 5.0
"""Percent of unchanged numbers, and of unchanged curves, that may be called changed
(`agreement.change.LEVEL`)."""


@dataclass(frozen=True)
class Compared:
    """Two visits of a person.

    Attributes:
        shorter: by how much steps were shorter in the second.
        true_mps: change of the person's speed.
        numbers: what the page shows.
        curves: joint angles over the cycle.
    """

    shorter: float
    true_mps: float
    numbers: tuple[NumberChange, ...]
    curves: tuple[CurveChange, ...] = ()

    def judged(self, key: str = "") -> list[NumberChange]:
        """Numbers that can be compared, of one parameter or of all."""
        return [
            row
            for row in self.numbers
            if row.change.shown is not Shown.NOT_COMPARABLE
            and row.is_shown
            and key in ("", row.parameter.key)
        ]

    def judged_joints(self) -> list[NumberChange]:
        """Joint peaks and ranges that can be compared."""
        return [row for row in self.judged() if isinstance(row.parameter, JointNumber)]

    def judged_curves(self, coordinate: str = "") -> list[CurveChange]:
        """Curves that can be compared, of one joint angle or of all."""
        return [
            one
            for one in self.curves
            if one.found.shown is not Shown.NOT_COMPARABLE
            and coordinate in ("", one.curve.coordinate)
        ]


def compared_visits(
    folder: Path, policy: Policy, people: int, tell: Callable[[str], None] = lambda _: None
) -> list[Compared]:
    """Makes, tracks and compares visits; `folder` holds recordings and results, and goes on.

    Raises:
        InputError: the folder cannot be written to or holds other results.
    """
    made = folder / "recordings"
    made.mkdir(parents=True, exist_ok=True)
    specs = test_people(people)
    for person, spec in enumerate(specs):
        _write_person(made, person, spec)
    results = folder / "results"
    for _ in track_into(results, policy, recordings_in([made]), TrackOptions(), tell=tell):
        pass
    return [one for i, spec in enumerate(specs) for one in _compared(results, i, spec)]


def test_people(count: int) -> list[WalkerSpec]:
    """Who walks."""
    return [draw_walker(walker_seed("test", FIRST_WALKER + person)) for person in range(count)]


def day_code(person: int, day: int) -> str:
    """Of the person on one day: results of all days share a folder."""
    return f"P{person:03d}d{day}"


def _write_person(made: Path, person: int, spec: WalkerSpec) -> None:
    detector = DETECTORS[person % len(DETECTORS)]
    for day, shorter in enumerate((0.0, *SHORTER)):
        camera = np.random.default_rng([SEED, person, day])
        share = float(camera.uniform())
        for number_of in range(WALKS):
            name = f"{day_code(person, day)}w{number_of}"
            path = made / f"{name}.npz"
            if path.exists():
                continue
            truth = true_walk(spec, shorter, person, day, number_of)
            whole = trial_from_walk(truth, monocular=False).recording
            seed = SEED + 1000 * person + 100 * day
            seen = as_seen_by(
                detector, whole, spec.height_m, seed + number_of,
                camera_seed=seed, travel_share=share,
            )  # fmt: skip
            told = replace(
                of_unknown_detector(seen),
                subject_id=day_code(person, day),
                recording_id=name,
                height_m=spec.height_m,
            )
            write_npz(path, told)


def true_walk(spec: WalkerSpec, shorter: float, person: int, day: int, number_of: int) -> WalkTruth:
    """One of a person's walks on a day with shorter steps."""
    rng = np.random.default_rng([SEED, person, day, number_of])
    return walk(_varied(spec, shorter, rng), DURATION_S)


def _varied(spec: WalkerSpec, shorter: float, rng: np.random.Generator) -> WalkerSpec:
    """One walk of the person on a day with shorter steps."""
    length, time = np.exp(rng.normal(0.0, WALK_SPREAD, 2))
    left_m, right_m = (float(one * (1.0 - shorter) * length) for one in spec.step_length_m)
    left_s, right_s = (float(one * time) for one in spec.step_time_s)
    both_left_s, both_right_s = (float(one * time) for one in spec.double_support_s)
    return replace(
        spec,
        seed=int(rng.integers(2**31)),
        start_phase=float(rng.random()),
        step_length_m=(left_m, right_m),
        step_time_s=(left_s, right_s),
        double_support_s=(both_left_s, both_right_s),
    )


def _compared(results: Path, person: int, spec: WalkerSpec) -> Iterator[Compared]:
    """The first day against each later one; days without a walk are left out."""
    try:
        before = replace(read_visit(results, day_code(person, 0)), person="")
    except InputError:
        return
    for day, shorter in enumerate(SHORTER, start=1):
        try:
            after = replace(read_visit(results, day_code(person, day)), person="")
        except InputError:
            continue
        found = visit_change(before, after)
        yield Compared(shorter, -shorter * spec.speed_mps, found.numbers, found.curves)


def power_table(found: Sequence[Compared]) -> str:
    """By size of the change: how much of it is called changed."""
    head = (
        "steps shorter by", "people", "speed changed", "step length changed",
        "joint peaks and ranges changed", "any number changed",
        "slope of speed's difference on truth",
    )  # fmt: skip
    rows = []
    for shorter in SHORTER:
        own = [one for one in found if one.shorter == shorter]
        speeds, lengths, all_numbers = (
            [row for one in own for row in one.judged(key)] for key in (SPEED, "step_length_m", "")
        )
        joints = [row for one in own for row in one.judged_joints()]
        counts = map(_changed, (speeds, lengths, joints, all_numbers))
        rows.append((f"{100 * shorter:.0f} %", str(len(own)), *counts, ""))
    rows.append(("all", str(len(found)), "", "", "", "", _slope(found)))
    return table(head, rows)


def curve_table(found: Sequence[Compared]) -> str:
    """By size of the change: how many whole curves are called changed.

    The last column is the median, over the curves, of what is detectable on average over the cycle.
    """
    joints = [curve.coordinate for curve in CURVES if curve.coordinate in SAGITTAL]
    head = (
        "steps shorter by", "people", *(f"{one.replace('_', ' ')} changed" for one in joints),
        "any curve changed", "detectable, median (deg)",
    )  # fmt: skip
    rows = []
    for shorter in SHORTER:
        own = [one for one in found if one.shorter == shorter]
        counts = [_share(one.judged_curves(joint) for one in own) for joint in (*joints, "")]
        curves = [curve for one in own for curve in one.judged_curves()]
        reach = [float(np.nanmean(curve.found.detectable)) for curve in curves]
        median = number(float(np.median(reach)), 0) if reach else "–"
        rows.append((f"{100 * shorter:.0f} %", str(len(own)), *counts, median))
    return table(head, rows)


def curve_power_table(found: Sequence[Compared]) -> str:
    """How many unchanged people's curves are called changed once a hump of known height is added.

    The hump stands in the second visit's curves at 0, 10 .. 90 % of the cycle, one after another;
    it is the same in all of its walks, so that the limits stay.
    """
    joints = [curve.coordinate for curve in CURVES if curve.coordinate in SAGITTAL]
    head = ("added change", *(one.replace("_", " ") for one in joints), "any curve")
    unchanged = [one for one in found if one.shorter == 0.0]
    columns = [
        [curve for one in unchanged for curve in one.judged_curves(joint)]
        for joint in (*joints, "")
    ]
    return table(head, shares_with_humps(columns))


def shares_with_humps(columns: Sequence[Sequence[CurveChange]]) -> list[tuple[str, ...]]:
    """A row for each height of hump: of each column's curves with it, how many are changed."""
    rows = []
    for height_deg in ADDED_DEG:
        cells = []
        for curves in columns:
            shown = [is_shown for curve in curves for is_shown in _with_humps(curve, height_deg)]
            cells.append(f"{100.0 * float(np.mean(shown)):.0f} %" if shown else "–")
        rows.append((f"{height_deg:g}°", *cells))
    return rows


def _with_humps(curve: CurveChange, height_deg: float) -> Iterator[bool]:
    """Whether the curve with each of the humps is called changed."""
    for at in range(0, 100, 10):
        from_top = (PERCENT - at + 50.0) % 100.0 - 50.0
        hump_deg = height_deg * np.exp(-4.0 * math.log(2.0) * (from_top / HUMP_PERCENT) ** 2)
        changed = replace(curve.found, after=curve.found.after + hump_deg)
        yield changed.shown is Shown.CHANGED


def _share(of_people: Iterable[Sequence[CurveChange]]) -> str:
    curves = [curve for own in of_people for curve in own]
    changed = sum(curve.found.shown is Shown.CHANGED for curve in curves)
    return f"{changed} of {len(curves)}"


def false_curve_percent(found: Sequence[Compared]) -> float:
    """Of unchanged people's curves, how many are called changed; NaN where none can be judged."""
    return percent_shown(
        [curve for one in found if one.shorter == 0.0 for curve in one.judged_curves()]
    )


def percent_shown(curves: Sequence[CurveChange]) -> float:
    """Of curves, how many are called changed; NaN of none."""
    if not curves:
        return math.nan
    return 100.0 * float(np.mean([one.found.shown is Shown.CHANGED for one in curves]))


def false_percent(found: Sequence[Compared]) -> float:
    """Of unchanged people's numbers, how many are called changed; NaN where none can be judged."""
    rows = [row for one in found if one.shorter == 0.0 for row in one.judged()]
    if not rows:
        return math.nan
    return 100.0 * float(np.mean([row.change.shown is Shown.CHANGED for row in rows]))


def _changed(rows: Sequence[NumberChange]) -> str:
    changed = sum(row.change.shown is Shown.CHANGED for row in rows)
    return f"{changed} of {len(rows)}"


def _slope(found: Sequence[Compared]) -> str:
    pairs = [(one.true_mps, row.change.difference) for one in found for row in one.judged(SPEED)]
    if len({true for true, _ in pairs}) < 2:  # noqa: PLR2004 (a line needs two)
        return "–"
    true, estimated = np.array(pairs).T
    return number(float(np.polyfit(true, estimated, 1)[0]), 2)
