"""Marker names across labs: one canonical (Plug-in Gait) name for each landmark."""

from __future__ import annotations

import re
from collections.abc import Iterable

from simgait.recordings.detectors.point_names import LONGEST_NAME

# Canonical name without side -> spellings without side, after `plain_name`. First wins.
_SIDED: dict[str, tuple[str, ...]] = {
    "ASI": ("ASI", "ASIS", "FWT", "IAS"),
    "PSI": ("PSI", "PSIS", "BWT", "IPS"),
    "KNE": ("KNE", "KNEE", "LEK", "LFE", "LFC", "KNEL", "KNEELAT", "LATKNEE", "KNEELATERAL",
            "LKNE", "FLE", "LATERALKNEE", "KNEE1", "LE"),
    "KNM": ("KNM", "KNEM", "MEK", "MFE", "MFC", "KNEEMED", "MEDKNEE", "KNEEMEDIAL", "MKNE",
            "MKNEE", "FME", "MEDIALKNEE", "KNEEM", "ME"),
    "ANK": ("ANK", "ANKLE", "LM", "LMA", "LMAL", "LMALL", "ANKL", "ANKLELAT", "LATANK",
            "ANKLELATERAL", "LANK", "FAL", "LATERALANKLE", "MALL"),
    "ANM": ("ANM", "ANKM", "MM", "MMA", "MMAL", "MMALL", "ANKLEMED", "MEDANK", "ANKLEMEDIAL",
            "MANK", "MAK", "TAM", "MEDIALANKLE", "MANKLE"),
    "HEE": ("HEE", "HEEL", "CAL", "CALC", "HEL", "FCC", "CALCANEUS", "CA"),
    "TOE": ("TOE", "MT2", "TO", "MTH2", "D2M", "FM2", "MET2", "M2", "TOES", "SM", "TOETIP", "MET"),
    "MT5": ("MT5", "D5M", "VMH", "FM5", "MTH5", "MET5", "5META", "VM"),
    "MT1": ("MT1", "FMH", "FM1", "MTH1", "MET1", "P1MT", "FM"),
    "THI": ("THI", "THIGH", "LTHI"),
    "TIB": ("TIB", "SHANK", "SHA", "LSHA", "TIBIA"),
    "SHO": ("SHO", "SHOULDER", "ACR", "ACROMION", "ACROM", "SAE", "SHOULD"),
    "ELB": ("ELB", "ELBOW", "LEL", "HLE", "LELBOW"),
    "WRI": ("WRI", "WRIST"),
    "WRA": ("WRA", "WRAM", "RSP"),
    "WRB": ("WRB", "USP"),
    "FIN": ("FIN", "HAND", "MC3", "HMC3"),
    "FHD": ("FHD", "FHEAD"),
    "BHD": ("BHD", "BHEAD"),
}  # fmt: skip
_MIDLINE: dict[str, tuple[str, ...]] = {
    "SACR": ("SACR", "SAC", "SACRUM", "VSAC", "VSACRAL", "MPSIS", "SACRAL"),
    "C7": ("C7", "CV7", "C7TH"),
    "T10": ("T10", "TV10", "T8", "TV8"),
    "CLAV": ("CLAV", "JN", "SJN", "IJ", "STERNALNOTCH", "CLAVICLE", "SUPRASTERNAL"),
    "STRN": ("STRN", "XIPH", "XIP", "SXS", "PX", "STERN", "STERNUM", "XIPHOID"),
    "THEA": ("THEA", "TOPHEAD", "HEADTOP", "TOPH", "THEAD"),
    "FHEA": ("FHEA", "FRONTHEAD", "HEADFRONT"),
    "RHEA": ("RHEA", "REARHEAD", "HEADREAR"),
}  # fmt: skip


_SUFFIX = re.compile(r"_study$", re.IGNORECASE)


def strip_prefix(label: str) -> str:
    """The label without a subject's prefix: "A22:LASI" -> "LASI"."""
    return label.rsplit(":", 1)[-1].strip()


def without_suffix(label: str) -> str:
    """The label without what OpenCap adds to the markers that it predicts: "r.ASIS_study"."""
    return _SUFFIX.sub("", label)


def plain_name(label: str) -> str:
    """Upper case, letters and digits only, no prefix; a side spelled out or behind is L or R first.

    "L_IAS", "Left IAS" and "IAS_L" are "LIAS".
    """
    text = without_suffix(strip_prefix(label)).upper()[:LONGEST_NAME]
    behind = re.fullmatch(r"(.*[A-Z0-9])[^A-Z0-9]+([LR])", text)
    if behind:
        text = behind[2] + behind[1]
    name = re.sub(r"[^A-Z0-9]", "", text)
    for word, letter in (("LEFT", "L"), ("RIGHT", "R")):
        if name.startswith(word):
            return letter + name[len(word) :]
        if name.endswith(word):
            return letter + name[: -len(word)]
    return name


def find_markers(labels: Iterable[str]) -> dict[str, str]:
    """Canonical marker name -> the file's label, for each landmark that the labels hold.

    Where several labels mean one landmark, the earlier spelling in the table wins, then the
    earlier label; but OpenCap's markers come before its joint centres of the same name. A label
    that fits no landmark is left out.
    """
    by_plain: dict[str, str] = {}
    for label in sorted(labels, key=lambda label: without_suffix(label) == label):
        by_plain.setdefault(plain_name(label), label)
    found: dict[str, str] = {}
    for side in "LR":
        for canonical, spellings in _SIDED.items():
            for spelling in spellings:
                if side + spelling in by_plain:
                    found[side + canonical] = by_plain[side + spelling]
                    break
    for canonical, spellings in _MIDLINE.items():
        for spelling in spellings:
            if spelling in by_plain:
                found[canonical] = by_plain[spelling]
                break
    return found
