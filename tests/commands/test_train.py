"""`simgait train`: which model, and options that belong to another one."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import pytest

from simgait.cli import main
from simgait.commands import train
from simgait.commands.train import wandb_log
from simgait.errors import InputError
from simgait.learning.config import TrainingConfig
from simgait.learning.config_file import load_config
from simgait.resources import resource_dir


def said(capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """What a call that is refused says."""
    assert main(["train", *map(str, arguments)]) == 1
    return capsys.readouterr().err


def test_a_policy_is_trained_unless_another_model_is_named() -> None:
    parser = argparse.ArgumentParser()
    train.add_parser(parser.add_subparsers())
    assert parser.parse_args(["train", "-o", "run"]).model == "policy"
    assert parser.parse_args(["train", "refiner", "-o", "run"]).model == "refiner"
    assert set(train.RECIPES) == set(train.MODELS)
    for name in train.RECIPES.values():
        assert (resource_dir("configs") / name).is_file()
    assert load_config(resource_dir("configs") / train.RECIPES["policy"]) == TrainingConfig()


def test_options_of_another_model_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run"
    told = said(capsys, "refiner", "-o", out, "--warm-start", "policies/default")
    assert "--warm-start belongs to simgait train policy" in told
    told = said(capsys, "-o", out, "--max-minutes", 3)
    assert "--max-minutes belongs to simgait train gait-transformer" in told
    assert not out.exists()


def test_what_is_missing_is_said_before_anything_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SIMGAIT_DATA", raising=False)
    out = tmp_path / "run"
    assert "give --machine" in said(capsys, "gait-transformer", "-o", out)
    assert "no such recipe" in said(capsys, "refiner", "-o", out, "--config", tmp_path / "a.toml")
    # A recipe of one model is none of another.
    recipe = resource_dir("configs") / "gait_transformer.toml"
    assert "there is no setting network" in said(capsys, "-o", out, "--config", recipe)
    assert not out.exists()


def test_a_refiner_that_is_there_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SIMGAIT_DATA", raising=False)
    weights = (resource_dir("policies") / "default" / "refiner.safetensors").read_bytes()
    (tmp_path / "refiner.safetensors").write_bytes(weights)
    assert main(["train", "refiner", "-o", str(tmp_path)]) == 0
    assert "refiner.safetensors" in capsys.readouterr().out
    assert (tmp_path / "refiner.safetensors").read_bytes() == weights


def test_weights_and_biases_is_needed_only_by_those_who_ask_for_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "wandb", None)  # an import of it fails
    with wandb_log(None, tmp_path, "run", {}) as log:
        log({"steps": 1.0})
    with (
        pytest.raises(InputError, match=r"--wandb: .*pip install 'simgait\[wandb\]'"),
        wandb_log("offline", tmp_path, "run", {}),
    ):
        pass
    assert not list(tmp_path.iterdir())
