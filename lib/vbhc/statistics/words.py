"""Names and counts of patients as a reader says them; shared by every reason and sentence."""

ACRONYMS = {
    "vq": "VQ",
    "kccq": "KCCQ",
    "os": "OS",
    "eq5d": "EQ-5D",
    "eq": "EQ",
    "vas": "VAS",
    "ohs": "OHS",
} | {"oks": "OKS"}


def readable(name: str) -> str:
    """Return a column's name as words: "perceived_value" -> "perceived value", "cost_eur_2011" -> "cost".

    >>> readable("perceived_value"), readable("kccq_os"), readable("cost_eur_2011")
    ('perceived value', 'KCCQ OS', 'cost')
    """
    if name.startswith("cost_"):
        return "cost"
    return " ".join(ACRONYMS.get(word, word) for word in name.split("_"))


def patients_with(n: int) -> str:
    """Return who has something, with the verb in its number: "Only 1 patient has", "No patient has".

    >>> patients_with(0), patients_with(1), patients_with(2000)
    ('No patient has', 'Only 1 patient has', 'Only 2,000 patients have')
    """
    if n == 0:
        return "No patient has"
    return "Only 1 patient has" if n == 1 else f"Only {n:,} patients have"


def plural(n: int, one: str, many: str = "") -> str:
    """Return "1 pair", "2 pairs", "1 cost is", "3 costs are".

    >>> plural(1, "pair"), plural(2, "pair"), plural(3, "cost is", "costs are")
    ('1 pair', '2 pairs', '3 costs are')
    """
    return f"{n:,} {one if n == 1 else many or one + 's'}"
