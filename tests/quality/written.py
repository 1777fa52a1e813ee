"""Pictures with words on them, drawn for one measurement: each has words that no other has, so that a question has one answer.

The conditions are those that photos come in: turned, tilted, blurred, pale, small in a large photo, parted at the end of a line."""

from collections.abc import Callable, Iterator
from pathlib import Path

from PIL import Image, ImageOps

from tests.documents import BOLD, MONO, NARROW, SANS, SERIF, SLANTED, WALL, board, page, receipt, scene, sign

Drawing = Callable[[], Image.Image]


def _turned(image: Image.Image, quarter: int) -> Image.Image:
    return image.rotate(-90 * quarter, expand=True)


def _far(image: Image.Image, tall: int) -> Image.Image:
    """The document `tall` pixels high, somewhere in a photo of twelve megapixels."""
    return scene(image, size=(4000, 3000), share=tall / 3000, ground=WALL)


RECEIPTS: dict[str, Drawing] = {
    "blum": lambda: scene(receipt(("Café Blum", "Gartenstraße 4, Freiburg", "Milchkaffee  3,60", "Käsekuchen  4,20",
        "SUMME  EUR 7,80", "Bar  10,00", "Zurück  2,20", "MwSt 19%  1,25", "17.05.2023 15:20"))),
    "martin": lambda: scene(receipt(("Boulangerie Martin", "12 rue des Tilleuls", "Croissant beurre  1,30", "Pain complet  2,45",
        "TOTAL TTC  3,75 €", "Espèces  5,00", "Rendu  1,25", "Le 08/03/2022 07:50"), font=SANS), tilt=4),
    "olivo": lambda: _turned(scene(receipt(("Bodega El Olivo", "Plaza Nueva 3, Granada", "Jamón ibérico  14,50",
        "Aceitunas aliñadas  3,80", "TOTAL  18,30 €", "TARJETA  18,30 €", "IVA 10%  1,66"), font=NARROW)), 1),
    "harper": lambda: scene(receipt(("HARPER & SONS IRONMONGERS", "Galvanised bucket  12.90", "Brass hinges  6.35",
        "TOTAL  £19.25", "CONTACTLESS  £19.25", "VAT 20%  3.21", "Invoice no. 20391", "05/10/2021"), ink=120),
        contrast=0.5, blur=1.0),
    "apotheke": lambda: _turned(scene(receipt(("Rosen-Apotheke", "Hustensaft 100ml  8,45", "Halstabletten  5,99",
        "Gesamtbetrag  EUR 14,44", "EC-Karte  14,44", "Bon-Nr. 774102"), font=SANS), tilt=3), 3),
    "garage": lambda: _far(receipt(("Autohaus Wendelin", "Rechnung Nr. 55018", "Ölwechsel  89,00", "Zündkerzen  43,60",
        "Bremsflüssigkeit  31,20", "Netto  137,65", "MwSt 19%  26,15", "Gesamt  163,80 €"), font=SERIF), 1500),
    "diner": lambda: _turned(scene(receipt(("SUNNYSIDE DINER", "Waffles  8.75", "Lemonade  3.25", "Subtotal  12.00", "Tax  0.99",
        "Amount due  $12.99", "Tip  ______", "Thank you, come again")), blur=0.8), 2),
    "markt": lambda: scene(receipt(("Wochenmarkt Gärtnerei Özdemir", "Rhabarber 1,2kg  4,56", "Radieschen  1,80",
        "Schnittlauch  1,50", "Summe  7,86 EUR"), font=MONO, size=22), share=0.4),
}  # fmt: skip
SIGNS: dict[str, Drawing] = {
    "allee": lambda: scene(sign(("Kastanienallee", "23 - 41"), font=SANS), share=0.4, ground=WALL, tilt=6),
    "umbau": lambda: scene(sign(("Wegen Umbau", "geschlossen"), font=BOLD, ground=(170, 30, 30)), share=0.5, ground=WALL),
    "stufe": lambda: scene(sign(("VORSICHT", "STUFE"), ground=(200, 150, 0)), size=(640, 480), share=0.25, ground=WALL, blur=0.6),
    "salida": lambda: scene(sign(("SALIDA DE", "EMERGENCIA"), ground=(10, 110, 60)), share=0.3, tilt=-15, ground=WALL),
    "piscine": lambda: scene(sign(("Piscine municipale", "fermée le lundi"), font=SERIF), contrast=0.35, blur=1.2, ground=WALL),
    "parking": lambda: _far(sign(("RESIDENTS PARKING", "Zone F"), font=SANS), 170),
    "trail": lambda: _far(sign(("Heron Lake Trail", "2.4 miles"), font=SERIF, ground=(90, 60, 30)), 110),
    "bakery": lambda: _far(sign(("OTTERBOURNE BAKERY",), font=BOLD), 60),
    "gleis": lambda: _turned(scene(sign(("Gleis 12", "Richtung Uelzen"), font=SANS), share=0.4, ground=WALL), 1),
    "lift": lambda: scene(ImageOps.invert(sign(("LIFT OUT OF ORDER", "Use stairway B"), font=NARROW, ground=(40, 40, 40))),
        share=0.4, ground=WALL),
    "platform": lambda: scene(sign(("Quai Voltaire", "7e arrondissement"), font=SLANTED, ground=(20, 60, 30)), tilt=20, share=0.5),
    "museum": lambda: scene(sign(("Museo del Azulejo", "Niños gratis"), font=SERIF), size=(900, 700), share=0.3, ground=WALL),
}  # fmt: skip
PAGES: dict[str, Drawing] = {
    "hausordnung": lambda: scene(page(("Hausordnung", "Die Treppenhausreinigung übernehmen die Bewohner im wöchent-",
        "lichen Wechsel. Fahrräder gehören in den Fahrradkeller, Kinder-",
        "wagen dürfen im Erdgeschoss abgestellt werden. Zwischen",
        "zweiundzwanzig und sechs Uhr ist Zimmerlautstärke einzu-", "halten. Der Müll wird getrennt gesammelt.")), share=0.7),
    "newsletter": lambda: scene(page(("Allotment Society Newsletter", "The compost delivery has been postponed until further no-",
        "tice. Members who ordered seed potatoes may collect them", "from the pavilion on Saturday morning. The annual pumpkin",
        "competition will be judged by Councillor Featherstone.", "Subscriptions of 24.50 are due by the end of the month."),
        font=SANS), share=0.6, tilt=-3),
    "recette": lambda: _turned(scene(page(("Tarte aux mirabelles", "Étaler la pâte brisée dans un moule beurré. Dénoyauter les",
        "mirabelles et les disposer en rosace. Mélanger la crème", "fraîche, les œufs et le sucre vanillé, puis verser sur les",
        "fruits. Enfourner quarante minutes à four moyen."))), 2),
    "carta": lambda: scene(page(("Menú del día", "Gazpacho andaluz con picatostes", "Pulpo a la gallega",
        "Arroz con leche y canela", "Pan, agua y vino incluidos  13,50 €"), font=SLANTED), contrast=0.5),
    "dense": lambda: scene(page(tuple(f"Paragraph {number}: {words}" for number, words in enumerate((
        "the tenant shall keep the premises in good repair", "the landlord shall insure the building against fire",
        "neither party may assign this agreement to anyone", "the deposit shall be refunded within thirty days",
        "pets other than goldfish require written consent", "subletting to lodgers is prohibited altogether",
        "the chimney has to be swept before every winter", "notice of termination must be given in writing",
        "alterations require the consent of the architect", "disputes shall be settled by an arbitrator", ) * 4, 1)), size=20),
        size=(3000, 4000), share=0.98),
}  # fmt: skip
BOARDS: dict[str, Drawing] = {
    "roadmap": lambda: board(("Roadmap for spring", "hire a translator", "beta in Gothenburg", "cut the onboarding"), seed=4),
    "chemie": lambda: scene(board(("Elternabend", "Klassenfahrt Husum", "Kosten 185 EUR", "Wer backt Muffins?"), seed=5),
        blur=1.0, tilt=3, share=0.9),
    "budget": lambda: _turned(board(("Budget 2025", "marketing 4.200", "travel 1.150", "surplus!"), seed=6), 3),
}  # fmt: skip
SCREENS: dict[str, Drawing] = {
    "wlan": lambda: page(("Gäste-WLAN", "Netzwerk: Birkenhof", "Kennwort: himbeer-tiger-88"), font=SANS, size=34),
    "chat": lambda: page(("Meet me at the boathouse", "bring the thermos", "ok, see you 18:45"), font=NARROW, size=30),
}  # fmt: skip


def every() -> dict[str, Drawing]:
    """Return what draws each picture, by its name."""
    return RECEIPTS | SIGNS | PAGES | BOARDS | SCREENS


def draw(folder: Path) -> Iterator[Path]:
    """Write every picture as a camera would, and yield the files."""
    for name, drawing in every().items():
        file = folder / f"{name}.jpg"
        drawing().convert("RGB").save(file, quality=85)
        yield file
