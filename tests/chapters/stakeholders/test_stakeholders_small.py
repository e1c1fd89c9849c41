"""Interviews as small and odd as they come go through all that the notebook shows, without a warning."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure

from vbhc import interviews
from vbhc.chapters import stakeholders
from vbhc.chapters.stakeholders.answer import stakeholder_answer
from vbhc.chapters.stakeholders.figures import codes as code_figures
from vbhc.chapters.stakeholders.figures import groups as figures
from vbhc.chapters.stakeholders.figures import people as people_figures
from vbhc.interviews.tables import Interviews
from vbhc.statistics import presence, profiles, saturation
from vbhc.synthetic.interviews import make

FULL = make()


def trimmed(people=None, roles=None, codings=None, codes=None) -> Interviews:
    """The shipped interviews with other people, roles, codings or codes."""
    persons = FULL.participants
    persons = persons if people is None else persons[persons["participant"].isin(people)]
    persons = persons if roles is None else persons.assign(role=roles)
    documents = FULL.documents[FULL.documents["participant"].isin(persons["participant"])]
    segments = FULL.segments[FULL.segments["doc"].isin(documents["doc"])]
    given = FULL.codings if codings is None else codings
    given = given[given["seg"].isin(segments["seg"])]
    book = FULL.codes if codes is None else FULL.codes[FULL.codes["code"].isin(codes)]
    return FULL._replace(
        participants=persons, documents=documents, segments=segments, codings=given, codes=book
    )


def one_coding_each() -> pd.DataFrame:
    """Everybody raises V1 once, by one coder."""
    seg = FULL.segments.drop_duplicates("participant")["seg"]
    return FULL.codings.head(len(seg)).assign(seg=seg.to_numpy(), code="V1", coder="coder A")


CASES = {
    "as shipped": trimmed(),
    "one group": trimmed(roles="clinician"),
    "seven groups": trimmed(roles=FULL.participants["profession"]),
    "no group": trimmed(roles=pd.NA),
    "two people": trimmed(["C01", "N01"]),
    "one against eight": trimmed([f"N{n:02d}" for n in range(1, 9)] + ["C01"]),
    "one person": trimmed(["C01"]),
    "everybody and nobody": trimmed(codings=one_coding_each(), codes=["V1", "V2"]),
    "two codes": trimmed(codings=FULL.codings[FULL.codings["code"].isin(["V1", "V2"])], codes=["V1", "V2"]),
    "one code": trimmed(codings=FULL.codings[FULL.codings["code"] == "V3"], codes=["V3"]),
    "nothing coded": trimmed(codings=FULL.codings.head(0)),
}
SAID = {
    "one group": "All interviewees are of one group, clinician (19)",
    "seven groups": "There are 7 groups",
    "no group": "No interviewee has a group",
    "two people": "Every group holds one interviewee only",
    "one against eight": "with one interviewee in a group hardly anything can be shown",
    "one person": "All interviewees are of one group, clinician (1)",
    "everybody and nobody": "Nobody differs from anybody",
    "one code": "The only code, V3",
    "nothing coded": "No code is raised",
}


def compared_all(coded: Interviews, groups: pd.Series, present: pd.DataFrame) -> list[str]:
    """Everything that needs two groups."""
    pair = stakeholders.compared_pair(groups)
    if pair.nunique() < 2:
        return []
    (first, second), (n1, n2) = zip(*pair.value_counts(sort=False).items(), strict=True)
    whole = profiles.permanova(present, pair, draws=99)
    spread = profiles.dispersion(present, pair, draws=99)
    blocks = profiles.blocks_of(coded.participants, "site")
    inside = None if blocks is None else profiles.permanova(present, pair, blocks=blocks, draws=99)
    table = presence.compare_codes(present, pair, first=first, draws=99)
    presence.blocked_p(present, pair, blocks)
    totals, counts = interviews.segment_totals(coded), interviews.code_counts(coded, list(present))
    naive = presence.naive_segment_test(counts, totals, pair)
    assert len(spread) == 2
    return [
        stakeholders.reachability_sentence(n1, n2, first, second),
        stakeholders.permanova_sentence(whole, first, second),
        stakeholders.blocked_sentence(whole, inside, "site"),
        stakeholders.naive_sentence(naive),
        stakeholder_answer(whole, table),
    ]


def drawn(coded: Interviews, groups: pd.Series, present: pd.DataFrame) -> list[str]:
    """Every figure and its words."""
    tree = stakeholders.code_tree(coded, groups, list(present))
    counts, cells = stakeholders.group_counts(present, groups), stakeholders.presence_cells(present, groups)
    points, inertia = stakeholders.people_map(present, groups)
    pairs = stakeholders.cooccurrence(coded, list(present))
    curve = saturation.saturation_curve(present, n_orders=10)
    code_figures.plot_code_tree(tree, Figure().subplots(), stakeholders.tree_title(tree))
    figures.plot_group_dots(counts, Figure().subplots())
    figures.plot_presence(cells, Figure().subplots())
    shares = tuple(inertia["share"])
    people_figures.plot_people_map(
        points, Figure().subplots(), stakeholders.people_map_title(inertia), shares
    )
    code_figures.plot_network(pairs, Figure().subplots())
    figures.plot_saturation(curve, Figure().subplots())
    return [
        stakeholders.tree_title(tree),
        stakeholders.widest_gap_title(counts),
        stakeholders.presence_title(cells),
        stakeholders.people_map_title(inertia),
        stakeholders.cooccurrence_sentence(pairs),
        stakeholders.saturation_sentence(saturation.saturation(present, n_orders=10)),
        code_figures.alt_code_tree(tree),
        figures.alt_group_dots(counts),
        figures.alt_presence(cells),
        people_figures.alt_people_map(points),
        code_figures.alt_cooccurrence(pairs),
        figures.alt_saturation(curve),
    ]


@pytest.mark.parametrize("name", CASES)
def test_small_and_odd_interviews_end_in_sentences(name):
    coded = CASES[name]
    groups = interviews.groups(coded, "role")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        present = interviews.presence(coded, stakeholders.codes_under(coded))
        agreement = stakeholders.coder_agreement(coded, list(present), n_resamples=20)
        effects = stakeholders.code_effects(coded)
        said = [
            stakeholders.pair_sentence(groups),
            stakeholders.agreement_sentence(agreement),
            stakeholders.effects_sentence(effects, stakeholders.effect_counts(present, effects, groups)),
            *compared_all(coded, groups, present),
            *drawn(coded, groups, present),
        ]
    assert all(isinstance(text, str) and text for text in said)
    assert SAID.get(name, "") in " ".join(said)
    assert "nan" not in " ".join(said).lower().replace(",", " ").split()


def test_the_two_largest_groups_are_compared_in_their_order():
    groups = pd.Series(list("abbcccd"), index=range(7))
    pair = stakeholders.compared_pair(groups)
    assert pair.dropna().tolist() == list("bbccc")
    assert "b (2) and c (3)" in stakeholders.pair_sentence(groups)
    assert stakeholders.compared_pair(pd.Series(["a", "b"])).isna().all()


@pytest.mark.parametrize(
    ("whole", "max_t", "said"),
    [
        (0.01, [0.2, 0.3], "do differ in what they raise taken together, but 19 interviewees are too few"),
        (0.01, [0.02, 0.3], "at least A is part of it"),
        (0.4, [0.02, 0.3], "A sets the groups apart"),
        (0.4, [0.2, 0.3], "no difference between the groups is shown; with 19 interviewees"),
        (np.nan, [0.2, 0.3], "nothing to tell the groups apart by"),
    ],
)
def test_both_kinds_of_test_are_brought_together_in_plain_words(whole, max_t, said):
    omnibus = pd.DataFrame({"p": [whole], "n": [19]})
    table = pd.DataFrame({"code": ["A", "B"], "max_t_p": max_t})
    assert said in stakeholders.together_sentence(omnibus, table)
    named = stakeholders.together_sentence(omnibus, table, groups="nurse and physician interviewees")
    assert not named.startswith("So ")
    assert named[0].isupper()
    assert "nurse and physician interviewees" in named.lower() or "at least A" in named or np.isnan(whole)


def test_p_inside_blocks_is_that_of_compare_codes(tmp_path):
    coded = CASES["as shipped"]
    groups, present = interviews.groups(coded, "role"), interviews.presence(coded)
    blocks = profiles.blocks_of(coded.participants, "site")
    table = presence.compare_codes(present, groups, blocks=blocks).set_index("code")
    found = presence.blocked_p(present, groups, blocks)
    assert found.to_dict() == pytest.approx(table["permutation_p"].to_dict())
    assert presence.blocked_p(present, groups, None).isna().all()
