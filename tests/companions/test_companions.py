"""A companion is added in one module, and is then everywhere that trackers are named."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from simgait import companions
from simgait.benchmark import bench_cases
from simgait.cli import main
from simgait.companions import companion_names, load_companion, tracking_companions
from simgait.errors import InputError
from simgait.resources import resource_dir
from tests.bench_walks import one_of_each_pattern

MODULE = '''"""Somebody's method."""

from pathlib import Path

from simgait.estimators.companion import Asked, Companion, Evaluation, Kept, Opinion, Order, Said


def companion() -> Companion:
    """Walks as the keypoints do."""
    return Companion(
        name="made-up", about="a method that was made up for a test", reads="anything",
        says="42", rivals=("none",), run=run, evaluate=nothing, tracker=tracker,
    )


def nothing(*given: object) -> None:
    return None


def run(path: Path, asked: Asked) -> Opinion:
    said = Said("answer", "answer", "points", "left", 42.0, 40.0, 44.0)
    return Opinion((said,), "nobody", ("made up",))


def tracker():
    from simgait.baselines.raw_keypoints import raw_keypoints_tracker
    from simgait.baselines.tracker import Tracker

    return Tracker(
        "made-up",
        raw_keypoints_tracker().estimate,
        "a method that was made up for a test.",
        {"name": "made-up", "kind": "rules", "sha256": "ab" * 32},
    )
'''


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder that counts as part of simgait/companions."""
    monkeypatch.setattr(companions, "__path__", [*companions.__path__, str(tmp_path)])
    yield tmp_path
    for name in [name for name in sys.modules if name.startswith("simgait.companions.made_up")]:
        del sys.modules[name]
        vars(companions).pop("made_up", None)


@pytest.mark.slow
def test_one_module_makes_a_companion_of_the_benchmark(
    folder: Path, tmp_path: Path, monkeypatch, capsys
) -> None:
    (folder / "made_up.py").write_text(MODULE, encoding="utf-8")
    known = (
        "angle-refiner", "gait-transformer", "gdi-net", "gengait", "kinematics", "made-up",
        "openpose-gdi", "raw-keypoints",
    )  # fmt: skip
    assert companion_names() == known
    assert tracking_companions() == ("gait-transformer", "kinematics", "made-up", "raw-keypoints")
    monkeypatch.delenv("SIMGAIT_DATA", raising=False)
    walks = one_of_each_pattern()
    few = replace(walks, cases=walks.cases[:21])
    monkeypatch.setattr(bench_cases, "synthetic_bench", lambda walkers: few)
    out = tmp_path / "bench"
    call = ["evaluate", "--bench", "--walkers", "1", "--no-pdf", "-o", str(out), "--trackers"]
    assert main([*call, "made-up", "raw-keypoints"]) == 0
    assert "made-up: 21 walks, 0.0 % failed" in capsys.readouterr().out
    record = json.loads((out / "report.json").read_text("utf-8"))
    assert record["tracker"] == "made-up"
    assert "made-up: a method that was made up for a test." in record["methods"]
    main_table = record["tables"][0]
    assert [row["name"] for row in main_table["rows"]][:2] == ["made-up", "raw-keypoints"]
    facts = json.loads((out / "provenance.json").read_text("utf-8"))["config"]["trackers"]
    assert facts[0]["sha256"] == "ab" * 32
    with pytest.raises(SystemExit):
        main(["evaluate", "--help"])
    assert "made-up" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", r"made-up: its module has no function companion\(\)"),
        (MODULE.replace('name="made-up"', 'name="other"'), "made-up: its value is named other"),
    ],
)
def test_a_module_that_is_no_companion_is_a_sentence(text, sentence, folder: Path) -> None:
    (folder / "made_up.py").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=sentence):
        load_companion("made-up")


def test_a_companion_that_does_not_exist_is_a_sentence() -> None:
    with pytest.raises(InputError, match="nobody: there is no such companion; there are angle-"):
        load_companion("nobody")


def test_every_companion_is_named_like_its_module_and_says_what_it_is() -> None:
    for name in companion_names():
        one = load_companion(name)
        assert one.name == name and min(len(one.about), len(one.reads), len(one.says)) > 20
        assert {"mean of the training people", "ridge"} <= set(one.rivals)
        if one.learning is None:
            with pytest.raises(InputError, match=f"{name}: is a rule and learns nothing"):
                one.learns()
            continue
        recipe = resource_dir("configs") / one.learning.recipe
        assert one.learning.load_recipe(recipe).model_dump()["name"] == one.learning.folder


def test_the_list_names_networks_and_every_keypoint_set_that_is_read(capsys) -> None:
    from simgait.companions.openpose_gdi.columns import LEG_POINTS
    from simgait.companions.openpose_gdi.networks import KINDS
    from simgait.recordings.detectors.keypoint_sets import keypoint_sets
    from simgait.recordings.detectors.points_2d import SETS

    called = {
        "coco-25": "BODY_25", "halpe-26": "Halpe-26", "blazepose-33": "BlazePose",
        "halpe-136": "Halpe-136", "coco-133": "COCO-WholeBody",
    }  # fmt: skip
    whole = {s.name for s in keypoint_sets() if s.name in SETS and set(LEG_POINTS) <= set(s.index)}
    assert whole == set(called)
    assert main(["companion", "list"]) == 0
    said = capsys.readouterr().out
    assert f"networks  {', '.join(KINDS)} (--network)" in said
    assert f"({', '.join(called[name] for name in called)})" in said


def test_the_list_names_every_design_that_can_be_trained(capsys) -> None:
    from simgait.companions.gdi_net.networks import DESIGNS

    assert load_companion("gdi-net").learns().designs == tuple(DESIGNS)
    assert main(["companion", "list"]) == 0
    assert f"designs   {', '.join(DESIGNS)} (train --designs)" in capsys.readouterr().out


def test_where_nothing_can_be_written_nothing_is_read(tmp_path: Path, capsys) -> None:
    walk = tmp_path / "walk.json"
    walk.write_text("damaged", encoding="utf-8")
    for option, sentence in (
        (["--twin", str(tmp_path / "twin")], "--twin: openpose-gdi makes no twin of a walk"),
        (["-o", str(tmp_path / "gone" / "x.csv")], "x.csv: its folder gone is not there"),
    ):
        assert main(["companion", "run", "openpose-gdi", str(walk), *option]) == 1
        assert sentence in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "option"),
    [
        ("gdi-net", ("--person", "1")),
        ("gdi-net", ("--picture", "640x480")),
        ("gdi-net", ("--keypoint-set", "body-25")),
        ("angle-refiner", ("--fps", "30")),
    ],
)
def test_what_a_companion_does_not_read_is_not_passed_over(
    name: str, option: tuple[str, str], tmp_path: Path, capsys
) -> None:
    assert main(["companion", "run", name, str(tmp_path), *option]) == 1
    sentence = f"{option[0]}: {name} does not read it; leave it out"
    assert sentence in capsys.readouterr().err


def test_a_table_of_labels_without_people_is_a_sentence(tmp_path: Path, capsys) -> None:
    labels = tmp_path / "table.csv"
    labels.write_text("who,recording,side\np0,walk,left\n", encoding="utf-8")
    call = ["companion", "train", "openpose-gdi", "--labels", str(labels), "--machine", "a test"]
    assert main([*call, "-o", str(tmp_path / "run")]) == 1
    assert "table.csv: has no column person, which says whose" in capsys.readouterr().err


def test_weights_of_another_companion_are_a_sentence(tmp_path: Path, capsys) -> None:
    (tmp_path / "walk.npz").write_bytes(b"")
    other = str(resource_dir("policies") / "gdi_net")
    call = ["companion", "run", "gengait", str(tmp_path / "walk.npz"), "--weights", other]
    assert main(call) == 1
    said = capsys.readouterr().err
    assert "gdi_net: card.json is not that of a GenGait" in said
    assert "name a folder of its weights" in said


def test_only_networks_that_were_trained_are_offered() -> None:
    for name in companion_names():
        one = load_companion(name)
        if one.networks:
            folder = resource_dir("policies") / one.learns().folder
            card = json.loads((folder / "card.json").read_text("utf-8"))
            assert set(one.networks) == set(card.get("networks") or card["half_widths"])


def test_a_companion_that_walks_names_its_weights() -> None:
    for name in tracking_companions():
        tracker = load_companion(name).tracks()
        assert tracker.name == name and tracker.facts["name"] == name and len(tracker.about) > 40


def test_a_companion_without_a_walk_is_no_tracker() -> None:
    with pytest.raises(InputError, match="openpose-gdi: says GDI, .* use simgait companion eval"):
        load_companion("openpose-gdi").tracks()


def test_a_companion_of_one_module_is_listed_and_run(folder: Path, tmp_path: Path, capsys) -> None:
    (folder / "made_up.py").write_text(MODULE, encoding="utf-8")
    assert main(["companion", "list"]) == 0
    assert "made-up: a method that was made up" in capsys.readouterr().out
    out = tmp_path / "said.csv"
    assert main(["companion", "run", "made-up", str(folder), "-o", str(out)]) == 0
    assert "answer, left: 42 points (40 to 44)\nnote: made up" in capsys.readouterr().out
    assert out.read_text("utf-8").splitlines()[1] == "made-up,answer,left,,42,40,44,nobody"
    assert main(["companion", "run", "made-up", str(folder), "-o", str(out)]) == 1
    assert "--overwrite" in capsys.readouterr().err


def test_names_are_known_without_importing_anything_heavy() -> None:
    import subprocess

    code = (
        "import sys; from simgait.companions import companion_names, load_companion;"
        "[load_companion(name) for name in companion_names()];"
        "assert not {'jax', 'numpy', 'flax'} & set(sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
