"""Who coded what: coded passages as one rating per coder and passage."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vbhc.interviews.passages import passages
from vbhc.interviews.tables import Interviews
from vbhc.statistics.agreement import STATISTICS, agreement
from vbhc.statistics.unitizing import unitizing


def coder_ratings(interviews: Interviews, codes: Sequence[str] | None = None) -> pd.DataFrame:
    """Return 1/0 per passage for every code and coder; NaN where the coder did not work on that document.

    Units are the passages (`interviews.passages`) of documents that at least two coders worked on. Text that
    nobody marked is not counted: it would make any coefficient look good. Columns: (code, coder).
    """
    table = interviews.codings.merge(interviews.segments[["seg", "doc"]], on="seg")
    table["seg"] = table["seg"].map(passages(interviews))
    shared = table.groupby("doc")["coder"].agg(set)[lambda worked: worked.map(len) >= 2]
    units = interviews.segments.set_index("seg")
    units = units[units["doc"].isin(shared.index) & units.index.isin(table["seg"])]
    used = interviews.codes["code"][lambda code: code.isin(table["code"])]
    wanted = list(used if codes is None else codes)
    columns = {}
    for code in wanted:
        own = table[table["code"] == code].groupby("coder")["seg"].agg(set)
        for coder in sorted(table["coder"].unique()):
            there = units["doc"].map(lambda doc, coder=coder: coder in shared[doc])
            marked = pd.Series(units.index.isin(own.get(coder, set())), units.index).astype(float)
            columns[code, coder] = marked.where(there)
    names = pd.MultiIndex.from_tuples(columns, names=["code", "coder"])
    return pd.DataFrame(columns, index=units.index).reindex(columns=names)


def coder_agreement(
    interviews: Interviews,
    codes: Sequence[str] | None = None,
    *,
    ci_level: float = 0.95,
    n_resamples: int = 2_000,
    seed: int = 0,
) -> pd.DataFrame:
    """Return agreement per code: percent, Cohen (two coders) and Fleiss kappa, Krippendorff alpha, Gwet AC1.

    Returns
    -------
    DataFrame
        One row per code: `code, n` (passages), `n_coders, prevalence` (share of ratings that are "yes"), and
        for each of `percent, kappa, fleiss, alpha, ac1` the estimate with `_low` and `_high`. Kappa is near 0
        for a rare code however well the coders agree that it is absent; AC1 is not; read both beside the
        prevalence. Empty where no document was coded twice.
    """
    ratings = coder_ratings(interviews, codes)
    rows = []
    for code in ratings.columns.get_level_values("code").unique() if len(ratings) else ():
        own = ratings[code].dropna(axis=1, how="all")
        table = agreement(own, categories=[0, 1], ci_level=ci_level, n_resamples=n_resamples, seed=seed)
        row = {"code": code, "n": int((own.notna().sum(axis=1) >= 2).sum()), "n_coders": own.shape[1]}
        row["prevalence"] = float(np.nanmean(own.to_numpy())) if own.size else np.nan
        for line in table.itertuples():
            parts = zip(("", "_low", "_high"), (line.estimate, line.low, line.high), strict=True)
            row |= {f"{line.statistic}{end}": value for end, value in parts}
        rows.append(row)
    ends = [f"{name}{end}" for name in STATISTICS for end in ("", "_low", "_high")]
    return pd.DataFrame(rows, columns=["code", "n", "n_coders", "prevalence", *ends])


def letters_alike(interviews: Interviews) -> pd.DataFrame:
    """Return the agreement on letters (`statistics.unitizing`) of documents that two coders worked on.

    Of a document without its text the letters from the first to the last that anybody marked count.
    """
    columns = {"seg": interviews.segments["seg"], **interviews.segments[["doc", "start", "end"]]}
    marks = interviews.codings.merge(pd.DataFrame(columns), on="seg").rename(columns={"code": "value"})
    marks = marks[marks["start"].notna() & (marks["end"] > marks["start"])].astype({"start": int, "end": int})
    texts = interviews.documents.set_index("doc")["n_chars"]
    unread = texts[texts == 0].index.intersection(marks["doc"])
    first = marks.loc[marks["doc"].isin(unread)].groupby("doc")["start"].min()
    shift = marks["doc"].map(first).fillna(0).astype(int)
    marks = marks.assign(start=marks["start"] - shift, end=marks["end"] - shift)
    return unitizing(marks, marks.groupby("doc")["end"].max().combine(texts, max, fill_value=0))
