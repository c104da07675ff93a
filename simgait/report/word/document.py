"""The first sheet of a report's page as a Word document beside it, by python-docx (an extra)."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from simgait.errors import InputError
from simgait.files import whole_file
from simgait.report.svg import SIDE_COLOUR
from simgait.report.word.drawing import png_of
from simgait.report.word.sheet import Block, Drawing, Paragraph, Table, Words, first_sheet, plain
from simgait.text_files import read_outside_text

if TYPE_CHECKING:
    from docx.document import Document

PAPER_MM, MARGIN_MM = (210.0, 297.0), 15.0
FONT, SIZE_PT, SMALL_PT = "Arial", 9.5, 8.0
WIDE_DRAWING = 1.45
"""A drawing that is wider than this times its height is one of three in a row."""
_INNER_MM = PAPER_MM[0] - 2.0 * MARGIN_MM
_COLOUR = {"l": SIDE_COLOUR["left"], "r": SIDE_COLOUR["right"]}


def check_word(wanted: bool) -> None:
    """Says at once that nothing can write a document, where one is wanted.

    Raises:
        InputError: python-docx is not installed.
    """
    if not wanted:
        return
    try:
        import docx  # noqa: F401 - only whether it is there
    except ImportError as error:
        raise InputError(
            "--docx needs python-docx, which is not installed: pip install 'simgait[docx]' (in a "
            "clone: pip install -c requirements.lock '.[docx]')."
        ) from error


def word_beside(page: Path) -> Path:
    """Writes the first sheet of a page into the document of its name beside it.

    Args:
        page: report.html.

    Raises:
        InputError: the page cannot be read or has no first sheet, python-docx is not installed, or
            the document cannot be written.
    """
    check_word(True)
    blocks = first_sheet(read_outside_text(page).text, page.name)
    document = document_of(blocks)
    file = page.with_suffix(".docx")
    with whole_file(file) as part, part.open("wb") as stream:
        document.save(stream)
    return file


def document_of(blocks: Sequence[Block]) -> Document:
    """The document, which names no author."""
    import docx

    document = docx.Document()
    _set_up(document)
    paragraphs = [block for block in blocks if isinstance(block, Paragraph)]
    _name_nobody(document, next(plain(p.words) for p in paragraphs if p.kind == "heading 1"))
    row: Any = None
    for block in blocks:
        if not isinstance(block, Drawing):
            row = None
        if isinstance(block, Paragraph):
            _add_paragraph(document, block)
        elif isinstance(block, Table):
            _add_table(document, block)
        else:
            row = document.add_paragraph() if row is None else row
            _add_drawing(row, block)
    return document


def _set_up(document: Document) -> None:
    from docx.shared import Mm, Pt

    section = document.sections[0]
    section.page_width, section.page_height = (Mm(mm) for mm in PAPER_MM)
    section.left_margin = section.right_margin = Mm(MARGIN_MM)
    section.top_margin = section.bottom_margin = Mm(MARGIN_MM)
    style: Any = document.styles["Normal"]
    style.font.name, style.font.size = FONT, Pt(SIZE_PT)
    style.paragraph_format.space_after = Pt(3.0)


def _name_nobody(document: Document, title: str) -> None:
    """What python-docx's template says of author and times is replaced."""
    properties = document.core_properties
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.title = f"{title} \N{MIDDLE DOT} gait report"
    properties.created = properties.modified = datetime.now(UTC).replace(microsecond=0)


def _add_paragraph(document: Document, block: Paragraph) -> None:
    if block.kind.startswith("heading"):
        document.add_heading(plain(block.words), level=int(block.kind[-1]))
        return
    paragraph = document.add_paragraph(style="List Bullet" if block.kind == "item" else None)
    is_small = block.kind in ("note", "legend")
    words = block.words
    if block.kind == "verdict":
        words = tuple(Words(one.text, True, one.struck, one.side) for one in words)
    _add_words(paragraph, words, SMALL_PT if is_small else SIZE_PT)


def _add_table(document: Document, block: Table) -> None:
    width = max(len(row) for row in block.rows)
    table = document.add_table(rows=len(block.rows), cols=width, style="Light Grid Accent 1")
    for place, row in enumerate(block.rows):
        for cell, words in zip(table.rows[place].cells, row, strict=False):
            _add_words(cell.paragraphs[0], words, SMALL_PT)
    document.add_paragraph()


def _add_words(paragraph: Any, words: Sequence[Words], size_pt: float) -> None:
    from docx.shared import Pt, RGBColor

    for one in words:
        run = paragraph.add_run(" ".join(one.text.split("\n")))
        run.bold, run.font.strike, run.font.size = one.bold, one.struck or None, Pt(size_pt)
        if one.side:
            run.font.color.rgb = RGBColor.from_string(_COLOUR[one.side].lstrip("#").upper())


def _add_drawing(paragraph: Any, drawing: Drawing) -> None:
    from docx.shared import Mm

    share = 3.0 if drawing.width > WIDE_DRAWING * drawing.height else 2.0
    picture = paragraph.add_run().add_picture(
        io.BytesIO(png_of(drawing)), width=Mm(_INNER_MM / share - 1.0)
    )
    # For who does not see it.
    picture._inline.docPr.set("descr", drawing.label)
