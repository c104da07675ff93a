"""Is anything called usable of points that no person has, or of a walk in which the body fell?"""

from __future__ import annotations

from collections.abc import Sequence

from simgait.benchmark.scorecard_page import BENCH, number, table
from simgait.benchmark.scorecard_rows import Row
from simgait.benchmark.verdicts import Judged

LARGEST_FALLS_PERCENT = 0.5
CENTRED = "root-relative"


def garbage_rows(garbage: Sequence[Judged], sound: Sequence[Judged], n_refused: int) -> list[Row]:
    """The bars: of garbage nothing is usable, and of what is usable hardly a body fell.

    Args:
        garbage: walks as no person walks.
        sound: the walks of the walkers, as every family saw them.
        n_refused: garbage that preparation refused: nothing is said of it.
    """
    centred = [one for one in garbage if one.case.labels["path"] == CENTRED]
    usable = [one for one in (*sound, *garbage) if one.usable]
    n = len(garbage) + n_refused
    share = 100.0 * sum(one.fell for one in usable) / len(usable) if usable else 0.0
    first = 100.0 * sum(one.fell_first for one in usable) / len(usable) if usable else 0.0
    return [
        Row(f"garbage called usable, {BENCH}", sum(one.n_use for one in garbage), "numbers", n,
            0.0),
        Row(f"garbage called rough or single, {BENCH}", sum(one.n_rough for one in garbage),
            "numbers", n),
        Row(f"root-relative garbage called rough or single, {BENCH}",
            sum(one.n_rough for one in centred), "numbers", len(centred)),
        Row(f"falls among usable, {BENCH}", share, "%", len(usable), LARGEST_FALLS_PERCENT),
        Row(f"falls at the first attempt among usable, {BENCH}", first, "%", len(usable)),
    ]  # fmt: skip


def garbage_table(garbage: Sequence[Judged]) -> str:
    """By kind, and whether the points are centred on the body, as a Markdown table."""
    groups: dict[tuple[str, str], list[Judged]] = {}
    for one in garbage:
        groups.setdefault((one.case.labels["kind"], one.case.labels["path"]), []).append(one)
    head = ("garbage", "path", "walks", "numbers to use", "rough or single", "body fell %")
    return table(
        head,
        [
            [*key, str(len(own)), str(sum(one.n_use for one in own)),
             str(sum(one.n_rough for one in own)),
             number(100.0 * sum(one.fell for one in own) / len(own), 2)]
            for key, own in sorted(groups.items())
        ],
    )  # fmt: skip
