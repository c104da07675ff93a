"""Joint curves of healthy people of one age, of a user's own norms: mean and SD over the cycle.

A page draws them behind a person's curves, mean ± 1 SD. Nobody is called low or high by them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float

from simgait.limits import ADULT_YEARS

PERCENT = np.arange(101.0)


@dataclass(frozen=True)
class CurveNorm:
    """One joint angle over the gait cycle in one group of healthy people.

    Attributes:
        coordinate: of the angle, without side and unit ("knee_flexion").
        age_from_years, age_to_years: the group's ages, from the first on and below the second.
        points: (percent of the cycle, mean in deg, SD between people in deg), by percent from 0 to
            100, in clinical signs.
        source: whose numbers.
        sex: "female", "male", or "" of both.
    """

    coordinate: str
    age_from_years: float
    age_to_years: float
    points: tuple[tuple[float, float, float], ...]
    source: str
    sex: str = ""

    def mean_sd(self) -> tuple[Float[np.ndarray, "101"], Float[np.ndarray, "101"]]:
        """Mean and SD (deg) at 0, 1 .. 100 % of the cycle, on straight lines between points."""
        percent, mean, sd = np.array(self.points, float).T
        return np.interp(PERCENT, percent, mean), np.interp(PERCENT, percent, sd)

    def is_of(self, age_years: float, sex: str | None) -> bool:
        """Whether somebody of this age and sex is one of the group."""
        return self.age_from_years <= age_years < self.age_to_years and self.sex in ("", sex)

    @property
    def key(self) -> tuple[str, str, float, float]:
        """What tells it from the other curves of a table."""
        return self.coordinate, self.sex, self.age_from_years, self.age_to_years

    @property
    def people(self) -> str:
        """Of whom it is: "children of 6 to 7 years"."""
        words = {"": ("children", "people", "adults"), "female": ("girls", "women and girls",
                 "women"), "male": ("boys", "men and boys", "men")}[self.sex]  # fmt: skip
        which = 2 if self.age_from_years >= ADULT_YEARS else int(self.age_to_years > ADULT_YEARS)
        first, below = self.age_from_years, self.age_to_years
        if not (first.is_integer() and below.is_integer()):
            return f"{words[which]} of {first:g} to below {below:g} years"
        last = "" if below == first + 1.0 else f" to {below - 1.0:g}"
        return f"{words[which]} of {first:g}{last} years"


def curves_for(
    curves: Sequence[CurveNorm], age_years: float | None, sex: str | None
) -> dict[str, CurveNorm]:
    """Coordinate -> the curve of a person's age; one of the sex comes before one of both.

    Empty where nobody said the age, or no curve is of it.
    """
    if age_years is None:
        return {}
    fitting = [one for one in curves if one.is_of(age_years, sex)]
    return {one.coordinate: one for one in sorted(fitting, key=lambda one: one.sex != "")}
