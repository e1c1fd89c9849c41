"""The door of one notebook: sentences, tables and figures on their way into a report."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any

import pandas as pd

from vbhc.publish.disclosure import Disclosed, count_columns, disclose, disclose_parts
from vbhc.publish.disclosure.policies import MARK, Policy
from vbhc.publish.disclosure.said import may_show, withheld_text
from vbhc.publish.findings import marks
from vbhc.publish.findings.behind import hide_behind, hide_told, withheld_labels
from vbhc.publish.findings.digits import coarsened
from vbhc.publish.findings.guards import (
    safe_values,
    star_note,
    text_or_notice,
    text_or_word,
    without_own_counts,
)
from vbhc.publish.findings.made import Finding, check_heading, check_no_key, declared_things, finding, flat
from vbhc.publish.findings.show import show_result
from vbhc.publish.findings.table_html import table_html
from vbhc.publish.findings.table_text import describe_columns, stack, write_cells, write_csv
from vbhc.publish.findings.visible import visible
from vbhc.publish.results import Result
from vbhc.study import Study


def show_aside(tag: str, text: str) -> None:
    """Show the analyst a figure's title or caption, which pages take from the finding."""
    marks.show({"text/html": f"<p><{tag}>{escape(text)}</{tag}></p>", "text/plain": text}, {})


def _lost(text: str, shown: str | None) -> bool:
    """Whether a number of a text had to go, or all of it: then what it was computed from goes too."""
    return shown is None or shown.count(MARK) > text.count(MARK)


@dataclass(frozen=True)
class Door:
    """The way out of one notebook of one study; see `findings.door`.

    It remembers the labels of the small counts that it withheld: later statistics of the same rows would
    give them back.
    """

    study: Study
    notebook: str
    policy: Policy
    _withheld: set[tuple[str, ...]] = field(default_factory=set, repr=False, compare=False)

    def sentence(
        self,
        id: str,
        text: str,
        *,
        counts: float | Iterable = (),
        role: str = "finding",
        values: Mapping[str, Any] | None = None,
        less: Sequence[str] = (),
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
            "n = 12", "12 of 248", "twelve patients" and "5% of 40" in the text are found without being named.
        role : str
            "answer" (stands at the top of the page), "finding" or "limit".
        values : mapping, optional
            The numbers behind the text, for the summary and for comparing runs. They are published too, so
            those that could count too few people are left out, and all where a number of the text had to go.
        less : sequence of str, optional
            The same in fewer words, from most to least, for the check over the whole report: where a count
            has to go there, one of these is said instead. It stays in the private notebook.
        """
        counts = list(counts) if isinstance(counts, Iterable) else [counts]
        shown = may_show(visible(text), self.policy, counts)
        gone = {"column": "text", "cells": 1, "why": "it gives a count of too few people"}
        made = self._finding(
            id,
            "sentence",
            role,
            [gone] if shown is None else [],
            text=withheld_text(self.policy) if shown is None else shown,
            values={} if _lost(visible(text), shown) else safe_values(values or {}, self.policy),
        )
        return self._show(made, {"text/html": f"<p>{escape(made['text'])}</p>"}, made["text"], less=less)

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
        decimals: int | Mapping[str, int | Sequence[int]] = 2,
        by: str = "",
        behind: Sequence[Iterable] | None = None,
        **rules: Any,
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
            Decimal places of numbers that are not whole; a sequence gives those of each row.
        by : str
            Column that stands as a heading over the rows that share its text, not as a column of its own.
        behind : sequence of iterables, optional
            By row the counts that its statistics were computed from, where the table does not hold them: a
            p-value of an exact test of few people gives them back. Numbers of people, or (part, whole).
            Where none are named, tests, intervals and quantiles go in rows that are called like counts of
            too few people which this notebook has withheld before, of fewer than a hundred.
        **rules
            `base`, `shares`, `keep`, `not_people`, `parts`, `nested`, `contributions`: what each statistic
            rests on, and how the counts hang together, as in `disclosure.disclose`. For a mean or sum of
            costs by arm: `contributions={"mean": patients.groupby("arm")["cost"]}`.
        """
        frame = flat(frame)
        check_no_key(frame, self.study.config.key)
        check_heading(frame, by)
        disclosed = disclose(frame, self.policy, counts=counts, places=decimals, **rules)
        whole = count_columns(frame, counts, rules.get("not_people", ()))
        known = self._withheld if behind is None else behind
        hide: Callable[..., Disclosed] = hide_told if behind is None else hide_behind
        disclosed = hide(disclosed, known, whole, rules.get("keep", ()), self.policy)
        self._withheld.update(withheld_labels(disclosed.counts, self.policy))
        columns = describe_columns(frame, labels or {}, units or {}, self.study.dictionary)
        cells = write_cells(disclosed, whole, decimals)
        guarded = [text_or_notice(note, self.policy) for note in notes]
        made = self._finding(
            id,
            "table",
            "finding",
            disclosed.log,
            caption=text_or_notice(caption, self.policy),
            columns=columns,
            cells=cells,
            **({"by": by} if by else {}),
            notes=[*guarded, *star_note(disclosed, self.policy)],
            csv=write_csv([column["name"] for column in columns], cells),
            **self._things(rules),
        )
        plain = disclosed.frame.astype("object").mask(disclosed.hidden, MARK).to_string(index=False)
        shown = {"text/html": table_html(made)}
        return self._show(made, shown, visible(plain), [disclosed.counts])

    def figure(
        self,
        id: str,
        data: pd.DataFrame | Mapping[str, pd.DataFrame],
        draw: Callable,
        caption: str | Callable,
        alt: str | Callable,
        *,
        counts: Sequence[str] = ("n",),
        title: str | Callable = "",
        size: tuple[float, float] = (7, 4),
        narrow: tuple[float, float] | None = None,
        panels: tuple[int, int] = (1, 1),
        narrow_panels: tuple[int, int] = (1, 1),
        key: bool = False,
        single_people: bool = False,
        **rules: Any,
    ) -> Finding:
        """Publish a figure, drawn from what the policy leaves of its data.

        Parameters
        ----------
        data : DataFrame or mapping of them
            Everything the figure shows, in aggregated rows; withheld cells arrive in `draw` as missing.
        draw : callable
            `draw(data, ax)`; with `panels` other than (1, 1) `ax` is an array. Its return is ignored. It may
            use nothing but `data`: what it draws from elsewhere passes no policy.
        caption, alt, title : str or callable
            A callable gets the disclosed data. `alt` says in words what the picture shows; the title stands
            over it.
        size, narrow : (float, float)
            Inches on a page and on a phone; without `narrow` there is one drawing.
        counts : sequence of str
            Columns that count people. `()` says that no row of the data stands for people.
        key : bool
            Whether this figure stands for its page on the index.
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
        shown, open_data = self._disclosed_data(data, counts, rules)
        texts = [text(open_data) if callable(text) else text for text in (caption, alt, title)]
        if not texts[1].strip():
            raise ValueError(f"figure {id!r} has no alt text; say in words what it shows")
        shapes = {marks.SVG: (size, panels)} | ({marks.NARROW: (narrow, narrow_panels)} if narrow else {})
        drawings = {kind: self._drawn(id, draw, open_data, *shape) for kind, shape in shapes.items()}
        header, cells = stack(shown, counts, rules.get("not_people", ()))
        made = self._finding(
            id,
            "figure",
            "finding",
            [entry for one in shown.values() for entry in one.log],
            caption=text_or_notice(texts[0], self.policy),
            alt=text_or_notice(texts[1], self.policy),
            **({"title": text_or_notice(texts[2], self.policy)} if texts[2] else {}),
            key=key,
            svg_sha256=marks.text_sha256("".join(drawings.values())),
            csv=write_csv(map(visible, header), cells),
            **self._things(rules),
        )
        if "title" in made:
            show_aside("strong", made["title"])
        self._show(made, drawings, made["alt"], [one.counts for one in shown.values()])
        if made["caption"]:
            show_aside("em", made["caption"])
        return made

    def show(self, *results: Result | None) -> None:
        """Publish results: the sentence, figure and table of each, as `results.Result` describes."""
        for result in results:
            show_result(self, result)

    def _disclosed_data(
        self, data: pd.DataFrame | Mapping[str, pd.DataFrame], counts: Sequence[str], rules: Mapping
    ) -> tuple[dict[str, Disclosed], Any]:
        """Return a figure's data under the policy, by part, and as its drawing gets it."""
        many = isinstance(data, Mapping)
        frames = {name: flat(frame) for name, frame in data.items()} if many else {"": flat(data)}
        for frame in frames.values():
            check_no_key(frame, self.study.config.key)
        if self.policy.protects:
            frames = {name: without_own_counts(frame, counts) for name, frame in frames.items()}
        shown = disclose_parts(frames, self.policy, counts=counts, **rules)
        if self.policy.protects:
            stay = (*counts, *declared_things(rules))
            shown = {k: replace(one, frame=coarsened(one.frame, stay)) for k, one in shown.items()}
            for one in shown.values():
                self._withheld.update(withheld_labels(one.counts, self.policy))
        return shown, {name: one.frame for name, one in shown.items()} if many else shown[""].frame

    def _drawn(self, id: str, draw: Callable, data: Any, size: tuple, panels: tuple) -> str:
        from vbhc.publish.findings.drawing import draw_svg

        salt = f"{self.study.name}-{self.notebook}-{id}"
        guard = lambda text: text_or_word(text, self.policy)  # noqa: E731
        return draw_svg(draw, data, salt=salt, size=size, panels=panels, guard=guard)

    def _withheld_figure(self, id: str) -> Finding:
        why = "it shows single people"
        text = f"This figure is withheld: {why} (policy {self.policy.name})."
        withheld = [{"column": "figure", "cells": 1, "why": why}]
        # A sentence of the page may carry the figure's name already.
        made = self._finding(f"{id}-withheld", "sentence", "finding", withheld, text=text, values={})
        return self._show(made, {"text/html": f"<p>{escape(text)}</p>"}, text)

    def _things(self, rules: Mapping) -> dict[str, list[str]]:
        """What was declared to count no people; published, so that an audit can tell."""
        things = declared_things(rules)
        return {"things": things} if things and self.policy.protects else {}

    def _finding(self, id: str, kind: str, role: str, withheld: list[dict], **more: Any) -> Finding:
        said_of = {"notebook": self.notebook, "study": self.study.name, "policy": self.policy.name}
        return finding(id, kind, role, withheld, **said_of, **more)

    def _show(
        self,
        finding: Finding,
        shown: dict,
        plain: str,
        counts: list[dict] | None = None,
        less: Sequence[str] = (),
    ) -> Finding:
        mark = marks.mark(finding, counts if self.policy.protects else None)
        if less:
            mark["vbhc"]["less"] = list(less)
        marks.show({"text/plain": plain, **shown, marks.MIME: dict(finding)}, mark)
        return finding
