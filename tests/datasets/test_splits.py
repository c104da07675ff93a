"""Nobody may be in two parts of a split."""

from __future__ import annotations

import pytest

from simgait.datasets.splits import (
    PARTS,
    TEST_SUBJECTS,
    SplitError,
    assert_disjoint,
    is_test_subject,
    part_of,
)


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


def test_a_persons_part_is_always_the_same_and_most_are_for_training():
    assert part_of("subject-1") == part_of("subject-1")
    drawn = [part_of(f"subject-{i}") for i in range(1000)]
    for part, share in PARTS.items():
        assert drawn.count(part) / 1000 == pytest.approx(share, abs=0.04)
