"""The page of a training: what of it is done, how long the rest takes, a picture per number."""

from __future__ import annotations

from collections.abc import Mapping

from simgait.report.training.run_page import RunPage, run_page

ROWS = (
    {"steps": "1000", "wall_s": "50", "reward": "0.1", "validation_score": "30.5", "extra": "1"},
    {"steps": "2000", "wall_s": "60", "reward": "0.2", "validation_score": "", "extra": "2"},
    {"steps": "4000", "wall_s": "80", "reward": "0.3", "validation_score": "12.25", "extra": "3"},
    {"steps": "5000", "wall_s": "90", "reward": "nan", "validation_score": "13", "extra": "4"},
)


def page(*rows: Mapping[str, str], total: int = 15_000, refresh: int | None = 30) -> str:
    return run_page(RunPage("mine", "facts", rows, total, "today", refresh))


def test_the_time_left_is_that_of_the_steps_that_are_left() -> None:
    """The first row's seconds, in which all is compiled, are no measure: 4000 steps in 40 s."""
    text = page(*ROWS)
    assert "5,000 of 15,000 steps (33 %), 2 min so far" in text
    assert "about 2 min left at 100 steps/s." in text
    assert 'content="30"' in text
    over = page(*ROWS, total=5000, refresh=None)
    assert "5,000 of 5,000 steps (100 %), 2 min so far." in over
    assert 'http-equiv="refresh"' not in over


def test_the_best_policy_is_the_lowest_score() -> None:
    assert "score 12.250 after 4,000 steps" in page(*ROWS)
    assert "No validation yet." in page({"steps": "10", "wall_s": "1", "reward": "0"})


def test_every_number_of_the_log_has_its_picture_and_no_other() -> None:
    text = page(*ROWS)
    assert text.count("<svg") == 3
    for title in ("Validation score", "Reward of a step", "extra"):
        assert f"{title} over environment steps" in text
    assert "Reward of a step over environment steps, at last 0.3" in text, "nan is no value"
    assert text.index("Validation score over") < text.index("Reward of a step over")


def test_validations_are_a_table_of_the_best_and_the_last() -> None:
    rows = [
        {"steps": f"{1000 * i}", "wall_s": f"{i}", "validation_score": f"{9.5 + (i != 2)}",
         "validation_fall_fraction": ".5" if i == 2 else "0"}
        for i in range(1, 21)
    ]  # fmt: skip
    table = page(*rows, total=20_000).split("<h2>Validations</h2>")[1].split("</table>")[0]
    assert "7 more are in progress.csv" in table
    assert [f">{cell}<" in table for cell in ("20,000", "9,000", "8,000", "3,000")] == [
        True, True, False, False,
    ]  # fmt: skip
    assert table.count("<strong>") == 3 and "<strong>2,000</strong>" in table
    assert 'data-label="Share that fell"' in table and 'data-label="Score"' in table
    assert "<h2>Validations</h2>" not in page({"steps": "10", "wall_s": "1", "reward": "0"})


def test_a_training_without_a_row_has_a_page() -> None:
    assert "0 of 15,000 steps." in page()
    assert "1,000 of 15,000 steps (7 %), 50 s so far." in page(ROWS[0])
