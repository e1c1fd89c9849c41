"""The one door out: sentences, tables and figures that may be published.

A notebook shows whatever it likes to its analyst; only what passes here reaches a report. Each call applies
the study's disclosure policy, shows the result in the notebook and marks the output (`findings.marks`). In
plain Python nothing is shown; the finding is returned either way.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from vbhc.disclosure import Disclosed, count_columns, disclose, disclose_parts
from vbhc.disclosure.policies import MARK, Policy, get_policy
from vbhc.disclosure.said import may_show, withheld_text
from vbhc.findings import marks
from vbhc.findings.table_html import table_html
from vbhc.findings.table_text import describe_columns, stack, write_cells, write_csv
from vbhc.problems import did_you_mean
from vbhc.study import Study

ROLES = ("answer", "finding", "limit")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


class Finding(dict):
    """A finding as a dict. As the last value of a cell it shows nothing more: the door has shown it."""

    def _ipython_display_(self) -> None:
        return None


@dataclass(frozen=True)
class Door:
    """The way out of one notebook of one study; see `door`."""

    study: Study
    notebook: str
    policy: Policy

    def sentence(
        self,
        id: str,
        text: str,
        *,
        counts: float | Iterable = (),
        role: str = "finding",
        values: Mapping[str, Any] | None = None,
    ) -> Finding:
        """Publish a computed sentence.

        Parameters
        ----------
        id : str
            Lower-case words joined by hyphens, unique among the notebook's sentences; it becomes the link.
        text : str
            Plain text; it is escaped wherever it is shown.
        counts : iterable
            Counts of people that the text gives; a pair (part, whole) also guards what is left over.
            "n = 12" and "12 of 248" in the text are found without being named.
        role : str
            "answer" (stands at the top of the page), "finding" or "limit".
        values : mapping, optional
            The numbers behind the text, for the summary and for comparing runs.
        """
        if role not in ROLES:
            raise ValueError(f"unknown role {role!r}; {did_you_mean(role, ROLES)}")
        counts = [counts] if pd.api.types.is_number(counts) else list(counts)
        shown = may_show(text, self.policy, counts)
        gone = {"column": "text", "cells": 1, "why": "it gives a count of too few people"}
        finding = self._finding(
            id,
            "sentence",
            role,
            [gone] if shown is None else [],
            text=withheld_text(self.policy) if shown is None else shown,
            values={} if shown is None else self._values(values or {}),
        )
        return self._show(finding, {"text/html": f"<p>{escape(finding['text'])}</p>"}, finding["text"])

    def table(
        self,
        id: str,
        frame: pd.DataFrame,
        caption: str,
        *,
        counts: Sequence[str] = (),
        labels: Mapping[str, str] | None = None,
        units: Mapping[str, str] | None = None,
        notes: Sequence[str] = (),
        decimals: int | Mapping[str, int] = 2,
        **rules,
    ) -> Finding:
        """Publish a tidy table; the first column names the row.

        Parameters
        ----------
        frame : DataFrame
            A named index becomes the first column, an unnamed one is left out.
        caption : str
            One line that says what the table shows.
        counts : sequence of str
            Columns that count people.
        labels, units : mapping
            By column; the study's dictionary fills the gaps.
        decimals : int or mapping
            Decimal places of numbers that are not whole.
        **rules
            `base`, `shares`, `keep`, `not_people`, `parts`, `nested`, `contributions`: what each statistic
            rests on, and how the counts hang together, as in `disclosure.disclose`.
        """
        frame = _flat(frame)
        self._no_identifiers(frame)
        disclosed = disclose(frame, self.policy, counts=counts, **rules)
        whole = count_columns(frame, counts, rules.get("not_people", ()))
        columns = describe_columns(frame, labels or {}, units or {}, self.study.dictionary)
        cells = write_cells(disclosed, whole, decimals)
        finding = self._finding(
            id,
            "table",
            "finding",
            disclosed.log,
            caption=self._guard(caption),
            columns=columns,
            cells=cells,
            notes=[*(self._guard(note) for note in notes), *self._star_note(disclosed)],
            csv=write_csv(map(str, frame.columns), cells),
        )
        plain = disclosed.frame.astype("object").mask(disclosed.hidden, MARK).to_string(index=False)
        shown = {"text/html": table_html(finding, styled=True)}
        return self._show(finding, shown, plain, [disclosed.counts])

    def figure(
        self,
        id: str,
        data: pd.DataFrame | Mapping[str, pd.DataFrame],
        draw: Callable,
        caption: str | Callable,
        alt: str | Callable,
        *,
        counts: Sequence[str] = ("n",),
        size: tuple[float, float] = (7, 4),
        panels: tuple[int, int] = (1, 1),
        key: bool = False,
        single_people: bool = False,
        **rules,
    ) -> Finding:
        """Publish a figure, drawn from what the policy leaves of its data.

        Parameters
        ----------
        data : DataFrame or mapping of them
            Everything the figure shows, in aggregated rows; withheld cells arrive in `draw` as missing.
        draw : callable
            `draw(data, ax)`; with `panels` other than (1, 1) `ax` is an array. Its return is ignored.
        caption, alt : str or callable
            A callable gets the disclosed data. `alt` says in words what the picture shows.
        counts : sequence of str
            Columns that count people. `()` says that no row of the data stands for people.
        key : bool
            Whether this is the figure at the top of the page.
        single_people : bool
            Whether a row of the data is one person, named or not. A policy that protects people then
            withholds the whole figure, and a sentence says so.
        **rules
            As for `table`.

        Raises
        ------
        ValueError
            Without alt text, without the count columns named, or with the study's key column in the data.
        """
        if single_people and self.policy.protects:
            return self._withheld_figure(id)
        many = isinstance(data, Mapping)
        frames = {name: _flat(frame) for name, frame in data.items()} if many else {"": _flat(data)}
        for frame in frames.values():
            self._no_identifiers(frame)
        shown = disclose_parts(frames, self.policy, counts=counts, **rules)
        open_data = {name: one.frame for name, one in shown.items()} if many else shown[""].frame
        texts = [text(open_data) if callable(text) else text for text in (caption, alt)]
        if not texts[1].strip():
            raise ValueError(f"figure {id!r} has no alt text; say in words what it shows")
        salt = f"{self.study.name}-{self.notebook}-{id}"
        from vbhc.findings.drawing import draw_svg  # imported late: only figures need matplotlib

        svg = draw_svg(draw, open_data, salt=salt, size=size, panels=panels, guard=self._may_stand)
        header, cells = stack(shown, counts, rules.get("not_people", ()))
        finding = self._finding(
            id,
            "figure",
            "finding",
            [entry for one in shown.values() for entry in one.log],
            caption=self._guard(texts[0]),
            alt=self._guard(texts[1]),
            key=key,
            svg_sha256=marks.text_sha256(svg),
            csv=write_csv(header, cells),
        )
        self._show(finding, {"image/svg+xml": svg}, finding["alt"], [one.counts for one in shown.values()])
        marks.show(
            {"text/html": f"<p><em>{escape(finding['caption'])}</em></p>", "text/plain": finding["caption"]},
            {},
        )
        return finding

    def _withheld_figure(self, id: str) -> Finding:
        why = "it shows single people"
        text = f"This figure is withheld: {why} (policy {self.policy.name})."
        withheld = [{"column": "figure", "cells": 1, "why": why}]
        # A sentence of the page may carry the figure's name already.
        finding = self._finding(f"{id}-withheld", "sentence", "finding", withheld, text=text, values={})
        return self._show(finding, {"text/html": f"<p>{escape(text)}</p>"}, text)

    def _no_identifiers(self, frame: pd.DataFrame) -> None:
        if self.study.config.key in map(str, frame.columns):
            raise ValueError(
                f"{self.study.config.key!r} identifies people and never passes; aggregate the rows first"
            )

    def _values(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the numbers behind a sentence; a policy that rounds lets no exact whole number out."""
        known = marks.plain(dict(values))
        if not self.policy.rounds_to:
            return known
        return {
            key: self.policy.rounded(value) if type(value) is int and not self.policy.hides(value) else value
            for key, value in known.items()
            if type(value) is not int or not self.policy.hides(value)
        }

    def _may_stand(self, text: str) -> str:
        """Return a text inside a drawing, or one word in its place."""
        shown = may_show(text, self.policy)
        return "withheld" if shown is None else shown

    def _guard(self, text: str) -> str:
        """Return a caption, note or alt text, or what stands in its place if it counts too few."""
        shown = may_show(text, self.policy)
        return withheld_text(self.policy, "This text") if shown is None else shown

    def _star_note(self, disclosed: Disclosed) -> list[str]:
        return [f"{MARK} withheld. {self.policy.rule}"] if disclosed.log else []

    def _finding(self, id: str, kind: str, role: str, withheld: list[dict], **more) -> Finding:
        if not _ID.fullmatch(id):
            raise ValueError(f"id {id!r}: use lower-case words joined by hyphens, such as 'gain-by-arm'")
        return Finding(
            id=id,
            kind=kind,
            role=role,
            notebook=self.notebook,
            study=self.study.name,
            policy=self.policy.name,
            withheld=withheld,
            **more,
        )

    def _show(self, finding: Finding, shown: dict, plain: str, counts: list[dict] | None = None) -> Finding:
        mark = marks.mark(finding, counts if self.policy.protects else None)
        marks.show({"text/plain": plain, **shown, marks.MIME: dict(finding)}, mark)
        return finding


def door(study: Study, notebook: str) -> Door:
    """Return the door of `notebook` (such as "02-value-quota") under the study's disclosure policy."""
    return Door(study, notebook, get_policy(study.config.disclosure))


def read(study: Study) -> list[dict]:
    """Return all findings of the study's executed notebooks, in reading order; empty before a first run."""
    import nbformat

    found = []
    for path in sorted(study.runs.glob("*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        found += [finding for _, _, finding in marks.marked_outputs(notebook)]
    return found


def _flat(frame: pd.DataFrame) -> pd.DataFrame:
    """A frame whose named index is a column; several header rows are refused."""
    if frame.columns.nlevels > 1:
        raise ValueError("one header row, please: flatten the columns first")
    named = any(name is not None for name in frame.index.names)
    return frame.reset_index(drop=not named)
