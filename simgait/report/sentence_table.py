"""What a table of sentences is: one for each code of a finding."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from simgait.findings import Code, Finding

Values = Mapping[str, Any]
Sentences = Mapping[Code, str | Callable[[Finding], str]]
"""Code -> its sentence: a template for its values and `where`, or a function of the finding."""
