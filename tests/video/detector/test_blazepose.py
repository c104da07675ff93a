"""The released networks; their outputs on a painted pattern are pinned from LiteRT 2.3."""

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.resources import resource_dir
from simgait.video.detector import blazepose
from simgait.video.detector.blazepose import FINDER, FOLDER, LANDMARKER, load_blazepose
from simgait.video.detector.sampling import cut_out
from simgait.video.landmarks import Region


def pattern(size):
    y, x = np.mgrid[:size, :size] / size
    waves = [
        0.5 + 0.5 * np.sin(a * x + b * y + c) for a, b, c in ((9, 4, 0), (3, 12, 1), (7, 7, 2))
    ]
    return np.stack(waves, axis=-1)[None].astype(np.float32)


@pytest.mark.parametrize(
    ("network", "size", "pinned"),
    [
        ("find", 224, {
            0: (4.7449, 62.0827, -3.1719, -0.4831, 0.1866),
            1: (-35.9475, 37.809, -59.7734, -0.8045, -25.83),
        }),
        pytest.param("mark", 256, {
            0: (69.36, 151.8301, 145.1821, -215.5219, 168.3593),
            2: (-7.1828, 5.5217, -28.1884, -20.7233, -5.4925),
            3: (0.0949, 0.9368, 0.3006, 1.8828, 0.4564),
        }, marks=pytest.mark.slow),
    ],
)  # fmt: skip
def test_the_networks_give_what_litert_gives(network, size, pinned):
    found = [np.asarray(out) for out in getattr(load_blazepose(), network)(pattern(size))]
    for place, expected in pinned.items():
        values = found[place].ravel().astype(float)
        shown = (values.mean(), values.std(), values[0], values[len(values) // 2], values[-1])
        assert np.allclose(shown, expected, atol=0.1), place


def test_a_changed_file_is_refused(tmp_path, monkeypatch):
    folder = resource_dir("policies") / FOLDER
    copy = tmp_path / FOLDER
    copy.mkdir()
    for name in ("card.json", FINDER, LANDMARKER):
        (copy / name).write_bytes((folder / name).read_bytes())
    with (copy / LANDMARKER).open("r+b") as file:
        file.seek(1000)
        file.write(b"changed")
    monkeypatch.setattr(blazepose, "resource_dir", lambda name: tmp_path)
    with pytest.raises(InputError, match=f"{LANDMARKER}: missing or damaged"):
        load_blazepose()


def test_a_cut_out_is_turned_and_black_outside():
    picture = np.zeros((80, 100, 3), np.uint8)
    picture[:40, 50:, 0] = 200
    upright = cut_out(picture, Region(50.0, 40.0, 40.0, 0.0), 8)
    assert upright[1, 6, 0] == 200 and upright[1, 1, 0] == 0 and upright[6, 6, 0] == 0
    turned = cut_out(picture, Region(50.0, 40.0, 40.0, np.pi / 2), 8)
    # The region's own right looks down in the picture: what was upper right is upper left in it.
    assert turned[1, 1, 0] == 200 and turned[6, 6, 0] == 0
    outside = cut_out(picture, Region(100.0, 0.0, 40.0, 0.0), 8)
    assert outside[0].max() == 0 and outside[5, 1, 0] == 200


def test_a_wide_picture_is_looked_at_in_squares_that_overlap():
    views = blazepose._views(240, 426)
    assert [(v.x_px, v.side_px) for v in views] == [
        (213.0, 426.0), (120.0, 240.0), (213.0, 240.0), (306.0, 240.0)
    ]  # fmt: skip
    tall = blazepose._views(426, 240)
    assert [v.y_px for v in tall[1:]] == [120.0, 213.0, 306.0]
    assert len(blazepose._views(240, 240)) == 1


def test_small_people_are_looked_for_in_squares_all_over_the_picture():
    views = blazepose._close_views(240, 426)
    assert {v.side_px for v in views} == {120.0}
    for x, y in ((0, 0), (425, 0), (0, 239), (425, 239), (213, 100)):
        assert any(abs(v.x_px - x) <= 60 and abs(v.y_px - y) <= 60 for v in views)
    assert len(views) == 3 * 6


def test_a_large_region_is_averaged():
    """Stripes of one pixel become grey instead of flickering."""
    picture = np.zeros((400, 400, 3), np.uint8)
    picture[:, ::2] = 200
    small = cut_out(picture, Region(200.0, 200.0, 320.0, 0.0), 16)
    assert np.allclose(small[2:-2, 2:-2], 100.0, atol=11.0)
