"""What respondents put first, by ranking or by choice, and whether they agree on the graded statements."""

from collections import defaultdict

import numpy as np
import pandas as pd

from vbhc.chapters.stakeholders.heard import ALL, people
from vbhc.chapters.stakeholders.sentences import say
from vbhc.cleaning.sources import person_key
from vbhc.publish.disclosure.policies import FEW, OPEN, Policy
from vbhc.publish.either import either
from vbhc.statistics.delphi import delphi, delphi_stability
from vbhc.statistics.rankings import best_worst, concordance, mean_ranks
from vbhc.study import Study
from vbhc.study.survey_plan import delphi_statements
from vbhc.wording import listing, number, p_value, percents

RANK_COLUMNS = ("group", "item", "label", "n", "mean_rank", "first")
CHOICE_COLUMNS = ("group", "item", "n", "shown", "best", "worst", "score", "low", "high")


def survey_ranks(study: Study, answers: pd.DataFrame) -> pd.DataFrame:
    """Return the mean rank of each outcome, over all respondents and by group.

    Returns
    -------
    DataFrame
        `group` ("all" first), `item, label, n, mean_rank` (1 = first), `first` (respondents who put it first;
        ties for first count all). Respondents with a gap in their ranking are left out.
    """
    survey = study.config.survey
    ranks = answers[list(survey.ranking)]
    if not survey.ranking or ranks.dropna().empty:
        return pd.DataFrame(columns=list(RANK_COLUMNS))
    table = pd.concat([mean_ranks(ranks), mean_ranks(ranks, answers[survey.group])], ignore_index=True)
    table.insert(2, "label", table["item"].map(lambda name: study.dictionary[name].label))
    return table


def survey_concordance(study: Study, answers: pd.DataFrame) -> pd.DataFrame:
    """Return Kendall's W over all respondents and within each group: `group, estimate, p, n, n_missing`.

    A group of one has no W: it is missing.
    """
    items, rows = list(study.config.survey.ranking), []
    groups = answers.groupby(study.config.survey.group, sort=False)
    for name, own in [(ALL, answers), *groups] if items else ():
        n = len(own[items].dropna())
        found = concordance(own[items]).iloc[0] if n > 1 and len(items) > 1 else {}
        rows.append((name, found.get("estimate"), found.get("p"), n, len(own) - n))
    table = pd.DataFrame(rows, columns=["group", "estimate", "p", "n", "n_missing"])
    return table.astype({"estimate": float, "p": float})


def ranks_sentence(ranks: pd.DataFrame, agreed: pd.DataFrame, policy: Policy = OPEN) -> str:
    """Return what each group puts first, and how far its respondents agree on the order.

    Under a policy that protects without the number of complete rankings, which W and its p give too: beside
    all who answered it would tell of the few that are not. Of fewer than `FEW` what comes first alone.
    """
    groups = agreed[(agreed["group"] != ALL) & policy.tells(agreed["n"])]
    if ranks.empty or groups.empty:
        nobody = "Nobody ranked the outcomes, so that no order can be shown."
        few = "Too few of any group ranked the outcomes to say in what order."
        return either(nobody, few if len(ranks) else nobody)
    firsts = defaultdict(list)
    for group in groups["group"]:
        own = ranks[ranks["group"] == group]
        if len(own):
            firsts[own.loc[own["mean_rank"].idxmin(), "label"].lower()].append(people(str(group)))
    parts = [f"{label} ({listing(names)})" for label, names in firsts.items()]
    lead = f"Ranked highest on average: {', '.join(parts)}"
    known = groups.dropna(subset=["estimate"])
    if known.empty:
        return f"{lead}; groups of one cannot show whether they agree on the order."
    whole = agreed[agreed["group"] == ALL].iloc[0]
    least = FEW if policy.protects else 1
    if whole["n"] < least:
        return f"{lead}."
    by_size = known[known["n"] >= least].sort_values("estimate", kind="stable")
    ends = [f"{number(one.estimate)} ({people(str(one.group))})" for one in by_size.itertuples()]
    within = f"{' to '.join(dict.fromkeys([ends[0], ends[-1]]))} inside a group, " if ends else ""
    told = {"everybody": either(f"{int(whole['n'])} "), "p": either(f" ({p_value(whole['p'])})")}
    return say("ranked", lead=lead, within=within, all=whole["estimate"], **told)


def best_worst_rows(study: Study, answers: pd.DataFrame) -> pd.DataFrame:
    """Return the best-worst choices, a row per item shown: `respondent, task, item, choice`.

    A task counts where it has a best and another item as its worst, both among those shown.
    """
    survey, rows = study.config.survey, []
    person = person_key(study, survey.source)
    for task, items in survey.best_worst.items():
        for who, best, worst in answers[[person, f"{task}_best", f"{task}_worst"]].itertuples(index=False):
            if {best, worst} <= set(items) and best != worst:
                marks = {best: "best", worst: "worst"}
                rows += [(who, task, item, marks.get(item, "")) for item in items]
    return pd.DataFrame(rows, columns=["respondent", "task", "item", "choice"])


def survey_best_worst(
    study: Study, answers: pd.DataFrame, ci_level: float = 0.95, seed: int = 0, n_resamples: int = 2000
) -> pd.DataFrame:
    """Return the best-worst score of each item by group (`rankings.best_worst`), in the groups' order."""
    survey = study.config.survey
    groups = answers.set_index(person_key(study, survey.source))[survey.group].dropna()
    rows = best_worst_rows(study, answers)
    rows = rows[rows["respondent"].isin(groups.index)]
    if rows.empty:
        return pd.DataFrame(columns=list(CHOICE_COLUMNS))
    table = best_worst(rows, groups, ci_level, seed, n_resamples)
    order = {name: n for n, name in enumerate(dict.fromkeys(groups))}
    return table.sort_values("group", key=lambda c: c.map(order), kind="stable", ignore_index=True)


def enough_chose(scores: pd.DataFrame, policy: Policy = OPEN) -> pd.DataFrame:
    """Return the scores of groups that are large enough to be told of.

    A score times what was shown is a whole number: under a policy with no more decimals than leave that open.
    """
    told = scores[policy.tells(scores["n"])].reset_index(drop=True)
    if not policy.protects or told.empty:
        return told
    places = np.log10(told["shown"]).astype(int).clip(0, 2)
    return told.assign(**{end: list(map(round, told[end], places)) for end in ("score", "low", "high")})


def survey_consensus(study: Study, answers: pd.DataFrame) -> pd.DataFrame:
    """Return consensus by the study's own rule, after each round.

    Returns
    -------
    DataFrame
        `item, label, round` (1, or 1 and 2) and the columns of `delphi`, statement by statement; empty where
        the study sets no rule.
        The second round counts those who took part in it.
    """
    rule, items, ends = _judged(study)
    if not items:
        return pd.DataFrame(columns=["item", "label", "round"])
    asked = {"agree_from": rule.agree_from, "share": rule.share}
    asked |= {"most_iqr": np.inf if rule.most_iqr is None else rule.most_iqr, **ends}
    parts = []
    for nth, pattern in enumerate(("{statement}", *filter(None, [rule.again])), start=1):
        part = delphi(_round(answers, items, pattern), **asked)
        part.insert(1, "label", list(items.values()))
        part.insert(2, "round", nth)
        parts.append(part)
    return pd.concat(parts).sort_index(kind="stable", ignore_index=True)  # statement by statement


def _judged(study: Study) -> tuple:
    """Return the rule, the statements that it judges (name to label), and the ends of their answers."""
    judged = {name: study.dictionary[name] for name in delphi_statements(study.config.survey)}
    items = {name: one.label for name, one in judged.items()}
    ends = [{"low": one.min, "high": one.max} for one in judged.values()]  # alike: the study was checked
    return study.config.survey.delphi, items, ends[0] if ends else {}


def _round(answers: pd.DataFrame, items: dict[str, str], pattern: str) -> pd.DataFrame:
    """Return the answers of one round, the columns named by the statements."""
    return answers[[pattern.replace("{statement}", name) for name in items]].set_axis(list(items), axis=1)


def survey_stability(study: Study, answers: pd.DataFrame) -> pd.DataFrame:
    """Return `delphi_stability` between the two rounds, with `label`; empty where there was one round."""
    rule, items, _ = _judged(study)
    if rule is None or not rule.again:
        return pd.DataFrame(columns=["item", "label"])
    rounds = (answers[list(items)], _round(answers, items, rule.again))
    table = delphi_stability(*(own.astype(float) for own in rounds))
    table.insert(1, "label", list(items.values()))
    return table


def rounds_sentence(table: pd.DataFrame, policy: Policy = OPEN) -> str:
    """Return on which items the panel agrees after each round (`label, round`, the columns of `delphi`)."""
    if not policy.tells(table["n"]).all():
        return "Too few answered to say in public on what they agree."
    parts = []
    for nth, own in table.groupby("round", sort=True):
        yes = own.loc[own["consensus"], "label"]
        named = ": " + listing(f'"{label}"' for label in yes) if 0 < len(yes) <= 5 else ""
        when = f"after round {nth} " if table["round"].nunique() > 1 else ""
        parts.append(f"{when}on {len(yes)} of {len(own)} statements{named}")
    return f"Respondents agree {'; '.join(parts)} (rule: {table['rule'].iloc[0]})."


def stability_shown(table: pd.DataFrame, policy: Policy = OPEN) -> pd.DataFrame:
    """Return the items of `delphi_stability`, but those on which few kept or few changed their answer."""
    if table.empty:
        return table
    counts = pd.concat([table["n"], table["k_same"], table["n"] - table["k_same"]], axis=1)
    return table[policy.tells(counts.where(counts > 0))]  # nobody is no few


def stability_sentence(table: pd.DataFrame) -> str:
    """Return how many gave the same answer in both rounds, and on which item answers moved most.

    Under a policy only in shares: how many answered both rounds tells of those who left.
    """
    known = table[table["n"] > 0]
    if known.empty:
        return "Nobody answered in both rounds, so that nothing can be said on stability."
    if (known["estimate"] == 1).all():
        return "Everybody who answered in both rounds gave the same answers twice."
    moved = known.loc[known["estimate"].idxmin()]
    # A whole percent is that of one of few numbers of people, and of exact ones.
    span = either(percents(known["estimate"]), f"about {percents(known['estimate'].round(1))}")
    same = either(f" ({int(moved['k_same'])} of {int(moved['n'])} the same)")
    return say("stable", span=span, label=moved["label"], same=same)
