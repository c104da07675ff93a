"""The other commands."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest

from simgait.commands.demo import table
from simgait.errors import InputError
from simgait.learning.config import TrainingConfig
from simgait.learning.config_file import load_config
from simgait.recordings.read import read_recording
from simgait.recordings.subject_codes import (
    NAME_IN_FILE,
    NAMED_FILE,
    code_of_name,
    is_called_like_a_person,
    is_code_of_name,
)
from simgait.resources import resource_dir
from tests.cli.conftest import Walk


def test_help_names_every_command_and_is_light() -> None:
    code = (
        "import sys\nfrom simgait.commands.command_line import build_parser\n"
        "text = build_parser().format_help()\n"
        "names = ('walk', 'track', 'extract', 'demo', 'inspect', 'convert', 'train', 'doctor')\n"
        "assert all(name in text for name in names)\n"
        "assert not {'jax', 'mujoco', 'pandas', 'matplotlib'} & set(sys.modules)\n"
        "import simgait.recordings.read, simgait.trials.quality\n"
        "assert 'mujoco' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


@pytest.mark.parametrize(("said", "used"), [(None, "1"), ("4", "4")])
def test_linear_algebra_has_one_thread_unless_somebody_says_otherwise(
    said: str | None, used: str
) -> None:
    name = "OPENBLAS_NUM_THREADS"
    code = f"import os, simgait.cli as c\nc.main([])\nassert os.environ['{name}'] == '{used}'\n"
    env = {key: value for key, value in os.environ.items() if key != name}
    env |= {name: said} if said else {}
    subprocess.run([sys.executable, "-c", code], check=True, env=env, capture_output=True)


@pytest.mark.parametrize(
    "command", ["walk", "track", "extract", "demo", "inspect", "convert", "train", "doctor"]
)
def test_help_of_commands(simgait, command: str) -> None:
    ran = simgait(command, "--help")
    assert ran.code == 0 and f"usage: simgait {command}" in ran.out


def test_version(simgait) -> None:
    ran = simgait("--version")
    assert ran.code == 0 and ran.out.startswith("simgait 0.")


def test_python_runs_the_package_as_the_command() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "simgait", "--version"], capture_output=True, text=True, timeout=60
    )
    assert ran.returncode == 0 and ran.stdout.startswith("simgait 0.")
    ran = subprocess.run(
        [sys.executable, "-m", "simgait", "inspect", "nowhere.npz"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert ran.returncode == 1 and ran.stderr.startswith("simgait: nowhere.npz")


def test_inspect(simgait, good_walk: Walk, tmp_path: Path) -> None:
    path = good_walk.save(tmp_path / "walk.npz", subject_id="P01")
    ran = simgait("inspect", path)
    assert ran.code == 0
    for text in ("P01", "91 at 30 Hz, 3.00 s", "Left Big Toe", "walk walk", "pelvis speed"):
        assert text in ran.out
    ran = simgait("inspect", path, "--min-frames", 400)
    assert ran.code == 1 and "91 frames" in ran.err and "400" in ran.err


def test_convert_there_and_back(simgait, good_walk: Walk, tmp_path: Path) -> None:
    turned = good_walk.points_m[..., [1, 2, 0]] * [-1000.0, -1000.0, 1000.0]
    np.save(tmp_path / "walk.npy", turned)
    options = ("--fps", 30, "--unit", "mm", "--axes", "y-down z-forward", "--keypoint-set",
               "movi-23", "--height", 1.7, "--subject", "P7")  # fmt: skip
    out = tmp_path / "own.npz"
    ran = simgait("convert", tmp_path / "walk.npy", "-o", out, *options)
    assert ran.code == 0
    recording = read_recording(out)
    assert (recording.height_m, recording.subject_id) == (1.7, "P7")
    read, given = (np.linalg.norm(p[:, 5] - p[:, 4], axis=-1) for p in
                   (recording.keypoints_m, good_walk.points_m))  # fmt: skip
    np.testing.assert_allclose(read, given, atol=1e-6)
    ran = simgait("convert", tmp_path / "walk.npy", "-o", out, *options)
    assert ran.code == 1 and "--overwrite" in ran.err
    deep = tmp_path / "new" / "a" / "b.npz"
    ran = simgait("convert", tmp_path / "walk.npy", "-o", deep, *options)
    assert ran.code == 0 and deep.is_file()
    ran = simgait("convert", tmp_path / "walk.npy", "-o", out / "a.npz", *options)
    assert ran.code == 1 and ran.err.count("\n") == 1 and "own.npz" in ran.err
    ran = simgait("convert", tmp_path / "walk.npy", "-o", tmp_path / "own.csv", *options)
    assert ran.code == 1 and ".npz" in ran.err


def test_a_recording_becomes_one_of_a_bids_data_set(simgait, good_walk, tmp_path: Path) -> None:
    path = good_walk.save(tmp_path / "walk.npz")
    command = ("convert", path, "--bids", "-o", tmp_path / "set")
    ran = simgait(*command, "--subject", "P07")
    assert ran.code == 1 and "a detector's" in ran.err and ran.err.count("\n") == 1
    ran = simgait(*command, "--subject", "P07", "--positions", "measured")
    assert ran.code == 0
    written = tmp_path / "set/sub-P07/motion/sub-P07_task-walk_tracksys-simgait_motion.tsv"
    assert str(written) in ran.out
    assert simgait("inspect", written).code == 0


def test_a_subject_that_looks_like_a_name_is_refused_and_not_repeated(
    simgait, good_walk, tmp_path
) -> None:
    (tmp_path / "in").mkdir()
    path = good_walk.save(tmp_path / "in" / "walk.npz")
    convert, track = (
        (command, path, "-o", tmp_path / out)
        for command, out in (("convert", "x.npz"), ("track", "results"))
    )
    for command in (("inspect", path), ("inspect", path.parent), convert, track):
        ran = simgait(*command, "--subject", "Anna Meier")
        assert ran.code == 1 and "--subject: this looks like a person's name" in ran.err
        assert ran.err.count("\n") == 1 and "Anna" not in ran.out + ran.err
    assert not (tmp_path / "x.npz").exists() and not (tmp_path / "results").exists()
    assert simgait("inspect", path, "--subject", "P 07").code == 0


def test_names_in_files_and_of_files_are_warned_of_too(simgait, good_walk, tmp_path) -> None:
    (tmp_path / "in").mkdir()
    inside = good_walk.save(tmp_path / "in" / "p7.npz", subject_id="Maria Müller")
    called = good_walk.save(tmp_path / "in" / "Maria Muster 1961-03-04 walk.npz")
    in_file = f"warning: p7.npz: {NAME_IN_FILE}"
    assert simgait("convert", inside, "-o", tmp_path / "y.npz").code == 0
    subject = read_recording(tmp_path / "y.npz").subject_id
    assert subject == code_of_name("Maria Müller") and is_code_of_name(subject)
    assert read_recording(inside, subject_id="P07").subject_id == "P07"
    of_file = f"warning: {called.name}: {NAMED_FILE}"
    assert simgait("inspect", inside).err.splitlines() == [in_file]
    assert simgait("inspect", called).err.splitlines() == [of_file]
    assert set(simgait("inspect", inside.parent).err.splitlines()) == {in_file, of_file}
    assert not simgait("inspect", inside, "--subject", "P07").err
    # Refused before anything is tracked: what is said before counts here.
    assert of_file in simgait("track", called, "-o", tmp_path / "x", "--min-frames", 2000).err


@pytest.mark.parametrize(
    ("path", "names_somebody"),
    [
        ("Maria Muster 1961-03-04 walk.c3d", True),
        ("maria/Maria_Muster.c3d", True),
        ("Müller, Änne 03.trc", True),
        ("MUSTER Maria.c3d", True),
        ("Meier Anna/walk 3.c3d", True),
        ("HC002D06.c3d", False),
        ("Normal Walk 03.c3d", False),
        ("Left Side.mp4", False),
        ("mac_walk1.c3d", False),
        ("BL_SHOD.c3d", False),
        ("Gait.c3d", False),
        ("P07 Meier.c3d", False),
    ],
)
def test_files_that_are_called_like_a_person(path: str, names_somebody: bool) -> None:
    assert is_called_like_a_person(path) is names_somebody


def test_table_of_the_demo() -> None:
    from simgait.demo import DemoRow

    rows = [DemoRow("Speed", "m/s", 2, 1.0, 0.918, 1.004), DemoRow("Step", "cm", 1, 60, np.nan, 59)]
    lines = table(rows).splitlines()
    assert lines[1].split() == ["Speed", "1.00", "0.92", "1.00", "m/s"]
    assert lines[2].split() == ["Step", "60.0", "-", "59.0", "cm"]
    assert len({line.index(" m/s" if i == 1 else " cm") for i, line in enumerate(lines) if i}) == 1


def test_the_shipped_recipe_is_the_default() -> None:
    path = resource_dir("configs") / "train_default.toml"
    assert load_config(path) == TrainingConfig(), "run scripts/default_recipe.py"
    text = path.read_text(encoding="utf-8")
    written = tomllib.loads(text)
    left_out = set(TrainingConfig.model_fields) - set(written)
    assert left_out == {"refiner_families"} and "# refiner_families: not set; " in text
    for room in ("networks", "ppo", "data", "refiner"):
        known = set(type(getattr(TrainingConfig(), room)).model_fields)
        assert set(written[room]) == known - {"seed"}, "a stage's seed follows from the recipe's"
    assert "# seed = 7 " in text


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[ppo]\nlerning_rate = 1e-3", "no setting ppo.lerning_rate; known there: n_envs"),
        ("[ppo]\nn_envs = 0", "ppo.n_envs cannot be 0: it must be 1 or more."),
        ("[ppo]\nn_envs = 1.5", "ppo.n_envs cannot be 1.5: it must be a whole number."),
        ("[ppo]\ndiscount = 1.5", "ppo.discount cannot be 1.5: it must be 1"),
        ("colour = 3", "no setting colour; known there: name"),
        ("[ppo", "not a TOML file"),
        ("[refiner_families]\nstep = 1", "no setting refiner_families.step; known there: walkers"),
        ("refiner_families = 3", "refiner_families cannot be 3: it must be a table of settings."),
        ("[refiner_families]\nsteps = 'x'\nstep = 1", "there is no setting refiner_families.step;"),
        ("[curriculum.max_tilt_rad]\nstart = 1\nto = 2", "max_tilt_rad.start; known there: from, "),
        ("[curriculum.max_tilt_rad]\nfrom = 1\nto = 2", "max_tilt_rad.steps is missing; give it."),
        (
            "[refiner]\nleft_out_detectors = ['wide-v1']",
            "left_out_detectors are of the mixture that walkers = 'restyled' are seen through;",
        ),
        (
            "[refiner]\nwalkers = 'restyled'\nleft_out_detectors = ['wide']",
            "wide cannot be left out; it has wide-v1, metrabs-17-v1",
        ),
        ("[refiner_families]\nshare = 0", "refiner_families.share cannot be 0: it must be above 0"),
        (
            "[refiner_families]\nwidth = 64",
            "refiner_families.width is 64 and refiner.width 128: the refiner goes on with its own",
        ),
        (
            "[data]\nuse_real = false\n[refiner_families]\nleft_out = ['a']",
            "refiner_families.left_out names real people, and without data.use_real",
        ),
        ("[ppo]\nseed = -1", "ppo.seed cannot be -1: it must be 0 or more."),
        ("[data]\nseed = -1", "data.seed cannot be -1: it must be 0 or more."),
        ("[refiner]\nseed = -1", "refiner.seed cannot be -1: it must be 0 or more."),
        ("[ppo]\nlearning_rate = inf", "ppo.learning_rate cannot be inf: it must be finite."),
        ("[shac]\nreward_scale = inf", "shac.reward_scale cannot be inf: it must be finite."),
        ("[refiner]\nlearning_rate = inf", "refiner.learning_rate cannot be inf"),
        ("[networks]\ninitial_noise = inf", "networks.initial_noise cannot be inf"),
        ("[networks]\npolicy_layers = [64, 0]", "networks.policy_layers.1 cannot be 0: it must"),
        ("[tracking.body]\nfriction = inf", "tracking.body.friction cannot be inf"),
        ("[tracking.termination]\nmax_tilt_rad = -1", "max_tilt_rad cannot be -1: it must be ab"),
        ("[tracking.termination]\nmax_path_error_leg = 0", "max_path_error_leg cannot be 0"),
        ("[tracking.termination]\nmax_limb_error_leg = 0", "max_limb_error_leg cannot be 0"),
        ("[tracking.termination]\nmin_pelvis_height = nan", "min_pelvis_height cannot be nan"),
        (
            "[curriculum.max_tilt_rad]\nfrom = inf\nto = 1\nsteps = 5",
            "curriculum.max_tilt_rad.from cannot be inf: it must be finite.",
        ),
        (
            "[tracking.body]\nmodel = 'nobody'",
            "mine.toml: tracking.body.model: There is no body 'nobody'; name a shipped one",
        ),
        ("extends = 'no.toml'", "mine.toml: extends no.toml, and there is no such recipe; mend"),
        ("[ppo]\ntarget_kl = 0.1", "in [ppo] target_kl needs schedule = 'kl_adaptive'"),
        (
            "[tracking.reward]\nlearned_offsets = true",
            "in [tracking.reward] learned_offsets needs kind = 'paper_mse' or 'paper_exp'",
        ),
    ],
)
def test_recipes_that_are_wrong(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(InputError) as caught:
        load_config(path)
    told = str(caught.value)
    assert told.startswith("mine.toml: ") and words in told and not told.endswith("..")


def test_train_refuses_before_it_starts(simgait, tmp_path: Path) -> None:
    ran = simgait("train", "--config", tmp_path / "absent.toml", "-o", tmp_path / "run")
    assert ran.code == 1 and "no such recipe" in ran.err and not (tmp_path / "run").exists()
    (tmp_path / "c.toml").write_text("")
    ran = simgait(
        "train", "--config", tmp_path / "c.toml", "-o", tmp_path / "run", "--data", "nowhere"
    )
    assert ran.code == 1 and "no such folder of recordings" in ran.err
