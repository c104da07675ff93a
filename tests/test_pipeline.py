"""One recording through its stages."""

from __future__ import annotations

from pathlib import Path

from simgait.pipeline import reader_record
from simgait.recordings.options import ReadOptions


def test_files_named_in_options_are_recorded_without_their_folders() -> None:
    reader = ReadOptions(asf=Path("patients/doe/07.asf"), fps_hz=120.0, subject_id="P7")
    assert reader_record(reader) == {"asf": "07.asf", "fps_hz": 120.0}
