"""Who is missing at the end: the dead and the silent apart, against those who answered."""

from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from vbhc.chapters.cleaning.fates import ANSWERED, DIED, ORDER, SILENT, fates, outcome_name, outcome_stem
from vbhc.chapters.cleaning.scale_quality import score_columns
from vbhc.cleaning import Cleaned
from vbhc.publish.results import Claim, Result, Table
from vbhc.study import Study

UTILITY = "index points"  # what a utility, "1 = full health", is counted in
LABELS = {SILENT: "those who did not answer", DIED: "those who died"}


def known_before(study: Study, cleaned: Cleaned) -> pd.DataFrame:
    """Return one row per patient: `fate`, and what was known before or without an answer at the end.

    Returns
    -------
    DataFrame
        The first numeric covariate under its own name, `mean_start` (the outcome at the first visit),
        `mean_cost`, as far as the study has them; empty where no score is followed.
    """
    patients, fate = cleaned.patients, fates(study, cleaned.patients)
    if fate is None:
        return pd.DataFrame()
    numeric = [
        name
        for name in study.config.covariates
        if name in patients
        and name in study.dictionary
        and study.dictionary[name].type in ("float", "integer")
    ]
    start = f"{outcome_stem(study, patients)}_{study.baseline}"
    columns = {name: name for name in numeric[:1]}
    columns |= {"mean_start": start} if study.baseline != study.follow_up else {}
    columns |= {"mean_cost": study.cost_column} if study.config.cost else {}
    kept = {name: patients[column].astype(float) for name, column in columns.items() if column in patients}
    return pd.DataFrame({"fate": fate, **kept})


def compare_missing(known: pd.DataFrame) -> pd.DataFrame:
    """Return `who, n` and the means of `known_before`: those who answered, then each way to be missing.

    Missing values are left out, measure by measure.
    """
    if known.empty:
        return pd.DataFrame(columns=["who", "n"])
    groups = known.groupby("fate")
    there = [one for one in ORDER if one in groups.groups]
    means = groups.mean(numeric_only=True).loc[there]
    table = pd.concat([groups.size().loc[there].rename("n"), means], axis=1).dropna(axis=1, how="all")
    return table.rename_axis("who").reset_index()


def show_missing(
    study: Study, cleaned: Cleaned, known: pd.DataFrame, table: pd.DataFrame, ci_level: float = 0.95
) -> Result | None:
    """Show who is missing beside who answered; None where nobody is, or nothing was known before."""
    if len(table) < 2 or table.shape[1] < 3 or ANSWERED not in set(table["who"]):
        return None
    measures = [str(name) for name in table if name not in ("who", "n")]
    groups = [known[known["fate"] == who] for who in table["who"]]
    rules: dict = {"behind": [[int(group[name].notna().sum()) for name in measures] for group in groups]}
    if "mean_cost" in measures:
        rules["contributions"] = {"mean_cost": [group["mean_cost"].dropna() for group in groups]}
    return Result(
        "missing-follow-up",
        says=_lower_or_higher(study, cleaned, known, ci_level),
        table=Table(
            table,
            f"Those who answered and those who did not: means of what was known{_units(study, cleaned)}",
            labels={"who": "Patients who"},
            notes=["The cost of those who died ends with them."] if _dead_cost(table) else [],
            rules=rules,
        ),
    )


def _dead_cost(table: pd.DataFrame) -> bool:
    return "mean_cost" in table and DIED in set(table["who"])


def _units(study: Study, cleaned: Cleaned) -> str:
    units = [_unit(study, cleaned)] + ([study.config.cost.currency] if study.config.cost else [])
    said = " and ".join(unit for unit in units if unit)
    return f", in {said}" if said else ""


def _unit(study: Study, cleaned: Cleaned) -> str:
    """The unit of the outcome without its range: "points"; "index points" for a utility."""
    known = cleaned.columns.set_index("name")["unit"]
    unit = str(known.get(f"{outcome_stem(study, cleaned.patients)}_{study.follow_up}", "")).partition(" (")[0]
    return UTILITY if "=" in unit else unit


def _lower_or_higher(
    study: Study, cleaned: Cleaned, known: pd.DataFrame, ci_level: float
) -> list[Claim | str]:
    """Say of the dead and of the silent where they started, against those who answered."""
    if "mean_start" not in known:
        return []
    start = known["mean_start"].groupby(known["fate"])
    parts, unit = {name: values.dropna() for name, values in start}, _unit(study, cleaned)
    return [
        Claim(
            "difference",
            f"the {outcome_name(study, cleaned.patients)} at the start",
            **difference_of_means(parts[one], parts[ANSWERED], ci_level),
            n=len(parts[one]) + len(parts[ANSWERED]),
            first=LABELS[one],
            second="those who answered",
            unit=unit,
            decimals=None if unit == UTILITY else 1,
        )
        for one in (DIED, SILENT)
        if len(parts.get(one, ())) and len(parts.get(ANSWERED, ()))
    ]


def difference_of_means(first: pd.Series, second: pd.Series, ci_level: float = 0.95) -> dict[str, Any]:
    """Return the first mean minus the second with Welch's interval; no ends where one group has no spread.

    Values must be known.
    """
    gap = float(first.mean() - second.mean())
    if min(len(first), len(second)) < 2 or first.var() + second.var() == 0:
        return {"estimate": gap, "low": np.nan, "high": np.nan}
    found = stats.ttest_ind(first, second, equal_var=False).confidence_interval(ci_level)
    return {"estimate": gap, "low": float(found.low), "high": float(found.high)}


def baseline_labels(study: Study, columns: pd.DataFrame, patients: pd.DataFrame) -> dict[str, str]:
    """Numbers known before any follow-up, with labels: numeric covariates and baseline scores.

    Cost is left out, since it grows until the follow-up, and so are yes/no columns: a mean of few yes is
    a count of people.
    """
    known = columns.set_index("name")
    names = [name for name in study.config.covariates if name in known.index]
    names += [n for n in score_columns(study, columns)["name"] if n.endswith(f"_{study.baseline}")]
    numeric = [n for n in dict.fromkeys(names) if known.loc[n, "type"] in ("float", "integer")]
    when = f", {study.config.visits[study.baseline].label}"
    named = {name: str(known.loc[name, "label"]).removesuffix(when) for name in numeric}
    return {name: label for name, label in named.items() if patients[name].notna().any()}


def standardised_differences(
    patients: pd.DataFrame, followed: pd.Series, labels: dict[str, str]
) -> pd.DataFrame:
    """Compare patients with and without follow-up on what was known before.

    Parameters
    ----------
    patients : DataFrame
        One row per patient; numeric columns are summarised as they stand.
    followed : Series of bool
        Same index: whether the follow-up outcome is there.
    labels : dict
        Column to label, in the order wanted.

    Returns
    -------
    DataFrame
        `measure, n_answered, mean_answered, n_missing, mean_missing, standardised_difference`: that of the
        means over the root mean of the two variances (Austin 2009, Stat Med 28:3083, eq. 1); above 0.1 in
        size is commonly read as imbalance. Missing values are left out variable by variable and show in the
        two n.
    """
    rows = []
    for column, label in labels.items():
        values = patients[column].astype(float)
        here, gone = values[followed].dropna(), values[~followed].dropna()
        spread = np.sqrt((here.var() + gone.var()) / 2)
        size = (here.mean() - gone.mean()) / spread if spread > 0 else np.nan
        rows.append((label, len(here), here.mean(), len(gone), gone.mean(), size))
    names = ["measure", "n_answered", "mean_answered", "n_missing", "mean_missing"]
    return pd.DataFrame(rows, columns=[*names, "standardised_difference"])


def known_at_start(study: Study, patients: pd.DataFrame, columns: pd.DataFrame) -> pd.DataFrame:
    """Return how far those without an answer stood from the others: see `standardised_differences`.

    Empty where all or none answered.
    """
    fate = fates(study, patients)
    if fate is None or fate.eq(ANSWERED).all() or not fate.eq(ANSWERED).any():
        return pd.DataFrame()
    return standardised_differences(patients, fate == ANSWERED, baseline_labels(study, columns, patients))


def show_differences(table: pd.DataFrame) -> Result | None:
    """Show on every starting score how far those without an answer stood from the others."""
    if table.empty:
        return None
    base = {
        "mean_answered": "n_answered",
        "mean_missing": "n_missing",
        "standardised_difference": "n_missing",
    }
    caption = "Patients with and without an answer at the end, on what was known at the start"
    notes = ["Missing: those who died and those who did not answer. In SD: Austin 2009, eq. 1."]
    rules = {"base": base, "nested": True}
    return Result("known-before", table=Table(table, caption, notes=notes, rules=rules))
