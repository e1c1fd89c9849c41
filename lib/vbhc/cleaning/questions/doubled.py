"""Rows that stand twice, or hold nothing: lines pasted again, a patient under two numbers, a key alone."""

from collections.abc import Iterator

import pandas as pd

from vbhc.cleaning.questions.question import Asked, Question, some
from vbhc.cleaning.rows import row_key

RUN = 4  # lines in the order of earlier ones: one visit may repeat another by chance, not so many in a row
SHARE = 0.2  # of lines that repeat an earlier one
CELLS = 5  # filled cells that two patients share


def repeated_lines(asked: Asked) -> Iterator[Question]:
    """Ask about lines of resources that repeat earlier ones, in their order or in large number."""
    if asked.source.layout != "resource-lines" or row_key(asked.study, asked.source.name):
        return
    text = asked.source.text
    number = text.groupby(list(text.columns), sort=False, dropna=False, observed=True).ngroup()
    again = number.duplicated()
    first = pd.Series(range(len(text)), text.index).groupby(number).transform("first")
    in_order = again & again.shift(fill_value=False) & (first.diff() == 1)
    longest = int(in_order.groupby((~in_order).cumsum()).sum().max() or 0) + 1 if again.any() else 0
    if longest >= RUN or (again.mean() > SHARE and again.sum() >= RUN):
        found = f"{again.sum():,} of {len(text):,} lines repeat an earlier line: pasted twice"
        yield asked.question("repeated-lines", found)


def bare_rows(asked: Asked) -> Iterator[Question]:
    """Ask about rows of patients or respondents that hold a key and nothing else."""
    rest = asked.source.kept.drop(columns=asked.person, errors="ignore")
    if asked.source.layout not in ("patients", "respondents") or rest.shape[1] < 2:
        return
    bare = rest.index[rest.isna().all(axis=1)]
    if len(bare):
        yield asked.question("bare-rows", f"row {some(list(bare))} holds a key and nothing else: a patient")


def same_patients(asked: Asked) -> Iterator[Question]:
    """Ask about patients who differ in their key alone, where a column tells nearly all patients apart."""
    rest = asked.source.kept.drop(columns=asked.person, errors="ignore")
    if asked.source.layout != "patients" or rest.empty:
        return
    telling = [name for name in rest if rest[name].nunique() > len(rest) / 2 and rest[name].notna().all()]
    if not telling:
        return
    twice = rest.duplicated(keep=False) & (rest.notna().sum(axis=1) >= CELLS)
    if twice.any():
        rows = list(rest.index[twice])
        yield asked.question("same-patients", f"rows {some(rows)} are alike in everything but the key: one")


def key_spellings(asked: Asked) -> Iterator[Question]:
    """Ask about keys of patients that differ by capitals, blanks or leading zeros."""
    from vbhc.cleaning.ids import plain

    if asked.source.layout not in ("patients", "respondents"):
        return
    keys = asked.source.kept[asked.person]
    alike = keys[keys.map(plain).duplicated(keep=False)]
    if len(alike):
        yield asked.question("key-spellings", f"{some(sorted(alike))} differ in spelling: one", asked.person)
