"""The value quota under every handling of those without an answer, and by how much each moves it."""

import pandas as pd

from vbhc import cleaning, wording
from vbhc.chapters.value.group_value import noun
from vbhc.chapters.value.missing_data import FEWEST, value_if_answered
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.results import Claim, Result, Table
from vbhc.study import Study

ALONE, DEAD = "those who answered", "and the dead, at the worst score"
TOO_FEW = (
    f"What the value quota would be had all answered cannot be said: fewer than {FEWEST} patients have all "
    "it needs, or one of its parts has no spread."
)
NOBODY = "Every patient has an outcome and a cost, so nothing is filled in."


def if_answered(
    study: Study,
    patients: pd.DataFrame,
    vq: Definition,
    ci_level: float = 0.95,
    n_imputations: int = 20,
    seed: int = 1,
) -> pd.DataFrame:
    """Return the value quota of those who answered, with the dead, with the missing filled in, and worse.

    Returns
    -------
    DataFrame
        `label, delta, estimate, low, high, n, n_missing, fmi` (delta method, pooled by Rubin's rules; delta
        is what was added to each outcome filled in). Empty where fewer than twenty patients are complete.
    """
    columns = cleaning.load_columns(study)
    table = value_if_answered(study, patients, columns, vq, ci_level, n_imputations, seed)
    return named_handlings(table, vq.outcome_unit)


def named_handlings(table: pd.DataFrame, unit: str) -> pd.DataFrame:
    """Return a table of handlings with their names, without those that would fill in nothing."""
    table = table[table["delta"].isna() | (table["n_missing"] > 0)].reset_index(drop=True)
    names = [handling_name(row, unit) for row in table.to_dict("records")]
    return table.assign(label=names)[["label", *table.columns.drop("handling")]]


def handling_name(row: dict, unit: str) -> str:
    """Return what is done with those without an answer, as the name of a row that adds to the one above.

    >>> handling_name({"handling": "complete cases", "delta": float("nan")}, "points")
    'those who answered'
    >>> handling_name({"handling": "imputed, missing shifted by -5", "delta": -5.0}, "points")
    'the same, had the missing been 5 points worse'
    """
    if not row["handling"].startswith("imputed"):
        return DEAD if "dead" in row["handling"] else ALONE
    if row["delta"] == 0:
        return "and the missing filled in"
    return f"the same, had the missing been {-row['delta']:g} {unit} worse"


def handlings(vq: Definition, table: pd.DataFrame) -> Result:
    """Show the value quota under every handling of the missing, and which move it further than chance could.

    Parameters
    ----------
    table : DataFrame
        From `if_answered`.
    """
    if table.empty or not table["n_missing"].iloc[0]:
        return Result("if-answered", says=[TOO_FEW if table.empty else NOBODY])
    shown = table[["label", "n", "n_missing", "estimate", "low", "high"]]
    notes = ["Incomplete: patients with something filled in or left out.", HOW]
    notes += [f"Information missing: {wording.percent(share)}." for share in table["fmi"].dropna().head(1)]
    labels = {"label": "Who counts, and how", "n_missing": "Incomplete"}
    caption = f"The value quota (VQ) under every handling of the missing, {vq.unit}"
    frame = Table(shown, caption, labels=labels, notes=notes)
    says = [*(moved(vq, table, place) for place in _told(table)), outside(table)]
    return Result("if-answered", says=says, table=frame, counts=[*table["n"], *table["n_missing"]])


HOW = "Ranges: delta method, which pools over the fillings-in; that of the quota elsewhere is Fieller's."


def _told(table: pd.DataFrame) -> list[int]:
    """Return the places of the rows that are said: filled in, and the worst that is tried."""
    filled = table.index[table["delta"] == 0].tolist()
    last = len(table) - 1
    return [*filled, last] if filled and last > filled[0] else [last]


def moved(vq: Definition, table: pd.DataFrame, place: int) -> Claim | str:
    """Return by how much a handling moves the quota of those who answered: a share, or the two values."""
    first, row = table.iloc[0], table.iloc[place]
    who = _who(row, bool((table["label"] == DEAD).any()), vq.outcome_unit)
    per = f"{noun(vq)} per {vq.currency} {vq.per:,.0f}"
    if row["estimate"] > 0 and first["estimate"] > 0:
        return Claim(
            "change", per, row["estimate"] / first["estimate"] - 1, first=who, second=f"among {ALONE}"
        )
    ends = [wording.significant(one["estimate"]) for one in (first, row)]
    return f"Among {ALONE} {per} was {ends[0]}; {who} it is {ends[1]}."


def _who(row: pd.Series, dead: bool, unit: str) -> str:
    """Who counts in a row, and how, inside a sentence."""
    if pd.isna(row["delta"]):
        return "with deaths counted"
    worse = f"{-row['delta']:g} {unit} worse than others like them"
    who = f"with the missing {worse}" if row["delta"] else "with the missing filled in"
    return f"{who} and deaths counted" if dead else who


def outside(table: pd.DataFrame) -> str:
    """Return which handlings lie outside the range of those who answered: a change larger than chance's."""
    first = table.iloc[0]
    places = wording.decimals_for(first["low"], first["high"])
    low, high = (wording.number(first[end], places) for end in ("low", "high"))
    away = ~table["estimate"].between(first["low"], first["high"])
    reach = f"the range of those who answered alone ({low} to {high})"
    if not away.any():
        return f"Every handling stays inside {reach}."
    if away.iloc[1:].all():
        return f"No handling stays inside {reach}."
    names = [name.removeprefix("and ") for name in table.loc[away, "label"]]
    return f"Outside {reach}: {'; '.join(names)}."


def missing_answer(vq: Definition, table: pd.DataFrame) -> Result:
    """Return the answer of the page: how far the quota moves, without a count of people."""
    if table.empty or not table["n_missing"].iloc[0]:
        return Result("answer", says=[TOO_FEW if table.empty else NOBODY], role="answer")
    says = [*(moved(vq, table, place) for place in _told(table)[:1]), outside(table), _zero(table)]
    return Result("answer", says=says, role="answer")


def _zero(table: pd.DataFrame) -> str:
    """Which ranges hold nothing at all: a quota that chance alone could have made."""
    holds = (table["low"] <= 0) & (table["high"] >= 0)
    if not holds.any():
        return "No handling's range holds zero."
    if holds.all():
        return "Every handling's range holds zero."
    names = [name.removeprefix("and ") for name in table.loc[holds, "label"]]
    return f"The range holds zero for: {'; '.join(names)}."
