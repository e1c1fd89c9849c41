"""What a report itself declares about its tables: columns called like counts that count no people."""

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
    declared: dict[str, frozenset[str]] = {}
    for one in found:
        page, id = (str(one.get(key, "")) for key in ("page", "id")) if isinstance(one, dict) else ("", "")
        things = frozenset(map(str, one.get("things") or ())) if id else frozenset()
        # In the workbook a table's sheet is called 02-cost, cut to what a sheet's name may hold.
        declared |= {f"{page}-{id}": things, f"{page[:2]}-{id}"[:31]: things} if things else {}
    return declared
