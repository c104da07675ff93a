"""A training's folder as what is trained sees it: a state that is kept, and a wish to stop."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simgait.learning.run_folder import RunFolder
from simgait.learning.stop_request import StopRequest

RUN_FILE = "run.safetensors"


@dataclass(frozen=True)
class KeptRun:
    """The folder while it is ours; `estimators.companion.Kept` says what each part is for."""

    run: RunFolder
    stop: StopRequest

    @property
    def path(self) -> Path:
        """Of the folder."""
        return self.run.path

    @property
    def facts(self) -> Mapping[str, Any] | None:
        """Of the newest checkpoint at the begin; None where there was none."""
        return self.run.facts

    @property
    def stopping(self) -> bool:
        """Whether somebody asked to stop: save, and it ends."""
        return self.stop.asked

    def load(self, like: Any) -> Any:
        """The newest checkpoint's state.

        Raises:
            InputError: it is damaged, or of another structure.
        """
        return self.run.checkpoints.load(like)

    def save(self, state: Any, facts: Mapping[str, Any]) -> None:
        """Writes a checkpoint with the training's provenance.

        Raises:
            KeyboardInterrupt: somebody asked to stop.
            InputError: it cannot be written.
        """
        self.run.checkpoints.save(state, {**facts, "provenance": self.run.provenance})
        if self.stop.asked:
            raise KeyboardInterrupt

    def steps(self) -> AbstractContextManager[None]:
        """The part of a training that a wish to stop ends in order."""
        return self.stop.looked_at()

    def finish(self) -> None:
        """Removes the checkpoints."""
        self.run.checkpoints.remove()
