"""A walk in a file, as the command line's tests have it."""

from tests.cli.conftest import good_walk

__all__ = ["good_walk"]
