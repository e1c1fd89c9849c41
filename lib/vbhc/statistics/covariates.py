"""Covariates as numbers, for every model that holds things equal."""

import pandas as pd


def indicators(covariates: pd.DataFrame) -> pd.DataFrame:
    """Return numbers as they are, and text as one 0/1 column per level but the first.

    >>> indicators(pd.DataFrame({"age": [70, 80], "sex": ["f", "m"]})).to_dict("list")
    {'age': [70.0, 80.0], 'sex: m': [0.0, 1.0]}
    """
    columns = {}
    for name in covariates:
        values = covariates[name]
        if pd.api.types.is_bool_dtype(values) or pd.api.types.is_numeric_dtype(values):
            columns[name] = values.astype(float)
            continue
        for level in sorted(values.dropna().unique(), key=str)[1:]:
            columns[f"{name}: {level}"] = (values == level).astype(float).where(values.notna())
    return pd.DataFrame(columns, index=covariates.index)
