"""`simgait doctor` finds what is wrong and never breaks itself."""

from __future__ import annotations

from functools import partial
from importlib import metadata

import pytest
from packaging.requirements import Requirement

from simgait import doctor
from simgait.errors import InputError


def test_locked_versions_follow_markers(tmp_path):
    lock = tmp_path / "requirements.lock"
    lock.write_text(
        "# comment\n\njax==1.0 ; python_full_version < '3.0'\n"
        "jax==2.0 ; python_full_version >= '3.0'\nFlask_Cors==3.1\n"
    )
    assert doctor.locked_versions(lock) == {"jax": "2.0", "flask-cors": "3.1"}


def test_compare_package_tells_absent_wrong_different_and_right():
    absent = doctor.compare_package(Requirement("no-such-package-here>=1"), None)
    assert not absent.ok and absent.detail == "not installed" and absent.remedy
    wrong = doctor.compare_package(Requirement("mujoco>=999"), None)
    assert not wrong.ok and ">=999" in wrong.detail
    different = doctor.compare_package(Requirement("mujoco>=3"), "1.2.3")
    assert different.ok and "tested with 1.2.3" in different.detail and different.remedy
    right = doctor.compare_package(Requirement("mujoco==3.17.*"), "3.17.0")
    assert right == doctor.Check("package mujoco", True, "3.17.0")


def test_unwritable_cache_fails_with_a_remedy(monkeypatch, tmp_path):
    blocked = tmp_path / "file"
    blocked.write_text("")
    monkeypatch.setenv("SIMGAIT_CACHE_DIR", str(blocked))
    (check,) = doctor._cache()
    assert not check.ok and "SIMGAIT_CACHE_DIR" in check.remedy


def test_absent_resources_fail_with_a_remedy(monkeypatch, tmp_path):
    monkeypatch.setattr("simgait.resources._PACKAGE", tmp_path / "simgait")
    checks = doctor._resources()
    assert len(checks) == 3 and not any(check.ok for check in checks)
    assert all(check.remedy for check in checks)


@pytest.mark.usefixtures("hardly_optimised")
def test_physics_steps_a_ball():
    (check,) = doctor._physics()
    assert check.ok, check.detail


@pytest.mark.parametrize("broken", ["_physics", "_packages", "_jax", "_policies"])
def test_a_check_that_breaks_is_a_finding(monkeypatch, broken):
    def explode() -> list[doctor.Check]:
        raise RuntimeError("no luck\nsecond line")

    for group in ("_packages", "_extras", "_jax", "_physics", "_cache", "_resources", "_policies"):
        monkeypatch.setattr(doctor, group, explode if group == broken else list)
    failed = [check for check in doctor.run_checks() if not check.ok]
    assert [check.detail for check in failed] == ["RuntimeError: no luck"]
    assert failed[0].remedy


def test_a_companion_beside_the_policies_is_loaded_as_what_it_is(monkeypatch, tmp_path):
    loaded = []

    class Damaged:
        def learns(self) -> Damaged:
            return self

        def check(self, folder: None) -> None:
            raise InputError(
                "weights.safetensors: not a readable Gait Transformer; fetch it again."
            )

    def damaged(name: str) -> Damaged:
        loaded.append(name)
        return Damaged()

    (tmp_path / "gait_transformer").mkdir()
    monkeypatch.setattr(doctor, "resource_dir", lambda name: tmp_path)
    monkeypatch.setattr("simgait.companions.load_companion", damaged)
    (check,) = doctor._policies()
    assert not check.ok and "not a readable Gait Transformer" in check.detail
    assert loaded == ["gait-transformer"]


def test_a_damaged_policy_is_a_finding(monkeypatch, tmp_path):
    (tmp_path / "mine").mkdir()
    monkeypatch.setattr(doctor, "resource_dir", lambda name: tmp_path)
    (check,) = doctor._policies()
    assert not check.ok and "mine" in check.detail and check.remedy


def test_extras_are_told_and_never_a_failure(monkeypatch):
    class Installed:
        def get_all(self, name: str) -> list[str]:
            return ["dev", "video", "plots"]

    monkeypatch.setattr(metadata, "metadata", lambda name: Installed())
    monkeypatch.setattr(
        metadata,
        "requires",
        lambda name: [
            "numpy>=2", 'no-such-package-here>=1; extra == "video"', 'numpy>=2; extra == "plots"',
        ],
    )  # fmt: skip
    checks = {check.name: check for check in doctor._extras()}
    assert set(checks) == {"extra plots", "extra video"} and all(c.ok for c in checks.values())
    assert checks["extra plots"].detail == "installed" and not checks["extra plots"].remedy
    assert "no-such-package-here" in checks["extra video"].detail
    assert "simgait[video]" in checks["extra video"].remedy


def test_quick_checks_come_before_anything_slow_is_begun(monkeypatch):
    order: list[str] = []

    def slow(group: str) -> list[doctor.Check]:
        order.append(group)
        return []

    for group in ("_jax", "_policies", "_physics"):
        monkeypatch.setattr(doctor, group, partial(slow, group))
    for check in doctor.run_checks(order.append):
        order.append(check.name)
    begun = [name for name in order if name.startswith("_")]
    assert begun == ["_jax", "_policies", "_physics"]
    assert {"python", "cache", "memory"} <= set(order[: order.index("_jax")])
    # What takes a while is said beforehand.
    assert order[order.index("_physics") - 1].startswith("compiling and stepping the physics")
