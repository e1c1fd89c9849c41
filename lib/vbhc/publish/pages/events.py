"""A page or a drawing, piece by piece, as a browser builds it: HTML by HTML5, SVG by XML.

Both give the same events, each with a line: ("start", tag, attributes), ("end", tag, {}), ("text", words, {})
and ("comment", words, {}). Tags and the names of attributes are in small letters.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from html import unescape
from xml.parsers import expat

from selectolax.lexbor import LexborHTMLParser, LexborNode

Event = tuple[str, str, dict[str, str], int]
_START = re.compile(r"<([a-z][^\s/>]*)", re.IGNORECASE)
_PLAIN_END = re.compile(r"</[\w:-]+\s*>")
_IMPLIED = frozenset(("html", "head", "body", "colgroup", "tbody", "tr"))
_NEAR = 4096  # characters within which a text is looked for
_PREFIX = {"http://www.w3.org/1999/xlink": "xlink:", "http://www.w3.org/XML/1998/namespace": "xml:"}


def html_events(source: str) -> tuple[list[Event], str]:
    """Return the events of a page, and the words of its source that no part of the built page holds.

    Such words stand in a second attribute of one name, on a closing tag, or in a tag that the parser drops.
    """
    tree = LexborHTMLParser(source)
    lost = _words(source) - _words(tree.html or "")
    return list(_placed(source, tree.root.parent)), " ".join(lost)


def _words(source: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", unescape(_PLAIN_END.sub(" ", source)).lower()))


def _placed(source: str, document: LexborNode) -> Iterator[Event]:
    """Yield events with their lines. The tree has none: each tag is looked for behind the last one."""
    starts = [match.end() for match in re.finditer("\n", source)]
    tags: dict[str, list[int]] = {}
    for match in _START.finditer(source):
        tags.setdefault(match[1].lower(), []).append(match.start())
    at = -1
    for kind, name, values in _pieces(document.child):
        if kind == "start" and name not in _IMPLIED:
            places = tags.get(name, ())
            following = bisect_right(places, at)
            at = places[following] if following < len(places) else at
        here = max(at, source.find(name, max(at, 0), at + len(name) + _NEAR)) if kind == "text" else at
        yield kind, name, values, bisect_right(starts, here) + 1


def _pieces(node: LexborNode | None) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Walk the tree in reading order, without recursion: nothing bounds how deep a page may nest."""
    above: list[LexborNode] = []
    while node is not None:
        child = node.child
        if node.is_element_node and node.tag:
            yield "start", node.tag.lower(), {key: value or "" for key, value in node.attributes.items()}
        elif node.is_text_node:
            yield "text", node.text_content or "", {}
        elif node.tag != "-doctype":
            yield "comment", (node.comment_content or "") if node.is_comment_node else "", {}
        if child is not None:
            above.append(node)
            node = child
            continue
        while node is not None:
            if node.is_element_node and node.tag:
                yield "end", node.tag.lower(), {}
            following = node.next
            if following is not None or not above:
                node = following
                break
            node = above.pop()


def svg_events(source: str) -> tuple[list[Event], bool]:
    """Return the events of a drawing, and whether it could be read to its end."""
    parser, events = expat.ParserCreate("utf-8", namespace_separator=" "), []
    parser.buffer_text = True

    def note(kind: str, name: str, values: dict[str, str] | None = None) -> None:
        events.append((kind, name, values or {}, parser.CurrentLineNumber))

    parser.StartElementHandler = lambda name, values: note(
        "start", _local(name), {_named(key): value for key, value in values.items()}
    )
    parser.EndElementHandler = lambda name: note("end", _local(name))
    parser.CharacterDataHandler = lambda text: note("text", text)
    parser.CommentHandler = lambda text: note("comment", text)
    parser.ProcessingInstructionHandler = lambda target, text: note("comment", f"{target} {text}")
    parser.EntityDeclHandler = lambda name, *_: note("comment", f"entity {name}")
    try:
        parser.Parse(source, True)
    except expat.ExpatError:
        return events, False
    return events, True


def _local(name: str) -> str:
    return name.rpartition(" ")[2].lower()


def _named(name: str) -> str:
    space, _, local = name.rpartition(" ")
    return _PREFIX.get(space, "") + local.lower()
