"""Sets that are larger than memory: every trial's turn comes, few are held, resume is exact."""

from __future__ import annotations

import csv
import weakref
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest
from brax.envs.base import State

from simgait.errors import InputError
from simgait.learning import clip_window
from simgait.learning.clip_shards import ClipShards, arrays_of, with_arrays
from simgait.learning.clip_window import ClipWindow, shard_at
from simgait.learning.config import DataConfig, PPOConfig, TrainingConfig
from simgait.learning.kept_walks import write_walks
from simgait.learning.practice import UNKNOWN
from simgait.learning.progress import SILENT
from simgait.learning.run_state import RunState
from simgait.learning.training import LOG_FILE, run_training
from simgait.learning.trial_set import build
from simgait.learning.trial_set.build import build_set
from simgait.learning.trial_set.sources import Job, SetRecipe, Source
from simgait.recordings.options import ReadOptions
from simgait.resources import resource_dir
from simgait.tracking import environment
from simgait.tracking.clips import ClipBank
from simgait.tracking.policy_config import NetworkConfig
from simgait.types import FittedTrial
from simgait.weight_files import save_tree
from tests.learning.test_training import StopAt
from tests.shapes import unchecked
from tests.tracking.gliding import glide

COUNT, SIZE, N_ENVS = 7, 2, 4


def config(**data: Any) -> TrainingConfig:
    said = {"resident_shards": 3, "rotate_every": 2, "mirror": False} | data
    return TrainingConfig(data=DataConfig(**said), ppo=PPOConfig(n_envs=N_ENVS))


@pytest.fixture
def shards(clips: ClipBank, tmp_path: Path) -> ClipShards:
    """Seven shards of two clips, whose `residual_scale` tells which trial each is: 0 to 13."""
    arrays = {name: np.asarray(values) for name, values in arrays_of(clips).items()}
    for number in range(COUNT):
        own = {name: values[:SIZE] for name, values in arrays.items()}
        own["residual_scale"] = np.arange(SIZE, dtype=np.float32) + number * SIZE
        save_tree(tmp_path / f"{number:05d}.safetensors", {**own, "facts": np.zeros(1, np.uint8)})
    one = with_arrays(clips, {name: jnp.asarray(v[:1]) for name, v in arrays.items()})
    return ClipShards(tmp_path, COUNT, SIZE, one)


def trials_in(bank: ClipBank) -> list[int]:
    return [int(x) for x in bank.residual_scale]


def a_run() -> RunState:
    """Nothing but environments, each in the clip of its number."""
    return RunState(None, None, None, env_in(jnp.arange(N_ENVS)), jax.random.key(0), jnp.zeros(()))


def env_in(clip: Any) -> State:
    zero = jnp.zeros(jnp.shape(clip))
    return State(None, zero, zero, zero, {}, {"clip": clip})


@pytest.fixture
def begins_in_clip_0(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where new episodes begin, for it is seen."""

    def reset(_config: object, clips: ClipBank, _key: object) -> State:
        return env_in(100 + clips.residual_scale[0].astype(int))

    monkeypatch.setattr(clip_window, "episodes", SimpleNamespace(reset=reset))


def go(window: ClipWindow, first: int, last: int) -> list[list[int]]:
    """The trials in the bank at each iteration of some."""
    seen, bank = [], window.first(first)
    run = a_run()
    with unchecked():
        for iteration in range(first, last):
            turned = window.turn(iteration, run, bank)
            if turned is not None:
                run, bank = turned
            seen.append(trials_in(bank))
    window.close()
    return seen


def test_each_order_holds_every_shard_once_and_follows_from_the_seed() -> None:
    places = [shard_at(place, COUNT, 3) for place in range(3 * COUNT)]
    orders = [places[i : i + COUNT] for i in range(0, 3 * COUNT, COUNT)]
    assert all(sorted(order) == list(range(COUNT)) for order in orders)
    assert orders[0] != orders[1]
    assert places != [shard_at(place, COUNT, 4) for place in range(3 * COUNT)]


@pytest.mark.slow
@pytest.mark.usefixtures("begins_in_clip_0")
def test_every_trials_turn_comes_and_the_bank_keeps_its_size(shards: ClipShards) -> None:
    seen = go(ClipWindow(shards, config(), None), 0, 2 * COUNT)
    assert all(len(trials) == 3 * SIZE for trials in seen)
    assert {trial for trials in seen for trial in trials} == set(range(COUNT * SIZE))
    # Two iterations with the same clips, then one of three shards is another.
    assert seen[0] == seen[1] and seen[1] != seen[2] and seen[2] == seen[3]
    assert len(set(seen[1]) & set(seen[2])) == 2 * SIZE


@pytest.mark.slow
@pytest.mark.usefixtures("begins_in_clip_0")
def test_a_run_that_goes_on_has_the_clips_of_one_in_one_piece(shards: ClipShards) -> None:
    whole = go(ClipWindow(shards, config(), None), 0, 20)
    for done in (1, 2, 3, 8, 13):
        assert go(ClipWindow(shards, config(), None), done, 20) == whole[done:], done
    other = config(seed=1)
    assert go(ClipWindow(shards, other, None), 0, 20) != whole


@pytest.mark.usefixtures("begins_in_clip_0")
def test_no_more_shards_are_held_than_the_bank_and_the_next_one(
    shards: ClipShards, monkeypatch: pytest.MonkeyPatch
) -> None:
    alive: set[int] = set()
    most, loads = [0], [0]
    load = ClipShards.load

    def counted(self: ClipShards, number: int) -> dict[str, np.ndarray]:
        arrays = load(self, number)
        loads[0] += 1
        alive.add(loads[0])
        weakref.finalize(arrays["length"], alive.discard, loads[0])
        most[0] = max(most[0], len(alive))
        return arrays

    monkeypatch.setattr(ClipShards, "load", counted)
    go(ClipWindow(shards, config(), None), 0, 40)
    # Those of the beginning, and one ahead of every exchange; the last may still be read.
    assert loads[0] in (3 + 19, 3 + 20)
    assert most[0] <= 2  # on the host: the one that is put into the bank, and the next


@pytest.mark.usefixtures("begins_in_clip_0")
def test_episodes_in_clips_that_leave_begin_anew_and_others_go_on(shards: ClipShards) -> None:
    window = ClipWindow(shards, config(), None)
    bank, run = window.first(0), replace(a_run(), rates=jnp.full(3 * SIZE, 0.9))
    with unchecked():
        turned = window.turn(2, run, bank)
    window.close()
    assert turned is not None
    # The first shard's rows, 0 and 1, were exchanged; environments 2 and 3 are in the second's.
    fresh = 100 + trials_in(turned[1])[0]
    assert turned[0].env.info["clip"].tolist() == [fresh, fresh, 2, 3]
    # Nobody has walked the new clips yet.
    assert turned[0].rates.tolist() == pytest.approx([UNKNOWN] * SIZE + [0.9] * 2 * SIZE)


def test_a_set_that_fits_stays(shards: ClipShards) -> None:
    window = ClipWindow(shards, config(resident_shards=COUNT), None)
    bank = window.first(5)
    assert sorted(trials_in(bank)) == list(range(COUNT * SIZE))
    assert window.turn(2, a_run(), bank) is None
    window.close()


@pytest.mark.slow
def test_mirror_images_come_along(shards: ClipShards) -> None:
    window = ClipWindow(shards, config(mirror=True), None)
    trials = trials_in(window.first(0))
    assert len(trials) == 3 * 2 * SIZE and trials[:SIZE] == trials[SIZE : 2 * SIZE]
    window.close()


def test_a_missing_shard_is_told(shards: ClipShards) -> None:
    for path in shards.folder.iterdir():
        path.unlink()
    with pytest.raises(InputError, match="no such file"):
        ClipWindow(shards, config(), None).first(0)


TINY = TrainingConfig(
    networks=NetworkConfig(policy_layers=(8,), value_layers=(8,)),
    ppo=PPOConfig(n_envs=2, unroll=2, epochs=1, minibatches=1, total_steps=96),
    data=DataConfig(n_validation=2, frames=60, resident_shards=2, rotate_every=3, mirror=True),
    validate_every=10,
)


def trial_set(
    folder: Path, walks: list[FittedTrial], monkeypatch: pytest.MonkeyPatch
) -> tuple[Path, list[Source]]:
    """A set of four recordings of one walk each, a shard for each."""

    def make_part(job: Job, recipe: SetRecipe, path: Path) -> int:
        walk = walks[int(job.source.trial)]
        name = f"{job.key[:16]}-0"
        trial = replace(walk.trial, trial_id=name, subject_id=job.source.person)
        write_walks(path, [replace(walk, trial=trial)], {}, recipe.skeleton)
        return 1

    monkeypatch.setattr(build, "make_part", make_part)
    sources = []
    for number in range(4):
        path = folder / f"{number}.txt"
        path.write_text(str(number))
        sources.append(Source(str(number), f"P{number}", path, ReadOptions(), "training"))
    skeleton = walks[0].skeleton
    build_set(sources, SetRecipe(skeleton), folder / "set", shard_trials=1)
    return folder / "set", sources


def logged(folder: Path) -> list[dict[str, str]]:
    with (folder / LOG_FILE).open() as file:
        return [{k: v for k, v in row.items() if k != "wall_s"} for row in csv.DictReader(file)]


@pytest.mark.slow
def test_a_training_from_a_set_stops_and_goes_on_to_the_bit(
    tmp_path: Path, walks: list[FittedTrial], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(vars(environment), "simulate", glide)
    trials, sources = trial_set(tmp_path, walks, monkeypatch)
    refiner = resource_dir("policies") / "default" / "refiner.safetensors"
    given: dict[str, Any] = {"refiner": refiner, "trials": trials, "progress": SILENT}
    policy = run_training(TINY, tmp_path / "a", **given)
    for looks in (7, 5):
        with pytest.raises(KeyboardInterrupt):
            run_training(TINY, tmp_path / "b", stop=StopAt(looks), **given)
    assert (tmp_path / "b" / "clips").is_dir()
    run_training(TINY, tmp_path / "b", **given)
    assert logged(tmp_path / "a") == logged(tmp_path / "b")
    for name in ("policy.safetensors", "refiner.safetensors"):
        assert (policy / name).read_bytes() == (tmp_path / "b" / "policy" / name).read_bytes()
    assert not (tmp_path / "b" / "clips").exists()
    # Another set in the same folder is another recipe; a fork may have it.
    build_set(sources[:3], SetRecipe(walks[0].skeleton), trials, shard_trials=1)
    with pytest.raises(InputError, match=r"--trials was .* and is"):
        run_training(TINY, tmp_path / "a", **given)
    longer = TINY.model_copy(update={"ppo": TINY.ppo.model_copy(update={"total_steps": 144})})
    forked = run_training(longer, tmp_path / "c", fork_of=tmp_path / "a", **given)
    assert forked.is_dir() and logged(tmp_path / "c")[-1]["steps"] == "144"
    assert all(np.isfinite(float(row["reward"])) for row in logged(tmp_path / "c"))
