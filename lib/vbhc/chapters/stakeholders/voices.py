"""Single voices: who raised which code, on a map without names, and what some of them said."""

import textwrap
from collections.abc import Mapping
from functools import partial

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from matplotlib.transforms import Affine2D

from vbhc.chapters.stakeholders.heard import Heard, people
from vbhc.chapters.stakeholders.layout import drawing, table
from vbhc.publish import quotations
from vbhc.publish.alt_text import alt_text
from vbhc.publish.disclosure.policies import OPEN, Policy
from vbhc.publish.figure_style import is_narrow, listed, nothing_to_draw
from vbhc.publish.results import Result, either
from vbhc.study import Study
from vbhc.wording import listing, number, percent

PALE, DARK = "#E8E8E8", "#1F3A5F"


def voices(heard: Heard) -> Result:
    """Show who raised which code, a column for each interviewee; no name, and no order of interviews."""
    cells, draw = presence_cells(heard.presence, heard.groups), partial(draw_presence, labels=heard.labels)
    drawn = drawing("map", cells, draw, _title, rows=len(heard.presence.columns), alt=_in_words)
    return Result("map", says=[raised_sentence(heard.presence, heard.groups, heard.policy)], drawing=drawn)


def _in_words(cells: pd.DataFrame) -> str:
    sums = cells.groupby(["code", "group"], sort=False)["raised"].agg(k="sum", n="size").reset_index()
    return alt_text(sums, "Interviewees who raise each code, by group")


def _title(cells: pd.DataFrame) -> str:
    if cells.empty:
        return "No interviewee has a group"
    return f"{percent(cells['raised'].astype(float).mean())} of all pairs of code and interviewee are filled"


def presence_cells(presence: pd.DataFrame, groups: pd.Series) -> pd.DataFrame:
    """Return one row per code and interviewee for a map, without names.

    Interviewees stand by group and, inside it, by how many codes they raise: their number says nothing about
    who they are or when they were interviewed.

    Returns
    -------
    DataFrame
        `code, group, position` (1 is leftmost), `raised` (bool). Interviewees without a group are left out.
    """
    columns = ["code", "group", "position", "raised"]
    labels = groups.reindex(presence.index).dropna()
    used = presence.loc[labels.index].astype(bool)
    if used.empty:
        return pd.DataFrame(columns=columns)
    profile = used.astype(int).astype(str).agg("".join, axis=1)
    rank = pd.Series(pd.factorize(labels)[0], labels.index)
    keys = pd.DataFrame({"group": rank, "raised": -used.sum(axis=1), "profile": profile})
    order = keys.sort_values(["group", "raised", "profile"], ascending=[True, True, False]).index
    sorted_people = used.loc[order].assign(group=labels, position=range(1, len(order) + 1))
    return sorted_people.melt(["group", "position"], var_name="code", value_name="raised")[columns]


def raised_sentence(presence: pd.DataFrame, groups: pd.Series, policy: Policy = OPEN) -> str:
    """Return how many codes an interviewee raises, as the medians of all and of each group.

    Parameters
    ----------
    presence : DataFrame of bool
        Interviewees x codes.
    groups : Series
        Group by interviewee.
    policy : Policy, optional
        Medians with too few interviewees on one side of them are left out.
    """
    if presence.empty:
        return "Nobody was interviewed, or no code is looked at."
    sums = presence.astype(bool).sum(axis=1)
    if policy.hides(len(sums) // 2):
        return ""
    parts = sums.groupby(groups.reindex(presence.index), sort=False)
    large = [(name, own) for name, own in parts if not policy.hides(len(own) // 2)]
    medians = [f"{number(own.median(), 1)} for {people(str(name))}" for name, own in large]
    by_group = f" ({listing(medians)})" if len(medians) > 1 else ""
    return f"The median interviewee raises {number(sums.median(), 1)} of {presence.shape[1]} codes{by_group}."


def draw_presence(cells: pd.DataFrame, ax: Axes, labels: Mapping[str, str]) -> Axes:
    """Draw a map of codes by interviewees (`presence_cells`); a line parts the groups."""
    if cells.empty:
        return nothing_to_draw(ax, "No interviewee has a group.")
    codes = list(dict.fromkeys(cells["code"]))
    wide = cells.pivot(index="code", columns="position", values="raised").reindex(codes)
    height, width = wide.shape
    ax.add_patch(Rectangle((0.5, -0.5), width, height, color=PALE, linewidth=0))
    # one path for all cells: a path for each would fill half the page
    filled, unit = np.argwhere((wide.astype(float) == 1).to_numpy()), Path.unit_rectangle()
    squares = [unit.transformed(Affine2D().translate(x + 0.5, y - 0.5)) for y, x in filled]
    if squares:
        ax.add_patch(PathPatch(Path.make_compound_path(*squares), facecolor=DARK, linewidth=0))
    ax.vlines(np.arange(1, width) + 0.5, -0.5, height - 0.5, color="white", linewidth=0.8)
    ax.hlines(np.arange(height - 1) + 0.5, 0.5, width + 0.5, color="white", linewidth=0.8)
    ax.set_xlim(0.5, width + 0.5)
    full = [textwrap.fill(labels.get(code, code), 44) for code in codes]
    short = [textwrap.fill(code, 16) for code in codes]  # full names would leave no room for the width
    listed(ax, short if is_narrow(ax) else full, fontsize=8.2)
    for row, k in enumerate(wide.sum(axis=1, skipna=False).dropna().astype(int)):
        ax.annotate(str(k), (width + 0.7, row), va="center", fontsize=8.2, annotation_clip=False)
    _name_groups(ax, cells)
    return ax


def _name_groups(ax: Axes, cells: pd.DataFrame) -> None:
    """Part the groups of a map by lines, and name each under its columns."""
    place = cells.drop_duplicates("position").sort_values("position")
    bounds = place.groupby("group", sort=False)["position"].agg(["min", "max", "size"])
    for low in bounds["min"].iloc[1:]:
        ax.axvline(low - 0.5, color="black", linewidth=1.5)
    names = [f"{group}\n(n = {size})" for group, size in bounds["size"].items()]
    ax.set_xticks(bounds[["min", "max"]].mean(axis=1), names)
    ax.tick_params(length=0)
    ax.set_xlabel("Interviewees by group")


def in_their_words(
    study: Study, heard: Heard | None, k: int = quotations.K, codes: pd.DataFrame | None = None, most: int = 3
) -> Result | None:
    """Show quotations that the study lists and the gate lets pass; None where it lists none.

    Parameters
    ----------
    k : int
        How many interviewees must share what is told of a speaker.
    codes : DataFrame, optional
        From `codes_compared`: of more than `most` quotations those on the widest gaps are taken.
    """
    if heard is None:
        return None
    k = max(k, heard.policy.hides_up_to + 1)
    listed = quotations.published(study, heard.coded, k)
    if listed.empty:
        return None
    told = [name for name in listed if name not in quotations.COLUMNS]
    frame = listed[["id", "code", "said"]]
    if told:
        frame = frame.assign(speaker=listed[told].astype(str).agg(", ".join, axis=1))
    if len(listed) <= most:
        says = [quotations.quotations_sentence(listed, heard.coded, study)]
        return Result("quotations", says=says, table=table("quotations", frame, {"k": k}))
    group = study.config.interviews.group
    # an order by gaps tells of withheld counts
    chosen = (_of_widest_gaps(listed, known, most, group) for known in (codes, None))
    shown = either(*(frame.loc[one.index] for one in chosen))
    return Result("quotations", table=table("quotations", shown, {"k": k}))


def _of_widest_gaps(listed: pd.DataFrame, codes: pd.DataFrame | None, most: int, group: str) -> pd.DataFrame:
    """Return a few quotations, each on another code: the groups take turns where their names may be told."""
    gap = {} if codes is None or codes.empty else codes.set_index("label")["estimate"].abs().to_dict()
    order = listed["code"].map(gap).fillna(0).sort_values(ascending=False, kind="stable").index
    rest = listed.loc[order].drop_duplicates("code")
    turn = rest.groupby(group).cumcount() if group in rest else pd.Series(0, rest.index)
    return rest.loc[turn.sort_values(kind="stable").index].head(most)
