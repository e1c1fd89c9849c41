"""The templates of a report: nbconvert's exporter with our own, everything escaped unless made by us."""

import base64
import hashlib
from collections.abc import Sequence
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup
from nbconvert.exporters import TemplateExporter
from nbformat import NotebookNode

TEMPLATES = Path(str(resources.files("vbhc.report").joinpath("template")))


class ReportExporter(TemplateExporter):
    """nbconvert's template exporter, with escaping on."""

    file_extension = ".html"
    output_mimetype = "text/html"

    def _create_environment(self) -> Environment:
        environment = super()._create_environment()
        environment.autoescape = True
        environment.trim_blocks = environment.lstrip_blocks = True
        return environment


class View(dict):
    """What a template is to show. nbconvert copies it for preprocessors, of which there are none."""

    def __deepcopy__(self, memo: dict[int, Any]) -> "View":
        """Return it as it is: whole notebooks hang on it."""
        return self


@cache
def _exporter(template: str) -> ReportExporter:
    return ReportExporter(
        template_name="report",
        template_file=template,
        extra_template_basedirs=[str(TEMPLATES)],
        preprocessors=[],
    )


def export(notebook: NotebookNode, template: str, view: dict[str, Any]) -> str:
    """Return a notebook as a page: nbconvert fills its template with what `view` holds of the cells."""
    bare = NotebookNode(notebook | {"cells": []})  # nbconvert would copy it and validate it many times
    body, _ = _exporter(template).from_notebook_node(bare, resources={"view": View(view, **_shared())})
    return _tidy(body)


def render(template: str, **view: Any) -> str:
    """Return a template without a notebook."""
    return _exporter("page.html.j2").environment.get_template(template).render(**view)


def page_of(template: str, view: dict[str, Any], scripts: Sequence[str] = ()) -> str:
    """Return a page that belongs to no notebook: an index, a lesson. `scripts` are those of its own."""
    return _tidy(render(template, resources={"view": {**view, **_shared(*scripts)}}))


@cache
def _shared(*more: str) -> dict[str, Markup]:
    """Style, script, and the policy that lets a browser run this script and `more`, and load nothing."""
    style = (TEMPLATES / "report" / "report.css").read_text(encoding="utf-8").strip()
    # Tidied first: the policy names the script as it stands in the page.
    script = _tidy((TEMPLATES / "report" / "report.js").read_text(encoding="utf-8")).strip()
    digests = (hashlib.sha256(one.encode()).digest() for one in (script, *more))
    allowed = " ".join(f"'sha256-{base64.b64encode(one).decode()}'" for one in digests)
    policy = (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
        f"script-src {allowed}; base-uri 'none'; form-action 'none'"
    )
    return {"style": Markup(style), "script": Markup(script), "csp": Markup(policy)}


def _tidy(html: str) -> str:
    """Drop the blank lines that templates leave behind, outside of listings."""
    lines, listing = [], False
    for line in html.splitlines():
        if line.strip() or listing:
            lines.append(line if listing else line.rstrip())
        opened, closed = line.rfind("<pre"), line.rfind("</pre>")
        listing = opened > closed or (listing and closed < 0)
    return "\n".join(lines) + "\n"
