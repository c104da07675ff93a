from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simgait.certainty.terms import TERMS, Measured
from simgait.certainty.widths import (
    Widths,
    number_name,
    range_name,
    read_widths,
    released_widths,
    write_widths,
)
from simgait.errors import InputError
from simgait.gait.joint_measures import RANGED_CURVES
from tests.certainty.conditions import GOOD

SPEED = number_name("velocity_mps", "both")


def only(name: str, coefficient: float) -> tuple[float, ...]:
    return tuple(coefficient * (term.name == name) for term in TERMS)


WIDTHS = Widths(
    policy_sha256="ab",
    coefficients={"markers": {SPEED: only("always", 0.02)}, "detector": {SPEED: only("scale", 2)}},
    left_out={"a": {"markers": {}, "detector": {SPEED: only("scale", 3)}}},
    provenance={"people": 3},
)


def test_half_widths_are_those_of_the_source() -> None:
    speed = Measured(1.0, 5)
    assert WIDTHS.half_width(SPEED, GOOD, speed) == pytest.approx(0.14)
    assert WIDTHS.half_width(SPEED, replace(GOOD, measured=1.0), speed) == 0.02
    assert np.isnan(WIDTHS.half_width("unheard of", GOOD, speed))
    assert np.isnan(WIDTHS.half_width(SPEED, GOOD, Measured(1.0, 0)))


def test_a_file_comes_back_as_it_was(tmp_path: Path) -> None:
    write_widths(tmp_path / "intervals.json", WIDTHS)
    found = read_widths(tmp_path / "intervals.json")
    assert replace(found, sha256="") == WIDTHS


def test_a_file_that_was_changed_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "intervals.json"
    write_widths(path, WIDTHS)
    path.write_text(path.read_text().replace("0.02", "0.01"))
    with pytest.raises(InputError, match="damaged"):
        read_widths(path)


@pytest.mark.parametrize("content", ["[]", "{}", '"x"', '{"sha256": 1}'])
def test_another_file_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "intervals.json"
    path.write_text(content)
    with pytest.raises(InputError, match="intervals.json"):
        read_widths(path)
    with pytest.raises(InputError, match="there is no such file"):
        read_widths(tmp_path / "none.json")


def test_the_released_file_is_of_the_released_policy() -> None:
    folder = Path(__file__).resolve().parents[2] / "policies" / "default"
    card = json.loads((folder / "card.json").read_text())
    assert released_widths().policy_sha256 == card["sha256"]


def test_the_released_widths_know_every_range_that_is_told() -> None:
    for numbers in released_widths().coefficients.values():
        assert {range_name(curve) for curve in RANGED_CURVES} <= set(numbers)
