"""What one provider is told of itself: its data first, then its result, its value, its peers and its course.

Everything is settled here, before anything is drawn: who has a page at all, and which numbers the policy lets
out. What is told holds no row of a patient, and nothing that a later stage of release adds.
"""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from vbhc.chapters.variation.comparable import ROWS, registration
from vbhc.chapters.variation.decide import FEW, FIRST, VERDICTS, scorecard, verdicts
from vbhc.chapters.variation.frames import Score, each_measure, load_patients, many, one
from vbhc.chapters.variation.funnel import limit_lines
from vbhc.chapters.variation.peers import beside_peers, value_by_provider
from vbhc.chapters.variation.sentences import say
from vbhc.publish.disclosure import disclose
from vbhc.publish.disclosure.policies import MARK, Policy, get_policy
from vbhc.statistics.variation.funnel import around
from vbhc.study import Study
from vbhc.wording import number, percent

LEVEL, NONE = 0.95, "–"
Row = tuple[str, str, str]  # what it is, here, of all


class Told(NamedTuple):
    """What each provider is told, by its name; and why others have no page."""

    findings: dict[str, dict[str, Any]]
    withheld: dict[str, str]


def tell_each(study: Study, release: str = "own", seed: int = 1) -> Told:
    """Return what the pages of all providers say at a stage of release: "own", "peers" or "public".

    Own pages hold nothing of any other provider; for peers the others are drawn without names; public pages
    name everybody.
    """
    patients, policy = load_patients(study), get_policy(study.config.disclosure)
    scores = each_measure(study, patients)
    score, data = scores[0], registration(study, patients, scores[0])
    value = value_by_provider(study, patients, score, LEVEL)
    peers = None if release == "own" else beside_peers(study, patients, score)
    card = scorecard(study, patients, score, data, value, peers, LEVEL, seed)
    ranked = int(card["rank"].notna().sum())
    card, withheld = settled(study, card)
    shared = {"release": release, "title": study.config.title, "synthetic": study.config.synthetic}
    if release != "own":
        shared |= {"funnel": _funnel(study, score, set(card["provider"]))}
    middle, first = data.median(numeric_only=True), score.providers.set_index("unit")["n"]
    results = [_results(study, one, first, policy) for one in scores]
    found = {}
    for row in card.to_dict("records"):
        own = [table.loc[row["provider"]] for table in results if row["provider"] in table.index]
        rows = [(say("own-result", **line), say("own-ends", **line), line["verdict"]) for line in own]
        rows += _part_rows(study, row, ranked, value)
        marks = [line[["label", "estimate", "low", "high"]].to_dict() for line in own]
        told = {"name": row["provider"], "data": _data_rows(row, middle, policy), "results": rows}
        found[row["provider"]] = {**shared, **told, "marks": marks, **_said(study, score, row)}
    return Told(found, withheld)


def settled(study: Study, card: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return the scorecards that may be told, and why the others may not.

    Providers are parts of a whole that the report gives: one that is too small takes a second one with it. A
    share of answers goes where it would give a few who did not answer, or whose records cannot be used; how
    many patients there are goes where that and the records part by a few, with a second one where their total
    would tell by how many.
    """
    policy = get_policy(study.config.disclosure)
    counts = card[["provider", "patients", "records"]].assign(k=(card["answered"] * card["patients"]).round())
    given = disclose(counts, policy, counts=("patients", "records", "k"), shares={})
    gone = given.hidden[["patients", "records"]].any(axis=1)
    left = {"rest": counts["patients"] - counts["k"], "unused": counts["k"] - counts["records"]}
    few = ~policy.tells(pd.DataFrame(left)) & (policy.rounds_to == 0) | given.hidden["k"]
    kept = card.assign(patients=given.frame["patients"], records=given.frame["records"])
    unknown = _unknown(counts["patients"], counts["records"], policy)
    silent = few | unknown  # of known records a share gives how many patients
    kept["answered"] = card["answered"].mask(silent)
    kept["patients"] = kept["patients"].mask(unknown)
    return kept[~gone], dict.fromkeys(card.loc[gone, "provider"], policy.rule)


def _unknown(patients: pd.Series, records: pd.Series, policy: Policy) -> pd.Series:
    """Whose number of patients goes: it tells of a few without a record that can be used.

    Their sum is known, as is that of all: where it leaves one of them fewer numbers than the mark one more
    goes, the smallest of those that hold twice as many as are few, so that it can stand for all.
    """
    without, most = patients - records, policy.hides_up_to
    few = ~policy.tells(without) & (policy.rounds_to == 0)
    least, others, total = int(not policy.hides_zero), int(few.sum()) - 1, without[few].sum()
    if few.any() and not (total - others * most <= least and total - others * least >= most):
        spare = patients[without >= 2 * most].nsmallest(1)
        few |= patients.index.isin(spare.index) if len(spare) else True
    return few


def _results(study: Study, score: Score, first: pd.Series, policy: Policy) -> pd.DataFrame:
    """Each provider's result in one measure, above what was expected; none of too few providers.

    Of a known spread an interval tells the number of records: one that differs by few from that of the
    `first` measure counts as many.
    """
    units = score.providers.set_index("unit").iloc[: 0 if score.few else None]
    alike = ~policy.tells((units["n"] - first.reindex(units.index)).abs())
    used = units["n"].mask(alike, first)
    ends = around(units["estimate"], units["standard_error"] * np.sqrt(units["n"] / used), LEVEL)
    return units.assign(**ends, label=score.label, verdict=verdicts(study, score)[: len(units)])


def _said(study: Study, score: Score, row: Mapping[str, Any]) -> dict[str, str]:
    """The answer, what its data are worth, and what follows."""
    verdict, words = row["verdict"], {"one": one(study), "many": many(study), "measure": score.label}
    answer = say("own-first" if verdict == FIRST else "own-few", **words)
    if verdict not in (FIRST, FEW):
        side = "above" if row["estimate"] > 0 else "below"
        ends = {name: row[name] for name in ("low", "high", "records")}
        answer = say("own-answer", **words, verdict=verdict, side=side, size=abs(row["estimate"]), **ends)
    plan = study.config.variation
    why = f"apart-{row['warning']}" if row["warning"] else "own-data-good"
    warned = say(why, response=float(plan.registration.response), fewest=plan.fewest)
    return {"answer": answer, "warned": warned, "what_now": VERDICTS[verdict]}


def _data_rows(row: Mapping[str, Any], middle: pd.Series, policy: Policy) -> list[Row]:
    """Sizes and registration; illnesses with a decimal that leaves the number of patients open."""
    coded, whole = (partial(number, decimals=n) for n in (1 if policy.protects else 2, 0))
    looks: dict[str, Callable[[float], str]] = {"answered": percent, "coded": coded}
    known = [(label, name, looks.get(name, whole)) for label, name, *_ in ROWS if pd.notna(middle[name])]
    cells = {name: MARK if pd.isna(row[name]) else look(row[name]) for _, name, look in known}
    return [(label, cells[name], look(middle[name])) for label, name, look in known]


def _part_rows(study: Study, row: Mapping[str, Any], ranked: int, value: pd.DataFrame | None) -> list[Row]:
    """Rank, reliability, value, peers and course, as far as they are known."""
    rows, quota = [], study.config.value_quota
    if pd.notna(row["rank"]):
        place = say("own-rank", **{name: int(row[name]) for name in ("rank", "rank_low", "rank_high")})
        rows.append((say("own-rank-of", judged=ranked), place, NONE))
        rows.append((say("own-reliability"), number(row["reliability"]), NONE))
    for name in ("value", "peers", "trend"):
        if pd.notna(row.get(name)):
            ends = {"estimate": row[name], "low": row[f"{name}_low"], "high": row[f"{name}_high"]}
            unit, whole = "", NONE
            if name == "value":
                unit = f"{value.attrs['label']} per {study.config.cost.currency} {quota.per:,.0f}"
                whole = number(value.attrs["whole"])
            coarse = name == "trend" and get_policy(study.config.disclosure).protects
            told = say("own-ends-coarse" if coarse else "own-ends", **ends)
            rows.append((say(f"own-{name}", unit=unit), told, whole))
    return rows


def _funnel(study: Study, score: Score, told: set[str]) -> dict[str, Any]:
    """All who have a page by size, without names, and the limits with true spread."""
    units = score.providers[score.providers["unit"].isin(told)].sort_values(["n", "estimate"])
    lines = limit_lines(study, score).query("kind == 'with tau'").groupby("ci_level")
    points = units[["n", "estimate"]].to_numpy().tolist()
    return {"points": points, "lines": [rows[["records", "high"]].to_numpy().tolist() for _, rows in lines]}
