"""A result that knows how to be shown: what it says, its table, its drawing, and who is counted.

A chapter's function returns one; `door.show(result)` does the rest. Labels, digits and what the policy
protects follow from the vocabulary of result columns; what is special to one table stands in its `rules`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from vbhc.publish.claims import Claim
from vbhc.publish.counted import Counted
from vbhc.publish.either import either

__all__ = ["Claim", "Counted", "Drawing", "Result", "Table", "either"]  # all that a chapter returns
WIDE, NARROW = 7.0, 3.6  # inches: a page's column, a phone


@dataclass(frozen=True)
class Table:
    """A tidy table whose columns stand in the vocabulary or in the study's dictionary.

    Parameters
    ----------
    frame : DataFrame
        The first column names the row.
    caption : str
        One line that says what it shows.
    by : str
        Column that stands as a heading over its rows.
    labels : mapping
        Where a column is called otherwise than in the vocabulary.
    notes : sequence of str
        What has to be known to read it.
    rules : mapping
        What is special about its protection: `behind`, `base`, `shares`, `keep`, `parts`, `nested`,
        `contributions`, `counts`, `not_people`, `decimals` as in `Door.table`. `protected` and `open` are
        further rules for where people are protected and where nobody is; `drop` among them names columns
        that are left out.
    """

    frame: pd.DataFrame
    caption: str
    by: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[str] = ()
    rules: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Drawing:
    """A figure, drawn twice by one function: as wide as a page, and for a phone.

    Parameters
    ----------
    data : DataFrame or mapping of them
        Everything that it shows, in aggregated rows.
    draw : callable
        `draw(data, ax)` (with `panels` an array of axes); `figure_style.is_narrow(ax)` tells which one it
        draws. It sets no title and uses nothing but `data`.
    title : str, Claim or callable
        The finding in one sentence, from the disclosed data where callable; it stands over the figure.
    caption : str or callable
        What is drawn and how to read it.
    alt : str or callable
        What the rows of the data are, as a noun: `alt_text` tells the rows. A callable returns all of it.
    height, narrow_height : float
        Inches, at a width of 7 and of 3.6.
    panels, narrow_panels : (int, int)
        Rows and columns of axes.
    key : bool
        Whether it stands for its page on the index.
    rules : mapping
        As for `Table`; `counts=()` where no row stands for people, `single_people=True` where each does,
        `undrawn=True` where counts are in the data and not in the drawing: a policy that protects drops them.
        `sparse` names the count of which empty rows are left out: one that protects leaves out few too.
        `bins` names the frame ("" the only one) that is a histogram: one that protects makes neighbours that
        it withholds one bin.
    """

    data: pd.DataFrame | Mapping[str, pd.DataFrame]
    draw: Callable
    title: Any
    alt: str | Callable
    caption: str | Callable = ""
    height: float = 3.0
    narrow_height: float = 3.6
    panels: tuple[int, int] = (1, 1)
    narrow_panels: tuple[int, int] | None = None
    key: bool = False
    rules: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Result:
    """What one step of a chapter found.

    Parameters
    ----------
    id : str
        Lower-case words joined by hyphens; sentence, table and figure of a result share it.
    says : sequence of Claim or str
        What it says, in order; a text is for what is no claim about a number's size. Empty texts say nothing.
        What differs where people are protected is given both ways (`either`): a text or part of one, also in
        a cell, a claim, `table`, `drawing`, the data of either, a whole result.
    counted : Counted, optional
        Who is in the table and the figure; a claim carries its own.
    role : str
        "answer", "finding" or "limit".
    counts : sequence
        Counts of people that a text of `says` gives, as for `Door.sentence`.
    """

    id: str
    says: Sequence[Claim | str] = ()
    table: Table | None = None
    drawing: Drawing | None = None
    counted: Counted | None = None
    role: str = "finding"
    counts: Sequence[Any] = ()
