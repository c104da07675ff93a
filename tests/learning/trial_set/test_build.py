"""Sets of trials: nothing made twice, nothing lost, nobody learned from who is held out."""

from __future__ import annotations

import csv
import json
import os
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import pytest

from simgait.datasets.splits import PARTS, part_of
from simgait.errors import InputError
from simgait.learning.kept_walks import write_walks
from simgait.learning.trial_set import build
from simgait.learning.trial_set.build import Built, build_set
from simgait.learning.trial_set.index import INDEX, SHARDS, open_trials, read_index
from simgait.learning.trial_set.making import trials_of_job
from simgait.learning.trial_set.sources import Excluded, Job, SetRecipe, Source, jobs_of
from simgait.recordings.options import ReadOptions
from simgait.skeleton.default import TRIMMED_HUMANOID
from simgait.types import FittedTrial
from tests.cli.conftest import Ran, make_walk, simgait

__all__ = ["simgait"]

RECIPE = SetRecipe(TRIMMED_HUMANOID)


@dataclass
class Laboratory:
    """Recordings (files of a line each), the set made of them, and which were asked for."""

    folder: Path
    sources: list[Source] = field(default_factory=list)
    made: list[str] = field(default_factory=list)
    kill_after: int | None = None

    @property
    def out(self) -> Path:
        return self.folder / "set"

    def add(self, trial: str, person: str, content: str = "", part: str = "") -> None:
        path = self.folder / f"{trial}.txt"
        path.write_text(content or trial)
        self.sources.append(Source(trial, person, path, ReadOptions(), part))

    def build(self, **more: object) -> Built:
        self.made.clear()
        return build_set(self.sources, RECIPE, self.out, **{"shard_trials": 4} | more)  # type: ignore[arg-type]

    def exclusions(self) -> list[list[str]]:
        with (self.out / build.EXCLUSIONS).open() as file:
            return list(csv.reader(file))[1:]

    def files(self) -> dict[str, bytes]:
        return {p.name: p.read_bytes() for p in sorted(self.out.rglob("*")) if p.is_file()}


@pytest.fixture
def laboratory(
    tmp_path: Path, walks: list[FittedTrial], monkeypatch: pytest.MonkeyPatch
) -> Laboratory:
    """Recordings give two trials each, but for those that say "bad" or "crash"."""
    found = Laboratory(tmp_path)

    def make_part(job: Job, recipe: SetRecipe, path: Path) -> int | Excluded:
        found.made.append(job.source.trial)
        if found.kill_after is not None and len(found.made) > found.kill_after:
            raise KeyboardInterrupt
        said = job.source.path.read_text()
        if said == "bad":
            return Excluded(job.source.trial, "cannot be read", "is no recording.")
        if said == "crash":
            raise FloatingPointError("deep inside")
        own = [
            replace(
                walk,
                trial=replace(
                    walk.trial, trial_id=f"{job.key[:16]}-{n}", subject_id=job.source.person
                ),
            )
            for n, walk in enumerate(walks[:2])
        ]
        write_walks(path, own, {"recording": job.key}, recipe.skeleton)
        return len(own)

    monkeypatch.setattr(build, "make_part", make_part)
    return found


def people_of(part: str, count: int) -> list[str]:
    """Codes of persons who are drawn into a part."""
    return [code for n in range(500) if part_of(code := f"P{n}") == part][:count]


def test_a_set_holds_every_trial_once_and_nobody_in_two_parts(laboratory: Laboratory) -> None:
    for part in PARTS:
        for person in people_of(part, 3):
            for visit in range(2):
                laboratory.add(f"{person}v{visit}", person)
    built = laboratory.build()
    assert built.made == 18 and built.kept == 0 and not built.excluded
    trained = open_trials(laboratory.out, TRIMMED_HUMANOID, "keypoints")
    walks = [walk for n in range(len(trained.shards)) for walk in trained.read(n)]
    assert {walk.trial.subject_id for walk in walks} == set(people_of("training", 3))
    ids = [walk.trial.trial_id for walk in walks]
    assert len(ids) == len(set(ids)) == 12
    sizes = [len(shard.trials) for shard in trained.shards]
    assert sizes == [4, 4, 4]
    index = read_index(laboratory.out)
    for part in PARTS:
        assert {m.person for m in index.recordings.values() if m.part == part} == set(
            people_of(part, 3)
        )
    assert not (laboratory.out / build.PARTS_FOLDER).exists()


def test_the_same_command_again_makes_nothing_and_changes_no_byte(laboratory: Laboratory) -> None:
    for person in people_of("training", 5):
        laboratory.add(person, person)
    laboratory.add("b", "B", "bad")
    laboratory.build()
    before = laboratory.files()
    again = laboratory.build()
    assert laboratory.made == [] and (again.made, again.kept) == (0, 5)
    assert laboratory.files() == before
    # In another order, and called otherwise.
    laboratory.sources = [replace(s, trial=f"t-{s.trial}") for s in reversed(laboratory.sources)]
    laboratory.build()
    assert laboratory.made == []
    assert laboratory.exclusions() == [["t-b", "cannot be read", "is no recording."]]


def test_what_is_new_is_made_and_what_is_gone_leaves(laboratory: Laboratory) -> None:
    people = people_of("training", 6)
    for person in people[:5]:
        laboratory.add(person, person)
    laboratory.build()
    laboratory.sources.pop(0)
    laboratory.add(people[5], people[5])
    laboratory.sources[0].path.write_text("recorded anew")
    built = laboratory.build()
    assert laboratory.made == [people[1], people[5]] and built.kept == 3
    fresh = Laboratory(laboratory.folder / "fresh", laboratory.sources)
    fresh.folder.mkdir()
    fresh.build()
    # As if it had been made of these alone.
    shards = [shard.trials for shard in read_index(laboratory.out).shards]
    assert shards == [shard.trials for shard in read_index(fresh.out).shards]
    for shard in read_index(laboratory.out).shards:
        own, other = (folder / SHARDS / shard.file for folder in (laboratory.out, fresh.out))
        assert own.read_bytes() == other.read_bytes()
    assert len(list((laboratory.out / SHARDS).iterdir())) == len(shards)


def test_a_stopped_build_goes_on_and_ends_as_one_in_one_piece(laboratory: Laboratory) -> None:
    for person in people_of("training", 6):
        laboratory.add(person, person)
    laboratory.add("b", "B", "bad")
    laboratory.kill_after = 3
    with pytest.raises(KeyboardInterrupt):
        laboratory.build()
    assert not (laboratory.out / INDEX).exists()
    with pytest.raises(InputError, match="holds no finished set of trials"):
        open_trials(laboratory.out, TRIMMED_HUMANOID, "keypoints")
    # A line that the kill cut off is not believed.
    with (laboratory.out / build.PARTS_FOLDER / build.LOG).open("a") as file:
        file.write('{"key": "ab')
    laboratory.kill_after = None
    built = laboratory.build()
    assert len(laboratory.made) == 4 and (built.made, built.kept) == (3, 3)
    whole = Laboratory(laboratory.folder / "whole", laboratory.sources)
    whole.folder.mkdir()
    whole.build()
    apart = {"index.json"}  # has the date
    assert {k: v for k, v in laboratory.files().items() if k not in apart} == {
        k: v for k, v in whole.files().items() if k not in apart
    }


def test_no_recording_stops_the_others_and_each_has_its_reason(laboratory: Laboratory) -> None:
    person = people_of("training", 1)[0]
    laboratory.add("good", person)
    laboratory.add("again", person, "good")
    laboratory.add("stolen", "somebody-else", "good")
    laboratory.add("held", "HC002D")
    laboratory.add("cmu", "cmu_asfamc-07")
    laboratory.add("seven", "07", "bad")  # a number alone is nobody's code
    laboratory.add("broken", "B", "crash")
    laboratory.sources.append(
        replace(laboratory.sources[0], trial="line", problem="there is no file x.c3d.")
    )
    laboratory.sources.append(replace(laboratory.sources[0], trial="gone", path=Path("/no/x.c3d")))
    built = laboratory.build()
    assert [row[:2] for row in laboratory.exclusions()] == [
        ["again", "recording twice"], ["stolen", "line of the manifest"],
        ["held", "held-out person"], ["cmu", "held-out person"], ["seven", "cannot be read"],
        ["broken", "broke down"], ["line", "line of the manifest"], ["gone", "cannot be read"],
    ]  # fmt: skip
    assert built.sentence == (
        "2 trials of 1 person from 1 recording (1 made now) in 1 shard (training 2); 8 left out: "
        "2 line of the manifest, 2 held-out person, 2 cannot be read, 1 recording twice, "
        "1 broke down"
    )
    laboratory.build()
    assert laboratory.made == ["broken"]  # what should not have happened is tried again
    said = "".join(row[2] for row in laboratory.exclusions())
    assert str(laboratory.folder) not in said and "/no" not in said


def test_people_of_the_shared_test_folders_are_refused_by_where_they_lie(tmp_path: Path) -> None:
    inside = tmp_path / "mcgill_c3d" / "HC044A" / "x.c3d"
    everybody = tmp_path / "bmclab_walk" / "x.c3d"
    learned = tmp_path / "mcgill_c3d" / "HC030A" / "x.c3d"
    for path in (inside, everybody, learned):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(str(path))
    sources = [Source(p.parent.name, "S1", p, ReadOptions()) for p in (inside, everybody, learned)]
    jobs, left_out, _ = jobs_of(sources, RECIPE)
    assert [job.source.trial for job in jobs] == ["HC030A"]
    assert [one.reason for one in left_out] == ["held-out person"] * 2


def test_parts_are_said_or_drawn_and_nobody_is_in_two(laboratory: Laboratory) -> None:
    (drawn,) = people_of("test", 1)
    laboratory.add("a", drawn, part="training")
    laboratory.add("b", "Z", part="validation")
    laboratory.build()
    assert [shard.part for shard in read_index(laboratory.out).shards] == ["training", "validation"]
    laboratory.add("c", "Z", part="training")
    with pytest.raises(InputError, match="person Z is in both validation and training"):
        laboratory.build()
    laboratory.sources[-1] = replace(laboratory.sources[-1], person="Y", part="train")
    with pytest.raises(InputError, match="there is no part 'train'"):
        laboratory.build()


def test_names_of_people_files_and_folders_are_in_nothing_that_is_written(
    laboratory: Laboratory,
) -> None:
    laboratory.add("Anna Meier 03", "Anna Meier", part="training")
    laboratory.add("b", "Zoe Schmidt", "bad")
    laboratory.build()
    for name, content in laboratory.files().items():
        for secret in (b"Meier", b"Schmidt", os.fsencode(laboratory.folder)):
            assert secret not in content, name


def test_a_damaged_shard_is_refused_and_made_again(laboratory: Laboratory) -> None:
    for person in people_of("training", 2):
        laboratory.add(person, person)
    laboratory.build()
    (path,) = (laboratory.out / SHARDS).iterdir()
    good = path.read_bytes()
    path.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    trained = open_trials(laboratory.out, TRIMMED_HUMANOID, "keypoints")
    with pytest.raises(InputError, match=r"the shard training-.* is missing or damaged"):
        trained.read(0)
    laboratory.build()
    assert len(laboratory.made) == 2 and path.read_bytes() == good
    with pytest.raises(InputError, match="built with sized_by keypoints"):
        open_trials(laboratory.out, TRIMMED_HUMANOID, "height")
    index = json.loads((laboratory.out / INDEX).read_text())
    (laboratory.out / INDEX).write_text(json.dumps(index | {"form": "other"}))
    with pytest.raises(InputError, match="damaged or of another version"):
        open_trials(laboratory.out, TRIMMED_HUMANOID, "keypoints")


def test_a_set_of_nobody_is_refused(laboratory: Laboratory) -> None:
    laboratory.add("b", "B", "bad")
    with pytest.raises(InputError, match=r"none of 1 recording gave a trial; .* of the first: \w"):
        laboratory.build()
    laboratory.add("v", "V", part="validation")
    laboratory.build()
    with pytest.raises(InputError, match="nobody in the set is in the part training"):
        open_trials(laboratory.out, TRIMMED_HUMANOID, "keypoints")


def job_of(path: Path, **said: object) -> Job:
    source = Source("t1", "P1", path, ReadOptions(**said))  # type: ignore[arg-type]
    return Job(source, "0123456789abcdef" * 4)


def test_a_recording_becomes_trials_that_can_be_learned_from(tmp_path: Path) -> None:
    path = make_walk().save(tmp_path / "Anna Meier.npz", recorded_on="2020-01-01")
    (fitted,) = trials_of_job(job_of(path), RECIPE)  # type: ignore[misc]
    assert fitted.trial.truth is None and np.isfinite(fitted.pose).all()
    assert fitted.trial.trial_id == "0123456789abcdef-0" and fitted.trial.subject_id == "P1"
    assert fitted.trial.notes == () and fitted.trial.recorded_on == ""
    # Measured walks have a truth, and copies as a camera would have seen them.
    measured = trials_of_job(job_of(path, scale_is_metric=True), replace(RECIPE, copies=1))
    assert isinstance(measured, list) and len(measured) == 2
    assert [one.trial.error_model for one in measured] == ["", "monocular-v1"]
    assert all(one.trial.truth is not None for one in measured)


def test_why_a_recording_gives_no_trial_names_no_file(tmp_path: Path) -> None:
    standing = make_walk()
    still = replace(standing, points_m=np.repeat(standing.points_m[:1], 90, axis=0))
    path = still.save(tmp_path / "Anna Meier.npz")
    found = trials_of_job(job_of(path), RECIPE)
    assert isinstance(found, Excluded) and found.reason == "nobody walks in it"
    assert "Meier" not in found.sentence and "standing" in found.sentence
    path.write_text("no archive")
    found = trials_of_job(job_of(path), RECIPE)
    assert isinstance(found, Excluded) and found.reason == "cannot be read"
    assert "Meier" not in found.sentence
    path = make_walk().save(path, height_m=None)
    found = trials_of_job(job_of(path), RECIPE)
    assert isinstance(found, Excluded) and found.reason == "cannot be read"


@pytest.mark.slow
def test_two_processes_make_the_bytes_of_one(tmp_path: Path, simgait: Callable[..., Ran]) -> None:
    lines = ["trial,person,path,part,arm"]
    for n in range(4):
        walk = make_walk(3.0 + 0.1 * n)
        walk.save(tmp_path / f"w{n}.npz")
        lines.append(f"t{n},P{n},w{n}.npz,training,new")
    (tmp_path / "broken.npz").write_text("x")
    lines.append("t9,P9,broken.npz,training,old")
    manifest = tmp_path / "study.csv"
    manifest.write_text("\n".join(lines) + "\n")
    results = []
    for workers in (1, 2):
        out = tmp_path / f"set{workers}"
        ran = simgait("dataset", "build", manifest, "-o", out, "--workers", workers)
        assert ran.code == 1, ran.err
        assert "1 left out: 1 cannot be read" in ran.out
        assert "has no use for the columns arm." in ran.out and "carried" not in ran.out
        results.append({p.name: p.read_bytes() for p in (out / SHARDS).iterdir()})
    assert results[0] == results[1] and results[0]
    manifest.write_text("\n".join(lines[:-1]) + "\n")
    ran = simgait("dataset", "build", manifest, "-o", tmp_path / "set2")
    assert ran.code == 0 and "(0 made now)" in ran.out
