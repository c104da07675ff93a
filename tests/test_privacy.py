"""One scan over all outputs: what tells who walked, or on whose machine, is in none of them."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from simgait.cohort.study.report import write_study_report
from simgait.cohort.visit_files import read_visit
from simgait.compare.visit_change import visit_change
from simgait.compare.visit_names import visit_names
from simgait.compare.visit_sides import visit_sides
from simgait.compare.visit_trend import visit_trend
from simgait.files import write_text
from simgait.gait.analyse import analyse_rollout
from simgait.gait.walk_scores import with_scores
from simgait.provenance import collect_provenance
from simgait.recordings.read import read_recording
from simgait.report.change.page import write_change
from simgait.report.change.sides_page import write_sides
from simgait.report.change.trend_page import write_trend
from simgait.report.fhir import bundle_text, visit_bundle
from simgait.report.index import IndexRow, write_index
from simgait.report.trial.report import write_trial_report
from simgait.report.word.document import word_beside
from simgait.types import Recording
from tests.cohort.study.conftest import Hospital, good_walk, hospital
from tests.gait.conftest import made_up_strides
from tests.pendulum import pendulum_recording
from tests.privacy_scan import leaks, named_machine
from tests.recordings.formats.test_c3d import walking_markers, write_c3d
from tests.report.conftest import make_walk
from tests.visit_folders import visit_folder

__all__ = ["good_walk", "hospital"]
NAME, TAG = "Quittenbaum", "Ward7-Tag-4711"
"""Planted wherever a file can hold them; nothing of simgait's own says either."""
STEPS = {("step_length_m", side): (0.6, 0.02) for side in ("left", "right")}


def planted_file(folder: Path) -> Path:
    """A C3D file in a person's folder, with a name and a tag in its texts."""
    folder.mkdir()
    groups = [
        ("SUBJECTS", "NAMES", NAME), ("MANUFACTURER", "OPERATOR", NAME),
        ("TRIAL", "DESCRIPTION", TAG), ("PROCESSING", "Height", 1700.0),
    ]  # fmt: skip
    markers = walking_markers(pendulum_recording)
    write_c3d(folder / "w1.c3d", markers, groups=groups, prefix=f"{NAME}:")
    return folder / "w1.c3d"


@pytest.fixture
def planted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Sequence[str]:
    return NAME, TAG, str(tmp_path), named_machine(monkeypatch)


def test_a_walks_page_tables_motion_and_word_document(
    planted: Sequence[str], tmp_path: Path
) -> None:
    pytest.importorskip("docx")
    file = planted_file(tmp_path / NAME)
    recording = read_recording(file)
    write_walk(tmp_path / "out" / "w1", file, recording)
    word_beside(tmp_path / "out" / "w1" / "report.html")
    names = {one.suffix for one in (tmp_path / "out" / "w1").iterdir()}
    assert names >= {".html", ".docx", ".csv", ".json", ".c3d", ".trc", ".mot"}
    assert leaks(tmp_path / "out", planted) == []


def write_walk(folder: Path, file: Path, recording: Recording) -> None:
    """Everything about a walk whose trial carries what was read of the file."""
    trial, rollout = make_walk(6.0)
    notes = (*recording.notes, f"Events are those of {file.resolve()}.")
    trial = replace(
        trial,
        trial_id=recording.recording_id,
        subject_id=recording.subject_id,
        notes=notes,
    )
    result = with_scores(analyse_rollout(rollout), made_up_strides().reference(name="ours"))
    provenance = collect_provenance(
        {"reader": {"markers": file}}, input={"file": str(file.resolve())}, notes=list(notes)
    )
    write_trial_report(
        folder,
        trial=trial,
        rollout=rollout,
        result=result,
        quality=None,
        provenance=provenance,
        truth_result=result,
    )


def test_comparisons_index_and_bundle(planted: Sequence[str], tmp_path: Path) -> None:
    person = read_recording(planted_file(tmp_path / NAME)).subject_id
    visits = [
        read_visit(visit_folder(tmp_path / f"{NAME}{n}", [STEPS] * (1 + n), person=person))
        for n in range(3)
    ]
    out = tmp_path / "out"
    write_change(out / "change", visit_change(visits[0], visits[1], visit_names("without,with")))
    write_sides(out / "sides", visit_sides(visits[0]))
    write_trend(out / "trend", visit_trend(visits))
    write_text(out / "visit.json", bundle_text(visit_bundle(visits[0])))
    reason = f"No hips in {tmp_path / NAME / 'w1.c3d'}; add them."
    write_index(out, [IndexRow("w1", reason=reason, person=person), IndexRow("w2")])
    assert len(list(out.rglob("*.*"))) >= 8
    assert leaks(out, planted) == []


def test_a_study_and_its_page(hospital, planted: Sequence[str], tmp_path: Path) -> None:
    ward: Hospital = hospital(2)
    planted_file(tmp_path / NAME)
    ward.lines.append(f"tagged,P8,v1,a,{NAME}/w1.c3d")
    ward.lines.append(f"gone,P9,v1,a,{NAME}/gone.npz")
    ward.run()
    write_study_report(ward.out)
    assert (ward.out / "cohort.html").is_file() and (ward.out / "trials.parquet").is_file()
    assert leaks(ward.out, planted) == []


def test_the_scan_sees_what_is_packed(tmp_path: Path) -> None:
    """A scan that finds nothing must be one that could have found it."""
    (tmp_path / "a.csv").write_text(f"x\n{NAME.upper()}\n", encoding="utf-8")
    with zipfile.ZipFile(tmp_path / "b.docx", "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("docProps/core.xml", f"<creator>{NAME}</creator>" * 50)
    (tmp_path / f"{TAG}.json").write_text("{}", encoding="utf-8")
    (tmp_path / "c.bin").write_bytes(b"\x00" + NAME.encode("utf-16-le"))
    (tmp_path / "d.txt").write_text("P07", encoding="utf-8")
    found = leaks(tmp_path, (NAME, TAG))
    assert sorted(found) == [
        (NAME, "a.csv"), (NAME, "b.docx"), (NAME, "c.bin"), (TAG, f"{TAG}.json"),
    ]  # fmt: skip
