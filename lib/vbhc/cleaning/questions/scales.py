"""One column on two scales (tenths, thousands), and answers that use less than their questionnaire has."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from vbhc import instruments
from vbhc.cleaning.questions.question import Asked, Question
from vbhc.cleaning.scoring import item_columns, visits_of
from vbhc.cleaning.sources import QUANTITY, RESOURCE
from vbhc.study import Study

FACTORS = (10, 100, 1000)
FEWEST, SIDE, GAP, NEAR = 10, 2, 3.0, 1.7
FEW, ALIKE = 30, 2.5  # of fewer values no spread is told; spreads of one measure differ less than this
ANSWERS = 100  # so few may miss a level by chance


def two_scales(asked: Asked) -> Iterator[Question]:
    """Ask about columns that fall into two heaps a factor of 10, 100 or 1,000 apart."""
    kept = asked.source.kept
    for name, values in asked.numbers():
        parts = [values]
        if name == QUANTITY and RESOURCE in kept:
            parts = [part for _, part in values.groupby(kept.loc[values.index, RESOURCE])]
        for factor, n in filter(None, map(two_humps, parts)):
            found = f"{n:,} values are about {factor:,} times as large as the others: in another unit"
            yield asked.question("two-scales", found, name)
            break


def two_humps(values: pd.Series) -> tuple[int, int] | None:
    """Return the factor between two heaps of values, and the size of the upper one; None for a single heap.

    >>> two_humps(pd.Series([61.0, 64, 70, 72, 75, 80, 82, 90, 6900, 7100]))
    (100, 2)
    """
    sizes = np.sort(values[values > 0].to_numpy(dtype=float))
    if len(sizes) < FEWEST or len(np.unique(sizes)) < 2 * SIDE + 2:
        return None
    cut = int(np.argmax(sizes[1:] / sizes[:-1])) + 1
    if min(cut, len(sizes) - cut) < SIDE or sizes[cut] / sizes[cut - 1] < GAP:
        return None
    low, high = np.log(sizes[:cut]), np.log(sizes[cut:])
    ratio = np.exp(np.median(high) - np.median(low))
    near = [factor for factor in FACTORS if factor / NEAR < ratio < factor * NEAR]
    if not near or _other_shape(low, high - np.log(near[0])):
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


def unused_levels(study: Study, patients: pd.DataFrame) -> Iterator[Question]:
    """Ask about questionnaires of which no answer uses the two highest levels, or the lowest where it is 0.

    That is how three levels look under a version of five, and answers counted from 1.
    """
    for name, use in study.config.instruments.items():
        one = instruments.get(use.instrument)
        ends = set(one.ranges)
        if len(ends) != 1 or len(one.items) < 5:
            continue
        [(low, high)] = ends
        columns = [c for visit in visits_of(study, use) for c in item_columns(use, one.items, visit)]
        given = patients[columns].to_numpy(dtype=float)
        given = given[~np.isnan(given)]
        if len(given) < ANSWERS:
            continue
        above = high - low >= 4 and given.max() <= high - 2
        if above or (low == 0 and given.min() > 0):
            found = (
                f"{len(given):,} answers lie in {given.min():g}-{given.max():g}, {one.label} has {low}-{high}"
            )
            yield Question("unused-levels", "instruments", name, study.shown("study.yml"), found)
