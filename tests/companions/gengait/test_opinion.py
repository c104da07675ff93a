"""What is said of a recording, its twin as files and as a recording that is read again."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from simgait.cli import main
from simgait.companions.gengait import opinion
from simgait.companions.gengait.bands import Bands
from simgait.companions.gengait.joints import JOINTS
from simgait.companions.gengait.opinion import badness_of, opinion_of, twin_of
from simgait.companions.gengait.twin import twin_keypoints
from simgait.companions.gengait.weights import load_gengait
from simgait.errors import InputError
from simgait.estimators.companion import Asked
from simgait.recordings.formats.npz import write_npz
from simgait.recordings.read import read_recording
from simgait.report.twin import twin_page
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.specification import Pattern, draw_walker, walker_seed
from simgait.synthetic.walkers.walk import walk as let_walk
from simgait.trials.preparation import prepare
from tests.companions.gengait.made_up import kept, small, trial, walk


def recorded(folder: Path, pattern: Pattern, index: int = 1, monocular: bool = False) -> Path:
    made = let_walk(draw_walker(walker_seed("train", 930_000 + index), pattern), 4.0)
    path = folder / f"{pattern}.npz"
    write_npz(path, trial_from_walk(made, monocular=monocular).recording)
    return path


@pytest.mark.slow
def test_every_joint_is_said_with_its_badness_and_the_twin(tmp_path: Path) -> None:
    kept(tmp_path / "small")
    said = opinion_of(recorded(tmp_path, "crouch"), Asked(weights=tmp_path / "small"))
    assert len(said.numbers) == 14 and {one.side for one in said.numbers} == {
        "left", "right", "both",
    }  # fmt: skip
    assert said.twin is not None
    wrong = [one.name for one in said.twin.joints if one.is_wrong]
    assert all(("WRONG" in one.label) == (one.value > 1.0)
               for one in said.numbers if one.unit == opinion.OF_WRONG)  # fmt: skip
    words = " ".join(said.notes)
    assert all(name.replace("_", " ") in words for name in wrong) and "no measurement" in words
    detector = opinion_of(
        recorded(tmp_path, "normal", 2, monocular=True), Asked(weights=tmp_path / "small")
    )
    assert "a detector guessed" in " ".join(detector.notes)


def test_who_was_recorded_is_judged_by_thresholds_for_people(tmp_path: Path) -> None:
    path = recorded(tmp_path, "normal", 3)
    kept(tmp_path / "walkers")
    kept(tmp_path / "people", people_factor=[4.0] * 7)
    by_walkers, by_people = (
        {n.key: n.value for n in opinion_of(path, Asked(weights=tmp_path / name)).numbers}
        for name in ("walkers", "people")
    )
    for key in (key for key in by_walkers if key.endswith("_badness")):
        assert by_people[key] == pytest.approx(by_walkers[key] / 4.0)


def test_what_cannot_be_judged_is_a_sentence(tmp_path: Path) -> None:
    path = recorded(tmp_path, "normal")
    kept(tmp_path / "small")
    with pytest.raises(
        InputError, match="--network cnn: gengait has no network of that name; it has none"
    ):
        opinion_of(path, Asked(network="cnn"))
    with pytest.raises(InputError, match=r"nothing: not a GenGait, it lacks card.json, weights"):
        opinion_of(path, Asked(weights=tmp_path / "nothing"))
    (tmp_path / "small" / "weights.safetensors").write_bytes(b"0")
    with pytest.raises(InputError, match="not those of the model card"):
        opinion_of(path, Asked(weights=tmp_path / "small"))
    (tmp_path / "small" / "card.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match=r"card.json is not that of a GenGait"):
        opinion_of(path, Asked(weights=tmp_path / "small"))


def test_weights_are_read_as_they_were_written(tmp_path: Path) -> None:
    sha256 = kept(tmp_path / "small")
    found, card = load_gengait(tmp_path / "small")
    assert (card.sha256, card.learned_from) == (sha256, "nobody")
    own = small()
    assert badness_of(found, walk(0), "exact") == pytest.approx(
        badness_of(own, walk(0), "exact"), rel=1e-3
    )
    assert found.rivals.mean == pytest.approx(own.rivals.mean, rel=1e-5)
    assert found.of_rivals["ridge"].threshold == pytest.approx(own.of_rivals["ridge"].threshold)


def test_a_twin_without_wrong_joints_is_the_walk_itself() -> None:
    one, own = trial(0), walk(0)
    points, frames = twin_keypoints(one, own, own.points)
    assert points == pytest.approx(one.keypoints_m[frames], nan_ok=True)
    twin = twin_of(small(), one, own, np.zeros(7), "nobody")
    assert twin.twin_deg == pytest.approx(twin.person_deg)
    assert "the twin is the walk itself" in twin_page(twin)
    less_usual = twin_of(small(), one, own, np.array([0.2, 0.2, 0.9, *[0.2] * 4]), "nobody")
    page = twin_page(less_usual)
    assert "No joint is unlike normal walking; the twin differs where one is less usual" in page
    assert all(one.changed_deg == 0.0 for one in twin.joints)


def test_a_child_is_held_against_a_band_of_children_and_told_so(tmp_path: Path) -> None:
    heights = {1.12: 1.0, 1.20: 2.0, 1.39: 2.0, 1.40: 3.0, 1.85: 3.0}
    own = walk(1)
    kept(tmp_path / "small")
    trained, card = load_gengait(tmp_path / "small")
    for height_m, band in heights.items():
        one = replace(trial(1), height_m=height_m)
        twin = twin_of(trained, one, own, np.zeros(7), "nobody")
        assert twin.band_mean_deg == pytest.approx(band) and twin.band_sd_deg == pytest.approx(0.5)
        notes = " ".join(opinion._notes(card, one, own, twin, "exact"))
        is_child = height_m < 1.40
        told = f"{height_m:.2f} m are a child's height: the band is of normal {twin.band_of};"
        assert (told in notes) == is_child and ("child" in notes) == is_child
        page = twin_page(twin)
        assert f"in grey the mean ± 2 SD of normal {twin.band_of}, of all" in page
        assert "polygon" in page


def test_somebody_so_tall_as_nobody_was_is_shown_no_band_and_told_so(tmp_path: Path) -> None:
    none = Bands((), np.zeros((0, 28, 10)), np.zeros((0, 28, 10)))
    kept(tmp_path / "small")
    _, card = load_gengait(tmp_path / "small")
    for height_m, told in ((1.12, "a child's height: no band is shown"), (1.7, "too few people")):
        one = replace(trial(1), height_m=height_m)
        twin = twin_of(replace(small(), bands=none), one, walk(1), np.zeros(7), "nobody")
        assert np.isnan(twin.band_mean_deg).all() and np.isnan(twin.band_sd_deg).all()
        page = twin_page(twin)
        assert "no band of normal walkers is shown" in page
        assert "polygon" not in page and "nan" not in page.lower()
        assert told in " ".join(opinion._notes(card, one, walk(1), twin, "exact"))


def test_a_twin_says_where_on_the_persons_clock_it_begins() -> None:
    one, own = trial(1), walk(1)
    twin = twin_of(small(), one, own, np.zeros(7), "nobody")
    first = int(np.flatnonzero(np.isclose(one.time_s, twin.starts_s))[0])
    same = one.keypoints_m[first : first + len(twin.recording.time_s)]
    assert first > 0 and twin.recording.keypoints_m == pytest.approx(same, nan_ok=True)


def test_a_twin_changes_what_moves_with_its_wrong_joints() -> None:
    one, own = trial(1, "crouch"), walk(1, "crouch")
    badness = np.array([0.5, 0.5, 3.0, np.nan, 0.5, 0.5, 0.5])
    twin = twin_of(small(), one, own, badness, "nobody")
    changed = {joint.name: joint.changed_deg for joint in twin.joints}
    assert changed["left_knee"] > 1.0 and changed["right_knee"] == 0.0
    made = twin.recording
    first = round(float(own.frames[0].max()) + 0.5)
    person = one.keypoints_m[first : first + len(made.time_s)]
    moved = np.nanmax(np.abs(made.keypoints_m - person), axis=(0, 2))
    names = [n for n, far in zip(made.keypoint_names, moved, strict=True) if far > 1e-6]
    assert set(names) == {"Left Ankle", "Left Heel", "Left Big Toe", "Left Foot"}
    page = twin_page(twin)
    assert "Unlike normal walking: left knee." in page and page.count("<svg") == 12
    assert "not seen" in page and 'fill="#c0392b"' in page


def test_the_command_writes_the_twin_all_or_none(
    tmp_path: Path, capsys, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A network that learned nothing says legs that stand still: the twin walks on the person's.
    shares = np.array([float(joint == "left_ankle") for joint in JOINTS])
    monkeypatch.setattr(opinion, "shares_put_right", lambda badness: shares)
    kept(tmp_path / "small")
    walked, out = recorded(tmp_path, "stiff_knee"), tmp_path / "twin"
    call = [
        "companion", "run", "gengait", str(walked), "--weights", str(tmp_path / "small"),
        "--twin", str(out),
    ]  # fmt: skip
    assert main(call) == 0
    assert "twin/twin.npz" in capsys.readouterr().out
    assert sorted(path.name for path in out.iterdir()) == [
        "curves.csv", "joints.csv", "twin.html", "twin.npz",
    ]  # fmt: skip
    with (out / "joints.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 7 and all((float(r["badness"]) > 1.0) == (r["wrong"] == "1") for r in rows)
    with (out / "curves.csv").open(encoding="utf-8") as file:
        assert len(list(csv.DictReader(file))) == 280
    again = read_recording(out / "twin.npz")
    assert not again.pelvis_travels and "nobody walked so" in " ".join(again.notes)
    (prepared,) = prepare(again)
    assert prepared.n_frames >= 75
    assert main(call) == 1 and "--overwrite" in capsys.readouterr().err
    assert main([*call, "--overwrite"]) == 0
    capsys.readouterr()
    assert main([*call[:-1], str(walked)]) == 1
    assert "is a file, not a folder" in capsys.readouterr().err
