"""What one seed says about a clip: who walks how, seen from where, by which camera."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from simgait.errors import InputError
from simgait.synthetic.detectors.draws import drawn_by_share
from simgait.synthetic.people.cameras import VIEWS, View
from simgait.synthetic.people.posing import Carriage
from simgait.synthetic.people.sensor import Sensor, draw_sensor
from simgait.synthetic.people.shapes import CHILDREN, HEIGHTS_M
from simgait.synthetic.walkers.specification import Pattern, draw_walker

SIZES_PX: dict[tuple[int, int], float] = {
    (1280, 720): 0.5, (640, 480): 0.15, (960, 540): 0.2, (1920, 1080): 0.15,
}  # fmt: skip
"""Width and height, and how often."""
PORTRAIT_SHARE = 0.35
"""Of clips in which the person comes or goes."""
RATES_HZ: dict[float, float] = {24.0: 0.1, 25.0: 0.15, 30.0: 0.65, 60.0: 0.1}
"""Of cinema, PAL, phones as they are sold, and phones set to 60; the shares are a choice."""
FIELD_OF_VIEW_DEG = (45.0, 78.0)
"""Phones' zoomed and wide cameras, on the long side."""
NEAREST_M = (1.8, 5.0)
"""From where a person just fits into a picture to the length of a room."""
WALK_S = (6.0, 9.0)
"""Of a corridor of 8 to 10 m at usual speeds."""
Captured = Literal["captured"]
CAPTURED: Captured = "captured"
"""Pattern of a person who walks as somebody's markers did."""


@dataclass(frozen=True)
class ClipPlan:
    """A clip before it is drawn.

    Attributes:
        seed: of everything.
        body, other_body, share: shapes between which the person lies, see `shapes.mixed`.
        height_m: of the person.
        pattern: of the walker, or that a recording moves the person.
        nearest_m: from the camera to the way along the floor, at least.
        size_px: width and height of the pictures.
        field_of_view_deg: on the long side.
    """

    seed: int
    body: str
    other_body: str
    share: float
    height_m: float
    pattern: Pattern | Captured
    carriage: Carriage
    view: View
    nearest_m: float
    size_px: tuple[int, int]
    field_of_view_deg: float
    fps_hz: float
    duration_s: float
    sensor: Sensor

    @property
    def is_child(self) -> bool:
        """Whether the person has a child's proportions."""
        return self.body in CHILDREN

    @property
    def name(self) -> str:
        """Of its files."""
        return f"clip-{self.seed:06d}"


@dataclass(frozen=True)
class Capture:
    """The recorded walk that moves a person, without any name or path.

    Attributes:
        sha256: of the recording's file.
        source_format: of the file.
        walk: number of the straight walk in it, from 1.
        from_s, to_s: of the walk, on the recording's clock.
        person: code of who walked; the same in all of the person's recordings.
        split: "training", "validation" or "test": the part to which all clips of this person
            belong.
        contacts: how the initial contacts are known.
        arms: sides whose arms the markers showed.
    """

    sha256: str
    source_format: str
    walk: int
    from_s: float
    to_s: float
    person: str
    split: str
    contacts: str
    arms: tuple[str, ...]


@dataclass(frozen=True)
class CapturedPlan(ClipPlan):
    """The plan of a clip whose person walks as somebody's markers did."""

    capture: Capture

    @property
    def name(self) -> str:
        """Of its files: the recording, the walk in it, and the seed of all else."""
        one = self.capture
        return f"captured-{one.sha256[:8]}-{one.walk}-{self.seed:06d}"


def plan_captured(
    seed: int,
    capture: Capture,
    height_m: float,
    duration_s: float,
    view: View | None = None,
    body: str | None = None,
    nearest_m: float | None = None,
) -> CapturedPlan:
    """Draw a clip around a recorded walk.

    Args:
        seed: of body, clothes, room and camera.
        capture: where the walk comes from.
        height_m: of who walked.
        duration_s: of the walk.
        view: from where; drawn if None.
        body: one of `shapes.HEIGHTS_M`; of those of such a height if None.
        nearest_m: from the camera to the way; drawn if None.

    Raises:
        InputError: no such view or body.
    """
    if body is None:
        able = [name for name, (low, high) in HEIGHTS_M.items() if low <= height_m <= high]
        nearest = min(HEIGHTS_M, key=lambda name: abs(np.mean(HEIGHTS_M[name]) - height_m))
        able = able or [nearest]
        body = able[int(np.random.default_rng([seed, 15]).integers(len(able)))]
    drawn = replace(
        plan_clip(seed, view, body, None, nearest_m),
        height_m=height_m, duration_s=duration_s, pattern=CAPTURED,
    )  # fmt: skip
    return CapturedPlan(**vars(drawn), capture=capture)


def plan_clip(
    seed: int,
    view: View | None = None,
    body: str | None = None,
    pattern: Pattern | None = None,
    nearest_m: float | None = None,
) -> ClipPlan:
    """Draw a clip; the same seed and wishes give the same clip, always.

    Args:
        seed: any non-negative integer.
        view: from where; drawn if None, like the rest.
        body: one of `shapes.HEIGHTS_M`.
        pattern: gait pattern of the walker.
        nearest_m: from the camera to the way.

    Raises:
        InputError: no such view, body or pattern.
    """
    for what, given, known in (("view", view, VIEWS), ("body", body, tuple(HEIGHTS_M))):
        if given is not None and given not in known:
            raise InputError(f"There is no {what} '{given}'; use one of {', '.join(known)}.")
    rng = np.random.default_rng([seed, 11])
    names = list(HEIGHTS_M)
    drawn_body = names[int(rng.integers(len(names)))]
    body = body or drawn_body
    alike = [name for name in names if (name in CHILDREN) == (body in CHILDREN)]
    drawn_view = VIEWS[int(rng.integers(len(VIEWS)))]
    plan = ClipPlan(
        seed=seed,
        body=body,
        other_body=alike[int(rng.integers(len(alike)))],
        share=float(rng.uniform(0.0, 0.5)),
        height_m=float(rng.uniform(*HEIGHTS_M[body])),
        pattern=draw_walker(seed, pattern).pattern,
        carriage=Carriage(
            lean=float(np.radians(rng.normal(3.0, 3.0))),
            arm_swing=float(rng.uniform(0.3, 1.0)),
            arm_out=float(np.radians(rng.uniform(5.0, 16.0))),
        ),
        view=view or drawn_view,
        nearest_m=float(rng.uniform(*NEAREST_M)),
        size_px=drawn_by_share(rng, SIZES_PX),
        field_of_view_deg=float(rng.uniform(*FIELD_OF_VIEW_DEG)),
        fps_hz=drawn_by_share(rng, RATES_HZ),
        duration_s=float(rng.uniform(*WALK_S)),
        sensor=draw_sensor(rng),
    )
    upright = rng.random() < PORTRAIT_SHARE and plan.view in ("towards", "away")
    return replace(
        plan,
        size_px=plan.size_px[::-1] if upright else plan.size_px,
        nearest_m=plan.nearest_m if nearest_m is None else nearest_m,
    )
