"""`simgait evaluate`: two tables in, an agreement report out; folders, names, exclusions."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.parameters.summary_table import summary_columns
from simgait.report.agreement.folder import refuse_other_results
from tests.commands.conftest import Row, change, noisy, truth_rows, write


def test_writes_the_report_and_says_what_it_found(files, tmp_path, evaluate):
    code, out, err = evaluate(*files, tmp_path / "o")
    assert (code, err) == (0, "")
    assert "16 walks of 8 people" in out and "Walking speed: " in out
    assert "height_m (describes" in out and "site (its name carries no unit" in out
    assert sorted(p.name for p in (tmp_path / "o").iterdir()) == [
        "agreement.html", "measures.csv", "provenance.json", "report.json",
    ]  # fmt: skip
    assert "note: No Chromium, Chrome or Edge was found to print the page as PDF" in out
    with (tmp_path / "o" / "measures.csv").open() as file:
        rows = {row["measure"]: row for row in csv.DictReader(file)}
    assert list(rows) == ["velocity_mps", "step_length_left_m", "step_length_right_m"]
    with files[0].open() as t, files[1].open() as e:
        pairs = zip(csv.DictReader(t), csv.DictReader(e), strict=True)
        error = [float(b["velocity_mps"]) - float(a["velocity_mps"]) for a, b in pairs]
    assert float(rows["velocity_mps"]["bias"]) == pytest.approx(np.mean(error))
    provenance = json.loads((tmp_path / "o" / "provenance.json").read_text())
    assert provenance["config"]["truth"] == "truth.csv" and provenance["commit"]
    assert re.fullmatch(r"[0-9a-f]{64}", provenance["input_sha256"]["truth"])
    everything = "".join(p.read_text(errors="replace") for p in (tmp_path / "o").iterdir())
    assert str(tmp_path) not in everything


def test_the_page_is_printed_where_a_browser_is(files, tmp_path, evaluate, fake_browser):
    code, out, err = evaluate(*files, tmp_path / "o")
    assert (code, err) == (0, "") and "No Chromium" not in out
    assert (tmp_path / "o" / "agreement.pdf").read_bytes().startswith(b"%PDF")
    # A PDF of an older report never stays beside a new page.
    evaluate(*files, tmp_path / "o", "--no-pdf")
    assert not (tmp_path / "o" / "agreement.pdf").exists()


def test_a_pdf_that_is_demanded_and_cannot_be_had_is_a_sentence(files, tmp_path, evaluate):
    code, _, err = evaluate(*files, tmp_path / "o", "--pdf")
    assert code == 1 and err.count("\n") == 1 and "No Chromium, Chrome or Edge" in err
    assert not (tmp_path / "o").exists()


def summary(tmp_path: Path, rows: list[Row]) -> Path:
    """A table as `simgait track` writes it, with two failures that share a name."""
    folder = tmp_path / "results"
    folder.mkdir()
    table: list[Row] = []
    for k, row in enumerate(rows):
        name = str(row["trial_id"])
        (folder / name).mkdir()
        (folder / name / "report.html").write_text("x")
        table.append(
            {
                "trial": name,
                "subject": row["subject_id"],
                "folder": name,
                "verdict": "caution" if k % 2 else "good",
                "height_m": 1.7,
                "velocity_mps": row["velocity_mps"],
                "left_step_length_m": row["step_length_left_m"],
                "right_step_length_m": row["step_length_right_m"],
            }
        )
    table += [{"trial": "bad", "verdict": "failed", "failure": "too short."}] * 2
    return write(folder / "summary.csv", table, summary_columns())


def test_the_summary_of_track_is_an_estimate_as_it_is(tmp_path, evaluate):
    rows = truth_rows()
    rows[3]["trial_id"] = "walk 3"  # simgait writes ids without blanks
    done = noisy(rows)
    done[3]["trial_id"] = "walk_3"
    table = summary(tmp_path, done)
    truth = write(tmp_path / "truth.csv", [*rows, rows[0] | {"trial_id": "bad"}])
    code, out, err = evaluate(truth, table, table.parent, "--tracker", "simgait")
    assert (code, err) == (0, "") and "16 walks of 8 people. 1 of 17 walks offered" in out
    assert "(5.9\u00a0%) is left out." in out
    html = (table.parent / "agreement.html").read_text()
    assert "By verdict" in html and "caution" in html
    assert "failed: too short." in html and ">bad<" in html
    assert re.search(r'<a href="walk[_\d]+/report.html">', html)
    assert "Step length, left" in html
    assert (table.parent / "summary.csv").exists()


def test_unmatched_walks_and_missing_values_are_listed_with_their_share(files, tmp_path, evaluate):
    rows = truth_rows()
    estimates = noisy(rows)[2:] + [noisy(rows)[0] | {"trial_id": "only-here"}]
    estimates[0]["step_length_left_m"] = ""
    estimates[1]["step_length_left_m"] = "NaN"
    table = write(tmp_path / "est.csv", estimates)
    code, out, _ = evaluate(files[0], table, tmp_path / "o")
    assert code == 0 and "3 of 17 walks offered (17.6\u00a0%) are left out" in out
    record = json.loads((tmp_path / "o" / "report.json").read_text())
    reasons = {g["reason"]: g["trial_ids"] for g in record["exclusions"]}
    assert reasons == {
        "not in est.csv": ["walk0", "walk1"],
        "not in truth.csv": ["only-here"],
        "no estimated value of step_length_left_m": ["walk2", "walk3"],
    }
    assert [m["n_without_value"] for m in record["measures"]] == [0, 2, 0]


def test_measures_can_be_chosen(files, tmp_path, evaluate):
    for asked, found in (
        (("step_length_m",), ["step_length_left_m", "step_length_right_m"]),
        (("velocity_mps,left_step_length_m",), ["velocity_mps", "step_length_left_m"]),
    ):
        evaluate(*files, tmp_path / "o", "--measures", *asked)
        record = json.loads((tmp_path / "o" / "report.json").read_text())
        assert [m["measure"] for m in record["measures"]] == found
    code, _, err = evaluate(*files, tmp_path / "o", "--measures", "stance_percent")
    assert code == 1 and "do not both have stance_percent; in common they have velocity_mps" in err


def test_one_bad_measure_does_not_take_the_others_with_it(files, tmp_path, evaluate):
    rows = [row | {"step_length_left_m": ""} for row in noisy(truth_rows())]
    rows[0]["step_length_left_m"] = 0.5
    table = write(tmp_path / "est.csv", rows)
    code, out, err = evaluate(files[0], table, tmp_path / "o")
    assert code == 1 and (tmp_path / "o" / "agreement.html").exists()
    assert err.count("\n") == 1 and "step_length_left_m: Only 1 pair has" in err
    assert "Not analysed" in out


def test_constant_columns_are_refused_and_one_constant_column_is_told(files, tmp_path, evaluate):
    write(files[1], change(velocity_mps=1.0)(truth_rows()))
    code, _, err = evaluate(*files, tmp_path / "o", "--measures", "velocity_mps")
    assert (code, err) == (0, "")
    assert "not defined" in (tmp_path / "o" / "agreement.html").read_text()
    write(files[0], change(velocity_mps=1.0)(truth_rows()))
    code, _, err = evaluate(*files, tmp_path / "p", "--measures", "velocity_mps")
    assert code == 1 and "zero variance" in err and not (tmp_path / "p").exists()


def test_the_output_folder_must_be_free_for_it(files, tmp_path, evaluate):
    taken = tmp_path / "taken"
    taken.write_text("x")
    code, _, err = evaluate(*files, taken)
    assert code == 1 and "is a file, not a folder" in err
    walk = tmp_path / "walk"
    walk.mkdir()
    (walk / "provenance.json").write_text("{}")
    code, _, err = evaluate(*files, walk)
    assert code == 1 and "holds other results" in err
    assert (walk / "provenance.json").read_text() == "{}"


@pytest.mark.parametrize("name", ["measures.csv", "report.json", "agreement.pdf", "summary.csv"])
def test_a_folder_of_other_results_is_refused_and_stays(name, files, tmp_path, evaluate):
    other = tmp_path / "other"
    other.mkdir()
    (other / name).write_text("mine")
    code, _, err = evaluate(*files, other)
    assert code == 1 and f"other: the output folder holds other results ({name})" in err
    assert [(p.name, p.read_text()) for p in other.iterdir()] == [(name, "mine")]


def older_report(folder: Path) -> None:
    """What an earlier run of the benchmark leaves."""
    folder.mkdir()
    (folder / "agreement.html").write_text("x")
    (folder / "provenance.json").write_text('{"config": {"benchmark": "simgait-bench-v1"}}')


def test_an_older_report_of_the_same_kind_is_replaced_and_named(files, tmp_path, evaluate):
    out = tmp_path / "o"
    _, said, _ = evaluate(*files, out)
    assert "older report" not in said
    code, said, _ = evaluate(*files, out, "--tracker", "again")
    date = json.loads((out / "provenance.json").read_text())["date_utc"][:10]
    assert code == 0
    assert f"note: o held an older report of two tables ({date}); it was replaced." in said
    assert "again against truth" in (out / "agreement.html").read_text()


@pytest.mark.parametrize("spoil", ["", "unreadable", "no record"])
def test_reports_of_two_kinds_never_share_a_folder(spoil, files, tmp_path, evaluate):
    bench = tmp_path / "bench"
    older_report(bench)
    if spoil == "unreadable":
        (bench / "provenance.json").write_text("[")
    elif spoil == "no record":
        (bench / "provenance.json").unlink()
    code, _, err = evaluate(*files, bench)
    assert code == 1 and err.count("\n") == 1
    assert ("holds other results" if spoil else "holds a report of the benchmark") in err
    assert (bench / "agreement.html").read_text() == "x"


def test_the_benchmark_does_not_write_over_a_report_of_two_tables(files, tmp_path, evaluate):
    evaluate(*files, tmp_path / "o")
    with pytest.raises(InputError, match="holds a report of two tables"):
        refuse_other_results(tmp_path / "o", "benchmark")
    older_report(tmp_path / "bench")
    assert "older report of the benchmark (undated)" in refuse_other_results(tmp_path / "bench")
    assert refuse_other_results(tmp_path / "new") == ""


def test_a_table_of_track_is_called_simgait(tmp_path, evaluate):
    rows = truth_rows()
    truth = write(tmp_path / "truth.csv", rows)
    table = summary(tmp_path, noisy(rows))
    _, out, _ = evaluate(truth, table, tmp_path / "o")
    assert out.splitlines()[1].startswith("simgait against the truth")
    _, out, _ = evaluate(truth, table, tmp_path / "o", "--tracker", "mine")
    assert out.splitlines()[1].startswith("mine against the truth")


def test_the_bookkeeping_of_track_is_not_named(tmp_path, evaluate):
    rows = truth_rows()
    truth = write(tmp_path / "truth.csv", rows)
    table = summary(tmp_path, noisy(rows))
    _, out, _ = evaluate(truth, table, table.parent)
    (line,) = (line for line in out.splitlines() if "only in the estimate" in line)
    assert "cadence_spm" in line and "folder" not in line and "fell" not in line
    assert "site (only in the truth, truth.csv)" in out


def test_the_summary_of_files_that_name_nobody_has_the_people_of_the_truth(tmp_path, evaluate):
    """docs/how-to/validate.md: recordings without subjects, a truth with them."""
    rows = truth_rows()
    table = summary(tmp_path, [row | {"subject_id": ""} for row in noisy(rows)])
    code, out, err = evaluate(write(tmp_path / "truth.csv", rows), table, tmp_path / "o")
    assert (code, err) == (0, "") and "16 walks of 8 people" in out and "warning" not in out
    assert "note: The subjects of all walks are those of truth.csv; the other names none." in out
    assert "those of truth.csv" in (tmp_path / "o" / "agreement.html").read_text()


def test_a_warning_stands_before_the_numbers(tmp_path, evaluate):
    rows = [row | {"subject_id": ""} for row in truth_rows()]
    fast = noisy(rows)
    fast[0]["velocity_mps"] = 2.9
    pair = write(tmp_path / "truth.csv", rows), write(tmp_path / "est.csv", fast)
    code, out, _ = evaluate(*pair, tmp_path / "o")
    first, second, third = out.splitlines()[1:4]
    assert code == 0 and "16 walks of 16 people" in third
    assert first.startswith("warning: Neither table says whose walk is whose")
    assert second.startswith("warning: 1 of the 16 estimates of velocity_mps lie outside")
    assert "every file is counted as another person" in (
        (tmp_path / "o" / "agreement.html").read_text()
    )


def flagged_summary(tmp_path: Path) -> tuple[Path, Path]:
    rows = truth_rows()
    table = summary(tmp_path, noisy(rows))
    with table.open() as file:
        cells = list(csv.DictReader(file))
    cells[0]["do_not_use"] = "velocity_mps left_step_length_m left_knee_flexion_deg"
    cells[1]["do_not_use"] = "velocity_mps"
    return write(tmp_path / "truth.csv", rows), write(table, cells)


def test_numbers_that_are_not_to_be_used_are_counted_and_can_be_left_out(tmp_path, evaluate):
    pair = flagged_summary(tmp_path)
    counted = "3 of 48 estimates are not to be used, as the estimate's own verdicts say "
    counted += "(velocity_mps: 2, step_length_left_m: 1)"
    code, out, _ = evaluate(*pair, tmp_path / "all")
    assert code == 0 and f"note: {counted}; they are compared all the same" in out

    code, out, _ = evaluate(*pair, tmp_path / "usable", "--usable-only")
    assert code == 0 and f"note: {counted}; they were left out and are listed." in out
    with (tmp_path / "usable" / "measures.csv").open() as file:
        pairs = {row["measure"]: row["n_pairs"] for row in csv.DictReader(file)}
    assert pairs == {
        "velocity_mps": "14", "step_length_left_m": "15", "step_length_right_m": "16",
    }  # fmt: skip
    record = json.loads((tmp_path / "usable" / "report.json").read_text())
    reasons = {group["reason"]: group["trial_ids"] for group in record["exclusions"]}
    assert reasons["velocity_mps is not to be used, says its own verdict"] == ["walk0", "walk1"]


def test_usable_only_wants_a_table_that_says_what_is_usable(files, tmp_path, evaluate):
    code, _, err = evaluate(*files, tmp_path / "o", "--usable-only")
    assert code == 1 and "est.csv: has no column do_not_use" in err
    assert not (tmp_path / "o").exists()
