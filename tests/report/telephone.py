"""Lays a page out as a telephone would, with a browser that is installed, and asks it."""

from __future__ import annotations

import html
import json
import re
import subprocess
from pathlib import Path

import pytest

from simgait.report.browser_pdf import find_browser

TELEPHONE_PX = 390


def measured(tmp_path: Path, page: str, script: str, width_px: int = TELEPHONE_PX) -> object:
    """What a script says of a page in a frame, as wide as a telephone if nothing else is said."""
    browser = find_browser()
    if browser is None:
        pytest.skip("no Chromium, Chrome or Edge to lay the page out")
    frame = tmp_path / "frame.html"
    frame.write_text(
        f'<iframe style="width:{width_px}px;height:3000px;border:0" '
        f'srcdoc="{html.escape(page)}"></iframe><pre id="said"></pre><script>'
        "addEventListener('load', () => { const page = document.querySelector('iframe')"
        ".contentDocument; document.getElementById('said').textContent = "
        f"JSON.stringify((() => {{ {script} }})()); }});</script>"
    )
    ran = subprocess.run(
        [browser, "--headless", "--disable-gpu", "--no-sandbox", "--no-first-run",
         f"--user-data-dir={tmp_path / 'profile'}", "--virtual-time-budget=2000", "--dump-dom",
         frame.as_uri()],
        capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    found = re.search(r'<pre id="said">(.*?)</pre>', ran.stdout, flags=re.DOTALL)
    assert found is not None
    return json.loads(html.unescape(found[1]))


BEYOND = """
  const right = page.documentElement.clientWidth;
  const inside = (e) => e.closest('.wide, svg, noscript, script');
  return [...page.body.querySelectorAll('*')]
    .filter((e) => !inside(e) && e.getBoundingClientRect().right > right + 1)
    .map((e) => e.tagName + '.' + e.className);
"""
