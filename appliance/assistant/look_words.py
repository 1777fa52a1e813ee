"""Questions about one picture in German, French and Spanish, put into English for a model that knows no other language.

Only forms that people use all the time, and things that stand in a short list: what is not among them is not guessed at."""

import re
from collections.abc import Callable

from appliance.search.sentence import fold

# English: what it is called in German, French, Spanish.
THINGS = {
    "car": "auto wagen voiture coche carro", "dog": "hund chien perro", "cat": "katze chat gato", "house": "haus maison casa",
    "shirt": "hemd chemise camisa", "dress": "kleid robe vestido", "jacket": "jacke veste chaqueta", "hat": "hut chapeau sombrero",
    "door": "tur porte puerta", "wall": "wand mauer mur pared", "roof": "dach toit techo", "boat": "boot bateau barco",
    "bicycle": "fahrrad rad velo bicyclette bicicleta bici", "bus": "bus autobus", "train": "zug train tren",
    "flower": "blume fleur flor", "tree": "baum arbre arbol", "sky": "himmel ciel cielo", "ball": "ball ballon pelota",
    "umbrella": "regenschirm schirm parapluie paraguas", "table": "tisch table mesa", "chair": "stuhl chaise silla",
    "horse": "pferd cheval caballo", "bird": "vogel oiseau pajaro", "sign": "schild panneau letrero cartel",
    "child": "kind enfant nino nina", "man": "mann homme hombre", "woman": "frau femme mujer",
    "cake": "kuchen torte gateau tarta pastel",
    "bag": "tasche sac bolso", "hair": "haar haare cheveux pelo",
}  # fmt: skip
MANY = {
    "people": "personen leute menschen personnes gens personas", "children": "kinder enfants ninos ninas",
    "men": "manner hommes hombres", "women": "frauen femmes mujeres", "dogs": "hunde chiens perros", "cats": "katzen chats gatos",
    "cars": "autos voitures coches carros", "birds": "vogel oiseaux pajaros", "trees": "baume arbres arboles",
    "boats": "boote bateaux barcos", "candles": "kerzen bougies velas", "chairs": "stuhle chaises sillas",
    "flowers": "blumen fleurs flores", "windows": "fenster fenetres ventanas", "houses": "hauser maisons casas",
}  # fmt: skip
_ONE = {name: thing for thing, names in THINGS.items() for name in names.split()}
_SEVERAL = {name: things for things, names in MANY.items() for name in names.split()}
_THE = r"(?:das|der|die|dem|den|le|la|les|l|el|los|las|un|une|una|ein|eine|einen|de|du)\s+"
_HERE = (
    r"(?:\s+(?:es|sind|gibt|gibt es|y a t il|il y a|hay|sieht man|ves|vois tu|siehst du))?"
    r"(?:\s+(?:hier|da|dort|darauf|drauf|zu sehen|auf (?:dem|diesem) (?:bild|foto)|ici|la|dessus|sur (?:la|cette) (?:photo|image)"
    r"|sur l image|aqui|ahi|en (?:la|esta) (?:foto|imagen)))*"
)
_FORMS: tuple[tuple[str, str], ...] = (
    (rf"(?:welche farbe (?:hat|haben)|de quelle couleur (?:est|sont)|de que color (?:es|son|esta)) {_THE}(?P<thing>\w+){_HERE}",
     "What colour is the {thing}?"),
    (rf"(?:wie viele|wieviele|combien de|combien d|cuantas|cuantos) (?P<things>\w+){_HERE}", "How many {things} are there?"),
    (rf"(?:ist|gibt es|sieht man|siehst du|y a t il|est ce qu il y a|hay)(?: da| hier)? {_THE}(?P<thing>\w+){_HERE}",
     "Is there a {thing}?"),
    (rf"(?:was (?:steht|ist geschrieben|sagt)(?: (?:auf )?{_THE}(?:schild|text|zettel|tafel|plakat))?|was kann man lesen"
     rf"|lies (?:das|den text)(?: vor)?|qu est ce qui est ecrit|que dit(?: il)?(?: {_THE}(?:panneau|texte|pancarte))?|lis le texte"
     rf"|que (?:dice|pone)(?: {_THE}(?:letrero|texto|cartel))?|que esta escrito|lee el texto){_HERE}", "What does the text say?"),
    (rf"(?:wer (?:ist|sind)(?: das)?|qui est(?: ce)?|qui sont ils|quien (?:es|esta)|quienes son){_HERE}", "Who is this?"),
    (rf"(?:was ist (?:das|dies)|qu est ce que c est|c est quoi|que es (?:esto|eso)){_HERE}", "What is this?"),
    (rf"(?:was (?:siehst du|sieht man|ist zu sehen|ist)|beschreibe?(?: (?:es|das|das bild|dieses bild|das foto))?|que vois tu"
     rf"|qu est ce qu on voit|decris(?: (?:la|cette) (?:photo|image)| l image)?|que (?:ves|se ve)"
     rf"|describe (?:la|esta) (?:foto|imagen)|describelo){_HERE}", "Describe this picture."),
    (rf"(?:wie hoch ist (?:der|die) (?:gesamt)?(?:betrag|summe|rechnung)|was (?:kostet|kostete) (?:das|es)"
     rf"|was ist die (?:gesamt)?summe|quel est le (?:total|montant)|combien (?:ca coute|coute(?: ca| t il)?)"
     rf"|cual es el (?:total|importe)"
     rf"|cuanto (?:cuesta|costo|es)"
     rf"(?: el total)?){_HERE}", "What is the total on this receipt?"),
    (rf"(?:wo (?:ist|war) das|wo wurde das aufgenommen|ou (?:est ce|c est|etait ce)|donde (?:es|fue)(?: esto)?){_HERE}",
     "Where was this taken?"),
    (rf"(?:was (?:macht|tut|machen) (?:er|sie|die leute)|que (?:fait|font) (?:il|elle|ils|elles|les gens)"
     rf"|que (?:hace|hacen)){_HERE}",
     "What are they doing?"),
)  # fmt: skip
_COMPILED = tuple((re.compile(form), english) for form, english in _FORMS)
_MARKS = re.compile(r"[^\w\s]+")


def in_english(question: str) -> str | None:
    """Return a German, French or Spanish question in English; None when it is in English, or not one of the known forms."""
    asked = " ".join(_MARKS.sub(" ", fold(question)).split())
    for pattern, english in _COMPILED:
        if match := pattern.fullmatch(asked):
            return _filled(english, match.groupdict().get)
    return None


def _filled(english: str, said: Callable[[str], str | None]) -> str | None:
    """Return the sentence with the thing that is meant; None when that thing stands in no list."""
    thing, things = _ONE.get(said("thing") or ""), _SEVERAL.get(said("things") or "")
    if ("{thing}" in english and thing is None) or ("{things}" in english and things is None):
        return None
    return english.format(thing=thing, things=things)
