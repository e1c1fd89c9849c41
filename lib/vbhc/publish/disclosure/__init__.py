"""Withhold from a tidy frame what its disclosure policy hides: small counts and what rests on them.

Hidden cells become missing and are named in a mask, so that "withheld" and "missing" stay two things. When in
doubt the rules here hide a cell too many.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from vbhc.publish.disclosure.cells import hide_cells, too_close
from vbhc.publish.disclosure.layout import (
    count_columns,
    label_columns,
    lines,
    pair_lines,
    share_lines,
    total_rows,
)
from vbhc.publish.disclosure.policies import Policy
from vbhc.publish.disclosure.resting import Rests, follows, hide_statistics
from vbhc.publish.disclosure.shares import (
    implied_again,
    implied_counts,
    parts_of,
    share_again,
    share_columns,
    whole_of,
)
from vbhc.publish.disclosure.showing import log_of, round_counts, show_texts

__all__ = ["Disclosed", "count_columns", "disclose", "disclose_parts"]


@dataclass(frozen=True)
class Disclosed:
    """A frame that may be shown: hidden cells are missing in `frame` and True in `hidden`.

    `log` says what was withheld and why, one dict per column: `column`, `cells`, `why`; never a value.
    `counts` holds the true counts and how they hang together, for the check over a whole report. It is
    private: it never leaves the executed notebook.
    """

    frame: pd.DataFrame
    hidden: pd.DataFrame
    log: list[dict] = field(default_factory=list)
    counts: dict = field(default_factory=dict)


def disclose(
    frame: pd.DataFrame,
    policy: Policy,
    *,
    counts: Sequence[str] = (),
    base: str | Mapping[str, str] | None = None,
    shares: Mapping[str, str] | None = None,
    keep: Sequence[str] = (),
    not_people: Sequence[str] = (),
    parts: bool = True,
    nested: bool = False,
    contributions: Mapping[str, Any] | None = None,
    places: int | Mapping[str, int | Sequence[int]] | None = None,
) -> Disclosed:
    """Withhold what the policy does not let out of a tidy frame.

    Parameters
    ----------
    frame : DataFrame
        One row per group; numeric columns that are no counts are taken as statistics of the row.
    counts : sequence of str
        Columns that count people (columns called `n`, `n_missing`, `count` ... are added).
    base : str or mapping, optional
        The count behind the row's statistics (or statistic -> count). Without it a statistic is withheld
        when any count of its row is.
    shares : mapping, optional
        Percent column -> the count it is a share of; hidden whenever that count is.
    keep : sequence of str
        Numeric columns that describe the row and no person: a year, the edge of a bin.
    not_people : sequence of str
        Columns called like a count that count things (items, definitions).
    parts : bool
        Whether the rows of a count column may be parts of one whole whose total is known. Then a cell that
        is hidden alone takes a second one with it, since a subtraction would reveal it. Rows that share
        their first labels ("Age band") are parts of a whole of their own.
    nested : bool
        Whether the rows count people who are among those of earlier rows (a participant flow), not parts of
        one whole. Then two counts that differ by too few people are not both shown.
    contributions : mapping, optional
        Sum or mean column -> the values that it was computed from, for policies that ask whether one or two
        people make up nearly all of it: per row, by the row's label, or `patients.groupby("arm")["cost"]`
        (see `dominance.values_behind`).
    places : int or mapping, optional
        Decimals to which shares are shown. A share of a known count gives a count itself ("2.5% of 40"),
        unless so few decimals are shown that it could be any of several.

    Returns
    -------
    Disclosed
        The input is left as it is.
    """
    shown = frame.copy()
    hidden = pd.DataFrame(False, index=shown.index, columns=shown.columns)
    if not policy.protects:
        return Disclosed(shown, hidden)
    rests = Rests(base, shares, (*keep, *not_people), contributions)
    table = _Table(shown, policy, rests, count_columns(shown, counts, not_people), places, parts, nested)
    table.hide(hidden)
    if policy.rounds_to:
        table.round(hidden)
    texts = show_texts(shown, policy) & ~hidden
    log = log_of(hidden, texts, table.people, policy)
    hidden |= texts
    for column in shown.columns[hidden.any()]:
        shown[column] = shown[column].mask(hidden[column])
    return Disclosed(shown, hidden, log, table.private(frame, hidden))


class _Table:
    """One table on its way out: its counts, the counts that its shares give, and how they hang together."""

    def __init__(
        self,
        frame: pd.DataFrame,
        policy: Policy,
        rests: Rests,
        people: list[str],
        places: int | Mapping[str, int | Sequence[int]] | None,
        parts: bool,
        nested: bool,
    ) -> None:
        self.frame, self.policy, self.rests, self.people, self.nested = frame, policy, rests, people, nested
        self.labels = label_columns(frame, people, rests.keep)
        self.ratios = share_columns(frame, people, rests)
        self.implied = implied_counts(frame, people, rests, places, policy)
        self.pairs = parts_of(frame, people, self.ratios)
        self.wholes = {c: frame[whole_of(c, people, rests)].astype(float) for c in self.implied.columns}
        self.values = pd.concat([frame[people].astype(float), self.implied], axis=1)
        blocks = parts and not nested
        pairs = pair_lines(frame[people].astype(float))
        # Who answered and who did not are everybody; nobody knows what a third count beside them adds up to.
        paired = {row for (row, _), _ in pairs}
        rows = lines(frame, people, self.labels, blocks)
        self.together = [line for line in rows if not (_is_triple(line) and line[0][0] in paired)] + pairs
        if blocks:
            self.together += share_lines(frame, len(people), len(self.values.columns), self.labels)
        self.follows = follows(frame, people, self.labels, rests, self.ratios, self.implied.columns)

    def hide(self, hidden: pd.DataFrame) -> None:
        """Mark (in place) small counts, what would reveal them, and what rests on them."""
        small = self.values.map(self.policy.hides).astype(bool)
        for column, whole in self.wholes.items():
            if not self.policy.rounds_to:
                small[column] |= (whole - self.implied[column]).map(self.policy.hides).astype(bool)
        for part, whole in self.pairs if not self.policy.rounds_to else ():
            rest = (self.values[whole] - self.values[part]).astype(float)
            small[part] |= (rest > 0) & rest.map(self.policy.hides).astype(bool)
        names = self.values.columns
        hidden[names] = hide_cells(self.values, small, self.together, self.policy)
        if self.nested and not self.policy.rounds_to:
            limit = self.policy.hides_up_to
            hidden[self.people] |= too_close(self.values[self.people], hidden[self.people], limit)
        few = small[self.people]
        hide_statistics(
            self.frame, hidden, few, self.people, self.labels, self.rests, self.policy, self.follows
        )

    def round(self, hidden: pd.DataFrame) -> None:
        """Round the counts (in place) and compute shares again from the rounded ones."""
        round_counts(self.frame, hidden, self.people, self.labels, self.policy)
        share_again(self.frame, hidden, self.ratios, self.policy)
        implied_again(self.frame, hidden, self.implied, self.wholes, self.policy)

    def private(self, frame: pd.DataFrame, hidden: pd.DataFrame) -> dict:
        """Return the true counts and how they hang together, for the check over a whole report."""
        names = list(self.values.columns)
        return {
            "columns": list(map(str, names)),
            "labels": [[str(cell) for cell in row] for row in frame[self.labels].to_numpy().tolist()],
            "totals": total_rows(frame, self.labels).tolist(),
            "values": [[None if np.isnan(v) else v for v in row] for row in self.values.to_numpy().tolist()],
            "hidden": hidden[names].to_numpy().tolist(),
            "lines": self.together,
            "follows": self.follows,
            "implied": list(map(str, self.implied.columns)),
            "base": [column for column in self.people if self.rests.is_base(column)],
        }


def _is_triple(line: Sequence[tuple[int, int]]) -> bool:
    """Whether a line is the three counts of one row; of four, two could be the parts of a third."""
    return len(line) == 3 and len({row for row, _ in line}) == 1


def disclose_parts(
    frames: Mapping[str, pd.DataFrame], policy: Policy, *, counts: Sequence[str], **rules: Any
) -> dict[str, Disclosed]:
    """Apply `disclose` to the frames behind one figure; a rule counts where its columns stand.

    Raises
    ------
    ValueError
        If a count column stands in none of them: what rests on how many people must be said.
    """
    for column in counts:
        if not any(column in frame.columns for frame in frames.values()):
            raise ValueError(
                f"the figure's data has no count column {column!r}: name the one that holds the people "
                "behind each row with counts=(...), or say counts=() where no row stands for people"
            )
    return {
        name: disclose(frame, policy, **_here(frame, {**rules, "counts": counts}))
        for name, frame in frames.items()
    }


def _here(frame: pd.DataFrame, rules: Mapping) -> dict:
    """The rules whose columns this frame has."""
    kept: dict = {}
    for name, rule in rules.items():
        if name == "contributions":
            kept[name] = {column: values for column, values in rule.items() if column in frame.columns}
        elif isinstance(rule, str):
            kept[name] = rule if rule in frame.columns else None
        elif isinstance(rule, Mapping):
            kept[name] = {a: b for a, b in rule.items() if a in frame.columns and b in frame.columns}
        elif isinstance(rule, Sequence):
            kept[name] = tuple(column for column in rule if column in frame.columns)
        else:
            kept[name] = rule
    return kept
