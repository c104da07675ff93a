"""The real recordings of the shared data, by who may be learned from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

from simgait.datasets.preparation import SHORT_WALKS
from simgait.datasets.splits import is_test_subject
from simgait.errors import InputError
from simgait.recordings.read import read_recording
from simgait.trials.preparation import prepare
from simgait.types import Recording

COLLECTIONS = (("cmu_asfamc", "*/*.amc"), ("mcgill_c3d", "*/*.c3d"))


def real_files(data_dir: Path, *, test: bool) -> Iterator[tuple[str, Path]]:
    """The files of the training (or test) subjects in the shared data, and their collections."""
    for collection, pattern in COLLECTIONS:
        for path in sorted((data_dir / collection).glob(pattern)):
            if is_test_subject(collection, path.parent.name) == test:
                yield collection, path


def n_real_files(data_dir: Path | None) -> int:
    """How many files of the training subjects there are; 0 without a folder."""
    return 0 if data_dir is None else sum(1 for _ in real_files(data_dir, test=False))


def real_recordings(data_dir: Path, *, test: bool) -> Iterator[Recording]:
    """The real walks of the training (or test) subjects of the shared data, statics left out."""
    for collection, path in real_files(data_dir, test=test):
        recording = replace(read_recording(path), subject_id=f"{collection}-{path.parent.name}")
        try:
            prepare(recording, SHORT_WALKS)
        except InputError:
            continue
        yield recording


CONTENTS = ", contents "
"""Before the hash of contents; a fingerprint of before 28 November 2026 ends there."""


def fingerprint(data_dir: Path, *, test: bool) -> str:
    """Says which files there are to learn from.

    Returns:
        their number, a hash of names and sizes, and one of contents: of the recordings, and of the
        skeletons beside them, without which an .amc says nothing.
    """
    names, contents, count = hashlib.sha256(), hashlib.sha256(), 0
    skeletons: set[Path] = set()
    for collection, path in real_files(data_dir, test=test):
        place = f"{collection}/{path.parent.name}/{path.name}"
        line = f"{place} {path.stat().st_size}\n"
        names.update(line.encode("utf-8", "surrogateescape"))
        beside = {f for f in path.parent.iterdir() if f.suffix.lower() == ".asf"} - skeletons
        skeletons |= beside
        for file in (*sorted(beside), path):
            contents.update(_content(file, file.stat().st_size, file.stat().st_mtime_ns))
        count += 1
    return f"{count} files, {names.hexdigest()[:12]}{CONTENTS}{contents.hexdigest()[:12]}"


@cache
def _content(path: Path, _size: int, _changed_ns: int) -> bytes:
    """A file's hash: once in a process for each file as it is, though a run asks several times."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def same_recordings(one: str, other: str) -> bool:
    """Whether two fingerprints are of the same files, by all that both of them say.

    Beside one of before contents were looked at, names and sizes decide.
    """
    files, _, contents = one.partition(CONTENTS)
    other_files, _, other_contents = other.partition(CONTENTS)
    known = bool(contents and other_contents)
    return files == other_files and (contents == other_contents or not known)
