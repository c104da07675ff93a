"""Case 09: TRC files that other tools read are read, with a note where the header is stale."""

import numpy as np
import pytest

from simgait.recordings.read import read_recording

NOTES = {
    "numframes_900": "NumFrames says 900, but 500",
    "nummarkers_stale": "NumMarkers says 12, but 13",
    "irrelevant_twice": "V_X",
    "decimal_comma": "decimal commas",
    "utf16": "UTF-16",
}


@pytest.fixture(scope="module")
def files(run_case):
    return sorted(run_case("09").glob("*.trc"))


def test_each_file_holds_the_walk(files):
    assert len(files) == 9
    for file in files:
        recording = read_recording(file)
        hips = [recording.keypoint_names.index(f"{side} Hip") for side in ("Left", "Right")]
        path = recording.keypoints_m[:, hips].mean(axis=1)
        speed = np.linalg.norm(path[-1] - path[0]) / np.ptp(recording.time_s)
        assert speed == pytest.approx(1.20, abs=0.01), file.name
        assert NOTES.get(file.stem.removeprefix("09_"), "") in " ".join(recording.notes)
