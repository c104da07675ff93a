"""Networks, PPO, checkpoints: how a policy is trained and loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simgait.learning.checkpoints import Policy, load_policy

__all__ = ["Policy", "load_policy"]


def __getattr__(name: str) -> Any:
    # Loading JAX takes seconds, which `simgait --help` should not cost.
    if name in __all__:
        from simgait.learning import checkpoints

        return getattr(checkpoints, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
