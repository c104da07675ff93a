"""A reader is told where two columns are not of the same strides, steps or points of the foot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from simgait.findings import Code, Finding
from simgait.gait.analyse import analyse_rollout
from simgait.gait_result import GaitResult
from simgait.report.trial.two_columns import two_columns_text


@pytest.fixture(scope="module")
def result(walk: Callable[..., Any]) -> GaitResult:
    return analyse_rollout(walk(8.0)[1])


def with_one_less(result: GaitResult, *keys: str) -> GaitResult:
    fewer = {
        key: {pool: replace(own, n=own.n - 1) for pool, own in result.parameters[key].items()}
        for key in keys
    }
    return replace(result, parameters=result.parameters | fewer)


def test_the_same_walk_needs_no_sentence(result: GaitResult) -> None:
    assert two_columns_text(result, result, "laboratory") == ""
    assert two_columns_text(result, None, "laboratory") == ""


def test_numbers_of_a_footprint_more_are_named(result: GaitResult) -> None:
    text = two_columns_text(
        result, with_one_less(result, "step_length_m", "stride_length_m"), "laboratory"
    )
    assert "the same steps in step length and stride length (compare their n)" in text
    assert "step width" not in text


def test_other_strides_are_counted(result: GaitResult) -> None:
    text = two_columns_text(result, replace(result, cycles=result.cycles[:-1]), "recording")
    assert "do not rest on the same strides" in text and "the recording's on" in text


def test_ankles_that_stand_for_heels_are_said_of_that_column_alone(result: GaitResult) -> None:
    no_heel = Finding(Code.NO_HEEL, "note", {"instead": "Ankle"})
    other = replace(result, findings=(*result.findings, no_heel))
    text = two_columns_text(result, other, "laboratory")
    assert text.startswith("Of the laboratory alone: No heel keypoints: the ankle stands for")
    assert two_columns_text(other, other, "laboratory") == ""
