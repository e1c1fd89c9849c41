"""Score the Kansas City Cardiomyopathy Questionnaire, KCCQ-23 and KCCQ-12: 0-100, higher is better.

Rules: Green 2000, J Am Coll Cardiol 35:1245-55 (KCCQ-23); Spertus & Jones 2015, Circ Cardiovasc Qual Outcomes
8:469-76, PMC4885562 (KCCQ-12) and its scoring sheet of 2012. Answers are coded 1 (worst) upwards. Each answer
is stretched to 0-100, a domain is the mean of its given answers when enough were given, a summary the mean of
the domains that could be scored.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from vbhc.instruments.answers import item_table, read_answers
from vbhc.instruments.instrument import GROUP, INDIVIDUAL, Instrument, Mcid, Scale
from vbhc.instruments.means import mean_of_answered, to_100
from vbhc.problems import did_you_mean

LICENCE = "(c) J. Spertus; use needs a licence and a fee (cvoutcomes.org); no item or answer text here"

# domain: item codes, and how many of them must be answered
DOMAINS_23 = {
    "pl": (("1a", "1b", "1c", "1d", "1e", "1f"), 3),
    "ss": (("2",), 1),
    "sf": (("3", "5", "7", "9"), 2),
    "sb": (("4", "6", "8"), 1),
    "se": (("10", "11"), 1),
    "ql": (("12", "13", "14"), 1),
    "sl": (("15a", "15b", "15c", "15d"), 2),
}
DOMAINS_12 = {
    "pl": (("1a", "1b", "1c"), 2),
    "sf": (("2", "3", "4", "5"), 2),
    "ql": (("6", "7"), 1),
    "sl": (("8a", "8b", "8c"), 2),
}
SUMMARIES_23 = {"ts": ("sf", "sb"), "cs": ("pl", "ts"), "os": ("pl", "ts", "ql", "sl")}
SUMMARIES_12 = {"cs": ("pl", "sf"), "os": ("pl", "sf", "ql", "sl")}
# highest answer of an item where it is not 5; 6 is a further answer whose meaning stands in `SIXES`
HIGHEST_23 = {"5": 7, "7": 7} | dict.fromkeys(
    ("1a", "1b", "1c", "1d", "1e", "1f", "2", "4", "6", "8", "15a", "15b", "15c", "15d"), 6
)
HIGHEST_12 = {"3": 7, "4": 7} | dict.fromkeys(("1a", "1b", "1c", "8a", "8b", "8c"), 6)
# what the sixth answer counts as: limited for other reasons (missing), no symptoms over the last two weeks
SIXES_23 = {"pl": np.nan, "sl": np.nan, "ss": 3.0, "sb": 5.0}
SIXES_12 = {"pl": np.nan, "sl": np.nan}
LABELS = {
    "pl": "physical limitation", "ss": "symptom stability", "sf": "symptom frequency", "sb": "symptom burden",
    "ts": "total symptom", "se": "self-efficacy", "ql": "quality of life", "sl": "social limitation",
    "cs": "clinical summary", "os": "overall summary",
}  # fmt: skip
ORDER = ("pl", "ss", "sf", "sb", "ts", "se", "ql", "sl", "cs", "os")
# KCCQ-12 item: the item of the KCCQ-23 that it repeats
ITEM_MAP = {
    "1a": "1b", "1b": "1c", "1c": "1f", "2": "3", "3": "5", "4": "7", "5": "9", "6": "12", "7": "13",
    "8a": "15a", "8b": "15b", "8c": "15c",
}  # fmt: skip


def _items(domains: dict) -> tuple[str, ...]:
    codes = [code for items, _ in domains.values() for code in items]
    return tuple(sorted(codes, key=lambda code: (int(code.rstrip("abcdef")), code)))


ITEMS_23, ITEMS_12 = _items(DOMAINS_23), _items(DOMAINS_12)


def _answers(items: pd.DataFrame, codes, domains, highest, sixes, label) -> pd.DataFrame:
    ranges = [(1, highest.get(code, 5)) for code in codes]
    read = read_answers(items, codes, ranges, label)
    for domain, counts_as in sixes.items():
        for code in domains[domain][0]:
            read[code] = read[code].mask(read[code] == 6, counts_as)
    return read


def answers_23(items: pd.DataFrame, min_answered: dict[str, int] | None = None) -> pd.DataFrame:
    """Return the KCCQ-23 answers that count (23 columns): "for other reasons" is missing, see `SIXES_23`."""
    return _answers(items, ITEMS_23, DOMAINS_23, HIGHEST_23, SIXES_23, "KCCQ-23")


def answers_12(items: pd.DataFrame, min_answered: dict[str, int] | None = None) -> pd.DataFrame:
    """Return the KCCQ-12 answers that count (12 columns): "for other reasons" is missing."""
    return _answers(items, ITEMS_12, DOMAINS_12, HIGHEST_12, SIXES_12, "KCCQ-12")


def score_23(items: pd.DataFrame, min_answered: dict[str, int] | None = None) -> pd.DataFrame:
    """Score KCCQ-23.

    Parameters
    ----------
    items : DataFrame
        23 columns (`ITEMS_23`), answers coded 1 = worst.
    min_answered : dict, optional
        Answers that a domain needs, where it differs from the published rule: `{"sf": 3}`. The rule is
        `DOMAINS_23`: pl 3 of 6, sf 2 of 4, sl 2 of 4, the others 1.

    Returns
    -------
    DataFrame
        `kccq_pl` ... `kccq_os`, 0-100, on the caller's index; NaN where a score cannot be formed. `kccq_ts`
        is the mean of the scores sf and sb, not of their items. Stability and self-efficacy are in no
        summary.
    """
    read = answers_23(items)
    return _score(read, _needs(DOMAINS_23, min_answered), HIGHEST_23, SIXES_23, SUMMARIES_23, "kccq")


def score_12(items: pd.DataFrame, min_answered: dict[str, int] | None = None) -> pd.DataFrame:
    """Score KCCQ-12: `kccq12_pl`, `_sf`, `_ql`, `_sl`, `_cs`, `_os` (0-100); see `score_23` for the options.

    The rule is `DOMAINS_12`: pl 2 of 3, sf 2 of 4, ql 1 of 2, sl 2 of 3.
    """
    read = answers_12(items)
    return _score(read, _needs(DOMAINS_12, min_answered), HIGHEST_12, SIXES_12, SUMMARIES_12, "kccq12")


def _needs(domains: dict, changed: dict[str, int] | None) -> dict:
    for name, number in (changed or {}).items():
        if name not in domains:
            raise ValueError(f"min_answered: no domain {name!r}; {did_you_mean(name, domains)}")
        if not 1 <= number <= len(domains[name][0]):
            raise ValueError(f"min_answered: {name} has {len(domains[name][0])} items; found {number}")
    return {name: (items, (changed or {}).get(name, needs)) for name, (items, needs) in domains.items()}


def _score(read: pd.DataFrame, domains, highest, sixes, summaries, stem: str) -> pd.DataFrame:
    stretched = pd.DataFrame(index=read.index)
    for name, (items, _) in domains.items():
        for code in items:
            top = 5 if name in sixes else highest.get(code, 5)
            stretched[code] = to_100(read[code].to_numpy(), 1, top)
    scores = pd.DataFrame(index=read.index)
    for name, (items, needs) in domains.items():
        scores[name] = mean_of_answered(stretched, items, needs)
    for name, parts in summaries.items():
        scores[name] = mean_of_answered(scores, parts, 1)
    return scores[[name for name in ORDER if name in scores]].add_prefix(f"{stem}_")


def shorten(items: pd.DataFrame) -> pd.DataFrame:
    """Return the KCCQ-12 items out of KCCQ-23 items (columns named by the codes of the KCCQ-12)."""
    full = item_table(items, ITEMS_23, "KCCQ-23")
    return full[list(ITEM_MAP.values())].set_axis(list(ITEM_MAP), axis=1)


def health_status(score: pd.Series) -> pd.Series:
    """Band of a summary score (Spertus 2020, J Am Coll Cardiol 76:2379-90): quarters of the scale."""
    labels = ["very poor to poor", "poor to fair", "fair to good", "good to excellent"]
    return pd.cut(score, [0, 25, 50, 75, 100.0000001], right=False, labels=labels)


def change_band(change: pd.Series) -> pd.Series:
    """Band of a change, points: 5 small, 10 moderate, 20 large (Spertus 2020), either way."""
    sizes = ["small", "moderate", "large"]
    order = [f"{size} deterioration" for size in reversed(sizes)] + ["none"]
    order += [f"{size} improvement" for size in sizes]
    values = change.to_numpy(dtype=float, na_value=np.nan)
    steps = np.searchsorted([5, 10, 20], np.abs(values).round(9), side="right")
    codes = np.where(np.isnan(values), -1, 3 + steps * np.sign(np.nan_to_num(values)))
    bands = pd.Categorical.from_codes(codes.astype(int), categories=order, ordered=True)
    return pd.Series(bands, index=change.index, name="change_band")


def _scales(domains, summaries, stem, label, min_answered=None) -> tuple[Scale, ...]:
    made = []
    domains = _needs(domains, min_answered)
    for name in (name for name in ORDER if name in domains or name in summaries):
        items, needs = domains.get(name, ((), 1))
        parts = tuple(f"{stem}_{part}" for part in summaries.get(name, ()))
        note = "the answer 'for other reasons' counts as missing" if name in ("pl", "sl") else ""
        title = f"{label} {LABELS[name]}"
        rule = {"items": items, "needs": needs, "parts": parts, "note": note}
        made.append(Scale(f"{stem}_{name}", title, 0, 100, unit="points (0-100)", **rule))
    return tuple(made)


def scales_23(min_answered: dict[str, int] | None = None) -> tuple[Scale, ...]:
    """Scales of the KCCQ-23 under the chosen minimum rule."""
    return _scales(DOMAINS_23, SUMMARIES_23, "kccq", "KCCQ", min_answered)


def scales_12(min_answered: dict[str, int] | None = None) -> tuple[Scale, ...]:
    """Scales of the KCCQ-12 under the chosen minimum rule."""
    return _scales(DOMAINS_12, SUMMARIES_12, "kccq12", "KCCQ-12", min_answered)


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
KCCQ_23 = Instrument(
    "kccq23", "KCCQ-23", "23 items", ITEMS_23,
    tuple((1, HIGHEST_23.get(code, 5)) for code in ITEMS_23), scales_23(),
    source="Green 2000, J Am Coll Cardiol 35:1245-55", licence=LICENCE, answers=answers_23, score=score_23,
    options=("min_answered",), scales_for=scales_23,
    mcids=(*_mcids("kccq"), Mcid("kccq_os", 4.3, GROUP, BUTLER), Mcid("kccq_cs", 4.5, GROUP, BUTLER),
           Mcid("kccq_pl", 4.0, GROUP, BUTLER)),
)  # fmt: skip
KCCQ_12 = Instrument(
    "kccq12", "KCCQ-12", "12 items", ITEMS_12,
    tuple((1, HIGHEST_12.get(code, 5)) for code in ITEMS_12), scales_12(),
    source="Spertus & Jones 2015, Circ Cardiovasc Qual Outcomes 8:469-76", licence=LICENCE,
    answers=answers_12, score=score_12,
    options=("min_answered",), scales_for=scales_12, mcids=_mcids("kccq12"),
)  # fmt: skip
