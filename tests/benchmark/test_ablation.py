"""The ablation: recipes, budgets, scores, tables, and a whole run in miniature."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from simgait.agreement.errors import robust_sigma_of
from simgait.benchmark import ablation_run, ablation_table
from simgait.benchmark.ablation_budgets import BUDGETS, ROWS, within_budget
from simgait.benchmark.ablation_file import read_ablation
from simgait.benchmark.ablation_run import claim
from simgait.benchmark.ablation_scores import (
    PAPER_COLUMNS,
    ScoredWalks,
    answer_from,
    rollout_from,
    scored_walks,
    table_numbers,
)
from simgait.benchmark.policy_tracker import estimate_of
from simgait.benchmark.score_walks import ScoredSet
from simgait.benchmark.walk_record import record_walk
from simgait.cli import main
from simgait.errors import InputError
from simgait.learning.config import TrainingConfig
from simgait.learning.config_file import load_config
from simgait.resources import resource_dir
from simgait.skeleton.dimensions import dimensions_from_height
from simgait.skeleton.kinematics import body_keypoints
from simgait.tracking.networks import make_networks
from simgait.types import Rollout
from tests.shapes import unchecked
from tests.tiny_budget import TINY


def recipe(row: str) -> TrainingConfig:
    return load_config(resource_dir("configs") / ROWS[row])


@pytest.mark.parametrize("row", [row for row in ROWS if row != "simgait"])
def test_a_papers_recipe_is_the_papers(row: str) -> None:
    config = recipe(row)
    tracking, ppo = config.tracking, config.ppo
    assert config.name == ROWS[row].removesuffix(".toml")
    assert tracking.control.mode == ("pd_learned_gains" if row == "pd" else "torque")
    assert tracking.control.substeps == 16
    assert 30 * 16 * tracking.body.timestep_s == pytest.approx(1.0)
    assert not tracking.body.carried_mass
    assert not tracking.observation.reference
    assert not tracking.observation.pelvis_velocity
    assert tracking.observation.all_keypoints
    assert tracking.observation.noise == 1e-4
    assert tracking.control.residual_feedback == (0.0, 0.0, 0.0, 0.0)
    assert not tracking.reset.with_velocity
    assert tracking.reset.angle_noise_rad == 0.15
    assert (ppo.n_envs, ppo.minibatches, ppo.total_steps) == (4096, 128, 1_000_000_000)
    assert ppo.n_envs * ppo.unroll // ppo.minibatches == 1024
    assert (ppo.clip, ppo.entropy, ppo.discount) == (0.2, 0.003, 0.99)
    assert config.data.sized_by == "median"
    assert tracking.reward.learned_offsets
    make_networks(tracking, config.networks)


def test_rows_differ_from_the_base_in_what_their_name_says() -> None:
    base = recipe("base")
    changes = {
        row: {
            f"{part}.{name}"
            for part, values in recipe(row).model_dump().items()
            if isinstance(values, dict)
            for name, value in values.items()
            if value != base.model_dump()[part][name]
        }
        for row in ROWS
        if row not in ("base", "simgait")
    }
    assert changes.pop("init") >= {"initialiser.use"}
    assert changes == {
        "final": {"data.n_from_validation"},
        "exp": {"tracking.reward"},
        "noaug": {"data.mirror", "data.real_copies"},
        "future0": {"tracking.observation"},
        "future5": {"tracking.observation"},
        "future10": {"tracking.observation"},
        "small": {"networks.policy_layers", "networks.value_layers"},
        "mocap": {"data.keypoints"},
        "pd": {"tracking.control"},
    }
    assert recipe("simgait") == TrainingConfig()


def test_a_recipe_may_extend_another(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text('name = "a"\n[ppo]\nn_envs = 7\nunroll = 3\n')
    (tmp_path / "b.toml").write_text('extends = "a.toml"\n[ppo]\nunroll = 5\n')
    config = load_config(tmp_path / "b.toml")
    assert (config.name, config.ppo.n_envs, config.ppo.unroll) == ("a", 7, 5)
    (tmp_path / "a.toml").write_text('extends = "b.toml"\n')
    with pytest.raises(InputError, match="circle"):
        load_config(tmp_path / "b.toml")


def test_a_recipe_may_extend_one_of_the_folder_above_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    below = tmp_path / "below"
    below.mkdir()
    (tmp_path / "a.toml").write_text('extends = "base.toml"\n[ppo]\nn_envs = 7\nunroll = 3\n')
    (tmp_path / "base.toml").write_text('name = "base"\n')
    (below / "b.toml").write_text('extends = "../a.toml"\n[ppo]\nunroll = 5\n')
    monkeypatch.chdir(below)
    for path in (below / "b.toml", Path("b.toml"), Path("../below/../below/b.toml")):
        config = load_config(path)
        assert (config.name, config.ppo.n_envs, config.ppo.unroll) == ("base", 7, 5)
    for elsewhere in ("../../a.toml", "../below/b.toml", "below/b.toml", "/a.toml", "../", 3):
        (below / "b.toml").write_text(f"extends = {json.dumps(elsewhere)}\n")
        with pytest.raises(InputError, match=r"b\.toml: .* same folder, or \.\./") as caught:
            load_config(below / "b.toml")
        assert str(tmp_path) not in str(caught.value)
    (below / "b.toml").write_text('extends = "../b.toml"\n')
    with pytest.raises(InputError, match="no such recipe"):
        load_config(below / "b.toml")


def test_a_budget_takes_away_and_adds_nothing() -> None:
    full = recipe("final")
    assert within_budget(full, BUDGETS["full"]) == full
    small = within_budget(full, BUDGETS["cpu-small"], steps=5000)
    assert small.ppo.total_steps == 5000
    assert small.ppo.n_envs == 512
    assert small.networks.policy_layers == (256, 256, 256)
    assert small.networks.value_layers == (256, 256, 256)
    assert small.tracking.control.substeps == 8
    assert small.tracking.body.timestep_s == pytest.approx(1 / 240)
    assert (small.data.n_synthetic, small.data.n_from_validation) == (400, 100)
    assert small.ppo.entropy == full.ppo.entropy
    assert small.tracking.reward == full.tracking.reward
    ours = within_budget(recipe("simgait"), BUDGETS["cpu-small"], steps=5000)
    assert ours.tracking == TrainingConfig().tracking
    assert ours.data.n_synthetic == small.data.n_synthetic
    little = within_budget(recipe("small"), BUDGETS["cpu-small"])
    assert little.networks.policy_layers == (32, 32, 32)


def follow(walks: ScoredWalks, row: int, speed_error_mps: float = 0.0) -> Rollout:
    """A rollout that is the truth, or runs away from it along x."""
    case = walks.cases[row]
    assert case.trial.truth is not None
    n, k = case.trial.n_frames, 8
    pose = case.trial.truth.pose.copy()
    pose[:, 0] += speed_error_mps * case.trial.time_s
    dims = dimensions_from_height(case.trial.height_m)
    steps = np.arange(k * (n - 1)) + 1
    contact = np.repeat(np.nan_to_num(case.trial.truth.contact)[1:], k, axis=0)
    force = np.zeros((len(steps), 2, 3))
    force[..., 2] = 600.0 * contact
    return Rollout(
        trial_id=case.trial.trial_id,
        time_s=case.trial.time_s,
        pose=pose,
        pose_velocity=np.zeros_like(pose),
        keypoints_m=np.asarray(body_keypoints(pose, dims)),
        substep_time_s=steps / 240.0,
        foot_force_n=force,
        joint_moment_nm=np.zeros((n, 10)),
        centre_of_mass_m=pose[:, :3],
        residual_force_n=np.zeros((n, 3)),
        residual_moment_nm=np.zeros((n, 3)),
        target_keypoints_m=np.full((n, 23, 3), np.nan),
        reference_pose=pose,
        alive=np.ones(n, bool),
        dimensions=dims,
        body_weight_n=600.0,
    )


@pytest.fixture(scope="module")
def walks() -> ScoredWalks:
    return scored_walks(recipe("base"), "validation", 2, 6.0)


def score(walks: ScoredWalks, rollouts: list[Rollout], first: int) -> dict[str, float]:
    cases = walks.late[first]
    scored = [
        record_walk(case, "x", answer_from(estimate_of(rollout), first))
        for case, rollout in zip(cases, rollouts, strict=True)
    ]
    return table_numbers(ScoredSet("", tuple(scored)))


def test_all_rows_are_scored_on_the_same_people(walks: ScoredWalks) -> None:
    exact = scored_walks(recipe("mocap"), "validation", 1, 6.0).cases[0].trial
    seen = walks.cases[0].trial
    assert exact.subject_id == seen.subject_id
    assert np.nanmax(np.abs(exact.keypoints_m - seen.keypoints_m)) > 0.01


@pytest.mark.parametrize("first", [0, 45])
def test_the_truth_scores_well_and_a_runaway_by_its_speed(walks: ScoredWalks, first: int) -> None:
    numbers = score(walks, [follow(walks, i) for i in range(2)], first)
    assert numbers["walks_with_cycles"] == 2
    assert numbers["hip_rmse_deg"] == pytest.approx(0.0, abs=1e-6)
    assert numbers["velocity_rmse_mps"] < 0.05
    assert numbers["step_width_rmse_m"] < 0.05
    fast = score(walks, [follow(walks, i, 0.3) for i in range(2)], first)
    assert fast["velocity_rmse_mps"] == pytest.approx(0.3, abs=0.05)


def test_frames_before_the_first_do_not_count(walks: ScoredWalks) -> None:
    rollouts = [follow(walks, i) for i in range(2)]
    for rollout in rollouts:
        rollout.pose[:45, 6:] += 0.5
    assert score(walks, rollouts, 45)["knee_rmse_deg"] == pytest.approx(0.0, abs=1e-6)
    assert score(walks, rollouts, 0)["knee_rmse_deg"] > 5.0
    cut = rollout_from(rollouts[0], 45)
    assert len(cut.pose) == len(rollouts[0].pose) - 45
    assert len(cut.foot_force_n) == len(cut.substep_time_s) == 8 * (len(cut.time_s) - 1)
    assert cut.substep_time_s[0] > cut.time_s[0]


def test_a_body_that_fell_before_the_first_frame_has_a_fall_and_no_cycles(
    walks: ScoredWalks,
) -> None:
    alive = np.arange(walks.cases[0].trial.n_frames) < 20
    fallen = replace(follow(walks, 0), alive=alive)
    numbers = score(walks, [fallen, follow(walks, 1)], 45)
    assert numbers["falls_percent"] == 50.0
    assert numbers["walks_with_cycles"] == 1


def test_sigma_is_the_robust_one() -> None:
    errors = np.random.default_rng(0).normal(0.0, 2.0, 4000)
    assert robust_sigma_of(errors) == pytest.approx(2.0, rel=0.05)
    assert robust_sigma_of(np.append(errors, 1e6)) == pytest.approx(2.0, rel=0.05)
    assert np.isnan(robust_sigma_of(np.array([])))


def finished_row(name: str) -> dict[str, object]:
    numbers: dict[str, object] = {column.key: 0.25 for column in PAPER_COLUMNS} | {
        "step_width_rmse_m": None
    }
    numbers |= {"falls_percent": 50.0, "residual_percent_bw": 7.0}
    numbers |= {"walks": 4, "walks_with_cycles": 3, "excluded": 1}
    return {
        "row": name, "steps": 2048, "best_steps": 1024, "wall_s": 90.0, "command": "c",
        "date_utc": "d", "commit": "0" * 40, "machine": "m",
        "scores": {"0": numbers, "45": numbers},
    }  # fmt: skip


def test_tables_set_the_papers_numbers_beside_ours() -> None:
    rows, facts = [finished_row("mocap"), finished_row("simgait")], {"budget": "tiny"}
    lines = list(csv.DictReader(io.StringIO(ablation_table.as_csv(rows))))
    assert [(line["row"], line["source"]) for line in lines] == [
        ("mocap", "paper, from frame 45"),
        ("mocap", "ours, from frame 45"),
        ("mocap", "ours, from frame 0"),
        ("simgait", "ours, from frame 45"),
        ("simgait", "ours, from frame 0"),
    ]
    assert float(lines[0]["velocity_sigma_mps"]) == 0.0414
    assert float(lines[0]["knee_debiased_deg"]) == 4.76
    assert lines[0]["falls_percent"] == lines[1]["step_width_rmse_m"] == ""
    page = ablation_table.as_markdown(rows, facts)
    assert "| mocap | paper, from frame 45 | 0.0414 | 0.1130 |" in page
    assert "| 50.0 | 7.0 | 4 | 3 | 1 |" in page
    assert json.loads(ablation_table.as_json(rows, facts))["table"][1]["walks"] == 4


def test_several_seeds_are_a_mean_with_its_spread_and_one_is_as_ever() -> None:
    one = finished_row("mocap")
    rows = []
    for seed, velocity in enumerate((0.1, 0.2, 0.6)):
        row = json.loads(json.dumps(one)) | {"seed": seed}
        for numbers in row["scores"].values():
            numbers["velocity_sigma_mps"] = velocity
        rows.append(row)
    alone = finished_row("simgait")
    facts = {"budget": "tiny"}
    paper, late, early, *last = ablation_table.lines_of([*rows, alone])
    assert "seeds" not in paper and late["source"] == "ours, from frame 45, 3 seeds"
    assert early["velocity_sigma_mps"] == pytest.approx(0.3)
    assert early["velocity_sigma_mps_sd"] == pytest.approx(np.std([0.1, 0.2, 0.6], ddof=1))
    assert (early["velocity_sigma_mps_min"], early["velocity_sigma_mps_max"]) == (0.1, 0.6)
    assert early["step_width_rmse_m"] is None and early["step_width_rmse_m_sd"] is None
    assert last == ablation_table.lines_of([alone])
    page = ablation_table.as_markdown([*rows, alone], facts)
    assert "| 0.3000 ± 0.2646 (0.1000 to 0.6000) |" in page and "- mocap, seed 2: 2,048" in page
    assert "- simgait: 2,048" in page and "mean ± SD over trainings" in page
    assert "±" not in ablation_table.as_markdown([rows[0], alone], facts)
    table = list(csv.DictReader(io.StringIO(ablation_table.as_csv([*rows, alone]))))
    assert table[1]["seeds"] == "3" and float(table[1]["velocity_sigma_mps_max"]) == 0.6
    assert table[0]["seeds"] == table[-1]["velocity_sigma_mps_sd"] == ""
    assert "seeds" not in ablation_table.as_csv([rows[0], alone])


def test_rows_are_trained_by_as_many_seeds_and_none_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    trained: list[tuple[str, int, int]] = []

    def run_training(config: TrainingConfig, folder: Path, **_: object) -> None:
        trained.append((config.name, config.learner.seed, config.data.seed))
        folder.mkdir()

    numbers = finished_row("base")["scores"]["0"]  # type: ignore[index]
    policy = SimpleNamespace(card={"steps": 1}, sha256="ab")
    for name, made in (
        ("run_training", run_training), ("load_policy", lambda _: policy),
        ("scored_walks", lambda *_: None), ("score_policy", lambda *_: {0: None, 45: None}),
        ("table_numbers", lambda _: {k: np.nan if v is None else v for k, v in numbers.items()}),
    ):  # fmt: skip
        monkeypatch.setattr(ablation_run, name, made)
    command = ["ablate", "--rows", "base,small", "--budget", "smoke", "--out", str(tmp_path)]
    with unchecked():
        assert main(command) == 0
        assert trained == [("paper_base", 0, 7), ("paper_small", 0, 7)]
        assert "seeds" not in capsys.readouterr().out
        assert main([*command, "--seeds", "2"]) == 0
    assert trained[2:] == [("paper_base", 1000, 1007), ("paper_small", 1000, 1007)]
    assert "| base | ours, from frame 45, 2 seeds |" in capsys.readouterr().out
    row = json.loads((tmp_path / "smoke" / "base" / "seed-1" / "row.json").read_text())
    assert row["seed"] == row["config"]["seed"] == 1
    found = read_ablation(tmp_path / "smoke" / "table.json")
    assert "base: ours, from frame 45, 2 seeds" in [one.name for one in found.rows]
    assert main([*command, "--seeds", "0"]) == 1
    assert "--seeds is 0; give 1 or more." in capsys.readouterr().err


def test_a_folder_of_other_settings_and_unknown_rows_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = recipe("base")
    claim(tmp_path / "base", config)
    claim(tmp_path / "base", config)
    with pytest.raises(InputError, match="other settings"):
        claim(tmp_path / "base", within_budget(config, BUDGETS["smoke"]))
    # A setting that came in later has its default.
    earlier = tmp_path / "base" / "config.json"
    older = json.loads(earlier.read_text())
    del older["seed"]
    earlier.write_text(json.dumps(older))
    claim(tmp_path / "base", config)
    assert main(["ablate", "--rows", "base,bass", "--out", str(tmp_path)]) == 1
    assert "no row bass" in capsys.readouterr().err
    assert main(["ablate", "--budget", "huge", "--out", str(tmp_path)]) == 1
    assert "no budget huge" in capsys.readouterr().err


@pytest.mark.parametrize(("option", "value"), [("--steps", "-5"), ("--walkers", "0")])
def test_counts_below_one_are_refused_before_any_training(
    tmp_path: Path, capsys, option: str, value: str
) -> None:
    out = tmp_path / "ablation"
    assert main(["ablate", "--rows", "base", "--out", str(out), option, value]) == 1
    assert f"{option} is {value}; give 1 or more." in capsys.readouterr().err
    assert not out.exists()


@pytest.mark.slow
def test_rows_are_trained_scored_and_not_trained_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(BUDGETS, "smoke", TINY)
    command = ["ablate", "--rows", "init", "--budget", "smoke", "--out", str(tmp_path)]
    assert main(command) == 0
    row = json.loads((tmp_path / "smoke" / "init" / "row.json").read_text())
    assert row["steps"] == 32
    assert row["scores"]["0"]["walks"] == 1
    assert row["config"]["initialiser"]["use"]
    assert (tmp_path / "smoke" / "init" / "run" / "policy" / "initialiser.safetensors").is_file()
    assert "| init | ours, from frame 45 |" in (tmp_path / "smoke" / "table.md").read_text()
    monkeypatch.setattr(
        "simgait.benchmark.ablation_run.run_training", lambda *a, **k: pytest.fail("trained again")
    )
    assert main(command) == 0
    assert main([*command, "--walkers", "2"]) == 0
    row = json.loads((tmp_path / "smoke" / "init" / "row.json").read_text())
    assert row["scores"]["0"]["walks"] == 2
