from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
import pytest

from simgait.findings import Code, Finding
from simgait.gait.analyse import analyse_rollout
from simgait.gait_result import GaitResult, Statistic
from simgait.report.trial.measure import footprints, keypoint_errors, path_error_mps, stances
from simgait.report.trial.verdict import JUDGED_HERE, judge
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.synthetic.walkers.specification import PATTERNS, Pattern, draw_walker
from simgait.trials.quality import Quality
from simgait.trials.walking import WALK_RATIO_LIMIT, walk_ratio
from simgait.types import Rollout, Trial

Made = tuple[Trial, Rollout, GaitResult]


@pytest.fixture(scope="module")
def good(walk: Callable[..., Any]) -> Made:
    trial, rollout = walk(8.0)
    return trial, rollout, analyse_rollout(rollout)


def test_a_clean_walk_is_good(good: Made) -> None:
    verdict = judge(*good, None)
    assert (verdict.level, verdict.reasons, verdict.names("do_not_use")) == ("use_all", (), ())
    assert any("6 left and 6 right" in fact for fact in verdict.facts)


SPEEDS = "velocity_mps", "step_length_m", "stride_length_m"
TIMED = "velocity_mps", "cadence_spm", "stride_time_s", "step_time_s"
PHASES = (
    "step_time_s", "stance_percent", "swing_percent", "single_support_percent",
    "double_support_percent",
)  # fmt: skip
FORCE = "vertical_force_percent_bw"


@pytest.mark.parametrize(
    ("change", "lost", "words"),
    [
        ({"residual_force_percent_bw": 12.0}, (*PHASES, FORCE), "12 % of body weight"),
        ({"residual_force_percent_bw": 40.0}, "everything", "40 % of body weight"),
        ({"residual_force_percent_bw": float("nan")}, (*PHASES, FORCE), "unknown"),
        ({"event_disagreement_ms": 90.0}, PHASES, "90 ms"),
        ({"cycles": (), "parameters": {}}, "everything", "No full gait cycle"),
        ({"findings": (Finding(Code.NO_PATH),)}, SPEEDS, "no pelvis path"),
        ({"findings": (Finding(Code.NO_HEEL, "note", {"instead": "Ankle"}),)}, (), "heel"),
    ],
)
def test_each_rule(
    good: Made, change: dict[str, Any], lost: tuple[str, ...] | str, words: str
) -> None:
    trial, rollout, result = good
    verdict = judge(trial, rollout, dataclasses.replace(result, **change), None)
    assert words in verdict.reasons[0]
    every = {number.key for number in verdict.numbers}
    gone = {number.key for number in verdict.numbers if number.level == "do_not_use"}
    assert gone == (every if lost == "everything" else set(lost))
    assert verdict.level == {0: "use_all", len(every): "use_none"}.get(len(gone), "use_some")


def test_events_without_counterpart_take_the_phases(good: Made) -> None:
    trial, rollout, result = good
    inside = result.kinematic_events[6:10]
    kept = tuple(e for e in result.kinematic_events if e not in inside)
    verdict = judge(trial, rollout, dataclasses.replace(result, kinematic_events=kept), None)
    (finding,) = verdict.findings
    assert finding.values == {"unmatched": 4, "events": len(result.events)}
    assert {number.key for number in verdict.numbers if number.doubts} == set(PHASES)


def test_events_at_the_ends_without_counterpart_are_no_fault(good: Made) -> None:
    trial, rollout, result = good
    kept = result.kinematic_events[4:-4]  # the first and the last of each side and kind
    assert len({(e.side, e.kind) for e in result.kinematic_events[:4]}) == 4
    verdict = judge(trial, rollout, dataclasses.replace(result, kinematic_events=kept), None)
    assert (verdict.level, verdict.findings) == ("use_all", ())


def test_a_walk_that_was_tracked_at_the_second_attempt_says_so(good: Made) -> None:
    trial, rollout, _ = good
    again = dataclasses.replace(rollout, attempts=2)
    verdict = judge(trial, again, analyse_rollout(again), None)
    assert verdict.level == "use_all"
    assert verdict.reasons == (
        "The simulated body fell at first; this is attempt 2: each later one has more help: a "
        "larger residual moment, and in the last ones a larger force, too.",
    )
    assert "stayed up at attempt 2" in verdict.facts and "no fall" not in verdict.facts


def test_a_false_landing_at_the_end_takes_speed_and_cadence(
    good: Made, walk: Callable[..., Any]
) -> None:
    trial, rollout, result = good
    landings = [e for e in result.events if e.kind == "initial_contact"]
    last = max(landings, key=lambda e: e.time_s)
    first_s = min(e.time_s for e in landings)

    def with_last_at(time_s: float) -> GaitResult:
        events = tuple(
            dataclasses.replace(e, time_s=time_s) if e is last else e for e in result.events
        )
        return dataclasses.replace(result, events=events)

    fine, early = (
        judge(trial, rollout, with_last_at(last.time_s - share * (last.time_s - first_s)), None)
        for share in (0.02, 0.06)
    )
    assert Code.RHYTHM_DENIED not in {f.code for f in fine.findings}
    assert Code.RHYTHM_DENIED in {f.code for f in early.findings}


def test_a_single_contact_far_off_is_named(good: Made, walk: Callable[..., Any]) -> None:
    trial, rollout, result = good
    late = [e for e in result.events if e.side == "right" and e.kind == "initial_contact"][2]
    events = tuple(
        dataclasses.replace(e, time_s=e.time_s + 0.2) if e is late else e for e in result.events
    )
    moved = dataclasses.replace(result, events=events)
    verdict = judge(trial, rollout, moved, None)
    (reason,) = verdict.reasons
    assert reason.startswith("1 of 7 right contacts by force")
    assert f"at {late.time_s + 0.2:.1f} s" in reason
    # 200 ms in one of seven contacts move their mean by 29 ms, which is more than one SD of
    # healthy people's stance; in one of fourteen they would not.
    assert verdict.level == "use_some"
    assert {n.key for n in verdict.numbers if n.doubts} == set(PHASES)
    longer, body = walk(16.0)
    found = analyse_rollout(body)
    late = dataclasses.replace(late, time_s=late.time_s + 0.2)
    events = tuple(
        late if (e.side, e.kind) == (late.side, late.kind) and abs(e.time_s - late.time_s) < 0.255
        else e
        for e in found.events
    )  # fmt: skip
    rare = judge(longer, body, dataclasses.replace(found, events=events), None)
    assert (rare.level, rare.findings[0].severity) == ("use_all", "note")


def test_what_is_wrong_stands_before_what_is_little(good: Made) -> None:
    trial, rollout, result = good
    short = dataclasses.replace(result, cycles=result.cycles[:2], event_disagreement_ms=90.0)
    reasons = judge(trial, rollout, short, None).reasons
    assert "90 ms" in reasons[0] and reasons[-1].startswith("Fewer than 3")


def at_frame_rate(walked: Made, factor: float) -> Made:
    """The same frames, labelled with `factor` times their true frame rate."""
    trial, rollout, _ = walked
    trial = dataclasses.replace(trial, time_s=trial.time_s / factor)
    rollout = dataclasses.replace(
        rollout,
        time_s=rollout.time_s / factor,
        substep_time_s=rollout.substep_time_s / factor,
    )
    return trial, rollout, analyse_rollout(rollout)


def test_a_pace_that_the_points_do_not_have_takes_all_that_rests_on_contacts(good: Made) -> None:
    """Cycles that false contacts have split: the recording's clock is right, and strides are not.

    A body that fell twice had 180 steps/min for 133, and its strides of 0.9 m (1.1) stayed.
    """
    trial, rollout, result = good
    _, _, fast = at_frame_rate(good, 1.75)
    pace = fast.parameters["cadence_spm"]["both"].mean
    assert 173.0 < pace < 210.0
    verdict = judge(trial, rollout, dataclasses.replace(fast, events=result.events,
                    kinematic_events=result.kinematic_events), None)  # fmt: skip
    (denied,) = [f for f in verdict.findings if f.code is Code.RHYTHM_DENIED]
    assert denied.values["percent"] == pytest.approx(75.0, abs=3.0)
    assert Code.IMPLAUSIBLE not in {f.code for f in verdict.findings}
    gone = {n.key for n in verdict.numbers if n.level == "do_not_use"}
    assert {"stride_length_m", "step_length_m", "step_width_m", *TIMED, *PHASES} <= gone
    clock = judge(*at_frame_rate(good, 1.75), None)
    assert Code.RHYTHM_DENIED not in {f.code for f in clock.findings}
    assert "stride_length_m" not in {n.key for n in clock.numbers if n.level == "do_not_use"}


def test_half_the_frame_rate_is_suspected(good: Made) -> None:
    trial, rollout, result = at_frame_rate(good, 0.5)
    cadence = result.parameters["cadence_spm"]["both"].mean
    assert 50.0 < cadence < 60.0  # a pace that people do walk at, by itself
    verdict = judge(trial, rollout, result, None)
    assert {n.key for n in verdict.numbers if n.doubts} == set(TIMED)
    (reason,) = [r for r in verdict.reasons if "frame rate" in r]
    assert f"{cadence:.0f} steps/min" in reason and "walk ratio 2." in reason


def test_double_the_frame_rate_is_suspected(good: Made) -> None:
    verdict = judge(*at_frame_rate(good, 2.0), None)
    assert {n.key for n in verdict.numbers if n.doubts} >= set(TIMED)
    assert [r for r in verdict.reasons if r.startswith("Cadence of 21") and "frame rate" in r]
    assert not any("walk ratio" in r for r in verdict.reasons)


def test_what_time_does_not_change_is_no_matter_of_the_frame_rate(good: Made) -> None:
    trial, rollout, result = good
    odd = {"stride_length_m": {"both": Statistic(2.5, 0.1, 3)}}
    verdict = judge(trial, rollout, dataclasses.replace(result, parameters=odd), None)
    (reason,) = verdict.reasons
    assert "Stride length of 250.0 cm" in reason and "frame rate" not in reason


@pytest.mark.parametrize("pattern", PATTERNS)
def test_walk_ratio_of_walkers(pattern: Pattern) -> None:
    specs = [draw_walker(seed, pattern) for seed in range(300)]
    ratios = np.array(
        [
            walk_ratio(sum(s.step_length_m) / 2, 120.0 / s.stride_time_s, float(s.dimensions.leg_m))
            for s in specs
        ]
    )
    assert (ratios > WALK_RATIO_LIMIT).mean() < 0.005
    if pattern != "short_steps":
        assert np.median(2.0 * ratios) > WALK_RATIO_LIMIT


def test_few_cycles_on_one_side(good: Made) -> None:
    trial, rollout, result = good
    own = [c for c in result.cycles if c.side == "left"]
    verdict = judge(trial, rollout, dataclasses.replace(result, cycles=tuple(own)), None)
    assert verdict.level == "use_all" and "right 0" in verdict.reasons[0]


def test_quality_of_the_recording_counts(good: Made) -> None:
    jitter = Finding(Code.KEYPOINTS_JITTER, values={"value": 25.0})
    verdict = judge(*good, Quality(True, "caution", (jitter,), {}))
    assert verdict.reasons == ("Keypoints jitter by 25 mm (above 6 Hz).",)
    assert verdict.level == "use_some"
    assert verdict.number_level("velocity_mps", "both") == "use"
    assert verdict.number_level("knee_flexion_deg", "left") == "do_not_use"


def test_one_grave_finding_of_a_recording_takes_everything(good: Made) -> None:
    frozen = Finding(Code.FRAMES_FROZEN, "stop", {"value": 0.5})
    short = Finding(Code.WALK_SHORT, "note", {"duration_s": 2.0})
    verdict = judge(*good, Quality(False, "poor", (frozen, short), {}))
    assert verdict.findings == (frozen, short) and verdict.level == "use_none"
    assert verdict.reasons_and_losses[0][1] == "everything"


def test_a_fall_is_said_once(walk: Callable[..., Any]) -> None:
    trial, rollout = walk(8.0, fall_s=6.0)
    verdict = judge(trial, rollout, analyse_rollout(rollout), None)
    assert verdict.level == "use_none"
    assert [f.code for f in verdict.findings if f.severity == "stop"] == [Code.FELL]
    assert "6.0 s of 8.0 s" in verdict.reasons[0]


def test_what_the_analysis_finds_and_the_verdict_judges_is_said_once(good: Made) -> None:
    trial, rollout, result = good
    told = replace_findings(result, (Finding(code) for code in JUDGED_HERE))
    assert judge(trial, rollout, told, None).findings == ()
    twice = replace_findings(result, [Finding(Code.NO_TOE), Finding(Code.NO_TOE)])
    assert judge(trial, rollout, twice, None).findings == (Finding(Code.NO_TOE),)


def replace_findings(result: GaitResult, findings: Iterable[Finding]) -> GaitResult:
    return dataclasses.replace(result, findings=tuple(findings))


@pytest.mark.parametrize(("shift_m", "level"), [(0.08, "use_some"), (0.2, "use_none")])
def test_a_body_beside_its_recording(good: Made, shift_m: float, level: str) -> None:
    trial, rollout, result = good
    moved = rollout.target_keypoints_m + [0.0, shift_m, 0.0]
    verdict = judge(trial, dataclasses.replace(rollout, target_keypoints_m=moved), result, None)
    assert verdict.level == level


@pytest.mark.parametrize(("speed_mps", "level"), [(0.15, "use_some"), (0.4, "use_none")])
def test_a_body_that_leaves_its_path(good: Made, speed_mps: float, level: str) -> None:
    trial, rollout, result = good
    lag = np.zeros((len(rollout.time_s), 3))
    lag[:, 0] = speed_mps * rollout.time_s
    ahead = dataclasses.replace(
        rollout,
        target_keypoints_m=rollout.target_keypoints_m + lag[:, None],
        reference_pose=rollout.reference_pose + np.pad(lag, ((0, 0), (0, 13))),
    )
    assert path_error_mps(ahead) == pytest.approx(speed_mps)
    verdict = judge(trial, ahead, result, None)
    assert verdict.level == level
    assert f"{100 * speed_mps:.0f} cm every second" in " ".join(verdict.reasons)
    # What drifts apart is said once, as the path, and not again as legs that are off.
    assert "mm from the recorded" not in " ".join(verdict.reasons)


def test_keypoint_errors_are_distances_in_mm(good: Made) -> None:
    _, rollout, _ = good
    target = np.full_like(rollout.target_keypoints_m, np.nan)
    column = KEYPOINT_INDEX["Left Knee"]
    target[:60, column] = rollout.keypoints_m[:60, 4] + [0.003, 0.0, 0.004]
    errors = {
        e.name: e for e in keypoint_errors(dataclasses.replace(rollout, target_keypoints_m=target))
    }
    assert errors["Left Knee"].mean_mm == pytest.approx(5.0)
    assert errors["Left Knee"].share_seen == pytest.approx(60 / 240)
    assert np.isnan(errors["Right Knee"].mean_mm)


def test_footprints_agree_with_the_parameters(good: Made) -> None:
    _, rollout, result = good
    prints = footprints(rollout, result)
    for side in ("left", "right"):
        for name, field in (("step_length_m", "step_length_m"), ("step_width_m", "step_width_m")):
            own = [getattr(p, field) for p in prints if p.side == side]
            mean = result.parameters[name][side].mean
            assert np.nanmean(own) == pytest.approx(mean, abs=0.01)


def test_stances_fill_what_the_events_leave_open(good: Made) -> None:
    _, _, result = good
    spans = stances(result.events, "left", 8.0)
    standing = sum(b - a for a, b in spans) / 8.0
    assert standing == pytest.approx(0.61, abs=0.03)
    assert all(b > a for a, b in spans)
    assert stances((), "left", 8.0) == []


def test_steps_without_a_cycle_are_a_note_and_nothing_at_all_a_stop(good: Made) -> None:
    trial, rollout, result = good
    steps = dataclasses.replace(result, cycles=())
    (reason,) = [r for r in judge(trial, rollout, steps, None).reasons if "Too short" in r]
    n = sum(result.parameters["step_length_m"][side].n for side in ("left", "right"))
    assert f"those of {n} steps" in reason
    assert judge(trial, rollout, steps, None).level == "use_all"
    nothing = dataclasses.replace(steps, parameters={})
    verdict = judge(trial, rollout, nothing, None)
    assert verdict.level == "use_none"
    assert any("no step" in r for r in verdict.reasons)
