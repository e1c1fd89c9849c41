"""How EQ-5D profiles changed, without any value set."""

import pandas as pd

from vbhc import instruments
from vbhc.cleaning.scoring import item_columns
from vbhc.instruments.eq5d_change import pchc
from vbhc.publish.results import Result, Table
from vbhc.study import Study

VERSIONS = {"eq5d-3l": "3L", "eq5d-5l": "5L", "eq5d-y-3l": "Y-3L"}
COLUMNS = ["change", "k", "share", "n", "n_missing"]


def profile_change(study: Study, patients: pd.DataFrame) -> pd.DataFrame:
    """Paretian classification of health change over all EQ-5D dimensions (Devlin 2010, Health Econ 19:886).

    Returns
    -------
    DataFrame
        `change, k, share, n, n_missing`: better on at least one dimension and worse on none, the reverse,
        mixed, or no change, from the first visit to the last; empty where the study has no EQ-5D at both.
    """
    for use in study.config.instruments.values():
        if use.instrument in VERSIONS and not use.once and study.baseline != study.follow_up:
            codes = instruments.get(use.instrument).items
            before, after = (
                patients[item_columns(use, codes, v)].set_axis(list(codes), axis=1)
                for v in (study.baseline, study.follow_up)
            )
            table = pchc(before, after, VERSIONS[use.instrument])
            whole = table[table["scope"] == "profile"].rename(columns={"count": "k"})
            return whole.assign(share=whole["pct"] / 100)[COLUMNS].reset_index(drop=True)
    return pd.DataFrame(columns=COLUMNS)


def show_profile_change(table: pd.DataFrame) -> Result | None:
    """Show the classes of change; nothing where no EQ-5D was asked twice."""
    if table.empty:
        return None
    caption = "How EQ-5D profiles changed, from the first visit to the last"
    labels = {"k": "n", "n": "Of", "n_missing": "Profile missing"}
    rules = {"base": "k", "shares": {}}
    return Result("profile-change", table=Table(table, caption, labels=labels, rules=rules))
