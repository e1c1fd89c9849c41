"""The templates of a report: everything is escaped unless made by us."""

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "template" / "report"
_OWN_STYLE = "OWN-STYLE"  # stands in the policy until the page is written


_FILL = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)


def render(template: str, **view: Any) -> str:
    """Return a filled template."""
    return _FILL.get_template(template).render(**view)


def page_of(template: str, view: dict[str, Any], scripts: Sequence[str] = ()) -> str:
    """Return a whole page; `scripts` are those of its own, beside the report's.

    A browser may apply the page's own style sheet, run these scripts, and load nothing.
    """
    page = render(template, view={**view, **_shared(*scripts)})
    return page.replace(_OWN_STYLE, _hashes(re.findall(r"<style>(.*?)</style>", page, re.DOTALL)), 1)


@cache
def _shared(*more: str) -> dict[str, Markup]:
    """Style, script, and the policy, which lets this script and `more` run; `page_of` adds the style."""
    style = (TEMPLATES / "report.css").read_text(encoding="utf-8").strip()
    script = (TEMPLATES / "report.js").read_text(encoding="utf-8").strip()
    policy = (
        f"default-src 'none'; style-src {_OWN_STYLE}; img-src data:; "
        f"script-src {_hashes((script, *more))}; base-uri 'none'; form-action 'none'"
    )
    return {"style": Markup(style), "script": Markup(script), "csp": Markup(policy)}


def _hashes(texts: Iterable[str]) -> str:
    """Return how a policy names styles or scripts that may be used."""
    digests = (hashlib.sha256(one.encode()).digest() for one in texts)
    return " ".join(f"'sha256-{base64.b64encode(one).decode()}'" for one in digests)
