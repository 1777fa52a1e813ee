"""Rules say what kind of document a picture is, and say nothing where they are not sure; receipts give their facts."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

import pytest

from appliance.adapters.pixels import Decoder
from appliance.adapters.rgb import Rgb
from appliance.adapters.text_lines import Line, Text
from appliance.adapters.text_reader import TextReader
from appliance.indexing.documents import Look, check_digit, decide, look_of
from appliance.indexing.receipts import Receipt, amounts_of, receipt_facts
from appliance.indexing.stages import TEXT_SIDE
from tests import documents
from tests.documents import AUSWEIS, BOARDS, MENU, NOTES, PAGES, PASSPORT, RECEIPTS, SIGNS
from tests.real_photos import SHARED, needs_photos

DARK, PALE = Look(0.1, 0.1), Look(0.9, 0.8)
FACTS = {
    "hardware": Receipt(date(2023, 3, 14), "HARDWARE STORE", Decimal("20.45"), "GBP"),
    "baeckerei": Receipt(date(2022, 6, 21), "Bäckerei Sommerfeld", Decimal("8.70"), "EUR"),
    "librairie": Receipt(date(2021, 11, 2), "LIBRAIRIE DES QUAIS", Decimal("15.40"), "EUR"),
    "panaderia": Receipt(date(2020, 8, 9), "PANADERÍA LA ESPIGA", Decimal("5.60"), "EUR"),
    "diner": Receipt(date(2019, 7, 4), "ROUTE 9 DINER", Decimal("18.09"), "USD"),
    "pharmacy": Receipt(date(2024, 3, 3), "Pharmacie Centrale", Decimal("13.20"), "CHF"),
}


def text(*rows: str, sure: float = 0.99) -> Text:
    """Rows as they would be read, one below the other."""
    lines = tuple(Line(row, (0.1, 0.03 * number, 0.5, 0.02), sure) for number, row in enumerate(rows))
    return Text("\n".join(" ".join(row.split()) for row in rows), lines)


def kind_of(read: Text, look: Look = DARK, *, screenshot: bool = False) -> str | None:
    decision = decide(read, look, screenshot=screenshot)
    return decision.kind if decision else None


@pytest.mark.parametrize("name", RECEIPTS)
def test_receipts_in_four_languages_are_receipts_with_their_facts(name: str) -> None:
    read = text(*RECEIPTS[name])
    assert kind_of(read) == "receipt"
    assert receipt_facts(read.words.splitlines()) == FACTS[name]


@pytest.mark.parametrize(
    "rows",
    [
        MENU,
        ("SALE", "TOTAL CLEARANCE", "up to 50 % off"),
        ("Total eclipse", "12.08.2026", "Bar and card games"),
        ("Petrol 1.79", "Diesel 1.69", "Super 1.85"),
        ("Cash machine", "Visa Mastercard"),
        ("Gate 12.30", "Train to Basel", "14.05 14.35"),
        *SIGNS.values(),
    ],
)
def test_menus_prices_and_signs_are_no_documents(rows: tuple[str, ...]) -> None:
    assert kind_of(text(*rows)) is None


def test_machine_readable_lines_are_believed_when_their_digits_check() -> None:
    assert [check_digit(field) for field in ("L898902C3", "740812", "120415", "D23145890")] == [6, 2, 9, 7]
    assert kind_of(text(*PASSPORT[-2:])) == "identity"
    spaced = text("P<UT0ERIKSS0N<<ANNA<MARIA<<<<", "L898902C36UTO74O8122F12O4159 ZE184226B<<<<<10")
    assert kind_of(spaced) == "identity", "letters and digits that look alike"
    card = text("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")
    assert kind_of(card) == "identity"
    assert kind_of(text("L898902C36UTO7408123F1204159ZE184226B<<<<<10")) is None, "a wrong check digit"
    assert kind_of(text("AB" * 22)) is None


def test_cards_without_such_lines_are_known_by_two_of_their_fields() -> None:
    assert kind_of(text(*AUSWEIS)) == "identity"
    assert kind_of(text("Permis de conduire", "Nom MARTIN", "Prénom CLAIRE")) == "identity"
    assert kind_of(text("PASSPORT CONTROL", "All passports")) is None
    assert kind_of(text("PASSPORT", "by Maria Surname")) is None


def test_what_is_written_is_told_by_how_surely_it_is_read() -> None:
    many = tuple(f"a line of words, number {number} of them all" for number in range(12))
    assert kind_of(text(*many), PALE) == "page"
    assert kind_of(text(*many, sure=0.85), PALE) == "handwriting"
    assert kind_of(text(*many)) is None, "words on a dark ground are a poster, or a shop"
    assert kind_of(text("one word"), PALE) is None


def test_metadata_says_what_a_screenshot_is_unless_it_shows_a_receipt() -> None:
    assert kind_of(text("Settings", "Wi-Fi"), screenshot=True) == "screenshot"
    assert kind_of(Text(), screenshot=True) == "screenshot"
    assert kind_of(text(*RECEIPTS["diner"]), screenshot=True) == "receipt"


def test_how_a_picture_looks() -> None:
    assert look_of(Rgb(24, 24, bytes((250, 250, 245)) * 576)) == Look(1.0, 1.0)
    assert look_of(Rgb(24, 24, bytes((200, 40, 40)) * 576)) == Look(0.0, 0.0)
    assert look_of(Rgb(5, 5, bytes(75))) == Look(0.0, 0.0)


@pytest.mark.parametrize(
    ("row", "amounts"),
    [
        ("Bread  3,20", ["3.20"]),
        ("2 x 1.50  3.00 A", ["1.50", "3.00"]),
        ("TOTAL 1.234,56 EUR", ["1234.56"]),
        ("$1,234.56", ["1234.56"]),
        ("CHF 1'050.00", ["1050.00"]),
        ("14.03.2023 16:42", []),
        ("VAT 20.00 %", []),
        ("Tel. 030.12.34.56", []),
        ("v1.2.3", []),
        ("12,--", ["12.00"]),
    ],
)
def test_amounts_are_told_from_dates_and_numbers(row: str, amounts: list[str]) -> None:
    assert [str(amount) for amount in amounts_of(row)] == amounts


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("2024-02-29", date(2024, 2, 29)),
        ("29.02.23", None),
        ("31/12/24 23:59", date(2024, 12, 31)),
        ("Sept 3rd, 2021", date(2021, 9, 3)),
        ("September 3, 2021", date(2021, 9, 3)),
        ("3. März 2021", date(2021, 3, 3)),
        ("5 de mayo de 2020", date(2020, 5, 5)),
        ("12/31/2020", date(2020, 12, 31)),
        ("Tel 12-34-5678", None),
    ],
)
def test_dates_of_receipts(row: str, expected: date | None) -> None:
    assert receipt_facts([row]).date == expected


def test_what_a_receipt_does_not_say_is_left_out() -> None:
    assert receipt_facts([]) == Receipt(None, None, None, None)
    assert receipt_facts(["TOTAL €5.00", "Paid $6.00"]).currency is None, "two currencies"
    assert receipt_facts(["RECEIPT", "Corner Shop", "Total", "4.20"]) == Receipt(None, "Corner Shop", Decimal("4.20"), None)
    assert receipt_facts(["Total", "Cash 10.00"]).total is None, "what was handed over is not the total"


@pytest.fixture(scope="module")
def reader() -> Iterator[TextReader]:
    made = TextReader()
    yield made
    made.close()


@pytest.mark.parametrize("name", ["receipt-hardware-turned-90", "passport", "board-physics"])
def test_drawn_documents_are_read_and_known(reader: TextReader, name: str) -> None:
    drawn = next(drawn for drawn in documents.every() if drawn.name == name)
    rgb = Rgb(drawn.image.width, drawn.image.height, drawn.image.convert("RGB").tobytes())
    read = reader.read(rgb)
    assert kind_of(read, look_of(rgb)) == drawn.kind
    assert drawn.rows[0].split()[0] in read.words.splitlines()[0]


@pytest.mark.parametrize("wild", [0.6, 1.0])
@pytest.mark.parametrize("name", NOTES)
def test_drawn_handwriting_is_known_by_how_unsurely_it_is_read(reader: TextReader, name: str, wild: float) -> None:
    page = documents.handwritten(NOTES[name], seed=7, wild=wild)
    rgb = Rgb(page.width, page.height, page.tobytes())
    assert kind_of(reader.read(rgb), look_of(rgb)) == "handwriting"


@needs_photos
@pytest.mark.parametrize(("name", "kind"), [("notesA1.jpg", "handwriting"), ("notesB1.jpg", "handwriting"), ("french.jpg", None)])
def test_real_handwriting_is_known_as_well(reader: TextReader, name: str, kind: str | None) -> None:
    decoder = Decoder(1)
    try:
        rgb = decoder.rgb(SHARED / "library/text" / name, TEXT_SIDE)
    finally:
        decoder.close()
    assert kind_of(reader.read(rgb), look_of(rgb)) == kind


def test_the_drawn_set_has_every_kind_of_writing() -> None:
    assert {*BOARDS, *PAGES, *RECEIPTS, *SIGNS} <= {part for drawn in documents.every() for part in drawn.name.split("-")}
