"""Renders the clip of `simgait demo`, and writes what is true of it beside it.

    .venv/bin/python scripts/make_demo_clip.py

A woman of 1.70 m walks past a camera. Needs the extra simgait[render]. The person's shape is made
of MakeHuman's data (CC0, see NOTICE); all else is drawn by simgait, so that the clip may be passed
on as simgait itself.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from simgait.skeleton.coordinates import ANGLES
from simgait.synthetic.people.cameras import View
from simgait.synthetic.people.clip import film_clip, make_clip
from simgait.synthetic.people.plan import plan_clip
from simgait.synthetic.walkers.keypoints import exact_keypoints
from simgait.synthetic.walkers.specification import Pattern, draw_walker
from simgait.synthetic.walkers.walk import walk

FOLDER = Path(__file__).resolve().parent.parent / "demo"
SEED, BODY, NEAREST_M = 5, "woman", 4.5
VIEW: View = "sagittal"
PATTERN: Pattern = "normal"
SIZE_PX, RATE_HZ, FIELD_OF_VIEW_DEG, WALK_S = (960, 540), 30.0, 65.0, 8.0
BITS_PER_PIXEL = 0.05
"""0.4 MB for 4 s."""


def main() -> None:
    """Write demo/walk.mp4 and demo/truth.npz."""
    drawn = plan_clip(SEED, VIEW, BODY, PATTERN, NEAREST_M)
    plan = replace(
        drawn, size_px=SIZE_PX, fps_hz=RATE_HZ, field_of_view_deg=FIELD_OF_VIEW_DEG,
        duration_s=WALK_S, sensor=replace(drawn.sensor, bits_per_pixel=BITS_PER_PIXEL, gain=1.0),
    )  # fmt: skip
    clip = make_clip(plan)
    FOLDER.mkdir(exist_ok=True)
    film_clip(clip, FOLDER / "walk.mp4")
    dims = clip.person.dimensions
    keypoints = exact_keypoints(clip.pose, dims)
    walked = walk(draw_walker(SEED, PATTERN, dims), WALK_S, RATE_HZ)
    events = [
        event for event in walked.events
        if 0.0 <= event.time_s - clip.first_s <= clip.time_s[-1]
    ]  # fmt: skip
    np.savez_compressed(
        FOLDER / "truth.npz",
        height_m=plan.height_m,
        field_of_view_deg=plan.field_of_view_deg,
        time_s=clip.time_s,
        keypoints_m=keypoints.astype(np.float32),
        angles_rad=clip.pose[:, ANGLES].astype(np.float32),
        event_side=np.array([event.side for event in events]),
        event_kind=np.array([event.kind for event in events]),
        event_time_s=np.array([event.time_s - clip.first_s for event in events]),
    )


if __name__ == "__main__":
    main()
