"""What the comparisons say, in a sentence that stays true when the data change."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from vbhc.wording import interval, listing, number, p_value, percent, sentence_case


def permanova_sentence(result: pd.DataFrame, first: str, second: str, alpha: float = 0.05) -> str:
    """Return what the test of whole profiles says."""
    row = result.iloc[0]
    what = f"the sets of codes that {first} and {second} interviewees raise"
    if pd.isna(row["p_val"]):
        return f"Nobody differs from anybody in {what}; there is nothing to compare."
    verdict = "differ as a whole" if row["p_val"] <= alpha else "show no clear difference as a whole"
    splits = (
        f"{'all' if row['exact'] else 'a sample of'} {int(row['n_splits']):,} ways to split the interviewees"
    )
    numbers = f"F = {number(row['statistic'])}, R² = {number(row['r_squared'])}, {p_value(row['p_val'])}"
    size = f"{int(row['n'])} interviewees, {int(row['n_codes'])} codes"
    return f"{sentence_case(what)} {verdict} (PERMANOVA {numbers} from {splits}; {size})."


def blocked_sentence(free: pd.DataFrame, inside: pd.DataFrame | None, name: str, alpha: float = 0.05) -> str:
    """Return whether the verdict on whole profiles stands where labels change places within sites only.

    Parameters
    ----------
    free, inside : DataFrame
        From `permanova`, the second with blocks; None where the interviewees have no such attribute.
    name : str
        What the blocks are called, such as "site".
    """
    if inside is None:
        return f"The interviewees have no {name!r} that could be held fixed."
    before, after = free["p_val"].iloc[0], inside["p_val"].iloc[0]
    if pd.isna(after):
        return f"Within each {name} nobody differs from anybody; there is nothing to compare."
    agree = (before <= alpha) == (after <= alpha)
    splits = int(inside["n_splits"].iloc[0])
    kind = "all" if inside["exact"].iloc[0] else "a sample of"
    lead = f"With the {name} held fixed ({kind} {splits:,} ways to split the interviewees inside each {name})"
    return f"{lead} the verdict {'stays' if agree else 'changes'}: {p_value(after)} after {p_value(before)}."


def code_sentence(row: pd.Series, label: str = "", ci_level: float = 0.95) -> str:
    """Return one code's comparison: k of n in both groups, the difference with its interval, mid-p."""
    name = label or row["code"]
    gap = f"difference {number(100 * row['estimate'], 0)} percentage points"
    limits = interval(100 * row["ci_low"], 100 * row["ci_high"], ci_level, decimals=0)
    counts = (
        f"{int(row['k_first'])} of {int(row['n_first'])} {row['first']} and "
        f"{int(row['k_second'])} of {int(row['n_second'])} {row['second']} interviewees raise it"
    )
    return f"{sentence_case(name)}: {counts} ({gap}, {limits}; mid-{p_value(row['mid_p'])})."


def codes_sentence(table: pd.DataFrame, alpha: float = 0.05) -> str:
    """Return how many codes differ before and after the correction for many codes, and which stands out."""
    if table.empty:
        return "No code was given, so that there is nothing to compare code by code."
    n = len(table)
    raw = table[table["mid_p"] <= alpha]
    kept = table.loc[table["max_t_p"] <= alpha, "code"]
    if raw.empty:
        lead = f"None of the {n} codes is shown to differ between the groups taken alone (mid-p > {alpha:g})"
    else:
        verb = "differs" if len(raw) == 1 else "differ"
        lead = f"{len(raw)} of {n} codes {verb} between the groups taken alone ({listing(raw['code'])})"
    if len(kept):
        tail = f"{listing(kept)} also when all codes are judged together (max-T)"
    else:
        lowest = table.loc[table["max_t_p"].idxmin()]
        smallest = f"{p_value(lowest['max_t_p'])}, {lowest['code']}"
        tail = f"none when all are judged together (smallest max-T {smallest})"
    return f"{lead}; {tail}."


def naive_sentence(table: pd.DataFrame, labels: Mapping[str, str] | None = None) -> str:
    """Return the warning where counting segments would have misled; says so if it would not."""
    wrong = table[table["misleads"]]
    if wrong.empty:
        return "Counting segments in place of interviewees would not have changed a verdict here."
    row = wrong.sort_values(["most_from_one", "naive_p"], ascending=[False, True]).iloc[0]
    name = (labels or {}).get(row["code"], row["code"])
    people = int(row["k_first"] + row["k_second"])
    who = "one interviewee" if people == 1 else f"{people} interviewees"
    verb = "is" if len(wrong) == 1 else "are"
    segments = int(row["segments_first"] + row["segments_second"])
    return (
        f"{len(wrong)} of {len(table)} codes {verb} a trap: a chi-square test on segments calls a difference "
        f"that the interviewees do not show. The clearest is {name}: {p_value(row['naive_p'])} on segments, "
        f"but {segments} segments come from {who} (mid-{p_value(row['mid_p'])})."
    )


def agreement_sentence(table: pd.DataFrame) -> str:
    """Return how well the coders agree, and for which code kappa and AC1 part."""
    if table.empty:
        return "No document was coded by two coders; agreement cannot be judged."
    fine = table[table["alpha"].notna()]
    if fine.empty:
        return "The coders never differ in a way that alpha could judge."
    n = int(table["n"].max())
    text = (
        f"Over {n} segments that {int(table['n_coders'].max())} coders worked on, "
        f"Krippendorff's alpha per code has median {number(fine['alpha'].median())} "
        f"(range {number(fine['alpha'].min())} to {number(fine['alpha'].max())})"
    )
    gap = (fine["ac1"] - fine["alpha"]).sort_values()
    worst = fine.loc[gap.index[-1]]
    if gap.iloc[-1] > 0.3:
        text += (
            f"; {worst['code']} is rare ({percent(worst['prevalence'])} of ratings), so its alpha is "
            f"{number(worst['alpha'])} while AC1 is {number(worst['ac1'])}"
        )
    return f"{text}."


def saturation_sentence(result: pd.DataFrame) -> str:
    """Return when new codes ran dry and how much that hangs on the order of the interviews."""
    row = result.iloc[0]
    rule = f"base {int(row['base'])}, run {int(row['run'])}, at most {percent(row['threshold'])} new"
    share = (
        f"{percent(row['share_of_orders'])} of random orders of the same {int(row['n'])} interviews reach it"
    )
    if pd.isna(row["reached_at"]):
        last = f"the last run brings {percent(row['ratio'])}"
        return f"Saturation of codes is not reached ({rule}; {last}); {share}."
    when = f"after {int(row['reached_at'])} interviews ({row['notation']}; {rule})"
    return f"Saturation of codes is reached {when}; {share}."
