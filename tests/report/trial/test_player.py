"""The replay and its video in a real browser: they play, are scrubbed, and listen to keys."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simgait.gait.analyse import analyse_rollout
from simgait.report.browser_pdf import find_browser
from simgait.report.trial.page import trial_page
from simgait.report.trial.verdict import judge
from tests.present import present

FILM_FPS_HZ = 25
LONGEST_S = 90.0
USER = """
<script>
addEventListener("load", async () => {
  const at = (id) => document.getElementById(id);
  const film = at("film"), canvas = document.querySelector("canvas"), said = [];
  const wait = (ms) => new Promise((done) => setTimeout(done, ms));
  const key = (on, name) => on.dispatchEvent(new KeyboardEvent("keydown", { key: name }));
  const tell = async (what, ms) => {
    await wait(ms);
    said.push([what, +at("scrub").value, film.currentTime, at("play").textContent, film.paused]);
  };
  for (let i = 0; i < 50 && film.readyState < 2; i++) await wait(100);
  await tell("opened", 300);
  at("scrub").value = 0.5;
  at("scrub").dispatchEvent(new Event("input"));
  await tell("scrubbed", 500);
  key(canvas, "ArrowRight");
  await tell("stepped", 500);
  key(film, "Home");
  await tell("home", 500);
  key(canvas, " ");
  await tell("plays", 700);
  at("play").click();
  await tell("stopped", 300);
  key(canvas, "Home");
  await tell("home again", 500);
  key(canvas, "End");
  await tell("end", 500);
  fetch("http://127.0.0.1:PORT/", { method: "POST", mode: "no-cors", body: JSON.stringify(said) });
});
</script>"""
"""What somebody does with the page, and what it shows after each."""


class Listener(HTTPServer):
    """Hears one message of a page; `heard` is empty where none came in time."""

    timeout = LONGEST_S

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Hears)
        self.heard = ""


class _Hears(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        listener = self.server
        assert isinstance(listener, Listener)
        listener.heard = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.send_response(204)
        self.end_headers()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


def write_film(av: Any, path: Path, seconds: float) -> None:
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libvpx-vp9", rate=FILM_FPS_HZ)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for k in range(round(seconds * FILM_FPS_HZ)):
            grey = np.full((48, 64, 3), 40 + 3 * k % 200, np.uint8)
            out.mux(stream.encode(av.VideoFrame.from_ndarray(grey, format="rgb24")))
        out.mux(stream.encode())


@pytest.mark.slow
@pytest.mark.skipif(find_browser() is None, reason="no Chromium, Chrome or Edge here")
def test_the_player_plays_is_scrubbed_and_listens_to_keys(
    walk: Callable[..., Any], tmp_path: Path
) -> None:
    av = pytest.importorskip("av")
    trial, rollout = walk(4.0)
    result = analyse_rollout(rollout)
    html = trial_page(
        trial, rollout, result, judge(trial, rollout, result, None), {}, None,
        has_film=True,
    )  # fmt: skip
    # The page may fetch nothing; the stand-in for the user has to say what it saw.
    html = re.sub(r'<meta http-equiv="Content-Security-Policy"[^>]*>', "", html)
    write_film(av, tmp_path / "overlay.webm", 4.0)
    with Listener() as listener:
        page = tmp_path / "report.html"
        user = USER.replace("PORT", str(listener.server_port))
        page.write_text(html.replace("</body>", user + "</body>"), encoding="utf-8")
        browser = subprocess.Popen(
            [
                present(find_browser()), "--headless", "--no-sandbox", "--disable-gpu",
                f"--user-data-dir={tmp_path / 'profile'}", "--remote-debugging-port=0",
                page.as_uri(),
            ],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            listener.handle_request()
        finally:
            browser.terminate()
            browser.wait(timeout=20)
    assert listener.heard, f"the browser said nothing within {LONGEST_S:.0f} s"
    shown = {what: rest for what, *rest in json.loads(listener.heard)}
    end_s = (len(rollout.time_s) - 1) / 30.0
    for what, share in (
        ("opened", 0.0), ("scrubbed", 0.5), ("home", 0.0), ("home again", 0.0), ("end", 1.0),
    ):  # fmt: skip
        place, film_s, button, paused = shown[what]
        assert place == pytest.approx(share, abs=0.01), what
        assert film_s == pytest.approx(share * end_s, abs=0.05), what
        assert (button, paused) == ("Play", True), what
    assert shown["stepped"][0] > shown["scrubbed"][0]
    assert shown["stepped"][1] - shown["scrubbed"][1] == pytest.approx(1 / 30, abs=0.02)
    place, film_s, button, paused = shown["plays"]
    assert place > 0.05 and film_s > 0.1
    assert (button, paused) == ("Pause", False)
    assert shown["stopped"][2:] == ["Play", True]
