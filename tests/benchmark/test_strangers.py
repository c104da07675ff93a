"""Strangers are what they say: their swing, knees, flip, files; and what is told of them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from simgait.benchmark.cases import marker_case
from simgait.benchmark.stranger_detectors import BLAZEPOSE_SWING, METRABS, STRANGERS, Noise
from simgait.benchmark.stranger_errors import Drawn, draw, knee_angles_deg, seen_by
from simgait.benchmark.stranger_files import said_of, write_seen
from simgait.benchmark.stranger_runs import StrangerWalk, Told, way_of, widths_of
from simgait.benchmark.stranger_walks import Loop, Scene, loop_of, loops
from simgait.benchmark.strangers import left_right_flip_m, refusals, stranger_table, wrong_and_use
from simgait.datasets.monocular_copies import fully_seen_span
from simgait.datasets.preparation import SHORT_WALKS
from simgait.errors import InputError
from simgait.pipeline import TrackOptions, walks_of_file
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.synthetic.recording import trial_from_walk
from simgait.synthetic.walkers.specification import draw_walker
from simgait.synthetic.walkers.walk import walk as synthetic_walk
from simgait.tracking.policy_config import PolicyConfig
from simgait.trials.preparation import prepare
from tests import stand_ins

SILENT = Noise(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
ANKLES = [KEYPOINT_INDEX["Left Ankle"], KEYPOINT_INDEX["Right Ankle"]]
HIPS = [KEYPOINT_INDEX["Left Hip"], KEYPOINT_INDEX["Right Hip"]]
FACTORLESS = {"travel": 1.0, "travel_sd": 0.0, "travel_within_sd": 0.0, "size_sd": 0.0}


@pytest.fixture(scope="module")
def loop() -> Loop:
    walk = synthetic_walk(draw_walker(5, "normal"), 5.0)
    return loop_of(fully_seen_span(trial_from_walk(walk, monocular=False).recording))


def without_noise(stranger, view="ahead", **drawn) -> Drawn:
    facts = {"travel": 1.0, "size": 1.0, "skew_m": 0.0, "swing": stranger.swing[view]} | drawn
    return Drawn(**facts, view=view, rng=np.random.default_rng(1))


def seen_silently(stranger, scene, view="ahead", **drawn):
    silent = replace(stranger, noise=SILENT)
    return seen_by(silent, scene, without_noise(stranger, view, **drawn)).points_m


def step_apart_m(points: np.ndarray) -> float:
    """Left less right step, by how far the ankles are apart; people walk along +x."""
    apart = points[:, ANKLES[0], 0] - points[:, ANKLES[1], 0]
    return float(apart.max() + apart.min())


class TestScenes:
    def test_a_walk_is_as_long_and_as_fast_as_its_loop(self, loop):
        time_s, points, _ = Scene(loop, "walk", 6.0).at(50.0)
        middle = points[:, HIPS].mean(axis=1)
        assert middle[-1, 0] - middle[0, 0] == pytest.approx(6.0, abs=0.1)
        assert np.polyfit(time_s, middle[:, 0], 1)[0] == pytest.approx(loop.speed_mps, rel=0.01)

    def test_strides_join_without_a_jump(self, loop):
        _, points, _ = Scene(loop, "walk", 6.0).at(100.0)
        steps = np.linalg.norm(np.diff(points[:, ANKLES], axis=0), axis=-1)
        assert steps.max() < 0.06  # 6 m/s: no foot is as fast, a jump would be

    def test_who_stands_stands_and_who_turns_comes_back(self, loop):
        time_s, points, _ = Scene(loop, "standing", 4.0).at(50.0)
        stood = points[(time_s < 1.9) | (time_s > time_s[-1] - 1.9)]
        assert np.abs(np.diff(stood, axis=0)).max(axis=(1, 2)).tolist().count(0.0) > 150
        _, back, _ = Scene(loop, "there and back", 4.0).at(50.0)
        hips = back[:, HIPS]
        assert np.linalg.norm(hips[-1].mean(axis=0)[:2] - hips[0].mean(axis=0)[:2]) < 0.2
        left = hips[:, 0, 1] - hips[:, 1, 1]
        assert left[10] > 0.1 and left[-10] < -0.1

    def test_the_truth_of_a_scene_is_its_own(self, loop):
        truth = Scene(loop, "there and back", 5.0).truth()
        bouts = prepare(truth, SHORT_WALKS)
        assert len(bouts) == 2 and truth.events
        for bout in bouts:
            speed = marker_case(truth, bout).gait.parameters["velocity_mps"]["both"].mean
            assert speed == pytest.approx(loop.speed_mps, rel=0.06)

    def test_absent_recordings_are_said(self, tmp_path):
        with pytest.raises(InputError, match=r"07_03\.amc: not found .* --data"):
            list(loops(tmp_path))


class TestErrors:
    @pytest.mark.parametrize("view", ["ahead", "behind"])
    def test_the_swing_is_the_share_that_it_says(self, loop, view):
        scene = Scene(loop, "walk", 4.0)
        _, exact, _ = scene.at(METRABS.fps_hz)
        found = seen_silently(METRABS, scene, view)
        for side in (0, 1):
            ways = [
                np.ptp(points[:, ANKLES[side], 0] - points[:, HIPS[side], 0])
                for points in (found, exact)
            ]
            assert ways[0] / ways[1] == pytest.approx(0.72, abs=0.03)

    def test_a_swing_along_the_way_is_short_from_the_side_too(self, loop):
        blazepose = next(one for one in STRANGERS if one.swing is BLAZEPOSE_SWING)
        scene = Scene(loop, "walk", 4.0)
        _, exact, _ = scene.at(blazepose.fps_hz)
        found = seen_silently(blazepose, scene, "side")
        ways = [
            np.ptp(points[:, ANKLES[0], 0] - points[:, HIPS[0], 0]) for points in (found, exact)
        ]
        assert ways[0] / ways[1] == pytest.approx(0.6, abs=0.03)

    def test_knees_bend_by_as_much_more_as_was_measured(self, loop):
        scene = Scene(loop, "walk", 5.0)
        _, exact, _ = scene.at(METRABS.fps_hz)
        found = seen_silently(METRABS, scene, "behind")
        apart = [np.percentile(knee_angles_deg(points), [5, 50, 95], axis=0) for points in
                 (found, exact)]  # fmt: skip
        np.testing.assert_allclose((apart[0] - apart[1]).T, [[11.0, 8.0, 2.0]] * 2, atol=0.5)
        knee = KEYPOINT_INDEX["Left Knee"]
        thigh, shank = (
            np.linalg.norm(found[:, knee] - found[:, other], axis=-1)
            for other in (HIPS[0], ANKLES[0])
        )
        assert thigh / shank == pytest.approx(np.full(len(thigh), 1.28))
        ahead = np.cross(found[:, HIPS[0]] - found[:, HIPS[1]], [0.0, 0.0, 1.0])
        assert (((found[:, knee] - found[:, ANKLES[0]]) * ahead).sum(-1) > 0.0).mean() > 0.7

    def test_left_steps_are_longer_towards_the_camera_and_shorter_away(self, loop):
        scene, skew_m = Scene(loop, "walk", 4.0), 0.05
        for view, sign in (("ahead", 1.0), ("behind", -1.0)):
            skewed, even = (
                step_apart_m(seen_silently(METRABS, scene, view, skew_m=m)) for m in (skew_m, 0.0)
            )
            assert skewed - even == pytest.approx(sign * skew_m, abs=0.004)

    def test_travel_is_of_depth_alone_and_size_of_everything(self, loop):
        scene = Scene(loop, "walk", 4.0)
        hips = {
            view: seen_silently(METRABS, scene, view, travel=1.2)[:, HIPS].mean(axis=1)
            for view in ("ahead", "side")
        }
        plain = seen_silently(METRABS, scene, "side")[:, HIPS].mean(axis=1)
        assert hips["ahead"][-1, 0] - hips["ahead"][0, 0] == pytest.approx(1.2 * 4.0, abs=0.1)
        assert np.ptp(hips["side"][:, 0]) == pytest.approx(np.ptp(plain[:, 0]))
        larger = seen_silently(METRABS, scene, "ahead", size=1.1)[:, HIPS]
        assert np.ptp(larger[:, 0, 0]) == pytest.approx(1.1 * 4.0, abs=0.1)

    def test_who_is_late_shows_the_past(self, loop):
        scene = Scene(loop, "walk", 4.0)
        plain = replace(METRABS, fps_hz=50.0, knees_deg=None, hips_apart_per_leg=None)
        late = seen_silently(replace(plain, late_s=0.06), scene)
        assert late[3:] == pytest.approx(seen_silently(plain, scene)[:-3], abs=0.03, nan_ok=True)

    @pytest.mark.parametrize("stranger", STRANGERS, ids=lambda one: one.name)
    def test_people_are_spread_as_it_says_and_drawn_alike_each_time(self, stranger):
        drawn = [draw(replace(stranger, travel_within_sd=0.0), i, 7, i) for i in range(7)]
        again = [draw(replace(stranger, travel_within_sd=0.0), i, 7, i) for i in range(7)]
        for name, mean, sd in (
            ("travel", stranger.travel, stranger.travel_sd), ("size", 1.0, stranger.size_sd),
            ("skew_m", 0.0, stranger.skew_m),
        ):  # fmt: skip
            values = np.array([getattr(one, name) for one in drawn])
            assert values.mean() == pytest.approx(mean) and values.std() == pytest.approx(sd)
            assert values.tolist() == [getattr(one, name) for one in again]


class TestFiles:
    @pytest.mark.parametrize("stranger", STRANGERS, ids=lambda one: one.name)
    def test_what_is_written_is_read_as_the_walk_that_it_is(self, stranger, loop, tmp_path):
        scene = Scene(loop, stranger.scene, 5.0)
        exact = replace(
            stranger, swing=dict.fromkeys(stranger.swing, 1.0), swing_sd=0.0, **FACTORLESS
        )
        path = write_seen(tmp_path, "walk", exact, seen_by(exact, scene, draw(exact, 0, 7, 0)))
        options = TrackOptions(height_m=loop.height_m, reader=said_of(stranger))
        walks = walks_of_file(path, options)
        assert len(walks) == (2 if stranger.scene == "there and back" else 1)
        for walk in walks:
            trial = walk.trial
            assert trial.scale_is_metric == (stranger.output == "several cameras")
            path_m = trial.pelvis_path_m[trial.pelvis_path_mask, 0]
            assert (len(path_m) == 0) == (stranger.output == "centred")
            if len(path_m):
                speed_mps = (path_m[-1] - path_m[0]) / trial.time_s[-1]
                assert speed_mps == pytest.approx(loop.speed_mps, rel=0.15)

    def test_frames_without_anybody_are_zeros_of_no_confidence(self, loop, tmp_path):
        posepipe = next(one for one in STRANGERS if one.confidence)
        seen = seen_by(posepipe, Scene(loop, "walk", 8.0), draw(posepipe, 0, 7, 0))
        array = np.load(write_seen(tmp_path, "walk", posepipe, seen))
        lost = (array == 0.0).all(axis=(1, 2))
        assert array.shape[1:] == (87, 4)
        assert lost.mean() == pytest.approx(posepipe.lost_share, abs=0.04) and lost.any()


def told(error: float, half_width: float = 0.1, level="rough", true: float = 1.0) -> Told:
    return Told(true, true + error, half_width, level)


def walk(person: str, towards: int = 0, left: float = 0.0, right: float = 0.0, **facts):
    steps = told(left, level="use"), told(right, level="use")
    return StrangerWalk(person, "somebody's", towards, steps=steps, **facts)


class TestTable:
    def test_a_flip_is_half_of_what_towards_and_away_differ_by(self):
        walks = [
            walk("a", 1, left=0.05), walk("a", -1, right=0.05), walk("b", 1, right=0.03),
            walk("b", -1, left=0.03), walk("c", 1, left=9.0),
        ]  # fmt: skip
        assert left_right_flip_m(walks) == pytest.approx(np.hypot(0.05, 0.03) / np.sqrt(2))
        assert np.isnan(left_right_flip_m([walk("c", 1)]))

    def test_usable_numbers_that_are_wrong_are_counted(self):
        walks = [
            walk("a", left=0.2, speed=told(0.2, level="use")),
            walk("b", left=0.01, speed=told(0.2, level="rough")),
        ]
        assert wrong_and_use(walks) == 2

    def test_a_row_says_what_came_out(self):
        true = (0.8, 1.0, 1.2, 1.4)
        walks = [
            walk(name, speed=told(0.05, true=v, half_width=h), line_mps=v - 0.1,
                 stances=(told(0.5, true=60.0 + v),), knee_within=(0.5, 1.0),
                 knees_deg=([(5.0, 6.0), (20.0, 18.0), (60.0, 63.0)],))
            for name, v, h in zip("abcd", true, (0.04, 0.06, 0.06, 0.06), strict=True)
        ]  # fmt: skip
        refused = StrangerWalk("e", "somebody's", refusal="e.npy: it is centred on the body.")
        known = replace(METRABS, name="somebody's")
        *_, row, of_kind = stranger_table([known], [[*walks, refused]]).splitlines()
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        assert of_kind == row.replace("somebody's", "all of one camera with a path")
        assert refusals([[*walks, refused]]) == ["somebody's: e.npy: it is centred on the body."]
        assert cells == [
            "somebody's", "1, 0 of 5", "0, 4, 0", "+0.05, 0.05", "1.00, –", "0.10", "0.0, –", "–",
            "+0.5, 1.00", "+1, -2, +3", "75, 100, 75", "0",
        ]  # fmt: skip


def test_walks_are_as_long_as_films_and_neighbours_unlike():
    ways = [way_of(i, 9) for i in range(9)]
    assert sorted(ways) == pytest.approx(np.linspace(4.0, 8.0, 9))
    assert np.abs(np.diff(ways)).min() > 1.0


def test_a_policy_without_intervals_of_its_own_is_said():
    policy = stand_ins.policy(PolicyConfig(), {})
    with pytest.raises(InputError, match=r"intervals\.json: nobody measured"):
        widths_of(policy, None)
