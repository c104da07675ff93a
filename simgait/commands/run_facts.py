"""What a run says of itself in a table or page: command, date, commit, machine; no folder."""

from __future__ import annotations

import os
import platform
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path


@dataclass(frozen=True)
class RunFacts:
    """Facts about this process; no folder and no machine by name.

    Attributes:
        command: as it was called, files without their folders.
        cores: that the process may use.
        load: mean of the last minute as text, "" where the system does not say.
    """

    command: str
    date_utc: str
    commit: str
    cores: int
    system: str
    python: str
    load: str

    @property
    def of_a_measurement(self) -> str:
        """What stands above a table that was measured: command, date, commit and machine."""
        return f"`{self.command}`, {self.of_a_run}"

    @property
    def of_a_run(self) -> str:
        """The same without the command."""
        return (
            f"{self.date_utc}, commit {self.commit}, {self.system}, {self.cores} cores, "
            f"load {self.load} at the start"
        )


def run_facts() -> RunFacts:
    """Facts about this process."""
    from simgait.jax_setup import usable_cores
    from simgait.provenance import git_commit

    words = [Path(word).name if "/" in word else word for word in sys.argv[1:]]
    return RunFacts(
        command=" ".join(["simgait", *words]),
        date_utc=now_utc(),
        commit=git_commit(),
        cores=usable_cores(),
        system=f"{platform.system()} {platform.machine()}",
        python=platform.python_version(),
        load=f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "",
    )


def now_utc() -> str:
    """Date and minute for people."""
    return datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
