"""The statistics of the made-up study for which `targets.csv` and `truth.yml` have figures."""

import numpy as np
import pandas as pd
import pingouin

from vbhc import instruments
from vbhc.synthetic.answers import CARE, KCCQ
from vbhc.synthetic.tables import entries

COST = "cost_eur_2011"
REVERSED = [f"care_{item}" for item in CARE["reversed"]]


def analysis_table(drawn: dict[str, pd.DataFrame], unit_costs: pd.Series) -> pd.DataFrame:
    """Return one row per patient with items, scores and cost, named as cleaning names them.

    Parameters
    ----------
    drawn : dict of DataFrame
        From `heart_failure.draw`: patients, answers, resources without blemish.
    unit_costs : Series
        EUR per unit, by resource.
    """
    table = drawn["patients"].set_index("patient_id").copy()
    care = table.filter(regex="^care_").astype("float64")
    options = {"scale": "perceived_care", "reverse": CARE["reversed"], "min_answered": 8}
    table["perceived_care"] = instruments.score("likert", care, **options)["perceived_care"]
    for visit, answers in drawn["answers"].groupby("visit", sort=False):
        answers = answers.set_index("patient_id").drop(columns="visit")
        scores = [_scores(answers), answers]
        table = table.join(pd.concat(scores, axis=1).add_suffix(f"_{visit}"))
    table["kccq_os_change"] = table["kccq_os_3m"] - table["kccq_os_baseline"]
    lines = drawn["resources"]
    spent = lines["quantity"] * lines["resource"].map(unit_costs)
    table[COST] = spent.groupby(lines["patient_id"]).sum()
    return table.reset_index()


def _scores(answers: pd.DataFrame) -> pd.DataFrame:
    kccq = answers[[f"kccq_{item}" for item in KCCQ]].set_axis(list(KCCQ), axis=1)
    eq5d = answers.filter(regex="^eq5d_").rename(columns=lambda name: name.removeprefix("eq5d_"))
    health = instruments.score("kccq23", kccq)["kccq_os"]
    index = instruments.score("eq5d-3l", eq5d, value_set="3l-tto-uk")["eq5d_index"]
    return pd.concat([health, index, answers["vas"].rename("eq_vas")], axis=1)


def statistics(table: pd.DataFrame) -> pd.Series:
    """Return every statistic that a target or the planted truth names.

    Parameters
    ----------
    table : DataFrame
        One row per patient, from `analysis_table` or from the cleaning of the shipped files.

    Returns
    -------
    Series
        By statistic. Pairs with a missing value are left out pair by pair, as a notebook does.
    """
    wide = _with_derived(table)
    rows = entries("heart_failure_statistics")
    return pd.Series({row["statistic"]: float(_one(wide, **row)) for row in rows})


def _with_derived(table: pd.DataFrame) -> pd.DataFrame:
    """Add the columns that `heart_failure_statistics.csv` names and the study does not have."""
    cost, days = table[COST].astype("float64"), table["los_days"].astype("float64")
    turned = {name: 6 - table[name].astype("float64") for name in REVERSED}
    return table.assign(
        age=table["age"].astype("float64"),
        male=table["sex"] == "male",
        nyha_iv=table["nyha"] == "IV",
        nyha_grade=table["nyha"].map({"II": 2.0, "III": 3.0, "IV": 4.0}).astype("float64"),
        usual=table["arm"] == "usual care",
        centred=table["arm"] == "person-centred",
        delivered=table["delivered_as_intended"] == "yes",
        dead=table["dead_3m"] == "yes",
        without_follow_up=table["kccq_os_3m"].isna(),
        without_perception=table["perceived_care"].isna(),
        perception_sd=table["perceived_care"] / table["perceived_care"].std(),
        los_days=days,
        log_los=np.log(days),
        cost=cost,
        log_cost=np.log(cost),
        relative_cost=cost / cost.mean(),
        inverse_cost=1 / cost,
        vq_gain=table["kccq_os_change"] / cost,
        vq_follow_up=table["kccq_os_3m"] / cost,
        **turned,
    )


def _one(table: pd.DataFrame, statistic: str, how: str, column: str, other: str, among: str) -> float:
    """A statistic of one column, the correlation of two, or the difference between a group and usual care."""
    if how == "alpha":  # a summary score clips its items at 5: code 6 says "does not apply"
        items = table.filter(regex=column).astype("float64").clip(upper=5)
        return pingouin.cronbach_alpha(items, nan_policy="listwise")[0]
    values = (table[table[among]] if among else table)[column]
    if how == "difference":
        return values.mean() - table.loc[table["usual"], column].mean()
    if how == "quintile ratio":  # mean of the top fifth over that of the bottom fifth
        ordered = np.sort(values.dropna())
        fifth = max(len(ordered) // 5, 1)
        return ordered[-fifth:].mean() / ordered[:fifth].mean()
    if how == "r2":
        return values.corr(table[other]) ** 2
    return values.corr(table[other], method=how) if other else getattr(values, how)()
