"""What the comparisons say, in a sentence that stays true when the data change."""

from collections.abc import Mapping

import pandas as pd

from vbhc.chapters.stakeholders.figures.codes import closest
from vbhc.chapters.stakeholders.protected import may_name, names_said
from vbhc.publish.disclosure.policies import OPEN, Policy
from vbhc.statistics.resampling import least_p
from vbhc.wording import number, p_value, percent


def split_p(row: pd.Series, name: str = "p") -> str:
    """Return the p-value of a test over splits; "p <= .002" where none of a sample was as extreme."""
    return p_value(row[name], least_p(int(row["n_splits"]), bool(row["exact"])))


def ways(row: pd.Series, policy: Policy = OPEN) -> str:
    """Return from how many ways a p-value was counted, as far as that may be said."""
    many = "" if policy.rounds_to else f"{int(row['n_splits']):,} "
    return f"all {many}ways" if row["exact"] else f"a sample of {many}ways"


def blocked_sentence(
    free: pd.DataFrame, inside: pd.DataFrame | None, name: str, alpha: float = 0.05, policy: Policy = OPEN
) -> str:
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
    free_row, row = free.iloc[0], inside.iloc[0]
    before, after = free_row["p"], row["p"]
    if pd.isna(after):
        return f"Within each {name} nobody differs from anybody; there is nothing to compare."
    agree = (before <= alpha) == (after <= alpha)
    found = ways(row, policy)
    lead = f"With the {name} held fixed ({found} to split the interviewees inside each {name})"
    return f"{lead} the verdict {'stays' if agree else 'changes'}: {split_p(row)} after {split_p(free_row)}."


def codes_sentence(table: pd.DataFrame, alpha: float = 0.05, policy: Policy = OPEN) -> str:
    """Return how many codes differ by each of the two tests, and which ones stand after correction.

    The two answer two questions: one code looked at alone (mid-p, uncorrected), and the same code when it
    is one of many that were looked at (max-T over all splits). Codes that stand alone only are counted and
    not named. Under a policy that protects neither are those whose counts are withheld: a verdict tells of
    the counts.
    """
    if table.empty:
        return "No code was given, so that there is nothing to compare code by code."
    n = len(table)
    raw, kept = table[table["mid_p"] <= alpha], table[table["max_t_p"] <= alpha]
    told = may_name(table, policy)
    row = table.iloc[0]
    if n == 1 and not told.all():
        return f"Whether the groups differ on the only code, {row['code']}, may not be said of so few."
    if n == 1:
        verdict = "differs" if row["mid_p"] <= alpha else "shows no clear difference"
        return f"The only code, {row['code']}, {verdict} between the groups (mid-{p_value(row['mid_p'])})."
    lead = (
        f"Looked at one by one, {len(raw) or 'none'} of {n} codes {'differs' if len(raw) < 2 else 'differ'}"
    )
    allowing = f"{lead}; allowing for having looked at all {n}"
    if len(kept):
        still = f"{len(kept)} still {'does' if len(kept) == 1 else 'do'}{names_said(kept, policy)}"
        return f"{allowing}, {still}."
    lowest = table.loc[table["max_t_p"].idxmin()]
    return f"{allowing}, none does (smallest {split_p(lowest, 'max_t_p')})."


def naive_sentence(
    table: pd.DataFrame, labels: Mapping[str, str] | None = None, policy: Policy = OPEN
) -> str:
    """Return the warning where counting segments would have misled; says so if it would not.

    Under a policy that protects it does not say from how many people the segments of one code come.
    """
    wrong = table[table["misleads"]]
    if wrong.empty:
        return "Counting segments in place of interviewees would not have changed a verdict here."
    row = wrong.sort_values(["most_from_one", "naive_p"], ascending=[False, True]).iloc[0]
    name = (labels or {}).get(row["code"], row["code"])
    people = int(row["k_first"] + row["k_second"])
    who = "one interviewee" if people == 1 else f"{people} interviewees"
    verb = "is" if len(wrong) == 1 else "are"
    segments = int(row["segments_first"] + row["segments_second"])
    trap = (
        f"{len(wrong)} of {len(table)} codes {verb} a trap: a chi-square test on segments calls a difference "
        "that the interviewees do not show."
    )
    if policy.protects:
        return f"{trap} Some interviewees fill many segments; from how many each code comes is not said here."
    return (
        f"{trap} The clearest is {name}: {p_value(row['naive_p'])} on segments, "
        f"but {segments} segments come from {who} (mid-{p_value(row['mid_p'])})."
    )


def agreement_sentence(table: pd.DataFrame, rare: bool = True) -> str:
    """Return how well the coders agree, and with `rare` for which code kappa and AC1 part."""
    if table.empty:
        return "No document was coded by two coders; agreement cannot be judged."
    fine = table[table["alpha"].notna()]
    if fine.empty:
        return "The coders never differ in a way that alpha could judge."
    n = int(table["n"].max())
    ends = f"range {number(fine['alpha'].min())} to {number(fine['alpha'].max())}"
    text = (
        f"Over {n} passages of interviews that {int(table['n_coders'].max())} coders read, their agreement "
        f"beyond chance (1 is full) has median {number(fine['alpha'].median())} over the codes ({ends})"
    )
    gap = (fine["ac1"] - fine["alpha"]).sort_values()
    worst = fine.loc[gap.index[-1]]
    if rare and gap.iloc[-1] > 0.3:
        text += (
            f"; {worst['code']} is rare ({percent(worst['prevalence'])} of ratings), so its alpha is "
            f"{number(worst['alpha'])} while AC1 is {number(worst['ac1'])}"
        )
    return f"{text}."


def borders_sentence(same: int, n: int) -> str:
    """Return how many passages that two coders marked begin and end at the same letter."""
    return f"Of {n} passages that two or more marked, {same} begin and end at the same letter." if n else ""


def letters_sentence(table: pd.DataFrame) -> str:
    """Return both coefficients that count letters; nothing where no text was marked by two coders."""
    known = table.set_index("statistic")["estimate"]
    if known.isna().all():
        return ""
    binary, cu = (number(x) if pd.notna(x) else "not defined" for x in known[["binary", "cu"]])
    return (
        f"Counted by letters: whether a letter is marked at all, alpha-binary {binary}; which code it has "
        f"where two marked it, cu-alpha {cu}."
    )


def saturation_sentence(result: pd.DataFrame, policy: Policy = OPEN) -> str:
    """Return when new codes stopped, whether more came after, and how much hangs on the order of interviews.

    Where later interviews brought new codes, no saturation is claimed. Under a policy that protects without
    how many, where too few interviews came later.
    """
    row = result.iloc[0]
    if not row["codes"]:
        return "No code was given, so that new ones cannot be looked for."
    if row["notation"] == "not judged":
        needed = f"a base of {int(row['base'])} and a run of {int(row['run'])}"
        few = f"{int(row['n'])} interviews are fewer than {needed}"
        return f"Whether new codes had stopped coming cannot be judged: {few}."
    rule = f"base {int(row['base'])}, run {int(row['run'])}, at most {percent(row['threshold'])} new"
    share = (
        f"{percent(row['share_of_orders'])} of random orders of the same {int(row['n'])} interviews meet it"
    )
    if row["share_later"] > 0:
        share += f", {percent(row['share_later'])} of these with new codes after it"
    if pd.isna(row["reached_at"]):
        last = f"the last run brings {percent(row['ratio'])}"
        return f"New codes had not stopped coming ({rule}; {last}); {share}."
    when = f"after {int(row['reached_at'])} interviews ({row['notation']}; {rule})"
    if row["later_codes"] > 0:
        return f"New codes seemed to have stopped {when}, and yet {_later(row, policy)}; {share}."
    after = f"and none of the {int(row['later'])} later ones brought a new code"
    if row["later"] < 2:
        after = "and the one later brought no new code" if row["later"] else "and none came later to test it"
    return f"New codes had stopped {when}, {after}; {share}."


def _later(row: pd.Series, policy: Policy) -> str:
    """Return how many new codes came after the rule was met, as far as that may be said."""
    n, found = int(row["later"]), int(row["later_codes"])
    if policy.hides(n):
        return "later interviews brought new codes"
    interviews = f"{n} later interviews" if n > 1 else "the one later interview"
    return f"{interviews} brought {found} of all {int(row['codes'])} codes"


def widest_gap_title(
    counts: pd.DataFrame, labels: Mapping[str, str] | None = None, policy: Policy = OPEN
) -> str:
    """Return the finding of the figure: the code on which the groups' shares lie furthest apart.

    Where that may not be said, only what is drawn.
    """
    known = counts.dropna(subset=["estimate"])
    if known.empty or known["group"].nunique() < 2:
        return "Who raised what"
    shares = known.pivot_table(index="code", columns="group", values="estimate", sort=False)
    gap = shares.max(axis=1) - shares.min(axis=1)
    if not gap.max() > 0:
        return "No code is raised by one group more than by another"
    own = known[known["code"] == gap.idxmax()]
    high, low = own.loc[own["estimate"].idxmax()], own.loc[own["estimate"].idxmin()]
    if policy.protects:
        alone = pd.concat([own["k"], own["n"] - own["k"]])
        if alone.map(policy.hides).any():
            return "Who raised what, as far as the counts may be shown"
    name = (labels or {}).get(gap.idxmax(), gap.idxmax())
    sides = [f"{int(row['k'])} of {int(row['n'])} {row['group']}" for row in (high, low)]
    return f"Widest gap: {name} ({sides[0]} against {sides[1]} interviewees)"


def cooccurrence_sentence(
    table: pd.DataFrame, labels: dict[str, str] | None = None, *, people: bool = True
) -> str:
    """Return the pair that goes together most, by its c-coefficient, and with `people` in how many."""
    met = table[table["n_both"] > 0]
    if met.empty:
        return "No two codes were given to the same passage."
    top = closest(table).iloc[0]
    first, second = ((labels or {}).get(top[side], top[side]) for side in ("code_a", "code_b"))
    who = f"{int(top['k_both'])} interviewees, " if people else ""
    return (
        f"{len(met)} of {len(table)} pairs of codes meet in a passage; closest are {first} and {second} "
        f"({int(top['n_both'])} shared passages, {who}c = {number(top['c'])})."
    )


def presence_title(cells: pd.DataFrame) -> str:
    """Return how much of the map of codes by interviewees is filled (`codes.presence_cells`)."""
    if cells.empty:
        return "No interviewee has a group"
    return f"{percent(cells['raised'].astype(float).mean())} of all pairs of code and interviewee are filled"
