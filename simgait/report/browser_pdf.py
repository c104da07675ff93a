"""A page as PDF, printed by a browser that is installed: Chromium, Chrome or Edge, unseen.

The page's own print CSS sets paper, margins and page numbers, so the PDF is the page. No renderer
comes with simgait: those that are pure Python cannot lay out this page, and WeasyPrint needs Pango,
a system library that neither pip nor make can bring.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from simgait.errors import InputError

BROWSER_VARIABLE = "SIMGAIT_BROWSER"
"""Environment variable that names the browser's program, where it is not found by itself."""
PROGRAMS = (
    "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome",
    "microsoft-edge", "msedge",
)  # fmt: skip
APPLICATIONS = {
    "darwin": (
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    ),
    "win32": (
        r"C:\Program Files\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
        r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
        r"C:\Program Files\Microsoft\Edge\Application\msedge.exe",
    ),
}
"""Where installers put them on systems whose programs are in no search path."""
LONGEST_S = 120.0
"""The benchmark's report, 20 pages with 3 000 dots each, takes 3 s on an idle core."""
NO_BROWSER = (
    "No Chromium, Chrome or Edge was found to print the page as PDF; install one, name its program "
    f"in ${BROWSER_VARIABLE}, or print {{page}} from your own browser."
)


def find_browser() -> str | None:
    """The program of a browser that can print; None where there is none.

    Raises:
        InputError: $SIMGAIT_BROWSER names a program that does not exist.
    """
    given = os.environ.get(BROWSER_VARIABLE)
    if given:
        found = shutil.which(given)
        if found is None:
            raise InputError(
                f"${BROWSER_VARIABLE} {Path(given).name}: there is no such program; check it."
            )
        return found
    in_path = (shutil.which(name) for name in PROGRAMS)
    installed = (path for path in APPLICATIONS.get(sys.platform, ()) if Path(path).is_file())
    return next((path for path in (*in_path, *installed) if path), None)


def check_browser(wanted: bool | None) -> None:
    """Where a PDF is demanded (True), says at once that nothing can print it.

    Raises:
        InputError: there is no browser although a PDF is wanted.
    """
    if wanted and find_browser() is None:
        raise InputError(NO_BROWSER.format(page="the page"))


def print_beside(page: Path, *, wanted: bool | None) -> str:
    """Prints a page into the PDF of its name beside it; an older one is removed first.

    Args:
        page: HTML file.
        wanted: True demands the PDF, False wants none, None takes it where a browser can print.

    Returns:
        Why there is no PDF, for a note; empty where there is one, or where none was wanted.

    Raises:
        InputError: it was demanded and could not be printed.
    """
    pdf = page.with_suffix(".pdf")
    pdf.unlink(missing_ok=True)
    if wanted is False:
        return ""
    try:
        browser = find_browser()
        if browser is None:
            raise InputError(NO_BROWSER.format(page=page.name))
        print_pdf(browser, page, pdf)
    except InputError as error:
        if wanted:
            raise
        return str(error)
    return ""


def print_pdf(browser: str, page: Path, pdf: Path) -> None:
    """Prints a page that reaches nothing outside itself.

    Args:
        browser: from `find_browser`.
        page: HTML file.
        pdf: to be written.

    Raises:
        InputError: the browser failed, or took too long.
    """
    with tempfile.TemporaryDirectory(prefix="simgait-browser-") as profile:
        command = [
            browser, "--headless", "--disable-gpu", "--no-first-run", "--disable-extensions",
            "--disable-background-networking", "--no-pdf-header-footer",
            f"--user-data-dir={profile}", f"--print-to-pdf={pdf.resolve()}",
            page.resolve().as_uri(),
        ]  # fmt: skip
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            # Chromium's sandbox refuses to run for root; the page holds no script.
            command.insert(1, "--no-sandbox")
        try:
            done = subprocess.run(command, capture_output=True, check=False, timeout=LONGEST_S)
        except subprocess.TimeoutExpired:
            raise InputError(
                f"{Path(browser).name} did not print the page within {LONGEST_S:g} s; leave the "
                "PDF out, or print the page by hand."
            ) from None
        except OSError as error:
            raise InputError(
                f"{Path(browser).name} could not be started ({error.strerror}); leave the PDF "
                "out, or print the page by hand."
            ) from error
    if done.returncode != 0 or not pdf.is_file() or not pdf.read_bytes().startswith(b"%PDF"):
        raise InputError(
            f"{Path(browser).name} printed no PDF; leave it out, or print the page by hand."
        )
