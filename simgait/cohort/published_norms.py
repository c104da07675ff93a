"""Norms by age out of two MATLAB files that a user has: joint curves, and times and distances.

`Control_Kinematics.mat` holds, per age group, mean and SD of twelve angles at 51 points of the
cycle; `TempSpatNorms.mat` holds means of times and distances per year of age. Both come with WAAAG
(github.com/peruvianox/WAAAG, whose `GetControlKinematics.m` says the ages and whose comment on the
times says columns and units). Neither says of how many people it is; the second has no SD.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from jaxtyping import Float
from scipy.io import loadmat
from scipy.io.matlab import MatReadError

from simgait.compare.norm_curve_rows import MOST_DEG, PERCENT_COLUMN
from simgait.errors import InputError
from simgait.limits import AGE_YEARS
from simgait.parameters.catalogue import parameter
from simgait.parameters.norm_rows import COLUMNS

KINEMATICS, TIMES = "Control_Kinematics", "TempSpatNorms"
POINTS, ANGLES = 51, 12
CURVE_COLUMNS: Mapping[str, int] = {
    "pelvis_tilt_deg": 0, "pelvis_obliquity_deg": 1, "pelvis_rotation_deg": 2,
    "hip_flexion_deg": 3, "hip_adduction_deg": 4, "knee_flexion_deg": 6,
    "ankle_dorsiflexion_deg": 9,
}  # fmt: skip
"""Angle -> column. These have simgait's definition and sign: mean curves of each age group and
those of `parameters.normative_curves` go together (correlations of hip, knee and ankle flexion .97
or more, of hip adduction .94 or more, of the pelvis .95, .59 and .38 or more for obliquity,
rotation and the nearly flat tilt; means within 7°; 29 November 2026)."""
LEFT_OUT = (
    "hip rotation (its zero is that of the knee axis that a laboratory sets: correlation with "
    "simgait's curve -.5 to .4), knee ab- and adduction and rotation (simgait has none), and the "
    "two angles of the foot (simgait draws none)"
)
TIME_VALUES = 6
TIME_PARAMETERS = ("cadence_spm", "stride_length_m", "velocity_mps", "step_length_m")
SAME = 0.01
"""How far numbers that follow from each other may differ, as a share: they are rounded."""
MOST_BYTES = 4_000_000
LEAST_KNEE_RANGE_DEG = 10.0
"""A group's mean knee flexes and extends by 50° or more in a stride, in radians by about 1."""
_AGES = re.compile(r"Age(\d{1,3})(?:_(\d{1,3}))?")


@dataclass(frozen=True)
class PublishedNorms:
    """Rows of a table of norms, and what was left out.

    Attributes:
        rows: column -> cell, each.
        notes: sentences, what is not in it and why.
    """

    rows: tuple[Mapping[str, object], ...]
    notes: tuple[str, ...]


HEADING = (*COLUMNS, PERCENT_COLUMN)


def curve_norms(path: Path, source: str) -> PublishedNorms:
    """Points of joint curves by age.

    Args:
        path: of a `Control_Kinematics.mat`.
        source: whose numbers, as the rows say it.

    Raises:
        InputError: it cannot be read, or is not built as that file is.
    """
    rows: list[Mapping[str, object]] = []
    without: list[str] = []
    for name, group in _groups(path, KINEMATICS):
        ages = _ages(name)
        if ages is None:
            without.append(name)
            continue
        where = f"{path.name}: {name}"
        mean, sd = (_table(group, key, (POINTS, ANGLES), where) for key in ("Avg", "Std"))
        for key, column in CURVE_COLUMNS.items():
            _check_curve(mean[:, column], sd[:, column], f"{where}, {key}")
        knee = mean[:, CURVE_COLUMNS["knee_flexion_deg"]]
        if np.ptp(knee) < LEAST_KNEE_RANGE_DEG:
            raise InputError(
                f"{where}: its knee moves by {np.ptp(knee):.1f}°, so its angles are no degrees of "
                "people who walk; give the file as WAAAG has it, in degrees."
            )
        for key, column in CURVE_COLUMNS.items():
            for i, percent in enumerate(np.linspace(0.0, 100.0, POINTS)):
                rows.append(
                    _cells(key, ages, mean[i, column], sd[i, column], source)
                    | {PERCENT_COLUMN: percent}
                )
    notes = [f"{path.name}: left out are {LEFT_OUT}."]
    if without:
        notes.append(f"{path.name}: {', '.join(without)} names no ages and is left out.")
    return PublishedNorms(_some(rows, path), tuple(notes))


def time_norms(
    path: Path, source: str, sd_percent: Mapping[str, float], people: int | None
) -> PublishedNorms:
    """Cadence, speed, step and stride length by age, for which the user says SD and n.

    Args:
        path: of a `TempSpatNorms.mat`.
        source: whose numbers, as the rows say it.
        sd_percent: parameter -> SD between people in % of the mean, which the file lacks; what is
            not in it has no row.
        people: how many a row is of, which the file lacks; None where nobody said.

    Raises:
        InputError: it cannot be read or is not built as that file is, or an SD is none.
    """
    _check_said(sd_percent, people)
    rows: list[Mapping[str, object]] = []
    notes: list[str] = []
    said = f"{source}; SD and n as stated, not from the file"
    for name, group in _groups(path, TIMES):
        ages = _ages(name)
        if ages is None:
            notes.append(f"{path.name}: {name} names no ages and is left out.")
            continue
        values = _table(group, "TimeDist", (TIME_VALUES,), f"{path.name}: {name}")
        numbers, odd = _si_numbers(values)
        _check_walked(numbers, f"{path.name}: {name}")
        if odd:
            notes.append(
                f"{path.name}: {name}: {', '.join(odd)} does not go with its other numbers "
                "(speed = cadence × step, stride = two steps) and is left out."
            )
        for key, value in numbers.items():
            if key in sd_percent:
                row = _cells(key, ages, value, value * sd_percent[key] / 100.0, said)
                rows.append(row | {"n": people})
    lacking = [key for key in TIME_PARAMETERS if key not in sd_percent]
    if lacking:
        notes.append(
            f"{path.name}: has means alone; there is no range of {', '.join(lacking)} "
            "without an SD and n (--sd-percent PARAMETER=PERCENT --people N, with a source)."
        )
    notes.append(
        f"{path.name}: stance, swing and double support (one figure for all ages) and step width "
        "(between which points is not said) are left out."
    )
    return PublishedNorms(tuple(rows), tuple(notes))


def _check_said(sd_percent: Mapping[str, float], people: int | None) -> None:
    for key, percent in sd_percent.items():
        if key not in TIME_PARAMETERS or not 0.0 < percent < 100.0:
            raise InputError(
                f"--sd-percent: {key[:40]}={percent:g} is none; give one of "
                f"{', '.join(TIME_PARAMETERS)} and a percentage of its mean above 0 and below 100."
            )
    if sd_percent and (people is None or people < 2):
        raise InputError(
            "--people: a range needs how many people the SD is of; give 2 or more with it."
        )


def _si_numbers(values: Float[np.ndarray, "6"]) -> tuple[dict[str, float], list[str]]:
    """Cadence, lengths (m) and speed (m/s) that go together, and what does not."""
    cadence, stride_m, speed_m_per_min, left_cm, right_cm, _ = map(float, values)
    step_m = 0.5 * (left_cm + right_cm) / 100.0
    found = {
        "cadence_spm": cadence, "stride_length_m": stride_m,
        "velocity_mps": speed_m_per_min / 60.0, "step_length_m": step_m,
    }  # fmt: skip
    by_step = _alike(speed_m_per_min, cadence * step_m)
    by_stride = _alike(speed_m_per_min, 0.5 * cadence * stride_m)
    if by_step and by_stride:
        odd = []
    elif by_step:
        odd = ["stride_length_m"]
    elif by_stride:
        odd = ["step_length_m"]
    else:
        odd = list(found)
    return {key: value for key, value in found.items() if key not in odd}, odd


def _check_walked(numbers: Mapping[str, float], where: str) -> None:
    for key, value in numbers.items():
        one = parameter(key)
        if one.plausible is not None and not one.plausible.holds(value):
            raise InputError(
                f"{where}: nobody walks with a {key} of {value:g}; give the file as WAAAG has it "
                "(steps/min, m, m/min, cm)."
            )


def _alike(one: float, other: float) -> bool:
    return abs(one - other) <= SAME * abs(other)


def _cells(
    key: str, ages: tuple[int, int], mean: float, sd: float, source: str
) -> dict[str, object]:
    return {
        **dict.fromkeys(HEADING, ""), "parameter": key, "age_from_years": ages[0],
        "age_to_years": ages[1], "mean": float(mean), "sd": float(sd), "source": source,
    }  # fmt: skip


def _ages(name: str) -> tuple[int, int] | None:
    """From the first on and below the second: Age4_5 is of 4 and 5 years."""
    found = _AGES.fullmatch(name)
    return None if found is None else (int(found[1]), int(found[2] or found[1]) + 1)


def _groups(path: Path, name: str) -> Iterator[tuple[str, Any]]:
    """Name and content of each group of a file's one struct."""
    whole = _read(path, name)
    fields = getattr(whole, "_fieldnames", None)
    if not fields:
        raise InputError(
            f"{path.name}: holds no struct {name} with groups by age; give the {name}.mat that "
            "comes with WAAAG."
        )
    _check_ages(fields, path.name)
    yield from ((field, getattr(whole, field)) for field in fields)


def _check_ages(names: Iterable[str], file: str) -> None:
    """Refuse groups that a table of norms could not hold: of no age, or of the same ages."""
    groups = sorted((ages, name) for name in names if (ages := _ages(name)) is not None)
    for (first, below), name in groups:
        if not first < below <= AGE_YEARS.high + 1.0:
            raise InputError(f"{file}: {name} is no group of ages; give the file as WAAAG has it.")
    for ((_, below), one), ((first, _), other) in pairwise(groups):
        if first < below:
            raise InputError(
                f"{file}: {one} and {other} are of the same ages; take one of the groups out."
            )


def _read(path: Path, name: str) -> object:
    if not path.is_file():
        raise InputError(f"{path.name}: there is no such file; name your copy of {name}.mat.")
    size = path.stat().st_size
    if size > MOST_BYTES:
        raise InputError(
            f"{path.name}: has {size} bytes, more than norms need (at most {MOST_BYTES} are read); "
            f"give the {name}.mat that comes with WAAAG."
        )
    try:
        found = loadmat(path, squeeze_me=True, struct_as_record=False, variable_names=[name])
    except (
        MatReadError, ValueError, TypeError, KeyError, IndexError, NotImplementedError, OSError,
        EOFError, MemoryError, OverflowError, zlib.error, struct.error,
    ):  # fmt: skip
        raise InputError(
            f"{path.name}: is no MATLAB file that can be read (versions 4 to 7); give the "
            f"{name}.mat that comes with WAAAG, or save it in MATLAB with -v7."
        ) from None
    return found.get(name)


def _table(group: object, key: str, shape: tuple[int, ...], where: str) -> np.ndarray:
    try:
        given = np.asarray(getattr(group, key, None))
        found = given.astype(float) if given.dtype.kind != "c" else np.empty(0)
    except (TypeError, ValueError):
        found = np.empty(0)
    if found.shape != shape:
        size = " × ".join(map(str, shape))
        raise InputError(
            f"{where}: {key} is no table of {size} numbers; give the file as WAAAG has it."
        )
    return found


def _check_curve(mean: np.ndarray, sd: np.ndarray, where: str) -> None:
    if not (np.isfinite(mean).all() and np.isfinite(sd).all() and (sd > 0.0).all()):
        raise InputError(f"{where}: mean or SD is missing; give the file as WAAAG has it.")
    if max(abs(mean).max(), sd.max()) > MOST_DEG:
        raise InputError(
            f"{where}: mean or SD is no angle's, above {MOST_DEG:g}°; give the file as WAAAG has "
            "it, in degrees."
        )


def _some(rows: list[Mapping[str, object]], path: Path) -> tuple[Mapping[str, object], ...]:
    if not rows:
        raise InputError(
            f"{path.name}: has no group with an age (Age4_5); give the file as WAAAG has it."
        )
    return tuple(rows)
