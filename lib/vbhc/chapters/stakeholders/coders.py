"""Can the coding be trusted? Whether coders agree, passage by passage, and whether new codes ran dry."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from vbhc import interviews
from vbhc.chapters.stakeholders.heard import Heard
from vbhc.chapters.stakeholders.layout import drawing, intervals
from vbhc.chapters.stakeholders.sentences import say
from vbhc.interviews.derived import passages, same_ends
from vbhc.interviews.tables import Interviews
from vbhc.publish.disclosure.policies import OPEN, Policy
from vbhc.publish.figure_style import TOTAL
from vbhc.publish.results import Result, either
from vbhc.statistics.agreement import STATISTICS, agreement, unitizing
from vbhc.statistics.saturation import BASE, RUN, THRESHOLD, saturation, saturation_curve
from vbhc.wording import listing, number, percent

PALE = "#E8E8E8"
ENOUGH = 0.667  # least alpha for even careful conclusions; Krippendorff 2004, Content Analysis, p. 241


def coder_ratings(coded: Interviews, codes: Sequence[str]) -> pd.DataFrame:
    """Return 1/0 per passage for every code and coder; NaN where the coder did not work on that document.

    Units are the passages (`interviews.passages`) of documents that at least two coders worked on. Text that
    nobody marked is not counted: it would make any coefficient look good. Columns: (code, coder).
    """
    table = coded.codings.merge(coded.segments[["seg", "doc"]], on="seg")
    table["seg"] = table["seg"].map(passages(coded))
    shared = table.groupby("doc")["coder"].agg(set)[lambda worked: worked.map(len) >= 2]
    units = coded.segments.set_index("seg")
    units = units[units["doc"].isin(shared.index) & units.index.isin(table["seg"])]
    coders = sorted(table["coder"].unique())
    columns = pd.MultiIndex.from_product([codes, coders], names=["code", "coder"])
    given = pd.crosstab(table["seg"], [table["code"], table["coder"]])
    marked = given.reindex(index=units.index, columns=columns, fill_value=0) > 0
    worked = {coder: [coder in shared[doc] for doc in units["doc"]] for coder in coders}
    there = pd.DataFrame(worked, units.index)
    return marked.astype(float).where(there.reindex(columns=columns, level="coder"))


def coder_agreement(
    coded: Interviews, codes: Sequence[str], ci_level: float = 0.95, seed: int = 0, n_resamples: int = 2_000
) -> pd.DataFrame:
    """Return agreement per code: percent, Cohen (two coders) and Fleiss kappa, Krippendorff alpha, Gwet AC1.

    Returns
    -------
    DataFrame
        One row per code: `code, n` (passages), `n_coders, prevalence` (share of ratings that are "yes"), and
        `percent, kappa, alpha, ac1`, alpha with its interval `low, high`. Kappa is near 0 for a rare
        code however well the coders agree that it is absent; AC1 is not; read both beside the prevalence.
        Empty where no document was coded twice.
    """
    ratings = coder_ratings(coded, codes)
    rows = []
    for code in ratings.columns.get_level_values("code").unique() if len(ratings) else ():
        own = ratings[code].dropna(axis=1, how="all")
        found = agreement(own, [0, 1], ci_level=ci_level, n_resamples=n_resamples, seed=seed)
        row = {"code": code, "n": int((own.notna().sum(axis=1) >= 2).sum()), "n_coders": own.shape[1]}
        row["prevalence"] = float(np.nanmean(own.to_numpy())) if own.size else np.nan
        rows.append(row | found.to_dict())
    return pd.DataFrame(rows, columns=["code", "n", "n_coders", "prevalence", *STATISTICS, "low", "high"])


def letters_alike(coded: Interviews) -> pd.DataFrame:
    """Return the agreement on letters (`agreement.unitizing`) of documents that two coders worked on.

    Of a document without its text the letters from the first to the last that anybody marked count.
    """
    places = coded.segments[["seg", "doc", "start", "end"]]
    marks = coded.codings.merge(places, on="seg").rename(columns={"code": "value"})
    marks = marks[marks["start"].notna() & (marks["end"] > marks["start"])].astype({"start": int, "end": int})
    texts = coded.documents.set_index("doc")["n_chars"]
    first = marks[marks["doc"].isin(texts.index[texts == 0])].groupby("doc")["start"].min()
    shift = marks["doc"].map(first).fillna(0).astype(int)
    marks = marks.assign(start=marks["start"] - shift, end=marks["end"] - shift)
    return unitizing(marks, marks.groupby("doc")["end"].max().combine(texts, max, fill_value=0))


def letters_sentence(table: pd.DataFrame) -> str:
    """Return both coefficients that count letters; nothing where no text was marked by two coders."""
    known = table.set_index("statistic")["estimate"]
    if known.isna().all():
        return ""
    binary, cu = (number(x) if pd.notna(x) else "not defined" for x in known[["binary", "cu"]])
    return say("agreed-letters", binary=binary, cu=cu)


def coders_agree(heard: Heard | None, seed: int = 0) -> pd.DataFrame:
    """Return the agreement of the coders, by code (`coder_agreement`); no row without two coders."""
    if heard is None:
        return pd.DataFrame()
    return coder_agreement(heard.coded, list(heard.presence), heard.ci_level, seed)


def trust(heard: Heard | None, agreement: pd.DataFrame, dry: pd.DataFrame) -> Result | None:
    """Say how well the coders agree and whether later interviews brought new codes."""
    return None if heard is None else Result("trust", says=_trusted(heard, agreement, dry))


def coding_answer(heard: Heard, agreement: pd.DataFrame, dry: pd.DataFrame) -> Result:
    """Return how far the coding can be relied on: coded twice or not, how well agreed, saturated or not."""
    return Result("answer", says=_trusted(heard, agreement, dry), role="answer")


def _trusted(heard: Heard, agreement: pd.DataFrame, dry: pd.DataFrame) -> list[str]:
    return [agreement_sentence(agreement), saturation_sentence(dry)]


def agreement_by_code(heard: Heard, agreement: pd.DataFrame) -> Result:
    """Draw the agreement of the coders for each code; every other measure of it lies in the data."""
    if agreement.empty:
        return Result("agreement", says=[agreement_sentence(agreement)])
    same, n = same_ends(heard.coded)
    alike = f"Of {n} passages that two or more marked, {same} begin and end at the same letter."
    says = [rare_sentence(agreement), alike if n else "", letters_sentence(letters_alike(heard.coded))]
    shown = agreement.assign(prevalence=how_common(agreement, heard.policy))
    shown = shown.rename(columns={"n": "passages", "percent": "agreed", "alpha": "estimate"})
    shown = shown.assign(label=shown["code"].map(heard.labels))
    columns = ["code", "label", "passages", "prevalence", "agreed", "kappa", "estimate", "low", "high", "ac1"]
    known = agreement["alpha"].dropna()
    low = int((known < ENOUGH).sum())
    title = f"{low or 'None'} of {len(known)} codes {'falls' if low < 2 else 'fall'} below alpha {ENOUGH}"
    drawn = intervals("agreement", shown[columns], title, {"enough": ENOUGH}, told=(), zero=ENOUGH)
    return Result("agreement", says=says, drawing=drawn)


def how_common(agreement: pd.DataFrame, policy: Policy = OPEN) -> pd.Series:
    """Return how common each code is (0-1), missing for codes of too few passages: each is one person's."""
    share = agreement["prevalence"]
    return share.mask((share * agreement["n"]).map(policy.hides).astype(bool))


def agreement_sentence(table: pd.DataFrame) -> str:
    """Return how well the coders agree over all codes."""
    if table.empty:
        return "No document was coded by two coders; agreement cannot be judged."
    alpha = table["alpha"].dropna()
    if alpha.empty:
        return "The coders never differ in a way that alpha could judge."
    most = {"n": int(table["n"].max()), "coders": int(table["n_coders"].max()), "enough": str(ENOUGH)}
    return say("agreed", median=alpha.median(), low=alpha.min(), high=alpha.max(), **most)


def rare_sentence(table: pd.DataFrame) -> str:
    """Return the code of which alpha and AC1 part most, because it is rare; nothing where none part."""
    gap = table["ac1"] - table["alpha"]
    if not gap.max() > 0.3:
        return ""
    worst = table.loc[gap.idxmax(), ["code", "prevalence", "alpha", "ac1"]]
    return say("agreed-rare", **worst.rename({"prevalence": "share"}))


def codes_ran_dry(heard: Heard | None, seed: int = 0) -> pd.DataFrame:
    """Return when new codes stopped (`statistics.saturation.saturation`), in the order of the interviews."""
    return pd.DataFrame() if heard is None else saturation(_in_order(heard), seed=seed)


def _in_order(heard: Heard) -> pd.DataFrame:
    """Return who raised what in the order of interviews; one without any code may not be coded yet."""
    everybody = interviews.interview_order(heard.coded)
    coded = interviews.segment_totals(heard.coded) > 0
    return heard.presence.loc[[person for person in everybody if coded[person]] or everybody]


def new_codes(heard: Heard, dry: pd.DataFrame, seed: int = 0) -> Result:
    """Show how many codes each further interview brought, in the order of the interviews and in others.

    Each step of the order is one interviewee, and when a median or a band of all orders is complete tells
    how few raised the rarest codes: a policy that protects withholds the figure.
    """
    curve = saturation_curve(_in_order(heard), seed=seed)
    title = saturation_sentence(dry).partition(" (")[0]
    drawn = drawing("saturation", curve, draw_saturation, title, alt=curve_in_words)
    return Result("saturation", drawing=drawn)


def curve_in_words(curve: pd.DataFrame) -> str:
    """Return where the curve begins, stands halfway and ends."""
    told = curve.iloc[sorted({0, len(curve) // 2, len(curve) - 1})].astype(int)
    found = listing(f"{row.codes} after {row.interview}" for row in told.itertuples())
    band = listing(f"{row.low} to {row.high}" for row in told.itertuples())
    return f"Different codes found, as interviewed: {found} interviews; in 95% of random orders {band}."


def saturation_sentence(result: pd.DataFrame) -> str:
    """Return when new codes stopped, whether more came after, and how much hangs on the order of interviews.

    Where later interviews brought new codes, no saturation is claimed. Under a policy that protects it is
    said without numbers of interviews, which add up to all, and of random orders, which tell how few raised
    the rarest codes.
    """
    row = result.iloc[0]
    n = int(row["n"])
    if not row["codes"]:
        return "No code was given, so that new ones cannot be looked for."
    if row["notation"] == "not judged":
        few = f"{n} interviews are fewer than a base of {BASE} and a run of {RUN}"
        return f"Whether new codes had stopped coming cannot be judged: {few}."
    rule = f"base {BASE}, run {RUN}, at most {percent(THRESHOLD)} new"
    share = f"; {percent(row['share_of_orders'])} of random orders of the same {n} interviews meet it"
    if row["share_later"] > 0:
        share += f", {percent(row['share_later'])} of these with new codes after it"
    if pd.isna(row["reached_at"]):
        last = f"the last run brings {percent(row['ratio'])}"
        return f"New codes had not stopped coming ({rule}{either(f'; {last}')}){either(share)}."
    rule = either(f"{row['notation']}; ") + rule
    when = either(f" after {int(row['reached_at'])} interviews") + f" ({rule})"
    if row["later_codes"] > 0:
        later = either(f"{_later(row)}{share}", "later interviews brought new codes")
        return f"New codes seemed to have stopped{when}, and yet {later}."
    after = f"and none of the {int(row['later'])} later ones brought a new code"
    if row["later"] < 2:
        after = "and the one later brought no new code" if row["later"] else "and none came later to test it"
    after = either(f"{after}{share}", "and no later interview brought a new code")
    return f"New codes had stopped{when}, {after}."


def _later(row: pd.Series) -> str:
    """Return how many new codes came after the rule was met."""
    n = int(row["later"])
    interviews = f"{n} later interviews" if n > 1 else "the one later interview"
    return f"{interviews} brought {row['later_codes']} of all {int(row['codes'])} codes"


def draw_saturation(curve: pd.DataFrame, ax: Axes) -> Axes:
    """Draw codes found after each interview and the band over random orders."""
    at = curve["interview"]
    ax.fill_between(at, curve["low"], curve["high"], color=PALE, label="95% of random orders")
    ax.plot(at, curve["median"], color="grey", linestyle="--", label="median order")
    ax.plot(at, curve["codes"], color=TOTAL, marker="o", markersize=4, label="as interviewed")
    ax.set_xlabel("Interviews")
    ax.set_ylabel("Different codes found")
    for axis in (ax.xaxis, ax.yaxis):
        axis.set_major_locator(MaxNLocator(integer=True))
    ax.set_ylim(bottom=0)
    ax.legend(loc="lower right", frameon=False, fontsize=8.2)
    return ax
