"""What differs between two requests is named as it is typed."""

from __future__ import annotations

from dataclasses import fields

import pytest

from simgait.cohort.request import differences
from simgait.option_names import FLAGS
from simgait.pipeline import TrackOptions
from simgait.recordings.options import ReadOptions

OF_PYTHON_ALONE = {"time_s", "confidence", "reader"}


@pytest.mark.parametrize(
    ("before", "now", "said"),
    [
        ({"height_m": 1.7}, {"height_m": 1.8}, "--height (1.7, now 1.8; in Python height_m)"),
        ({}, {"fps_hz": 50.0}, "--fps (not said, now 50.0; in Python fps_hz)"),
        ({"unit": "mm"}, {"unit": "m"}, "--unit (mm, now m)"),
        (
            {"scale_is_metric": True}, {"scale_is_metric": False},
            "--positions (measured, now estimated; in Python scale_is_metric)",
        ),
        (
            {"picture_px": [1920, 1080]}, {"picture_px": [640, 480]},
            "--picture (1920x1080, now 640x480; in Python picture_px)",
        ),
        (
            {"exchange": ["RHEE", "RTOE"]}, {},
            "--exchange (RHEE,RTOE, now not said)",
        ),
        (
            {"root_relative": True}, {},
            "--root-relative (said, now not said; in Python root_relative)",
        ),
        ({"min_frames": 40}, {}, "--min-frames (40, now not said; in Python min_frames)"),
        ({"asf": "a" * 64}, {"asf": "b" * 64}, "--asf (changed)"),
        ({"policy_sha256": "a" * 64}, {"policy_sha256": "b" * 64}, "policy (changed)"),
    ],
)  # fmt: skip
def test_a_difference_is_named_as_it_is_typed(before, now, said) -> None:
    assert differences(before, now) == [said]


def test_everything_that_can_be_typed_has_the_name_of_its_option() -> None:
    facts = {field.name for one in (ReadOptions, TrackOptions) for field in fields(one)}
    assert facts - OF_PYTHON_ALONE <= set(FLAGS)
