"""What is of another body begins no training, though its networks may have the same shapes."""

from __future__ import annotations

import shutil
from pathlib import Path

import jax
import numpy as np
import pytest

from simgait.body.config import BodyConfig
from simgait.errors import InputError
from simgait.learning.beginning import RUN_FILE
from simgait.learning.bodies import body_facts, body_of_record, checked_refiner
from simgait.learning.checkpoints import Checkpoints
from simgait.learning.config import DataConfig, PPOConfig, TrainingConfig
from simgait.learning.progress import SILENT
from simgait.learning.refiner_run import train_refiner_alone
from simgait.learning.run_folder import Recipe, run_folder
from simgait.learning.stop_request import StopRequest
from simgait.learning.training import run_training
from simgait.resources import resource_dir
from simgait.skeleton.default import TRIMMED_HUMANOID
from simgait.tracking.config import TrackingConfig
from simgait.tracking.networks import make_networks

DEFAULT = resource_dir("policies") / "default"
TOES = Path(__file__).parents[1] / "second_body" / "toe_humanoid.toml"
NOTHING_GIVEN = dict.fromkeys(("--refiner", "--warm-start", "--data"))


def recipe(model: Path | str) -> TrainingConfig:
    return TrainingConfig(
        tracking=TrackingConfig(body=BodyConfig(model=str(model))),
        ppo=PPOConfig(total_steps=100_000),
        data=DataConfig(use_real=False),
    )


@pytest.fixture
def twin(tmp_path: Path) -> TrainingConfig:
    """A recipe whose body is the released one under another name."""
    for suffix in (".toml", ".xml"):
        text = TRIMMED_HUMANOID.xml.with_suffix(suffix).read_text()
        (tmp_path / f"twin{suffix}").write_text(text.replace("trimmed_humanoid", "twin_humanoid"))
    found = recipe(tmp_path / "twin.toml")
    skeleton = found.tracking.body.skeleton
    assert skeleton.name == "twin_humanoid" and skeleton.pose_names == TRIMMED_HUMANOID.pose_names
    return found


BOTH = "of the body trimmed_humanoid, the recipe's of twin_humanoid;"


def test_a_policy_of_another_body_begins_nothing(twin: TrainingConfig, tmp_path: Path) -> None:
    run = tmp_path / "run"
    with pytest.raises(InputError, match=f"The policy to start from is {BOTH}") as told:
        run_training(twin, run, warm_start=DEFAULT, progress=SILENT)
    assert "--refiner" not in str(told.value), "its refiner is of that body, too"
    with pytest.raises(InputError, match="of the body trimmed_humanoid, the recipe's of toe_human"):
        run_training(recipe(TOES), run, warm_start=DEFAULT, progress=SILENT)
    with pytest.raises(InputError, match=f"--warm-start: that policy's refiner is {BOTH}"):
        train_refiner_alone(twin, run, None, SILENT, StopRequest(), DEFAULT)
    assert not run.exists()


def test_a_refiners_body_is_that_of_the_folder_it_lies_in(
    twin: TrainingConfig, tmp_path: Path
) -> None:
    run, own = tmp_path / "run", twin.tracking.body.skeleton
    with pytest.raises(InputError, match=f"--refiner refiner.safetensors: it is {BOTH}"):
        run_training(twin, run, refiner=DEFAULT / "refiner.safetensors", progress=SILENT)
    trained = tmp_path / "trained"
    with run_folder(trained, Recipe("refiner", recipe("trimmed_humanoid"), {}), RUN_FILE,
                    pytest.fail, results=()):  # fmt: skip
        shutil.copy(DEFAULT / "refiner.safetensors", trained / "mine.safetensors")
    with pytest.raises(InputError, match=BOTH):
        checked_refiner(trained / "mine.safetensors", own)
    assert checked_refiner(trained / "mine.safetensors", TRIMMED_HUMANOID) is not None
    alone = tmp_path / "alone.safetensors"
    shutil.copy(DEFAULT / "refiner.safetensors", alone)
    assert checked_refiner(alone, own).skeleton is own, "nobody knows, and the shapes fit"
    with pytest.raises(InputError, match="is no refiner of the body toe_humanoid: it reads 1"):
        checked_refiner(alone, recipe(TOES).tracking.body.skeleton)
    assert not run.exists()


def test_a_run_of_another_body_is_not_forked(twin: TrainingConfig, tmp_path: Path) -> None:
    source, run = tmp_path / "source", tmp_path / "run"
    source.mkdir()
    networks = make_networks(twin.tracking, twin.networks)
    size = networks.observation_size
    best = {"params": networks.init(jax.random.key(0)), "mean": np.zeros(size)}
    facts = {"steps": 4, "provenance": Recipe("policy", recipe("trimmed_humanoid"), {}).record()}
    Checkpoints(source, RUN_FILE).save({"best": best}, facts)
    with pytest.raises(InputError, match=f"source: its policy is {BOTH}"):
        run_training(twin, run, fork_of=source, progress=SILENT)
    assert not run.exists()


@pytest.mark.parametrize("model", ["policy", "refiner"])
def test_a_body_that_has_changed_meanwhile_is_not_gone_on_with(model: str, tmp_path: Path) -> None:
    config, run = recipe("trimmed_humanoid"), tmp_path / "run"
    body = body_facts(TRIMMED_HUMANOID)
    body["coordinates"] = [*body["coordinates"][:-1], "right_toe_extension"]
    given = NOTHING_GIVEN if model == "policy" else dict.fromkeys(("--data", "--warm-start"))
    with run_folder(run, Recipe(model, config, given, {"body": body}), RUN_FILE,
                    pytest.fail, results=()):  # fmt: skip
        pass
    said = r"run: what was trained here is of a body trimmed_humanoid with other coordinates.*"
    with pytest.raises(InputError, match=f"{said}not both have right_toe_extension, right_ankle"):
        if model == "policy":
            run_training(config, run, progress=SILENT)
        else:
            train_refiner_alone(config, run, None, SILENT, StopRequest())


def test_what_an_older_provenance_says_of_its_body() -> None:
    usual = body_facts(TRIMMED_HUMANOID)
    assert body_of_record({"config": {}}) == usual
    assert body_of_record({"config": {"tracking": {"body": {"model": str(TOES)}}}}) != usual
    assert body_of_record({"config": {"tracking": {"body": {"model": "gone.toml"}}}}) is None
    assert body_of_record({}) is None
