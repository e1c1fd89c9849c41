"""The value of a group: with its deaths, beside survivors alone and beside the missing filled in."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np
import pandas as pd

from vbhc import cleaning, wording
from vbhc.chapters.value.missing_data import value_if_answered
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.claims import Claim, render
from vbhc.publish.counted import Counted
from vbhc.publish.disclosure.policies import get_policy
from vbhc.publish.interval_figure import alt_intervals, draw_intervals, height_of
from vbhc.publish.results import Drawing, Result, Table
from vbhc.study import Study

ANSWERED, DIED, SILENT = "Answered", "Died (worst score)", "Did not answer"
FINE = 2  # scores that stay below are written with three decimals


def filled_in(
    study: Study, patients: pd.DataFrame, vq: Definition, ci_level: float, n_imputations: int, seed: int
) -> pd.DataFrame:
    """Return the group's value with missing answers imputed and deaths at the worst score, as one row.

    Returns
    -------
    DataFrame
        `estimate, low, high, n, n_missing` (delta method, pooled by Rubin's rules over the imputations); no
        row where nothing is missing or nothing can be imputed.
    """
    table = value_if_answered(
        study, patients, cleaning.load_columns(study), vq, ci_level, n_imputations=n_imputations, seed=seed
    )
    table = table[(table["delta"] == 0) & (table["n_missing"] > 0)]
    return table[["estimate", "low", "high", "n", "n_missing"]]


def who_counts(patients: pd.DataFrame, ratio_column: str = "gain_counting_deaths") -> Counted:
    """Return who is in the value: those with a cost and an outcome, and who is not and why."""
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
    return (
        f"the mean gain on the {label}"
        if vq.form == "gain"
        else f"the mean {label}" + (f" ({form})" if form else "")
    )


def value_claim(vq: Definition, ratio: pd.DataFrame, counted: Counted | None = None) -> Claim:
    """Return the value of a group as a claim, from the first row of a ratio of means."""
    row = ratio.iloc[0]
    bounded = row.get("ci_kind", "bounded") == "bounded"
    return Claim(
        "level",
        noun(vq),
        row["estimate"],
        row["low"] if bounded else np.nan,
        row["high"] if bounded else np.nan,
        int(row["n"]),
        unit=vq.outcome_unit,
        lead=_lead(vq),
        counted=counted,
        reason=str(row.get("reason", "")),
    )


def _lead(vq: Definition, deaths: bool = False) -> str:
    return f"Per {vq.currency} {vq.per:,.0f} spent" + (" and with deaths counted" if deaths else "")


def group_value(
    vq: Definition,
    patients: pd.DataFrame,
    answered: pd.DataFrame,
    everyone: pd.DataFrame,
    filled: pd.DataFrame,
) -> Result:
    """Show the value as more patients count: those who answered, the dead, the missing filled in.

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
        partial(draw_intervals, xlabel=f"{vq.unit}", told=(_quoted(rows),)),
        title=render(_fall(vq, rows), numbers=False),
        caption="Full circle: the number to quote." + (FILLED if len(filled) else ""),
        alt=partial(alt_intervals, what=f"Value of the group, {vq.unit}"),
        key=True,
        **height_of(rows),
    )
    return Result("group-value", drawing=drawing)


FILLED = " Filled in: as patients alike in start, cost and covariates answered, many times over."


def value_rows(
    patients: pd.DataFrame, answered: pd.DataFrame, everyone: pd.DataFrame, filled: pd.DataFrame
) -> pd.DataFrame:
    """Return the ways of counting as rows `label, estimate, low, high, n`; deaths where there are any."""
    dead = bool(patients["died"].any())
    named = {("survivors who answered" if dead else "patients who answered"): answered.head(1)}
    if dead:
        named["and those who died, at the worst score"] = everyone.head(1)
    if len(filled):
        named["and missing answers filled in"] = filled
    rows = [
        {"label": f"{label} ({int(table['n'].iloc[0]):,})", **table[["estimate", "low", "high", "n"]].iloc[0]}
        for label, table in named.items()
    ]
    return pd.DataFrame(rows).astype({"n": int})


def _quoted(rows: pd.DataFrame) -> int:
    """The place of the row to quote: with the deaths, where there are any."""
    dead = rows["label"].str.contains("died").tolist()
    return dead.index(True) if True in dead else 0


def _fall(vq: Definition, rows: pd.DataFrame) -> Claim:
    """By how much the value moves once deaths count; without deaths the value itself."""
    place, first = _quoted(rows), rows.iloc[0]
    counted = rows["estimate"].iloc[place]
    if place == 0 or not 0 < counted < first["estimate"]:  # a share of a loss, or of nothing, says nothing
        return replace(value_claim(vq, rows.iloc[[place]]), first="", lead=_lead(vq, place > 0))
    change = counted / first["estimate"] - 1
    per = f"{vq.currency} {vq.per:,.0f}"
    what = f"{noun(vq)} per {per}"
    return Claim("change", what, change, first="with deaths counted", second="among survivors")


def fall_by_deaths(
    vq: Definition, patients: pd.DataFrame, answered: pd.DataFrame, everyone: pd.DataFrame
) -> Claim:
    """Return by how much counting the deaths moves the value; the value itself where no share says that."""
    return _fall(vq, value_rows(patients, answered, everyone, everyone.iloc[:0]))


def counted_table(study: Study, vq: Definition, patients: pd.DataFrame) -> Result:
    """Show who is behind the value: where they started, how far they came, what their care cost."""
    silent = patients["gain"].isna()
    groups = {
        ANSWERED: patients[~silent & patients["cost"].notna()],
        DIED: patients[silent & patients["died"] & patients["cost"].notna()],
        SILENT: patients[silent & ~patients["died"]],
    }
    start = f"{vq.outcome}_{study.baseline}"
    groups = {label: group for label, group in groups.items() if len(group)}
    if DIED in groups and not get_policy(study.config.disclosure).protects:  # behind the number to quote
        groups["Both together"] = pd.concat([groups[ANSWERED], groups[DIED]])
    rows = [
        {
            "who": label,
            "n": len(group),
            "mean_start": group[start].astype(float).mean() if start in group else np.nan,
            "mean_gain": group["gain_counting_deaths"].mean(),
            "mean_cost": group["cost"].mean(),
        }
        for label, group in groups.items()
    ]
    frame = pd.DataFrame(rows).dropna(axis=1, how="all")
    places = 1 if patients[f"{vq.outcome}_{study.follow_up}"].abs().max() > FINE else 3
    table = Table(
        frame,
        f"Who is counted, and who is not: means in {vq.outcome_unit} and {vq.currency}",
        rules={
            "contributions": {"mean_cost": [group["cost"].dropna() for group in groups.values()]},
            "decimals": {"mean_start": places, "mean_gain": places, "mean_cost": 0},
        },
    )
    return Result("who-is-counted", table=table)


def value_answer(
    vq: Definition,
    patients: pd.DataFrame,
    answered: pd.DataFrame,
    everyone: pd.DataFrame,
    filled: pd.DataFrame,
) -> Result:
    """Return the answer of the page: the value with its deaths, the other ways of counting beside it."""
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
