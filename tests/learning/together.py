"""One process of a tiny training by several: together.py INDEX COUNT PORT FOLDER [LOOKS].

Prints whether it was stopped, and the rows that it logged. With LOOKS the process asks to stop when
its training has looked so often.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from simgait.learning.processes import Together, begin_together


def main() -> None:
    """What the command line says."""
    index, count, port, folder = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4]
    if count > 1:
        begin_together(Together(count, index, f"localhost:{port}"))
    from simgait.jax_setup import configure_jax

    configure_jax()
    from simgait.learning.training import run_training
    from simgait.resources import resource_dir
    from simgait.tracking import environment
    from tests.learning.sharded_curve import TINY, Heard, StopOnce, said
    from tests.tracking.gliding import glide

    vars(environment)["simulate"] = glide
    stop = StopOnce()
    stop.looks = int(sys.argv[5]) if len(sys.argv) > 5 else 10_000
    rows: list[dict[str, Any]] = []
    refiner = resource_dir("policies") / "default" / "refiner.safetensors"
    stopped = False
    try:
        run_training(
            TINY, Path(folder) / "run", refiner=refiner, progress=Heard(), log=rows.append,
            stop=stop,
        )  # fmt: skip
    except KeyboardInterrupt:
        stopped = True
    print(json.dumps([stopped, rows, said]))


if __name__ == "__main__":
    main()
