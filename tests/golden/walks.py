"""The golden walks, and one call of the command line that tracks them all."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SYNTHETIC = ("child", "hemiparetic", "legs", "normal")
# Trial -> the file below the folder of real recordings; both are test subjects.
REAL = {
    "16_15": "cmu_asfamc/16/16_15.amc",
    "HC002D06": "mcgill_c3d/HC002D/HC002D06.c3d",
}
XLA_FLAGS = "--xla_cpu_multi_thread_eigen=false"


def real_data() -> Path | None:
    """Folder of the real recordings, $SIMGAIT_DATA or ../shared/data; None where it is absent."""
    folder = Path(os.environ.get("SIMGAIT_DATA", ROOT.parent / "shared" / "data"))
    return folder if folder.is_dir() else None


def golden_files(data: Path | None) -> dict[str, Path]:
    """Trial -> its recording; the real ones only where `data` is given."""
    files = {name: HERE / "walks" / f"{name}.npz" for name in SYNTHETIC}
    if data is not None:
        files |= {name: data / path for name, path in REAL.items()}
    return files


def track(files: list[Path], out: Path, xla_flags: str = XLA_FLAGS) -> str:
    """Track the recordings with the released policy, as a person does: one call of `simgait track`.

    Returns:
        What the command printed. Recordings that failed are in the tables, not raised.

    Raises:
        RuntimeError: the command wrote no table.
    """
    command = [sys.executable, "-m", "simgait", "track", *map(str, files), "-o", str(out)]
    ran = subprocess.run(
        command,
        cwd=ROOT,  # `-m` finds the package of this checkout, whatever is installed
        env=os.environ | {"XLA_FLAGS": xla_flags},
        capture_output=True,
        text=True,
        check=False,
    )
    if not (out / "summary.csv").exists():
        raise RuntimeError(f"simgait track wrote no summary.csv:\n{ran.stdout}{ran.stderr}")
    return ran.stdout + ran.stderr
