"""Documents drawn when a test needs them: receipts, signs, boards, cards and pages, with the words that stand on them.

Everybody and everything on them is made up. The passport's numbers are those of the specimen in ICAO Doc 9303-4."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageDraw, ImageFilter, ImageFont

FONTS = Path("/usr/share/fonts/truetype/dejavu")
SANS, BOLD, SERIF, MONO, NARROW, SLANTED, THIN = (
    "DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSerif.ttf", "DejaVuSansMono.ttf", "DejaVuSansCondensed.ttf",
    "DejaVuSerif-Italic.ttf", "DejaVuSans-ExtraLight.ttf",
)  # fmt: skip
PAPER, WOOD, WALL = (250, 249, 245), (128, 96, 66), (150, 155, 160)


@dataclass(frozen=True)
class Drawn:
    """A picture, what kind of document it is (None: none), and the rows of words on it."""

    name: str
    image: Image.Image
    kind: str | None
    rows: tuple[str, ...]


RECEIPTS: dict[str, tuple[str, ...]] = {
    "hardware": (
        "HARDWARE STORE", "12 Mill Lane, Norwich", "Claw hammer  14.50", "Wood screws 4x40  3.20", "Sandpaper  2.75",
        "TOTAL  £20.45", "VISA CARD  £20.45", "VAT 20%  3.41", "14/03/2023 16:42", "Thank you",
    ),
    "baeckerei": (
        "Bäckerei Sommerfeld", "Lindenstraße 8, 04109 Leipzig", "Roggenbrot  4,20", "Butterbrezel  1,10", "Apfelstrudel  3,40",
        "SUMME  EUR 8,70", "Gegeben bar  10,00", "Rückgeld  1,30", "MwSt 7%  0,57", "21.06.2022 08:15",
    ),
    "librairie": (
        "LIBRAIRIE DES QUAIS", "5 rue Mercière, Lyon", "Le Petit Prince  8,90", "Carnet ligné  6,50", "TOTAL TTC  15,40 €",
        "Carte bancaire  15,40 €", "TVA 5,5%  0,80", "Le 02/11/2021 17:05", "Merci de votre visite",
    ),
    "panaderia": (
        "PANADERÍA LA ESPIGA", "Calle Mayor 22, Sevilla", "Barra de pan  1,20", "Ensaimada  2,80", "Café con leche  1,60",
        "TOTAL  5,60 €", "EFECTIVO  10,00", "CAMBIO  4,40", "IVA 10%  0,51", "Fecha: 09-08-2020",
    ),
    "diner": (
        "ROUTE 9 DINER", "Albany, New York", "Pancakes  9.50", "Black coffee  3.00", "Orange juice  4.25", "Subtotal  16.75",
        "Tax  1.34", "Amount due  $18.09", "Mastercard  $18.09", "07/04/2019 9:12 AM",
    ),
    "pharmacy": (
        "Pharmacie Centrale", "Genève, rue du Rhône", "Aspirine 500mg  7.80", "Pansements  5.40", "Total  CHF 13.20",
        "Carte  13.20", "TVA 2.5%  0.32", "3 mars 2024",
    ),
}  # fmt: skip
SIGNS: dict[str, tuple[str, ...]] = {
    "exit": ("EMERGENCY EXIT", "KEEP CLEAR"),
    "bridge": ("WEAK BRIDGE", "MAX 7.5 TONNES"),
    "ausfahrt": ("Ausfahrt freihalten", "Tag und Nacht"),
    "schule": ("Grundschule", "Am Mühlenbach"),
    "plage": ("PLAGE SURVEILLÉE", "Baignade autorisée"),
    "museo": ("Museo de Cerámica", "Abierto martes a domingo"),
    "garden": ("Botanical Garden", "Opening hours 9 to 6"),
    "ice": ("Thin ice", "Danger"),
    "strasse": ("Kastanienstraße", "23"),
    "ferry": ("FERRY TERMINAL", "Passengers only"),
}
PAGES: dict[str, tuple[str, ...]] = {
    "letter": (
        "Dear neighbours,", "the water will be turned off on Thursday between eight and", "eleven in the morning, because the",
        "pipes below our courtyard have to be replaced. Please fill", "a bucket or two beforehand, and leave the cellar doors",
        "unlocked so that the plumbers can reach the meters. The", "work is paid for by the housing cooperative; nobody has",
        "to pay anything. If you have questions, ask Mrs Okonkwo", "on the second floor or write to the caretaker. We are",
        "sorry for the trouble and thank you for your patience.", "With kind regards", "The caretaker of Willow Court",
    ),
    "rezept": (
        "Zwetschgenkuchen vom Blech", "Für den Hefeteig das Mehl in eine Schüssel sieben, in die",
        "Mitte eine Mulde drücken und die zer-",
        "bröckelte Hefe mit lauwarmer Milch und etwas Zucker darin", "verrühren. Zugedeckt zwanzig Minuten gehen lassen. Dann mit",
        "Butter, Ei und Salz zu einem glatten Teig kneten und noch", "einmal eine Stunde ruhen lassen. Die Zwetschgen entsteinen,",
        "dicht an dicht auf den ausgerollten Teig legen und mit Zimt", "bestreuen. Bei hundertachtzig Grad vierzig Minuten backen.",
        "Dazu passt geschlagene Sahne.",
    ),
}  # fmt: skip
BOARDS: dict[str, tuple[str, ...]] = {
    "sprint": ("Sprint 14", "login page", "fix the printer", "ask Maria about budget", "demo on Friday"),
    "physics": ("Energie", "E = m c 2", "Impuls bleibt erhalten", "Hausaufgabe S. 84"),
}
NOTES: dict[str, tuple[str, ...]] = {
    "grandma": (
        "Dear Grandma,", "thank you so much for the", "wonderful parcel. The jam is", "nearly gone already, and Rex",
        "ate half of the biscuits when", "nobody was looking. We will", "visit you in the second week",
        "of August, if the car holds",
        "out that long. Lots of love,", "Nora and the twins",
    ),
    "nusskuchen": (
        "Omas Nusskuchen", "250 g Butter schaumig", "rühren, vier Eier und", "200 g Zucker dazu,", "gemahlene Haselnüsse",
        "und Mehl unterheben.", "Bei 170 Grad eine", "gute Stunde backen,", "abkühlen lassen und", "mit Schokolade glasieren",
    ),
    "carte": (
        "Chère Mathilde,", "nous sommes bien arrivés", "à la maison au bord de", "l'eau. Les enfants nagent", "toute la journée et",
        "Paul répare le vieux", "bateau de grand-père.", "Viens nous voir avant", "la fin de l'été !", "On t'embrasse très fort",
    ),
}  # fmt: skip
PASSPORT = (
    "PASSPORT", "UTOPIA", "Surname  ERIKSSON", "Given names  ANNA MARIA", "Nationality  UTOPIAN", "Date of birth  12 AUG 1974",
    "Date of expiry  15 APR 2012",
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
)  # fmt: skip
AUSWEIS = ("BUNDESREPUBLIK MUSTERLAND", "PERSONALAUSWEIS", "Name  MUSTERMANN", "Vornamen  ERIKA", "Geburtstag  12.08.1964",
    "Staatsangehörigkeit  MUSTERLAND", "Gültig bis  01.10.2031",
)  # fmt: skip
MENU = (
    "Trattoria Bella Vista",
    "Spaghetti Carbonara  11,50",
    "Pizza Funghi  9,80",
    "Tiramisu  5,50",
    "Espresso  2,20",
    "Guten Appetit",
)


def receipt(rows: Sequence[str], *, size: int = 30, font: str = MONO, ink: int = 40, wide: int = 640) -> Image.Image:
    """Return a receipt: what follows two spaces stands at the right edge."""
    face = ImageFont.truetype(FONTS / font, size)
    image = Image.new("RGB", (wide, int(size * 1.7 * len(rows)) + 3 * size), PAPER)
    pen = ImageDraw.Draw(image)
    for number, row in enumerate(rows):
        left, _, right = row.partition("  ")
        y = size + number * size * 1.7
        pen.text((size, y), left, font=face, fill=(ink, ink, ink))
        pen.text((wide - size - pen.textlength(right, font=face), y), right, font=face, fill=(ink, ink, ink))
    return image


def sign(rows: Sequence[str], *, size: int = 64, font: str = BOLD, ground: tuple[int, int, int] = (20, 80, 160)) -> Image.Image:
    """Return a sign with its words in white."""
    face = ImageFont.truetype(FONTS / font, size)
    image = Image.new("RGB", (int(max(face.getlength(row) for row in rows)) + 2 * size, int(size * (1.5 * len(rows) + 1))), ground)
    pen = ImageDraw.Draw(image)
    for number, row in enumerate(rows):
        pen.text((size, size * (0.6 + 1.5 * number)), row, font=face, fill="white")
    return image


def page(rows: Sequence[str], *, size: int = 26, font: str = SERIF) -> Image.Image:
    """Return a printed page."""
    face = ImageFont.truetype(FONTS / font, size)
    image = Image.new("RGB", (int(max(face.getlength(row) for row in rows)) + 6 * size, int(size * 1.6 * (len(rows) + 6))), PAPER)
    pen = ImageDraw.Draw(image)
    for number, row in enumerate(rows):
        pen.text((3 * size, size * (3 + 1.6 * number)), row, font=face, fill=(30, 30, 30))
    return image


def board(rows: Sequence[str], *, seed: int = 1) -> Image.Image:
    """Return a whiteboard: words here and there, in sizes and colours of their own."""
    dice = random.Random(seed)
    image = Image.new("RGB", (1400, 900), (236, 238, 238))
    pen = ImageDraw.Draw(image)
    for number, row in enumerate(rows):
        face = ImageFont.truetype(FONTS / SLANTED, dice.choice((38, 54, 80)))
        ink = dice.choice(((30, 40, 150), (160, 30, 40), (20, 110, 60)))
        pen.text((dice.randint(60, 500), 60 + number * 800 // len(rows)), row, font=face, fill=ink)
    return image


def handwritten(rows: Sequence[str], *, seed: int = 1, wild: float = 1.0) -> Image.Image:
    """Return a ruled page on which every letter has a face, size, slant, turn and place of its own; `wild` says by how much."""
    dice, size = random.Random(seed), 44
    image = Image.new("RGB", (1240, int(size * 2.1 * (len(rows) + 2))), (246, 246, 240))
    pen = ImageDraw.Draw(image)
    for y in range(2 * size, image.height, int(size * 2.1)):
        pen.line((0, y, image.width, y), fill=(170, 190, 225), width=2)
    for number, row in enumerate(rows):
        x = 90.0 + dice.randint(-20, 30)
        for letter in row:
            tall = int(size * dice.uniform(1 - 0.22 * wild, 1 + 0.18 * wild))
            face = ImageFont.truetype(FONTS / dice.choice((THIN, SLANTED)), tall)
            image.paste((35, 45, 120), (int(x) - tall, int(size * (2.1 * number + 1.5) + dice.uniform(-5, 5) * wild)),
                _stroke(letter, face, tall, dice, wild))  # fmt: skip
            x += face.getlength(letter) * dice.uniform(0.78, 1.0)
    return image


def _stroke(letter: str, face: ImageFont.FreeTypeFont, tall: int, dice: random.Random, wild: float) -> Image.Image:
    mask = Image.new("L", (3 * tall, 3 * tall))
    ImageDraw.Draw(mask).text((tall, tall // 2), letter, font=face, fill=255)
    lean, climb = dice.uniform(-0.15, 0.45) * wild, dice.uniform(-0.15, 0.15) * wild
    mask = mask.transform(mask.size, Image.Transform.AFFINE, (1, lean, 0, climb, 1, 0))
    mask = mask.rotate(dice.uniform(-14, 14) * wild)
    return mask.filter(ImageFilter.MaxFilter(3)) if dice.random() < 0.4 else mask


def scene(document: Image.Image, *, size: tuple[int, int] = (1440, 1080), share: float = 0.8, tilt: float = 0.0,
    ground: tuple[int, int, int] = WOOD, blur: float = 0.0, contrast: float = 1.0, seed: int = 1,
) -> Image.Image:  # fmt: skip
    """Return a photo of a document: on a table, filling `share` of the height, tilted, blurred, with noise."""
    scale = min(share * size[1] / document.height, share * size[0] / document.width)
    laid = document.resize((round(document.width * scale), round(document.height * scale)), Image.Resampling.LANCZOS).convert(
        "RGBA"
    )
    laid = laid.rotate(tilt, expand=True, resample=Image.Resampling.BICUBIC)
    image = Image.new("RGB", size, ground)
    image.paste(laid, ((size[0] - laid.width) // 2, (size[1] - laid.height) // 2), laid)
    noise = Image.effect_noise(size, 24).convert("RGB")
    image = Image.blend(image, noise, 0.06)
    if contrast < 1:
        image = Image.blend(Image.new("RGB", size, (128, 128, 128)), image, contrast)
    return image.filter(ImageFilter.GaussianBlur(blur)) if blur else image


def every() -> list[Drawn]:
    """Return the drawn set of the measurements: each document in a few conditions."""
    made: list[Drawn] = []
    for number, (name, rows) in enumerate(RECEIPTS.items()):
        flat = receipt(rows, font=(MONO, SANS, NARROW)[number % 3])
        made.append(Drawn(f"receipt-{name}", scene(flat, tilt=(-4, 2, 5)[number % 3], seed=number), "receipt", rows))
        made.append(Drawn(f"receipt-{name}-small", scene(flat, share=0.42, blur=0.6, seed=number), "receipt", rows))
        made.append(Drawn(f"receipt-{name}-pale", scene(receipt(rows, ink=150), contrast=0.6, blur=0.5), "receipt", rows))
    for number, (name, rows) in enumerate(SIGNS.items()):
        font = (BOLD, SANS, SERIF)[number % 3]
        made.append(Drawn(f"sign-{name}", scene(sign(rows, font=font), share=0.5, ground=WALL, tilt=number % 5 - 2), None, rows))
        made.append(Drawn(f"sign-{name}-small", scene(sign(rows, font=font), size=(640, 480), share=0.22, ground=WALL), None, rows))
    for turn in (90, 180, 270):
        for name in ("hardware", "baeckerei"):
            rows = RECEIPTS[name]
            flat = scene(receipt(rows)).rotate(turn, expand=True)
            made.append(Drawn(f"receipt-{name}-turned-{turn}", flat, "receipt", rows))
        made.append(
            Drawn(f"sign-garden-turned-{turn}", scene(sign(SIGNS["garden"])).rotate(turn, expand=True), None, SIGNS["garden"])
        )
    for name, rows in PAGES.items():
        made.append(Drawn(f"page-{name}", scene(page(rows), share=0.95), "page", rows))
    for number, (name, rows) in enumerate(BOARDS.items()):
        made.append(Drawn(f"board-{name}", board(rows, seed=number), "whiteboard", rows))
    made.append(Drawn("passport", scene(receipt(PASSPORT, wide=1000, size=32)), "identity", PASSPORT))
    made.append(Drawn("ausweis", scene(receipt(AUSWEIS, font=SANS)), "identity", AUSWEIS))
    made.append(Drawn("menu", scene(receipt(MENU, font=SERIF)), None, MENU))
    return made
