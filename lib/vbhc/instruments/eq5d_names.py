"""Find the one value set that a name means, and refuse a name that could mean several."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import pandas as pd

from vbhc.instruments.eq5d_tables import FILES, ValueSet, all_sets, own_set
from vbhc.instruments.instrument import rows
from vbhc.problems import did_you_mean

WHERE_LISTED = "`eq5d.value_sets()` lists them all (how: docs/study.md, Value sets)"
COUNTRY_CODES = {row["code"]: row["country"] for row in rows("countries") if row["code"]}
# names under which people know a country's sets; each word counts for the sets of that country
ALSO_KNOWN = {row["country"]: row["also_known"].split() for row in rows("countries")}


def value_sets(version: str | None = None) -> pd.DataFrame:
    """List the shipped EQ-5D value sets.

    Parameters
    ----------
    version : str, optional
        "3L", "5L" or "Y-3L"; all when left out.

    Returns
    -------
    DataFrame
        One row per set: id, version, country, variant, method, year, doi, pmid, citation, url, note.
        `method`: TTO time trade-off, VAS visual analogue scale, VT the EuroQol valuation technology of the
        5L, IVP the international protocol of the Y-3L.

    Examples
    --------
    >>> "3l-tto-uk" in value_sets("3L")["id"].tolist(), "3l-tto-uk" in value_sets("5L")["id"].tolist()
    (True, False)
    """
    wanted = None if version is None else tidy_version(version)
    columns = [
        "id", "version", "country", "variant", "method", "year", "doi", "pmid", "citation", "url", "note",
    ]  # fmt: skip
    rows = [one for one in all_sets().values() if wanted in (None, one.version)]
    return pd.DataFrame([[getattr(one, c) for c in columns] for one in rows], columns=columns)


def tidy_version(version: str) -> str:
    """Return "3L", "5L" or "Y-3L" for any spelling of it ("eq5d-5l", "Y3L").

    Raises
    ------
    ValueError
        For anything else.

    Examples
    --------
    >>> tidy_version("eq5d-5l"), tidy_version("Y3L")
    ('5L', 'Y-3L')
    """
    bare = re.sub(r"[^a-z0-9]", "", str(version).lower()).removeprefix("eq5d")
    known = {re.sub(r"[^a-z0-9]", "", name.lower()): name for name in FILES}
    if bare not in known:
        raise ValueError(f"unknown EQ-5D version {version!r}: {', '.join(FILES)}")
    return known[bare]


@lru_cache(maxsize=512)
def find_value_set(name: Any, version: str | None = None) -> ValueSet:
    """Return the value set that `name` means.

    Parameters
    ----------
    name : str
        An id of `value_sets()`, or words that fit one set only: country, method, year, version, first author.
        A set itself stands for itself; a study's own is what `own_set` takes.
    version : str, optional
        Look among the sets of this version only.

    Raises
    ------
    ValueError
        If no set fits, or more than one does: the candidates are listed. England is not the United Kingdom,
        and either name may be meant by those who write it, so that both are refused in favour of the ids.

    Examples
    --------
    >>> find_value_set("France", "5L").id
    '5l-vt-france'
    """
    if isinstance(name, ValueSet):
        return name
    if isinstance(name, tuple):
        return own_set(name, tidy_version(version or "3L"))
    sets = all_sets()
    if version is not None:
        version = tidy_version(version)
        sets = {key: one for key, one in sets.items() if one.version == version}
    key = str(name).strip().lower()
    if key in sets:
        return sets[key]
    if key in all_sets():
        raise ValueError(f"{name!r} is a set for EQ-5D-{all_sets()[key].version}, not for EQ-5D-{version}")
    asked = _words(key)
    fitting = [one for one in sets.values() if asked and asked <= _known_as(one)]
    if len(fitting) == 1:
        return fitting[0]
    if fitting:
        listed = "\n".join(f"  {one.id} ({_authors(one)}, {one.year})" for one in fitting)
        raise ValueError(f"value set {name!r} is ambiguous; name one by its id:\n{listed}")
    names = [*sets, *sorted({one.country for one in sets.values()})]
    near = did_you_mean(key.title(), names) if key.isalpha() else did_you_mean(key, sets)
    near = f"{near} " if near.startswith("did you") else _of_country(key, sets)
    raise ValueError(f"no EQ-5D value set {name!r}; {near}{WHERE_LISTED}")


def _of_country(code: str, sets: Mapping[str, ValueSet]) -> str:
    """Suggest the sets of the country that a two-letter code means; a code alone never chooses one."""
    found = [one.id for one in sets.values() if one.country == COUNTRY_CODES.get(code)]
    return f"perhaps {' or '.join(found)}; " if found else ""


def _authors(one: ValueSet) -> str:
    """The first author, shortened where there are more."""
    first, *others = one.citation.split(", ")
    return f"{first} et al." if others else first.split(".")[0]


def _words(text: str) -> set[str]:
    """Words of a name without accents of spelling; names of several words also joined ("south korea")."""
    for country in {one.country.lower() for one in all_sets().values() if " " in one.country}:
        text = text.replace(country, country.replace(" ", ""))
    return set(re.findall(r"[^\W_]+", text.replace("y-3l", "y3l")))


@lru_cache(maxsize=256)
def _known_as(one: ValueSet) -> set[str]:
    """Every word that fits a set."""
    text = f"{one.id} {one.country} {one.variant} {one.method} {one.year} {one.citation.split()[0]}".lower()
    return _words(text) | {one.version.lower().replace("-", "")} | set(ALSO_KNOWN.get(one.country, ()))
