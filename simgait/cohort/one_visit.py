"""What somebody says of recordings that are walks of one visit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from simgait.errors import InputError
from simgait.limits import check_distance

if TYPE_CHECKING:
    from simgait.cohort.inputs import InputFile
    from simgait.pipeline import TrackOptions


@dataclass(frozen=True)
class OneVisit:
    """Somebody says that all recordings are walks of one person before one camera.

    Attributes:
        distances_m: name of a recording's file -> how far the person walks in it, straight, from
            the first frame to the last.
    """

    distances_m: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuses distances that nobody walks. Raises InputError."""
        for name, distance_m in self.distances_m.items():
            check_distance(distance_m, f"the distance of {name}")

    def options_for(self, name: str, options: TrackOptions) -> TrackOptions:
        """What is said about the recording of this name."""
        distance_m = self.distances_m.get(name)
        if distance_m is None:
            return options
        return replace(options, reader=replace(options.reader, distance_m=distance_m))

    def check_names(self, names: Sequence[str]) -> None:
        """Every distance is that of exactly one recording.

        Raises:
            InputError: of none, or of several of one name.
        """
        for name in self.distances_m:
            if names.count(name) != 1:
                there = "several have that name" if name in names else "no recording is called so"
                raise InputError(
                    f"the distance of {name}: {there}; the recordings of the visit are "
                    f"{', '.join(dict.fromkeys(names))}."
                )


def visit_of(one_visit: bool, distances_m: Mapping[str, float] | None) -> OneVisit | None:
    """What the keywords `one_visit` and `distances_m` say; None where they say nothing.

    Raises:
        InputError: distances without a visit, or that nobody walks.
    """
    if one_visit:
        return OneVisit(dict(distances_m or {}))
    if distances_m:
        raise InputError(
            "distances_m is about recordings of a visit; say one_visit=True if all are walks of "
            "one person before one camera, else give distance_m."
        )
    return None


def name_of(file: InputFile) -> str:
    """What a distance of a recording is given under: its file's name."""
    return PurePosixPath(file.label).name
