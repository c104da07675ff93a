"""The released detector on clips whose walkers are known; skipped where the data is not."""

import numpy as np
import pytest

from simgait.recordings.read import read_recording
from simgait.video.detector.blazepose import load_blazepose
from simgait.video.faces import faces_at
from simgait.video.filmed_walk import Asked, film_walk

VIEWS = {"side": 90.0, "oblique": 47.5, "towards": 0.0}
"""Angle between the path and the camera's axis, degrees."""


@pytest.fixture(scope="module")
def blazepose():
    return load_blazepose()


@pytest.fixture(scope="module")
def sports2d(data_dir, blazepose):
    pytest.importorskip("av")
    return film_walk(data_dir / "video" / "sports2d_demo.mp4", Asked(), blazepose)


@pytest.mark.slow
def test_of_two_people_the_one_on_the_lawn_walks(sports2d):
    """A man stands on a roof, climbs down and jumps; a woman crosses the lawn, right to left."""
    assert 2 <= len(sports2d.everybody) <= 3
    hips_px = sports2d.image_px[:, [23, 24]].mean(axis=1)
    assert hips_px[0, 0] > 1200 and hips_px[-1, 0] < 200
    seen = np.isfinite(sports2d.points_m).all(axis=(1, 2))
    assert seen.mean() >= 0.95 and len(seen) >= 130


HEADS_BY_EYE = {
    0: (650, 95), 46: (1506, 585), 168: (980, 261), 175: (879, 323), 177: (877, 299),
    192: (70, 564), 200: (1236, 787),
}  # fmt: skip
"""Middles of heads (px) that a person saw in these pictures: behind a tree, in a somersault, at the
edge, on all fours."""


@pytest.mark.slow
def test_no_head_is_uncovered(sports2d):
    for k, place in HEADS_BY_EYE.items():
        circles = faces_at(sports2d.faces, k / 30)
        away = np.linalg.norm(circles[:, :2] - place, axis=1)
        assert (away + 15.0 < circles[:, 2]).any(), (k, circles)
    covered = [len(faces_at(sports2d.faces, k / 30)) for k in range(230)]
    assert min(covered[:215]) >= 2 and min(covered) >= 1, "she has left by 7 s"


@pytest.mark.slow
@pytest.mark.parametrize("view", ["oblique", "side", "towards"])
def test_speed_of_a_rendered_person(data_dir, blazepose, view):
    """1.10 m/s in truth; the camera's focal length is known."""
    pytest.importorskip("av")
    folder = data_dir / "video" / "rendered_capsule"
    with np.load(folder / f"{view}_cam.npz") as camera, np.load(folder / "m16_15.npz") as truth:
        focal_px, height_m = float(camera["f"]), float(truth["height"])
    degrees = float(np.degrees(2 * np.arctan(640 / focal_px)))
    asked = Asked(field_of_view_deg=degrees, height_m=height_m)
    walk = film_walk(folder / f"{view}.mp4", asked, blazepose)
    assert np.isfinite(walk.points_m).all()
    hips = walk.points_m[:, [23, 24]].mean(axis=1)
    legs = [np.linalg.norm(walk.points_m[:, a] - walk.points_m[:, b], axis=-1).mean()
            for a, b in ((23, 25), (25, 27), (24, 26), (26, 28))]  # fmt: skip
    scale = 0.491 * height_m / (sum(legs) / 2)
    speed = np.linalg.norm(np.polyfit(walk.time_s, hips, 1)[0]) * scale
    assert speed == pytest.approx(1.10, abs=0.12)


@pytest.mark.slow
def test_a_video_is_a_recording_like_others(data_dir):
    pytest.importorskip("av")
    path = data_dir / "video" / "rendered_capsule" / "side.mp4"
    recording = read_recording(path, fov_deg=71.0, to_s=1.0)
    assert recording.source_format == "video" and recording.time_s[-1] <= 1.0
