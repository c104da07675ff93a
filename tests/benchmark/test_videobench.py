"""The clips of videobench-v1, what is kept of them, and the two commands."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace

import numpy as np
import pytest

from simgait.benchmark import videobench
from simgait.benchmark.detector_tables import body_bar, body_table
from simgait.benchmark.film_bodies import score_bodies
from simgait.cli import main
from simgait.errors import InputError
from simgait.pipeline import find_policy
from simgait.synthetic.people.clip import make_clip
from simgait.synthetic.people.truth import SUFFIX, truth_of, write_truth
from simgait.video.decode import Clip
from simgait.video.watch import Watched
from tests.benchmark.rendered import perfect, perfect_track, small_truth


@pytest.fixture(scope="module")
def truth():
    return small_truth()


def test_the_first_clips_are_spread_as_all_are():
    plans = videobench.cases()
    assert len(plans) == len({plan.seed for plan in plans}) == videobench.N_CLIPS
    assert min(plan.seed for plan in plans) >= 2_000_000_000
    assert videobench.cases()[3] == plans[3]
    for part in (plans[:30], plans):
        views = Counter(plan.view for plan in part)
        assert max(views.values()) == min(views.values())
        assert 0.15 < np.mean([plan.is_child for plan in part]) < 0.4
        assert {plan.nearest_m for plan in part} == set(videobench.BINS_M)
        assert len({plan.pattern for plan in part}) >= 5


def test_landmarks_survive_their_file(truth, tmp_path):
    track = perfect_track(truth)
    path = tmp_path / "a.landmarks.npz"
    videobench.write_tracks(path, truth, (track,), "")
    (again,), refused = videobench.read_tracks(path, truth)
    assert refused == ""
    kept = list(videobench.KEPT)
    np.testing.assert_allclose(again.image_px[:, kept], track.image_px[:, kept], atol=1 / 32)
    np.testing.assert_allclose(again.world_m[:, kept], track.world_m[:, kept], atol=5.1e-4)
    np.testing.assert_array_equal(again.frames, track.frames)
    assert np.isnan(again.image_px[:, 5]).all()
    assert path.stat().st_size < 200 * len(track.frames)
    other = replace(truth, joints_px=truth.joints_px + 2.0)
    with pytest.raises(InputError, match="another walk than this version"):
        videobench.read_tracks(path, other)
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(InputError, match="damaged"):
        videobench.read_tracks(path, truth)


def write_perfect(folder, plans):
    for plan in plans:
        truth = truth_of(make_clip(plan))
        path = folder / f"{plan.name}{videobench.LANDMARKS_SUFFIX}"
        videobench.write_tracks(path, truth, (perfect_track(truth),), "")


def test_what_is_there_is_scored_without_rendering(tmp_path, monkeypatch, capsys):
    """The truth is drawn again from the seed."""
    plans = videobench.cases()[2:3]
    monkeypatch.setattr(videobench, "cases", lambda: plans)
    write_perfect(tmp_path, plans)
    assert main(["benchmark", "video", "--people", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "videobench-v1: 1 of 200 clips" in out
    assert "| sagittal | batch fit | 1 |" in out


def test_the_clips_that_are_shipped_are_scored_without_any_folder(monkeypatch, capsys):
    monkeypatch.delenv("SIMGAIT_DATA", raising=False)
    plans = videobench.cases()
    shipped = [p for p in plans if (videobench.SHIPPED / f"{p.name}.landmarks.npz").exists()]
    assert shipped == plans and len(list(videobench.SHIPPED.iterdir())) == len(plans)
    assert sum(path.stat().st_size for path in videobench.SHIPPED.iterdir()) <= 8_000_000
    assert main(["benchmark", "video", "--clips", "2"]) == 0
    out = capsys.readouterr().out
    assert "videobench-v1: 2 of 200 clips" in out and "The five views need" in out


@pytest.mark.slow
def test_the_simulated_body_walks_a_clip():
    """Perfect landmarks from the side: speed and steps are right, and nobody falls."""
    plan = next(
        one for one in videobench.cases() if one.view == "sagittal" and one.pattern == "normal"
    )
    truth = truth_of(make_clip(plan))
    (score,) = score_bodies([(truth, (perfect_track(truth),), "")], find_policy())
    assert score.refused == "" and not score.fell
    assert abs(score.speed_error_mps) < 0.1 and abs(score.step_error_m) < 0.05


def test_a_clip_in_which_nobody_is_found_is_refused_and_counts():
    truths = [truth_of(make_clip(plan)) for plan in videobench.cases()[:2]]
    bodies = score_bodies([(truths[0], (), ""), (truths[1], (), "a still picture")], find_policy())
    assert "no person was found" in bodies[0].refused and bodies[1].refused == "a still picture"
    assert "| all | 2 | 2 | 0 | – | – | – | – |" in body_table(bodies)
    assert body_bar(bodies) == "Adults at 2 to 10 m who fall or are refused, %: 100 of 2 (bar ≤ 5)."


def written(folder, truth, kind):
    seen = perfect(truth)
    write_truth(folder / f"{truth.name}{SUFFIX}", truth)
    out = folder / "mine"
    out.mkdir()
    n = len(truth.time_s)
    if kind == "npy":
        points = np.zeros((n, 17, 3))
        points[:, [1, 4, 2, 5, 3, 6]] = seen.points_m
        np.save(out / f"{truth.name}.npy", points)
        return ["--keypoint-set", "h36m-17"]
    if kind == "npz":
        np.savez(
            out / f"{truth.name}.npz", image_px=seen.image_px, keypoints=seen.points_m,
            names=["Left Hip", "Right Hip", "Left Knee", "Right Knee", "Left Ankle", "Right Ankle"],
        )  # fmt: skip
        return []
    people = []
    for frame in seen.image_px:
        points = np.zeros((17, 3))
        points[11:17, :2], points[11:17, 2] = frame, 0.9
        other = points + [300.0, 0.0, 0.0]
        people.append(
            {"people": [{"pose_keypoints_2d": one.ravel().tolist()} for one in (other, points)]}
        )
    (out / f"{truth.name}.json").write_text(json.dumps(people))
    return []


@pytest.mark.parametrize("kind", ["npy", "npz", "json"])
def test_a_users_detector_is_profiled(truth, tmp_path, capsys, kind):
    more = written(tmp_path, truth, kind)
    assert main(["detector-profile", str(tmp_path), "--of", "mine", *more]) == 0
    out = capsys.readouterr().out
    row = next(r for r in out.splitlines() if r.startswith("| sagittal"))
    cells = [cell.strip() for cell in row.split("|")[1:-1]]
    assert cells[:3] == ["sagittal", "1", "100.0"]
    # Points in the picture are lifted as a walk's, positions in space are not.
    assert ("| sagittal | batch fit | 1 |" in out) == (kind != "npy")
    assert ("| speed, m/s | batch fit | 1 |" in out) == (kind != "npy")
    assert cells[3] == ("–" if kind == "npy" else "0.0")
    assert cells[6] == ("–" if kind == "json" else "1.00")


def test_of_simgaits_own_detector_the_lifted_walk_is_told_too(truth, tmp_path, monkeypatch, capsys):
    write_truth(tmp_path / f"{truth.name}{SUFFIX}", truth)
    clip = Clip(tmp_path, "a.mp4", truth.camera.width_px, truth.camera.height_px, 0, None)
    seen = Watched(clip, truth.time_s, (perfect_track(truth),), None)
    monkeypatch.setattr("simgait.video.decode.open_clip", lambda path: clip)
    monkeypatch.setattr("simgait.video.watch.watch", lambda clip, detector: seen)
    assert main(["detector-profile", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert "| sagittal | batch fit | 1 |" in out
    assert "| speed, m/s | batch fit | 1 | – |" in out


def doubted_once(out, name):
    with np.load(out / f"{name}.npz") as file:
        held = dict(file)
    np.savez(out / f"{name}.npz", **held, confidence=np.ones(6))


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda out, name: (out / f"{name}.npz").unlink(), "has no file on it"),
        (lambda out, name: np.savez(out / f"{name}.npz", points=1), "neither image_px nor"),
        (lambda out, name: np.savez(out / f"{name}.npz", image_px=np.ones((4, 6, 2))), "4 frames"),
        (lambda out, name: np.savez(out / f"{name}.npz", image_px=np.ones(9)), "has shape"),
        (doubted_once, "confidence has shape (6,)"),
    ],
)
def test_what_cannot_be_profiled_is_said(truth, tmp_path, capsys, spoil, sentence):
    written(tmp_path, truth, "npz")
    spoil(tmp_path / "mine", truth.name)
    assert main(["detector-profile", str(tmp_path), "--of", "mine"]) == 1
    assert sentence in capsys.readouterr().err


def test_folders_that_are_missing_or_empty_are_said(tmp_path, capsys):
    assert main(["detector-profile", str(tmp_path / "none")]) == 1
    assert main(["detector-profile", str(tmp_path)]) == 1
    err = capsys.readouterr().err
    assert "none: there is no such folder" in err
    assert "holds no clip" in err
