"""A model card says that a refiner went on learning where its own did, and what it met."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from simgait.learning.config import FurtherRefinerConfig, TrainingConfig
from simgait.learning.refiner_training import RefinerConfig
from simgait.learning.run_folder import Recipe
from simgait.learning.went_on import WENT_ON, of_run, went_on, went_on_row

FURTHER = FurtherRefinerConfig(
    walkers="restyled", n_walkers=5000, steps=4000, left_out=("a-1", "b-2"), share=0.25
)
DATA, GIVEN = {"--data": "ab"}, {"--refiner": "ab"}
TWO_STAGES = TrainingConfig(refiner_families=FURTHER)


def provenance(given: Mapping[str, str], config: TrainingConfig = TWO_STAGES) -> dict[str, Any]:
    options: dict[str, str | None] = {"--refiner": None, "--warm-start": None, **given}
    return Recipe("policy", config, options).record()


def test_a_run_in_two_stages_says_its_second_one() -> None:
    row = went_on_row(of_run(TWO_STAGES, provenance(DATA)))
    assert row.startswith(
        "| the refiner went on | up to 4,000 steps on 5,000 restyled walkers and 12"
    )
    assert "copies of each real training walk, through wide-v1, metrabs-17-v1" in row
    assert "; a-1, b-2 chose the weights; blazepose-v1 was left out." in row
    assert row.endswith("Mean of the weights with what it was before (share 0.75) |\n")


def test_detectors_that_the_recipe_leaves_out_are_said() -> None:
    further = FURTHER.model_copy(update={"left_out_detectors": ("wide-v1",)})
    row = went_on_row(went_on(further, 0.5, with_real=False))
    assert "through metrabs-17-v1, metrabs-87-v1, monocular-v1, or exact; " in row
    assert "blazepose-v1, wide-v1 were left out." in row


def test_nobody_real_is_named_where_nobody_real_was_met() -> None:
    row = went_on_row(of_run(TWO_STAGES, provenance({})))
    assert "restyled walkers, through" in row and "real" not in row and "chose" not in row


@pytest.mark.parametrize("option", ["--refiner", "--warm-start"])
def test_a_run_that_was_given_its_refiner_says_nothing_of_it(option: str) -> None:
    assert of_run(TWO_STAGES, provenance({option: "ab"})) == {}
    assert of_run(TrainingConfig(), provenance({}, TrainingConfig())) == {}
    assert went_on_row({}) == ""


def test_a_fork_says_what_the_run_did_whose_refiner_it_has() -> None:
    def forked(source: dict[str, Any]) -> dict[str, Any]:
        return of_run(TWO_STAGES, provenance({}) | {"begun_from": {"its_provenance": source}})

    assert forked(provenance(DATA))[WENT_ON]["later"]["with_real"]
    assert forked(provenance(GIVEN)) == {}
    # The source's refiner is another one, so it was trained anew, without anybody real.
    other = TWO_STAGES.model_copy(update={"refiner": RefinerConfig(seed=1)})
    assert not forked(provenance(GIVEN, other))[WENT_ON]["later"]["with_real"]


def test_a_card_of_before_who_was_met_names_real_people() -> None:
    card = went_on(FURTHER, 0.5, with_real=True, of_policy="0123456789abcdef")
    del card[WENT_ON]["later"]["with_real"]
    row = went_on_row(card)
    assert "12 copies of each real training walk" in row
    assert "the refiner of the policy with SHA-256 `0123456789ab…` (share 0.5)" in row
