"""A made-up walk, as the pages' own tests have it."""

from __future__ import annotations

from tests.report.trial.conftest import made as made  # noqa: F401 - a fixture
