"""The page of one provider and the list of all, from what each is told: no kernel, no study, no patient.

A page is a function of its findings alone, so that any process, here or on another machine, can make it.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from vbhc.report.shell import page_of
from vbhc.wording import number, sentence_case

WIDTHS = {"wide": 680, "narrow": 340}  # of a drawing, as report.css shows one or the other
NAMES, EDGE, ROW, TALL = 230, 44, 52, 320  # room for names beside marks, around them; heights
Numbers = Mapping[str, Any]


def provider_html(findings: Numbers, stamp: str) -> str:
    """Return the page of one provider.

    Parameters
    ----------
    findings : mapping
        From `chapters.variation.own_page.tell_each`: plain texts, numbers and lists.
    stamp : str
        What it was made of; it stands in the page, so that only what changed is made again.
    """
    marks, funnel = findings["marks"], findings.get("funnel")
    view = {**findings, "warned": f"{sentence_case(findings['warned'].rstrip('.'))}.", "stamp": stamp}
    if marks:
        view["strip"] = {kind: strip(marks, width) for kind, width in WIDTHS.items()}
    if funnel:
        view["scatter"] = {kind: scatter(funnel, marks[:1], width) for kind, width in WIDTHS.items()}
    return page_of("provider.html.j2", {**view, "number": number})


def stamp_of(html: str) -> str:
    """Return what a page says that it was made of; "" where it says nothing."""
    found = re.search(r'<meta name="made-of" content="(\w+)">', html)
    return found[1] if found else ""


def strip(marks: Sequence[Numbers], width: int) -> dict[str, Any]:
    """Return estimates with their intervals as paths and texts, a row each; 0 is as expected."""
    beside = width == WIDTHS["wide"]  # names stand beside their marks, on a phone above them
    ends = [0.0, *(mark[end] for mark in marks for end in ("low", "high"))]
    x = _scale(min(ends), max(ends), NAMES if beside else EDGE, width - EDGE)
    height = ROW * len(marks) + 32
    paths, texts = [_path([(x(0), 4), (x(0), height - 22)])], [(x(0), height - 6, "as expected", "middle")]
    for place, mark in enumerate(marks):
        y = 34 + ROW * place
        paths.append(_path([(x(mark["low"]), y), (x(mark["high"]), y)], "range"))
        paths.append(_dots([(x(mark["estimate"]), y)], "own"))
        name = (NAMES - 12, y + 5, "end") if beside else (0, y - 16, "start")
        texts.append((*name[:2], mark["label"], name[2]))
    return {"width": width, "height": height, "paths": paths, "texts": texts}


def scatter(funnel: Numbers, own: Sequence[Numbers], width: int) -> dict[str, Any]:
    """Return all providers by records and difference, the one of the page full, and the limits."""
    points, lines = funnel["points"], funnel["lines"]
    most = max(*(abs(away) for _, away in points), *(high for line in lines for _, high in line))
    records = [n for line in lines for n, _ in line]
    x = _scale(min(records), max(records), EDGE, width - EDGE)
    y = _scale(most, -most, EDGE, TALL - 2 * EDGE)
    sides = [[(x(n), y(side * high)) for n, high in line] for line in lines for side in (-1, 1)]
    paths = [*(_path(side, "limit") for side in sides), _path([(EDGE, y(0)), (width - EDGE, y(0))])]
    here = [mark["estimate"] for mark in own]
    paths.append(_dots([(x(n), y(away)) for n, away in points], "other"))
    paths.append(_dots([(x(n), y(away)) for n, away in points if away in here], "own"))
    ends = ((min(records), "start"), (max(records), "end"))
    texts = [(x(n), TALL - 8.0, f"{n:,.0f} records", anchor) for n, anchor in ends]
    far = float(f"{most:.1g}")
    texts += [(EDGE - 8.0, y(away) + 5, f"{away:+g}" if away else "0", "end") for away in (-far, 0, far)]
    return {"width": width, "height": TALL, "paths": paths, "texts": texts}


def _path(places: Sequence[tuple[float, float]], kind: str = "axis") -> tuple[str, str]:
    """A line through places, with its class in the style of the page."""
    return "M" + "L".join(f"{x} {y}" for x, y in places), kind


def _dots(places: Sequence[tuple[float, float]], kind: str) -> tuple[str, str]:
    """A round dot at each place: the ends of lines without length."""
    return "".join(f"M{x} {y}h0" for x, y in places), kind


def summary_html(
    title: str, release: str, states: Mapping[str, tuple], files: Mapping[str, str], what: str = "page"
) -> str:
    """Return the list of all providers: who has a page (or `what` it is), who has none and why.

    Parameters
    ----------
    states : mapping
        Name -> "failed", "lost", "withheld" or "done", and its reason. What went wrong is for the analysts:
        a public list does not say it.
    files : mapping
        Name -> file of its page.
    """
    rows = [(state, name, files.get(name), why) for name, (state, why) in states.items()]
    view = {"title": title, "release": release, "rows": rows, "done": len(files), "what": what}
    return page_of("providers.html.j2", view)


def _scale(low: float, high: float, start: float, end: float) -> Callable[[float], float]:
    """Return what puts a number between two places, to a tenth of a unit."""
    width = high - low or 1.0
    return lambda value: round(start + (value - low) / width * (end - start), 1)
