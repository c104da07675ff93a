"""What a result was made with: versions, commit, platform, date, config.

Results are shared, so nothing here may name a person, a machine or a folder of theirs.
"""

from __future__ import annotations

import hashlib
import json
import platform
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

from simgait.files import without_folders
from simgait.resources import resource_dir

PACKAGES = ("simgait", "jax", "jaxlib", "mujoco", "mujoco-mjx", "brax", "flax", "optax", "numpy")
_COMMIT = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")


def package_versions(names: tuple[str, ...] = PACKAGES) -> dict[str, str]:
    """Installed version of each package; "unknown" where it is not installed."""
    found = {}
    for name in names:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "unknown"
    return found


def git_commit(root: Path | None = None) -> str:
    """Commit that the clone at `root` stands at, read without git; "unknown" outside a clone.

    Args:
        root: folder that holds `.git`; default: the clone that simgait runs from, if it does, else
            what pip noted of the repository that it was installed from.
    """
    if root is None:
        clone = git_commit(Path(__file__).resolve().parents[1])
        return installed_commit() if clone == "unknown" else clone
    try:
        git = _git_folder(root)
        head = (git / "HEAD").read_text(encoding="utf-8").strip()
        if not head.startswith("ref: "):
            return head if _COMMIT.fullmatch(head) else "unknown"
        return _resolve_ref(git, head.removeprefix("ref: "))
    except (OSError, UnicodeDecodeError):
        return "unknown"


def installed_commit(package: str = "simgait") -> str:
    """Commit of `pip install git+...`, as pip notes it (PEP 610); "unknown" where it does not."""
    try:
        noted = metadata.distribution(package).read_text("direct_url.json")
        commit = json.loads(noted or "{}")["vcs_info"]["commit_id"]
    except (metadata.PackageNotFoundError, KeyError, TypeError, ValueError):
        return "unknown"
    return commit if isinstance(commit, str) and _COMMIT.fullmatch(commit) else "unknown"


def _git_folder(root: Path) -> Path:
    git = root / ".git"
    if git.is_file():  # a worktree or submodule: the file says where the folder is
        return root / git.read_text(encoding="utf-8").strip().removeprefix("gitdir: ")
    return git


def _resolve_ref(git: Path, ref: str) -> str:
    folders = [git]
    if (git / "commondir").is_file():
        folders.append(git / (git / "commondir").read_text(encoding="utf-8").strip())
    for folder in folders:
        if (folder / ref).is_file():
            commit = (folder / ref).read_text(encoding="utf-8").strip()
            return commit if _COMMIT.fullmatch(commit) else "unknown"
        if (folder / "packed-refs").is_file():
            for line in (folder / "packed-refs").read_text(encoding="utf-8").splitlines():
                commit, _, name = line.partition(" ")
                if name == ref and _COMMIT.fullmatch(commit):
                    return commit
    return "unknown"


def collect_provenance(config: Mapping[str, Any], **extra: Any) -> dict[str, Any]:
    """What to write beside a result so that it can be made again.

    Args:
        config: the resolved configuration, seeds included.
        extra: more entries (policy hash, seed, trial ids); they may not replace standard ones.

    Returns:
        JSON-ready dict with "versions", "commit", "python", "platform", "date_utc", "config" and
        `extra`. Absolute paths are cut to their last part, also within sentences; there are no
        user or host names of simgait's own making.

    Raises:
        ValueError: `extra` repeats a standard entry.
    """
    record: dict[str, Any] = {
        "versions": package_versions(),
        "commit": git_commit(),
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "date_utc": datetime.now(UTC).isoformat(timespec="seconds"),
        "config": without_folders(config),
    }
    taken = sorted(record.keys() & extra.keys())
    if taken:
        raise ValueError(f"Provenance already has an entry {taken[0]!r}; name yours differently.")
    return record | {key: without_folders(value) for key, value in extra.items()}


def file_sha256(path: Path) -> str:
    """SHA-256 of a file, in hex, or of the names and content of the files in a folder.

    Raises OSError where one cannot be read.
    """
    if path.is_dir():
        digest = hashlib.sha256()
        for one in sorted(held for held in path.iterdir() if held.is_file()):
            digest.update(one.name.encode() + bytes.fromhex(file_sha256(one)))
        return digest.hexdigest()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def readable_sha256(path: Path) -> str:
    """Of a file; empty where it cannot be read, which the reader says better."""
    try:
        return file_sha256(path)
    except OSError:
        return ""


def bytes_sha256(content: bytes) -> str:
    """SHA-256 of what no file holds."""
    return hashlib.sha256(content).hexdigest()


@lru_cache
def code_sha256() -> str:
    """SHA-256 over simgait's own code and bodies: equal code, equal numbers."""
    package = Path(__file__).resolve().parent
    files = [(package, path) for path in package.rglob("*.py")]
    bodies = resource_dir("envs")
    files += [(bodies, path) for path in bodies.rglob("*") if path.is_file()]
    digest = hashlib.sha256()
    for root, path in sorted(files, key=lambda pair: pair[1].relative_to(pair[0]).as_posix()):
        digest.update(path.relative_to(root).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
