"""Ordinal regression of every statement of a survey: do groups differ once the covariates are held fixed?"""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from scipy import stats

from vbhc.chapters.stakeholders.statements import in_order_of_groups
from vbhc.statistics.groups import holm
from vbhc.statistics.regression.ordinal import ordinal_regression, proportional_odds
from vbhc.study import Study
from vbhc.wording import listing

MODEL_COLUMNS = (
    "statement",
    "label",
    "n",
    "n_missing",
    "group_p",
    "group_holm_p",
    "proportional_p",
    "reason",
)


def statement_regressions(study: Study, answers: pd.DataFrame) -> pd.DataFrame:
    """Return the ordinal regression of every statement on group and covariates, and its assumption's check.

    Returns
    -------
    DataFrame
        One row per statement: `statement, label, n, n_missing, group_p` (likelihood ratio of all groups at
        once, the covariates held fixed) with `group_holm_p` (over the statements), `proportional_p` (Brant,
        all terms), `reason` (why a number is missing).
    """
    rows = [_regression(study, answers, name) for name in study.config.survey.statements]
    table = pd.DataFrame(rows, columns=list(MODEL_COLUMNS)).set_index("statement", drop=False)
    table["group_holm_p"] = holm(table["group_p"].astype(float))
    return table.reset_index(drop=True)


def _regression(study: Study, answers: pd.DataFrame, name: str) -> dict:
    survey = study.config.survey
    used = in_order_of_groups(study, answers)[[name, survey.group, *survey.covariates]]
    known = used.dropna()
    start = {"statement": name, "label": study.dictionary[name].label, "n": len(known)}
    start |= {"n_missing": len(used) - len(known), "group_p": np.nan, "proportional_p": np.nan}
    groups = list(dict.fromkeys(known[survey.group]))
    reference = {survey.group: survey.reference} if survey.reference in groups else {}
    predictors = [survey.group, *survey.covariates]
    if len(groups) < 2 or known[name].nunique() < 2:
        return start | {"reason": "one group or one answer only"}
    parameters = len(groups) - 1 + len(survey.covariates) + known[name].nunique() - 1
    if len(known) < 2 * parameters:
        return start | {"reason": f"{len(known)} respondents are too few for {parameters} parameters"}
    try:
        found = ordinal_regression(used, name, predictors, reference)
    except ValueError as error:
        return start | {"reason": str(error)}
    check = proportional_odds(used, name, predictors, reference).iloc[0]
    own = {"proportional_p": check["p"], "reason": check["reason"]}
    return start | own | {"group_p": _group_p(found, known, name, survey.covariates, len(groups) - 1)}


def _group_p(found: pd.DataFrame, known: pd.DataFrame, name: str, covariates: tuple, df: int) -> float:
    """Return the likelihood-ratio p of the groups, the covariates held fixed."""
    if not covariates:
        return float(found["lr_p"].iloc[0])
    without = ordinal_regression(known, name, list(covariates))["log_likelihood"].iloc[0]
    return float(stats.chi2.sf(2 * (found["log_likelihood"].iloc[0] - without), df))


def regression_notes(models: pd.DataFrame) -> list[str]:
    """Return what stands in the way of a model or its check, each reason once, with its statements."""
    own = models[models["reason"].fillna("") != ""]
    return [f"{listing(part['label'])}: {reason}." for reason, part in own.groupby("reason", sort=False)]


def adjusted_sentence(
    tests: pd.DataFrame, models: pd.DataFrame, covariates: list[str], alpha: float = 0.05
) -> str:
    """Return what the ordinal regression adds: differences that go or come, and where it may not hold."""
    once = models.set_index("statement")
    judged = once[once["group_p"].notna()]
    if judged.empty:
        return "No ordinal regression could be fitted: too few respondents, one group or one answer only."
    before = tests.set_index("statement")["holm_p"].reindex(judged.index) <= alpha
    after = judged["group_holm_p"] <= alpha
    held = f" with {listing(covariates).lower()} held fixed" if covariates else ""
    text = (
        f"In the ordinal regression{held} the groups differ on {int(after.sum())} of {len(judged)} statements"
    )
    for words, which in (("no longer on", before & ~after), ("now also on", after & ~before)):
        names = judged.loc[which, "label"]
        text += f"; {words} {_quoted(names)}" if len(names) else ""
    doubt = judged.loc[judged["proportional_p"] <= alpha, "label"]
    unknown = judged["proportional_p"].isna()
    tail = f"Its assumption of proportional odds is doubtful for {_quoted(doubt)} (Brant)"
    if doubt.empty:
        tail = "Its assumption of proportional odds is nowhere refused (Brant)"
    tail += f"; {int(unknown.sum())} could not be checked" if unknown.any() else ""
    return f"{text} (likelihood ratio, Holm over the statements). {tail}."


def _quoted(names: Iterable[str]) -> str:
    return listing(f'"{name}"' for name in names)
