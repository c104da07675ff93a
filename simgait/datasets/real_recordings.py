"""The real recordings of the shared data, by who may be learned from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from simgait.datasets.preparation import SHORT_WALKS
from simgait.datasets.splits import is_test_subject
from simgait.errors import InputError
from simgait.recordings.read import read_recording
from simgait.trials.preparation import prepare
from simgait.types import Recording


def real_recordings(data_dir: Path, *, test: bool) -> Iterator[Recording]:
    """The real walks of the training (or test) subjects of the shared data, statics left out."""
    for collection, pattern in (("cmu_asfamc", "*/*.amc"), ("mcgill_c3d", "*/*.c3d")):
        for path in sorted((data_dir / collection).glob(pattern)):
            if is_test_subject(collection, path.parent.name) != test:
                continue
            recording = replace(read_recording(path), subject_id=f"{collection}-{path.parent.name}")
            try:
                prepare(recording, SHORT_WALKS)
            except InputError:
                continue
            yield recording
