"""Checks of a notebook's parameters and tables, in words that a reader understands."""

from vbhc.problems import fault
from vbhc.study import Study


def check_level(level: float, name: str = "ci_level") -> float:
    """Return a confidence or test level that lies strictly between 0 and 1; raise StudyError otherwise."""
    if not 0 < level < 1:
        fix = "a share between 0 and 1, such as 0.95"
        hint = f"; {level / 100} was perhaps meant" if 1 < level < 100 else ""
        raise fault("parameters", f"{level!r}", fix + hint, name)
    return float(level)


def check_at_least(name: str, value: int, least: int) -> int:
    """Return a count that is large enough to be used; raise StudyError otherwise."""
    if value < least:
        raise fault("parameters", f"{value!r}", f"at least {least:,}", name)
    return int(value)


def margin_or_studys(study: Study, margin: float) -> float:
    """Return the equivalence margin: the parameter, or where it is 0 the one declared in `study.yml`.

    Raises
    ------
    StudyError
        If neither is given, since "poor association" cannot be tested without a margin set beforehand.
    """
    chosen = margin or study.config.equivalence_margin
    if not chosen:
        found = "no equivalence margin"
        fix = "declare the largest correlation you would still call poor, such as 0.2"
        raise fault(study.shown("study.yml"), found, fix, "equivalence_margin")
    return check_level(chosen, "margin")
