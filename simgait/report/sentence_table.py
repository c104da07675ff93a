"""What a table of sentences is: one for each code of a finding."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from simgait.findings import Code, Finding
from simgait.parameters.wording import beside_limit

Values = Mapping[str, Any]
Sentences = Mapping[Code, str | Callable[[Finding], str]]
"""Code -> its sentence: a template for its values and `where`, or a function of the finding."""


def in_percent(template: str, share: str = "value") -> Callable[[Finding], str]:
    """The sentence with a share (0 to 1, key of `share`) as {percent}."""

    def sentence(finding: Finding) -> str:
        values: Values = finding.values
        return template.format(**values, where=finding.where, percent=100.0 * values[share])

    return sentence


def passing(
    template: str, value: str, limit: str, form: str = ".0f", factor: float = 1.0
) -> Callable[[Finding], str]:
    """The sentence on a number that passes its limit, which it is written so as to show.

    Args:
        template: for the values and `where`, with {shown} and {allowed} for number and limit.
        value: key of the number.
        limit: key of its limit.
        form: of both, see `beside_limit`.
        factor: from what is stored to what is shown.
    """

    def sentence(finding: Finding) -> str:
        values: Values = finding.values
        shown, allowed = beside_limit(factor * values[value], factor * values[limit], form)
        return template.format(**values, where=finding.where, shown=shown, allowed=allowed)

    return sentence
