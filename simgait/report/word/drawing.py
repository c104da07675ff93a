"""A page's drawing as a picture of pixels, for programs that show no SVG.

It knows what `simgait.report.svg` draws: text, lines, rectangles, paths of straight pieces and
polygons, with colours in hexadecimal.
"""

from __future__ import annotations

import io
import itertools
import math
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from simgait.report.word.sheet import Drawing, Shape

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

PIXELS = 3
"""Of the picture for each unit of the drawing: 400 dots per inch at the width of a column."""
_FINER = 2
"""Times as fine it is drawn first, so that slanting lines are smooth."""
_INSTEAD = {ord("\u2212"): "-", ord("\u2013"): "-"}
"""For what Pillow's own font lacks. It has no arrows either: *flexion* stands above, *extension*
below."""
Point = tuple[float, float]
Colour = tuple[int, int, int, int]


def png_of(drawing: Drawing) -> bytes:
    """The picture as a PNG file, on white."""
    from PIL import Image

    scale = PIXELS * _FINER
    size = math.ceil(drawing.width * scale), math.ceil(drawing.height * scale)
    picture = Image.new("RGBA", size, (255, 255, 255, 255))
    for shape in drawing.shapes:
        picture = _with_shape(picture, shape, scale)
    small = picture.convert("RGB").resize(
        (size[0] // _FINER, size[1] // _FINER), Image.Resampling.LANCZOS
    )
    file = io.BytesIO()
    small.save(file, "PNG", optimize=True)
    return file.getvalue()


def _with_shape(picture: Image, shape: Shape, scale: int) -> Image:
    """The picture with one more shape; what shows through is laid over what is there."""
    from PIL import Image, ImageDraw

    is_opaque = not {"fill-opacity", "stroke-opacity", "opacity"} & shape.attributes.keys()
    layer = picture if is_opaque else Image.new("RGBA", picture.size, (0, 0, 0, 0))
    _DRAW.get(shape.name, _nothing)(ImageDraw.Draw(layer), shape, scale)
    return picture if is_opaque else Image.alpha_composite(picture, layer)


def _nothing(draw: ImageDraw, shape: Shape, scale: int) -> None:
    """A shape that `simgait.report.svg` does not draw."""


def _number(shape: Shape, name: str, otherwise: float = 0.0) -> float:
    return float(shape.attributes.get(name, otherwise))


def _colour(shape: Shape, name: str, otherwise: str = "none") -> Colour | None:
    """A colour with its opacity; None where nothing is painted."""
    said = shape.attributes.get(name, otherwise)
    if not re.fullmatch("#[0-9a-fA-F]{6}", said):
        return None
    opacity = _number(shape, f"{name}-opacity", 1.0) * _number(shape, "opacity", 1.0)
    red, green, blue = (int(said[i : i + 2], 16) for i in (1, 3, 5))
    return red, green, blue, round(255 * opacity)


def _stroke(draw: ImageDraw, shape: Shape, points: Sequence[Point], scale: int) -> None:
    colour = _colour(shape, "stroke")
    if colour is None or len(points) < 2:
        return
    width = max(1, round(scale * _number(shape, "stroke-width", 1.0)))
    said = shape.attributes.get("stroke-dasharray", "").replace(",", " ").split()
    for piece in _dashed(points, [scale * float(dash) for dash in said]):
        draw.line(piece, fill=colour, width=width, joint="curve")


def _dashed(points: Sequence[Point], dashes: Sequence[float]) -> Iterator[list[Point]]:
    """The pieces of a line that are drawn: all of it where there are no dashes."""
    if not sum(dashes) > 0.0:
        yield list(points)
        return
    lengths = itertools.cycle(zip(dashes, itertools.cycle((True, False)), strict=False))
    left, is_drawn = next(lengths)
    for begin, end in itertools.pairwise(points):
        whole = math.dist(begin, end)
        at = 0.0
        while at < whole:
            step = min(left, whole - at)
            if is_drawn:
                yield [_between(begin, end, s / whole) for s in (at, at + step)]
            at, left = at + step, left - step
            if left <= 0.0:
                left, is_drawn = next(lengths)


def _between(begin: Point, end: Point, share: float) -> Point:
    return (
        begin[0] + share * (end[0] - begin[0]),
        begin[1] + share * (end[1] - begin[1]),
    )


def _line(draw: ImageDraw, shape: Shape, scale: int) -> None:
    ends = [
        (scale * _number(shape, f"x{end}"), scale * _number(shape, f"y{end}")) for end in (1, 2)
    ]
    _stroke(draw, shape, ends, scale)


def _rectangle(draw: ImageDraw, shape: Shape, scale: int) -> None:
    left, top = _number(shape, "x"), _number(shape, "y")
    right, bottom = left + _number(shape, "width"), top + _number(shape, "height")
    corners = [(left, top), (right, top), (right, bottom), (left, bottom), (left, top)]
    _area(draw, shape, [(scale * x, scale * y) for x, y in corners], scale)


def _polygon(draw: ImageDraw, shape: Shape, scale: int) -> None:
    numbers = [scale * float(text) for text in re.split("[ ,]+", shape.attributes["points"])]
    points = list(zip(numbers[::2], numbers[1::2], strict=True))
    _area(draw, shape, [*points, points[0]], scale)


def _area(draw: ImageDraw, shape: Shape, points: Sequence[Point], scale: int) -> None:
    fill = _colour(shape, "fill", "#000000")
    if fill is not None and len(points) > 2:
        draw.polygon(list(points), fill=fill)
    _stroke(draw, shape, points, scale)


def _path(draw: ImageDraw, shape: Shape, scale: int) -> None:
    for piece in re.findall("M([^M]*)", shape.attributes["d"]):
        numbers = [scale * float(text) for text in re.findall(r"-?[0-9.]+", piece)]
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        _stroke(draw, shape, points, scale)


def _text(draw: ImageDraw, shape: Shape, scale: int) -> None:
    from PIL import ImageFont

    font = ImageFont.load_default(scale * _number(shape, "font-size", 11.0))
    anchor = {"middle": "ms", "end": "rs"}.get(shape.attributes.get("text-anchor", ""), "ls")
    halo = _colour(shape, "stroke")
    draw.text(
        (scale * _number(shape, "x"), scale * _number(shape, "y")),
        shape.text.translate(_INSTEAD).encode("latin-1", "ignore").decode("latin-1").strip(),
        font=font,
        anchor=anchor,
        fill=_colour(shape, "fill", "#000000"),
        stroke_fill=halo,
        stroke_width=0 if halo is None else round(0.5 * scale * _number(shape, "stroke-width")),
    )


_DRAW = {
    "line": _line, "rect": _rectangle, "polygon": _polygon, "path": _path, "text": _text,
}  # fmt: skip
