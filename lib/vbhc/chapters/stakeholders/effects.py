"""Gains and pains: what a code says something does to people, on the Job Demands-Resources (JD-R) model.

The direction of a code is held in the coding project as a set of codes (in REFI-QDA `Set` with `MemberCode`)
called "motivation up", "motivation down", "strain up", "strain down", "neutral", or simply "gain" or "pain".
A code in two sets has two effects: it stands in two cells of the matrix and once in every total. A study may
list in `contradictions.csv` where its published source says two things: a count is no better than its source.
Reference: Demerouti and Bakker 2023, Organ Psychol Rev 13:209-36 (motivation and strain in one model).
"""

import numpy as np
import pandas as pd

from vbhc import interviews
from vbhc.chapters.stakeholders.heard import Heard
from vbhc.chapters.stakeholders.layout import table
from vbhc.interviews.derived import who_meets
from vbhc.publish.results import Result, either
from vbhc.study import Study
from vbhc.study.declared import read_contradictions
from vbhc.wording import listing

POLARITY = {"motivation up": "gain", "motivation down": "pain", "strain up": "pain", "strain down": "gain"}
POLARITY |= {"gain": "gain", "pain": "pain", "neutral": "neutral"}
TOTALS = {"gain": "gains", "pain": "pains", "neutral": "neutrals", "both": "both"}


def directed_codes(heard: Heard | None) -> pd.DataFrame:
    """Return the codes that raise or lower motivation or strain.

    Returns
    -------
    DataFrame
        One row per code, in the order of the code book: `code, label`; `theme` (the category it stands
        under), `outcome` (the category above that; "" if there is none); `effects` (tuple of set names),
        `polarity` (gain, pain, neutral; "both" where its sets say gain and pain), `two_effects`. Empty where
        no code is in a set with a direction.
    """
    if heard is None:
        return pd.DataFrame()
    codes = heard.coded.codes
    labels, parents = (codes.set_index("code")[name] for name in ("label", "parent"))
    rows = []
    for row in codes[codes["codable"].astype(bool)].itertuples():
        effects = tuple(name for name in map(str.strip, str(row.sets).lower().split(";")) if name in POLARITY)
        if not effects:
            continue
        kinds = {POLARITY[name] for name in effects}
        polarity = kinds.pop() if len(kinds) == 1 else "both"
        outcome, theme = labels.get(parents.get(row.parent, ""), ""), labels.get(row.parent, row.theme)
        rows.append((row.code, row.label, outcome, theme, effects, polarity, len(effects) > 1))
    columns = ["code", "label", "outcome", "theme", "effects", "polarity", "two_effects"]
    return pd.DataFrame(rows, columns=columns)


def effect_matrix(effects: pd.DataFrame) -> pd.DataFrame:
    """Count mechanisms per theme and effect.

    Parameters
    ----------
    effects : DataFrame
        From `directed_codes`.

    Returns
    -------
    DataFrame
        One row per theme and a last row "all": `theme`, a column per effect that occurs (in the order of
        `POLARITY`), then `gains`, `pains`, `neutrals`, `both` (if any) and `mechanisms`. A code with two
        effects counts in two effect columns and once in the totals, so rows do not add up to `mechanisms`.
    """
    found = {name: effects["effects"].map(lambda own, name=name: name in own) for name in POLARITY}
    cells = {name: given for name, given in found.items() if given.any()}
    totals = {word: effects["polarity"] == kind for kind, word in TOTALS.items()}
    totals = {word: given for word, given in totals.items() if word != "both" or given.any()}
    counted = pd.DataFrame({**cells, **totals}).astype(int).assign(mechanisms=1)
    by_theme = counted.groupby([effects["outcome"], effects["theme"]], sort=False).sum()
    whole = counted.sum().to_frame("all").T.rename_axis("theme")
    return pd.concat([by_theme.droplevel("outcome"), whole]).reset_index()


def mechanisms(study: Study, effects: pd.DataFrame) -> Result | None:
    """Show how many codes of each kind the researchers found, theme by theme: codes, not people."""
    if effects.empty:
        return None
    matrix = effect_matrix(effects)
    laid_out = table("gains-and-pains-matrix", matrix, rules={"not_people": list(matrix.columns[1:])})
    says = [mechanisms_sentence(effects), contradictions_sentence(read_contradictions(study))]
    return Result("gains-and-pains-matrix", says=says, table=laid_out)


def mechanisms_sentence(effects: pd.DataFrame) -> str:
    """Return how many codes are gains, pains or neutral, and how many do two things at once."""
    sizes = [(name, int((effects["polarity"] == name).sum())) for name in TOTALS]
    words = {"both": "gain and pain at once", "neutral": "neutral"}
    kinds = [f"{n} {words.get(name, name if n == 1 else f'{name}s')}" for name, n in sizes if n]
    text = f"Of {len(effects)} mechanisms {listing(kinds)}"
    two = effects.loc[effects["two_effects"], "effects"].map(" and ".join).value_counts(sort=False)
    if len(two):
        verb, each = "does" if two.sum() == 1 else "do", (f"{n} {name}" for name, n in two.items())
        text += f"; {two.sum()} {verb} two things at once ({listing(each)})"
    return f"{text}."


def contradictions_sentence(contradictions: pd.DataFrame) -> str:
    """Return how often the source contradicts itself and about what; nothing where none is listed."""
    n = len(contradictions)
    places = "one place" if n == 1 else f"{n} places"
    about = listing(contradictions["about"]) if n else ""
    return f"The published source is at odds with itself in {places}: {about}." if n else ""


def what_was_done(heard: Heard | None, effects: pd.DataFrame) -> pd.DataFrame:
    """Return for each pain in how many interviewees something was done about it, on the same passages.

    What was done is coded under a category, or in sets, called "regulation": by the organisation or by the
    team where the code says so, else by oneself.

    Returns
    -------
    DataFrame
        `code, label, k` (interviewees who raise the pain), `k_own, k_team, k_organisation`. No row where
        nothing is coded as done, or no code is a pain.
    """
    if heard is None or effects.empty:
        return pd.DataFrame()
    book = heard.coded.codes
    parents = book["parent"].map(book.set_index("code")["label"]).fillna("")
    regulates = (parents + ";" + book["sets"]).str.contains("regulation", case=False)
    done = book[book["codable"].astype(bool) & regulates]
    pains = effects[effects["polarity"].isin(["pain", "both"])]
    if done.empty or pains.empty:
        return pd.DataFrame()
    words = (done["label"] + ";" + done["sets"]).str.lower()
    by = [words.str.contains("organi"), words.str.contains("team")]
    kind = np.select(by, ["k_organisation", "k_team"], "k_own")
    met = who_meets(heard.coded, list(pains["code"]), dict(zip(done["code"], kind, strict=True)))
    raised = interviews.presence(heard.coded, list(pains["code"])).sum()
    table = pains[["code", "label"]].assign(k=pains["code"].map(raised))
    return table.join(met, on="code").sort_values("k", ascending=False, kind="stable", ignore_index=True)


def done_about_pains(heard: Heard | None, done: pd.DataFrame) -> Result | None:
    """Show every pain beside what was done about it, and by whom; None where that is not coded."""
    if heard is None or done.empty:
        return None
    raised = done[done["k"] > 0]
    without = raised.loc[raised["k_organisation"] == 0, "label"]
    named = f": {listing(without)}" if 0 < len(without) <= 6 else ""
    said = f"{len(without)} of {len(raised)} pains stand without an answer by the organisation in the same "
    said += f"passage{named}."
    # how many raise them would be told by the order, too
    by_name = done.drop(columns="code").sort_values("label", ignore_index=True)
    laid_out = table("regulation", either(done.drop(columns="label"), by_name))
    return Result("regulation", says=[either(said)], table=laid_out)
