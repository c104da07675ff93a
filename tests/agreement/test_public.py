"""What `simgait.agreement` promises to others: its example runs, and it is light."""

from __future__ import annotations

import contextlib
import io
import re
import subprocess
import sys
from pathlib import Path

import pytest

from simgait import agreement

DOCS = Path(__file__).resolve().parents[2] / "docs" / "agreement.md"


def test_the_example_of_the_docs_prints_what_they_say() -> None:
    text = DOCS.read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    (shown,) = re.findall(r"```text\n(.*?)```", text, re.DOTALL)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(code, str(DOCS), "exec"), {})
    assert printed.getvalue() == shown


def test_every_function_is_in_the_docs() -> None:
    text = DOCS.read_text(encoding="utf-8")
    functions = [name for name in agreement.__all__ if name[0].islower()]
    assert [name for name in functions if f"`{name}" not in text] == []


@pytest.mark.slow
def test_nobody_needs_a_physics_engine_for_a_statistic() -> None:
    code = "import sys, simgait.agreement; print(*sorted(m.split('.')[0] for m in sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"jax", "mujoco", "brax", "flax", "matplotlib"} & set(run.stdout.split())
