"""A user's own recordings: what is read of them, and what is refused."""

import numpy as np
import pytest

from simgait.companions.openpose_gdi.labels import labelled_windows
from simgait.companions.openpose_gdi.release import Parts
from simgait.companions.openpose_gdi.targets import reference_of, speed_scale_mps
from simgait.datasets.splits import SplitError
from simgait.errors import InputError
from simgait.estimators.companion import Labels, Order
from simgait.gait.known_scores import FILE, released_reference
from simgait.resources import resource_dir
from tests.companions.openpose_gdi.made_up import legs, write

REFERENCE = released_reference()
RELEASED = resource_dir("policies") / "default" / FILE


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("labelled")
    write(made / "one", legs())
    write(made / "two", legs(bend=0.9))
    write(made / "short", legs(3.0))
    return made


def labels(folder, *recordings, people=("p1", "p2", "p3"), **changes):
    """Both sides of recordings of different people."""
    rows = [
        (one, who, side)
        for one, who in zip(recordings, people, strict=False)
        for side in ("left", "right")
    ]
    text = {
        "recording": [row[0] for row in rows],
        "person": [row[1] for row in rows],
        "side": [row[2] for row in rows],
        "reference": [REFERENCE.name] * len(rows),
    }
    numbers = {
        "fps_hz": [25.0] * len(rows),
        "height_m": [1.6] * len(rows),
        "gdi_points": [90.0 - k for k in range(len(rows))],
        "speed_mps": [1.2] * len(rows),
    }
    return Labels("table.csv", folder, text | changes, numbers)


def test_labels_stand_beside_the_windows_of_their_side(folder):
    said: list[str] = []
    windows = labelled_windows(labels(folder, "one", "two", "short"), REFERENCE, said.append)
    assert windows.people == ("p1",) * 4 + ("p2",) * 4
    gdi, speed, cadence, knee = windows.targets.T
    np.testing.assert_array_equal(gdi, [90, 90, 89, 89, 88, 88, 87, 87])
    np.testing.assert_allclose(speed, 1.2 / speed_scale_mps(1.6), rtol=1e-6)
    assert np.isnan(cadence).all() and np.isnan(knee).all()
    assert len(said) == 1 and "left out: short: at its frame rate the walk lasts 3.0 s" in said[0]


def test_labels_without_people_are_refused(folder):
    nameless = labels(folder, "one", people=("",))
    with pytest.raises(InputError, match="table.csv: 2 of 2 labels do not say whose they are"):
        labelled_windows(nameless, REFERENCE, print)
    lacking = labels(folder, "one")
    lacking = Labels(
        lacking.file,
        folder,
        {k: v for k, v in lacking.text.items() if k != "person"},
        lacking.numbers,
    )
    with pytest.raises(InputError, match="has no column person; add it"):
        labelled_windows(lacking, REFERENCE, print)


def test_a_gdi_against_other_people_is_refused(folder):
    other = labels(folder, "one", reference=["lab B"] * 2)
    with pytest.raises(InputError, match="has a GDI against lab B, and the reference given is"):
        labelled_windows(other, REFERENCE, print)


def test_a_recording_of_two_people_and_a_third_side_are_left_out(folder):
    said: list[str] = []
    both = labels(folder, "one", "two", person=["p1", "p9", "p2", "p2"])
    windows = labelled_windows(both, REFERENCE, said.append)
    assert set(windows.people) == {"p2"} and "stands under p1 and p9" in said[0]
    with pytest.raises(InputError, match="table.csv: none of its 1 recordings can be used"):
        labelled_windows(labels(folder, "one", side=["left", "R"]), REFERENCE, said.append)
    assert "a side called R" in said[1]


def order(**given):
    return Order(**({
        "config": None, "data_dir": None, "labels": None, "reference": None, "machine": "test",
        "max_minutes": None, "say": print,
    } | given))  # fmt: skip


def test_a_reference_of_another_pipeline_is_refused(folder):
    with pytest.raises(
        InputError, match="its angles were made by simgait, policy .* other offsets"
    ):
        reference_of(order(reference=RELEASED))
    own = labels(folder, "one")
    assert reference_of(order(reference=RELEASED, labels=own)).name == REFERENCE.name
    with pytest.raises(InputError, match="a GDI means nothing without its healthy people"):
        reference_of(order(labels=own))


def test_a_split_that_leaks_is_refused(folder):
    windows = labelled_windows(labels(folder, "one", "two"), REFERENCE, print)
    first, second = windows.rows(np.arange(4)), windows.rows(np.arange(4, 8))
    Parts(first, second, None, REFERENCE).check()
    with pytest.raises(SplitError, match="p1: learned from, and in what judges"):
        Parts(first, windows, None, REFERENCE).check()
    with pytest.raises(SplitError, match="p2: learned from"):
        Parts(first, second, second, REFERENCE).check()
    # The same person's other window, under another name.
    renamed = labelled_windows(labels(folder, "one", people=("p7",)), REFERENCE, print)
    with pytest.raises(SplitError, match="frames that judge were learned from"):
        Parts(first.rows(np.array([0, 2])), renamed.rows(np.array([1, 3])), None, REFERENCE).check()
