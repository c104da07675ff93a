"""What people and recordings can be: limits that catch wrong units and typing errors.

They are as wide as people are, so that whatever lies outside is a mistake and is refused with a
sentence that says which. Every reader, option and table takes them from here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.errors import InputError
from simgait.option_names import option


@dataclass(frozen=True)
class Limits:
    """The smallest and the largest value that can be, both included."""

    low: float
    high: float

    def __contains__(self, value: object) -> bool:
        """Whether a number lies within; NaN does not."""
        return isinstance(value, float | int | np.number) and self.low <= float(value) <= self.high

    def __str__(self) -> str:
        """As in a sentence: "0.6 to 2.4"."""
        return f"{self.low:g} to {self.high:g}"


HEIGHT_M = Limits(0.6, 2.4)
"""Whoever walks. The first children walk alone at 9 months, when a girl 3 SD below the mean
measures 0.63 m (WHO Child Growth Standards 2006); only a handful of people are taller than 2.4 m.
"""
NORM_HEIGHT_M = Limits(0.8, 2.4)
"""Whoever gets a normal range beside the result. Scaling adults' gait holds from about 7 years on
(`parameters.norms`); toddlers, whose gait is another one, get none."""
AGE_YEARS = Limits(0.5, 120.0)
"""Whoever walks: the first children do at 9 months, nobody was older than 122."""
ADULT_YEARS = 18.0
"""From which age on somebody is compared with healthy adults."""
MASS_KG = Limits(5.0, 300.0)
"""A girl of 9 months, 3 SD below the mean, weighs 5.8 kg (the same standards)."""
KG_PER_POUND = 0.45359237
BODY_MASS_INDEX = Limits(10.0, 60.0)
"""In kg/m². A choice: starving adults were seen down to 10 (Henry 1990, Eur J Clin Nutr 44:329-335,
puts the limit of survival at 10 to 13), and above 60 hardly anybody walks. Outside is a doubt."""
DISTANCE_M = Limits(0.5, 500.0)
"""That somebody walks straight within one recording."""
CAMERA_DISTANCE_M = Limits(0.5, 50.0)
"""From the way to a rendered clip's camera: farther nobody is more than some 20 pixels tall."""
WALKING_SPEED_MPS = Limits(0.08, 4.0)
"""The slowest gait that is plausible (mobgap's ranges begin at .08 m/s), and a run."""
TRAVEL_FACTOR = Limits(0.4, 2.5)
"""Of a detector's path: fields of view of 30 to 90° for an assumed 55° make 0.5 to 1.9."""
FPS_HZ = Limits(10.0, 2000.0)
"""From 5 Hz walking has next to no power (Winter et al. 1974, J Biomech 7:479-486), and 10 Hz is
what shows 5 Hz; the fastest cameras of gait laboratories reach 2000 Hz."""

MIB = 1 << 20
"""Bytes."""
MOST_POSITION = 1e9
"""In any unit: 1000 km in millimetres. Some programs write such numbers where nothing was seen."""
MOST_ARRAY_BYTES = 1024 * MIB
"""Of one array, unpacked: an hour at 120 Hz of 100 points in doubles."""
MOST_FILE_BYTES = 2048 * MIB
"""Of a binary recording: an hour at 100 Hz with 60 analog channels at 2000 Hz."""
MOST_COLUMNS = 10_000
"""Of a table: 2500 points with confidence, where body, hands and face together have 553."""
CHILD_CPU_S, CHILD_CPU_S_PER_MIB = 5, 2
CHILD_BYTES, CHILD_BYTES_PER_BYTE = 1024 * MIB, 60
"""Of a process that a C++ library reads a foreign file in. Measured with ezc3d 1.7.2: 0.5 s for
each MiB, and 25 bytes for each byte of the file."""


def child_limits(file_bytes: int) -> tuple[int, int]:
    """Seconds of work and bytes of memory that reading a file of this size may take."""
    return (
        CHILD_CPU_S + CHILD_CPU_S_PER_MIB * (file_bytes // MIB),
        CHILD_BYTES + CHILD_BYTES_PER_BYTE * file_bytes,
    )


def check_size(n: int, most: int, what: str, where: str) -> None:
    """A count that a file states or has, before anything of that size is made.

    Raises:
        InputError: more than `most`; `what` names the things counted, in the plural.
    """
    if n > most:
        raise InputError(
            f"{where}: {n} {what} are more than one recording has (at most {most} are read); cut "
            "it into shorter ones, or check where the file comes from."
        )


_HEIGHTS_IN = (
    ("centimetres", 0.01, 0.0), ("millimetres", 0.001, 0.0), ("feet", 0.3048, 1.0),
    ("inches", 0.0254, 1.0),
)  # fmt: skip
"""Unit, its size in metres, and from which height on it is guessed: 2.5 is rather a mistake than a
child of two and a half feet."""


def check_height(height_m: float | None, where: str) -> float | None:
    """A body height in metres, or None.

    Raises:
        InputError: outside `HEIGHT_M`; says so if another unit would fit.
    """
    if height_m is None or float(height_m) in HEIGHT_M:
        return None if height_m is None else float(height_m)
    height = float(height_m)
    said = option("height_m")
    fits = {
        unit: height * size
        for unit, size, people_m in _HEIGHTS_IN
        if height * size in HEIGHT_M and height * size >= people_m
    }
    looks = " or ".join(f"{unit}, so give {m:.2f}" for unit, m in fits.items())
    usual = f"give the person's height in metres, {HEIGHT_M},"
    advice = f"it looks like {looks}" if fits else usual
    raise InputError(f"{where}: a height of {height:g} m is no person's; {advice} with {said}.")


def check_mass(mass_kg: float | None, where: str) -> float | None:
    """A body mass in kilograms, or None.

    Raises:
        InputError: outside `MASS_KG`.
    """
    if mass_kg is None:
        return None
    if float(mass_kg) not in MASS_KG:
        raise InputError(
            f"{where}: a mass of {float(mass_kg):g} kg is no person's; give it in kilograms with "
            f"{option('mass_kg')}."
        )
    return float(mass_kg)


def body_mass_note(height_m: float | None, mass_kg: float | None) -> str:
    """A sentence on a mass that hardly anybody of this height has; "" where it may be."""
    if height_m is None or mass_kg is None:
        return ""
    index = mass_kg / height_m**2
    if index in BODY_MASS_INDEX:
        return ""
    in_pounds = KG_PER_POUND * index in BODY_MASS_INDEX
    looks = f"; as pounds it would be {KG_PER_POUND * mass_kg:.0f} kg" if in_pounds else ""
    return (
        f"{mass_kg:g} kg at {height_m:.2f} m are a body mass index of {index:.0f} kg/m² (usual "
        f"are {BODY_MASS_INDEX}): check the mass and the height{looks}."
    )


def check_distance(distance_m: float | None, where: str) -> float | None:
    """A distance walked in metres, or None.

    Raises:
        InputError: outside `DISTANCE_M`; says so if centimetres or millimetres would fit.
    """
    if distance_m is None or float(distance_m) in DISTANCE_M:
        return None if distance_m is None else float(distance_m)
    distance = float(distance_m)
    fits = {"centimetres": distance / 100.0, "millimetres": distance / 1000.0}
    advice = next(
        (f"if it is in {unit}, give {m:g}" for unit, m in fits.items() if m in DISTANCE_M),
        f"give it in metres, {DISTANCE_M}",
    )
    raise InputError(f"{where}: nobody walks {distance:g} m in one recording; {advice}.")


def check_walking_speed(speed_mps: float | None, where: str) -> float | None:
    """A walking speed in m/s, or None.

    Raises:
        InputError: outside `WALKING_SPEED_MPS`; says so if kilometres an hour would fit.
    """
    if speed_mps is None or float(speed_mps) in WALKING_SPEED_MPS:
        return None if speed_mps is None else float(speed_mps)
    speed = float(speed_mps)
    advice = f"give it in m/s, {WALKING_SPEED_MPS}"
    if speed / 3.6 in WALKING_SPEED_MPS:
        advice = f"if it is in km/h, give {speed / 3.6:.2f}"
    raise InputError(f"{where}: nobody walks at {speed:g} m/s; {advice}.")


def check_travel_factor(factor: float | None, where: str) -> float | None:
    """What a detector's path is multiplied by, or None.

    Raises:
        InputError: outside `TRAVEL_FACTOR`.
    """
    if factor is None or float(factor) in TRAVEL_FACTOR:
        return None if factor is None else float(factor)
    raise InputError(
        f"{where}: a path is multiplied by {TRAVEL_FACTOR}, not by {float(factor):g}; 1 leaves it "
        "as it is."
    )


def check_fps(fps_hz: float | None, where: str) -> float:
    """The frame rate (Hz), if it is one.

    Raises:
        InputError: absent, or outside `FPS_HZ`.
    """
    if fps_hz is None:
        raise InputError(
            f"{where}: no frame rate is given; state it in Hz with {option('fps_hz')}, or give "
            "time stamps."
        )
    # To six digits: time stamps of 10 Hz are a hair off 10 Hz, as sums of 0.1 s are.
    if float(f"{fps_hz:.6g}") not in FPS_HZ:
        raise InputError(
            f"{where}: {fps_hz:.6g} frames per second cannot be right ({FPS_HZ} are); state the "
            f"camera's frame rate with {option('fps_hz')}, or time stamps in seconds."
        )
    return float(fps_hz)


def check_times(time_s: Float[np.ndarray, " T"], where: str) -> None:
    """Time stamps (s) must be finite, increase, and run at a rate within `FPS_HZ`.

    Raises:
        InputError: they do not, or there are fewer than two.
    """
    if len(time_s) < 2:
        count = "1 frame" if len(time_s) else "no frame"
        raise InputError(f"{where}: the recording holds {count}; record a few seconds.")
    if not np.isfinite(time_s).all():
        raise InputError(f"{where}: some time stamps are missing (NaN); give one for every frame.")
    steps_s = np.diff(time_s)
    if (steps_s <= 0.0).any():
        frame = int(np.argmax(steps_s <= 0.0)) + 1
        raise InputError(
            f"{where}: time stamps do not increase at frame {frame} "
            f"({time_s[frame - 1]:.3f} s then {time_s[frame]:.3f} s); check the time column."
        )
    step = float(np.median(steps_s))
    unit = _unit_of_step(step, bool(np.allclose(steps_s, np.round(steps_s))))
    if 1.0 / step not in FPS_HZ and unit:
        raise InputError(
            f"{where}: the time stamps are {step:.6g} apart, so they look like {unit}; give "
            f"seconds, or the frame rate in Hz with {option('fps_hz')}."
        )
    check_fps(1.0 / step, where)


def _unit_of_step(step: float, whole: bool) -> str:
    """What time stamps count that are no seconds; "" where nothing fits."""
    if whole and step == 1.0:
        return "numbers of frames"
    if step < 2.0:
        return ""  # 1.5 s may be a slow camera's; nobody writes 0.7 ms
    units = (("milliseconds", 1e3), ("microseconds", 1e6), ("nanoseconds", 1e9))
    return next((name for name, per_second in units if per_second / step in FPS_HZ), "")
