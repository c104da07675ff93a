"""The bars of training, on a tiny one whose body glides: rows, ratio, and what needs a GPU."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from simgait.benchmark import training_bars
from simgait.benchmark.scorecard_rows import Row
from simgait.benchmark.training_bars import CPU_BAR, TrainingSizes
from simgait.body.state import QPOS_JOINTS, QVEL_JOINTS
from simgait.cli import main
from simgait.learning.config import PPOConfig, TrainingConfig
from simgait.tracking import environment
from simgait.tracking.policy_config import NetworkConfig
from simgait.tracking.simulation import Physics

pytestmark = pytest.mark.usefixtures("hardly_optimised")

TINY = TrainingConfig(
    networks=NetworkConfig(policy_layers=(8,), value_layers=(8,)),
    ppo=PPOConfig(n_envs=4, unroll=2, epochs=1, minibatches=1),
)


def glide(_config, _clips, _clip, _frame, physics, action, _offset_m) -> Physics:
    """The body goes on as it goes, and actions push its joints: no physics, half the compiling."""
    qpos, qvel = physics.qpos, physics.qvel.at[QVEL_JOINTS].add(0.1 * action[:10])
    qpos = qpos.at[:3].add(qvel[:3] / 30.0).at[QPOS_JOINTS].add(qvel[QVEL_JOINTS] / 30.0)
    return replace(physics, qpos=qpos, qvel=qvel)


@pytest.mark.slow
def test_each_bar_is_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "simulate", glide)
    monkeypatch.setattr(training_bars, "WALKERS", 2)
    said: list[str] = []
    rate, native, ratio, resume, gpu = training_bars.training_bars(
        TrainingSizes(TINY, repeats=2), said.append
    )
    assert rate.name == "4 environments, policy (8,), 1 device (CPU)" and rate.bar == CPU_BAR
    assert rate.value > 0 and native.value > 0 and native.bar is None
    assert ratio.value == pytest.approx(rate.value / native.value)
    assert resume.value == 1.0 and resume.met
    assert math.isnan(gpu.value) and gpu.n == 0 and gpu.bar == 350_000
    assert said[0] == "making walks ..."


def test_a_row_that_was_not_measured_is_called_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [Row("fast", 10.0, "steps/s", 2, 9.0, "at_least"),
            Row("on a GPU", float("nan"), "steps/s", 0, 9.0, "at_least")]  # fmt: skip
    asked: list[TrainingSizes] = []

    def bars(sizes, tell):
        asked.append(sizes)
        return iter(rows)

    monkeypatch.setattr(training_bars, "training_bars", bars)
    assert main(["benchmark", "training", "--repeats", "2", "--devices", "all"]) == 0
    out = capsys.readouterr().out
    assert "on a GPU: not measured" in out and "| fast | 10 | steps/s | ≥ 9 | yes | 2 |" in out
    assert (asked[0].repeats, asked[0].devices) == (2, None)
    rows[0] = replace(rows[0], value=8.0)
    assert main(["benchmark", "training"]) == 1
    assert main(["benchmark", "training", "--repeats", "0"]) == 1
    assert "--repeats times one iteration or more" in capsys.readouterr().err
