"""What the costs are made of: the mean cost by component."""

from __future__ import annotations

import numpy as np
import pandas as pd


def component_means(components: pd.DataFrame) -> pd.DataFrame:
    """Return the mean cost per patient of each component.

    Parameters
    ----------
    components : DataFrame
        One column per component, one row per patient. A patient with any component missing is left out.

    Returns
    -------
    DataFrame
        `group` ("all patients"), `component, mean, share` (of the total), `n` patients, `n_users` with a cost
        above zero. Empty where nobody has every component.
    """
    known = components.dropna().astype(float)
    means = known.mean()
    table = pd.DataFrame({"group": "all patients", "component": components.columns.astype(str)})
    table["mean"] = means.to_numpy()
    table["share"] = table["mean"] / means.sum() if means.sum() > 0 else np.nan
    table = table.assign(n=len(known), n_users=(known > 0).sum().to_numpy())
    return table if len(known) else table.iloc[:0]
