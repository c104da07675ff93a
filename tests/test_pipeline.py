"""One recording through its stages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simgait.pipeline import preparation_for
from simgait.recordings.options import ReadOptions
from simgait.types import Recording


def test_files_named_in_options_are_recorded_without_their_folders() -> None:
    reader = ReadOptions(asf=Path("patients/doe/07.asf"), fps_hz=120.0, subject_id="P7")
    assert reader.record() == {"asf": "07.asf", "fps_hz": 120.0}


@pytest.mark.parametrize(
    ("frames", "metric", "least"),
    [(300, False, 75), (60, False, 36), (30, False, 36), (300, True, 30), (20, True, 30)],
)
def test_the_shortest_walk_follows_from_what_the_recording_shows(frames, metric, least) -> None:
    recording = Recording(
        recording_id="walk",
        source_format="npz",
        time_s=np.arange(400) / 30.0,
        keypoint_names=("Pelvis",),
        keypoints_m=np.where(np.arange(400)[:, None, None] < frames, np.zeros((400, 1, 3)), np.nan),
        confidence=np.ones((400, 1)),
        scale_is_metric=metric,
        pelvis_travels=True,
    )
    assert preparation_for(recording).min_frames == least
    assert preparation_for(recording, 50).min_frames == 50
