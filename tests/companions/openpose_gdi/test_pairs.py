"""Windows become walks: sides apart, what both share once, asymmetry as a difference."""

import numpy as np
import pytest

from simgait.companions.openpose_gdi.filmed_walkers import LabelledWindows, joined
from simgait.companions.openpose_gdi.pairs import (
    ASYMMETRY,
    half_widths_of,
    pairs_of,
    speed_pairs_mps,
)
from simgait.companions.openpose_gdi.targets import TARGETS, speed_scale_mps
from simgait.errors import InputError


def walk(person, gdi, said_gdi, windows=2):
    """A walk whose sides have these GDI; both sides' windows, and what is said of each."""
    n = 2 * windows
    targets = np.array([[gdi[s], 0.3, 110.0, 5.0] for s in (0, 1)], np.float32)
    said = np.array([[said_gdi[s], 0.31, 100.0, 6.0] for s in (0, 1)])
    spread = np.tile(np.linspace(-1.0, 1.0, windows), 2)[:, None]
    return LabelledWindows(
        columns=np.zeros((n, 124, 24), np.float32),
        targets=np.repeat(targets, windows, axis=0),
        people=(person,) * n,
        walk=np.zeros(n, int),
        side=np.repeat([0, 1], windows),
        height_m=np.full(n, 1.6),
        view=np.full(n, 2),
    ), np.repeat(said, windows, axis=0) + spread


def test_a_side_is_the_mean_of_its_windows_and_asymmetry_a_difference():
    walks = [walk("a", (90.0, 80.0), (88.0, 84.0)), walk("b", (100.0, 101.0), (99.0, 97.0), 3)]
    windows, said = joined([one for one, _ in walks]), np.concatenate([s for _, s in walks])
    pairs = pairs_of(windows, said)
    np.testing.assert_allclose(pairs["gdi_points"].truth, [90.0, 80.0, 100.0, 101.0])
    np.testing.assert_allclose(pairs["gdi_points"].estimate, [88.0, 84.0, 99.0, 97.0])
    assert pairs["gdi_points"].people == ("a", "a", "b", "b")
    assert list(pairs["gdi_points"].view) == [2, 2, 2, 2]
    np.testing.assert_allclose(pairs[ASYMMETRY].truth, [10.0, -1.0])
    np.testing.assert_allclose(pairs[ASYMMETRY].estimate, [4.0, 2.0])
    assert len(pairs["cadence_spm"].truth) == 2
    speed = speed_pairs_mps(windows, pairs["relative_speed"])
    np.testing.assert_allclose(speed.estimate, 0.31 * speed_scale_mps(1.6), rtol=1e-6)


def test_every_quantity_has_an_interval_or_a_sentence():
    walks = [walk(f"p{k}", (90.0, 80.0), (90.0 + 0.1 * k, 80.0)) for k in range(25)]
    windows, said = joined([one for one, _ in walks]), np.concatenate([s for _, s in walks])
    found = half_widths_of(pairs_of(windows, said))
    assert set(found) == {*TARGETS, ASYMMETRY}
    assert found["cadence_spm"] == pytest.approx(10.0)
    assert 2.0 < found[ASYMMETRY] <= 2.4
    unknown = windows.targets.copy()
    unknown[:, 2] = np.nan
    from dataclasses import replace

    with pytest.raises(InputError, match="^cadence_spm: 0 people are too few"):
        half_widths_of(pairs_of(replace(windows, targets=unknown), said))


def test_no_walk_at_all_is_a_sentence():
    with pytest.raises(InputError, match="No walk shows enough"):
        joined([])
