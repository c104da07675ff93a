"""The project's plumbing: lock, resources, provenance, cache folder, wheel."""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from simgait import jax_setup, provenance, resources
from tests.shapes import unchecked

ROOT = Path(__file__).resolve().parents[1]
COMMIT = "0123456789abcdef0123456789abcdef01234567"


HASHED = ("requirements-dev.lock", "requirements-docs.lock", "requirements-browser.lock")
PYTHONS = ("3.11", "3.12", "3.13")
PLATFORMS = ("linux", "darwin", "win32")


def lock_requirements(name: str = "requirements.lock") -> list[Requirement]:
    text = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", "")
    return [Requirement(line.split("--hash")[0]) for line in text.splitlines() if line.strip()]


def pins_of(name: str, python: str, platform: str) -> dict[str, str]:
    """Package -> version that a lock names for one Python on one platform."""
    environment = {
        "python_version": python,
        "python_full_version": f"{python}.7",
        "sys_platform": platform,
        "os_name": "nt" if platform == "win32" else "posix",
        "platform_python_implementation": "CPython",
    }
    pins: dict[str, str] = {}
    for requirement in lock_requirements(name):
        if requirement.marker is None or requirement.marker.evaluate(environment):
            package = canonicalize_name(requirement.name)
            assert package not in pins, f"{package} is pinned twice for Python {python}"
            assert re.fullmatch(r"==[^*,]+", str(requirement.specifier))
            pins[package] = str(requirement.specifier).removeprefix("==")
    return pins


def assert_pinned(wanted: list[str], pins: dict[str, str]) -> None:
    for requirement in map(Requirement, wanted):
        version = pins[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version, prereleases=True)


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("platform", PLATFORMS)
def test_locks_pin_every_dependency_once_and_alike(python, platform):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    pins = pins_of("requirements.lock", python, platform)
    assert_pinned(
        project["dependencies"] + [text for extra in extras.values() for text in extra], pins
    )
    assert pins["jax"] == pins["jaxlib"] == ("0.10.2" if python == "3.11" else "0.11.2")
    assert pins["mujoco"] == pins["mujoco-mjx"] == "3.17.0"
    dev, docs, browser = (pins_of(name, python, platform) for name in HASHED)
    assert_pinned(project["dependencies"] + extras["dev"], dev)
    assert_pinned(extras["docs"], docs)
    assert_pinned(extras["browser"], browser)
    assert all(part.items() <= pins.items() for part in (dev, docs, browser))
    assert not {"wandb", "mkdocs", "playwright"} & dev.keys() and "jax" not in docs


@pytest.mark.parametrize("name", ["requirements.lock", *HASHED])
def test_locks_have_no_addresses(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text and " @ " not in text and "#" not in text
    names = {canonicalize_name(requirement.name) for requirement in lock_requirements(name)}
    assert not names & {"cwevals", "mujoco-core", "mujoco-studio"}


def test_the_lock_that_ships_has_names_and_versions_only():
    assert resources.lock_file() == ROOT / "requirements.lock"
    assert "--" not in resources.lock_file().read_text(encoding="utf-8")


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make_says_what_it_does_before_it_is_silent_and_pip_warns_of_nothing(tmp_path):
    for name in ("requirements-dev.lock", "pyproject.toml", "setup.py", "Makefile"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    told = subprocess.run(
        ["make", "--dry-run", "demo"], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    said = told.index('echo "setting simgait up in .venv')
    installs = [line for line in told.splitlines() if "pip install" in line]
    assert said < told.index("-m venv") < told.index("pip install")
    assert "minutes" in told[said:].splitlines()[0]
    assert len(installs) == 2 and all("--quiet --quiet " in line for line in installs)


@pytest.mark.parametrize("name", HASHED)
def test_every_package_that_make_installs_has_hashes(name):
    for entry in (ROOT / name).read_text(encoding="utf-8").replace("\\\n", "").splitlines():
        hashes = re.findall(r"--hash=(\S+)", entry)
        assert hashes and all(re.fullmatch(r"sha256:[0-9a-f]{64}", value) for value in hashes)
        assert len(hashes) == entry.count("--") == len(set(hashes)), entry.split()[0]


def test_third_party_table_covers_the_lock():
    text = (ROOT / "THIRD_PARTY.md").read_text(encoding="utf-8")
    rows = set(re.findall(r"^\| ([\w.\-]+)(?: \(.*?\))? \| ([^ ]+) \|", text, flags=re.MULTILINE))
    locked = {(r.name, str(r.specifier).removeprefix("==")) for r in lock_requirements()}
    assert locked == rows - {("package", "version")}
    assert "⚠ |" not in text


def test_what_is_unreleased_is_not_called_by_the_last_release():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    heading = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
    assert heading is not None
    if heading[1] == "Unreleased":
        assert Version(project["version"]).is_devrelease
    else:
        assert project["version"] == heading[1]
    cited = re.search(r"^version: (\S+)$", (ROOT / "CITATION.cff").read_text("utf-8"), re.MULTILINE)
    assert cited is not None and cited[1] == project["version"]


MOST_LINES_OF_A_FUNCTION, MOST_LINES_OF_A_FILE = 60, 400  # CONTRIBUTING.md, Style


def python_files() -> list[Path]:
    rooms = ("simgait", "tests", "scripts", "examples")
    return [*ROOT.glob("*.py"), *(path for room in rooms for path in (ROOT / room).rglob("*.py"))]


def functions(statements: list[Any]) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Those in statements, however deep; expressions, which are most of a tree, have none."""
    for node in statements:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
        for block in ("body", "orelse", "finalbody", "handlers", "cases"):
            yield from functions(getattr(node, block, []))


def test_functions_and_files_can_be_read_at_one_sitting():
    long = []
    for path in python_files():
        text = path.read_text(encoding="utf-8")
        lengths = {"": len(text.splitlines())}
        for node in functions(ast.parse(text).body):
            assert node.end_lineno is not None
            lengths[f" {node.name}"] = node.end_lineno - node.lineno + 1
        for name, lines in lengths.items():
            if lines > (MOST_LINES_OF_A_FUNCTION if name else MOST_LINES_OF_A_FILE):
                long.append(f"{path.relative_to(ROOT)}{name}: {lines} lines")
    assert not long, "split these:\n" + "\n".join(long)


def pages_of(nav: list[Any]) -> list[str]:
    pages: list[str] = []
    for entry in nav:
        (value,) = entry.values()
        pages += [value] if isinstance(value, str) else pages_of(value)
    return pages


def test_every_page_is_in_the_site_and_the_site_loads_nothing_from_elsewhere():
    site = yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    pages = pages_of(site["nav"])
    there = {path.relative_to(ROOT / "docs").as_posix() for path in ROOT.glob("docs/**/*.md")}
    assert len(pages) == len(set(pages)) and set(pages) == there
    assert site["theme"]["font"] is False
    for own in (*site["extra_css"], *site["extra_javascript"]):
        text = (ROOT / "docs" / own).read_text(encoding="utf-8")
        assert "//" not in own and "url(" not in text and "http" not in text
    assert "offline" not in site["plugins"]  # its search would load a script


@pytest.mark.parametrize("name", ["envs", "policies", "configs"])
def test_resources_of_the_clone(name):
    assert resources.resource_dir(name) == ROOT / name


def test_resources_refuse_unknown_and_absent(monkeypatch, tmp_path):
    with pytest.raises(ValueError, match="envs, policies, configs"), unchecked():
        resources.resource_dir("../secrets")  # type: ignore[arg-type]
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path / "simgait")
    with pytest.raises(FileNotFoundError, match="'envs'"):
        resources.resource_dir("envs")
    (tmp_path / "simgait" / "_data" / "envs").mkdir(parents=True)
    assert resources.resource_dir("envs") == tmp_path / "simgait" / "_data" / "envs"


def test_git_commit_loose_packed_detached_and_absent(tmp_path):
    assert provenance.git_commit(tmp_path) == "unknown"
    git = tmp_path / ".git"
    (git / "refs" / "heads").mkdir(parents=True)
    (git / "HEAD").write_text("ref: refs/heads/main\n")
    assert provenance.git_commit(tmp_path) == "unknown"
    (git / "packed-refs").write_text(f"# pack-refs\n{COMMIT} refs/heads/main\n")
    assert provenance.git_commit(tmp_path) == COMMIT
    newer = COMMIT[::-1]
    (git / "refs" / "heads" / "main").write_text(newer + "\n")
    assert provenance.git_commit(tmp_path) == newer
    (git / "HEAD").write_text(COMMIT + "\n")
    assert provenance.git_commit(tmp_path) == COMMIT


def test_git_commit_of_a_worktree(tmp_path):
    main, tree = tmp_path / "main" / ".git", tmp_path / "tree"
    own = main / "worktrees" / "tree"
    own.mkdir(parents=True)
    tree.mkdir()
    (tree / ".git").write_text(f"gitdir: {own}\n")
    (own / "HEAD").write_text("ref: refs/heads/side\n")
    (own / "commondir").write_text("../..\n")
    (main / "refs" / "heads").mkdir(parents=True)
    (main / "refs" / "heads" / "side").write_text(COMMIT + "\n")
    assert provenance.git_commit(tree) == COMMIT


def test_the_commit_of_an_install_from_git_is_pips(monkeypatch) -> None:
    def noted(text):
        one = type("Distribution", (), {"read_text": lambda self, name: text})
        monkeypatch.setattr("simgait.provenance.metadata.distribution", lambda name: one())
        return provenance.installed_commit()

    assert (
        noted(json.dumps({"url": "u", "vcs_info": {"vcs": "git", "commit_id": COMMIT}})) == COMMIT
    )
    for other in (None, "", "{", "[]", '{"dir_info": {}}', '{"vcs_info": {"commit_id": 3}}'):
        assert noted(other) == "unknown"


def test_provenance_is_json_and_names_no_folder():
    config = {
        "seed": 7,
        "data": Path("/home/jane/patients"),
        "nested": [{"policy": "C:\\Users\\jane\\policy"}, "~/secret/x"],
        "weights": np.array([1.0, np.nan]),
        "rate": np.float32(0.5),
    }
    record = provenance.collect_provenance(config, policy_hash="ab12")
    text = json.dumps(record, allow_nan=False)
    assert "jane" not in text and "secret/" not in text and str(Path.home()) not in text
    assert record["config"]["seed"] == 7
    assert record["config"]["data"] == "patients"
    assert record["config"]["nested"] == [{"policy": "policy"}, "x"]
    assert record["config"]["weights"] == [1.0, None]
    assert record["policy_hash"] == "ab12"
    assert record["versions"]["mujoco"].startswith("3.17")
    assert record["date_utc"].endswith("+00:00")


def test_provenance_refuses_to_lose_an_entry():
    with pytest.raises(ValueError, match="'commit'"):
        provenance.collect_provenance({}, commit="mine")


def test_cache_dir_follows_the_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "xdg"))
    monkeypatch.delenv("SIMGAIT_CACHE_DIR", raising=False)
    assert jax_setup.cache_dir() == tmp_path / "xdg" / "simgait" / "jax"
    monkeypatch.setenv("SIMGAIT_CACHE_DIR", str(tmp_path / "own"))
    assert jax_setup.cache_dir() == tmp_path / "own" / "jax"
    monkeypatch.delenv("SIMGAIT_CACHE_DIR")
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert jax_setup.cache_dir() == Path.home() / ".cache" / "simgait" / "jax"


def test_configure_jax_uses_a_writable_folder_and_none_otherwise(monkeypatch, tmp_path):
    import jax

    before = jax.config.values["jax_compilation_cache_dir"]
    blocked = tmp_path / "file"
    blocked.write_text("a file where the folder should be")
    try:
        monkeypatch.setenv("SIMGAIT_CACHE_DIR", str(blocked))
        assert jax_setup.configure_jax() is None
        assert jax.config.values["jax_compilation_cache_dir"] == before
        monkeypatch.setenv("SIMGAIT_CACHE_DIR", str(tmp_path / "cache"))
        assert jax_setup.configure_jax() == tmp_path / "cache" / "jax"
        assert jax.config.values["jax_compilation_cache_dir"] == str(tmp_path / "cache" / "jax")
    finally:
        jax.config.update("jax_compilation_cache_dir", before)


@pytest.fixture(scope="session")
def wheel(tmp_path_factory) -> Path:
    """The wheel of this tree, by way of its source archive, with the locked build tools."""
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout[-2000:] + built.stderr[-2000:]
    return next(folder.glob("*.whl"))


@pytest.mark.slow
def test_wheel_carries_code_and_resources(wheel):
    with zipfile.ZipFile(wheel) as archive:
        inside = set(archive.namelist())
        lock = archive.read("simgait/_data/requirements.lock")
    tracked = subprocess.run(
        ["git", "-C", str(ROOT), "ls-files", "simgait/*.py", "envs", "policies", "configs"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    code = {path for path in tracked if path.startswith("simgait/")}
    data = {f"simgait/_data/{path}" for path in tracked if not path.startswith("simgait/")}
    hidden = {path for path in data if Path(path).name.startswith(".")}
    assert code and not (code | data) - hidden - inside
    assert not [path for path in inside if path.startswith(("tests/", "scripts/", "envs/"))]
    assert lock == resources.lock_file().read_bytes()


@pytest.mark.slow
def test_wheel_works_without_the_clone(wheel, walker, tmp_path):
    """Installed into an environment of its own, beside the packages that run this test."""
    import site
    import venv

    venv.create(tmp_path / "venv", with_pip=True)
    bin_dir = tmp_path / "venv" / ("Scripts" if os.name == "nt" else "bin")
    python = bin_dir / "python"

    def run(*command: object) -> subprocess.CompletedProcess[str]:
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
        done = subprocess.run(
            [str(part) for part in command],
            capture_output=True,
            text=True,
            check=False,
            cwd=tmp_path,
            env=environment,
        )
        assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]
        return done

    run(python, "-m", "pip", "install", "--no-deps", "--no-index", wheel)
    purelib = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").stdout
    packages = Path(purelib.strip()) / "packages.pth"
    packages.write_text("\n".join(site.getsitepackages()), encoding="utf-8")
    place = "import simgait.resources as r; print(r.resource_dir('envs'), r.lock_file(), sep='\\n')"
    for path in run(python, "-c", place).stdout.splitlines():
        assert Path(path).is_relative_to(Path(purelib.strip()) / "simgait" / "_data")

    simgait = bin_dir / "simgait"
    assert "track" in run(simgait, "--help").stdout
    assert "All is well." in run(simgait, "doctor").stdout
    known = walker.Walk()
    time_s = np.arange(0.0, known.duration_s, 1.0 / 50.0)
    points = known.keypoints(time_s)
    np.savez(
        tmp_path / "raw.npz",
        keypoints=np.stack(list(points.values()), axis=1),
        names=list(points),
        fps_hz=50.0,
        unit="m",
        axes="x-forward y-left z-up",
        height_m=known.height_m,
    )
    run(simgait, "convert", "raw.npz", "--subject", "P01", "-o", "walk.npz")
    shown = run(simgait, "inspect", "walk.npz").stdout
    assert "walk walk" in shown and "P01" in shown
