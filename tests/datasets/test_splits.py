"""Nobody may be in two parts of a split."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simgait.datasets.splits import (
    TEST_SUBJECTS,
    SplitError,
    assert_disjoint,
    is_test_subject,
    split_by_subject,
)

subject_lists = st.lists(st.text("abcdef", min_size=1, max_size=3), min_size=12, max_size=40)


@given(subject_lists, st.integers(0, 2**32 - 1))
def test_every_subject_is_in_exactly_one_part(subjects, seed):
    everybody = set(subjects)
    if len(everybody) < 6:
        return
    held = sorted(everybody)[:2]
    parts = split_by_subject(subjects, validation_fraction=0.2, seed=seed, test=[*held, "nobody"])
    assert set().union(*parts) == everybody and sum(map(len, parts)) == len(everybody)
    assert parts[2] == set(held) and parts[1]
    again = split_by_subject(subjects[::-1] * 2, validation_fraction=0.2, seed=seed, test=held)
    assert again == parts


def test_seeds_draw_different_people():
    subjects = [f"s{i}" for i in range(100)]
    splits = {
        split_by_subject(subjects, validation_fraction=0.2, test_fraction=0.1, seed=seed)
        for seed in range(5)
    }
    assert len(splits) == 5
    assert {tuple(map(len, s)) for s in splits} == {(70, 20, 10)}


def test_nobody_left_to_train_on():
    with pytest.raises(SplitError, match="nobody to train on"):
        split_by_subject(["a", "b"], validation_fraction=0.5, test_fraction=0.5, seed=0)


@pytest.mark.parametrize(
    ("train", "validation", "test", "message"),
    [
        (["a", "b"], ["b"], [], "both train and validation: b"),
        (["a"], [], ["a"], "both train and test: a"),
        ([], ["c", "d"], ["d", "c"], "both validation and test: c, d"),
    ],
)
def test_shared_subjects_are_refused(train, validation, test, message):
    with pytest.raises(SplitError, match=message):
        assert_disjoint(train, validation, test)
    assert_disjoint(["a"], ["b"], ["c"])


def test_the_projects_test_subjects():
    assert TEST_SUBJECTS["cmu_asfamc"] == {"07", "16", "49"}
    assert TEST_SUBJECTS["mcgill_c3d"] == {"HC002D", "HC038A", "HC044A", "HC055A"}
    assert is_test_subject("c3d_mixed", "anybody") and is_test_subject("cmu_asfamc", "16")
    assert not is_test_subject("cmu_asfamc", "35") and not is_test_subject("mcgill_c3d", "16")
