"""What a scrubbed C3D file keeps: parameters by an allow-list, and which texts may stand in them.

The list holds what programs need to read points, analog channels, force plates and events, and the
body measures that simgait reads. Whatever is not on it is not in the scrubbed file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from simgait.errors import InputError
from simgait.recordings.axes import known_unit
from simgait.recordings.formats.c3d_tables import foot_event
from simgait.recordings.markers.names import strip_prefix
from simgait.recordings.markers.people import has_prefix, people_prefixes, without_prefix

_MEASURES = (
    "HEIGHT INTERASISDISTANCE LLEGLENGTH RLEGLENGTH LKNEEWIDTH RKNEEWIDTH LANKLEWIDTH RANKLEWIDTH "
    "MARKERDIAMETER BODYMASS MASS WEIGHT"
)
_NUMBERS = {
    "POINT": "USED FRAMES LONG_FRAMES DATA_START SCALE RATE",
    "ANALOG": "USED GEN_SCALE RATE GAIN SCALE OFFSET BITS",
    "FORCE_PLATFORM": "USED TYPE ZERO CORNERS ORIGIN CHANNEL CAL_MATRIX",
    "EVENT": "USED TIMES ICON_IDS GENERIC_FLAGS",
    "EVENT_CONTEXT": "USED ICON_IDS COLOURS",
    "TRIAL": "ACTUAL_START_FIELD ACTUAL_END_FIELD CAMERA_RATE X_DIRECTION Y_DIRECTION Z_DIRECTION",
    "PROCESSING": _MEASURES,
    "SUBJECTS": f"USED IS_STATIC {_MEASURES}",
    "SUBJECT": _MEASURES,
}
NUMBERS = {group: frozenset(names.split()) for group, names in _NUMBERS.items()}
"""Group -> its parameters whose numbers are kept; SCALE2 is one with SCALE."""
MEASURES = frozenset(_MEASURES.split())
"""Parameters that simgait reads a person's height, mass and widths from (`read_measures`)."""
LISTS = ("ANGLES", "FORCES", "MOMENTS", "POWERS", "SCALARS", "REACTIONS", "MODELED_MARKERS")
"""Parameters of POINT that list labels of points by what they are."""
_UNITS = frozenset({
    "%", "cm", "deg", "deg/s", "degrees", "dm", "g", "hz", "in", "kg", "kn", "kpa", "kw", "m",
    "m/s", "m/s2", "m/s^2", "mm", "mm/s", "ms", "mv", "n", "n.m", "n.mm", "n/kg", "nm", "nm/kg",
    "nmm", "nmm/kg", "pa", "rad", "rad/s", "s", "uv", "v", "w", "w/kg",
})  # fmt: skip
_TYPE_WORDS = frozenset(word for name in LISTS for word in (name, name.removesuffix("S")))
_CONTEXTS = frozenset({"left", "right", "general", "l", "r"})
_EVENTS = frozenset({"event", "general", "foot strike", "foot off"})
_WORDS_ONLY = re.compile(r"[A-Za-z _.-]+")
_MEASURE = re.compile(r"\d{1,4}(\.\d+)?")
VOCABULARY = frozenset({
    *NUMBERS, *(name for names in NUMBERS.values() for name in names), *_TYPE_WORDS,
    "LABELS", "DESCRIPTIONS", "UNITS", "CONTEXTS", "X_SCREEN", "Y_SCREEN", "TYPE_GROUPS", "FORMAT",
    "ANGLE_UNITS", "SIGNED", "UNSIGNED", "LEFT", "RIGHT", "GENERAL", "FOOT STRIKE", "FOOT OFF",
    "FOOT", "STRIKE", "OFF", "EVENT",
})  # fmt: skip
"""Names and words of the format itself, in capitals: they tell of nobody."""

Rule = Callable[[str], str]
"""Text -> what is kept of it, "" for nothing."""


class LabelRule:
    """What is kept of the labels of a file's points: all but what stands for a person before them.

    Of one person nothing is left before a label ("Anna:LASI" is "LASI"); of several, or where only
    some labels have something before them, letters are ("A:LASI"), in the file's order.
    """

    def __init__(self, labels: Sequence[str], where: str) -> None:
        """Finds the prefixes.

        Raises:
            InputError: more of them than letters.
        """
        people = people_prefixes(labels, [True] * len(labels))
        self._people = sorted(filter(None, people), key=len, reverse=True)
        found = dict.fromkeys(self.prefix(label) for label in labels if label)
        self.prefixes = tuple(filter(None, found))
        if len(self.prefixes) > 26:
            raise InputError(
                f"{where}: more than 26 different names stand before the labels of its points "
                "(as in Anna:LASI), which is more than there are letters; export fewer of them."
            )
        is_alone = len(found) == 1
        self._letters = {
            prefix: "" if is_alone else f"{letter}:"
            for prefix, letter in zip(self.prefixes, "ABCDEFGHIJKLMNOPQRSTUVWXYZ", strict=False)
        }

    def prefix(self, label: str) -> str:
        """What stands for a person before a label."""
        if ":" in label:
            return label.rpartition(":")[0].strip()
        return next((one for one in self._people if has_prefix(label, one)), "")

    def __call__(self, label: str) -> str:
        """What is kept of a label."""
        prefix = self.prefix(label)
        if not prefix:
            return strip_prefix(label)
        # A prefix that no point's label has is none of the letters'.
        return self._letters.get(prefix, "") + without_prefix(label, prefix)


def text_rule(group: str, name: str, of_label: LabelRule, labels: frozenset[str]) -> Rule | None:
    """What is kept of the texts of a parameter, None where the whole parameter is taken out.

    Args:
        group: as the format has it.
        name: as the format has it, without a number behind it.
        of_label: of the file's points.
        labels: of the points, as they are kept.
    """
    if group in ("POINT", "ANALOG") and name == "DESCRIPTIONS":
        return lambda text: ""
    if group == "POINT" and name in LISTS:
        return lambda text: kept if (kept := of_label(text)) in labels else ""
    if name in MEASURES and name in NUMBERS.get(group, ()):
        return lambda text: text if _MEASURE.fullmatch(text) else ""
    rules: dict[tuple[str, str], Rule] = {
        ("POINT", "LABELS"): of_label,
        ("POINT", "X_SCREEN"): _axis,
        ("POINT", "Y_SCREEN"): _axis,
        ("POINT", "TYPE_GROUPS"): lambda text: text if text.upper() in _TYPE_WORDS else "",
        ("ANALOG", "LABELS"): strip_prefix,
        ("ANALOG", "UNITS"): _unit,
        ("ANALOG", "FORMAT"): lambda text: text if text.upper() in ("SIGNED", "UNSIGNED") else "",
        ("EVENT", "LABELS"): kept_event,
        ("EVENT", "CONTEXTS"): _context,
        ("EVENT_CONTEXT", "LABELS"): _context,
    }
    if group == "POINT" and name.endswith("UNITS"):
        return _unit
    return rules.get((group, name))


def _unit(text: str) -> str:
    return text if text.lower() in _UNITS or known_unit(text) is not None else ""


def _axis(text: str) -> str:
    return text if re.fullmatch("[+-]?[XYZxyz]", text) else ""


def _context(text: str) -> str:
    is_foot = _WORDS_ONLY.fullmatch(text) and foot_event("", text) is not None
    return text if is_foot or text.lower() in _CONTEXTS else ""


def kept_event(text: str) -> str:
    """A label of an event that says nothing but what a foot did, "" for any other."""
    if text.lower() in _EVENTS:
        return text
    is_foot = foot_event("left", text) is not None or foot_event("", text) is not None
    return text if _WORDS_ONLY.fullmatch(text) and is_foot else ""
