"""Splits by subject: nobody is in two of training, validation and test."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from simgait.errors import InputError

TEST_SUBJECTS: dict[str, frozenset[str]] = {
    "cmu_asfamc": frozenset({"07", "16", "49"}),
    "mcgill_c3d": frozenset({"HC002D", "HC038A", "HC044A", "HC055A"}),
}
"""The project's held-out people, by folder of the shared data."""

TEST_ONLY_COLLECTIONS: frozenset[str] = frozenset({"c3d_mixed"})
"""Folders of which everybody is a test subject."""


class SplitError(InputError):
    """A subject appears in more than one part of a split."""


def is_test_subject(collection: str, subject: str) -> bool:
    """True where a subject of a folder of the shared data must never be trained on."""
    return collection in TEST_ONLY_COLLECTIONS or subject in TEST_SUBJECTS.get(
        collection, frozenset()
    )


def assert_disjoint(train: Iterable[str], validation: Iterable[str], test: Iterable[str]) -> None:
    """Raise SplitError where two of the three sets of subject ids share one."""
    parts = {"train": set(train), "validation": set(validation), "test": set(test)}
    names = list(parts)
    for i, first in enumerate(names):
        for second in names[i + 1 :]:
            shared = sorted(parts[first] & parts[second])
            if shared:
                raise SplitError(
                    f"Subjects in both {first} and {second}: {', '.join(shared)}; "
                    "every subject belongs to one part only."
                )


def split_by_subject(
    subjects: Iterable[str],
    *,
    validation_fraction: float,
    seed: int,
    test: Iterable[str] = (),
    test_fraction: float = 0.0,
) -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Subjects of (train, validation, test).

    Args:
        subjects: subject ids, repeats allowed (one per trial, say).
        validation_fraction: share (0..1) of the subjects outside `test`, rounded; at least one
            where the fraction is above 0.
        seed: of the draw; the same subjects and seed give the same split in any order of input.
        test: ids that are test subjects whatever is drawn; ids that do not occur are ignored.
        test_fraction: further share of the others that is drawn for the test.

    Raises:
        SplitError: the fractions leave nobody to train on.
    """
    everybody = sorted(set(subjects))
    held_out = frozenset(test) & frozenset(everybody)
    others = [subject for subject in everybody if subject not in held_out]
    order = np.random.default_rng(seed).permutation(len(others))
    n_test, n_validation = (
        max(1, round(fraction * len(others))) if fraction > 0.0 else 0
        for fraction in (test_fraction, validation_fraction)
    )
    if n_test + n_validation >= len(others):
        raise SplitError(
            f"{len(others)} subjects outside the fixed test set leave nobody to train on after "
            f"{n_validation} for validation and {n_test} for test; lower the fractions."
        )
    drawn = [others[i] for i in order]
    test_ids = held_out | frozenset(drawn[:n_test])
    validation = frozenset(drawn[n_test : n_test + n_validation])
    train = frozenset(drawn[n_test + n_validation :])
    assert_disjoint(train, validation, test_ids)
    return train, validation, test_ids
