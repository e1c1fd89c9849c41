"""Read questionnaire answers of any column type as numbers, refuse what cannot be right, average, rescale."""

from collections.abc import Callable, Iterable, Sequence

import numpy as np
import pandas as pd

MISSING_CODES = (-999, -99, -98, -97, -9, -8, -7, -1, 9, 77, 88, 97, 98, 99, 777, 888, 998, 999, 9999)
SHOWN = 8  # offending answers that a message lists
Guess = Callable[[set[float], int, int], str]  # (found, low, high) -> what may have gone wrong, or ""


def item_table(items: pd.DataFrame, codes: Sequence[str], instrument: str) -> pd.DataFrame:
    """Return the items as a table whose columns are the item codes, in the instrument's order.

    Columns are matched by name where their names are the codes (`mo` or `eq5d_mo_3m`), whatever their order;
    otherwise they are taken to stand in the instrument's order.

    Raises
    ------
    ValueError
        If the number of columns differs from the number of items.

    Examples
    --------
    >>> item_table(pd.DataFrame([[2, 1]], columns=["q_b", "q_a"]), ("a", "b"), "Demo").iloc[0].tolist()
    [1, 2]
    """
    items = pd.DataFrame(items)
    if items.shape[1] != len(codes):
        wanted = f"{len(codes)} columns" if len(codes) > 1 else "one column"
        raise ValueError(f"{instrument} takes {wanted} ({', '.join(codes)}); found {items.shape[1]}")
    order = _order_by_name([str(name) for name in items.columns], codes)
    return items.iloc[:, order].set_axis(list(codes), axis=1)


def _order_by_name(names: list[str], codes: Sequence[str]) -> list[int]:
    """Positions of the columns in the order of the codes; as they stand where names do not tell."""
    lower = [name.lower() for name in names]
    before = _shared(lower)
    after = _shared([name[::-1] for name in lower])
    short = [name[before : len(name) - after] for name in lower]
    for bare in (lower, short, [name.lstrip("0") for name in short]):
        if sorted(bare) == sorted(codes):
            return [bare.index(code) for code in codes]
    return list(range(len(codes)))


def _shared(names: list[str]) -> int:
    """Number of characters with which all names begin; none for a single name."""
    first, last = min(names), max(names)
    return next((k for k in range(len(first)) if first[k] != last[k]), len(first)) if len(names) > 1 else 0


def to_numbers(column: pd.Series) -> tuple[np.ndarray, list[str]]:
    """Return a column as float64 (missing is NaN), and the texts in it that are no numbers.

    Integers, floats, nullable types, booleans, categories and strings of numbers give the same numbers.

    >>> values, texts = to_numbers(pd.Series(["1", "", "two"]))
    >>> values.tolist(), texts
    ([1.0, nan, nan], ['two'])
    """
    if pd.api.types.is_numeric_dtype(column.dtype) and not pd.api.types.is_complex_dtype(column.dtype):
        return column.to_numpy(dtype=np.float64, na_value=np.nan), []
    codes, unique = pd.factorize(column)
    parsed = [_number(value) for value in unique]
    texts = [str(value) for value, number in zip(unique, parsed, strict=True) if number is None]
    table = np.array([np.nan if number is None else number for number in parsed] + [np.nan], dtype=np.float64)
    return table[codes], texts


def _number(value: object) -> float | None:
    """A cell as a number; an empty cell is NaN; None where it is no number."""
    if not (text := str(value).strip()):
        return float("nan")
    try:
        number = float(text)
    except ValueError:
        return None
    return number if np.isfinite(number) or text.lower() == "nan" else None


def read_answers(
    items: pd.DataFrame,
    codes: Sequence[str],
    ranges: Sequence[tuple[int, int]],
    instrument: str,
    guess: Guess | None = None,
    noun: str = "answers",
) -> pd.DataFrame:
    """Return answers as floats, one column per item code, on the caller's index; missing stays NaN.

    Parameters
    ----------
    items : DataFrame
        One column per item, of any type (see `to_numbers`).
    codes, ranges : sequence
        Item codes in order and the lowest and highest answer of each. Answers are whole numbers.
    guess : callable, optional
        `guess(found, low, high)` returns what may have gone wrong with this instrument, or "".

    Raises
    ------
    ValueError
        Listing, per range, the answers that are outside it or not whole, with a guess at the mistake.

    Examples
    --------
    >>> read_answers(pd.DataFrame({"a": ["5", None]}), ("a",), [(1, 5)], "Demo")["a"].tolist()
    [5.0, nan]
    """
    table = item_table(items, codes, instrument)
    columns = {}
    wrong: dict[tuple[int, int], tuple[list[str], set[float | str]]] = {}
    for position, (code, (low, high)) in enumerate(zip(codes, ranges, strict=True)):
        values, texts = to_numbers(table.iloc[:, position])
        columns[code] = values
        bad = ~np.isnan(values) & ~((values >= low) & (values <= high) & (values == np.round(values)))
        if texts or bad.any():
            found = wrong.setdefault((low, high), ([], set()))
            found[0].append(code)
            found[1].update(values[bad].tolist(), texts)
    lines = []
    for (low, high), (items_off, offending) in wrong.items():
        where = f" (item{'s' * (len(items_off) > 1)} {', '.join(items_off)})" if len(codes) > 1 else ""
        lines.append(wrong_answers(instrument, noun, offending, low, high, guess, where))
    if lines:
        raise ValueError("\n".join(lines))
    return pd.DataFrame(columns, index=table.index)


def wrong_answers(
    instrument: str,
    noun: str,
    found: Iterable[float | str],
    low: int,
    high: int,
    guess: Guess | None = None,
    where: str = "",
) -> str:
    """Return the sentence that refuses answers: what they must be, what was found, a guess at the mistake.

    >>> wrong_answers("PHQ-9", "answers", {4}, 0, 3)
    'PHQ-9 answers must be 0-3; found 4: were the answers counted from 1?'
    """
    numbers = sorted(value for value in found if not isinstance(value, str))
    texts = sorted({value for value in found if isinstance(value, str)})
    shown = [f"{number:g}" for number in numbers] + [repr(text) for text in texts]
    more = f" and {len(shown) - SHOWN} more" if len(shown) > SHOWN else ""
    sentence = f"{instrument} {noun} must be {low}-{high}; found {', '.join(shown[:SHOWN])}{more}{where}"
    own = guess(set(numbers), low, high) if guess and numbers else ""
    likely = own or _guess(numbers, texts, low, high)
    return f"{sentence}: {likely}" if likely else sentence


def _guess(numbers: list[float], texts: list[str], low: int, high: int) -> str:
    """What commonly goes wrong with any questionnaire."""
    if texts:
        return "are these labels? Give the number of each answer"
    if not np.isfinite(numbers).all():
        return "was something divided by zero?"
    if any(number != round(number) for number in numbers):
        return "answers are whole numbers; are these means or scores? Then `instrument: score`"
    if all(int(number) in MISSING_CODES for number in numbers):
        return "are these missing codes? Turn them into NaN first"
    if numbers == [0] and low == 1:
        return "were the answers counted from 0?"
    return "were the answers counted from 1?" if numbers == [high + 1] and low == 0 else ""


def mean_of_answered(answers: pd.DataFrame, items: Sequence[str], needs: int) -> np.ndarray:
    """Mean of the given answers per row; NaN where fewer than `needs` of the items were answered.

    >>> two = pd.DataFrame({"a": [1.0, None], "b": [3.0, 4.0]})
    >>> mean_of_answered(two, ["a", "b"], 1).tolist(), mean_of_answered(two, ["a", "b"], 2).tolist()
    ([2.0, 4.0], [2.0, nan])
    """
    block = answers[list(items)].to_numpy(dtype=np.float64)
    count = (~np.isnan(block)).sum(axis=1)
    with np.errstate(invalid="ignore"):
        mean = np.nansum(block, axis=1) / np.maximum(count, 1)
    return np.where(count >= max(needs, 1), mean, np.nan)


def to_100(value: np.ndarray, low: float, high: float) -> np.ndarray:
    """Stretch a value from low-high to 0-100.

    >>> to_100(np.array([1.0, 3.0, 5.0]), 1, 5).tolist()
    [0.0, 50.0, 100.0]
    """
    return 100 * (value - low) / (high - low)
