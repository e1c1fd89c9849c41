"""A column of text by its distinct texts: columns of answers hold few, and each is held and read once."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa


class Texts(NamedTuple):
    """A column of text by its distinct texts, and which of them each cell holds (-1: none).

    Columns of answers hold few texts; whatever asks one text at a time is asked once for each.
    """

    distinct: pd.Series
    codes: np.ndarray
    index: pd.Index

    def every(self, answers: pd.Series, missing: object = None) -> pd.Series:
        """Return each cell's answer; `missing` where there is no text."""
        taken = pd.api.extensions.take(answers.array, self.codes, allow_fill=True, fill_value=missing)
        return pd.Series(taken, self.index, name=self.distinct.name)


def texts_of(cells: pd.Series) -> Texts:
    """Return the distinct texts of a column in the order in which they come."""
    codes, distinct = pd.factorize(cells)
    return Texts(pd.Series(distinct, dtype="str", name=cells.name), codes, cells.index)


def read_texts(column: pa.ChunkedArray) -> Texts:
    """Return the distinct texts of a column whose pieces hold their texts in a dictionary each."""
    whole = column.unify_dictionaries().combine_chunks()
    distinct = pd.api.types.pandas_dtype("str").__from_arrow__(whole.dictionary)
    return Texts(pd.Series(distinct), whole.indices.to_numpy(), pd.RangeIndex(len(whole)))


def as_text(texts: Texts) -> pd.Series:
    """Return the column: categories where its texts repeat themselves, else one text after the other."""
    if len(texts.distinct) * 2 >= len(texts.codes):
        return texts.every(texts.distinct)
    codes, distinct = pd.factorize(texts.distinct)
    column = pd.Categorical.from_codes(np.append(codes, -1)[texts.codes], pd.Index(distinct, dtype="str"))
    return pd.Series(column, texts.index, name=texts.distinct.name)
