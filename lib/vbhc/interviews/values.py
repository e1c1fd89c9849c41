"""Numbers, yes and no as cells of exports write them."""

YES = frozenset(
    {"true", "1", "yes", "x", "wahr", "ja", "vrai", "oui", "verdadero", "si", "sí", "waar", "sant"}
)
NO = frozenset({"", "false", "0", "no", "falsch", "nein", "faux", "non", "falso", "nee", "onwaar", "falskt"})


def number(cell: str) -> float | None:
    """Return a finite number (decimal point or comma, a percent sign is left out), None if it is none."""
    try:
        value = float(cell.strip().removesuffix("%").strip().replace(",", "."))
    except ValueError:
        return None
    return value if abs(value) < 1e15 else None


def whole(cell: str) -> int | None:
    """Return a whole number, None if it is none."""
    value = number(cell)
    return int(value) if value is not None and value == int(value) else None


def yes(cell: str) -> bool | None:
    """Return a truth value in any of the known languages, None for anything else."""
    word = cell.strip().casefold()
    return True if word in YES else False if word in NO else None
