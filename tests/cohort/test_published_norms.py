"""Norms by age out of MATLAB files: small ones made here, and the real ones where they are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.io import savemat

from simgait.cli import main
from simgait.cohort.published_norms import CURVE_COLUMNS, curve_norms, time_norms
from simgait.compare.norm_file import read_norms
from simgait.errors import InputError
from simgait.parameters.catalogue import parameter
from simgait.parameters.norm_choice import NormBand, Walker, norm_for
from simgait.parameters.normative_curves import normative_band

RNG = np.random.default_rng(3)
MEAN = RNG.normal(0.0, 20.0, (51, 12))
SD = RNG.uniform(2.0, 6.0, (51, 12))
# Cadence, stride (m), speed (m/min), steps (cm), step width (cm).
GOOD = [120.0, 1.2, 72.0, 60.0, 60.0, 9.0]


def kinematics(tmp_path: Path, **groups: Any) -> Path:
    path = tmp_path / "Control_Kinematics.mat"
    found = groups or {"Age4_5": {"Avg": MEAN, "Std": SD}, "General": {"Avg": MEAN, "Std": SD}}
    savemat(path, {"Control_Kinematics": found})
    return path


def times(tmp_path: Path, **groups: list[float]) -> Path:
    path = tmp_path / "TempSpatNorms.mat"
    found = groups or {"Age6": GOOD, "AgeAdult": GOOD}
    savemat(path, {"TempSpatNorms": {name: {"TimeDist": row} for name, row in found.items()}})
    return path


def test_the_table_is_one_that_simgait_reads(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "norms.csv"
    assert not main([
        "reference", "norms", "--kinematics", str(kinematics(tmp_path)), "--times",
        str(times(tmp_path)), "--sd-percent", "velocity_mps=10", "step_length_m=5", "--people",
        "20", "--source", "ours, 2025", "-o", str(out),
    ])  # fmt: skip
    said = capsys.readouterr()
    assert said.out == "norms.csv: 2 normal ranges, 357 points of joint curves\n"
    assert "General names no ages" in said.err and "AgeAdult names no ages" in said.err
    assert "no range of cadence_spm, stride_length_m without an SD" in said.err
    norms = read_norms(out)
    assert {f"{one.coordinate}_deg" for one in norms.curves} == set(CURVE_COLUMNS)
    for one in norms.curves:
        assert one.key[2:] == (4.0, 6.0) and one.source == "ours, 2025"
        mean, sd = one.mean_sd()
        column = CURVE_COLUMNS[f"{one.coordinate}_deg"]
        np.testing.assert_allclose(mean[::2], MEAN[:, column])
        np.testing.assert_allclose(sd[::2], SD[:, column])
    band = norm_for(parameter("velocity_mps"), Walker(1.2, 6.5), norms)
    assert isinstance(band, NormBand) and band.mean == pytest.approx(72.0 / 60.0)
    assert band.row is not None
    assert band.row.sd == pytest.approx(0.12)
    assert band.row.n == 20
    step = next(row for row in norms.rows if row.parameter == "step_length_m")
    assert step.mean == pytest.approx(0.6)
    assert step.sd == pytest.approx(0.03)


@pytest.mark.parametrize(
    ("row", "left_out"),
    [
        ([120.0, 1.3, 72.0, 60.0, 60.0, 9.0], {"stride_length_m"}),
        ([120.0, 1.2, 72.0, 55.0, 55.0, 9.0], {"step_length_m"}),
        ([120.0, 1.2, 50.0, 60.0, 60.0, 9.0],
         {"cadence_spm", "stride_length_m", "velocity_mps", "step_length_m"}),
    ],
)  # fmt: skip
def test_numbers_that_contradict_each_other_are_left_out(
    tmp_path: Path, row: list[float], left_out: set[str]
) -> None:
    every = dict.fromkeys(("cadence_spm", "stride_length_m", "velocity_mps", "step_length_m"), 10.0)
    found = time_norms(times(tmp_path, Age6=row, Age7=GOOD), "ours", every, 20)
    of_six = {one["parameter"] for one in found.rows if one["age_from_years"] == 6}
    assert of_six == set(every) - left_out
    assert sum(one["age_from_years"] == 7 for one in found.rows) == 4
    assert any("Age6" in note and "left out" in note for note in found.notes)


def test_times_alone_make_no_table_and_leave_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "norms.csv"
    command = ["reference", "norms", "--times", str(times(tmp_path)), "--source", "s", "-o"]
    assert main([*command, str(out)]) == 1 and not out.exists()
    assert "TempSpatNorms.mat: nothing of it has an SD" in capsys.readouterr().err
    assert main([*command, str(out), "--sd-percent", "velocity_mps=10"]) == 1
    assert "--people: a range needs how many people" in capsys.readouterr().err
    for wrong in ("velocity_mps=x", "velocity_mps=0", "stance_percent=3"):
        assert main([*command, str(out), "--people", "9", "--sd-percent", wrong]) == 1
        assert "--sd-percent: " in capsys.readouterr().err
    assert main(["reference", "norms", "--source", "s", "-o", str(out)]) == 1
    assert "Name a file of norms" in capsys.readouterr().err
    assert not out.exists()


def test_other_files_are_refused_in_a_sentence(tmp_path: Path) -> None:
    other = tmp_path / "Control_Kinematics.mat"
    with pytest.raises(InputError, match=r"^Control_Kinematics.mat: there is no such file"):
        curve_norms(other, "s")
    for content in (b"", b"\x80\x04K\x01.", b"MATLAB 7.3 MAT-file" + bytes(700), b"x" * 4000):
        other.write_bytes(content)
        with pytest.raises(InputError, match=r"^Control_Kinematics.mat: "):
            curve_norms(other, "s")
    whole = kinematics(tmp_path).read_bytes()
    for end in (128, 200, len(whole) // 2, len(whole) - 9):
        other.write_bytes(whole[:end])
        with pytest.raises(InputError, match=r"^Control_Kinematics.mat: "):
            curve_norms(other, "s")
    with pytest.raises(InputError, match="holds no struct Control_Kinematics"):
        curve_norms(times(tmp_path), "s")


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        ({"Age4_5": {"Avg": MEAN[:50], "Std": SD}}, "Age4_5: Avg is no table of 51 × 12"),
        ({"Age4_5": {"Avg": MEAN}}, "Age4_5: Std is no table of 51 × 12"),
        ({"Age4_5": {"Avg": MEAN, "Std": SD * np.nan}}, "mean or SD is missing"),
        ({"General": {"Avg": MEAN, "Std": SD}}, "has no group with an age"),
    ],
)
def test_another_structure_is_refused(tmp_path: Path, groups: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError) as refused:
        curve_norms(kinematics(tmp_path, **groups), "s")
    assert said in str(refused.value)


def test_the_real_files_angles_are_those_of_simgait(tmp_path: Path, data_dir: Path) -> None:
    folder = data_dir / "gdi_reference"
    if not (folder / "Control_Kinematics.mat").is_file():
        pytest.skip("the data folder with Control_Kinematics.mat is not here")
    out = tmp_path / "norms.csv"
    main([
        "reference", "norms", "--kinematics", str(folder / "Control_Kinematics.mat"), "--times",
        str(folder / "TempSpatNorms.mat"), "--sd-percent", "velocity_mps=13", "stride_length_m=10",
        "--people", "20", "--source", "s", "-o", str(out),
    ])  # fmt: skip
    norms = read_norms(out)
    assert len(norms.curves) == 11 * len(CURVE_COLUMNS)
    # Sign and order: each angle moves as simgait's does, in every age group.
    least = {"pelvis_tilt": 0.35, "pelvis_rotation": 0.55}
    for one in norms.curves:
        mean, _ = one.mean_sd()
        own, _ = normative_band(one.coordinate)
        assert np.corrcoef(mean, own)[0, 1] > least.get(one.coordinate, 0.93), one.key
        assert abs(np.mean(mean - own)) < 7.0, one.key
    of_nine = {row.parameter for row in norms.rows if row.age_from_years == 9.0}
    assert of_nine == {"velocity_mps"}
    speed = {r.age_from_years: r.mean for r in norms.rows if r.parameter == "velocity_mps"}
    assert sorted(speed) == list(range(2, 17)) and 0.6 < speed[2.0] < speed[7.0] < speed[13.0] < 1.5


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        ({"Age4_5": {"Avg": np.deg2rad(MEAN), "Std": np.deg2rad(SD)}}, "in degrees"),
        ({"Age4_5": {"Avg": 100.0 * MEAN, "Std": SD}}, "is no angle's"),
        ({"Age4_5": {"Avg": MEAN + 1j, "Std": SD}}, "Avg is no table of 51 × 12 numbers"),
        ({"Age9_5": {"Avg": MEAN, "Std": SD}}, "Age9_5 is no group of ages"),
        ({"Age400": {"Avg": MEAN, "Std": SD}}, "Age400 is no group of ages"),
        ({"Age4_5": {"Avg": MEAN, "Std": SD}, "Age5_9": {"Avg": MEAN, "Std": SD}},
         "Age4_5 and Age5_9 are of the same ages"),
    ],
)  # fmt: skip
def test_no_table_is_written_that_norms_would_refuse(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], groups: dict[str, Any], said: str
) -> None:
    path, out = kinematics(tmp_path, **groups), tmp_path / "norms.csv"
    command = ["reference", "norms", "--kinematics", str(path), "--source", "us", "-o", str(out)]
    assert main(command) == 1
    assert said in capsys.readouterr().err
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ([0.0, 0.0, 0.0, 0.0, 0.0, 0.0], "nobody walks with a cadence_spm of 0"),
        ([120.0, 120.0, 7200.0, 6000.0, 6000.0, 9.0], "nobody walks with a stride_length_m of 120"),
    ],
)
def test_times_in_other_units_are_refused(tmp_path: Path, row: list[float], said: str) -> None:
    with pytest.raises(InputError, match=said):
        time_norms(times(tmp_path, Age6=row), "us", {"velocity_mps": 10.0}, 20)


def test_a_file_much_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "Control_Kinematics.mat"
    with path.open("wb") as file:
        file.truncate(5_000_000)
    with pytest.raises(InputError, match="more than norms need"):
        curve_norms(path, "us")


def test_an_sd_said_twice_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "norms.csv"
    assert main([
        "reference", "norms", "--times", str(times(tmp_path)), "--sd-percent", "velocity_mps=10",
        "velocity_mps=12", "--people", "20", "--source", "us", "-o", str(out),
    ]) == 1  # fmt: skip
    assert "velocity_mps is there twice" in capsys.readouterr().err and not out.exists()
