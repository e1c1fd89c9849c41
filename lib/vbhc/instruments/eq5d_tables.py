"""Load the EQ-5D value sets and turn each into a table of the index of every profile.

The index of a profile is the set's value of full health plus the terms that its paper lists. These terms
cover all shipped sets (each set cites its paper; the key of a term in the data file is given in brackets):

- the level of each dimension (`levels`);
- a constant where any dimension has a problem (`any_problem`), reaches level 3 (`any_level_3`, 3L; Dolan's
  "N3"), level 4 (`any_level_4plus`) or level 5 (`any_level_5`), or all reach level 3 (`all_level_3`);
- terms in the number of dimensions at a level (`count_terms`, see `COUNTS`; Shaw 2005, doi
  10.1097/00005650-200503000-00003, table 3, for D1, I2, I3 and their squares);
- products of two dummies (`interactions`, `mo3sc3`) or of two levels (`product_terms`);
- Canada 5L: a further term per dimension at level 4 or 5 (`extra_if_4or5`) and the squared number of these
  beyond the first (`num45_minus1_squared`; Xie 2016, doi 10.1097/MLR.0000000000000447);
- Indonesia Y-3L: the loss is raised to a power (`power`); Germany VAS: factors are multiplied
  (`combine: product`); Australia 3L: published exceptions (`overrides`).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from vbhc import shipped

DIMENSIONS = ("mo", "sc", "ua", "pd", "ad")
FILES = {"3L": "3l.yaml", "5L": "5l.yaml", "Y-3L": "y3l.yaml"}
LEVELS = {"3L": 3, "5L": 5, "Y-3L": 3}


@dataclass(frozen=True, eq=False)
class ValueSet:
    """One published value set: who, when, where, and its terms.

    >>> all_sets()["3l-tto-uk"].year, all_sets()["3l-tto-uk"].n_levels
    (1997, 3)
    """

    id: str
    version: str
    country: str
    method: str
    year: int
    doi: str
    citation: str
    full_health: float
    levels: dict[str, list[float]]
    variant: str = ""
    pmid: str = ""
    url: str = ""
    note: str = ""
    combine: str = "sum"
    terms: dict = field(default_factory=dict)

    @property
    def n_levels(self) -> int:
        """Number of levels per dimension."""
        return LEVELS[self.version]


@lru_cache(maxsize=1)
def all_sets() -> dict[str, ValueSet]:
    """Every shipped value set by its id.

    >>> all_sets()["3l-tto-uk"].doi
    '10.1097/00005650-199711000-00002'
    """
    return {one.id: one for version in FILES for one in _read(version)}


def _read(version: str) -> list[ValueSet]:
    """Keys of a set that are no field of `ValueSet` are its further terms."""
    sets = []
    for raw in shipped.tree(__file__, f"value_sets/{FILES[version]}")["sets"]:
        known = {key: raw[key] for key in raw if key in ValueSet.__dataclass_fields__}
        terms = {key: raw[key] for key in raw if key not in ValueSet.__dataclass_fields__}
        sets.append(ValueSet(version=version, terms=terms, **known))
    return sets


@lru_cache(maxsize=4)
def grid(n_levels: int) -> np.ndarray:
    """Every profile, one row each, 11111 first and the last dimension turning fastest.

    >>> len(grid(5)), grid(3)[1].tolist()
    (3125, [1, 1, 1, 1, 2])
    """
    return np.indices((n_levels,) * 5, dtype=np.int64).reshape(5, -1).T + 1


OWN_TERMS = ("any_problem", "any_level_3", "any_level_4plus", "any_level_5")


@lru_cache(maxsize=32)
def own_set(own: tuple[str, str, tuple[tuple[str, float], ...]], version: str) -> ValueSet:
    """Return a study's own value set, of its id, its source and its values.

    The values are the index of every profile (`21232`), or what each level takes away (`mo2` ... `ad3`) with
    `full_health` (1) and terms of `OWN_TERMS`. ValueError for a level or profile that is absent or unknown.

    >>> levels = [(f"{name}{level}", -0.1 * level) for name in DIMENSIONS for level in (2, 3)]
    >>> round(float(table(own_set(("x", "nobody", (*levels, ("any_problem", -0.05))), "3L"))[-1]), 2)
    -0.55
    """
    name, source, pairs = own
    given, steps = dict(pairs), range(2, LEVELS[version] + 1)
    profiles = {"".join(map(str, row)) for row in grid(LEVELS[version]).tolist()}
    levels = {f"{one}{level}" for one in DIMENSIONS for level in steps}
    wanted = profiles if any(key.isdigit() for key in given) else levels
    known = wanted | {"full_health", *OWN_TERMS} if wanted is levels else wanted
    if wrong := sorted((wanted - set(given)) | (set(given) - known)):
        shown = f"{', '.join(wrong[:3])}{' ...' * (len(wrong) > 3)}"
        raise ValueError(f"{name}: EQ-5D-{version} takes {len(wanted)} values; absent or unknown: {shown}")
    parts = {one: [0.0, *(given.get(f"{one}{level}", 0.0) for level in steps)] for one in DIMENSIONS}
    terms = {"overrides": given} if wanted is profiles else {k: v for k, v in given.items() if k in OWN_TERMS}
    return ValueSet(
        name, version, "", "own", 0, "", source, given.get("full_health", 1.0), parts, terms=terms
    )  # fmt: skip


@lru_cache(maxsize=256)
def table(one: str | ValueSet) -> np.ndarray:
    """Index of every profile of a set (or the set of an id), in the order of `grid`; read-only, built once.

    Dolan 1997: full health is 1, the worst profile -0.594.

    >>> table("3l-tto-uk")[[0, -1]].round(3).tolist()
    [1.0, -0.594]
    """
    values = _evaluate(all_sets()[one] if isinstance(one, str) else one)
    values.setflags(write=False)
    return values


def _evaluate(value_set: ValueSet) -> np.ndarray:
    profiles = grid(value_set.n_levels)
    terms = dict(value_set.terms)
    by_dimension = [np.asarray(value_set.levels[d])[profiles[:, k] - 1] for k, d in enumerate(DIMENSIONS)]
    if value_set.combine == "product":
        any_problem = np.where((profiles > 1).any(axis=1), terms["any_problem"], 1.0)
        return value_set.full_health * np.prod(by_dimension, axis=0) * any_problem
    power, overrides = terms.pop("power", 1), terms.pop("overrides", {})
    change = np.sum(by_dimension, axis=0)
    for name, value in terms.items():
        parts = value.items() if isinstance(value, dict) else [("", value)]
        change = change + sum(factor * TERMS[name](profiles, part) for part, factor in parts)
    if power != 1:
        change = -((-change) ** power)
    index = value_set.full_health + change
    for profile, value in overrides.items():
        place = [int(level) - 1 for level in profile]
        index[np.ravel_multi_index(place, (value_set.n_levels,) * 5)] = value
    return index


def _beyond_first(there: np.ndarray) -> np.ndarray:
    return np.maximum(there.sum(axis=1) - 1, 0)


def _pair(profiles: np.ndarray, name: str) -> np.ndarray:
    """Such as `mo3sc3`: mobility at level 3 and self-care at level 3."""
    first, second = DIMENSIONS.index(name[:2]), DIMENSIONS.index(name[3:5])
    return (profiles[:, first] == int(name[2])) & (profiles[:, second] == int(name[5]))


def _product(profiles: np.ndarray, name: str) -> np.ndarray:
    """Such as `moad`: (mobility - 1) x (anxiety/depression - 1)."""
    steps = profiles - 1
    return steps[:, DIMENSIONS.index(name[:2])] * steps[:, DIMENSIONS.index(name[2:])]


def _only(profiles: np.ndarray, level: int) -> np.ndarray:
    here = profiles == level
    return np.logical_and((here | (profiles == 1)).all(axis=1), here.any(axis=1))


# I2, I3: dimensions at level 2 (3) beyond the first; C2, C3: all of them; D1: dimensions with any problem
# beyond the first. O2, O3: some dimensions at level 2 (3), the rest at 1. Z2: both 2 and 3 occur. Z3: number
# at level 2 where a 3 occurs. X5: no dimension without problems.
COUNTS: dict[str, Callable[[np.ndarray], np.ndarray]] = {
    "D1": lambda p: _beyond_first(p > 1),
    "I2": lambda p: _beyond_first(p == 2),
    "I3": lambda p: _beyond_first(p == 3),
    "I2square": lambda p: _beyond_first(p == 2) ** 2,
    "I3square": lambda p: _beyond_first(p == 3) ** 2,
    "C2square": lambda p: (p == 2).sum(axis=1) ** 2,
    "C3square": lambda p: (p == 3).sum(axis=1) ** 2,
    "O2": lambda p: _only(p, 2),
    "O3": lambda p: _only(p, 3),
    "Z2": lambda p: np.logical_and((p == 2).any(axis=1), (p == 3).any(axis=1)),
    "Z3": lambda p: (p == 2).sum(axis=1) * (p == 3).any(axis=1),
    "X5": lambda p: np.all(p > 1, axis=1),
}
#: What a term multiplies; the second argument is the part that a coefficient belongs to, if it has parts.
TERMS: dict[str, Callable[[np.ndarray, str], Any]] = {
    "any_problem": lambda p, part: (p > 1).any(axis=1),
    "any_level_3": lambda p, part: (p == 3).any(axis=1),
    "all_level_3": lambda p, part: (p == 3).all(axis=1),
    "any_level_4plus": lambda p, part: (p >= 4).any(axis=1),
    "any_level_5": lambda p, part: (p == 5).any(axis=1),
    "count_terms": lambda p, part: COUNTS[part](p),
    "interactions": _pair,
    "extra_if_4or5": lambda p, part: p[:, DIMENSIONS.index(part)] >= 4,
    "num45_minus1_squared": lambda p, part: _beyond_first(p >= 4) ** 2,
    "product_terms": _product,
}
