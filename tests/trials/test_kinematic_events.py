from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from simgait.gait.matching import match_events, timing_error
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.trials.kinematic_events import KinematicConfig, kinematic_events
from simgait.trials.trajectories import trajectories_of

ZENI = KinematicConfig(contact_speed_share=0.0, off_speed_share=0.0, smoothing_s=0.0)


def zeni_lead_s(walk) -> float:
    """Time from the heel's furthest point ahead of the pelvis to its landing, for the analytic
    walker: there stride / swing (1 - cos 2 pi u) = velocity."""
    swing = (1.0 - walk.left_stance) * walk.stride_s
    u = np.arccos(1.0 - walk.velocity_mps * swing / walk.stride_m) / (2 * np.pi)
    return u * swing


@pytest.mark.parametrize("fps_hz", [30.0, 100.0])
def test_extremes_are_where_zeni_says(walker: SimpleNamespace, fps_hz: float) -> None:
    walk = walker.Walk()
    time_s, points = walker.markers(walk, fps_hz)
    match = match_events(walk.events(), kinematic_events(trajectories_of(time_s, points), ZENI))
    contacts = timing_error(match, ["initial_contact"])
    offs = timing_error(match, ["foot_off"])
    assert contacts.bias_ms == pytest.approx(-1000 * zeni_lead_s(walk), abs=4.0)
    assert offs.bias_ms == pytest.approx(1000 * zeni_lead_s(walk), abs=4.0)
    assert contacts.n_missed == contacts.n_extra == offs.n_extra == 0


def test_moved_to_the_speed_share_events_lie_closer(walker: SimpleNamespace) -> None:
    walk = walker.Walk()
    paths = trajectories_of(*walker.markers(walk))
    plain = timing_error(match_events(walk.events(), kinematic_events(paths, ZENI)))
    moved = timing_error(match_events(walk.events(), kinematic_events(paths)))
    assert moved.mae_ms < 0.7 * plain.mae_ms


@pytest.mark.parametrize(
    "changes",
    [
        dict(stride_s=0.5, right_step_s=0.25, left_step_m=0.2, right_step_m=0.2, leg_m=0.35),
        dict(stride_s=0.9, right_step_s=0.45, left_step_m=0.08, right_step_m=0.08),
        dict(stride_s=3.0, right_step_s=1.5, left_step_m=0.25, right_step_m=0.25,
             left_stance=0.75, right_stance=0.75, duration_s=14.0),
        dict(right_step_m=-0.05, left_step_m=0.5, right_step_s=0.45),
    ],
    ids=["toddler", "short_steps", "slow_patient", "step_to_gait"],
)  # fmt: skip
def test_no_event_is_lost(walker: SimpleNamespace, changes: dict[str, Any]) -> None:
    walk = walker.Walk(**changes)
    match = match_events(walk.events(), kinematic_events(trajectories_of(*walker.markers(walk))))
    inner = [e for e in match.missed if 0.15 < e.time_s < walk.duration_s - 0.15]
    assert not inner and not match.extra
    assert len(match.pairs) >= 0.9 * len(walk.events())


def test_survives_jitter(walker: SimpleNamespace) -> None:
    walk = walker.Walk()
    time_s, points = walker.markers(walk, 30.0)
    noise = np.random.default_rng(3).normal(0.0, 0.01, points.shape)
    error = timing_error(
        match_events(walk.events(), kinematic_events(trajectories_of(time_s, points + noise)))
    )
    assert error.n_missed <= 1 and error.n_extra <= 1
    assert error.mae_ms < 60.0


def test_standing_still_has_no_events(walker: SimpleNamespace) -> None:
    time_s, points = walker.markers(walker.Walk())
    still = np.repeat(points[:1], len(points), axis=0)
    still = still + np.random.default_rng(0).normal(0.0, 0.003, still.shape)
    assert kinematic_events(trajectories_of(time_s, still)) == ()


def test_ankles_stand_in_for_heels_and_toes_on_both_sides(walker: SimpleNamespace) -> None:
    walk = walker.Walk()
    time_s, points = walker.markers(walk)
    for name in ("Left Heel", "Left Big Toe", "Left Foot"):
        points[:, KEYPOINT_INDEX[name]] = np.nan
    paths = trajectories_of(time_s, points)
    # One side's heel against the other side's ankle would bias every step length.
    assert (paths.heel_name, paths.toe_name) == ("Ankle", "Ankle")
    error = timing_error(match_events(walk.events(), kinematic_events(paths)))
    assert error.n_missed <= 1


def test_events_of_a_turning_walk(walker: SimpleNamespace) -> None:
    """The walk bent onto a circle, more than half of the way round."""
    walk = replace(walker.Walk(), duration_s=10.0)
    time_s, points = walker.markers(walk)
    radius = 3.0
    x, y = points[..., 0], points[..., 1]
    bent = points.copy()
    bent[..., 0] = (radius - y) * np.sin(x / radius)
    bent[..., 1] = radius - (radius - y) * np.cos(x / radius)
    match = match_events(walk.events(), kinematic_events(trajectories_of(time_s, bent)))
    assert len(match.missed) <= 2 and not match.extra


@pytest.mark.parametrize("file", ["HC002D/HC002D06.c3d", "HC044A/HC044A15.c3d"])
def test_against_a_laboratorys_events(data_dir: Path, file: str) -> None:
    from simgait.recordings.formats.c3d import read_c3d

    path = next(data_dir.glob(f"mcgill_c3d/**/{Path(file).name}"))
    recording = read_c3d(path)
    paths = trajectories_of(recording.time_s, recording.keypoints_m, recording.keypoint_names)
    match = match_events(recording.events, kinematic_events(paths))
    contacts = timing_error(match, ["initial_contact"])
    assert contacts.n >= 4 and contacts.n_missed == 0
    assert contacts.mae_ms <= 30.0
    assert timing_error(match, ["foot_off"]).mae_ms <= 30.0
