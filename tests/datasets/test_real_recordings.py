"""Real recordings: nobody of the test set among those to learn from."""

from __future__ import annotations

from pathlib import Path

import pytest

from simgait.datasets import real_recordings as module
from simgait.datasets.real_recordings import fingerprint, real_recordings, same_recordings
from simgait.datasets.splits import TEST_SUBJECTS
from simgait.errors import InputError
from simgait.types import Recording


def fake_collection(folder: Path, collection: str, suffix: str, subjects: list[str]) -> None:
    for subject in subjects:
        (folder / collection / subject).mkdir(parents=True)
        (folder / collection / subject / f"{subject}_01{suffix}").touch()


def test_training_never_sees_a_test_subject(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, marker_recording: Recording
) -> None:
    free = {"cmu_asfamc": ["02", "35"], "mcgill_c3d": ["HC030A", "HC036A"]}
    for collection, suffix in (("cmu_asfamc", ".amc"), ("mcgill_c3d", ".c3d")):
        everybody = sorted(TEST_SUBJECTS[collection]) + free[collection]
        fake_collection(tmp_path, collection, suffix, everybody)
    read: list[Path] = []

    def fake_read(path: Path) -> Recording:
        read.append(path)
        return marker_recording

    monkeypatch.setattr(module, "read_recording", fake_read)
    monkeypatch.setattr(module, "prepare", lambda *_: [])
    train = {recording.subject_id for recording in real_recordings(tmp_path, test=False)}
    # Not even opened.
    assert {path.parent.name for path in read} == set(free["cmu_asfamc"] + free["mcgill_c3d"])
    test = {recording.subject_id for recording in real_recordings(tmp_path, test=True)}
    assert train == {f"{c}-{s}" for c, subjects in free.items() for s in subjects}
    assert test == {f"{c}-{s}" for c, subjects in TEST_SUBJECTS.items() for s in subjects}
    assert not train & test


def test_recordings_without_a_walk_are_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, marker_recording: Recording
) -> None:
    fake_collection(tmp_path, "cmu_asfamc", ".amc", ["02"])

    def refuse(*_: object) -> None:
        raise InputError("a static trial")

    monkeypatch.setattr(module, "read_recording", lambda _: marker_recording)
    monkeypatch.setattr(module, "prepare", refuse)
    assert not list(real_recordings(tmp_path, test=False))


def test_a_fingerprint_is_of_contents_and_still_knows_one_that_was_not(tmp_path: Path) -> None:
    fake_collection(tmp_path, "cmu_asfamc", ".amc", ["02"])
    motion = tmp_path / "cmu_asfamc" / "02" / "02_01.amc"
    skeleton = motion.with_name("02.asf")
    motion.write_text("1 2 3")
    skeleton.write_text("bones")
    found = [fingerprint(tmp_path, test=False)]
    assert fingerprint(tmp_path, test=False) == found[0]
    # As many bytes, another content: of the motion, and of the skeleton that it is read with.
    motion.write_text("1 2 4")
    found.append(fingerprint(tmp_path, test=False))
    skeleton.write_text("BONES")
    found.append(fingerprint(tmp_path, test=False))
    assert len(set(found)) == 3
    assert not same_recordings(found[0], found[1])
    # What was written before contents were looked at: names and sizes decide.
    older = found[0].split(", contents")[0]
    assert same_recordings(older, found[1]) and same_recordings(found[2], older)
    motion.write_text("1 2 3 4")
    assert not same_recordings(older, fingerprint(tmp_path, test=False))


@pytest.mark.slow
def test_real_training_subjects_are_not_the_test_subjects(data_dir: Path) -> None:
    train = {recording.subject_id for recording in real_recordings(data_dir, test=False)}
    test = {recording.subject_id for recording in real_recordings(data_dir, test=True)}
    assert train and test
    assert not train & test
