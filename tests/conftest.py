"""Shared fixtures: the real recordings, at $SIMGAIT_DATA or ../shared/data; a known walk."""

from __future__ import annotations

import gc
import os
from pathlib import Path

from simgait.cli import OF_LINEAR_ALGEBRA

os.environ.setdefault("XLA_FLAGS", "--xla_cpu_multi_thread_eigen=false")
# On every machine, whatever is imported first: as `simgait.jax_setup` has it on one of two cores.
os.environ.setdefault("SIMGAIT_DEVICES", "2")
os.environ.setdefault("JAX_NUM_CPU_DEVICES", os.environ["SIMGAIT_DEVICES"])
# Before NumPy is loaded: as the command line has it.
os.environ.update({name: os.environ.get(name, "1") for name in OF_LINEAR_ALGEBRA})
# Compiled programs are shared by the workers, by the processes that tests start, and by the next
# run; a person's own cache is left alone.
os.environ.setdefault(
    "SIMGAIT_CACHE_DIR", str(Path(__file__).resolve().parents[1] / ".pytest_cache" / "simgait")
)
os.environ.setdefault("JAX_COMPILATION_CACHE_DIR", os.environ["SIMGAIT_CACHE_DIR"] + "/jax")
# Small programs too, some 3 KB each, are read rather than compiled in every worker anew.
os.environ.setdefault("JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS", "0")

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from types import SimpleNamespace

import jax
import numpy as np
import pytest
from hypothesis import settings

import tests.shapes  # before any module of simgait, whose calls it has checked
from simgait.body import batches
from simgait.gait.analyse import analyse_markers
from simgait.gait_result import GaitResult
from simgait.skeleton.default import BODY_KEYPOINTS
from simgait.skeleton.dimensions import dimensions_from_height
from simgait.skeleton.keypoints import KEYPOINT_NAMES
from simgait.skeleton.sides import SIDES
from simgait.types import EVENT_KINDS, GaitEvent, Rollout

# Modules, tests and compiled programs make some millions of objects that stay: looking through them
# for circles at Python's own rate is a sixth of what collecting the tests takes.
gc.set_threshold(100_000, 50, 50)


def pytest_collection_finish() -> None:
    gc.freeze()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Film comes first: its networks compile long, and who takes up what is left needs them too."""
    items.sort(key=lambda item: "video" not in item.path.parts)


MOST_MAPPINGS = 30_000
"""Of the 65,530 that Linux allows a process (vm.max_map_count). Each program that XLA compiles has
dozens, a step of physics some 2,000, for as long as it is kept; without another one the compiler
ends the process, as it did in CI on 28 November 2026."""


def pytest_runtest_setup(item: pytest.Item) -> None:
    tests.shapes.next_test()
    if item.get_closest_marker("slow") and _mappings() > MOST_MAPPINGS:
        jax.clear_caches()  # what is still used is compiled again, or read from the cache on disk


def _mappings() -> int:
    """Pieces of memory that this process has; 0 where the system does not say."""
    try:
        return Path("/proc/self/maps").read_bytes().count(b"\n")
    except OSError:
        return 0


# No test asserts a time, those of hypothesis neither: on a busy machine one example takes seconds.
settings.register_profile("simgait", deadline=None)
settings.load_profile("simgait")


@pytest.fixture(scope="module")
def hardly_optimised() -> Iterator[None]:
    """For programs that take far longer to compile than to run.

    A step of physics is compiled in 23 s of a core in place of 38, and then takes five times as
    long, still less than a second.
    """
    jax.config.update("jax_disable_most_optimizations", True)
    yield
    jax.config.update("jax_disable_most_optimizations", False)
    # JAX would go on with these programs, whose last bits differ, also in tests that compare bits.
    jax.clear_caches()


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Folder of the real recordings; the test skips, saying so, where it is absent."""
    default = Path(__file__).resolve().parents[2] / "shared" / "data"
    folder = Path(os.environ.get("SIMGAIT_DATA", default))
    if not folder.is_dir():
        pytest.skip(
            f"real recordings not found at {folder.name}; set SIMGAIT_DATA to run this test"
        )
    return folder


@pytest.fixture(scope="module")
def batches_of_eight() -> Iterator[None]:
    """One walk, too, is tracked among eight: by the program that others' tests have compiled.

    That walks are tracked alike alone and among others is a test of `tracking.inference`.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(batches, "BATCH_SIZES", (8, 32))
        yield


BODY_WEIGHT_N = 600.0


@dataclass(frozen=True)
class Walk:
    """Timing and footholds of an asymmetric steady walk along +x, left foot first on y > 0.

    The left foot lands at `first_contact_s` + k `stride_s`, the right one `right_step_s` later.
    """

    stride_s: float = 1.1
    right_step_s: float = 0.55
    left_stance: float = 0.62
    right_stance: float = 0.62
    left_step_m: float = 0.6
    right_step_m: float = 0.6
    width_m: float = 0.12
    leg_m: float = 0.85
    first_contact_s: float = 0.3
    duration_s: float = 6.0
    height_m: float = 1.7

    @property
    def stride_m(self) -> float:
        return self.left_step_m + self.right_step_m

    @property
    def velocity_mps(self) -> float:
        return self.stride_m / self.stride_s

    def contact_s(self, column: int, k: int) -> float:
        return self.first_contact_s + k * self.stride_s + column * self.right_step_s

    def off_s(self, column: int, k: int) -> float:
        stance = (self.left_stance, self.right_stance)[column]
        return self.contact_s(column, k) + stance * self.stride_s

    def foothold_m(self, column: int, k: int) -> float:
        return k * self.stride_m + column * self.right_step_m

    def events(self) -> tuple[GaitEvent, ...]:
        found = []
        for column, side in enumerate(SIDES):
            for k in range(-3, int(self.duration_s / self.stride_s) + 3):
                times = self.contact_s(column, k), self.off_s(column, k)
                for time, kind in zip(times, EVENT_KINDS, strict=True):
                    if 0.0 < time < self.duration_s:
                        found.append(GaitEvent(time, side, kind))
        return tuple(sorted(found, key=lambda e: e.time_s))

    def heel_x_m(self, time_s: np.ndarray, column: int) -> np.ndarray:
        x = np.full(len(time_s), np.nan)
        for k in range(-4, int(self.duration_s / self.stride_s) + 4):
            on, off, landing = (
                self.contact_s(column, k), self.off_s(column, k), self.contact_s(column, k + 1),
            )  # fmt: skip
            stand = (time_s >= on) & (time_s < off)
            x[stand] = self.foothold_m(column, k)
            swing = (time_s >= off) & (time_s < landing)
            u = (time_s[swing] - off) / (landing - off)
            x[swing] = self.foothold_m(column, k) + self.stride_m * (u - np.sin(2 * np.pi * u) / (
                2 * np.pi))  # fmt: skip
        return x

    def keypoints(self, time_s: np.ndarray) -> dict[str, np.ndarray]:
        # The pelvis lies between the feet at mid-step; constant velocity, sway of 2 cm.
        pelvis_x = self.velocity_mps * (time_s - self.first_contact_s) - 0.5 * self.right_step_m
        phase = 2 * np.pi * (time_s - self.first_contact_s) / self.stride_s
        pelvis = np.stack(
            [pelvis_x, 0.02 * np.sin(phase), self.leg_m + 0.02 * np.cos(2 * phase)], axis=-1
        )
        up, left = np.array([0.0, 0, 1]), np.array([0.0, 1, 0])
        points = {"Pelvis": pelvis + 0.08 * up, "Sternum": pelvis + 0.4 * up}
        for column, (name, sign) in enumerate((("Left", 1.0), ("Right", -1.0))):
            x = self.heel_x_m(time_s, column)
            heel = np.stack(
                [x, np.full_like(x, 0.5 * sign * self.width_m), np.full_like(x, 0.04)], axis=-1
            )
            forward = np.array([1.0, 0, 0])
            hip = pelvis + 0.08 * sign * left
            ankle = heel + 0.05 * forward + 0.05 * up
            points |= {
                f"{name} Heel": heel, f"{name} Foot": heel + 0.17 * forward,
                f"{name} Big Toe": heel + 0.2 * forward, f"{name} Ankle": ankle,
                f"{name} Hip": hip, f"{name} Knee": 0.5 * (hip + ankle),
            }  # fmt: skip
        return points

    def loads(self, time_s: np.ndarray) -> np.ndarray:
        """(S, 2) vertical load / body weight: a smooth trapezoid, 0 at contact and off."""
        load = np.zeros((len(time_s), 2))
        for column in (0, 1):
            for k in range(-4, int(self.duration_s / self.stride_s) + 4):
                on, off = self.contact_s(column, k), self.off_s(column, k)
                rise = np.clip((time_s - on) / 0.02, 0.0, 1.0) * np.clip(
                    (off - time_s) / 0.02, 0.0, 1.0
                )
                load[:, column] += rise
        return load


def rotate(points: np.ndarray, yaw: float, shift=(0.0, 0.0, 0.0)) -> np.ndarray:
    """Points turned about the vertical, then moved."""
    c, s = np.cos(yaw), np.sin(yaw)
    return points @ np.array([[c, s, 0.0], [-s, c, 0.0], [0.0, 0.0, 1.0]]) + np.asarray(shift)


def markers(walk: Walk, fps_hz: float = 100.0) -> tuple[np.ndarray, np.ndarray]:
    """(T,) times and (T, 23, 3) keypoints; arms and head missing."""
    time_s = np.arange(0.0, walk.duration_s, 1.0 / fps_hz)
    points = walk.keypoints(time_s)
    missing = np.full((len(time_s), 3), np.nan)
    return time_s, np.stack([points.get(n, missing) for n in KEYPOINT_NAMES], axis=1)


def analysed(walk: Walk, events: Sequence[GaitEvent] | None) -> GaitResult:
    """Its gait, read from the markers."""
    time_s, points = markers(walk)
    return analyse_markers(time_s, points, events)


def rollout(walk: Walk, pose: np.ndarray | None = None) -> Rollout:
    """The walk as a tracked trial: 30 Hz frames, 240 Hz forces, no residual."""
    time_s = np.arange(0.0, walk.duration_s, 1.0 / 30.0)
    steps_s = np.arange(1, 8 * len(time_s)) / 240.0
    points = walk.keypoints(time_s)
    n = len(time_s)
    force = np.zeros((len(steps_s), 2, 3))
    force[..., 2] = BODY_WEIGHT_N * walk.loads(steps_s)
    pose = np.zeros((n, 16)) if pose is None else pose
    return Rollout(
        trial_id="analytic",
        time_s=time_s,
        pose=pose,
        pose_velocity=np.zeros((n, 16)),
        keypoints_m=np.stack([points[name] for name in BODY_KEYPOINTS], axis=1),
        substep_time_s=steps_s,
        foot_force_n=force,
        joint_moment_nm=np.zeros((n, 10)),
        centre_of_mass_m=pose[:, :3],
        residual_force_n=np.zeros((n, 3)),
        residual_moment_nm=np.zeros((n, 3)),
        target_keypoints_m=np.full((n, 23, 3), np.nan),
        reference_pose=np.zeros((n, 16)),
        alive=np.ones(n, dtype=bool),
        dimensions=dimensions_from_height(walk.height_m),
        body_weight_n=BODY_WEIGHT_N,
    )


@pytest.fixture(scope="session")
def walker() -> SimpleNamespace:
    """The analytic walker's parts: known footholds and timing, for tests of events and gait."""
    return SimpleNamespace(
        Walk=Walk,
        markers=markers,
        analysed=analysed,
        rollout=rollout,
        rotate=rotate,
        body_weight_n=BODY_WEIGHT_N,
    )
