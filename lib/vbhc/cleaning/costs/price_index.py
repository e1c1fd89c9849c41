"""Unit costs of other years and currencies, brought to the study's by a table that the study gives.

A price is first brought to the study's price year in its own currency (index of that year over index of its
own), then changed at the rate of that year (Turner et al. 2019, Value Health 22:1026, doi
10.1016/j.jval.2019.03.021). Which index and which rate (exchange or purchasing power) is the study's choice.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pandas as pd

from vbhc import files
from vbhc.problems import Problem, StudyError, did_you_mean, fault
from vbhc.study import Study
from vbhc.study.config import Cost

COLUMNS = ("currency", "year", "index", "rate", "source")
NEEDED = COLUMNS[:3]
CONVERSION_COLUMNS = [
    *("resource", "given", "currency_given", "year_given", "index_ratio", "rate", "unit_cost", "conversion")
]


class PriceIndex(NamedTuple):
    """Price level by (currency, year), and units of the study's currency per unit of the other in a year."""

    level: Mapping[tuple[str, int], float]
    rate: Mapping[tuple[str, int], float]
    file: str

    def gaps(self, currency: str, year: str, cost: Cost) -> Iterator[tuple[str, str, str]]:
        """Yield column, what was found and what was expected for every number that a conversion lacks."""
        if not year.isdigit():
            yield "price_year", f"{year!r}", "a year"
            return
        wanted = (
            {(currency, int(year)), (currency, cost.price_year)} if int(year) != cost.price_year else set()
        )
        for name, when in sorted(wanted - set(self.level)):
            column = "currency" if name not in {known for known, _ in self.level} else "price_year"
            yield column, f"no index of {name} {when}", f"add it to {self.file}"
        if currency != cost.currency and (currency, cost.price_year) not in self.rate:
            found = f"no rate of {currency} in {cost.price_year}"
            yield "currency", found, f"add {cost.currency} per {currency} to {self.file}"


def read_price_index(study: Study) -> PriceIndex | None:
    """Return the study's table of price indices; None where `cost.price_index` names none.

    The file has a row per currency and year: `currency,year,index[,rate][,source]`; `index` is a price level
    (any base, the same for all years of a currency); `rate` the study's currency per unit of this one.

    Raises
    ------
    StudyError
        With every fault: no such file, unknown or absent headers, a year twice, a number not above 0.
    """
    file = study.config.cost.price_index
    if not file:
        return None
    shown, path = study.shown(file), study.folder / file
    if not path.is_file():
        raise fault(shown, "no such file", "`cost.price_index` in study.yml names it")
    table = files.read_whole(path, shown, known=COLUMNS)
    problems = _header_problems(table.header, shown)
    if problems:
        raise StudyError(problems)
    level: dict[tuple[str, int], float] = {}
    rate: dict[tuple[str, int], float] = {}
    for number, row in zip(table.numbers, files.records(table), strict=True):
        text = {name: row.get(name, "").strip() for name in COLUMNS}
        text |= {name: files.plain_number(text[name], table) for name in ("index", "rate")}
        faults = list(_row_faults(text, level))
        problems += [Problem(shown, found, fix, column, number) for column, found, fix in faults]
        if not faults:
            place = (text["currency"], int(text["year"]))
            level[place] = float(text["index"])
            if text["rate"]:
                rate[place] = float(text["rate"])
    if problems:
        raise StudyError(problems)
    return PriceIndex(level, rate, file)


def _header_problems(header: list[str], shown: str) -> list[Problem]:
    unknown = [name for name in header if name not in COLUMNS]
    problems = [Problem(shown, f"unknown column {n!r}", did_you_mean(n, COLUMNS), row=1) for n in unknown]
    return problems + [Problem(shown, f"no column {n!r}", "add it", row=1) for n in NEEDED if n not in header]


def _row_faults(text: Mapping[str, str], seen: Mapping) -> Iterator[tuple[str, str, str]]:
    if not text["currency"]:
        yield "currency", "empty", "a currency such as EUR"
    if not text["year"].isdigit():
        yield "year", f"{text['year']!r}", "a year"
    elif (text["currency"], int(text["year"])) in seen:
        yield "year", f"{text['currency']} {text['year']} stands twice", "keep one"
    for column in ("index", "rate"):
        if (text[column] or column == "index") and not positive_number(text[column]):
            yield column, f"{text[column]!r}", "a number above 0 with a decimal point"


def positive_number(text: str) -> bool:
    """Whether the text is a finite number above 0."""
    try:
        return 0 < float(text) < float("inf")
    except ValueError:
        return False


def convert(table: pd.DataFrame, cost: Cost, index: PriceIndex | None) -> pd.DataFrame:
    """Return unit costs (text cells, checked) as numbers in the study's currency and price year.

    Adds `unit_cost_given, currency_given, price_year_given, index_ratio, rate` and `conversion`, which is ""
    where nothing had to be converted.
    """
    given = table["unit_cost"].astype("float64")
    years = table["price_year"].astype("int64")
    ratios, rates, words = [], [], []
    for amount, currency, year in zip(given, table["currency"], years, strict=True):
        ratio = 1.0
        if year != cost.price_year:
            ratio = index.level[currency, cost.price_year] / index.level[currency, year]
        rate = 1.0 if currency == cost.currency else index.rate[currency, cost.price_year]
        ratios.append(ratio)
        rates.append(rate)
        words.append(_in_words(amount, currency, year, ratio, rate, cost))
    return table.assign(
        unit_cost=given * ratios * pd.Series(rates, index=table.index),
        currency=cost.currency,
        price_year=cost.price_year,
        unit_cost_given=given,
        currency_given=table["currency"],
        price_year_given=years,
        index_ratio=ratios,
        rate=rates,
        conversion=pd.Series(words, index=table.index, dtype="str"),
    )


def _in_words(amount: float, currency: str, year: int, ratio: float, rate: float, cost: Cost) -> str:
    if currency == cost.currency and year == cost.price_year:
        return ""
    text = f"{currency} {amount:,.10g} of {year}"
    text += f" x {ratio:.4f} (prices of {cost.price_year})" if year != cost.price_year else ""
    text += f" x {rate:.6g} ({cost.currency} per {currency})" if currency != cost.currency else ""
    return f"{text} = {cost.currency} {amount * ratio * rate:,.2f}"


def conversions(unit_costs: pd.DataFrame) -> pd.DataFrame:
    """Return the unit costs that were converted, each with its index ratio, its rate and the sum in words.

    Returns
    -------
    DataFrame
        `resource, given, currency_given, year_given, index_ratio, rate, unit_cost, conversion`; empty where
        nothing was converted.
    """
    changed = unit_costs[unit_costs["conversion"] != ""]
    named = changed.rename(columns={"unit_cost_given": "given", "price_year_given": "year_given"})
    return named[CONVERSION_COLUMNS].reset_index(drop=True)
