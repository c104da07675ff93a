"""The whole humanoid: a trunk with the head and arms on one joint each, and toes.

What holds for every body: `test_second_bodies.py`.
"""

from __future__ import annotations

from pathlib import Path

import mujoco
import numpy as np
import pytest
from jaxtyping import Float

from simgait.body.config import BodyConfig
from simgait.body.dynamics import centre_of_mass_m
from simgait.body.fit import fit_poses, fit_references, measure_dimensions
from simgait.body.model import compile_body
from simgait.errors import InputError
from simgait.learning.config_file import load_config
from simgait.resources import resource_dir
from simgait.skeleton.coordinates import ANGLES
from simgait.skeleton.default import TRIMMED_HUMANOID
from simgait.skeleton.dimensions import Dimensions, dimensions_from_height
from simgait.skeleton.kinematics import body_keypoints, forward_kinematics
from simgait.skeleton.mirror import points as mirror_of_points
from simgait.skeleton.signs import clinical_angles, opensim_coordinates, opensim_names
from simgait.skeleton.skeleton import PELVIS, Skeleton
from simgait.skeleton.spec import read_spec, spec_file
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.specification import draw_walker, walker_seed
from simgait.synthetic.walkers.walk import walk
from simgait.tracking.actions import mirror_of_action
from simgait.trials.preparation import prepare

BODY = BodyConfig(model="whole_humanoid")
SKELETON = BODY.skeleton
ADULT = dimensions_from_height(1.75, 70.0)
ARMS = ("left_shoulder_flexion", "right_shoulder_flexion")
UPPER = ("lumbar_extension", *ARMS)
ABOVE = {"Sternum", "Head"} | {
    f"{side} {joint}" for side in ("Left", "Right") for joint in ("Shoulder", "Elbow", "Wrist")
}


def standing(**degrees: float) -> Float[np.ndarray, " D"]:
    """The usual pose with some of its angles otherwise."""
    pose = np.array([coordinate.usual for coordinate in SKELETON.coordinates])
    for name, value in degrees.items():
        pose[SKELETON.pose_index[name]] = np.deg2rad(value)
    return pose


def seen(pose: Float[np.ndarray, " D"]) -> Float[np.ndarray, "1 K 3"]:
    """The body's keypoints in a pose, as one frame of a recording."""
    return np.asarray(body_keypoints(pose, ADULT, SKELETON))[None]


def fitted_deg(keypoints_m: Float[np.ndarray, "1 K 3"]) -> dict[str, float]:
    """Angles of the fit, every keypoint believed as the spec file says."""
    weight = np.array([[site.fit_weight for site in SKELETON.sites]])
    pose = np.rad2deg(fit_poses(keypoints_m, weight, ADULT, SKELETON)[0])
    return dict(zip(SKELETON.angle_names, pose[ANGLES].tolist(), strict=True))


def without(keypoints_m: Float[np.ndarray, "1 K 3"], names: set[str]) -> Float[np.ndarray, "1 K 3"]:
    """The same with some keypoints not seen."""
    gone = [SKELETON.keypoints.index(name) for name in sorted(names)]
    some = keypoints_m.copy()
    some[:, gone] = np.nan
    return some


def test_the_segments_weigh_a_body_and_the_pelvis_carries_itself_alone() -> None:
    assert SKELETON.carrying is None
    assert sum(segment.inertia.mass for segment in SKELETON.segments) == pytest.approx(1.0)
    for carried_mass in (True, False):
        config = BODY.model_copy(update={"carried_mass": carried_mass})
        model = compile_body(ADULT, config)
        assert model.body_mass.sum() == pytest.approx(70.0)
        assert model.body(PELVIS).mass == pytest.approx(0.142 * 70.0)


def test_trunk_head_and_pelvis_have_the_centre_and_gyration_that_are_published() -> None:
    """Winter's trunk, head and neck: .66 from hip to shoulder, gyration .503 of that."""
    model = compile_body(ADULT, BODY)
    data = mujoco.MjData(model)
    data.qpos[:3] = 0.0
    data.qpos[3:7] = 1.0, 0.0, np.sin(np.deg2rad(5.0)), 0.0  # tilted by 10 degrees
    data.qpos[3:7] /= np.linalg.norm(data.qpos[3:7])
    data.joint("lumbar_extension").qpos[0] = np.deg2rad(10.0)
    mujoco.mj_kinematics(model, data)
    mujoco.mj_comPos(model, data)
    parts = [model.body(name).id for name in (PELVIS, "trunk")]
    mass, height = model.body_mass[parts], data.xipos[parts, 2]
    centre = (mass * height).sum() / mass.sum()
    between = 0.288 * ADULT.height_m
    assert centre / between == pytest.approx(0.66, abs=0.01)
    own = [data.ximat[part].reshape(3, 3) for part in parts]
    about_y = sum(
        (turn @ np.diag(model.body_inertia[part]) @ turn.T)[1, 1]
        + model.body_mass[part] * (data.xipos[part, 2] - centre) ** 2
        for part, turn in zip(parts, own, strict=True)
    )
    assert np.sqrt(about_y / mass.sum()) / between == pytest.approx(0.503, abs=0.02)


def test_the_centre_of_mass_is_that_of_the_model_and_arms_move_it() -> None:
    pose = standing(left_shoulder_flexion=40.0, lumbar_extension=-15.0, right_hip_flexion=30.0)
    model = compile_body(ADULT, BODY)
    data = mujoco.MjData(model)
    tilt = pose[SKELETON.pose_index["pelvis_tilt"]] / 2
    data.qpos[:] = [*pose[:3], np.cos(tilt), 0.0, np.sin(tilt), 0.0, *pose[6:]]
    mujoco.mj_kinematics(model, data)
    mujoco.mj_comPos(model, data)
    ours = centre_of_mass_m(np.stack([pose, standing()]), ADULT, BODY)
    assert np.allclose(ours[0], data.subtree_com[0], atol=1e-6)
    raised = centre_of_mass_m(standing(left_shoulder_flexion=90.0)[None], ADULT, BODY)
    assert raised[0, 2] - ours[1, 2] == pytest.approx(0.05 * 0.176 * ADULT.height_m, rel=0.15)


def test_the_lumbar_joint_moves_what_lies_above_it_and_takes_the_head_back() -> None:
    here, there = (
        forward_kinematics(standing(lumbar_extension=angle), ADULT, SKELETON)
        for angle in (10.0, 30.0)
    )
    moved = {name for name in here if np.abs(there[name] - here[name]).max() > 1e-9}
    assert moved == ABOVE
    assert there["Head"][0] < here["Head"][0] - 0.1
    arm = forward_kinematics(standing(left_shoulder_flexion=30.0), ADULT, SKELETON)
    assert {n for n in arm if np.abs(arm[n] - here[n]).max() > 1e-9} == {"Left Elbow", "Left Wrist"}
    assert arm["Left Wrist"][0] > here["Left Wrist"][0] + 0.1


def test_an_upright_trunk_stands_over_the_hips() -> None:
    points = forward_kinematics(standing(), ADULT, SKELETON)
    hips = 0.5 * (points["Left Hip"] + points["Right Hip"])
    assert np.abs(points["Sternum"] - hips)[:2].max() < 0.01
    shoulders = 0.5 * (points["Left Shoulder"] + points["Right Shoulder"])
    assert (shoulders - hips)[2] == pytest.approx(0.288 * ADULT.height_m, abs=0.01)
    trimmed = forward_kinematics(TRIMMED_HUMANOID.told(standing(), SKELETON), ADULT)
    assert points["Sternum"][2] == pytest.approx(trimmed["Sternum"][2], abs=0.01)


def test_joints_in_the_middle_are_told_of_both_sides_and_mirrored() -> None:
    assert set(opensim_names(SKELETON)) - set(opensim_names()) == {
        "lumbar_extension", "arm_flex_l", "arm_flex_r", "mtp_angle_l", "mtp_angle_r",
    }  # fmt: skip
    pose = standing(lumbar_extension=-7.0, left_shoulder_flexion=20.0)
    degrees = opensim_coordinates(pose[None], ADULT, SKELETON)
    assert degrees["lumbar_extension"][0] == pytest.approx(-7.0)
    assert degrees["arm_flex_l"][0] == pytest.approx(20.0)
    for side in ("left", "right"):
        column = SKELETON.pose_index["lumbar_extension"]
        assert clinical_angles(SKELETON, side)[f"{side}_lumbar_extension"] == (column, 1)
    image = SKELETON.mirror(pose)[SKELETON.columns(UPPER)]
    assert np.allclose(np.rad2deg(image), [-7.0, 0.0, 20.0])
    config = load_config(resource_dir("configs") / "whole_body.toml").tracking
    action = np.arange(mirror_of_action(config).sign.size, dtype=float)
    own = [SKELETON.joint_names.index(name) for name in UPPER]
    assert mirror_of_action(config)(action)[own].tolist() == [own[0], own[2], own[1]]


@pytest.mark.parametrize(("axis", "sign"), [("-x", -1), ("-y", 1), ("-z", -1)])
def test_a_middle_joint_that_turns_sideways_is_the_other_sides_opposite(
    tmp_path: Path, axis: str, sign: int
) -> None:
    text = spec_file("whole_humanoid").read_text()
    name = 'name = "lumbar_extension"\npositive = "extension"\naxis = "-y"'
    assert name in text
    (tmp_path / "body.toml").write_text(text.replace(name, name.replace("-y", axis)))
    body = read_spec(tmp_path / "body.toml")
    column = body.pose_index["lumbar_extension"]
    assert clinical_angles(body, "left")["left_lumbar_extension"] == (column, 1)
    assert clinical_angles(body, "right")["right_lumbar_extension"] == (column, sign)
    pose = np.random.default_rng(0).normal(0.0, 0.3, body.n_coordinates)
    here, there = (body_keypoints(p, ADULT, body) for p in (pose, body.mirror(pose)))
    assert np.allclose(there.ravel(), mirror_of_points(body.keypoints)(here.ravel()))


def test_a_body_that_does_not_weigh_one_is_refused(tmp_path: Path) -> None:
    text = spec_file("whole_humanoid").read_text()
    (tmp_path / "body.toml").write_text(text.replace("mass = 0.436", "mass = 0.3"))
    with pytest.raises(InputError, match=r"limbs and the pelvis weigh 0\.864 of the body"):
        read_spec(tmp_path / "body.toml")


def test_the_fit_finds_how_trunk_and_arms_are_held() -> None:
    true = {"pelvis_tilt": 14.0, "lumbar_extension": -10.0, "left_shoulder_flexion": 25.0,
            "right_shoulder_flexion": -30.0, "left_knee_flexion": 40.0}  # fmt: skip
    found = fitted_deg(seen(standing(**true)))
    for name, degrees in true.items():
        assert found[name] == pytest.approx(degrees, abs=4.0 if name in UPPER else 1.0), name


def test_what_is_not_seen_stays_at_its_usual_angle() -> None:
    held = standing(lumbar_extension=-10.0, left_shoulder_flexion=25.0, left_knee_flexion=40.0)
    found = fitted_deg(without(seen(held), ABOVE))
    usual = {"lumbar_extension": 10.0, **dict.fromkeys(ARMS, 0.0)}
    assert {name: found[name] for name in UPPER} == pytest.approx(usual, abs=0.01)
    assert found["left_knee_flexion"] == pytest.approx(40.0, abs=1.0)
    # Elbows and wrists alone are hidden, as in many lists of points.
    hidden = {name for name in ABOVE if name.endswith(("Elbow", "Wrist"))}
    found = fitted_deg(without(seen(held), hidden))
    assert found["left_shoulder_flexion"] == pytest.approx(0.0, abs=0.01)
    assert found["lumbar_extension"] == pytest.approx(-10.0, abs=4.0)


def test_a_trunk_that_sways_or_twists_hardly_takes_the_pelvis_along() -> None:
    """The body's cannot: by 6 degrees to the side and by 10 about the long axis."""
    points = seen(standing())
    above = [SKELETON.keypoints.index(name) for name in sorted(ABOVE)]
    lean, twist = np.deg2rad([6.0, 10.0])
    sway = np.array([[1, 0, 0], [0, np.cos(lean), -np.sin(lean)], [0, np.sin(lean), np.cos(lean)]])
    turn = np.array([[np.cos(twist), -np.sin(twist), 0], [np.sin(twist), np.cos(twist), 0],
                     [0, 0, 1]])  # fmt: skip
    points[:, above] = points[:, above] @ (turn @ sway).T
    found = fitted_deg(points)
    for name in ("pelvis_tilt", "pelvis_obliquity", "pelvis_rotation"):
        usual = np.rad2deg(SKELETON.coordinates[SKELETON.pose_index[name]].usual)
        assert found[name] == pytest.approx(usual, abs=1.0), name


def test_pelvis_and_legs_of_a_walk_are_those_of_the_trimmed_humanoid() -> None:
    made = walk(draw_walker(walker_seed("train", 1)), 4.0)
    recording = trial_from_walk(made, monocular=False).recording
    trial = prepare(recording, contact_truth=made.contact)[0]
    people: list[Dimensions] = [measure_dimensions(trial)]

    def fit(skeleton: Skeleton) -> Float[np.ndarray, "T D"]:
        one = fit_references([trial], people, skeleton=skeleton)[0]
        return TRIMMED_HUMANOID.told(one.pose, skeleton)

    apart = np.rad2deg(fit(SKELETON) - fit(TRIMMED_HUMANOID))[:, ANGLES]
    moved = dict(
        zip(TRIMMED_HUMANOID.angle_names, np.sqrt(np.mean(np.square(apart), axis=0)), strict=True)
    )
    # What leans on a trunk that is rigid with the pelvis: its tilt, and the hips with it.
    leaning = {name: moved.pop(name) for name in list(moved) if "tilt" in name or "hip_fl" in name}
    assert max(leaning.values()) < 3.0
    assert max(moved.values()) < 0.3


def test_the_recipe_is_of_this_body_and_halves_the_moment() -> None:
    configs = resource_dir("configs")
    recipe, default = (load_config(configs / f"{n}.toml") for n in ("whole_body", "train_default"))
    assert recipe.tracking.body.skeleton is SKELETON
    bounds = [one.tracking.control.residual_moment_bw_leg for one in (recipe, default)]
    assert bounds[0] == pytest.approx(0.5 * bounds[1])
