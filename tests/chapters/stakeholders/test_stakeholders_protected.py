"""What stays worth reading of few interviewees under a policy, and what no sentence or table gives back."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import product
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from axes import new_axes
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.stats import chi2

from vbhc.chapters.stakeholders.answer import ideas_in_words
from vbhc.chapters.stakeholders.choices import (
    enough_chose,
    ranks_sentence,
    rounds_sentence,
    stability_sentence,
)
from vbhc.chapters.stakeholders.code_pages import (
    every_code,
    ideas_that_meet,
    may_show_codes,
    naive_sentence,
    pairs_shown,
)
from vbhc.chapters.stakeholders.coders import draw_saturation, how_common, saturation_sentence
from vbhc.chapters.stakeholders.differences import (
    codes_sentence,
    may_name,
    names_said,
    profiles_in_words,
    widest_gaps,
)
from vbhc.chapters.stakeholders.disagree import furthest_apart, where_answers_part
from vbhc.chapters.stakeholders.effects import done_about_pains
from vbhc.chapters.stakeholders.felt import gains_by_group, gains_in_words, one_of
from vbhc.chapters.stakeholders.heard import Heard, compared_pair, pair_sentence, reachability_sentence
from vbhc.chapters.stakeholders.layout import drawing
from vbhc.chapters.stakeholders.put_first import best_worst_drawing, draw_best_worst
from vbhc.chapters.stakeholders.survey_pages import (
    answers_drawn,
    answers_of_all,
    consensus_table,
    of_those_given,
    ranks_shown,
    ranks_table,
)
from vbhc.chapters.stakeholders.tree import tree_table
from vbhc.chapters.stakeholders.voices import in_their_words, raised_sentence
from vbhc.chapters.stakeholders.who import who_answered
from vbhc.publish import quotations
from vbhc.publish.disclosure import disclose
from vbhc.publish.disclosure.policies import OPEN, POLICIES, get_policy
from vbhc.publish.disclosure.said import may_show
from vbhc.publish.either import picked
from vbhc.publish.findings.show import under
from vbhc.statistics.saturation import saturation, saturation_curve
from vbhc.statistics.tables2x2 import fisher_p, mid_p, wilson

NHS, PROTECTING = get_policy("nhs-proms"), [p for p in POLICIES.values() if p.protects]
ROWS = [
    ("rare", 1, 14, 8, 12, 0.004, 0.05),
    ("common", 13, 14, 6, 12, 0.01, 0.08),
    ("even", 7, 14, 6, 12, 0.9, 1.0),
]
CODES = pd.DataFrame(
    ROWS, columns=["code", "k_first", "n_first", "k_second", "n_second", "mid_p", "max_t_p"]
).assign(first="nurse", second="physician")


def test_p_values_of_small_groups_give_the_counts_back():
    """14 and 12 people, two tests, three decimals: 75 of 81 pairs of p fit two pairs of counts or one."""
    fit = defaultdict(list)
    for one, other in product(range(15), range(13)):
        tests = (fisher_p, mid_p)
        fit[tuple(round(p(one, 14, other, 12), 3) for p in tests)].append((one, other))
    assert (len(fit), sum(len(pairs) <= 2 for pairs in fit.values())) == (81, 75)


def test_codes_with_withheld_counts_are_counted_and_not_named():
    open_ = codes_sentence(CODES)
    assert "2 of 3 codes differ;" in open_
    assert "1 still does: rare" in open_
    told = codes_sentence(CODES, policy=NHS)
    assert told == (
        "Allowing for having looked at all 3 codes, 1 differs; by name it would tell of withheld counts."
    )
    assert may_name(CODES, NHS).tolist() == [False, False, True]  # 13 of 14 leave one
    assert names_said(CODES.iloc[1:], NHS) == ": even and others that may not be named"


def test_how_many_codes_differ_one_by_one_does_not_narrow_withheld_counts():
    """Of 14 and 12, six raise a code: 1 and 5 differ, 2 and 4 do not, and no other two would be withheld.

    With one code that differs, and is another, the 6 would be 2 to 5 nurses: four numbers for five.
    """
    p = {nurses: mid_p(nurses, 14, 6 - nurses, 12) for nurses in range(1, 6)}
    assert [nurses for nurses, own in p.items() if own <= 0.05] == [1]
    codes = CODES.assign(
        k_first=[5, 10, 7], k_second=[1, 6, 6], mid_p=[p[5], 0.04, 0.9], max_t_p=[1, 0.094, 1]
    )
    assert "1 of 3 codes differs; allowing for having looked at all 3, none does (smallest p = .094)" in (
        codes_sentence(codes.assign(n_splits=9, exact=True))
    )
    told = codes_sentence(codes, policy=NHS)
    assert told == "Allowing for having looked at all 3 codes, none differs."
    open_ = codes_sentence(codes.iloc[1:].assign(n_splits=9, exact=True, k_second=6), policy=NHS)
    assert "smallest p = .094" not in open_  # 10 of 14 leave 4


def test_the_only_code_is_not_judged_where_it_is_rare():
    said = codes_sentence(CODES.iloc[:1], policy=NHS)
    assert said == "Whether the groups differ on the only code, rare, may not be said of so few."
    assert "mid-p" in codes_sentence(CODES.iloc[2:], policy=NHS)


def heard_under(policy):
    present = pd.DataFrame(np.arange(78).reshape(26, 3) % 4 > 0, columns=["rare", "common", "even"])
    groups = pd.Series(["nurse"] * 14 + ["physician"] * 12)
    return Heard(None, present, groups, groups, {}, policy)


def asked_of(policy=NHS, **tables):
    """A survey of which only these tables are known."""
    study = SimpleNamespace(config=SimpleNamespace(survey=SimpleNamespace(top=2)))
    return SimpleNamespace(study=study, policy=policy, alpha=0.05, ci_level=0.95, **tables)


def test_the_answer_names_no_rare_code():
    row, codes = pd.Series({"p": 0.01, "n": 26}), CODES.assign(label=CODES["code"])
    open_ = picked(ideas_in_words(heard_under(OPEN), row, codes), OPEN)
    assert open_.endswith("part over 1 of 3 ideas: rare.")
    said = picked(ideas_in_words(heard_under(NHS), row, codes), NHS)
    assert said.endswith("at least one idea; by name it would tell of withheld counts.")


@pytest.mark.parametrize("policy", PROTECTING, ids=lambda p: p.name)
def test_what_could_be_shown_is_said_in_shares(policy):
    both = reachability_sentence(14, 12, "nurse", "physician")
    said = picked(both, policy)
    assert (
        "no physician raises must be raised by about 35% or more of all nurse" in said
    )  # 5 of 14, as in the table
    assert may_show(said, policy, [14, 12])
    assert may_show(picked(both, OPEN), policy) is None


def test_the_warning_does_not_say_from_how_many_passages_come():
    row = {"label": "T", "naive_p": 0.0001, "mid_p": 0.4, "k_first": 0, "k_second": 1, "misleads": True}
    table = pd.DataFrame([row | {"segments_first": 0, "segments_second": 30, "most_from_one": 1.0}])
    assert "30 segments come from one interviewee" in picked(naive_sentence(table), OPEN)
    said = picked(naive_sentence(table), NHS)
    assert said.startswith("Some codes are a trap")
    assert not {"T", "30", "1"} & set(said.replace(".", "").split())


@pytest.mark.parametrize("policy", PROTECTING, ids=lambda p: p.name)
def test_words_for_a_count_leave_as_many_open_as_the_policy(policy):
    """For every number of people and every count: an outsider who tries all of them stays unsure."""
    words = lambda k: "all" if k > 50 else "most" if k >= 20 else "few"  # noqa: E731
    for n in range(1, 60, 7):
        for k in range(n + 1):
            said = one_of(words, k, n, policy)
            fit = [other for other in range(n + 1) if words(other) == said]
            assert not said or max(fit) - min(fit) > max(policy.hides_up_to, policy.rounds_to)
    assert one_of(words, 3, 4, NHS) == ""
    assert one_of(words, 30, 40, NHS) == "most"


PRESENCE = pd.DataFrame(np.arange(60).reshape(20, 3) % 4 > 0, columns=["G1", "G2", "P1"])
EFFECTS = pd.DataFrame(
    {
        "code": ["G1", "G2", "P1"],
        "effects": [("gain",)] * 2 + [("pain",)],
        "polarity": ["gain", "gain", "pain"],
        "two_effects": False,
    }
)
GROUPS = pd.Series(["x", "y"] * 10)


@pytest.mark.parametrize("policy", PROTECTING, ids=lambda p: p.name)
def test_the_answer_on_gains_and_pains_stands_under_every_policy(policy):
    by_group = picked(gains_by_group(PRESENCE, EFFECTS, GROUPS, policy), policy)
    said = f"{gains_in_words(PRESENCE, EFFECTS, 0.95, policy)} {by_group}"
    assert said.startswith("It does both: the same interviewees raise gains and pains")
    assert may_show(said, policy) == said
    assert not any(f"{k} of 20" in said for k in range(21))


def test_the_tree_is_a_table_with_its_branches_side_by_side():
    tree = pd.DataFrame(
        [
            (0, "Top", "Top", False, 9),
            (1, "A", "A", False, 7),
            (2, "A1", "one", True, 4),
            (1, "B", "two", True, 6),
            (1, "C", "C", False, 5),
            (2, "C1", "three", True, 5),
        ],
        columns=["depth", "code", "label", "leaf", "k"],
    )
    table = tree_table(tree.assign(n=10))
    assert table.to_numpy().tolist() == [
        ["Top", "any of these", 9],
        ["Top", "B two", 6],
        ["Top > A", "any of these", 7],
        ["Top > A", "A1 one", 4],
        ["Top > C", "any of these", 5],
        ["Top > C", "C1 three", 5],
    ]


def test_a_category_stands_in_the_tree_where_everybody_raises_it():
    """17 of 19, left out, were 14 to 17 by a code of 9, one of 8, and a rule that left out 14 to 18."""
    tree = pd.DataFrame([(0, "Top", "Top", False, 19), (1, "A", "A", False, 17)])
    tree = tree.set_axis(["depth", "code", "label", "leaf", "k"], axis=1).assign(n=19)
    assert tree_table(tree)["k"].tolist() == [19, 17]
    assert tree_table(tree, policy=NHS)["k"].dropna().tolist() == [19]
    assert tree_table(tree, policy=get_policy("acro"))["k"].dropna().empty  # that nobody does not is hidden


@pytest.mark.parametrize(
    ("nurses", "physicians", "told"),
    [
        (14, 5, False),  # 19 of 26: at most 14 are nurses, so 5 physicians at least
        (13, 5, False),  # 18: 4 or 5 physicians
        (9, 4, True),  # 13: 1 to 5 physicians, or up to 12 of them
        (2, 12, False),  # 14: 2 nurses at least
        (3, 1, False),  # 4: none has 5
        (5, 0, False),  # were only 1 to 4 left out, a row with a mark would be 5 for sure
        (8, 7, True),  # nothing is hidden
        (14, 0, True),  # zeros are not hidden here
    ],
)
def test_a_total_does_not_narrow_what_is_hidden_of_a_group(nurses, physicians, told):
    row = {"depth": 0, "code": "A", "label": "a", "leaf": True, "k": nurses + physicians, "n": 26}
    tree = pd.DataFrame([row | {"k_nurse": nurses, "k_physician": physicians}])
    sizes = pd.Series({"nurse": 14, "physician": 12})
    table = tree_table(tree, sizes, NHS)
    assert table["k"].notna().tolist() == [told]
    assert tree_table(tree)["k"].tolist() == [nurses + physicians]
    # Where counts are rounded the other group's stands by code: that no row is here must not add to it.
    hidden = any(0 < k < 8 for k in (nurses, physicians, nurses + physicians))
    assert tree_table(tree, sizes, get_policy("hes"))["k"].notna().tolist() == [not hidden]


def test_a_category_that_all_but_a_few_raise_has_no_number():
    """Its codes add up to 17 of 19: a mark, for a rest of 1 to 5, would say 14 to 17."""
    nodes = [(0, "P", False, 14), (1, "P1", True, 9), (1, "P2", True, 8)]
    tree = pd.DataFrame(nodes, columns=["depth", "code", "leaf", "k"]).assign(n=19, label="x")
    assert tree_table(tree, None, NHS)["k"].isna().tolist() == [True, False, False]
    assert tree_table(tree)["k"].tolist() == [14, 9, 8]


def pairs_of(*rows: tuple[int, int, int, int]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["n_a", "n_b", "n_both", "k_both"])


def test_pairs_of_few_passages_are_not_drawn():
    """One passage is one person's: a pair that meets once would tell of exactly one."""
    pairs = pairs_of((90, 80, 0, 0), (90, 80, 1, 1), (90, 80, 5, 2), (90, 80, 6, 6))
    assert pairs_shown(pairs, NHS)["n_both"].tolist() == [6]
    assert len(pairs_shown(pairs)) == 4


def test_pairs_that_leave_few_passages_of_a_code_are_not_drawn():
    """Of 13 passages 11 lie in the other code: one or two interviewees have it elsewhere. Of 11 all: none."""
    pairs = pairs_of((90, 13, 11, 9), (13, 90, 8, 7), (12, 11, 11, 9), (90, 11, 11, 9), (90, 13, 7, 6))
    assert pairs_shown(pairs, NHS)["n_both"].tolist() == [11, 7]
    assert pairs_shown(pairs, get_policy("acro"))["n_both"].tolist() == []  # zeros are hidden there
    assert len(pairs_shown(pairs)) == 5


@pytest.mark.parametrize("policy", PROTECTING, ids=lambda p: p.name)
def test_of_how_many_people_two_codes_meet_does_not_say_who_has_one_without_a_third(policy):
    """R lies in O, so that 29 raise R; 28 of them raise A with it: one raises R and never A with it."""
    pairs = pairs_of((200, 60, 60, 29), (120, 60, 45, 28)).assign(code_a=["O", "A"], code_b="R", c=0.3)
    drawn = SimpleNamespace(coded=None, labels={}, policy=policy)
    shown = under(ideas_that_meet(drawn, pairs), policy).drawing
    left = disclose(shown.data, policy, **shown.rules).frame
    assert "k_both" not in left
    assert 45 in left["n_both"].tolist()
    open_ = SimpleNamespace(coded=None, labels={}, policy=OPEN)
    assert under(ideas_that_meet(open_, pairs), OPEN).drawing.data["k_both"].tolist() == [29, 28]


@pytest.mark.parametrize("policy", [p for p in PROTECTING if p.rounds_to], ids=lambda p: p.name)
def test_what_could_be_shown_does_not_give_the_sizes_of_groups(policy):
    """Of 15 nurses and 10 physicians, together 26, only 14 and 12 need 5 of 14 for p <= 0.05."""
    codes = CODES.assign(label=CODES["code"], low=np.nan, high=np.nan, estimate=np.nan)
    said = picked(widest_gaps(heard_under(policy), codes).says[1], policy)
    assert said == picked(reachability_sentence(15, 10, "nurse", "physician"), policy)


def test_how_common_a_code_of_few_passages_is_is_not_told():
    """By hand: 2 of 670 ratings that agree are one passage, so one interviewee; 14 are seven."""
    rated = pd.DataFrame({"prevalence": [2 / 670, 14 / 670, 0], "n": 335})
    assert how_common(rated, NHS).isna().tolist() == [True, False, False]
    assert how_common(rated).tolist() == rated["prevalence"].tolist()


def test_medians_need_enough_people_on_each_side():
    said = raised_sentence(PRESENCE, GROUPS.map({"x": "payer", "y": "nurse"}))
    assert said == "The median interviewee raises 2.0 of 3 codes (2.0 for payers and 2.5 for nurses)."
    assert "group x" not in raised_sentence(PRESENCE, GROUPS, NHS)  # 5 of 10 on each side
    assert raised_sentence(PRESENCE.head(8), GROUPS.head(8), NHS) == ""
    assert raised_sentence(PRESENCE.head(0), GROUPS) == ("Nobody was interviewed, or no code is looked at.")


def test_the_answer_passes_every_policy():
    codes = CODES.assign(label=CODES["code"])
    for policy in PROTECTING:
        said = picked(ideas_in_words(heard_under(policy), pd.Series({"p": 0.3, "n": 26}), codes), policy)
        assert may_show(said, policy) is not None
        assert "rare" not in said


def test_no_share_by_chance_is_said_where_the_sizes_are_rounded():
    """1 of 25 is 4%: it would tell how many they are."""
    row = pd.Series({"p": 0.3, "r_squared": 0.05, "n": 26, "n_splits": 9, "exact": True})
    spread = pd.DataFrame({"group": ["nurse", "physician"], "estimate": [0.4, 0.5], "p": 0.5})
    spread = spread.assign(n_splits=9, exact=True)
    open_ = profiles_in_words(heard_under(get_policy("none")), row, spread)
    assert "where chance alone would give 4%" in open_
    assert "chance" not in profiles_in_words(heard_under(get_policy("hes")), row, spread)


@pytest.mark.parametrize("policy", ["nhs-proms", "hes"])
def test_saturation_tells_of_no_few_interviewees(policy):
    """The band of 20 orders is incomplete at interview 19 where one alone raises a code; 5 + 2 + 13 are 20.

    The share of orders with new codes after the rule hangs on how few raise the rarest codes.
    """
    heard = heard_under(get_policy(policy))
    dry, curve = (made(heard.presence, n_orders=200) for made in (saturation, saturation_curve))
    assert drawing("saturation", curve, draw_saturation, "T", alt="A").rules["single_people"]
    said = picked(saturation_sentence(dry), heard.policy)
    assert re.findall(r"\d+%?", said) == ["4", "2", "5%"]
    assert len(re.findall(r"\d+%?", picked(saturation_sentence(dry), OPEN))) > 6


def test_the_order_of_pains_does_not_tell_how_many_raise_them():
    done = pd.DataFrame(
        {"code": ["P1", "P2"], "label": ["Work", "Doubt"], "k": [9, 2], "k_own": 1, "k_organisation": [0, 1]}
    )
    for name, order in (("none", ["P1", "P2"]), ("nhs-proms", ["Doubt", "Work"])):
        policy = get_policy(name)
        frame = under(done_about_pains(heard_under(policy), done), policy).table.frame
        assert frame.iloc[:, 0].tolist() == order


def test_a_group_of_too_few_is_not_compared():
    """8 against 1: "all 9 ways to split" and p = 1/9 would tell of the one."""
    groups = pd.Series(["x"] * 8 + ["y"])
    assert compared_pair(groups).nunique() == 2
    assert compared_pair(groups, NHS).isna().all()
    said = pair_sentence(groups, NHS)
    assert said == "The groups are not compared: one of them is too small for its numbers to be said."
    more = pd.concat([groups, pd.Series(["z"] * 7)], ignore_index=True)
    assert set(compared_pair(more, NHS).dropna()) == {"x", "z"}
    assert pair_sentence(more, NHS) == (
        "The tests compare x and z; of smaller groups no numbers may be said."
    )
    assert pair_sentence(groups.head(8), NHS).startswith("All interviewees are of one group, x (8)")


def test_gains_and_pains_of_a_group_of_too_few_are_not_compared():
    few = pd.Series(["x"] * 18 + ["y"] * 2)
    assert gains_by_group(PRESENCE, EFFECTS, few, NHS) == "No two groups can be compared in this."


def test_no_group_of_too_few_respondents_is_told_of():
    """One payer's ranking, choices or answer is that payer's."""
    agreed = pd.DataFrame(
        {"group": ["all", "nurse", "payer"], "n": [21, 20, 1], "estimate": [0.2, 0.2, np.nan], "p": 0.1}
    )
    ranks = pd.DataFrame({"group": ["nurse", "payer"], "label": ["Pain", "Cost"], "mean_rank": [1.5, 1.0]})
    assert "cost (payers)" in ranks_sentence(ranks, agreed)
    assert "payer" not in ranks_sentence(ranks, agreed, NHS)
    few = picked(ranks_sentence(ranks, agreed[agreed["group"] != "nurse"], NHS), NHS)
    assert few == "Too few of any group ranked the outcomes to say in what order."
    scores = pd.DataFrame({"group": ["nurse", "payer"], "item": "a", "n": [20, 1], "score": [0.2, 1.0]})
    scores = scores.assign(shown=scores["n"], low=np.nan, high=np.nan)
    assert enough_chose(scores, NHS)["group"].tolist() == ["nurse"]
    tests = pd.DataFrame(
        {"statement": ["s"], "label": ["S"], "p": [0.01], "holm_p": [0.01], "epsilon_squared": [0.3]}
    )
    tops = pd.DataFrame({"statement": "s", "group": ["nurse", "payer"], "n": [20, 1], "estimate": [0.2, 1.0]})
    tops = tops.assign(label="S", k=[4, 1])
    assert furthest_apart(tests, tops)["first"] == "payer"
    assert furthest_apart(tests, tops, policy=NHS) is None
    panel = pd.DataFrame({"round": [1], "label": ["S"], "n": [3], "consensus": [True], "rule": ["75%"]})
    assert rounds_sentence(panel, NHS).startswith("Too few answered")


def test_answers_are_of_all_respondents_together_where_people_are_protected():
    """By hand: 12 + 3 of 100 below the middle of 1 to 5 and 60 + 5 above it; 99 answered the other."""
    k = [10, 2, 18, 22, 38, 3, 0, 2, 0, 5]
    shares = pd.DataFrame(
        {"label": "A", "group": ["payer"] * 5 + ["nurse"] * 5, "answer": [1, 2, 3, 4, 5] * 2}
    )
    shares = shares.assign(statement="a", k=k, n=[90] * 5 + [10] * 5, n_missing=2, share=0.5)
    shares = pd.concat([shares, shares.assign(label="B", k=[9, *k[1:]])], ignore_index=True)
    shown = answers_of_all(shares, NHS)
    assert shown[["label", "answer", "share"]].to_numpy().tolist() == [
        ["A", "lower", 0.2],  # 15 of 100: to the even neighbour
        ["A", "middle", 0.2],
        ["A", "upper", 0.6],  # 65
    ]
    tests = pd.DataFrame({"p": [0.5, 0.5], "holm_p": [0.5, 0.5]})
    drawn = answers_drawn(asked_of(tests=tests), shares)
    assert under(drawn, OPEN).drawing.data["k"].tolist() == shares["k"].tolist()
    assert under(drawn, OPEN).says == [""]
    told = under(drawn, NHS)
    assert told.drawing.data["group"].unique().tolist() == ["all respondents"]
    assert "k" not in told.drawing.data
    assert "n" not in told.drawing.data
    assert told.drawing.title(told.drawing.data) == (
        "Of all respondents together about 60% grade “A” above the middle"
    )
    few = answers_drawn(asked_of(tests=tests), shares[shares["label"] == "B"])
    assert under(few, NHS).drawing is None
    assert "not shown" in under(few, NHS).says[0]


RANKED = {"item": ["p", "c"], "label": ["Pain", "Cost"], "mean_rank": [1.42, 1.58], "first": [26, 34]}


def ranked(sizes, missing=0, **more):
    """Two outcomes ranked by everybody and by groups of these sizes, with how many gave no ranking."""
    agreed = pd.DataFrame({"group": [*sizes], "n": [*sizes.values()], "n_missing": missing, "estimate": 0.14})
    rows = [pd.DataFrame({"group": group, "n": n, **RANKED, **more}) for group, n in sizes.items()]
    return pd.concat(rows, ignore_index=True), agreed.assign(p=0.006)


def test_mean_ranks_are_told_of_groups_that_leave_their_size_open():
    """By hand: ranks of 11 to 15 people can be 1.4 and 1.6 on average: 15 and 18 of 11 make 3 a person."""
    ranks, agreed = ranked({"all": 96, "patient": 41, "nurse": 40, "payer": 15})
    shown = ranks_shown(ranks, agreed, NHS)
    assert list(dict.fromkeys(shown["group"])) == ["all", "patient", "nurse", "payer"]
    assert shown["first"].notna().tolist() == [True, True] + 6 * [False]
    # means of 1.1 and 1.9 of 15 say that one or two put cost first, of 40 that two to six did
    sided = ranks["mean_rank"].where(ranks["group"] != "payer", [1.1, 1.9] * 4)
    told = ranks_shown(ranks.assign(mean_rank=sided), agreed, NHS)
    assert list(dict.fromkeys(told["group"])) == ["all", "patient", "nurse"]
    result = ranks_table(asked_of(ranks=ranks, orders=agreed))
    assert under(result, OPEN).table.frame["mean_rank"].tolist() == ranks["mean_rank"].tolist()
    told = under(result, NHS).table
    assert list(told.frame) == ["group", "label", "mean_rank", "k"]
    assert told.rules["decimals"] == {"mean_rank": 1}
    # two groups of 41 and 40 leave four of 85: their mean rank would follow
    ranks, agreed = ranked({"all": 85, "patient": 41, "nurse": 40, "owner": 4})
    assert ranks_shown(ranks, agreed, NHS)["group"].unique().tolist() == ["all"]
    few = ranked({"all": 9, "nurse": 9})
    assert ranks_shown(*few, NHS).empty
    assert under(ranks_table(asked_of(ranks=few[0], orders=few[1])), NHS).says == [
        "Too few gave a ranking to show mean ranks."
    ]


def test_mean_ranks_of_one_decimal_leave_open_who_put_what_where():
    """Of clinicians and managers in the study of heart failure, who ranked, and what they put at which rank.

    Counts by outcome and rank are those of some rankings if each row and column is everybody (Birkhoff).
    """
    rank, k = np.arange(1, 6), 5
    for asked, means in ((40, [3.4, 2.7, 3.9, 2.5, 2.6]), (24, [2.8, 2.0, 4.0, 3.1, 3.1])):
        cells = np.eye(k * k + 1)
        rows = [np.r_[np.repeat(np.eye(k)[i], k), -1] for i in range(k)]
        rows += [np.r_[np.tile(np.eye(k)[i], k), -1] for i in range(k)]
        sums = [np.r_[np.kron(np.eye(k)[i], rank), 0] for i in range(k)]
        near = [LinearConstraint(rows, 0, 0)]
        for one, mean in zip(sums, means, strict=True):
            near += [LinearConstraint(one - (mean + 0.05) * cells[-1], -np.inf, 0)]
            near += [LinearConstraint(one - (mean - 0.05) * cells[-1], 0, np.inf)]
        box = Bounds(0, np.r_[np.full(k * k, np.inf), asked])
        for cell in cells:
            ends = [milp(s * cell, constraints=near, bounds=box, integrality=1).fun for s in (1, -1)]
            assert -sum(ends) >= 4


def test_w_and_its_p_do_not_say_how_many_ranked():
    """By hand: of W .09 and p .006, chi-squared of 4 degrees, n is 38 to 43: of 39 one or none is missing."""
    chi = chi2.isf([0.0065, 0.0055], 4)
    assert (np.ceil(chi[0] / 4 / 0.095), np.floor(chi[1] / 4 / 0.085)) == (38, 43)
    ranks, agreed = ranked({"all": 39, "patient": 25, "nurse": 14})
    said = picked(ranks_sentence(ranks, agreed, NHS), NHS)
    assert said == "Ranked highest on average: pain (patients and nurses)."
    ranks, agreed = ranked({"all": 139, "patient": 100, "nurse": 39})
    said = picked(ranks_sentence(ranks, agreed, NHS), NHS)
    assert said.endswith("from 0 to 1: 0.14 (patients) inside a group, 0.14 over all respondents.")
    assert "0.14 over all 139 respondents (p = .006)." in picked(ranks_sentence(ranks, agreed), OPEN)


def test_numbers_beside_rounded_counts_do_not_give_these_back():
    """13 of 14 and 9 of 12 stand as 15 and 10, and no other pair of these has Fisher's p of .306.

    Where counts are not rounded they go, since 1 of 14 did not raise the code.
    """
    stand_so = product(range(13, 15), range(8, 13))
    assert [pair for pair in stand_so if round(fisher_p(pair[0], 14, pair[1], 12), 3) == 0.306] == [(13, 9)]
    many, some = ({"k_first": k, "n_first": 14, "k_second": m, "n_second": 12} for k, m in ((13, 9), (8, 6)))
    tests = {"estimate": 0.179, "low": -0.11, "high": 0.47, "fisher_p": 0.306, "mid_p": 0.203, "max_t_p": 0.9}
    for policy, row, told in ((NHS, many, []), (NHS, some, [*tests][:-1]), (get_policy("hes"), many, [])):
        heard = SimpleNamespace(names=("nurse", "physician"), policy=policy, ci_level=0.95)
        codes = pd.DataFrame([{"code": "A", "label": "A"} | row | tests])
        made = under(every_code(heard, codes), policy).table
        rules = {name: rule for name, rule in made.rules.items() if name != "decimals"}
        shown = disclose(made.frame, policy, **rules).frame
        assert [name for name in tests if shown[name].notna().all()] == told
        assert shown["k_first"].isna().all() == (policy == NHS and not told)


@pytest.mark.parametrize("policy", PROTECTING, ids=lambda p: p.name)
def test_scores_have_no_more_decimals_than_leave_open_how_many_chose(policy):
    """By hand: 4 of 72 choices are 0.056, of 19 people who were shown it three times .60 is 34 of 57."""
    scores = pd.DataFrame({"group": "manager", "item": ["a", "b"], "n": [24, 58], "shown": [72, 174]})
    scores = scores.assign(best=4, worst=0, score=[4 / 72, 9 / 174], low=[-0.11, -0.06], high=[0.24, 0.164])
    told = enough_chose(scores, policy)
    assert told[["score", "low", "high"]].to_numpy().tolist() == [[0.1, -0.1, 0.2], [0.05, -0.06, 0.16]]
    assert enough_chose(scores)["score"].tolist() == [4 / 72, 9 / 174]


def test_panels_do_not_give_the_sizes_of_groups():
    """By hand: 39 answered; 20 + 10 + 6 leave three."""
    scores = pd.DataFrame({"group": ["patient", "nurse"], "item": "a", "n": [20, 10], "shown": [60, 30]})
    scores = scores.assign(best=4, worst=0, score=0.1, low=0.0, high=0.2)
    drawn = best_worst_drawing(scores, 0.95)
    assert drawn.rules["undrawn"]
    for data, said in ((drawn.data, "patients (20)"), (drawn.data.drop(columns="n"), "patients")):
        axes = np.array([new_axes() for _ in range(2)])
        draw_best_worst(data, axes)
        assert axes[0].texts[0].get_text() == said


def test_the_sizes_of_groups_do_not_leave_that_of_one_too_small_to_be_told_of():
    sizes = pd.Series({"patient": 20, "nurse": 10, "manager": 6, "payer": 3})
    survey = SimpleNamespace(statements=["s"], ranking=[], best_worst=[], work=None)
    study = SimpleNamespace(config=SimpleNamespace(survey=survey))
    for policy, said in (
        (NHS, "A survey: 20 patients, 10 nurses, some managers and too few of other groups to be told of."),
        (get_policy("hes"), "A survey: 20 patients, 10 nurses and too few of other groups to be told of."),
        (OPEN, "A survey of 39: 20 patients, 10 nurses, 6 managers and 3 payers."),
    ):
        told = who_answered(SimpleNamespace(sizes=sizes, policy=policy, study=study))
        assert picked(told.says[0], policy) == said
        assert all(f"{count} " in said for count in told.counts)


def test_an_interval_of_a_share_does_not_say_how_few_gave_no_answer():
    """Of 137 asked .56 (.48 to .65) is 74 of 131 or 75 of 133; now every number from 130 on fits."""
    rows = [(k, n, 137 - n) for n in range(130, 137) for k in range(n) if round(k / n, 2) == 0.56]
    asked = pd.DataFrame(rows, columns=["k_agree", "n", "n_missing"])
    ends = np.round([wilson(k, n) for k, n, _ in rows], 2)
    shares = asked.assign(low=ends[:, 0], high=ends[:, 1], median=4, iqr=1, cns=0.6)
    shares["estimate"] = shares["k_agree"] / shares["n"]
    exact = shares[(shares["low"] == 0.48) & (shares["high"] == 0.65)]
    assert exact[["k_agree", "n"]].to_numpy().tolist() == [[74, 131], [75, 133]]
    told = of_those_given(shares, NHS).round(2).groupby(["low", "high"])["n"].nunique()
    assert told.to_dict() == {(0.47, 0.65): 7}
    assert of_those_given(shares, get_policy("none")) is shares
    everybody = of_those_given(shares.assign(n_missing=0), NHS).iloc[-1]
    assert (everybody["low"], everybody["high"]) == wilson(0.56 * 136, 136)


def test_a_share_of_a_panel_does_not_say_how_many_answered():
    """By hand: .45 of 34 to 38 is 17 of 38; .37 of multiples of 5 from 125 to 140 is 50 of 135."""
    fit = [(k, n) for n in range(34, 39) for k in range(n) if round(k / n, 2) == 0.45]
    assert fit == [(17, 38)]
    steps = [(k, n) for n in range(125, 141, 5) for k in range(0, n, 5) if round(k / n, 2) == 0.37]
    assert steps == [(50, 135)]
    for policy, k, n in ((NHS, 17, 38), (get_policy("acro"), 17, 38), (get_policy("hes"), 49, 133)):
        panel = pd.DataFrame({"label": ["S", "T"], "item": ["S", "T"], "round": 1, "n": n, "k_agree": k})
        panel = panel.assign(n_missing=[n // 20, 0], estimate=k / n, low=0.2, high=0.6, median=4.5, iqr=1.5)
        panel = panel.assign(cns=0.61, consensus=False, rule="75%")
        made = under(consensus_table(asked_of(policy), panel, pd.DataFrame()), policy).table
        assert made.rules["decimals"] == {"estimate": 1, "median": [1, 1], "iqr": 0, "cns": 1}
        assert {"median", "iqr", "cns"}.isdisjoint(made.frame) == (n < 100)
        places = made.rules.pop("decimals")
        shown = disclose(made.frame, policy, places=places, counts=["n", "n_missing"], base="n", **made.rules)
        assert shown.frame["estimate"].round(1).tolist() == [
            0.4,
            0.4,
        ]  # of what was answered, not of 50 and 135
        held = [m for m in range(n - 4, n + 5) for j in range(m) if round(j / m, 1) == round(k / n, 1)]
        assert set(held) == {*range(n - 4, n + 5)}
    few = panel.assign(n=39, k_agree=[36, 6], estimate=[36 / 39, 6 / 39], n_missing=1)
    hes = get_policy("hes")
    made = under(consensus_table(asked_of(hes), few, pd.DataFrame()), hes).table
    shown = disclose(made.frame, hes, places={"estimate": 1}, counts=["n", "n_missing"], base="n")
    assert shown.frame["estimate"].fillna(0).tolist() == [0.9, 0]  # 35 of 35 would be all
    assert "low" in of_those_given(few, hes)
    assert "low" not in of_those_given(few, get_policy("opensafely"))  # no interval of a percentage
    nobody = of_those_given(panel.assign(n=38, k_agree=17), get_policy("acro"))
    assert "low" not in nobody  # under acro not even that nobody gave no answer


def test_how_many_gave_the_same_answer_twice_is_told_in_tenths():
    """By hand: .78 of 34 to 38 is 28 of 36 or 29 of 37, so that two or three of 39 gave none."""
    fit = [(k, n) for n in range(34, 39) for k in range(n) if round(k / n, 2) == 0.78]
    assert fit == [(28, 36), (29, 37)]
    kept = pd.DataFrame({"label": ["S", "T"], "n": [36, 36], "k_same": [28, 30]}).assign(
        estimate=[28 / 36, 30 / 36]
    )
    both = stability_sentence(kept)
    assert "about 80% gave the same answer twice" in picked(both, NHS)
    assert "78% to 83% gave the same answer twice" in picked(both, OPEN)


def test_codes_are_drawn_only_where_a_number_may_stand():
    """By hand: of 11 and 8 people any count is too small or leaves too few; of 20 people 7 leave 13."""
    few = pd.DataFrame({"code": ["A", "A"], "k": [10, 7], "n": [11, 8]})
    assert not may_show_codes(few, NHS)
    assert may_show_codes(few.assign(k=[7, 9], n=20), NHS)
    assert not may_show_codes(few.assign(k=[7, 18], n=20), NHS)
    assert may_show_codes(few, get_policy("hes"))


def test_shares_do_not_say_how_few_gave_no_answer():
    """With one of 21 silent no share is drawn; with none silent in the order of groups, without counts."""
    tops = pd.DataFrame({"group": ["nurse", "payer"], "k": [6, 20], "n": [20, 30], "label": "S"})
    tops = tops.assign(statement="s", n_missing=[1, 0], estimate=tops["k"] / tops["n"], low=0.2, high=0.4)
    tests = pd.DataFrame({"statement": ["s"], "p": [0.01], "holm_p": [0.01]})
    for policy, order, column in ((OPEN, [20 / 30, 0.3], "k"), (NHS, [0.3, 20 / 30], "n_missing")):
        answered = asked_of(policy, tests=tests, tops=tops.assign(n_missing=0))
        data = under(where_answers_part(answered), policy).drawing.data
        assert data["estimate"].tolist() == order
        assert data.columns[1 if column == "k" else 2] == column
    few = where_answers_part(asked_of(tests=tests, tops=tops))
    assert few.drawing is None
    assert few.says[-2] == "Furthest apart on “S”: payers agree most, nurses least."
    assert few.says[-1].startswith("How many of each group agree is not drawn:")
    manager = tops.iloc[:1].assign(group="manager", k=1, n=3)  # of 53, of whom two groups are 20 and 30
    three = pd.concat([tops, manager], ignore_index=True).assign(n_missing=0)
    assert where_answers_part(asked_of(tests=tests, tops=three)).drawing is None


def test_those_who_put_one_first_do_not_add_up_to_those_who_ranked():
    """By hand: 10 + 30 = 40 of 41; with 4 among them the sum is open."""
    for first, told in (([10, 30], False), ([36, 4], True)):
        shown = ranks_shown(*ranked({"all": 40, "nurse": 40}, missing=1, first=first), NHS)
        assert shown["first"].notna().tolist() == [told, told, False, False]


def test_where_nothing_may_be_told_of_a_speaker_there_is_no_column_for_it(monkeypatch):
    listed = pd.DataFrame({name: [f"{name} {row}" for row in range(4)] for name in quotations.COLUMNS})
    study = SimpleNamespace(config=SimpleNamespace(interviews=SimpleNamespace(group="role")))
    heard = SimpleNamespace(policy=NHS, coded=None)
    for told, columns in (([], []), (["nurse"] * 4, ["speaker"])):
        shown = listed.assign(role=told) if told else listed
        monkeypatch.setattr(quotations, "published", lambda *_, shown=shown: shown)
        frame = under(in_their_words(study, heard), NHS).table.frame
        assert list(frame) == ["id", "code", "said", *columns]
