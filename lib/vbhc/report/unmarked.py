"""Outputs without a mark, for the internal edition: text and pictures that can neither run nor load."""

import base64
from collections.abc import Iterator
from html import escape

from nbformat import NotebookNode
from selectolax.lexbor import LexborHTMLParser, LexborNode

_KEPT = "table thead tbody tfoot tr th td caption p div span em strong br"
# What these hold is a program, or is text to one parser and tags to the next: none of it is kept.
_LEFT = "script style template svg math iframe object noscript noembed noframes xmp plaintext textarea title"
_TAGS, _GONE = frozenset(_KEPT.split()), frozenset(_LEFT.split())


def unmarked_html(output: NotebookNode) -> str:
    """Return an output as HTML that can neither run nor load anything."""
    kind = output.get("output_type")
    if kind == "stream":
        body = f"<pre>{escape(output.text)}</pre>"
    elif kind == "error":
        body = f"<pre>{escape(output.get('ename', ''))}: {escape(output.get('evalue', ''))}</pre>"
    else:
        body = _picture_or_text(output.get("data", {}))
    return (
        f'<div class="unmarked box" tabindex="0" role="group" aria-label="Not for publication">{body}</div>'
    )


def _picture_or_text(data: dict) -> str:
    if "image/png" in data:
        return _picture("png", "".join(data["image/png"].split()))
    if "image/svg+xml" in data:
        return _picture("svg+xml", base64.b64encode(data["image/svg+xml"].encode()).decode())
    if "text/html" in data:
        return clean(data["text/html"])
    return f"<pre>{escape(data.get('text/plain', ''))}</pre>"


def clean(html: str) -> str:
    """Return the words of a piece of HTML, and of its tags those that lay out text, bare of attributes.

    It is written anew from the parsed tree, every word escaped, so that a browser reads no tag but these.
    """
    body = LexborHTMLParser(f"<!DOCTYPE html><body>{html}").body
    return "" if body is None else "".join(_inside(body))


def _inside(top: LexborNode) -> Iterator[str]:
    """Write what stands inside a tag; without recursion, since nothing bounds how deep it nests."""
    todo: list[LexborNode | str] = [*reversed([*_children(top)])]
    while todo:
        node = todo.pop()
        if isinstance(node, str):
            yield node
        elif node.is_text_node:
            yield escape(node.text_content or "", quote=False)
        elif node.is_element_node and node.tag not in _GONE:
            kept = node.tag in _TAGS
            yield f"<{node.tag}>" if kept else ""
            todo += [f"</{node.tag}>" if kept and node.tag != "br" else "", *[*_children(node)][::-1]]


def _children(node: LexborNode) -> Iterator[LexborNode]:
    child = node.child
    while child is not None:
        yield child
        child = child.next


def _picture(kind: str, code: str) -> str:
    return f'<img alt="Picture for analysts only" src="data:image/{kind};base64,{escape(code)}">'
