"""Tables and words that ship with the library, each beside the module that reads it."""

import csv
from pathlib import Path
from typing import Any


def rows(beside: str, name: str) -> list[dict[str, Any]]:
    """Return the rows of a CSV file, as text; `beside` is the `__file__` of the module that reads it."""
    return list(csv.DictReader((Path(beside).parent / name).read_text(encoding="utf-8").splitlines()))


def yaml_loader() -> type:
    """Return the fastest reader of YAML that builds plain values only."""
    import yaml  # not for `vbhc --help`

    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def tree(beside: str, name: str) -> Any:
    """Return what a YAML file holds; `beside` as for `rows`."""
    import yaml

    return yaml.load((Path(beside).parent / name).read_bytes(), Loader=yaml_loader())
