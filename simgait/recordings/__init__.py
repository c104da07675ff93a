"""Files to `Recording`.

A new file format is one function with `register_reader` above it, a new detector's set of points
one value given to `register_keypoint_set`: docs/contributing/ has a page on each.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simgait.recordings.detectors.keypoint_sets import KeypointSet, register_keypoint_set
    from simgait.recordings.options import ReadOptions
    from simgait.recordings.read import read_recording
    from simgait.recordings.readers import register_reader

__all__ = [
    "KeypointSet",
    "ReadOptions",
    "read_recording",
    "register_keypoint_set",
    "register_reader",
]
_HOMES = {
    "KeypointSet": "detectors.keypoint_sets",
    "ReadOptions": "options",
    "read_recording": "read",
    "register_keypoint_set": "detectors.keypoint_sets",
    "register_reader": "readers",
}


def __getattr__(name: str) -> Any:
    """Public names are imported when they are asked for, so that `simgait --help` stays quick."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
