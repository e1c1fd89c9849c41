"""Other questions on experience, such as shared decisions, beside the study's perception."""

from __future__ import annotations

import pandas as pd

from vbhc import instruments
from vbhc.chapters.perception.frames import names, with_deaths
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.results import Result, Table
from vbhc.statistics.correlation.rank import spearman
from vbhc.study import Study

PREMS = ("collaborate", "fft", "ppe15")


def other_questions(
    study: Study, patients: pd.DataFrame, vq: Definition, ci_level: float = 0.95
) -> pd.DataFrame:
    """Return the tie of every other measure of experience with the quota, deaths counted at the worst score.

    Returns
    -------
    DataFrame
        `measure, estimate, low, high, n`, turned so that more is better; no row where none was asked.
    """
    frame = with_deaths(patients, vq)
    rows = []
    for label, answers in _asked(study, patients).items():
        row = spearman(answers, frame["VQ"], ci_level).iloc[0]
        rows.append({"measure": label, **row[["estimate", "low", "high", "n"]]})
    table = pd.DataFrame(rows, columns=["measure", "estimate", "low", "high", "n"])
    return table.dropna(subset="estimate").reset_index(drop=True)


def _asked(study: Study, patients: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the first scale of each such instrument, at the last visit at which it was asked."""
    found, own = {}, study.config.perception.column
    for use in study.config.instruments.values():
        if use.instrument not in PREMS:
            continue
        scale = instruments.scales(use.instrument, **use.scored_with)[0]
        columns = [use.column(scale.column, visit) for visit in (*study.config.visits, "")]
        columns = [name for name in columns if name in patients and not name.startswith(own)]
        if columns:
            turn = -1 if scale.direction == "lower is better" else 1
            found[scale.label] = turn * patients[columns[-1]].astype(float)
    return found


def other_questions_shown(vq: Definition, table: pd.DataFrame) -> Result | None:
    """Show the ties of other questions with the quota; nothing where none was asked."""
    if table.empty:
        return None
    caption = f"What else patients were asked of their care, with {names(vq)['VQ']}: rank correlations"
    return Result("shared-decisions", table=Table(table, caption))
