"""How much longer or shorter a detector's scale of travel alone makes a walk."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from simgait.synthetic.detectors import monocular_v1
from simgait.synthetic.detectors.cameras import place
from simgait.synthetic.detectors.definitions import (
    HIPS,
    draw_definitions,
    leg_m,
    redefined,
    walking_direction,
)
from simgait.synthetic.detectors.depth import guessed
from simgait.synthetic.detectors.draws import AS_IS, NOTHING
from simgait.synthetic.detectors.family import DetectorFamily
from simgait.synthetic.detectors.incomplete_points import through_monocular_v1
from simgait.synthetic.detectors.named import FAMILIES
from simgait.synthetic.detectors.seeing import Points, floor_m


def travel_scale(
    detector: str,
    keypoints_m: Points,
    height_m: float,
    fps_hz: float,
    seed: int,
    *,
    camera_seed: int | None = None,
    travel_share: float | None = None,
) -> float:
    """The pelvis's way as `named.seen_through` tells it, over the true one, without other errors.

    Camera and recording are those that the same arguments give there. A scale of the whole body is
    left out, as the height tells it, and so is what children add.

    Raises:
        InputError: as `seen_through`.
    """
    if detector == monocular_v1.VERSION:
        seen, camera = through_monocular_v1(keypoints_m, seed, fps_hz)
        # The walk goes along x there.
        across = np.cross([0.0, 0.0, 1.0], camera.axis)
        errors = seen.errors
        return float(
            np.hypot(errors.depth_travel * camera.axis[0], errors.sideways_travel * across[0])
        )
    family = _travel_alone(FAMILIES[detector])
    drawn_by = np.random.default_rng([seed if camera_seed is None else camera_seed, 21])
    forward = walking_direction(keypoints_m)
    definitions = draw_definitions(drawn_by, family.definitions, leg_m(keypoints_m))
    points = redefined(keypoints_m, forward, definitions)
    mid_hip = points[:, HIPS].mean(axis=1)
    lens = place(drawn_by, family.placing, mid_hip, forward, floor_m(keypoints_m), None)
    shown = lens.sees(points)
    guess = guessed(
        family, shown, lens.view, height_m, 1.0 / fps_hz,
        camera=drawn_by, recording=np.random.default_rng([seed, 22]), travel_share=travel_share,
    )  # fmt: skip
    true_m = shown[:, HIPS].mean(axis=1)
    ways = [np.linalg.norm(path[-1] - path[0]) for path in (guess.root_m, true_m)]
    return float(ways[0] / ways[1])


def _travel_alone(family: DetectorFamily) -> DetectorFamily:
    """A family whose pelvis errs by the scale of travel only; draws keep their places."""
    depth = replace(
        family.depth, distance_exponent=NOTHING, root_white_per_m=NOTHING, root_wander=NOTHING
    )
    return replace(family, depth=depth, size=replace(family.size, scale=AS_IS, child_travel=AS_IS))
