"""Where the groups of a survey part most, and what most of all respondents agree on."""

from functools import partial

import pandas as pd

from vbhc.chapters.stakeholders.asked import Asked
from vbhc.chapters.stakeholders.figures.shares import draw_shares, height_of
from vbhc.chapters.stakeholders.heard import people
from vbhc.chapters.stakeholders.protected import tops_shown
from vbhc.publish.claims import Claim, render
from vbhc.publish.disclosure.policies import OPEN, Policy
from vbhc.publish.results import Drawing, Result
from vbhc.statistics.tables2x2 import newcombe, wilson
from vbhc.wording import level_name, p_value

PATIENT = "patient"  # a group of a survey whose name begins so is the patients' own


def where_answers_part(asked: Asked | None) -> Result | None:
    """Show on how many statements the groups part, and the one on which two of them lie furthest apart.

    None where nobody was asked for a grade.
    """
    if asked is None or asked.tests.empty:
        return None
    alpha, ci_level, policy = asked.alpha, asked.ci_level, asked.policy
    says, apart = (
        [how_many_part(asked.tests, alpha)],
        furthest_apart(asked.tests, asked.tops, alpha, policy),
    )
    if apart is None:
        return Result("survey-statements", says=says)
    own = shown_rows(asked.tops, apart, policy)
    if (
        own["n_missing"].map(policy.hides).any()
    ):  # beside the size of its group each share would tell of these
        return Result("survey-statements", says=[*says, f"{parted_in_words(apart)}."])
    numbers = ["n", "n_missing"] if policy.protects else ["k", "n"]
    drawing = Drawing(
        own[["group", *numbers, "estimate", "low", "high"]],
        partial(draw_shares, told=apart[["first", "second"]].tolist(), xlabel="Respondents who agree"),
        title=gap_title(apart, ci_level, policy),
        caption=(
            f"Agree: one of the {asked.study.config.survey.top} highest answers, of those who answered. "
            f"Line: {level_name(ci_level)} interval."
        ),
        alt="Respondents who agree, with intervals",
        key=True,
        rules={"counts": numbers, "base": None},
        **height_of(own),
    )
    return Result("survey-statements", says=says, drawing=drawing)


def how_many_part(tests: pd.DataFrame, alpha: float = 0.05) -> str:
    """Return on how many statements the groups answer differently, tests of all of them allowed for."""
    judged = tests[tests["p"].notna()]
    if judged.empty:
        return "The groups cannot be compared: one group only, or everybody gives the same answer."
    clear = int((judged["holm_p"] <= alpha).sum())
    how = "Kruskal-Wallis, Holm over the statements"
    if not clear:
        least = p_value(judged["holm_p"].min())
        lead = f"On none of {len(judged)} statements are the groups shown to answer differently"
        return f"{lead} ({how}; smallest {least})."
    return f"On {clear} of {len(judged)} statements the groups answer differently ({how})."


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
    known = tops[tops["statement"].isin(clear) & tops["estimate"].notna() & ~tops["n"].map(policy.hides)]
    best: pd.Series | None = None
    for statement, own in known.groupby("statement", sort=False):
        high, low = own.loc[own["estimate"].idxmax()], own.loc[own["estimate"].idxmin()]
        gap = high["estimate"] - low["estimate"]
        if gap > (0 if best is None else best["gap"]):
            ends = {f"{x}_{side}": row[x] for side, row in (("first", high), ("second", low)) for x in "kn"}
            names = {"first": high["group"], "second": low["group"], "gap": gap}
            best = pd.Series({"statement": statement, "label": high["label"], **names, **ends})
    return best


def own_voice(tests: pd.DataFrame, tops: pd.DataFrame, alpha: float = 0.05) -> pd.Series | None:
    """Return on which statement patients agree most and others least; as `furthest_apart`.

    None where patients agree most on none of the statements that tell the groups apart.
    """
    known = tops[tops["estimate"].notna()]
    first = known.loc[known.groupby("statement", sort=False)["estimate"].idxmax()]
    theirs = first.loc[first["group"].str.lower().str.startswith(PATIENT), "statement"]
    return furthest_apart(tests, tops[tops["statement"].isin(theirs)], alpha)


def shown_rows(tops: pd.DataFrame, apart: pd.Series, policy: Policy = OPEN) -> pd.DataFrame:
    """Return the groups' shares on the statement furthest apart, those who agree most first.

    Under a policy that protects in the order of the groups: another would tell of withheld shares.
    """
    own = tops_shown(tops[tops["statement"] == apart["statement"]], policy)
    own = own[~own["n"].map(policy.hides)].reset_index(drop=True)
    if policy.protects:
        return own
    return own.sort_values("estimate", ascending=False, kind="stable", ignore_index=True)


def gap_claim(apart: pd.Series, ci_level: float = 0.95) -> Claim:
    """Return the gap between two groups as a claim, k of n in each; Newcombe's interval."""
    ks = [int(apart[name]) for name in ("k_first", "n_first", "k_second", "n_second")]
    low, high = newcombe(ks[0], ks[1], ks[2], ks[3], ci_level)
    sides = [
        f"{k} of {n} {people(str(apart[side]))}" for side, k, n in (("first", *ks[:2]), ("second", *ks[2:]))
    ]
    what = f"agree that “{apart['label']}”"
    return Claim("gap", what, float(apart["gap"]), low, high, first=sides[0], second=sides[1])


def gap_title(apart: pd.Series, ci_level: float = 0.95, policy: Policy = OPEN) -> str:
    """Return the gap as a heading; under a policy that protects without numbers."""
    return parted_in_words(apart) if policy.protects else render(gap_claim(apart, ci_level), numbers=False)


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
    if not found[0] > 0.5:
        return None
    what = f"agree that “{best[1]}”, and no group is shown to differ"
    return Claim("share", what, k / n, *found, n, k=k)
