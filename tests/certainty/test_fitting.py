from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simgait.certainty.fitting import (
    Errors,
    calibrated,
    check_apart,
    coefficients,
    even_weights,
    kinds_factor,
    level_factor,
    people_worth,
)
from simgait.errors import InputError


def drawn(n_people: int, seed: int = 0, detectors: tuple[str, ...] = ("a", "b", "c")) -> Errors:
    """Errors with an SD of 1 and of how noisy a walk is; people differ, too."""
    rng = np.random.default_rng(seed)
    person = np.repeat([f"p{i:03d}" for i in range(n_people)], 2 * len(detectors))
    noise = rng.uniform(0.0, 4.0, len(person))
    own = np.repeat(rng.normal(size=n_people), 2 * len(detectors))
    error = (1.0 + noise) * (0.6 * own + 0.8 * rng.normal(size=len(person)))
    size = np.stack([np.ones(len(person)), noise, np.zeros(len(person))], axis=1)
    kind = np.repeat(np.arange(n_people) % 2 == 0, 2 * len(detectors))
    return Errors(
        size, error[:, None], person, np.tile(detectors, 2 * n_people), kind, np.zeros(len(kind))
    )


def test_the_formula_finds_what_makes_errors_large() -> None:
    found = coefficients(drawn(200))
    assert found == pytest.approx([1.64, 1.64, 0.0], abs=0.35)
    assert (found >= 0.0).all()


@pytest.mark.parametrize("across_detectors", [False, True])
def test_intervals_hold_for_people_they_were_not_made_from(across_detectors: bool) -> None:
    coefficient = calibrated(drawn(60, seed=1), across_detectors=across_detectors)
    new = drawn(300, seed=2)
    inside = np.abs(new.error[:, 0]) <= new.size @ coefficient
    assert 0.86 < inside.mean() < 0.96
    quiet = new.size[:, 1] < 1.0
    assert 0.8 < inside[quiet].mean() < 0.99


def test_a_detector_unlike_the_others_widens_where_the_next_may_be_one() -> None:
    errors = drawn(60, seed=3)
    odd = np.where(errors.seen_by == "c", 4.0, 1.0)[:, None]
    several = replace(errors, error=odd * errors.error)
    known = calibrated(several, across_detectors=False)
    any_other = calibrated(several, across_detectors=True)
    assert (several.size @ any_other).mean() > 1.2 * (several.size @ known).mean()


def test_people_weigh_the_same_and_so_do_detectors_of_each() -> None:
    person, seen_by = np.array(["p", "p", "p", "q"]), np.array(["a", "a", "b", "a"])
    alike = np.zeros(4, bool)
    errors = Errors(np.ones((4, 1)), np.ones((4, 1)), person, seen_by, alike, np.zeros(4))
    assert even_weights(errors) == pytest.approx([0.125, 0.125, 0.25, 0.5])


def test_made_up_people_and_real_ones_have_half_of_the_weight_each() -> None:
    person, kind = np.array(["a", "b", "c", "p"]), np.array([True, True, True, False])
    errors = Errors(np.ones((4, 1)), np.ones((4, 1)), person, np.full(4, "d"), kind, np.zeros(4))
    assert even_weights(errors) == pytest.approx([1 / 6, 1 / 6, 1 / 6, 1 / 2])


def test_people_of_less_weight_are_worth_fewer() -> None:
    assert people_worth(np.array(["a", "b", "a", "c"]), np.full(4, 0.25)) == pytest.approx(8 / 3)


def test_few_people_make_wider_and_too_few_are_refused() -> None:
    score = np.arange(1.0, 21.0)
    weight = np.full(20, 0.05)
    assert level_factor(score, weight, 20) == 19.0
    assert level_factor(score, weight, 1000) == 19.0
    assert level_factor(score, weight, 12) == 20.0
    with pytest.raises(InputError, match="9 people are too few"):
        level_factor(score, weight, 9)


def test_a_level_holds_in_each_kind_of_people_alone() -> None:
    errors = drawn(40, seed=4)
    harder = np.where(errors.kind, 1.0, 2.0)[:, None]
    several = replace(errors, error=harder * errors.error)
    coefficient = calibrated(several, across_detectors=False)
    inside = np.abs(several.error[:, 0]) <= several.size @ coefficient
    assert inside[several.kind].mean() > inside[~several.kind].mean() >= 0.87


def test_the_factor_of_kinds_is_that_of_the_harder_one() -> None:
    person = np.array([f"p{i}" for i in range(20)])
    kind = np.arange(20) < 10
    score = np.concatenate([np.arange(1.0, 11.0), 10.0 * np.arange(1.0, 11.0)])[:, None]
    errors = Errors(
        np.ones((20, 1)), np.ones((20, 1)), person, np.full(20, "d"), kind, np.zeros(20)
    )
    assert kinds_factor(errors, score) == 90.0
    assert kinds_factor(errors.part(kind), score[kind]) == 9.0


def test_nobody_stands_on_both_sides() -> None:
    check_apart(np.array(["p", "q"]), np.array(["r"]))
    with pytest.raises(InputError, match="^q: among the people whom intervals are fitted to"):
        check_apart(np.array(["p", "q"]), np.array(["q", "r"]))


def test_too_few_walks_for_a_formula_are_refused() -> None:
    errors = drawn(1, detectors=("a",))
    with pytest.raises(InputError, match="2 walks are too few"):
        coefficients(errors)
