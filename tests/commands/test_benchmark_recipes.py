"""`simgait benchmark recipes`: curves in a file, the ends as a table, bad input in a sentence."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from simgait.benchmark import recipe_race
from simgait.cli import main
from simgait.resources import resource_dir

CONFIGS = resource_dir("configs")
BOTH = [str(CONFIGS / "compare_ppo.toml"), str(CONFIGS / "train_shac.toml")]
SCORES = {
    f"validation_{name}": 0.5
    for name in (
        "score", "angle_rmse_deg", "velocity_sd_mps", "fall_fraction", "residual_force_bw"
    )
}  # fmt: skip


def test_curves_are_written_and_ends_are_printed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def race(configs, _weights, walks, sizes, _tell):
        assert sizes.seconds == 30.0 and walks == tmp_path / "walks"
        assert configs["train_shac"].algorithm == "shac"
        for name in configs:
            for steps in (0, 64, 1280):
                scored = SCORES if steps != 64 else {"reward": 0.7}
                facts = {"recipe": name, "compile_s": 9.0, "steps": steps, "processor_s": steps / 8}
                yield facts | scored

    monkeypatch.setattr(recipe_race, "race", race)
    out = tmp_path / "curves.csv"
    more = ["--minutes", "0.5", "--walks", str(tmp_path / "walks"), "-o", str(out)]
    assert main(["benchmark", "recipes", *BOTH, *more]) == 0
    with out.open() as file:
        rows = list(csv.DictReader(file))
    assert [row["steps"] for row in rows] == ["0", "64", "1280"] * 2
    assert rows[1]["reward"] == "0.7" and rows[1]["validation_score"] == ""
    said = capsys.readouterr().out
    assert "| train_shac | 9 | 160 | 1,280 | 0.5 |" in said
    assert said.count("| compare_ppo |") == 2


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([*BOTH, "--minutes", "0"], "--minutes 0.0: give a number above 0"),
        (BOTH[:1], "Name two recipes or more"),
        ([BOTH[0], BOTH[0]], "Two recipes have the same name"),
        ([BOTH[1], str(CONFIGS / "train_default.toml")], "train_default: begins elsewhere"),
    ],
)
def test_what_cannot_be_compared_is_told(
    words: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["benchmark", "recipes", *words, "-o", str(tmp_path / "curves.csv")]) == 1
    assert said in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("recipe", "said"),
    [
        ("[ppo]\nminibatches = 7\n", "other: A batch of n_envs x unroll = 512 x 16 = 8192 steps"),
        ("[data]\nn_synthetic = 0\n", "other: data.n_synthetic is 0"),
        ("[initialiser]\nuse = true\n", "other: initialiser.use: no initialiser is learned here"),
    ],
)
def test_a_recipe_that_cannot_be_trained_is_told_before_anything_is_made(
    recipe: str, said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    other, walks = tmp_path / "other.toml", tmp_path / "walks"
    other.write_text(recipe)
    words = [str(CONFIGS / "train_default.toml"), str(other), "--walks", str(walks)]
    assert main(["benchmark", "recipes", *words, "-o", str(tmp_path / "curves.csv")]) == 1
    assert said in capsys.readouterr().err
    assert [file.name for file in tmp_path.iterdir()] == ["other.toml"]


def test_a_folder_of_walks_that_is_a_file_is_called_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file"
    file.write_text("mine")
    more = ["--walks", str(file), "-o", str(tmp_path / "curves.csv")]
    assert main(["benchmark", "recipes", *BOTH, *more]) == 1
    told = capsys.readouterr().err
    assert "file: is a file, not a folder for results; choose another one with --walks." in told
    assert file.read_text() == "mine"
