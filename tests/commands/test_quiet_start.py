"""No command prints what MJX says of itself: it is imported after it is made quiet."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import simgait.commands

MAKE_QUIET = {"configure_jax", "import_mjx_quietly"}


def imported_before(path: Path) -> set[str]:
    """What the functions of a module import of simgait before the call that makes MJX quiet."""
    found = set()
    for function in ast.parse(path.read_text(encoding="utf-8")).body:
        calls = [
            node.lineno
            for node in ast.walk(function)
            if isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in MAKE_QUIET
        ]
        for node in ast.walk(function) if calls else ():
            if isinstance(node, ast.ImportFrom) and node.lineno < min(calls):
                found |= {f"from {node.module} import {name.name}" for name in node.names}
    return {line for line in found if line.startswith("from simgait")}


def test_nothing_imports_mjx_before_it_is_quiet() -> None:
    folder = Path(simgait.commands.__file__).parent
    lines = {path.name: imported_before(path) for path in sorted(folder.glob("*.py"))}
    assert len([name for name, own in lines.items() if own]) > 5
    code = ["import sys"]
    for name, own in lines.items():
        code += [*sorted(own), f"assert 'mujoco.mjx' not in sys.modules, {name!r}"]
    done = subprocess.run(
        [sys.executable, "-c", "\n".join(code)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-300:]
