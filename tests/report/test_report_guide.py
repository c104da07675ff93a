"""The page on reading a report says of every finding what it takes away."""

from __future__ import annotations

from pathlib import Path

from simgait.findings import EVERYTHING, ROUGHENS, TOUCHES, Basis, Code
from simgait.parameters.catalogue import parameters
from simgait.parameters.curves import CURVES
from simgait.parameters.parameter import Parameter

PAGE = Path(__file__).parents[2] / "docs" / "report-guide.md"
OF_ITS_OWN = {
    Code.IMPLAUSIBLE: "its own, and all that rests on the same clock, size or travel",
    Code.INTERVAL_TOO_WIDE: "those that it names",
    Code.SIDE_RHYTHM_DENIED: "all of that side that rest on its contacts",
}


def taken(code: Code) -> str:
    bases = TOUCHES[code]
    if code in OF_ITS_OWN:
        return OF_ITS_OWN[code]
    if bases == EVERYTHING:
        return "everything"
    angles = [c.label for c in CURVES if c.rests_on & bases]
    names = [
        *(_of_whom(one, bases) for one in parameters() if one.rests_on & bases),
        *(["Joint angles"] if len(angles) == len(CURVES) else angles),
        *(["Vertical force"] if Basis.FORCES in bases else []),
    ]
    return ", ".join(name[:1].lower() + name[1:] for name in names) or "nothing"


def _of_whom(one: Parameter, bases: frozenset[Basis]) -> str:
    return one.label if one.basis_of("both") & bases else f"{one.label} of a side"


def table() -> str:
    """Findings about what is known of a walk are no part of a verdict."""
    codes = [code for code in Code if not code.startswith(("truth_", "laboratory_"))]
    rows = (f"| `{code}` | {taken(code)} |" for code in codes)
    return "\n".join(("| finding | numbers that are not to be used |", "|---|---|", *rows))


def test_the_table_of_findings_is_that_of_the_code() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert table() in page, f"put this table into docs/report-guide.md:\n\n{table()}"


def test_what_a_finding_leaves_rough_is_said() -> None:
    page = PAGE.read_text(encoding="utf-8")
    for code, bases in ROUGHENS.items():
        of_both = code is Code.SIDE_RHYTHM_DENIED  # whose touch is on the side alone
        gone = frozenset() if of_both else TOUCHES[code]
        left = [
            f"{p.label} of both sides" if p.both_rests_on and p.rests_on & gone else p.label
            for p in parameters()
            if (own := p.basis_of("both")) & bases and not own & gone
        ]
        names = ", ".join(name[:1].lower() + name[1:] for name in left)
        assert f"| `{code}` | {'of both sides: ' if of_both else ''}{names}" in page
