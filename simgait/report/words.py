"""Findings and verdicts in words, for page, summary and shell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

from simgait.findings import Code, Finding
from simgait.plain_text import listed
from simgait.report.recording_words import RECORDING_SENTENCES
from simgait.report.reference_words import REFERENCE_SENTENCES, error_in_words
from simgait.report.sentence_table import Sentences
from simgait.report.walk_words import WALK_SENTENCES

Level = Literal["use_all", "use_some", "use_none"]
"""Which of a walk's numbers may be used."""
TITLES: dict[Level, str] = {
    "use_all": "Use all numbers",
    "use_some": "Use only some numbers",
    "use_none": "Use no number",
}
FAILED, STANDING = "failed", "standing"
NOT_TRACKED = {FAILED: "Failed", STANDING: "Standing trial"}
"""What tables call a recording that has no report."""

SENTENCES: Sentences = {**RECORDING_SENTENCES, **WALK_SENTENCES, **REFERENCE_SENTENCES}
"""Every code's sentence; a new one goes into the table of whoever finds it."""


def sentence(finding: Finding) -> str:
    """One finding in words."""
    template = SENTENCES[finding.code]
    if isinstance(template, str):
        return template.format(**finding.values, where=finding.where)
    return template(finding)


def sentences(findings: Iterable[Finding]) -> tuple[str, ...]:
    """Findings in words, in their order."""
    return tuple(sentence(finding) for finding in findings)


def truth_sentence(findings: Sequence[Finding], level: Level, reference: str = "truth") -> str:
    """What differs from what is known of a trial, in one sentence; empty for nothing.

    Args:
        findings: from `truth_check.truth_findings`.
        level: of the verdict, which does not look at what is known.
        reference: of `gait.recorded.ShownReference`.
    """
    if not findings:
        return ""
    said = [sentence(f).rstrip(".") for f in findings if f.code is Code.TRUTH_SPEED]
    parts = [text[0].lower() + text[1:] for text in said]
    angles = [f for f in findings if f.code is Code.TRUTH_ANGLE]
    if angles:
        named = listed([error_in_words(f) for f in angles])
        limit_deg = angles[0].values["limit_deg"]
        parts.append(f"{named} off on average (limit {limit_deg:g}°)")
    start = "Nothing seen in the walk itself told it, but the" if level == "use_all" else "The"
    known = {"laboratory": "laboratory's measurement", "recording": "recording's own measurement"}
    came = known.get(reference, "truth")
    return f"{start} {came} that came with this trial differs: {'; '.join(parts)}."
