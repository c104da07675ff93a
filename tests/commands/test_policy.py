"""`simgait policy`: what is averaged and released, and what is refused."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import jax
import numpy as np
import pytest

from simgait.cli import main
from simgait.learning.config import TrainingConfig
from simgait.learning.config_file import load_config, load_training_config
from simgait.learning.release import model_card
from simgait.resources import resource_dir
from simgait.tracking.policies import load_policy, save_refiner
from simgait.tracking.policy_config import NetworkConfig

DEFAULT = resource_dir("policies") / "default"


@pytest.fixture
def run_folder(tmp_path: Path) -> Path:
    """A run whose best policy is the released one."""
    shutil.copytree(DEFAULT, tmp_path / "run" / "policy")
    return tmp_path / "run"


def test_a_released_policy_has_its_name_and_a_card(
    run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "mine"
    command = ["policy", "release", str(run_folder), str(target), "--machine", "4 cores"]
    assert main([*command, "--real-walks", "7"]) == 0
    card = json.loads(capsys.readouterr().out)
    assert card["machine"] == "4 cores" and card["real_walks"] == 7
    released = load_policy(target)
    assert released.config.name == "mine"
    assert released.sha256 == load_policy(DEFAULT).sha256
    # How it was trained goes with it.
    assert load_training_config(target).ppo == load_training_config(DEFAULT).ppo
    page = (target / "README.md").read_text()
    for words in (
        "# Model card: mine",
        released.sha256,
        "4 cores",
        "7 walks",
        "lowest validation score over 96",
        "| networks | policy 256, 256, 256; value 256, 256, 256 |\n",
    ):
        assert words in page
    assert "followed at first" not in page


def test_a_card_names_encoder_and_teacher() -> None:
    networks = NetworkConfig(policy_layers=(16,), value_layers=(32, 8), encoder_layers=(8, 4))
    card = load_policy(DEFAULT).card | {
        "machine": "x", "teacher": {"sha256": "ab" * 32, "weight": 1.0, "share": 0.5},
    }  # fmt: skip
    page = model_card(TrainingConfig(networks=networks), card)
    assert "| policy 16; value 32, 8; temporal encoder before both 8, 4 |\n" in page
    row = "| followed at first | the policy with SHA-256 `abababababab…`, with weight 1, over 0.5 "
    assert row in page


def test_what_cannot_be_averaged_or_released_is_one_sentence(
    run_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"

    def said(*arguments: object) -> str:
        assert main(["policy", *map(str, arguments)]) == 1
        return capsys.readouterr().err

    assert "between 0 and 1" in said("average", DEFAULT, run_folder, "-o", out, "--share", 1)
    file = tmp_path / "refiner.safetensors"
    assert "above 0, up to 1" in said(
        "refiner", DEFAULT, DEFAULT / file.name, "-o", out, "--share", 0
    )
    assert "no such file of weights" in said("refiner", DEFAULT, file, "-o", out)
    shutil.copy(DEFAULT / file.name, file)
    assert "provenance.json" in said("refiner", DEFAULT, file, "-o", out)
    record = {"config": TrainingConfig().model_dump(mode="json"), "given": {"--warm-start": "x"}}
    (tmp_path / "provenance.json").write_text(json.dumps(record))
    assert "did not go on from default's" in said("refiner", DEFAULT, file, "-o", out)
    assert "run.safetensors" in said("average", DEFAULT, run_folder, "-o", out)
    assert "policy folder" in said("release", tmp_path / "none", out, "--machine", "x")
    assert not out.exists()
    card = run_folder / "policy" / "card.json"
    facts = json.loads(card.read_text())
    del facts["validation"]
    card.write_text(json.dumps(facts))
    assert "lacks validation" in said("release", run_folder, out, "--machine", "x")
    assert not out.exists()


def test_a_release_replaces_the_earlier_one_and_nothing_else(
    run_folder: Path, tmp_path: Path
) -> None:
    target = tmp_path / "mine"
    target.mkdir()
    (target / "notes.txt").write_text("mine")
    (target / "initialiser.safetensors").write_text("of an earlier one")
    for machine in ("two", "four"):
        assert main(["policy", "release", str(run_folder), str(target), "--machine", machine]) == 0
    assert {file.name for file in target.iterdir()} == {
        "README.md", "card.json", "config.json", "notes.txt", "policy.safetensors",
        "refiner.safetensors",
    }  # fmt: skip
    assert "four" in (target / "README.md").read_text()


@pytest.mark.slow
def test_a_policy_follows_the_mean_of_its_refiner_and_one_that_went_on(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    earlier, run = load_policy(DEFAULT), tmp_path / "refiner_run"
    run.mkdir()
    recipe = load_config(resource_dir("configs") / "refiner_families.toml")
    record = {
        "config": recipe.model_dump(mode="json"),
        "given": {"--warm-start": earlier.sha256, "--data": "x"},
    }
    (run / "provenance.json").write_text(json.dumps(record))
    params = jax.tree.map(lambda w: w + 1e-3, earlier.refiner.params)
    save_refiner(run / "refiner.safetensors", replace(earlier.refiner, params=params))
    out, target = tmp_path / "mean", tmp_path / "mine"
    call = ["policy", "refiner", str(DEFAULT), str(run / "refiner.safetensors"), "-o", str(out)]
    assert main([*call, "--share", "0.5"]) == 0
    assert json.loads(capsys.readouterr().out)["fall_fraction"] < 0.5
    assert main(["policy", "release", str(out), str(target), "--machine", "2 cores"]) == 0
    released = load_policy(target)
    for got, was in zip(
        jax.tree.leaves(released.refiner.params),
        jax.tree.leaves(earlier.refiner.params),
        strict=True,
    ):
        assert np.allclose(got, was + 5e-4, atol=1e-6)
    page = (target / "README.md").read_text()
    assert "| the refiner went on | up to 4,000 steps on 5,000 restyled walkers" in page
    assert "mcgill_c3d-HC050A chose the weights; blazepose-v1 was left out" in page
    assert f"policy with SHA-256 `{earlier.sha256[:12]}…` (share 0.5)" in page
