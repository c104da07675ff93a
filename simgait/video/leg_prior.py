"""How legs stand to the hips, by what the picture shows over half a second: a linear regression.

A picture says little of what lies along its rays, and BlazePose shows less than half of how ankles
rise and fall. Both were learned from synthetic walkers, seen by drawn cameras, with errors like
the detector's (`scripts/make_leg_prior.py`): the weights multiply places of the joints in the
picture at nine moments by functions of the view.
"""

from __future__ import annotations

import hashlib
import io
import json
from dataclasses import dataclass
from functools import cache

import numpy as np
from jaxtyping import Float, Int

from simgait.errors import InputError
from simgait.resources import resource_dir
from simgait.video.placing import ray_rotations

FOLDER, FILE, CARD = "leg_prior", "weights.npz", "card.json"
MOMENTS_S = np.arange(-4, 5) / 15.0
"""Around a picture: more than half a stride in all."""
SHOULDERS, HIPS, KNEES, ANKLES, HEELS, TOES = ((i, i + 1) for i in range(0, 12, 2))
"""Places among the points, left before right."""
OTHER_SIDE = np.arange(12).reshape(6, 2)[:, ::-1].ravel()
WITH_FEET, WITHOUT_FEET = np.arange(2, 12), np.arange(2, 8)
"""Points whose places are looked at."""
N_VIEWS = 9
"""Functions of the view in `columns`."""
USUAL_SIZE = 0.15
"""Shoulders to ankles over the distance: an adult's at 8 m."""
GAINS = (0.7, 2.5)
"""By which an expected swing may be stretched; what asks for more is no walk or no rhythm."""
TARGETS = ("knee", "ankle", "heel", "toe", "reach")
"""Of one leg: how far these are ahead of the middle of the hips, and from hip to ankle; in leg
lengths (thigh and shank)."""


@dataclass(frozen=True)
class Pictured:
    """A person who walks, on axes along the ray to the hips, in sizes from shoulders to ankles.

    Attributes:
        places: (T, 12, 2) of the points to the middle of the hips, right and down.
        along: (T,) cosine of the way and the ray; across: its sine, positive to the right.
        down: (T,) slope of the ray.
        size: (T,) of the person, over the distance.
    """

    places: Float[np.ndarray, "T 12 2"]
    along: Float[np.ndarray, " T"]
    across: Float[np.ndarray, " T"]
    down: Float[np.ndarray, " T"]
    size: Float[np.ndarray, " T"]

    @property
    def mirrored(self) -> Pictured:
        """The same in a mirror, in which left is right."""
        places = self.places[:, OTHER_SIDE] * [-1.0, 1.0]
        return Pictured(places, self.along, -self.across, self.down, self.size)


@dataclass(frozen=True)
class Legs:
    """What is expected: left and right.

    Attributes:
        ahead: (T, k, 2) of knee, ankle, and of heel and toe where feet were seen: along the way
            before the middle of the hips.
        reach: (T, 2) from hip to ankle.
    """

    ahead: Float[np.ndarray, "T k 2"]
    reach: Float[np.ndarray, "T 2"]

    @property
    def apart(self) -> Float[np.ndarray, " T"]:
        """How far the left ankle is before the right."""
        return np.asarray(self.ahead[:, 1, 0] - self.ahead[:, 1, 1])

    def as_fast_as(
        self,
        speed: Float[np.ndarray, " T"],
        stands: Float[np.ndarray, "T 2"],
        rate_hz: float,
    ) -> Legs:
        """Swinging so far that ankles of standing feet go back as fast as the hips go ahead.

        Args:
            speed: of the hips, leg lengths a second.
            stands: how surely ankles stand still.
            rate_hz: of the pictures.
        """
        back = -np.gradient(self.ahead[:, 1], axis=0) * rate_hz
        gone = float((stands * back).sum())
        gain = float((stands * speed[:, None]).sum()) / gone if gone > 0.0 else 1.0
        middle = self.ahead.mean(axis=(0, 2), keepdims=True)
        return Legs(middle + np.clip(gain, *GAINS) * (self.ahead - middle), self.reach)


def expected_legs(
    rays: Float[np.ndarray, "T 12 2"],
    ways: Float[np.ndarray, "T 3"],
    rate_hz: float,
    with_feet: bool = True,
) -> Legs:
    """Expect the legs' places, in leg lengths.

    Args:
        rays: x/z and y/z towards the points.
        ways: directions in which the person goes, level in the picture.
        rate_hz: of the pictures.
        with_feet: whether heels and toes were seen.
    """
    seen = pictured(rays, ways, rate_hz)
    weights = load_leg_prior()["with_feet" if with_feet else "without_feet"]
    sides = [columns(one, rate_hz, with_feet) @ weights for one in (seen, seen.mirrored)]
    both = np.stack(sides, axis=-1)
    return Legs(both[:, : 4 if with_feet else 2], both[:, 4])


def pictured(
    rays: Float[np.ndarray, "T 12 2"], ways: Float[np.ndarray, "T 3"], rate_hz: float
) -> Pictured:
    """A walk as its camera sees it, whatever the camera's lens and aim."""
    n = len(rays)
    hips = rays[:, HIPS].mean(axis=1)
    turned = np.concatenate([rays, np.ones((n, 12, 1))], axis=-1) @ ray_rotations(hips)
    places = turned[..., :2] / turned[..., 2:]
    corners = [places[:, pair].mean(axis=1) for pair in (SHOULDERS, HIPS, ANKLES)]
    tall = np.linalg.norm(corners[0] - corners[1], axis=-1)
    tall = tall + np.linalg.norm(corners[1] - corners[2], axis=-1)
    # Legs apart make a person shorter; how his distance changes is a smooth curve.
    at = (np.arange(n) - n / 2) / rate_hz
    distance = np.polynomial.Polynomial.fit(at, 1.0 / tall, 2)(at)
    level = np.column_stack([hips[:, 0], np.zeros(n), np.ones(n)])
    level /= np.linalg.norm(level, axis=1, keepdims=True)
    return Pictured(
        (places - corners[1][:, None]) * distance[:, None, None],
        (ways * level).sum(axis=1),
        ways[:, 0] * level[:, 2] - ways[:, 2] * level[:, 0],
        hips[:, 1],
        1.0 / distance,
    )


def columns(seen: Pictured, rate_hz: float, with_feet: bool = True) -> Float[np.ndarray, "T D"]:
    """What the left leg's targets are linear in."""
    points: Int[np.ndarray, " k"] = WITH_FEET if with_feet else WITHOUT_FEET
    n = len(seen.places)
    flat, at = seen.places[:, points].reshape(n, -1), np.arange(n) / rate_hz
    shown = [np.interp(at + s, at, column) for s in MOMENTS_S for column in flat.T]
    shown.append(np.ones(n))
    along, near = seen.along, seen.size - USUAL_SIZE
    views = [
        np.ones(n), along, seen.across, along**2, along * seen.across, near, along * near,
        seen.down, seen.down * along,
    ]  # fmt: skip
    return (np.stack(shown, axis=1)[:, :, None] * np.stack(views, axis=1)[:, None]).reshape(n, -1)


def columns_without_feet() -> Int[np.ndarray, " d"]:
    """Which of `columns` are left without feet: points of each moment, and the constant."""
    n = 2 * len(WITH_FEET)
    shown = np.arange(len(MOMENTS_S) * n).reshape(-1, n)[:, : 2 * len(WITHOUT_FEET)].ravel()
    shown = np.append(shown, len(MOMENTS_S) * n)
    return (shown[:, None] * N_VIEWS + np.arange(N_VIEWS)).ravel()


@cache
def load_leg_prior() -> dict[str, Float[np.ndarray, "D 5"]]:
    """The weights as released, with feet and without.

    Raises:
        InputError: the file is missing, or is not the one that its card names.
    """
    folder = resource_dir("policies") / FOLDER
    data = (folder / FILE).read_bytes() if (folder / FILE).is_file() else b""
    card = json.loads((folder / CARD).read_text(encoding="utf-8"))
    if hashlib.sha256(data).hexdigest() != card["sha256"]:
        raise InputError(f"{FILE}: missing or damaged in this installation; install simgait again.")
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        return {key: file[key].astype(float) for key in file.files}
