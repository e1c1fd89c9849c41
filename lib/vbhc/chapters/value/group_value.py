"""The value quota of a group: with its deaths, beside survivors alone and beside the missing filled in."""

from typing import Any

import numpy as np
import pandas as pd

from vbhc import wording
from vbhc.chapters.deaths import untold_deaths
from vbhc.chapters.value import layout
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.claims import in_tens
from vbhc.publish.findings.made import in_both
from vbhc.publish.results import Claim, Counted, Result, either
from vbhc.statistics.correlation.rank import spearman_rho
from vbhc.study import Study

ANSWERED, DIED, SILENT = "Outcome known", "Died (worst score)", "Outcome not known"
BOTH = "Known or died"
FINE = 2  # scores that stay below are written with three decimals
FILLED = " Filled in: as patients alike in start, cost and covariates answered, many times over."
UNBOUNDED = "No range is given where mean cost is not clearly above zero."
SHOWN = ["estimate", "low", "high", "n"]


def who_counts(patients: pd.DataFrame, ratio_column: str = "gain_counting_deaths") -> Counted:
    """Return who is in the value quota: those with a cost and an outcome, and who is not and why."""
    used = patients[ratio_column].notna() & patients["cost"].notna()
    died = used & patients["died"] & patients["gain"].isna()
    silent = patients[ratio_column].isna()
    among = {"deaths counted at the worst score": int(died.sum())} if ratio_column != "gain" else {}
    without = {
        "without a known outcome": int((silent & ~patients["died"]).sum()),
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


def bounded_alone(table: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return the rows that have a number, ends where they are bounded, and the note that says so."""
    shown = table.dropna(subset=["estimate"]).copy()
    bounded = shown["ci_kind"] == "bounded"
    shown[["low", "high"]] = shown[["low", "high"]].where(bounded)
    return shown, [] if bounded.all() else [UNBOUNDED]


def rank_agreement(first: pd.Series, second: pd.Series) -> float:
    """Return how alike two quotas order patients (Spearman); NaN below four pairs or without an order."""
    both = first.notna() & second.notna()
    x, y = first[both].to_numpy(float), second[both].to_numpy(float)
    ordered = len(x) >= 4 and np.ptp(x) > 0 and np.ptp(y) > 0
    return spearman_rho(x, y) if ordered else np.nan


def value_claim(vq: Definition, ratio: pd.DataFrame, counted: Counted | None = None, lead: str = "") -> Claim:
    """Return the value quota of a group as a claim, from the first row of a ratio of means."""
    row = ratio.iloc[0]
    low, high = row[["low", "high"]] if row.get("ci_kind", "bounded") == "bounded" else (np.nan, np.nan)
    more: dict[str, Any] = {"unit": vq.outcome_unit, "lead": f"Per {vq.currency} {vq.per:,.0f} spent{lead}"}
    more |= {"counted": counted, "reason": str(row.get("reason", ""))}
    return Claim("level", noun(vq), row["estimate"], low, high, int(row["n"]), **more)


def group_value(vq: Definition, rows: pd.DataFrame) -> Result:
    """Show the value quota as more patients count, from `value_rows`."""
    words = {"vq": vq, "filled": FILLED if len(rows) > _quoted(rows) + 1 else ""}
    shown, fall = rows[["label", *SHOWN]], fall_by_deaths(vq, rows)
    # Beside the means of those who answered and of the dead 41% says how many of these have no cost.
    title = either(fall, in_tens(fall))
    drawn = layout.intervals("group-value", shown, title, words, told=(_quoted(rows),))
    return Result("group-value", drawing=drawn)


def value_rows(
    patients: pd.DataFrame, answered: pd.DataFrame, everyone: pd.DataFrame, filled: pd.DataFrame | None = None
) -> pd.DataFrame:
    """Return the ways of counting, a row each: those who answered, the dead, the missing filled in.

    Parameters
    ----------
    answered, everyone : DataFrame
        From `ratio_of_means` of `gain` and of `gain_counting_deaths`, which counts where anybody died.
    filled : DataFrame, optional
        From `missing_data.filled_in`.

    Returns
    -------
    DataFrame
        `label, estimate, low, high, n, ci_kind, reason`.
    """
    named = {who_answered(patients): answered}
    named |= {"and those who died, at the worst score": everyone} if patients["died"].any() else {}
    named |= {"and missing answers filled in": filled} if filled is not None and len(filled) else {}
    rows = pd.concat([table.head(1) for table in named.values()], ignore_index=True)
    rows = rows.reindex(columns=[*SHOWN, "ci_kind", "reason"]).fillna({"ci_kind": "bounded", "reason": ""})
    labels = [f"{label} ({n:,})" for label, n in zip(named, rows["n"].astype(int), strict=True)]
    return rows.assign(label=labels)[["label", *rows.columns]].astype({"n": int})


def who_answered(patients: pd.DataFrame) -> str:
    """Return who those with an answer are: survivors where some died and no answer is of one of them."""
    alive = patients["died"].any() and not (patients["died"] & patients["gain"].notna()).any()
    return f"{'survivors' if alive else 'patients'} who answered"


def _quoted(rows: pd.DataFrame) -> int:
    """The place of the row to quote: with the deaths, where there are any."""
    return int(rows["label"].str.contains("died").argmax())


def fall_by_deaths(vq: Definition, rows: pd.DataFrame) -> Claim:
    """Return by how much counting the deaths moves the quota; the quota itself where no share says that."""
    place, first = _quoted(rows), rows["estimate"].iloc[0]
    counted = rows["estimate"].iloc[place]
    if place == 0 or not 0 < counted < first:  # a share of a loss, or of nothing, says nothing
        return value_claim(vq, rows.iloc[[place]], lead=" and with deaths counted" if place else "")
    what = f"{noun(vq)} per {vq.currency} {vq.per:,.0f}"
    alone = rows["label"].iloc[0].partition(" (")[0].replace("survivors who answered", "survivors")
    return Claim("change", what, counted / first - 1, first="with deaths counted", second=f"among {alone}")


def counted_table(study: Study, vq: Definition, patients: pd.DataFrame) -> Result:
    """Show who is behind the value quota: where they started, how far they came, what their care cost."""
    silent, priced, died = patients["gain"].isna(), patients["cost"].notna(), patients["died"]
    groups = {ANSWERED: ~silent & priced, DIED: silent & died & priced, SILENT: silent & ~died}
    groups = {label: patients[inside] for label, inside in groups.items() if inside.any()}
    if DIED in groups:  # behind the number to quote
        groups[BOTH] = pd.concat([groups[ANSWERED], groups[DIED]])
    named = {f"{vq.outcome}_{study.baseline}": "mean_start", "gain_counting_deaths": "mean_gain"}
    named |= {"cost": "mean_cost"}
    means = [group.reindex(columns=list(named)).astype(float).mean() for group in groups.values()]
    frame = pd.DataFrame(means, index=pd.Index(groups, name="who")).rename(columns=named)
    frame.insert(0, "n", [len(group) for group in groups.values()])
    places = 1 if patients[f"{vq.outcome}_{study.follow_up}"].abs().max() > FINE else 3
    rules = {
        "contributions": {"mean_cost": [own["cost"].dropna() for who, own in groups.items() if who != BOTH]},
        "decimals": {"mean_start": places, "mean_gain": places, "mean_cost": 0},
    }
    shown = frame.dropna(axis=1, how="all").reset_index()
    shown = either(shown, shown[shown["who"] != BOTH])
    says = [untold_deaths(study, patients)]
    return Result("who-is-counted", says, table=layout.table("who-is-counted", shown, {"vq": vq}, rules))


def value_answer(vq: Definition, patients: pd.DataFrame, rows: pd.DataFrame) -> Result:
    """Return the answer of the page: the quota with its deaths, the other ways of counting beside it."""
    place, beside = _quoted(rows), []
    if place and not rows["reason"].iloc[0]:
        beside.append(f"among {rows['label'].iloc[0].partition(' (')[0]} it was {_short(rows.iloc[0])}")
    if len(rows) > place + 1:
        beside.append(f"with missing answers filled in {_short(rows.iloc[-1])}")
    text = f"{wording.sentence_case('; '.join(beside))}." if beside else ""
    first = value_claim(vq, rows.iloc[[place]], who_counts(patients))
    return Result("answer", says=[first, text], role="answer")


def _short(row: pd.Series) -> str:
    numbers = in_both(row["low"], row["high"], *row[["estimate", "low", "high"]])
    return f"{numbers[0]} ({numbers[1]} to {numbers[2]}, n = {int(row['n']):,})"
