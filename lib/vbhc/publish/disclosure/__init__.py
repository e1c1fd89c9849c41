"""Withhold from a tidy frame what its disclosure policy hides: small counts and what rests on them.

When in doubt the rules here hide a cell too many.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from vbhc.publish.disclosure import layout, shares
from vbhc.publish.disclosure.counts import Counts, Target, close_pairs
from vbhc.publish.disclosure.layout import Marks, Rules, Sheet, count_columns
from vbhc.publish.disclosure.policies import Policy
from vbhc.publish.disclosure.resting import follows, hide_statistics
from vbhc.publish.disclosure.second import choose

__all__ = ["Disclosed", "count_columns", "disclose", "disclose_parts"]


@dataclass(frozen=True)
class Disclosed:
    """A frame that may be shown: hidden cells are missing in `frame` and True in `hidden`.

    `counts` are private: they never leave the executed notebook.
    """

    frame: pd.DataFrame
    hidden: pd.DataFrame
    log: list[dict] = field(default_factory=list)  # `column`, `cells`, `why` of each column; never a value
    counts: dict = field(default_factory=dict)  # the true ones, for the check over a whole report


def disclose(frame: pd.DataFrame, policy: Policy, **rules: Any) -> Disclosed:
    """Withhold what the policy does not let out of a tidy frame, which is left as it is.

    It has one row per group; numbers that are no counts are taken as statistics of the row. `rules` are as in
    `layout.Rules`.
    """
    shown = frame.copy()
    if not policy.protects:
        return Disclosed(shown, pd.DataFrame(False, index=shown.index, columns=shown.columns))
    table = _Table(Sheet(shown, Rules(**rules), policy))
    hidden = table.hide()
    if policy.rounds_to:
        table.round(hidden)
    texts = {c: marked & ~hidden[c] for c, marked in shares.show_texts(shown, policy).items()}
    log = shares.log_of(hidden, texts, table.sheet.people, policy)
    hidden |= {c: marked | hidden[c] for c, marked in texts.items()}
    for column, marked in hidden.items():
        if marked.any():
            shown[column] = shown[column].mask(marked)
    marks = pd.DataFrame(hidden, index=shown.index, columns=shown.columns)
    return Disclosed(shown, marks, log, table.private(frame, hidden))


class _Table:
    """One table on its way out: its counts, the counts that its shares give, and how they hang together."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet, self.policy = sheet, sheet.policy
        people = sheet.people
        self.ratios = shares.share_columns(sheet)
        self.implied = shares.implied_counts(sheet, self.ratios)
        self.pairs = shares.parts_of(sheet, self.ratios)
        self.wholes = {c: sheet.numbers[shares.whole_of(c, sheet) or ""] for c in self.implied}
        self.counts = {c: sheet.numbers[c] for c in people} | self.implied
        self.values = np.array([*self.counts.values()]).reshape(len(self.counts), len(sheet.frame)).T
        most = [sheet.rules.most.get(column, np.inf) for column in self.counts]
        self.most = np.where(self.values <= most, most, np.inf)  # more people are others
        pairs = layout.pair_lines(people, self.values)
        # Those who answered and those missing are everybody; nobody knows what a third count adds.
        paired = {line[0][0] for line in pairs if any(layout.counts_missing(people[c]) for _, c in line)}
        if {*people} in map(set, self.pairs):  # nor what a part and its whole add up to
            paired = {*range(len(self.values))}
        rows = layout.lines(sheet, len(self.implied))
        self.together = [line for line in rows if not (_is_row(line) and line[0][0] in paired)] + pairs
        # Whole and part that leaves too few of it, each as row and column.
        self.left: list[tuple[tuple[int, int], tuple[int, int]]] = []
        self.follows = follows(sheet, self.ratios, self.implied)

    def hide(self) -> Marks:
        """Mark small counts, what would reveal them, and what rests on them."""
        names, few = list(self.counts), self.policy.few_of
        hidden = {column: np.zeros(len(self.values), dtype=bool) for column in self.sheet.frame}
        small = {column: few(counts) for column, counts in self.counts.items()}
        for part, whole in self.pairs + [(c, shares.whole_of(c, self.sheet)) for c in self.implied]:
            rest = self.counts[whole] - self.counts[part]
            left = few(rest) & ((rest > 0) | (part in self.implied))
            if not self.policy.rounds_to:  # what two rounded counts leave is no count by itself
                small[part] |= left
            ends = names.index(whole), names.index(part)
            self.left += [((row, ends[0]), (row, ends[1])) for row in np.flatnonzero(left).tolist()]
        first = np.array([*small.values()], dtype=bool).reshape(self.values.T.shape).T
        first |= few((self.most - self.values).ravel()).reshape(first.shape) & (not self.policy.rounds_to)
        gone = self._with_second_cells(first)
        hidden |= {column: gone[:, place] for place, column in enumerate(names)}
        hide_statistics(self.sheet, hidden, small, self.follows)
        return hidden

    def _with_second_cells(self, small: np.ndarray) -> np.ndarray:
        """Return by row and column which counts are hidden."""
        flat, width = self.values.ravel(), self.values.shape[1]
        joined = np.zeros(len(small), dtype=bool) | self.sheet.rules.joined
        first, present = (small | joined[:, None]).ravel(), ~np.isnan(flat)
        targets: list[Target] = [{cell: 1} for cell in np.flatnonzero(small).tolist()]
        # Of people who are among those of other rows small differences count people too.
        for column in range(width) if self.sheet.rules.nested else ():
            cells = [cell for cell in np.flatnonzero(present & ~first).tolist() if cell % width == column]
            pairs = close_pairs(-flat[cells], self.policy.hides_up_to)  # the larger first
            near = [(cells[more], cells[less]) for more, less in pairs]
            self.left += [(divmod(more, width), divmod(less, width)) for more, less in near]
            targets += [{more: 1, less: -1} for more, less in near if not self.policy.rounds_to]
        if not targets:
            return first.reshape(small.shape)
        known = [[row * width + c for row, c in line if present[row * width + c]] for line in self.together]
        lines = [line for line in known if line]
        counts = Counts(np.where(present, flat, 0), first, lines, most=self.most.ravel())
        return choose(counts, self.policy, targets).hidden.reshape(small.shape)

    def round(self, hidden: Marks) -> None:
        """Round the counts (in place) and compute shares again from the rounded ones."""
        shares.round_counts(self.sheet, hidden)
        shares.share_again(self.sheet, hidden, self.ratios)
        shares.implied_again(self.sheet, self.implied, self.wholes)
        if not self.policy.keeps_intervals:
            shares.hide_intervals(self.sheet, hidden, {*self.ratios, *self.wholes, *self.sheet.rules.shares})

    def private(self, frame: pd.DataFrame, hidden: Marks) -> dict:
        """Return the true counts and how they hang together, for the check over a whole report."""
        names, sheet, base = list(self.counts), self.sheet, self.sheet.rules.base
        bases = base.values() if isinstance(base, Mapping) else (base,)
        return {
            "columns": list(map(str, names)),
            "labels": frame[sheet.labels].astype(str).replace(dict(sheet.rules.called)).to_numpy().tolist(),
            "totals": layout.total_rows(frame, sheet.labels).tolist(),
            "values": [[None if np.isnan(v) else v for v in row] for row in self.values.tolist()],
            "hidden": [[bool(hidden[c][row]) for c in names] for row in range(len(frame))],
            "lines": self.together,
            "left": self.left,
            "follows": self.follows,
            "implied": list(map(str, self.implied)),
            "most": {name: int(n) for name, n in sheet.rules.most.items()},
            "base": [column for column in sheet.people if column in bases],
        }


def _is_row(line: Sequence[tuple[int, int]]) -> bool:
    """Whether a line is two or three counts of one row; of four, two could be the parts of a third."""
    return len(line) < 4 and len({row for row, _ in line}) == 1


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
        if isinstance(rule, str):
            kept[name] = rule if rule in frame.columns else None
        elif isinstance(rule, Mapping) and name != "called":
            here = {a: b for a, b in rule.items() if a in frame.columns}
            kept[name] = {a: b for a, b in here.items() if not isinstance(b, str) or b in frame.columns}
        elif isinstance(rule, Sequence):
            kept[name] = tuple(column for column in rule if column in frame.columns)
        else:
            kept[name] = rule
    return kept
