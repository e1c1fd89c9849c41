"""Read a finished report as an outsider would and name what should not be in it.

Independent of the door: this looks at the files alone (HTML, SVG, CSV, JSON, XLSX), and knows the study only
for its key column, its policy and the quotations that may be published. `report.build` makes a report right
and fails where this finds that it is not.
"""

from __future__ import annotations

import csv
import getpass
import io
import re
from collections.abc import Iterator
from html import unescape
from itertools import pairwise
from pathlib import Path

from vbhc.disclosure.policies import MARK, Policy, get_policy
from vbhc.disclosure.said import counts_said, may_say
from vbhc.problems import Problem
from vbhc.study import Study

TEXT = (".html", ".svg", ".csv", ".json", ".txt")
_LOADS = re.compile(
    r"""<(?:script|img|iframe|link|object|embed|image|use)\b[^>]*?(?:src|href)\s*=\s*["']([^"']+)""", re.I
)
_STYLE_LOADS = re.compile(r"""url\(\s*["']?(?!#|data:)([^)"']+)|@import\s+([^;]+)""", re.I)
_PATH = re.compile(
    r"(?<![\w/.:<])(?:/(?:home|Users|root|tmp|var|mnt|work|private)/[\w.-]+|[A-Za-z]:\\[\w.-]+)"
)
_COUNT_HEADER = re.compile(r"(^n$)|(^n_)|(_n$)|(^|_)count$|^(patients|people|records)$")
_QUOTED_HEADER = re.compile(r"(^|_)(quote|quotation|verbatim)s?$")
_QUOTED = re.compile(r"<(blockquote|q)\b[^>]*>(.*?)</\1>", re.I | re.S)
Table = list[list[str]]


def audit(study: Study, folder: Path) -> list[Problem]:
    """Return everything that a report folder holds and should not.

    Parameters
    ----------
    study : Study
        For its key column, its policy, and its list of quotations (`quotations.yml`, if there is one).
    folder : Path
        The finished report.

    Returns
    -------
    list of Problem
        Empty where nothing was found: identifiers; counts under the threshold in tables, sentences, captions
        and drawings, or as the difference of two tables; outputs without a mark; quotations that are not
        on the list; what a browser would load; paths and user names of the machine; formulas in tables.
    """
    policy = get_policy(study.config.disclosure)
    keys = identifiers(study) if policy.protects else frozenset()
    allowed = quotations(study)
    problems: list[Problem] = []
    tables: dict[str, Table] = {}
    size = 0.0  # the largest count that any page gives: that of the study
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        shown = path.relative_to(folder).as_posix()
        if path.suffix == ".xlsx":
            sheets = _sheets(path)
            text = "\n".join("\t".join(row) for rows in sheets.values() for row in rows)
            sheets = {f"{shown}, sheet {name}": rows for name, rows in sheets.items()}
        elif path.suffix in TEXT:
            text = path.read_text(encoding="utf-8")
            sheets = {shown: list(csv.reader(io.StringIO(text)))} if path.suffix == ".csv" else {}
            tables |= sheets
        else:
            kind = f"a {path.suffix or 'nameless'} file"
            problems.append(Problem(shown, kind, "nothing writes such a file"))
            continue
        problems += [Problem(shown, *one) for one in _in_text(text, path.suffix, policy, keys, allowed)]
        size = max([size, *_said(text)] if path.suffix == ".html" else [size])
        for name, rows in sheets.items():
            problems += [Problem(name, *one) for one in _in_table(rows, policy, allowed)]
    from vbhc.quotations.pages import stray  # imported late: only interviews need their readers

    return problems + stray(study, folder) + list(_between(tables, size, policy))


def identifiers(study: Study) -> frozenset[str]:
    """Return the values of the study's key column, as far as they tell a person (four characters or more)."""
    path = study.clean / "patients.parquet"
    if not path.is_file():
        return frozenset()
    import pandas as pd

    values = pd.read_parquet(path, columns=[study.config.key])[study.config.key].dropna().astype(str)
    return frozenset(value for value in values if len(value) >= 4)


def quotations(study: Study) -> frozenset[str] | None:
    """Return the quotations that may be published, from `quotations.yml`; None where there is no such list.

    The file is a list of texts, or a mapping of names to texts.
    """
    path = study.folder / "quotations.yml"
    if not path.is_file() or study.config.interviews is not None:
        return (
            None  # where people were interviewed, `quotations.pages` compares every text with what they said
        )
    import yaml

    listed = yaml.safe_load(path.read_text(encoding="utf-8")) or []
    return frozenset(_plain(str(text)) for text in (listed.values() if isinstance(listed, dict) else listed))


def _plain(text: str) -> str:
    return " ".join(text.split()).strip("'\"“”‘’ ").lower()


def _sheets(path: Path) -> dict[str, Table]:
    from openpyxl import load_workbook

    book = load_workbook(path, read_only=True)
    return {
        sheet.title: [
            ["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)
        ]
        for sheet in book
    }


def _in_text(
    text: str, suffix: str, policy: Policy, keys: frozenset[str], allowed: frozenset[str] | None
) -> Iterator[tuple[str, str]]:
    words = set(re.findall(r"[\w-]+", text)) & keys
    if words:
        yield f"{len(words)} identifiers of the study's key column", "people are never named"
    for path in sorted(set(_PATH.findall(re.sub(r"\bhttps?://\S+", "", text)))):
        yield f"a path of a machine, {path!r}", "name files from the project folder"
    user = getpass.getuser() if suffix != ".json" else ""
    if len(user) > 4 and re.search(rf"\b{re.escape(user)}\b", text):
        yield "the name of the user who built it", "nobody needs it"
    if suffix in (".html", ".svg"):
        yield from _in_markup(text, suffix)
        yield from _small_counts(text, policy)
    for _, quoted in _QUOTED.findall(text) if suffix == ".html" and allowed is not None else ():
        if _plain(unescape(re.sub(r"<[^>]+>", "", quoted))) not in allowed:
            yield "a quotation that is not on the list", "quotations.yml lists those that may be published"


def _in_markup(text: str, suffix: str) -> Iterator[tuple[str, str]]:
    for target in _LOADS.findall(text):
        if not target.startswith(("#", "data:image/")):
            yield f"something to be loaded, {target[:60]!r}", "a report loads nothing"
    for found in _STYLE_LOADS.findall(text):
        yield f"a style that loads {''.join(found)[:60]!r}", "a report loads nothing"
    scripts = re.findall(r"<script\b[^>]*>", text, re.I)
    if len(scripts) > (1 if suffix == ".html" else 0) or re.search(r"<[^>]+\son\w+\s*=", text, re.I):
        yield "a script that is not the report's own", "data is never markup"
    if suffix == ".html":
        if "default-src 'none'" not in text:
            yield "no Content-Security-Policy", "default-src 'none'"
        if re.search(r'class="[^"]*\bunmarked\b', text):
            yield "an output without a mark", "only what passed the door is published"


def _small_counts(text: str, policy: Policy) -> Iterator[tuple[str, str]]:
    """Counts under the threshold that prose, captions, alt texts or the text of drawings give."""
    shown = re.sub(r"<(script|style|pre|code)\b.*?</\1>", " ", text, flags=re.S | re.I)
    alts = re.findall(r'aria-label="([^"]*)"', shown)
    for passage in (*re.sub(r"<[^>]+>", "\n", shown).splitlines(), *alts):
        for count in counts_said(unescape(passage)):
            if not may_say([count], policy):
                yield "a sentence that counts too few people", policy.rule


def _said(page: str) -> Iterator[float]:
    for passage in re.sub(r"<[^>]+>", "\n", page).splitlines():
        for count in counts_said(unescape(passage)):
            yield from map(float, count if isinstance(count, tuple) else (count,))


def _in_table(rows: Table, policy: Policy, allowed: frozenset[str] | None) -> Iterator[tuple]:
    header = rows[0] if rows else []
    for number, row in enumerate(rows[1:], start=2):
        for column, cell in zip(header, row, strict=False):
            if cell[:1] in ("=", "@", "\t", "\r") or (
                cell[:1] in "+-" and not re.fullmatch(r"[+-]?[\d.e]+|", cell)
            ):
                what = "a cell that a spreadsheet would run"
                yield what, "text that begins like a formula gets an apostrophe", column, number
            if not may_say(counts_said(cell), policy):
                yield "a text that counts too few people", policy.rule, column, number
            if _COUNT_HEADER.search(column) and _number(cell) and policy.hides(float(cell)):
                yield f"a count of {policy.few()}", policy.rule, column, number
            if allowed is not None and _QUOTED_HEADER.search(column) and cell and _plain(cell) not in allowed:
                yield "a quotation that is not on the list", "see quotations.yml", column, number
    if not policy.rounds_to:
        yield from _by_subtraction(header, rows[1:], policy)


def _by_subtraction(header: list[str], rows: Table, policy: Policy) -> Iterator[tuple]:
    """Counts that are hidden alone beside a total of theirs in the same column or row."""
    places = [position for position, column in enumerate(header) if _COUNT_HEADER.search(column)]
    lines = [(header[p], None, [row[p] for row in rows if p < len(row)]) for p in places]
    lines += [
        ("", number, [row[p] for p in places if p < len(row)]) for number, row in enumerate(rows, start=2)
    ]
    for column, row, cells in lines:
        shown = [float(cell) for cell in cells if _number(cell)]
        if cells.count(MARK) == 1 and any(policy.hides(2 * one - sum(shown)) for one in shown if one):
            yield "a hidden count that a total gives away", "hide a second one with it", column, row


def _between(tables: dict[str, Table], size: float, policy: Policy) -> Iterator[Problem]:
    """Pairs of counts in different tables whose difference is a count of too few people.

    Compared are the rows of one name in two tables, and counts that both hold more than half of the study.
    """
    if not policy.protects or policy.rounds_to:
        return
    groups: dict[tuple, list[tuple[float, str]]] = {}
    for name, rows in tables.items():
        for labels, column, count in _counts(rows):
            groups.setdefault((labels, column), []).append((count, name))
    every = [one for found in groups.values() for one in found]
    most = max([size, *(count for count, _ in every)])
    groups["", "all"] = [(count, name) for count, name in every if count > most / 2]
    told = set()
    for (labels, _), found in groups.items():
        ordered = sorted(set(found))
        for (less, one), (more, other) in pairwise(ordered):
            pair = frozenset((one, other))
            if one != other and 0 < more - less <= policy.hides_up_to and pair not in told:
                told.add(pair)
                what = f"a count that differs by too few people from one in {other}"
                yield Problem(
                    one, what, f"row {' '.join(labels)!r}: hide one of the two" if labels else "hide one"
                )


def _counts(rows: Table) -> Iterator[tuple[tuple[str, ...], str, float]]:
    """Every count of a table that is shown, with the texts before the first count of its row."""
    header = rows[0] if rows else []
    places = [position for position, column in enumerate(header) if _COUNT_HEADER.search(column)]
    for row in rows[1:]:
        labels = tuple(cell.strip().lower() for cell in row[: min(places, default=0)])
        for place in places:
            if place < len(row) and _number(row[place]):
                yield labels, header[place], float(row[place])


def _number(cell: str) -> bool:
    return bool(re.fullmatch(r"\d+(\.0+)?", cell))
