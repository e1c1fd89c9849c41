"""The mark that a published output carries: id and SHA-256 of the finding, which travels beside it as JSON.

Nothing without a mark that fits leaves a notebook.
"""

import hashlib
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping
from html import escape, unescape
from pathlib import Path
from typing import Any

MIME = "application/vnd.vbhc.finding+json"
SVG = "image/svg+xml"
NARROW = "application/vnd.vbhc.narrow"  # the same figure, drawn for a phone
KINDS = ("sentence", "table", "figure")
FIELDS = ("id", "kind", "role", "notebook", "policy", "withheld")
_TEXT = re.compile(r"(<text\b[^>]*>)(.*?)(</text>)", re.DOTALL)


def sha256(finding: dict) -> str:
    """Return the SHA-256 of a finding's canonical JSON (sorted keys, no spaces)."""
    text = json.dumps(finding, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def mark(finding: dict, counts: list[dict] | None = None) -> dict[str, Any]:
    """Return the output metadata that let a finding pass.

    The true `counts` behind it stay out of the finding and its hash: a published hash of a withheld number
    could be guessed back.
    """
    stamp = {"finding": finding["id"], "kind": finding["kind"], "sha256": sha256(finding)}
    return {"vbhc": stamp if counts is None else {**stamp, "counts": counts}}


def verified(output: dict) -> dict | None:
    """Return the finding of a notebook output, or None where it carries no mark, or one that does not fit."""
    if output.get("output_type") not in ("display_data", "execute_result"):
        return None
    stamp = output.get("metadata", {}).get("vbhc")
    finding = output.get("data", {}).get(MIME)
    if not isinstance(stamp, dict) or not isinstance(finding, dict):
        return None
    if any(field not in finding for field in FIELDS) or finding["kind"] not in KINDS:
        return None
    if stamp.get("finding") != finding["id"] or stamp.get("sha256") != sha256(finding):
        return None
    if finding["kind"] == "figure" and finding.get("svg_sha256") != drawings_sha256(output):
        return None
    return finding


def drawings_of(output: dict) -> dict[str, str]:
    """Return the drawings of an output as texts (notebooks may store lines): `SVG`, then `NARROW`."""
    data = output.get("data", {})
    return {kind: "".join(data[kind]) for kind in (SVG, NARROW) if data.get(kind)}


def words_in(svg: str) -> list[str]:
    """Return the texts in a drawing, each as it reads."""
    return [_said(match) for match in _TEXT.finditer(svg)]


def with_words(svg: str, new: Callable[[str], str]) -> str:
    """Return a drawing with another text in the place of each that `new` changes."""

    def instead(match: re.Match) -> str:
        kept = new(_said(match))
        return match[0] if kept == _said(match) else match[1] + escape(kept, quote=False) + match[3]

    return _TEXT.sub(instead, svg)


def _said(text: re.Match) -> str:
    return unescape(re.sub(r"<[^>]+>", "", text[2]))


def drawings_sha256(output: dict) -> str:
    """Return the SHA-256 of all drawings of an output."""
    return text_sha256("".join(drawings_of(output).values()))


def text_sha256(text: str) -> str:
    """Return the SHA-256 of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


def marked_outputs(notebook: dict) -> Iterator[tuple[int, Any, dict]]:
    """Yield (cell number, output, finding) for every output that may be published, in reading order."""
    for number, cell in enumerate(notebook["cells"]):
        for output in cell.get("outputs", ()):
            finding = verified(output)
            if finding is not None:
                yield number, output, finding


def findings_in(executed: Path) -> list[dict]:
    """Return what of an executed notebook may be published, in reading order."""
    notebook = json.loads(executed.read_text(encoding="utf-8"))  # nbformat would check each again
    return [finding for _, _, finding in marked_outputs(notebook)]


def show(bundle: dict, metadata: dict) -> None:
    """Show a bundle where there is a notebook to show it in."""
    try:
        from IPython import get_ipython
        from IPython.display import display
    except ImportError:
        return
    if get_ipython() is not None:
        display(bundle, raw=True, metadata=metadata)


def plain(value: Any) -> Any:
    """Return numbers and texts as JSON has them: NumPy unwrapped, floats to six digits, NaN as null."""
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    value = value.item() if hasattr(value, "item") else value
    if isinstance(value, float):
        return float(f"{value:.6g}") if math.isfinite(value) else None
    return value if isinstance(value, str | int | bool) or value is None else str(value)
