"""The refiner's frame: what it may change, what it must leave, and that padding is nothing."""

from __future__ import annotations

from dataclasses import replace

import jax
import numpy as np
import pytest

from simgait.body.contact_timing import crossings
from simgait.body.refiner import (
    ANGLE_SCALE_RAD,
    MIRROR_OF_FEATURES,
    MIRROR_OF_OUTPUTS,
    N_FEATURES,
    N_OUTPUTS,
    SPEED_SCALE,
    Refiner,
    RefinerWeights,
    apply_correction,
    corrections,
    events_of_seen_feet,
    refine_references,
    refiner_features,
)
from simgait.skeleton.default import BODY_KEYPOINTS, POSE_INDEX
from simgait.skeleton.dimensions import GRAVITY_MPS2, Dimensions
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.skeleton.kinematics import body_keypoints
from simgait.skeleton.mirror import Mirror
from simgait.trials.kinematic_events import kinematic_events
from simgait.trials.world_paths import walk_paths
from simgait.types import Reference, Trial

Fitted = dict[str, list[tuple[Trial, Dimensions, Reference]]]
ANKLES = [POSE_INDEX[f"{side}_ankle_dorsiflexion"] for side in ("left", "right")]
PROXIMAL = [POSE_INDEX[name] for name in ("pelvis_tilt", "left_hip_flexion", "right_hip_flexion")]


@pytest.mark.parametrize("kind", ["exact", "legs", "monocular"])
def test_features_are_finite_and_as_many_as_the_network_expects(fitted: Fitted, kind: str) -> None:
    for trial, dims, reference in fitted[kind]:
        features = refiner_features(trial, reference, dims)
        assert features.shape == (trial.n_frames, N_FEATURES)
        assert np.isfinite(features).all()
        assert np.abs(features).max() < 20.0


@pytest.mark.parametrize("kind", ["exact", "legs", "monocular"])
def test_saying_nothing_leaves_the_fit_as_it_was(fitted: Fitted, kind: str) -> None:
    for trial, dims, reference in fitted[kind]:
        refined = apply_correction(np.zeros((trial.n_frames, N_OUTPUTS)), trial, reference, dims)
        change = refined.reference.pose - reference.pose
        # What is left of it is a second pass of the filter; the ends feel it most.
        assert np.rad2deg(np.sqrt(np.mean(change[:, 3:] ** 2, axis=0))).max() < 0.7
        assert np.abs(change[:, :2]).max() < 0.03
        assert np.abs(change[:, 2]).max() < 0.02
        assert np.allclose(refined.contact_probability, 0.5)


def test_witness_is_the_measured_velocity_and_unknown_elsewhere(fitted: Fitted) -> None:
    trial, dims, reference = fitted["exact"][0]
    measured = np.ones(trial.n_frames, bool)
    measured[10:20] = False
    refined = apply_correction(
        np.zeros((trial.n_frames, N_OUTPUTS)),
        trial,
        replace(reference, travel_is_measured=measured),
        dims,
    )
    assert np.isnan(refined.witness_mps[10:20]).all()
    assert np.array_equal(refined.witness_mps[20:], reference.pose_velocity[20:, :2])


def test_marker_trials_keep_the_joints_that_markers_show(fitted: Fitted) -> None:
    output = np.full((fitted["exact"][0][0].n_frames, N_OUTPUTS), 0.5)
    for kind, may_change in (("exact", []), ("legs", ANKLES + PROXIMAL)):
        trial, dims, reference = fitted[kind][0]
        assert trial.scale_is_metric
        quiet = apply_correction(0 * output, trial, reference, dims).reference.pose
        refined = apply_correction(output, trial, reference, dims).reference.pose
        changed = np.flatnonzero(np.abs(refined - quiet)[:, 3:].max(axis=0) > 1e-9) + 3
        assert sorted(changed) == sorted(may_change)
        assert np.allclose((refined - quiet)[:, may_change], 0.5 * ANGLE_SCALE_RAD)
        # The path is measured: nothing may move it.
        assert np.array_equal(refined[:, :2], quiet[:, :2])


def test_monocular_trials_take_every_correction_in_its_unit(fitted: Fitted) -> None:
    trial, dims, reference = fitted["monocular"][0]
    output = np.zeros((trial.n_frames, N_OUTPUTS))
    quiet = apply_correction(output, trial, reference, dims)
    output[:, :13], output[:, 13], output[:, 15], output[:, 16] = 0.25, 0.5, 3.0, -3.0
    loud = apply_correction(output, trial, reference, dims)
    difference = loud.reference.pose - quiet.reference.pose
    assert np.allclose(difference[:, 3:], 0.25 * ANGLE_SCALE_RAD)
    added = 0.5 * SPEED_SCALE * np.sqrt(GRAVITY_MPS2 * dims.leg_m)
    assert np.allclose(difference[:, 0], added * trial.time_s, atol=1e-6)
    assert np.allclose(difference[:, 1], 0.0, atol=1e-9)
    assert np.allclose(loud.contact_probability, [1 / (1 + np.exp(-3)), 1 / (1 + np.exp(3))])


def test_contacts_are_timed_midway_to_the_kinematic_events(fitted: Fitted) -> None:
    trial, dims, reference = fitted["exact"][0]
    points = np.asarray(body_keypoints(reference.pose, dims))
    events = kinematic_events(walk_paths(trial.time_s, points, BODY_KEYPOINTS))
    late_s = 0.04
    output = np.zeros((trial.n_frames, N_OUTPUTS))
    for column, side in enumerate(("left", "right")):
        mine = [e for e in events if e.side == side]
        stands = np.full(trial.n_frames, -6.0 if mine[0].kind == "initial_contact" else 6.0)
        for event in mine:
            slope = 120.0 if event.kind == "initial_contact" else -120.0
            after = trial.time_s > event.time_s + late_s - 0.15
            stands[after] = slope * (trial.time_s[after] - event.time_s - late_s)
        output[:, 15 + column] = np.clip(stands, -6.0, 6.0)
    seen = events_of_seen_feet(trial, reference, dims)
    assert tuple(seen) == events
    refined = apply_correction(output, trial, reference, dims, seen)
    checked = 0
    for column, side in enumerate(("left", "right")):
        for time_s, kind in crossings(refined.contact_probability[:, column], trial.fps_hz):
            away = [time_s - e.time_s for e in events if (e.side, e.kind) == (side, kind)]
            assert min(away, key=abs) == pytest.approx(0.5 * late_s, abs=0.012)
            checked += 1
    assert checked >= 6
    hidden = trial.keypoints_m.copy()
    for point in ("Heel", "Big Toe", "Foot"):
        hidden[:, KEYPOINT_INDEX[f"Left {point}"]] = np.nan
    blindfold = replace(trial, keypoints_m=hidden)
    seen = events_of_seen_feet(blindfold, reference, dims)
    assert {event.side for event in seen} == {"right"}
    blind = apply_correction(output, blindfold, reference, dims, seen)
    given = 1.0 / (1.0 + np.exp(-output[:, 15:]))
    assert np.allclose(blind.contact_probability[:, 0], given[:, 0])
    assert np.array_equal(blind.contact_probability[:, 1], refined.contact_probability[:, 1])


def test_padding_changes_nothing(fitted: Fitted, loud_refiner: RefinerWeights) -> None:
    trial, dims, reference = fitted["monocular"][0]
    features = refiner_features(trial, reference, dims)
    n = trial.n_frames
    apply = jax.jit(Refiner().apply)
    bare = apply(loud_refiner.params, features[None], np.ones((1, n), np.float32))[0]
    assert np.abs(np.asarray(bare)).max() > 0.05
    padded = np.full((1, n + 70, N_FEATURES), 9.0, np.float32)  # whatever stands there
    padded[0, :n] = features
    valid = np.zeros((1, n + 70), np.float32)
    valid[0, :n] = 1.0
    assert np.allclose(apply(loud_refiner.params, padded, valid)[0, :n], bare, atol=2e-5)


def test_trials_are_refined_alike_alone_and_together(
    fitted: Fitted, loud_refiner: RefinerWeights
) -> None:
    rows = fitted["exact"] + fitted["monocular"]
    trials, people, references = (list(column) for column in zip(*rows, strict=True))
    together = refine_references(loud_refiner, trials, references, people)
    alone = refine_references(loud_refiner, trials[-1:], references[-1:], people[-1:])[0]
    assert len(together) == len(trials)
    for trial, result in zip(trials, together, strict=True):
        assert result.reference.pose.shape == (trial.n_frames, 16)
    assert np.allclose(together[-1].reference.pose, alone.reference.pose, atol=1e-4)
    assert np.allclose(together[-1].contact_probability, alone.contact_probability, atol=1e-4)


@pytest.mark.parametrize("image", [MIRROR_OF_FEATURES, MIRROR_OF_OUTPUTS])
def test_the_image_of_an_image_is_the_thing_itself(image: Mirror) -> None:
    x = np.random.default_rng(0).normal(size=(2, len(image.order)))
    assert np.array_equal(image(image(x)), x)
    assert not np.array_equal(image(x), x)


def test_mirrored_trials_get_mirrored_corrections(loud_refiner: RefinerWeights) -> None:
    features = np.random.default_rng(3).normal(size=(2, 64, N_FEATURES)).astype(np.float32)
    valid = np.ones((2, 64), np.float32)
    here = corrections(loud_refiner, features, valid)
    there = corrections(loud_refiner, MIRROR_OF_FEATURES(features), valid)
    assert here.shape == (2, 64, N_OUTPUTS)
    assert np.abs(here).max() > 0.01
    assert np.allclose(there, MIRROR_OF_OUTPUTS(here), atol=1e-5)
