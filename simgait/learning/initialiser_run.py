"""Start states in a training: fixed ones, or of an initialiser that learns beside the policy."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from simgait.files import append_csv_row
from simgait.learning.config import TrainingConfig
from simgait.learning.initialiser_training import InitialiserTraining
from simgait.learning.run_state import RunState
from simgait.tracking.clips import ClipBank
from simgait.tracking.initialiser import start_states

LOG_FILE = "initialiser_progress.csv"


class EpisodeStarts:
    """Puts start states into a run's clips; trains the initialiser where the config has one."""

    def __init__(self, config: TrainingConfig, folder: Path, earlier: Any = None) -> None:
        """An untrained initialiser, or one that goes on from parameters of an earlier policy."""
        self._config, self._folder = config, folder
        self._training = InitialiserTraining(config) if config.initialiser.use else None
        self._state = None if self._training is None else self._training.start(earlier)

    @property
    def params(self) -> Any:
        """The initialiser's parameters as they stand; None without one."""
        return None if self._state is None else self._state.params

    def put_into(self, clips: ClipBank) -> ClipBank:
        """The clips with their start states."""
        return start_states(self._config, self.params, clips)

    def learn(self, iteration: int, run: RunState, clips: ClipBank) -> ClipBank:
        """Before the policy's iteration: some updates when it is their turn, and the new starts."""
        if self._training is None or self._state is None:
            return clips
        if iteration % self._config.initialiser.every:
            return clips
        self._state, row = self._training.update(self._state, run.params, run.statistics, clips)
        self._log({"steps": float(run.steps)} | row)
        return self.put_into(clips)

    @property
    def state(self) -> Any:
        """All that an exact resume of the initialiser needs; None without one."""
        return self._state

    def resume(self, state: Any) -> None:
        """Goes on from a `state`."""
        self._state = state

    def _log(self, row: dict[str, float]) -> None:
        append_csv_row(self._folder / LOG_FILE, row)
