"""The policy's stage of a training: its state, its checkpoints, the best policy so far."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
from jax.sharding import Mesh

from simgait.body.refiner import RefinerWeights
from simgait.errors import InputError
from simgait.learning.algorithms import Algorithm, make_algorithm
from simgait.learning.beginning import Beginning
from simgait.learning.config import TrainingConfig
from simgait.learning.initialiser_run import LOG_FILE as INITIALISER_LOG
from simgait.learning.initialiser_run import EpisodeStarts
from simgait.learning.kept_policies import KeptPolicies
from simgait.learning.log_file import cut_log
from simgait.learning.processes import gathered, is_first
from simgait.learning.run_folder import RunFolder
from simgait.learning.run_state import RunState, placed_run, strongly_typed
from simgait.learning.sharding import SAME, n_devices, on_host, placed
from simgait.learning.teacher_given import who_taught
from simgait.learning.validation import validated
from simgait.learning.watched import Watched, watched
from simgait.learning.went_on import of_run
from simgait.provenance import collect_provenance
from simgait.tracking.clips import ClipBank
from simgait.tracking.initialiser import init_initialiser
from simgait.tracking.networks import make_networks
from simgait.tracking.policies import FixedStatistics, Policy, load_policy, save_policy
from simgait.types import FittedTrial

POLICY_FOLDER = "policy"


@dataclass(frozen=True)
class Best:
    """The policy that did best on the validation walks: weights, and facts for its card."""

    weights: Any
    steps: int = 0
    scores: dict[str, float] | None = None

    @property
    def score(self) -> float:
        """What policies are chosen by; infinite before the first validation."""
        return np.inf if self.scores is None else self.scores["score"]


class PolicyRun:
    """The state of a run, its files, and the best policy so far."""

    def __init__(
        self,
        config: TrainingConfig,
        folder: RunFolder,
        weights: RefinerWeights,
        n_real: int,
        mesh: Mesh | None = None,
        teacher: Policy | None = None,
    ) -> None:
        """Builds networks and optimiser; compiles on first use. `mesh`: see `sharding`."""
        self.config, self.folder, self.weights, self.n_real = config, folder, weights, n_real
        self.algorithm = make_algorithm(config, mesh, teacher)
        self.total = config.learner.iterations
        self.iterate: Callable[[RunState, ClipBank], Any] = self.algorithm.iterate
        self.best = Best(None)
        self._scored = Best(None)  # the policy of the last validation, where such are kept
        self._kept = KeptPolicies(folder.path, config.checkpoint.keep)
        self._written = 0  # steps of the best policy on disk

    @property
    def done(self) -> int:
        """Iterations that are behind."""
        return int(self.run.steps) // self.config.learner.steps_of_iteration

    def begin(self, clips: ClipBank, beginning: Beginning, tell: Callable[[str], None]) -> ClipBank:
        """Goes on where the folder's checkpoint is; else starts, and keeps that as the first one.

        Args:
            clips: to learn from.
            beginning: the policy or the checkpoint of another run that this one starts with.
            tell: gets a sentence where the best policy had to be written again.
        """
        earlier = beginning.policy
        known = None if earlier is None else earlier.initialiser
        self.starts = EpisodeStarts(self.config, self.folder.path, known)
        clips = self.starts.put_into(clips)
        key = jax.random.key(self.config.learner.seed)
        # A row of the initialiser's stands before the iteration that a checkpoint follows.
        steps = 0 if self.folder.facts is None else self.folder.facts["steps"]
        if is_first():
            cut_log(self.folder.path / INITIALISER_LOG, steps - 1)
        if self.folder.facts is not None:
            self._restore(jax.eval_shape(self.algorithm.start, clips, key))
            if is_first():
                keep_policy_whole(
                    self.config, self.folder, self.weights, self.best, self.n_real, tell
                )
                settle_kept(
                    self.config, self.folder, self.weights, self.best, self._scored, self.n_real
                )
            return self._placed(self.starts.put_into(clips))
        self.run = self.algorithm.start(clips, key)
        if earlier is not None:
            self.run = _warm(self.algorithm, self.run, earlier)
        if beginning.forked is not None:
            self.run, initialiser = beginning.forked.put_into(self.run, self.starts.state)
            self.starts.resume(initialiser)
            optimiser = self.algorithm.at_iteration(self.run.optimiser, self.done)
            self.run = replace(self.run, optimiser=optimiser)
            clips = self.starts.put_into(clips)
        self.best = self._scored = Best(_weights(self.run, self.starts.params))
        self.save()
        return self._placed(clips)

    def _placed(self, clips: ClipBank) -> ClipBank:
        """Clips, and the run itself, on the devices that the training is spread over."""
        self.run = placed_run(self.run, self.algorithm.mesh)
        return placed(clips, self.algorithm.mesh, SAME)

    def turn_to(self, run: RunState, clips: ClipBank) -> ClipBank:
        """The run goes on with other clips, in which its episodes are already; they get starts."""
        self.run = run
        return placed(self.starts.put_into(clips), self.algorithm.mesh, SAME)

    def learn_starts(self, iteration: int, clips: ClipBank) -> ClipBank:
        """Before an iteration: the clips with the starts that the initialiser has learned."""
        return placed(self.starts.learn(iteration, self.run, clips), self.algorithm.mesh, SAME)

    def compile(self, clips: ClipBank) -> None:
        """Compiles an iteration, so that the first one takes as long as any other."""
        self.iterate = self.algorithm.iterate.lower(self.run, clips).compile()

    def validate(self, examples: Sequence[FittedTrial]) -> tuple[dict[str, float], Watched | None]:
        """Scores the policy as it stands; it is the best so far from then on where it is better.

        Returns:
            the scores, and of a new best policy walks to look at where the recipe asks for them.
        """
        found = validated(as_policy(self), examples)
        scores = found.scores
        is_best = scores["score"] < self.best.score
        if is_best or self.config.checkpoint.keep:
            weights = _weights(self.run, self.starts.params)
            self._scored = Best(weights, int(self.run.steps), scores)
        if is_best:
            self.best = self._scored
        shown = watched(found, int(self.run.steps)) if is_best and self.config.replays else None
        return {f"validation_{name}": value for name, value in scores.items()}, shown

    def save(self) -> None:
        """Writes all that an exact resume needs as one file, then the best policy if it is new.

        Every process calls it, and the first one writes.
        """
        state = {
            "run": self.run, "initialiser": self.starts.state, "best": self.best.weights,
        }  # fmt: skip
        facts = {
            "provenance": self.folder.provenance,
            "steps": int(self.run.steps),
            "best": {"steps": self.best.steps, "scores": self.best.scores},
            "scored": {"steps": self._scored.steps, "scores": self._scored.scores},
            "real_walks": self.n_real,
            "devices": n_devices(self.algorithm.mesh),
        }
        if self.config.checkpoint.keep:
            state["scored"] = self._scored.weights
        state = gathered(state)
        if not is_first():
            return
        self.folder.checkpoints.save(state, facts)
        # The checkpoint first: from it the policy can be written again.
        if self.best.steps != self._written:
            write_best(self.config, self.folder, self.weights, self.best, self.n_real)
            self._written = self.best.steps
        scored = self._scored
        if scored.scores is not None and scored.steps not in self._kept.steps():
            write = _writer(self.config, self.folder, self.weights, scored, self.n_real)
            self._kept.put(scored.steps, self.best.steps, write)

    def _restore(self, like: Any) -> None:
        """The run as its checkpoint has it; `like` may be shapes and types only."""
        assert self.folder.facts is not None
        best = policies_like(self.config)
        state = self.folder.checkpoints.load(
            {"run": like, "initialiser": self.starts.state, **best}
        )
        self.run = state["run"]
        self.starts.resume(state["initialiser"])
        self.best, self._scored = _policies_of(state, self.folder.facts)
        self._written = self.best.steps


def _weights(run: RunState, initialiser: Any) -> dict[str, Any]:
    """Copies of what a policy is: an iteration writes over the memory of the run it is given."""
    weights = {
        "params": run.params, "mean": run.statistics.mean, "sd": run.statistics.std,
        "initialiser": initialiser,
    }  # fmt: skip
    return jax.tree.map(np.array, weights)


def best_like(config: TrainingConfig) -> dict[str, Any]:
    """Shapes and types of a best policy's weights in a checkpoint."""
    networks, key = make_networks(config.tracking, config.networks), jax.random.key(0)
    size = jax.ShapeDtypeStruct((networks.observation_size,), jnp.float32)
    skeleton, settings = config.tracking.body.skeleton, config.initialiser
    initialiser = (
        jax.eval_shape(lambda k: init_initialiser(settings, k, skeleton), key)
        if settings.use
        else None
    )
    return {
        "params": jax.eval_shape(networks.init, key), "mean": size, "sd": size,
        "initialiser": initialiser,
    }  # fmt: skip


def policies_like(config: TrainingConfig) -> dict[str, Any]:
    """Shapes and types of the policies in a checkpoint, by name."""
    names = ("best", "scored") if config.checkpoint.keep else ("best",)
    return dict.fromkeys(names, best_like(config))


def _policies_of(state: Mapping[str, Any], facts: Mapping[str, Any]) -> tuple[Best, Best]:
    """The best policy of a checkpoint, and the one validated last (the best where none is kept)."""
    best = Best(state["best"], **facts["best"])
    return best, Best(state["scored"], **facts["scored"]) if "scored" in state else best


def _writer(
    config: TrainingConfig, folder: RunFolder, weights: RefinerWeights, policy: Best, n_real: int
) -> Callable[[Path], None]:
    said = of_run(config, folder.provenance) | who_taught(folder.provenance)
    card = {"real_walks": n_real} | said
    return lambda path: write_policy(path, config, weights, policy, card)


def settle_kept(
    config: TrainingConfig,
    folder: RunFolder,
    weights: RefinerWeights,
    best: Best,
    scored: Best,
    n_real: int,
) -> None:
    """The policies by step as they were when the folder's checkpoint was written."""
    assert folder.facts is not None
    writers = {
        policy.steps: _writer(config, folder, weights, policy, n_real)
        for policy in (best, scored)
        if policy.scores is not None
    }
    kept = KeptPolicies(folder.path, config.checkpoint.keep)
    kept.settle(folder.facts["steps"], best.steps, writers)


def write_best(
    config: TrainingConfig, folder: RunFolder, weights: RefinerWeights, best: Best, n_real: int
) -> None:
    """Writes the best policy's folder as a whole."""
    _writer(config, folder, weights, best, n_real)(folder.path / POLICY_FOLDER)


def write_policy(
    path: Path,
    config: TrainingConfig,
    weights: RefinerWeights,
    best: Best,
    more: Mapping[str, Any],
) -> None:
    """Writes the folder of a policy as a whole; `more` is what else its card says."""
    card = {"steps": best.steps, **more, "validation": best.scores}
    save_policy(
        path,
        config,
        best.weights["params"],
        FixedStatistics(best.weights["mean"], best.weights["sd"]),
        weights,
        card | {"provenance": collect_provenance({})},
        best.weights["initialiser"],
    )


def keep_policy_whole(
    config: TrainingConfig,
    folder: RunFolder,
    weights: RefinerWeights,
    best: Best,
    n_real: int,
    tell: Callable[[str], None],
) -> None:
    """Writes the best policy again where its folder is missing, damaged or older."""
    if best.scores is None:
        return
    try:
        if load_policy(folder.path / POLICY_FOLDER).card.get("steps") == best.steps:
            return
    except InputError:
        pass
    tell(f"{folder.path.name}: the best policy was written again from the checkpoint.")
    write_best(config, folder, weights, best, n_real)


def finish(
    config: TrainingConfig, folder: RunFolder, weights: RefinerWeights, tell: Callable[[str], None]
) -> Path:
    """The best policy of a run that has nothing left to do."""
    assert folder.facts is not None
    state = folder.checkpoints.load(policies_like(config))
    best, scored = _policies_of(state, folder.facts)
    keep_policy_whole(config, folder, weights, best, folder.facts["real_walks"], tell)
    settle_kept(config, folder, weights, best, scored, folder.facts["real_walks"])
    return folder.path / POLICY_FOLDER


# A released policy keeps mean and SD of its observations, not their count; this many stand behind
# them when training goes on from it, so that they move slowly but still move.
WARM_COUNT = 2_000_000


def _warm(algorithm: Algorithm, run: RunState, earlier: Policy) -> RunState:
    statistics = run.statistics.replace(
        mean=earlier.statistics.mean,
        std=earlier.statistics.std,
        summed_variance=jnp.square(earlier.statistics.std) * WARM_COUNT,
        count=run.statistics.count.replace(lo=jnp.full_like(run.statistics.count.lo, WARM_COUNT)),
    )
    params, optimiser = earlier.params, algorithm.fresh(earlier.params)
    return strongly_typed(replace(run, params=params, optimiser=optimiser, statistics=statistics))


def as_policy(stage: PolicyRun) -> Policy:
    """The policy of a run as it stands."""
    statistics = FixedStatistics(stage.run.statistics.mean, stage.run.statistics.std)
    parts = stage.run.params, statistics, stage.starts.params
    params, statistics, initialiser = on_host(parts, stage.algorithm.mesh)
    return Policy(stage.config, params, statistics, stage.weights, {}, "", initialiser)
