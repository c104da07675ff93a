"""`simgait train`: which model, and options that belong to another one."""

from __future__ import annotations

import argparse
import signal
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from simgait.cli import main
from simgait.commands import train
from simgait.commands.stopping import Stopped
from simgait.commands.train import stopping_in_order, wandb_log
from simgait.commands.training_page import PAGE, page_log
from simgait.companions import companion_names, load_companion
from simgait.errors import InputError
from simgait.files import append_csv_row
from simgait.learning.config import TrainingConfig
from simgait.learning.config_file import load_config
from simgait.learning.run_folder import Recipe, run_folder
from simgait.learning.stop_request import StopRequest
from simgait.learning.training import LOG_FILE
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
    assert load_config(resource_dir("configs") / train.RECIPE) == TrainingConfig()


def test_options_of_another_model_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run"
    told = said(capsys, "refiner", "-o", out, "--refiner", "refiner.safetensors")
    assert "--refiner belongs to simgait train policy" in told
    assert not out.exists()


def test_a_teacher_and_a_weight_go_together(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SIMGAIT_DATA", raising=False)
    out, recipe = tmp_path / "run", tmp_path / "taught.toml"
    recipe.write_text("[teacher]\nweight = 0.5\n[tracking.control]\noffset_rad = 0.3\n")
    told = said(capsys, "refiner", "-o", out, "--teacher", RELEASED)
    assert "--teacher belongs to simgait train policy" in told
    told = said(capsys, "-o", out, "--teacher", RELEASED)
    assert "--teacher default: by this recipe nobody is followed (teacher.weight); set" in told
    call = ("-o", out, "--config", recipe)
    told = said(capsys, *call)
    assert "teacher.weight is 0.5 and there is nobody to follow; name the folder" in told
    assert "not a policy folder" in said(capsys, *call, "--teacher", tmp_path)
    told = said(capsys, *call, "--teacher", RELEASED)
    assert "tracking.control.offset_rad is 0.25 for it and 0.3 for the recipe" in told
    told = said(
        capsys, "-o", out, "--config", resource_dir("configs") / "train_shac.toml", "--teacher",
        RELEASED,
    )  # fmt: skip
    assert "shac cannot; leave --teacher out, or set algorithm = 'ppo'" in told
    assert not out.exists()


def test_a_refiner_goes_on_only_from_one_of_its_own_kind(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SIMGAIT_DATA", raising=False)
    out, recipe = tmp_path / "run", tmp_path / "narrow.toml"
    recipe.write_text("[refiner]\nwidth = 16\n")
    call = ("refiner", "-o", out, "--config", recipe, "--warm-start")
    assert "is 128 wide, and the recipe asks for 16" in said(capsys, *call, RELEASED)
    assert "not a policy folder" in said(capsys, *call, tmp_path / "none")
    assert not out.exists()


def test_a_refiner_in_two_stages_goes_on_from_its_own_first_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SIMGAIT_DATA", raising=False)
    out, recipe = tmp_path / "run", resource_dir("configs") / "release.toml"
    told = said(capsys, "refiner", "-o", out, "--config", recipe, "--warm-start", RELEASED)
    assert "from its own first stage ([refiner_families]); leave --warm-start out" in told
    assert not out.exists()


def test_what_is_missing_is_said_before_anything_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SIMGAIT_DATA", raising=False)
    out = tmp_path / "run"
    assert "no such recipe" in said(capsys, "refiner", "-o", out, "--config", tmp_path / "a.toml")
    assert not out.exists()


LEARNING = [name for name in companion_names() if load_companion(name).learning is not None]


@pytest.mark.parametrize("name", LEARNING)
def test_a_companions_recipe_is_sent_to_its_own_command(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out, file = tmp_path / "run", load_companion(name).learns().recipe
    command = f"simgait companion train {name} --config {file}"
    for model in ("policy", "refiner"):
        recipe = resource_dir("configs") / file
        assert command in said(capsys, model, "-o", out, "--config", recipe)
    recipes = (str(resource_dir("configs") / other) for other in (file, "compare_ppo.toml"))
    assert main(["benchmark", "recipes", *recipes, "-o", str(tmp_path / "c.csv")]) == 1
    assert command in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_a_set_of_trials_that_is_none_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SIMGAIT_DATA", raising=False)
    out = tmp_path / "run"
    told = said(capsys, "-o", out, "--trials", tmp_path)
    assert "holds no finished set of trials" in told and "simgait dataset build" in told
    assert not out.exists()
    told = said(capsys, "refiner", "-o", out, "--trials", tmp_path)
    assert "--trials belongs to simgait train policy" in told


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--process", 1), "--process and --coordinator go with --processes"),
        (("--processes", "two"), "--processes two: give a number, or cluster"),
        (("--processes", 2), "every process needs its own --process, from 0 to 1"),
        (("--processes", 2, "--process", 2, "--coordinator", "a:1"), "from 0 to 1"),
        (("--processes", 2, "--process", 0), "the same --coordinator HOST:PORT"),
        (
            ("--processes", 2, "--process", 0, "--coordinator", "node1"),
            "--coordinator node1: give HOST:PORT, as node1:12345",
        ),
        (("--processes", 2, "--process", 0, "--coordinator", "a:b"), "a:b: give HOST:PORT"),
        (("--processes", "cluster", "--process", 0), "the cluster's manager says --process"),
        (("--processes", "cluster", "--coordinator", "a:1"), "leave them out"),
    ],
)
def test_several_processes_are_said_in_full(
    arguments: tuple[object, ...],
    words: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert words in said(capsys, "-o", tmp_path / "run", *arguments)
    assert not (tmp_path / "run").exists()


RELEASED = resource_dir("policies") / "default"


def finished_refiner(folder: Path) -> Path:
    """A refiner that the default recipe made, so it says."""
    recipe = Recipe("refiner", TrainingConfig(), {"--data": None})
    with run_folder(folder, recipe, "refiner_run.safetensors", pytest.fail, results=()):
        path = folder / "refiner.safetensors"
        path.write_bytes((RELEASED / "refiner.safetensors").read_bytes())
    return path


def test_a_refiner_that_is_there_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SIMGAIT_DATA", raising=False)
    path = finished_refiner(tmp_path / "run")
    weights = path.read_bytes()
    assert main(["train", "refiner", "-o", str(tmp_path / "run")]) == 0
    captured = capsys.readouterr()
    assert "refiner.safetensors" in captured.out and "was finished before" in captured.err
    assert path.read_bytes() == weights


@pytest.mark.parametrize("model", train.MODELS)
def test_a_folder_that_is_a_file_is_called_one(
    model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SIMGAIT_DATA", raising=False)
    (tmp_path / "file").write_text("mine")
    told = said(capsys, model, "-o", tmp_path / "file")
    assert "file: is a file, not a folder for results; choose another one with -o." in told
    assert (tmp_path / "file").read_text() == "mine"


def test_another_recipe_in_the_same_folder_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SIMGAIT_DATA", raising=False)
    run = tmp_path / "run"
    weights = finished_refiner(run).read_bytes()
    recipe = tmp_path / "other.toml"
    recipe.write_text("[refiner]\nsteps = 7\nlearning_rate = 0.1\n")
    told = said(capsys, "refiner", "-o", run, "--config", recipe)
    assert "refiner.steps was 9000 and is 7" in told
    assert "refiner.learning_rate was 0.002 and is 0.1" in told
    assert 'model was "refiner" and is "policy"' in said(capsys, "-o", run)
    assert (run / "refiner.safetensors").read_bytes() == weights
    (run / "provenance.json").unlink()
    assert "no provenance.json says by which recipe" in said(capsys, "refiner", "-o", run)


def test_a_seed_decides_about_the_recipe(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SIMGAIT_DATA", raising=False)
    run, recipe = tmp_path / "run", tmp_path / "own.toml"
    finished_refiner(run)
    assert main(["train", "refiner", "-o", str(run), "--seed", "0"]) == 0
    told = said(capsys, "refiner", "-o", run, "--seed", 3)
    for words in ("seed was 0 and is 3", "data.seed was 7 and is 3007", "ppo.seed was 0 and is"):
        assert words in told
    recipe.write_text("[ppo]\nseed = 4\n")
    told = said(capsys, "refiner", "-o", run, "--seed", 3, "--config", recipe)
    assert "seed 3; of its own the recipe says ppo.seed = 4." in told
    assert "--seed -1: give a whole number from 0" in said(capsys, "-o", run, "--seed", -1)


def test_a_training_that_is_refused_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SIMGAIT_DATA", raising=False)
    run, recipe = tmp_path / "run", tmp_path / "small.toml"
    recipe.write_text("[networks]\npolicy_layers = [8]\n")
    call = ("-o", run, "--config", recipe)
    told = said(capsys, *call, "--warm-start", RELEASED)
    assert "other networks than the recipe" in told and "--refiner" in told
    assert told.startswith("simgait train policy: recipe small.toml ...")
    assert "there is no such file" in said(capsys, *call, "--refiner", tmp_path / "none")
    assert "not a policy folder" in said(capsys, *call, "--warm-start", tmp_path / "none")
    assert "holds no training" in said(capsys, *call, "--fork", tmp_path / "new")
    assert ": one" in said(capsys, *call, "--fork", tmp_path / "n", "--warm-start", RELEASED)
    assert [file.name for file in tmp_path.iterdir()] == ["small.toml"]


@pytest.mark.parametrize("model", train.MODELS)
def test_recordings_that_nothing_would_learn_from_are_refused(
    model: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SIMGAIT_DATA", raising=False)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "walk.c3d").touch()
    recipe = tmp_path / "plain.toml"
    recipe.write_text("[data]\nuse_real = false\n")
    call = (model, "-o", tmp_path / "run", "--data", tmp_path / "mine")
    told = said(capsys, *call)
    assert "mine: holds no recordings of training subjects" in told
    assert "simgait dataset build" in told
    told = said(capsys, *call, "--config", recipe)
    assert "--data mine: the recipe default learns from no real recordings" in told
    assert not (tmp_path / "run").exists()


def test_recordings_that_a_variable_names_are_no_contradiction(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIMGAIT_DATA", str(tmp_path))
    usual = TrainingConfig()
    without = usual.model_copy(update={"data": usual.data.model_copy(update={"use_real": False})})
    assert train.recordings_to_learn_from(None, usual) == tmp_path
    assert train.recordings_to_learn_from(None, without) is None


def test_a_signal_waits_for_the_step_and_a_second_one_does_not() -> None:
    stop = StopRequest()
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt), stopping_in_order(stop):
        with stop.looked_at():
            signal.raise_signal(signal.SIGTERM)
            assert stop.asked
            signal.raise_signal(signal.SIGINT)
        pytest.fail("the second one ends it")
    assert signal.getsignal(signal.SIGTERM) is before
    with pytest.raises(Stopped, match="goes on") as told, stopping_in_order(StopRequest()):
        signal.raise_signal(signal.SIGTERM)
    assert told.value.code == 143


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


class PretendedRun:
    """What W&B is asked, kept."""

    def __init__(self, calls: list[dict[str, Any]], id: str | None, **more: Any) -> None:
        self.id = id or f"new{len(calls)}"
        calls.append({"id": id} | more)

    def log(self, row: dict[str, float], step: int) -> None: ...

    def finish(self) -> None: ...


def test_a_training_that_goes_on_goes_on_in_its_run_at_weights_and_biases(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    calls: list[dict[str, Any]] = []
    fake = SimpleNamespace(init=lambda **more: PretendedRun(calls, **more))
    monkeypatch.setitem(sys.modules, "wandb", fake)
    other = tmp_path / "fork"
    other.mkdir()
    for folder in (tmp_path, tmp_path, other):
        with wandb_log("offline", folder, "run", {}) as log:
            log({"steps": 1.0})
            log({"steps": 2.0})
    assert [(one["id"], one["resume"]) for one in calls] == [
        (None, None), ("new0", "allow"), (None, None),
    ]  # fmt: skip
    assert {one["mode"] for one in calls} == {"offline"}


def test_a_training_has_a_page_while_it_runs_and_another_when_it_is_over(tmp_path: Path) -> None:
    config, row = TrainingConfig(), {"steps": 8192.0, "wall_s": 3.0, "reward": 0.5}
    with page_log(tmp_path, config) as log:
        append_csv_row(tmp_path / LOG_FILE, row)
        log(row)
        running = (tmp_path / PAGE).read_text(encoding="utf-8")
    assert "8,192 of 17,997,824 steps" in running and 'http-equiv="refresh"' in running
    assert 'http-equiv="refresh"' not in (tmp_path / PAGE).read_text(encoding="utf-8")


def test_a_training_that_is_refused_leaves_no_page(tmp_path: Path) -> None:
    with pytest.raises(InputError), page_log(tmp_path / "run", TrainingConfig()):
        raise InputError("no such data.")
    assert not (tmp_path / "run").exists()


def test_devices_are_refused_before_anything_is_written(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "run"
    assert "--devices two: give a number, or all" in said(capsys, "-o", out, "--devices", "two")
    assert "--devices 99: there are" in said(capsys, "-o", out, "--devices", "99")
    assert not out.exists()
