"""Where the groups of a survey part most, what all agree on, and every test of the graded statements."""

from collections.abc import Iterable
from functools import partial

import numpy as np
import pandas as pd
from scipy import stats

from vbhc.chapters.stakeholders.asked import Asked
from vbhc.chapters.stakeholders.heard import people
from vbhc.chapters.stakeholders.layout import draw_shares, drawing, furthest_groups, height_of, table
from vbhc.chapters.stakeholders.sentences import say
from vbhc.publish.claims import Claim, render
from vbhc.publish.disclosure.policies import FEW, OPEN, Policy
from vbhc.publish.either import either
from vbhc.publish.results import Result
from vbhc.statistics.groups import holm
from vbhc.statistics.regression.ordinal import ordinal_regression, proportional_odds
from vbhc.statistics.tables2x2 import newcombe, wilson
from vbhc.study import Study
from vbhc.wording import level_name, listing, p_value

PATIENT = "patient"  # a group of a survey whose name begins so is the patients' own


def where_answers_part(asked: Asked | None) -> Result | None:
    """Show on how many statements the groups part, and the one on which two of them lie furthest apart.

    None where nobody was asked for a grade.
    """
    if asked is None or asked.tests.empty:
        return None
    ci_level, policy = asked.ci_level, asked.policy
    says = [how_many_part(asked.tests, asked.alpha)]
    apart = furthest_apart(asked.tests, asked.tops, asked.alpha, policy)
    if apart is None:
        return Result("survey-statements", says=says)
    own = asked.tops[asked.tops["statement"] == apart["statement"]]
    if not policy.tells(own[["n", "n_missing"]]).all():
        # beside the sizes of groups the shares would tell of these
        return Result("survey-statements", says=[*says, f"{parted_in_words(apart)}.", say("not-drawn")])
    draw = partial(draw_shares, told=apart[["first", "second"]].tolist())
    said = either(render(gap_claim(apart, ci_level), numbers=False), parted_in_words(apart))
    words = {"top": asked.study.config.survey.top, "level": level_name(ci_level)}
    # those who agree most first; under a policy another order than that of the groups would tell of shares
    shown = own[["group", "k", "n", "n_missing", "estimate", "low", "high"]].reset_index(drop=True)
    by_share = shown.sort_values("estimate", ascending=False, kind="stable", ignore_index=True)
    drawn = drawing("survey-statements", either(by_share, shown), draw, said, words, **height_of(own))
    return Result("survey-statements", says=says, drawing=drawn)


def how_many_part(tests: pd.DataFrame, alpha: float = 0.05) -> str:
    """Return on how many statements the groups answer differently, tests of all of them allowed for."""
    judged = tests.loc[tests["p"].notna(), "holm_p"]
    if judged.empty:
        return "The groups cannot be compared: one group only, or everybody gives the same answer."
    clear = int((judged <= alpha).sum())
    how = "Kruskal-Wallis, Holm over the statements"
    if clear:
        return f"On {clear} of {len(judged)} statements the groups answer differently ({how})."
    lead = f"On none of {len(judged)} statements are the groups shown to answer differently"
    return f"{lead} ({how}; smallest {p_value(judged.min())})."


def furthest_apart(
    tests: pd.DataFrame, tops: pd.DataFrame, alpha: float = 0.05, policy: Policy = OPEN
) -> pd.Series | None:
    """Return the two groups that lie furthest apart, on the statements that tell the groups apart.

    Returns
    -------
    Series or None
        `statement, label, first, second, k_first, n_first, k_second, n_second, gap`; `first` agrees more.
        None where no statement tells the groups apart, or too few answered to be told of.
    """
    clear = tests.loc[tests["holm_p"] <= alpha, "statement"]
    known = tops[tops["statement"].isin(clear) & policy.tells(tops["n"])]
    ends = furthest_groups(known, "statement")
    if ends is None:
        return None
    found = {"statement": ends[0]["statement"], "label": ends[0]["label"]}
    for side, row in zip(("first", "second"), ends, strict=True):
        found |= {side: row["group"], f"k_{side}": row["k"], f"n_{side}": row["n"]}
    return pd.Series(found | {"gap": ends[0]["estimate"] - ends[1]["estimate"]})


def own_voice(tests: pd.DataFrame, tops: pd.DataFrame, alpha: float = 0.05) -> pd.Series | None:
    """Return on which statement patients agree most and others least; as `furthest_apart`.

    None where patients agree most on none of the statements that tell the groups apart.
    """
    known = tops[tops["estimate"].notna()]
    first = known.loc[known.groupby("statement", sort=False)["estimate"].idxmax()]
    theirs = first.loc[first["group"].str.lower().str.startswith(PATIENT), "statement"]
    return furthest_apart(tests, tops[tops["statement"].isin(theirs)], alpha)


def gap_claim(apart: pd.Series, ci_level: float = 0.95) -> Claim:
    """Return the gap between two groups as a claim, k of n in each; Newcombe's interval."""
    k1, n1, k2, n2 = (int(apart[name]) for name in ("k_first", "n_first", "k_second", "n_second"))
    first, second = (people(str(apart[side])) for side in ("first", "second"))
    what, ends = f"agree that “{apart['label']}”", newcombe(k1, n1, k2, n2, ci_level)
    first, second = f"{k1} of {n1} {first}", f"{k2} of {n2} {second}"
    return Claim("gap", what, float(apart["gap"]), *ends, first=first, second=second)


def parted_in_words(apart: pd.Series) -> str:
    """Return which two groups part most over a statement, without how many agree."""
    first, second = (people(str(apart[side])) for side in ("first", "second"))
    return f"Furthest apart on “{apart['label']}”: {first} agree most, {second} least"


def agreed_on(
    tests: pd.DataFrame, tops: pd.DataFrame, alpha: float = 0.05, ci_level: float = 0.95
) -> Claim | None:
    """Return the statement that most respondents agree with and on which no group is shown to differ.

    None where there is none: of all answers together the interval has to lie above one half.
    """
    alike = tests.loc[tests["holm_p"] > alpha, "statement"]
    sums = tops[tops["statement"].isin(alike)].groupby(["statement", "label"], sort=False)[["k", "n"]].sum()
    sums = sums[sums["n"] > 0].astype(int)
    if sums.empty:
        return None
    best = (sums["k"] / sums["n"]).idxmax()
    k, n = (int(x) for x in sums.loc[best])
    found = wilson(k, n, ci_level)
    what = f"agree that “{best[1]}”, and no group is shown to differ"
    return Claim("share", what, k / n, *found, n, k=k) if found[0] > 0.5 else None


def statement_regressions(study: Study, answers: pd.DataFrame) -> pd.DataFrame:
    """Return the ordinal regression of every statement on group and covariates, and its assumption's check.

    Returns
    -------
    DataFrame
        One row per statement: `statement, label, group_p` (likelihood ratio of all groups at
        once, the covariates held fixed), `proportional_p` (Brant, all terms), `reason` (why a number is
        missing), `group_holm_p` (over the statements).
    """
    rows = [_regression(study, answers, name) for name in study.config.survey.statements]
    table = pd.DataFrame(rows, columns=["statement", "label", "group_p", "proportional_p", "reason"])
    return table.assign(group_holm_p=holm(table["group_p"].astype(float)))


def _regression(study: Study, answers: pd.DataFrame, name: str) -> dict:
    survey = study.config.survey
    known = answers[[name, survey.group, *survey.covariates]].dropna()
    row = {"statement": name, "label": study.dictionary[name].label, "group_p": np.nan}
    groups = list(known[survey.group].unique())
    if len(groups) < 2 or known[name].nunique() < 2:
        return row | {"reason": "one group or one answer only"}
    parameters = len(groups) - 1 + len(survey.covariates) + known[name].nunique() - 1
    if len(known) < 2 * parameters:
        return row | {"reason": f"{len(known)} respondents are too few for {parameters} parameters"}
    predictors = [survey.group, *survey.covariates]
    try:
        found = ordinal_regression(known, name, predictors)
    except ValueError as error:
        return row | {"reason": str(error)}
    check = proportional_odds(known, name, predictors)
    row |= {"proportional_p": check.p, "reason": check.reason}
    if not survey.covariates:
        return row | {"group_p": found.p}
    without = ordinal_regression(known, name, list(survey.covariates))
    ratio = 2 * (found.log_likelihood - without.log_likelihood)  # the covariates held fixed
    return row | {"group_p": stats.chi2.sf(ratio, len(groups) - 1)}


def tests_of_statements(asked: Asked, models: pd.DataFrame) -> Result | None:
    """Show the tests of every statement, alone and with the covariates held equal."""
    tests = asked.tests
    if tests.empty:
        return None
    once = models.set_index("statement")[["group_holm_p", "proportional_p"]]
    frame = tests.join(once.set_axis(["adjusted_p", "brant_p"], axis=1), on="statement")
    known = tests["df"].notna().any()
    asks = f": do the groups differ? ({tests['df'].max():.0f} degrees of freedom)" if known else ""
    columns = ["label", "statistic", "epsilon_squared", "holm_p", "adjusted_p", "brant_p", "n", "n_missing"]
    shown = either(frame[columns], frame.loc[frame["n"] >= FEW, columns])
    held = [asked.study.dictionary[name].label for name in asked.study.config.survey.covariates]
    said = adjusted_sentence(tests, models, held, asked.alpha)
    laid_out = table("survey-tests", shown, {"asks": asks}, notes=_notes(models))
    return Result("survey-tests", says=[said], table=laid_out)


def _notes(models: pd.DataFrame) -> list[str]:
    """Return what reads the p-values that are shown: where people are protected Brant's is not."""
    unfitted = regression_notes(models[models["group_p"].isna()])
    told = either(" ".join(regression_notes(models)), " ".join(unfitted))
    return [either("A small Brant p speaks against it."), told]


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
    text = say("regressed", held=held, n=int(after.sum()), all=len(judged))
    for words, which in (("no longer on", before & ~after), ("now also on", after & ~before)):
        text += f"; {words} {_quoted(judged.loc[which, 'label'])}" if which.any() else ""
    doubt = judged.loc[judged["proportional_p"] <= alpha, "label"]
    unknown = int(judged["proportional_p"].isna().sum())
    found = "nowhere refused" if doubt.empty else f"doubtful for {_quoted(doubt)}"
    tail = f"Its assumption of proportional odds is {found} (Brant)"
    tail += f"; {unknown} could not be checked" if unknown else ""
    return f"{text} (likelihood ratio, Holm over the statements). {tail}."


def _quoted(names: Iterable[str]) -> str:
    return listing(f'"{name}"' for name in names)
