"""Whether scales can move, how reliable and how noisy they are: hand-worked frames."""

import dataclasses

import numpy as np
import pandas as pd
import pingouin as pg
import pytest
from attacks.leftovers import sizes_that_fit
from report_maker import door_of, make_study
from scipy import stats
from shown_maker import said_of

from vbhc.chapters import cleaning
from vbhc.chapters.cleaning import noise, scale_quality
from vbhc.publish.disclosure.policies import get_policy
from vbhc.publish.disclosure.said import may_show
from vbhc.publish.either import picked
from vbhc.publish.findings.show import show_result, under
from vbhc.study import Study
from vbhc.study.config import Config, InstrumentUse, ValueQuota, Visit

NONE, NHS = get_policy("none"), get_policy("nhs-proms")
VISITS = {"baseline": Visit("before"), "6m": Visit("after", 6)}
ALPHAS = pd.DataFrame({"alpha": [0.9, 0.5], "n": [200, 4]})


def likert_study(tmp_path):
    use = InstrumentUse("likert", [f"care_{n}" for n in range(1, 5)], once=True, options={"scale": "care"})
    return Study("s", tmp_path, Config("t", visits=VISITS, instruments={"care": use}), {})


def study_with(tmp_path, instrument, items, outcome, **options):
    use = InstrumentUse(instrument, items, **options)
    config = Config("t", visits=VISITS, instruments={"one": use}, value_quota=ValueQuota(outcome))
    return Study("s", tmp_path, config, {})


def columns_of(*rows):
    return pd.DataFrame(rows, columns=["name", "label", "source", "min", "max", "direction"])


def test_floor_is_the_worst_end_also_where_lower_is_better(tmp_path):
    columns = columns_of(
        ("up", "Up", "likert", 0, 10, "higher is better"),
        ("down", "Down", "likert", 0, 10, "lower is better"),
    )
    patients = pd.DataFrame({"up": [0.0, 5, 5, 10, np.nan], "down": [0.0, 0, 5, 5, 5]})
    table = scale_quality.scale_behaviour(likert_study(tmp_path), patients, columns).set_index("scale")
    assert table.loc["Up", ["n", "n_missing", "floor_share", "ceiling_share"]].tolist() == [4, 1, 0.25, 0.25]
    assert table.loc["Down", ["floor_share", "ceiling_share"]].tolist() == [0, 0.4]


def test_the_visit_of_a_score_stands_apart_from_its_name(tmp_path):
    columns = columns_of(
        ("up_6m", "Up, scaled, after", "likert", 0, 10, "higher is better"),
        ("up", "Up, after", "likert", 0, 10, "higher is better"),
    )
    patients = pd.DataFrame({"up_6m": [1.0, 2], "up": [1.0, 2]})
    table = scale_quality.scale_behaviour(likert_study(tmp_path), patients, columns)
    assert table[["scale", "visit"]].to_numpy().tolist() == [
        ["Up, scaled", "after"],
        ["Up, after", "asked once"],
    ]


def test_the_standard_error_of_a_score_is_no_scale_that_could_have_room_to_move(tmp_path):
    columns = columns_of(
        ("t", "T score", "likert", 16, 68, "higher is better"), ("se", "Its error", "likert", 4, 6, "")
    )
    patients = pd.DataFrame({"t": [40.0, 50.0], "se": [4.1, 4.2]})
    table = scale_quality.scale_behaviour(likert_study(tmp_path), patients, columns)
    assert table["scale"].tolist() == ["T score"]


def test_scales_at_an_end_are_named_or_it_is_said_that_there_are_none():
    row = {"scale": "EQ-5D", "visit": "After", "n": 10, "floor_share": 0.0, "ceiling_share": 0.42}
    assert "EQ-5D, after (42% at its best value)" in said_of(cleaning.show_room(pd.DataFrame([row])))
    free = pd.DataFrame([row | {"ceiling_share": 0.15}])
    assert "all have room to move" in said_of(cleaning.show_room(free))
    assert said_of(cleaning.show_room(free.assign(n=0))) == "No scale could be scored."
    assert cleaning.show_room(free.iloc[:0]) is None


def test_under_a_policy_shares_at_an_end_have_one_decimal_which_tells_of_no_few(tmp_path):
    row = {"scale": "EQ-5D", "visit": "After", "n": 250, "n_missing": 0, "mean": 0.5, "sd": 0.1}
    table = pd.DataFrame([row | {"floor_share": 4 / 250, "ceiling_share": 0.42}])
    shown = under(cleaning.show_scales(table.assign(step=0.001)), NHS)
    assert list(shown.table.frame) == list(table)
    door = door_of(make_study(tmp_path, disclosure="nhs-proms"))
    made = door.table("scales", shown.table)
    assert made["cells"][0][-2:] == ["0.0", "0.4"]


def test_under_a_policy_alpha_of_few_and_shares_at_an_end_in_words_give_no_number_of_people(tmp_path):
    """Feldt's interval .10 to .77 of .54 and two items is of 35 or 36, a share of .17 of 30, 35 or 36."""
    row = {
        "scale": "KCCQ self-efficacy",
        "visit": "After",
        "n_items": 2,
        "alpha": 0.54,
        "low": 0.1,
        "high": 0.77,
    }
    alphas = pd.DataFrame(
        [row | {"omega": 0.55, "n": 36}, row | {"visit": "Before", "omega": 0.55, "n": 160}]
    )
    door = door_of(make_study(tmp_path, disclosure="nhs-proms"))
    made = show_result(door, cleaning.show_reliability(alphas))[0]
    shown = [[cell for cell in line if "." in cell] for line in made["cells"]]
    assert shown == [["0.5", "0.1", "0.8", "0.6"], ["0.54", "0.10", "0.77", "0.55"]]
    row = {"scale": "EQ-5D", "visit": "After", "n": 36, "floor_share": 0.0, "ceiling_share": 0.17}
    said = said_of(cleaning.show_room(pd.DataFrame([row])), NHS)
    assert "EQ-5D, after (at its best value)" in said


def test_alpha_equals_the_covariance_formula_and_turns_reversed_items(tmp_path):
    """Cronbach 1951: alpha = k/(k-1) (1 - sum of item variances / variance of the sum), on turned items."""
    rng = np.random.default_rng(3)
    latent = rng.normal(size=200)
    items = pd.DataFrame(
        {f"care_{n}": np.clip(np.round(3 + latent + rng.normal(size=200)), 1, 5) for n in range(1, 5)}
    )
    study = likert_study(tmp_path)
    straight = scale_quality.reliability(study, items)
    formula = 4 / 3 * (1 - items.var().sum() / items.sum(axis=1).var())
    assert straight["alpha"].iloc[0] == pytest.approx(formula)
    assert straight["alpha"].iloc[0] == pytest.approx(pg.cronbach_alpha(items)[0])
    assert 0 < straight["omega"].iloc[0] < 1
    turned = items.assign(care_2=6 - items["care_2"])
    use = study.config.instruments["care"]
    use.options["reverse"] = [2]
    assert scale_quality.reliability(study, turned)["alpha"].iloc[0] == pytest.approx(formula)


def test_scales_that_miss_alike_share_a_row_and_no_column_is_named(tmp_path):
    study = study_with(tmp_path, "kccq12", "k_{item}", "kccq12_os", visits=("6m",))
    codes = ["1a", "1b", "1c", "2", "3", "4", "5", "6", "7", "8a", "8b", "8c"]
    told = scale_quality.unscored(study, pd.DataFrame({f"k_{code}_6m": [np.nan] for code in codes}))
    assert not told["reason"].str.contains("kccq12_").any()
    shown = under(cleaning.show_unscored(told.assign(n=1)), NONE).table.frame
    assert shown.set_index("reason").loc["none of its parts could be scored", "scale"] == "KCCQ-12, 2 scales"
    assert list(shown) == ["scale", "visit", "reason", "n"]
    protected = under(cleaning.show_unscored(told.assign(n=1)), NHS).table
    assert list(protected.frame) == ["scale", "visit", "reason"]
    assert picked(protected.notes[0], NHS).startswith("How many lack a score is left out:")
    assert picked(protected.notes[0], NONE) == ""


def test_under_a_policy_a_coarse_scale_does_not_say_of_how_many_it_is():
    """Of scores in steps of 25 a mean of 37.40 fits 246 people alone of 230 to 250, 37.4 fits nearly all."""
    row = {"scale": "Stability", "visit": "Before", "n": 246, "n_missing": 2, "mean": 37.398, "sd": 20.04}
    table = pd.DataFrame([row | {"step": 25.0}, row | {"step": 0.001}]).assign(
        floor_share=0.1, ceiling_share=0.1
    )
    assert under(cleaning.show_scales(table), NHS).table.rules["decimals"]["mean"] == [1, 2]
    assert "decimals" not in under(cleaning.show_scales(table), NONE).table.rules
    assert len(sizes_that_fit(37.4, 20.0, 25, range(230, 251), places=1)) > 15
    assert sizes_that_fit(37.40, 20.04, 25, range(230, 251)) == [246]


def test_under_a_policy_means_of_few_do_not_say_how_many_of_them_answered():
    """38.4 of those who answered, 33.8 of all others of 64: with 36.77 of all 41 did, with 37 38 to 51."""
    row = {
        "scale": "Summary",
        "visit": "Before",
        "n": 64,
        "n_missing": 0,
        "mean": 36.77,
        "sd": 21.0,
        "step": 0.001,
    }
    index = row | {"scale": "Index", "mean": 0.61, "sd": 0.27}
    table = pd.DataFrame([row, index, row | {"n": 164}]).assign(floor_share=0.1, ceiling_share=0.1)
    places = under(cleaning.show_scales(table), NHS).table.rules["decimals"]["mean"]
    assert places == [0, 2, 2]

    def answered(half):
        whole = round(36.77, places[0] if half > 0.1 else 2)
        means = {n: (38.43 * n + 33.8 * (64 - n)) / 64 for n in range(65)}
        return [n for n, mean in means.items() if abs(mean - whole) <= half]

    assert answered(0.03) == [41]
    assert answered(0.5) == [*range(38, 52)]


def hip_study(tmp_path):
    rng = np.random.default_rng(2)
    hip = rng.normal(size=300)
    items = {
        f"ohs_{n}_baseline": np.clip(np.round(2 + hip + rng.normal(size=300)), 0, 4) for n in range(1, 13)
    }
    patients = pd.DataFrame(items)
    patients["ohs_baseline"] = patients.sum(axis=1)
    patients["ohs_6m"] = patients["ohs_baseline"] + 8
    return study_with(tmp_path, "ohs", "ohs_{item}", "ohs"), patients


def test_the_error_of_a_sum_is_its_spread_times_the_root_of_what_alpha_leaves(tmp_path):
    """SD x sqrt(1 - alpha), both from the formulas: what the variances of single items add to the sum."""
    study, patients = hip_study(tmp_path)
    items = patients.filter(regex=r"ohs_\d+_baseline")
    total = items.sum(axis=1)
    alpha = 12 / 11 * (1 - items.var().sum() / total.var())
    row = cleaning.measurement_error(study, patients).iloc[0]
    assert row["estimate"] == pytest.approx(total.std() * np.sqrt(1 - alpha))
    assert row["low"] < row["estimate"] < row["high"]
    assert row["n"] == 300


def study_of_scores(tmp_path, n, spread):
    """Return a study, n patients whose score is the mean of four that scatter, and these four."""
    rng = np.random.default_rng(1)
    latent = rng.normal(50, 15, n)
    scores = ("pl", "sf", "ql", "sl")
    parts = pd.DataFrame({f"kccq12_{part}_baseline": latent + rng.normal(0, spread, n) for part in scores})
    score = parts.mean(axis=1)
    patients = parts.assign(kccq12_os_baseline=score, kccq12_os_6m=score)
    return study_with(tmp_path, "kccq12", "k_{item}", "kccq12_os"), patients, parts


def test_the_error_of_a_score_of_scores_takes_them_as_its_items(tmp_path):
    study, patients, parts = study_of_scores(tmp_path, 200, 8)
    score = parts.mean(axis=1)
    row = cleaning.measurement_error(study, patients).iloc[0]
    assert row["estimate"] == pytest.approx(score.std() * np.sqrt(1 - pg.cronbach_alpha(parts)[0]))


def numbers_that_fit(row, scores):
    """Of how many people an error, its ends and 2.77 times these are, as shown, by Feldt's interval."""
    names = [f"{more}{name}" for more in ("", "beyond_") for name in ("estimate", "low", "high")]
    shown = np.array([f"{row[name]:.1f}" for name in names], dtype=float)
    half = [0.05 if size % 1 else 0.5 for size in shown]
    found = []
    for n in range(20, 400):
        low, high = np.sqrt(stats.f.ppf([0.025, 0.975], n - 1, (n - 1) * (scores - 1)))
        times = np.array([1, low, high, *(noise.BEYOND * np.array([1, low, high]))])
        if max((shown - half) / times) < min((shown + half) / times):
            found.append(n)
    return found


def test_an_error_does_not_tell_of_how_many_people_it_is(tmp_path):
    """Three digits of 2.77 times an error and of its ends leave fewer than ten numbers of people."""
    study, patients, _ = study_of_scores(tmp_path, 77, 14)
    shown = {
        policy: cleaning.measurement_error(
            dataclasses.replace(study, config=dataclasses.replace(study.config, disclosure=policy)), patients
        ).iloc[0]
        for policy in ("none", "acro")
    }
    exact, coarse = (numbers_that_fit(row, 4) for row in shown.values())
    assert 77 in exact
    assert len(exact) < 10
    assert 77 in coarse
    assert len(coarse) >= 10
    assert coarse[0] < 73
    assert coarse[-1] > 81


@pytest.mark.parametrize(
    ("instrument", "items", "outcome", "column"),
    [("eq-vas", "{item}", "eq_vas", "vas"), ("eq5d-3l", "eq5d_{item}", "eq5d_index", "eq5d_mo")],
)
def test_what_adds_up_nothing_has_no_such_error(tmp_path, instrument, items, outcome, column):
    study = study_with(tmp_path, instrument, items, outcome)
    patients = pd.DataFrame({f"{name}_{v}": [1.0, 2, 3] for name in (outcome, column) for v in VISITS})
    error = cleaning.measurement_error(study, patients)
    assert error.empty
    assert cleaning.show_error(study, patients, error) is None


@pytest.mark.parametrize(("error", "labels"), [(2.0, False), (4.0, True)])
def test_a_threshold_labels_one_patient_only_where_it_exceeds_the_noise(tmp_path, error, labels):
    """Beard 2015: 8 points for one patient. 1.96 x sqrt(2) x 2 is 5.5, and x 4 is 11.1."""
    study, patients = hip_study(tmp_path)
    ends = {"estimate": error, "low": error - 1, "high": error + 1}
    beyond = {f"beyond_{name}": noise.BEYOND * size for name, size in ends.items()}
    row = pd.DataFrame([{**ends, **beyond, "n": 300, "alpha": 0.9}])
    result = cleaning.show_error(study, patients, row)
    said = said_of(result)
    assert f"are {8 / error:.1f} of it" in said
    assert ("it labels nobody" in said) == labels
    assert "not for one patient: 5 and 11." in said
    assert result.drawing.data["estimate"].tolist() == pytest.approx([8, error, noise.BEYOND * error])
    answer = cleaning.trust_in_scores(study, patients, _behaviour(), ALPHAS, row)
    assert ("does not exceed" in said_of(answer)) == labels
    assert may_show(said_of(answer), NHS) == said_of(answer)


def _behaviour():
    return pd.DataFrame({"n": [10, 10, 0], "floor_share": [0.1, 0.2, 0.9], "ceiling_share": [0.0, 0.0, 0.9]})


def test_the_answer_counts_scored_scales_and_reliable_ones(tmp_path):
    study, patients = hip_study(tmp_path)
    answer = cleaning.trust_in_scores(study, patients, _behaviour(), ALPHAS, pd.DataFrame())
    assert said_of(answer) == (
        "1 of 2 scales, each time counted, leaves room at both ends. "
        "Alpha reaches 0.7, enough to compare groups, on 1 of 2 scales."
    )


def test_profile_change_by_hand(tmp_path):
    """Better on one and worse on none, worse, mixed, the same, and one without a follow-up (Devlin 2010)."""
    study = study_with(tmp_path, "eq5d-3l", "eq5d_{item}", "eq5d_index", value_set="3l-tto-uk")
    before = ["22222", "11111", "12222", "21111", "33333"]
    after = ["12222", "11112", "21222", "21111", None]
    columns = {}
    for visit, profiles in (("baseline", before), ("6m", after)):
        for place, code in enumerate(("mo", "sc", "ua", "pd", "ad")):
            columns[f"eq5d_{code}_{visit}"] = [float(p[place]) if p else np.nan for p in profiles]
    table = cleaning.profile_change(study, pd.DataFrame(columns)).set_index("change")
    assert table["k"].to_dict() == {
        "no change": 1, "improved": 1, "worsened": 1, "mixed change": 1, "no problems": 0
    }  # fmt: skip
    assert table["n_missing"].eq(1).all()
    assert cleaning.show_profile_change(cleaning.profile_change(likert_study(tmp_path), None)) is None
