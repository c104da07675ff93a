"""`simgait sweep`: searches, writes its page and best recipe, and the same for W&B."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from simgait.cli import main
from simgait.commands import train
from simgait.commands.sweep import BEST, PAGE
from simgait.errors import InputError
from simgait.files import append_csv_row
from simgait.learning import training
from simgait.learning.config import TrainingConfig
from simgait.learning.config_file import load_config
from simgait.learning.trial_set import index
from simgait.resources import resource_dir
from simgait.skeleton.default import TRIMMED_HUMANOID
from simgait.tracking.config import ControlConfig
from simgait.tracking.policies import load_policy, load_refiner, save_policy, save_refiner

pytest.importorskip("optuna")

SPACE = """
recipe = "base.toml"
steps = 48
trials = 2
[space.ppo]
learning_rate = { low = 1e-4, high = 1e-3, log = true }
"""
BASE = """
name = "base"
validate_every = 10
[networks]
policy_layers = [8]
value_layers = [8]
[ppo]
n_envs = 2
unroll = 2
epochs = 1
minibatches = 1
[data]
n_synthetic = 3
n_validation = 2
frames = 60
mirror = false
"""


@pytest.fixture
def space(tmp_path: Path) -> Path:
    (tmp_path / "base.toml").write_text(BASE)
    path = tmp_path / "space.toml"
    path.write_text(SPACE)
    return path


def pretend(asked: list[dict[str, Any]]) -> Callable[..., Path]:
    def run_training(config: TrainingConfig, folder: Path, **more: Any) -> Path:
        asked.append({"config": config, "folder": folder} | more)
        folder.mkdir(parents=True)
        row = {"steps": 48.0, "validation_score": 1e3 * config.ppo.learning_rate}
        append_csv_row(folder / training.LOG_FILE, row)
        more["log"](row)
        return folder / "policy"

    return run_training


def test_a_search_leaves_a_page_and_the_best_recipe(
    space: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(training, "run_training", pretend(asked))
    out = tmp_path / "s"
    assert main(["sweep", str(space), "-o", str(out)]) == 0
    assert "trial 1 of 2: ppo.learning_rate" in capsys.readouterr().err
    assert len(asked) == 2
    for one in asked:
        assert one["config"].ppo.total_steps == 48 and not one["config"].data.use_real
        assert one["data_dir"] is None and one["refiner"].name == "refiner.safetensors"
    assert asked[0]["walks"] == asked[1]["walks"], "walks are made once"
    best = min(asked, key=lambda one: one["config"].ppo.learning_rate)["config"]
    found = load_config(out / BEST)
    assert found.ppo == best.ppo and found.networks == best.networks
    page = (out / PAGE).read_text(encoding="utf-8")
    assert "2 trials: 2 finished." in page and "base.toml, 48 steps a trial" in page
    (out / PAGE).unlink()
    assert main(["sweep", str(space), "-o", str(out), "--page"]) == 0
    assert "2 trials: 2 finished." in (out / PAGE).read_text(encoding="utf-8")
    assert len(asked) == 2


def test_a_sweep_of_weights_and_biases_is_written_and_its_points_are_trained(
    space: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sweep, out = tmp_path / "sweep.yaml", tmp_path / "s"
    assert main(["sweep", str(space), "-o", str(out), "--wandb-yaml", str(sweep)]) == 0
    assert "method: bayes" in sweep.read_text() and not out.exists()
    point = ["sweep", str(space), "-o", str(out), "--at"]
    assert main([*point, "ppo.learning_rate=5"]) == 1
    assert "ppo.learning_rate=5: is not among 0.0001 to 0.001" in capsys.readouterr().err


def test_a_point_is_logged_as_it_is_asked(
    space: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[dict[str, Any]] = []
    modes: list[str] = []

    @contextmanager
    def wandb_log(mode: str, *_: object) -> Iterator[Callable[[dict[str, float]], None]]:
        modes.append(mode)
        yield lambda row: None

    monkeypatch.setattr(training, "run_training", pretend(asked))
    monkeypatch.setattr(train, "wandb_log", wandb_log)
    call = ["sweep", str(space), "-o", str(tmp_path / "s")]
    assert main([*call, "--at", "ppo.learning_rate=3e-4", "--wandb", "offline"]) == 0
    assert main([*call, "--at", "ppo.learning_rate=4e-4"]) == 0
    assert modes == ["offline", "online"] and len(asked) == 2
    assert main([*call, "--wandb", "offline"]) == 1
    assert "--wandb goes with --at" in capsys.readouterr().err


def test_devices_and_a_set_of_trials_are_those_of_every_training(
    space: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[dict[str, Any]] = []
    opened: list[object] = []
    monkeypatch.setattr(training, "run_training", pretend(asked))
    call = ["sweep", str(space), "-o", str(tmp_path / "s")]
    assert main([*call, "--devices", "99"]) == 1
    assert "--devices 99: there are" in capsys.readouterr().err
    assert main([*call, "--trials", str(tmp_path)]) == 1
    assert "holds no finished set of trials" in capsys.readouterr().err
    assert not asked and not (tmp_path / "s").exists()

    def open_trials(folder: Path, *_: object) -> SimpleNamespace:
        opened.append(folder)
        return SimpleNamespace(index=SimpleNamespace(sha256="ab"))

    monkeypatch.setattr(index, "open_trials", open_trials)
    assert main([*call, "--devices", "1", "--trials", str(tmp_path)]) == 0
    assert opened == [tmp_path]
    assert [(one["devices"], one["trials"]) for one in asked] == [(1, tmp_path)] * 2
    assert main(call) == 1
    told = capsys.readouterr().err
    assert 'were given something else: --trials was "ab" and is not said;' in told


def test_trials_share_one_refiner_and_recordings_that_are_there(
    space: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(training, "run_training", pretend(asked))
    call = ["sweep", str(space), "-o", str(tmp_path / "s")]
    assert main([*call, "--data", str(tmp_path)]) == 1
    assert "holds no recordings of training subjects" in capsys.readouterr().err
    assert not (tmp_path / "s").exists()
    assert main(call) == 0
    released = resource_dir("policies") / "default" / "refiner.safetensors"
    weights = load_refiner(released, TRIMMED_HUMANOID)
    other = replace(weights, feature_mean=weights.feature_mean + 1.0)
    save_refiner(tmp_path / "other.safetensors", other)
    assert main([*call, "--refiner", str(tmp_path / "other.safetensors")]) == 1
    assert "were given something else: --refiner was " in capsys.readouterr().err
    assert len(asked) == 2


def test_trials_follow_a_policy_where_their_recipe_asks_for_it(
    space: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(training, "run_training", pretend(asked))
    released = resource_dir("policies") / "default"
    call = ["sweep", str(space), "-o", str(tmp_path / "s")]
    assert main([*call, "--teacher", str(released)]) == 1
    assert "--teacher default: no recipe of space.toml follows anybody" in capsys.readouterr().err
    (tmp_path / "base.toml").write_text(f"{BASE}[teacher]\nweight = 0.5\n")
    assert main([*call, "--teacher", str(tmp_path)]) == 1
    assert "not a policy folder" in capsys.readouterr().err
    assert not asked and not (tmp_path / "s").exists()
    assert main(call) == 0
    assert [one["teacher"] for one in asked] == [released] * 2
    other = tmp_path / "other"
    policy = load_policy(released)
    params = policy.params | {"log_sd": policy.params["log_sd"] + 0.1}
    save_policy(other, policy.config, params, policy.statistics, policy.refiner, {})
    assert main([*call, "--teacher", str(other)]) == 1
    assert "were given something else: --teacher was " in capsys.readouterr().err
    # Searched itself, it may be nothing in some trials, which are given nobody then.
    (tmp_path / "base.toml").write_text(BASE)
    weights = "[space.teacher]\nweight = { choices = [0.0, 1.0] }\n"
    space.write_text(SPACE.replace("trials = 2", "trials = 6") + weights)
    asked.clear()
    searched = ["sweep", str(space), "-o", str(tmp_path / "t")]
    own = {"control": ControlConfig(offset_rad=0.3)}
    config = policy.config.model_copy(
        update={"tracking": policy.config.tracking.model_copy(update=own)}
    )
    save_policy(tmp_path / "apart", config, params, policy.statistics, policy.refiner, {})
    assert main([*searched, "--teacher", str(tmp_path / "apart")]) == 1
    assert "tracking.control.offset_rad is 0.3 for it and 0.25" in capsys.readouterr().err
    assert not asked and not (tmp_path / "t").exists()
    assert main(searched) == 0
    for one in asked:
        assert one["teacher"] == (released if one["config"].teacher.weight else None)
    assert {one["config"].teacher.weight for one in asked} == {0.0, 1.0}


def test_a_companions_recipe_is_not_searched(
    space: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    space.write_text(SPACE.replace("base.toml", "gengait.toml"))
    assert main(["sweep", str(space), "-o", str(tmp_path / "s")]) == 1
    assert "simgait companion train gengait --config gengait.toml" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["none.toml", "-o", "s"], "none.toml: there is no such search space"),
        (["space.toml", "-o", "s", "--page"], "s: holds no study"),
        (["space.toml", "-o", "s", "--refiner", "none"], "there are no such weights"),
    ],
)
def test_what_is_missing_is_said(
    space: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    arguments: list[str], words: str,
) -> None:  # fmt: skip
    monkeypatch.chdir(space.parent)
    assert main(["sweep", *arguments]) == 1
    assert words in capsys.readouterr().err
    assert not Path("s").exists()


def test_a_search_of_which_nothing_finished_has_failed(
    space: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(*_: object, **__: object) -> Path:
        raise InputError("this recipe cannot be trained.")

    monkeypatch.setattr(training, "run_training", refused)
    call = ["sweep", str(space), "-o", str(tmp_path / "s")]
    assert main(call) == 1
    told = capsys.readouterr().err.splitlines()[-1]
    assert told == (
        "simgait: space.toml: none of 2 trials finished; the last one was refused: this recipe "
        "cannot be trained."
    )
    assert "2 refused" in (tmp_path / "s" / PAGE).read_text(encoding="utf-8")
    assert main(call) == 1, "nothing is left to do, and it has failed still"
    assert main([*call, "--page"]) == 0


def test_what_never_trains_is_refused_before_the_study_begins(
    space: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    toes = Path(__file__).parents[1] / "second_body" / "toe_humanoid.toml"
    call = ["sweep", str(space), "-o", str(tmp_path / "s")]
    (tmp_path / "base.toml").write_text(f"{BASE}[tracking.body]\nmodel = '{toes}'\n")
    assert main(call) == 1
    told = capsys.readouterr().err
    assert "it is of the body trimmed_humanoid, the recipe's of toe_humanoid;" in told
    (tmp_path / "base.toml").write_text(BASE)
    space.write_text(f"{SPACE}minibatches = {{ choices = [7] }}\n")
    assert main(call) == 1
    assert "space.toml: ppo.minibatches = 7 fits no trial" in capsys.readouterr().err
    assert not (tmp_path / "s").exists()


def test_a_study_of_another_space_is_refused_by_the_command(
    space: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[dict[str, Any]] = []
    monkeypatch.setattr(training, "run_training", pretend(asked))
    call = ["sweep", str(space), "-o", str(tmp_path / "s")]
    assert main(call) == 0
    capsys.readouterr()
    space.write_text(SPACE.replace("1e-4", "1e-5"))
    assert main(call) == 1
    assert "s: holds the study of another space: space.ppo.lear" in capsys.readouterr().err
    assert len(asked) == 2


@pytest.mark.slow
def test_two_real_trainings(space: Path, tmp_path: Path) -> None:
    out = tmp_path / "s"
    assert main(["sweep", str(space), "-o", str(out)]) == 0
    for number in ("0000", "0001"):
        assert load_policy(out / "trials" / number / "run" / "policy").card["steps"] >= 0
    assert list((out / "walks").glob("*/*.safetensors")), "kept for the next trial"
    assert load_config(out / BEST).ppo.total_steps == 48
