"""How unlike normal walking companions call each joint: classes that are told without colour."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from simgait.parameters.wording import number
from simgait.report import svg
from simgait.report.trial.opinions import CompanionSays


@dataclass(frozen=True)
class BadnessClass:
    """One step of the scale.

    Attributes:
        above: of the badness; the next step's `above` is where it ends.
        name: what it is called.
        shape: of its mark, "circle", "square" or "diamond".
        fill: of its mark; lighter is more usual, so that it can be told in grey too.
        size_px: of its mark, from its middle to its rim.
        is_wrong: joints of this step are ringed and named in the replay.
    """

    above: float
    name: str
    shape: str
    fill: str
    size_px: float
    is_wrong: bool = False


CLASSES = (
    BadnessClass(
        -math.inf, "as usual (up to 0.5, as half of normal joints)", "circle", "#ffffff", 4
    ),
    BadnessClass(0.5, "less usual (0.5 to 1)", "circle", "#d7b5e8", 5),
    BadnessClass(1.0, "unlike normal (1 to 2)", "square", "#9a45c0", 5.5, is_wrong=True),
    BadnessClass(2.0, "far from normal (above 2)", "diamond", "#4a0a66", 7.5, is_wrong=True),
)
"""1 is the threshold of `JudgedJoint.is_wrong`; 0.5 is what half of normal joints have (a twin
leaves them as they are); 2 is chosen."""
RIM = "#3c0a52"


@dataclass(frozen=True)
class ShownJoint:
    """One joint as the replay shows it.

    Attributes:
        name: "left knee".
        keypoint: of the body.
        badness: the greatest of those who judge it.
        step: number of its class.
    """

    name: str
    keypoint: str
    badness: float
    step: int


def keypoint_of(joint: str) -> str:
    """The keypoint that stands for a companion's joint: "left_knee" -> "Left Knee"."""
    return joint.replace("_", " ").title()


def shown_joints(says: Sequence[CompanionSays]) -> list[ShownJoint]:
    """The joints that companions judge, each with the greatest badness; unseen ones left out."""
    worst: dict[str, float] = {}
    for one in says:
        if one.opinion is not None and one.opinion.twin is not None:
            for joint in one.opinion.twin.joints:
                if math.isfinite(joint.badness):
                    worst[joint.name] = max(joint.badness, worst.get(joint.name, -math.inf))
    return [
        ShownJoint(
            name.replace("_", " "), keypoint_of(name), badness,
            max(k for k, step in enumerate(CLASSES) if badness > step.above),
        )
        for name, badness in worst.items()
    ]  # fmt: skip


def badness_legend(joints: Sequence[ShownJoint]) -> list[dict[str, Any]]:
    """A row for each step of the scale: its mark, its name, and the joints of that step."""
    return [
        {
            "mark": _mark(step),
            "name": step.name,
            "joints": ", ".join(
                f"{one.name} {number(one.badness, 2)}" for one in joints if one.step == k
            )
            or "none",
        }
        for k, step in enumerate(CLASSES)
    ] if joints else []  # fmt: skip


def _mark(step: BadnessClass) -> Markup:
    r, middle = step.size_px, 12.0
    paint = {"fill": step.fill, "stroke": RIM, "stroke_width": 1.5}
    if step.shape == "circle":
        parts = [svg.tag("circle", cx=middle, cy=middle, r=r, **paint)]
    else:
        turn = {"transform": f"rotate(45 {middle} {middle})"} if step.shape == "diamond" else {}
        side = 2 * r if step.shape == "square" else math.sqrt(2.0) * r
        corner = middle - side / 2
        parts = [svg.tag("rect", x=corner, y=corner, width=side, height=side, **paint, **turn)]
    if step.is_wrong:
        parts.append(
            svg.tag(
                "circle", cx=middle, cy=middle, r=10.5, fill="none", stroke=RIM,
                stroke_width=1.5, stroke_dasharray="4 2.5",
            )
        )  # fmt: skip
    # Its name stands beside it.
    return svg.tag("svg", Markup("").join(parts), viewBox="0 0 24 24", aria_hidden="true")


def marks_data(joints: Sequence[ShownJoint]) -> dict[str, Any]:
    """The same for the replay's script."""
    return {
        "rim": RIM,
        "steps": [{"shape": one.shape, "fill": one.fill, "size": one.size_px} for one in CLASSES],
        "joints": [
            {
                "point": one.keypoint,
                "step": one.step,
                "text": f"{one.name} {number(one.badness, 1)}"
                if CLASSES[one.step].is_wrong
                else "",
            }
            for one in joints
        ],
    }
