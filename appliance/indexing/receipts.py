"""Amounts, totals, dates and the shop of a receipt, read from its rows. Pure functions; what is not certain is left out."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

CURRENCIES = {
    "€": "EUR", "eur": "EUR", "euro": "EUR", "$": "USD", "usd": "USD", "£": "GBP", "gbp": "GBP", "chf": "CHF", "sfr": "CHF",
    "fr.": "CHF", "¥": "JPY", "jpy": "JPY",
}  # fmt: skip
_MARK = r"€|\$|£|¥|\b(?:eur|euro|usd|gbp|chf|sfr|jpy)\b|\bfr\."
_AMOUNT = re.compile(
    r"(?<![\d.,:/-])(?P<whole>\d{1,3}(?:[.,'’ ]\d{3})+|\d{1,7})\s?[.,]\s?(?P<cents>\d{2}|--?)(?![\d:/%]|[.,-]\d|\s?%)"
)
_TOTAL = re.compile(
    r"\b(?:total|totale|grand total|amount due|balance due|to pay|summe|gesamt|gesamtbetrag|endbetrag|rechnungsbetrag|zu zahlen"
    r"|betrag|montant|net à payer|a payer|à payer|importe|a pagar|total a pagar)\b",
    re.IGNORECASE,
)
_PART = re.compile(
    r"sub.?total|zwischensumme|sous.?total|netto|\bnet\b(?! à)|tax|mwst|vat|tva|\biva\b|ust|discount|rabatt|remise"
    r"|descuento|saved|points|items|artikel",
    re.IGNORECASE,
)
_PAID = re.compile(r"cash|tendered|change|gegeben|rückgeld|zurück|espèces|rendu|efectivo|cambio|entregado", re.IGNORECASE)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar jän janvier janv enero ene",
            "feb february februar février févr fevrier febrero",
            "mar march märz mrz mars marzo",
            "apr april avril avr abril abr",
            "may mai mayo",
            "jun june juni juin junio",
            "jul july juli juillet juil julio",
            "aug august août aout agosto ago",
            "sep sept september septembre septiembre",
            "oct october okt oktober octobre octubre",
            "nov november novembre noviembre",
            "dec december dez dezember décembre déc diciembre dic",
        ),
        start=1,
    )
    for name in names.split()
}
_ISO = re.compile(r"(?<!\d)(20\d\d|19\d\d)[-./](\d{1,2})[-./](\d{1,2})(?!\d)")
_NUMERIC = re.compile(r"(?<!\d)(\d{1,2})([-./])\s?(\d{1,2})\2\s?(20\d\d|19\d\d|\d\d)(?!\d)")
_NAMED = re.compile(r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?\.?\s*(?:de\s+)?([^\W\d_]{3,10})\.?,?\s*(?:de\s+)?(20\d\d|19\d\d)(?!\d)")
_NAMED_FIRST = re.compile(r"\b([^\W\d_]{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(20\d\d|19\d\d)(?!\d)")
_HEADING = re.compile(
    r"\W*(?:receipt|sales receipt|invoice|quittung|kassenbon|rechnung|facture|ticket|reçu|recibo|factura|welcome|willkommen"
    r"|bienvenue|thank you|danke|merci|gracias)\W*",
    re.IGNORECASE,
)
SHOP_WITHIN = 5  # rows: the shop's name stands at the top
LONGEST_SHOP = 60


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a receipt says; None for what could not be read with certainty. `currency` is an ISO 4217 code."""

    date: date | None
    shop: str | None
    total: Decimal | None
    currency: str | None


def receipt_facts(rows: Sequence[str]) -> Receipt:
    """Return the facts of a receipt, given its rows from top to bottom (`recognised_text.words`, split into lines)."""
    american = _currency(rows) == "USD"
    return Receipt(_date(rows, american=american), _shop(rows), _total(rows), _currency(rows))


def amounts_of(row: str) -> list[Decimal]:
    """Return the amounts of money in a row, left to right: numbers with two digits behind a point or a comma."""
    return [_decimal(match) for match in _AMOUNT.finditer(row)]


def is_total(row: str) -> bool:
    """Whether a row speaks of the total, not of a part of it."""
    return bool(_TOTAL.search(row)) and not _PART.search(row)


def _decimal(match: re.Match[str]) -> Decimal:
    whole = re.sub(r"\D", "", match["whole"])
    cents = match["cents"] if match["cents"].isdigit() else "00"
    return Decimal(f"{whole}.{cents}")


def _total(rows: Sequence[str]) -> Decimal | None:
    """The amount in the row of the total, or in the next when that row has none; of several such rows the largest."""
    totals: list[Decimal] = []
    for index, row in enumerate(rows):
        if is_total(row):
            beside = amounts_of(row)
            below = amounts_of(rows[index + 1]) if index + 1 < len(rows) and not _PAID.search(rows[index + 1]) else []
            totals += beside[-1:] or below[:1]
    return max(totals, default=None)


def _currency(rows: Sequence[str]) -> str | None:
    """The currency that the rows name, when they name one only."""
    marks = {CURRENCIES[match[0].lower()] for row in rows for match in re.finditer(_MARK, row, re.IGNORECASE)}
    return marks.pop() if len(marks) == 1 else None


def _date(rows: Sequence[str], *, american: bool) -> date | None:
    """The first date that is one. “04/05/2021” is 4 May, on a receipt in dollars April 5."""
    for row in rows:
        for found in (_iso(row), _named(row), _numeric(row, american=american)):
            if found is not None:
                return found
    return None


def _iso(row: str) -> date | None:
    match = _ISO.search(row)
    return _day(int(match[1]), int(match[2]), int(match[3])) if match else None


def _named(row: str) -> date | None:
    for match in _NAMED.finditer(row):
        if month := _MONTHS.get(match[2].lower()):
            return _day(int(match[3]), month, int(match[1]))
    for match in _NAMED_FIRST.finditer(row):
        if month := _MONTHS.get(match[1].lower()):
            return _day(int(match[3]), month, int(match[2]))
    return None


def _numeric(row: str, *, american: bool) -> date | None:
    match = _NUMERIC.search(row)
    if not match:
        return None
    year = int(match[4]) + (2000 if len(match[4]) == 2 else 0)
    first, second = int(match[1]), int(match[3])
    monthly = american and match[2] != "."
    return (_day(year, first, second) if monthly else None) or _day(year, second, first) or _day(year, first, second)


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _shop(rows: Sequence[str]) -> str | None:
    """The first of the top rows that is a name: mostly letters, no amount, no date, no greeting."""
    for row in rows[:SHOP_WITHIN]:
        letters = sum(letter.isalpha() for letter in row)
        if letters >= 3 and letters * 2 >= len(row) and not amounts_of(row) and not _HEADING.fullmatch(row):
            return row[:LONGEST_SHOP]
    return None
