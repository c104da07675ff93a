"""Checks of the installation, one sentence and one remedy each (`simgait doctor`)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from simgait import jax_setup
from simgait.resources import lock_file, resource_dir

_REINSTALL = "Run `make setup` in the clone, or install simgait again."
# One walk takes 1.4 GB while its physics is compiled, and is not alone on the machine.
_MINIMUM_MEMORY_GB = 3.0
MAINTAINERS_EXTRAS = frozenset({"dev", "docs"})
"""What only working on simgait needs."""


@dataclass(frozen=True)
class Check:
    """One finding; `remedy` says what to do and is empty where nothing is needed."""

    name: str
    ok: bool
    detail: str
    remedy: str = ""


def run_checks(tell: Callable[[str], None] = lambda text: None) -> Iterator[Check]:
    """Check Python, packages, cache, resources, machine; then JAX, policies, physics.

    Each finding comes as soon as it is known, the quick ones first. Never raises: a check that
    breaks is a check that failed, with the reason as its detail.

    Args:
        tell: gets a line before a check that takes a while.
    """
    groups: list[tuple[str, str, Callable[[], list[Check]]]] = [
        ("python", "", lambda: [_python()]),
        ("packages", "", _packages),
        ("extras", "", _extras),
        ("cache", "", _cache),
        ("resources", "", _resources),
        ("machine", "", _machine),
        ("jax", "loading JAX: some seconds ...", _jax),
        ("policies", "loading the policies: some seconds ...", _policies),
        ("physics", "compiling and stepping the physics: 10 to 60 s ...", _physics),
    ]
    for name, beforehand, group in groups:
        if beforehand:
            tell(beforehand)
        try:
            checks = group()
        except Exception as error:  # noqa: BLE001 - whatever broke is the finding
            checks = [Check(name, False, _first_line(error), _REINSTALL)]
        yield from checks


def _first_line(error: Exception) -> str:
    text = str(error).strip().splitlines()
    return f"{type(error).__name__}: {text[0] if text else ''}"


def _python() -> Check:
    version = ".".join(map(str, sys.version_info[:3]))
    ok = sys.version_info >= (3, 11)
    return Check("python", ok, version, "" if ok else "Use Python 3.11 or newer.")


def locked_versions(path: Path) -> dict[str, str]:
    """Package name -> version that the lock at `path` names for this Python and platform."""
    versions: dict[str, str] = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        line = line.split("#")[0].strip()
        if not line:
            continue
        requirement = Requirement(line)
        if requirement.marker is None or requirement.marker.evaluate():
            versions[str(canonicalize_name(requirement.name))] = str(
                requirement.specifier
            ).removeprefix("==")
    return versions


def compare_package(requirement: Requirement, locked: str | None) -> Check:
    """Compare what is installed with what simgait requires and with what it was tested with."""
    name = f"package {requirement.name}"
    try:
        found = metadata.version(requirement.name)
    except metadata.PackageNotFoundError:
        return Check(name, False, "not installed", _REINSTALL)
    if not requirement.specifier.contains(found, prereleases=True):
        return Check(name, False, f"{found}, but {requirement.specifier} is needed", _REINSTALL)
    if locked is not None and found != locked:
        remedy = f"Should results look odd, install {requirement.name}=={locked}."
        return Check(name, True, f"{found} (tested with {locked})", remedy)
    return Check(name, True, found)


def _packages() -> list[Check]:
    locked = locked_versions(lock_file())
    wanted = [Requirement(text) for text in metadata.requires("simgait") or ()]
    return [
        compare_package(requirement, locked.get(canonicalize_name(requirement.name)))
        for requirement in wanted
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""})
    ]


def _extras() -> list[Check]:
    """What can be installed beside: `simgait[NAME]`; none of it is needed."""
    wanted = [Requirement(text) for text in metadata.requires("simgait") or ()]
    names = metadata.metadata("simgait").get_all("Provides-Extra") or []
    checks = []
    for extra in sorted(set(names) - MAINTAINERS_EXTRAS):
        parts = [each.name for each in wanted if _belongs_to(each, extra)]
        absent = [name for name in parts if not _is_installed(name)]
        detail = f"without {', '.join(absent)}" if absent else "installed"
        remedy = f'Only if you want it: pip install "simgait[{extra}]".' if absent else ""
        checks.append(Check(f"extra {extra}", True, detail, remedy))
    return checks


def _belongs_to(requirement: Requirement, extra: str) -> bool:
    marker = requirement.marker
    return (
        marker is not None
        and marker.evaluate({"extra": extra})
        and not marker.evaluate({"extra": ""})
    )


def _is_installed(package: str) -> bool:
    try:
        metadata.version(package)
    except metadata.PackageNotFoundError:
        return False
    return True


def _jax() -> list[Check]:
    import jax

    jax_setup.configure_jax()

    devices = jax.devices()
    kinds = ", ".join(sorted({device.device_kind for device in devices}))
    shared = "" if len(devices) == 1 else "; many walks are simulated on all of them"
    if jax.default_backend() == "cpu":
        shared += f" ({jax_setup.DEVICES} sets how many)"
    found = f"{jax.default_backend()}, {len(devices)} device(s): {kinds}{shared}"
    return [Check("jax", True, found)]


def _physics() -> list[Check]:
    import jax
    import mujoco
    import numpy as np
    from mujoco import mjx

    xml = """<mujoco><option timestep="0.004"/><worldbody><body pos="0 0 1"><freejoint/>
      <geom type="sphere" size="0.1" mass="1"/></body></worldbody></mujoco>"""
    model = mjx.put_model(mujoco.MjModel.from_xml_string(xml))
    data = jax.jit(mjx.step)(model, mjx.make_data(model))
    speed = float(np.asarray(data.qvel)[2])
    expected = -9.81 * 0.004
    ok = bool(np.isfinite(np.asarray(data.qpos)).all()) and abs(speed - expected) < 1e-4
    detail = f"MJX steps a falling ball: {speed:.4f} m/s after one step (expected {expected:.4f})"
    return [Check("physics", ok, detail, "" if ok else _REINSTALL)]


def _cache() -> list[Check]:
    folder = jax_setup.cache_dir()
    # People paste this output into issues; their home folder often holds their name.
    home = Path.home()
    shown = Path("~") / folder.relative_to(home) if folder.is_relative_to(home) else folder
    if jax_setup.writable(folder):
        return [Check("cache", True, f"compiled programs are kept in {shown}")]
    detail = f"{shown} cannot be written, so every run compiles anew"
    return [Check("cache", False, detail, "Set SIMGAIT_CACHE_DIR to a folder you can write.")]


def _resources() -> list[Check]:
    checks = []
    for name in ("envs", "policies", "configs"):
        try:
            count = sum(1 for path in resource_dir(name).rglob("*") if path.is_file())
            remedy = "" if count else _REINSTALL
            checks.append(Check(f"resources {name}", count > 0, f"{count} file(s)", remedy))
        except FileNotFoundError as error:
            checks.append(Check(f"resources {name}", False, str(error), _REINSTALL))
    return checks


def _policies() -> list[Check]:
    """Load every released policy, and the companions beside them, which checks the hashes."""
    from simgait.companions import companion_names, load_companion
    from simgait.pipeline import find_policy
    from simgait.video.detector.blazepose import FOLDER, load_blazepose
    from simgait.video.leg_prior import FOLDER as LEG_PRIOR
    from simgait.video.leg_prior import load_leg_prior

    folders = sorted(path for path in resource_dir("policies").iterdir() if path.is_dir())
    if not folders:
        return [Check("policies", False, "none is installed", _REINSTALL)]
    checks = []
    for folder in folders:
        companion = folder.name.replace("_", "-")
        try:
            if folder.name == FOLDER:
                load_blazepose()
            elif folder.name == LEG_PRIOR:
                load_leg_prior()
            elif companion in companion_names():
                load_companion(companion).learns().check(None)
            else:
                find_policy(folder)
            checks.append(Check(f"policy {folder.name}", True, "loads"))
        except Exception as error:  # noqa: BLE001 - whatever broke is the finding
            checks.append(Check(f"policy {folder.name}", False, _first_line(error), _REINSTALL))
    return checks


def _machine() -> list[Check]:
    import psutil

    memory = psutil.virtual_memory().total / 1e9
    enough = memory >= _MINIMUM_MEMORY_GB
    remedy = "" if enough else "Track few trials at a time, or use a machine with more memory."
    return [
        Check("memory", enough, f"{memory:.1f} GB", remedy),
        Check("cores", True, f"{jax_setup.usable_cores()} for this process"),
    ]
