"""Whom chapter 03 compares, and the three ties of what they say: with outcome, cost and value quota."""

from typing import Any

import numpy as np
import pandas as pd

from vbhc import wording
from vbhc.chapters.perception import layout
from vbhc.chapters.perception.sentences import say
from vbhc.chapters.value.quota.declared import Definition
from vbhc.chapters.value.quota.numerators import quota_where_possible
from vbhc.publish.claims import render, smallness
from vbhc.publish.findings.made import in_both
from vbhc.publish.results import Claim, Counted, Result, either
from vbhc.statistics.correlation.compare import TOO_SMALL, difference
from vbhc.statistics.correlation.equivalence import equivalence, what_n_could_show
from vbhc.statistics.correlation.rank import spearman
from vbhc.study import Study

SIDES = ("outcome", "cost", "VQ")


def with_deaths(patients: pd.DataFrame, vq: Definition) -> pd.DataFrame:
    """Return one row per patient: `answer, outcome, cost, VQ`; who died has the worst score at the end.

    Parameters
    ----------
    patients : DataFrame
        From `value.load_patients`. A missing answer, outcome or cost stays missing.
    """
    return _frame(patients, patients["gain_counting_deaths"], vq)


def survivors(patients: pd.DataFrame, vq: Definition) -> pd.DataFrame:
    """Return the same of those whose outcome was measured; all others have none."""
    return _frame(patients, patients["gain"], vq)


def _frame(patients: pd.DataFrame, outcome: pd.Series, vq: Definition) -> pd.DataFrame:
    perceived = patients["perceived_value"].astype(float)
    quota = quota_where_possible(outcome, patients["cost"], vq.per)
    columns = {"answer": perceived, "outcome": outcome, "cost": patients["cost"], "VQ": quota}
    return pd.DataFrame(columns).replace([np.inf, -np.inf], np.nan)


def who_is_compared(patients: pd.DataFrame, vq: Definition) -> Counted:
    """Return who has an answer, an outcome and a quota, and who is left out and why."""
    frame = with_deaths(patients, vq)
    used = frame.notna().all(axis=1)
    silent = frame["answer"].isna()
    lost = ~silent & frame["outcome"].isna()
    without = {
        "who did not answer the question": int(silent.sum()),
        "who died": int((lost & patients["died"]).sum()),
        "without an outcome": int((lost & ~patients["died"]).sum()),
        "without a cost to divide by": int((~silent & ~lost & ~used).sum()),
    }
    among = {"deaths counted at the worst score": int((used & patients["gain"].isna()).sum())}
    return Counted(int(used.sum()), among=among, without=without)


def rating(study: Study) -> str:
    """Return what the study calls its perception, as it stands inside a sentence."""
    return inside(study.config.perception.label)


def inside(label: str) -> str:
    """Return a label as it stands inside a sentence.

    >>> inside("Age band"), inside("EQ VAS")
    ('age band', 'EQ VAS')
    """
    return label[:1].lower() + label[1:] if label[1:2].islower() or label[1:2] == " " else label


def names(vq: Definition) -> dict[str, str]:
    """Return what outcome, cost and value quota are called in sentences, by their column."""
    outcome = "gain" if vq.form == "gain" else "outcome"
    return {"outcome": f"the {outcome}", "cost": "the cost", "VQ": "the value quota"}


def called(study: Study, vq: Definition) -> dict[str, str]:
    """Return what sentences call the answers and the sides of a tie, with a capital at the start of one."""
    outcome, cost, quota = names(vq).values()
    words = {"rating": rating(study), "outcome": outcome, "cost": cost, "quota": quota}
    return words | {name.capitalize(): wording.sentence_case(word) for name, word in words.items()}


ENDS = ("estimate", "low", "high")
ALONE = "survivors"


def size_of(row: Any, name: str = "estimate") -> str:
    """Return a correlation, or an end of it, in words: of few people, if protected, with one decimal."""
    return in_both(row["low"], row["high"], row[name], n=row["n"], places=2)[0]


def three_ties(frame: pd.DataFrame, ci_level: float = 0.95) -> pd.DataFrame:
    """Return Spearman's correlation of what patients said with outcome, cost and quota, on the same patients.

    Parameters
    ----------
    frame : DataFrame
        From `with_deaths` or `survivors`; whoever lacks one of the four is in none of the rows.

    Returns
    -------
    DataFrame
        As `spearman`, with `with` ("outcome", "cost", "VQ") in front.
    """
    known = frame.dropna()
    rows = [spearman(known["answer"], known[name], ci_level).assign(**{"with": name}) for name in SIDES]
    return pd.concat(rows, ignore_index=True)


def tie(study: Study, vq: Definition, ties: pd.DataFrame, name: str, **more: Any) -> Claim:
    """Return one of the ties as a claim."""
    row = ties.set_index("with").loc[name]
    ends = row[list(ENDS)].astype(float).to_dict()
    unsaid = row["reason"] if pd.isna(row["estimate"]) else ""
    return Claim("tie", rating(study), first=names(vq)[name], n=int(row["n"]), reason=unsaid, **ends, **more)


def ties_side_by_side(
    study: Study, vq: Definition, counted: pd.DataFrame, alone: pd.DataFrame, margin: float
) -> Result:
    """Draw the three ties with the deaths counted, each beside that of survivors alone.

    Parameters
    ----------
    counted, alone : DataFrame
        From `three_ties` of all and of the survivors; the same where no death changes anything.
    """
    rows = _rows(vq, counted, alone)
    if rows["estimate"].isna().all():
        return Result("three-associations", says=[str(counted["reason"].iloc[-1])])
    hollow = "; hollow: survivors alone" if rows["label"].str.contains(ALONE).any() else ""
    words = {"rating": rating(study), "margin": margin, "hollow": hollow}
    title = render(tie(study, vq, counted, "VQ"), numbers=False)
    told = tuple(rows.index[~rows["label"].str.contains(ALONE)])
    drawn = layout.intervals("three-associations", rows, title, words, told=told, margin=margin)
    return Result("three-associations", drawing=drawn)


def _rows(vq: Definition, counted: pd.DataFrame, alone: pd.DataFrame) -> pd.DataFrame:
    differ = not counted[["estimate", "n"]].equals(alone[["estimate", "n"]])
    rows = []
    for (_, row), (_, other) in zip(counted.iterrows(), alone.iterrows(), strict=True):
        label = names(vq)[row["with"]].removeprefix("the ")
        rows.append({"label": label, **row[[*ENDS, "n"]]})
        if differ:
            rows.append({"label": f"{label}, {ALONE}", **other[[*ENDS, "n"]]})
    return pd.DataFrame(rows).astype({"n": int, "estimate": float, "low": float, "high": float})


def outcome_or_quota(frame: pd.DataFrame, ci_level: float, n_resamples: int, seed: int) -> pd.DataFrame:
    """Return by how much the tie with the outcome is higher than that with the quota (paired bootstrap)."""
    return difference(frame["answer"], frame["outcome"], frame["VQ"], ci_level, n_resamples, seed)


def which_is_closer(study: Study, vq: Definition, gap: pd.DataFrame) -> Result:
    """Say whether the outcome alone goes with what patients say more than the quota does."""
    row, called = gap.iloc[0], names(vq)
    told: dict[str, Any] = row[list(ENDS)].astype(float).to_dict()
    told |= {"n": int(row["n"]), "margin": TOO_SMALL, "reason": row["reason"]}
    told["decimals"] = 3 if max(abs(row["low"]), abs(row["high"])) < TOO_SMALL else None
    what = f"the rank correlation with {rating(study)}"
    claim = Claim("difference", what, first=called["outcome"], second=called["VQ"], **told)
    return Result("outcome-or-vq", says=[claim])


def is_it_poor(frame: pd.DataFrame, margin: float) -> pd.DataFrame:
    """Return the equivalence test of perception with the quota, as one row of `equivalence`.

    Two one-sided tests of 5%: the interval is the 90% one that decides them.
    """
    known = frame.dropna()
    row = spearman(known["answer"], known["VQ"]).iloc[0]
    return equivalence(float(row["estimate"]), int(row["n"]), margin)


def poor(study: Study, vq: Definition, tested: pd.DataFrame, lead: str = "") -> Claim:
    """Return what the test says, as a claim: poor, not poor, the other way, or undecided."""
    row = tested.iloc[0]
    low, high, margin = (float(row[name]) for name in ("low", "high", "margin"))
    near = [p for p in range(2, 5) if margin in (abs(round(low, p)), abs(round(high, p)))]
    # an end that would read like the margin gets a digit more
    told: dict[str, Any] = {"margin": margin, "lead": lead, "decimals": max(near) + 1 if near else None}
    told |= {"first": names(vq)["VQ"], "level": float(row["ci_level"])}
    return Claim("smallness", rating(study), float(row["estimate"]), low, high, int(row["n"]), **told)


def agree(tested: pd.DataFrame, alone: pd.DataFrame) -> bool:
    """Return whether the tie is as poor, not poor or undecided whichever way the dead are counted.

    Where one of the two cannot be tested nothing speaks against the other.
    """
    both = pd.concat([tested, alone])[["low", "high", "margin"]].dropna().to_numpy()
    said = [smallness(*row) for row in both]
    return len({NOT_POOR.get(one, one) for one in said}) < 2


NOT_POOR = {"against": "beyond"}


def _ways(tested: pd.DataFrame, alone: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each way of counting; one where no death changes anything."""
    if tested["n"].iloc[0] == alone["n"].iloc[0]:
        return tested.assign(who="everybody")
    return pd.concat([tested.assign(who="deaths counted"), alone.assign(who="survivors")], ignore_index=True)


def what_could_be_shown(frame: pd.DataFrame) -> Result:
    """Say with which power so many patients show that a tie is smaller than a margin, were it none.

    Where people are protected only how many it takes is said: the power tells how many they are.
    """
    n = len(frame.dropna())
    rows = what_n_could_show(n)
    here, takes = (
        wording.listing(say(form, **row) for row in rows.to_dict("records"))
        for form in ("power-here-each", "power-each")
    )
    full = say("power-here", n=n, takes=here)
    less = say("power", wanted=float(rows["power_wanted"].iloc[0]), takes=takes)
    return Result("power", says=[either(full, less)])


def is_the_tie_poor(
    study: Study, vq: Definition, patients: pd.DataFrame, tested: pd.DataFrame, alone: pd.DataFrame
) -> Result:
    """Say whether the tie is poor, and by how much the verdict hangs on who is counted.

    Parameters
    ----------
    tested, alone : DataFrame
        From `is_it_poor`: with deaths counted, and of survivors alone.
    """
    rows = _ways(tested, alone)
    if rows["low"].isna().all():
        return Result("equivalence", says=[rows["reason"].iloc[0]])
    words = {"rating": rating(study), "quota": names(vq)["VQ"], "margin": tested["margin"].iloc[0]}
    words |= {"level": wording.level_name(tested["ci_level"].iloc[0]), "by": either("", "By ")}
    said = [layout.WORDS["in short"][smallness(*row)] for row in rows[["low", "high", "margin"]].to_numpy()]
    full = rows[["who", *ENDS, "n"]]
    judged = rows[["who", "estimate", "margin"]].assign(verdict=said, n=rows["n"])
    table = layout.table("equivalence", either(full, judged), words)
    return Result("equivalence", table=table, counted=who_is_compared(patients, vq))
