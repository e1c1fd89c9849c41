"""The templates of a report: everything is escaped unless made by us."""

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

TEMPLATES = Path(__file__).parent / "template" / "report"


_FILL = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True, lstrip_blocks=True)


def render(template: str, **view: Any) -> str:
    """Return a filled template."""
    return _FILL.get_template(template).render(**view)


def page_of(template: str, view: dict[str, Any], scripts: Sequence[str] = ()) -> str:
    """Return a whole page; `scripts` are those of its own, beside the report's."""
    return render(template, view={**view, **_shared(*scripts)})


@cache
def _shared(*more: str) -> dict[str, Markup]:
    """Style, script, and the policy that lets a browser run this script and `more`, and load nothing."""
    style = (TEMPLATES / "report.css").read_text(encoding="utf-8").strip()
    script = (TEMPLATES / "report.js").read_text(encoding="utf-8").strip()
    digests = (hashlib.sha256(one.encode()).digest() for one in (script, *more))
    allowed = " ".join(f"'sha256-{base64.b64encode(one).decode()}'" for one in digests)
    policy = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
        f"script-src {allowed}; base-uri 'none'; form-action 'none'"
    )
    return {"style": Markup(style), "script": Markup(script), "csp": Markup(policy)}
