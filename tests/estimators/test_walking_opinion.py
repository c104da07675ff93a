"""Methods that give a whole walk say it in one form, rules too."""

from __future__ import annotations

from pathlib import Path

import pytest

from simgait.cli import main
from simgait.companions import load_companion
from simgait.errors import InputError
from simgait.estimators.companion import Asked
from simgait.recordings.formats.npz import write_npz
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.specification import draw_walker, walker_seed
from simgait.synthetic.walkers.walk import walk


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = walk(draw_walker(walker_seed("train", 930_001), "normal"), 4.0)
    path = tmp_path_factory.mktemp("walk") / "walk.npz"
    write_npz(path, trial_from_walk(made, monocular=False).recording)
    return path


def test_raw_keypoints_say_the_speed_of_an_exact_walk(recorded: Path, capsys) -> None:
    spec = draw_walker(walker_seed("train", 930_001), "normal")
    said = load_companion("raw-keypoints").run(recorded, Asked())
    numbers = {(one.key, one.side): one.value for one in said.numbers}
    assert numbers["velocity_mps", "both"] == pytest.approx(spec.speed_mps, rel=0.03)
    assert {("step_length_m", side) for side in ("left", "right", "both")} <= set(numbers)
    assert said.notes[0].startswith("raw-keypoints: the recording's own keypoints")
    assert main(["companion", "run", "raw-keypoints", str(recorded)]) == 0
    assert "walking speed: 1.1" in capsys.readouterr().out


@pytest.mark.parametrize("name", ["kinematics", "raw-keypoints"])
def test_a_rule_has_no_network_no_weights_and_no_training(
    name: str, recorded: Path, tmp_path: Path, capsys
) -> None:
    one = load_companion(name)
    with pytest.raises(
        InputError, match=f"--network cnn: {name} has no network of that name; it has none"
    ):
        one.run(recorded, Asked(network="cnn"))
    for ask in (
        lambda: one.run(recorded, Asked(weights=tmp_path)), lambda: one.evaluate(10, tmp_path),
    ):  # fmt: skip
        with pytest.raises(InputError, match=f"--weights: {name} is a rule and has none"):
            ask()
    call = ["companion", "train", name, "-o", str(tmp_path / "run"), "--machine", "m"]
    assert main(call) == 1 and not (tmp_path / "run").exists()
    assert f"{name}: is a rule and learns nothing" in capsys.readouterr().err


@pytest.mark.slow
def test_kinematics_say_the_speed_of_an_exact_walk(recorded: Path) -> None:
    spec = draw_walker(walker_seed("train", 930_001), "normal")
    said = load_companion("kinematics").run(recorded, Asked())
    (speed,) = (one.value for one in said.numbers if one.key == "velocity_mps")
    assert speed == pytest.approx(spec.speed_mps, rel=0.03)
