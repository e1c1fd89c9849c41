"""Gains and pains of those who were interviewed: in how many people, and theme by theme.

The unit is the interviewee: how many raise a gain, how many a pain, and who raises more of the one than of
the other. What the codes themselves do is counted apart, in `effects`.
"""

from collections.abc import Callable
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter
from scipy import stats

from vbhc import interviews
from vbhc.chapters.stakeholders.heard import ALL, Heard, people, raised_by_group
from vbhc.chapters.stakeholders.layout import drawing, share_claim
from vbhc.publish import figure_style as style
from vbhc.publish.alt_text import alt_text
from vbhc.publish.claims import Claim
from vbhc.publish.disclosure.policies import OPEN, Policy
from vbhc.publish.interval_figure import frame_rows, name_row
from vbhc.publish.results import Result, either
from vbhc.statistics.tables2x2 import wilson
from vbhc.wording import listing, number, p_value, sentence_case

SIDES = {"gain": (1, style.TOTAL, ""), "pain": (-1, style.DOWN, ""), "neutral": (1, style.QUIET, "////")}


def felt_by_theme(heard: Heard | None, effects: pd.DataFrame) -> pd.DataFrame:
    """Count the interviewees who raise a gain, a pain or something neutral in each theme.

    Parameters
    ----------
    effects : DataFrame
        From `directed_codes`.

    Returns
    -------
    DataFrame
        One row per theme, polarity and group ("all" first, with those of no group): `outcome, theme,
        polarity, group, k, n, share, mechanisms`. Somebody with a gain and a pain in one theme counts in
        both. A code whose sets say gain and pain counts as both. Empty where no code carries a direction.
    """
    if heard is None or effects.empty:
        return pd.DataFrame()
    presence, rows = interviews.presence(heard.coded), []
    for (outcome, theme), own in effects.groupby(["outcome", "theme"], sort=False):
        for polarity in SIDES:
            codes = codes_of(own, polarity)
            for group, k, n in raised_by_group(presence[codes].any(axis=1), heard.groups, everybody=True):
                rows.append((outcome, theme, polarity, group, k, n, k / n if n else float("nan"), len(codes)))
    columns = ["outcome", "theme", "polarity", "group", "k", "n", "share", "mechanisms"]
    return pd.DataFrame(rows, columns=columns)


def codes_of(effects: pd.DataFrame, polarity: str) -> list[str]:
    """Return the codes that are a gain, a pain or neutral; what is both is a gain and a pain."""
    wanted = [polarity] if polarity == "neutral" else [polarity, "both"]
    return list(effects.loc[effects["polarity"].isin(wanted), "code"])


def balance(presence: pd.DataFrame, effects: pd.DataFrame) -> pd.DataFrame:
    """Return per interviewee how many gains and pains were raised: `gains, pains, balance`.

    Private: one row is one person.
    """
    gains, pains = (presence[codes_of(effects, kind)].sum(axis=1) for kind in ("gain", "pain"))
    return pd.DataFrame({"gains": gains, "pains": pains, "balance": gains - pains})


def who_gains(presence: pd.DataFrame, effects: pd.DataFrame) -> tuple[int, int, int]:
    """Return of n interviewees (both, more, n): who raise gains and pains, and who more gains than pains."""
    own = balance(presence, effects)
    both = int(((own["gains"] > 0) & (own["pains"] > 0)).sum())
    return both, int((own["balance"] > 0).sum()), len(own)


def gain_claim(heard: Heard, effects: pd.DataFrame) -> Claim:
    """Return how many interviewees raise more gains than pains, as a claim."""
    _, more, n = who_gains(interviews.presence(heard.coded), effects)
    return share_claim("interviewees raise more gains than pains", more, n, heard.ci_level)


def gains_and_pains(heard: Heard | None, effects: pd.DataFrame, felt: pd.DataFrame) -> Result | None:
    """Show who raises gains, pains and both, in which themes, and whether the groups differ in it.

    None where the codes carry no direction. Under a policy that protects no count of people is drawn.
    """
    if heard is None or felt.empty:
        return None
    presence, policy = interviews.presence(heard.coded), heard.policy
    by_group = gains_by_group(presence, effects, heard.groups, policy)
    told = gains_in_words(presence, effects, heard.ci_level, policy)
    both, _, n = who_gains(presence, effects)
    fields: dict[str, Any] = {"rows": felt["theme"].nunique(), "alt": bars_in_words}
    drawn = drawing("gains-and-pains", felt, draw_gains_pains, gains_title, **fields)
    says = [either(f"{both} of {n} interviewees raise gains as well as pains.", told), by_group]
    return Result("gains-and-pains", says=says, drawing=either(drawn, None))


def bars_in_words(counts: pd.DataFrame) -> str:
    """Return how many of all interviewees each bar stands for."""
    told = counts[(counts["group"] == ALL) & (counts["mechanisms"] > 0)][["theme", "polarity", "k", "n"]]
    return alt_text(told, "Interviewees who raise any gain or pain, by theme")


def gains_title(counts: pd.DataFrame) -> str:
    """Return the finding of the figure: the theme with most gains and the one with most pains."""
    tops = {}
    for polarity in ("gain", "pain"):
        own = counts[(counts["group"] == ALL) & (counts["mechanisms"] > 0) & (counts["polarity"] == polarity)]
        own = own.dropna(subset=["k"])
        if own.empty or not own["k"].max():
            return "Gains and pains by theme"
        tops[polarity] = own.loc[own["k"].idxmax(), "theme"].lower()
    if tops["gain"] == tops["pain"]:
        return sentence_case(f"{tops['gain']} is where most gains and most pains are felt")
    return f"Most gains: {tops['gain']}; most pains: {tops['pain']}"


def gains_in_words(
    presence: pd.DataFrame, effects: pd.DataFrame, ci_level: float = 0.95, policy: Policy = OPEN
) -> str:
    """Return who raises what without a number: what is more than a coin would do, by Wilson's interval."""
    both, more, n = who_gains(presence, effects)

    def most(k: int) -> str:
        low, high = wilson(k, n, ci_level) if n else (0.0, 1.0)
        if low > 0.5:
            return "most of them raise more gains than pains"
        if high < 0.5:
            return "most of them do not raise more gains than pains"
        return "whether most of them raise more gains than pains is not settled"

    lead = "Nobody raises gains as well as pains"
    if policy.hides(both):
        lead = "Who raises gains as well as pains may not be said of so few"
    elif both:
        lead = "It does both: the same interviewees raise gains and pains"
    tail = one_of(most, more, n, policy)
    return f"{lead}; {tail}." if tail else f"{lead}."


def one_of(words: Callable[[int], str], k: int, n: int, policy: Policy) -> str:
    """Return the words for k of n people ("most of them"), "" where they leave too few counts open.

    An outsider can try every count. The words pass where the counts that they fit, and with them the people
    who are left over, spread wider than what the policy itself leaves open.
    """
    fit = [count for count in range(n + 1) if words(count) == words(k)]
    return words(k) if max(fit) - min(fit) > max(policy.hides_up_to, policy.rounds_to) else ""


def gains_by_group(
    presence: pd.DataFrame, effects: pd.DataFrame, groups: pd.Series, policy: Policy = OPEN
) -> str:
    """Return whether the two largest groups differ in gains minus pains per interviewee."""
    sizes = groups.value_counts()
    labels = groups[groups.isin(sizes.index[policy.tells(sizes)])].reindex(presence.index).dropna()
    own = balance(presence, effects).loc[labels.index, "balance"]
    names = list(labels.value_counts().index[:2])
    if len(names) < 2:
        return "No two groups can be compared in this."
    first, second = (own[labels == name] for name in names)
    if min(len(first), len(second)) < 2 or own.nunique() < 2:
        return "Too few interviewees in a group, or all alike, to compare the groups."
    p = stats.mannwhitneyu(first, second, method="auto").pvalue
    lead = "differ" if p <= 0.05 else "do not clearly differ"
    both = zip(names, (first, second), strict=True)
    each = listing(f"{number(part.median(), 1)} for {people(name)} (n = {len(part)})" for name, part in both)
    said = f"{either(f'median {each};', 'Mann-Whitney')} {p_value(p)}"
    return f"The groups {lead} in gains minus pains per interviewee ({said})."


def draw_gains_pains(counts: pd.DataFrame, ax: Axes) -> Axes:
    """Draw gains to the right and pains to the left for each theme, what is neutral hatched below.

    Parameters
    ----------
    counts : DataFrame
        From `felt_by_theme`: bars are all interviewees, marks the share of each group.
    """
    known = style.drawable(counts, "k", "n", "share")
    known = known[known["mechanisms"] > 0]
    if known.empty:
        return style.nothing_to_draw(ax, "No code carries a direction.")
    themes, narrow = list(dict.fromkeys(counts["theme"])), style.is_narrow(ax)
    for row in known[known["group"] == ALL].itertuples():
        _bar(ax, row, themes.index(row.theme))
    _groups(ax, known[known["group"] != ALL], themes)
    for place, theme in enumerate(themes):
        name_row(ax, place, theme, "", narrow, hot=narrow)
    middle = "    " if narrow else "    interviewees who raise any    "
    frame_rows(ax, len(themes), f"← pains{middle}gains →", narrow, share=False)
    ax.axvline(0, color=style.LINE, linewidth=0.8)
    ax.set_xlim(-1.25, 1.25)
    ax.set_xticks([-1, -0.5, 0, 0.5, 1])
    ax.xaxis.set_major_formatter(FuncFormatter(lambda x, _: f"{abs(x):.0%}"))
    return ax


def _bar(ax: Axes, row: Any, place: int) -> None:
    side, colour, hatch = SIDES[row.polarity]
    neutral = row.polarity == "neutral"
    y = place + (0.33 if neutral else 0)
    edge, fill = (style.LINE, "white") if neutral else (colour, colour)
    ax.barh(y, side * row.share, height=0.16 if neutral else 0.42, color=fill, edgecolor=edge, hatch=hatch)
    said, ha = f" {row.k:.0f}{' neutral' if neutral else ''} ", "left" if side > 0 else "right"
    ax.annotate(said, (side * row.share if neutral else side * 1.05, y), ha=ha, va="center", fontsize=8.2)


def _groups(ax: Axes, known: pd.DataFrame, themes: list[str]) -> None:
    groups = list(dict.fromkeys(known["group"]))
    for nth, group in enumerate(groups):
        own = known[(known["group"] == group) & (known["polarity"] != "neutral")]
        x = own["share"] * own["polarity"].map({"gain": 1, "pain": -1})
        y = own["theme"].map(themes.index) + (nth - (len(groups) - 1) / 2) * 0.16
        colour = style.PALETTE[(nth + 1) % len(style.PALETTE)]
        marker = style.MARKERS[nth % len(style.MARKERS)]
        look: dict[str, Any] = {"facecolor": colour, "edgecolor": "white", "marker": marker, "s": 30}
        ax.scatter(x, y, linewidth=0.6, zorder=3, label=people(str(group)), **look)
    if groups:
        style.legend_below(ax, -55 / (ax.get_window_extent().height or 55), 3)
