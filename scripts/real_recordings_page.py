"""Writes docs/real_recordings.md: what every real recording at hand became.

    simgait track DATA/bmclab_walk DATA/c3d_mixed DATA/cmu_asfamc DATA/mcgill_c3d -o real
    python scripts/real_recordings_page.py DATA real

Reads summary.csv and each walk's provenance.json of that folder; measures nothing itself.
"""

from __future__ import annotations

import csv
import json
import statistics
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from simgait.benchmark.scorecard_page import table
from simgait.skeleton.sides import SIDES

OUT = Path(__file__).resolve().parents[1] / "docs" / "real_recordings.md"
FOLDERS = ("bmclab_walk", "c3d_mixed", "cmu_asfamc", "mcgill_c3d")
VERDICTS = {"use_all": "all", "use_some": "some", "use_none": "none"}
LEVELS = ("use", "rough", "single", "do_not_use")
Row = dict[str, Any]


def main() -> int:
    """Writes the page."""
    data, real = Path(sys.argv[1]), Path(sys.argv[2])
    with (real / "summary.csv").open(encoding="utf-8", newline="") as file:
        rows: list[Row] = list(csv.DictReader(file))
    for row in rows:
        row["of"] = folder_of(row["source"], data)
        row["said"] = provenance(real, row) if row["verdict"] in VERDICTS else {}
    OUT.write_text("\n".join(page(rows)) + "\n", encoding="utf-8")
    print(OUT.name)
    return 0


def folder_of(source: str, data: Path) -> str:
    """Which of the folders a recording lies in."""
    found = [name for name in FOLDERS if (data / name / source).is_file()]
    if len(found) != 1:
        raise SystemExit(f"{source}: lies in {len(found)} of the folders; give the data folder.")
    return found[0]


def provenance(real: Path, row: Row) -> dict[str, Any]:
    """What a walk's own folder says of it."""
    text = (real / row["folder"] / "provenance.json").read_text(encoding="utf-8")
    read: dict[str, Any] = json.loads(text)
    return read


def counts(row: Row) -> Counter[str]:
    """How many numbers of a walk have each level."""
    return Counter(one["level"] for one in row["said"]["verdict"]["numbers"].values())


def page(rows: list[Row]) -> list[str]:
    """Lines of the page."""
    walks = [row for row in rows if row["said"]]
    fell = [row["trial"] for row in walks if row["fell"] == "1"]
    return [
        *head(walks[0]["said"]), *by_folder(rows), "",
        f"Fell: {', '.join(fell)}." if fell else "No body fell.", "",
        *what_may_be_used(walks), *refused(rows), *standing(rows), *by_trial(walks),
    ]  # fmt: skip


def head(said: dict[str, Any]) -> list[str]:
    """Title, command, date and commit."""
    date = said["date_utc"][:16].replace("T", " ")
    command = " ".join(f"../shared/data/{name}" for name in FOLDERS)
    return [
        "# Every real recording through `simgait track`", "", f"`simgait track {command} -o real`,",
        f"{date} UTC, commit {said['commit'][:7]}, {said['platform']}, Python {said['python']}, "
        "2 cores; no options: heights, units and axes come from",
        f"the files. Policy `{said['policy']['name']}`. `python scripts/real_recordings_page.py "
        "../shared/data real` wrote this page.", "",
    ]  # fmt: skip


def by_folder(rows: list[Row]) -> list[str]:
    """How the recordings of each folder ended."""
    found = []
    for name in FOLDERS:
        own = [row for row in rows if row["of"] == name]
        ends = Counter(row["verdict"] for row in own)
        reports = sum(ends[verdict] for verdict in VERDICTS)
        speeds = [float(row["velocity_mps"]) for row in own if row["velocity_mps"]]
        told = ", ".join(f"{f(speeds):.2f}" for f in (min, statistics.median, max))
        parts = [reports, *(ends[verdict] for verdict in VERDICTS), ends["standing"]]
        found.append([name, *map(str, parts), str(ends["failed"]), told])
    head = (
        "folder", "reports", "all numbers may be used", "some", "none", "standing trials",
        "refused", "speed m/s (lowest, median, highest)",
    )  # fmt: skip
    return [table(head, found)]


def what_may_be_used(walks: list[Row]) -> list[str]:
    """Levels of all numbers, and what takes numbers away."""
    total = sum((counts(row) for row in walks), Counter())
    n = total.total()
    some = [row for row in walks if row["verdict"] == "use_some"]
    whole = sum(1 for row in some if not counts(row)["do_not_use"])
    taking: Counter[str] = Counter()
    for row in walks:
        denied = [d for d in row["said"]["verdict"]["numbers"].values() if d["level"] == LEVELS[-1]]
        causes = {code for one in denied for code in one["doubts"]}
        if any(not one["doubts"] for one in denied):
            causes.add("interval_too_wide")
        taking.update(causes)
    named = ", ".join(f"`{c}` ({k} walk{'s' * (k > 1)})" for c, k in taking.most_common())
    share = {level: f"{100 * total[level] / n:.0f} %" for level in LEVELS}
    denied_share = f"{total[LEVELS[-1]]} ({100 * total[LEVELS[-1]] / n:.1f} %)"
    return [
        "## What may be used", "",
        f"Of the {n} single numbers (parameters of left, right and both; joint angles and vertical "
        f"force of each side)\n{share['use']} may be used as they are, {share['rough']} are rough "
        f"(their interval reaches further than what matters),\n{share['single']} are those of a "
        f"single cycle or step, and {denied_share} are not to be used. In {whole} of the "
        f"{len(some)} walks of *some* numbers nothing is taken away.\nWhat takes numbers away, by "
        f"[finding](report-guide.md#what-each-finding-takes-away):\n{named}.", "",
        "Hip rotation is not to be used in most, and phases of the cycle, scores and some joint "
        "angles are rough.", "",
        "The belt of `treadmill_events`, whose speed nobody gave, is estimated from the feet while "
        "they stand flat.", "",
    ]  # fmt: skip


def refused(rows: list[Row]) -> list[str]:
    """Recordings that were refused, and why."""
    own = [row for row in rows if row["verdict"] == "failed"]
    lines = [f"- `{row['of']}/{row['source']}`: {row['failure'] or row['reasons']}" for row in own]
    return ["## Refused", "", "One sentence each.", "", *lines, ""]


def standing(rows: list[Row]) -> list[str]:
    """Standing trials by name."""
    names = ", ".join(f"`{row['trial']}`" for row in rows if row["verdict"] == "standing")
    return ["## Standing trials", "", f"Listed, with exit code 0: {names}.", ""]


def by_trial(walks: list[Row]) -> list[str]:
    """A line for each walk."""
    told = []
    for row in sorted(walks, key=lambda one: (one["of"], one["trial"])):
        found = counts(row)
        steps = ", ".join(rounded(row[f"{side}_step_length_m"], 100, 0) for side in SIDES)
        findings = row["said"]["findings"]
        told.append([
            row["trial"], row["of"], VERDICTS[row["verdict"]],
            ", ".join(str(found[level]) for level in LEVELS), rounded(row["velocity_mps"], 1, 2),
            rounded(row["cadence_spm"], 1, 0), steps,
            findings[0]["sentence"].rstrip(".") if findings else "–",
        ])  # fmt: skip
    head = (
        "trial", "folder", "may be used", "numbers", "speed m/s", "cadence steps/min",
        "step length left, right cm", "first reason",
    )  # fmt: skip
    return [
        "## By trial", "",
        "*Numbers*: how many may be used as they are, are rough, are those of a single cycle or "
        "step, are not to be used.", "", table(head, told),
    ]  # fmt: skip


def rounded(cell: str, factor: float, digits: int) -> str:
    """A number of summary.csv times a factor; a dash where there is none."""
    return f"{factor * float(cell):.{digits}f}" if cell else "–"


if __name__ == "__main__":
    sys.exit(main())
