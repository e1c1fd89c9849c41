"""Rankings, best-worst tasks and consensus of a study's survey, by group of respondents."""

import numpy as np
import pandas as pd

from vbhc.chapters.stakeholders.heard import people
from vbhc.chapters.stakeholders.statements import in_order_of_groups
from vbhc.publish.disclosure.policies import OPEN, Policy
from vbhc.statistics.delphi import delphi, delphi_stability
from vbhc.statistics.rankings import best_worst, best_worst_intervals, concordance, mean_ranks
from vbhc.study import Study
from vbhc.study.config import Delphi
from vbhc.study.survey_plan import delphi_statements
from vbhc.wording import listing, number, p_value, percent

ALL = "all"
RANK_COLUMNS = ("group", "item", "label", "n", "mean_rank", "first")
W_COLUMNS = ("group", "estimate", "statistic", "df", "p", "n", "n_items", "n_missing")
CHOICE_COLUMNS = ("group", "item", "n", "shown", "best", "worst", "score", "low", "high")


def survey_ranks(study: Study, answers: pd.DataFrame) -> pd.DataFrame:
    """Return the mean rank of each outcome, over all respondents and by group.

    Returns
    -------
    DataFrame
        `group` ("all" first), `item, label, n, mean_rank` (1 = first), `first` (respondents who put it first;
        ties for first count all). Respondents with a gap in their ranking are left out.
    """
    survey, ordered = study.config.survey, in_order_of_groups(study, answers)
    ranks = ordered[list(survey.ranking)]
    if not survey.ranking or ranks.dropna().empty:
        return pd.DataFrame(columns=list(RANK_COLUMNS))
    table = pd.concat([mean_ranks(ranks), mean_ranks(ranks, ordered[survey.group])], ignore_index=True)
    table.insert(2, "label", table["item"].map(lambda name: study.dictionary[name].label))
    return table


def survey_concordance(study: Study, answers: pd.DataFrame) -> pd.DataFrame:
    """Return Kendall's W over all respondents and within each group: `group`, then as `concordance`.

    A group of one has no W: its numbers are missing.
    """
    survey = study.config.survey
    ordered = in_order_of_groups(study, answers)
    rows = []
    groups = {ALL: ordered} | dict(list(ordered.groupby(survey.group, sort=False)))
    for name, own in groups.items() if survey.ranking else ():
        full = own[list(survey.ranking)].dropna()
        row = {"n": len(full), "n_items": len(survey.ranking), "n_missing": len(own) - len(full)}
        if len(full) > 1 and len(survey.ranking) > 1:
            row = concordance(own[list(survey.ranking)]).iloc[0].to_dict()
        rows.append({"group": name, **row})
    return pd.DataFrame(rows, columns=list(W_COLUMNS))


def ranks_sentence(ranks: pd.DataFrame, agreed: pd.DataFrame, policy: Policy = OPEN) -> str:
    """Return what each group puts first, and how far its respondents agree on the order.

    Under a policy that protects without the number of complete rankings: beside all who answered it would
    tell of the few that are not.
    """
    groups = agreed[agreed["group"] != ALL]
    if policy.protects:
        groups = groups[~groups["n"].map(policy.hides)]
        if groups.empty and len(ranks):
            return "Too few of any group ranked the outcomes to say in what order."
    if ranks.empty or groups.empty:
        return "Nobody ranked the outcomes, so that no order can be shown."
    firsts: dict[str, list[str]] = {}
    for group in groups["group"]:
        own = ranks[ranks["group"] == group]
        if len(own):
            firsts.setdefault(own.loc[own["mean_rank"].idxmin(), "label"], []).append(people(str(group)))
    parts = [f"{label.lower()} ({listing(names)})" for label, names in firsts.items()]
    lead = "Ranked highest on average:"
    known = groups.dropna(subset=["estimate"])
    if known.empty:
        return f"{lead} {', '.join(parts)}; groups of one cannot show whether they agree on the order."
    ends = [known.loc[known["estimate"].idxmin()], known.loc[known["estimate"].idxmax()]]
    low, high = (f"{number(end['estimate'])} ({people(str(end['group']))})" for end in ends)
    within = f"{low} to {high}" if len(known) > 1 else high
    whole = agreed[agreed["group"] == ALL].iloc[0]
    everybody = f"{int(whole['n'])} " if not policy.protects else ""
    return (
        f"{lead} {', '.join(parts)}. How far they agree on the whole order, from 0 to 1: {within} inside "
        f"a group, {number(whole['estimate'])} over all {everybody}respondents ({p_value(whole['p'])})."
    )


def best_worst_rows(study: Study, answers: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Return the best-worst choices, a row per item shown, and how many tasks were left out.

    A task counts where it has a best and another item as its worst, both among those shown.
    """
    survey, person = study.config.survey, _person(study)
    rows, left_out = [], 0
    for task, items in survey.best_worst.items():
        shown = set(items)
        for who, best, worst in answers[[person, f"{task}_best", f"{task}_worst"]].itertuples(index=False):
            if best not in shown or worst not in shown or best == worst:
                left_out += 1
                continue
            marks = {best: "best", worst: "worst"}
            rows += [{"respondent": who, "task": task, "item": i, "choice": marks.get(i, "")} for i in items]
    return pd.DataFrame(rows, columns=["respondent", "task", "item", "choice"]), left_out


def _person(study: Study) -> str:
    from vbhc.cleaning.sources import person_key

    return person_key(study, study.config.survey.source)


def survey_best_worst(
    study: Study, answers: pd.DataFrame, ci_level: float = 0.95, seed: int = 0, n_resamples: int = 2000
) -> pd.DataFrame:
    """Return the best-worst score of each item by group: the columns of `best_worst`, and its interval.

    `n` counts respondents with at least one task in which the item stood; `low, high` as in
    `rankings.best_worst_intervals`.
    """
    ordered = in_order_of_groups(study, answers)
    rows, _ = best_worst_rows(study, ordered)
    groups = ordered.set_index(_person(study))[study.config.survey.group].dropna()
    rows = rows[rows["respondent"].isin(groups.index)]
    if rows.empty:
        return pd.DataFrame(columns=list(CHOICE_COLUMNS))
    table = best_worst(rows, groups).merge(
        best_worst_intervals(rows, groups, ci_level, seed, n_resamples), on=["group", "item"], how="left"
    )
    order = {name: n for n, name in enumerate(dict.fromkeys(groups))}
    return table.sort_values("group", key=lambda c: c.map(order), kind="stable", ignore_index=True)


def enough_chose(scores: pd.DataFrame, policy: Policy = OPEN) -> pd.DataFrame:
    """Return the scores of groups that are large enough to be told of."""
    if not policy.protects or scores.empty:
        return scores
    return scores[~scores["n"].map(policy.hides)].reset_index(drop=True)


def best_worst_sentence(scores: pd.DataFrame, left_out: int, policy: Policy = OPEN) -> str:
    """Return what each group chooses most and least, and how many tasks could not be counted.

    Groups of too few are left out under a policy that protects, and so is a small number of tasks: one task
    was left out by one person.
    """
    if scores.empty:
        return "No best-worst task was answered in full."
    scores = enough_chose(scores, policy)
    if scores.empty:
        return "Too few of any group chose to say what it finds best and worst."
    left_out = 0 if policy.hides(left_out) else left_out
    parts = []
    for group, own in scores.groupby("group", sort=False):
        top, last = own.loc[own["score"].idxmax()], own.loc[own["score"].idxmin()]
        ends = f"{top['item']} ({number(top['score'])}) over {last['item']} ({number(last['score'])})"
        parts.append(f"{group}: {ends}")
    tail = f" {left_out} tasks without one best and another worst were left out." if left_out else ""
    tail = tail.replace("1 tasks", "1 task").replace("worst were", "worst was") if left_out == 1 else tail
    return f"Chosen as best most often, and as worst most often, by group: {'; '.join(parts)}.{tail}"


def survey_consensus(study: Study, answers: pd.DataFrame) -> pd.DataFrame:
    """Return consensus by the study's own rule, after each round.

    Returns
    -------
    DataFrame
        `item, label, round` (1, or 1 and 2) and the columns of `delphi`, statement by statement; empty where
        the study sets no rule.
        The second round counts those who took part in it.
    """
    rule, names, (low, high) = _delphi(study)
    parts = []
    for number_, pattern in enumerate(("{statement}", rule.again if rule else ""), start=1):
        if not names or not pattern:
            continue
        limit = np.inf if rule.most_iqr is None else rule.most_iqr
        asked = {"agree_from": rule.agree_from, "share": rule.share, "most_iqr": limit}
        part = delphi(_round(answers, names, pattern), low=low, high=high, **asked)
        part.insert(1, "label", [study.dictionary[name].label for name in names])
        part.insert(2, "round", number_)
        parts.append(part)
    if not parts:
        return pd.DataFrame(columns=["item", "label", "round"])
    together = pd.concat(parts, ignore_index=True)
    return together.sort_values("item", key=lambda c: c.map(names.index), kind="stable", ignore_index=True)


def _delphi(study: Study) -> tuple[Delphi | None, list[str], tuple]:
    """Return the rule, the statements that it judges, and the ends of their answers."""
    names = list(delphi_statements(study.config.survey))
    ends = (study.dictionary[names[0]].min, study.dictionary[names[0]].max) if names else (None, None)
    return study.config.survey.delphi, names, ends


def _round(answers: pd.DataFrame, names: list[str], pattern: str) -> pd.DataFrame:
    """Return the answers of one round, the columns named by the statements."""
    return answers[[pattern.replace("{statement}", name) for name in names]].set_axis(names, axis=1)


def survey_stability(study: Study, answers: pd.DataFrame) -> pd.DataFrame:
    """Return `delphi_stability` between the two rounds, with `label`; empty where there was one round."""
    rule, names, ends = _delphi(study)
    if rule is None or not rule.again:
        return pd.DataFrame(columns=["item", "label"])
    table = delphi_stability(answers[names], _round(answers, names, rule.again), *ends)
    table.insert(1, "label", [study.dictionary[name].label for name in names])
    return table


def stability_shown(table: pd.DataFrame, policy: Policy = OPEN) -> pd.DataFrame:
    """Return the items of `delphi_stability`, but those on which few kept or few changed their answer."""
    if not policy.protects or table.empty:
        return table
    counts = pd.concat([table["n"], table["k_same"], table["n"] - table["k_same"]], axis=1)
    return table[~counts.map(lambda count: count > 0 and policy.hides(count)).any(axis=1)]


def stability_sentence(table: pd.DataFrame, *, counts: bool = True) -> str:
    """Return how many gave the same answer in both rounds, and on which item answers moved most.

    Without `counts` only in shares: how many answered both rounds tells of those who left.
    """
    known = table[table["n"] > 0]
    if known.empty:
        return "Nobody answered in both rounds, so that nothing can be said on stability."
    if (known["estimate"] == 1).all():
        return "Everybody who answered in both rounds gave the same answers twice."
    moved = known.loc[known["estimate"].idxmin()]
    least, most = percent(known["estimate"].min()), percent(known["estimate"].max())
    span = f"{least} to {most}" if least != most else most
    same = f" ({int(moved['k_same'])} of {int(moved['n'])} the same)" if counts else ""
    return (
        f"Of those who answered in both rounds {span} gave the same answer twice, by item; most moved on "
        f'"{moved["item"]}"{same}.'
    )


def rounds_sentence(table: pd.DataFrame, policy: Policy = OPEN) -> str:
    """Return on which items the panel agrees after each round (`label, round`, the columns of `delphi`)."""
    if len(table) and table["n"].map(policy.hides).any():
        return "Too few answered to say in public on what they agree."
    parts = []
    for nth, own in table.groupby("round", sort=True):
        yes = own.loc[own["consensus"], "label"]
        named = ": " + listing(f'"{label}"' for label in yes) if 0 < len(yes) <= 5 else ""
        when = f"after round {nth} " if table["round"].nunique() > 1 else ""
        parts.append(f"{when}on {len(yes)} of {len(own)} statements{named}")
    return f"Respondents agree {'; '.join(parts)} (rule: {table['rule'].iloc[0]})."
