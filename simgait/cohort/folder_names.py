"""Folders of results: one for each trial, and never one that holds results already."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, count
from pathlib import Path

from simgait.errors import InputError
from simgait.files import safe_id
from simgait.types import Trial


class FolderNames:
    """Hands out one folder name per trial, never the same twice, never one that holds results.

    Args:
        out: folder of the results.
        overwrite: a folder that holds something may be taken.
        taken: folders of walks that are kept; nobody else gets these names.
    """

    def __init__(self, out: Path, overwrite: bool, taken: Iterable[str] = ()) -> None:
        self._out, self._overwrite = out, overwrite
        self._taken = {name.lower() for name in taken}

    def take(self, trial: Trial) -> str:
        """The trial's id; with its subject's before it, or a number behind it, if that is taken.

        Raises:
            InputError: the folder holds something already.
        """
        # Case aside, so that two trials do not share a folder on Windows and macOS.
        name = next(name for name in _candidates(trial) if name.lower() not in self._taken)
        self._taken.add(name.lower())
        folder = self._out / name
        if not self._overwrite and folder.exists() and any(folder.iterdir()):
            raise InputError(
                f"the output folder {name} holds results already; give --overwrite to replace "
                "them, or another folder with -o."
            )
        return name


def _candidates(trial: Trial) -> Iterator[str]:
    own = safe_id(trial.trial_id)
    subject = safe_id(f"{trial.subject_id}-{trial.trial_id}") if trial.subject_id else own
    return chain((own, subject), (f"{subject}-{number}" for number in count(2)))
