"""Writes THIRD_PARTY.md: name, version and licence of every package in the lock.

Run by `make third-party`, in an environment that holds all of requirements.lock.
"""

from __future__ import annotations

from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
# Packages whose metadata says nothing (ezc3d; axe-playwright-python, whose axe.min.js is MPL-2.0),
# or that the lock names only for another platform; read by a person in the LICENSE or metadata of
# that very version.
READ_BY_HAND = {
    "axe-playwright-python": "MIT AND MPL-2.0",
    "ezc3d": "MIT",
    "colorama": "BSD License",
    "nest-asyncio": "BSD License",
    "pandas-stubs": "BSD-3-Clause",
}
BESIDE = (
    "`av` (PyAV, the optional extra `simgait[video]`) is BSD-3-Clause; its wheels bundle FFmpeg "
    "with encoders under the GPL (x264, x265). simgait does not use these: it decodes, and writes "
    "VP9 (libvpx, BSD). Whoever passes the wheels on has the GPL's duties for them.\n"
)
COPYLEFT = ("GPL", "GNU", "EUPL", "SSPL")


def licence_of(info: metadata.PackageMetadata) -> str:
    """The licence as the package's own metadata names it, shortest trustworthy form first."""
    if "License-Expression" in info:
        return info["License-Expression"]
    classifiers = [
        text.split(" :: ")[-1]
        for text in info.get_all("Classifier") or ()
        if text.startswith("License :: ") and text != "License :: OSI Approved"
    ]
    if classifiers:
        return "; ".join(classifiers)
    text = info["License"].strip().splitlines() if "License" in info else []
    return text[0][:60] if text else "not stated in its metadata"


def main() -> None:
    """Write the table and print what a person has to look at."""
    rows, look_at = [], []
    for line in (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines():
        if not line.strip() or line.startswith("#"):
            continue
        requirement = Requirement(line)
        version = str(requirement.specifier).removeprefix("==")
        try:
            licence = licence_of(metadata.metadata(requirement.name))
        except metadata.PackageNotFoundError:
            licence = "not installed here"
        if "not " in licence:
            licence = READ_BY_HAND.get(requirement.name, licence)
        marker = f" ({requirement.marker})" if requirement.marker else ""
        flag = any(word in licence.upper() for word in COPYLEFT)
        rows.append(f"| {requirement.name}{marker} | {version} | {licence}{' ⚠' if flag else ''} |")
        if flag or "not " in licence:
            look_at.append(rows[-1])
    head = (
        "# Third-party packages\n\nsimgait contains no code of others. It is installed together "
        "with these packages (`requirements.lock`), under the licence that each package's own "
        "metadata names. ⚠ marks copyleft (GPL family). Written by `scripts/third_party.py`.\n\n"
        "| package | version | licence |\n|---|---|---|\n"
    )
    (ROOT / "THIRD_PARTY.md").write_text(head + "\n".join(rows) + "\n\n" + BESIDE, encoding="utf-8")
    print("\n".join(look_at) or "nothing to look at")


if __name__ == "__main__":
    main()
