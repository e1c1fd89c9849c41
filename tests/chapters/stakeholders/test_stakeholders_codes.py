"""Codes that go together, the code tree, gains and pains: by hand and by reference."""

from __future__ import annotations

import csv
from functools import partial
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.figure import Figure
from places import ORACLES

from vbhc import interviews
from vbhc.chapters import stakeholders
from vbhc.chapters.stakeholders.code_pages import closest, cooccurrence_sentence, draw_pairs
from vbhc.chapters.stakeholders.effects import directed_codes, effect_matrix
from vbhc.chapters.stakeholders.felt import balance, draw_gains_pains, felt_by_theme, gains_title
from vbhc.chapters.stakeholders.heard import heard_of
from vbhc.chapters.stakeholders.tree import code_tree, draw_code_tree
from vbhc.interviews.derived import cooccurrence
from vbhc.interviews.tables import COLUMNS, Interviews, frame
from vbhc.publish.disclosure.policies import OPEN, get_policy
from vbhc.publish.either import picked
from vbhc.synthetic import professionals

ORACLE_FILE = ORACLES / "survey.csv"


def oracle(topic: str) -> list[tuple[str, str, str, float]]:
    with ORACLE_FILE.open(encoding="utf-8", newline="") as handle:
        rows = [r for r in csv.DictReader(handle) if r["topic"] == topic]
    return [(r["case"], r["input"], r["stat"], float(r["value"])) for r in rows]


def coded(marks: list[tuple], sets: dict[str, str] | None = None) -> Interviews:
    """Interviews from (participant, start, end, codes[, coder]); a code stands under its letter."""
    sets = sets or {}
    people = list(dict.fromkeys(mark[0] for mark in marks))
    names = sorted({code for mark in marks for code in mark[3].split()} | set(sets))
    empty = {"definition": "", "colour": "", "guid": "", "sets": ""}
    book = []
    for theme in dict.fromkeys(name[0] for name in names):
        row = {"code": theme, "parent": "", "label": f"Theme {theme}", "path": theme, "theme": theme}
        book.append(row | empty | {"codable": False})
        for name in (name for name in names if name[0] == theme):
            row = {"code": name, "parent": theme, "label": name.lower(), "path": f"{theme} > {name}"}
            book.append(row | empty | {"theme": theme, "codable": True, "sets": sets.get(name, "")})
    segments, codings = {}, []
    for mark in marks:
        person, start, end, own = mark[:4]
        seg = segments.setdefault((person, start, end), f"S{len(segments) + 1}")
        codings += [{"seg": seg, "code": c, "coder": mark[4] if len(mark) > 4 else "A"} for c in own.split()]
    places = [
        {"seg": seg, "doc": person, "participant": person, "start": start, "end": end, "text": ""}
        for (person, start, end), seg in segments.items()
    ]
    return Interviews(
        pd.DataFrame({"participant": people}),
        frame("documents", [{"doc": p, "participant": p, "kind": "text"} for p in people]),
        frame("codes", book),
        frame("segments", places),
        frame("codings", codings),
        pd.DataFrame(columns=COLUMNS["report"]),
    )


@pytest.fixture(scope="module")
def shipped() -> Interviews:
    return professionals.make()


@pytest.fixture(scope="module")
def roles(shipped) -> pd.Series:
    return interviews.groups(shipped, "role")


# --- codes that go together -----------------------------------------------------------------------------


def pair(table: pd.DataFrame, a: str, b: str) -> pd.Series:
    return table.set_index(["code_a", "code_b"]).loc[(a, b)]


def test_c_coefficient_of_the_manuals_example():
    marks = [("p", n * 10, n * 10 + 5, "A1 A2" if n < 5 else "A1") for n in range(100)]
    marks += [("q", n * 10, n * 10 + 5, "A2") for n in range(5)]
    row = pair(cooccurrence(coded(marks), ["A1", "A2", "B1"]), "A1", "A2")
    ((_, _, _, value),) = oracle("cooccurrence")
    assert (row["n_a"], row["n_b"], row["n_both"], row["k_both"]) == (100, 10, 5, 1)
    assert row["c"] == pytest.approx(value, abs=1e-9)


def test_a_passage_that_two_coders_marked_counts_once():
    row = cooccurrence(coded([("p", 0, 5, "A1 A2", "x"), ("p", 0, 5, "A1 A2", "y")]), ["A1", "A2"]).iloc[0]
    assert (row["n_a"], row["n_b"], row["n_both"], row["c"]) == (1, 1, 1, 1)


def test_coders_who_disagree_do_not_make_two_codes_meet():
    row = cooccurrence(coded([("p", 0, 5, "A1", "x"), ("p", 0, 5, "A2", "y")]), ["A1", "A2"]).iloc[0]
    assert (row["n_both"], row["c"]) == (0, 0)


MARK = st.tuples(
    st.sampled_from("pqr"),
    st.integers(0, 30),
    st.integers(1, 20),
    st.sampled_from(["A1", "A2", "B1", "A1 B1"]),
)


@settings(max_examples=30, deadline=None)
@given(st.lists(MARK, min_size=2, max_size=15))
def test_c_lies_between_0_and_1_and_does_not_hang_on_order(drawn):
    marks = [(person, start, start + length, own) for person, start, length, own in drawn]
    last = ("p", 99, 100, "A1 A2 B1")
    one, other = (cooccurrence(coded(m), ["A1", "A2", "B1"]) for m in ([*marks, last], [last, *marks[::-1]]))
    assert one["c"].between(0, 1).all()
    assert one["n_both"].tolist() == other["n_both"].tolist()


def test_the_closest_pair_is_named():
    pairs = cooccurrence(coded([("p", 0, 5, "A1 A2"), ("q", 0, 5, "B1")]), ["A1", "A2", "B1"])
    text = cooccurrence_sentence(pairs, {"A1": "one"}, pairs)
    # as many passages can be people, and the drawing gives them
    protected = "1 of 3 pairs of codes meets in a passage; closest are one and A2."
    assert picked(text, get_policy("nhs-proms")) == protected
    assert picked(text, OPEN) == (
        "1 of 3 pairs of codes meets in a passage; closest are one and A2 (1 shared passage, 1 interviewee, "
        "c = 1.00)."
    )


# --- the tree ---------------------------------------------------------------------------------------------


def test_a_category_counts_who_raises_anything_below_it():
    made = coded([("p", 0, 5, "A1"), ("q", 0, 5, "A2"), ("q", 6, 9, "B1"), ("r", 0, 1, "B1")])
    table = code_tree(made, pd.Series({"p": "x", "q": "y", "r": "y"}), ["A1", "A2", "B1"]).set_index("code")
    assert table["k"].to_dict() == {"A": 2, "A1": 1, "A2": 1, "B": 2, "B1": 2}
    assert table[["k_x", "k_y"]].loc["A"].tolist() == [1, 1]
    assert table["depth"].tolist() == [0, 1, 1, 0, 1]
    assert table["n"].unique().tolist() == [3]


def test_branches_are_chosen_by_name_and_misspelt_ones_get_a_hint(shipped):
    assert len(stakeholders.codes_under(shipped, ["Step 2 mechanisms"])) == 33
    assert stakeholders.codes_under(shipped, ["Load of work"]) == ["S1a", "S1b", "S1c"]
    assert len(stakeholders.codes_under(shipped)) == 56
    with pytest.raises(ValueError, match="did you mean 'Load of work'"):
        stakeholders.codes_under(shipped, ["Load of worke"])


# --- gains and pains ----------------------------------------------------------------------------------------


def heard(coded: Interviews, groups: pd.Series | None = None) -> SimpleNamespace:
    """Coded interviews and groups, as far as gains and pains are told of them."""
    return SimpleNamespace(coded=coded, groups=groups)


def test_a_code_with_two_effects_counts_in_both_cells_and_once_in_totals(shipped):
    """Table 2 of the published study: 16 gains, 13 pains, 4 neutral; 5 have two effects."""
    effects = directed_codes(heard(shipped))
    matrix = effect_matrix(effects).set_index("theme")
    assert matrix.loc["all", ["gains", "pains", "neutrals", "mechanisms"]].tolist() == [16, 13, 4, 33]
    cells = ["motivation up", "motivation down", "strain up", "strain down", "neutral"]
    assert matrix.loc["all", cells].tolist() == [12, 9, 8, 5, 4]  # 38 = 33 + 5 with two effects
    assert matrix.loc["Company and backing", cells].tolist() == [3, 3, 3, 0, 0]
    assert matrix.loc["Being sure", cells].tolist() == [1, 0, 2, 2, 1]
    assert len(matrix) == 8
    assert effects["two_effects"].sum() == 5


def test_totals_by_outcome_are_those_of_the_published_tree(shipped):
    effects = directed_codes(heard(shipped))
    kinds = pd.crosstab(effects["outcome"], effects["polarity"])
    assert kinds.loc["Motivation", ["gain", "pain", "neutral"]].tolist() == [11, 9, 2]
    assert kinds.loc["Strain", ["gain", "pain", "neutral"]].tolist() == [5, 4, 2]


def test_effect_counts_by_hand():
    made = coded(
        [("p", 0, 5, "A1 A2"), ("q", 0, 5, "A2"), ("r", 0, 5, "B1")],
        {"A1": "motivation up", "A2": "pain", "A3": "neutral", "B1": "strain down"},
    )
    effects = directed_codes(heard(made))
    table = felt_by_theme(heard(made, pd.Series({"p": "x", "q": "x"})), effects)
    found = table.set_index(["theme", "polarity", "group"])[["k", "n"]]
    assert found.loc[("Theme A", "pain", "all")].tolist() == [2, 3]
    assert found.loc[("Theme A", "gain", "x")].tolist() == [1, 2]
    assert found.loc[("Theme B", "gain", "all")].tolist() == [1, 3]
    assert balance(interviews.presence(made), effects)["balance"].tolist() == [0, -1, 1]


def test_a_code_called_gain_and_pain_is_both():
    made = coded([("p", 0, 5, "A1")], {"A1": "gain;pain"})
    effects = directed_codes(heard(made))
    assert effects["polarity"].tolist() == ["both"]
    assert effect_matrix(effects).set_index("theme").loc["all", "both"] == 1


def test_most_gains_and_most_pains_are_named(shipped, roles):
    effects = directed_codes(heard(shipped))
    counts = felt_by_theme(heard(shipped, roles), effects)
    assert gains_title(counts) == "Making a difference is where most gains and most pains are felt"


def test_pains_stand_beside_what_was_done_about_them(shipped):
    """By hand, passage by passage: who raises slow progress and says in the same breath what was done."""
    spoke = heard_of(shipped, "role", stakeholders.codes_under(shipped, ["Step 2 mechanisms"]))
    done = stakeholders.what_was_done(spoke, directed_codes(spoke)).set_index("code")
    assert len(done) == 13
    marks = shipped.codings.merge(shipped.segments[["seg", "participant"]], on="seg")
    for column, code in (("k_own", "R1"), ("k_team", "R2"), ("k_organisation", "R3")):
        both = marks[marks["code"] == "M1f"].merge(marks[marks["code"] == code], on=["seg", "participant"])
        assert done.loc["M1f", column] == both["participant"].nunique()
    assert done.loc["M1f", "k"] == 22
    said = stakeholders.done_about_pains(spoke, done.reset_index()).says[0]
    assert "pains stand without an answer by the organisation in the same passage" in said


# --- figures ------------------------------------------------------------------------------------------------


def drawings(shipped: Interviews, roles: pd.Series) -> dict[str, tuple]:
    effects = directed_codes(heard(shipped))
    together = cooccurrence(shipped, stakeholders.codes_under(shipped, ["Step 1 frame"]))
    counts = felt_by_theme(heard(shipped, roles), effects)
    tree = code_tree(shipped, roles, stakeholders.codes_under(shipped, ["Step 2 mechanisms"]))
    return {
        "tree": (tree, draw_code_tree),
        "gains": (counts, draw_gains_pains),
        "network": (together, partial(draw_pairs, labels={})),
    }


@pytest.mark.parametrize("name", ["tree", "gains", "network"])
def test_every_figure_is_drawn_for_page_and_phone(shipped, roles, name):
    data, draw = drawings(shipped, roles)[name]
    for width in (7, 3.6):
        ax = Figure(figsize=(width, 6), layout="constrained").subplots()
        draw(data, ax)
        assert not ax.get_title(loc="left")


@pytest.mark.parametrize("name", ["tree", "gains", "network"])
def test_withheld_counts_are_not_drawn(shipped, roles, name):
    data, draw = drawings(shipped, roles)[name]
    numbers = [c for c in ("k", "n", "share", "c", "n_a", "n_b", "n_both", "k_both") if c in data]
    ax = Figure().subplots()
    draw(data.assign(**dict.fromkeys(numbers, np.nan)), ax)
    assert not ax.patches
    assert not ax.lines


def test_few_joined_codes_are_bars_and_take_little_room():
    pairs = pd.DataFrame(
        {"code_a": ["A", "C"], "code_b": ["B", "D"], "n_a": [9, 8], "n_b": [7, 9]}
        | {"n_both": [6, 5], "k_both": [3, 2], "c": [0.06, 0.04]}
    )
    ax = draw_pairs(pairs, Figure().subplots(), {"A": "Alpha"})
    assert {"Alpha and B", "C and D"} <= {text.get_text() for text in ax.texts}
    assert [round(float(bar.get_width()), 2) for bar in ax.patches] == [0.06, 0.04]
    assert len(closest(pairs)) == 2
    assert closest(pairs.iloc[:0]).empty


def test_a_network_of_withheld_pairs_does_not_say_that_none_met():
    row = {"code_a": "A", "code_b": "B", "n_a": 9, "n_b": 8, "n_both": 0, "k_both": 0, "c": 0.0}
    met = pd.DataFrame([row])
    withheld = met.assign(n_both=np.nan, k_both=np.nan, c=np.nan)
    for table, said in (
        (met, "No two codes"),
        (withheld, "Nothing can be"),
        (met.iloc[:0], "Nothing can be"),
    ):
        ax = draw_pairs(table, Figure().subplots(), {})
        assert ax.texts[0].get_text().startswith(said)
