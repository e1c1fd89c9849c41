"""Numbers that are no measurement: codes among values, two scales in one column, costs nobody has."""

import re
from collections.abc import Iterator

import numpy as np
import pandas as pd

from vbhc import instruments
from vbhc.cleaning.labels import NOTHING, value_labels
from vbhc.cleaning.questions.question import Asked, Question, about, some
from vbhc.cleaning.scoring import item_columns, visits_of
from vbhc.cleaning.sources import QUANTITY, RESOURCE
from vbhc.study import Study
from vbhc.study.dictionary import is_number

DIGITS = "9 99 98 97 88 77 999 998 997 888 777 9999 8888 9998 7777 99999 88888 999999 9999999"
CODES = frozenset(map(float, DIGITS.split()))
BELOW = frozenset({-code for code in CODES} | {-1.0})
BELOW_ONE = frozenset(map(float, range(-8, -1)))  # codes where answers count from 1
FEWEST, OTHERS, HEAP = 5, 3, 4  # values of which something is said; other values; at one place
FACTORS = (10, 100, 1000)
BOTH, SIDE, GAP, NEAR = 10, 2, 3.0, 1.7
FEW, ALIKE = 30, 2.5  # of fewer values no spread is told; spreads of one measure differ less than this
ANSWERS, MARKS = 100, 20  # so few may miss a level, the most part of a scale, by chance
NEARLY_ALL = 0.95
THOUSANDS = re.compile(  # of which a column of costs may hold so many
    r"\b[kt] ?(?:€|£|\$|eur|gbp|usd|sek|nok|dkk|chf)"
    r"|\b(?:tsd|thousands?|duizend|mln|mio|millions?|000)\b",
    re.IGNORECASE,
)
CURRENCY = re.compile("currency|valuta|währung|devise|munt", re.IGNORECASE)


def undeclared_codes(asked: Asked) -> Iterator[Question]:
    """Ask about values that stand apart from all others of their column, or whose label says "unknown"."""
    for name, values in asked.numbers():
        labels = value_labels(asked.source.about.labels, name).items()
        named = {float(code) for code, word in labels if is_number(code) and NOTHING.fullmatch(word)}
        if found := sorted({*sentinels(values), *named.intersection(values.unique())}):
            yield asked.question("undeclared-code", name, codes=some([f"{value:g}" for value in found]))


def sentinels(values: pd.Series) -> list[float]:
    """Return the values that look like codes: negative where nothing else is, or far from everything else.

    A code also shows by standing at the top more often than any value near it.

    >>> sentinels(pd.Series([1, 2, 3, 5, 4, 2, 9.0])), sentinels(pd.Series([60, 70, 88, 93, 95, 99.0]))
    ([9.0], [])
    """
    counts = values.value_counts()
    below = BELOW | BELOW_ONE if not values.between(-1, 1, inclusive="neither").any() else BELOW
    if not (doubtful := [value for value in counts.index if value in CODES or value in below]):
        return []
    plain = counts.drop(doubtful)
    ends = plain.index.min(), plain.index.max()
    rest = counts.drop([value for value in doubtful if not ends[0] <= value <= ends[1]])
    if len(rest) < OTHERS or rest.sum() < FEWEST:
        return []
    low, high = float(rest.index.min()), float(rest.index.max())
    near = rest[rest.index > high - (high - low) / 5].max()

    def apart(value: float) -> bool:
        if value < low:
            return value < 0 <= low or value < low - (high - low) / 2
        heap = counts[value] >= max(HEAP, 3 * near)
        return value > high + (high - low) / 2 or (value > high and heap)

    return sorted(value for value in doubtful if apart(value))


def codes_that_are_values(asked: Asked) -> Iterator[Question]:
    """Ask about missing codes that lie among the values that were measured."""
    for name, values in asked.numbers():
        listed = asked.source.columns[name].missing_codes
        codes = [float(code) for code in listed if is_number(code)] if len(values) >= FEWEST else []
        within = [f"{code:g}" for code in codes if values.min() < code < values.max()]
        used = asked.source.text[name].str.strip().isin(listed).sum() if within else 0
        if used:
            yield asked.question("code-among-values", name, codes=some(within), n=used)


def two_scales(asked: Asked) -> Iterator[Question]:
    """Ask about columns that fall into two heaps a factor of 10, 100 or 1,000 apart."""
    kept = asked.source.kept
    for name, values in asked.numbers():
        parts = [values]
        if name == QUANTITY and RESOURCE in kept:
            parts = [part for _, part in values.groupby(kept[RESOURCE].astype("str"))]
        for factor, n in filter(None, map(two_humps, parts)):
            yield asked.question("two-scales", name, n=n, factor=factor)
            break


def two_humps(values: pd.Series) -> tuple[int, int] | None:
    """Return the factor between two heaps of values, and the size of the upper one; None for a single heap.

    >>> two_humps(pd.Series([61.0, 64, 70, 72, 75, 80, 82, 90, 6900, 7100]))
    (100, 2)
    """
    sizes = np.sort(values[values > 0].to_numpy(dtype=float))
    if len(sizes) < BOTH or len(np.unique(sizes)) < 2 * SIDE + 2:
        return None
    cut = int(np.argmax(sizes[1:] / sizes[:-1])) + 1
    if min(cut, len(sizes) - cut) < SIDE or sizes[cut] / sizes[cut - 1] < GAP:
        return None
    low, high = np.log(sizes[:cut]), np.log(sizes[cut:])
    ratio = np.exp(np.median(high) - np.median(low))
    near = [factor for factor in FACTORS if factor / NEAR < ratio < factor * NEAR]
    if not near or _other_shape(low, high - np.log(near[0])) or _no_tenths(sizes, cut, near[0]):
        return None
    return near[0], len(sizes) - cut


def _other_shape(low: np.ndarray, high: np.ndarray) -> bool:
    """Whether the upper heap, brought to the scale of the lower, is of another spread: then it is no slip."""
    few, many = sorted((low, high), key=len)
    if len(few) < FEW:
        wide = np.ptp(many) / 2
        return bool(few.max() > many.max() + wide or few.min() < many.min() - wide)
    spreads = [np.subtract(*np.percentile(heap, (75, 25))) + 1e-9 for heap in (low, high)]
    return not 1 / ALIKE < spreads[0] / spreads[1] < ALIKE


def _no_tenths(sizes: np.ndarray, cut: int, factor: int) -> bool:
    """Whether the fewer, lower values are whole numbers as the others are: tenths of those had decimals."""
    return bool(factor == 10 and cut < len(sizes) / 2 and not (sizes[:cut] % 1).any() and (sizes % 10).any())


def unused_levels(study: Study, patients: pd.DataFrame) -> Iterator[Question]:
    """Ask about questionnaires of which no answer uses the two highest levels, or the lowest where it is 0.

    That is how three levels look under a version of five, and answers counted from 1; marks of 0 to 10 look
    so under a scale of 0 to 100.
    """
    for name, use in study.config.instruments.items():
        one = instruments.get(use.instrument)
        ends = {tuple(use.range)} if use.range else set(one.ranges)
        if len(ends) != 1:
            continue
        [(low, high)] = ends
        marks = high - low == 100
        if not marks and len(one.items) < 5:
            continue
        columns = [c for visit in visits_of(study, use) for c in item_columns(use, one.items, visit)]
        answers = patients[columns]
        n, least, most = answers.count().sum(), answers.min().min(), answers.max().max()
        unused = most <= (low + 10 if marks else high - 2) and high - low >= 4
        if n >= (MARKS if marks else ANSWERS) and (unused or (low == 0 and least > 0 and not marks)):
            seen = {"n": n, "least": least, "most": most, "label": one.label, "low": low, "high": high}
            yield about(study, "unused-levels", "instruments", name, **seen)


def cost_questions(study: Study, patients: pd.DataFrame) -> Iterator[Question]:
    """Ask about the recorded cost columns and the total of the cleaned patients."""
    cost = study.config.cost
    if cost is None or study.cost_column not in patients:
        return
    names = list(cost.columns.values())
    names += [study.cost_column] if len(names) != 1 else []  # else it is that column
    for name in names:
        values = patients[name].astype("float64").dropna()
        if values.empty and cost.columns:
            continue  # asked of the column
        for kind, k in _faults(values, name == names[-1]):
            yield about(study, kind, "cost", name, k=k, n=len(patients))
    for name in cost.columns.values():
        if said := THOUSANDS.search(name.replace("_", " ")):
            yield about(study, "cost-in-thousands", "cost", name, word=said.group(), currency=cost.currency)
    for name in _sums(patients[list(cost.columns.values())].astype("float64")):
        yield about(study, "summed-cost", "cost", name)


def two_currencies(asked: Asked) -> Iterator[Question]:
    """Ask about a column that names more than one currency: nothing converts what stands beside it."""
    for name in filter(CURRENCY.search, asked.source.kept):
        named = sorted(asked.source.kept[name].dropna().astype(str).unique())
        if asked.study.config.cost and len(named) > 1:
            yield asked.question("two-currencies", name, named=some(named))


def threshold_question(study: Study, patients: pd.DataFrame) -> Iterator[Question]:
    """Ask for the price of a QALY where there are arms, which nothing compares without one."""
    config = study.config
    arms = any(group.kind == "arm" for group in config.groups.values())
    if config.cost and config.value_quota and arms and config.utilities and not config.has_threshold:
        yield about(study, "no-threshold", "cost", currency=config.cost.currency)


def _faults(values: pd.Series, total: bool) -> Iterator[tuple[str, int]]:
    """Yield the kinds of fault in a column of costs, each with how many patients have it."""
    if values.empty:
        yield "empty-cost", 0
        return
    if (values < 0).any():
        yield "negative-cost", (values < 0).sum()
    if total and (values == 0).any():
        yield "zero-cost", (values == 0).sum()
    if total and values.nunique() == 1 and len(values) >= FEWEST:
        yield "equal-costs", len(values)


def _sums(costs: pd.DataFrame) -> list[str]:
    """Return the column that is the sum of the others, if there is one (the first of two that are equal)."""
    whole = costs.dropna()
    if costs.shape[1] < 2 or len(whole) < FEWEST:
        return []
    for name in whole:
        others = whole.drop(columns=name).sum(axis=1)
        if (others > 0).any() and ((whole[name] - others).abs() <= 0.01 + 1e-6 * others).mean() >= NEARLY_ALL:
            return [str(name)]
    return []
