"""Numbers in sentences say what the sentence says."""

import pytest

from simgait.parameters.wording import beside_limit


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
