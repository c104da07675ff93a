"""The page of definitions says what the catalogue says."""

from __future__ import annotations

from pathlib import Path

from simgait.parameters.catalogue import (
    defined_label,
    definitions,
    find_parameter,
    parameters,
)

PAGE = Path(__file__).parents[2] / "docs" / "definitions.md"


def table() -> str:
    rows = ["| parameter | key | unit | definition |", "|---|---|---|---|"]
    for key, text in definitions().items():
        one = find_parameter(key)
        unit = "" if one is None else one.unit.symbol
        rows.append(f"| {defined_label(key)} | `{key}` | {unit} | {text.format(heel='heel')} |")
    return "\n".join(rows)


def test_the_table_of_parameters_is_the_catalogue() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert table() in page, f"put this table into docs/definitions.md:\n\n{table()}"


def ranges() -> str:
    rows = ["| parameter | from | to | unit | by |", "|---|---|---|---|---|"]
    for one in parameters():
        known = one.plausible
        assert known is not None
        low, high = (f"{value:.4g}".replace("-", "−") for value in (known.low, known.high))
        rows.append(f"| {one.label} | {low} | {high} | {one.unit.symbol} | {known.source} |")
    return "\n".join(rows)


def test_the_table_of_plausible_ranges_is_the_catalogue() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert ranges() in page, f"put this table into docs/definitions.md:\n\n{ranges()}"
