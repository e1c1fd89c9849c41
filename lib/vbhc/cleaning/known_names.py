"""Which columns the patients' table will have, told from the declarations alone."""

import difflib

from vbhc.cleaning.questions.question import some
from vbhc.cleaning.scoring import is_profile, item_columns, visits_of, weight_columns
from vbhc.cleaning.sources import RESPONDENTS
from vbhc.problems import Problem, did_you_mean
from vbhc.study import Study
from vbhc.study.config import LINES, InstrumentUse

WEIGHTED = ("goals", "own-weights")
SINGLY = 3  # so many absent columns of an instrument are told one by one, more in one line


def wide_names(study: Study) -> set[str]:
    """Return the columns that the patients' table has before anything is scored."""
    names = {study.config.key}
    for name, source in study.config.sources.items():
        own = {n for n, column in study.dictionary.items() if column.source == name}
        if source.layout == "visits":
            names |= {f"{n}_{visit}" for n in own for visit in study.config.visits}
        elif source.layout not in (*LINES, RESPONDENTS):
            names |= own
    return names | _profile_names(study, names)


def _profile_names(study: Study, raw: set[str]) -> set[str]:
    """Return the levels that profiles in one of the `raw` columns are taken apart into."""
    from vbhc.instruments.eq5d_tables import DIMENSIONS

    names: set[str] = set()
    for use in study.config.instruments.values():
        codes = DIMENSIONS if use.instrument.startswith("eq5d-") else ()
        if is_profile(use, codes):
            whole = {visit: "_".join(filter(None, (use.items[0], visit))) for visit in visits_of(study, use)}
            names |= {n for visit, c in whole.items() if c in raw for n in item_columns(use, codes, visit)}
    return names


def score_names(study: Study) -> tuple[set[str], set[str]]:
    """Return the columns that scoring adds, and those that instruments with a fault would add.

    The second as far as can be told: what names one of them is no second fault.
    """
    from vbhc import instruments

    names: set[str] = set()
    hidden: set[str] = set()
    for name, use in study.config.instruments.items():
        visits = visits_of(study, use)
        if instrument_problems(study, name):
            at = (*study.config.visits, *visits)
            hidden |= {use.column(stem, visit) for stem in _likely_stems(use) for visit in at}
        else:
            scales = instruments.scales(use.instrument, **use.scored_with)
            names |= {use.column(scale.column, visit) for scale in scales for visit in visits}
    return names, hidden


def _likely_stems(use: InstrumentUse) -> set[str]:
    """Return the stems of an instrument, or of the one nearest in name, without what its options change."""
    from vbhc import instruments

    table = instruments.registry()
    near = difflib.get_close_matches(use.instrument, list(table["instrument"].unique()), n=1)
    stems = set(table.loc[table["instrument"].isin(near), "column"])
    stems |= {str(use.options["scale"])} if "scale" in use.options else set()
    return {str(stem) for stem in stems}


def patients_columns(study: Study) -> set[str]:
    """Return the columns of the cleaned patients: raw ones, scores, changes, perception and costs."""
    scores, _ = score_names(study)
    names = wide_names(study) | scores | ({"perceived_value"} if study.config.perception else set())
    if len(study.config.visits) > 1:
        stems = (n.removesuffix(f"_{study.follow_up}") for n in scores if n.endswith(f"_{study.follow_up}"))
        names |= {f"{stem}_change" for stem in stems}
    cost = study.config.cost
    return names | ({study.cost_component_column(part) for part in ("", *cost.components)} if cost else set())


def instrument_problems(study: Study, name: str) -> list[Problem]:
    """Return what is wrong with one use of an instrument: its name, options, value set and item columns."""
    return use_problems(study, name) or absent_items(study, name)


def use_problems(study: Study, name: str) -> list[Problem]:
    """Return what is wrong with one use of an instrument, whatever the dictionary says."""
    from vbhc import instruments

    use, shown = study.config.instruments[name], study.shown("study.yml")
    where = f"instruments.{name}"
    try:
        instrument = instruments.get(use.instrument)
        if fault := _own_score_fault(use):
            return [Problem(shown, *fault, where)]
        instruments.scales(use.instrument, **use.scored_with)
    except (ValueError, TypeError) as error:
        return [Problem(shown, str(error), "", where)]
    if isinstance(use.items, str) and (fault := pattern_fault(use.items, len(instrument.items))):
        return [Problem(shown, *fault, f"{where}.items")]
    if is_profile(use, instrument.items):
        return []
    if not isinstance(use.items, str) and instrument.items and len(use.items) != len(instrument.items):
        expected = f"{len(instrument.items)}, in the order {', '.join(instrument.items)}"
        return [Problem(shown, f"{len(use.items)} item columns", expected, f"{where}.items")]
    items = item_columns(use, instrument.items, "")
    scores = [use.column(one.column) for one in instruments.scales(use.instrument, **use.scored_with)]
    if len(items) > 1 and (same := sorted(set(scores) & set(items))):
        fix = "set the score apart, such as suffix: total"
        return [Problem(shown, f"the score {same[0]!r} has the name of one of its items", fix, where)]
    return []


def _own_score_fault(use: InstrumentUse) -> tuple[str, str] | None:
    """Return what is wrong with a score's utility or MCID, or with the patients' own weights; the remedy."""
    if (use.utility or use.mcid) and not use.own_score:
        return "`utility` and `mcid` are those of a ready-made score", f"leave them out of {use.instrument}"
    if use.utility and use.range[1:] != (1,):
        return "a utility ends at 1, full health", "such as range: [-0.594, 1]"
    if use.mcid and not (use.mcid.value > 0 and use.mcid.source.strip()):
        return "an MCID is a size above 0, with its source", "cite it"
    if use.weights and use.instrument not in WEIGHTED:
        return "`weights` are those of goals and own-weights", f"leave them out of {use.instrument}"
    if use.weights and len(use.weights) != len(use.items):
        return f"{len(use.weights)} weights for {len(use.items)} items", "one each, in the same order"
    return None


def absent_items(study: Study, name: str) -> list[Problem]:
    """Return the item columns that the dictionary lacks: one by one, or in one line where they are many.

    An item that is absent at every visit is named without one, as a `visits` file lists it.
    """
    from vbhc import instruments

    use, known = study.config.instruments[name], wide_names(study)
    codes, visits = instruments.get(use.instrument).items, visits_of(study, use)
    named = {v: [*item_columns(use, codes, v), *weight_columns(use, known, v)] for v in visits}
    absent = {v: [column for column in columns if column not in known] for v, columns in named.items()}
    file, where = study.shown("dictionary.csv"), f"instruments.{name}.items"
    columns = [column for visit in visits for column in absent[visit]]
    if len(columns) <= SINGLY:
        return [Problem(file, f"no column {c!r}", did_you_mean(c, sorted(known)), where) for c in columns]
    stems = list(item_columns(use, codes, ""))
    everywhere = [s for s in stems if all((f"{s}_{v}" if v else s) in absent[v] for v in visits)]
    rest = [c for v in visits for c in absent[v] if c not in {f"{s}_{v}" if v else s for s in everywhere}]
    found = f"no column {some([repr(name) for name in everywhere + rest])}"
    found += f" (with or without the visit: {', '.join(visits)})" if everywhere and visits != ("",) else ""
    near = did_you_mean((everywhere + rest)[0], sorted(known | set(study.dictionary)))
    items = f"{use.instrument} has the items {', '.join(codes)}; name the columns by them, or list yours"
    return [Problem(file, found, f"{near} {items}" if near.startswith("did you mean") else items, where)]


def pattern_fault(pattern: str, n_items: int) -> tuple[str, str] | None:
    """Return what is wrong with a pattern of item columns: it holds `{item}` and no other braces.

    With a single item it may be the column's name as it is.
    """
    rest = pattern.replace("{item}", "")
    if (rest != pattern or n_items == 1) and "{" not in rest and "}" not in rest:
        return None
    return f"found {pattern!r}", "a pattern with {item}, such as 'eq5d_{item}', or a list of columns"
