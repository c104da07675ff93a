from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from simgait.certainty import film
from simgait.certainty.film import read_levels, released_levels, wider, write_levels
from simgait.certainty.terms import Measured
from simgait.certainty.widths import released_widths
from simgait.errors import InputError
from tests.certainty.conditions import GOOD


def test_film_is_never_surer_than_a_detectors_points() -> None:
    assert all(factor >= 1.0 for factor in released_levels().values())
    assert wider("velocity_mps, both") == 1.0


def test_every_number_of_film_has_a_formula_to_widen() -> None:
    assert set(released_levels()) <= set(released_widths().coefficients["detector"])


def test_a_range_that_film_does_not_name_is_widened_as_its_curve(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    levels = {"hip_flexion_deg, curve": 2.0, "hip_flexion_deg, range": 1.3}
    monkeypatch.setattr(film, "released_levels", lambda: levels)
    assert [wider(f"hip_flexion_deg, {what}") for what in ("curve", "range")] == [2.0, 1.3]
    del levels["hip_flexion_deg, range"]
    assert wider("hip_flexion_deg, range") == 2.0
    assert wider("knee_flexion_deg, range") == 1.0


def test_markers_are_not_widened_as_film_is() -> None:
    stance, widths = Measured(60.0, 5), released_widths()
    filmed = replace(GOOD, filmed=1.0)
    name = "stance_percent, both"
    assert widths.half_width(name, filmed, stance) == pytest.approx(
        wider(name) * widths.half_width(name, GOOD, stance)
    )
    marked = replace(GOOD, measured=1.0)
    assert widths.half_width(name, replace(marked, filmed=1.0), stance) == widths.half_width(
        name, marked, stance
    )


def test_levels_are_read_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "film_intervals.json"
    write_levels(path, {"cadence_spm, both": 1.25}, {"clips": 58})
    assert read_levels(path) == {"cadence_spm, both": 1.25}


@pytest.mark.parametrize("text", ['{"wider": {}}', '{"wider_by": [1]}', '{"wider_by": {"a": "b"}}'])
def test_a_damaged_file_is_refused_and_so_is_none(tmp_path: Path, text: str) -> None:
    path = tmp_path / "film_intervals.json"
    with pytest.raises(InputError, match="missing"):
        read_levels(path)
    path.write_text(text)
    with pytest.raises(InputError, match="damaged"):
        read_levels(path)
