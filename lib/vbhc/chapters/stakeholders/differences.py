"""Do two groups raise different ideas: all taken together, and which ones? And what could so few have shown?

Under a policy that protects, a verdict about a code says something of its counts: for 14 and 12 people the
p-values of three tests, with three decimals, leave one pair of counts open, or two.
"""

from functools import partial

import pandas as pd

from vbhc.chapters.stakeholders.heard import Heard, people, reachability_sentence
from vbhc.chapters.stakeholders.layout import draw_shares, drawing, furthest_groups, group_counts, height_of
from vbhc.publish.disclosure.policies import OPEN, Policy
from vbhc.publish.results import Drawing, Result, either
from vbhc.statistics.presence import compare_codes
from vbhc.statistics.profiles import blocks_of, dispersion, permanova
from vbhc.statistics.resampling import least_p
from vbhc.wording import level_name, listing, number, p_value, percent

MOST = 6  # gaps that are drawn
NO_CODE_SHOWN = "How many of each group raise a code is withheld: every number of so few tells of too few."


def whole_profiles(heard: Heard | None, n_permutations: int = 9999, seed: int = 0) -> pd.DataFrame:
    """Return the test of whole profiles (`statistics.profiles.permanova`); no row without two groups."""
    if heard is None or not heard.comparable:
        return pd.DataFrame()
    return permanova(heard.presence, heard.pair, seed=seed, draws=n_permutations)


def how_mixed(heard: Heard | None, n_permutations: int = 9999, seed: int = 0) -> pd.DataFrame:
    """Return how mixed each group is (`statistics.profiles.dispersion`); no row without two groups."""
    if heard is None or not heard.comparable:
        return pd.DataFrame()
    return dispersion(heard.presence, heard.pair, seed=seed, draws=n_permutations)


def taken_together(heard: Heard | None, whole: pd.DataFrame, spread: pd.DataFrame) -> Result | None:
    """Say whether whole profiles differ by group, how far, and whether one group is only more mixed."""
    if heard is None or whole.empty:
        return None
    return Result("omnibus", says=[profiles_in_words(heard, whole.iloc[0], spread)])


def profiles_in_words(heard: Heard, row: pd.Series, spread: pd.DataFrame) -> str:
    """Return what both tests say; the share that chance alone would give stands beside the one found.

    The mean of R squared over all splits of n people into two groups is 1 / (n - 1).
    """
    first, second = (people(name) for name in heard.names)
    if pd.isna(row["p"]):
        return f"Nobody among {first} and {second} differs from anybody in what they raise."
    found = "differ" if row["p"] <= heard.alpha else "cannot be told apart"
    size = f"{percent(row['r_squared'])} of the differences between people go with their group"
    if not heard.policy.rounds_to:  # the share by chance tells how many they are
        size += f", where chance alone would give {percent(1 / (row['n'] - 1))}"
    test = f"{split_p(row)} by {ways(row)} to regroup the interviewees"
    text = f"Taken together, the ideas of {first} and {second} {found}: {size} ({test})"
    return f"{text}{_mixed(heard, spread, differ=found == 'differ')}."


def _mixed(heard: Heard, spread: pd.DataFrame, differ: bool) -> str:
    p = spread["p"].iloc[0]
    if pd.isna(p):
        return "; nobody's distance to the own group differs, so that none is more mixed"
    away = listing(number(x) for x in spread["estimate"])
    numbers = f"mean distance to the group's centre {away}, {split_p(spread.iloc[0])}"
    if p > heard.alpha:
        return f"; neither group is shown to be more mixed than the other ({numbers})"
    more = people(str(spread.loc[spread["estimate"].idxmax(), "group"]))
    if not differ:
        return f"; {more} are more mixed ({numbers})"
    return f"; but {more} are more mixed ({numbers}), to which the first test answers too"


def inside_places(
    heard: Heard, whole: pd.DataFrame, block: str, n_permutations: int, seed: int
) -> Result | None:
    """Say whether the verdict stands where labels change places only inside each place.

    None where the interviewees have no such attribute or two groups are not compared.
    """
    blocks = blocks_of(heard.coded.participants, block)
    if blocks is None or whole.empty:
        return None
    inside = permanova(heard.presence, heard.pair, blocks=blocks, seed=seed, draws=n_permutations)
    return Result("within-blocks", says=[blocked_sentence(whole.iloc[0], inside.iloc[0], block, heard.alpha)])


def blocked_sentence(free: pd.Series, inside: pd.Series, name: str, alpha: float = 0.05) -> str:
    """Return whether the verdict of `permanova` stays where labels change places inside a block only."""
    if pd.isna(inside["p"]):
        return f"Within each {name} nobody differs from anybody; there is nothing to compare."
    verdict = "stays" if (free["p"] <= alpha) == (inside["p"] <= alpha) else "changes"
    lead = f"With the {name} held fixed ({ways(inside)} to split the interviewees inside each {name})"
    return f"{lead} the verdict {verdict}: {split_p(inside)} after {split_p(free)}."


def split_p(row: pd.Series, name: str = "p") -> str:
    """Return the p-value of a test over splits; "p <= .002" where none of a sample was as extreme."""
    return p_value(row[name], least_p(int(row["n_splits"]), bool(row["exact"])))


def ways(row: pd.Series) -> str:
    """Return from how many ways a p-value was counted; that number tells how large the groups are."""
    many = either(f"{int(row['n_splits']):,} ")
    return f"all {many}ways" if row["exact"] else f"a sample of {many}ways"


def codes_compared(
    heard: Heard | None, ci_level: float = 0.95, n_permutations: int = 9999, seed: int = 0
) -> pd.DataFrame:
    """Return the comparison of every code (`statistics.presence.compare_codes`) with its `label`.

    No row without two groups.
    """
    if heard is None or not heard.comparable:
        return pd.DataFrame()
    table = compare_codes(heard.presence, heard.pair, ci_level, seed, draws=n_permutations)
    return table.assign(label=table["code"].map(heard.labels))


def widest_gaps(heard: Heard | None, codes: pd.DataFrame) -> Result | None:
    """Show the widest gaps between the groups, what the tests say of them, and what could have shown.

    Under a policy that protects, only codes of which every count may be told are drawn.
    """
    if heard is None or codes.empty:
        return None
    # What an exact test needs of groups gives their sizes back, so it is asked of rounded ones.
    sizes = [int(heard.policy.rounded(codes[f"n_{side}"].iloc[0])) for side in ("first", "second")]
    (n1, n2), (first, second) = sizes, heard.names
    could = reachability_sentence(n1, n2, first, second, heard.alpha)
    says = [codes_sentence(codes.assign(code=codes["label"]), heard.alpha, heard.policy), could]
    counts = sizes if heard.policy.tells(pd.Series(sizes)).all() else []
    rows = gap_rows(heard, codes)
    if rows.empty:
        return Result("by-code", says=[*says, NO_CODE_SHOWN], counts=counts)
    return Result("by-code", says=says, counts=counts, drawing=_drawing(heard, len(codes), rows))


def gap_rows(heard: Heard, codes: pd.DataFrame) -> pd.DataFrame:
    """Return `code, label, group, k, n, estimate, low, high` of the codes with the widest gaps.

    The widest first, at most six, a row for each group; codes without a gap are left out, and under a policy
    those of which a count, or what it leaves of its group, may not be told.
    """
    order = codes.assign(gap=codes["estimate"].abs()).sort_values("gap", ascending=False, kind="stable")
    order = order[order["gap"] > 0]
    chosen = list(order.loc[may_name(order, heard.policy), "code"])[:MOST]
    counts = group_counts(heard.presence[chosen], heard.pair, heard.ci_level)
    return counts.assign(label=counts["code"].map(heard.labels))


def _drawing(heard: Heard, n_codes: int, rows: pd.DataFrame) -> Drawing:
    n = rows["label"].nunique()
    which = "The widest gap" if n == 1 else f"The {n} widest gaps"
    of = either(f"{n_codes} codes", "those codes of which the counts may be shown")
    words = {"which": f"{which} of {of}", "level": level_name(heard.ci_level)}
    draw = partial(draw_shares, told=heard.names[:1])
    return drawing("by-code", rows, draw, gap_title, words, **height_of(rows))


def gap_title(rows: pd.DataFrame) -> str:
    """Return the widest gap that may be told, as counts: a fact about these people, and no verdict."""
    known = rows.dropna(subset=["k", "n", "estimate"])
    whole = known.groupby("label", sort=False).filter(lambda own: len(own) == rows["group"].nunique())
    ends = furthest_groups(whole)
    if ends is None:
        return f"Who raised what{either('', ', as far as the counts may be shown')}"
    told = sorted(ends, key=lambda row: row.name)
    sides = [f"{row['k']:.0f} of {row['n']:.0f} {people(str(row['group']))}" for row in told]
    return f"Widest gap{either('', ' that may be shown')}: {ends[0]['label']}, {sides[0]} against {sides[1]}"


def codes_sentence(table: pd.DataFrame, alpha: float = 0.05, policy: Policy = OPEN) -> str:
    """Return how many codes differ by each of the two tests, and which ones stand after correction.

    The two answer two questions: one code looked at alone (mid-p, uncorrected), and the same code when it
    is one of many that were looked at (max-T over all splits). Codes that stand alone only are counted and
    not named. Under a policy that protects neither are those whose counts are withheld: a verdict tells of
    the counts, as do how many stand alone and the smallest p where any are withheld.
    """
    n, row = len(table), table.iloc[0]
    raw, kept = table[table["mid_p"] <= alpha], table[table["max_t_p"] <= alpha]
    few = not may_name(table, policy).all()  # beside the others how many differ one by one tells of these
    if n == 1 and few:
        return f"Whether the groups differ on the only code, {row['code']}, may not be said of so few."
    if n == 1:
        verdict = "differs" if row["mid_p"] <= alpha else "shows no clear difference"
        return f"The only code, {row['code']}, {verdict} between the groups (mid-{p_value(row['mid_p'])})."
    if few:
        some = f"{len(kept)} differ{'s' * (len(kept) == 1)}{names_said(kept, policy)}"
        return f"Allowing for having looked at all {n} codes, {some if len(kept) else 'none differs'}."
    lead = f"Looked at one by one, {len(raw) or 'none'} of {n} codes differ{'s' * (len(raw) < 2)}"
    lead += f"; allowing for having looked at all {n}, "
    if len(kept):
        return f"{lead}{len(kept)} still {'does' if len(kept) == 1 else 'do'}{names_said(kept, policy)}."
    lowest = table.loc[table["max_t_p"].idxmin()]
    return f"{lead}none does (smallest {split_p(lowest, 'max_t_p')})."


def may_name(codes: pd.DataFrame, policy: Policy = OPEN) -> pd.Series:
    """Return for each code of `compare_codes` whether its counts, and what they leave, may be shown.

    A verdict names no other.
    """
    raised = codes[["k_first", "k_second"]]
    return policy.tells(raised.join(codes[["n_first", "n_second"]] - raised.to_numpy()))


def names_said(codes: pd.DataFrame, policy: Policy = OPEN) -> str:
    """Return ": " and the names of codes as far as they may be said, or that they may not."""
    told = may_name(codes, policy)
    names = list(codes.loc[told, "code"])
    if not names:
        return "; by name it would tell of withheld counts"
    return f": {listing(names if told.all() else [*names, 'others that may not be named'])}"
