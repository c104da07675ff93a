"""A C3D file with model angles: one adult's scores as others published them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simgait.cohort.stride_tables import read_strides
from simgait.errors import InputError


def test_angles_of_a_laboratorys_model_become_strides(data_dir: Path) -> None:
    found = read_strides(data_dir / "c3d_mixed" / "cgm24_walking01.c3d")
    assert found.is_whole and {"left", "right"} == set(found.sides)
    knee = found.curves_deg[:, 6]
    assert 40.0 < float(np.median(knee.max(axis=1))) < 80.0
    assert found.people[0] and len(set(found.people)) == 1


def test_markers_alone_are_sent_to_track(data_dir: Path) -> None:
    with pytest.raises(InputError, match="holds no angles of a model.*run simgait track"):
        read_strides(data_dir / "c3d_mixed" / "gait-raw.c3d")
