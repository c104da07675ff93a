"""Bands of normal walkers by body height, so that children are held against children.

Height stands for age: everybody's is known, and simgait's walkers have a height and no age.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from jaxtyping import Float
from pydantic import BaseModel, ConfigDict, Field

from simgait.companions.gengait.curves import mean_curves_deg
from simgait.companions.gengait.cycles import SAMPLES
from simgait.companions.gengait.data import PersonsWalk
from simgait.companions.gengait.joints import ANGLES

CHILD_BELOW_M = 1.40
"""The least height of simgait's adults; by WHO's growth reference (2007) half of the girls and boys
are so tall at ten years (1.39 and 1.38 m)."""
YOUNG_BELOW_M = 1.20
"""Half of the children are so tall at seven years (1.21 and 1.22 m); from then on gait changes
little (Sutherland et al. 1988, The Development of Mature Walking)."""
EDGES_M = (0.0, YOUNG_BELOW_M, CHILD_BELOW_M, np.inf)
FEWEST_OWN = 10
"""People of a laboratory's own at least, for a band to be theirs; with ten an SD is known to a
quarter of itself."""


class BandOf(BaseModel):
    """Whose band it is, as a card says it.

    Attributes:
        from_m, below_m: heights that it is for; None without an end.
        people: how many it was made of; None where no card says it.
        own: whether they are a laboratory's own.
    """

    model_config = ConfigDict(frozen=True, strict=True)

    from_m: float = Field(ge=0)
    below_m: float | None = None
    people: int | None = None
    own: bool = False

    def holds(self, height_m: float) -> bool:
        """Whether it is for somebody so tall."""
        return self.from_m <= height_m and (self.below_m is None or height_m < self.below_m)

    @property
    def words(self) -> str:
        """Of whom it was made: "synthetic walkers of 1.20 to 1.40 m"."""
        who = "people of the laboratory's own" if self.own else "synthetic walkers"
        if self.people is None:
            return f"{who} of all heights"
        if self.below_m is None:
            return f"{who} from {self.from_m:.2f} m on"
        if not self.from_m:
            return f"{who} below {self.below_m:.2f} m"
        return f"{who} of {self.from_m:.2f} to {self.below_m:.2f} m"


OF_EVERYBODY = BandOf(from_m=CHILD_BELOW_M)
"""The one band of cards that name none: of walkers of all heights, and not for children."""


@dataclass(frozen=True)
class Bands:
    """Mean cycles of normal people and their SD, by height.

    Attributes:
        of: whose each of the G is.
        mean_deg, sd_deg: group x sample of the cycle x angle.
    """

    of: tuple[BandOf, ...]
    mean_deg: Float[np.ndarray, "G 28 10"]
    sd_deg: Float[np.ndarray, "G 28 10"]

    def band_for(
        self, height_m: float
    ) -> tuple[BandOf | None, Float[np.ndarray, "28 10"], Float[np.ndarray, "28 10"]]:
        """Whose the band for somebody so tall is, its mean and SD; None and NaN without one."""
        for one, mean, sd in zip(self.of, self.mean_deg, self.sd_deg, strict=True):
            if one.holds(height_m):
                return one, mean, sd
        none = np.full(self.mean_deg.shape[1:], np.nan)
        return None, none, none


def bands_of(walkers: Sequence[PersonsWalk], own: Sequence[PersonsWalk] = ()) -> Bands:
    """Bands by height: of a laboratory's own people where enough are so tall, else of walkers.

    Heights of which there are fewer than `FEWEST_OWN` of either have no band. People of whom an
    angle is not known throughout are not counted.

    Args:
        walkers: of whom a network learned.
        own: walks of a laboratory's own people.
    """
    groups: list[BandOf] = []
    curves: list[Float[np.ndarray, "P 28 10"]] = []
    of_walkers, of_own = _of_people(walkers), _of_people(own)
    for least, below in pairwise(EDGES_M):
        for is_own, people in ((True, of_own), (False, of_walkers)):
            inside = [mean for mean, height_m in people if least <= height_m < below]
            if len(inside) >= FEWEST_OWN:
                end = None if np.isinf(below) else below
                groups.append(BandOf(from_m=least, below_m=end, people=len(inside), own=is_own))
                curves.append(np.stack(inside))
                break
    empty = np.zeros((0, SAMPLES, len(ANGLES)))
    mean = np.stack([one.mean(axis=0) for one in curves]) if curves else empty
    sd = np.stack([one.std(axis=0) for one in curves]) if curves else empty
    return Bands(tuple(groups), mean, sd)


def _of_people(walks: Sequence[PersonsWalk]) -> list[tuple[Float[np.ndarray, "28 10"], float]]:
    """Each person's mean cycle and height, of those whose angles are all known."""
    found = []
    for person in dict.fromkeys(one.person for one in walks):
        own = [one for one in walks if one.person == person]
        curve = np.mean([mean_curves_deg(one.walk) for one in own], axis=0)
        if np.isfinite(curve).all():
            found.append((curve, float(np.mean([one.height_m for one in own]))))
    return found
