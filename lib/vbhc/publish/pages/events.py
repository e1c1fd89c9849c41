"""A page or a drawing, piece by piece, as a browser builds it: HTML by HTML5, SVG by XML.

Both give the same events: ("start", tag, attributes), ("end", tag, {}), ("text", words, {}) and
("comment", words, {}). Tags and the names of attributes are in small letters.
"""

import re
from collections import Counter
from collections.abc import Iterator
from html import unescape
from xml.parsers import expat

from selectolax.lexbor import LexborHTMLParser, LexborNode

Event = tuple[str, str, dict[str, str]]
_PLAIN_END = re.compile(r"</[\w:-]+\s*>")
_PREFIX = {"http://www.w3.org/1999/xlink": "xlink:", "http://www.w3.org/XML/1998/namespace": "xml:"}


def html_events(source: str) -> tuple[list[Event], str]:
    """Return the events of a page, and the words of its source that no part of the built page holds.

    Such words stand in a second attribute of one name, on a closing tag, or in a tag that the parser drops.
    """
    tree = LexborHTMLParser(source)
    return list(_pieces(tree.root.parent.child)), " ".join(_words(source) - _words(tree.html or ""))


def _words(source: str) -> Counter[str]:
    return Counter(re.findall(r"\w+", unescape(_PLAIN_END.sub(" ", source)).lower()))


def _pieces(node: LexborNode | None) -> Iterator[Event]:
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
    events: list[Event] = []

    def start(tag: str, values: dict[str, str]) -> None:
        named = {_named(key, _PREFIX): one for key, one in values.items()}
        events.append(("start", _named(tag, {}), named))

    def remark(*words: str) -> None:
        events.append(("comment", " ".join(words), {}))

    parser = expat.ParserCreate(namespace_separator="}")
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda tag: events.append(("end", _named(tag, {}), {}))
    parser.CharacterDataHandler = lambda words: events.append(("text", words, {}))
    parser.CommentHandler = parser.ProcessingInstructionHandler = remark
    parser.StartDoctypeDeclHandler = lambda *_: remark("a document type, which can hold entities")
    try:
        parser.Parse(source, True)
    except (expat.ExpatError, ValueError):
        return events, False
    return events, True


def _named(name: str, prefixes: dict[str, str]) -> str:
    space, _, local = name.rpartition("}")
    return prefixes.get(space, "") + local.lower()
