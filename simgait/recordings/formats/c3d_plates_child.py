"""Force plates of a C3D file by ezc3d: a program of its own, as the C++ library can die.

Run by `c3d_plates`, with nothing of simgait in it, so that it starts quickly and what kills it
kills nothing else: python c3d_plates_child.py FILE RESULT.npz SECONDS BYTES
"""

from __future__ import annotations

import contextlib
import sys


def limit(seconds: int, n_bytes: int) -> None:
    """Ends this process when it works longer or needs more, where the system can."""
    try:
        import resource
    except ImportError:  # Windows; the caller's clock ends it there.
        return
    for kind, most in (("CPU", seconds), ("AS", n_bytes), ("CORE", 0)):
        # Some systems have fewer kinds, and who started us may have set a lower limit.
        with contextlib.suppress(AttributeError, ValueError, OSError):
            resource.setrlimit(getattr(resource, f"RLIMIT_{kind}"), (most, most))


def main(path: str, result: str, seconds: str, n_bytes: str) -> int:
    """Write each plate's force, centre of pressure, corners and unit; 0 where that went well."""
    limit(int(seconds), int(n_bytes))
    import ezc3d
    import numpy as np

    arrays = {}
    platforms = ezc3d.c3d(path, extract_forceplat_data=True)["data"]["platform"]
    for i, platform in enumerate(platforms):
        arrays[f"force_{i}"] = platform["force"]
        arrays[f"centre_{i}"] = platform["center_of_pressure"]
        arrays[f"corners_{i}"] = platform["corners"]
        arrays[f"unit_{i}"] = np.array(str(platform["unit_position"]))
    np.savez(result, n=np.array(len(platforms)), **arrays)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
