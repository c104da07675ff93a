"""A user's own pairs of curves: what is read, and what is refused."""

from dataclasses import replace

import numpy as np
import pytest

from simgait.companions.angle_refiner.config import RefinerConfig
from simgait.companions.angle_refiner.curves import ANGLES
from simgait.companions.angle_refiner.pairs_table import curve_pairs
from simgait.companions.angle_refiner.release import learned_from
from simgait.datasets.splits import SplitError
from simgait.errors import InputError
from simgait.estimators.companion import Order
from tests.companions.angle_refiner.made_up import HIP, KNEE, pairs, table

PAIRS = pairs(3, 1)


def changed(column, row, value, of=None):
    labels = of or table(PAIRS)
    parts = "text" if column in labels.text else "numbers"
    values = list(getattr(labels, parts)[column])
    values[row] = value
    return replace(labels, **{parts: {**getattr(labels, parts), column: values}})


def test_a_table_gives_the_curves_that_it_holds():
    found = curve_pairs(table(PAIRS), print)
    assert found.people == PAIRS.people and list(found.side) == [0, 1] * 3
    np.testing.assert_allclose(found.estimated[..., KNEE], PAIRS.estimated[..., KNEE], atol=6.0)
    np.testing.assert_array_equal(found.true[:, ::5, HIP], PAIRS.true[:, ::5, HIP])
    others = [k for k in range(len(ANGLES)) if k not in (HIP, KNEE)]
    assert np.isnan(found.true[..., others]).all()


def test_names_may_carry_their_unit_and_capitals():
    labels = table(PAIRS)
    named = [f"{angle.title()}_deg" for angle in labels.text["angle"]]
    sides = [side.upper() for side in labels.text["side"]]
    other = replace(labels, text={**labels.text, "angle": named, "side": sides})
    np.testing.assert_array_equal(curve_pairs(other, print).true, curve_pairs(labels, print).true)


def test_an_empty_cell_leaves_out_its_curve_and_a_trial_without_any_is_said():
    found = curve_pairs(changed("estimated_deg", 3, np.nan), print)
    assert np.isnan(found.estimated[0, :, HIP]).all()
    assert np.isfinite(found.estimated[0, :, KNEE]).all()
    labels = table(PAIRS, angles=("knee_flexion",))
    own = [who == "p1" for who in labels.text["person"]]
    empty = np.where(own, np.nan, labels.numbers["true_deg"])
    said: list[str] = []
    found = curve_pairs(
        replace(labels, numbers={**labels.numbers, "true_deg": list(empty)}), said.append
    )
    assert set(found.people) == {"p0", "p2"}
    assert said == ["left out: pairs.csv: p1, t1: no angle is known from both"]


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        (changed("person", 0, " "), "pairs.csv: 1 of 132 labels do not say whose they are"),
        (changed("side", 0, "l"), "a side called l; sides are left and right"),
        (changed("angle", 0, "knee"), "an angle called knee; there are pelvis_tilt, pelvis_ob"),
        (changed("percent", 1, 0.0), "p0, t0, left, hip_flexion: 0 % of the cycle stands there tw"),
        (changed("percent", 0, 3.0), "11 points from 3 to 100 % of the cycle; give them from 0"),
        (changed("percent", 0, np.nan), "a point does not say at which percent"),
        (changed("true_deg", 0, 500.0), "true_deg has 500°; no joint turns so far"),
        (table(replace(PAIRS, true=np.radians(PAIRS.true))), "look like radians, give degrees"),
        (table(PAIRS, step=10), "give them from 0 to 100 %, every 10 % or closer"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_a_sentence(labels, sentence):
    with pytest.raises(InputError, match=sentence):
        curve_pairs(labels, print)


def test_the_same_curves_under_two_people_are_told_with_their_names():
    twice = replace(
        PAIRS,
        estimated=np.concatenate([PAIRS.estimated[:2], PAIRS.estimated[:2], PAIRS.estimated[4:]]),
    )
    with pytest.raises(SplitError, match="pairs.csv: the same curves stand under p0 and p1, who"):
        curve_pairs(table(twice), print)


def test_a_table_without_people_is_a_sentence():
    labels = table(PAIRS)
    text = {name: cells for name, cells in labels.text.items() if name != "person"}
    with pytest.raises(InputError, match="has no column person; add it"):
        curve_pairs(replace(labels, text=text), print)


def test_one_person_more_than_a_network_takes_is_needed_as_each_is_left_out():
    config = RefinerConfig()
    for people in (4, 5):
        labels = table(pairs(people, 1))
        order = Order(config, None, labels, None, "a test", None, lambda line: None)
        if people == 5:
            (left_out,) = learned_from(order, config).left_out.values()
            assert len(left_out) == 5
            continue
        with pytest.raises(InputError, match=f"{labels.file}: the pairs of 4 people .* give 5"):
            learned_from(order, config)
