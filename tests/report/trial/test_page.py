from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from markupsafe import escape

from simgait.findings import Code, Finding
from simgait.gait.analyse import MEASURED_EVENTS, analyse_rollout
from simgait.gait_result import Statistic
from simgait.report.trial.page import trial_page
from simgait.report.trial.report import write_trial_report
from simgait.report.trial.verdict import judge
from simgait.trials.quality import Quality
from tests.report.trial.conftest import Text

EVIL = "</script><script>alert(1)</script>"


def test_page_is_small_self_contained_and_nameless(made: tuple[Any, ...]) -> None:
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
        content = path.read_bytes().decode(errors="replace")  # motion.c3d is no text
        assert "/home" not in content and "jane" not in content and str(folder) not in content


def test_page_of_a_long_walk_stays_small_and_says_what_it_leaves_out(
    five_minutes: tuple[Any, ...],
) -> None:
    _, result, html = five_minutes
    assert len(html.encode()) <= 2_000_000
    assert html.count('opacity="0.28"') == 9 * 2 * 20
    left = sum(c.side == "left" for c in result.cycles)
    assert left > 250 and f"those of all {left} left" in html
    assert "the replay holds 10.0" in html
    assert re.search(r"\d+ of \d+ stretches are drawn", html)


def test_page_of_a_short_walk_leaves_nothing_out(made: tuple[Any, ...]) -> None:
    *_, result, folder, _ = made
    html = (folder / "report.html").read_text()
    assert html.count('opacity="0.28"') == 9 * len(result.cycles)
    assert not re.search("thin lines, evenly|stretches are drawn|the replay holds", html)


def test_text_from_outside_is_escaped(walk: Callable[..., Any], tmp_path: Path) -> None:
    trial, rollout = walk(4.0, trial_id=EVIL)
    trial = dataclasses.replace(trial, notes=(EVIL,), subject_id=EVIL)
    result = analyse_rollout(rollout)
    result = dataclasses.replace(result, definitions={"x_m": EVIL, "events": EVIL})
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
    assert "jane" not in html and "x.npz is odd are not among" in html
    assert (tmp_path / "a/motion.mot").read_text().splitlines()[0] == "script"


def test_truth_is_drawn_and_tabled(walk: Callable[..., Any], tmp_path: Path) -> None:
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


def test_a_film_of_a_rendered_person_stands_beside_its_truth(walk: Callable[..., Any]) -> None:
    trial, rollout = walk(4.0)
    result = analyse_rollout(rollout)
    verdict = judge(trial, rollout, result, None)
    for model, word in (("blazepose", "Truth"), ("", "Laboratory")):
        filmed = dataclasses.replace(trial, source_format="video", error_model=model)
        page = trial_page(filmed, rollout, result, verdict, {}, result)
        assert f">{word} left</th>" in page and "keypoints from video" in page


def test_one_value_has_no_spread(made: tuple[Any, ...]) -> None:
    trial, rollout, result, *_ = made
    parameters = {
        **result.parameters,
        "velocity_mps": {"both": Statistic(1.46, float("nan"), 1)},
    }
    one = dataclasses.replace(result, parameters=parameters)
    html = trial_page(trial, rollout, one, judge(trial, rollout, one, None), {}, None)
    assert "1.46 <span class='n'>(n 1)</span>" in html and "± –" not in html


def test_the_foot_contacts_come_from_where_the_definition_says(made: tuple[Any, ...]) -> None:
    trial, rollout, result, *_ = made
    measured = {**result.definitions, "events": MEASURED_EVENTS}
    for one in (result, dataclasses.replace(result, definitions=measured)):
        html = trial_page(trial, rollout, one, judge(trial, rollout, one, None), {}, None)
        assert html.count(str(escape(one.definitions["events"]))) == 2
        assert "foot offs. Initial contact" in html


def test_on_paper_the_long_provenance_is_left_out(made: tuple[Any, ...]) -> None:
    html = (made[3] / "report.html").read_text()
    assert '<details class="noprint"><summary>Versions' in html
    assert re.search(r'class="note onpaper">[^<]*provenance\.json', html)


def test_the_ground_force_says_what_its_peaks_are(made: tuple[Any, ...]) -> None:
    html = " ".join((made[3] / "report.html").read_text().split())
    assert "depends on the stiffness of the simulated sole" in html
    assert "above 2 body weights are impacts of the simulated foot" in html


def test_the_fits_own_error_is_told(walk: Callable[..., Any]) -> None:
    trial, rollout = walk(3.0)
    result = analyse_rollout(rollout)
    error_m = np.full(trial.n_frames, 0.021)
    error_m[:20] = np.nan
    error_m[20:50] = 0.9
    verdict = judge(trial, rollout, result, None)
    for given, told in ((error_m, True), (None, False), (np.full_like(error_m, np.nan), False)):
        html = trial_page(trial, rollout, result, verdict, {}, None, given)
        assert ("lies 21 mm from its keypoints" in html) == told
        assert ("before the simulation" in html) == told


def test_a_walk_without_cycles_still_gives_a_page(walk: Callable[..., Any], tmp_path: Path) -> None:
    trial, rollout = walk(3.0)
    still = dataclasses.replace(rollout, foot_force_n=np.zeros_like(rollout.foot_force_n))
    write_trial_report(
        tmp_path / "a", trial=trial, rollout=still, result=analyse_rollout(still), quality=None,
        provenance={},
    )  # fmt: skip
    html = (tmp_path / "a/report.html").read_text()
    assert "No full gait cycle was found on either side, and no step." in html
    assert "No foot contact was found." in html


def test_a_body_that_never_stood_still_gives_a_page(
    walk: Callable[..., Any], tmp_path: Path
) -> None:
    trial, rollout = walk(4.0)
    result = analyse_rollout(rollout)
    fallen = dataclasses.replace(rollout, alive=np.zeros(120, bool))
    write_trial_report(
        tmp_path / "a", trial=trial, rollout=fallen, result=dataclasses.replace(result, cycles=()),
        quality=None, provenance={},
    )  # fmt: skip
    assert "fell at 0.0 s" in (tmp_path / "a/report.html").read_text()
    assert "nRows=0" in (tmp_path / "a/motion.mot").read_text()


def test_a_walk_of_few_cycles_says_which_steps_and_gives_the_range(
    walk: Callable[..., Any],
) -> None:
    trial, rollout = walk(2.6)
    result = analyse_rollout(rollout)
    cadence = result.parameters["cadence_spm"]["both"]
    assert cadence.n == 2
    html = trial_page(trial, rollout, result, judge(trial, rollout, result, None), {}, None)
    contacts = sorted(e.time_s for e in result.events if e.kind == "initial_contact")
    assert "step length of both sides rest on these steps: " in html
    for time_s in contacts[1:]:
        assert re.search(rf"(left|right) at {time_s:.2f} s", html)
    assert f"{cadence.low:.0f} to {cadence.high:.0f} (n 2)" in html
    # Steps that were denied are told nowhere.
    denied = dataclasses.replace(result, steps=())
    html = trial_page(trial, rollout, denied, judge(trial, rollout, denied, None), {}, None)
    assert "rest on these steps" not in html
    trial, rollout = walk(8.0)
    result = analyse_rollout(rollout)
    many = trial_page(trial, rollout, result, judge(trial, rollout, result, None), {}, None)
    assert "Few cycles" not in many


def test_the_video_is_played_where_it_lies_beside_the_page(made: tuple[Any, ...]) -> None:
    trial, rollout, result, _, _ = made
    verdict = judge(trial, rollout, result, None)
    plain = trial_page(trial, rollout, result, verdict, {}, None)
    filmed = trial_page(trial, rollout, result, verdict, {}, None, has_film=True)
    assert "<video" not in plain and "media-src" not in plain
    assert '<video id="film" src="overlay.webm" muted' in filmed
    # The pictures stay in their file; nothing else may be fetched.
    assert "media-src 'self' file:" in filmed and "default-src 'none'" in filmed
