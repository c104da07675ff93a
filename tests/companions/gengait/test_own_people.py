"""A laboratory's own people: each in one part, what cannot be used named, too few refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest

from simgait.companions.gengait import kept_walks, own_people
from simgait.companions.gengait.calibration import people_factor
from simgait.companions.gengait.data import PersonsWalk
from simgait.companions.gengait.joints import JOINTS
from simgait.companions.gengait.kept_walks import TrainingWalks
from simgait.companions.gengait.opinion import badness_of
from simgait.companions.gengait.own_people import OwnPeople
from simgait.companions.gengait.recorded_people import factor_of, own_table, remarks_of
from simgait.datasets.splits import SplitError
from simgait.errors import InputError
from simgait.estimators.own_walks import OwnRecording, OwnWalks
from simgait.estimators.people import split_by_person
from simgait.recordings.formats.npz import write_npz
from simgait.recordings.options import ReadOptions
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.specification import draw_own_normal, walker_seed
from simgait.synthetic.walkers.walk import walk as let_walk
from simgait.types import Recording
from tests.companions.gengait.made_up import small, walk


@cache
def recorded(monocular: bool = False) -> Recording:
    made = let_walk(draw_own_normal(walker_seed("train", 910_050)), 4.0)
    return trial_from_walk(made, monocular=monocular).recording


def written(folder: Path, name: str, recording: Recording, person: str) -> OwnRecording:
    """As a laboratory would give it; everybody walks a little otherwise."""
    path = folder / f"{name}.npz"
    rng = np.random.default_rng(list(name.encode()))
    points = recording.keypoints_m + rng.normal(0.0, 5e-4, recording.keypoints_m.shape)
    write_npz(path, replace(recording, keypoints_m=points, subject_id=""))
    return OwnRecording(f"line {name}", person, path, ReadOptions(height_m=recording.height_m))


@pytest.fixture
def laboratory(tmp_path: Path) -> Callable[[int], list[OwnRecording]]:
    return lambda count: [
        written(tmp_path, f"w{k:02d}", recorded(), f"lab{k:02d}") for k in range(count)
    ]


def test_everybody_is_used_for_one_thing_and_bad_walks_are_named(
    laboratory: Callable[[int], list[OwnRecording]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(own_people, "FEWEST_PEOPLE", 12)  # thirty take longer to read
    own = laboratory(12)
    short = _cut(recorded(), 25)
    damaged = tmp_path / "damaged.npz"
    damaged.write_bytes(b"PK\x03\x04 no archive")
    bad = [
        OwnRecording("line damaged", "lab00", damaged, ReadOptions()),
        OwnRecording("line gone", "lab01", tmp_path / "gone.npz", ReadOptions()),
        written(tmp_path, "short", short, "lab02"),
        written(tmp_path, "guessed", recorded(monocular=True), "lab03"),
        replace(own[0], place="line nobody", person=""),
    ]
    said: list[str] = []
    found = own_people.own_people(OwnWalks("controls.csv", (*bad, *own)), said.append)
    assert [len(part) for part in (found.learned, found.thresholds, found.judged)] == [6, 4, 2]
    people = [one.person for one in found.everybody]
    assert sorted(people) == [f"lab{k:02d}" for k in range(12)]
    assert found.left_out == len(bad) == len(said) - 1
    for line, place in zip(said, ("damaged", "gone", "short", "guessed", "nobody"), strict=False):
        assert line.startswith(f"left out: line {place}: ") and line.endswith("."), line
    assert "a detector's guess" in said[3]
    assert said[-1] == "12 walks of 12 people from 17 recordings, 5 of which left out"
    again = own_people.own_people(OwnWalks("controls.csv", tuple(own[::-1])), said.append)
    assert {one.person for one in again.judged} == {one.person for one in found.judged}


def _cut(recording: Recording, frames: int) -> Recording:
    """The first frames alone."""
    points = recording.keypoints_m.copy()
    points[frames:] = np.nan
    confidence = np.where(np.isfinite(points[..., 0]), recording.confidence, 0.0)
    return replace(recording, keypoints_m=points, confidence=confidence)


def test_too_few_people_are_a_sentence_with_the_number_needed(
    laboratory: Callable[[int], list[OwnRecording]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = laboratory(3)
    with pytest.raises(InputError, match=r"controls.csv: 3 people with .* and 30 are needed: 15 "):
        own_people.own_people(OwnWalks("controls.csv", tuple(own)), print)
    gone = [replace(one, problem=f"{one.person}.npz: there is no such file") for one in own]
    with pytest.raises(InputError, match=r"0 people .*line \w+: lab00.npz: there .* And 2 more"):
        own_people.own_people(OwnWalks("controls.csv", tuple(gone)), print)
    monkeypatch.setattr(own_people, "FEWEST_PEOPLE", 3)
    own[2] = written(tmp_path, "short", _cut(recorded(), 25), "lab02")
    said: list[str] = []
    with pytest.raises(InputError, match=r"2 people with walks that could be used, and 3 are"):
        own_people.own_people(OwnWalks("controls.csv", tuple(own)), said.append)
    assert said[0].startswith("left out: line short: ")


def test_thirty_people_are_shared_out_as_is_said() -> None:
    parts = split_by_person([f"p{k}" for k in range(own_people.FEWEST_PEOPLE)], own_people.SHARES)
    assert [len(rows) for rows in parts.values()] == [15, 10, 5]


def test_nobody_can_be_in_two_parts_nor_a_walk_under_two_names() -> None:
    first, other = (PersonsWalk(f"p{k}", walk(k), 1.7) for k in range(2))
    OwnPeople([first], [other])
    with pytest.raises(SplitError, match="p0: learned from, and in what judges"):
        OwnPeople([first], [other], [first])
    with pytest.raises(SplitError, match="frames that judge were learned from"):
        OwnPeople([first], [replace(first, person="p1")])


def test_nobody_is_most_of_what_is_learned_from() -> None:
    long = PersonsWalk("a", walk(0), 1.7)
    part = replace(walk(0), points=walk(0).points[:29], frames=walk(0).frames[:29])
    cut = replace(long, walk=part)
    kept = own_people._longest_of_each([cut, *[long] * 10, replace(cut, person="b")])
    assert [one.person for one in kept] == ["a"] * 10 + ["b"]
    assert all(len(one.walk.points) > 29 for one in kept[:10])


def of_three() -> TrainingWalks:
    people = [PersonsWalk(f"p{k}", walk(k), 1.6 + 0.1 * k) for k in range(3)]
    own = OwnPeople([people[0]], [people[1]], [people[2]], 4)
    return TrainingWalks([PersonsWalk("w", walk(3), 1.5)], own.learned, own)


def test_a_stopped_training_keeps_who_is_used_for_what(tmp_path: Path) -> None:
    walks = of_three()
    kept_walks.keep(tmp_path, walks)
    found = kept_walks.kept(tmp_path)
    assert found is not None and found.own is not None and walks.own is not None
    assert found.own.left_out == 4 and [one.person for one in found.own.everybody] == [
        "p0", "p1", "p2",
    ]  # fmt: skip
    heights = [one.height_m for one in found.own.everybody]
    assert heights == pytest.approx([1.6, 1.7, 1.8])
    assert found.own.judged[0].walk.points == pytest.approx(walks.own.judged[0].walk.points)
    kept_walks.keep(tmp_path, replace(walks, own=None))
    without = kept_walks.kept(tmp_path)
    assert without is not None and without.own is None and without.recorded[0].person == "p0"


def test_thresholds_are_those_of_the_people_kept_apart_and_others_judge() -> None:
    walks, trained = of_three(), small()
    badness = [badness_of(trained, walk(k), "exact") for k in range(3)]
    factor = factor_of(trained, walks)
    assert factor == pytest.approx(people_factor(badness[1][None], ["p1"]))
    assert factor_of(trained, replace(walks, own=None)) == pytest.approx(
        people_factor(badness[0][None], ["p0"])
    )
    assert factor_of(trained, TrainingWalks([], [])) == [1.0] * len(JOINTS)
    (table,) = own_table(trained, walks, factor)
    by_own, by_walkers = table.rows
    for row, wide in ((by_own, np.array(factor)), (by_walkers, np.ones(7))):
        wrong = int((badness[2] / wide > 1.0).any())
        assert row[1:5] == ("1", str(wrong), "1", str(wrong))
    assert own_table(trained, replace(walks, own=None), factor) == ()
    (remark,) = remarks_of(walks, factor, [table])
    assert "by 1 of the laboratory's own people" in remark
    assert f"Of 1 others {by_own[2]} have a joint called wrong ({by_walkers[2]} with" in remark
