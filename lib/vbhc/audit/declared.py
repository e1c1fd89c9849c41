"""What a report itself declares about its tables: columns called like counts that count no people."""

from __future__ import annotations

import json
from pathlib import Path


def declared_things(folder: Path) -> dict[str, frozenset[str]]:
    """Return by table or figure ("02-value-quota-cost") its columns that count things, from findings.json.

    The declaration is published, so that a reader can hold the author to it. Without it every column called
    like a count is taken to count people.
    """
    path = folder / "findings.json"
    try:
        found = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else []
    except ValueError:
        return {}
    if not isinstance(found, list):
        return {}
    return {
        f"{one.get('page')}-{one.get('id')}": frozenset(map(str, one.get("things") or ()))
        for one in found
        if isinstance(one, dict)
    }
