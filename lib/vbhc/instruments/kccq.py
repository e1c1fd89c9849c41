"""Score the Kansas City Cardiomyopathy Questionnaire, KCCQ-23 and KCCQ-12: 0-100, higher is better.

Rules: Green 2000, J Am Coll Cardiol 35:1245-55 (KCCQ-23); Spertus & Jones 2015, Circ Cardiovasc Qual Outcomes
8:469-76, PMC4885562 (KCCQ-12) and its scoring sheet of 2012. Answers are coded 1 (worst) upwards. Each answer
is stretched to 0-100, a domain is the mean of its given answers when enough were given, a summary the mean of
the domains that could be scored.
"""

from __future__ import annotations

from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd

from vbhc.instruments.answers import read_answers
from vbhc.instruments.instrument import GROUP, HIGHER, INDIVIDUAL, Instrument, Mcid, Scale
from vbhc.instruments.means import mean_of_answered
from vbhc.problems import did_you_mean

LICENCE = "(c) J. Spertus; use needs a licence and a fee (cvoutcomes.org); no item or answer text here"

LABELS = {
    "pl": "physical limitation", "ss": "symptom stability", "sf": "symptom frequency", "sb": "symptom burden",
    "ts": "total symptom", "se": "self-efficacy", "ql": "quality of life", "sl": "social limitation",
    "cs": "clinical summary", "os": "overall summary",
}  # fmt: skip
OTHER_REASONS = ("pl", "sl")  # domains whose sixth answer, limited for other reasons, counts as missing


class Form(NamedTuple):
    """What tells the two forms apart.

    `domains`: item codes, and how many of them must be answered. `summaries`: the scores that each is the
    mean of. `sevens`: items with seven answers (others have five, or `sixes`). `sixes`: what a sixth answer
    counts as in these domains.

    >>> SHORT.items[-3:], SHORT.ranges["8a"], SHORT.ranges["3"]
    (('8a', '8b', '8c'), (1, 6), (1, 7))
    """

    label: str
    stem: str
    domains: dict[str, tuple[tuple[str, ...], int]]
    summaries: dict[str, tuple[str, ...]]
    sevens: tuple[str, ...]
    sixes: dict[str, float]

    @property
    def items(self) -> tuple[str, ...]:
        """Item codes in the order of the questionnaire."""
        codes = [code for items, _ in self.domains.values() for code in items]
        return tuple(sorted(codes, key=lambda code: (int(code.rstrip("abcdef")), code)))

    @property
    def ranges(self) -> dict[str, tuple[int, int]]:
        """Lowest and highest answer of each item, by code."""
        six = {code for name in self.sixes for code in self.domains[name][0]}
        return {code: (1, 7 if code in self.sevens else 6 if code in six else 5) for code in self.items}


LONG = Form(
    "KCCQ", "kccq",
    {
        "pl": (("1a", "1b", "1c", "1d", "1e", "1f"), 3), "ss": (("2",), 1), "sf": (("3", "5", "7", "9"), 2),
        "sb": (("4", "6", "8"), 1), "se": (("10", "11"), 1), "ql": (("12", "13", "14"), 1),
        "sl": (("15a", "15b", "15c", "15d"), 2),
    },
    {"ts": ("sf", "sb"), "cs": ("pl", "ts"), "os": ("pl", "ts", "ql", "sl")},
    sevens=("5", "7"),
    sixes={"pl": np.nan, "sl": np.nan, "ss": 3.0, "sb": 5.0},  # ss, sb: no symptoms over the last two weeks
)  # fmt: skip
SHORT = Form(
    "KCCQ-12", "kccq12",
    {"pl": (("1a", "1b", "1c"), 2), "sf": (("2", "3", "4", "5"), 2), "ql": (("6", "7"), 1),
     "sl": (("8a", "8b", "8c"), 2)},
    {"cs": ("pl", "sf"), "os": ("pl", "sf", "ql", "sl")},
    sevens=("3", "4"),
    sixes={"pl": np.nan, "sl": np.nan},
)  # fmt: skip


def answers(form: Form, items: pd.DataFrame, min_answered: dict[str, int] | None = None) -> pd.DataFrame:
    """Return the answers that count, one float column per item: "for other reasons" is missing.

    >>> answers(SHORT, pd.DataFrame([[6] + [1] * 11])).iloc[0, :2].tolist()
    [nan, 1.0]
    """
    read = read_answers(items, form.items, list(form.ranges.values()), f"KCCQ-{len(form.items)}")
    for domain, counts_as in form.sixes.items():
        for code in form.domains[domain][0]:
            read[code] = read[code].mask(read[code] == 6, counts_as)
    return read


def score(form: Form, items: pd.DataFrame, min_answered: dict[str, int] | None = None) -> pd.DataFrame:
    """Score one form of the KCCQ.

    Parameters
    ----------
    form : Form
        `LONG` (KCCQ-23) or `SHORT` (KCCQ-12).
    items : DataFrame
        23 or 12 columns (`form.items`), answers coded 1 = worst.
    min_answered : dict, optional
        Answers that a domain needs, where it differs from the published rule: `{"sf": 3}`. The rule of the
        KCCQ-23: pl 3 of 6, sf 2 of 4, sl 2 of 4, the others 1; of the KCCQ-12: pl 2 of 3, sf 2 of 4, ql 1 of
        2, sl 2 of 3.

    Returns
    -------
    DataFrame
        `kccq_pl` ... `kccq_os` (`kccq12_pl` ...), 0-100, on the caller's index; NaN where a score cannot be
        formed. `kccq_ts` is the mean of the scores sf and sb, not of their items. Stability and
        self-efficacy are in no summary.

    Examples
    --------
    By hand: 3 is the middle of five answers (50) and a third of the way of seven (two of the four of sf).

    >>> score(SHORT, pd.DataFrame([[3] * 12])).iloc[0].round(1).tolist()
    [50.0, 41.7, 50.0, 50.0, 45.8, 47.9]
    """
    domains, read = _needs(form.domains, min_answered), answers(form, items)
    scores = pd.DataFrame(index=read.index)
    for name, (codes, needs) in domains.items():
        tops = [5 if name in form.sixes else form.ranges[code][1] for code in codes]
        stretched = read[list(codes)].sub(1).mul(100).div([top - 1 for top in tops])
        scores[name] = mean_of_answered(stretched, codes, needs)
    for name, parts in form.summaries.items():
        scores[name] = mean_of_answered(scores, parts, 1)
    return scores[[name for name in LABELS if name in scores]].add_prefix(f"{form.stem}_")


def _needs(domains: dict, changed: dict[str, int] | None) -> dict:
    for name, number in (changed or {}).items():
        if name not in domains:
            raise ValueError(f"min_answered: no domain {name!r}; {did_you_mean(name, domains)}")
        if not 1 <= number <= len(domains[name][0]):
            raise ValueError(f"min_answered: {name} has {len(domains[name][0])} items; found {number}")
    return {name: (items, (changed or {}).get(name, needs)) for name, (items, needs) in domains.items()}


def scales(form: Form, min_answered: dict[str, int] | None = None) -> tuple[Scale, ...]:
    """Return the scales of a form under the chosen minimum rule.

    >>> [scale.column for scale in scales(SHORT)]
    ['kccq12_pl', 'kccq12_sf', 'kccq12_ql', 'kccq12_sl', 'kccq12_cs', 'kccq12_os']
    """
    made, domains = [], _needs(form.domains, min_answered)
    for name in (name for name in LABELS if name in domains or name in form.summaries):
        items, needs = domains.get(name, ((), 1))
        parts = tuple(f"{form.stem}_{part}" for part in form.summaries.get(name, ()))
        note = "the answer 'for other reasons' counts as missing" if name in OTHER_REASONS else ""
        title, unit = f"{form.label} {LABELS[name]}", "points (0-100)"
        made.append(Scale(f"{form.stem}_{name}", title, 0, 100, HIGHER, unit, items, needs, parts, note=note))
    return tuple(made)


def _mcids(stem: str) -> tuple[Mcid, ...]:
    spertus = "Spertus 2020, J Am Coll Cardiol 76:2379-90, doi 10.1016/j.jacc.2020.09.542"
    spertus_2025 = "Spertus 2025, JACC Heart Fail, doi 10.1016/j.jchf.2025.102587"
    by_baseline = "95% CI 2.7 to 5.4; improvement 6.0 at a baseline of 20, 2.1 at 95; the authors keep 5"
    os = f"{stem}_os"
    return (
        Mcid(os, 5, INDIVIDUAL, spertus, label="small but clinically important change"),
        Mcid(os, 10, INDIVIDUAL, spertus, label="moderate to large change"),
        Mcid(os, 20, INDIVIDUAL, spertus, label="large to very large change"),
        Mcid(os, 3.9, GROUP, spertus_2025, note=by_baseline),
    )


BUTLER = "Butler 2020, doi 10.1002/ejhf.1810 (FAIR-HF), mean change of 'a little improved' at week 24"


def _instrument(form: Form, name: str, source: str, mcids: tuple[Mcid, ...]) -> Instrument:
    n = len(form.items)
    return Instrument(
        name, f"KCCQ-{n}", f"{n} items", form.items, tuple(form.ranges.values()), scales(form), source,
        LICENCE, partial(answers, form), partial(score, form), options=("min_answered",), mcids=mcids,
        scales_for=partial(scales, form),
    )  # fmt: skip


KCCQ_23 = _instrument(
    LONG, "kccq23", "Green 2000, J Am Coll Cardiol 35:1245-55",
    (*_mcids("kccq"), Mcid("kccq_os", 4.3, GROUP, BUTLER), Mcid("kccq_cs", 4.5, GROUP, BUTLER),
     Mcid("kccq_pl", 4.0, GROUP, BUTLER)),
)  # fmt: skip
KCCQ_12 = _instrument(
    SHORT, "kccq12", "Spertus & Jones 2015, Circ Cardiovasc Qual Outcomes 8:469-76", _mcids("kccq12")
)
