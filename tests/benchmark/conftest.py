"""Whether people can be rendered here."""

from tests.synthetic.people.conftest import gl

__all__ = ["gl"]
