"""The statistics of the made-up study for which `targets.csv` and `truth.yml` have figures."""

import numpy as np
import pandas as pd

from vbhc import instruments
from vbhc.synthetic.answers import CARE_ITEMS, CARE_REVERSED, KCCQ
from vbhc.synthetic.transcripts import entries

COST = "cost_eur_2011"
CARE = [f"care_{item}" for item in range(1, CARE_ITEMS + 1)]
SUMMARY_ITEMS = [f"kccq_{item}_baseline" for item in KCCQ if item not in ("2", "10", "11")]


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
    table["perceived_care"] = _perceived_care(table)
    for visit, answers in drawn["answers"].groupby("visit", sort=False):
        answers = answers.set_index("patient_id").drop(columns="visit")
        scores = [_scores(answers), answers]
        table = table.join(pd.concat(scores, axis=1).add_suffix(f"_{visit}"))
    table["kccq_os_change"] = table["kccq_os_3m"] - table["kccq_os_baseline"]
    lines = drawn["resources"]
    spent = lines["quantity"] * lines["resource"].map(unit_costs)
    table[COST] = spent.groupby(lines["patient_id"]).sum()
    return table.reset_index()


def _perceived_care(table: pd.DataFrame) -> pd.Series:
    items = table[CARE].astype("float64")
    options = {"scale": "perceived_care", "reverse": list(CARE_REVERSED), "min_answered": 8}
    return instruments.score("likert", items, **options)["perceived_care"]


def _scores(answers: pd.DataFrame) -> pd.DataFrame:
    kccq = answers[[f"kccq_{item}" for item in KCCQ]].set_axis(list(KCCQ), axis=1)
    eq5d = answers.filter(regex="^eq5d_").rename(columns=lambda name: name.removeprefix("eq5d_"))
    return pd.concat(
        [
            instruments.score("kccq23", kccq)[["kccq_os"]],
            instruments.score("eq5d-3l", eq5d, value_set="3l-tto-uk")[["eq5d_index"]],
            answers["vas"].rename("eq_vas"),
        ],
        axis=1,
    )


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
    by_hand = {**_arms(table), **_costs(table), **_agreement(table)}
    found: dict[str, float] = {}
    for row in entries("heart_failure_statistics"):
        name = row["statistic"]
        found[name] = _one(wide, row) if row["how"] else by_hand[name]
    return pd.Series(found)


def _with_derived(table: pd.DataFrame) -> pd.DataFrame:
    """Add the columns that `heart_failure_statistics.csv` names and the study does not have."""
    cost = table[COST].astype("float64")
    return table.assign(
        age=table["age"].astype("float64"),
        male=table["sex"] == "male",
        nyha_iv=table["nyha"] == "IV",
        nyha_grade=table["nyha"].map({"II": 2.0, "III": 3.0, "IV": 4.0}).astype("float64"),
        dead=table["dead_3m"] == "yes",
        without_follow_up=table["kccq_os_3m"].isna(),
        without_perception=table["perceived_care"].isna(),
        cost=cost,
        log_cost=np.log(cost),
        inverse_cost=1 / cost,
        vq_gain=table["kccq_os_change"] / cost,
        vq_follow_up=table["kccq_os_3m"] / cost,
    )


def _one(table: pd.DataFrame, row: dict[str, str]) -> float:
    """A statistic of one column, or the correlation of two."""
    column = table[row["column"]]
    if row["other"]:
        return column.corr(table[row["other"]], method=row["how"])
    return getattr(column, row["how"])()


def _arms(table: pd.DataFrame) -> dict[str, float]:
    """Person-centred minus usual care: everyone, and only those in whom it was delivered as intended."""
    usual = table[table["arm"] == "usual care"]
    centred = table[table["arm"] == "person-centred"]
    delivered = centred[centred["delivered_as_intended"] == "yes"]

    def difference(column: str, group: pd.DataFrame) -> float:
        return group[column].mean() - usual[column].mean()

    return {
        "n_usual": len(usual),
        "n_person_centred": len(centred),
        "share_delivered": len(delivered) / max(len(centred), 1),
        "los_usual": usual["los_days"].mean(),
        "los_person_centred": centred["los_days"].mean(),
        "los_difference": difference("los_days", centred),
        "los_difference_per_protocol": difference("los_days", delivered),
        "cost_difference": difference(COST, centred),
        "cost_difference_per_protocol": difference(COST, delivered),
        "perception_difference_sd": difference("perceived_care", centred) / table["perceived_care"].std(),
        "kccq_change_difference": difference("kccq_os_change", centred),
    }


def _costs(table: pd.DataFrame) -> dict[str, float]:
    cost, days = table[COST].astype("float64"), table["los_days"].astype("float64")
    return {
        "cost_cv": cost.std() / cost.mean(),
        "cost_quintile_ratio": _quintile_ratio(cost),
        "los_quintile_ratio": _quintile_ratio(days),
        "cost_log_variance_from_los": np.log(cost).corr(np.log(days)) ** 2,
    }


def _quintile_ratio(values: pd.Series) -> float:
    """Mean of the top fifth over the mean of the bottom fifth."""
    ordered = np.sort(values.dropna().to_numpy())
    fifth = max(len(ordered) // 5, 1)
    return float(ordered[-fifth:].mean() / ordered[:fifth].mean())


def _agreement(table: pd.DataFrame) -> dict[str, float]:
    """How far the items of a scale, and the two scales at admission, say the same."""
    care = table[CARE].astype("float64")
    reversed_items = [f"care_{item}" for item in CARE_REVERSED]
    care[reversed_items] = 6 - care[reversed_items]
    return {
        "kccq_alpha": _alpha(table[SUMMARY_ITEMS].astype("float64").clip(upper=5)),
        "perception_alpha": _alpha(care),
        "kccq_eq5d_r2_baseline": table["kccq_os_baseline"].corr(table["eq5d_index_baseline"]) ** 2,
    }


def _alpha(items: pd.DataFrame) -> float:
    """Cronbach's alpha of the items as they are, rows with a gap left out."""
    covariance, k = items.dropna().cov().to_numpy(), items.shape[1]
    return float(k / (k - 1) * (1 - np.trace(covariance) / covariance.sum()))
