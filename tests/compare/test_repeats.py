"""The same walks given twice, and a copy of the truth, are named."""

import numpy as np
import pytest

from simgait.compare.evidence import MeasurePairs
from simgait.compare.repeats import repeat_warnings

IDS = ("a", "b", "c", "d")


def pairs(truth, estimate, name="velocity_mps"):
    return MeasurePairs(name, name, "m/s", IDS, IDS, np.array(truth), np.array(estimate))


def test_walks_with_all_the_numbers_of_another_are_named():
    two = (
        pairs([1.1, 1.2, 1.1, 1.3], [1.0, 1.25, 1.0, 1.3]),
        pairs([60.0, 61.0, 60.0, 61.0], [59.0, 60.0, 59.0, 61.0], "stance_percent"),
    )
    (warning,) = repeat_warnings(two)
    assert warning.startswith("1 walk has all the numbers of another one (a and c)")


@pytest.mark.parametrize("other", [61.0, np.nan])
def test_walks_that_agree_in_some_numbers_are_two(other):
    two = (
        pairs([1.1, 1.2, 1.1, 1.3], [1.0, 1.25, 1.0, 1.3]),
        pairs([60.0, 61.0, other, 61.0], [59.0, 60.0, 59.0, 61.0], "stance_percent"),
    )
    assert repeat_warnings(two) == ()
    assert repeat_warnings(two[:1]) == ()  # two rounded numbers agree by chance
    assert repeat_warnings(()) == ()


def test_a_copy_of_the_truth_is_named():
    (warning,) = repeat_warnings((pairs([1.1, 1.2, np.nan, 1.3], [1.1, 1.2, 1.4, 1.3]),) * 2)
    assert "copy of the other" in warning


def test_one_column_that_is_the_other_ones_copy_is_named():
    copied = pairs([1.1, 1.2, 1.15, 1.3], [1.1, 1.2, 1.15, 1.3])
    other = pairs([60.0, 61.0, 60.5, 61.0], [59.0, 60.0, 59.0, 61.0], "stance_percent")
    (warning,) = repeat_warnings((copied, other))
    assert "velocity_mps is exactly the truth" in warning
    constant = pairs([1.1] * 4, [1.1] * 4)
    assert not any("copy" in said for said in repeat_warnings((constant, other)))
