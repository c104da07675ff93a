"""The second table of `simgait ablate`: settings that are not the default, beside the default."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from simgait.benchmark import ablation_run
from simgait.benchmark.ablation_budgets import (
    BUDGETS,
    ROWS,
    SETTINGS_ROWS,
    within_budget,
)
from simgait.benchmark.ablation_file import read_ablation
from simgait.benchmark.ablation_scores import COLUMNS_OF_TABLE
from simgait.benchmark.ablation_table import SETTINGS_BESIDE_DEFAULT, as_csv, as_json, as_markdown
from simgait.cli import main
from simgait.errors import InputError
from simgait.learning.config import TrainingConfig
from simgait.learning.config_file import load_config
from simgait.learning.run_folder import PROVENANCE_FILE
from simgait.learning.teacher_given import checked_teacher
from simgait.resources import resource_dir
from simgait.tracking.policies import load_policy
from tests.shapes import unchecked
from tests.tiny_budget import TINY

RELEASED = resource_dir("policies") / "default"
CHANGED: dict[str, dict[str, object]] = {
    "default": {},
    "adamw": {"ppo.optimiser": "adamw", "ppo.weight_decay": 0.1},
    "rmsprop": {"ppo.optimiser": "rmsprop"},
    "muon": {"ppo.optimiser": "muon"},
    "constant": {"ppo.schedule": "constant"},
    "kl_adaptive": {"ppo.schedule": "kl_adaptive", "ppo.target_kl": 0.01},
    "by_failure": {"sampling.by": "failure", "sampling.floor": 0.2},
    "no_retries": {"tracking.reset.retry_share": 0.0},
    "tightening": {
        "curriculum.max_tilt_rad.from": 1.5,
        "curriculum.max_path_error_leg.from": 1.05,
        "curriculum.max_limb_error_leg.from": 0.9,
    },
    "noise": {"curriculum.observation_noise.from": 0.02},
    "helper": {
        "curriculum.residual_force_bw.from": 0.1,
        "curriculum.residual_moment_bw_leg.from": 0.16,
    },
    "asymmetric": {"networks.symmetric": False},
    "bfloat16": {"networks.value_dtype": "bfloat16"},
    "ahead": {"tracking.observation.future_frames": 16},
    "encoder": {"tracking.observation.future_frames": 16, "networks.encoder_layers": (32, 32)},
    "light": {"networks.policy_layers": (64, 64), "networks.value_layers": (64, 64)},
    "teacher": {"teacher.weight": 1.0},
    "student": {
        "networks.policy_layers": (64, 64),
        "networks.value_layers": (64, 64),
        "teacher.weight": 1.0,
    },
}


def recipe(row: str) -> TrainingConfig:
    return load_config(resource_dir("configs") / SETTINGS_ROWS[row])


def flat(settings: dict[str, Any], place: str = "") -> dict[str, object]:
    """Settings of all tables by dotted name; of a schedule only how it begins."""
    found: dict[str, object] = {}
    for name, value in settings.items():
        if isinstance(value, dict):
            found |= flat(value, f"{place}{name}.")
        elif not (place.startswith("curriculum.") and name in ("to", "steps")):
            found[f"{place}{name}"] = value
    return found


def test_every_recipe_of_the_folder_is_a_row() -> None:
    files = {path.name for path in (resource_dir("configs") / "settings").iterdir()}
    assert files == {Path(file).name for file in SETTINGS_ROWS.values()}
    assert list(SETTINGS_ROWS) == list(CHANGED)
    assert not SETTINGS_ROWS.keys() & ROWS.keys()


@pytest.mark.parametrize("row", SETTINGS_ROWS)
def test_a_row_differs_from_the_default_in_one_thing(row: str) -> None:
    config = recipe(row)
    assert config.name == row
    usual, own = (flat(one.model_dump()) for one in (TrainingConfig(), config))
    # A schedule that is not set is one setting, one that is set is three.
    changed = {name: value for name, value in own.items() if usual.get(name) != value}
    changed.pop("name", None)
    assert changed == CHANGED[row]
    asked = (resource_dir("configs") / SETTINGS_ROWS[row]).read_text(encoding="utf-8").splitlines()
    assert asked[0].startswith("# ") and not asked[1].startswith("#")


@pytest.mark.parametrize("row", [row for row in SETTINGS_ROWS if recipe(row).curriculum.schedules])
@pytest.mark.parametrize(
    ("budget", "steps"), [("cpu-small", None), ("cpu-small", 300), ("smoke", None)]
)
def test_a_curriculum_takes_the_same_half_of_any_training(
    row: str, budget: str, steps: int | None
) -> None:
    small = within_budget(recipe(row), BUDGETS[budget], steps)
    for one in small.curriculum.schedules.values():
        assert one.steps == small.ppo.total_steps // 2
    full = recipe(row)
    assert within_budget(full, BUDGETS["full"]) == full
    for name, one in full.curriculum.schedules.items():
        now = getattr(small.curriculum, name)
        assert (now.begin, now.to) == (one.begin, one.to)


def finished_row(name: str, seed: int = 0, score: float | None = 6.5) -> dict[str, Any]:
    numbers = {column.key: 0.25 for column in COLUMNS_OF_TABLE}
    return {
        "row": name, "seed": seed, "steps": 2048, "best_steps": 1024 + seed, "wall_s": 90.0,
        "command": "c", "date_utc": "d", "commit": "0" * 40, "machine": "m",
        "validation_score": score, "scores": {"0": numbers, "45": dict.fromkeys(numbers, 9.0)},
    }  # fmt: skip


def test_the_table_is_from_frame_0_and_says_how_the_best_checkpoint_did(tmp_path: Path) -> None:
    table, facts = SETTINGS_BESIDE_DEFAULT, {"table": "settings", "budget": "smoke"}
    rows = [finished_row("default"), finished_row("muon", 0, 6.0), finished_row("muon", 1, 7.0)]
    one, two = csv.DictReader(io.StringIO(as_csv(rows, table)))
    assert (one["row"], one["source"]) == ("default", "from frame 0")
    assert (one["hip_rmse_deg"], one["validation_score"], one["best_steps"]) == (
        "0.25",
        "6.5",
        "1024",
    )
    assert two["source"] == "from frame 0, 2 seeds"
    assert float(two["validation_score_sd"]) == pytest.approx(np.std([6.0, 7.0], ddof=1))
    page = as_markdown(rows, facts, table)
    assert page.startswith('# Settings beside the default at the budget "smoke"')
    assert "| validation score | best at step |" in page and "| 6.50 | 1024 |" in page
    assert "| 6.50 ± 0.71 (6.00 to 7.00) | 1024.5 ± 0.7 (1024.0 to 1025.0) |" in page
    assert "Paper" not in page and "paper" not in page
    unknown = as_csv([finished_row("default", 0, None)], table).splitlines()[1].split(",")
    assert unknown[-2:] == ["", "1024"]
    path = tmp_path / "table.json"
    path.write_text(as_json(rows, facts, table), encoding="utf-8")
    found = read_ablation(path)
    assert 'settings beside the default at the budget "smoke"' in found.caption
    assert [(r.name, r.kind, r.cells[-2:]) for r in found.rows] == [
        ("default: from frame 0", "measured", (6.5, 1024)),
        ("muon: from frame 0, 2 seeds", "measured", (6.5, 1024.5)),
    ]
    assert "Published" not in found.note and "Not trained: adamw, rmsprop, constant" in found.note
    path.write_text(as_json(rows, facts | {"table": "settlings"}, table), encoding="utf-8")
    with pytest.raises(InputError, match="no table 'settlings'"):
        read_ablation(path)


def in_place_of_training(
    monkeypatch: pytest.MonkeyPatch, run_training: Callable[..., None]
) -> None:
    """Rows are trained by `run_training`, and all scored alike without tracking anybody."""
    numbers = finished_row("default")["scores"]["0"]
    policy = SimpleNamespace(card={"steps": 1, "validation": {"score": 6.25}}, sha256="ab")
    for name, made in (
        ("run_training", run_training), ("load_policy", lambda _: policy),
        ("scored_walks", lambda *_: None), ("score_policy", lambda *_: {0: None, 45: None}),
        ("table_numbers", lambda _: numbers),
    ):  # fmt: skip
        monkeypatch.setattr(ablation_run, name, made)


def test_rows_stand_in_their_order_and_apart_from_the_papers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    trained: list[tuple[str, int]] = []

    def run_training(config: TrainingConfig, folder: Path, **_: object) -> None:
        trained.append((config.name, config.learner.seed))
        folder.mkdir()

    in_place_of_training(monkeypatch, run_training)
    command = ["ablate", "--budget", "smoke", "--out", str(tmp_path), "--rows"]
    with unchecked():
        assert main([*command, "base"]) == 0
        assert main([*command, "noise,default", "--table", "settings", "--seeds", "2"]) == 0
    assert trained == [
        ("paper_base", 0), ("noise", 0), ("default", 0), ("noise", 1000), ("default", 1000),
    ]  # fmt: skip
    paper, own = tmp_path / "smoke", tmp_path / "settings" / "smoke"
    assert sorted(path.name for path in own.iterdir()) == [
        "default", "noise", "table.csv", "table.json", "table.md",
    ]  # fmt: skip
    assert [row.name for row in read_ablation(own / "table.json").rows] == [
        "default: from frame 0, 2 seeds", "noise: from frame 0, 2 seeds",
    ]  # fmt: skip
    row = json.loads((own / "noise" / "seed-1" / "row.json").read_text())
    assert (row["validation_score"], row["best_steps"]) == (6.25, 1)
    assert row["recipe"] == "settings/noise.toml"
    earlier = json.loads((paper / "base" / "row.json").read_text())
    assert "validation_score" not in earlier
    assert "table" not in json.loads((paper / "table.json").read_text())["facts"]
    assert len(read_ablation(paper / "table.json").rows) == 3


@pytest.mark.parametrize("budget", BUDGETS)
def test_a_row_can_follow_the_released_policy_at_any_budget(budget: str) -> None:
    small = within_budget(recipe("teacher"), BUDGETS[budget])
    assert small.teacher == recipe("teacher").teacher
    released = checked_teacher(small, RELEASED)
    assert released is not None and released.sha256 == load_policy(RELEASED).sha256


def test_a_row_that_follows_somebody_is_given_him_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given: dict[str, Path | None] = {}

    def run_training(config: TrainingConfig, folder: Path, **more: Any) -> None:
        given[config.name] = more["teacher"]
        folder.mkdir()
        record = {"given": {"--teacher": "ab"}}
        (folder / PROVENANCE_FILE).write_text(json.dumps(record), encoding="utf-8")

    in_place_of_training(monkeypatch, run_training)
    command = ["ablate", "--budget", "smoke", "--table", "settings", "--rows"]
    with unchecked():
        assert main([*command, "default,teacher", "-o", str(tmp_path / "a")]) == 0
        assert given == {"default": None, "teacher": RELEASED}
        named = tmp_path / "mine"
        shutil.copytree(RELEASED, named)
        call = [*command, "teacher", "-o", str(tmp_path / "b"), "--teacher"]
        assert main([*call, str(named)]) == 0
        assert given["teacher"] == named
    folder = tmp_path / "a" / "settings" / "smoke"
    rows = {name: json.loads((folder / name / "row.json").read_text()) for name in given}
    assert rows["teacher"]["teacher_sha256"] == "ab" and "teacher_sha256" not in rows["default"]
    assert main([*call[:-3], "-o", str(tmp_path / "c"), "--teacher", str(tmp_path)]) == 1
    assert "not a policy folder" in capsys.readouterr().err
    call = [*command, "default,muon", "-o", str(tmp_path / "c"), "--teacher", str(named)]
    assert main(call) == 1
    told = capsys.readouterr().err.replace("\n", " ")
    assert "--teacher mine: no row of default, muon follows anybody; leave it out." in told
    assert not (tmp_path / "c").exists()


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        (["--table", "setings"], "There is no table setings; there are paper, settings."),
        (
            ["--table", "settings", "--rows", "default,moon"],
            "There is no row moon; there are default, adamw",
        ),
        (["--rows", "base,muon"], "there are final, init"),
        (["--rows", "base,muon"], "(of --table settings: muon)."),
        (["--table", "settings", "--rows", "base"], "(of --table paper: base)."),
    ],
)
def test_unknown_tables_and_rows_are_one_sentence(
    said: list[str], sentence: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "ablation"
    assert main(["ablate", *said, "--out", str(out)]) == 1
    assert sentence in capsys.readouterr().err.replace("\n", " ")
    assert not out.exists()


@pytest.mark.slow
def test_a_row_with_a_curriculum_is_trained_and_scored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(BUDGETS, "smoke", TINY)
    command = ["ablate", "--table", "settings", "--rows", "tightening", "--budget", "smoke"]
    assert main([*command, "--out", str(tmp_path)]) == 0
    folder = tmp_path / "settings" / "smoke"
    row = json.loads((folder / "tightening" / "row.json").read_text())
    assert row["config"]["curriculum"]["max_tilt_rad"] == {"from": 1.5, "to": 1.0, "steps": 16}
    assert row["scores"]["0"]["walks"] == 1
    card = json.loads((folder / "tightening" / "run" / "policy" / "card.json").read_text())
    assert row["validation_score"] == card["validation"]["score"]
    assert (
        f"| {row['validation_score']:.2f} | {row['best_steps']} |"
        in (folder / "table.md").read_text()
    )
