"""The value quota of a group: with its deaths, beside survivors alone and beside the missing filled in."""

from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from vbhc import cleaning, wording
from vbhc.chapters.value.missing_data import value_if_answered
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.claims import render
from vbhc.publish.disclosure.policies import get_policy
from vbhc.publish.interval_figure import draw_intervals, height_of
from vbhc.publish.results import Claim, Counted, Drawing, Result, Table
from vbhc.study import Study

ANSWERED, DIED, SILENT = "Answered", "Died (worst score)", "Did not answer"
FINE = 2  # scores that stay below are written with three decimals
FILLED = " Filled in: as patients alike in start, cost and covariates answered, many times over."
UNBOUNDED = "No range is given where mean cost is not clearly above zero."
SHOWN = ["estimate", "low", "high", "n"]


def filled_in(
    study: Study, patients: pd.DataFrame, vq: Definition, ci_level: float, n_imputations: int, seed: int
) -> pd.DataFrame:
    """Return the value quota with missing answers imputed and deaths at the worst score, as one row.

    Returns
    -------
    DataFrame
        `estimate, low, high, n, n_missing` (delta method, patients of one of many providers taken as alike,
        pooled by Rubin's rules over the imputations); no row where nothing is missing or nothing can be
        imputed.
    """
    columns = cleaning.load_columns(study)
    table = value_if_answered(study, patients, columns, vq, ci_level, n_imputations, seed)
    return table.loc[(table["delta"] == 0) & (table["n_missing"] > 0), [*SHOWN, "n_missing"]]


def who_counts(patients: pd.DataFrame, ratio_column: str = "gain_counting_deaths") -> Counted:
    """Return who is in the value quota: those with a cost and an outcome, and who is not and why."""
    used = patients[ratio_column].notna() & patients["cost"].notna()
    died = used & patients["died"] & patients["gain"].isna()
    silent = patients[ratio_column].isna()
    among = {"deaths counted at the worst score": int(died.sum())} if ratio_column != "gain" else {}
    without = {
        "without an answer": int((silent & ~patients["died"]).sum()),
        "who died": int((silent & patients["died"]).sum()),
        "without a known cost": int((~silent & patients["cost"].isna()).sum()),
    }
    return Counted(int(used.sum()), among=among, without=without)


def noun(vq: Definition) -> str:
    """Return what is averaged, in the study's words: "the mean gain on the KCCQ overall summary"."""
    label, _, form = vq.outcome_label.partition(", ")
    if vq.form == "gain":
        return f"the mean gain on the {label}"
    return f"the mean {label}" + (f" ({form})" if form else "")


def value_claim(vq: Definition, ratio: pd.DataFrame, counted: Counted | None = None, lead: str = "") -> Claim:
    """Return the value quota of a group as a claim, from the first row of a ratio of means."""
    row = ratio.iloc[0]
    bounded = row.get("ci_kind", "bounded") == "bounded"
    ends = (row["low"], row["high"]) if bounded else (np.nan, np.nan)
    lead = f"Per {vq.currency} {vq.per:,.0f} spent{lead}"
    more: dict[str, Any] = {"unit": vq.outcome_unit, "lead": lead, "counted": counted}
    numbers: dict[str, Any] = {
        "estimate": row["estimate"],
        "low": ends[0],
        "high": ends[1],
        "n": int(row["n"]),
    }
    return Claim("level", noun(vq), reason=str(row.get("reason", "")), **numbers, **more)


def group_value(
    vq: Definition,
    patients: pd.DataFrame,
    answered: pd.DataFrame,
    everyone: pd.DataFrame,
    filled: pd.DataFrame,
) -> Result:
    """Show the value quota as more patients count: those who answered, the dead, the missing filled in.

    Parameters
    ----------
    answered, everyone : DataFrame
        From `ratio_of_means` of `gain` and of `gain_counting_deaths`.
    filled : DataFrame
        From `filled_in`.
    """
    rows = value_rows(patients, answered, everyone, filled)
    drawing = Drawing(
        rows,
        partial(draw_intervals, xlabel=f"VQ, {vq.unit}", told=(_quoted(rows),)),
        title=render(_fall(vq, rows), numbers=False),
        caption="Full circle: the number to quote." + (FILLED if len(filled) else ""),
        alt=f"Value quota of the group, {vq.unit}",
        key=True,
        **height_of(rows),
    )
    return Result("group-value", drawing=drawing)


def value_rows(
    patients: pd.DataFrame, answered: pd.DataFrame, everyone: pd.DataFrame, filled: pd.DataFrame
) -> pd.DataFrame:
    """Return the ways of counting as rows `label, estimate, low, high, n`; deaths where there are any."""
    dead = bool(patients["died"].any())
    named = {("survivors who answered" if dead else "patients who answered"): answered}
    named |= {"and those who died, at the worst score": everyone} if dead else {}
    named |= {"and missing answers filled in": filled} if len(filled) else {}
    rows = pd.concat([table.head(1)[SHOWN] for table in named.values()], ignore_index=True)
    labels = [f"{label} ({n:,})" for label, n in zip(named, rows["n"].astype(int), strict=True)]
    return rows.assign(label=labels)[["label", *SHOWN]].astype({"n": int})


def _quoted(rows: pd.DataFrame) -> int:
    """The place of the row to quote: with the deaths, where there are any."""
    return int(rows["label"].str.contains("died").argmax())


def _fall(vq: Definition, rows: pd.DataFrame) -> Claim:
    """By how much the value quota moves once deaths count; without deaths the value quota itself."""
    place, first = _quoted(rows), rows["estimate"].iloc[0]
    counted = rows["estimate"].iloc[place]
    if place == 0 or not 0 < counted < first:  # a share of a loss, or of nothing, says nothing
        return value_claim(vq, rows.iloc[[place]], lead=" and with deaths counted" if place else "")
    what = f"{noun(vq)} per {vq.currency} {vq.per:,.0f}"
    return Claim("change", what, counted / first - 1, first="with deaths counted", second="among survivors")


def fall_by_deaths(
    vq: Definition, patients: pd.DataFrame, answered: pd.DataFrame, everyone: pd.DataFrame
) -> Claim:
    """Return by how much counting the deaths moves the quota; the quota itself where no share says that."""
    return _fall(vq, value_rows(patients, answered, everyone, everyone.iloc[:0]))


def counted_table(study: Study, vq: Definition, patients: pd.DataFrame) -> Result:
    """Show who is behind the value quota: where they started, how far they came, what their care cost."""
    silent, priced, died = patients["gain"].isna(), patients["cost"].notna(), patients["died"]
    groups = {ANSWERED: ~silent & priced, DIED: silent & died & priced, SILENT: silent & ~died}
    groups = {label: patients[inside] for label, inside in groups.items() if inside.any()}
    if DIED in groups and not get_policy(study.config.disclosure).protects:  # behind the number to quote
        groups["Answered and died"] = pd.concat([groups[ANSWERED], groups[DIED]])
    named = {f"{vq.outcome}_{study.baseline}": "mean_start", "gain_counting_deaths": "mean_gain"}
    named |= {"cost": "mean_cost"}
    means = [group.reindex(columns=list(named)).astype(float).mean() for group in groups.values()]
    frame = pd.DataFrame(means, index=pd.Index(groups, name="who")).rename(columns=named)
    frame.insert(0, "n", [len(group) for group in groups.values()])
    places = 1 if patients[f"{vq.outcome}_{study.follow_up}"].abs().max() > FINE else 3
    rules = {
        "contributions": {"mean_cost": [group["cost"].dropna() for group in groups.values()]},
        "decimals": {"mean_start": places, "mean_gain": places, "mean_cost": 0},
    }
    caption = f"Who is counted, and who is not: means in {vq.outcome_unit} and {vq.currency}"
    shown = frame.dropna(axis=1, how="all").reset_index()
    return Result("who-is-counted", table=Table(shown, caption, rules=rules))


def value_answer(
    vq: Definition,
    patients: pd.DataFrame,
    answered: pd.DataFrame,
    everyone: pd.DataFrame,
    filled: pd.DataFrame,
) -> Result:
    """Return the answer of the page: the quota with its deaths, the other ways of counting beside it."""
    dead = bool(patients["died"].any())
    first = value_claim(vq, everyone if dead else answered, who_counts(patients))
    beside = []
    if dead and not answered["reason"].iloc[0]:
        beside.append(f"among survivors who answered it was {_short(answered.iloc[0])}")
    if len(filled):
        beside.append(f"with missing answers filled in {_short(filled.iloc[0])}")
    text = f"{wording.sentence_case('; '.join(beside))}." if beside else ""
    return Result("answer", says=[first, text], role="answer")


def _short(row: pd.Series) -> str:
    places = wording.decimals_for(row["low"], row["high"])
    numbers = [wording.number(row[name], places) for name in ("estimate", "low", "high")]
    return f"{numbers[0]} ({numbers[1]} to {numbers[2]}, n = {int(row['n']):,})"
