"""Printed numbers: how a figure and a unit are written, and the table that they stand in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from bot.pack.model import Figure, FigureTable, Unit

if TYPE_CHECKING:
    from collections.abc import Mapping

CURRENCIES = (
    *("AED", "AUD", "BDT", "BRL", "CAD", "CHF", "CNY", "DKK", "EUR", "GBP", "HKD", "IDR", "ILS", "INR", "JPY"),
    *("KES", "KRW", "LKR", "MXN", "MYR", "NGN", "NOK", "NPR", "NZD", "PHP", "PKR", "PLN", "SAR", "SEK", "SGD"),
    *("THB", "TRY", "USD", "VND", "ZAR"),
)
SCALES = {"thousand": 1_000, "lakh": 100_000, "million": 1_000_000}
NOT_SAID = "not-said"

_NUMBER = r"[0-9]{1,12}(?:\.[0-9]{1,4})?"
FIGURE_FORM = re.compile(rf"{_NUMBER}(?:\+|-{_NUMBER})?|{NOT_SAID}")
UNIT_FORM = re.compile(
    rf"(?:(?:{'|'.join(SCALES)}) )?(?:{'|'.join(CURRENCIES)}) a (?:year|month|hour)|months|hours|postings"
)


@dataclass(frozen=True, slots=True)
class Range:
    """The two ends of a figure; see Figure."""

    low: Decimal | None
    high: Decimal | None


def figure_range(text: str) -> Range:
    """Read `6-10`, `141000`, `90000+` or `not-said`; raise ValueError where the ends are reversed."""
    if text == NOT_SAID:
        return Range(None, None)
    if text.endswith("+"):
        return Range(Decimal(text[:-1]), None)
    low, _, high = text.partition("-")
    if high and Decimal(high) < Decimal(low):
        raise ValueError("it runs from high to low")
    return Range(Decimal(low), Decimal(high or low))


def unit(text: str) -> Unit:
    """Read a unit that has the form of UNIT_FORM."""
    money, _, period = text.partition(" a ")
    if not period:
        return Unit(text)
    scale, _, currency = money.rpartition(" ")
    return Unit(text, currency, period, SCALES.get(scale, 1))


def table(  # noqa: PLR0913 - one argument a field
    *,
    id: str,  # noqa: A002 - the field's name
    name: str,
    aspect: str,
    unit: Unit,
    describes: str,
    year: str,
    sources: tuple[str, ...],
    where: str,
    figures: Mapping[str, Mapping[str, Range]],
    region: str | None = None,
    note: str | None = None,
) -> FigureTable:
    """Make a table of its fields; what is not said becomes None, and so does the role `any`."""
    rows = tuple(
        Figure(f"{id}.{role}.{level}", None if role == "any" else role, level, ends.low, ends.high)
        for role, levels in figures.items()
        for level, ends in levels.items()
    )
    return FigureTable(
        id,
        name,
        aspect,
        region,
        unit,
        None if describes == NOT_SAID else describes,
        None if year == NOT_SAID else year,
        sources,
        where,
        rows,
        note,
    )
