"""Norms of healthy people whom simgait tracked: each counts once, as somebody of 1.70 m."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from simgait.cli import main
from simgait.cohort.reference_norms import norms_of_people
from simgait.compare.norm_file import chosen_norms, norms_of_reference
from simgait.errors import InputError
from simgait.gait.score_reference_file import read_reference, reference_sha256, write_reference
from simgait.parameters.catalogue import parameter
from simgait.parameters.norm_choice import NormBand, Walker, norm_for
from tests.commands.test_scores import results_of
from tests.gait.conftest import MadeUp, made_up_strides

HEIGHT_M = 1.70 * 1.21
"""Lengths are 1.21 times as long, cadences 1.1 times slower."""


def walks(folder: Path, count: int = 10, height_m: float | None = HEIGHT_M) -> Path:
    """Folders of results of people whose step length is 0.60, 0.61, ... m, cadence 110 or none."""
    strides: MadeUp = made_up_strides(count)
    results_of(strides, folder, "a" * 64)
    for i, person in enumerate(dict.fromkeys(strides.people)):
        walk = folder / person.replace(" ", "")
        facts = json.loads((walk / "provenance.json").read_text("utf-8"))
        (walk / "provenance.json").write_text(
            json.dumps(facts | {"config": {"height_m": height_m}}), "utf-8"
        )
        rows = [
            ("step_length_m", "both", 0.60 + 0.01 * i, "use"),
            ("step_length_m", "left", 9.0, "use"),
            ("cadence_spm", "both", 110.0 + i, "do_not_use" if i == 0 else "rough"),
            ("gdi_points", "both", 100.0, "use"),
            ("stance_percent", "both", "", ""),
        ]
        with (walk / "parameters.csv").open("w", newline="", encoding="utf-8") as file:
            table = csv.writer(file)
            table.writerow(("parameter", "side", "mean", "level"))
            table.writerows(rows)
    return folder


def test_a_parameter_that_ten_people_have_has_a_row(tmp_path: Path) -> None:
    (row,) = norms_of_people([walks(tmp_path / "r")], (20.0, 60.5), "ours")
    steps_m = (0.60 + 0.01 * np.arange(10)) / 1.21
    assert row.parameter == "step_length_m" and row.n == 10 and row.source == "ours"
    assert row.mean == pytest.approx(steps_m.mean()) and row.sd == pytest.approx(
        steps_m.std(ddof=1)
    )
    assert (row.age_from_years, row.age_to_years, row.height_m) == (20.0, 61.0, 1.70)
    more = norms_of_people([walks(tmp_path / "more", 12)], (20.0, 60.0), "ours")
    cadence, _ = more
    assert cadence.parameter == "cadence_spm" and cadence.n == 11
    assert cadence.mean == pytest.approx(1.1 * np.arange(111, 122).mean())


def test_a_person_of_several_walks_counts_once(tmp_path: Path) -> None:
    first, second = walks(tmp_path / "a"), walks(tmp_path / "b")
    (alone,) = norms_of_people([first], (20.0, 60.0), "ours")
    (both,) = norms_of_people([first, second], (20.0, 60.0), "ours")
    assert both == alone


@pytest.mark.parametrize(
    ("ages", "said"),
    [((60.0, 20.0), "--ages: 60 to 20 years are no group's"), ((0.0, 20.0), "0.5 to 120")],
)
def test_ages_that_nobody_has_are_refused(
    tmp_path: Path, ages: tuple[float, float], said: str
) -> None:
    with pytest.raises(InputError, match=said):
        norms_of_people([tmp_path], ages, "ours")


def test_walks_that_simgait_did_not_track_have_none(tmp_path: Path) -> None:
    table = walks(tmp_path / "r") / "person1" / "scored_curves.csv"
    moved = tmp_path / "moved.csv"
    moved.write_bytes(table.read_bytes())
    with pytest.raises(InputError, match="moved.csv: --ages makes norms of walks that simgait"):
        norms_of_people([moved], (20.0, 60.0), "ours")
    with pytest.raises(InputError, match=r"person0: its provenance.json names no height"):
        norms_of_people([walks(tmp_path / "x", height_m=None)], (20.0, 60.0), "ours")


def test_a_reference_built_with_ages_holds_them_and_its_hash_is_of_them_too(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    build = ["reference", "build", str(walks(tmp_path / "r")), "--name", "ours", "-o"]
    with_ages, without = tmp_path / "with.json", tmp_path / "without.json"
    assert main([*build, str(with_ages), "--ages", "20", "60"]) == 0
    assert "Step length: 53.3 cm, SD 2.5, of 10 people of 20 to 60 years" in capsys.readouterr().out
    assert main([*build, str(without)]) == 0
    reference, plain = read_reference(with_ages), read_reference(without)
    assert reference_sha256(reference) != reference_sha256(plain)
    assert "norms" not in json.loads(without.read_text("utf-8"))
    again = tmp_path / "again.json"
    write_reference(again, reference)
    assert again.read_bytes() == with_ages.read_bytes()

    assert reference.ages_years == (20.0, 61.0) and plain.ages_years is None
    table = norms_of_reference(reference)
    assert norms_of_reference(plain) is None and chosen_norms(None, None) is None
    assert table is not None and table.sha256 == reference_sha256(reference)
    assert table.name == "the norms of ours"
    found = norm_for(parameter("step_length_m"), Walker(1.70, 44.0), table)
    assert isinstance(found, NormBand) and found.source.name == "ours"
    assert found.mean == pytest.approx(0.645 / 1.21)


def test_a_file_of_the_users_comes_before_the_reference(tmp_path: Path) -> None:
    build = ["reference", "build", str(walks(tmp_path / "r")), "--name", "ours", "-o"]
    out, file = tmp_path / "own.json", tmp_path / "own.csv"
    assert main([*build, str(out), "--ages", "20", "60"]) == 0
    head = "parameter,age_from_years,age_to_years,mean,sd,n,source"
    file.write_text(f"{head}\nstep_length_m,20,40,0.62,0.05,30,our lab\n", encoding="utf-8")
    found = chosen_norms(file, read_reference(out))
    assert found is not None and set(found.sources) == {"our lab"}
