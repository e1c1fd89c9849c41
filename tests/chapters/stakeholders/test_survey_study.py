"""A survey of stakeholders as a study declares it: read, checked, compared; small and odd ones are said."""

from __future__ import annotations

import warnings
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from shown_maker import all_texts
from study_maker import CONFIG, DICTIONARY, small_study

from vbhc import cleaning
from vbhc.chapters import stakeholders
from vbhc.chapters.stakeholders.asked import asked_of, in_order_of_groups, statement_tests, statement_tops
from vbhc.chapters.stakeholders.choices import (
    best_worst_rows,
    ranks_sentence,
    rounds_sentence,
    stability_sentence,
    survey_best_worst,
    survey_concordance,
    survey_ranks,
)
from vbhc.chapters.stakeholders.disagree import adjusted_sentence, regression_notes
from vbhc.cleaning.clean_files import widened
from vbhc.problems import StudyError
from vbhc.publish.disclosure.policies import get_policy
from vbhc.publish.either import picked
from vbhc.publish.findings.show import under
from vbhc.run import checking
from vbhc.study import load_study
from vbhc.study.survey_plan import Delphi

COLUMNS = """\
respondent,Respondent,string,,,,,,,survey
role,Respondents,category,,,,patient;payer;nurse,,,survey
years,Age,integer,years,18,110,,,,survey
clear,The word is clear,integer,answer 1-5,1,5,,9,,survey
cost,Cost belongs in it,integer,answer 1-5,1,5,,9,,survey
clear_again,The word is clear (2),integer,answer 1-5,1,5,,9,,survey
rank_life,Living longer,integer,rank 1-3,1,3,,,,survey
rank_pain,Less pain,integer,rank 1-3,1,3,,,,survey
rank_home,Being at home,integer,rank 1-3,1,3,,,,survey
t1_best,Best,category,,,,life;pain;home,,,survey
t1_worst,Worst,category,,,,life;pain;home,,,survey
"""
HEAD = "respondent,role,years,clear,cost,clear_again,rank_life,rank_pain,rank_home,t1_best,t1_worst\n"
ROWS = """\
A,payer,40,2,5,2,1,2,3,life,home
B,patient,70,4,1,5,3,1,2,pain,life
C,patient,66,5,2,5,3,2,1,home,life
D,nurse,33,3,2,3,2,1,3,pain,home
E,payer,51,1,4,,1,3,2,life,life
F,nurse,29,9,3,4,1,2,,pain,
"""
SURVEY = {
    "source": "survey",
    "group": "role",
    "statements": ["clear", "cost"],
    "covariates": ["years"],
    "ranking": ["rank_life", "rank_pain", "rank_home"],
    "best_worst": {"t1": ["life", "pain", "home"]},
    "delphi": {"agree_from": 4, "share": 0.75, "statements": ["clear"], "again": "{statement}_again"},
}


def surveyed(folder, rows: str = ROWS, **keys):
    sources = {**CONFIG["sources"], "survey": {"file": "raw/survey.csv", "layout": "respondents"}}
    files = {"dictionary.csv": DICTIONARY + COLUMNS, "raw/survey.csv": HEAD + rows}
    return small_study(folder, files, sources=sources, survey={**SURVEY, **keys})


def everything(study) -> str:
    """Run all that the notebooks show of a survey; return the sentences."""
    answers = cleaning.clean(study).respondents
    asked = asked_of(study, answers, alpha=0.99)
    models = stakeholders.statement_regressions(study, answers)
    consensus = stakeholders.survey_consensus(study, answers)
    stable = stakeholders.survey_stability(study, answers)
    pairs = stakeholders.statement_pairs(study, answers, asked.tests, alpha=0.99)
    shown = [
        stakeholders.who_answered(asked),
        stakeholders.where_answers_part(asked),
        stakeholders.answers_drawn(asked, stakeholders.statement_shares(study, answers)),
        stakeholders.tests_of_statements(asked, models),
        stakeholders.pairs_of_groups(asked, pairs),
        stakeholders.ranks_table(asked),
        stakeholders.put_first(asked),
        stakeholders.consensus_table(asked, consensus, stable),
        stakeholders.survey_answer(asked),
        *stakeholders.stakeholders_for_readers(asked, None, pd.DataFrame()),
    ]
    said = [
        adjusted_sentence(asked.tests, models, ["Age"]),
        ranks_sentence(asked.ranks, asked.orders),
        rounds_sentence(consensus),
        stability_sentence(stable),
        *(text for one in shown if one is not None for text in all_texts(one)),
    ]
    return "\n".join(said)


# --- reading


def test_respondents_are_cleaned_apart_from_the_patients(tmp_path):
    study = surveyed(tmp_path)
    cleaned = cleaning.clean(study)
    assert len(cleaned.patients) == 3
    assert not {"role", "clear"} & set(cleaned.patients)
    assert cleaned.respondents["respondent"].tolist() == list("ABCDEF")
    assert cleaned.respondents["clear"].isna().sum() == 1  # 9 is no answer
    cleaning.write_clean(study, cleaned)
    pd.testing.assert_frame_equal(cleaning.load_respondents(study), widened(cleaned.respondents))


def test_rows_of_the_survey_go_to_the_quarantine_with_a_reason(tmp_path):
    rows = ROWS + "B,patient,70,4,1,5,3,1,2,pain,life\nG,paier,50,6,2,2,1,2,3,life,home\n"
    rows += ",payer,50,3,2,2,1,2,3,life,home\n"
    cleaned = cleaning.clean(surveyed(tmp_path, rows))
    found = cleaned.quarantine.query("source == 'survey'").set_index(["row", "column"])["rule"].to_dict()
    assert found == {
        (8, "respondent"): "repeats row 3",
        (9, "role"): "unknown; did you mean 'payer'?",
        (9, "clear"): "above 5",
        (10, "respondent"): "empty",
    }
    flow = cleaned.flow.query("source == 'survey'").groupby("step")["n"].sum()
    assert flow.to_dict() == {"assessed": 9, "excluded": 3, "kept": 6}


def test_a_study_without_a_survey_has_none(tmp_path):
    study = small_study(tmp_path)
    cleaned = cleaning.clean(study)
    assert cleaned.respondents is None
    assert cleaning.load_respondents(study) is None
    assert stakeholders.ask(study) is None


def test_a_survey_that_is_dropped_from_the_study_leaves_no_file(tmp_path):
    study = surveyed(tmp_path)
    cleaned = cleaning.clean(study)
    cleaning.write_clean(study, cleaned)
    cleaning.write_clean(study, cleaned._replace(respondents=None))
    assert not (study.clean / "respondents.parquet").exists()


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"source": "surve"}, "unknown 'surve'.*did you mean 'survey'"),
        ({"source": "answers"}, "layout 'visits'.*layout: respondents"),
        ({"group": "rol"}, "no column 'rol' of source 'survey'.*did you mean 'role'"),
        ({"statements": ["clear", "role"]}, "column 'role' has no grades.*min and max"),
        ({"ranking": ["rank_lif"]}, "no column 'rank_lif'.*did you mean 'rank_life'"),
        ({"covariates": ["age"]}, "no column 'age' of source 'survey'"),
        ({"reference": "pationt"}, "role is never 'pationt'.*did you mean 'patient'"),
        ({"best_worst": {"t1": ["life", "pain"]}}, "shows life, pain.*three or more items"),
        ({"best_worst": {"t1": ["life", "pian", "home"]}}, "unknown item 'pian'.*did you mean 'pain'"),
        ({"best_worst": {"t2": ["life", "pain", "home"]}}, "no column 't2_best'.*did you mean 't1_best'"),
        ({"delphi": {"agree_from": 4, "share": 75}}, "found 75.*a share above 0, up to 1"),
        ({"delphi": {"agree_from": 40, "share": 0.7}}, "found 40.*an answer from 1 to 5"),
        ({"delphi": {"agree_from": 4}}, "no key 'share'"),
        ({"delphi": {"agree_from": 4, "share": 0.7, "again": "later"}}, "found 'later'.*a pattern such as"),
        ({"delphi": {"agree_from": 4, "share": 0.7, "statements": ["cleer"]}}, "did you mean 'clear'"),
        ({"statments": ["clear"]}, "unknown key 'statments'.*did you mean 'statements'"),
        ({"statements": [], "ranking": [], "best_worst": {}, "delphi": None}, "asks nothing"),
    ],
)
def test_what_study_yml_says_wrong_of_a_survey_is_named(tmp_path, keys, message):
    with pytest.raises(StudyError, match=f"(?s){message}"):
        surveyed(tmp_path, **keys)


def test_a_study_of_interviews_and_a_survey_needs_no_patients(tmp_path, repo):
    """The professionals, with respondents beside them."""
    import shutil

    folder = tmp_path / "data/both"
    shutil.copytree(repo / "data/professionals", folder, ignore=shutil.ignore_patterns("clean", "runs"))
    text = (folder / "study.yml").read_text(encoding="utf-8")
    more = "sources: {survey: {file: raw/survey.csv, layout: respondents}}\n"
    more += "survey: {source: survey, group: role, statements: [clear, cost]}\n"
    interviews_alone = text.partition("sources:")[0] + "disclosure: none\n"
    (folder / "study.yml").write_text(interviews_alone + more, encoding="utf-8")
    (folder / "dictionary.csv").write_text(DICTIONARY.splitlines()[0] + "\n" + COLUMNS, encoding="utf-8")
    (folder / "raw/survey.csv").write_text(HEAD + ROWS, encoding="utf-8")
    study = load_study(str(folder))
    assert checking.inspect(study).problems == []
    cleaned = cleaning.clean(study)
    assert len(cleaned.patients) == 26
    assert len(cleaned.respondents) == 6
    assert cleaned.flow.query("source == 'survey'")["n"].tolist() == [6, 6]


# --- comparing


def test_groups_stand_in_the_order_of_the_dictionary(tmp_path):
    study = surveyed(tmp_path)
    tops = statement_tops(study, in_order_of_groups(study, cleaning.clean(study).respondents))
    assert tops["group"].tolist() == ["patient", "payer", "nurse"] * 2
    clear = tops[tops["statement"] == "clear"].set_index("group")
    assert clear[["k", "n", "n_missing"]].loc["patient"].tolist() == [2, 2, 0]
    assert clear[["k", "n", "n_missing"]].loc["nurse"].tolist() == [0, 1, 1]


def test_ranking_and_choices_by_hand(tmp_path):
    study = surveyed(tmp_path)
    answers = cleaning.clean(study).respondents
    ranks = survey_ranks(study, answers).set_index(["group", "item"])
    assert ranks.loc[("payer", "rank_life"), ["n", "mean_rank", "first"]].tolist() == [2, 1, 2]
    assert ranks.loc[("nurse", "rank_pain"), ["n", "mean_rank", "first"]].tolist() == [
        1,
        1,
        1,
    ]  # F left one out
    agreed = survey_concordance(study, answers).set_index("group")
    assert agreed.loc["all", ["n", "n_missing"]].tolist() == [5, 1]
    assert agreed.loc["patient", "estimate"] == pytest.approx(
        0.75
    )  # sums 6, 3, 3: S = 6; 12 S / (m2 (k3-k)) = 72/96
    assert np.isnan(agreed.loc["nurse", "estimate"])
    rows = best_worst_rows(study, answers)
    assert rows.groupby("respondent").size().to_dict() == dict.fromkeys(
        "ABCD", 3
    )  # E names one item twice, F no worst
    scores = survey_best_worst(study, answers).set_index(["group", "item"])["score"]
    assert scores["patient", "life"] == -1
    assert scores["payer", "life"] == 1


def test_consensus_of_both_rounds_by_the_declared_rule(tmp_path):
    study = surveyed(tmp_path)
    table = stakeholders.survey_consensus(study, cleaning.clean(study).respondents)
    assert table[["round", "k_agree", "n", "consensus"]].to_numpy().tolist() == [
        [1, 2, 5, False],
        [2, 3, 5, False],
    ]
    stable = stakeholders.survey_stability(study, cleaning.clean(study).respondents).iloc[0]
    assert (stable["n"], stable["k_same"]) == (4, 3)


def test_age_explains_what_groups_seem_to_differ_in(repo):
    """Planted: on whether the word is clear only age counts, and managers split over comparing clinics."""
    study = load_study(str(repo / "data/heart-failure"))
    answers = cleaning.clean(study).respondents
    tests = statement_tests(study, answers).set_index("statement")
    once = stakeholders.statement_regressions(study, answers).set_index("statement")
    assert tests.loc["value_clear", "holm_p"] < 0.05 < once.loc["value_clear", "group_holm_p"]
    assert once.loc["value_compare", "proportional_p"] < 0.01
    assert (once["proportional_p"].drop("value_compare") > 0.05).all()
    assert once.loc["value_cost", "group_holm_p"] < 0.001
    assert "the other cuts" in once.loc["value_cost", "reason"]


def test_the_groups_p_is_the_likelihood_ratio_of_two_models(repo):
    from scipy import stats
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    study = load_study(str(repo / "data/heart-failure"))
    answers = cleaning.clean(study).respondents
    used = answers[["value_voice", "respondent_role", "respondent_age"]].dropna()
    dummies = pd.get_dummies(used["respondent_role"], drop_first=True, dtype=float)
    full = dummies.assign(age=used["respondent_age"])
    fits = [
        OrderedModel(used["value_voice"], x, distr="logit").fit(method="bfgs", disp=False).llf
        for x in (full, full[["age"]])
    ]
    own = stakeholders.statement_regressions(study, answers).query("statement == 'value_voice'")
    assert own["group_p"].iloc[0] == pytest.approx(stats.chi2.sf(2 * (fits[0] - fits[1]), 3), abs=1e-6)


# --- small and odd


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (ROWS, "A survey of 6: "),
        ("".join(ROWS.splitlines(keepends=True)[1:3]), "A survey of 2: 2 patients."),
        ("".join(ROWS.splitlines(keepends=True)[i] for i in (0, 1, 3)), "A survey of 3: "),
        ("A,payer,40,3,3,3,1,2,3,life,home\nB,patient,40,3,3,3,1,2,3,life,home\n", "cannot be compared"),
        ("A,payer,,,,,,,,,\nB,patient,,,,,,,,,\n", "Nobody ranked the outcomes"),
        ("A,,40,3,2,3,1,2,3,life,home\n", "Nobody who answered the survey names a group"),
        ("", "Nobody who answered the survey names a group"),
    ],
    ids=["few", "one group", "one each", "all alike", "blank", "no group", "no row"],
)
def test_small_and_odd_surveys_end_in_sentences(tmp_path, rows, said):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        text = everything(surveyed(tmp_path, rows))
    assert said in text
    assert "nan" not in text.lower().split()


def test_a_survey_of_one_kind_of_question_is_enough(tmp_path):
    study = surveyed(tmp_path, statements=[], best_worst={}, delphi=None, covariates=[])
    answers = cleaning.clean(study).respondents
    asked = asked_of(study, answers)
    assert asked.tests.empty
    assert stakeholders.statement_shares(study, answers).empty
    assert stakeholders.where_answers_part(asked) is None
    assert stakeholders.survey_consensus(study, answers).empty
    assert stakeholders.survey_stability(study, answers).empty
    assert asked.chosen.empty


def test_without_a_second_round_there_is_no_stability(tmp_path):
    study = surveyed(tmp_path)
    plan = replace(study.config.survey, delphi=Delphi(agree_from=4, share=0.5, statements=("clear",)))
    study = replace(study, config=replace(study.config, survey=plan))
    answers = cleaning.clean(study).respondents
    assert stakeholders.survey_stability(study, answers).empty
    assert stakeholders.survey_consensus(study, answers)["round"].tolist() == [1]


def test_each_reason_against_a_model_is_noted_once_with_its_statements():
    terms = pd.DataFrame(
        {
            "statement": ["a", "b", "c", "d"],
            "label": ["A", "B", "C", "D"],
            "reason": ["few", "one answer only", "few", None],
        }
    )
    assert regression_notes(terms) == ["A and C: few.", "B: one answer only."]
    assert regression_notes(terms.iloc[3:]) == []


def test_no_note_speaks_of_a_test_that_is_not_shown(tmp_path):
    study = surveyed(tmp_path)
    answers = cleaning.clean(study).respondents
    models = stakeholders.statement_regressions(study, answers)
    checked = models.assign(group_p=0.2, reason="above 1 nobody errs; checked at the other cuts")
    shown = stakeholders.tests_of_statements(asked_of(study, answers), checked)
    for policy, there in (("none", True), ("nhs-proms", False)):
        table = under(shown, get_policy(policy)).table
        notes = " ".join(picked(note, get_policy(policy)) for note in table.notes)
        assert ("brant_p" in table.frame) is there
        assert ("Brant" in notes) is ("checked at" in notes) is there
