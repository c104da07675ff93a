"""Copies envs/, policies/, configs/, demo/ into the wheel as simgait/_data; else: pyproject.toml.

An editable install copies nothing: `simgait.resources` then finds the folders of the clone.
"""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

ROOT = Path(__file__).resolve().parent
RESOURCES = ("envs", "policies", "configs", "demo")


class BuildWithResources(build_py):
    """build_py that also ships the top-level data folders and the lock."""

    def run(self):
        """Build the package, then lay the data folders beside it."""
        super().run()
        if self.editable_mode:
            return
        data = Path(self.build_lib) / "simgait" / "_data"
        # A left-over build folder would otherwise ship files that were since deleted.
        shutil.rmtree(data, ignore_errors=True)
        for name in RESOURCES:
            if (ROOT / name).is_dir():
                ignore = shutil.ignore_patterns("__pycache__", "*.pyc", ".*")
                shutil.copytree(ROOT / name, data / name, ignore=ignore)
        data.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / "requirements.lock", data / "requirements.lock")


setup(cmdclass={"build_py": BuildWithResources})
