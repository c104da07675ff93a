"""Every text of the pages can be read on every background that it may lie on, light and dark.

Contrast as WCAG 2.1 defines it; AA asks for 4.5 (success criterion 1.4.3).
"""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

from simgait.report import svg
from simgait.report.agreement import charts
from simgait.report.page import asset
from simgait.report.trial import cycle_curves

LEAST = 4.5
SHEETS = ("style.css", "agreement.css")
SCHEMES = ("light", "dark")
DARK = re.compile(r"@media screen and \(prefers-color-scheme: dark\) \{")
RULE = re.compile(r"([^{};]+)\{([^{}]*)\}")
SURFACES = ("var(--paper)", "var(--wash)")  # a page, and the boxes on it
# No text of a page lies in them; pictures have texts of their own, below.
PICTURES = {".legend .band::before", ".legend .certain::before", ".replay canvas", "svg"}
PAPER = "#ffffff"


def sheet(name: str) -> str:
    return re.sub(r"/\*.*?\*/", "", asset(name), flags=re.DOTALL)


def blocks(css: str, start: re.Pattern[str]) -> list[str]:
    """What stands in the braces that `start` opens."""
    found = []
    for match in start.finditer(css):
        depth, end = 1, match.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(css[end], 0)
            end += 1
        found.append(css[match.end() : end - 1])
    return found


def declarations(text: str) -> dict[str, str]:
    pairs = (part.split(":", 1) for part in text.split(";") if ":" in part)
    return {name.strip(): value.strip() for name, value in pairs}


def variables(scheme: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in SHEETS:
        css = sheet(name)
        dark = blocks(css, DARK)
        light = css
        for block in dark:
            light = light.replace(block, "")
        for part in (light, *(dark if scheme == "dark" else ())):
            for selector, body in RULE.findall(part):
                if selector.strip() == ":root":
                    found |= {k: v for k, v in declarations(body).items() if k.startswith("--")}
    return found


def colour(value: str, scheme: str) -> str | None:
    """A colour as #rrggbb; None for what has no colour of its own."""
    named = re.search(r"var\((--[\w-]+)\)", value)
    if named:
        value = variables(scheme)[named[1]]
    found = re.search(r"#([0-9a-f]{6}|[0-9a-f]{3})\b", value)
    if found is None:
        return None
    digits = found[1] if len(found[1]) == 6 else "".join(2 * digit for digit in found[1])
    return f"#{digits}"


def luminance(hexadecimal: str) -> float:
    parts = (int(hexadecimal[i : i + 2], 16) / 255 for i in (1, 3, 5))
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def pairs(scheme: str) -> dict[str, tuple[str, str]]:
    """Selector and background -> text and background colour, for every rule that sets a text's."""
    found: dict[str, tuple[str, str]] = {}
    for name in SHEETS:
        for selector, body in RULE.findall(sheet(name)):
            said = declarations(body)
            text = colour(said.get("color", "var(--ink)"), scheme)
            own = colour(said.get("background", ""), scheme)
            if selector.strip().startswith("@"):
                own = PAPER if "color" in said else None  # texts in margins of printed pages
            if selector.strip() in PICTURES or text is None or ("color" not in said and not own):
                continue
            grounds = [own] if own else [colour(surface, scheme) for surface in SURFACES]
            for ground in grounds:
                assert ground is not None
                found[f"{selector.strip()} on {ground}"] = (text, ground)
    return found


def test_contrast_is_that_of_the_definition() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("scheme", SCHEMES)
def test_every_text_of_the_stylesheets_can_be_read(scheme: str) -> None:
    found = pairs(scheme)
    assert len(found) > 60 and any("flag" in name for name in found)
    weak = {
        name: round(contrast(*both), 2) for name, both in found.items() if contrast(*both) < LEAST
    }
    assert weak == {}


def test_every_colour_of_the_light_scheme_has_its_dark_one() -> None:
    light, dark = variables("light"), variables("dark")
    assert set(light) == set(dark)
    assert not {name for name in light if light[name] == dark[name]}


def test_texts_of_pictures_can_be_read() -> None:
    texts = [
        svg.INK, svg.QUIET, *svg.SIDE_COLOUR.values(),
        charts.MEAN, charts.LIMIT, charts.MEDIAN, charts.THRESHOLD,
    ]  # fmt: skip
    weak = [text for text in texts if contrast(text, PAPER) < LEAST]
    assert weak == []
    # Labels in a plot lie on the band of healthy people, too: as large or bold text (3).
    assert all(contrast(text, cycle_curves.BAND_FILL) >= 3.0 for text in texts)


def test_the_replay_draws_the_sides_in_their_colours() -> None:
    script = asset("replay.js")
    for side, shown in svg.SIDE_COLOUR.items():
        assert f'{side.capitalize()}: "{shown}"' in script
        assert f"--{side}: {shown}" in asset("style.css")
    background = re.search(r"\.replay canvas \{[^}]*background: (#\w+)", asset("style.css"))
    assert background is not None
    for text, ground in product([*svg.SIDE_COLOUR.values(), "#b3261e"], [background[1]]):
        assert contrast(text, ground) >= LEAST


SITE_PAPER = {"default": ("#ffffff", "#f5f5f5"), "slate": ("#1e2129", "#272a35")}
"""Of the documents' theme: the page, and the boxes of code on it."""


@pytest.mark.parametrize("scheme", SITE_PAPER)
def test_the_documents_colours_can_be_read(scheme: str) -> None:
    css = (Path(__file__).parents[2] / "docs/theme/colours.css").read_text(encoding="utf-8")
    body = re.findall(rf'scheme="{scheme}"\] \{{(.*?)\}}', css, flags=re.DOTALL)[0]
    inks = {k: v for k, v in declarations(body).items() if not k.endswith("--lighter")}
    assert len(inks) >= 3
    for name, ink in inks.items():
        for paper in SITE_PAPER[scheme]:
            assert contrast(ink, paper) >= LEAST, (name, ink, paper)
    (bar,) = re.findall(r"--md-primary-fg-color: (#[0-9a-f]{6})", css)
    assert contrast("#ffffff", bar) >= LEAST
