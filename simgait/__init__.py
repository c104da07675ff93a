"""simgait: gait analysis by physics simulation. 3D keypoints of a walking person in, gait out.

    import simgait

    walk = simgait.track("walk.npz", height_m=1.72)
    print(walk.verdict.level, walk.parameters)
    walk.report("results")

A research tool, not a medical device. Nothing heavy is imported until it is used.
"""

from __future__ import annotations

TYPE_CHECKING = False  # an interrupt while `typing` is imported would be a traceback, see `cli`
if TYPE_CHECKING:
    from typing import Any

    from simgait.agreement_result import AgreementResult
    from simgait.api import (
        evaluate,
        load_policy,
        read,
        track,
        track_all,
        track_files,
        track_visit,
    )
    from simgait.compare.curve_change import CurveChange
    from simgait.compare.visit_change import VisitChange
    from simgait.compare.visit_sides import VisitSides
    from simgait.compare.visit_trend import VisitTrend
    from simgait.compared_visits import compare_visits, visit_change, visit_sides, visit_trend
    from simgait.errors import InputError
    from simgait.read_keywords import ReadKeywords
    from simgait.types import Recording
    from simgait.walk_result import VisitResult, WalkResult

    __version__: str

_HOMES = {
    "AgreementResult": "simgait.agreement_result",
    "CurveChange": "simgait.compare.curve_change",
    "InputError": "simgait.errors",
    "ReadKeywords": "simgait.read_keywords",
    "Recording": "simgait.types",
    "VisitChange": "simgait.compare.visit_change",
    "VisitResult": "simgait.walk_result",
    "VisitSides": "simgait.compare.visit_sides",
    "VisitTrend": "simgait.compare.visit_trend",
    "WalkResult": "simgait.walk_result",
    "compare_visits": "simgait.compared_visits",
    "evaluate": "simgait.api",
    "load_policy": "simgait.api",
    "read": "simgait.api",
    "track": "simgait.api",
    "track_all": "simgait.api",
    "track_files": "simgait.api",
    "track_visit": "simgait.api",
    "visit_change": "simgait.compared_visits",
    "visit_sides": "simgait.compared_visits",
    "visit_trend": "simgait.compared_visits",
}

__all__ = [
    "AgreementResult",
    "CurveChange",
    "InputError",
    "ReadKeywords",
    "Recording",
    "VisitChange",
    "VisitResult",
    "VisitSides",
    "VisitTrend",
    "WalkResult",
    "__version__",
    "compare_visits",
    "evaluate",
    "load_policy",
    "read",
    "track",
    "track_all",
    "track_files",
    "track_visit",
    "visit_change",
    "visit_sides",
    "visit_trend",
]


def __getattr__(name: str) -> Any:
    """Imports a name when it is first used: JAX and MuJoCo take seconds."""
    from importlib import import_module, metadata

    if name == "__version__":
        return metadata.version("simgait")
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """The names above."""
    return __all__
