"""The door of one notebook: sentences, tables and figures on their way into a report."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from html import escape
from typing import Any

import pandas as pd

from vbhc.publish.alt_text import alt_text
from vbhc.publish.disclosure import Disclosed, count_columns, disclose, disclose_parts
from vbhc.publish.disclosure.policies import MARK, Policy
from vbhc.publish.disclosure.said import may_show, withheld_text
from vbhc.publish.either import picked
from vbhc.publish.findings import made, marks
from vbhc.publish.findings.bins import joined_bins
from vbhc.publish.findings.made import Finding
from vbhc.publish.findings.show import show_result
from vbhc.publish.findings.table_text import describe_columns, stack, table_html, write_cells, write_csv
from vbhc.publish.results import NARROW, WIDE, Drawing, Result, Table
from vbhc.study import Study


def without_counts(shown: Disclosed, policy: Policy, counts: Sequence[str]) -> Disclosed:
    """Return a table, or a figure's data, without the counts that it rests on and does not show.

    Groups add up, and what they leave of the whole is a group too: one that stands nowhere.
    """
    frame = shown.frame.drop(columns=count_columns(shown.frame, [c for c in counts if c in shown.frame]))
    log = [entry for entry in shown.log if entry["column"] in frame.columns]
    return replace(disclose(frame, policy), frame=frame, hidden=shown.hidden[frame.columns], log=log)


def show_aside(tag: str, text: str) -> None:
    """Show the analyst a figure's title or caption, which pages take from the finding."""
    marks.show({"text/html": f"<p><{tag}>{escape(text)}</{tag}></p>", "text/plain": text}, {})


@dataclass(frozen=True)
class Door:
    """The way out of one notebook of one study; see `findings.door`."""

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
        less: Sequence[Sequence[str]] = (),
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
        role : str
            "answer" (stands at the top of the page), "finding" or "limit".
        values : mapping, optional
            The numbers behind the text, published as far as the policy lets them.
        less : sequence of sequences of str, optional
            Each part of the text, in ever fewer words, for the check over the whole report: the first is said
            there that gives no secret count. It stays in the private notebook.
        """
        counts = list(counts) if isinstance(counts, Iterable) else [counts]
        shown = may_show(made.visible(picked(text, self.policy)), self.policy, counts)
        gone, kept = [], made.safe_values(values or {}, self.policy)
        if shown is None:
            gone = [{"column": "text", "cells": 1, "why": "it gives a count of too few people"}]
            shown, kept = withheld_text(self.policy), {}
        new = self._finding(id, "sentence", gone, role, text=shown, values=kept)
        return self._show(new, {"text/html": f"<p>{escape(new['text'])}</p>"}, new["text"], less=less)

    def table(self, id: str, table: Table) -> Finding:
        """Publish a tidy table; a named index becomes its first column, which names the row."""
        rules = {"counts": (), "decimals": 2, **table.rules}
        frame, decimals = made.flat(table.frame, self.policy), rules.pop("decimals")
        made.check_no_key(frame, self.study.config.key)
        made.check_heading(frame, table.by)
        disclosed = disclose(frame, self.policy, places=decimals, **rules)
        if self.policy.protects:
            costs = made.coarse_costs(disclosed.frame, made.declared_things(rules))
            disclosed = replace(disclosed, frame=costs)
        whole = count_columns(frame, rules["counts"], rules.get("not_people", ()))
        labels = {name: picked(label, self.policy) for name, label in table.labels.items()}
        columns = describe_columns(frame[[*disclosed.frame]], labels, self.study.dictionary)
        cells = write_cells(disclosed, whole, decimals, self.policy)
        guarded = [said for note in table.notes if (said := made.text_or_notice(note, self.policy))]
        if disclosed.log and any(MARK in row for row in cells):
            guarded.append(f"{MARK} withheld. {self.policy.rule}")
        new = self._finding(
            id,
            "table",
            disclosed.log,
            caption=made.text_or_notice(table.caption, self.policy),
            columns=columns,
            cells=cells,
            **({"by": table.by} if table.by else {}),
            notes=guarded,
            csv=write_csv([column["name"] for column in columns], cells),
            **self._things(rules),
        )
        plain = disclosed.frame.astype("object").mask(disclosed.hidden, MARK).to_string(index=False)
        return self._show(new, {"text/html": table_html(new)}, made.visible(plain), [disclosed.counts])

    def figure(self, id: str, drawing: Drawing) -> Finding:
        """Publish a figure, drawn from what the policy leaves of its data, with that data.

        Raises
        ------
        ValueError
            Without alt text, without the count columns named, or with the study's key column in the data.
        """
        rules = {"counts": (), **drawing.rules}
        if rules.pop("single_people", False) and self.policy.protects:
            return self._withheld_figure(id, "it shows people one by one")
        undrawn = rules.pop("undrawn", False) and self.policy.protects
        shown, data = self._disclosed_data(drawing.data, rules, undrawn)
        if all(len(one.frame) and one.hidden.any(axis=1).all() for one in shown.values()):
            return self._withheld_figure(id, "no number of it may be published")
        words = self._words(drawing, data)
        if not words["alt"].strip():
            raise ValueError(f"figure {id!r} has no alt text; say in words what it shows")
        drawings = self._drawings(id, drawing, data)
        counts = () if undrawn else rules["counts"]
        header, cells = stack(shown, counts, rules.get("not_people", ()), self.policy)
        new = self._finding(
            id,
            "figure",
            [entry for one in shown.values() for entry in one.log],
            **words,
            key=drawing.key,
            svg_sha256=marks.text_sha256("".join(drawings.values())),
            csv=write_csv(map(made.visible, header), cells),
            **self._things(rules),
        )
        if "title" in new:
            show_aside("strong", new["title"])
        self._show(new, drawings, new["alt"], [one.counts for one in shown.values()])
        if new["caption"]:
            show_aside("em", new["caption"])
        return new

    def show(self, *results: Result | None) -> None:
        """Publish results: the sentence, figure and table of each, as `results.Result` describes."""
        for result in results:
            show_result(self, result)

    def _words(self, drawing: Drawing, data: Any) -> dict[str, str]:
        """Return caption, alt text and title of a figure as the policy lets them out."""
        alt = partial(alt_text, what=drawing.alt) if isinstance(drawing.alt, str) else drawing.alt
        texts = {"caption": drawing.caption, "alt": alt, "title": drawing.title}
        said = {name: text(data) if callable(text) else text for name, text in texts.items()}
        kept = {name: made.text_or_notice(text, self.policy) for name, text in said.items()}
        return {name: text for name, text in kept.items() if text or name != "title"}

    def _disclosed_data(
        self, data: Any, rules: dict[str, Any], undrawn: bool = False
    ) -> tuple[dict[str, Disclosed], Any]:
        """Return a figure's data under the policy, by part, and as its drawing gets it."""
        many = isinstance(data, Mapping)
        frames = {k: made.flat(one, self.policy) for k, one in (data.items() if many else [("", data)])}
        for frame in frames.values():
            made.check_no_key(frame, self.study.config.key)
        sparse, bins = rules.pop("sparse", ""), rules.pop("bins", None)
        if self.policy.protects:
            shown = self._protected(frames, rules, sparse, bins)
        else:
            shown = disclose_parts(frames, self.policy, **rules)
        if undrawn:
            shown = {k: without_counts(one, self.policy, rules["counts"]) for k, one in shown.items()}
        return shown, {name: one.frame for name, one in shown.items()} if many else shown[""].frame

    def _protected(
        self, frames: dict[str, pd.DataFrame], rules: dict[str, Any], sparse: str, bins: str | None
    ) -> dict[str, Disclosed]:
        """Return the frames of a figure as a policy that protects lets them out; see `results.Drawing`."""
        frames = {name: made.without_own_counts(frame, rules["counts"]) for name, frame in frames.items()}
        first = disclose_parts(frames, self.policy, **rules)
        if sparse:  # a mark among cells that are not empty tells of one at least
            frames = {name: frame[~first[name].hidden[sparse]] for name, frame in frames.items()}
        kept = disclose_parts(frames, self.policy, **rules) if sparse else first
        some = {"cells": "some"} if sparse else {}  # their number is that of cells which are not empty
        shown = {n: replace(one, log=[entry | some for entry in first[n].log]) for n, one in kept.items()}
        if bins in frames and len(frames[bins]):
            wide, joined = joined_bins(frames[bins], shown[bins].hidden["n"])
            shown |= disclose_parts({bins: wide}, self.policy, **rules, joined=joined)
        stay = (*rules["counts"], *made.declared_things(rules))
        return {name: replace(one, frame=made.coarsened(one.frame, stay)) for name, one in shown.items()}

    def _drawings(self, id: str, drawing: Drawing, data: Any) -> dict[str, str]:
        """Return a figure as drawn for a page and for a phone."""
        from vbhc.publish.findings.drawing import draw_svg

        shapes = {
            marks.SVG: ((WIDE, drawing.height), drawing.panels),
            marks.NARROW: ((NARROW, drawing.narrow_height), drawing.narrow_panels or drawing.panels[::-1]),
        }
        salt = f"{self.study.name}-{self.notebook}-{id}"
        guard = partial(made.text_or_word, policy=self.policy)
        draw = partial(draw_svg, drawing.draw, data, salt=salt, guard=guard)
        return {kind: draw(size=size, panels=panels) for kind, (size, panels) in shapes.items()}

    def _withheld_figure(self, id: str, why: str) -> Finding:
        text = f"This figure ({id.replace('-', ' ')}) is withheld: {why} (policy {self.policy.name})."
        withheld = [{"column": "figure", "cells": 1, "why": why}]
        # A sentence of the page may carry the figure's name already.
        new = self._finding(f"{id}-withheld", "sentence", withheld, text=text, values={})
        return self._show(new, {"text/html": f"<p>{escape(text)}</p>"}, text)

    def _things(self, rules: Mapping) -> dict[str, Any]:
        """What was declared to count no people; published, so that an audit can tell."""
        things = made.declared_things(rules)
        return {"things": things} if things and self.policy.protects else {}

    def _finding(
        self, id: str, kind: str, withheld: list[dict], role: str = "finding", **more: Any
    ) -> Finding:
        said_of = {"notebook": self.notebook, "study": self.study.name, "policy": self.policy.name}
        return made.finding(id, kind, role, withheld, **said_of, **more)

    def _show(
        self, finding: Finding, shown: dict, plain: str, counts: list[dict] | None = None, less: Sequence = ()
    ) -> Finding:
        mark = marks.mark(finding, counts if self.policy.protects else None)
        if less:
            mark["vbhc"]["less"] = [list(forms) for forms in less]
        marks.show({"text/plain": plain, **shown, marks.MIME: dict(finding)}, mark)
        return finding
