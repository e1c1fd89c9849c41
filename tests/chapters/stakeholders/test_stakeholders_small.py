"""Interviews as small and odd as they come go through all that the notebook shows, without a warning."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
import pytest
from shown_maker import all_texts

from vbhc.chapters import stakeholders
from vbhc.chapters.stakeholders.answer import answer_of_interviews, ideas_in_words
from vbhc.chapters.stakeholders.coders import coder_agreement
from vbhc.chapters.stakeholders.heard import compared_pair, heard_of, pair_sentence
from vbhc.interviews.tables import Interviews
from vbhc.publish.disclosure.policies import OPEN
from vbhc.publish.either import picked
from vbhc.publish.results import Result
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


def of_clinicians() -> pd.DataFrame:
    """The codings of clinicians: nobody has coded the others yet."""
    people = FULL.participants.set_index("participant")["role"]
    speaker = FULL.codings["seg"].map(FULL.segments.set_index("seg")["participant"])
    return FULL.codings[speaker.map(people) == "clinician"]


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
    "one group not coded": trimmed(codings=of_clinicians()),
}
SAID = {
    "one group": "All interviewees are of one group, clinician (19)",
    "seven groups": "There are 7 groups",
    "no group": "No interviewee has a group",
    "two people": "Every group holds one interviewee only",
    "one against eight": "with one interviewee in a group hardly anything can be shown",
    "one person": "All interviewees are of one group, clinician (1)",
    "everybody and nobody": "differs from anybody in what they raise",
    "one code": "The only code, V3",
    "nothing coded": "No code is raised",
    "one group not coded": "The groups are not compared: of one of them no interview holds a code.",
}


def page(coded: Interviews) -> list[Result]:
    """All results of interviews that the walk page and its companion show."""
    heard = heard_of(coded, "role", stakeholders.codes_under(coded))
    whole, spread = stakeholders.whole_profiles(heard, 99), stakeholders.how_mixed(heard, 99)
    codes = stakeholders.codes_compared(heard, n_permutations=99)
    effects = stakeholders.directed_codes(heard)
    felt = stakeholders.felt_by_theme(heard, effects)
    agreement = coder_agreement(coded, list(heard.presence), n_resamples=20)
    dry = stakeholders.codes_ran_dry(heard)
    found = [
        Result("heard", says=[heard.which]),
        stakeholders.what_was_read(heard),
        stakeholders.taken_together(heard, whole, spread),
        stakeholders.inside_places(heard, whole, "site", 99, 0),
        stakeholders.widest_gaps(heard, codes),
        stakeholders.every_code(heard, codes),
        stakeholders.gains_and_pains(heard, effects, felt),
        stakeholders.done_about_pains(heard, stakeholders.what_was_done(heard, effects)),
        stakeholders.tree_of_codes(heard, stakeholders.ideas(heard)),
        stakeholders.all_groups(heard),
        stakeholders.voices(heard),
        stakeholders.ideas_that_meet(heard, stakeholders.pairs_of_ideas(heard)),
        stakeholders.if_passages_were_people(heard),
        stakeholders.trust(heard, agreement, dry),
        stakeholders.new_codes(heard, dry),
        stakeholders.agreement_by_code(heard, agreement),
        stakeholders.coding_answer(heard, agreement, dry),
        Result("answer", says=answer_of_interviews(heard, effects, whole, codes)),
    ]
    return [one for one in found if one is not None]


@pytest.mark.parametrize("name", CASES)
def test_small_and_odd_interviews_end_in_sentences(name):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = page(CASES[name])
        said = [text for one in found for text in all_texts(one)]
    assert all(isinstance(text, str) and text for text in said)
    assert SAID.get(name, "") in " ".join(said)
    words = " ".join(said).lower().replace(",", " ").split()
    assert not {"nan", "none."} & set(words)
    assert "not available" not in " ".join(said)


def test_the_two_largest_groups_are_compared_in_their_order():
    groups = pd.Series(list("abbcccd"), index=range(7))
    pair = compared_pair(groups)
    assert pair.dropna().tolist() == list("bbccc")
    assert "b (2) and c (3)" in pair_sentence(groups)
    assert compared_pair(pd.Series(["a", "b"])).isna().all()


@pytest.mark.parametrize(
    ("whole", "max_t", "said"),
    [
        (
            0.01,
            [0.2, 0.3],
            "raise different ideas taken together; allowing for all 2, no single one stands",
        ),
        (0.01, [0.02, 0.3], "raise different ideas taken together; they part over 1 of 2 ideas: A."),
        (0.4, [0.02, 0.3], "part over 1 of 2 ideas: A; taken together their ideas cannot be told apart."),
        (0.4, [0.2, 0.3], "are not shown to raise different ideas."),
        (np.nan, [0.2, 0.3], "raise the same ideas, one and all."),
    ],
)
def test_both_kinds_of_test_are_brought_together_in_plain_words(whole, max_t, said):
    """No code is named that does not stand after correction, whatever it showed alone."""
    codes = pd.DataFrame({"label": ["A", "B"], "max_t_p": max_t, "mid_p": [0.001, 0.2]})
    heard = heard_of(FULL, "role", ["V1", "V2"])
    codes = codes.assign(k_first=5, k_second=5, n_first=11, n_second=8)
    text = picked(ideas_in_words(heard, pd.Series({"p": whole, "n": 19}), codes), OPEN)
    assert text.startswith(f"In 19 interviews clinicians and non-clinicians {said}")


def test_an_interview_that_was_not_coded_does_not_show_that_codes_ran_dry():
    """Of the nineteen people of the invented study only the clinicians are coded here."""
    heard = heard_of(CASES["one group not coded"], "role", stakeholders.codes_under(FULL))
    clinicians = (FULL.participants["role"] == "clinician").sum()
    assert stakeholders.codes_ran_dry(heard)["n"].tolist() == [clinicians]
