"""Ray, where it is installed."""

from __future__ import annotations

import os
from typing import Any

from simgait.errors import InputError


def ray_library() -> Any:
    """Ray, which from now on sends nothing about its use.

    Raises:
        InputError: it is not installed.
    """
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    try:
        import ray
    except ImportError:
        raise InputError(
            "--engine ray needs Ray, which is not installed: pip install 'simgait[ray]'."
        ) from None
    return ray
