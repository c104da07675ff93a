"""Prints the curve of a tiny training on so many devices: sharded_curve.py DEVICES FOLDER [WHAT].

A training of its own process: how many devices a CPU is, JAX asks once. WHAT is nothing for four
iterations, "shac" for as many of SHAC, "resume" for the last two of PPO from the checkpoint after
two, "whole" for a `run_training` that is stopped on one device and goes on with all.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

import jax
import numpy as np

from simgait.body.config import BodyConfig
from simgait.body.refiner import apply_correction
from simgait.body.refiner_blocks import outputs_layout
from simgait.jax_setup import configure_jax
from simgait.learning.algorithms import make_algorithm
from simgait.learning.config import DataConfig, PPOConfig, SHACConfig, TrainingConfig
from simgait.learning.examples import synthetic_examples
from simgait.learning.progress import Progress
from simgait.learning.run_state import placed_run
from simgait.learning.sharding import SAME, placed, training_mesh
from simgait.learning.stop_request import StopRequest
from simgait.learning.training import run_training
from simgait.resources import resource_dir
from simgait.tracking import environment
from simgait.tracking.clips import build_clips
from simgait.tracking.policies import load_policy
from simgait.tracking.policy_config import NetworkConfig
from simgait.weight_files import load_tree, save_tree
from tests.tracking.gliding import glide

CONFIG = TrainingConfig(
    networks=NetworkConfig(policy_layers=(16,), value_layers=(16,)),
    ppo=PPOConfig(n_envs=8, unroll=4, epochs=2, minibatches=2, total_steps=10_000, warm_up=0),
)

BY_SHAC = TrainingConfig(
    algorithm="shac",
    networks=CONFIG.networks,
    shac=SHACConfig(n_envs=8, unroll=4, epochs=2, minibatches=2, total_steps=10_000),
)


TINY = TrainingConfig(
    networks=NetworkConfig(policy_layers=(8,), value_layers=(8,)),
    ppo=PPOConfig(n_envs=4, unroll=2, epochs=1, minibatches=1, total_steps=96),
    data=DataConfig(n_synthetic=3, n_validation=2, frames=60, use_real=False, mirror=False),
    validate_every=10,
)


@dataclass(frozen=True)
class Heard(Progress):
    """Keeps what is told."""

    shown: bool = False

    def tell(self, sentence: str) -> None:
        """A sentence to keep."""
        said.append(sentence)


class StopOnce(StopRequest):
    """Asks to stop at the third look of a training's steps."""

    def __init__(self) -> None:
        self.looks = 3

    @property
    def asked(self) -> bool:  # type: ignore[override]
        """Whether it is time."""
        self.looks -= self.waited_for
        return self.looks < 0


said: list[str] = []


def whole(devices: int, folder: Path) -> None:
    """A training that is stopped on one device and goes on with `devices`; prints what it told."""
    refiner = resource_dir("policies") / "default" / "refiner.safetensors"
    try:
        run_training(TINY, folder / "run", refiner=refiner, progress=Heard(), stop=StopOnce())
    except KeyboardInterrupt:
        said.append("stopped")
    rows: list[dict[str, float]] = []
    policy = run_training(
        TINY, folder / "run", refiner=refiner, progress=Heard(), log=rows.append, devices=devices
    )
    load_policy(policy)
    print(json.dumps([said, rows]))


def main() -> None:
    """What the command line says."""
    devices, folder = int(sys.argv[1]), Path(sys.argv[2])
    folder.mkdir(exist_ok=True)
    configure_jax()
    vars(environment)["simulate"] = glide
    if sys.argv[3:] == ["whole"]:
        whole(devices, folder)
        return
    walks = synthetic_examples("train", 30, 4, seed=0)
    refined = [
        apply_correction(np.zeros((w.trial.n_frames, outputs_layout(w.skeleton).size)), w)
        for w in walks
    ]
    config = BY_SHAC if sys.argv[3:] == ["shac"] else CONFIG
    mesh = training_mesh(config.learner, devices)
    algorithm = make_algorithm(config, mesh)
    clips = build_clips(refined, BodyConfig(), frames=60)
    run = algorithm.start(clips, jax.random.key(0))
    first, checkpoint = 0, folder / "run.safetensors"
    if sys.argv[3:] == ["resume"]:
        first, run = 2, load_tree(checkpoint, algorithm.start(clips, jax.random.key(9)))
    run, clips = placed_run(run, mesh), placed(clips, mesh, SAME)
    rows = []
    for iteration in range(first, 4):
        run, measured = algorithm.iterate(run, clips)
        rows.append({name: float(value) for name, value in measured.items()})
        if iteration == 1:
            save_tree(checkpoint, run)
    shares = {len(leaf.sharding.device_set) for leaf in jax.tree.leaves(run)}
    assert shares == {devices}, shares
    print(json.dumps(rows))


if __name__ == "__main__":
    main()
