"""Lengths and places that grow with a person: sums of factors times the person's dimensions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from simgait.skeleton.dimensions import Dimensions


@dataclass(frozen=True)
class Length:
    """A length (m) as a sum of (factor, field of `Dimensions`); without terms it is zero."""

    terms: tuple[tuple[float, str], ...] = ()

    def of(self, dims: Dimensions) -> Any:
        """The length of one person (m), of the shape that the fields of `dims` have."""
        total: Any = 0.0
        for factor, field in self.terms:
            total = total + factor * getattr(dims, field)
        return total

    def negated(self) -> Length:
        """The length with its sign turned."""
        return Length(tuple((-factor, field) for factor, field in self.terms))


@dataclass(frozen=True)
class Place:
    """A place in a segment: x forward, y left, z up (m) of the upright body."""

    x: Length = Length()
    y: Length = Length()
    z: Length = Length()

    @property
    def components(self) -> tuple[Length, Length, Length]:
        """x, y and z."""
        return self.x, self.y, self.z

    def of(self, dims: Dimensions) -> tuple[Any, Any, Any]:
        """x, y and z (m) for one person."""
        return self.x.of(dims), self.y.of(dims), self.z.of(dims)

    def mirrored(self) -> Place:
        """The place on the other side of the body."""
        return Place(self.x, self.y.negated(), self.z)
