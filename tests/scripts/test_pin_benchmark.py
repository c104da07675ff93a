"""The walks of a version are kept once and never replaced."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType, SimpleNamespace

import pytest

from simgait.benchmark.bench_cases import synthetic_bench
from simgait.benchmark.pinned_walks import pins_of, read_pins

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def script() -> ModuleType:
    """The script as a module."""
    spec = importlib.util.spec_from_file_location("pin", ROOT / "scripts" / "pin_benchmark.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_version_is_kept_once(script: ModuleType, tmp_path: Path, monkeypatch, capsys) -> None:
    cases = synthetic_bench(1).cases[:2]
    monkeypatch.setattr(script, "PINS", tmp_path / "next.csv")
    monkeypatch.setattr(script, "synthetic_bench", lambda: SimpleNamespace(cases=cases))
    assert script.main() == 0
    kept = (tmp_path / "next.csv").read_bytes()
    assert read_pins(tmp_path / "next.csv").keys() == pins_of(cases).keys()
    capsys.readouterr()
    assert script.main() == 1
    assert "raise BENCH_VERSION" in capsys.readouterr().err
    assert (tmp_path / "next.csv").read_bytes() == kept
