"""Small broken inputs of 17 kinds, written by scripts beside the shared recordings."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def run_case(tmp_path_factory) -> Callable[[str], Path]:
    """A function that runs a case's script by its number and returns the folder it wrote."""
    data = os.environ.get("SIMGAIT_DATA")
    beside = Path(data) if data else Path(__file__).parents[3] / "shared" / "data"

    def run(number: str) -> Path:
        scripts = sorted((beside.parent / "cases").glob(f"{number}_*.py"))
        if not scripts:
            pytest.skip("the cases are not here")
        folder = tmp_path_factory.mktemp(f"case{number}")
        subprocess.run([sys.executable, scripts[0], folder], check=True, capture_output=True)
        return folder

    return run
