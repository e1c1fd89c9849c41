"""Outputs without a mark, for the internal edition: text and pictures that can neither run nor load."""

from __future__ import annotations

import base64
from html import escape

from bleach import clean

_TAGS = {
    "table",
    "thead",
    "tbody",
    "tfoot",
    "tr",
    "th",
    "td",
    "caption",
    "p",
    "div",
    "span",
    "em",
    "strong",
    "br",
}


def unmarked_html(output: dict) -> str:
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
        return clean(data["text/html"], tags=_TAGS, attributes={}, strip=True, strip_comments=True)
    return f"<pre>{escape(data.get('text/plain', ''))}</pre>"


def _picture(kind: str, code: str) -> str:
    return f'<img alt="Picture for analysts only" src="data:image/{kind};base64,{escape(code)}">'
