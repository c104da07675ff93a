"""The refiner's frame: what it may change, what it must leave, and that padding is nothing."""

from __future__ import annotations

from dataclasses import replace

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from simgait.body.contact_timing import crossings
from simgait.body.fit import fit_references
from simgait.body.refiner import (
    ANGLE_SCALE_RAD,
    SPEED_SCALE,
    WIDTH,
    Refiner,
    RefinerWeights,
    apply_correction,
    corrections,
    events_of_seen_feet,
    initial_refiner,
    one_sided,
    reading_more,
    refine_references,
)
from simgait.body.refiner_blocks import (
    FeatureBlock,
    feature_blocks,
    features_before,
    features_layout,
    outputs_layout,
    refiner_features,
)
from simgait.skeleton.coordinates import HORIZONTAL
from simgait.skeleton.default import BODY_KEYPOINTS, POSE_INDEX, TRIMMED_HUMANOID
from simgait.skeleton.dimensions import GRAVITY_MPS2
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.skeleton.kinematics import body_keypoints
from simgait.skeleton.mirror import Mirror
from simgait.trials.kinematic_events import kinematic_events
from simgait.trials.trajectories import trajectories_of
from simgait.types import FittedTrial, PathBasis

pytestmark = pytest.mark.usefixtures("hardly_optimised")

Fitted = dict[str, list[FittedTrial]]
FEATURES, OUTPUTS = features_layout(TRIMMED_HUMANOID), outputs_layout(TRIMMED_HUMANOID)
ANKLES = [POSE_INDEX[f"{side}_ankle_dorsiflexion"] for side in ("left", "right")]
PROXIMAL = [POSE_INDEX[name] for name in ("pelvis_tilt", "left_hip_flexion", "right_hip_flexion")]


@pytest.mark.parametrize("kind", ["exact", "legs", "monocular"])
def test_features_are_finite_and_as_many_as_the_network_expects(fitted: Fitted, kind: str) -> None:
    for one in fitted[kind]:
        features = refiner_features(one)
        assert features.shape == (one.trial.n_frames, FEATURES.size)
        assert np.isfinite(features).all()
        assert np.abs(features).max() < 20.0


@pytest.mark.parametrize("block", feature_blocks(TRIMMED_HUMANOID), ids=lambda b: b.name)
def test_every_block_gives_what_its_mirror_takes(fitted: Fitted, block: FeatureBlock) -> None:
    one = fitted["monocular"][0]
    values = block.values(one)
    assert values.shape == (one.trial.n_frames, len(block.mirror.order))
    assert FEATURES[block.name].stop - FEATURES[block.name].start == values.shape[1]


def test_the_released_refiners_layout_stays() -> None:
    assert FEATURES.size == 135 and OUTPUTS.size == 17
    starts = [FEATURES[block.name].start for block in feature_blocks(TRIMMED_HUMANOID)]
    assert starts == [0, 13, 26, 28, 30, 31, 32, 101, 124, 125, 128, 129]


@pytest.mark.slow
def test_weights_of_before_a_block_answer_as_they_did_and_make_nothing_of_it() -> None:
    before = features_before(TRIMMED_HUMANOID)
    old = initial_refiner(jax.random.key(1), TRIMMED_HUMANOID, 16, before)
    new = reading_more(old)
    assert new.params["params"]["Dense_0"]["kernel"].shape == (FEATURES.size, 16)
    rng = np.random.default_rng(0)
    given = jnp.asarray(rng.standard_normal((2, 40, FEATURES.size)), jnp.float32)
    valid = jnp.ones((2, 40))
    was = jnp.asarray(Refiner(OUTPUTS.size, 16).apply(old.params, given[..., :before], valid))
    assert np.allclose(one_sided(new, given, valid), was, atol=1e-6)
    assert reading_more(new) is new


@pytest.mark.parametrize("kind", ["exact", "legs", "monocular"])
def test_saying_nothing_leaves_the_fit_as_it_was(fitted: Fitted, kind: str) -> None:
    for one in fitted[kind]:
        refined = apply_correction(np.zeros((one.trial.n_frames, OUTPUTS.size)), one)
        change = refined.pose - one.pose
        # What is left of it is a second pass of the filter; the ends feel it most.
        assert np.rad2deg(np.sqrt(np.mean(change[:, 3:] ** 2, axis=0))).max() < 0.7
        assert np.abs(change[:, :2]).max() < 0.03
        assert np.abs(change[:, 2]).max() < 0.02
        assert np.allclose(refined.contact_probability, 0.5)


def test_witness_is_the_measured_velocity_and_unknown_elsewhere(fitted: Fitted) -> None:
    one = fitted["exact"][0]
    hidden = one.trial.pelvis_path_mask.copy()
    hidden[10:20] = False
    partly = fit_references([replace(one.trial, pelvis_path_mask=hidden)], [one.dims])[0]
    refined = apply_correction(np.zeros((one.trial.n_frames, OUTPUTS.size)), partly)
    assert np.isnan(refined.witness_mps[10:20]).all()
    assert np.array_equal(refined.witness_mps[20:], partly.pose_velocity[20:, HORIZONTAL])


def test_marker_trials_keep_the_joints_that_markers_show(fitted: Fitted) -> None:
    output = np.full((fitted["exact"][0].trial.n_frames, OUTPUTS.size), 0.5)
    for kind, may_change in (("exact", []), ("legs", ANKLES + PROXIMAL)):
        one = fitted[kind][0]
        assert one.trial.scale_is_metric
        quiet = apply_correction(0 * output, one).pose
        refined = apply_correction(output, one).pose
        changed = np.flatnonzero(np.abs(refined - quiet)[:, 3:].max(axis=0) > 1e-9) + 3
        assert sorted(changed) == sorted(may_change)
        assert np.allclose((refined - quiet)[:, may_change], 0.5 * ANGLE_SCALE_RAD)
        # The path is measured: nothing may move it.
        assert np.array_equal(refined[:, :2], quiet[:, :2])


def test_points_that_only_look_exact_are_refined(fitted: Fitted) -> None:
    one = fitted["exact"][0]
    smooth = replace(one.trial, scale_is_metric=False, path_basis="feet")
    output = np.full((one.trial.n_frames, OUTPUTS.size), 0.5)
    one = replace(one, trial=smooth)
    change = (apply_correction(output, one).pose - apply_correction(0 * output, one).pose)[:, 3:]
    assert np.allclose(change, 0.5 * ANGLE_SCALE_RAD)


def test_monocular_trials_take_every_correction_in_its_unit(fitted: Fitted) -> None:
    one = fitted["monocular"][0]
    # Whose path is not known: else it would keep its way.
    one = replace(one, trial=replace(one.trial, path_basis="denied"))
    output = np.zeros((one.trial.n_frames, OUTPUTS.size))
    quiet = apply_correction(output, one)
    output[:, OUTPUTS["angles"]] = 0.25
    output[:, OUTPUTS["velocity"]] = 0.5, 0.0
    output[:, OUTPUTS["standing"]] = 3.0, -3.0
    loud = apply_correction(output, one)
    difference = loud.pose - quiet.pose
    assert np.allclose(difference[:, 3:], 0.25 * ANGLE_SCALE_RAD)
    added = 0.5 * SPEED_SCALE * np.sqrt(GRAVITY_MPS2 * one.dims.leg_m)
    assert np.allclose(difference[:, 0], added * one.trial.time_s, atol=1e-6)
    assert np.allclose(difference[:, 1], 0.0, atol=1e-9)
    assert np.allclose(loud.contact_probability, [1 / (1 + np.exp(-3)), 1 / (1 + np.exp(3))])


@pytest.mark.parametrize("basis", ["belt_said", "detector", "distance_said"])
def test_a_path_that_is_known_keeps_its_way(fitted: Fitted, basis: PathBasis) -> None:
    one = fitted["monocular"][0]
    said = replace(one, trial=replace(one.trial, path_basis=basis))
    one = replace(one, trial=replace(one.trial, path_basis="belt_estimated"))
    output = np.zeros((one.trial.n_frames, OUTPUTS.size))
    output[:, OUTPUTS["velocity"]] = 0.5, 0.1
    free, bound = apply_correction(output, one), apply_correction(output, said)
    way_m = [pose[-1, :2] - pose[0, :2] for pose in (one.pose, free.pose, bound.pose)]
    assert abs(way_m[1][0] - way_m[0][0]) > 0.5
    assert np.allclose(way_m[2], way_m[0], atol=0.03)
    # What is learned of a stride is laid over it all the same.
    wave = 0.5 * np.sin(2 * np.pi * 1.8 * one.trial.time_s)
    output[:, OUTPUTS["velocity"]] = np.stack([wave, 0 * wave], axis=-1)
    swing = apply_correction(output, said).pose[:, 0] - bound.pose[:, 0]
    assert np.ptp(swing) > 0.01
    assert np.array_equal(free.pose[:, 3:], bound.pose[:, 3:])


def test_joints_that_lie_where_people_have_them_say_how_far_knees_bend(fitted: Fitted) -> None:
    one = fitted["monocular"][0]
    one = replace(one, trial=replace(one.trial, joint_definitions="metrabs-17"))
    knees = [POSE_INDEX[f"{side}_knee_flexion"] for side in ("left", "right")]
    hips = [POSE_INDEX[f"{side}_hip_flexion"] for side in ("left", "right")]
    quiet = apply_correction(np.zeros((one.trial.n_frames, OUTPUTS.size)), one).pose
    output = np.zeros((one.trial.n_frames, OUTPUTS.size))
    # Every angle half as far again, and 6 degrees more.
    more = 0.5 * (one.pose[:, 3:] - one.pose[:, 3:].mean(axis=0)) + np.radians(6.0)
    output[:, OUTPUTS["angles"]] = more / ANGLE_SCALE_RAD
    loud = apply_correction(output, one).pose
    for percent in (5, 50, 95):
        found, known = (np.percentile(p[:, knees], percent, axis=0) for p in (loud, quiet))
        assert np.allclose(found, known, atol=np.radians(1.0))
    assert np.all(loud[:, hips].mean(axis=0) > quiet[:, hips].mean(axis=0) + np.radians(5.0))


def test_contacts_are_timed_midway_to_the_kinematic_events(fitted: Fitted) -> None:
    exact = fitted["exact"][0]
    one = replace(exact, trial=replace(exact.trial, scale_is_metric=False))
    points = np.asarray(body_keypoints(one.pose, one.dims))
    events = kinematic_events(trajectories_of(one.trial.time_s, points, BODY_KEYPOINTS))
    late_s = 0.04
    output = np.zeros((one.trial.n_frames, OUTPUTS.size))
    for column, side in enumerate(("left", "right")):
        mine = [e for e in events if e.side == side]
        stands = np.full(one.trial.n_frames, -6.0 if mine[0].kind == "initial_contact" else 6.0)
        for event in mine:
            slope = 120.0 if event.kind == "initial_contact" else -120.0
            after = one.trial.time_s > event.time_s + late_s - 0.15
            stands[after] = slope * (one.trial.time_s[after] - event.time_s - late_s)
        output[:, OUTPUTS["standing"].start + column] = np.clip(stands, -6.0, 6.0)
    seen = events_of_seen_feet(one)
    assert tuple(seen) == events
    refined = apply_correction(output, one, seen)
    checked = 0
    for column, side in enumerate(("left", "right")):
        for time_s, kind in crossings(refined.contact_probability[:, column], one.trial.fps_hz):
            away = [time_s - e.time_s for e in events if (e.side, e.kind) == (side, kind)]
            assert min(away, key=abs) == pytest.approx(0.5 * late_s, abs=0.012)
            checked += 1
    assert checked >= 6
    hidden = one.trial.keypoints_m.copy()
    for point in ("Heel", "Big Toe", "Foot"):
        hidden[:, KEYPOINT_INDEX[f"Left {point}"]] = np.nan
    blindfold = replace(one, trial=replace(one.trial, keypoints_m=hidden))
    seen = events_of_seen_feet(blindfold)
    assert {event.side for event in seen} == {"right"}
    blind = apply_correction(output, blindfold, seen)
    given = 1.0 / (1.0 + np.exp(-output[:, OUTPUTS["standing"]]))
    assert np.allclose(blind.contact_probability[:, 0], given[:, 0])
    assert np.array_equal(blind.contact_probability[:, 1], refined.contact_probability[:, 1])


def test_the_motion_of_the_fitted_feet_times_contacts(fitted: Fitted) -> None:
    for kind in ("exact", "monocular"):
        one = fitted[kind][0]
        truth = one.trial.truth
        assert truth is not None
        assert one.foot_events == ()
        refined = apply_correction(np.zeros((one.trial.n_frames, OUTPUTS.size)), one)
        last_s = float(one.trial.time_s[-1])
        inside = [e for e in refined.foot_events if 0.2 < e.time_s < last_s - 0.2]
        assert len(inside) >= 6
        for event in inside:
            like = [e.time_s for e in truth.events if (e.side, e.kind) == (event.side, event.kind)]
            assert min(abs(event.time_s - t) for t in like) < 0.05, event


@pytest.mark.slow
def test_padding_changes_nothing(fitted: Fitted, loud_refiner: RefinerWeights) -> None:
    one = fitted["monocular"][0]
    features = refiner_features(one)
    n = one.trial.n_frames
    apply = jax.jit(Refiner(OUTPUTS.size, WIDTH).apply)
    bare = apply(loud_refiner.params, features[None], np.ones((1, n), np.float32))[0]
    assert np.abs(np.asarray(bare)).max() > 0.05
    padded = np.full((1, n + 70, FEATURES.size), 9.0, np.float32)  # whatever stands there
    padded[0, :n] = features
    valid = np.zeros((1, n + 70), np.float32)
    valid[0, :n] = 1.0
    assert np.allclose(apply(loud_refiner.params, padded, valid)[0, :n], bare, atol=2e-5)


@pytest.mark.slow
def test_trials_are_refined_alike_alone_and_together(
    fitted: Fitted, loud_refiner: RefinerWeights
) -> None:
    # Held against an untrained refiner, a path that binds leaves conjugate gradients unfinished,
    # and its contacts do so by a centimetre; walks that change places are decimetres apart.
    free = [replace(f, trial=replace(f.trial, path_basis="denied")) for f in fitted["monocular"]]
    rows = fitted["exact"] + free
    together = refine_references(loud_refiner, rows)
    alone = refine_references(loud_refiner, rows[-1:])[0]
    assert len(together) == len(rows)
    for one, result in zip(rows, together, strict=True):
        assert result.pose.shape == one.pose.shape
    assert np.abs(together[-2].pose - alone.pose).max() > 0.1
    assert np.allclose(together[-1].pose, alone.pose, atol=0.03)
    assert np.allclose(together[-1].contact_probability, alone.contact_probability, atol=1e-4)


@pytest.mark.parametrize("image", [FEATURES.mirror, OUTPUTS.mirror])
def test_the_image_of_an_image_is_the_thing_itself(image: Mirror) -> None:
    x = np.random.default_rng(0).normal(size=(2, len(image.order)))
    assert np.array_equal(image(image(x)), x)
    assert not np.array_equal(image(x), x)


def test_mirrored_trials_get_mirrored_corrections(loud_refiner: RefinerWeights) -> None:
    drawn = np.random.default_rng(3).normal(size=(2, 64, FEATURES.size))
    features, valid = jnp.asarray(drawn, jnp.float32), jnp.ones((2, 64))
    here = corrections(loud_refiner, features, valid)
    there = corrections(loud_refiner, FEATURES.mirror(features), valid)
    assert here.shape == (2, 64, OUTPUTS.size)
    assert np.abs(here).max() > 0.01
    assert np.allclose(there, OUTPUTS.mirror(here), atol=1e-5)
