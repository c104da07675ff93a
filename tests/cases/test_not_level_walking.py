"""Cases 04, 05, 11: running, stairs and slow motion are named before anything is tracked."""

import pytest

from simgait.findings import Code
from simgait.pipeline import TrackOptions, walks_of_file
from simgait.report.words import sentences


@pytest.mark.parametrize(
    ("number", "code", "words"),
    [
        ("04", Code.RUNNING, "This is running"),
        ("05", Code.FLOOR_NOT_LEVEL, "The pelvis sinks by 36 cm on each metre"),
        ("11", Code.LONG_STEPS, "check the frame rate"),
    ],
)
def test_each_is_named_and_not_to_be_used(run_case, number, code, words):
    files = sorted(run_case(number).iterdir())
    assert files
    for file in files:
        (walk,) = walks_of_file(file, TrackOptions())
        first = walk.quality.findings[0]
        assert (first.code, first.severity, walk.quality.usable) == (code, "stop", False)
        said = " ".join(sentences(walk.quality.findings))
        assert words in said
        assert ("frame rate" in said) == (number == "11")


def test_slow_motion_is_said_in_steps(run_case):
    files = sorted(run_case("11").iterdir())
    for file, pace in zip(files, ("66 cm at 27 steps/min", "66 cm at 14 steps/min"), strict=True):
        (walk,) = walks_of_file(file, TrackOptions())
        assert pace in " ".join(sentences(walk.quality.findings))
