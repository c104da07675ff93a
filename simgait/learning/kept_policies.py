"""Policies of a training by step: the newest few, and the best one."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from simgait.files import PART, cannot_be_written, new_folder

FOLDER = "policies"
Write = Callable[[Path], None]
"""Writes a policy's folder, whole or not at all."""


@dataclass(frozen=True)
class KeptPolicies:
    """The folder `policies` of a run, one folder for each step; nothing where `keep` is 0.

    Attributes:
        run: folder of the run.
        keep: how many of the newest stay; the best one stays beside them.
    """

    run: Path
    keep: int

    @property
    def folder(self) -> Path:
        """Of all of them."""
        return self.run / FOLDER

    def steps(self) -> list[int]:
        """Those that are there, the oldest first."""
        if not self.folder.is_dir():
            return []
        return sorted(int(path.name) for path in self.folder.iterdir() if path.name.isdecimal())

    def put(self, steps: int, best: int, write: Write) -> None:
        """One more policy; the oldest beyond `keep` leaves then, but never the best.

        Args:
            steps: after which the policy is as it is.
            best: steps of the best policy so far.
            write: of the new one.

        Raises:
            InputError: the folder cannot be written to.
        """
        if not self.keep:
            return
        self._write(steps, write)
        self._only({*self.steps()[-self.keep :], best})

    def settle(self, steps: int, best: int, known: Mapping[int, Write]) -> None:
        """The folder as it was when the checkpoint was written from which a run goes on.

        What a killed run wrote after it comes again and leaves until then; what it had not written
        yet, or what has left for a policy that comes again, is written from the checkpoint.

        Args:
            steps: of the checkpoint.
            best: steps of its best policy.
            known: writers of the policies that the checkpoint holds, by step.

        Raises:
            InputError: the folder cannot be written to.
        """
        if not self.keep:
            return
        for left in self.folder.glob(f"{PART}*"):
            shutil.rmtree(left, ignore_errors=True)
        self._only({one for one in self.steps() if one <= steps})
        for one, write in known.items():
            if not (self.folder / str(one)).exists():
                self._write(one, write)
        self._only({*self.steps()[-self.keep :], best})

    def _write(self, steps: int, write: Write) -> None:
        try:
            self.folder.mkdir(exist_ok=True)
        except OSError as error:
            raise cannot_be_written(self.folder, error) from error
        write(self.folder / str(steps))

    def _only(self, stay: set[int]) -> None:
        """Removes the others, each in one step: none is ever there in part."""
        for steps in self.steps():
            if steps in stay:
                continue
            try:
                aside = new_folder(self.folder, PART)
                (self.folder / str(steps)).rename(aside / "old")
            except OSError as error:
                raise cannot_be_written(self.folder, error) from error
            with suppress(OSError):  # what is left goes when the run goes on
                shutil.rmtree(aside)
