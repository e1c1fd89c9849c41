"""No quotation leaves that should not: consent, names, changed texts, small cells, stray passages."""

from __future__ import annotations

import re
import shutil

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from places import DATA
from report_maker import door_of

from vbhc import interviews
from vbhc.cleaning import coded_interviews
from vbhc.problems import StudyError
from vbhc.publish import quotations
from vbhc.publish.quotations.scan import scan, vocabulary
from vbhc.study import Study, load_study
from vbhc.synthetic.interviews import PLANTED as HEART
from vbhc.synthetic.professionals import PLANTED

SHIPPED = ["heart-failure", "professionals"]


@pytest.fixture(scope="module")
def coded() -> interviews.Interviews:
    return coded_interviews.read_interviews(load_study(str(DATA / "professionals")))


@pytest.fixture
def study(tmp_path) -> Study:
    """A copy of the shipped study whose list of quotations a test may change."""
    kept = shutil.ignore_patterns("clean", "runs")
    shutil.copytree(DATA / "professionals", tmp_path / "data/professionals", ignore=kept)
    return load_study(str(tmp_path / "data/professionals"))


def listed(study: Study, text: str) -> Study:
    (study.folder / "quotations.yml").write_text(text, encoding="utf-8")
    return study


def passage(coded: interviews.Interviews, **wanted: str) -> pd.Series:
    """The first passage of a participant, or with a text in it."""
    own = coded.segments
    if "who" in wanted:
        own = own[own["participant"] == wanted["who"]]
    if "words" in wanted:
        own = own[own["text"].str.contains(wanted["words"], regex=False)]
    return own.iloc[0]


def entry(text: str, more: str = "") -> str:
    return f"quotations:\n  - sha256: {quotations.text_hash(text)}\n{more}"


def kinds(text: str, **lists) -> list[str]:
    return [suspect.kind for suspect in scan(text, **lists)]


# --- what stops a publication ---------------------------------------------------------------------------


def test_a_planted_name_stops_the_publication_with_its_place(study, coded):
    place = passage(coded, words=PLANTED.name)
    listed(study, entry(place["text"]))
    where = f"{place['doc']}, characters {place['start']} to {place['end']}"
    with pytest.raises(StudyError) as error:
        quotations.published(study, coded)
    message = str(error.value)
    assert message.startswith("data/professionals/quotations.yml, quotation 1, row 2: ")
    assert PLANTED.name in message
    assert where in message
    assert "[brackets]" in message


def test_the_planted_place_of_the_other_study_stops_it_too(tmp_path):
    shutil.copytree(
        DATA / "heart-failure", tmp_path / "data/hf", ignore=shutil.ignore_patterns("clean", "runs")
    )
    study = load_study(str(tmp_path / "data/hf"))
    own = coded_interviews.read_interviews(study)
    for lists in ("", f"places: [{HEART.place_name}]\n"):  # found by its capital, and by the study's own list
        listed(study, lists + entry(HEART.place_quote))
        with pytest.raises(StudyError, match=HEART.place_name):
            quotations.published(study, own)


@pytest.mark.parametrize("who", PLANTED.no_consent)
def test_a_quotation_without_consent_stops_the_publication(study, coded, who):
    own = coded.segments[coded.segments["participant"] == who]
    only = own[~own["text"].isin(coded.segments.loc[coded.segments["participant"] != who, "text"])].iloc[0]
    listed(study, entry(only["text"]))
    with pytest.raises(
        StudyError, match=f"did not agree to be quoted.*{only['doc']}, characters {only['start']} "
    ):
        quotations.published(study, coded)


def test_without_a_consent_column_nothing_is_quoted(study, coded):
    text = (study.folder / "study.yml").read_text(encoding="utf-8").replace("  consent: consent_quote\n", "")
    (study.folder / "study.yml").write_text(text, encoding="utf-8")
    with pytest.raises(StudyError, match="no column says who agreed to be quoted"):
        quotations.published(load_study(str(study.folder)), coded)


def test_a_changed_passage_no_longer_passes(study, coded):
    text = quotations.published(study, coded)["said"].iloc[0]
    changed = coded.segments["text"].str.replace(text, text + "!", regex=False)
    with pytest.raises(StudyError, match=r"no passage has the text with SHA-256 \w{12}.*changed or cut anew"):
        quotations.published(study, coded._replace(segments=coded.segments.assign(text=changed)))


def test_a_wrong_code_is_named_with_a_hint(study, coded):
    place = passage(coded, who="I01")
    listed(study, entry(place["text"], "    code: Z9\n"))
    with pytest.raises(StudyError, match="does not carry the code 'Z9'"):
        quotations.published(study, coded)


def test_all_problems_are_listed_at_once(study, coded):
    named, silent = passage(coded, words=PLANTED.name), passage(coded, who=PLANTED.no_consent[0])
    listed(study, entry(named["text"]) + entry(silent["text"]).removeprefix("quotations:\n"))
    found = quotations.check(study, coded)
    assert {problem.column for problem in found} >= {"quotation 1"}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("quotes: []\n", "unknown key 'quotes'; did you mean 'quotations'"),
        ("quotations:\n  - sha256: abc\n", "row 2: sha256 'abc'; 64 hexadecimal digits"),
        ("quotations:\n  - sha: abc\n", "unknown key 'sha'; did you mean 'sha256'"),
        ("quotations: yes\n", "quotations.0, row 1: found True; wanted keys: sha256"),
        ("names: [[Okkerveen]]\n", "names.0, row 1: found ['Okkerveen']; wanted a text"),
        ("names: [a]\nnames: [b]\n", "key 'names' stands twice"),
        ("names: [a\n", "not readable as YAML"),
        (
            "quotations:\n" + "  - sha256: " + "a" * 64 + "\n  - sha256: " + "a" * 64 + "\n",
            "as an earlier quotation",
        ),
    ],
)
def test_a_faulty_list_is_a_clear_error(study, coded, text, message):
    with pytest.raises(StudyError, match=re.escape(message)):
        quotations.published(listed(study, text), coded)


# --- what passes ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", SHIPPED)
def test_the_shipped_lists_pass(name):
    study = load_study(str(DATA / name))
    own = coded_interviews.read_interviews(study)
    table = quotations.published(study, own)
    assert len(table) >= 8
    assert table["id"].is_unique
    assert not table.astype(str).apply(lambda c: c.str.contains(r"\b[ICN]\d\d\b")).any(axis=None)
    text = quotations.quotations_sentence(table, own, study)
    assert text.startswith(f"{len(table)} quotations on {table['code'].nunique()} codes are shown")


def test_a_replacement_in_brackets_passes_and_is_what_is_shown(study, coded):
    place = passage(coded, words=PLANTED.name)
    shown = '    shown: "[A colleague] hears of it from me every week, and every week it is new to her."\n'
    table = quotations.published(listed(study, entry(place["text"], shown)), coded)
    assert table["said"].tolist() == [
        "[A colleague] hears of it from me every week, and every week it is new to her."
    ]


def test_a_replacement_that_still_names_somebody_does_not_pass(study, coded):
    place = passage(coded, words=PLANTED.name)
    shown = '    shown: "[A colleague], that is Okkerveen, hears of it."\n'
    with pytest.raises(StudyError, match="Okkerveen"):
        quotations.published(listed(study, entry(place["text"], shown)), coded)


def test_a_study_without_a_list_quotes_nobody(study, coded):
    (study.folder / "quotations.yml").unlink()
    table = quotations.published(study, coded)
    assert table.empty
    assert list(table.columns)[:4] == ["id", "theme", "code", "said"]
    assert "No quotation is shown" in quotations.quotations_sentence(table, coded, study)


def test_words_that_several_say_are_quoted_from_one_who_agreed(study, coded):
    """The same words by somebody who agreed may be shown; whose they are not said."""
    silent = coded.segments[coded.segments["participant"].isin(PLANTED.no_consent)]
    others = coded.segments[~coded.segments["participant"].isin(PLANTED.no_consent)]
    both = silent[silent["text"].isin(others["text"])].iloc[0]
    table = quotations.published(listed(study, entry(both["text"])), coded)
    assert len(table) == 1


def test_quotations_go_through_the_door_like_any_table(study, coded):
    table = quotations.published(study, coded)
    finding = door_of(study, "04-stakeholders").table("quotations", table, "In their own words")
    assert finding["kind"] == "table"
    assert len(finding["cells"]) == len(table)


# --- attributes -----------------------------------------------------------------------------------------


def test_every_combination_of_shown_attributes_is_shared_by_five(study, coded):
    """Of 26 professionals role, hospital, gender and discipline together are unique for most."""
    shown = quotations.coarsened(study, coded)
    assert list(shown.columns) == ["role"]
    assert shown.value_counts().min() >= 5
    people = coded.participants
    assert people[["role", "gender", "hospital", "discipline"]].value_counts().min() == 1


def test_rare_levels_are_joined_before_a_column_is_given_up():
    study = load_study(str(DATA / "heart-failure"))
    shown = quotations.coarsened(study, coded_interviews.read_interviews(study))
    assert shown.value_counts().to_dict() == {
        ("non-clinician", "other"): 8,
        ("clinician", "physician"): 6,
        ("clinician", "other"): 5,
    }


PERSON = st.tuples(st.sampled_from("ab"), st.sampled_from("xyz"), st.sampled_from("mnop"))


@settings(max_examples=40, deadline=None)
@given(st.lists(PERSON, min_size=1, max_size=40), st.integers(2, 7))
def test_no_cell_is_ever_smaller_than_k(rows, k):
    study = load_study(str(DATA / "professionals"))
    people = pd.DataFrame(rows, columns=["role", "gender", "hospital"])
    people.insert(0, "participant", [f"P{n}" for n in range(len(people))])
    made = interviews.Interviews(people, *[pd.DataFrame()] * 5)
    shown = quotations.coarsened(study, made, k)
    assert shown.empty or shown.value_counts().min() >= k


# --- the scan -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Ask jan.de.vries@umc-town.nl for it.", "a mail address"),
        ("You can call 06-12345678 for that.", "a telephone number"),
        ("You can call +31 20 123 45 67 for that.", "a telephone number"),
        ("It was on 12/03/2021 or so.", "a date"),
        ("It was on 2021-03-12 or so.", "a date"),
        ("It was on the 3rd of May or so.", "a date"),
        ("That was back in 1998 already.", "a date"),
        ("My number is 123456789 there.", "a long number"),
        ("They live in 1234 AB somewhere.", "a postcode"),
        ("See www.example.org for more.", "a web address"),
        ("Then dr. Jansen came in.", "a title with a name"),
        ("We asked Mrs Smith about it.", "a title with a name"),
        ("We all went to Rotterdam for it.", "a capital that may be a name:"),
        ("We all went to Anna van der Berg for it.", "a capital that may be a name:"),
    ],
)
def test_what_points_at_somebody_is_found(text, kind):
    assert kinds(text) == [kind]


@pytest.mark.parametrize(
    "text",
    [
        'I\'d say that VBHC and PROMs help. So we go on. "Nobody asked." (Well, she did.)',
        "Four screens, six lists, and 20 of 26 never look; it takes 10 minutes, 2.5 at best.",
        "At [hospital in Utrecht] we did it with [Doctor Jansen] in [May 2021].",
    ],
)
def test_ordinary_talk_and_replacements_pass(text):
    assert kinds(text) == []


def test_names_are_found_in_any_spelling():
    for text in ("vasterlunda's best", "VÄSTERLUNDA is far", "In Va\u0308sterlunda we"):
        assert kinds(text, places=["Västerlunda"]) == ["the place"]
    assert kinds("The vasterlundans came", places=["Västerlunda"]) == []


def test_a_word_that_names_nobody_may_stay_but_a_listed_name_never():
    assert kinds("We use Excel a lot.") == ["a capital that may be a name:"]
    assert kinds("We use Excel a lot.", may_stay=["Excel"]) == []
    assert kinds("We asked Excel.", may_stay=["Excel"], names=["Excel"]) == ["the name"]


def test_a_name_at_the_beginning_of_a_sentence_is_found_by_what_nobody_says_in_lower_case():
    words = vocabulary(["well, the nurses met and the doctors did not"])
    assert kinds("Okkerveen never comes. Nurses do.", ordinary=words) == ["a capital that may be a name:"]


def test_words_of_few_are_found(study, coded):
    few = quotations.words_few_share(study, coded)
    assert {"rheumatology", "UH1", "I07", "Interview 03"} <= set(few)
    assert not {"nurse", "physician", "university", "top-clinical"} & set(few)
    assert kinds("In the rheumatology clinic we do.", few_share=few) == ["what few interviewees share:"]
