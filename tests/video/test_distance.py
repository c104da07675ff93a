import numpy as np
import pytest

from simgait.errors import InputError
from simgait.video.camera import Lens
from simgait.video.distance import lens_for_distance
from tests.video.conftest import STANDING
from tests.video.test_placing import LENS, filmed

HEIGHT_M = 2 * 0.42 / 0.491
"""Of the painted person, whose thigh and shank are .42 m each."""
COMING = np.column_stack([np.linspace(0.3, -0.1, 60), np.full(60, 0.2), np.linspace(9.0, 3.0, 60)])
ACROSS = np.column_stack([np.linspace(-2.0, 2.0, 60), np.full(60, 0.2), np.full(60, 5.0)])
WALKED_M = float(np.linalg.norm(COMING[-1] - COMING[0]))
UNKNOWN = Lens(500.0, LENS.width_px, LENS.height_px, "assumed")


def test_the_lens_is_the_one_through_which_the_walk_is_as_long():
    assert np.isclose(np.linalg.norm(STANDING[27] - STANDING[25]), 0.42, atol=0.001)
    lens = lens_for_distance(filmed(COMING), UNKNOWN, WALKED_M, HEIGHT_M, "v")
    assert lens.focal_px == pytest.approx(LENS.focal_px, rel=0.03)
    assert lens.source == "distance"


@pytest.mark.parametrize(
    ("path", "distance_m", "height_m", "words"),
    [
        (COMING, WALKED_M, None, "together with the person's height"),
        (ACROSS, 4.0, HEIGHT_M, "walks across the picture"),
        (COMING, 200.0, HEIGHT_M, "200 m cannot be what the person walks in it, which is"),
    ],
)
def test_a_distance_that_tells_no_lens_is_refused(path, distance_m, height_m, words):
    with pytest.raises(InputError, match=f"v: .*{words}"):
        lens_for_distance(filmed(path), UNKNOWN, distance_m, height_m, "v")
