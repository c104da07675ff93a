"""Plans, cameras, truth; and, where there is OpenGL, that the picture shows the truth."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.synthetic.people.cameras import ANGLE_DEG, VIEWS, seen_whole
from simgait.synthetic.people.clip import make_clip, pictures
from simgait.synthetic.people.looks import paint
from simgait.synthetic.people.plan import plan_clip
from simgait.synthetic.people.posing import JOINTS
from simgait.synthetic.people.renderer import Part, Renderer, projection
from simgait.synthetic.people.rooms import triangles
from simgait.synthetic.people.sensor import blurred, draw_noise, noisy, over, write_video
from simgait.synthetic.people.truth import read_truth, truth_of, write_truth
from tests.shapes import unchecked


def test_a_seed_is_one_clip_and_wishes_bind():
    assert plan_clip(8) == plan_clip(8)
    assert plan_clip(8) != plan_clip(9)
    wished = plan_clip(8, "away", "child", "crouch", 3.5)
    assert (wished.view, wished.body, wished.pattern, wished.nearest_m) == (
        "away", "child", "crouch", 3.5,
    )  # fmt: skip
    assert wished.is_child
    with unchecked(), pytest.raises(InputError, match="above"):
        plan_clip(8, "above")  # type: ignore[arg-type]
    with pytest.raises(InputError, match="giant"):
        plan_clip(8, None, "giant")


def test_seeds_draw_widely():
    plans = [plan_clip(seed) for seed in range(80)]
    assert {plan.view for plan in plans} == set(VIEWS)
    assert len({plan.body for plan in plans}) > 12
    assert len({plan.size_px for plan in plans}) >= 4


@pytest.mark.parametrize("view", VIEWS)
def test_a_camera_stands_where_the_view_says(view):
    clip = make_clip(replace(plan_clip(21, view), fps_hz=24.0))
    hips = clip.joints_m[clip.whole, :2].mean(axis=1)
    way = hips[-1, :2] - hips[0, :2]
    full = clip.walk.pose[[0, -1], :3]
    low, high = ANGLE_DEG[view]
    at = full[0] if view == "away" else full[1] if view == "towards" else hips.mean(axis=0)
    to_camera = (clip.camera.position_m - at)[:2]
    angle = np.degrees(np.arccos(way @ to_camera / np.linalg.norm(way) / np.linalg.norm(to_camera)))
    assert low - 25 < angle < high + 25
    assert clip.whole.sum() >= 3.0 * 24
    assert np.isfinite(clip.joints_px[clip.whole]).all()
    assert seen_whole(clip.camera, hips, clip.plan.height_m).all()
    np.testing.assert_allclose(clip.camera.rotation @ clip.camera.rotation.T, np.eye(3), atol=1e-12)


def test_speed_and_steps_are_of_the_contacts_that_are_seen(small_clip):
    times_s, places = small_clip.contacts
    assert small_clip.time_s[small_clip.whole][0] <= times_s[0]
    hips = small_clip.joints_m[small_clip.whole, :2, 0].mean(axis=1)
    seen_s = np.ptp(small_clip.time_s[small_clip.whole])
    assert small_clip.speed_mps == pytest.approx((hips[-1] - hips[0]) / seen_s, rel=0.08)
    assert small_clip.step_length_m == pytest.approx(np.diff(places[:, 0]).mean())


def test_truth_survives_its_file(small_clip, tmp_path):
    truth = truth_of(small_clip)
    write_truth(tmp_path / "a.truth.npz", truth)
    again = read_truth(tmp_path / "a.truth.npz")
    for name, value in vars(truth).items():
        if name == "camera":
            assert again.camera.focal_px == truth.camera.focal_px
        elif isinstance(value, np.ndarray):
            np.testing.assert_allclose(getattr(again, name), value, atol=1e-4)
        else:
            assert getattr(again, name) == value
    assert 3.0 < again.nearest_m < 8.0


@pytest.mark.parametrize("content", [b"", b"no archive"])
def test_what_is_no_truth_file_is_refused(tmp_path, content):
    path = tmp_path / "b.truth.npz"
    path.write_bytes(content)
    with pytest.raises(InputError, match="no truth file"):
        read_truth(path)


def test_paint_covers_everybody(small_clip):
    colours = paint(small_clip.person, small_clip.look)
    assert ((colours >= 0) & (colours <= 1)).all()
    for part in (small_clip.look.shirt, small_clip.look.trousers, small_clip.look.shoes):
        assert np.isclose(colours[:, :3], part).all(axis=1).sum() > 50


def test_no_thing_stands_in_the_way(small_clip):
    corners = triangles(small_clip.room)
    assert corners.shape[1] == 7
    assert len(corners) % 6 == 0
    for low, high in small_clip.room.boxes:
        middle = (low + high)[:2] / 2
        way = small_clip.joints_m[:, :2, :2].mean(axis=1)
        assert np.linalg.norm(way - middle, axis=1).min() > 0.9


def test_a_part_of_the_picture_projects_as_the_whole_does(small_clip):
    camera, part = small_clip.camera, Part(64, 32, 128, 64)
    points = small_clip.joints_m[10]
    clip = np.column_stack([points, np.ones(len(points))]) @ projection(camera, part).T
    place = clip[:, :2] / clip[:, 3:]
    pixel = (place + 1) / 2 * [part.width, part.height] + [part.x, part.y]
    np.testing.assert_allclose(pixel, camera.seen_at_px(points), atol=1e-2)


def test_blur_keeps_brightness_and_spreads_a_dot():
    dot = np.zeros((9, 9, 1))
    dot[4, 4] = 16.0
    once = blurred(dot, 1)
    assert once.sum() == pytest.approx(16.0)
    np.testing.assert_allclose(once[3:6, 3:6, 0], [[1, 2, 1], [2, 4, 2], [1, 2, 1]])


def test_what_is_drawn_covers_what_is_behind():
    background = np.full((1, 3, 3), 100, np.uint8)
    drawn = np.zeros((1, 3, 4), np.float32)
    drawn[0, 1], drawn[0, 2] = (200, 50, 0, 1.0), (0, 0, 0, 0.5)
    out = over(background, drawn, 1.0)
    assert out[0].tolist() == [[100, 100, 100], [200, 50, 0], [50, 50, 50]]


def test_noise_is_new_in_each_picture_and_bounded():
    rng = np.random.default_rng(0)
    noise = draw_noise(rng, (64, 48), 5.0)
    grey = np.full((48, 64, 3), 250, np.uint8)
    one, other = noisy(grey, noise, rng), noisy(grey, noise, rng)
    assert (one != other).any()
    assert one.max() == 255
    assert np.std(one.astype(float)) == pytest.approx(4.0, abs=1.5)


def test_a_video_holds_every_picture(tmp_path):
    pytest.importorskip("av")
    from simgait.video.decode import frames, open_clip

    shades = [np.full((48, 64, 3), value, np.uint8) for value in (20, 120, 220)]
    assert write_video(tmp_path / "a.mp4", shades, (64, 48), 25.0, 0.3) == 3
    seen = list(frames(open_clip(tmp_path / "a.mp4")))
    assert [round(one.picture.mean(), -1) for one in seen] == [20, 120, 220]
    assert [round(one.time_s, 3) for one in seen] == [0.0, 0.04, 0.08]


def test_the_person_is_drawn_where_the_joints_are(gl, small_clip):
    shown = next(iter(pictures(small_clip)))
    camera, plan = small_clip.camera, small_clip.plan
    assert shown.shape == (plan.size_px[1], plan.size_px[0], 3)
    renderer = Renderer(
        small_clip.person, paint(small_clip.person, small_clip.look), small_clip.room, camera
    )
    try:
        from simgait.synthetic.people.posing import skinned

        frame = int(np.flatnonzero(small_clip.whole)[5])
        body = skinned(small_clip.person, small_clip.motion, frame * small_clip.per_frame)
        part = renderer.part_of(body[0])
        assert part is not None
        layer = renderer.person(*body, part)
    finally:
        renderer.close()
    solid = layer[..., :3].sum(axis=-1) > 0
    for name in ("Left Hip", "Right Knee", "Left Ankle", "Left Elbow"):
        x, y = small_clip.joints_px[frame, JOINTS.index(name)] - [part.x, part.y]
        assert solid[int(y), int(x)]
    # As tall in the picture as the mesh projects.
    rows = np.flatnonzero(solid.any(axis=1))
    seen = camera.seen_at_px(body[0].astype(float))[:, 1]
    assert np.ptp(rows) == pytest.approx(np.ptp(seen), abs=3)
