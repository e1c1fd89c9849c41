"""What a column is, guessed from its cells: type, limits, levels, codes for missing, labels of the file."""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

import pandas as pd

from vbhc import shipped
from vbhc.cleaning.cells import NO_ANSWER, ambiguous_numbers, guess_decimal, to_type
from vbhc.cleaning.labels import NOTHING, declared_missing, value_labels
from vbhc.cleaning.questions.names import pairs
from vbhc.cleaning.questions.numbers import sentinels
from vbhc.cleaning.questions.rows import SIGNS
from vbhc.study.dictionary import Column

NEARLY = 0.9  # of the cells that hold something
FEW, MANY, LONG = 12, 60, 25  # levels that are listed; levels at most; letters of a text
DAY = re.compile(r"\d{4}-\d{2}-\d{2}.*|\d{1,2}([-./])\d{1,2}\1\d{4}")
# in the languages of newcomers; "kinds" are headers over numbers that are codes
_WORDS = shipped.rows(__file__, "words.csv")
WORDS = {row["about"]: re.compile(row["words"], re.IGNORECASE) for row in _WORDS}


class Guess(NamedTuple):
    """A column for the dictionary, what of it nobody stated, and how its dates are written ("" as usual)."""

    column: Column
    why: str = ""
    date_format: str = ""

    def now(self, why: str = "", **changes: Any) -> "Guess":
        """Return the guess with changes to its column, and what of them nobody stated put first."""
        said = "; ".join(filter(None, (why, self.why)))
        return Guess(self.column._replace(**changes), said, self.date_format)


def decimal_mark(cells: pd.DataFrame) -> tuple[str, str]:
    """Return the decimal mark to declare ("" if none is needed), and what to look at where no cell tells."""
    columns = {name: Column(name, name, "float") for name in cells}
    mark = guess_decimal(cells, columns)
    doubtful = ambiguous_numbers(cells, columns)
    if not doubtful:
        return mark if mark == "," else "", ""
    _, name, text = doubtful[0]
    value = to_type(pd.Series([text]), columns[name], mark or ".").values.iloc[0]
    return mark or ".", f"{name}: {text} is read as {value:g}; the other `decimal` makes it another number"


def guess_column(name: str, cells: pd.Series, labels: Mapping[str, Mapping], decimal: str = "") -> Guess:
    """Return what a column of text cells seems to be.

    Parameters
    ----------
    name : str
        Its header: words such as "sex" or "ward" tell numbers that are codes from numbers that count.
    cells : Series
        As in the file, empty ones missing.
    labels : mapping
        What a file of SPSS, Stata or SAS says of its columns; it is no guess.
    decimal : str
        The decimal mark of the file.
    """
    label = str(labels.get("columns", {}).get(name) or name.replace("_", " ")).strip()
    said = value_labels(labels, name)
    missing = [low for low, high in declared_missing(labels, name) if low == high]
    missing += [code for code, word in said.items() if NOTHING.fullmatch(word) and code not in missing]
    meant = {code: word for code, word in said.items() if code not in missing}
    found = Guess(Column(name, label, "text", missing_codes=tuple(missing)))
    text = cells.dropna().str.strip()
    text = text[(text != "") & ~text.str.lower().isin(NO_ANSWER) & ~text.isin([*missing, *SIGNS])]
    if text.empty:
        return found.now("it holds nothing")
    if text.str.fullmatch(DAY.pattern).mean() >= NEARLY:
        return _date(found, text)
    values = to_type(text, Column(name, name, "float"), decimal).values
    if values.notna().mean() >= NEARLY and not text.str.fullmatch("[1-59]{5}").all():
        return _numbers(found, text, values.dropna(), meant)
    return _words_of(found, text)


def _date(found: Guess, text: pd.Series) -> Guess:
    mark = next((mark for mark in "-/" if text.str.fullmatch(rf"\d\d?{mark}\d\d?{mark}\d{{4}}").any()), "")
    parts = text.str.extract(r"(\d+)\D(\d+)").astype("float")
    first, second = ("mm", "dd") if (parts[1] > 12).any() else ("dd", "mm")
    doubt = mark and not (parts > 12).any(axis=None)
    found = found.now("whether day or month comes first" if doubt else "", type="date")
    return found._replace(date_format=f"{first}{mark}{second}{mark}yyyy" if mark else "")


def _numbers(found: Guess, text: pd.Series, values: pd.Series, meant: dict[str, str]) -> Guess:
    codes = [f"{code:g}" for code in sentinels(values)]
    codes += ["9"] if set(values) in ({0, 1, 9}, {1, 2, 9}) else []
    codes = [code for code in dict.fromkeys(codes) if code not in meant]
    others = text[~text.index.isin(values.index)].value_counts()
    signs = [sign for sign, n in others.items() if n > 1 and NOTHING.fullmatch(sign)]
    if codes + signs:
        listed = (*found.column.missing_codes, *codes, *signs)
        found = found.now(f"missing codes {', '.join(codes + signs)}", missing_codes=listed)
    levels = sorted(set(values) - set(map(float, codes)))
    shown, whole = [f"{level:g}" for level in levels], all(level == round(level) for level in levels)
    if meant and set(shown) <= set(meant) and len(meant) <= FEW:
        return _labelled(found, meant)
    kinds = bool(WORDS["kinds"].match(found.column.name))
    if not kinds and shown in (["0", "1"], ["1", "2"], ["1", "9"]):
        no = "0" if "0" in shown else shown[1]
        return found.now(f"1 means yes, {no} no", type="boolean", allowed=("1", no), labels=("yes", "no"))
    if kinds and whole and len(levels) <= FEW:
        return found.now("what its codes stand for", **_levels(shown))
    low, high = _limits(levels, whole)
    return found.now("limits", type="integer" if whole else "float", min=low, max=high)


def _labelled(found: Guess, meant: dict[str, str]) -> Guess:
    words = tuple(word.replace(";", ",").replace("=", ":") for word in meant.values())
    yes, no = ([bool(WORDS[end].fullmatch(word)) for word in words] for end in ("yes", "no"))
    if len(words) == 2 and sorted(yes) == sorted(no) == [False, True]:
        words = tuple("yes" if one else "no" for one in yes)
        return found.now(type="boolean", allowed=tuple(meant), labels=words)
    return found.now(type="category", allowed=tuple(meant), labels=words)


def _limits(levels: list[float], whole: bool) -> tuple[float | None, float | None]:
    """Return the ends of answers (few whole numbers from 0 or 1), of marks up to 100, else a floor of 0."""
    low, high = levels[0], levels[-1]
    if whole and low >= 0 and high <= 10:
        return min(low, 1.0), high
    if whole and low >= 0 and 50 < high <= 100 and high % 5 == 0:
        return 0.0, 100.0
    return (0.0 if low >= 0 else None), None


def _words_of(found: Guess, text: pd.Series) -> Guess:
    counts = text.value_counts()
    signs = [sign for sign in counts.index if NOTHING.fullmatch(sign)]
    levels, found = counts.drop(signs), found.now(missing_codes=(*found.column.missing_codes, *signs))
    if levels.empty or text.str.len().mean() > LONG:
        return found
    if len(levels) > max(FEW, min(MANY, len(text) / 20)) or (len(levels) > 2 and (levels == 1).all()):
        return found.now("names, not words in which groups differ", type="string")
    if near := pairs(levels):
        return found.now(f"whether {near[0][0]!r} and {near[0][1]!r} are one", type="category")
    answers = _labelled(found, {word: word for word in levels.index})
    if answers.column.type == "boolean" and "yes" not in levels.index.str.lower():
        return answers
    listed = len(levels) <= FEW and not levels.index.str.contains("[;=]").any()
    return found.now("levels" * listed, **_levels(list(levels.index) if listed else []))


def _levels(codes: list[str]) -> dict[str, Any]:
    return {"type": "category", "allowed": tuple(codes), "labels": ("",) * len(codes)}
