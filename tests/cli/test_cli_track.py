"""`simgait track` on recordings that are fine."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from simgait.body.fit import FitConfig
from simgait.body.footing import FootingConfig
from simgait.cohort import track_files as rooms
from simgait.gait.score_reference_file import write_reference
from simgait.pipeline import TrackOptions, walks_of_file
from simgait.recordings.options import ReadOptions
from simgait.skeleton.dimensions import Dimensions
from simgait.skeleton.keypoints import KEYPOINT_INDEX, KEYPOINT_NAMES
from simgait.tracking.inference import InferenceConfig
from tests.cli.conftest import Walk
from tests.gait.conftest import made_up_strides

pytestmark = pytest.mark.usefixtures("batches_of_eight")


@pytest.fixture
def session(tmp_path: Path, good_walk: Walk) -> Path:
    """Two people's walks of the same name."""
    for person in ("p1", "p2"):
        (tmp_path / "in" / person).mkdir(parents=True)
        good_walk.save(
            tmp_path / "in" / person / "walk.npz", subject_id=person, scale_is_metric=True
        )
    return tmp_path / "in"


def test_track_overwrite_and_provenance(simgait, session: Path, tmp_path: Path, policy: Path):
    out = tmp_path / "out"
    command = (
        "track", session, "-o", out, "--policy", policy,
        "--age", 44, "--aids", "cane,orthosis", "--diagnosis", "G81.1", "--height", 1.75,
    )  # fmt: skip
    ran = simgait(*command)
    assert ran.code == 0 and ran.err == ""
    assert "2 reports" in ran.out and "warp" not in ran.out
    assert sorted(p.name for p in out.iterdir() if p.is_dir()) == ["p2-walk", "walk"]
    with (out / "summary.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(r["trial"], r["source"], r["subject"]) for r in rows] == [
        ("walk", "p1/walk.npz", "p1"), ("p2-walk", "p2/walk.npz", "p2"),
    ]  # fmt: skip
    record = json.loads((out / "walk" / "provenance.json").read_text())
    assert record["policy"]["name"] == "stand-in" and len(record["policy"]["sha256"]) == 64
    assert record["config"]["preparation"]["min_frames"] == 30
    assert record["config"]["height_m"] == 1.75
    assert record["input"]["file"] == "walk.npz"
    assert record["input"]["height_estimated"] is False
    assert record["input"]["measured"] is True
    page = (out / "walk" / "report.html").read_text(encoding="utf-8")
    assert "though the file says" in page
    assert all(f"<dd>{said}</dd>" in page for said in ("44 years", "cane, orthosis", "G81.1"))
    assert "G81.1" not in json.dumps(record)

    before = (out / "walk" / "report.html").stat().st_mtime_ns
    table = (out / "summary.csv").read_text(encoding="utf-8")
    ran = simgait(*command)
    assert ran.code == 0 and "2 walks done before and kept" in ran.out
    ran = simgait(*command[:-1], 1.8)
    assert ran.code == 1 and "--height (1.75, now 1.8; in Python height_m); give --ov" in ran.err
    assert (out / "walk" / "report.html").stat().st_mtime_ns == before
    assert (out / "summary.csv").read_text(encoding="utf-8") == table
    ran = simgait(*command[:-1], 1.8, "--overwrite")
    assert ran.code == 0 and "2 reports" in ran.out
    assert (out / "walk" / "report.html").stat().st_mtime_ns > before


def test_healthy_people_of_another_system_are_refused_before_anything_is_read(
    simgait, session: Path, tmp_path: Path, policy: Path
) -> None:
    file, out = tmp_path / "lab.json", tmp_path / "out"
    write_reference(file, made_up_strides().reference(name="our lab"))
    ran = simgait("track", session, "-o", out, "--policy", policy, "--reference", file)
    assert ran.code == 1 and not out.exists()
    assert "lab.json: its angles were made by " in ran.err
    assert "healthy people whom this policy tracked" in ran.err and ran.err.count("\n") == 1


def test_norms_that_are_none_are_refused_before_anything_is_read(
    simgait, session: Path, tmp_path: Path, policy: Path
) -> None:
    file, out = tmp_path / "norms.csv", tmp_path / "out"
    head = "parameter,age_from_years,age_to_years,mean,sd,n,source"
    file.write_text(f"{head}\nstep_length_m,20,40,62,5,30,our lab\n", encoding="utf-8")
    ran = simgait("track", session, "-o", out, "--policy", policy, "--norms", file)
    assert ran.code == 1 and not out.exists()
    assert "norms.csv: line 2: nobody walks with a step_length_m of 62" in ran.err
    assert ran.err.count("\n") == 1


def test_walks_of_two_people_are_no_visit_and_a_distance_is_of_one_recording(
    simgait, session: Path, tmp_path: Path, policy: Path
):
    out = tmp_path / "out"
    command = ("track", session, "-o", out, "--policy", policy)
    ran = simgait(*command, "--one-visit")
    assert ran.code == 1 and not out.exists()
    assert "are no walks of one visit: each has another subject; track them apart" in ran.err
    assert ran.err.count("\n") == 1 and "p1" not in ran.err
    ran = simgait(*command, "--distance-of", "walk.npz=4")
    assert ran.code == 1 and "add --one-visit if all are walks of one person" in ran.err
    ran = simgait(*command, "--one-visit", "--distance-of", "walk.npz")
    assert ran.code == 1 and "'walk.npz' names no recording; write walk1.npz=6.2" in ran.err
    ran = simgait(*command, "--one-visit", "--distance-of", "walk.npz=4,2")
    assert ran.code == 1 and "write 4.2" in ran.err


def test_provenance_holds_all_that_the_numbers_rest_on(
    simgait, good_walk: Walk, tmp_path: Path, policy: Path
) -> None:
    hips = [KEYPOINT_INDEX["Left Hip"], KEYPOINT_INDEX["Right Hip"]]
    still = good_walk.points_m - good_walk.points_m[:, hips].mean(axis=1, keepdims=True)
    (tmp_path / "jane").mkdir()
    np.save(tmp_path / "jane" / "w.npy", 1000.0 * still)
    out = tmp_path / "out"
    ran = simgait(
        "track", tmp_path / "jane" / "w.npy", "-o", out, "--policy", policy, "--height", 1.75,
        "--fps", 30, "--unit", "mm", "--axes", "z-up", "--names", ",".join(KEYPOINT_NAMES),
        "--root-relative", "--belt-speed", 1.1, "--subject", "P07",
    )  # fmt: skip
    assert ran.code == 0, ran.err
    text = (out / "w" / "provenance.json").read_text(encoding="utf-8")
    record = json.loads(text)
    config = record["config"]
    assert config["reader"] == {
        "fps_hz": 30.0, "unit": "mm", "axes": "z-up", "names": list(KEYPOINT_NAMES),
        "root_relative": True, "belt_speed_mps": 1.1,
    }  # fmt: skip
    assert config["belt_speed_mps"] == 1.1
    assert InferenceConfig(**config["inference"]) == InferenceConfig()
    assert FitConfig(**config["fit"]) == FitConfig()
    assert FootingConfig(**config["footing"]) == FootingConfig()
    own = made_up_strides().reference()
    said = ReadOptions(**config["reader"], subject_id="P07")
    options = TrackOptions(1.75, said, reference=own)
    (trial,) = walks_of_file(tmp_path / "jane" / "w.npy", options)
    assert trial.options.reference is own
    walked = Dimensions(**config["body"])
    assert walked.height_m == pytest.approx(1.75)
    assert 0.3 < walked.thigh_m < 0.6 and 0.3 < walked.shank_m < 0.6
    assert record["rollout"]["attempts"] >= 1 and isinstance(record["rollout"]["fell"], bool)
    assert record["notes"] == list(trial.trial.notes)
    assert any("1.10 m/s are added" in note for note in record["notes"])
    median_mm = record["quality"]["fit_error_median_mm"]
    # The walk is exact; a body of the measured lengths fits it to within some millimetres.
    assert 0.1 < median_mm < 40.0
    assert f"lies {median_mm:.0f} mm from its keypoints" in (out / "w" / "report.html").read_text()
    assert "jane" not in text.lower() and str(tmp_path) not in text


def test_stopped_by_hand(
    simgait, session: Path, tmp_path: Path, policy: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    (session / "a-broken-one.npz").write_bytes(b"")
    monkeypatch.setattr(rooms, "track_batch", interrupt)
    out = tmp_path / "out"
    ran = simgait("track", session, "-o", out, "--policy", policy)
    assert ran.code == 130 and "no walk was done yet. The same command" in ran.err
    assert "Traceback" not in ran.err
    assert sorted(p.name for p in out.iterdir()) == ["index.html", "summary.csv"]


@pytest.mark.parametrize("speed", [0.0, -1.0, 40.0])
def test_a_belt_speed_of_no_treadmill_is_one_sentence(
    simgait, good_walk: Walk, tmp_path: Path, speed: float
) -> None:
    ran = simgait(
        "track", good_walk.save(tmp_path / "w.npz"), "-o", tmp_path / "out", f"--belt-speed={speed}"
    )
    assert ran.code != 0 and not (tmp_path / "out").exists()
    assert ran.err.count("\n") == 1 and "--belt-speed" in ran.err and "0.05 to 4" in ran.err


@pytest.mark.slow
def test_belt_speed_where_it_is_wrong_and_where_it_has_no_use(
    simgait, good_walk: Walk, tmp_path: Path, policy: Path
) -> None:
    hips = [KEYPOINT_INDEX["Left Hip"], KEYPOINT_INDEX["Right Hip"]]
    mid_hip = good_walk.points_m[:, hips].mean(axis=1, keepdims=True)
    still = good_walk.points_m - mid_hip * [1.0, 1.0, 0.0]
    good_walk.save(tmp_path / "ground.npz")
    # A hip that sways a little: these are no root-relative keypoints.
    sway = 0.02 * np.sin(np.arange(len(still)) / 5.0)[:, None, None] * [0.0, 1.0, 0.0]
    good_walk.save(tmp_path / "belt.npz", keypoints=still + sway)
    out = tmp_path / "out"
    ran = simgait("track", tmp_path / "ground.npz", tmp_path / "belt.npz", "-o", out,
                  "--policy", policy, "--belt-speed", 3.9)  # fmt: skip
    assert ran.code == 0, ran.err
    pages = {name: (out / name / "report.html").read_text("utf-8") for name in ("ground", "belt")}
    assert "3.90 m/s) was not used" in pages["ground"]
    assert "The belt is said to run at 3.90 m/s" in pages["belt"]
    assert "Use no number" in pages["belt"]
