import os
import platform
import subprocess
import sys

import pytest

KEPT_AND_GIVEN_BACK = """
import sys
import numpy as np
from simgait.memory import return_large_blocks

def resident_mb():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * 4096 / 1e6

if sys.argv[1] == "returned":
    return_large_blocks()
np.ones(3_000_000)  # given back: from now on glibc takes such blocks into its heap
kept, first = [], resident_mb()
for _ in range(20):
    pictures = [np.ones(800_000 + 1000 * len(kept)) for _ in range(4)]
    kept.append(np.ones(4000))  # what is kept of them lies above them
del pictures
print(resident_mb() - first)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library")
def test_pictures_go_back_to_the_system_though_something_is_kept_of_each():
    grown_mb = {
        how: float(
            subprocess.run(
                [sys.executable, "-c", KEPT_AND_GIVEN_BACK, how],
                env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
                capture_output=True, check=True, text=True,
            ).stdout
        )
        for how in ("returned", "kept")
    }  # fmt: skip
    assert grown_mb["returned"] < 5.0 < grown_mb["kept"]
