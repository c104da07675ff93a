"""`simgait companion run angle-refiner`: refined curves of a walk, and what it cannot read."""

import csv
import json

import numpy as np
import pytest

from simgait.cli import main
from simgait.companions.angle_refiner.behind import Behind, refuse_other_walks
from simgait.companions.angle_refiner.curves import ANGLES, PERCENT
from simgait.companions.angle_refiner.estimate import opinion_of, read_walk
from simgait.companions.angle_refiner.weights import load_refiners, released_folder
from simgait.errors import InputError
from simgait.estimators.companion import Asked
from tests.companions.angle_refiner.made_up import pairs, table, written

REFINERS, CARD = load_refiners(released_folder())


@pytest.fixture
def folder(tmp_path):
    """What a tracked walk's folder holds of a walk whose knees bend as usual."""
    mean = REFINERS["simulated"].standard.estimated_mean
    rows = ["curve,percent,mean_deg,mean_deg_lo,mean_deg_hi"]
    for side in ("left", "right"):
        for column, angle in enumerate(ANGLES):
            fine = np.interp(np.arange(101), PERCENT, mean[:, column])
            rows += [f"{side}_{angle},{k},{v!r},," for k, v in enumerate(fine.tolist())]
    made = tmp_path / "walk"
    made.mkdir()
    (made / "mean_curves.csv").write_text("\n".join(rows), encoding="utf-8")
    return made


def test_a_tracked_walk_has_refined_curves_with_intervals(folder, tmp_path, capsys):
    out = tmp_path / "refined.csv"
    assert main(["companion", "run", "angle-refiner", str(folder), "-o", str(out)]) == 0
    said = capsys.readouterr().out
    assert "knee flexion, largest, left: " in said and "simulated body that follows" in said
    with out.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    knee = [r for r in rows if (r["quantity"], r["side"]) == ("knee_flexion_deg", "left")]
    assert [float(row["percent"]) for row in knee] == PERCENT.tolist()
    low, value, high = (np.array([float(r[k]) for r in knee]) for k in ("low", "value", "high"))
    width = CARD.networks["simulated"].half_widths_deg["knee_flexion"]
    assert width is not None
    np.testing.assert_allclose(value - low, width, rtol=1e-4)
    np.testing.assert_allclose(high - value, width, rtol=1e-4)
    assert 45.0 < value.max() < 75.0 and abs(value.min()) < 20.0
    largest = next(r for r in rows if r["quantity"] == "knee_flexion_largest_deg")
    assert largest["percent"] == "" and float(largest["value"]) == pytest.approx(value.max(), 1e-4)


def test_folder_and_table_say_the_same_and_an_ankle_that_was_not_seen_is_not_said(folder):
    path = folder / "mean_curves.csv"
    assert opinion_of(folder, Asked()) == opinion_of(path, Asked())
    lines = [line for line in path.read_text("utf-8").splitlines() if "left_ankle" not in line]
    path.write_text("\n".join(lines), encoding="utf-8")
    keys = {(one.key, one.side) for one in opinion_of(path, Asked()).curves}
    assert ("ankle_dorsiflexion_deg", "right") in keys
    assert ("ankle_dorsiflexion_deg", "left") not in keys


def test_angles_that_the_report_denies_are_not_refined(folder):
    def says(**levels):
        numbers = {key: {"level": level, "doubts": []} for key, level in levels.items()}
        text = json.dumps({"verdict": {"level": "use_some", "numbers": numbers}})
        (folder / "provenance.json").write_text(text, encoding="utf-8")

    says(left_ankle_dorsiflexion_deg="do_not_use", right_ankle_dorsiflexion_deg="rough")
    opinion = opinion_of(folder, Asked())
    keys = {(one.key, one.side) for one in opinion.curves}
    assert ("ankle_dorsiflexion_deg", "left") not in keys
    assert ("ankle_dorsiflexion_deg", "right") in keys
    assert any(note.endswith("not to use them: left ankle dorsiflexion") for note in opinion.notes)
    says(**{f"{side}_{a}_deg": "do_not_use" for side in ("left", "right") for a in ANGLES})
    with pytest.raises(InputError, match="^walk: its report says not to use any of its angles"):
        opinion_of(folder, Asked())


def behind(folder, policy_sha256, measured=False):
    facts = {
        "verdict": {"level": "use_all", "numbers": {}},
        "policy": {"sha256": policy_sha256},
        "input": {"measured": measured},
    }
    (folder / "provenance.json").write_text(json.dumps(facts), encoding="utf-8")


@pytest.mark.parametrize("which", [".", "mean_curves.csv"])
def test_another_policys_walks_and_those_of_markers_are_not_refined(folder, which):
    learned = str(CARD.networks["simulated"].policy_sha256)
    behind(folder, learned)
    notes = " ".join(opinion_of(folder / which, Asked()).notes)
    assert "nothing says" not in notes
    behind(folder, "f00d" * 16)
    with pytest.raises(InputError) as error:
        opinion_of(folder / which, Asked())
    assert "policy f00df00df00d tracked it" in str(error.value)
    assert f"learned the angles of policy {learned[:12]}" in str(error.value)
    behind(folder, learned, measured=True)
    with pytest.raises(InputError, match="its points were measured, and nothing was learned"):
        opinion_of(folder / which, Asked())


def test_a_walk_of_which_nobody_says_what_tracked_it_is_refined_with_a_note(folder):
    notes = opinion_of(folder, Asked()).notes
    assert sum("nothing says" in note for note in notes) == 2
    unbound = CARD.networks["simulated"].model_copy(update={"policy_sha256": None})
    with pytest.raises(InputError, match="does not say which policy's angles it learned"):
        refuse_other_walks("simulated", unbound, Behind(), "walk")
    refuse_other_walks("own", unbound, Behind("f00d", measured=True), "walk")


def test_a_table_of_another_system_needs_its_network(tmp_path):
    labels = table(pairs(4, 1))
    path = written(labels, tmp_path / "walk.csv", rows=44)
    with pytest.raises(InputError, match="does not say which system .* --network, one of kinect"):
        opinion_of(path, Asked())
    opinion = opinion_of(path, Asked(network="kinect"))
    assert {one.key for one in opinion.curves} == {"hip_flexion_deg", "knee_flexion_deg"}
    assert opinion.made_by.startswith("kinect; ")
    with pytest.raises(InputError, match="--network zed: .* name one of kinect, kinematics"):
        opinion_of(path, Asked(network="zed"))


def test_what_it_cannot_read_is_a_sentence(folder, tmp_path):
    with pytest.raises(InputError, match=r"has no mean_curves.csv; name the folder of one"):
        read_walk(tmp_path)
    several = written(table(pairs(2, 1)), tmp_path / "several.csv")
    with pytest.raises(InputError, match=r"holds 2 of person \(p0, p1, \.\.\.\); give"):
        read_walk(several)
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match="has neither the columns curve, percent, mean_deg nor"):
        read_walk(other)
    path = folder / "mean_curves.csv"
    lines = path.read_text("utf-8").splitlines()
    half = lines[:1] + [line for line in lines[1:] if int(line.split(",")[1]) < 59]
    path.write_text("\n".join(half), encoding="utf-8")
    with pytest.raises(InputError, match="left, pelvis_tilt: 59 points from 0 to 58 %"):
        read_walk(folder)
    path.write_text("\n".join([lines[0], *(f"left_arm,{k},9.0,," for k in range(101))]), "utf-8")
    with pytest.raises(InputError, match="an angle called arm"):
        read_walk(folder)


def test_a_walk_without_a_whole_cycle_is_named_with_the_reason(folder):
    path = folder / "mean_curves.csv"
    path.write_text(path.read_text("utf-8").splitlines()[0] + "\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        read_walk(folder)
    assert f"{folder.name}: shows no whole gait cycle" in str(error.value)


def test_what_excel_puts_before_a_table_is_read_and_said(folder):
    path = folder / "mean_curves.csv"
    plain = read_walk(folder)
    path.write_text("sep=,\n" + path.read_text("utf-8"), encoding="utf-8")
    walk = read_walk(folder)
    assert walk.sides.keys() == plain.sides.keys() and not plain.notes
    assert "mean_curves.csv: the first line says that ',' parts the cells" in walk.notes[0]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("curve,percent,mean_deg\n", "has a heading but no rows; give a row for each point"),
        ("\n", "is empty; give a heading and a row for each point"),
        ("curve,curve,mean_deg\na,b,1\n", "two columns have one name"),
        ("curve,percent,mean_deg\nleft_knee_flexion,0\n", "row 1 has 2 cells and the heading 3"),
        ("curve;percent;mean_deg\nleft_knee_flexion;0;1,5\n", "mean_deg: '1,5' is no number"),
        ("curve\tpercent\tmean_deg\nleft_knee_flexion\tinf\t1\n", "percent: 'inf' is no numb"),
    ],
)
def test_a_table_that_is_none_is_a_sentence(text, sentence, tmp_path):
    path = tmp_path / "curves.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=f"curves.csv: .*{sentence}"):
        read_walk(path)
