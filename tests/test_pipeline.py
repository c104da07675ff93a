"""One recording through its stages."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simgait.pipeline import TrackOptions, preparation_for
from simgait.recordings.options import ReadOptions
from simgait.types import Recording


def test_files_named_in_options_are_recorded_without_their_folders() -> None:
    reader = ReadOptions(asf=Path("patients/doe/07.asf"), fps_hz=120.0, subject_id="P7")
    assert reader.record() == {"asf": "07.asf", "fps_hz": 120.0}


@pytest.mark.parametrize(("metric", "least", "alone"), [(False, 75, 36), (True, 30, None)])
def test_the_shortest_walk_follows_from_the_kind_of_recording(metric, least, alone) -> None:
    recording = Recording(
        recording_id="walk",
        source_format="npz",
        time_s=np.arange(400) / 30.0,
        keypoint_names=("Pelvis",),
        keypoints_m=np.zeros((400, 1, 3)),
        confidence=np.ones((400, 1)),
        scale_is_metric=metric,
        pelvis_travels=True,
    )
    found = preparation_for(recording)
    assert (found.min_frames, found.min_frames_alone) == (least, alone)
    said = preparation_for(recording, 50)
    assert (said.min_frames, said.min_frames_alone) == (50, None)


@pytest.mark.parametrize(("said", "asks"), [({}, False), ({"opinions": True}, True),
                                            ({"twin": True}, True)])  # fmt: skip
def test_a_twin_needs_the_opinions_that_it_is_made_from(said, asks) -> None:
    assert TrackOptions(**said).asks_companions is asks
