"""What people's own tables hold: each is read, or refused with one sentence and nothing written."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simgait.cli import main
from simgait.compare.column_names import parse_column
from simgait.compare.tables import match_tables
from simgait.errors import InputError
from tests.commands.conftest import Row, change, noisy, truth_rows, write


def test_without_subjects_each_walk_is_a_person_and_the_report_says_so(files, tmp_path, evaluate):
    for path in files:
        with path.open() as file:
            rows = [{k: v for k, v in r.items() if k != "subject_id"} for r in csv.DictReader(file)]
        write(path, rows)
    code, out, _ = evaluate(*files, tmp_path / "o")
    assert code == 0 and "16 walks of 16 people" in out and "too narrow" in out
    assert "too narrow" in (tmp_path / "o" / "agreement.html").read_text()


def rename(old: str, new: str, factor: float = 1.0) -> Callable[[list[Row]], list[Row]]:
    def do(rows: list[Row]) -> list[Row]:
        return [
            {new if k == old else k: float(v) * factor if k == old else v for k, v in r.items()}
            for r in rows
        ]

    return do


def first(**columns: object) -> Callable[[list[Row]], list[Row]]:
    return lambda rows: [rows[0] | columns, *rows[1:]]


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda rows: [{"trial_id": r["trial_id"], "x": 1} for r in rows],
         "no column with a unit in its name in common"),
        (change(trial_id="same"), "est.csv holds 'same' more than once"),
        (lambda rows: [r | {"trial_id": f"other{k}"} for k, r in enumerate(rows)],
         "no trial id in common"),
        (first(velocity_mps="fast"), "line 2, column velocity_mps holds 'fast'"),
        (first(velocity_mps="1,23"), "commas and points in one column; write all decimals with a"),
        (change(velocity_mps="1,234"), "which may be a decimal or over a thousand"),
        (first(velocity_mps="inf"), "holds 'inf', which is not a number"),
        (rename("step_length_left_m", "step_length_left_s"), "the units differ and cannot be con"),
        (rename("velocity_mps", "velocity_mps", 100.0), "the estimates look like cm/s; name that"),
        (lambda rows: [*rename("velocity_mps", "velocity_mps", 100.0)(rows[:2]), *rows[2:]],
         "2 of the 16 estimates of velocity_mps are about 100 times the truth"),
        (lambda rows: rows[:1], "Only 1 pair has both values"),
        (change(velocity_mps="", step_length_left_m="", step_length_right_m=""),
         "no row holds a value"),
        (first(subject_id="S9"), "say different subjects of 1 walk: walk0 (S0 against S9)"),
        (first(trial_id=""),
         "est.csv has a row without trial id"),
        (lambda rows: [{k: v for k, v in r.items() if k != "trial_id"} for r in rows],
         "has no column trial_id that names the walks"),
        (lambda rows: [r | {"left_step_length_m": 1.0} for r in rows], "mean the same; drop one"),
    ],
)  # fmt: skip
def test_bad_estimates_get_one_sentence_and_leave_nothing(
    spoil, sentence, files, tmp_path, evaluate
):
    write(files[1], spoil(noisy(truth_rows())))
    code, out, err = evaluate(*files, tmp_path / "o")
    assert code == 1 and out == "comparing est.csv with truth.csv ...\n"
    assert not (tmp_path / "o").exists()
    assert err.startswith("simgait: ") and err.count("\n") == 1 and sentence in err


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (None, "there is no such file"),
        (b"", "is empty"),
        (b"trial_id,velocity_mps\n", "has a heading but no rows"),
        (b"trial_id,velocity_mps,velocity_mps\na,1,2\n", "has two columns named velocity_mps"),
        (b"\xff\xfe\x00", "is not the UTF-16 text"),
        (b"trial_id,velocity_mps\na\n",
         "line 2 has 1 cell, but the heading (line 1) has 2; mend that line."),
        (b"trial_id,velocity_mps\na,1,2\n", "line 2 has 3 cells, but the heading (line 1) has 2; "
         "mend that line, and write decimals with a point"),
        (b"Gait lab\ntrial_id,velocity_mps\na,1\n", "line 1 should name the columns"),
        (b"Gait lab;;\n\ntrial_id;velocity_mps;\na;1;\n", "line 1 should name the columns"),
        (b"a\0b", "is not text"),
        (b"PK\x03\x04\0\0", "is a workbook"),
        (bytes.fromhex("d0cf11e0a1b11ae1"), "is a workbook"),
    ],
)  # fmt: skip
def test_bad_files_get_one_sentence(content, sentence, files, tmp_path, evaluate):
    files[0].unlink()
    if content is not None:
        files[0].write_bytes(content)
    code, _, err = evaluate(*files, tmp_path / "o")
    assert code == 1 and err.count("\n") == 1 and f"truth.csv: {sentence}" in err
    assert not (tmp_path / "o").exists()


def in_two_folders(tmp_path: Path, truth: list[Row], estimate: list[Row]) -> tuple[Path, Path]:
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
    return write(tmp_path / "a" / "gait.csv", truth), write(tmp_path / "b" / "gait.csv", estimate)


def test_two_tables_of_one_name_are_told_apart(tmp_path, evaluate):
    """One calls its people `subject_id`, the other does not name them."""
    rows = truth_rows()
    nameless = [{k: v for k, v in r.items() if k != "subject_id"} for r in noisy(rows)[1:]]
    for truth, estimate in ((rows, nameless), (nameless, rows)):
        folder = tmp_path / str(len(truth))
        folder.mkdir()
        pair = in_two_folders(folder, truth, estimate)
        code, out, err = evaluate(*pair, folder / "o")
        assert (code, err) == (0, "") and "15 walks of 8 people" in out
    record = json.loads((tmp_path / "16" / "o" / "report.json").read_text())
    assert record["title"] == "gait (estimate) against gait (truth)"
    assert [g["reason"] for g in record["exclusions"]] == ["not in gait.csv (estimate)"]
    assert "Truth: gait.csv (truth). Estimates: gait.csv (estimate)." in " ".join(record["methods"])
    other = [{("subject" if k == "subject_id" else k): v for k, v in r.items()} for r in rows]
    (tmp_path / "c").mkdir()
    assert match_tables(*in_two_folders(tmp_path / "c", rows, other)).people_known


@pytest.mark.parametrize(
    ("truth_column", "column", "factor"),
    [
        ("step_length_left_m", "step_length_left_cm", 100.0),
        ("step_length_left_m", "left_step_length_mm", 1000.0),
        ("velocity_mps", "velocity_kmh", 3.6),
        ("velocity_mps", "velocity_cmps", 100.0),
    ],
)
def test_other_units_are_converted_and_the_report_says_so(
    truth_column, column, factor, files, tmp_path, evaluate
):
    in_one_unit = {pairs.name: pairs for pairs in match_tables(*files).measures}
    write(files[1], rename(truth_column, column, factor)(noisy(truth_rows())))
    for asked in ((), (truth_column,), (column,)):
        matched = match_tables(*files, measures=asked)
        (pairs,) = (one for one in matched.measures if one.name == truth_column)
        np.testing.assert_allclose(pairs.estimate, in_one_unit[truth_column].estimate)
        assert pairs.thresholds == in_one_unit[truth_column].thresholds
        assert matched.notes == (
            f"{column} of est.csv was converted to {in_one_unit[truth_column].unit}.",
        )
    code, out, err = evaluate(*files, tmp_path / "o")
    said = f"{column} of est.csv was converted to"
    assert (code, err) == (0, "") and said in out
    assert said in (tmp_path / "o" / "agreement.html").read_text()


def test_a_unit_that_both_tables_have_is_taken_before_another(files):
    rows = [r | {"velocity_kmh": 99.0} for r in noisy(truth_rows())]
    write(files[1], rows)
    matched = match_tables(*files)
    assert matched.notes == () and "velocity_kmh (only in the estimate" in matched.not_compared[-1]


@pytest.mark.parametrize("delimiter", [";", "\t", ","])
def test_decimal_commas_are_read_and_the_report_says_so(delimiter, files):
    points = match_tables(*files)
    with files[1].open() as file:
        rows = list(csv.reader(file))
    mark = '"' if delimiter == "," else ""
    text = "\n".join(
        delimiter.join(f"{mark}{cell.replace('.', ',')}{mark}" for cell in row) for row in rows
    )
    files[1].write_text(text)
    commas = match_tables(*files)
    for with_points, with_commas in zip(points.measures, commas.measures, strict=True):
        np.testing.assert_array_equal(with_points.estimate, with_commas.estimate)
    assert "decimal commas in velocity_mps of est.csv were read as points." in commas.notes


@pytest.mark.parametrize("code", ["-999", "-99", "9999", "-999.0", "99999,00"])
def test_a_code_for_missing_values_is_one_and_the_report_says_so(code, files, tmp_path, evaluate):
    rows = noisy(truth_rows())
    if "," in code:
        rows = [{k: str(v).replace(".", ",") for k, v in row.items()} for row in rows]
    rows[3] |= {"velocity_mps": code}
    rows[5] |= {"velocity_mps": code}
    write(files[1], rows)
    code_, out, err = evaluate(*files, tmp_path / "o")
    assert (code_, err) == (0, "")
    assert f"{code} in velocity_mps of est.csv (2 rows) was taken for a code for" in out


def test_nines_among_values_like_them_are_numbers(files):
    rows = [r | {"cadence_spm": 99 if k == 2 else 95 + k} for k, r in enumerate(truth_rows())]
    write(files[0], rows)
    write(files[1], rows)
    matched = match_tables(*files, measures=["cadence_spm"])
    assert matched.notes == () and matched.measures[0].truth[2] == 99.0


@pytest.mark.parametrize("word", ["#N/A", ".", "NULL", "-", "--", "?", "<NA>", "n.a.", "n.d.", ""])
def test_what_programs_write_for_missing_values_is_missing(word, files):
    write(files[1], first(velocity_mps=word)(noisy(truth_rows())))
    pairs = match_tables(*files).measures[0]
    assert np.isnan(pairs.estimate).sum() == 1 and np.isnan(pairs.estimate[0])


def test_a_table_in_another_encoding_is_read_and_the_report_says_so(files):
    files[1].write_bytes(files[1].read_text().encode("utf-16"))
    assert match_tables(*files).notes == (
        "est.csv: the file is not UTF-8 text and was read as UTF-16.",
    )


def test_one_table_is_not_compared_with_itself(files, tmp_path, evaluate):
    code, _, err = evaluate(files[0], files[0], tmp_path / "o")
    assert code == 1 and "truth.csv: is both the truth and the estimate" in err


@pytest.mark.parametrize(
    ("text", "shared"),
    [
        ("T1\nT2\n", ""),
        ("\nS3\nT2\nS0\n", "Subjects 'S0', 'S3' are in both"),
        ("subject_id\nS7\n", "Subject 'S7' is in both"),
        ("who;subject;site\nS0;T1;S1\n", ""),
        ("who;subject;site\nx;S1;S2\n", "Subject 'S1' is in both"),
        ("who,site\nS0,1\n", "has no column subject_id; give one subject a line"),
        ("subject_id,site\n,1\n", "line 2 names no subject"),
        ("subject_id\n", "names no subject; give one a line"),
        ("", "names no subject"),
    ],
)
def test_people_trained_on_are_refused(text, shared, files, tmp_path, evaluate):
    listed = tmp_path / "train.txt"
    listed.write_text(text)
    code, _, err = evaluate(*files, tmp_path / "o", "--trained-on", str(listed))
    assert (tmp_path / "o").exists() == (not shared) == (code == 0)
    assert shared in err and err.count("\n") == bool(shared)


def test_somebody_without_a_name_is_held_against_nobody(files, tmp_path, evaluate):
    listed = tmp_path / "train.txt"
    listed.write_text("learner-1\n")
    for path in files:
        with path.open() as file:
            rows: list[Row] = [*csv.DictReader(file)]
        write(path, [row | {"subject_id": "" if k == 3 else row["subject_id"]}
                     for k, row in enumerate(rows)])  # fmt: skip
    code, out, err = evaluate(*files, tmp_path / "o")
    assert (code, err) == (0, "") and "1 of 16 walks has no subject in" in out
    assert "16 walks of 9 people" in out
    code, _, err = evaluate(*files, tmp_path / "p", "--trained-on", str(listed))
    assert code == 1 and "so it cannot be held against --trained-on" in err


def test_what_was_said_of_the_training_stands_in_the_report(files, tmp_path, evaluate):
    listed = tmp_path / "train.txt"
    listed.write_text("learner-1\nlearner-2\nlearner-1\n")
    evaluate(*files, tmp_path / "o", "--trained-on", str(listed))
    html = (tmp_path / "o" / "agreement.html").read_text()
    assert "trained on 2 people, as stated; none of the 8 people here" in html
    assert "learner-1" not in html
    for path in files:
        with path.open() as file:
            rows = [{k: v for k, v in r.items() if k != "subject_id"} for r in csv.DictReader(file)]
        write(path, rows)
    code, _, err = evaluate(*files, tmp_path / "p", "--trained-on", str(listed))
    assert code == 1 and "says whose walk is whose" in err
    assert main(["evaluate", "--bench", "-o", "x", "--trained-on", str(listed)]) == 1


@pytest.mark.parametrize("before", ["", "\ufeff", "\n\n", "sep=;\n", "\ufeffsep=;\r\n"])
def test_semicolons_and_what_spreadsheets_put_before_them_are_read(before, files):
    text = before + files[0].read_text().replace(",", ";")
    files[0].write_text(text, encoding="utf-8")
    matched = match_tables(*files)
    assert matched.n_matched == 16
    said = [note for note in matched.notes if "says that ';' parts the cells" in note]
    assert len(said) == ("sep" in before)


def test_what_a_spreadsheet_writes_for_an_error_is_no_number(files):
    rows = files[1].read_text().splitlines()
    place = rows[0].split(",").index("velocity_mps")
    for k, word in enumerate(("#DIV/0!", "#VALUE!", "#REF!", "#NAME?"), 1):
        cells = rows[k].split(",")
        rows[k] = ",".join([*cells[:place], word, *cells[place + 1 :]])
    files[1].write_text("\n".join(rows))
    (speed,) = [one for one in match_tables(*files).measures if one.name == "velocity_mps"]
    assert np.isnan(speed.estimate).sum() == 4


def test_a_column_that_one_table_calls_otherwise_is_named(files, tmp_path, evaluate):
    rows = rename("velocity_mps", "pace_mps")(noisy(truth_rows()))
    estimate = write(tmp_path / "other.csv", [row | {"device": "mat"} for row in rows])
    code, out, err = evaluate(files[0], estimate, tmp_path / "o")
    assert (code, err) == (0, "")
    html = (tmp_path / "o" / "agreement.html").read_text()
    for text in (
        "velocity_mps (only in the truth, truth.csv)",
        "pace_mps, device (only in the estimate, other.csv)",
    ):
        assert text in out and text in html


def test_a_number_of_both_sides_whose_partner_is_of_each_is_named_so(files, tmp_path, evaluate):
    rows = [row | {"base_m": 0.1} for row in truth_rows()]
    truth = write(tmp_path / "mine.csv", rows)
    sides = [row | {"left_base_m": 0.1, "right_base_m": 0.2} for row in noisy(truth_rows())]
    estimate = write(tmp_path / "other.csv", sides)
    code, out, _ = evaluate(truth, estimate, tmp_path / "o")
    assert code == 0
    assert "base_m (in mine.csv of both sides together, in other.csv of each side)" in out
    assert "left_base_m, right_base_m (only in the estimate, other.csv)" in out


def test_named_columns(files, tmp_path):
    rows = [{"code": r["trial_id"], "who": r["subject_id"], "velocity_mps": r["velocity_mps"]}
            for r in truth_rows()]  # fmt: skip
    truth = write(tmp_path / "t.csv", rows)
    matched = match_tables(truth, files[1], id_column="code", subject_column="who")
    assert matched.people_known and len(set(matched.measures[0].subject_ids)) == 8
    names: dict[str, Any] = {"id_column": "code"}
    for option in ("id_column", "subject_column"):
        with pytest.raises(InputError, match="nothing"):
            match_tables(truth, files[1], **names | {option: "nothing"})


def test_signed_angles_near_zero_are_not_taken_for_another_unit(tmp_path):
    rng = np.random.default_rng(0)
    rows: list[Row] = [{"trial_id": k, "hip_rotation_deg": rng.normal(0, 1)} for k in range(20)]
    far: list[Row] = [row | {"hip_rotation_deg": 12.0 + k} for k, row in enumerate(rows)]
    matched = match_tables(write(tmp_path / "t.csv", rows), write(tmp_path / "e.csv", far))
    assert matched.measures[0].thresholds == (2.0, 5.0)


@pytest.mark.parametrize(
    ("column", "canonical", "unit", "label"),
    [
        ("left_step_length_m", "step_length_left_m", "m", "Step length, left"),
        ("Step_Length_Left_cm", "step_length_left_cm", "cm", "Step length, left"),
        ("velocity_mps", "velocity_mps", "m/s", "Walking speed"),
        ("stance_percent", "stance_percent", "% of cycle", "Stance"),
        ("residual_force_percent_bw", "residual_force_percent", "%", "Residual force"),
        ("hip_flexion_right_deg", "hip_flexion_right_deg", "°", "Hip flexion, right"),
        ("site", "site", "", "Site"),
        ("m", "m", "", "M"),
    ],
)
def test_column_names(column, canonical, unit, label):
    name = parse_column(column)
    assert (name.canonical, name.unit, name.label) == (canonical, unit, label)
