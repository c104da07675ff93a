"""Contacts of measured feet: right to the step, whatever the person's own stance."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.trials.measured_contacts import (
    LANDED_SHARE,
    LEAVING_SHARE,
    feet_are_measured,
    measured_contacts,
    standing_heels_m,
)
from simgait.types import Trial
from tests import stand_ins

FPS_HZ = 30.0


def trial_of(walker: SimpleNamespace, walk: SimpleNamespace) -> Trial:
    time_s, points = walker.markers(walk, FPS_HZ)
    hips = points[:, [KEYPOINT_INDEX["Left Hip"], KEYPOINT_INDEX["Right Hip"]]].mean(axis=1)
    return replace(
        stand_ins.trial("walk", "S1", len(time_s)),
        time_s=time_s,
        keypoints_m=points - hips[:, None],
        confidence=np.isfinite(points).all(-1).astype(float),
        pelvis_path_m=hips - hips[0],
        pelvis_path_mask=np.ones(len(time_s), bool),
    )


def lead_s(walk: SimpleNamespace, share: float, stance: float) -> float:
    """How long before landing (after leaving) the analytic foot's speed passes a share."""
    swing_s = (1.0 - stance) * walk.stride_s
    u = np.arccos(1.0 - share * walk.velocity_mps * swing_s / walk.stride_m) / (2.0 * np.pi)
    return u * swing_s


@pytest.mark.parametrize(("left", "right"), [(0.57, 0.57), (0.66, 0.66), (0.66, 0.58)])
def test_phases_are_the_persons_own(walker: SimpleNamespace, left: float, right: float) -> None:
    walk = walker.Walk(left_stance=left, right_stance=right)
    found = measured_contacts(trial_of(walker, walk))
    true = [e for e in walk.events() if 0.3 < e.time_s < walk.duration_s - 0.3]
    for event in true:
        stance = left if event.side == "left" else right
        own = [e.time_s for e in found if (e.side, e.kind) == (event.side, event.kind)]
        error_s = min((t - event.time_s for t in own), key=abs)
        if event.kind == "initial_contact":
            expected_s = -lead_s(walk, LANDED_SHARE, stance)
        else:
            expected_s = lead_s(walk, LEAVING_SHARE, stance)
        assert error_s == pytest.approx(expected_s, abs=0.006)


def test_events_beside_an_unseen_foot_are_left_out(walker: SimpleNamespace) -> None:
    trial = trial_of(walker, walker.Walk())
    whole = measured_contacts(trial)
    gone = next(e for e in whole if e.kind == "foot_off" and 1.5 < e.time_s < 3.0)
    points = trial.keypoints_m.copy()
    frame = int(gone.time_s * FPS_HZ)
    toe = KEYPOINT_INDEX[f"{gone.side.capitalize()} Big Toe"]
    points[frame : frame + 2, toe] = np.nan
    kept = measured_contacts(replace(trial, keypoints_m=points))
    assert not any(e.kind == gone.kind and abs(e.time_s - gone.time_s) < 0.1 for e in kept)
    assert len(kept) == len(whole) - 1


def test_feet_are_measured_only_in_metres_with_heels_toes_and_a_path(
    walker: SimpleNamespace,
) -> None:
    trial = trial_of(walker, walker.Walk())
    assert feet_are_measured(trial)
    assert not feet_are_measured(replace(trial, scale_is_metric=False))
    nowhere = np.zeros_like(trial.pelvis_path_mask)
    assert not feet_are_measured(replace(trial, pelvis_path_mask=nowhere))
    for point in ("Heel", "Big Toe"):
        points = trial.keypoints_m.copy()
        points[:, KEYPOINT_INDEX[f"Right {point}"]] = np.nan
        assert not feet_are_measured(replace(trial, keypoints_m=points))


def test_heels_stand_where_they_were_measured(walker: SimpleNamespace) -> None:
    walk = walker.Walk()
    trial = trial_of(walker, walk)
    standing = np.ones((trial.n_frames, 2))
    heels = standing_heels_m(trial, standing)
    known = np.isfinite(heels[:, 0, 0])
    # A heel that swings is nowhere; the others stand a stride apart.
    assert 0.5 < known.mean() < 0.8
    places = np.unique(np.round(heels[known, 0, 0], 1))
    assert np.diff(places).max() == pytest.approx(walk.stride_m, abs=0.11)
    assert np.isnan(standing_heels_m(trial, 0.0 * standing)).all()
