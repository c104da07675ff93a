"""The page of trained networks, for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simgait.companions.openpose_gdi.pairs import ASYMMETRY, ASYMMETRY_LABEL
from simgait.companions.openpose_gdi.targets import TARGETS
from simgait.estimators.judged import Judged, table

PAGE = """# Model card: {name}

A companion, not the tracker: the CNN of Kidzinski et al. 2020 (Nat Commun 11:4054), which reads
OpenPose's 2D points, re-implemented from its description, and the LSTM and CNN-LSTM that others put
in its place. No code and no weights of the authors were used. What it does: `docs/companions.md`.

| | |
|---|---|
| weights | SHA-256 `{sha256}`; {parameters} |
| learned from | {learned_from} |
| windows | {windows} of 124 frames at 25 Hz |
| trained | {date}, simgait commit `{commit}`, {machine} |
| epochs | {epochs}, in {minutes:.0f} minutes after the walks were made |
| people apart | {n_train} learned from, {n_calibration} set the intervals (marks in `card.json`) |
| GDI against | `score_reference.json`, SHA-256 `{reference}` |
| `run` takes | {released} |

## Judged on people unseen
{table}

RMSE and bias are in the quantity's unit; slope of the estimate on the truth (1: well calibrated,
0: the mean to all); inside: truths within the 90 % interval. **Synthetic people and simulated
errors of detectors, unless the labels were a user's own: how well the method reads what it was
made for, not its accuracy on patients.**

## Half-widths of the 90 % intervals ({released})
{widths}

## Limits
{remarks}- Its GDI is against the people in `score_reference.json`, and comparable with no other.
- Synthetic walkers are more alike than people; no patient's recording was seen.
- One view says little of what happens across it; angles of the pelvis and rotations are guessed.
- Not a medical device.
"""


def readme(card: Mapping[str, Any]) -> str:
    """The page of a card; the table is empty until the networks are judged."""
    rows = [Judged.of(row) for row in card.get("evaluation", ())]
    labels = {key: f"{one.label} ({one.unit})" for key, one in TARGETS.items()}
    labels[ASYMMETRY] = f"{ASYMMETRY_LABEL} (points)"
    widths = card["half_widths"][card["released"]]
    numbers = ", ".join(f"{kind} {count:,}" for kind, count in card["parameters"].items())
    return PAGE.format(
        name=card["name"],
        sha256=card["sha256"],
        parameters=f"parameters: {numbers}",
        learned_from=card["learned_from"],
        windows=f"{card['windows']:,}",
        date=card["date"],
        commit=card["provenance"]["commit"],
        machine=card["machine"],
        epochs=card["epochs"],
        minutes=card["training_minutes"],
        n_train=f"{len(card['people']['train']):,}",
        n_calibration=len(card["people"]["calibration"]),
        reference=card["reference_sha256"],
        released=card["released"],
        table=table(rows),
        remarks="".join(f"- **{remark}**\n" for remark in card.get("remarks", ())),
        widths="\n".join(f"- {labels[key]}: ± {width:.3g}" for key, width in widths.items()),
    )
