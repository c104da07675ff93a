from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.video.camera import ASSUMED_DEG, choose_lens
from simgait.video.decode import Clip

CLIP = Clip(Path("v.mp4"), "v.mp4", 1920, 1080, 0, 10.0)


def test_what_is_stated_goes_before_the_tag_and_the_tag_before_the_usual():
    tagged = replace(CLIP, focal_35mm=26.0)
    assert choose_lens(tagged, 70.0).source == "stated"
    assert choose_lens(tagged, None).source == "tag"
    assert choose_lens(CLIP, None).source == "assumed"
    assert choose_lens(CLIP, None).field_of_view_deg == pytest.approx(ASSUMED_DEG)


def test_the_field_of_view_is_that_of_the_long_side():
    """90° reach half the long side at a distance of half the long side."""
    upright = replace(CLIP, width_px=1080, height_px=1920)
    for clip in (CLIP, upright):
        lens = choose_lens(clip, 90.0)
        assert lens.focal_px == pytest.approx(960.0)
        assert lens.field_of_view_deg == pytest.approx(90.0)
    assert np.allclose(choose_lens(CLIP, 90.0).rays(np.array([[1920.0, 540.0]])), [[1.0, 0.0]])


def test_a_phones_26_mm_are_67_degrees():
    """4:3 stills of 79.5° on the diagonal, of whose width video takes all."""
    assert choose_lens(replace(CLIP, focal_35mm=26.0), None).field_of_view_deg == pytest.approx(
        67.3, abs=0.1
    )


def test_a_tag_that_no_lens_has_is_not_believed():
    assert choose_lens(replace(CLIP, focal_35mm=4000.0), None).source == "assumed"


@pytest.mark.parametrize("degrees", [0.0, -60.0, 1.05, 180.0, float("nan")])
def test_no_lens_has_such_a_view(degrees):
    with pytest.raises(InputError, match="is no camera's"):
        choose_lens(CLIP, degrees)
