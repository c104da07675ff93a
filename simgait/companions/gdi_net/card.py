"""The page of trained networks, for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from simgait.companions.gdi_net.networks import DESIGNS
from simgait.estimators.judged import Judged, table

PAGE = """# Model card: {name}

A companion, not the tracker: GDI-Net (a Stanford CS229 project), which reads DensePose's I, U, V of
a walk with a CNN and an LSTM and says its GDI, re-implemented from its description, and its rivals.
No code and no weights of the authors were used. What it does: `docs/companions.md`.

| | |
|---|---|
| weights | SHA-256 `{sha256}`; parameters: {parameters} |
| learned from | {learned_from} |
| frames | {frames} |
| trained | {date}, simgait commit `{commit}`, {machine} |
| training | {minutes:.0f} minutes after the walks were made |
{added}\
| people apart | {n_train} learned from, {n_calibration} set the intervals (marks in `card.json`) |
| GDI against | `score_reference.json`, SHA-256 `{reference}` |
| `run` takes | {released} |
| not trained here | {absent} |

## Judged on people unseen
{table}

RMSE and bias are in points; slope of the estimate on the truth (1: well calibrated, 0: the mean to
all); inside: truths within the 90 % interval. **Synthetic people and exact I, U, V, unless the
labels were a user's own: how well the method reads what it was made for, not its accuracy on
patients.**

Half-width of the 90 % interval ({released}): ± {width:.3g} points.

## Limits
{remarks}- Its GDI is against the people in `score_reference.json`, and comparable with no other.
- Synthetic walkers are more alike than people; no patient's recording was seen.
- From the side alone; of the mean of both sides; from two seconds.
- DensePose's own charts are others than simgait's: pictures of them are refused.
- Not a medical device.
"""


def _added(one: Mapping[str, Any], steps: Mapping[str, int]) -> str:
    """The row of designs that were trained later, beside the others."""
    made = ", ".join(f"{name} ({steps[name]:,} steps)" for name in one["designs"])
    return (
        f"| added | {made}: {one['date']}, simgait commit `{one['provenance']['commit']}`, "
        f"{one['machine']}, {one['training_minutes']:.0f} minutes after the walks were made |\n"
    )


def readme(card: Mapping[str, Any]) -> str:
    """The page of a card; the table is empty until the networks are judged."""
    rows = [Judged.of(row) for row in card.get("evaluation", ())]
    frames = card["frames"]
    numbers = ", ".join(f"{kind} {count:,}" for kind, count in card["parameters"].items())
    return PAGE.format(
        name=card["name"],
        sha256=card["sha256"],
        parameters=numbers,
        learned_from=card["learned_from"],
        frames=f"{frames['framing']}, {frames['width_px']} × {frames['height_px']}, windows of 10 "
        f"frames, every {frames['every']} of 25 Hz",
        date=card["date"],
        commit=card["provenance"]["commit"],
        machine=card["machine"],
        minutes=card["training_minutes"],
        added="".join(_added(one, card.get("steps", {})) for one in card.get("added", ())),
        absent=", ".join(name for name in DESIGNS if name not in card["designs"]) or "–",
        n_train=f"{len(card['people']['train']):,}",
        n_calibration=len(card["people"]["calibration"]),
        reference=card["reference_sha256"],
        released=card["released"],
        table=table(rows),
        remarks="".join(f"- **{remark}**\n" for remark in card.get("remarks", ())),
        width=card["half_widths"][card["released"]],
    )
