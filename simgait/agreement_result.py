"""What `simgait.evaluate` returns: tables of statistics, verdicts, and a report to write."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from pathlib import Path

import pandas as pd

from simgait.compare.analysis import AnalysedReport, analyse_agreement
from simgait.compare.two_tables import ComparedTables, agreement_of_tables
from simgait.report.agreement.files import PAGE, measure_record, write_agreement_report
from simgait.report.agreement.folder import refuse_other_results
from simgait.report.agreement.wording import overview, verdict
from simgait.report.browser_pdf import check_browser, print_beside


@dataclass(frozen=True, repr=False)
class AgreementResult:
    """How well estimates agree with a truth.

    Attributes:
        compared: the matched tables.
    """

    compared: ComparedTables

    @cached_property
    def analysed(self) -> AnalysedReport:
        """Every statistic, with the pairs behind it."""
        return analyse_agreement(agreement_of_tables(self.compared))

    @property
    def measures(self) -> pd.DataFrame:
        """Every statistic in full precision, one row per measure, errors are estimate - truth.

        In the unit of the measure, which is in its name: bias, lower_limit and upper_limit (95 %
        limits of agreement), sd, rmse, robust_sigma, sem, mdc95. Without unit: slope (of the
        estimate over the truth: the share of a change that it reads), proportional_bias (slope of
        the error over the truth, `slope` less one), r, ccc, icc_a1, icc_c1. `_low` and `_high` are
        95 % intervals; `problem` says why a measure could not be analysed.
        """
        rows = [measure_record(measure) for measure in self.analysed.measures]
        return pd.DataFrame(rows).set_index("measure")

    @property
    def verdicts(self) -> dict[str, str]:
        """Measure -> its verdict in words."""
        return {m.pairs.name: verdict(m).text for m in self.analysed.measures}

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader must know: what makes the numbers doubtful, and what was not compared."""
        matched = self.compared.matched
        left_out = (f"Not compared: {text}." for text in matched.not_compared)
        return (*matched.warnings, *matched.notes, *left_out)

    def report(self, folder: str | PathLike[str], *, pdf: bool | None = None) -> Path:
        """Writes page, tables and provenance, and prints the page, as `simgait evaluate` does.

        Args:
            folder: made if it does not exist; an older report of two tables in it is replaced.
            pdf: whether agreement.pdf is printed too; None = where a browser is found.

        Returns:
            Path of agreement.html.

        Raises:
            InputError: the folder cannot be written to, holds something else, no measure can be
                analysed, or a PDF is wanted and nothing can print it.
        """
        out = Path(folder)
        check_browser(pdf)
        refuse_other_results(out, "tables", self.compared.table_folders)
        write_agreement_report(out, agreement_of_tables(self.compared, out))
        print_beside(out / PAGE, wanted=pdf)
        return out / PAGE

    def __repr__(self) -> str:
        """How many walks of how many people, and how they agree."""
        return f"<AgreementResult {overview(self.analysed)}>"
