"""Writes simgait/parameters/norm_rows.csv: healthy adults' gait by age, sex and walking speed.

    python scripts/norm_rows.py [H2A_stats_input_51subs.csv]

Of BMClab's table of 51 healthy adults (CC BY 4.0; `norm_sources.csv` names it), each at six
walking speeds: 40, 55, 70, 85, 100 and 115 % of the comfortable one. Means and SDs between people
are computed here; the table itself stays outside.

Every number is first that of a person of 1.70 m of the same dimensionless gait (Hof 1996, Gait
Posture 4:222-223; lengths go with height, times with its square root), so that tall and short
people are one group. At a speed, each person counts once: with the value on the line between the
two speeds that enclose it, and not at all where nobody of hers or his was so slow or so fast.
"""

from __future__ import annotations

import csv
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from jaxtyping import Float

ROOT = Path(__file__).resolve().parents[1]
OUT = ROOT / "simgait" / "parameters" / "norm_rows.csv"
SOURCE = "bmclab"
HEIGHT_M = 1.70
COLUMNS = (
    "parameter", "age_from_years", "age_to_years", "sex", "surface", "speed_from_mps",
    "speed_to_mps", "height_m", "mean", "sd", "n", "source",
)  # fmt: skip
BELT = "treadmill"
"""Where rows at a speed hold: people's speeds are multiples of their comfortable one to 0.01 m/s,
which a belt alone holds, and their steps are as short as on a belt (docs/history/norms.md)."""
AGES = {"Young": (21, 38), "Older": (50, 85)}
"""Group of the table -> from this age to below that: its people are 21 to 37 and 50 to 84."""
SEXES = {"": "FM", "female": "F", "male": "M"}
FEWEST = 8
"""People of a row. Chosen: the range of 95 % of such people is then 2.5 SD to either side."""
STEP_MPS = 0.1
"""Width of a band of speeds. Chosen: cadence changes by 5 steps/min over it, half an SD."""
COMFORTABLE = "V5"
Row = tuple[str, ...]


Walks = Float[np.ndarray, " V"]
"""A number of each of a person's walks, the slowest first."""


@dataclass(frozen=True)
class Person:
    """One of the table, as if 1.70 m tall.

    Attributes:
        ages: of the group, years.
        sex: F or M.
        comfortable: which walk is at the comfortable speed.
        speeds_mps: of the walks.
        gait: parameter -> value in its stored unit at each speed.
    """

    ages: tuple[int, int]
    sex: str
    comfortable: int
    speeds_mps: Walks
    gait: dict[str, Walks]


def people_of(path: Path) -> list[Person]:
    """Everybody in the table."""
    with path.open(newline="", encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    people = []
    for subject in dict.fromkeys(line["Subject"] for line in lines):
        own = sorted(
            (line for line in lines if line["Subject"] == subject),
            key=lambda line: float(line["Speed"]),
        )
        ratio = HEIGHT_M / float(own[0]["Height"])
        speed, length, cadence = (
            np.array([float(line[name]) for line in own])
            for name in ("Speed", "StepLength", "Cadence")
        )
        lengths_m, cadences_spm = length * ratio, cadence * ratio**-0.5
        gait = {
            "cadence_spm": cadences_spm,
            "step_length_m": lengths_m,
            "step_time_s": 60.0 / cadences_spm,
            "stride_length_m": 2.0 * lengths_m,
            "stride_time_s": 120.0 / cadences_spm,
        }
        comfortable = [line["SpeedCat"] for line in own].index(COMFORTABLE)
        person = AGES[own[0]["AgeGroup"]], own[0]["Gender"], comfortable
        people.append(Person(*person, speed * ratio**0.5, gait))
    return people


def row_of(
    parameter: str, ages: tuple[int, int], sex: str, speeds: tuple[str, ...], values: list[float]
) -> list[Row]:
    """The row of these people; none of too few. `speeds` are surface and ends of the band."""
    if len(values) < FEWEST:
        return []
    mean, sd = (f"{x:.4g}" for x in (np.mean(values), np.std(values, ddof=1)))
    numbers = (*map(str, ages), sex, *speeds, f"{HEIGHT_M:.2f}", mean, sd, str(len(values)))
    return [(parameter, *numbers, SOURCE)]


def rows_of(people: list[Person]) -> list[Row]:
    """All rows, sorted."""
    rows: list[Row] = []
    for ages in AGES.values():
        for sex, letters in SEXES.items():
            group = [one for one in people if one.ages == ages and one.sex in letters]
            own = [float(one.speeds_mps[one.comfortable]) for one in group]
            rows += row_of("velocity_mps", ages, sex, ("", "", ""), own)
            for tenth in range(20):
                low_mps, high_mps = tenth * STEP_MPS, (tenth + 1) * STEP_MPS
                rows += _at_speed(group, ages, sex, low_mps, high_mps)
    return sorted(rows, key=_order)


def _at_speed(
    group: list[Person], ages: tuple[int, int], sex: str, low_mps: float, high_mps: float
) -> list[Row]:
    middle_mps = 0.5 * (low_mps + high_mps)
    inside = [
        one for one in group if one.speeds_mps[0] <= middle_mps <= one.speeds_mps[-1]
    ]  # fmt: skip
    rows: list[Row] = []
    for parameter in group[0].gait:
        values = [float(np.interp(middle_mps, p.speeds_mps, p.gait[parameter])) for p in inside]
        rows += row_of(parameter, ages, sex, (BELT, f"{low_mps:.1f}", f"{high_mps:.1f}"), values)
    return rows


def _order(row: Row) -> tuple[str, float, str, float]:
    return row[0], float(row[1]), row[3], float(row[5] or 0.0)


def default_table() -> Path:
    """Where the table lies."""
    data = Path(os.environ.get("SIMGAIT_DATA", ROOT.parent / "shared" / "data"))
    return data / "bmclab_walk" / "H2A_stats_input_51subs.csv"


def text_of(rows: list[Row]) -> str:
    """The file."""
    return "".join(",".join(row) + "\n" for row in (COLUMNS, *rows))


def main() -> None:
    """Write the file."""
    table = Path(sys.argv[1]) if len(sys.argv) > 1 else default_table()
    rows = rows_of(people_of(table))
    OUT.write_text(text_of(rows), encoding="utf-8")
    print(f"{OUT.name}: {len(rows)} rows")


if __name__ == "__main__":
    main()
