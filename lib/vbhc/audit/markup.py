"""Pages and drawings: counts in what is read, and everything that a browser would load, run or hide."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from urllib.parse import unquote_to_bytes

from vbhc.audit.json_files import in_json
from vbhc.audit.known import Known, plain
from vbhc.audit.page_reader import Content, Passage, read
from vbhc.audit.traces import in_text
from vbhc.disclosure.policies import Policy
from vbhc.disclosure.said import counts_said, may_say, tells_of_one

_LINKS = (
    "src",
    "href",
    "xlink:href",
    "srcset",
    "data",
    "poster",
    "action",
    "formaction",
    "background",
    "ping",
)
_LINKS += ("manifest", "longdesc", "classid", "codebase", "imagesrcset")
_NEVER = ("iframe", "frame", "object", "embed", "applet", "base", "form", "foreignobject", "audio", "video")
_NEVER += ("portal", "animate", "set", "animatetransform", "animatemotion")
_STYLE_LOADS = re.compile(r"""url\(\s*["']?(?!\s*["']?(?:#|data:image/))([^)"']*)|@import\s+([^;]+)""", re.I)
_STYLE_HIDES = re.compile(
    r"image-set\(|expression\(|-moz-binding|(?<![-\w])behavior\s*:|https?:|['\"(]//", re.IGNORECASE
)
_STYLE_ESCAPE = re.compile(r"\\([0-9a-f]{1,6})\s?", re.IGNORECASE)
_STYLE_TEXT = re.compile(r"""content\s*:\s*["']([^"']+)""", re.I)
_OUTPUT = re.compile(r"(^|\s)(unmarked|dataframe|output_\w+|jp-\w+)(\s|$)")
_PROGRAM = ("", "text/javascript", "module", "application/javascript", "text/ecmascript", "importmap")


def in_markup(text: str, suffix: str, known: Known) -> Iterator[tuple]:
    """Yield (what, expected, place) of what a page or a drawing holds and should not."""
    content = read(text)
    yield from _loads(content, known)
    yield from _styles(content, known.policy)
    yield from _programs(text, content, suffix, known.policy)
    for comment, line in content.comments:
        if comment.strip().lower() not in ("doctype html",):
            yield (
                "a comment that readers do not see",
                "a report says what it says in the open",
                f"line {line}",
            )
    for tag, values, line in content.tags:
        if _OUTPUT.search(values.get("class", "")):
            yield "an output without a mark", "only what passed the door is published", f"line {line}"
        if tag == "metadata":
            yield "metadata inside a drawing", "a drawing holds what it shows", f"line {line}"
    if suffix == ".html" and "default-src 'none'" not in _policy_of(content):
        yield "no Content-Security-Policy", "default-src 'none'"
    for passage in content.passages:
        if tells_few(passage, known.policy):
            yield "a sentence that counts too few people", known.policy.rule, f"line {passage.line}"
    for one in content.quoted if suffix == ".html" and known.allowed is not None else ():
        if plain(one.text) not in known.allowed:
            what = "a quotation that is not on the list"
            yield what, "quotations.yml lists those that may be published", f"line {one.line}"


def tells_few(passage: Passage, policy: Policy) -> bool:
    """Whether a passage counts too few people; outside findings words may speak of people in general."""
    if not policy.protects:
        return False
    counts = counts_said(passage.text, typed=not passage.finding)
    return tells_of_one(passage.text) or not may_say(counts, policy)


def counts_on_page(text: str) -> set[float]:
    """Return every count that the texts of a page give."""
    said = [count for passage in read(text).passages for count in counts_said(passage.text, typed=True)]
    return {float(n) for one in said for n in (one if isinstance(one, tuple) else (one,))}


def _loads(content: Content, known: Known) -> Iterator[tuple]:
    for tag, values, line in content.tags:
        place = f"line {line}"
        if tag in _NEVER:
            yield f"a <{tag}>, which a report never has", "a report shows; it neither loads nor runs", place
            continue
        if tag == "meta" and values.get("http-equiv", "").lower() in ("refresh", "set-cookie"):
            yield "a page that sends its reader elsewhere", "a report loads nothing", place
        for name in set(values).intersection(_LINKS):
            yield from _link(tag, name, values[name].strip(), place, known)
        if any(re.fullmatch(r"on\w+", name) for name in values):
            yield "a script that is not the report's own", "data is never markup", place
        if "srcdoc" in values:
            yield "a page inside the page", "a report is one page", place


def _link(tag: str, name: str, target: str, place: str, known: Known) -> Iterator[tuple]:
    scheme = re.match(r"([a-z][\w+.-]*):", re.sub(r"[\s\x00-\x1f]", "", target).lower())
    if tag in ("a", "area") and name in ("href", "xlink:href"):
        if scheme and scheme[1] not in ("http", "https", "mailto", "doi"):
            yield f"a link that runs or opens something, {scheme[1]}:", "links lead to pages", place
        return
    if target.startswith("data:image/") and name in ("src", "href", "xlink:href"):
        yield from _picture(target, place, known)
    elif target and not target.startswith("#") and not (tag == "a" and name == "data"):
        yield f"something to be loaded, {target[:60]!r}", "a report loads nothing", place


def _picture(uri: str, place: str, known: Known) -> Iterator[tuple]:
    """What a drawing inside a data: address holds; it is read like any other."""
    head, _, body = uri.partition(",")
    if "svg" not in head:
        return
    content = unquote_to_bytes(body)
    if head.endswith(";base64"):
        try:
            content = base64.b64decode(content)
        except ValueError:
            content = b""
    inner = content.decode("utf-8", "replace")
    for what, expected, *_ in (*in_text(inner, known), *in_markup(inner, ".svg", known)):
        yield what, expected, place


def _styles(content: Content, policy: Policy) -> Iterator[tuple]:
    for style, line in content.styles:
        place = f"line {line}"
        style = _STYLE_ESCAPE.sub(lambda match: chr(min(int(match[1], 16), 0x10FFFF)), style)
        loads = _STYLE_LOADS.search(style)
        if loads:
            yield (
                f"a style that loads {(loads[1] or loads[2] or '').strip()[:60]!r}",
                "a report loads nothing",
                place,
            )
        elif _STYLE_HIDES.search(style):
            yield "a style that may load something", "a report loads nothing", place
        for shown in _STYLE_TEXT.findall(style):
            if tells_few(Passage(shown, line, True), policy):
                yield "a style that writes a count of too few people", policy.rule, place


def _programs(text: str, content: Content, suffix: str, policy: Policy) -> Iterator[tuple]:
    """Scripts that the page's own security policy does not name; data for programs is read as data."""
    allowed = re.findall(r"'sha256-([^']+)'", _policy_of(content))
    for values, body, line in content.scripts:
        place, kind = f"line {line}", values.get("type", "").lower()
        if kind in ("application/ld+json", "application/json"):
            for what, expected, *where in in_json(body, policy):
                yield what, expected, ", ".join([place, *where])
            continue
        digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
        if suffix != ".html" or kind not in _PROGRAM or (digest not in allowed and "src" not in values):
            yield "a script that is not the report's own", "data is never markup", place
    if "unsafe-eval" in _policy_of(content) or re.search(
        r"script-src[^;]*unsafe-inline", _policy_of(content)
    ):
        yield "a Content-Security-Policy that lets scripts in", "script-src with the hash of the report's own"


def _policy_of(content: Content) -> str:
    return " ".join(
        values.get("content", "")
        for tag, values, _ in content.tags
        if tag == "meta"
        and values.get("http-equiv", "content-security-policy").lower() == "content-security-policy"
    )
