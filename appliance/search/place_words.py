"""The words around places, and the names of places that are other words as well. Data only."""

from appliance.search.sentence import phrase_set, word_set

# After these a place may follow.
CUES = word_set(
    "in from at near to around outside inside via through visiting visited toward towards across leaving"
    " aus nach bei von um durch im vom bis auf"
    " à au aux en dans de du d des vers pour chez"
    " a desde hacia por del cerca außer sauf excepto salvo menos"
)
STRONG_CUES = word_set("in from at near to around outside inside aus nach bei en dans au aux außer sauf excepto salvo menos")
# Of a person as often as of a place; “a” is English as well.
WEAK_CUES = word_set("de du d des del von vom um bis auf à pour por para chez durch through across im via")
OF = word_set("de du d des del von vom aus")  # after “photos”
# What names of shops, streets and towns are printed on.
DOCUMENTS = word_set(
    "receipt receipts invoice invoices bill bills ticket tickets voucher coupon menu whiteboard blackboard flipchart poster letter"
    " newsletter leaflet brochure flyer sign signs board plate plates banner label nummernschild kennzeichen"
    " quittung quittungen rechnung rechnungen kassenzettel kassenbon bon beleg belege speisekarte tafel plakat brief schild"
    " schilder straßenschild ticket tickets facture factures reçu reçus addition note affiche panneau panneaux tableau lettre"
    " recibo recibos factura facturas cuenta cartel carteles letrero pizarra carta"
)
WHERE_A_DOCUMENT_IS = word_set("in near inside outside around across nach im en dans")
BEGINS_A_NAME = word_set("los las la el le")
ARTICLES = word_set("the der die das den dem la le les l el los las")
NEAR = phrase_set(
    "near|close to|near to|around|not far from|in the area of|nearby|in der nähe von|nahe|in der umgebung von|près de|près d"
    "|proche de"
    "|rund um|rings um|in und um|aux environs de|aux alentours de|dans les environs de|en los alrededores de"
    "|in the vicinity of|in the surroundings of|in the neighbourhood of|unweit von|non loin de|no lejos de|à proximité de"
    "|autour de|cerca de|alrededor de|bei"
)
WITHIN = phrase_set(
    "within|in a radius of|less than|up to|no more than|im umkreis von|innerhalb von|weniger als|höchstens|dans un rayon de"
    "|à moins de|à"
    "|en un radio de|a menos de|not more than|max|at most"
)
KILOMETRES = {"km": 1.0, "kms": 1.0, "kilometre": 1.0, "kilometres": 1.0, "kilometer": 1.0, "kilometers": 1.0, "kilometern": 1.0,
              ""
              "kilometros": 1.0, "k": 1.0, "mi": 1.609, "mile": 1.609, "miles": 1.609, "meilen": 1.609, "m": 0.001, "meters": 0.001,
              "metres": 0.001, "meter": 0.001, "metern": 0.001, "metros": 0.001}  # fmt: skip
OF_A_CENTRE = word_set("of from around um von near de du d alrededor autour away the")
OUTSIDE = phrase_set(
    "outside|outside of|not from|not in|not at|except|except from|except for|except in|but not from|but not in|excluding"
    "|without|not"
    "|anywhere but|other than|außerhalb von|außerhalb|nicht aus|nicht in|nicht von|außer|außer in|aber nicht aus|aber nicht in"
    "|ohne"
    "|hors de|hors d|en dehors de|pas de|pas en|pas à|sauf|sauf en|mais pas de|mais pas en|mais pas à|fuera de|no de|no en"
    "|hors|ausgenommen|mit ausnahme von|ausser in|à l'exception de|a excepción de|aparte de|apart from|with the exception of"
    "|à part|minus|leaving out|not counting"
    "|excepto|salvo"
    "|pero no de|pero no en|excepto en|not the ones from|not those from|away from"
)
# The first word of a place is looked for at these sizes (people), the less the sentence says that a place is meant.
PEOPLE_AFTER_A_CUE = 500
PEOPLE_WITH_A_CAPITAL = 50_000
PEOPLE_IN_LOWER_CASE_AFTER_A_CUE = 50_000
PEOPLE_BY_ANOTHER_NAME = 200_000
PEOPLE_IN_LOWER_CASE = 1_000_000
PEOPLE_WITH_SEVERAL_WORDS = 500_000  # “san francisco”, but not “long beach”
PEOPLE_AFTER_PHOTOS_OF = 500_000
LONG_NAME = 6  # letters; other names of fewer are too often words
# “not taken in”, “not the ones from”
TAKEN_THERE = word_set("ones those taken shot made were was aufgenommen gemacht prises prise tomadas hechas")
ENDS_A_PLACE = frozenset({"", "or", "oder", "ou", "o", ",", "?", "."})
SHORTEST_OTHER_NAME = 4  # letters; “Luc” is a name of Łódź somewhere
NEAR_KM = 15.0
LONGEST_NAME = 5  # words and marks

# Words and first names that are towns as well: a place only after “in”, “from” and the like, without an article.
WORDS_TOO = word_set(
    """
    nice reading bath orange split mobile turkey may august march essen wedding sandwich hell batman moss beach wells deal
    rugby sale ware rye lens tours angers brest vienne die same male man bar pau gap nancy melle halle hof singen baden laufen
    kamen hamm bari como lima santa leon carmen gata rosa barco van sur goa best bad temple independence normal surprise
    paradise hope corona buffalo eagle phoenix florence sofia victoria charlotte austin sydney jackson lourdes santiago diego
    carolina virginia georgia chad jordan israel alexandria alexandra dallas savannah madison lincoln houston denver brooklyn
    chelsea regina adelaide valencia kerry lucia anna tom max olive luca emma paul mary marie laura lucas oscar clara elena
    christina monica helena roma china cuba guinea chile jersey guernsey panama java cork perth of ban most wels see lot
    bergen lille orange laval olive grenada dominica salvador mercedes vera cruz angel angola angels niger mali togo benin
    oman york cologne mans troyes sable dole vannes meaux bon salon sens foix ag us pan spring hill lake wood field green
    white black brown gray grey rose pink violet blue red gold silver snow ice rain storm sun moon star love joy grace faith
    islands garden park church castle bridge port harbor harbour ford mill forest grove cove cliff ridge valley canyon casa mer
    plage
    playa mar montagne strand berg see wald haus garten schule burg stein au gera leer rain plan weil elf boda flores monte
    island sierra puente torre rio luna sol cruz nieve perro gato boot regen stade marina imperial union liberty bride groom baby
    boy
    girl mother father dog cat kitchen boat train car tree flower river sea house home school work school hospital hamburger
    frankfurter
"""
)
# In these, lower case never means a place, whatever stands before it.
NEVER_IN_LOWER_CASE = word_set(
    """
    centre center centro
    orange red green white black brown blue pink rose violet gold silver beach work home school bed love snow ice rain sun
    moon wood casa playa mar plage mer montagne strand park garden church kitchen train car boat hospital color uniform bloom
    action winter summer mobile split general front back love bar most best same male man hell temple normal hope corona eagle
    island islands paradise surprise surf costume costumes motion flight progress total person private public night light dark
    shade water
    fire bride groom baby boy girl mother father dog cat tree flower river sea house office store market museum zoo lake hill
    hills mountain mountains forest
"""
)
# People, not places, however a town somewhere is called.
NEVER = word_set(
    """
    oma opa mama papa mami papi mum mom mummy mommy dad daddy grandma grandpa granny grandad nana nan aunt uncle auntie tante
    onkel abuela abuelo mamá papá mamie maman tita tito sis bro
"""
)
# Folded, and what the gazetteer calls it.
SHORT_NAMES = {
    "nyc": "New York City", "sf": "San Francisco", "bcn": "Barcelona",
    "philly": "Philadelphia", "vegas": "Las Vegas", "rio": "Rio de Janeiro", "hk": "Hong Kong",
    "kl": "Kuala Lumpur", "cdmx": "Mexico City", "ffm": "Frankfurt am Main", "nola": "New Orleans", "saigon": "Ho Chi Minh City",
}  # fmt: skip
# What a place is, beside its name: “the city of London”, “our home town Hamburg”, “die Insel Rügen”, “New York City”.
PARTS_OF_PLACE = word_set(
    "downtown uptown midtown central inner outer greater upper lower northern southern eastern western north south east west "
    "rural urban"
    " suburbs outskirts centre center innenstadt stadtzentrum zentrum umgebung nord süd ost west banlieue centro afueras norte "
    "sur este"
    " oeste"
)
SORTS_OF_PLACE = word_set(
    "city town village country region state province county island isle islands area hometown capital peninsula coast stadt"
    " insel ort"
    " dorf land gegend bundesland hauptstadt heimatstadt raum ville île village pays région ciudad pueblo isla país región"
    " provincia"
    " zone zona"
)
BEFORE_A_SORT = word_set("home beautiful whole entire old ganze ganzen")
OF_A_SORT = word_set("of de du d von del des")
# Areas whose names are other words or first names as well: only after a preposition, or with a capital in mid-sentence,
AREA_OR_WORD = word_set("java capri kos jura petra everest prado kruger iberia brooklyn manhattan elba atomium cervin midi outback")
# and those that are areas only when they are written with capitals.
AREA_IN_CAPITALS = phrase_set(
    "white house|weißes haus|weißen haus|maison blanche|casa blanca|opera house|big island|north island|south island|nordinsel"
    "|südinsel|blue lagoon|blaue lagune|laguna azul|lagon bleu|holy land|isla norte|isla sur|île du nord|île du sud"
)
