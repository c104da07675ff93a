"""Replays of a training: where the body and its reference are, and that a browser plays them."""

from __future__ import annotations

import base64
import json
import re
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simgait.report.browser_pdf import find_browser
from simgait.report.training.replays import (
    MOST_FRAMES,
    Replays,
    replay_page,
    replayed,
    walk_data,
)
from simgait.report.training.run_page import RunPage, run_page
from simgait.skeleton.default import BODY_KEYPOINTS
from simgait.skeleton.keypoints import KEYPOINT_INDEX
from simgait.types import Rollout
from tests.present import present
from tests.report.trial.test_player import LONGEST_S, Listener

LARGEST_PAGE = 2_000_000
ROWS = [
    {"steps": "1000", "wall_s": "5", "reward": "0.1", "validation_score": "9.5"},
    {"steps": "2000", "wall_s": "9", "reward": "0.2", "validation_score": ""},
    {"steps": "3000", "wall_s": "15", "reward": "0.3", "validation_score": "9.75"},
]
USER = """
<script>
const faults = [];
addEventListener("error", (e) => faults.push(String(e.message)));
addEventListener("unhandledrejection", (e) => faults.push(String(e.reason)));
</script>"""
AFTERWARDS = """
<script>
addEventListener("load", async () => {
  const at = (id) => document.getElementById(id), said = {};
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const picture = (id) => at(id).toDataURL();
  await wait(300);
  const before = picture("stage-worst");
  at("play-median").click();
  for (let i = 0; i < 100 && !(+at("scrub-median").value > 0); i++) await wait(100);
  at("play-median").click();
  said.median = +at("scrub-median").value;
  said.others = +at("scrub-worst").value;
  at("scrub-worst").value = 1;
  at("scrub-worst").dispatchEvent(new Event("input"));
  await wait(300);
  said.moved = picture("stage-worst") !== before;
  said.clock = at("clock-worst").textContent;
  said.faults = faults;
  fetch("http://127.0.0.1:PORT/", { method: "POST", mode: "no-cors", body: JSON.stringify(said) });
});
</script>"""


def unpacked(data: dict[str, Any], key: str) -> np.ndarray:
    """Points of a replay in metres, NaN where they are missing."""
    origin = np.frombuffer(base64.b64decode(data["origin"]), "<i4").reshape(-1, 1, 3)
    packed = np.frombuffer(base64.b64decode(data[key]), "<i2").reshape(len(origin), -1, 3)
    return np.where(packed == -32768, np.nan, (packed.astype(float) + origin) / 1000.0)


def two_walks(walk: Callable[..., tuple[Any, Rollout]], seconds: float = 4.0) -> Replays:
    fallen, stood = walk(seconds, "walk-01", fall_s=1.5)[1], walk(seconds, "walk-02")[1]
    return Replays(
        1000,
        9.5,
        (
            replayed(fallen, "worst", cost_deg=60.0, angle_rmse_deg=7.0),
            replayed(stood, "median", cost_deg=4.0, angle_rmse_deg=3.0),
        ),
    )


def page(replays: Replays | None, refresh_s: int | None = 30) -> str:
    return run_page(RunPage("mine", "facts", ROWS, 9000, "today", refresh_s, replays))


def test_body_and_reference_are_where_they_were(walk: Callable[..., Any]) -> None:
    _, rollout = walk(2.0)
    ahead = rollout.pose.copy()
    ahead[:, 0] += 0.25
    data = walk_data(replace(rollout, reference_pose=ahead))
    body, reference = unpacked(data, "body"), unpacked(data, "target")
    np.testing.assert_allclose(body, rollout.keypoints_m, atol=0.0006)
    own = [KEYPOINT_INDEX[name] for name in BODY_KEYPOINTS]
    ahead_m = np.broadcast_to([0.25, 0.0, 0.0], body.shape)
    np.testing.assert_allclose(reference[:, own] - body, ahead_m, atol=0.002)
    assert np.isnan(np.delete(reference, own, axis=1)).all()
    # A foot stands 0.61 of a stride of 1.1 s.
    starts, ends = np.array(data["stance"][1]).T
    assert ends[-2] - starts[-2] == pytest.approx(0.61 * 1.1, abs=0.08)


def test_what_is_said_of_a_walk(walk: Callable[..., Any]) -> None:
    text = page(two_walks(walk))
    assert "What the policy after 1,000 steps, score 9.500, does" in text
    assert "walk-01: fell after 1.5 s; joint angles 7.0°; alone it would score 60.00." in text
    assert "walk-02: walked to the end, 4.0 s; joint angles 3.0°" in text


def test_the_pages_are_small_and_fetch_nothing(walk: Callable[..., Any]) -> None:
    """Walks longer than any that are validated with are thinned."""
    replays = two_walks(walk, seconds=70.0)
    for one in replays.walks:
        assert one.data["frames"] <= MOST_FRAMES and one.data["recorded"] == 2100
    for text in (page(replays), replay_page("mine", replays)):
        assert len(text.encode()) < LARGEST_PAGE
        assert not re.search(r"""(?:src|href)=["'](?:https?:)?//|@import|url\(""", text)
        assert "default-src 'none'" in text and "script-src 'unsafe-inline'" in text


def test_a_page_with_replays_does_not_interrupt_them(walk: Callable[..., Any]) -> None:
    """It loads anew by its script; by itself only where scripts do not run."""
    meta = '<meta http-equiv="refresh" content="30">'
    text = page(two_walks(walk))
    assert f"<noscript>{meta}</noscript>" in text and "location.reload()" in text
    over = page(two_walks(walk), refresh_s=None)
    assert 'http-equiv="refresh"' not in over and "location.reload()" not in over
    without = page(None)
    assert meta in without and "<script" not in without and "script-src" not in without


@pytest.mark.slow
@pytest.mark.skipif(find_browser() is None, reason="no Chromium, Chrome or Edge here")
def test_a_browser_plays_each_walk_by_itself(walk: Callable[..., Any], tmp_path: Path) -> None:
    html = page(two_walks(walk))
    # The page may fetch nothing; the stand-in for the user has to say what it saw.
    html = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', USER, html)
    with Listener() as listener:
        after = AFTERWARDS.replace("PORT", str(listener.server_port))
        path = tmp_path / "training.html"
        path.write_text(html.replace("</body>", after + "</body>"), encoding="utf-8")
        browser = subprocess.Popen(
            [
                present(find_browser()), "--headless", "--no-sandbox", "--disable-gpu",
                f"--user-data-dir={tmp_path / 'profile'}", "--remote-debugging-port=0",
                path.as_uri(),
            ],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            listener.handle_request()
        finally:
            browser.terminate()
            browser.wait(timeout=20)
    assert listener.heard, f"the browser said nothing within {LONGEST_S:.0f} s"
    seen = json.loads(listener.heard)
    assert seen["faults"] == []
    assert seen["median"] > 0.0 == seen["others"], "one is played, the other is not"
    assert seen["moved"] and seen["clock"].endswith("frame 120/120")
