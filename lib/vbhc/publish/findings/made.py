"""What a finding is: a dict with a safe id, and a frame that may become one."""

import re
from collections.abc import Mapping
from typing import Any

import pandas as pd

from vbhc.problems import did_you_mean
from vbhc.publish.findings.visible import all_visible, visible

ROLES = ("answer", "finding", "limit")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Finding(dict):
    """A finding as a dict. As the last value of a cell it shows nothing more: the door has shown it."""

    def _ipython_display_(self) -> None:
        return None


def finding(id: str, kind: str, role: str, withheld: list[dict], **more: Any) -> Finding:
    """Return a finding; its log names columns as they look.

    Raises
    ------
    ValueError
        If the id could not be a link and a file name, or the role is unknown.
    """
    if not _ID.fullmatch(id):
        raise ValueError(f"id {id!r}: use lower-case words joined by hyphens, such as 'gain-by-arm'")
    if role not in ROLES:
        raise ValueError(f"unknown role {role!r}; {did_you_mean(role, ROLES)}")
    return Finding(id=id, kind=kind, role=role, withheld=all_visible(withheld), **more)


def declared_things(rules: Mapping) -> list[str]:
    """Return the columns that were declared to count things or to describe rows."""
    return [str(column) for name in ("not_people", "keep") for column in rules.get(name, ())]


def flat(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame whose named index is a column, with texts as they look; several header rows are refused."""
    if frame.columns.nlevels > 1:
        raise ValueError("one header row, please: flatten the columns first")
    named = any(name is not None for name in frame.index.names)
    frame = frame.reset_index(drop=not named)
    for place, column in enumerate(frame.columns):
        cells = frame.iloc[:, place]
        seen = [visible(cell) if isinstance(cell, str) else cell for cell in cells]
        if seen != cells.tolist() and any(isinstance(cell, str) for cell in seen):
            kept = None if isinstance(cells.dtype, pd.CategoricalDtype) else cells.dtype
            frame[column] = pd.Series(seen, index=frame.index, dtype=kept)
    return frame


def check_no_key(frame: pd.DataFrame, key: str) -> None:
    """Refuse a frame that holds the column which identifies people."""
    if key in map(str, frame.columns):
        raise ValueError(f"{key!r} identifies people and never passes; aggregate the rows first")


def check_heading(frame: pd.DataFrame, by: str) -> None:
    """Refuse a column of headings that the table has not, or whose rows do not stand together."""
    if not by:
        return
    if by not in frame.columns:
        raise ValueError(f"no column {by!r} in the table; {did_you_mean(by, list(frame.columns))}")
    heads = frame[by].astype(str)
    starts = heads[heads != heads.shift()]
    if starts.duplicated().any():
        raise ValueError(
            f"rows of {by} {starts[starts.duplicated()].iloc[0]!r} do not stand together: sort them"
        )
