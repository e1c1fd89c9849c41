"""The statistics of the made-up study for which `targets.csv` and `truth.yml` have figures."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vbhc import instruments
from vbhc.synthetic.answers import CARE_ITEMS, CARE_REVERSED, KCCQ

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
    return pd.Series(
        {**_people(table), **_arms(table), **_costs(table), **_scales(table), **_associations(table)}
    )


def _people(table: pd.DataFrame) -> dict[str, float]:
    age = table["age"].astype("float64")
    return {
        "n_usual": (table["arm"] == "usual care").sum(),
        "n_person_centred": (table["arm"] == "person-centred").sum(),
        "n_wards": table["ward"].nunique(),
        "age_mean": age.mean(),
        "age_sd": age.std(),
        "share_male": (table["sex"] == "male").mean(),
        "share_nyha_iv": (table["nyha"] == "IV").mean(),
        "share_dead_3m": (table["dead_3m"] == "yes").mean(),
        "share_without_follow_up": table["kccq_os_3m"].isna().mean(),
        "share_without_perception": table["perceived_care"].isna().mean(),
    }


def _arms(table: pd.DataFrame) -> dict[str, float]:
    """Person-centred minus usual care: everyone, and only those in whom it was delivered as intended."""
    usual = table[table["arm"] == "usual care"]
    centred = table[table["arm"] == "person-centred"]
    delivered = centred[centred["delivered_as_intended"] == "yes"]

    def difference(column: str, group: pd.DataFrame) -> float:
        return group[column].mean() - usual[column].mean()

    return {
        "share_delivered": len(delivered) / max(len(centred), 1),
        "los_usual": usual["los_days"].mean(),
        "los_person_centred": centred["los_days"].mean(),
        "los_difference": difference("los_days", centred),
        "los_difference_per_protocol": difference("los_days", delivered),
        "los_sd": table["los_days"].std(),
        "cost_difference": difference(COST, centred),
        "cost_difference_per_protocol": difference(COST, delivered),
        "perception_difference_sd": difference("perceived_care", centred) / table["perceived_care"].std(),
        "kccq_change_difference": difference("kccq_os_change", centred),
    }


def _costs(table: pd.DataFrame) -> dict[str, float]:
    cost, days = table[COST].astype("float64"), table["los_days"].astype("float64")
    return {
        "cost_mean": cost.mean(),
        "cost_cv": cost.std() / cost.mean(),
        "cost_log_sd": np.log(cost).std(),
        "cost_quintile_ratio": _quintile_ratio(cost),
        "los_quintile_ratio": _quintile_ratio(days),
        "cost_log_variance_from_los": np.log(cost).corr(np.log(days)) ** 2,
    }


def _quintile_ratio(values: pd.Series) -> float:
    """Mean of the top fifth over the mean of the bottom fifth."""
    ordered = np.sort(values.dropna().to_numpy())
    fifth = max(len(ordered) // 5, 1)
    return float(ordered[-fifth:].mean() / ordered[:fifth].mean())


def _scales(table: pd.DataFrame) -> dict[str, float]:
    care = table[CARE].astype("float64")
    reversed_items = [f"care_{item}" for item in CARE_REVERSED]
    care[reversed_items] = 6 - care[reversed_items]
    return {
        "kccq_baseline_mean": table["kccq_os_baseline"].mean(),
        "kccq_baseline_sd": table["kccq_os_baseline"].std(),
        "kccq_3m_mean": table["kccq_os_3m"].mean(),
        "kccq_3m_sd": table["kccq_os_3m"].std(),
        "kccq_change_mean": table["kccq_os_change"].mean(),
        "kccq_alpha": _alpha(table[SUMMARY_ITEMS].astype("float64").clip(upper=5)),
        "eq5d_baseline_mean": table["eq5d_index_baseline"].mean(),
        "perception_mean": table["perceived_care"].mean(),
        "perception_skew": table["perceived_care"].skew(),
        "perception_alpha": _alpha(care),
    }


def _alpha(items: pd.DataFrame) -> float:
    """Cronbach's alpha of the items as they are, rows with a gap left out."""
    covariance, k = items.dropna().cov().to_numpy(), items.shape[1]
    return float(k / (k - 1) * (1 - np.trace(covariance) / covariance.sum()))


def _associations(table: pd.DataFrame) -> dict[str, float]:
    perception, cost = table["perceived_care"], table[COST].astype("float64")
    change, later = table["kccq_os_change"], table["kccq_os_3m"]
    nyha = table["nyha"].map({"II": 2.0, "III": 3.0, "IV": 4.0}).astype("float64")
    pairs = {
        "perception_kccq_baseline": (perception, table["kccq_os_baseline"]),
        "perception_kccq_3m": (perception, later),
        "perception_kccq_change": (perception, change),
        "perception_eq5d_3m": (perception, table["eq5d_index_3m"]),
        "perception_eq_vas_3m": (perception, table["eq_vas_3m"]),
        "perception_log_cost": (perception, np.log(cost)),
        "perception_vq_gain": (perception, change / cost),
        "perception_vq_follow_up": (perception, later / cost),
        "kccq_baseline_kccq_3m": (table["kccq_os_baseline"], later),
        "kccq_3m_log_cost": (later, np.log(cost)),
        "kccq_eq5d_baseline": (table["kccq_os_baseline"], table["eq5d_index_baseline"]),
        "kccq_eq5d_3m": (later, table["eq5d_index_3m"]),
        "kccq_nyha_baseline": (table["kccq_os_baseline"], nyha),
        "vq_follow_up_inverse_cost": (later / cost, 1 / cost),
    }
    found = {}
    for name, (one, other) in pairs.items():
        found[f"pearson_{name}"] = one.corr(other)
        if name.startswith("perception"):
            found[f"spearman_{name}"] = one.corr(other, method="spearman")
    found["kccq_eq5d_r2_baseline"] = found["pearson_kccq_eq5d_baseline"] ** 2
    return found
