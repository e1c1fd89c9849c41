"""How the tables and figures of a chapter are laid out: captions, labels and rules stand in its `layout.yml`.

It names the fields of `publish.results.Table` and `Drawing` by the name of the result, with {words} that the
chapter fills in. `xlabel`, `zero` and the like go to the function that draws.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any

import pandas as pd

from vbhc import shipped
from vbhc.publish.interval_figure import interval_drawing
from vbhc.publish.results import Drawing, Table

NONE: Mapping[str, Any] = MappingProxyType({})


def laid_out(beside: str) -> tuple[Callable[..., Table], Callable[..., Drawing], Callable[..., Drawing]]:
    """Return `table`, `drawing` and `intervals` as the `layout.yml` beside a module (`__file__`) has them."""
    plans = shipped.tree(beside, "layout.yml")
    return partial(table, plans), partial(drawing, plans), partial(intervals, plans)


def table(
    plans: Mapping[str, Any],
    name: str,
    frame: pd.DataFrame,
    words: Mapping = NONE,
    rules: Mapping = NONE,
    notes: Sequence[str] = (),
) -> Table:
    """Return a table as `name` is laid out, `words` put into its texts, with more rules and notes.

    Raises
    ------
    KeyError
        If nothing of this name is laid out, or a text of it asks for a word that is not given.
    """
    plan = _filled(plans[name], words)
    plan |= {"rules": {**plan.get("rules", {}), **rules}, "notes": [*plan.get("notes", []), *notes]}
    return Table(frame, **plan)


def drawing(
    plans: Mapping[str, Any],
    name: str,
    data: pd.DataFrame | Mapping[str, pd.DataFrame],
    draw: Callable,
    title: Any,
    words: Mapping = NONE,
    **fields: Any,
) -> Drawing:
    """Return a figure as `name` is laid out.

    `fields` are those of `Drawing` as given; `rules` are added to those laid out, `rows` make it higher.
    """
    plan, rows = _filled(plans[name], words), fields.pop("rows", 0)
    rules = {**plan.get("rules", {}), **fields.pop("rules", {})}
    if "xlabel" in plan:
        draw = partial(draw, xlabel=plan.pop("xlabel"))
    for height in {"height", "narrow_height"} & set(plan):
        least, each = plan[height]
        plan[height] = least + each * rows
    return Drawing(data, draw, title, **{**plan, **fields, "rules": rules})


def intervals(
    plans: Mapping[str, Any], name: str, rows: pd.DataFrame, title: Any, words: Mapping = NONE, **fields: Any
) -> Drawing:
    """Return estimates with their intervals as `name` is laid out; `fields` are those of `interval_drawing`.

    Without words of its own for who cannot see it the figure is what its axis says.
    """
    plan = _filled(plans[name], words)
    return interval_drawing(rows, title, **{"alt": plan.get("xlabel"), **plan, **fields})


def _filled(part: Any, words: Mapping) -> Any:
    """Return a layout with the words in all of its texts."""
    if isinstance(part, dict):
        return {key: _filled(value, words) for key, value in part.items()}
    if isinstance(part, list):
        return [_filled(value, words) for value in part]
    return part.format_map(words) if isinstance(part, str) else part
