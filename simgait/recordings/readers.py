"""The readers of files: each is one function that registers itself here.

A module in `simgait/recordings/formats/` is found by being there. An installed package adds its
own by an entry point in the group "simgait.recordings", which names a module to import; a script
by calling `register_reader` itself. Whatever is registered is read by every command.
"""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import TypeVar

from simgait.errors import InputError
from simgait.recordings.detectors.frame_files import first_frame_file
from simgait.recordings.options import PERSON, ReadOptions
from simgait.types import Recording

PLUG_INS = "simgait.recordings"
"""Group of the entry points of packages that add readers or keypoint sets."""
HEAD_BYTES = 4096
"""Chosen: more than any format here needs to be told by, and one read."""
Read = Callable[[Path, ReadOptions], Recording]
R = TypeVar("R", bound=Read)


@dataclass(frozen=True)
class Reader:
    """How files of one format are read.

    Attributes:
        extensions: what their names end in, lower case, with the dot.
        read: takes a path that exists and what was said; raises InputError in one sentence.
        takes: names of the `ReadOptions` that `read` uses; saying another is refused.
        holds, asks: what a file must hold, and what a person may have to say (for the docs).
        beside: "with ..." where a second file must lie beside.
        sniff: whether the first bytes of a file are this format's; needed where formats share an
            extension.
        no_recordings: extension of files that belong to the format but hold no recording -> what
            to say to whoever gives one.
        in_folders: whether such a file in a folder that is given is meant, too.
        lifts: whether the walk is lifted from pictures: they never tell the person's height, and
            lifting takes long.
        tells_height: whether a file's points need no height, or it holds one, by a look; None: such
            files do always.
        check: refuses a file that lacks what must lie beside it, before it is read.
    """

    extensions: tuple[str, ...]
    read: Read
    takes: frozenset[str]
    holds: str
    asks: str = "nothing"
    beside: str = ""
    sniff: Callable[[bytes], bool] | None = None
    no_recordings: Mapping[str, str] = field(default_factory=dict)
    in_folders: bool = True
    lifts: bool = False
    tells_height: Callable[[Path], bool] | None = None
    check: Callable[[Path], object] | None = None


_REGISTERED: list[Reader] = []


def register_reader(
    *extensions: str,
    holds: str,
    takes: frozenset[str] = PERSON,
    asks: str = "nothing",
    beside: str = "",
    sniff: Callable[[bytes], bool] | None = None,
    no_recordings: Mapping[str, str] | None = None,
    in_folders: bool = True,
    lifts: bool = False,
    tells_height: Callable[[Path], bool] | None = None,
    check: Callable[[Path], object] | None = None,
) -> Callable[[R], R]:
    """A decorator that registers the function below it as a reader; see `Reader`.

    Raises:
        ValueError: an extension has no dot or is not in lower case, `takes` names no option, or
            two readers of one extension cannot be told apart.
    """
    odd = [e for e in extensions if not e.startswith(".") or e != e.lower()]
    if odd or not extensions:
        raise ValueError(f"extensions are written like '.c3d', not {', '.join(odd) or 'left out'}")
    unknown = sorted(takes - set(ReadOptions.__dataclass_fields__))
    if unknown:
        raise ValueError(f"there is no option {unknown[0]!r} that a reader could take")

    def register(read: R) -> R:
        others = dict(no_recordings or {})
        new = Reader(
            extensions, read, takes, holds, asks, beside, sniff, others, in_folders, lifts,
            tells_height, check,
        )  # fmt: skip
        for other in _REGISTERED:
            shared = set(extensions) & set(other.extensions)
            if shared and sniff is None and other.sniff is None:
                raise ValueError(
                    f"{shared.pop()} files have a reader already; give one of the two a `sniff` "
                    "that knows its files by their first bytes"
                )
        _REGISTERED.append(new)
        return read

    return register


def registered_readers() -> tuple[Reader, ...]:
    """All readers: simgait's own in the order of their modules' names, then added ones.

    Raises:
        InputError: an installed plug-in cannot be imported.
    """
    load_plug_ins()
    return tuple(_REGISTERED)


@functools.cache
def load_plug_ins() -> None:
    """Import every module of `formats` and of installed plug-ins, once.

    Raises:
        InputError: an installed plug-in cannot be imported.
    """
    package = importlib.import_module("simgait.recordings.formats")
    for module in pkgutil.iter_modules(package.__path__):
        importlib.import_module(f"{package.__name__}.{module.name}")
    for entry in metadata.entry_points(group=PLUG_INS):
        try:
            entry.load()
        except Exception as error:
            raise InputError(
                f"The plug-in {entry.name!r} of simgait cannot be loaded ({type(error).__name__}: "
                f"{error}); update it, or uninstall it."
            ) from error


def readers_of(extension: str) -> tuple[Reader, ...]:
    """The readers of files whose names end so; those that know their files come first."""
    found = [reader for reader in registered_readers() if extension in reader.extensions]
    return tuple(sorted(found, key=lambda reader: reader.sniff is None))


def choose_reader(path: Path) -> Reader | None:
    """The reader of this file, by its extension and, where that is not enough, its first bytes."""
    first = first_frame_file(path)
    if first is not None:
        path = first
    candidates = readers_of(path.suffix.lower())
    if all(reader.sniff is None for reader in candidates):
        return candidates[0] if candidates else None
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    return next((one for one in candidates if one.sniff is None or one.sniff(head)), None)
