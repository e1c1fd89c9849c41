"""What was read and set aside, then who is in the study, step by step, and by arm where there are arms."""

import re
from dataclasses import replace
from typing import Any

import pandas as pd

from vbhc import wording
from vbhc.chapters.cleaning import layout
from vbhc.chapters.cleaning.fates import ANSWERED, DIED, ORDER, SILENT, draw_parts, fates, last_visit
from vbhc.cleaning import Cleaned
from vbhc.cleaning.flow import questions
from vbhc.publish.claims import PERCENTAGE_POINTS, render
from vbhc.publish.disclosure.policies import get_policy
from vbhc.publish.either import Either, either
from vbhc.publish.results import Claim, Result
from vbhc.statistics.tables2x2 import newcombe
from vbhc.study import Study

MOST_ARMS = 3  # columns that still fit a page beside the step and all
READ, ASIDE, KEPT, ALL = "Read", "Set aside", "In the study", "Counted in every question"
INTERVIEWED, QUOTED = "With a coded interview", "May be quoted"
EVERYBODY = "In the study"
STEPS = {"with interview": INTERVIEWED, "with consent": QUOTED}
GONE = {DIED: "Died", SILENT: "Did not answer"}
STEPS |= {"with cost": "With a known cost", "with all": ALL}


def of_patients(flow: pd.DataFrame) -> bool:
    """Whether the people of a flow are patients; else they are interviewees, or respondents of a survey."""
    return people_in(flow) == "patients"


def people_in(flow: pd.DataFrame) -> str:
    """Return who the people of a flow are: "patients", "interviewees" or "respondents"."""
    return str(flow.loc[flow["step"] == "kept", "detail"].iloc[0])


def arms(study: Study, patients: pd.DataFrame) -> dict[str, pd.Series]:
    """Return who is in each declared arm, the reference last; empty without two arms, or with too many."""
    declared = [one for one in study.config.groups.values() if one.kind == "arm" and one.column in patients]
    if not declared:
        return {}
    column, reference = patients[declared[0].column].astype(object), declared[0].reference
    names = sorted(column.dropna().unique(), key=lambda name: (str(name) == str(reference), str(name)))
    return {str(name): column == name for name in names} if 1 < len(names) <= MOST_ARMS else {}


def flow_steps(study: Study, cleaned: Cleaned) -> pd.DataFrame:
    """Return the flow: `step, n` and a column `n_<arm>` for each arm, missing where no arm is known.

    Read, set aside, in the study; then what became of them by the last visit, and who can answer each
    question. Every row from the third on counts people among those in the study.
    """
    flow = cleaned.flow
    own = flow[flow["source"] == flow["source"].iloc[0]].groupby("step")["n"].sum()
    before = [(READ, own["assessed"]), (ASIDE, own["assessed"] - own["kept"])]
    if not of_patients(flow):
        later = flow[flow["source"] == ""]
        steps = [*before, (KEPT, own["kept"]), *zip(later["step"].replace(STEPS), later["n"], strict=True)]
        return pd.DataFrame(steps, columns=["step", "n"])
    split = arms(study, cleaned.patients)
    rows = [{"step": step, "n": n} for step, n in before]
    for step, who in _steps(study, cleaned.patients):
        by_arm = {f"n_{name}": int((who & arm).sum()) for name, arm in split.items()}
        rows.append({"step": step, "n": int(who.sum()), **by_arm})
    return pd.DataFrame(rows)


def _steps(study: Study, patients: pd.DataFrame) -> list[tuple[str, pd.Series]]:
    """Return each step from those in the study on, with the patients who belong to it."""
    steps = [(KEPT, pd.Series(True, index=patients.index))]
    fate = fates(study, patients)
    if fate is not None:
        names = GONE | {ANSWERED: f"Answered {last_visit(study)}"}
        seen = {one: name for one, name in names.items() if one == ANSWERED or (fate == one).any()}
        steps += [(name, fate == one) for one, name in seen.items()]
    for step, who, words in questions(study, patients):
        if step == "with outcome" and fate is not None and who.equals((fate == ANSWERED).rename(who.name)):
            continue  # the same patients as those who answered
        named = {"with outcome": "With the outcome at both visits", "with perception": f"Answered: {words}"}
        steps.append((named.get(step, STEPS.get(step, step)), who))
    return steps


def in_parts(study: Study, cleaned: Cleaned) -> pd.DataFrame:
    """Return what the figure shows: `label, part, n`, the parts of all people and of each arm.

    Patients by what became of them; interviewees by whether they were coded and may be quoted; no row where
    a study follows nobody.
    """
    if not of_patients(cleaned.flow):
        return _interviewees(cleaned.flow)
    fate = fates(study, cleaned.patients)
    if fate is None:
        return pd.DataFrame(columns=["label", "part", "n"])
    everyone = {EVERYBODY: pd.Series(True, index=fate.index)}
    rows = [
        {"label": label, "part": part, "n": int((who & (fate == part)).sum())}
        for label, who in (everyone | arms(study, cleaned.patients)).items()
        for part in ORDER
        if part == ANSWERED or (fate == part).any()
    ]
    return pd.DataFrame(rows)


def _interviewees(flow: pd.DataFrame) -> pd.DataFrame:
    whole = int(flow.loc[flow["step"] == "kept", "n"].iloc[0])
    words = {INTERVIEWED: ("coded", "not coded"), QUOTED: ("may be quoted", "may not")}
    later = zip(flow["step"].replace(STEPS), flow["n"], strict=True)
    rows = [
        {"label": step, "part": part, "n": n}
        for step, k in later
        if step in words
        for part, n in zip(words[step], (int(k), whole - int(k)), strict=True)
    ]
    return pd.DataFrame(rows, columns=["label", "part", "n"])


def show_flow(study: Study, cleaned: Cleaned, steps: pd.DataFrame, ci_level: float = 0.95) -> Result:
    """Show who came in and who is left: by what became of them, by arm, and for each question."""
    data, split = in_parts(study, cleaned), [name for name in steps if str(name).startswith("n_")]
    labels = {"n": "All"} | {name: str(name).removeprefix("n_") for name in split}
    # The former stand in tables of their own, and who is gone in the figure: all others are among each other.
    shown = either(steps, steps[~steps["step"].isin([READ, ASIDE, *GONE.values()])])
    gone = [f"who {step.lower()}" for step in steps["step"] if step in GONE.values()]
    why = f"Left out here: {wording.listing(gone)}; beside the other rows they could tell of a few."
    table = replace(layout.table("flow-table", shown, notes=[either("", why)] * bool(gone)), labels=labels)
    rounds = get_policy(study.config.disclosure).rounds_to
    # Parts of arms beside parts of all and the number of all leave none of their rounding.
    parts = data[data["label"] == EVERYBODY] if rounds and of_patients(cleaned.flow) else data
    drawn = layout.drawing("flow", parts, draw_parts, _title, **_look(parts)) if len(parts) else None
    counts = [pair for shares in _by_arm(data).values() for pair in shares.values()]
    return Result("flow", says=_uneven(_by_arm(data), ci_level), drawing=drawn, table=table, counts=counts)


def _look(data: pd.DataFrame) -> dict[str, Any]:
    caption = "Hatched: nobody knows how they fare." if SILENT in set(data["part"]) else ""
    return {"caption": caption, "rows": data["label"].nunique()}


def _title(data: pd.DataFrame) -> str:
    first = data[data["label"] == data["label"].iloc[0]]
    if first["n"].isna().any():
        return "Who answered, and who did not"
    (part, n), *others = zip(first["part"], first["n"].astype(int), strict=True)
    rest = wording.listing(f"{k:,} {other}" for other, k in others if k)
    what = "patients" if part == ANSWERED else "interviewees"
    verb = "answered" if part == ANSWERED else f"were {part}" if part == "coded" else part
    return f"{n:,} {what} {verb}" + (f", {rest}" if rest else "")


def _by_arm(data: pd.DataFrame) -> dict[str, dict[str, tuple[int, int]]]:
    """Return who answered and who died: of each arm how many, and of how many."""
    split = data[(data["label"] != EVERYBODY) & data["part"].isin([ANSWERED, DIED])]
    whole = data.groupby("label")["n"].sum()
    return {
        part: {row.label: (int(row.n), int(whole[row.label])) for row in rows.itertuples()}
        for part, rows in split.groupby("part", sort=False)
    }


def _uneven(shares: dict[str, dict[str, tuple[int, int]]], ci_level: float) -> list[Any]:
    """Say whether two arms differ in who answered and in who died; nothing without two arms."""
    told = {ANSWERED: "the share who answered", DIED: "the share who died without an answer"}
    return [
        either(claim := _gap(told[part], of, ci_level), _in_words(claim))
        for part, of in shares.items()
        if len(of) == 2 and 0 < sum(k for k, _ in of.values()) < sum(n for _, n in of.values())
    ]


def _gap(what: str, shares: dict[str, tuple[int, int]], ci_level: float) -> Claim:
    """Return the difference of two arms' shares, in percentage points (Newcombe 1998, method 10)."""
    one, other = shares.values()
    gap = one[0] / one[1] - other[0] / other[1]
    low, high = newcombe(*one, *other, ci_level)
    known: dict[str, Any] = {"estimate": 100 * gap, "low": 100 * low, "high": 100 * high}
    known |= dict(zip(("first", "second"), shares, strict=True))
    known |= {"unit": PERCENTAGE_POINTS, "decimals": 0}
    return Claim("difference", what, n=one[1] + other[1], behind=(one, other), **known)


def _in_words(claim: Claim) -> str:
    """Return a difference without its size: with its interval that gives the four counts behind it."""
    size = rf"(: difference)? [-−]?\d+ {PERCENTAGE_POINTS}?"
    return f"{re.sub(size, '', render(claim, numbers=False))}."


CAREFUL = ("guessed", "in quarantine")  # words of the notes that every reader has to know of


def rows_read(flow: pd.DataFrame) -> pd.DataFrame:
    """Return `source, read, kept, set_aside, reason, several`: the rows of each source.

    Parameters
    ----------
    flow : DataFrame
        From `cleaning.clean`. Rows read = rows kept + rows set aside; `reason` is the rule broken most often,
        "" where none was; `several`: more rows were kept than there are people, so some have several.
    """
    sums = flow[flow["source"] != ""].groupby(["source", "step"], sort=False)["n"].sum()
    wide = sums.unstack(sort=False).reindex(columns=["assessed", "kept", "excluded"]).fillna(0).astype(int)
    rules = flow[flow["step"] == "excluded"].drop_duplicates("source").set_index("source")["detail"]
    table = wide.set_axis(["read", "kept", "set_aside"], axis=1).reset_index()
    people = flow.loc[flow["step"] == "kept", "n"].iloc[0]
    reasons = [rules.get(name, "") for name in table["source"]]
    return table.assign(reason=reasons, several=table["kept"] > people)


def show_rows(rows: pd.DataFrame) -> Result:
    """Show the rows of each source; a policy that protects gets what was set aside in a table of its own.

    It gets no rows of several visits either: 72 of 45 patients at two visits say that 27 came to the second.
    """
    what = either("read, kept and set aside", "kept")
    notes = [either("Rows read = rows kept + rows set aside, checked on every run.")]
    once = rows.drop(columns="several")
    shown = either(once, once[~rows["several"]])
    return Result("rows", table=layout.table("rows", shown, {"what": what}, notes=notes))


def show_set_aside(rows: pd.DataFrame, cleaned: Cleaned) -> Either:
    """Say what was set aside or guessed, as a limit; nothing where nothing was."""
    apart = Result("set-aside", table=layout.table("set-aside", rows[["source", "set_aside"]]))
    careful = [f"{note}." for note in cleaned.notes if any(word in note for word in CAREFUL)]
    says = [_set_aside(rows), *careful]
    return either(Result("set-aside", says=says, role="limit") if any(says) else None, apart)


def _set_aside(rows: pd.DataFrame) -> str:
    gone = rows[rows["set_aside"] > 0]
    if gone.empty:
        return ""
    read, out = int(rows["read"].sum()), int(gone["set_aside"].sum())
    each = wording.listing(f"{row.set_aside:,} in {row.source}" for row in gone.itertuples())
    where = f" ({each})" if len(rows) > 1 else ""
    were, them = ("was", "it") if out == 1 else ("were", "them")
    return f"Of {read:,} rows read, {out:,} {were} set aside{where}: nothing on any page counts {them}."
