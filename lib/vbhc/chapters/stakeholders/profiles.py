"""Do the groups differ in all that they raise taken together? The test, and what else could explain it."""

import pandas as pd

from vbhc.chapters.stakeholders.heard import Heard, people
from vbhc.chapters.stakeholders.sentences import blocked_sentence, split_p, ways
from vbhc.publish.results import Result
from vbhc.statistics.profiles import blocks_of, dispersion, permanova
from vbhc.wording import listing, number, percent


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

    The mean of R squared over all splits of n people into a groups is (a - 1) / (n - 1).
    """
    first, second = (people(name) for name in heard.names)
    if pd.isna(row["p"]):
        return f"Nobody among {first} and {second} differs from anybody in what they raise."
    found = "differ" if row["p"] <= heard.alpha else "cannot be told apart"
    size = f"{percent(row['r_squared'])} of the differences between people go with their group"
    if not heard.policy.rounds_to:  # the share by chance tells how many they are
        size += f", where chance alone would give {percent((row['n_groups'] - 1) / (row['n'] - 1))}"
    test = f"{split_p(row)} by {ways(row, heard.policy)} to regroup the interviewees"
    text = f"Taken together, the ideas of {first} and {second} {found}: {size} ({test})"
    return f"{text}{_mixed(heard, spread)}."


def _mixed(heard: Heard, spread: pd.DataFrame) -> str:
    p = spread["p"].iloc[0]
    if pd.isna(p):
        return "; nobody's distance to the own group differs, so that none is more mixed"
    away = listing(number(x) for x in spread["estimate"])
    numbers = f"mean distance to the group's centre {away}, {split_p(spread.iloc[0])}"
    if p > heard.alpha:
        return f"; neither group is shown to be more mixed than the other ({numbers})"
    more = people(str(spread.loc[spread["estimate"].idxmax(), "group"]))
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
    return Result("within-blocks", says=[blocked_sentence(whole, inside, block, heard.alpha, heard.policy)])
