"""A training run in miniature: refiner, policy, validation, stop, resume, fork, warm start."""

from __future__ import annotations

import csv
import json
import shutil
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from simgait.errors import InputError
from simgait.learning import refiner_run
from simgait.learning.averaging import average_policies, with_last_weights
from simgait.learning.beginning import RUN_FILE
from simgait.learning.checkpoints import Checkpoints
from simgait.learning.config import (
    DataConfig,
    FurtherRefinerConfig,
    PPOConfig,
    SHACConfig,
    TrainingConfig,
)
from simgait.learning.config_file import load_training_config
from simgait.learning.optimisers import at_iteration
from simgait.learning.progress import SILENT
from simgait.learning.refiner_training import RefinerConfig
from simgait.learning.release import release_policy
from simgait.learning.run_folder import Recipe, run_folder
from simgait.learning.shac import GRADIENT_COLUMNS
from simgait.learning.stop_request import StopRequest
from simgait.learning.training import LOG_FILE, run_training
from simgait.resources import resource_dir
from simgait.tracking import environment
from simgait.tracking.config import ObservationConfig
from simgait.tracking.networks import make_networks
from simgait.tracking.policies import REFINER_FILE, load_policy
from simgait.tracking.policy_config import NetworkConfig
from tests.tracking.gliding import glide

TINY = TrainingConfig(
    networks=NetworkConfig(policy_layers=(8,), value_layers=(8,)),
    ppo=PPOConfig(n_envs=2, unroll=2, epochs=1, minibatches=1, total_steps=48),
    data=DataConfig(n_synthetic=3, n_validation=2, frames=60, use_real=False, mirror=False),
    refiner=RefinerConfig(n_walkers=4, steps=2, batch=2),
    validate_every=10,
)
OTHER_SEED = TINY.model_copy(update={"ppo": TINY.ppo.model_copy(update={"seed": 5})})
DEFAULT = resource_dir("policies") / "default"


class StopAt(StopRequest):
    """Asks to stop when a training has looked this often whether it shall."""

    def __init__(self, looks: int) -> None:
        self.looks = looks

    @property
    def asked(self) -> bool:  # type: ignore[override]
        self.looks -= self.waited_for
        return self.looks < 0


def logged(folder: Path) -> list[dict[str, str]]:
    with (folder / LOG_FILE).open() as file:
        return [{k: v for k, v in row.items() if k != "wall_s"} for row in csv.DictReader(file)]


def contents(folder: Path, name: str) -> bytes:
    return (folder / name).read_bytes()


@pytest.mark.slow
def test_a_run_stops_resumes_forks_and_warms_another(tmp_path: Path) -> None:
    rows: list[dict[str, float]] = []
    policy = run_training(TINY, tmp_path / "a", log=rows.append, progress=SILENT)
    assert load_training_config(policy) == TINY
    assert rows[-1]["steps"] == 48 and np.isfinite(rows[-1]["validation_score"])
    assert [int(row["steps"]) for row in logged(tmp_path / "a")] == [r["steps"] for r in rows]

    # Stopped in its steps (the refiner's two are looked at first), then gone on.
    with pytest.raises(KeyboardInterrupt):
        run_training(TINY, tmp_path / "b", progress=SILENT, stop=StopAt(2 + 2 + 7))
    again: list[dict[str, float]] = []
    run_training(TINY, tmp_path / "b", log=again.append, progress=SILENT)
    assert 0 < len(again) < len(rows)
    assert logged(tmp_path / "b") == logged(tmp_path / "a")
    for name in ("policy.safetensors", "refiner.safetensors"):
        assert contents(tmp_path / "b" / "policy", name) == contents(policy, name)

    # Finished: nothing left to do but to write what was lost.
    shutil.rmtree(policy)
    more: list[dict[str, float]] = []
    run_training(TINY, tmp_path / "a", log=more.append, progress=SILENT)
    assert not more
    again_written = load_policy(policy)
    assert again_written.sha256 == load_policy(tmp_path / "b" / "policy").sha256

    with pytest.raises(InputError, match=r"ppo.seed was 0 and is 5.*--fork"):
        run_training(OTHER_SEED, tmp_path / "a", progress=SILENT)
    with pytest.raises(InputError, match="48 steps behind it, and the recipe ends after 48"):
        run_training(OTHER_SEED, tmp_path / "c", fork_of=tmp_path / "a", progress=SILENT)
    assert not (tmp_path / "c").exists()

    warmed_rows: list[dict[str, float]] = []
    run_training(TINY, tmp_path / "w", warm_start=policy, log=warmed_rows.append, progress=SILENT)
    warmed, first = load_policy(tmp_path / "w" / "policy"), load_policy(policy)
    last = with_last_weights(first, tmp_path / "a" / RUN_FILE)
    assert last.card["steps"] == 48
    mean = average_policies([last, warmed], [1.0, 1.0])
    assert all(np.isfinite(leaf).all() for leaf in jax.tree.leaves(mean.params))
    same = jax.tree.map(np.array_equal, warmed.refiner.params, first.refiner.params)
    assert all(jax.tree.leaves(same))


@pytest.mark.slow
def test_a_refiner_of_two_stages_and_a_policy_are_made_in_one_piece(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without contact physics, which compiles long."""
    monkeypatch.setattr(environment, "simulate", glide)
    monkeypatch.setattr(refiner_run, "N_VALIDATION", 2)
    small = {"n_walkers": 2, "steps": 2, "batch": 2, "crop_frames": 16}
    further = FurtherRefinerConfig(walkers="restyled", **small)
    config = TINY.model_copy(
        update={"refiner": RefinerConfig(**small), "refiner_families": further}
    )
    policy = run_training(config, tmp_path / "a", progress=SILENT)
    assert load_training_config(policy) == config
    with pytest.raises(KeyboardInterrupt):  # before the second stage's first step; the first has 3
        run_training(config, tmp_path / "b", progress=SILENT, stop=StopAt(3))
    assert not (tmp_path / "b" / REFINER_FILE).exists()
    run_training(config, tmp_path / "b", progress=SILENT)
    for name in ("policy.safetensors", REFINER_FILE):
        assert contents(tmp_path / "b" / "policy", name) == contents(policy, name)
    alone = refiner_run.train_refiner_alone(config, tmp_path / "r", None, SILENT, StopRequest())
    assert alone.read_bytes() == contents(tmp_path / "a", REFINER_FILE)

    def page(run: Path) -> str:
        release_policy(run, run / "mine", machine="2 cores")
        return (run / "mine" / "README.md").read_text(encoding="utf-8")

    assert "| the refiner went on | up to 2 steps on 2 restyled walkers, through" in page(
        tmp_path / "a"
    )
    # What is written again from the checkpoint says the same, and who was given a refiner nothing.
    shutil.rmtree(policy)
    run_training(config, tmp_path / "a", progress=SILENT)
    assert "(share 0.5) |" in page(tmp_path / "a")
    run_training(config, tmp_path / "g", refiner=alone, progress=SILENT)
    assert "the refiner went on" not in page(tmp_path / "g")


BY_SHAC = TINY.model_copy(
    update={
        "algorithm": "shac",
        "ppo": PPOConfig(),
        "shac": SHACConfig(n_envs=2, unroll=2, epochs=1, minibatches=1, total_steps=48),
    }
)


@pytest.mark.slow
def test_shac_stops_resumes_and_begins_with_a_policy(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Through the same loop as PPO; without contact physics, whose derivative compiles long."""
    monkeypatch.setattr(environment, "simulate", glide)
    given: dict[str, Any] = {"refiner": DEFAULT / "refiner.safetensors", "progress": SILENT}
    policy = run_training(BY_SHAC, tmp_path / "a", **given)
    rows = logged(tmp_path / "a")
    assert rows[-1]["steps"] == "48" and set(GRADIENT_COLUMNS) <= set(rows[-1])
    assert load_training_config(policy) == BY_SHAC
    with pytest.raises(KeyboardInterrupt):
        run_training(BY_SHAC, tmp_path / "b", stop=StopAt(7), **given)
    run_training(BY_SHAC, tmp_path / "b", **given)
    assert logged(tmp_path / "b") == rows
    name = "policy.safetensors"
    assert contents(tmp_path / "b" / "policy", name) == contents(policy, name)
    # What PPO remembers is of no use to it, a policy is.
    longer = TINY.model_copy(update={"ppo": TINY.ppo.model_copy(update={"total_steps": 96})})
    with pytest.raises(InputError, match="its optimiser is SHAC's and the recipe's adam"):
        run_training(longer, tmp_path / "c", fork_of=tmp_path / "a", **given)
    run_training(TINY, tmp_path / "w", warm_start=policy, progress=SILENT)
    run_training(BY_SHAC, tmp_path / "v", warm_start=tmp_path / "w" / "policy", progress=SILENT)


@pytest.mark.slow
def test_a_fork_begins_where_the_other_run_is_and_says_so(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        run_training(TINY, tmp_path / "a", progress=SILENT, stop=StopAt(2 + 2 + 7))
    rows: list[dict[str, float]] = []
    run_training(
        OTHER_SEED, tmp_path / "b", fork_of=tmp_path / "a", log=rows.append, progress=SILENT
    )
    assert rows[0]["steps"] > 4 and rows[-1]["steps"] == 48
    said = json.loads((tmp_path / "b" / "provenance.json").read_text())
    assert said["config"]["ppo"]["seed"] == 5
    origin = said["begun_from"]
    assert origin["fork_of"] == "a" and origin["differences"] == ["ppo.seed was 0 and is 5"]
    assert 0 < origin["steps"] < 48 and origin["its_provenance"]["config"]["ppo"]["seed"] == 0
    name = "refiner.safetensors"
    assert contents(tmp_path / "b", name) == contents(tmp_path / "a", name)


def test_a_forks_optimiser_is_as_far_as_its_steps() -> None:
    config = PPOConfig(n_envs=4, unroll=5, epochs=2, minibatches=3)
    adam = optax.adam(optax.linear_schedule(1.0, 0.0, 100))
    leaves = jax.tree.leaves(at_iteration(config, adam.init({"w": jnp.zeros(2)}), 2))
    counts = [leaf for leaf in leaves if leaf.shape == ()]
    assert [int(count) for count in counts] == [2 * 2 * 3] * 2
    assert len({leaf.unsafe_buffer_pointer() for leaf in leaves}) == len(leaves)


def test_half_a_fork_is_no_training_from_nothing(tmp_path: Path) -> None:
    """What a kill leaves between the provenance of a fork and its checkpoint."""
    recipe = Recipe("policy", TINY, dict.fromkeys(("--refiner", "--warm-start", "--data")))
    for name, origin in (("fork", {"fork_of": "other"}), ("plain", None)):
        folder = tmp_path / name
        with run_folder(folder, recipe, RUN_FILE, pytest.fail, results=(), begun_from=origin):
            pass
    with pytest.raises(InputError, match="give the same command again, --fork included"):
        run_training(TINY, tmp_path / "fork", progress=SILENT)
    source = tmp_path / "source"
    source.mkdir()
    networks = make_networks(TINY.tracking, TINY.networks)
    best = {"params": networks.init(jax.random.key(0)), "mean": np.zeros(networks.observation_size)}
    facts = {"steps": 4, "provenance": recipe.record()}
    Checkpoints(source, RUN_FILE).save({"best": best}, facts)
    with pytest.raises(InputError, match="holds a training that began from nothing"):
        run_training(TINY, tmp_path / "plain", fork_of=source, progress=SILENT)


def test_a_policy_that_does_not_fit_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    run = tmp_path / "run"
    with pytest.raises(InputError, match=r"networks.policy_layers was \[256, 256, 256\]"):
        run_training(TINY, run, warm_start=DEFAULT, progress=SILENT)
    more = TrainingConfig(
        tracking=TINY.tracking.model_copy(
            update={"observation": ObservationConfig(future_frames=9)}
        ),
    )
    with pytest.raises(InputError, match=r"it observes \d+ numbers and the recipe's policy \d+"):
        run_training(more, run, warm_start=DEFAULT, progress=SILENT)
    with pytest.raises(InputError):
        run_training(TINY, run, progress=SILENT, refiner=tmp_path / "none")
    with pytest.raises(InputError):
        run_training(TINY, run, progress=SILENT, warm_start=tmp_path / "none")
    with pytest.raises(InputError, match="holds no training to begin with"):
        run_training(TINY, run, fork_of=tmp_path / "none", progress=SILENT)
    assert not run.exists()


def test_minibatches_that_do_not_divide_are_refused_before_anything_is_written(
    tmp_path: Path,
) -> None:
    ppo = TINY.ppo.model_copy(update={"n_envs": 4, "unroll": 5, "minibatches": 3})
    odd = TINY.model_copy(update={"ppo": ppo})
    with pytest.raises(InputError, match="4 x 5 = 20 steps does not divide into minibatches = 3"):
        run_training(odd, tmp_path / "run", progress=SILENT)
    assert not (tmp_path / "run").exists()


def test_recordings_that_are_none_are_refused_though_there_are_walkers(tmp_path: Path) -> None:
    run, empty = tmp_path / "run", tmp_path / "recordings"
    empty.mkdir()
    config = TINY.model_copy(update={"data": TINY.data.model_copy(update={"use_real": True})})
    with pytest.raises(InputError, match="recordings: holds no recordings of training subjects"):
        run_training(config, run, data_dir=empty, progress=SILENT)
    assert not run.exists()


def test_nothing_to_learn_from_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    run, empty = tmp_path / "run", tmp_path / "recordings"
    empty.mkdir()

    def refused(real: Path | None, **data: object) -> str:
        of_data = {"n_synthetic": 0, "use_real": True} | data
        config = TINY.model_copy(update={"data": TINY.data.model_copy(update=of_data)})
        with pytest.raises(InputError, match="the policy has no walk to learn from") as told:
            run_training(config, run, data_dir=real, progress=SILENT)
        assert not run.exists()
        return str(told.value)

    assert "n_synthetic is 0, and no real recordings are used" in refused(None)
    assert "no real recordings are used" in refused(empty, use_real=False)
    assert "recordings holds no recordings of training subjects" in refused(empty)
    file = empty / "cmu_asfamc" / "02" / "02_01.amc"
    file.parent.mkdir(parents=True)
    file.touch()
    assert "data.real_copies is 0" in refused(empty, keypoints="monocular", real_copies=0)
