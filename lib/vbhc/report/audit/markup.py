"""Pages and drawings: counts in what is read, and everything that a browser would load, run or hide."""

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote_to_bytes

from vbhc.publish.disclosure.counting import numbers_in
from vbhc.publish.disclosure.policies import Policy
from vbhc.publish.disclosure.said import tells_few
from vbhc.publish.pages.reader import Content, read
from vbhc.publish.pages.styles import TAGS, decoded, is_link, loads, pictures, texts
from vbhc.report.audit.downloads import in_json
from vbhc.report.audit.traces import Known, in_text

_OUTPUT = re.compile(r"(^|\s)(unmarked|dataframe|output_\w+|jp-\w+)(\s|$)")
_PROGRAM = ("", "text/javascript", "module", "application/javascript", "text/ecmascript", "importmap")
_OPEN = "a report says what it says in the open"


def in_markup(text: str, suffix: str, known: Known) -> Iterator[tuple]:
    """Yield (what, expected, place) of what a page or a drawing holds and should not."""
    content = read(text, suffix)
    yield from _traces(text, content, known)
    yield from _hidden(content)
    yield from _loads(content, known)
    yield from _styles(content, known)
    yield from _programs(content, suffix, known.policy)
    for _, values, place in content.tags:
        if _OUTPUT.search(values.get("class", "")):
            yield "an output without a mark", "only what passed the door is published", place
    if suffix == ".html" and not any("default-src 'none'" in policy for policy in content.policies):
        yield "no Content-Security-Policy", "default-src 'none'"
    said = [(passage.text, passage.place) for passage in (*content.passages, *content.listings)]
    yield from _heard([*said, *content.comments], known)
    for passage in content.passages:
        # Outside findings words may speak of people in general.
        if tells_few(passage.text, known.policy, typed=not passage.finding):
            yield "a sentence that counts too few people", known.policy.rule, passage.place


def _heard(said: Iterable[tuple[str, str]], known: Known) -> Iterator[tuple]:
    """What texts, with their places, say of the interviews."""
    yield from ((*one, place) for text, place in said for one in known.heard(text))


def _traces(text: str, content: Content, known: Known) -> Iterator[tuple]:
    """Traces in the file and in what it shows: marks and codes may part an identifier."""
    in_file = list(in_text(text, known, drawn=True))
    yield from in_file
    told = {what for what, *_ in in_file}
    shown = "\n".join(passage.text for passage in content.passages)
    yield from (one[:2] for one in in_text(shown, known) if one[0] not in told)


def _hidden(content: Content) -> Iterator[tuple]:
    """What stands in the file and is never shown."""
    for _, place in content.comments:
        yield "a comment that readers do not see", _OPEN, place
    if content.lost:
        yield f"text that no browser shows, {content.lost[:60]!r}", _OPEN
    if not content.whole:
        yield "a drawing that cannot be read", "a report holds SVG that programs read"
    for tag, _, place in content.tags:
        if tag == "metadata":
            yield "metadata inside a drawing", "a drawing holds what it shows", place


def counts_on_page(path: Path) -> set[float]:
    """Return every count that the texts of a page give."""
    passages = read(path.read_text(encoding="utf-8")).passages
    return {n for passage in passages for n in numbers_in(passage.text, typed=True)}


def _loads(content: Content, known: Known) -> Iterator[tuple]:
    for tag, values, place in content.tags:
        if tag not in TAGS:
            yield f"a <{tag}>, which a report never has", "a report shows; it neither loads nor runs", place
            continue
        if tag == "meta":
            yield from _meta(values, place)
        for name, value in values.items():
            if is_link(name, value):
                yield from _link(tag, name, value.strip(), place, known)
        if any(name.startswith("on") for name in values):
            yield "a script that is not the report's own", "data is never markup", place
        if "srcdoc" in values:
            yield "a page inside the page", "a report is one page", place


def _meta(values: dict[str, str], place: str) -> Iterator[tuple]:
    """What a page tells its browser: to go elsewhere, or to read its bytes as other letters."""
    order = values.get("http-equiv", "").lower()
    if order not in ("", "content-security-policy", "content-type"):
        yield "a page that sends its reader elsewhere", "a report loads nothing", place
    letters = re.search(r"charset\s*=\s*[\"']?([\w-]*)", values.get("content", ""))
    charset = values.get("charset", letters[1] if letters and order else "utf-8")
    if charset.strip().lower() not in ("utf-8", "utf8"):
        yield f"a page in other letters, {charset!r}", "a report is written in UTF-8", place


def _link(tag: str, name: str, target: str, place: str, known: Known) -> Iterator[tuple]:
    scheme = re.match(r"([a-z][\w+.-]*):", re.sub(r"[\s\x00-\x1f]", "", target).lower())
    if tag in ("a", "area") and name in ("href", "xlink:href"):
        if scheme and scheme[1] not in ("http", "https", "mailto", "doi"):
            yield f"a link that runs or opens something, {scheme[1]}:", "links lead to pages", place
    elif tag in ("img", "image") and name != "srcset" and target.startswith("data:image/"):
        yield from _picture(target, place, known)
    elif target and (tag == "script" or not target.startswith("#")):
        yield f"something to be loaded, {target[:60]!r}", "a report loads nothing", place


def _picture(uri: str, place: str, known: Known) -> Iterator[tuple]:
    """What a drawing inside a data: address holds; it is read like any other."""
    head, _, body = uri.partition(",")
    if "svg" not in head.lower():
        return
    content = unquote_to_bytes(body)
    if head.lower().endswith(";base64"):
        try:
            content = base64.b64decode(content)
        except ValueError:
            content = b""
    inner = content.decode("utf-8", "replace")
    for what, expected, *_ in in_markup(inner, ".svg", known):
        yield what, expected, place


def _styles(content: Content, known: Known) -> Iterator[tuple]:
    for written, place in content.styles:
        style = decoded(written)
        if what := loads(style):
            yield what, "a report loads nothing", place
        for picture in pictures(style):
            yield from _picture(picture, place, known)
        yield from _heard(((text, place) for text in texts(style)), known)
        if any(tells_few(text, known.policy) for text in texts(style)):
            yield "a style that writes a count of too few people", known.policy.rule, place


def _programs(content: Content, suffix: str, policy: Policy) -> Iterator[tuple]:
    """Scripts that the page's own security policy does not name; data for programs is read as data."""
    policies = content.policies
    for values, body, place in content.scripts:
        kind = values.get("type", "").lower()
        if kind in ("application/ld+json", "application/json"):
            for what, expected, *where in in_json(body, policy):
                yield what, expected, ", ".join(filter(None, [place, *where]))
            continue
        digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
        own = policies and all(f"'sha256-{digest}'" in one for one in policies)
        if suffix != ".html" or kind not in _PROGRAM or not own:
            yield "a script that is not the report's own", "data is never markup", place
    if any("unsafe-" in one for one in policies):
        yield "a Content-Security-Policy that lets scripts or styles in", "hashes of the report's own"
