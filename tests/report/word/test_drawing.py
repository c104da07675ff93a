"""A page's drawing as pixels."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from simgait.report.word.drawing import PIXELS, png_of
from simgait.report.word.sheet import Drawing, Shape


def pixels(*shapes: Shape, width: float = 40.0, height: float = 20.0) -> np.ndarray:
    """Rows x columns x RGB, one for each unit of the drawing: its middle."""
    picture = Image.open(io.BytesIO(png_of(Drawing(width, height, "", list(shapes)))))
    assert picture.size == (int(width) * PIXELS, int(height) * PIXELS)
    return np.asarray(picture)[PIXELS // 2 :: PIXELS, PIXELS // 2 :: PIXELS]


def shape(name: str, text: str = "", **attributes: object) -> Shape:
    known = {key.rstrip("_").replace("_", "-"): str(value) for key, value in attributes.items()}
    return Shape(name, known, text)


def test_an_area_is_filled_and_what_shows_through_is_mixed_with_what_is_below() -> None:
    full = pixels(shape("rect", x=10, y=5, width=10, height=10, fill="#b34700"))
    assert full[10, 15].tolist() == [0xB3, 0x47, 0x00] and full[10, 5].tolist() == [255] * 3
    half = pixels(
        shape("polygon", points="10,5 20,5 20,15 10,15", fill="#000000", fill_opacity=0.5)
    )
    assert abs(int(half[10, 15, 0]) - 127) <= 1


def test_lines_are_broken_where_the_pen_is_lifted_and_dashed_where_it_says() -> None:
    path = pixels(shape("path", d="M2 10L10 10M20 10L30 10", stroke="#000000", stroke_width=2))
    assert (path[10, [5, 25], 0] < 130).all() and path[10, 15, 0] == 255
    dashed = pixels(
        shape("line", x1=0, y1=10, x2=40, y2=10, stroke="#0072b2", stroke_dasharray="4 4",
              stroke_width=2)
    )  # fmt: skip
    drawn = (dashed[10, :, 0] < 200).tolist()
    assert drawn[1:3] == [True, True] and drawn[5:7] == [False, False] and drawn[9:11] == [True] * 2
    nothing = pixels(shape("path", d="M2 10L30 10", fill="none"))
    assert (nothing == 255).all()


def test_text_stands_at_its_anchor_and_unknown_signs_are_left_out() -> None:
    end = pixels(shape("text", "\u221220", x=38, y=15, font_size=12, text_anchor="end"))
    begin = pixels(shape("text", "20", x=2, y=15, font_size=12))
    dark = np.flatnonzero((end[:, :, 0] < 200).any(axis=0))
    assert dark.max() <= 38 and dark.min() > 10
    assert np.flatnonzero((begin[:, :, 0] < 200).any(axis=0)).max() < 20
    arrow = pixels(shape("text", "\u2191 20", x=2, y=15, font_size=12))
    assert (arrow == begin).all()


def test_what_is_not_drawn_does_no_harm() -> None:
    assert (pixels(shape("circle", cx=5, cy=5, r=3)) == 255).all()
