"""Numbers in sentences say what the sentence says."""

import pytest

from simgait.parameters.wording import at_least, beside_limit


@pytest.mark.parametrize(
    ("value", "limit", "form", "shown"),
    [
        (2.42, 2.4, ".1f", ("2.42", "2.4")),
        (5.3, 5.0, ".0f", ("5.3", "5")),
        (12.6, 12.5, ".0f", ("13", "12")),
        (12.51, 12.49, ".0f", ("13", "12")),
        (10.04, 10.02, ".0f", ("10.04", "10.02")),
        (-13.2, -13.0, "+.0f", ("-13.2", "-13")),
        (0.10001, 0.1, ".2f", ("just over 0.10", "0.10")),
        (50.0004, 50.0, ".0f", ("just over 50", "50")),
        (49.9996, 50.0, ".0f", ("just under 50", "50")),
        (7.0, 7.0, ".0f", ("7", "7")),
    ],
)
def test_a_number_is_written_so_as_to_pass_its_limit(value, limit, form, shown):
    assert beside_limit(value, limit, form) == shown


@pytest.mark.parametrize(
    ("value", "limit", "shown"),
    [
        (2.54, 1.4, ("2.54", "1.4")),
        (1.4049, 1.4, ("1.405", "1.4")),
        (0.818, 9 / 11, ("0.818", "0.8182")),
        (1.4, 1.4, ("1.4", "1.4")),
    ],
)
def test_a_number_beyond_its_limit_is_shown_beyond_it(value, limit, shown):
    assert beside_limit(value, limit) == shown


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(1.0, "1 s"), (2.5, "2.5 s"), (4.0 / 3.0, "1.4 s"), (89.96, "90 s"), (100.0, "2 min"),
     (3333.3, "56 min"), (7200.0, "2 h 0 min")],
)  # fmt: skip
def test_a_time_to_reach_is_rounded_up(seconds, said):
    assert at_least(seconds) == said
