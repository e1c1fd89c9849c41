"""How the comparisons of two arms with the missing filled in are laid out and said, and the answer."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vbhc import wording
from vbhc.chapters.value import layout
from vbhc.chapters.value.sentences import say
from vbhc.chapters.value.two_arms.imputed import ADJUSTED, IMPUTED, MEASURES, OBSERVED, conclusion
from vbhc.chapters.value.two_arms.trial import ENDS, Trial
from vbhc.publish.results import Claim, Result, Table, either

BENEFIT = [f"net_benefit{end}" for end in ENDS]
# What `make simulate` finds at 200 patients of whom a third are missing.
IMPUTED_NOTE = "Simulated: 95% intervals of an imputed QALY difference held the truth in 94% to 95% of draws."
STATES = {1: "lies above zero", -1: "lies below zero", 0: "holds zero"}


def by_measure(trial: Trial, table: pd.DataFrame) -> pd.DataFrame:
    """Return `arms_if_answered` or `arms_if_worse` as one row per measure and way, to be read downwards.

    Returns
    -------
    DataFrame
        `measure`, what names the way (`handling`, or `worse_in, delta`), `estimate, low, high, n, n_missing`,
        in the order QALYs, cost, net benefit; a measure that a way does not have is absent.
    """
    money = trial.currency
    heads = ("QALYs", f"Cost ({money})", f"Net benefit ({money}) at {trial.price_words()} per QALY")
    keys = [name for name in ("handling", "worse_in", "delta") if name in table]
    parts = []
    for measure, head in zip(MEASURES, heads, strict=True):
        if measure in table:
            names = dict(zip((f"{measure}{end}" for end in ENDS), ("estimate", "low", "high"), strict=True))
            part = table[[*keys, *names, "n", "n_missing"]].rename(columns=names)
            parts.append(part.assign(measure=head)[["measure", *part]])
    return pd.concat(parts).dropna(subset=["estimate"]).reset_index(drop=True)


def told(table: pd.DataFrame) -> pd.DataFrame:
    """Return differences with the digits that a claim has where people are protected: three from 1,000 on.

    Of those that `delta` moved two, and tens: by how much it moves them says of how many.
    """
    money = table.filter(regex="^(cost|net_benefit)").astype(float)
    if "delta" in table:
        return table.assign(**money.map(lambda x: float(f"{x:.2g}") if abs(x) >= 100 else round(x, -1)))
    return table.assign(**money.map(lambda x: float(f"{x:.3g}") if abs(x) >= 1_000 else x))


def _laid_out(trial: Trial, name: str, table: pd.DataFrame, notes: Sequence[str] = ()) -> Table:
    """Return the table by measure: four decimals for QALYs, three for protected ones, none for money."""
    shown, words = by_measure(trial, table), {"how": trial.how, **trial.row[["arm", "reference"]]}
    at = {qaly: [qaly * (one == "QALYs") for one in shown["measure"]] for qaly in (4, 3)}
    full, rough = ({"delta": 2, "estimate": by, "low": by, "high": by} for by in at.values())
    rules = {"decimals": full, "protected": {"decimals": rough}, "most": {"n": trial.known}}
    return layout.table(name, either(shown, by_measure(trial, told(table))), words, rules, notes)


def ways_compared(trial: Trial, ways: pd.DataFrame) -> Result | None:
    """Show the arms' differences from the plainest way of getting them to the fullest.

    Parameters
    ----------
    ways : DataFrame
        From `arms_if_answered`; nothing is shown where it is empty.
    """
    if ways.empty:
        return None
    known, notes = ways["fmi"].dropna(), []
    if len(known):
        notes = [IMPUTED_NOTE, f"Information missing about net benefit: {wording.percent(known.iloc[-1])}."]
    table, says = _laid_out(trial, "arms-if-answered", ways, notes), _if_answered(trial, ways)
    return Result("arms-if-answered", says=says, table=table, counts=list(ways["n"]))


def _if_answered(trial: Trial, ways: pd.DataFrame) -> list[Claim | str]:
    """The difference with everybody filled in, and how far that lies from the one of complete patients."""
    rows = ways[ways["handling"].isin([ADJUSTED, IMPUTED])]
    if len(rows) < 2:
        return [say("filled-in-nothing")]
    imputed = rows.iloc[-1]
    claim = trial.benefit(imputed[BENEFIT], int(imputed["n"]), "With the missing imputed and")
    moved = (_moved(some.iloc[0], some.iloc[-1], trial.currency) for some in (rows, told(rows)))
    return [claim, either(*moved)]


def _moved(complete: pd.Series, imputed: pd.Series, currency: str) -> str:
    """How far filling in moved the difference, against how sure it was."""
    (was, low, high), now = complete[BENEFIT], imputed["net_benefit"]
    told = {"was": was, "low": low, "high": high, "far": abs(now - was), "currency": currency}
    return say("filled-in-moves", **told, where="inside" if low <= now <= high else "outside")


def worse_compared(trial: Trial, worse: pd.DataFrame, tips: pd.DataFrame) -> Result | None:
    """Show the arms' differences had those who did not answer been worse, and where the conclusion tips.

    Parameters
    ----------
    worse, tips : DataFrame
        From `arms_if_worse`.
    """
    said = tipping(trial, tips)
    if worse.empty:
        return None if trial.result.reason else Result("arms-if-worse", says=[said])
    table = _laid_out(trial, "arms-if-worse", worse)
    return Result("arms-if-worse", says=[said], table=table, counts=list(worse["n"]))


def tipping(trial: Trial, tips: pd.DataFrame) -> str:
    """Return how much worse the missing of either arm must have been for the conclusion to change."""
    if tips.empty:
        return say("tips-unknown")
    start = say("tips-start", price=trial.price_words(), state=STATES[int(tips["sign"].iloc[0])])
    if tips["delta"].isna().all():
        return f"{start} {say('tips-never', furthest=tips['furthest'].iloc[0])}"
    each = tips.assign(size=-tips["delta"]).to_dict("records")
    said = "; ".join(say("tip-never" if np.isnan(row["size"]) else "tip", **row) for row in each)
    return f"{start} {say('tips', said=said)}"


def arms_answer(trial: Trial, ways: pd.DataFrame) -> Result:
    """Return which way has the higher net benefit at the declared price, or why nothing can be compared.

    Parameters
    ----------
    ways : DataFrame
        From `arms_if_answered`: its last way fills in what is missing.
    """
    if trial.result.reason:
        return Result("answer", says=[trial.result.reason], role="answer")
    counted = trial.counted()
    claim = trial.benefit(trial.at_price, counted.n, "At", counted=counted)
    says = [either(said(ways), said(told(ways))) for said in (_turned, _filled_in)]
    return Result("answer", says=[claim, *says], role="answer")


def _turned(ways: pd.DataFrame) -> str:
    """That the sign hangs on what is held equal, where it does; nothing where it does not."""
    kept = ways[ways["handling"].isin([OBSERVED, ADJUSTED])]
    if len(kept) < 2 or kept["net_benefit"].prod() >= 0:
        return ""
    seen, low, high = kept[BENEFIT].astype(float).iloc[0]
    sure = any(conclusion(row) for row in kept.to_dict("records"))
    return say("turned", seen=seen, low=low, high=high, unsure="" if sure else ", and either could be chance")


def _filled_in(ways: pd.DataFrame) -> str:
    """The same difference with the missing filled in; nothing where none was filled in."""
    imputed = ways[ways["handling"] == IMPUTED]
    if imputed.empty:
        return ""
    gap, low, high = imputed[BENEFIT].astype(float).iloc[0]
    return say("filled-in", gap=gap, low=low, high=high, n=int(imputed["n"].iloc[0]))
