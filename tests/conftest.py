"""Shared fixtures: the real recordings, found at $SIMGAIT_DATA or ../shared/data."""

from __future__ import annotations

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Folder of the real recordings; the test skips, saying so, where it is absent."""
    default = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get("SIMGAIT_DATA", default))
    if not folder.is_dir():
        pytest.skip(
            f"real recordings not found at {folder.name}; set SIMGAIT_DATA to run this test"
        )
    return folder
