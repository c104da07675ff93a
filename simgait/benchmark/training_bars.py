"""The bars of training that one machine can measure: speed, exact resume, memory, scaling, time.

Synthetic walkers; what is timed are whole iterations, rollouts and gradient steps together.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import jax
import jax.numpy as jnp
import mujoco
import numpy as np

from simgait.benchmark.device_curves import curve_rows
from simgait.benchmark.peak_memory import memory_rows
from simgait.benchmark.scorecard_rows import Row
from simgait.benchmark.time_to_angles import time_rows
from simgait.benchmark.timings import timings_s
from simgait.body.model import compile_body
from simgait.body.state import pose_to_qpos
from simgait.learning.algorithms import make_algorithm
from simgait.learning.config import LearnerConfig, PPOConfig, TrainingConfig
from simgait.learning.config_file import refuse_uneven_batch
from simgait.learning.examples import synthetic_examples
from simgait.learning.run_state import RunState, placed_run
from simgait.learning.sharding import SAME, n_devices, placed, training_mesh
from simgait.tracking.clips import ClipBank, build_clips
from simgait.tracking.config import TrackingConfig
from simgait.tracking.policy_config import NetworkConfig
from simgait.types import FittedTrial
from simgait.weight_files import load_tree, save_tree

CPU_BAR, GPU_BAR = 9_000.0, 350_000.0
"""Steps per second: small nets on two idle cores; the paper's nets on a GPU of H100 class."""
PAPER_NETWORKS = NetworkConfig(policy_layers=(256,) * 8, value_layers=(1024,) * 8, symmetric=False)
PAPER_PPO = {"n_envs": 4096, "unroll": 32, "minibatches": 128}
WALKERS, FIRST_WALKER = 16, 500
CURVE_WALKS = 4
ENVIRONMENTS = (256, 512, 1024, 2048, 4096, 8192)
CURVE_DEVICES = (1, 2, 4, 8)
TOGETHER = 10
"""Control steps that C MuJoCo's body falls before it is set on its feet again; chosen: a third of a
second, in which feet are still on the floor."""
MUJOCO_STEPS = 2000
RATE, YES = "steps/s", "1 = yes"
Tell = Callable[[str], None]


@dataclass(frozen=True)
class TrainingSizes:
    """What is timed.

    Attributes:
        config: of the training.
        repeats: iterations whose median counts.
        devices: that share the environments; None for all that divide the batch.
        curve_devices: numbers of devices whose learning curves are compared with the first one's;
            None compares none.
        environments: of the scaling table.
        scaling: whether it is measured; each number of environments is compiled anew.
        to_angles_s: how long a training from nothing may take to hip and knee of 5 degrees; None
            trains none.
    """

    config: TrainingConfig = TrainingConfig()
    repeats: int = 5
    devices: int | None = 1
    curve_devices: tuple[int, ...] | None = None
    environments: tuple[int, ...] = ENVIRONMENTS
    scaling: bool = False
    to_angles_s: float | None = None


def training_bars(sizes: TrainingSizes, tell: Tell) -> Iterator[Row]:
    """The bars, one by one; what this machine cannot measure is NaN.

    Raises:
        InputError: there are not as many devices, or the batch does not divide.
    """
    gpu = jax.default_backend() == "gpu"
    for learner in _timed_learners(sizes, gpu):  # before anything is compiled
        refuse_uneven_batch(learner)
        training_mesh(learner, sizes.devices)
    mesh = training_mesh(sizes.config.learner, sizes.devices)
    tell("making walks ...")
    walks = synthetic_examples("train", FIRST_WALKER, WALKERS, seed=0)
    timed = _Timed(sizes.config, mesh, walks, tell)
    rate = timed.steps_per_s(sizes.repeats)
    where = "GPU" if gpu else "CPU"
    ppo, layers = sizes.config.ppo, sizes.config.networks.policy_layers
    name = f"{ppo.n_envs} environments, policy {layers}, {n_devices(mesh)} device ({where})"
    yield Row(name, rate, RATE, sizes.repeats, None if gpu else CPU_BAR, "at_least")
    tell("timing C MuJoCo ...")
    native = mujoco_steps_per_s(sizes.config.tracking, walks[0], sizes.repeats)
    yield Row("C MuJoCo, the same body, one thread", native, RATE, sizes.repeats)
    yield Row("training by C MuJoCo", rate / native, "ratio", sizes.repeats)
    yield Row("resume from a checkpoint is the same to the bit", timed.resumes(), YES, 1, 1.0,
              "at_least")  # fmt: skip
    yield from gpu_rows(sizes, walks, gpu, tell)
    yield from scaling_rows(sizes, walks, tell)
    yield from memory_rows(_most_environments(sizes, gpu))
    curves = sizes.curve_devices
    yield from curve_rows(
        curves or CURVE_DEVICES, walks[:CURVE_WALKS], tell, measured=curves is not None
    )
    yield from time_rows(sizes.config, sizes.to_angles_s, tell)


def scaling_rows(sizes: TrainingSizes, walks: Sequence[FittedTrial], tell: Tell) -> Iterator[Row]:
    """The same training with more and more environments."""
    for n_envs in sizes.environments:
        rate = float("nan")
        if sizes.scaling:
            ppo = sizes.config.ppo.model_copy(update={"n_envs": n_envs})
            config = sizes.config.model_copy(update={"ppo": ppo})
            mesh = training_mesh(ppo, sizes.devices)
            tell(f"{n_envs} environments ...")
            rate = _Timed(config, mesh, walks, tell).steps_per_s(sizes.repeats)
        yield Row(f"scaling: {n_envs} environments", rate, RATE,
                  sizes.repeats if sizes.scaling else 0,
                  not_asked="" if sizes.scaling else "ask with --scaling")  # fmt: skip


def _timed_learners(sizes: TrainingSizes, gpu: bool) -> list[LearnerConfig]:
    """Of every training that is timed."""
    ppo = sizes.config.ppo
    scaled = sizes.environments if sizes.scaling else ()
    return [
        sizes.config.learner,
        *(ppo.model_copy(update={"n_envs": n_envs}) for n_envs in scaled),
        *([_of_paper(ppo)] if gpu else []),
    ]


def _of_paper(ppo: PPOConfig) -> PPOConfig:
    return PPOConfig(**(ppo.model_dump() | PAPER_PPO))


def _most_environments(sizes: TrainingSizes, gpu: bool) -> int:
    """Environments of the largest training that is timed."""
    asked = [sizes.config.ppo.n_envs, PAPER_PPO["n_envs"] if gpu else 0]
    return max(*asked, *(sizes.environments if sizes.scaling else ()))


def gpu_rows(
    sizes: TrainingSizes, walks: Sequence[FittedTrial], gpu: bool, tell: Tell
) -> Iterator[Row]:
    """The paper's networks and batch; not measured where there is no GPU."""
    rate = float("nan")
    if gpu:
        ppo = _of_paper(sizes.config.ppo)
        update = {"ppo": ppo, "networks": PAPER_NETWORKS}
        config = sizes.config.model_copy(update=update)
        mesh = training_mesh(ppo, sizes.devices)
        rate = _Timed(config, mesh, walks, tell).steps_per_s(sizes.repeats)
    yield Row("4096 environments, the paper's networks (GPU)", rate, RATE,
              sizes.repeats if gpu else 0, GPU_BAR, "at_least",
              not_asked="" if gpu else "no GPU here")  # fmt: skip


class _Timed:
    """A training that is timed: compiled, and one iteration on."""

    def __init__(
        self, config: TrainingConfig, mesh: Any, walks: Sequence[FittedTrial], tell: Tell
    ) -> None:
        self.config, self.mesh = config, mesh
        algorithm = make_algorithm(config, mesh)
        clips = build_clips(walks, config.tracking.body, frames=config.data.frames)
        self._clips: ClipBank = placed(clips, mesh, SAME)
        start = algorithm.start(clips, jax.random.key(config.learner.seed))
        run = placed_run(start, mesh)
        tell("compiling: some minutes ...")
        began_s = time.monotonic()
        self._iterate = algorithm.iterate.lower(run, self._clips).compile()
        tell(f"compiled in {time.monotonic() - began_s:.0f} s; timing ...")
        self._run: RunState = run
        self._go_on()

    def _go_on(self) -> None:
        self._run, _ = self._iterate(self._run, self._clips)
        jax.block_until_ready(self._run)

    def steps_per_s(self, repeats: int) -> float:
        """Environment steps per second, the median of so many iterations."""
        return self.config.learner.steps_of_iteration / median(timings_s(self._go_on, repeats))

    def resumes(self) -> float:
        """1 where a checkpoint goes on as the run that it was taken of, to the bit; else 0."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "run.safetensors"
            save_tree(path, self._run)
            like = jax.eval_shape(lambda run: run, self._run)
            self._go_on()
            whole = jax.tree.map(_bits, self._run)
            self._run = placed_run(load_tree(path, like), self.mesh)
            self._go_on()
        same = jax.tree.map(np.array_equal, jax.tree.map(_bits, self._run), whole)
        return float(all(jax.tree.leaves(same)))


def _bits(leaf: Any) -> np.ndarray:
    key = jnp.issubdtype(leaf.dtype, jax.dtypes.prng_key)
    return np.array(jax.random.key_data(leaf) if key else leaf)


def mujoco_steps_per_s(config: TrackingConfig, walk: FittedTrial, repeats: int) -> float:
    """Control steps per second of the same body in C MuJoCo, one thread, without control.

    Each control step has as many physics steps as in training; the body is set into a pose of the
    walk every `TOGETHER` of them.
    """
    model = compile_body(walk.dims, config.body)
    data = mujoco.MjData(model)
    poses = [np.asarray(pose_to_qpos(jnp.asarray(p)), float) for p in walk.pose[::TOGETHER]]

    def work() -> None:
        for step in range(MUJOCO_STEPS):
            if step % TOGETHER == 0:
                mujoco.mj_resetData(model, data)
                data.qpos[:] = poses[step // TOGETHER % len(poses)]
            mujoco.mj_step(model, data, nstep=config.control.substeps)

    work()
    return MUJOCO_STEPS / median(timings_s(work, repeats))
