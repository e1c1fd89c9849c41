"""JSON that a report carries: findings, the run, the research object, and metadata inside pages."""

import json
from collections.abc import Iterator
from typing import Any

from vbhc.publish.disclosure.counting import counts_said
from vbhc.publish.disclosure.policies import Policy
from vbhc.publish.disclosure.said import may_say, tells_of_one
from vbhc.report.audit.tables import COUNT_NAME


def in_json(text: str, policy: Policy) -> Iterator[tuple]:
    """Yield (what, expected, place) for texts and numbers that count too few people."""
    if not policy.protects:
        return
    try:
        content = json.loads(text)
    except ValueError:
        yield "JSON that cannot be read", "a report writes JSON that programs read"
        return
    for place, value in _leaves(content, ""):
        name = place.rpartition(".")[2]
        if isinstance(value, str):
            if tells_of_one(value) or any(not may_say([count], policy) for count in counts_said(value)):
                yield "a text that counts too few people", policy.rule, place
        elif isinstance(value, bool) or "parameters" in place or not COUNT_NAME.search(name):
            continue
        elif policy.hides(value):
            yield f"a count of {policy.few()}", policy.rule, place


def _leaves(content: Any, place: str) -> Iterator[tuple[str, Any]]:
    if isinstance(content, dict):
        for key, value in content.items():
            yield from _leaves(value, f"{place}.{key}".lstrip("."))
    elif isinstance(content, list):
        for number, value in enumerate(content):
            yield from _leaves(value, f"{place}[{number}]")
    elif isinstance(content, str | int | float):
        yield place, content
