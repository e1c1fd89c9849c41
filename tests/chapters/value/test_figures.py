"""Figures: drawn from their frame, labelled, described, and without a single patient in them."""

import io
import re
from itertools import pairwise
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from axes import new_axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from report_maker import door_of, make_study

from vbhc.chapters.perception import coefficients, where
from vbhc.chapters.stakeholders.survey_pages import plot_statements
from vbhc.chapters.value import distribution as distribution_figures
from vbhc.chapters.value import layout
from vbhc.chapters.value.quota.numerators import quota_where_possible
from vbhc.publish.alt_text import alt_text
from vbhc.publish.disclosure.policies import get_policy
from vbhc.publish.either import picked
from vbhc.publish.figure_style import DOWN, LINE, PALETTE, QUIET, TOTAL, UP
from vbhc.publish.findings.drawing import draw_svg
from vbhc.publish.findings.show import show_result
from vbhc.publish.interval_figure import interval_drawing, name_row
from vbhc.publish.results import Claim, Result
from vbhc.report.drawings import DARK_PAPER, Palette, contrast_ratio, page_svg
from vbhc.statistics.correlation import waterfall

INK_ON_DARK = "#e9ecef"


@pytest.fixture(scope="module")
def cohort():
    rng = np.random.default_rng(3)
    outcome = pd.Series(np.round(rng.normal(13, 22, 248)), name="kccq_os_change")
    cost = pd.Series(np.exp(rng.normal(8.4, 0.8, 248)), name="cost_eur")
    perception = pd.Series(np.clip(np.round(3.6 + 0.02 * outcome + rng.normal(0, 0.8, 248)), 1, 5))
    return perception.rename("perceived_value"), outcome, cost


@pytest.fixture(scope="module")
def pictures(cohort):
    perception, outcome, cost = cohort
    vq = quota_where_possible(outcome, cost)
    return {
        "distribution": (
            distribution_figures.distribution_bins(vq),
            distribution_figures.plot_distribution,
        ),
        "grid": (
            distribution_figures.outcome_cost_bins(outcome, cost),
            distribution_figures.draw_outcome_cost,
        ),
        "quantiles": (
            coefficients.perception_by_quantile(perception, {"outcome": outcome, "VQ": vq}),
            coefficients.plot_perception_by_quantile,
        ),
        "waterfall": (
            waterfall.waterfall(perception, outcome, cost),
            where.plot_waterfall,
        ),
    }


NAMES = ["distribution", "grid", "quantiles", "waterfall"]


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_takes_axes_and_gives_them_back(pictures, name):
    data, plot = pictures[name]
    ax = new_axes()
    before = data.copy()
    assert plot(data, ax) is ax
    pd.testing.assert_frame_equal(data, before)
    assert ax.get_xlabel() or ax.get_ylabel()


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_has_words_and_the_same_bytes_twice(pictures, name):
    data, plot = pictures[name]
    assert len(alt_text(data, "Rows")) > 60
    first, second = (
        draw_svg(plot, data, salt="s", size=(7, 4), panels=(1, 1), guard=lambda text: text) for _ in range(2)
    )
    assert first == second


@pytest.mark.parametrize("name", NAMES)
def test_withheld_rows_vanish_and_an_empty_frame_says_so(pictures, name):
    data, plot = pictures[name]
    numbers = data.select_dtypes("number").columns
    hidden = data.astype(dict.fromkeys(numbers, float))
    hidden.loc[hidden.index[0], numbers] = np.nan
    plot(hidden, new_axes())
    assert "1 not shown" in alt_text(hidden, "Rows")
    hidden[numbers] = np.nan
    ax = plot(hidden, new_axes())
    assert not ax.axison
    assert "not shown" in alt_text(hidden, "Rows")


def test_bins_count_everyone_once(cohort):
    perception, outcome, cost = cohort
    assert distribution_figures.distribution_bins(cost)["n"].sum() == 248
    assert distribution_figures.outcome_cost_bins(outcome, cost)["n"].sum() == 248
    groups = coefficients.perception_by_quantile(perception, {"VQ": outcome / cost})
    assert groups["n"].sum() == 248


def test_hand_worked_bins():
    table = distribution_figures.distribution_bins(pd.Series([0, 0.5, 0.5, 1, 1.5, 1.5, 1.5, 2]), n_bins=4)
    assert table["n"].tolist() == [1, 2, 1, 4]
    assert table["left"].tolist() == [0, 0.5, 1, 1.5]


def test_answers_on_a_scale_have_a_bar_each_over_their_number():
    table = distribution_figures.distribution_bins(pd.Series([1, 3, 3, 5.0]))
    assert ((table["left"] + table["right"]) / 2).tolist() == [1, 2, 3, 4, 5]
    assert table["n"].tolist() == [1, 0, 2, 0, 1]


def test_a_withheld_bin_or_cell_leaves_a_gap(pictures):
    bins, plot = pictures["distribution"]
    gone = bins["n"].idxmax()
    ax = plot(bins.assign(n=bins["n"].astype(float).drop(gone)), new_axes())
    drawn = {bar.get_x(): bar.get_height() for bar in ax.patches}
    assert drawn == bins.set_index("left")["n"].drop(bins.loc[gone, "left"]).to_dict() | {
        bins.loc[gone, "left"]: 0
    }
    grid, plot = pictures["grid"]
    ax = plot(grid.assign(n=grid["n"].astype(float).drop(grid["n"].idxmax())), new_axes())
    assert len(ax.patches) == len(grid) - 1


@pytest.mark.parametrize("name", ["distribution", "grid"])
def test_a_drawing_does_not_weigh_down_its_page(pictures, name):
    data, plot = pictures[name]
    options = {"salt": "s", "size": (7, 4), "panels": (1, 1), "guard": lambda text: text}
    assert len(draw_svg(plot, data, **options)) < 45_000


def test_no_edge_gives_away_the_dearest_patient(cohort):
    cost = cohort[2].copy()
    cost.iloc[0] = 987_654
    table = distribution_figures.distribution_bins(cost)
    assert table["right"].max() < 100_000
    assert table["open"].iloc[-1] == "right"


def test_perception_is_averaged_in_equal_groups(cohort):
    perception, outcome, _ = cohort
    table = coefficients.perception_by_quantile(perception, {"outcome": outcome})
    assert table["group"].tolist() == [1, 2, 3, 4, 5]
    assert table["estimate"].is_monotonic_increasing
    assert not coefficients.perception_by_quantile(perception, {"constant": outcome * 0}).empty


def test_an_unanswerable_waterfall_says_why(cohort):
    perception, outcome, cost = cohort
    steps = waterfall.waterfall(perception * 0, outcome, cost)
    assert "same perception" in steps.attrs["reason"]


def test_neighbouring_colours_differ_in_grey():
    def grey(colour):
        r, g, b = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
        return 0.299 * r + 0.587 * g + 0.114 * b

    assert all(abs(grey(a) - grey(b)) > 20 for a, b in pairwise(PALETTE))


@pytest.mark.parametrize("colour", sorted({*PALETTE, UP, DOWN, TOTAL, QUIET, LINE}))
def test_what_is_drawn_stands_out_from_light_and_dark_paper(colour):
    """WCAG 2.2, success criterion 1.4.11: graphics have a contrast of 3:1 with what is beside them."""
    assert contrast_ratio(colour, "#ffffff") >= 3
    palette = Palette()
    name = palette.use(colour).removeprefix("var(--").removesuffix(")")
    dark = palette.dark.get(f"#{name[1:]}") or mixed(INK_ON_DARK, DARK_PAPER, int(name[1:]) / 100)
    assert contrast_ratio(dark, DARK_PAPER) >= 3


def mixed(ink: str, paper: str, share: float) -> str:
    """What the browser makes of `color-mix(in srgb, ink share, paper)`."""
    parts = [(int(ink[i : i + 2], 16), int(paper[i : i + 2], 16)) for i in (1, 3, 5)]
    return "#" + "".join(f"{round(share * one + (1 - share) * other):02x}" for one, other in parts)


def test_the_page_has_the_paper_and_ink_that_contrasts_are_measured_against(repo):
    css = (repo / "lib/vbhc/report/template/report/report.css").read_text(encoding="utf-8")
    light, dark = css.split("prefers-color-scheme: dark")[:2]
    assert "--paper: #ffffff" in light
    assert f"--paper: {DARK_PAPER}; --ink: {INK_ON_DARK}" in dark
    for part, paper in ((light, "#ffffff"), (dark, DARK_PAPER)):
        for name in ("ink", "quiet", "accent", "alert"):  # words: 4.5:1 (WCAG 2.2, 1.4.3)
            assert contrast_ratio(re.search(rf"--{name}: (#\w+)", part).group(1), paper) >= 4.5


def test_letters_on_the_colours_of_answers_can_be_read_on_a_light_and_a_dark_page():
    """Bars of answers carry their share: the drawing keeps its white paper, as its colours do not turn."""
    shares = pd.DataFrame(
        {
            "label": "",
            "group": "nurse",
            "n": 40,
            "answer": [1.0, 2.0, 3.0, 4.0, 5.0],
            "share": [0.2, 0.1, 0.3, 0.1, 0.3],
        }
    )
    ax = plot_statements(shares, new_axes())
    out = io.StringIO()
    ax.get_figure().savefig(out, format="svg")
    assert 'class="drawing plate"' in page_svg(out.getvalue(), "f", "alt", Palette())
    fills = [to_hex(bar.get_facecolor()) for bar in ax.patches if bar.get_height()]
    words = [to_hex(text.get_color()) for text in ax.texts if text.get_text()]
    assert len(words) == 5
    assert all(contrast_ratio(word, fill) >= 4.5 for word, fill in zip(words, fills, strict=True))


def test_hatches_are_lines_so_that_a_page_stays_light(pictures):
    """A pattern of dots is drawn circle by circle: one waterfall with "..." took 150 kB."""
    from matplotlib.path import Path

    data, plot = pictures["waterfall"]
    hatches = [bar.get_hatch() or "" for bar in plot(data, new_axes()).patches]
    assert any(hatches)
    assert not any(len(Path.hatch(hatch, 6).codes) > 200 for hatch in hatches if hatch)


def test_on_a_phone_a_long_name_leaves_room_for_its_number():
    """Bold letters are wider: 27 of a name and 19 of a number do not fit beside each other."""
    ax = Figure(figsize=(3.6, 3)).subplots()
    name_row(ax, 0, "Motivation: pace x ambition", "0.39 (0.25 to 0.53)", True, True)
    name_row(ax, 1, "Motivation: ambition", "0.12 (0.01 to 0.23)", True, False)
    assert [text.get_text().count("\n") for text in ax.texts] == [1, 0, 0, 0]


SHOWN = {"none": "100 3 20", "hes": "100 20", "opensafely": "100 20", "nhs-proms": "100", "acro": "100"}


@pytest.mark.parametrize(("policy", "counts"), SHOWN.items())
def test_no_mark_says_in_which_cell_of_a_grid_a_few_are(policy, counts, tmp_path):
    """Cells without people are left out: three marks would tell of three people at least.

    Where six people had such a cost, of four marks none could stand for more than three.
    """
    edges = {"cost_left": [0.0, 1.0, 2.0], "cost_right": [1.0, 2.0, 3.0]}
    edges |= {"outcome_left": 0.0, "outcome_right": 1.0, "n": [100, 3, 20]}
    words = {"vq": SimpleNamespace(cost_label="Cost", outcome_label="Gain")}
    draw = distribution_figures.draw_outcome_cost
    drawn = layout.drawing("plane", pd.DataFrame(edges), draw, "Cells", words, caption="Cells")
    door = door_of(make_study(tmp_path, disclosure=policy), "02b-soundness")
    (shown,) = show_result(door, Result("plane", drawing=drawn))
    assert " ".join(row.split(",")[-1] for row in shown["csv"].splitlines()[1:]) == counts
    withheld = {entry["cells"] for entry in shown["withheld"]}  # their number is that of cells with people
    assert withheld == ({"some"} if policy != "none" else set())


@pytest.mark.parametrize(("policy", "size"), [("none", "1.36"), ("nhs-proms", "1.4"), ("hes", "1.4")])
def test_the_title_of_a_figure_has_no_more_digits_than_its_sentence(policy, size, tmp_path):
    claim = Claim("level", "the mean gain", 1.3571, 0.7262, 2.2983, 74)
    rows = pd.DataFrame({"label": ["all"], "estimate": [1.3571], "low": [0.7262], "high": [2.2983], "n": 74})
    door = door_of(make_study(tmp_path, disclosure=policy), "02-value-quota")
    said, shown = show_result(door, Result("x", says=[claim], drawing=interval_drawing(rows, claim, "rows")))
    assert f" {size} " in said["text"]
    assert shown["title"] == f"The mean gain was {size}"


def test_the_line_of_a_quota_has_the_digits_of_its_interval_where_people_are_protected(cohort):
    """In nine digits the ratio of two whole sums was one of 162 patients, and of no other number of them."""
    _, gain, cost = cohort
    said = {"outcome_unit": "points", "cost_label": "Cost", "outcome_label": "Gain", "form": "gain"}
    vq = SimpleNamespace(per=1000.0, **said)
    ratio = pd.DataFrame({"estimate": [2.24984324], "low": [1.64], "high": [2.95]})
    patients = pd.DataFrame({"gain": gain, "cost": cost, "died": False})
    drawn = distribution_figures.outcome_by_cost(vq, patients, ratio).drawing
    rays = [picked(drawn, get_policy(name)).draw.keywords["ray"] for name in ("none", "nhs-proms")]
    assert rays == pytest.approx([2.24984324e-3, 2.2e-3], rel=1e-12)


def test_of_a_fifth_that_is_withheld_the_title_says_nothing():
    """One fifth was left: "from 75.0 to 75.0" said that the lowest and the highest do not differ."""
    rows = [
        ("gain", 1, 75.0),
        ("gain", 2, np.nan),
        ("gain", 3, np.nan),
        ("quota", 1, 70.0),
        ("quota", 3, 80.0),
    ]
    table = pd.DataFrame(rows, columns=["measure", "group", "estimate"])
    assert (
        coefficients._from_to(table)
        == "Means from the lowest to the highest fifth: by quota from 70.0 to 80.0"
    )
    ends = table[:3].assign(low=table["estimate"] - 1, high=table["estimate"] + 1)
    ax = coefficients.plot_perception_by_quantile(ends, new_axes())
    assert [label.get_text() for label in ax.get_xticklabels()] == ["1\n(lowest)", "2", "3\n(highest)"]
