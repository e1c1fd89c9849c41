"""Our correlations beside those of pingouin, and why the two part where they do."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from vbhc.chapters.perception.frames import names
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.results import Result, Table
from vbhc.statistics import by_pingouin
from vbhc.statistics.correlation.partial import partial_spearman, repeated_measures
from vbhc.statistics.correlation.rank import spearman
from vbhc.wording import number

SHOWN = 2  # decimals, in the table and in pingouin's intervals
FEWEST = 5  # with fewer pingouin warns that it cannot tell the power
MOST = 500  # patients in a model with a column for each
ENDS = ["low", "high"]
COLUMNS = ["question", "estimate", *ENDS, *(f"pingouin_{name}" for name in ["estimate", *ENDS]), "n"]


def beside_pingouin(
    perception: pd.Series,
    vq: pd.Series,
    covariates: pd.DataFrame,
    visits: pd.DataFrame,
    cluster: pd.Series | None = None,
) -> pd.DataFrame:
    """Return perception with VQ, plain and adjusted, and with the outcome within patients, computed twice.

    Parameters
    ----------
    covariates : DataFrame
        Held equal; on the index of `perception` and `vq`, as is `cluster`. The patients are those of
        `adjusted_side_by_side`: who lacks a covariate or a cluster is in neither row.
    visits : DataFrame
        From `perception_over_visits`; empty where perception was asked once.

    Returns
    -------
    DataFrame
        `question, estimate, low, high` (ours), the same of pingouin with `pingouin_` in front, and `n`
        (answers of patients at visits for the last). Intervals are 95%, the only ones that pingouin gives
        here. A question to which there is no answer is left out, and within patients also above `MOST`.
    """
    seen = perception.where(covariates.notna().all(axis=1) & (True if cluster is None else cluster.notna()))
    moves = [visits[name] for name in ("perception", "outcome", "patient")]
    rows = [
        _twice("VQ", spearman(seen, vq), lambda: by_pingouin.corr(seen, vq)),
        _twice(
            "VQ, covariates held equal",
            partial_spearman(seen, vq, covariates),
            lambda: by_pingouin.partial_corr(seen, vq, covariates),
        ),
    ]
    if visits["patient"].nunique() <= MOST:
        ours = repeated_measures(*moves)
        rows.append(_twice("outcome, within patients", ours, lambda: by_pingouin.rm_corr(*moves)))
    return pd.DataFrame([row for row in rows if row], columns=COLUMNS)


def _twice(question: str, ours: pd.DataFrame, ask: Callable[[], pd.DataFrame]) -> dict:
    """Return one row, or nothing where there is no correlation to compare."""
    row = ours.iloc[0]
    if row["reason"] or row["n"] < FEWEST:
        return {}
    theirs = ask().add_prefix("pingouin_").iloc[0]
    return {"question": question, **row[["estimate", *ENDS, "n"]], **theirs}


def beside_note(table: pd.DataFrame) -> str:
    """Return whether the two agree as shown, and what makes the intervals part where they do."""
    if table.empty:
        return "There is no correlation to compare with pingouin's."
    shown = table.drop(columns="question").astype(float).round(SHOWN)
    apart = (shown["estimate"] - shown["pingouin_estimate"]).abs().max()
    ends = max((shown[end] - shown[f"pingouin_{end}"]).abs().max() for end in ENDS)
    same = "gives the same coefficients"
    if apart > 0:
        same = f"gives coefficients that part from ours by up to {number(apart)}"
    if ends == 0:
        return f"pingouin {same} and, to {SHOWN} decimals, the same intervals."
    return (
        f"pingouin {same}; its intervals end up to {number(ends)} away from ours, because it takes the "
        "variance of Fisher's z as for measurements, while ours allows for ranks (Bonett and Wright 2000)."
    )


def beside_pingouin_shown(vq: Definition, table: pd.DataFrame) -> Result | None:
    """Show both; nothing where there is no correlation to compare."""
    if table.empty:
        return None
    labels = {"estimate": "Ours", "pingouin_low": "From ", "pingouin_high": "To "}
    table = table.assign(question=table["question"].str.replace("VQ", names(vq)["VQ"]))
    caption, notes = "The same correlations by pingouin, with 95% intervals", [beside_note(table)]
    return Result("beside-pingouin", table=Table(table, caption, labels=labels, notes=notes))
