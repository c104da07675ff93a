"""A few SVG pieces as text. Everything that comes from data is a number or goes through escape."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from jaxtyping import Float
from markupsafe import Markup, escape

from simgait.parameters.wording import number

GRID = "#e4e7ea"
INK = "#2b3440"
QUIET = "#5f6b77"
ZERO_LINE = "#aab2ba"
SIDE_COLOUR = {"left": "#b34700", "right": "#0072b2"}


@dataclass(frozen=True)
class Axes:
    """A plot area inside an SVG and its data range."""

    left: float
    top: float
    width: float
    height: float
    x: tuple[float, float]
    y: tuple[float, float]

    def at_all(
        self, x: Float[np.ndarray, " N"], y: Float[np.ndarray, " N"]
    ) -> tuple[Float[np.ndarray, " N"], Float[np.ndarray, " N"]]:
        """Data to SVG coordinates, all points at once."""
        u = (x - self.x[0]) / (self.x[1] - self.x[0])
        v = (y - self.y[0]) / (self.y[1] - self.y[0])
        return self.left + u * self.width, self.top + (1.0 - v) * self.height

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Data to SVG coordinates."""
        u = (x - self.x[0]) / (self.x[1] - self.x[0])
        v = (y - self.y[0]) / (self.y[1] - self.y[0])
        return self.left + u * self.width, self.top + (1.0 - v) * self.height


def tag(name: str, body: str | Markup = "", /, **attributes: object) -> Markup:
    """One element; underscores in attribute names become dashes, `body` is escaped text."""
    parts = []
    for key, value in attributes.items():
        if value is None:
            continue
        text = f"{value:.2f}".rstrip("0").rstrip(".") if isinstance(value, float) else value
        parts.append(f' {key.rstrip("_").replace("_", "-")}="{escape(text)}"')
    return Markup(f"<{name}{''.join(parts)}>{escape(body)}</{name}>")


def text(x: float, y: float, body: str, **attributes: object) -> Markup:
    """A label."""
    style = {"font_size": 11.0, "fill": QUIET} | attributes
    return tag("text", body, x=x, y=y, **style)


def line(x1: float, y1: float, x2: float, y2: float, **attributes: object) -> Markup:
    """A straight line."""
    return tag("line", x1=x1, y1=y1, x2=x2, y2=y2, **({"stroke": GRID} | attributes))


def polyline(axes: Axes, x: np.ndarray, y: np.ndarray, **attributes: object) -> Markup:
    """A line through data, broken where values are missing."""
    pieces: list[str] = []
    pen_down = False
    for xi, yi in zip(x, y, strict=True):
        if not np.isfinite(yi):
            pen_down = False
            continue
        px, py = axes.at(float(xi), float(yi))
        pieces.append(f"{'L' if pen_down else 'M'}{px:.1f} {py:.1f}")
        pen_down = True
    if not pieces:
        return Markup("")
    style = {"fill": "none", "stroke_linejoin": "round"} | attributes
    return tag("path", d="".join(pieces), **style)


def band(
    axes: Axes,
    x: np.ndarray,
    low: np.ndarray,
    high: np.ndarray,
    **attributes: object,
) -> Markup:
    """The area between two curves."""
    there = [axes.at(float(a), float(b)) for a, b in zip(x, high, strict=True)]
    back = [axes.at(float(a), float(b)) for a, b in zip(x, low, strict=True)][::-1]
    points = " ".join(f"{px:.1f},{py:.1f}" for px, py in there + back)
    return tag("polygon", points=points, **attributes)


def svg(
    width: float, height: float, label: str, parts: Iterable[Markup], **attributes: object
) -> Markup:
    """The whole picture, with its description for those who cannot see it."""
    body = Markup("").join(parts)
    return tag(
        "svg",
        body,
        viewBox=f"0 0 {width:g} {height:g}",
        role="img",
        aria_label=label,
        **attributes,
    )


def curve_axes(x: tuple[float, float], y: tuple[float, float]) -> Axes:
    """The plot area of a `curve_panel`."""
    return Axes(38, 26, 274, 158, x, y)


def curve_panel(title: str, label: str, parts: Iterable[Markup]) -> Markup:
    """A small picture of curves under their title; `label` as in `svg`."""
    heading = text(0, 13, title, font_size=13.0, fill=INK, font_weight=600)
    return svg(324, 204, label, [heading, *parts])


def ticks(low: float, high: float, about: int = 5) -> list[float]:
    """Round numbers between two values."""
    raw = (high - low) / max(about, 1)
    power = 10.0 ** np.floor(np.log10(raw))
    step = power * next(m for m in (1, 2, 2.5, 5, 10) if m * power >= raw * 0.999)
    first = np.ceil(low / step - 1e-9) * step
    # Adding 0.0 turns -0.0 into 0.0, which would print as "-0".
    return [float(v) + 0.0 for v in np.arange(first, high + step * 1e-6, step)]


def cycle_scales(axes: Axes, low: float, high: float) -> Iterator[Markup]:
    """Lines and figures of an angle, and of percent of the gait cycle below."""
    for value in ticks(low, high):
        x, y = axes.at(0, value)
        stroke = ZERO_LINE if value == 0 else GRID
        yield line(x, y, x + axes.width, y, stroke=stroke)
        shown = number(value, 1 if value % 1 else 0)
        yield text(x - 5, y + 3.5, shown, text_anchor="end")
    for value in (0, 25, 50, 75, 100):
        x, y = axes.at(value, axes.y[0])
        yield text(x, y + 14, f"{value}", text_anchor="middle")


def evenly(count: int, most: int) -> list[int]:
    """Indices of at most `most` of `count` things, evenly spread, first and last among them."""
    if count <= most:
        return list(range(count))
    return [round(i) for i in np.linspace(0, count - 1, most)]
