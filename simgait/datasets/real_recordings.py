"""The real recordings of the shared data, by who may be learned from."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import replace
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


def real_recordings(data_dir: Path, *, test: bool) -> Iterator[Recording]:
    """The real walks of the training (or test) subjects of the shared data, statics left out."""
    for collection, path in real_files(data_dir, test=test):
        recording = replace(read_recording(path), subject_id=f"{collection}-{path.parent.name}")
        try:
            prepare(recording, SHORT_WALKS)
        except InputError:
            continue
        yield recording


def fingerprint(data_dir: Path, *, test: bool) -> str:
    """Says which files there are to learn from: their number, and a hash of names and sizes."""
    digest, count = hashlib.sha256(), 0
    for collection, path in real_files(data_dir, test=test):
        line = f"{collection}/{path.parent.name}/{path.name} {path.stat().st_size}\n"
        digest.update(line.encode("utf-8", "surrogateescape"))
        count += 1
    return f"{count} files, {digest.hexdigest()[:12]}"
