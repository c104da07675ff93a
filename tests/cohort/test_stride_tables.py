"""Tables of strides: what is read, what is left out, what is refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simgait.cohort.stride_tables import read_strides
from simgait.errors import InputError
from simgait.gait.scores import SAGITTAL_ANGLES, SCORED_ANGLES

Cell = str | float


def rows_of(
    stride: np.ndarray, side: str, person: str = "A", cycle: int = 1
) -> list[dict[str, Cell]]:
    """One stride (9, points) as rows of a table."""
    points = stride.shape[1]
    return [
        {"person": person, "side": side, "cycle": cycle, "percent": 100.0 * k / (points - 1)}
        | {f"{name}_deg": float(stride[i, k]) for i, name in enumerate(SCORED_ANGLES)}
        for k in range(points)
    ]


def write(path: Path, rows: list[dict[str, Cell]]) -> Path:
    lines = [",".join(rows[0]), *(",".join(map(str, row.values())) for row in rows)]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return path


def stride(points: int = 51, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    phase = np.linspace(0.0, 2.0 * np.pi, points)
    curves = rng.normal(10.0, 10.0, (9, 1)) + rng.normal(0.0, 20.0, (9, 1)) * np.cos(phase)
    curves[3] = 15.0 + 22.0 * np.cos(phase)
    curves[6] = 30.0 - 8.0 * np.cos(phase) - 22.0 * np.sin(phase)
    return np.asarray(curves)


def test_strides_of_people_and_sides_are_told_apart(tmp_path: Path) -> None:
    first, second = stride(), stride(101, 1)
    rows = rows_of(first, "left") + rows_of(first, "Right") + rows_of(second, "left", cycle=2)
    found = read_strides(write(tmp_path / "t.csv", rows[::-1]))
    assert found.is_whole and found.people == ("A", "A", "A")
    assert sorted(zip(found.sides, found.cycles, strict=True)) == [
        ("left", "1"), ("left", "2"), ("right", "1"),
    ]  # fmt: skip
    place = list(zip(found.sides, found.cycles, strict=True)).index(("left", "2"))
    assert np.allclose(found.curves_deg[place], second[:, ::2])


def test_a_stride_with_a_gap_is_left_out_and_said(tmp_path: Path) -> None:
    rows = rows_of(stride(), "left") + rows_of(stride(), "right")
    rows[3]["knee_flexion_deg"] = ""
    found = read_strides(write(tmp_path / "t.csv", rows))
    assert found.sides == ("right",)
    assert found.notes == (
        "t.csv: 1 of 2 strides left out, for gaps.",
        "t.csv: strides of A of the right side only; no score of both.",
    )
    with pytest.raises(InputError, match="t.csv: none of its 1 stride is without gaps"):
        read_strides(write(tmp_path / "t.csv", rows[:51]))


def test_sagittal_angles_alone_are_told_from_a_table_with_some_missing(tmp_path: Path) -> None:
    rows = rows_of(stride(), "left")
    keep = ("side", "percent", *(f"{name}_deg" for name in SAGITTAL_ANGLES))
    sagittal = [{name: row[name] for name in keep} for row in rows]
    found = read_strides(write(tmp_path / "t.csv", sagittal))
    assert not found.is_whole and found.angles == SAGITTAL_ANGLES and found.people == ("",)
    for row in rows:
        del row["foot_progression_deg"]
    with pytest.raises(InputError, match="t.csv: foot_progression_deg missing; the scores need"):
        read_strides(write(tmp_path / "t.csv", rows))


@pytest.mark.parametrize(
    ("column", "said"),
    [("side", "has no column side"), ("percent", "has no column percent")],
)
def test_side_and_percent_must_be_there(tmp_path: Path, column: str, said: str) -> None:
    rows = rows_of(stride(), "left")
    for row in rows:
        del row[column]
    with pytest.raises(InputError, match=f"^t.csv: {said}"):
        read_strides(write(tmp_path / "t.csv", rows))


def test_odd_sides_points_and_units_are_refused(tmp_path: Path) -> None:
    rows = rows_of(stride(), "L")
    with pytest.raises(InputError, match="t.csv: line 2 has the side 'L'; write left or right"):
        read_strides(write(tmp_path / "t.csv", rows))
    with pytest.raises(InputError, match="t.csv: A, left cycle 1 has 40 points"):
        read_strides(write(tmp_path / "t.csv", rows_of(stride(40), "left")))
    with pytest.raises(InputError, match="looks like radians"):
        read_strides(write(tmp_path / "t.csv", rows_of(np.radians(stride()), "left")))
    named = [
        {name.replace("_deg", "_rad"): v for name, v in row.items()}
        for row in rows_of(stride(), "left")
    ]
    with pytest.raises(InputError, match="pelvis_tilt_rad is in radians; give degrees"):
        read_strides(write(tmp_path / "t.csv", named))


def test_percent_as_a_share_and_empty_angles_are_told(tmp_path: Path) -> None:
    rows = rows_of(stride(), "left")
    shares = [row | {"percent": float(row["percent"]) / 100.0} for row in rows]
    with pytest.raises(InputError, match="percent runs from 0 to 1; write 0 to 100"):
        read_strides(write(tmp_path / "t.csv", shares))
    with pytest.raises(InputError, match=r"^t.csv: every joint angle is 0"):
        read_strides(write(tmp_path / "t.csv", rows_of(np.zeros((9, 51)), "left")))


def test_a_table_may_say_what_made_its_angles(tmp_path: Path) -> None:
    rows = rows_of(stride(), "left") + rows_of(stride(seed=1), "right")
    told: list[dict[str, Cell]] = [row | {"made_by": "policy abc"} for row in rows]
    found = read_strides(write(tmp_path / "t.csv", told))
    assert found.pipeline == "policy abc"
    assert any("stands without the provenance.json of its walk" in note for note in found.notes)
    told[0]["made_by"] = "Plug-in Gait"
    with pytest.raises(InputError, match="made by Plug-in Gait and by policy abc"):
        read_strides(write(tmp_path / "t.csv", told))


def test_a_pelvis_that_leans_back_is_noted_of_each_leg(tmp_path: Path) -> None:
    leaning = stride()
    leaning[0] = -12.0
    found = read_strides(write(tmp_path / "t.csv", rows_of(leaning, "left")))
    assert any("A, left: the pelvis leans back by 12°" in note for note in found.notes)
    told: list[dict[str, Cell]] = [
        row | {"made_by": '"simgait, policy abc"'} for row in rows_of(leaning, "left")
    ]
    own = read_strides(write(tmp_path / "own.csv", told))
    assert own.pipeline == "simgait, policy abc"
    assert not any("leans back" in note for note in own.notes)


def test_nobody_is_told_to_turn_the_sign_of_simgaits_own_angles(tmp_path: Path) -> None:
    """A walk that was tracked at a wrong frame rate has such curves, and its report says so."""
    turned = stride()
    turned[3] = -turned[3]
    rows = rows_of(turned, "left")
    with pytest.raises(InputError) as theirs:
        read_strides(write(tmp_path / "t.csv", rows))
    assert "sign" in str(theirs.value)
    told: list[dict[str, Cell]] = [row | {"made_by": '"simgait, policy abc"'} for row in rows]
    with pytest.raises(InputError, match="no walking person's .*, though simgait made") as own:
        read_strides(write(tmp_path / "own.csv", told))
    assert "sign" not in str(own.value)


@pytest.mark.parametrize("name", ["walk.trc", "walk.npz", "walk.csv"])
def test_a_file_of_markers_is_sent_to_track(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_text("frame,LASI_x,LASI_y,LASI_z\n1,2,3,4\n", "utf-8")
    with pytest.raises(InputError, match=rf"{name}: .*run simgait track on it first"):
        read_strides(path)
