"""Adjusted association: covariates, clusters, and where patients end against how far they came."""

import numpy as np
import pandas as pd
import pytest

from vbhc.chapters import perception
from vbhc.chapters.perception.journey import journey_sentence
from vbhc.statistics.correlation import partial


def clustered(sites=40, each=12, seed=1, slope=0.5):
    rng = np.random.default_rng(seed)
    site = np.repeat(np.arange(sites), each)
    level = rng.normal(size=sites)[site]
    age = rng.normal(size=sites * each)
    x = level + age + rng.normal(size=sites * each)
    y = slope * x + level - age + rng.normal(size=sites * each)
    series = (pd.Series(x, name="perceived_value"), pd.Series(y, name="vq"))
    return *series, pd.DataFrame({"age": age}), pd.Series(site, name="site")


# --- covariates and clusters ---


def test_leaving_out_patients_one_by_one_gives_about_the_plain_interval():
    x, y, age, _ = clustered(60, 4, slope=0.3)
    alone = pd.Series(np.arange(len(x)))
    table = partial.partial_spearman(x, y, age)
    own, plain = partial.clustered_partial_spearman(x, y, age, alone, table).iloc[0], table.iloc[0]
    assert own["estimate"] == plain["estimate"]
    assert own["high"] - own["low"] == pytest.approx(plain["high"] - plain["low"], rel=0.2)


def test_clusters_widen_the_interval_when_sites_differ():
    x, y, age, site = clustered()
    table = partial.partial_spearman(x, y, age)
    own, plain = partial.clustered_partial_spearman(x, y, age, site, table).iloc[0], table.iloc[0]
    assert own["df"] == 39
    assert own["high"] - own["low"] > 1.2 * (plain["high"] - plain["low"])


def test_leaving_a_cluster_out_equals_leaving_it_out():
    from vbhc.statistics.correlation.partial import _without_each, held_equal

    x, y, age, site = clustered(6, 9)
    x, age = x.round(0), age.assign(arm=np.where(np.arange(54) % 2, "a", "b"))
    ties = [np.unique(side, return_inverse=True)[1] for side in (x, y)]
    found = _without_each(ties, held_equal(age), site.to_numpy())
    ranked = age.assign(age=age["age"].rank())  # ranked over all patients, as the estimate is
    for cluster in range(6):
        kept = site != cluster
        sides = pd.DataFrame({"x": x[kept].rank(), "y": y[kept].rank()})
        held = np.column_stack([np.ones(kept.sum()), ranked.loc[kept, "age"], ranked.loc[kept, "arm"] == "b"])
        left = sides - held @ np.linalg.lstsq(held.astype(float), sides.to_numpy(), rcond=None)[0]
        assert found[cluster] == pytest.approx(left.corr().iloc[0, 1], abs=1e-10)


def test_the_p_of_clustered_patients_belongs_to_their_interval():
    x, y, _, site = clustered()
    row = partial.clustered_spearman(x, y, site).iloc[0]
    at_p = partial.clustered_spearman(x, y, site, 1 - row["p"]).iloc[0]
    assert at_p["low"] == pytest.approx(0, abs=1e-9)  # the interval of level 1 - p ends at zero


def test_one_cluster_says_so():
    x, y, age, site = clustered()
    row = partial.clustered_partial_spearman(x, y, age, site * 0, partial.partial_spearman(x, y, age)).iloc[0]
    assert "one cluster" in row["reason"]
    assert np.isnan(row["estimate"])


def test_side_by_side_holds_every_adjustment_on_the_same_patients():
    x, y, age, site = clustered()
    age.loc[0, "age"] = np.nan
    table = partial.adjusted_side_by_side(x, {"outcome": y, "VQ": y + x}, age, site)
    assert table["adjustment"].tolist()[:4] == ["none", "held equal", "clustered", "held equal, clustered"]
    assert table["n"].unique().tolist() == [len(x) - 1]
    only = partial.adjusted_side_by_side(x, {"VQ": y})
    assert only["adjustment"].tolist() == ["none"]


def test_adjustment_finds_an_association_that_a_covariate_hides():
    x, y, age, _ = clustered(slope=0.6)
    table = partial.adjusted_side_by_side(x, {"VQ": y}, age).set_index("adjustment")
    assert table.at["held equal", "estimate"] > table.at["none", "estimate"] + 0.1


def test_patients_and_providers_are_two_questions():
    x, y, _, site = clustered(12, 40)
    assert partial.level_by_level(x, y, site)["n"].tolist() == [len(x), 12]
    assert np.isnan(partial.level_by_level(x, y, site, fewest=50)["estimate"].iloc[1])


# --- the end or the distance ---


def journeys(start, end, n=800, seed=2, levels=5):
    rng = np.random.default_rng(seed)
    baseline = rng.normal(40, 15, n)
    follow_up = 0.5 * baseline + rng.normal(35, 15, n)
    felt = start * baseline + end * follow_up + rng.normal(0, 10, n)
    cuts = np.quantile(felt, np.linspace(0, 1, levels + 1)[1:-1])
    return pd.Series(np.searchsorted(cuts, felt) + 1.0), pd.Series(baseline), pd.Series(follow_up)


def test_linear_model_equals_statsmodels_hc3():
    import statsmodels.api as sm

    answers, baseline, follow_up = journeys(-0.2, 0.5, 200)
    rows = perception.journey(answers, baseline, follow_up).set_index("term")
    y = (answers - answers.mean()) / answers.std()
    x = pd.DataFrame({"b": baseline, "f": follow_up}).sub([baseline.mean(), follow_up.mean()])
    fit = sm.OLS(y, sm.add_constant(x / follow_up.std())).fit(cov_type="HC3", use_t=True)
    assert rows["estimate"].to_numpy()[:2] == pytest.approx(fit.params[1:].to_numpy())
    assert rows["low"].to_numpy()[:2] == pytest.approx(fit.conf_int()[0].to_numpy()[1:])


@pytest.mark.parametrize(
    ("start", "end", "weight", "words"),
    [
        (0.0, 0.5, 0.0, "goes with where patients end rather than with how far they came"),
        (-0.5, 0.5, 1.0, "goes with how far patients came rather than with where they end"),
        (-0.2, 0.5, 0.4, "goes with the end of the journey more than with its length"),
        (0.3, 0.5, -0.6, "both where patients began and where they end"),
        (0.0, 0.0, None, "does not clearly rise with where patients end"),
    ],
)
def test_planted_journeys_are_found(start, end, weight, words):
    table = perception.journey(*journeys(start, end, 4_000))
    if weight is not None:
        assert table["estimate"].iloc[2] == pytest.approx(weight, abs=0.12)
    assert words in journey_sentence(table)


def test_a_journey_that_cannot_be_told_gives_a_reason():
    answers, baseline, follow_up = journeys(0, 0.5, 50)
    same = perception.journey(answers * 0, baseline, follow_up)
    assert "same perception" in journey_sentence(same)
    few = perception.journey(answers.head(3), baseline.head(3), follow_up.head(3))
    assert "Only 3 patients have" in journey_sentence(few)
    copy = perception.journey(answers, follow_up * 2, follow_up)
    assert "repeat each other" in journey_sentence(copy)
