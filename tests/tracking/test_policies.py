"""Released policies: files round-trip, and damage is told in one sentence."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from simgait.body.refiner import initial_refiner
from simgait.errors import InputError
from simgait.learning.config import SHACConfig, TrainingConfig
from simgait.learning.config_file import load_training_config
from simgait.resources import resource_dir
from simgait.skeleton.default import TRIMMED_HUMANOID
from simgait.tracking.config import SharpnessConfig
from simgait.tracking.networks import make_networks
from simgait.tracking.policies import (
    CARD_FILE,
    CONFIG_FILE,
    POLICY_FILE,
    REFINER_FILE,
    FixedStatistics,
    load_policy,
    load_refiner,
    save_policy,
)
from simgait.tracking.policy_config import NetworkConfig, PolicyConfig
from simgait.weight_files import load_tree, save_tree
from tests.stand_ins import drawn_networks

CONFIG = TrainingConfig(networks=NetworkConfig(policy_layers=(8,), value_layers=(8,)))


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("policies") / "small"
    networks = make_networks(CONFIG.tracking, CONFIG.networks)
    params, size = drawn_networks(CONFIG, 3), networks.observation_size
    blank = initial_refiner(jax.random.key(4), TRIMMED_HUMANOID)
    refiner = replace(blank, feature_mean=np.arange(len(blank.feature_mean), dtype=np.float32))
    statistics = FixedStatistics(jnp.full(size, 0.5), jnp.full(size, 2.0))
    save_policy(folder, CONFIG, params, statistics, refiner, {"steps": 7})
    return folder


def test_a_policy_comes_back_as_it_was(released: Path) -> None:
    policy = load_policy(released)
    assert policy.config == PolicyConfig(networks=CONFIG.networks)
    assert load_training_config(released) == CONFIG
    assert policy.card["steps"] == 7
    assert policy.card["sha256"] == policy.sha256
    params = drawn_networks(CONFIG, 3)
    same = jax.tree.map(lambda a, b: bool(jnp.array_equal(a, b)), policy.params, params)
    assert all(jax.tree.leaves(same))
    assert float(policy.statistics.std[0]) == 2.0
    mean = load_refiner(released / REFINER_FILE, TRIMMED_HUMANOID).feature_mean
    assert np.array_equal(mean, np.arange(len(mean)))


def test_changed_weights_are_refused(released: Path, tmp_path: Path) -> None:
    for file in released.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    weights = bytearray((tmp_path / POLICY_FILE).read_bytes())
    weights[-1] ^= 1
    (tmp_path / POLICY_FILE).write_bytes(bytes(weights))
    with pytest.raises(InputError, match="not those of the model card"):
        load_policy(tmp_path)


def test_a_missing_or_broken_file_is_one_sentence(released: Path, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not a policy folder"):
        load_policy(tmp_path / "nothing")
    for file in released.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / CARD_FILE).unlink()
    with pytest.raises(InputError, match=r"not a policy folder, it lacks card.json"):
        load_policy(tmp_path)


@pytest.mark.parametrize(
    ("card", "said"),
    [
        ("{", "no complete JSON"), ("[]", "is a list"), ("3", "is one value"), ("{}", "sha256"),
        ('{"sha256": 7}', "sha256"), ('{"sha256": "ab", "steps": "many"}', "steps"),
        ('{"sha256": "ab", "validation": [1]}', "validation"),
        ("[" * 100_000, "nested too deeply"), ('{"sha256": "ab"}', "not those of the model card"),
    ],
)  # fmt: skip
def test_a_card_that_is_none_is_one_sentence(
    released: Path, tmp_path: Path, card: str, said: str
) -> None:
    for file in released.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / CARD_FILE).write_text(card)
    with pytest.raises(InputError, match=said):
        load_policy(tmp_path)


@pytest.mark.parametrize("config", ["[]", "{", '{"networks": 3}', '{"x":' * 100_000])
def test_a_config_that_is_none_is_one_sentence(released: Path, tmp_path: Path, config: str) -> None:
    for file in released.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    (tmp_path / CONFIG_FILE).write_text(config)
    for load in (load_policy, load_training_config):
        with pytest.raises(InputError, match=CONFIG_FILE):
            load(tmp_path)


def test_a_policys_refiner_is_the_one_of_its_card(tmp_path: Path) -> None:
    # The released weights have no checksum of their own.
    folder = resource_dir("policies") / "default"
    for name in (POLICY_FILE, REFINER_FILE, CARD_FILE):
        (tmp_path / name).write_bytes((folder / name).read_bytes())
    load_refiner(tmp_path / REFINER_FILE, TRIMMED_HUMANOID)
    weights = bytearray((tmp_path / REFINER_FILE).read_bytes())
    weights[-5] ^= 1
    (tmp_path / REFINER_FILE).write_bytes(bytes(weights))
    with pytest.raises(InputError, match="not those of the model card"):
        load_refiner(tmp_path / REFINER_FILE, TRIMMED_HUMANOID)


def test_weights_of_another_network_are_refused(tmp_path: Path) -> None:
    save_tree(tmp_path / "w.safetensors", {"a": np.zeros(3, np.float32)})
    with pytest.raises(InputError, match="another configuration"):
        load_tree(tmp_path / "w.safetensors", {"a": np.zeros(4, np.float32)})


def test_scalars_and_keys_keep_shape_and_value(tmp_path: Path) -> None:
    tree = {"count": jnp.asarray(3, jnp.int32), "key": jax.random.key(5), "x": jnp.arange(4.0)}
    save_tree(tmp_path / "t.safetensors", tree)
    back = load_tree(tmp_path / "t.safetensors", tree)
    assert back["count"].shape == () and int(back["count"]) == 3
    assert jnp.array_equal(jax.random.key_data(back["key"]), jax.random.key_data(tree["key"]))
    assert not list(tmp_path.glob(".*"))


def test_the_card_is_plain_json(released: Path) -> None:
    assert set(json.loads((released / CARD_FILE).read_text())) >= {"steps", "sha256"}


def beyond(old: dict[str, Any], new: dict[str, Any], place: str = "") -> dict[str, Any]:
    """What was read and not written; everything that was written is as it was."""
    added = {}
    for key, value in new.items():
        if key not in old:
            added[place + key] = value
        elif isinstance(value, dict):
            added |= beyond(old[key], value, f"{place}{key}.")
        else:
            assert value == old[key], place + key
    assert not set(old) - set(new)
    return added


def test_the_released_config_reads_as_when_it_was_written() -> None:
    folder = resource_dir("policies") / "default"
    read = json.loads(load_training_config(folder).model_dump_json())
    added = beyond(json.loads((folder / CONFIG_FILE).read_text()), read)
    assert added == {
        "refiner.left_out_detectors": [],
        "refiner_families.left_out_detectors": [],
        "networks.encoder_layers": [],
        "teacher": {"weight": 0.0, "share": 0.5},
    }, "what is younger than the release leaves it as it was"


def test_an_older_config_reads_as_when_it_was_written() -> None:
    folder = resource_dir("policies") / "paper_final"
    written = json.loads((folder / CONFIG_FILE).read_text())
    read = json.loads(load_training_config(folder).model_dump_json())
    added = beyond(written, read)
    assert added.pop("tracking.reward.sharpness") == json.loads(SharpnessConfig().model_dump_json())
    assert added.pop("shac") == json.loads(SHACConfig().model_dump_json())
    assert not any(added.pop("curriculum").values())
    assert added == {
        "algorithm": "ppo",
        "networks.encoder_layers": [],
        "teacher": {"weight": 0.0, "share": 0.5},
        "sampling": {"by": "uniform", "floor": 0.0},
        "checkpoint": {"keep": 0},
        "replays": True,
        "data.resident_shards": 8,
        "data.rotate_every": 10,
        "tracking.plugins": [],
        "tracking.body.model": "trimmed_humanoid",
        "tracking.observation.extra": [],
        "tracking.reward.extra": [],
        "tracking.reward.paper_effort_price": 0.005,
        "tracking.reward.learned_offsets": False,
        "ppo.optimiser": "adam",
        "ppo.schedule": "linear",
        "ppo.target_kl": 0.0,
        "ppo.weight_decay": 0.0,
        "refiner.walkers": "as_drawn",
        "refiner.left_out": [],
        "refiner.left_out_detectors": [],
        "refiner.width": 128,
        "refiner.relative_speed": False,
        "refiner_families": None,
        "networks.value_dtype": "float32",
        "seed": 0,
    }
    policy = load_policy(folder)
    assert policy.config.tracking == load_training_config(folder).tracking
    assert policy.config.data.sized_by == written["data"]["sized_by"]
