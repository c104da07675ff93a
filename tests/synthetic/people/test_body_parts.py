"""DensePose's parts: they lie where the person's own are, and U and V run along and across them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simgait.synthetic.people.body_parts import (
    FOOT,
    HAND,
    HEAD,
    LIMBS,
    N_PARTS,
    TORSO_BACK,
    TORSO_FRONT,
    charts,
    limb_of,
    parts_of_faces,
)
from simgait.synthetic.people.clip import make_clip
from simgait.synthetic.people.parts_renderer import IUV_SUFFIX, iuv_pictures, write_iuv
from simgait.synthetic.people.person import make_person
from simgait.synthetic.people.plan import plan_clip
from simgait.synthetic.people.posing import JOINTS
from simgait.synthetic.people.shapes import load_mesh, load_shapes

SIDE = {"L": "Left", "R": "Right"}
ENDS = {
    "thigh": ("Hip", "Knee"), "shank": ("Knee", "Ankle"), "upper_arm": ("Shoulder", "Elbow"),
    "forearm": ("Elbow", "Wrist"),
}  # fmt: skip


@pytest.fixture(scope="module")
def person():
    return make_person(load_mesh(), load_shapes()["woman"], 1.65)


@pytest.fixture(scope="module")
def coming():
    """A man who comes, so that left and right are apart in the picture."""
    plan = plan_clip(5, "towards", "man", "normal", 2.5)
    return make_clip(replace(plan, size_px=(480, 640), fps_hz=10.0, duration_s=5.0))


def middle_of(person, parts, part):
    return person.vertices[person.mesh.faces[parts == part]].mean(axis=(0, 1))


def test_every_part_is_there_and_lies_on_its_side(person):
    parts = parts_of_faces(person)
    assert {*parts} == {*range(1, N_PARTS + 1)}
    for pairs in LIMBS.values():
        for side, sign in (("L", 1.0), ("R", -1.0)):
            assert all(sign * middle_of(person, parts, part)[1] > 0 for part in pairs[side])
    for side, sign in (("L", 1.0), ("R", -1.0)):
        assert sign * middle_of(person, parts, HAND[side])[1] > 0
        assert sign * middle_of(person, parts, FOOT[side])[1] > 0
        assert sign * middle_of(person, parts, HEAD + (side == "L"))[1] > 0


def test_halves_are_front_and_back_of_trunk_and_legs_inside_and_outside_of_arms(person):
    parts = parts_of_faces(person)
    assert middle_of(person, parts, TORSO_FRONT)[0] > middle_of(person, parts, TORSO_BACK)[0]
    for segment in ("thigh", "shank"):
        for back, front in LIMBS[segment].values():
            ahead = middle_of(person, parts, front) - middle_of(person, parts, back)
            assert ahead[0] > 0.03
    for segment in ("upper_arm", "forearm"):
        for inside, outside in LIMBS[segment].values():
            outward = middle_of(person, parts, outside) - middle_of(person, parts, inside)
            assert outward[2] > 0.01


def test_charts_cover_0_to_1_and_go_along_limbs(person):
    chart = charts(person)
    assert np.isfinite(chart).all()
    assert chart[..., 1:].min() == 0.0 and chart[..., 1:].max() == pytest.approx(1.0)
    corners = person.vertices[person.mesh.faces]
    for part in range(1, N_PARTS + 1):
        limb = limb_of(part)
        mine = chart[:, 0, 0] == part
        assert chart[mine][..., 2].min() == 0.0 and chart[mine][..., 2].max() == pytest.approx(1.0)
        if limb is None:
            continue
        upper, lower = (person.joints[f"{joint.lower()}.{limb[1]}"] for joint in ENDS[limb[0]])
        bone = lower - upper
        along = ((corners[mine] - upper) @ bone / (bone @ bone)).ravel()
        assert np.corrcoef(along, chart[mine][..., 2].ravel())[0, 1] > 0.999


def off_segment(pixels, begin, end):
    """Distances (px) of pixels from a stretch between two places."""
    way = end - begin
    share = np.clip((pixels - begin) @ way / (way @ way), 0.0, 1.0)
    return np.linalg.norm(pixels - begin - share[:, None] * way, axis=1)


def test_pixels_of_a_limb_are_nearest_to_that_limb(gl, coming):
    limbs = [(segment, side) for segment in ENDS for side in SIDE]
    whole = np.flatnonzero(coming.whole)
    near = dict.fromkeys(limbs, 0)
    seen = dict.fromkeys(limbs, 0)
    for frame, iuv in enumerate(iuv_pictures(coming)):
        if frame not in whole[::4]:
            continue
        rows, columns = np.nonzero(iuv[..., 0])
        pixels, parts = np.column_stack([columns, rows]) + 0.5, iuv[rows, columns, 0]
        px = {name: coming.joints_px[frame, i] for i, name in enumerate(JOINTS)}
        off = np.stack([
            off_segment(pixels, *(px[f"{SIDE[side]} {joint}"] for joint in ENDS[segment]))
            for segment, side in limbs
        ])  # fmt: skip
        for i, (segment, side) in enumerate(limbs):
            mine = np.isin(parts, LIMBS[segment][side])
            seen[segment, side] += mine.sum()
            near[segment, side] += (off[:, mine].argmin(axis=0) == i).sum()
    for limb in limbs:
        assert seen[limb] > 300
        assert near[limb] > 0.8 * seen[limb], limb


def test_v_grows_down_a_leg_and_u_from_right_to_left(gl, coming):
    frame = int(np.flatnonzero(coming.whole)[3])
    iuv = next(one for i, one in enumerate(iuv_pictures(coming)) if i == frame).astype(int)
    for part in (9, 10, 13, 14):
        rows, columns = np.nonzero(iuv[..., 0] == part)
        assert np.corrcoef(rows, iuv[rows, columns, 2])[0, 1] > 0.95
        # Who comes has the left on the picture's right.
        assert np.corrcoef(columns, iuv[rows, columns, 1])[0, 1] > 0.7
    assert {*np.unique(iuv[..., 0])} <= {*range(N_PARTS + 1)}
    assert (iuv[iuv[..., 0] == 0] == 0).all()


def test_pictures_lie_where_the_person_is_drawn_and_come_back_from_their_files(
    gl, coming, tmp_path
):
    av = pytest.importorskip("av")
    write_iuv(tmp_path / "clip.iuv", coming)
    files = sorted((tmp_path / "clip.iuv").iterdir())
    assert len(files) == len(coming.time_s)
    assert files[7].name == f"000007{IUV_SUFFIX}"
    with av.open(str(files[7])) as file:
        (read,) = [frame.to_ndarray(format="rgb24") for frame in file.decode(video=0)]
    wanted = next(one for i, one in enumerate(iuv_pictures(coming)) if i == 7)
    # Blue is I: what OpenCV calls the first channel.
    np.testing.assert_array_equal(read[..., ::-1], wanted)
    x, y = np.mean(coming.joints_px[7, :2], axis=0).astype(int)
    assert wanted[y, x, 0] in (TORSO_FRONT, 9, 10)
