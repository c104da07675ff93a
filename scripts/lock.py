"""Renews the locks from pyproject.toml; run by `make lock`.

| file | what | hashes |
|---|---|---|
| requirements.lock | simgait and all its extras: what it was tested with; ships in the wheel | no |
| requirements-dev.lock | what `make setup` installs | yes |
| requirements-docs.lock | what `make docs` installs | yes |
| requirements-browser.lock | what `make test-browser` installs beside `make setup` | yes |

The first is resolved; the others are parts of it. Pins stay as they are where they still fit;
`--upgrade` takes the newest. Nothing but names, versions, markers and hashes is written.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
ALL, DEV, DOCS = "requirements.lock", "requirements-dev.lock", "requirements-docs.lock"
BROWSER = "requirements-browser.lock"
COMPILE = [
    *(sys.executable, "-m", "uv", "pip", "compile", "--quiet", "--universal"),
    *("--python-version", "3.11", "--no-header", "--no-annotate"),
    *("--no-emit-index-url", "--no-emit-find-links"),
]


def compile_lock(output: str, *options: str, requirements: str | None = None) -> None:
    """Resolve into the file `output`; `requirements` are read from standard input if given."""
    command = [*COMPILE, *options, "--output-file", output]
    subprocess.run(
        command, cwd=ROOT, check=True, input=requirements, text=True, stdout=subprocess.DEVNULL
    )


def main() -> None:
    """Write the four files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--upgrade", action="store_true", help="take the newest versions that fit")
    upgrade = ["--upgrade"] if parser.parse_args().upgrade else []
    tested = ["--constraint", "scripts/lock_constraints.txt"]
    compile_lock(ALL, "pyproject.toml", "--all-extras", *tested, *upgrade)
    hashed = ["--generate-hashes", "--upgrade", "--constraint", ALL]
    compile_lock(DEV, "pyproject.toml", "--extra", "dev", *hashed)
    with (ROOT / "pyproject.toml").open("rb") as file:
        extras = tomllib.load(file)["project"]["optional-dependencies"]
    # Pages are made from the source's text, so the packages that simgait runs with are not needed.
    compile_lock(DOCS, "-", *hashed, requirements="\n".join(extras["docs"]))
    # Playwright brings its own Node (165 MB unpacked), so that it is installed only by whom asks.
    compile_lock(BROWSER, "-", *hashed, requirements="\n".join(extras["browser"]))


if __name__ == "__main__":
    main()
