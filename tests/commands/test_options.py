"""What is written on the command line about recordings."""

from __future__ import annotations

import argparse

import pytest

from simgait.commands.option_values import numbers


def test_numbers_stand_between_commas_and_spans_are_whole() -> None:
    assert numbers("3, 5") == (3, 5)
    assert numbers("2-4,9") == (2, 3, 4, 9)


@pytest.mark.parametrize("text", ["", "a", "3,", "-1", "2-", "1.5", "2-b", "4-2"])
def test_what_is_no_list_of_numbers_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="write 3,5 or 3-5"):
        numbers(text)
