"""Gains and pains: what a code says something does to people, on the Job Demands-Resources (JD-R) model.

The direction of a code is held in the coding project as a set of codes (in REFI-QDA `Set` with `MemberCode`)
called "motivation up", "motivation down", "strain up", "strain down", "neutral", or simply "gain" or "pain".
A code in two sets has two effects: it stands in two cells of the matrix and once in every total.
Reference: Demerouti and Bakker 2023, Organ Psychol Rev 13:209-36 (motivation and strain in one model).
"""

from __future__ import annotations

import pandas as pd

from vbhc.chapters.stakeholders.protected import may_tell
from vbhc.interviews.tables import Interviews
from vbhc.publish.disclosure.policies import Policy
from vbhc.wording import listing, sentence_case

POLARITY = {
    "motivation up": "gain",
    "motivation down": "pain",
    "strain up": "pain",
    "strain down": "gain",
    "gain": "gain",
    "pain": "pain",
    "neutral": "neutral",
}
POLARITIES = ("gain", "pain", "neutral", "both")
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
        above = parents.get(row.parent, "")
        rows.append(
            {
                "code": row.code,
                "label": row.label,
                "outcome": labels.get(above, ""),
                "theme": labels.get(row.parent, row.theme),
                "effects": effects,
                "polarity": kinds.pop() if len(kinds) == 1 else "both",
                "two_effects": len(effects) > 1,
            }
        )
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
    known = [name for name in POLARITY if effects["effects"].map(lambda own, name=name: name in own).any()]
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
        for polarity in ("gain", "pain", "neutral"):
            wanted = (polarity, "both") if polarity != "neutral" else (polarity,)
            codes = own.loc[own["polarity"].isin(wanted), "code"]
            raised = presence[list(codes)].any(axis=1)
            for group in ("all", *dict.fromkeys(labels.dropna())):
                inside = raised if group == "all" else raised[labels == group]
                row = {"outcome": outcome, "theme": theme, "polarity": polarity, "group": group}
                row |= {"k": int(inside.sum()), "n": len(inside), "share": inside.mean()}
                rows.append(row | {"mechanisms": len(codes)})
    columns = ["outcome", "theme", "polarity", "group", "k", "n", "share", "mechanisms"]
    return pd.DataFrame(rows, columns=columns)


def balance(presence: pd.DataFrame, effects: pd.DataFrame, groups: pd.Series) -> pd.DataFrame:
    """Return per interviewee how many gains and pains were raised: `group, gains, pains, balance`.

    Private: one row is one person. Interviewees without a group are left out.
    """
    labels = groups.reindex(presence.index).dropna()
    own = presence.loc[labels.index]
    kind = effects.set_index("code")["polarity"]
    sums = {
        column: own[list(kind.index[kind.isin([name, "both"])])].sum(axis=1)
        for name, column in (("gain", "gains"), ("pain", "pains"))
    }
    table = pd.DataFrame({"group": labels, **sums})
    return table.assign(balance=table["gains"] - table["pains"])


def effects_sentence(effects: pd.DataFrame, counts: pd.DataFrame, policy: Policy | None = None) -> str:
    """Return how many gains and pains there are and in which themes most interviewees raise them.

    How many these are is left out where the policy hides it.
    """
    if effects.empty:
        return "The codes of this study carry no direction, so gains and pains cannot be told apart."
    kinds = effects["polarity"].value_counts()
    parts = [
        f"{kinds[name]} {name}{'' if kinds[name] == 1 or name == 'neutral' else 's'}"
        for name in ("gain", "pain", "neutral")
        if name in kinds
    ]
    text = f"Of {len(effects)} codes with a direction {listing(parts)}"
    two = int(effects["two_effects"].sum())
    if two:
        text += f" ({two} with two effects at once)"
    said = counts[counts["group"] == "all"]
    for polarity, verb in (("gain", "gains"), ("pain", "pains")):
        own = said[(said["polarity"] == polarity) & (said["mechanisms"] > 0)]
        if len(own):
            top = own.loc[own["k"].idxmax()]
            k, n = int(top["k"]), int(top["n"])
            who = f" ({k} of {n} interviewees)" if may_tell(k, n, policy) else ""
            text += f"; most speak of {verb} in {top['theme'].lower()}{who}"
    return f"{text}."


def gains_title(counts: pd.DataFrame) -> str:
    """Return the finding of the figure: the theme with most gains and the one with most pains."""
    said = counts[(counts["group"] == "all") & (counts["mechanisms"] > 0)]
    tops = {}
    for polarity in ("gain", "pain"):
        own = said[said["polarity"] == polarity].dropna(subset=["k"])
        if own.empty or not own["k"].max():
            return "Gains and pains by theme"
        tops[polarity] = own.loc[own["k"].idxmax(), "theme"].lower()
    if tops["gain"] == tops["pain"]:
        return sentence_case(f"{tops['gain']} is where most gains and most pains are felt")
    return f"Most gains: {tops['gain']}; most pains: {tops['pain']}"
