from __future__ import annotations

import base64
import json
from typing import Any

import numpy as np
import pytest

from tests.report.trial.conftest import Text


def test_replay_of_a_long_walk_keeps_the_pace(five_minutes: tuple[Any, ...]) -> None:
    rollout, _, html = five_minutes
    page = Text()
    page.feed(html)
    data = json.loads(page.scripts[0])
    assert data["frames"] <= 3000 and data["recorded"] == 9000
    assert data["end"] == pytest.approx((data["frames"] - 1) * data["stride"] / 30.0, abs=1e-3)
    origin = np.frombuffer(base64.b64decode(data["origin"]), "<i4").reshape(-1, 3)
    shown_s = np.linspace(0.0, data["end"], data["frames"])
    expected = np.interp(shown_s, rollout.time_s, rollout.pose[:, 0])
    np.testing.assert_allclose(origin[:, 0] / 1000.0, expected, atol=0.002)
    assert all(len(base64.b64decode(data[k])) == data["frames"] * n * 6
               for k, n in (("body", 14), ("target", 23), ("force", 2)))  # fmt: skip


def test_replay_data_gives_back_the_positions(made: tuple[Any, ...]) -> None:
    _, rollout, _, folder, _ = made
    page = Text()
    page.feed((folder / "report.html").read_text())
    data = json.loads(page.scripts[0])
    origin = np.frombuffer(base64.b64decode(data["origin"]), "<i4").reshape(-1, 1, 3)
    for key, points in (("body", rollout.keypoints_m), ("target", rollout.target_keypoints_m)):
        packed = np.frombuffer(base64.b64decode(data[key]), "<i2").reshape(points.shape)
        seen = np.isfinite(points)
        assert np.array_equal(packed != -32768, seen)
        back_m = (packed.astype(float) + origin) / 1000.0
        assert np.allclose(back_m[seen], points[seen], atol=0.0006)
    force = np.frombuffer(base64.b64decode(data["force"]), "<i2").reshape(-1, 2, 3)
    mean_bw = rollout.foot_force_n[..., 2].sum(axis=1).mean() / rollout.body_weight_n
    assert force[..., 2].sum(axis=1).mean() / 1000.0 == pytest.approx(mean_bw, rel=0.02)
