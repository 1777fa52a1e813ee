"""Words that say nothing about what a picture shows once the sentence has said when, where, with what or of which kind. Data only.

Alone they are looked for as any other word; beside a filter a photo need not hold them: “geotagged in Portugal”, “our trip”,
“beautiful photos from Rome”, “the metadata says Canon”."""

from collections.abc import Iterable

from appliance.search.function_words import FUNCTION_WORDS
from appliance.search.saying_words import can_not_be_seen
from appliance.search.sentence import fold, word_set

JOURNEYS = """
    trip trips holiday holidays vacation vacations vacay travel travels traveling travelling travelled journey visit visits getaway
    stay tour tours weekend-trip city-trip citytrip staycation layover stopover outing roadtrip excursion adventure
    adventures times break honeymoon-trip escape
    urlaub urlaubs reise reisen ferien ausflug ausflüge ausflügen aufenthalt besuch besuche kurzurlaub städtereise urlaubsreise
    sommerurlaub winterurlaub städtetrip trip kreuzfahrt zeit rundreise kurztrip
    voyage voyages vacances séjour séjours escapade excursion périple balade visite visites virée week-end temps
    viaje viajes vacaciones paso excursión estancia escapada visita visitas tiempo
    memories memory erinnerungen erinnerung souvenirs souvenir recuerdos recuerdo moments moment momente momentos
"""
ABOUT_FILES = """
    file files filename library libraries collection collections archive archives gallery roll folder folders camera cameras device
    devices phone phones smartphone smartphones mobile cell handset model models make maker brand brands lens sensor metadata exif
    tag tags gps coordinates coordinate location locations position place places spot spots timestamp timestamps date dates dated
    day
    days time times year years month months week weeks hour hours season format formats kind kinds type types extension media
    content
    contents item items entry entries result results shot shots capture captures captured recording recordings footage still stills
    dslr slr mirrorless spiegelreflex spiegelreflexkamera systemkamera kompaktkamera reflex egal whatever
    frame frames snapshot snapshots portrait-format original originals entire complete full whole total overall available existing
    possible several various different single certain particular specific corresponding matching total period range interval
    beginning end start
    datei dateien dateiformat sammlung bibliothek archiv galerie ordner kamera kameras kameramodell kameramarke
    hersteller gerät geräte handy handys modell modelle
    marke
    objektiv standort ort orte position koordinaten aufnahmeort aufnahmedatum aufnahmezeit datum zeitpunkt zeitraum format formate
    typ art arten medien inhalt inhalte einträge ergebnisse original originale gesamt vollständig vollständige ganze ganzen gesamte
    bestand verschiedene bestimmte aufnahmen aufnahme beginn ende
    fichier fichiers bibliothèque collection archives galerie dossier appareil appareils téléphone téléphones portable modèle
    modèles
    marque objectif métadonnées localisation emplacement lieu lieux position coordonnées date dates format formats type types genre
    médias contenu contenus résultats original originaux entier entière complet complète disponibles période début fin cours
    issu issus issue issues tiré tirés tirée tirées provenance moment uniquement seulement exclusivement
    archivo archivos biblioteca colección galería carpeta cámara cámaras móvil móviles teléfono teléfonos celular dispositivo modelo
    modelos marca objetivo metadatos ubicación localización lugar lugares posición coordenadas fecha fechas formato formatos tipo
    tipos medios contenido contenidos resultados original originales entera completa disponibles periodo período principio final
    solamente únicamente exclusivamente lediglich ausschließlich exclusively solely purely
"""
PRAISE = """
    beautiful nice great good best better lovely pretty cool amazing awesome favourite wonderful gorgeous stunning pleasant perfect
    tall wide big large small abroad overseas
    cute fun funny old older new newer recent latest random interesting special own personal private family-owned quick
    schön schöne schönen schöner schönes schönste schönsten gut gute guten beste besten toll tolle tollen hübsche hübschen super
    lustige lustigen alte alten neue neuen eigene eigenen private privaten persönliche
    beau beaux belle belles joli jolie jolis jolies bon bonne bonnes meilleur meilleure meilleurs meilleures magnifique magnifiques
    superbe superbes vieux vieille vieilles anciennes nouvelles propres
    bonito bonita bonitos bonitas hermoso hermosa hermosos hermosas lindo linda lindas mejor mejores bueno buena buenas viejas
    antiguas
    nuevas propias
"""
IDLE = word_set(f"{JOURNEYS} {ABOUT_FILES} {PRAISE}")
# What such a word begins with.
IDLE_STEMS = tuple(
    map(
        fold,
        [
            "geotag",
            "geoloc",
            "geolocali",
            "géolocali",
            "photograph",
            "fotografi",
            "aufgenommen",
            "erstellt",
            "gespeichert",
            "enregistr",
            "métadon",
            "metadat",
        ],
    )
)
# What carries the words that are to be read: a photo that holds the words need not be known to be of a menu.
PRINTED = word_set(
    """
    street road traffic film movie
    sign signs signpost signboard text texts word words writing lettering inscription something anything menu menus receipt receipts
    bill invoice poster posters banner banners billboard board boards whiteboard blackboard chalkboard screen screens screenshot
    screenshots display slide slides page pages book books cover newspaper newspapers magazine paper papers sheet document documents
    letter letters note notes notebook card cards ticket tickets pass label labels sticker stickers plate plaque shirt t-shirt
    tshirt
    clause paragraph chapter section notebook board drawing
    recipe recipes contract agreement newsletter article certificate diploma form manual calendar schedule timetable envelope
    postcard voucher coupon statement prescription diagram chart figure flipchart
    listing price prices total address name front facade logo brand headline title
    preis preise summe adresse prix adresse nom precio precios dirección nombre
    shop store storefront shopfront building wall window bottle package packaging box flyer leaflet brochure map stone tombstone
    clock
    reading shows says say reads read containing contains contain showing mentioning
    schild schilder schildern straßenschild verkehrsschild text texte wort wörter aufschrift schrift speisekarte karte quittung
    beleg bon kassenbon belege quittungen rechnungen rezept vertrag urkunde formular kalender fahrplan umschlag postkarte gutschein
    diagramm flipchart
    rechnung kassenzettel plakat plakate banner tafel bildschirm seite buch zeitung blatt dokument brief zettel notiz ticket etikett
    aufkleber laden geschäft gebäude wand flasche packung
    panneau panneaux pancarte enseigne texte mot mots carte menu reçu facture ticket affiche affiches tableau écran page livre
    journal recette contrat certificat formulaire calendrier horaire enveloppe addition schéma
    document lettre note billet étiquette magasin boutique bâtiment mur bouteille plaque inscription laquelle lequel contenant
    contient contiennent lit lire dit
    cartel carteles letrero letreros señal señales texto palabra palabras menú carta recibo factura póster pizarra pantalla página
    receta contrato certificado formulario calendario horario sobre cuenta esquema
    libro periódico documento nota billete entrada etiqueta tienda edificio pared botella placa contiene contienen dice pone lee
    """
)


def are_idle(words: Iterable[str], also: frozenset[str]) -> bool:
    """Say whether every one of the folded `words` is idle, or one of `also`."""
    return all(word in also or _is_idle(word) for word in words)


def _is_idle(word: str) -> bool:
    return word in IDLE or word in FUNCTION_WORDS or word.startswith(IDLE_STEMS) or can_not_be_seen(word)
