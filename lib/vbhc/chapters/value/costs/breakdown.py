"""Which things that were used, and which patients, carry how much of the costs."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vbhc import wording
from vbhc.cleaning.sources import RESOURCE

DEAREST = (0.01, 0.05, 0.1, 0.2, 0.5)
TENTH = 0.1


def costs_by_resource(lines: pd.DataFrame, key: str) -> dict[str, pd.Series]:
    """Return what each patient's use of a resource cost, by resource."""
    sums = lines[lines["cost"].notna()].groupby([RESOURCE, key], observed=True)["cost"].sum()
    return {str(name): own for name, own in sums.groupby(level=0, observed=True)}


def concentration(cost: pd.Series) -> pd.DataFrame:
    """Return which share of patients makes up which share of cost, from the dearest patients down.

    Returns
    -------
    DataFrame
        `patients` (share, dearest first), `n` (rounded up to whole patients), `cost_share`, `gini` (0 = all
        cost the same), `n_all, n_missing`.
    """
    known = np.sort(cost.dropna().to_numpy(dtype=float))[::-1]
    n, whole = len(known), known.sum()
    tops = [int(np.ceil(share * n - 1e-9)) for share in DEAREST]
    carried = [known[:top].sum() / whole if whole > 0 else np.nan for top in tops]
    gini = np.nan
    if whole > 0:
        gini = float(1 + 1 / n - 2 * (known * np.arange(1, n + 1)).sum() / (n * whole))
    table = pd.DataFrame({"patients": DEAREST, "n": tops, "cost_share": carried})
    return table.assign(gini=max(gini, 0.0) if n else gini, n_all=n, n_missing=len(cost) - n)


def concentration_sentence(table: pd.DataFrame) -> str:
    """Return what the dearest tenth of patients carries of the sum."""
    row = table.iloc[(table["patients"] - TENTH).abs().argmin()]
    if not np.isfinite(row["cost_share"]):
        return "No patient has a cost above zero."
    carried = wording.percent(row["cost_share"])
    return (
        f"The dearest {wording.percent(row['patients'])} of patients ({int(row['n']):,} of "
        f"{int(row['n_all']):,}) make up {carried} of all costs (Gini {wording.number(row['gini'])})."
    )
