"""OpenGL for the tests that draw, and one small clip."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simgait.errors import InputError
from simgait.synthetic.people.clip import Clip, make_clip
from simgait.synthetic.people.plan import plan_clip
from simgait.synthetic.people.renderer import open_context


@pytest.fixture(scope="session")
def gl():
    """Skips where nothing can be drawn: moderngl is an extra, OpenGL is the machine's."""
    pytest.importorskip("moderngl")
    try:
        open_context().release()
    except InputError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def small_clip() -> Clip:
    """A man from the side, in small pictures."""
    plan = plan_clip(5, "sagittal", "man", "normal", 4.0)
    return make_clip(replace(plan, size_px=(320, 180), fps_hz=25.0, duration_s=4.0))
