"""Numbers, intervals and p-values as readers see them: one form for every sentence, title and caption."""

import math
from collections.abc import Collection, Iterable

UNKNOWN = "not available"
NOTHING_SHOWN = "Nothing can be shown here."  # in a drawing of which all was withheld


def number(x: float, decimals: int = 2) -> str:
    """Return `x` with `decimals` decimals and thousands commas: 12345.678 -> "12,345.68".

    Rounds half to even on the stored binary value, as Python does. A value that rounds to zero carries no
    minus sign. Missing gives "not available"; infinity gives "infinite" or "minus infinite".

    >>> number(12345.678), number(-0.001), number(float("nan")), number(float("-inf"))
    ('12,345.68', '0.00', 'not available', 'minus infinite')
    """
    if x is None or math.isnan(x):
        return UNKNOWN
    if math.isinf(x):
        return "infinite" if x > 0 else "minus infinite"
    text = f"{x:,.{decimals}f}"
    return text.lstrip("-") if float(text.replace(",", "")) == 0 else text


def significant(x: float, digits: int = 3) -> str:
    """Return `x` rounded to `digits` significant digits, written out in full: 0.00043419 -> "0.000434".

    >>> significant(0.00043419), significant(12345.6)
    ('0.000434', '12,346')
    """
    if x is None or math.isnan(x) or math.isinf(x) or x == 0:
        return number(x, 0)
    return number(x, max(0, digits - 1 - math.floor(math.log10(abs(x)))))


def money(x: float, currency: str, decimals: int = 0) -> str:
    """Return an amount with its currency in front: "EUR 4,100".

    >>> money(4100, "EUR")
    'EUR 4,100'
    """
    return f"{currency} {number(x, decimals)}"


def percent(share: float, decimals: int = 0) -> str:
    """Return a share (0-1) as a percentage; "<1%" and ">99%" where rounding would claim none or all.

    >>> percent(0.5), percent(0.001), percent(0.9999), percent(0.0)
    ('50%', '<1%', '>99%', '0%')
    """
    if share is None or math.isnan(share):
        return UNKNOWN
    smallest = 10**-decimals
    value = 100 * share
    if value > 0 and float(f"{value:.{decimals}f}") == 0:
        return f"<{number(smallest, decimals)}%"
    if value < 100 and float(f"{value:.{decimals}f}") == 100:
        return f">{number(100 - smallest, decimals)}%"
    return f"{number(value, decimals)}%"


def percents(shares: Collection[float]) -> str:
    """Return from which to which percentage shares (0-1) run; one number where both ends read alike.

    >>> percents([0.86, 0.9, 0.81]), percents([0.998, 1.0]), percents([1.0, 1.0])
    ('81% to 90%', '>99%', '100%')
    """
    low, high = map(percent, (min(shares), max(shares)))
    alike = low == high or low[0] == ">" or high[0] == "<"  # ">99% to 100%", "0% to <1%"
    return (high if high[0] == "<" else low) if alike else f"{low} to {high}"


def count(k: int, n: int) -> str:
    """Return "12 of 248 (5%)"; "0 of 0" has no percentage.

    >>> count(12, 248), count(0, 0)
    ('12 of 248 (5%)', '0 of 0')
    """
    if not 0 <= k <= n:
        raise ValueError(f"a count of {k} cannot be part of {n}")
    whole = f"{k:,} of {n:,}"
    return f"{whole} ({percent(k / n)})" if n else whole


def interval(low: float, high: float, level: float = 0.95, decimals: int = 2, kind: str = "CI") -> str:
    """Return "95% CI 0.12 to 0.34"; a missing end gives "95% CI not available".

    >>> interval(0.123, 0.345), interval(0.123, float("nan"))
    ('95% CI 0.12 to 0.34', '95% CI not available')
    """
    name = f"{level_name(level)} {kind}"
    if low is None or high is None or math.isnan(low) or math.isnan(high):
        return f"{name} {UNKNOWN}"
    return f"{name} {number(low, decimals)} to {number(high, decimals)}"


def decimals_for(low: float, high: float) -> int:
    """Return how many decimals show an interval: 2, or as many as keep its ends apart and from 0.

    >>> decimals_for(0.1, 0.9), decimals_for(0.0004, 0.001)
    (2, 4)
    """
    ends = [abs(end) for end in (low, high, high - low) if end != 0 and math.isfinite(end)]
    return min(max(-math.floor(math.log10(min(ends, default=1.0))), 2), 6)


def decimals_of(estimate: float, low: float, high: float) -> int:
    """Return how many decimals show an estimate with its interval, none that a coarse number has not.

    >>> decimals_of(22.7, 22.6, 22.8), decimals_of(22.684, 22.6, 22.8)
    (1, 2)
    """
    has = max(len(f"{x:.6g}".partition(".")[2]) for x in (estimate, low, high))
    return min(decimals_for(low, high), has)


def level_name(level: float) -> str:
    """Return a confidence level as "95%", "97.5%" or "99.9%".

    Raises
    ------
    ValueError
        If the level is not between 0 and 1 ("95" is a likely slip for 0.95).

    Examples
    --------
    >>> level_name(0.95), level_name(0.999)
    ('95%', '99.9%')
    """
    if not 0 < level < 1:
        hint = "; is this a percentage?" if 1 < level < 100 else ""
        raise ValueError(f"a confidence level lies between 0 and 1, not {level}{hint}")
    return f"{100 * level:.6g}%"


def p_value(p: float, least: float = float("nan")) -> str:
    """Return "p = .012", "p < .001" or "p > .999" (no leading zero: p cannot exceed 1).

    Parameters
    ----------
    p : float
        NaN gives "p not available".
    least : float, optional
        The smallest p that a sample of permutations could show, 1 / (B + 1) (`resampling.least_p`). A p as
        small says only that no draw was as extreme, "p <= .002"; it is rounded up, and a larger one is given
        as it is, never as "<".

    Raises
    ------
    ValueError
        If p is not between 0 and 1.

    Examples
    --------
    >>> p_value(0.012), p_value(0.0001), p_value(0.99999)
    ('p = .012', 'p < .001', 'p > .999')
    >>> p_value(1 / 501, least=1 / 501), p_value(2 / 501, least=1 / 501), p_value(3e-4, least=1e-4)
    ('p <= .002', 'p = .004', 'p = .0003')
    """
    if p is None or math.isnan(p):
        return f"p {UNKNOWN}"
    if not 0 <= p <= 1:
        raise ValueError(f"p lies between 0 and 1, not {p}")
    if not math.isnan(least):
        return _resampled(p, least)
    if p < 0.001:
        return "p < .001"
    text = f"{p:.3f}"
    return "p > .999" if text == "1.000" else f"p = {text[1:]}"


def rough_p(p: float, few: bool = True) -> str:
    """Return a p-value where people are protected: of `few` one digit, else two decimals from .1 on.

    More beside a correlation give its n. No rounding moves it across .05.

    >>> rough_p(0.412), rough_p(0.0461), rough_p(0.97), rough_p(0.554, few=False), rough_p(0.0461, few=False)
    ('p = .4', 'p < .05', 'p > .9', 'p = .55', 'p = .046')
    """
    if p < 0.001:
        return p_value(p)
    text = f"{float(f'{p:.1g}'):g}" if few else f"{p:.{2 if p >= 0.1 else 3}f}"
    if float(text) == 1:
        return "p > .9" if few else "p > .99"
    return "p < .05" if p < 0.05 <= float(text) else f"p = {text[1:]}"


def _resampled(p: float, least: float) -> str:
    """Return the p of a sample of permutations, with as many decimals as tell it from 0."""
    decimals = max(3, math.ceil(-math.log10(max(p, least)) - 1e-9))
    if p <= least * (1 + 1e-9):
        up = math.ceil(least * 10**decimals - 1e-6) / 10**decimals
        return f"p <= {up:.{decimals}f}".replace(" 0.", " .")
    text = f"{p:.{decimals}f}"
    return "p > .999" if float(text) == 1 else f"p = {text[1:]}"


def noun(n: object, one: str, many: str = "") -> str:
    """Return what is counted as it stands beside `n`, a number or one that is written: "month", "months".

    >>> noun(1, "month"), noun("1", "point"), noun("1.0", "point"), noun(1.0, "is", "are")
    ('month', 'point', 'points', 'is')
    """
    return one if (n if isinstance(n, str) else f"{n:g}") == "1" else many or f"{one}s"


def listing(items: Iterable[object], last: str = "and") -> str:
    """Return "a", "a and b" or "a, b and c".

    >>> listing(["a"]), listing("ab"), listing("abc", "or")
    ('a', 'a and b', 'a, b or c')
    """
    words = [str(item) for item in items]
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} {last} {words[-1]}"


def sentence_case(text: str) -> str:
    """Return `text` with its first letter in upper case and the rest as it is (acronyms stay).

    >>> sentence_case("costs in EUR")
    'Costs in EUR'
    """
    return text[:1].upper() + text[1:]


def inside_sentence(label: str) -> str:
    """Return a label as it stands inside a sentence, abbreviations as they are.

    >>> inside_sentence("Age at admission"), inside_sentence("NYHA class"), inside_sentence("A year later")
    ('age at admission', 'NYHA class', 'a year later')
    """
    as_it_is = label[:2].isupper() and not label.startswith("A ")
    return label if as_it_is else label[:1].lower() + label[1:]
