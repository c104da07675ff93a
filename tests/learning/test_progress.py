"""What a training says while it cannot say how far it is."""

from __future__ import annotations

import pytest

from simgait.learning import progress as progress_module
from simgait.learning.progress import SILENT, Progress


def test_a_wait_is_told_at_once_and_goes_on_being_told(monkeypatch, capsys) -> None:
    monkeypatch.setattr(progress_module, "SILENCE_S", 0.001)
    with Progress().waiting("compiling the physics", "about 2 minutes"):
        text = capsys.readouterr().err
        assert text.startswith("compiling the physics, about 2 minutes ...\n")
        while "still compiling the physics (0 s so far)" not in text:
            text += capsys.readouterr().err


def test_a_wait_ends_with_its_task(capsys) -> None:
    with pytest.raises(ValueError, match="broken"), Progress().waiting("compiling", "seconds"):
        raise ValueError("broken")
    assert capsys.readouterr().err == "compiling, seconds ...\n"
    with SILENT.waiting("compiling", "seconds"):
        pass
    assert capsys.readouterr().err == ""
