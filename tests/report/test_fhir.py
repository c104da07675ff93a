"""A visit as a FHIR bundle, from folders of known numbers."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from simgait.cli import main
from simgait.cohort.visit_files import read_visit
from simgait.errors import InputError
from simgait.parameters.catalogue import parameters
from simgait.report.fhir import CODES, LOINC, UCUM, UCUM_OF, visit_bundle
from tests.visit_folders import visit_folder

SPEED, STEP = ("velocity_mps", "both"), ("step_length_m", "left")


def exported(folder: Path) -> dict[str, Any]:
    return visit_bundle(read_visit(folder))


def observation(bundle: dict[str, Any], code: str) -> dict[str, Any]:
    (found,) = [
        entry["resource"]
        for entry in bundle["entry"]
        if entry["resource"]["code"]["coding"][0]["code"] == code
    ]
    return dict(found)


def test_a_number_has_its_unit_and_the_ends_of_its_interval(tmp_path: Path) -> None:
    folder = visit_folder(tmp_path / "v", [{SPEED: (1.2, 0.1)}], recorded_on="2026-11-21")
    found = observation(exported(folder), "velocity_mps.both")
    assert found["valueQuantity"] == {"value": 1.2, "unit": "m/s", "system": UCUM, "code": "m/s"}
    ends = {
        one["code"]["coding"][0]["code"]: one["valueQuantity"]["value"]
        for one in found["component"]
    }
    assert ends == {"interval-90-low": 1.1, "interval-90-high": pytest.approx(1.3)}
    assert found["subject"] == {"identifier": {"value": "P07"}}
    assert found["effectiveDateTime"] == "2026-11-21"


def test_the_range_that_a_number_is_compared_with_is_there_and_no_other(tmp_path: Path) -> None:
    folder = visit_folder(tmp_path / "v", [{SPEED: (1.2, 0.1), STEP: (0.6, 0.05)}])
    assert "referenceRange" not in observation(exported(folder), "velocity_mps.both")
    head = "parameter,low,high,whose,compared\n"
    (folder / "walk0" / "normal_ranges.csv").write_text(
        f"{head}velocity_mps,0.9,1.6,14 men,yes\nstep_length_m,0.5,0.7,adults,no\n", "utf-8"
    )
    bundle = exported(folder)
    (known,) = observation(bundle, "velocity_mps.both")["referenceRange"]
    assert (known["low"]["value"], known["high"]["value"]) == (0.9, 1.6)
    assert known["low"]["code"] == "m/s" and known["text"] == "14 men"
    assert known["type"]["coding"][0]["code"] == "normal"
    assert "referenceRange" not in observation(bundle, "step_length_m.left")
    (folder / "walk0" / "normal_ranges.csv").write_text("parameter,low\na,1\n", "utf-8")
    with pytest.raises(InputError, match="walk0/normal_ranges.csv: lacks columns"):
        exported(folder)


@pytest.mark.parametrize(
    ("masses_kg", "stated"),
    [((64.5,), 64.5), ((None,), None), ((64.5, None), None), ((64.5, 70.0), None)],
)
def test_a_mass_is_there_only_where_the_user_stated_it(
    tmp_path: Path, masses_kg: tuple[float | None, ...], stated: float | None
) -> None:
    """The folders hold the simulated body's mass (71.4 kg), too, which is nobody's statement."""
    bundle = exported(visit_folder(tmp_path / "v", [{SPEED: (1.2, 0.1)}] * 2, masses_kg=masses_kg))
    if stated is None:
        assert "29463-7" not in json.dumps(bundle) and "71.4" not in json.dumps(bundle)
        return
    found = observation(bundle, "29463-7")
    assert found["code"]["coding"][0]["system"] == LOINC
    assert found["valueQuantity"] == {"value": 64.5, "unit": "kg", "system": UCUM, "code": "kg"}
    ids = [entry["resource"]["id"] for entry in bundle["entry"]]
    assert len(set(ids)) == len(ids)


def test_what_fhir_requires_is_there(tmp_path: Path) -> None:
    # fhir.schema.json of R4: Bundle requires resourceType and type; Observation resourceType,
    # status and code; a component its code; an id has up to 64 of these characters.
    bundle = exported(visit_folder(tmp_path / "v", [{SPEED: (1.2, 0.1), STEP: (0.6, 0.05)}] * 2))
    assert (bundle["resourceType"], bundle["type"]) == ("Bundle", "collection")
    assert len(bundle["entry"]) == 5
    for entry in bundle["entry"]:
        resource = entry["resource"]
        assert resource["resourceType"] == "Observation" and resource["status"] == "final"
        assert re.fullmatch(r"[A-Za-z0-9\-.]{1,64}", resource["id"])
        assert entry["fullUrl"] == f"urn:uuid:{resource['id']}"
        for coded in (resource, *resource.get("component", [])):
            assert {"system", "code"} <= coded["code"]["coding"][0].keys()
            assert coded["valueQuantity"]["system"] == UCUM
    notes = [one["resource"]["note"][0]["text"] for one in bundle["entry"][1:]]
    assert [note[:12] for note in notes] == ["Walk 1 of 2."] * 2 + ["Walk 2 of 2."] * 2
    assert len({entry["fullUrl"] for entry in bundle["entry"]}) == 5


def test_a_numbers_note_says_how_good_it_is_and_whom_a_score_was_made_with(
    tmp_path: Path,
) -> None:
    numbers = {SPEED: (1.2, 0.1), STEP: (0.6, 0.05), ("gdi_points", "left"): (91.0, 4.0)}
    one = visit_folder(
        tmp_path / "v", [numbers], levels={"velocity_mps": "rough", "step_length_m": "single"},
        n=1, scored_with="our ten people",
    )  # fmt: skip
    several = visit_folder(tmp_path / "w", [numbers])
    codes = ("velocity_mps.both", "step_length_m.left", "gdi_points.left")
    speed, step, gdi = (observation(exported(one), code)["note"][0]["text"] for code in codes)
    assert "Rough: it may be off by more than a difference that matters" in speed
    assert "Rough" not in step and "Of one gait cycle or step only (n 1), no mean." in step
    assert "Against our ten people." in gdi and "Against" not in speed
    known = observation(exported(several), codes[0])["note"][0]["text"]
    assert known.startswith("Walk 1 of 1. n 9. Estimated by simgait") and "Rough" not in known


def test_a_range_names_its_source(tmp_path: Path) -> None:
    folder = visit_folder(tmp_path / "v", [{SPEED: (1.2, 0.1)}])
    (folder / "walk0" / "normal_ranges.csv").write_text(
        "parameter,low,high,whose,source,licence,compared\n"
        "velocity_mps,0.9,1.6,14 men,BMClab,CC BY 4.0,yes\n",
        "utf-8",
    )
    (known,) = observation(exported(folder), "velocity_mps.both")["referenceRange"]
    assert known["text"] == "14 men. Source: BMClab (CC BY 4.0)."


def test_a_height_that_nobody_gave_is_no_observation(tmp_path: Path) -> None:
    folder = visit_folder(tmp_path / "v", [{SPEED: (1.2, 0.1)}], height_estimated=True)
    codes = [e["resource"]["code"]["coding"][0]["code"] for e in exported(folder)["entry"]]
    assert codes == ["velocity_mps.both"]


def test_only_body_height_has_a_code_of_loinc(tmp_path: Path) -> None:
    bundle = exported(visit_folder(tmp_path / "v", [{SPEED: (1.2, 0.1)}]))
    height = observation(bundle, "8302-2")
    assert height["code"]["coding"][0]["system"] == LOINC
    assert height["valueQuantity"]["value"] == 1.72
    speed = observation(bundle, "velocity_mps.both")
    assert speed["code"]["coding"][0]["system"] == CODES


def test_what_may_not_be_used_or_is_not_known_is_left_out(tmp_path: Path) -> None:
    numbers = {SPEED: (1.2, float("nan")), STEP: (0.6, 0.05)}
    denied = visit_folder(tmp_path / "v", [numbers], denied=("step_length_m",), person="")
    found = [entry["resource"] for entry in exported(denied)["entry"]]
    assert [one["code"]["coding"][0]["code"] for one in found] == ["8302-2", "velocity_mps.both"]
    assert "component" not in found[1] and "subject" not in found[1]


def test_every_unit_of_the_catalogue_has_a_code() -> None:
    assert {one.unit.symbol for one in parameters()} <= UCUM_OF.keys()


def test_the_command_writes_the_same_file_twice_and_replaces_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = str(visit_folder(tmp_path / "v", [{SPEED: (1.2, 0.1)}]))
    first, second = (str(tmp_path / name) for name in ("a.json", "b.json"))
    assert main(["export", folder, "--to", "fhir", "-o", first]) == 0
    assert capsys.readouterr().out.endswith("wrote a.json: 2 observations\n")
    assert main(["export", folder, "--to", "fhir", "-o", second]) == 0
    text = Path(first).read_text()
    assert text == Path(second).read_text() and str(tmp_path) not in text
    assert json.loads(text)["resourceType"] == "Bundle"
    assert main(["export", folder, "--to", "fhir", "-o", first]) == 1
    assert "a.json: exists already; give --overwrite" in capsys.readouterr().err
