"""Gains and pains: what a code says something does to people, on the Job Demands-Resources (JD-R) model.

The direction of a code is held in the coding project as a set of codes (in REFI-QDA `Set` with `MemberCode`)
called "motivation up", "motivation down", "strain up", "strain down", "neutral", or simply "gain" or "pain".
A code in two sets has two effects: it stands in two cells of the matrix and once in every total.
Reference: Demerouti and Bakker 2023, Organ Psychol Rev 13:209-36 (motivation and strain in one model).
"""

from collections.abc import Mapping

import pandas as pd

from vbhc.interviews.tables import Interviews
from vbhc.wording import sentence_case

POLARITY = {
    **dict.fromkeys(("motivation up", "strain down", "gain"), "gain"),
    **dict.fromkeys(("motivation down", "strain up", "pain"), "pain"),
    "neutral": "neutral",
}
EFFECTS = ("motivation up", "motivation down", "strain up", "strain down", "gain", "pain", "neutral")
KINDS = {"gain": "gain", "pain": "pain", "neutral": "neutral"}
EFFECT_COLUMNS = ("code", "label", "outcome", "theme", "effects", "polarity", "two_effects")


def code_effects(interviews: Interviews) -> pd.DataFrame:
    """Return the codes that carry a direction.

    Returns
    -------
    DataFrame
        One row per code, in the order of the code book: `code, label`; `theme` (the category it stands
        under), `outcome` (the category above that; "" if there is none); `effects` (tuple of set names),
        `polarity` (gain, pain, neutral; "both" where its sets say gain and pain), `two_effects`. Empty where
        no code is in a set with a direction.
    """
    codes = interviews.codes
    labels = codes.set_index("code")["label"]
    parents = codes.set_index("code")["parent"]
    rows = []
    for row in codes[codes["codable"].astype(bool)].itertuples():
        names = [name.strip().lower() for name in str(row.sets).split(";")]
        effects = tuple(name for name in names if name in POLARITY)
        if not effects:
            continue
        kinds = {POLARITY[name] for name in effects}
        polarity = kinds.pop() if len(kinds) == 1 else "both"
        outcome, theme = labels.get(parents.get(row.parent, ""), ""), labels.get(row.parent, row.theme)
        rows.append((row.code, row.label, outcome, theme, effects, polarity, len(effects) > 1))
    return pd.DataFrame(rows, columns=list(EFFECT_COLUMNS))


def effect_matrix(effects: pd.DataFrame) -> pd.DataFrame:
    """Count mechanisms per theme and effect.

    Parameters
    ----------
    effects : DataFrame
        From `code_effects`.

    Returns
    -------
    DataFrame
        One row per theme and a last row "all": `outcome, theme`, a column per effect that occurs (in the
        order motivation up, motivation down, strain up, strain down, gain, pain, neutral), then `gains`,
        `pains`, `neutrals`, `both` and `mechanisms`. A code with two effects counts in two effect columns and
        once in the totals, so rows do not add up to `mechanisms`.
    """
    known = [name for name in EFFECTS if effects["effects"].map(lambda own, name=name: name in own).any()]
    rows = []
    parts = [((o, t), own) for (o, t), own in effects.groupby(["outcome", "theme"], sort=False)]
    for (outcome, theme), own in [*parts, (("", "all"), effects)]:
        row = {"outcome": outcome, "theme": theme}
        row |= {name: int(own["effects"].map(lambda e, name=name: name in e).sum()) for name in known}
        for name, column in (("gain", "gains"), ("pain", "pains"), ("neutral", "neutrals"), ("both", "both")):
            row[column] = int((own["polarity"] == name).sum())
        rows.append(row | {"mechanisms": len(own)})
    table = pd.DataFrame(rows)
    return table if table["both"].any() else table.drop(columns="both")


def effect_counts(presence: pd.DataFrame, effects: pd.DataFrame, groups: pd.Series) -> pd.DataFrame:
    """Count the interviewees who raise a gain, a pain or something neutral in each theme.

    Parameters
    ----------
    presence : DataFrame of bool
        Interviewees x codes; must hold every code of `effects`.
    effects : DataFrame
        From `code_effects`.
    groups : Series
        Group by interviewee; those without one count in "all" only.

    Returns
    -------
    DataFrame
        One row per theme, polarity and group ("all" first): `outcome, theme, polarity, group, k, n, share,
        mechanisms`. Somebody with a gain and a pain in one theme counts in both. A code whose sets say gain
        and pain counts as both.
    """
    labels = groups.reindex(presence.index)
    rows = []
    for (outcome, theme), own in effects.groupby(["outcome", "theme"], sort=False):
        for polarity in KINDS:
            wanted = (polarity, "both") if polarity != "neutral" else (polarity,)
            codes = own.loc[own["polarity"].isin(wanted), "code"]
            raised = presence[list(codes)].any(axis=1)
            for group in ("all", *dict.fromkeys(labels.dropna())):
                inside = raised if group == "all" else raised[labels == group]
                counted = (int(inside.sum()), len(inside), inside.mean(), len(codes))
                rows.append((outcome, theme, polarity, group, *counted))
    columns = ["outcome", "theme", "polarity", "group", "k", "n", "share", "mechanisms"]
    return pd.DataFrame(rows, columns=columns)


def balance(presence: pd.DataFrame, effects: pd.DataFrame, groups: pd.Series) -> pd.DataFrame:
    """Return per interviewee how many gains and pains were raised: `group, gains, pains, balance`.

    Private: one row is one person. Interviewees without a group are left out.
    """
    labels = groups.reindex(presence.index).dropna()
    own = presence.loc[labels.index]
    kind = effects.set_index("code")["polarity"]
    gains, pains = (own[list(kind.index[kind.isin([name, "both"])])].sum(axis=1) for name in ("gain", "pain"))
    return pd.DataFrame({"group": labels, "gains": gains, "pains": pains, "balance": gains - pains})


def kinds_said(effects: pd.DataFrame, words: Mapping[str, str]) -> list[str]:
    """Return how many codes are of each kind that occurs, in words: "3 gains", "1 neutral"."""
    sizes = effects["polarity"].value_counts()
    ends = {name: "s" if name in ("gain", "pain") and n != 1 else "" for name, n in sizes.items()}
    return [f"{sizes[name]} {word}{ends[name]}" for name, word in words.items() if name in sizes]


def _of_all(counts: pd.DataFrame, polarity: str) -> pd.DataFrame:
    """Return the counts of all interviewees in the themes that have a code of this kind."""
    return counts[(counts["group"] == "all") & (counts["mechanisms"] > 0) & (counts["polarity"] == polarity)]


def gains_title(counts: pd.DataFrame) -> str:
    """Return the finding of the figure: the theme with most gains and the one with most pains."""
    tops = {}
    for polarity in ("gain", "pain"):
        own = _of_all(counts, polarity).dropna(subset=["k"])
        if own.empty or not own["k"].max():
            return "Gains and pains by theme"
        tops[polarity] = own.loc[own["k"].idxmax(), "theme"].lower()
    if tops["gain"] == tops["pain"]:
        return sentence_case(f"{tops['gain']} is where most gains and most pains are felt")
    return f"Most gains: {tops['gain']}; most pains: {tops['pain']}"
