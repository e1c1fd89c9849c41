"""The tie of what patients say with the quota within each declared group."""

from __future__ import annotations

from functools import partial

import pandas as pd

from vbhc import wording
from vbhc.chapters.perception.frames import names, rating
from vbhc.chapters.value.groups import FEWEST, association_by_groups
from vbhc.chapters.value.quota.declared import Definition
from vbhc.publish.interval_figure import alt_intervals, draw_intervals, height_of
from vbhc.publish.results import Drawing, Result
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
        alt=partial(alt_intervals, what=what),
        rules={"counts": ["n"], "base": "n"},
        **height_of(rows),
    )
    return Result("within-groups", drawing=drawing)
