"""The tie within each declared group, and had all answered; the answer of 03c."""

from functools import partial

import pandas as pd

from vbhc import cleaning, wording
from vbhc.chapters.perception.ties import inside, names, rating
from vbhc.chapters.perception.whom.depends import TIE, VALUE, standing
from vbhc.chapters.value.groups import FEWEST, association_by_groups
from vbhc.chapters.value.missing_data import association_if_answered
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.interval_figure import draw_intervals, height_of
from vbhc.publish.results import Drawing, Result, Table
from vbhc.study import Study


def within_groups(
    study: Study, patients: pd.DataFrame, frame: pd.DataFrame, ci_level: float = 0.95
) -> pd.DataFrame:
    """Return the rank correlation with the quota in every level of every declared group: see `groups`."""
    found = association_by_groups(study, patients, frame["answer"], frame["VQ"], ci_level)
    return found.dropna(subset="estimate").reset_index(drop=True)


def span(table: pd.DataFrame) -> str:
    """Return from which to which size estimates run.

    >>> span(pd.DataFrame({"estimate": [0.1, 0.3]})), span(pd.DataFrame({"estimate": [0.1, 0.1]}))
    ('lies from 0.10 to 0.30', 'is 0.10')
    """
    low, high = (wording.number(end) for end in (table["estimate"].min(), table["estimate"].max()))
    return f"is {low}" if low == high else f"lies from {low} to {high}"


def within_groups_shown(study: Study, vq: Definition, table: pd.DataFrame) -> Result | None:
    """Draw the tie in each group; nothing where no group has enough patients."""
    if table.empty:
        return None
    rows = table.assign(label=table["split"] + ": " + table["group"])[
        ["label", "estimate", "low", "high", "n"]
    ]
    low, high = (rows.loc[place] for place in (rows["estimate"].idxmin(), rows["estimate"].idxmax()))
    ends = (f"{wording.number(row['estimate'])} ({row['label']})" for row in (low, high))
    what = f"Rank correlation of {rating(study)} with {names(vq)['VQ']}"
    drawing = Drawing(
        rows,
        partial(draw_intervals, xlabel=what, told=()),
        title=f"Within groups the tie runs from {' to '.join(ends)}",
        caption=f"Groups of fewer than {FEWEST} patients with all values are left out.",
        alt=what,
        rules={"counts": ["n"], "base": "n"},
        **height_of(rows),
    )
    return Result("within-groups", drawing=drawing)


def if_all_answered(
    study: Study, patients: pd.DataFrame, vq: Definition, ci_level: float, n_imputations: int, seed: int
) -> pd.DataFrame:
    """Return the tie under each way of treating the missing: see `association_if_answered`."""
    columns = cleaning.load_columns(study)
    return association_if_answered(
        study, patients, columns, vq, ci_level, n_imputations=n_imputations, seed=seed
    )


def if_all_answered_shown(study: Study, vq: Definition, table: pd.DataFrame) -> Result | None:
    """Show how far the tie moves; nothing where nothing is missing or nothing can be filled in."""
    if table.empty or not table["n_missing"].any():
        return None
    tie = f"{rating(study)} with {names(vq)['VQ']}"
    away = table["low"].gt(0).sum() + table["high"].lt(0).sum()
    zero = _zero(away, len(table))
    said = f"However the missing are treated, the tie of {tie} {span(table)}; {zero}."
    made = Table(
        table.drop(columns="delta"),
        f"The tie of {tie} under other ways of treating the missing",
        labels={"n_missing": "Incomplete"},
        notes=[f"Shifted: by so many {vq.outcome_unit}. Pooled by Rubin's rules on Fisher's z."],
        rules={"shares": {}},
    )
    counts = [*table["n"], *table["n_missing"]]
    return Result("if-answered", says=[said], table=made, counts=counts)


def _zero(away: int, ways: int) -> str:
    if away in (0, ways):
        return f"{'no' if away else 'every'} interval holds zero"
    return f"{away} of the {ways} intervals leave zero out"


def whom_answer(
    study: Study, vq: Definition, compared: pd.DataFrame, within: pd.DataFrame, alpha: float = 0.05
) -> Result:
    """Return whether value or tie differ by place, severity or time, and how far groups spread."""
    quota = names(vq)["VQ"]
    if compared.empty:
        said = f"For whom {quota} goes with {rating(study)} cannot be said: no group has enough patients."
        return Result("answer", says=[said], role="answer")
    stand, looked = standing(compared, alpha), wording.listing(_splits(compared), "or")
    spread = f"Within the groups declared the tie {span(within)}." if len(within) else ""
    if stand.empty:
        first = (
            f"Whether {quota}, or its tie with {rating(study)}, differs by {looked} is undecided: no "
            "comparison stands after correction."
        )
        return Result("answer", says=[first, spread], role="answer")
    subjects = {VALUE: quota, TIE: f"its tie with {rating(study)}"}
    parts = [
        f"{subjects[what]} differs by {wording.listing(_splits(rows))}"
        for what, rows in stand.groupby("what", sort=False)
    ]
    return Result("answer", says=[f"After correction {wording.listing(parts)}.", spread], role="answer")


def _splits(rows: pd.DataFrame) -> list[str]:
    """What was compared, by name, each once."""
    return [inside(split) for split in dict.fromkeys(rows["split"])]
