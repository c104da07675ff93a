"""What one seed says about a clip: who walks how, seen from where, by which camera."""

from __future__ import annotations

from dataclasses import dataclass, replace

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


@dataclass(frozen=True)
class ClipPlan:
    """A clip before it is drawn.

    Attributes:
        seed: of everything.
        body, other_body, share: shapes between which the person lies, see `shapes.mixed`.
        height_m: of the person.
        pattern: of the walker.
        nearest_m: from the camera to the way along the floor, at least.
        size_px: width and height of the pictures.
        field_of_view_deg: on the long side.
    """

    seed: int
    body: str
    other_body: str
    share: float
    height_m: float
    pattern: Pattern
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
