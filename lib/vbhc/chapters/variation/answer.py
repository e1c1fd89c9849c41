"""The answer of chapter 05, and what it may be used for by a clinician, a manager and a patient."""

import pandas as pd

from vbhc import wording
from vbhc.chapters.variation.decide import FEW, FIRST
from vbhc.chapters.variation.frames import Score, many, one
from vbhc.publish.results import Result
from vbhc.study import Study


def variation_answer(study: Study, score: Score, card: pd.DataFrame, table: pd.DataFrame) -> Result:
    """Return how many differ by more than chance and true spread, and whether they can be compared.

    Parameters
    ----------
    card, table : DataFrame
        From `scorecard` and `ranks`.
    """
    if score.few:
        return Result("answer", says=[score.few], role="answer")
    alert, counts = study.config.variation.alert, card["verdict"].value_counts()
    judged = len(card) - int(counts.get(FIRST, 0) + counts.get(FEW, 0))
    far = {side: int(counts.get(f"far {side}", 0)) for side in ("below", "above")}
    chance = wording.number(judged * (1 - alert.act), 1)
    says = [
        f"Of {judged} {many(study)} that can be judged by {score.label}, {_are(far['below'])} far below what "
        f"was expected and {far['above']} far above ({chance} in all by chance).",
        f"An order of all of them says {_worth(table.iloc[0])}.",
    ]
    if counts.get(FIRST, 0):
        says.append(f"{_many(study, int(counts[FIRST]))} cannot be compared before the data are mended.")
    return Result("answer", says=says, role="answer")


def _are(n: int) -> str:
    return f"{n} {'is' if n == 1 else 'are'}"


def _many(study: Study, n: int) -> str:
    return f"{n} {one(study) if n == 1 else many(study)}"


def _worth(row: pd.Series) -> str:
    share = row["places"] / row["things"]
    return "almost nothing" if share > 0.5 else "little" if share > 0.25 else "something"


def variation_for_readers(
    study: Study, score: Score, card: pd.DataFrame, table: pd.DataFrame
) -> list[Result]:
    """Return one line for each reader, from the results themselves; none where nothing can be said."""
    if score.few:
        return []
    sd, tau = score.providers.attrs["sd"], score.tau
    data_first = int((card["verdict"] == FIRST).sum())
    apart = f": that alone sets {_many(study, data_first)} apart here" if data_first else ""
    size = f"about {wording.number(tau, 1)} points of {score.label} up or down"
    differ = f"{wording.sentence_case(many(study))} truly differ by {size if tau else 'nothing that shows'}"
    told = {
        "clinician": f"Before your own result, look at who answered and what was coded{apart}. A result "
        "inside the limits calls for no explanation.",
        "manager": f"Do not print a league table, and do not pay by rank. Ask where the table says far; for "
        f"all others a {one(study)}'s own course over time tells more than its place.",
        "patient": f"{differ}, patients of one {one(study)} by {wording.number(sd, 1)}: ask what to expect "
        "for somebody like you.",
    }
    return [Result(f"for-the-{reader}", says=[said]) for reader, said in told.items()]
