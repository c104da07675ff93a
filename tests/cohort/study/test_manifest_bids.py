"""Data sets of BIDS-Motion as manifests: people and sessions by their names."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simgait.cli import main
from simgait.cohort.study.manifest_check import read_dataset
from simgait.cohort.study.reading import works
from simgait.commands.cohort import parsers
from simgait.errors import InputError
from simgait.pipeline import TrackOptions
from tests.cohort.conftest import policy_called
from tests.pendulum import pendulum_recording
from tests.recordings.formats.test_bids_motion import write_dataset


def points(scale: float = 1.0) -> dict[str, np.ndarray]:
    walker = pendulum_recording()
    return {
        name.lower().replace(" ", "_"): scale * walker.keypoints_m[:, i]
        for i, name in enumerate(walker.keypoint_names)
    }


@pytest.fixture
def dataset(tmp_path: Path) -> Path:
    """Two people, one of them on two visits; inertial sensors beside."""
    top = tmp_path / "set"
    names = (
        "sub-01_ses-pre_task-walk_tracksys-omc", "sub-01_ses-post_task-walk_tracksys-omc",
        "sub-02_task-run_tracksys-omc",
    )  # fmt: skip
    for number, name in enumerate(names):
        write_dataset(top, name, points_m=points(1.0 + number / 1000))
    path = write_dataset(top, "sub-02_task-run_tracksys-imu")
    channels = path.with_name(path.name.replace("_motion", "_channels"))
    channels.write_text(channels.read_text().replace("\tPOS\t", "\tGYRO\t"))
    (top / "participants.tsv").write_text(
        "participant_id\tage\tsex\theight\nsub-01\t44\tM\t172\nsub-09\t44\tM\t172\n"
    )
    return top


def test_names_say_person_visit_and_condition_and_the_table_the_height(dataset: Path) -> None:
    manifest = read_dataset(dataset, parsers())
    assert not manifest.n_problems
    told = {
        line.trial: (line.person, line.codes["visit"], line.codes["condition"], line.height_m)
        for line in manifest.lines
    }
    assert told == {
        "sub-01_ses-pre_task-walk_tracksys-omc": ("sub-01", "ses-pre", "walk", 1.72),
        "sub-01_ses-post_task-walk_tracksys-omc": ("sub-01", "ses-post", "walk", 1.72),
        "sub-02_task-run_tracksys-omc": ("sub-02", "", "run", None),
    }
    facts = manifest.lines[0].facts
    assert (facts["age_years"], facts["sex"]) == (44.0, "male")
    assert manifest.lines[0].own == {"age_years": "44", "sex": "male"}
    assert not {"age_years", "sex"} & set(manifest.lines[2].facts)
    assert manifest.notes[:3] == (
        "1 recording holds no positions and will not be tracked: "
        "sub-02_task-run_tracksys-imu_motion.tsv.",
        "participants.tsv says nothing of sub-02.",
        "there is no recording of sub-09, of whom participants.tsv speaks.",
    )


def test_check_says_what_each_recording_lacks(
    dataset: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["cohort", "check", str(dataset)]) == 0
    assert "3 trials of 2 people: no problem" in capsys.readouterr().out
    next(dataset.rglob("sub-02_task-run_tracksys-omc_channels.tsv")).unlink()
    table = dataset / "participants.tsv"
    table.write_text(table.read_text().replace("172", "17.2", 1))
    assert main(["cohort", "check", str(dataset)]) == 1
    said = capsys.readouterr().err
    assert "trial sub-02_task-run_tracksys-omc: " in said and "there is no" in said
    assert said.count("no person") == 2


def test_what_the_tables_beside_a_recording_say_is_part_of_its_key(dataset: Path) -> None:
    def keys() -> dict[str, str]:
        manifest = read_dataset(dataset, parsers())
        found = works(manifest, policy_called("mine"), TrackOptions())
        return {work.lines[0].trial: work.keys[0] for work in found}

    before = keys()
    for ending in ("_channels.tsv", "_motion.json"):
        path = next(dataset.rglob(f"sub-02*omc{ending}"))
        path.write_text(path.read_text() + " ")
        changed = {name for name, key in keys().items() if key != before[name]}
        assert changed == {"sub-02_task-run_tracksys-omc"}
        before = keys()


def test_a_data_set_without_motion_is_refused(tmp_path: Path) -> None:
    (tmp_path / "sub-01").mkdir()
    with pytest.raises(InputError, match="without a recording of motion"):
        read_dataset(tmp_path, parsers())
