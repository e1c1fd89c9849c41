"""Read a finished report as an outsider would and name what should not be in it.

Independent of the door: this looks at the files alone (HTML, SVG, CSV, JSON), and knows the study only for
its key column and its policy. `report.build` makes a report right; this finds out whether it is.
"""

from __future__ import annotations

import csv
import getpass
import io
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

from vbhc.disclosure.policies import MARK, Policy, get_policy
from vbhc.disclosure.said import counts_said, may_say
from vbhc.problems import Problem
from vbhc.study import Study

TEXT = (".html", ".svg", ".csv", ".json", ".xlsx", ".txt")
_LOADS = re.compile(
    r"""<(?:script|img|iframe|link|object|embed|image|use)\b[^>]*?(?:src|href)\s*=\s*["']([^"']+)""", re.I
)
_STYLE_LOADS = re.compile(r"""url\(\s*["']?(?!#|data:)([^)"']+)|@import\s+([^;]+)""", re.I)
_PATH = re.compile(
    r"(?<![\w/.:<])(?:/(?:home|Users|root|tmp|var|mnt|work|private)/[\w.-]+|[A-Za-z]:\\[\w.-]+)"
)
_COUNT_HEADER = re.compile(r"(^n$)|(^n_)|(_n$)|(^|_)count$|^(patients|people|records)$")


def audit(study: Study, folder: Path) -> list[Problem]:
    """Return everything that a report folder holds and should not.

    Parameters
    ----------
    study : Study
        For its key column, its policy, and whether it is synthetic.
    folder : Path
        The finished report.

    Returns
    -------
    list of Problem
        Empty where nothing was found: identifiers, counts under the threshold (in tables, sentences,
        captions and drawings), outputs without a mark, what a browser would load, paths and user names of
        the machine, formulas in CSV.
    """
    policy = get_policy(study.config.disclosure)
    keys = identifiers(study) if policy.protects else frozenset()
    problems: list[Problem] = []
    for path in sorted(folder.rglob("*")):
        if not path.is_file():
            continue
        shown = str(path.relative_to(folder))
        if path.suffix not in TEXT:
            problems.append(
                Problem(shown, f"a {path.suffix or 'nameless'} file", "nothing writes such a file")
            )
            continue
        text = path.read_text(encoding="utf-8")
        problems += [Problem(shown, *found) for found in _in_text(text, path.suffix, policy, keys)]
        if path.suffix == ".csv":
            problems += [
                Problem(shown, found, fix, column, row) for found, fix, column, row in _in_csv(text, policy)
            ]
    return problems


def identifiers(study: Study) -> frozenset[str]:
    """Return the values of the study's key column, as far as they tell a person (four characters or more)."""
    path = study.clean / "patients.parquet"
    if not path.is_file():
        return frozenset()
    import pandas as pd

    values = pd.read_parquet(path, columns=[study.config.key])[study.config.key].dropna().astype(str)
    return frozenset(value for value in values if len(value) >= 4)


def _in_text(text: str, suffix: str, policy: Policy, keys: frozenset[str]) -> Iterator[tuple[str, str]]:
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


def _in_csv(text: str, policy: Policy) -> Iterator[tuple[str, str, str, int]]:
    rows = list(csv.reader(io.StringIO(text)))
    header = rows[0] if rows else []
    for number, row in enumerate(rows[1:], start=2):
        for column, cell in zip(header, row, strict=False):
            if cell[:1] in ("=", "@", "\t", "\r") or (
                cell[:1] in "+-" and not re.fullmatch(r"[+-]?[\d.e]+|", cell)
            ):
                yield (
                    "a cell that a spreadsheet would run",
                    "text that begins like a formula gets an apostrophe",
                    column,
                    number,
                )
            if not may_say(counts_said(cell), policy):
                yield "a text that counts too few people", policy.rule, column, number
            if _COUNT_HEADER.search(column) and _number(cell) and policy.hides(float(cell)):
                yield f"a count of 1 to {policy.hides_up_to}", policy.rule, column, number
    yield from _by_subtraction(header, rows[1:], policy)


def _by_subtraction(header: list[str], rows: list[list[str]], policy: Policy) -> Iterator[tuple]:
    """Counts that are hidden alone beside a total of theirs in the same column or row."""
    places = [position for position, column in enumerate(header) if _COUNT_HEADER.search(column)]
    lines = [(header[p], None, [row[p] for row in rows if p < len(row)]) for p in places]
    lines += [
        ("", number, [row[p] for p in places if p < len(row)]) for number, row in enumerate(rows, start=2)
    ]
    for column, row, cells in lines:
        shown = [float(cell) for cell in cells if _number(cell)]
        if cells.count(MARK) == 1 and any(policy.hides(2 * one - sum(shown)) for one in shown):
            yield "a hidden count that a total gives away", "hide a second one with it", column, row


def _number(cell: str) -> bool:
    return bool(re.fullmatch(r"\d+(\.0+)?", cell))
