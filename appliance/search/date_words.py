"""The words that dates are made of, in English, German, French and Spanish. Data only; the grammar is in dates.py."""

from appliance.search.glue import GLUE
from appliance.search.sentence import Phrases, phrase_set, word_set

MONTHS = Phrases(
    {
        "january|jan|januar|jänner|janvier|enero": 1,
        "february|feb|februar|feber|février|fevr|febrero": 2,
        "march|märz|maerz|mars|marzo": 3,
        "april|apr|avril|abril": 4,
        "may|mai|mayo": 5,
        "june|jun|juni|juin|junio": 6,
        "july|jul|juli|juillet|julio": 7,
        "august|aug|août|agosto": 8,
        "september|sep|sept|septembre|septiembre|setiembre": 9,
        "october|oct|oktober|okt|octobre|octubre": 10,
        "november|nov|novembre|noviembre": 11,
        "december|dec|dezember|dez|décembre|diciembre": 12,
    }
)
# Months that are other words as well; “in”, “from”, “every” or a year must say that the month is meant.
MONTH_OR_WORD = word_set("may march august mars mai jan jun juli julio sept mar dec sep avril abril april june")

SEASONS = Phrases(
    {
        "spring|springtime|frühling|frühjahr|fruehling|printemps|primavera|primaveras|printemps": "spring",
        "summer|summertime|sommer|sommers|été|étés|verano|veranos|summers": "summer",
        "autumn|fall|herbst|automne|automnes|otoño|otoños|autumns": "autumn",
        "winter|wintertime|winters|hiver|hivers|invierno|inviernos": "winter",
    }
)
SEASON_MONTHS = {"spring": (3, 4, 5), "summer": (6, 7, 8), "autumn": (9, 10, 11), "winter": (12, 1, 2)}

WEEKDAYS = Phrases(
    {
        "monday|mondays|montag|montags|lundi|lundis|lunes": 0,
        "tuesday|tuesdays|dienstag|dienstags|mardi|mardis|martes": 1,
        "wednesday|wednesdays|mittwoch|mittwochs|mercredi|mercredis|miércoles": 2,
        "thursday|thursdays|donnerstag|donnerstags|jeudi|jeudis|jueves": 3,
        "friday|fridays|freitag|freitags|vendredi|vendredis|viernes": 4,
        "saturday|saturdays|samstag|samstags|sonnabend|samedi|samedis|sábado|sábados": 5,
        "sunday|sundays|sonntag|sonntags|dimanche|dimanches|domingo|domingos": 6,
    }
)
WEEKENDS = phrase_set("weekend|weekends|week end|week-end|week-ends|wochenende|wochenenden|fin de semana|fines de semana")
EVERY_WEEK = word_set(
    "mondays tuesdays wednesdays thursdays fridays saturdays sundays weekends montags dienstags mittwochs donnerstags freitags"
    " samstags sonntags wochenenden lundis mardis mercredis jeudis vendredis samedis dimanches sábados domingos fines"
)

HOLIDAYS = Phrases(
    {
        "christmas|xmas|weihnachten|noël|navidad|navidades": "Christmas",
        "christmas eve|heiligabend|heiliger abend|nochebuena": "Christmas Eve",
        "christmas day": "Christmas Day",
        "boxing day": "Boxing Day",
        "easter|easter weekend|ostern|pâques|semana santa|pascua": "Easter",
        "easter sunday|ostersonntag": "Easter Sunday",
        "good friday|karfreitag|vendredi saint|viernes santo": "Good Friday",
        "easter monday|ostermontag": "Easter Monday",
        "pentecost|whitsun|pfingsten|pentecôte": "Whitsun",
        "new year's eve|new years eve|new year eve|nye|silvester|sylvester|réveillon|nochevieja": "New Year's Eve",
        "la saint-sylvestre|saint sylvestre|jour de la saint-sylvestre": "New Year's Eve",
        "new year's day|new years day|new year's|new year|new years|neujahr|nouvel an|jour de l'an|año nuevo": "New Year's Day",
        "halloween": "Halloween",
        "thanksgiving|thanksgiving day": "Thanksgiving",
        "valentine's day|valentines day|valentine's|valentinstag|saint-valentin|san valentín": "Valentine's Day",
        "mother's day|mothers day|muttertag": "Mother's Day",
        "st patrick's day|saint patrick's day": "St Patrick's Day",
        "epiphany|dreikönigstag|épiphanie|día de reyes|reyes magos": "Epiphany",
        "4th of july|fourth of july|independence day": "Fourth of July",
        "nikolaustag": "St Nicholas",
    }
)
HOLIDAY_DAYS = {
    "Christmas": ((12, 24), (12, 26)),
    "Christmas Eve": ((12, 24), (12, 24)),
    "Christmas Day": ((12, 25), (12, 25)),
    "Boxing Day": ((12, 26), (12, 26)),
    "New Year's Eve": ((12, 31), (12, 31)),
    "New Year's Day": ((1, 1), (1, 1)),
    "Halloween": ((10, 31), (10, 31)),
    "Valentine's Day": ((2, 14), (2, 14)),
    "St Patrick's Day": ((3, 17), (3, 17)),
    "Epiphany": ((1, 6), (1, 6)),
    "Fourth of July": ((7, 4), (7, 4)),
    "St Nicholas": ((12, 6), (12, 6)),
}
FROM_EASTER = {"Easter": (-2, 1), "Easter Sunday": (0, 0), "Good Friday": (-2, -2), "Easter Monday": (1, 1), "Whitsun": (48, 50)}
NTH_WEEKDAY = {"Thanksgiving": (11, 3, 4), "Mother's Day": (5, 6, 2)}  # month, weekday, which one

UNITS = Phrases(
    {
        "day|days|tag|tage|tagen|jour|jours|día|días": "day",
        "week|weeks|woche|wochen|semaine|semaines|semana|semanas": "week",
        "month|months|monat|monate|monaten|monats|mois|mes|meses": "month",
        "year|years|jahr|jahre|jahren|jahres|an|ans|année|années|año|años": "year",
        "weekend|weekends|week-end|wochenende|wochenenden|fin de semana": "weekend",
    }
)
NUMBERS = Phrases(
    {
        "a|an|one|ein|eine|einem|einer|einen|un|une|una|uno": 1,
        "two|zwei|deux|dos|a couple of|couple of|a couple": 2,
        "three|drei|trois|tres|a few|few|ein paar|paar|quelques|unos|unas": 3,
        "four|vier|quatre|cuatro": 4,
        "five|fünf|cinq|cinco": 5,
        "six|sechs|seis": 6,
        "seven|sieben|sept|siete": 7,
        "eight|acht|huit|ocho": 8,
        "nine|neun|neuf|nueve": 9,
        "ten|zehn|dix|diez": 10,
        "eleven|elf|onze|once": 11,
        "twelve|zwölf|douze|doce": 12,
        "fifteen|fünfzehn|quinze|quince": 15,
        "twenty|zwanzig|vingt|veinte": 20,
        "thirty|dreißig|trente|treinta": 30,
    }
)
ORDINALS = Phrases(
    {
        "first|erste|ersten|erster|erstes|premier|première|primero|primer|primera": 1,
        "second|zweite|zweiten|zweiter|deuxième|segundo|segunda": 2,
        "third|dritte|dritten|dritter|troisième|tercero|tercer|tercera": 3,
        "fourth|vierte|vierten|vierter|quatrième|cuarto|cuarta": 4,
        "fifth|fünfte|fünften|cinquième|quinto|quinta": 5,
        "last|letzte|letzten|letztes|dernier|dernière|último|última": -1,
    }
)
ORDINAL_ENDINGS = word_set("st nd rd th er re º ª")

DAYS_BACK = Phrases(
    {
        "today|heute|aujourd'hui|hoy": 0,
        "yesterday|gestern|hier|ayer": 1,
        "the day before yesterday|day before yesterday|vorgestern|avant-hier|anteayer|antes de ayer": 2,
    }
)
LAST = phrase_set(
    "last|previous|past|letzte|letzten|letzter|letztes|letztem|vergangene|vergangenen|vergangener|vergangenes|vergangenem"
    "|vorige|vorigen|voriges|voriger|último|última|pasado|pasada"
)
LAST_AFTER = phrase_set("dernier|dernière|derniers|dernières|passé|passée|pasado|pasada|pasados|pasadas")
LAST_MANY = phrase_set("last|past|previous|letzten|vergangenen|derniers|dernières|últimos|últimas")
THIS = phrase_set("this|diese|diesen|dieser|dieses|diesem|ce|cet|cette|este|esta")
AGO_BEFORE = phrase_set("vor|il y a|hace")
AGO_AFTER = phrase_set("ago|back")
EVERY = phrase_set("every|each|any|jede|jeden|jedes|jeder|jedem|chaque|tous les|toutes les|cada|todos los|todas las|all")
EVERY_YEAR = phrase_set(
    "every year|each year|of any year|in any year|any year|of every year|jedes jahr|in jedem jahr|chaque année|tous les ans"
    "|cada año|todos los años"
)

BETWEEN = phrase_set("between|zwischen|entre")
FROM = phrase_set("from|von|vom|de|du|d|des|del|desde|depuis|ab|dès")
TO = phrase_set(
    "to|until|till|til|through|up to|bis|bis zum|bis ende|à|au|jusqu'à|jusqu'au|jusqu'en|a|al|hasta|hasta el|-|–|—|to the|until the"
)
AND = phrase_set("and|und|et|y|e|&")
OR = phrase_set("or|and|oder|und|ou|et|o|u|y|,|&|/")
SINCE = phrase_set("since|seit|depuis|desde|from|ab")
FROM_ALONE = word_set("from")  # “from March” is that month; “from March onwards” is since
ONWARDS = phrase_set("onwards|onward|on|and later|and after|or later|aufwärts|en adelante")
AFTER = phrase_set("after|later than|nach|après|después de|después del|tras|newer than|younger than")
BEFORE = phrase_set("before|earlier than|older than|prior to|vor|avant|antes de|antes del|bevor")
UNTIL = phrase_set("until|till|up to|bis|bis zum|jusqu'à|jusqu'au|jusqu'en|hasta|no later than")
AROUND = phrase_set("around|about|circa|ca|roughly|um|rund um|gegen|vers|autour de|aux alentours de|hacia|alrededor de|near")
ARTICLES = word_set("the der die das den dem le la les l el los las")
OF = word_set("of in de del du des d von vom im s , the l la el le der")
BEFORE_A_MONTH = word_set(
    "in from of during since until till before after between to every each last this mid early late im ab"
    " seit bis vor nach zwischen en de du au dès depuis avant après entre desde hasta del antes durante pendant während jeden "
    "jeder cada chaque"
    " letzten diesen ende anfang mitte fin finales principios mediados by around um or oder ou and und et y -  – to bis next"
)
SEASON_OR_WORD = word_set("fall spring")
BEFORE_A_SEASON = word_set(
    "in during of over im em en au à durante pendant every each jeden cada chaque this from since since until before after "
    "seit bis"
    " or and oder und ou et o y depuis desde hasta"
)
PART_OF = word_set("of in the im des der de du d l la el le les los - vom von del")
# Words that may follow a season or a feast without being the thing it describes.
NO_THING = GLUE | word_set("morning afternoon evening night mornings evenings or and abroad again")

PARTS = Phrases(
    {
        "early|early in|beginning of|start of|the beginning of|the start of|anfang|zu beginn|début|au début de|début de": "early",
        "principios de|a principios de|comienzos de|inicios de": "early",
        "mid|mid of|middle of|the middle of|mitte|mi|milieu|au milieu de|mediados de|a mediados de": "mid",
        "late|late in|end of|the end of|ende|fin|fin de|la fin de|fines de|finales de|a finales de|final de": "late",
        "first half of|the first half of|erste hälfte": "first half",
        "second half of|the second half of|zweite hälfte": "second half",
    }
)
DECADE_ENDINGS = word_set("s er ern")
DECADES_BEFORE = phrase_set("années|les années|años|los años|los")
DECADES = Phrases(
    {
        "fifties|fünfziger": 1950,
        "sixties|sechziger": 1960,
        "seventies|siebziger": 1970,
        "eighties|achtziger": 1980,
        "nineties|neunziger": 1990,
    }
)

# A number next to one of these is no year.
NOT_A_YEAR_AFTER = word_set("room no number nr num iso bus route flight zimmer nummer chambre numéro bei f $ € £ # _ size")
NOT_A_YEAR_BEFORE = word_set(
    "pieces people persons metres meters m km miles mb gb px pixels euro euros dollars $ € £ % steps photos pictures fotos bilder"
    " meter personen leute teile personnes personas piezas kg g calories hours mm cm"
)

HOURS = Phrases(
    {
        "in the morning|in the mornings|mornings|this morning|early morning": (5, 12),
        "am morgen|morgens|le matin|du matin|ce matin|por la mañana|esta mañana": (5, 12),
        "at noon|at midday|around noon|mittags|am mittag|à midi|al mediodía|at lunchtime": (11, 14),
        "in the afternoon|in the afternoons|afternoons|this afternoon": (12, 17),
        "am nachmittag|nachmittags|l'après-midi|cet après-midi|por la tarde|esta tarde": (12, 17),
        "in the evening|in the evenings|evenings|this evening|am abend|abends|le soir|du soir|ce soir|tonight|at dusk": (17, 22),
        "at night|by night|nights|in the night|during the night|at nighttime|at midnight": (21, 5),
        "nachts|in der nacht|bei nacht|la nuit|de nuit|por la noche|de noche|esta noche": (21, 5),
    }
)
# After a weekday or “yesterday” the bare word is enough.
HOURS_AFTER_A_DAY = Phrases(
    {
        "morning|mornings|morgen|früh|vormittag|matin|por la mañana": (5, 12),
        "noon|lunchtime|mittag|midi": (11, 14),
        "afternoon|afternoons|nachmittag|après-midi|por la tarde": (12, 17),
        "evening|evenings|abend|soir|por la noche": (17, 22),
        "night|nights|nacht|nuit|noche": (21, 5),
    }
)
OF_TODAY = phrase_set("this|tonight|ce|cette|esta")
LAST_NIGHT = phrase_set("last night|letzte nacht|gestern nacht|la nuit dernière|anoche")
