from __future__ import annotations

import csv
import dataclasses
import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.findings import Code, Finding
from simgait.gait.analyse import analyse_rollout
from simgait.report.trial import charts
from simgait.report.trial import report as trial_report
from simgait.report.trial.measure import Footprint, KeypointError
from simgait.report.trial.report import write_trial_report
from simgait.skeleton.signs import clinical_angles_deg, opensim_names
from simgait.trials.quality import Quality
from simgait.types import Statistic

PROVENANCE = {
    "versions": {"simgait": "0.1.0"},
    "policy_sha256": "ab12",
    "command": "simgait track /home/jane doe/x.c3d /data/kin/y.npz --height 1.7",
    "input": "/home/jane doe/walk.c3d",
}
EVIL = "</script><script>alert(1)</script>"


class Text(HTMLParser):
    """Elements, attributes and script texts of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1][0] == "script" and data.strip():
            self.scripts.append(data)


@pytest.fixture(scope="module")
def made(walk: Callable, tmp_path_factory: pytest.TempPathFactory) -> tuple:
    trial, rollout = walk(20.0)
    result = analyse_rollout(rollout)
    folder = tmp_path_factory.mktemp("out") / "walk-01"
    files = write_trial_report(
        folder, trial=trial, rollout=rollout, result=result, quality=None, provenance=PROVENANCE
    )
    return trial, rollout, result, folder, files


def read(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_writes_exactly_the_files_it_names(made: tuple) -> None:
    *_, folder, files = made
    assert sorted(p.name for p in files) == sorted(p.name for p in folder.iterdir())
    assert not list(folder.parent.glob(".simgait*"))


def test_page_is_small_self_contained_and_nameless(made: tuple) -> None:
    *_, folder, _ = made
    html = (folder / "report.html").read_text()
    assert len(html.encode()) <= 2_000_000
    assert not re.search(r"https?://|//cdn|@import|url\(", html)
    page = Text()
    page.feed(html)
    for tag, attributes in page.tags:
        assert tag not in ("link", "img", "iframe", "object")
        assert "src" not in attributes and "href" not in attributes
    for path in folder.iterdir():
        content = path.read_text()
        assert "/home" not in content and "jane" not in content and str(folder) not in content


@pytest.fixture(scope="module")
def five_minutes(walk: Callable) -> tuple:
    trial, rollout = walk(300.0)
    result = analyse_rollout(rollout)
    return rollout, result, trial_report.trial_page(trial, rollout, result, None, {}, result)


def test_page_of_a_long_walk_stays_small_and_says_what_it_leaves_out(five_minutes: tuple) -> None:
    _, result, html = five_minutes
    assert len(html.encode()) <= 2_000_000
    assert html.count('opacity="0.28"') == 9 * 2 * 20
    left = sum(c.side == "left" for c in result.cycles)
    assert left > 250 and f"those of all {left} left" in html
    assert "the replay holds 10.0" in html
    assert re.search(r"\d+ of \d+ stretches are drawn", html)


def test_page_of_a_short_walk_leaves_nothing_out(made: tuple) -> None:
    *_, result, folder, _ = made
    html = (folder / "report.html").read_text()
    assert html.count('opacity="0.28"') == 9 * len(result.cycles)
    assert not re.search("thin lines, evenly|stretches are drawn|the replay holds", html)


def test_means_hold_the_cycles_that_are_not_drawn(five_minutes: tuple) -> None:
    _, result, _ = five_minutes
    knee = np.full_like(result.curves_deg["left_knee_flexion_deg"], 40.0)
    knee[charts.evenly(len(knee), charts.MAX_CYCLES_DRAWN)] = 0.0
    result = dataclasses.replace(result, curves_deg={"left_knee_flexion_deg": knee})
    panel = charts.joint_curves(result, None, lambda _: None)[6]
    (mean_y,) = {float(y) for y in re.findall(
        r"[ML][\d.]+ ([\d.]+)", re.findall(r'd="([^"]+)"[^>]*stroke-width="2.2"', panel)[0]
    )}  # fmt: skip
    zero_y = float(re.findall(r'y="([\d.]+)"[^>]*>0<', panel)[0]) - 3.5
    forty_y = float(re.findall(r'y="([\d.]+)"[^>]*>40<', panel)[0]) - 3.5
    assert (mean_y - zero_y) / (forty_y - zero_y) == pytest.approx(1 - 20 / len(knee), abs=0.01)


def test_evenly_keeps_first_and_last() -> None:
    assert charts.evenly(7, 20) == [0, 1, 2, 3, 4, 5, 6]
    chosen = charts.evenly(272, 20)
    assert (len(chosen), chosen[0], chosen[-1]) == (20, 0, 271)
    assert set(np.diff(chosen)) <= {14, 15}


def test_replay_of_a_long_walk_keeps_the_pace(five_minutes: tuple) -> None:
    import base64

    rollout, _, html = five_minutes
    page = Text()
    page.feed(html)
    data = json.loads(page.scripts[0])
    assert data["frames"] <= 3000 and data["recorded"] == 9000
    assert data["end"] == pytest.approx((data["frames"] - 1) * data["stride"] / 30.0, abs=1e-3)
    origin = np.frombuffer(base64.b64decode(data["origin"]), "<i4").reshape(-1, 3)
    shown_s = np.linspace(0.0, data["end"], data["frames"])
    expected = np.interp(shown_s, rollout.time_s, rollout.pose[:, 0])
    np.testing.assert_allclose(origin[:, 0] / 1000.0, expected, atol=0.002)
    assert all(len(base64.b64decode(data[k])) == data["frames"] * n * 6
               for k, n in (("body", 14), ("target", 23), ("force", 2)))  # fmt: skip


def test_replay_data_gives_back_the_positions(made: tuple) -> None:
    import base64

    _, rollout, _, folder, _ = made
    page = Text()
    page.feed((folder / "report.html").read_text())
    data = json.loads(page.scripts[0])
    origin = np.frombuffer(base64.b64decode(data["origin"]), "<i4").reshape(-1, 1, 3)
    for key, points in (("body", rollout.keypoints_m), ("target", rollout.target_keypoints_m)):
        packed = np.frombuffer(base64.b64decode(data[key]), "<i2").reshape(points.shape)
        seen = np.isfinite(points)
        assert np.array_equal(packed != -32768, seen)
        back_m = (packed.astype(float) + origin) / 1000.0
        assert np.allclose(back_m[seen], points[seen], atol=0.0006)
    force = np.frombuffer(base64.b64decode(data["force"]), "<i2").reshape(-1, 2, 3)
    mean_bw = rollout.foot_force_n[..., 2].sum(axis=1).mean() / rollout.body_weight_n
    assert force[..., 2].sum(axis=1).mean() / 1000.0 == pytest.approx(mean_bw, rel=0.02)


def test_text_from_outside_is_escaped(walk: Callable, tmp_path: Path) -> None:
    trial, rollout = walk(4.0, trial_id=EVIL)
    trial = dataclasses.replace(trial, notes=(EVIL,), subject_id=EVIL)
    result = analyse_rollout(rollout)
    result = dataclasses.replace(result, definitions={"x_m": EVIL})
    odd = Finding(Code.FEET_INCOMPLETE, values={"points": (EVIL, "/home/jane/x.npz is odd")})
    quality = Quality(True, "caution", (odd,), {})
    write_trial_report(
        tmp_path / "a", trial=trial, rollout=rollout, result=result, quality=quality,
        provenance={EVIL: EVIL},
    )  # fmt: skip
    html = (tmp_path / "a/report.html").read_text()
    page = Text()
    page.feed(html)
    assert [tag for tag, _ in page.tags].count("script") == 2
    assert "alert(1)</script>" not in html and "&lt;script&gt;alert(1)" in html
    assert "jane" not in html and "x.npz is odd." in html
    assert (tmp_path / "a/motion.mot").read_text().splitlines()[0] == "script"


def test_parameters_come_back_exactly(made: tuple) -> None:
    _, _, result, folder, _ = made
    rows = read(folder / "parameters.csv")
    back = {(r["parameter"], r["side"]): r for r in rows}
    assert len(back) == len(rows) == sum(len(s) for s in result.parameters.values())
    for name, sides in result.parameters.items():
        for side, statistic in sides.items():
            row = back[name, side]
            assert float(row["mean"]) == statistic.mean
            assert float(row["sd"]) == statistic.sd
            assert int(row["n"]) == statistic.n
            assert row["definition"] == result.definitions[name]
    assert back["step_length_m", "left"]["unit"] == "m"
    assert back["velocity_mps", "both"]["unit"] == "m/s"
    assert back["cadence_spm", "both"]["unit"] == "steps/min"
    assert back["stance_percent", "left"]["unit"] == "% of cycle"


def test_curves_angles_events_and_cycles_come_back(made: tuple) -> None:
    _, rollout, result, folder, _ = made
    rows = read(folder / "curves.csv")
    for name, cycles in result.curves_deg.items():
        own = [r for r in rows if r["curve"] == name.removesuffix("_deg")]
        back = np.array([float(r["value_deg"]) for r in own]).reshape(-1, 101)
        assert np.array_equal(back, cycles)
        assert [int(r["percent"]) for r in own[:101]] == list(range(101))
    angles = read(folder / "angles.csv")
    for name, values in clinical_angles_deg(rollout.pose).items():
        assert np.array_equal([float(r[f"{name}_deg"]) for r in angles], values)
    events = read(folder / "events.csv")
    own = [e for e in events if e["source"] == "contact"]
    contact = [(float(e["time_s"]), e["side"], e["event"]) for e in own]
    assert contact == sorted((e.time_s, e.side, e.kind) for e in result.events)
    cycles = read(folder / "cycles.csv")
    assert [float(c["start_s"]) for c in cycles] == [c.start_s for c in result.cycles]
    forces = read(folder / "vertical_force.csv")
    back = np.array([float(r["value_percent_bw"]) for r in forces if r["side"] == "right"])
    assert np.array_equal(back.reshape(-1, 101), result.vertical_force_percent_bw["right"])


def test_mot_parses_and_has_opensim_signs(made: tuple) -> None:
    _, rollout, _, folder, _ = made
    lines = (folder / "motion.mot").read_text().splitlines()
    end = lines.index("endheader")
    head = dict(line.split("=") for line in lines[:end] if "=" in line)
    assert head["inDegrees"] == "yes"
    columns = lines[end + 1].split("\t")
    assert columns == ["time", *opensim_names()]
    table = np.array([line.split("\t") for line in lines[end + 2 :]], float)
    assert table.shape == (int(head["nRows"]), int(head["nColumns"])) == (600, 17)
    value = dict(zip(columns, table.T, strict=True))
    knee = np.degrees(rollout.pose[:, 9])
    assert np.allclose(value["knee_angle_l"], knee, atol=1e-5) and knee.max() > 50
    assert value["pelvis_tilt"].mean() < -8  # walks tilted forward: negative in OpenSim
    assert value["pelvis_tx"][-1] - value["pelvis_tx"][0] == pytest.approx(1.2 * 19.97, abs=0.05)
    assert 0.8 < value["pelvis_ty"].mean() < 1.2
    assert abs(value["pelvis_tz"]).max() < 0.1


def test_trc_is_in_mm_y_up_with_empty_cells_for_missing(made: tuple) -> None:
    _, rollout, _, folder, _ = made
    lines = (folder / "keypoints.trc").read_text().splitlines()
    names = [n for n in lines[3].split("\t")[2:] if n]
    assert len(names) == 23 and names[0] == "Left_Heel"
    cells = lines[6 + 100].split("\t")
    assert len(cells) == 2 + 3 * 23
    head = names.index("Head")
    x, y, z = (float(v) for v in cells[2 + 3 * head : 5 + 3 * head])
    forward, left, up = 1000 * rollout.target_keypoints_m[100, 20]
    assert (x, y, z) == pytest.approx((forward, up, -left), abs=1e-3)
    toe = names.index("Right_Big_Toe")
    assert cells[2 + 3 * toe : 5 + 3 * toe] == ["", "", ""]


def test_after_a_fall_nothing_is_passed_off_as_measured(walk: Callable, tmp_path: Path) -> None:
    trial, rollout = walk(8.0, fall_s=6.0)
    write_trial_report(
        tmp_path / "a", trial=trial, rollout=rollout, result=analyse_rollout(rollout),
        quality=None, provenance={},
    )  # fmt: skip
    angles = read(tmp_path / "a/angles.csv")
    assert all(r["left_knee_flexion_deg"] == "" for r in angles[180:])
    assert angles[179]["left_knee_flexion_deg"] != ""
    assert "nRows=180" in (tmp_path / "a/motion.mot").read_text()
    html = (tmp_path / "a/report.html").read_text()
    assert "Do not use" in html and "after the fall" in html


def test_a_body_that_never_stood_still_gives_a_page(walk: Callable, tmp_path: Path) -> None:
    trial, rollout = walk(4.0)
    result = analyse_rollout(rollout)
    fallen = dataclasses.replace(rollout, alive=np.zeros(120, bool))
    write_trial_report(
        tmp_path / "a", trial=trial, rollout=fallen, result=dataclasses.replace(result, cycles=()),
        quality=None, provenance={},
    )  # fmt: skip
    assert "fell at 0.0 s" in (tmp_path / "a/report.html").read_text()
    assert "nRows=0" in (tmp_path / "a/motion.mot").read_text()


def test_truth_is_drawn_and_tabled(walk: Callable, tmp_path: Path) -> None:
    trial, rollout = walk(5.0)
    result = analyse_rollout(rollout)
    pages = []
    for name, truth in (("a", None), ("b", result)):
        write_trial_report(
            tmp_path / name, trial=trial, rollout=rollout, result=result, quality=None,
            provenance={}, truth_result=truth,
        )  # fmt: skip
        pages.append((tmp_path / name / "report.html").read_text())
    assert ["Truth left" in page for page in pages] == [False, True]
    dashes = [page.count('stroke-dasharray="5 3"') for page in pages]
    assert dashes == [0, 8 + 1]


def test_one_value_has_no_spread(made: tuple) -> None:
    trial, rollout, result, *_ = made
    parameters = {
        **result.parameters,
        "velocity_mps": {"both": Statistic(1.46, float("nan"), 1)},
    }
    one = dataclasses.replace(result, parameters=parameters)
    html = trial_report.trial_page(trial, rollout, one, None, {}, None)
    assert "1.46 <span class='n'>(n 1)</span>" in html and "± –" not in html


def test_the_ground_force_says_what_its_peaks_are(made: tuple) -> None:
    html = " ".join((made[3] / "report.html").read_text().split())
    assert "depends on the stiffness of the simulated sole" in html
    assert "above 2 body weights are impacts of the simulated foot" in html


def test_tracking_errors_name_mean_and_percentile() -> None:
    names = [f"{side} {joint}" for side in ("Left", "Right") for joint in
             ("Hip", "Knee", "Ankle", "Heel", "Foot", "Big Toe")]  # fmt: skip
    errors = [KeypointError(name, 80.2, 169.6, 1.0) for name in (*names, "Pelvis", "Sternum")]
    assert charts.keypoint_error_bars(errors).count(">80 (95 %: 170)<") == len(errors)


def footprint(side: str, heel_m: float) -> Footprint:
    return Footprint(
        side, heel_m, np.array([heel_m, 0.1]), np.array([heel_m + 0.25, 0.1]), 0.7, 0.1
    )


def test_footfall_rows_hold_whole_prints_and_the_last_is_as_long_as_its_content() -> None:
    heels = np.arange(0.0, 6.4, 0.7)
    prints = [footprint(("left", "right")[i % 2], float(x)) for i, x in enumerate(heels)]
    path = np.column_stack([np.linspace(-0.2, 6.2, 600), np.zeros(600)])
    full, last = charts.footfall_map(prints, path).rows
    spans = [
        [float(m) for m in re.findall(r"from ([\d.−-]+) to ([\d.]+) m", row)[0]]
        for row in (full, last)
    ]
    assert sum(row.count('<path d="M') for row in (full, last)) >= len(prints)
    assert spans[0][0] < heels[0] and spans[1][0] < heels[-2]
    assert spans[1][1] == pytest.approx(heels[-1] + 0.25 + 0.25, abs=0.06)
    widths = [float(re.findall(r'viewBox="0 0 ([\d.]+)', row)[0]) for row in (full, last)]
    shares = [float(re.findall(r"--share:([\d.]+)", row)[0]) for row in (full, last)]
    assert widths[1] / widths[0] == pytest.approx(shares[1], abs=0.002)
    assert shares[0] == 1.0 and shares[1] < 0.5


def test_the_path_enters_a_last_row_that_the_pelvis_never_reaches() -> None:
    prints = [footprint("left", x) for x in (0.0, 3.0, 6.0)]
    path = np.column_stack([np.linspace(0.0, 5.4, 600), np.zeros(600)])
    *_, last = charts.footfall_map(prints, path).rows
    grey = re.findall(r'<path[^>]*stroke="#8a939c"[^>]*>', last)
    assert grey and re.search(r"L[\d.]+", grey[0])
    assert 'opacity="0.2"' in last


def test_the_fits_own_error_is_told(walk: Callable) -> None:
    trial, rollout = walk(3.0)
    result = analyse_rollout(rollout)
    error_m = np.full(trial.n_frames, 0.021)
    error_m[:20] = np.nan
    error_m[20:50] = 0.9
    for given, told in ((error_m, True), (None, False), (np.full_like(error_m, np.nan), False)):
        html = trial_report.trial_page(trial, rollout, result, None, {}, None, given)
        assert ("lies 21 mm from its keypoints" in html) == told
        assert ("before the simulation" in html) == told


def test_a_walk_without_cycles_still_gives_a_page(walk: Callable, tmp_path: Path) -> None:
    trial, rollout = walk(3.0)
    still = dataclasses.replace(rollout, foot_force_n=np.zeros_like(rollout.foot_force_n))
    write_trial_report(
        tmp_path / "a", trial=trial, rollout=still, result=analyse_rollout(still), quality=None,
        provenance={},
    )  # fmt: skip
    html = (tmp_path / "a/report.html").read_text()
    assert "No full gait cycle was found on either side." in html
    assert "No foot contact was found." in html


def test_folder_that_cannot_be_written(walk: Callable, made: tuple, tmp_path: Path) -> None:
    trial, rollout, result, *_ = made
    (tmp_path / "file").write_text("in the way")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(InputError, match="cannot be written"):
            write_trial_report(
                folder, trial=trial, rollout=rollout, result=result, quality=None, provenance={}
            )
    assert [p.name for p in tmp_path.iterdir()] == ["file"]


@pytest.mark.parametrize("existed", [False, True])
def test_failure_midway_leaves_nothing(
    made: tuple, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, existed: bool
) -> None:
    trial, rollout, result, *_ = made
    folder = tmp_path / "out"
    if existed:
        folder.mkdir()
        (folder / "parameters.csv").write_text("old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(trial_report, "write_mot", full)
    with pytest.raises(InputError, match="No space left"):
        write_trial_report(
            folder, trial=trial, rollout=rollout, result=result, quality=None, provenance={}
        )
    left = sorted(str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*"))
    assert left == (["out", "out/parameters.csv"] if existed else [])
    if existed:
        assert (folder / "parameters.csv").read_text() == "old"


def test_writing_again_replaces_and_keeps_strangers(made: tuple, tmp_path: Path) -> None:
    trial, rollout, result, *_ = made
    (tmp_path / "mine.txt").write_text("keep")
    (tmp_path / "events.csv").write_text("old")
    for _ in range(2):
        write_trial_report(
            tmp_path, trial=trial, rollout=rollout, result=result, quality=None, provenance={}
        )
    assert (tmp_path / "mine.txt").read_text() == "keep"
    assert len(read(tmp_path / "events.csv")) > 10
    assert len(list(tmp_path.iterdir())) == 12


def test_rollout_of_another_trial_is_refused(walk: Callable, made: tuple, tmp_path: Path) -> None:
    _, rollout, result, *_ = made
    other, _ = walk(4.0)
    with pytest.raises(InputError, match="120 frames"):
        write_trial_report(
            tmp_path / "a", trial=other, rollout=rollout, result=result, quality=None, provenance={}
        )
    assert not (tmp_path / "a").exists()
