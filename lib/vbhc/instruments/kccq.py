"""Score the Kansas City Cardiomyopathy Questionnaire, KCCQ-23 and KCCQ-12: 0-100, higher is better.

Rules: Green 2000, J Am Coll Cardiol 35:1245-55 (KCCQ-23); Spertus & Jones 2015, Circ Cardiovasc Qual Outcomes
8:469-76, PMC4885562 (KCCQ-12) and its scoring sheet of 2012. Answers are coded 1 (worst) upwards. Each answer
is stretched to 0-100, a domain is the mean of its given answers when enough were given, a summary the mean of
the domains that could be scored.
"""

from functools import partial

import numpy as np
import pandas as pd

from vbhc.instruments.answers import mean_of_answered
from vbhc.instruments.instrument import Instrument, Scale, described

LONG, SHORT = described("kccq23"), described("kccq12")
# what a sixth answer counts as, by domain: limited for other reasons; no symptoms over the last two weeks
SIXTH = {"pl": np.nan, "sl": np.nan, "ss": 3.0, "sb": 5.0}


def answers(form: Instrument, items: pd.DataFrame) -> pd.DataFrame:
    """Return the answers that count, one float column per item: "for other reasons" is missing.

    >>> answers(SHORT, pd.DataFrame([[6] + [1] * 11])).iloc[0, :2].tolist()
    [nan, 1.0]
    """
    read = form.read(items)
    for scale in form.scales:
        for code in scale.items if _domain(scale) in SIXTH else ():
            read[code] = read[code].mask(read[code] == 6, SIXTH[_domain(scale)])
    return read


def score(form: Instrument, items: pd.DataFrame) -> pd.DataFrame:
    """Score one form of the KCCQ.

    Parameters
    ----------
    form : Instrument
        `LONG` (KCCQ-23) or `SHORT` (KCCQ-12).
    items : DataFrame
        23 or 12 columns (`form.items`), answers coded 1 = worst.

    Returns
    -------
    DataFrame
        `kccq_pl` ... `kccq_os` (`kccq12_pl` ...), 0-100, on the caller's index; NaN where a score cannot be
        formed. `kccq_ts` is the mean of the scores sf and sb, not of their items. Stability and
        self-efficacy are in no summary. A domain needs, in the KCCQ-23, pl 3 of 6 answers, sf 2 of 4, sl 2 of
        4, the others 1; in the KCCQ-12, pl 2 of 3, sf 2 of 4, ql 1 of 2, sl 2 of 3.

    Examples
    --------
    By hand: 3 is the middle of five answers (50) and a third of the way of seven (two of the four of sf).

    >>> score(SHORT, pd.DataFrame([[3] * 12])).iloc[0].round(1).tolist()
    [50.0, 41.7, 50.0, 50.0, 45.8, 47.9]
    """
    read = answers(form, items)
    # a sixth answer lies outside the five that are stretched
    highest = dict(zip(form.items, (high for _, high in form.ranges), strict=True))
    steps = {code: {6: 4}.get(high, high - 1) for code, high in highest.items()}
    stretched, scores = read.sub(1).mul(100).div(steps), pd.DataFrame(index=read.index)
    for scale in form.scales:
        given = stretched if scale.items else scores
        scores[scale.column] = mean_of_answered(given, scale.items or scale.parts, scale.needs)
    return scores


def _domain(scale: Scale) -> str:
    return scale.column.rpartition("_")[2]


KCCQ_23, KCCQ_12 = (
    form._replace(answers=partial(answers, form), score=partial(score, form)) for form in (LONG, SHORT)
)
