"""Finds the data folders that ship with simgait: envs, policies, configs, demo, and the lock.

Imports nothing but the standard library, so that every room may use it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args

ResourceName = Literal["envs", "policies", "configs", "demo"]
_PACKAGE = Path(__file__).resolve().parent


def _home() -> Path:
    """Folder that holds the resources: inside the wheel, or the root of the clone."""
    installed = _PACKAGE / "_data"
    return installed if installed.is_dir() else _PACKAGE.parent


def resource_dir(name: ResourceName) -> Path:
    """Folder of shipped data, from a clone and from an installed wheel alike.

    Args:
        name: "envs" (MuJoCo XML), "policies" (released policies), "configs" (TOML recipes) or
            "demo" (the film of `simgait demo` and its truth).

    Raises:
        ValueError: `name` is none of these.
        FileNotFoundError: the installation lacks the folder.
    """
    if name not in get_args(ResourceName):
        known = ", ".join(get_args(ResourceName))
        raise ValueError(f"There is no resource folder {name!r}; simgait ships {known}.")
    folder = _home() / name
    if not folder.is_dir():
        raise FileNotFoundError(
            f"This installation of simgait lacks its folder {name!r}; install it again."
        )
    return folder


def lock_file() -> Path:
    """The list of package versions that simgait was tested with.

    Raises:
        FileNotFoundError: the installation lacks it.
    """
    path = _home() / "requirements.lock"
    if not path.is_file():
        raise FileNotFoundError(
            "This installation of simgait lacks requirements.lock; install it again."
        )
    return path
