"""The bars of training, on a tiny one whose body glides: rows, ratio, and what needs a GPU."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import jax
import numpy as np
import pytest

from simgait.benchmark import device_curves, peak_memory, time_to_angles, training_bars
from simgait.benchmark.scorecard_rows import Row
from simgait.benchmark.training_bars import CPU_BAR, TrainingSizes
from simgait.cli import main
from simgait.errors import InputError
from simgait.learning.config import PPOConfig, TrainingConfig
from simgait.learning.examples import synthetic_examples
from simgait.resources import resource_dir
from simgait.tracking import environment
from simgait.tracking.policy_config import NetworkConfig
from simgait.types import FittedTrial
from tests.shapes import unchecked
from tests.tracking.gliding import glide

pytestmark = pytest.mark.usefixtures("hardly_optimised")

TINY = TrainingConfig(
    networks=NetworkConfig(policy_layers=(8,), value_layers=(8,)),
    ppo=PPOConfig(n_envs=4, unroll=2, epochs=1, minibatches=1),
)


@pytest.fixture(scope="module")
def walks() -> list[FittedTrial]:
    return synthetic_examples("train", 500, 2, seed=0)


@pytest.mark.slow
def test_each_bar_is_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "simulate", glide)
    monkeypatch.setattr(training_bars, "WALKERS", 2)
    said: list[str] = []
    rate, native, ratio, resume, gpu, *long = training_bars.training_bars(
        TrainingSizes(TINY, repeats=2), said.append
    )
    assert rate.name == "4 environments, policy (8,), 1 device (CPU)" and rate.bar == CPU_BAR
    assert rate.value > 0 and native.value > 0 and native.bar is None
    assert ratio.value == pytest.approx(rate.value / native.value)
    assert resume.value == 1.0 and resume.met
    assert math.isnan(gpu.value) and gpu.n == 0 and gpu.bar == 350_000
    host, device = long.pop(6), long.pop(6)  # after all of which they are the most
    assert host.name == "host memory, the most, up to 4 environments, compiling included"
    assert 0.1 < host.value < 100 and math.isnan(device.value) and device.n == 0
    assert [row.name for row in long[:6]] == [
        f"scaling: {n} environments" for n in (256, 512, 1024, 2048, 4096, 8192)
    ]
    assert [row.name.split(",")[1] for row in long[6:9]] == [
        f" {n} devices beside 1" for n in (2, 4, 8)
    ]
    assert "time to hip and knee ≤ 5°" in long[9].name and len(long) == 12
    assert all(math.isnan(row.value) and row.n == 0 for row in long), "nobody asked for them"
    assert {row.not_asked for row in long} == {
        "ask with --scaling", "ask with --devices 1,2,4,8", "ask with --to-angles",
    } and gpu.not_asked == "no GPU here"  # fmt: skip
    assert said[0] == "making walks ..."


@pytest.mark.slow
def test_the_scaling_and_gpu_rows_run_on_simulated_devices(
    monkeypatch: pytest.MonkeyPatch, walks: list[FittedTrial]
) -> None:
    monkeypatch.setattr(environment, "simulate", glide)
    monkeypatch.setattr(training_bars, "PAPER_PPO", {"n_envs": 8, "unroll": 2, "minibatches": 2})
    monkeypatch.setattr(training_bars, "PAPER_NETWORKS", TINY.networks)
    sizes = TrainingSizes(TINY, repeats=1, devices=None, environments=(4, 8), scaling=True)
    said: list[str] = []
    (gpu,) = training_bars.gpu_rows(sizes, walks, True, said.append)
    assert gpu.value > 0 and (gpu.n, gpu.bar) == (1, 350_000)
    four, eight = training_bars.scaling_rows(sizes, walks, said.append)
    assert (four.name, four.n) == ("scaling: 4 environments", 1)
    assert four.value > 0 and eight.value > 0
    assert "8 environments ..." in said


@pytest.mark.slow
def test_curves_of_one_device_and_two_are_compared(
    monkeypatch: pytest.MonkeyPatch, walks: list[FittedTrial]
) -> None:
    if len(jax.devices()) < 2:
        pytest.skip("one device; SIMGAIT_DEVICES=2 makes two")
    monkeypatch.setattr(environment, "simulate", glide)
    said: list[str] = []
    two, many = device_curves.curve_rows((1, 2, 4096), walks, said.append, measured=True)
    assert two.met and two.n == device_curves.ITERATIONS
    assert math.isnan(many.value) and many.n == 0


def test_curves_of_devices_that_there_are_not_say_so() -> None:
    (many,) = device_curves.curve_rows((1, 4096), [], pytest.fail, measured=True)
    assert math.isnan(many.value) and many.n == 0 and many.met is None
    assert many.not_asked.startswith("there ") and many.not_asked.endswith(" devices")


@pytest.mark.parametrize(
    ("backend", "there", "asked", "said"),
    [
        ("cpu", 2, 8, "there are 2 devices; SIMGAIT_DEVICES=8 makes 8 on a CPU"),
        ("cpu", 1, 2, "there is 1 device; SIMGAIT_DEVICES=2 makes 2 on a CPU"),
        ("cpu", 2, 65, "there are 2 devices"),
        ("gpu", 2, 8, "there are 2 devices"),
    ],
)
def test_what_makes_more_devices_is_said_of_a_cpu_alone(
    monkeypatch: pytest.MonkeyPatch, backend: str, there: int, asked: int, said: str
) -> None:
    monkeypatch.setattr(jax, "devices", lambda: [None] * there)
    monkeypatch.setattr(jax, "default_backend", lambda: backend)
    (many,) = device_curves.curve_rows((1, asked), [], pytest.fail, measured=True)
    assert many.not_asked == said


@pytest.mark.parametrize(
    ("gpu", "scaling", "most"), [(False, False, 4), (True, False, 4096), (True, True, 8192)]
)
def test_memory_is_said_of_the_largest_training(gpu: bool, scaling: bool, most: int) -> None:
    sizes = TrainingSizes(TINY, scaling=scaling)
    assert training_bars._most_environments(sizes, gpu) == most


def test_a_curve_is_compared_number_by_number() -> None:
    usual = np.array([[0.5, 2.0, 1e-9], [0.6, 1.9, 0.0]])
    assert device_curves.difference_of(usual, usual) == 0.0
    other = usual + np.array([[0.0, 0.0, 1e-9], [0.006, 0.0, 0.0]])
    assert device_curves.difference_of(other, usual) == pytest.approx(0.01)


def test_a_device_that_knows_its_memory_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    stats = [{"peak_bytes_in_use": 3_000_000_000}, {"peak_bytes_in_use": 5_000_000_000}, None]
    devices = [SimpleNamespace(memory_stats=lambda one=one: one) for one in stats]
    monkeypatch.setattr(jax, "local_devices", lambda: devices)
    host, device = peak_memory.memory_rows(512)
    assert (device.value, device.unit, device.n) == (5.0, "GB", 1)
    assert host.n == 1 and 0.05 < host.value < 1000


def pretended_training(monkeypatch: pytest.MonkeyPatch, knees_deg: list[float]) -> None:
    """A training whose best policies have these knees, one after the other."""
    best: list[int] = []

    def run_training(config, folder, *, log, progress, stop) -> None:
        for number in range(len(knees_deg)):
            steps = 100 * number + 10
            # As in a training: the row first, then the policy that was validated in it.
            log({"steps": steps, "validation_score": 1.0})
            best.append(steps)
            log({"steps": steps + 50})
            if stop.asked:
                raise KeyboardInterrupt

    def load_policy(folder) -> SimpleNamespace:
        if not best:
            raise InputError("no policy")
        return SimpleNamespace(card={"steps": best[-1]})

    monkeypatch.setattr(time_to_angles, "run_training", run_training)
    monkeypatch.setattr(time_to_angles, "load_policy", load_policy)
    monkeypatch.setattr(time_to_angles, "scored_walks", lambda *_: None)
    monkeypatch.setattr(time_to_angles, "score_policy", lambda policy, _: {0: policy.card["steps"]})

    def numbers(steps: int) -> dict[str, float]:
        return {"hip_rmse_deg": 4.0, "knee_rmse_deg": knees_deg[steps // 100]}

    monkeypatch.setattr(time_to_angles, "table_numbers", numbers)


def test_a_training_is_watched_until_its_angles_are_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    said: list[str] = []
    with unchecked():
        pretended_training(monkeypatch, [9.0, 4.9, 1.0])
        time, hip, knee = time_to_angles.time_rows(TINY, 60.0, said.append)
        assert 0 <= time.value < 1 and time.n == time_to_angles.WALKERS
        assert (hip.value, knee.value) == (4.0, 4.9)
        assert len(said) == 2 and "knee 4.90°" in said[1]
        pretended_training(monkeypatch, [9.0, 8.0])
        time, _, knee = time_to_angles.time_rows(TINY, 60.0, said.append)
    assert math.isnan(time.value) and time.n == time_to_angles.WALKERS, "not reached"
    assert knee.value == 8.0


def test_a_row_that_was_not_measured_is_called_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [Row("fast", 10.0, "steps/s", 2, 9.0, "at_least"),
            Row("on a GPU", float("nan"), "steps/s", 0, 9.0, "at_least"),
            Row("many", float("nan"), "relative", 0, 9.0, not_asked="there are 2 devices"),
            Row("so long", float("nan"), "min", 8)]  # fmt: skip
    asked: list[TrainingSizes] = []

    def bars(sizes, tell):
        asked.append(sizes)
        return iter(rows)

    monkeypatch.setattr(training_bars, "training_bars", bars)
    assert main(["benchmark", "training", "--repeats", "2", "--devices", "all"]) == 0
    out = capsys.readouterr().out
    assert "on a GPU: not measured" in out and "| fast | 10 | steps/s | ≥ 9 | yes | 2 |" in out
    assert "| on a GPU | not measured |  | ≥ 9 |  | 0 |" in out
    assert "| many | not measured: there are 2 devices |  | ≤ 9 |  | 0 |" in out
    assert "so long: not reached" in out
    assert (asked[0].repeats, asked[0].devices, asked[0].curve_devices) == (2, None, None)
    assert not asked[0].scaling and asked[0].to_angles_s is None
    long = ("--devices", "2,1,4", "--scaling", "--to-angles", "90")
    assert main(["benchmark", "training", *long]) == 0
    assert (asked[1].devices, asked[1].curve_devices) == (2, (2, 1, 4))
    assert asked[1].config == TrainingConfig()
    recipe = resource_dir("configs") / "quick.toml"
    assert main(["benchmark", "training", "--config", str(recipe)]) == 0
    assert asked[2].config.name == "quick" and asked[2].config.refiner.n_walkers == 1000
    capsys.readouterr()
    other = resource_dir("configs") / "train_shac.toml"
    assert main(["benchmark", "training", "--config", str(other)]) == 1
    said = capsys.readouterr().err
    assert "train_shac.toml" in said and "benchmark recipes" in said and len(asked) == 3
    assert asked[1].scaling and asked[1].to_angles_s == 5400.0
    for option, value in (
        ("--devices", "1,all"), ("--devices", "1,0"), ("--devices", "1,2,1"), ("--to-angles", "0"),
    ):  # fmt: skip
        assert main(["benchmark", "training", option, value]) == 1
        assert f"{option} " in capsys.readouterr().err
    rows[0] = replace(rows[0], value=8.0)
    assert main(["benchmark", "training"]) == 1
    assert main(["benchmark", "training", "--repeats", "0"]) == 1
    assert "--repeats times one iteration or more" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("recipe", "words"),
    [
        ("[ppo]\nminibatches = 7\n", "= 8192 steps does not divide into minibatches = 7"),
        ('name = "gengait"\n', "simgait companion train gengait"),
    ],
)
def test_a_recipe_that_cannot_be_timed_is_refused_before_anything_is_made(
    recipe: str, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys
) -> None:
    monkeypatch.setattr(training_bars, "synthetic_examples", pytest.fail)
    path = tmp_path / "mine.toml"
    path.write_text(recipe)
    assert main(["benchmark", "training", "--config", str(path)]) == 1
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(("gpu", "environments"), [(False, 6), (True, 8)])
def test_every_training_that_is_timed_is_looked_at_before_the_first_is_compiled(
    gpu: bool, environments: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The recipe's own batch divides; that of a row further down does not."""
    monkeypatch.setattr(training_bars, "synthetic_examples", pytest.fail)
    monkeypatch.setattr(training_bars, "PAPER_PPO", {"n_envs": 3, "minibatches": 4})
    monkeypatch.setattr(jax, "default_backend", lambda: "gpu" if gpu else "cpu")
    ppo = TINY.ppo.model_copy(update={"minibatches": 8})
    config = TINY.model_copy(update={"ppo": ppo})
    sizes = TrainingSizes(config, environments=(4, environments), scaling=True)
    odd = "3 x 2 = 6 steps does not divide" if gpu else "6 x 2 = 12 steps does not divide"
    with pytest.raises(InputError, match=odd):
        next(training_bars.training_bars(sizes, pytest.fail))
