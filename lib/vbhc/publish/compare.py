"""Two runs of a study side by side: data, parameters, versions, and every finding that changed.

What changed since the last published run is kept beside the report (`changes.csv`) and shown in it.
"""

import csv
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from vbhc.problems import fault
from vbhc.publish.disclosure.counting import counts_said
from vbhc.publish.disclosure.policies import MARK, POLICIES, Policy
from vbhc.publish.findings.marks import findings_in
from vbhc.publish.findings.table_text import csv_text, neutral
from vbhc.publish.notebook_files import reads_all

SECTIONS = ("data", "parameters", "versions", "findings")
NOT_SHOWN, SEE_THERE = "not shown", "see there"
# The widest range of counts that a policy withholds and that rounding does not blur.
FEW = max(policy.hides_up_to for policy in POLICIES.values() if not policy.rounds_to)
CHANGES = "changes.csv"
AROUND, WORDS = 3, 16  # of a text that a page shows: words beside a difference, words in all
_NUMBER = re.compile(r"[<>]?-?\d*\.?\d+|\*")
Cells = dict[tuple[str, str], str]


class Change(NamedTuple):
    """What changed, where, from what to what; empty where there was or is nothing."""

    section: str
    place: str
    what: str
    old: str
    new: str


@dataclass(frozen=True)
class Run:
    """A finished run: its description, its sentences by place and its tables' cells by place.

    `values` are the numbers behind the sentences; `protected` says whether it is a report that a disclosure
    policy has gone over.
    """

    info: Mapping[str, Any]
    sentences: dict[str, str]
    tables: dict[str, Cells]
    protected: bool = False
    values: dict[str, dict[str, Any]] = field(default_factory=dict)


def read_run(folder: Path) -> Run:
    """Read a finished report, or the folder of a study's executed notebooks.

    Raises
    ------
    StudyError
        If the folder is neither, or its report is damaged.
    """
    if (folder / "findings.json").is_file():
        try:
            return _finished(folder)
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise fault(folder.name, f"a damaged report ({error})", "take the whole folder again") from error
    executed = sorted(folder.glob("[0-9][0-9]*-*.ipynb"))
    if not executed:
        raise fault(folder.name, "no finished report and no executed notebook", "name a folder")
    return gathered((path.stem, finding) for path in executed for finding in findings_in(path))


def _finished(folder: Path) -> Run:
    found = json.loads((folder / "findings.json").read_text(encoding="utf-8"))
    said = gathered((one["page"], one) for one in found if one["kind"] == "sentence")
    paths = sorted((folder / "tables").glob("*.csv"))
    tables = {path.stem: read_cells(path.read_text(encoding="utf-8")) for path in paths}
    info = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    return Run(info, said.sentences, tables, (folder / "withheld.csv").is_file(), said.values)


def gathered(findings: Iterable[tuple[str, Mapping[str, Any]]]) -> Run:
    """Return the findings of pages, each with the page's name, as a run without a description."""
    run = Run({}, {}, {})
    for page, finding in findings:
        if finding["kind"] == "sentence":
            run.sentences[f"{page}#{finding['id']}"] = finding["text"]
            run.values[f"{page}#{finding['id']}"] = finding["values"]
        elif finding["kind"] == "table":
            run.tables[f"{page}-{finding['id']}"] = read_cells(finding["csv"])
    return run


def read_cells(text: str) -> Cells:
    """Return a CSV's cells by row and column; a row is named by its texts before the first number."""
    rows = list(csv.reader(text.splitlines()))
    cells: Cells = {}
    met: Counter[str] = Counter()
    for row in rows[1:]:
        texts = next((n for n, cell in enumerate(row) if n and _NUMBER.fullmatch(cell)), max(len(row) - 1, 1))
        name = ", ".join(row[:texts])
        met[name] += 1
        name += f" #{met[name]}" if met[name] > 1 else ""
        cells.update({(name, column): cell for column, cell in zip(rows[0], row, strict=False)})
    return cells


def compare(old: Run, new: Run) -> list[Change]:
    """Return everything that differs between two runs, in the order of `SECTIONS`.

    Of two protected reports the counts that can be subtracted follow, in a section `together`.
    """
    infos = (old.info, new.info)
    data, notebooks = ([info.get(part, {}) for info in infos] for part in ("data", "notebooks"))
    changes = [Change("data", "file", name, was[:12], now[:12]) for name, was, now in _changed(*data)]
    for page in _names(*notebooks):
        values = (side.get(page, {}).get("parameters", {}) for side in notebooks)
        changes += [Change("parameters", page, *one) for one in _changed(*values)]
    own = ("vbhc", "python", "commit")
    versions = ({key: info[key] for key in own if key in info} | info.get("packages", {}) for info in infos)
    changes += [Change("versions", "software", *one) for one in _changed(*versions)]
    few = [Change("together", place, "a few people", "", "") for place in subtractable(old, new)]
    return changes + compare_findings(old, new) + few


def compare_findings(old: Run, new: Run) -> list[Change]:
    """Return the sentences and the table cells that differ."""
    said = _changed(old.sentences, new.sentences)
    changes = [Change("findings", place, "sentence", was, now) for place, was, now in said]
    for name in _names(old.tables, new.tables):
        before, after = old.tables.get(name), new.tables.get(name)
        if before is None or after is None:
            kinds = ["" if cells is None else f"{len(cells)} cells" for cells in (before, after)]
            changes.append(Change("findings", name, "table", *kinds))
            continue
        cells = ((": ".join(key), was, now) for key, was, now in _changed(before, after) if was != now)
        changes += [Change("findings", name, *cell) for cell in cells]
    return changes


def _changed(old: Mapping, new: Mapping) -> Iterator[tuple[Any, str, str]]:
    """Yield name, old and new value of all that differs; empty where there was or is nothing."""
    for name in _names(old, new):
        if old.get(name) != new.get(name):
            yield name, str(old.get(name, "")), str(new.get(name, ""))


def _names(old: Mapping, new: Mapping) -> list:
    return [*old, *(name for name in new if name not in old)]


def subtractable(old: Run, new: Run) -> list[str]:
    """Return the cells of counts that two protected reports both show and that differ by a few people.

    Whoever holds both reports has that difference, and of means beside such counts the mean of the few.
    Whole numbers are taken for counts; which policy the reports were made under is not known here, so few
    are as many as the strictest withholds (`FEW`).
    """
    if not (old.protected and new.protected):
        return []
    pairs = [
        (f"{name}, {': '.join(key)}", old.tables.get(name, {}).get(key, ""), cell)
        for name, cells in new.tables.items()
        for key, cell in cells.items()
    ]
    whole = ((place, int(a), int(b)) for place, a, b in pairs if a.isdecimal() and b.isdecimal())
    return [place for place, before, after in whole if 0 < abs(before - after) <= FEW]


def lines(changes: Sequence[Change]) -> list[str]:
    """Return changes as lines for a terminal."""
    if not changes:
        return ["no difference"]
    told = []
    for section in SECTIONS:
        some = [change for change in changes if change.section == section]
        told.append(f"{section}: {len(some) or 'no'} change{'' if len(some) == 1 else 's'}")
        told += [f"  {c.place}, {c.what}: {c.old or '(none)'} -> {c.new or '(none)'}" for c in some]
    few = [change.place for change in changes if change.section == "together"]
    if few:
        counts = "count differs" if len(few) == 1 else "counts differ"
        told.append(
            f"together: {len(few):,} {counts} by 1 to {FEW} people between the reports (first: {few[0]}); "
            "whoever holds both can subtract them"
        )
    return told


def publishable(changes: Sequence[Change], policy: Policy) -> list[Change]:
    """Return changes as a report may show them.

    Under a policy that protects people each table and each sentence that differs is named once, without its
    numbers: a count that is withheld now stood in the old report, two means of groups that differ by one
    person give that person's value, and the list of the rows that changed would tell of the person who came
    which ward, sex and class they belong to. Sentences without numbers stay as they are.
    """
    if not policy.protects:
        return list(changes)
    return list(dict.fromkeys(change if _wordy(change) else _unnumbered(change) for change in changes))


def _unnumbered(change: Change) -> Change:
    what = "sentence" if change.what == "sentence" else "table"
    # Whether a whole finding came or went may be said; a single cell that did may not.
    gone = change.what in ("sentence", "table")
    old = "" if gone and not change.old else NOT_SHOWN
    return change._replace(what=what, old=old, new="" if gone and not change.new else SEE_THERE)


def _wordy(change: Change) -> bool:
    """Whether a sentence changed that gives no number, neither in digits nor in words."""
    both = f"{change.old} {change.new}"
    return change.what == "sentence" and not (re.search(r"\d", both) or MARK in both or counts_said(both))


def changes_since(published: Path, now: Run, policy: Policy) -> list[Change]:
    """Return which findings differ from the report that stands published now.

    What the summary and its companions repeat is left out. Where nothing differs, the changes that the
    published report shows still hold: a report built again is the same report.
    """
    if not (published / "findings.json").is_file():
        return []
    found = [one for one in compare_findings(read_run(published), now) if not reads_all(one.place)]
    if not found and (published / CHANGES).is_file():
        with (published / CHANGES).open(encoding="utf-8", newline="") as handle:
            found = [Change("findings", *row) for row in list(csv.reader(handle))[1:]]
    return publishable(found, policy)


def changes_csv(changes: Sequence[Change]) -> str:
    """Return changes as CSV: place, what, old, new."""
    return csv_text([("place", "what", "old", "new"), *(map(neutral, change[1:]) for change in changes)])


def in_short(change: Change) -> Change:
    """Return a change with the words that differ and a few around them; the file has the whole texts.

    >>> old = "the mean gain of all the patients was 1.22 points"
    >>> new = old.replace("1.22", "1.28")
    >>> in_short(Change("findings", "02#x", "sentence", old, new))[3:]
    ('... the patients was 1.22 points', '... the patients was 1.28 points')
    """
    old, new = change.old.split(), change.new.split()
    if not old or not new or old == new:
        return change._replace(old=_cut(old, 0, WORDS), new=_cut(new, 0, WORDS))
    parts = [*chain(*SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(AROUND))]
    (_, start, _, new_start, _), (_, _, end, _, new_end) = parts[0], parts[-1]
    return change._replace(old=_cut(old, start, end), new=_cut(new, new_start, new_end))


def _cut(words: Sequence[str], start: int, end: int) -> str:
    """Return some of the words, never more than `WORDS`, with dots where others were."""
    end = min(end, start + WORDS)
    kept = [*(["..."] if start else []), *words[start:end], *(["..."] if end < len(words) else [])]
    return " ".join(kept)
