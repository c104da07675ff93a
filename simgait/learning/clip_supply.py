"""Where a policy's training has its clips from: all in memory, or a set's shards in turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from jax.sharding import Mesh

from simgait.body.refiner import RefinerWeights, refine_references
from simgait.learning.clip_shards import FOLDER, ClipShards, clip_shards
from simgait.learning.clip_window import ClipWindow
from simgait.learning.config import TrainingConfig
from simgait.learning.progress import Progress
from simgait.learning.run_folder import RunFolder
from simgait.learning.run_state import RunState
from simgait.learning.trial_set.index import TrialSet
from simgait.provenance import file_sha256
from simgait.tracking.clips import ClipBank, build_clips, with_mirror_images
from simgait.tracking.policies import REFINER_FILE
from simgait.types import FittedTrial


@runtime_checkable
class ClipSupply(Protocol):
    """The clips of a training."""

    @property
    def n_real(self) -> int:
        """Walks of real people among them."""
        ...

    @property
    def people(self) -> frozenset[str]:
        """Codes of all whose walks they are."""
        ...

    def first(self, done: int) -> ClipBank:
        """The clips after so many iterations."""
        ...

    def turn(
        self, iteration: int, run: RunState, clips: ClipBank
    ) -> tuple[RunState, ClipBank] | None:
        """Run and clips where an iteration begins with other clips; None where with the same."""
        ...

    def close(self) -> None:
        """Nothing more is asked for now."""
        ...

    def remove(self) -> None:
        """Nothing is asked for ever again: files go."""
        ...


def refined_clips(
    walks: Sequence[FittedTrial], weights: RefinerWeights, config: TrainingConfig
) -> ClipBank:
    """Walks (and their mirror images) as clips that a policy can be trained on."""
    refined = refine_references(weights, walks)
    clips = build_clips(refined, config.tracking.body, frames=config.data.frames)
    return with_mirror_images(clips) if config.data.mirror else clips


@dataclass(frozen=True)
class AllInMemory:
    """Clips that are there from the beginning to the end; see `ClipSupply`."""

    clips: ClipBank
    n_real: int
    people: frozenset[str]

    def first(self, done: int) -> ClipBank:
        """All."""
        return self.clips

    def turn(self, iteration: int, run: RunState, clips: ClipBank) -> None:
        """They stay."""

    def close(self) -> None:
        """There is nothing open."""

    def remove(self) -> None:
        """There are no files."""


def all_in_memory(
    walks: Sequence[FittedTrial], weights: RefinerWeights, config: TrainingConfig
) -> AllInMemory:
    """Walks that were made or read, refined."""
    n_real = sum(walk.trial.source_format != "synthetic" for walk in walks)
    people = frozenset(walk.trial.subject_id for walk in walks)
    return AllInMemory(refined_clips(walks, weights, config), n_real, people)


class OfTrialSet:
    """Clips of a set of trials, some shards of which are in memory; see `ClipSupply`."""

    def __init__(
        self, trials: TrialSet, shards: ClipShards, config: TrainingConfig, mesh: Mesh | None
    ) -> None:
        """`mesh`: see `sharding`."""
        self._shards = shards
        self._window = ClipWindow(shards, config, mesh)
        self.first, self.turn = self._window.first, self._window.turn
        self.close = self._window.close
        self.n_real = sum(len(shard.trials) for shard in trials.shards)
        self.people = frozenset(trials.people)

    def remove(self) -> None:
        """The training's own copies of the shards."""
        self._shards.remove()


def of_trial_set(
    trials: TrialSet,
    run: RunFolder,
    weights: RefinerWeights,
    config: TrainingConfig,
    mesh: Mesh | None,
    progress: Progress,
) -> OfTrialSet:
    """The trials of a set, refined into files in the run's folder.

    Raises:
        InputError: a shard is damaged, or the folder cannot be written to.
    """
    sha256 = file_sha256(Path(run.path / REFINER_FILE))
    folder = run.path / FOLDER
    shards = clip_shards(trials, weights, sha256, config, folder, progress)
    return OfTrialSet(trials, shards, config, mesh)
