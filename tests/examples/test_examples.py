"""The examples run, are short, and print what stands beside them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.examples.run import EXAMPLES, SCRIPTS, pinned_at, printed_by

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
# Floats differ in their last bits between machines, and a rounded number then in its last digit.
RELATIVE, LAST_DIGITS = 0.02, 1.5


@pytest.mark.parametrize("name", SCRIPTS)
def test_an_example_is_short_and_has_its_output(name: str) -> None:
    lines = (EXAMPLES / f"{name}.py").read_text(encoding="utf-8").splitlines()
    assert 20 <= len(lines) <= 60 and lines[0].startswith('"""')
    assert pinned_at(name).stat().st_size > 100


def test_there_are_five_of_them() -> None:
    assert len(SCRIPTS) == 5


def differences(found: str, pinned: str) -> list[str]:
    """Lines that say something else: other words, or numbers beyond the tolerance."""
    ours, theirs = ([line.split() for line in text.splitlines()] for text in (found, pinned))
    if len(ours) != len(theirs):
        return [f"{len(ours)} lines for {len(theirs)}:\n{found}"]
    return [
        f"{' '.join(a)}  |  {' '.join(b)}" for a, b in zip(ours, theirs, strict=True)
        if not same(" ".join(a), " ".join(b))
    ]  # fmt: skip


def same(a: str, b: str) -> bool:
    if NUMBER.sub("#", a) != NUMBER.sub("#", b):
        return False
    return all(
        abs(float(x) - float(y)) <= max(LAST_DIGITS * unit(y), RELATIVE * abs(float(y)))
        for x, y in zip(NUMBER.findall(a), NUMBER.findall(b), strict=True)
    )


def unit(number: str) -> float:
    """What the last digit counts."""
    return 10.0 ** -len(number.partition(".")[2])


@pytest.mark.parametrize(
    ("found", "pinned", "equal"),
    [
        ("speed  1.41 m/s", "speed 1.42 m/s", True),
        ("speed 1.41 m/s", "speed 1.51 m/s", False),
        ("Use all numbers", "Use only some numbers", False),
        ("a\nb", "a", False),
        ("p0  -0.004", "p0  -0.005", True),
    ],
)
def test_outputs_are_compared_with_tolerance(found: str, pinned: str, equal: bool) -> None:
    assert (not differences(found, pinned)) == equal


@pytest.mark.slow
@pytest.mark.parametrize("name", SCRIPTS)
def test_an_example_prints_what_stands_beside_it(name: str, tmp_path: Path) -> None:
    found = differences(printed_by(name, tmp_path), pinned_at(name).read_text(encoding="utf-8"))
    assert not found, "what moved is pinned by `make golden-renew`:\n" + "\n".join(found)
