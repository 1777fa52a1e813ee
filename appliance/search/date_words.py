"""The words that dates are made of, in English, German, French and Spanish. Data only; the grammar is in dates.py."""

from appliance.search.glue import GLUE
from appliance.search.sentence import Phrases, phrase_set, word_set

MONTHS = Phrases(
    {
        "january|jan|januar|jänner|janvier|janv|enero|ene": 1,
        "february|feb|februar|feber|février|fevr|febrero": 2,
        "march|mar|märz|maerz|mrz|mars|marzo": 3,
        "april|apr|avril|avr|abril|abr": 4,
        "may|mai|mayo": 5,
        "june|jun|juni|juin|junio": 6,
        "july|jul|juli|juillet|juil|julio": 7,
        "august|aug|août|agosto|ago": 8,
        "september|sep|sept|septembre|septiembre|setiembre": 9,
        "october|oct|oktober|okt|octobre|octubre": 10,
        "november|nov|novembre|noviembre": 11,
        "december|dec|dezember|dez|décembre|diciembre|dic": 12,
    }
)
# Months that are other words as well; “in”, “from”, “every” or a year must say that the month is meant.
MONTH_OR_WORD = word_set(
    "may march august mars mai jan jun juli julio sept mar dec sep avril abril april june ago ene abr dic avr juil"
)
NEEDS_A_YEAR = word_set("mar")  # the sea

SEASONS = Phrases(
    {
        "spring|springtime|frühling|frühjahr|fruehling|printemps|primavera|primaveras|printemps": "spring",
        "summer|summertime|sommer|sommers|sommern|été|étés|verano|veranos|summers": "summer",
        "autumn|fall|herbst|automne|automnes|otoño|otoños|autumns": "autumn",
        "winter|wintertime|winters|wintern|hiver|hivers|invierno|inviernos": "winter",
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
        "christmas|christmases|xmas|x-mas|christmas time|christmas holidays|weihnachtstage|weihnachtszeit|weihnachtsfeiertage"
        "|weihnachten|noël|navidad|navidades": "Christmas",
        "christmas eve|xmas eve|heiligabend|heiliger abend|heilig abend|nochebuena": "Christmas Eve",
        "christmas day|xmas day|erster weihnachtstag|ersten weihnachtstag|1. weihnachtstag|erster weihnachtsfeiertag"
        "|ersten weihnachtsfeiertag|"
        "jour de noël|día de navidad": "Christmas Day",
        "boxing day|day after christmas|the day after christmas|zweiter weihnachtstag|zweiten weihnachtstag|2. weihnachtstag"
        "|second day of christmas|st stephen's day|stephanstag": "Boxing Day",
        "easter|easter weekend|ostern|pâques|pascua|week-end de pâques|osterwochenende": "Easter",
        "last day of the year|the last day of the year|letzter tag des jahres|letzten tag des jahres|dernier jour de l'année"
        "|último día del año": "New Year's Eve",
        "first day of the year|the first day of the year|erster tag des jahres|ersten tag des jahres|premier jour de l'année"
        "|primer día del año": "New Year's Day",
        "easter sunday|easter day|ostersonntag|dimanche de pâques|domingo de pascua|domingo de resurrección": "Easter Sunday",
        "good friday|karfreitag|vendredi saint|viernes santo": "Good Friday",
        "easter monday|ostermontag|lundi de pâques|lunes de pascua": "Easter Monday",
        "holy week|semana santa|karwoche|semaine sainte": "Holy Week",
        "palm sunday|palmsonntag|dimanche des rameaux|rameaux|domingo de ramos": "Palm Sunday",
        "maundy thursday|gründonnerstag|jeudi saint|jueves santo": "Maundy Thursday",
        "carnival|karneval|fasching|fasnacht|fastnacht|carnaval|carnavales": "Carnival",
        "rosenmontag|lundi gras|lunes de carnaval|carnival monday": "Carnival Monday",
        "shrove tuesday|pancake day|mardi gras|faschingsdienstag|fastnachtsdienstag|veilchendienstag"
        "|martes de carnaval": "Shrove Tuesday",
        "weiberfastnacht|altweiber|altweiberfastnacht|jueves lardero": "Fat Thursday",
        "ash wednesday|aschermittwoch|mercredi des cendres|miércoles de ceniza": "Ash Wednesday",
        "ascension|ascension day|himmelfahrt|christi himmelfahrt|l'ascension|día de la ascensión": "Ascension",
        "corpus christi|fronleichnam|fête-dieu": "Corpus Christi",
        "whit sunday|pfingstsonntag|dimanche de pentecôte": "Whit Sunday",
        "whit monday|pfingstmontag|lundi de pentecôte": "Whit Monday",
        "pentecost|whitsun|pfingsten|pentecôte|pentecostés": "Whitsun",
        "new year's eve|new years eve|new year eve|nye|silvester|sylvester|réveillon|réveillon du nouvel an|nochevieja"
        "|fin de año|silvesterabend": "New Year's Eve",
        "la saint-sylvestre|saint-sylvestre|saint sylvestre|la saint sylvestre|jour de la saint-sylvestre": "New Year's Eve",
        "réveillon de noël|veille de noël": "Christmas Eve",
        "new year's day|new years day|new year's|new year|new years|neujahr|nouvel an|jour de l'an|año nuevo": "New Year's Day",
        "halloween": "Halloween",
        "thanksgiving|thanksgiving day": "Thanksgiving",
        "black friday": "Black Friday",
        "valentine's day|valentines day|valentine's|valentinstag|saint-valentin|san valentín": "Valentine's Day",
        "mother's day|mothers day|mom's day|muttertag": "Mother's Day",
        "fête des mères|fete des meres": "Fête des mères",
        "día de la madre": "Día de la madre",
        "father's day|fathers day|fête des pères": "Father's Day",
        "vatertag|herrentag": "Vatertag",
        "día del padre": "Día del padre",
        "st patrick's day|saint patrick's day": "St Patrick's Day",
        "epiphany|dreikönigstag|heilige drei könige|dreikönige|épiphanie|fête des rois|día de reyes|reyes magos": "Epiphany",
        "4th of july|fourth of july|independence day": "Fourth of July",
        "nikolaustag|saint-nicolas|st nicholas day": "St Nicholas",
        "bonfire night|guy fawkes night|guy fawkes": "Bonfire Night",
        "bastille day|fête nationale|quatorze juillet": "Bastille Day",
        "all saints|all saints day|allerheiligen|toussaint|todos los santos|día de todos los santos": "All Saints",
        "day of the dead|día de los muertos|día de muertos": "Day of the Dead",
        "tag der deutschen einheit": "Day of German Unity",
        "tag der arbeit|maifeiertag|fête du travail|día del trabajo|día del trabajador": "First of May",
        "memorial day": "Memorial Day",
        "midsummer|johannistag|saint-jean|noche de san juan": "Midsummer",
        "first advent|first sunday of advent|erster advent|ersten advent|1. advent|premier dimanche de l'avent": "First Advent",
        "second advent|zweiter advent|zweiten advent|2. advent": "Second Advent",
        "third advent|dritter advent|dritten advent|3. advent": "Third Advent",
        "fourth advent|vierter advent|vierten advent|4. advent": "Fourth Advent",
        "advent|adventszeit|l'avent|adviento": "Advent",
    }
)
# Feasts that are other words as well: without a year only after a word that a time follows.
HOLIDAY_OR_WORD = word_set("carnival ascension advent midsummer toussaint carnaval")
BEFORE_A_FEAST = word_set(
    "last every each during since before after around this letzten letzte diesen jeden an zu im seit vor nach während au à pendant"
    " chaque avant apres en durante cada desde dernier"
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
    "Día del padre": ((3, 19), (3, 19)),
    "Bonfire Night": ((11, 5), (11, 5)),
    "Bastille Day": ((7, 14), (7, 14)),
    "All Saints": ((11, 1), (11, 1)),
    "Day of the Dead": ((11, 1), (11, 2)),
    "Day of German Unity": ((10, 3), (10, 3)),
    "First of May": ((5, 1), (5, 1)),
    "Midsummer": ((6, 23), (6, 24)),
}
ADVENTS = {  # days from the fourth Sunday, the last before Christmas
    "First Advent": -21, "Second Advent": -14, "Third Advent": -7, "Fourth Advent": 0,
}  # fmt: skip
FROM_EASTER = {  # first and last day, counted from Easter Sunday
    "Easter": (-2, 1), "Easter Sunday": (0, 0), "Good Friday": (-2, -2), "Easter Monday": (1, 1), "Holy Week": (-7, 0),
    "Palm Sunday": (-7, -7), "Maundy Thursday": (-3, -3), "Carnival": (-52, -47), "Carnival Monday": (-48, -48),
    "Shrove Tuesday": (-47, -47), "Fat Thursday": (-52, -52), "Ash Wednesday": (-46, -46), "Ascension": (39, 39),
    "Vatertag": (39, 39), "Whitsun": (49, 50), "Whit Sunday": (49, 49), "Whit Monday": (50, 50), "Corpus Christi": (60, 60),
}  # fmt: skip
# Month, weekday, which one (-1: the last), and how many days after that.
NTH_WEEKDAY = {
    "Thanksgiving": (11, 3, 4, 0), "Black Friday": (11, 3, 4, 1), "Mother's Day": (5, 6, 2, 0), "Día de la madre": (5, 6, 1, 0),
    "Fête des mères": (5, 6, -1, 0), "Father's Day": (6, 6, 3, 0), "Memorial Day": (5, 0, -1, 0),
}  # fmt: skip

UNITS = Phrases(
    {
        "day|days|tag|tage|tagen|jour|jours|día|días": "day",
        "week|weeks|woche|wochen|semaine|semaines|semana|semanas": "week",
        "fortnight|fortnights|quinzaine|quincena": "fortnight",
        "month|months|monat|monate|monaten|monats|mois|mes|meses": "month",
        "year|years|jahr|jahre|jahren|jahres|an|ans|année|années|año|años": "year",
        "weekend|weekends|week-end|week end|wochenende|wochenenden|fin de semana|fines de semana": "weekend",
        "half year|halbes jahr|halben jahr|halbe jahr": "half year",
        "quarter|quarters|quartal|quartale|quartals|trimestre|trimestres": "quarter",
    }
)
NUMBERS = Phrases(
    {
        "a|an|one|ein|eine|einem|einer|einen|un|une|una|uno": 1,
        "two|zwei|deux|dos|a couple of|couple of|a couple": 2,
        "three|drei|trois|tres|a few|few|ein paar|paar|quelques|unos|unas": 3,
        "four|vier|quatre|cuatro": 4,
        "five|fünf|cinq|cinco": 5,
        "six|sechs|seis|half a dozen": 6,
        "seven|sieben|sept|siete": 7,
        "eight|acht|huit|ocho": 8,
        "nine|neun|neuf|nueve": 9,
        "ten|zehn|dix|diez": 10,
        "eleven|elf|onze|once": 11,
        "twelve|zwölf|douze|doce": 12,
        "fifteen|fünfzehn|quinze|quince": 15,
        "thirteen|dreizehn|treize|trece": 13,
        "fourteen|vierzehn|quatorze|catorce": 14,
        "sixteen|sechzehn|seize|dieciséis": 16,
        "seventeen|siebzehn|dix-sept|diecisiete": 17,
        "eighteen|achtzehn|dix-huit|dieciocho": 18,
        "nineteen|neunzehn|dix-neuf|diecinueve": 19,
        "twenty|zwanzig|vingt|veinte": 20,
        "twenty-five|twenty five|fünfundzwanzig|vingt-cinq|veinticinco": 25,
        "forty|vierzig|quarante|cuarenta": 40,
        "fifty|fünfzig|cinquante|cincuenta": 50,
        "thirty|dreißig|trente|treinta": 30,
    }
)
ORDINALS = Phrases(
    {
        "first|1st|erste|ersten|erster|erstes|premier|première|premiers|premières|primero|primer|primera|primeros|primeras": 1,
        "second|2nd|zweite|zweiten|zweiter|zweites|deuxième|segundo|segunda": 2,
        "third|3rd|dritte|dritten|dritter|drittes|troisième|tercero|tercer|tercera": 3,
        "fourth|4th|vierte|vierten|vierter|viertes|quatrième|cuarto|cuarta": 4,
        "fifth|fünfte|fünften|cinquième|quinto|quinta": 5,
        "last|letzte|letzten|letzter|letztes|dernier|dernière|derniers|dernières|último|última|últimos|últimas": -1,
    }
)
ORDINAL_ENDINGS = word_set("st nd rd th er re º ª")

DAYS_BACK = Phrases(
    {
        "today|heute|aujourd'hui|hoy|todays|today's": 0,
        "tomorrow|demain": -1,
        "the day after tomorrow|day after tomorrow|übermorgen|après-demain|pasado mañana": -2,
        "yesterday|gestern|hier|ayer|la veille|veille|yesterdays|yesterday's": 1,
        "the day before yesterday|day before yesterday|vorgestern|avant-hier|anteayer|antes de ayer": 2,
    }
)
LAST = phrase_set(
    "last|previous|past|letzte|letzten|letzter|letztes|letztem|vergangene|vergangenen|vergangener|vergangenes|vergangenem"
    "|vorige|vorigen|voriges|voriger|último|última|pasado|pasada"
)
LAST_AFTER = phrase_set("dernier|dernière|derniers|dernières|passé|passée|pasado|pasada|pasados|pasadas")
LAST_MANY = phrase_set("last|past|previous|letzten|vergangenen|derniers|dernières|últimos|últimas")
NEXT = phrase_set(
    "next|coming|upcoming|the coming|nächste|nächsten|nächster|nächstes|nächstem|kommende|kommenden|kommender|kommendes|próximo"
    "|próxima"
)
NEXT_AFTER = phrase_set("prochain|prochaine|próximo|próxima|que viene")
THIS_AFTER = phrase_set("- ci|ci")  # “ce mois-ci”
NOW_AFTER = phrase_set("en cours|actuel|actuelle|en curso|actual")  # “le mois en cours”
EARLIER = phrase_set("earlier|early|earlier on")  # “earlier this month”
THIS = phrase_set("this|the current|laufende|laufenden|laufendes|diese|diesen|dieser|dieses|diesem|ce|cet|cette|este|esta")
# How many months these are: “a year and a half ago”.
AS_MONTHS = Phrases(
    {
        "a year and a half|one and a half years|1.5 years|anderthalb jahren|anderthalb jahre|eineinhalb jahren|un an et demi"
        "|un año y medio|año y medio": 18,
        "half a year|a half year|half year|einem halben jahr|une demi-année|medio año": 6,
        "two and a half years|2.5 years|zweieinhalb jahren|deux ans et demi|dos años y medio": 30,
    }
)
HOURS_LONG = phrase_set("hour|hours|stunde|stunden|heure|heures|hora|horas|hrs|h")  # “the last 24 hours”
AGO_BEFORE = phrase_set("vor|il y a|y a|hace")
AGO_AFTER = phrase_set("ago|back")
AGO_OR_OLD = phrase_set("ago|back|old|alt|her|zurück")
# “Exactly two years ago”, “a year ago today”: that very day, not the year.
EXACTLY = phrase_set("exactly|genau|exactement|exactamente|precisely")
TODAY = phrase_set("today|to the day|to this day|heute|aujourd'hui|jour pour jour|hoy|exactly|this day|on this day")
THIS_DAY = phrase_set(
    "on this day|this day|on this date|this date|same day|the same day|an diesem tag|ce jour|este día|tal día como hoy"
)
BEFORE_LAST = Phrases(
    {
        "before last": 2,
        "vorletzte|vorletzten|vorletzter|vorletztes|vorletztem": 2,
        "avant-dernier|avant-dernière|antepasado|antepasada": 2,
    }
)
SO_FAR = phrase_set("so far|to date|until now|till now|up to now|bis jetzt|bisher|jusqu'à présent|jusqu'ici|hasta ahora|hasta hoy")
OLDER_THAN = phrase_set(
    "older than|more than|over|älter als|mehr als|vor mehr als|vor über|plus de|plus vieux que|plus vieilles que"
    "|il y a plus de|de plus de"
    "|más de|hace más de|de hace más de|más antiguas que|más viejas que"
)
YOUNGER_THAN = phrase_set(
    "newer than|younger than|less than|not older than|no older than|jünger als|weniger als|vor weniger als"
    "|nicht älter als|moins de"
    "|il y a moins de|de moins de|menos de|hace menos de"
)
COMPARED_BY_ITSELF = word_set("older newer younger alter junger vor il y hace not no nicht")  # else “ago” must follow
SINCE_A_WHILE = phrase_set("since|seit|depuis|desde hace")
ANCHORED = Phrases(
    {
        "before|vor|avant|antes de|antes del|prior to": -1,
        "after|nach|après|después de|después del": 1,
    }
)
QUARTER_NUMBERS = word_set("q t quartal")
HALF_YEARS = phrase_set("half year|halbjahr|halbjahres|semestre|semester|half")
EVERY = phrase_set("every|each|any|jede|jeden|jedes|jeder|jedem|chaque|tous les|toutes les|cada|todos los|todas las|all")
EVERY_YEAR = phrase_set(
    "every year|each year|of any year|in any year|any year|of every year|jedes jahr|in jedem jahr|chaque année|tous les ans"
    "|cada año|todos los años"
)

DAYS = phrase_set("los días|the days|on the|le|les|les jours|am|den|on|el|the")
AND_DAY = phrase_set("and|and the|und|und am|und dem|et|et le|y|y el|or|or the|oder|oder am|ou|ou le|o|o el|&")
BETWEEN = phrase_set("between|zwischen|entre")
FROM = phrase_set("from|von|vom|de|du|d|des|del|desde|depuis|ab|dès")
TO = phrase_set(
    "to|until|till|til|through|up to|bis|bis zum|bis ende|à|au|jusqu'à|jusqu'au|jusqu'en|a|al|hasta|hasta el|-|–|—|to the|until the"
)
AND = phrase_set("and|und|et|y|e|&")
# What may stand between “not” and a date: “not from last year”, “nicht aus dem Jahr 2019”, “pas en été”.
NOT_THEN = word_set(
    "in from of on at during the year taken im vom aus von am den dem der die das jahr en de du d l le la les à au"
    " pendant année el los"
    " las del año durante photos fotos bilder pictures"
)
OR = phrase_set("or|and|oder|und|ou|et|o|u|y|,|&|/")
SINCE = phrase_set(
    "since|ever since|seit|depuis|desde|from|ab|not before|no earlier than|not earlier than|starting|starting in|starting from"
    "|nicht vor|pas avant|no antes de|a partir de|à partir de|from the start of|beginning in|seit dem|seit der|since the|depuis le"
    "|depuis la|desde el|desde la|ab dem|beginning"
)
FROM_ALONE = word_set("from")  # “from March” is that month; “from March onwards” is since
ONWARDS = phrase_set("onwards|onward|on|and later|and after|or later|aufwärts|en adelante")
AFTER = phrase_set(
    "after|later than|nach|après|después de|después del|tras|newer than|younger than|more recent than|postérieures à|postérieurs à"
    "|postérieur à|posteriores a|posterior a|posteriores al|neuer als|neuere als|jünger als|jüngere als|plus récentes que"
    "|más recientes que|nach dem jahr|après l'année|después del año|nach dem|nach der"
)
BEFORE = phrase_set(
    "before|earlier than|longer ago than|länger her als|older than|prior to|vor|avant|antes de|antes del|bevor|predating|pre"
    "|anteriores a|anterior a|anteriores al|previas a|previos a|antérieures à|antérieurs à|antérieur à|antérieure à|d'avant"
    "|älter als|ältere als|plus anciennes que|plus vieilles que|más antiguas que|más viejas que|vor dem jahr|avant l'année"
    "|avant l'an|antes del año|vor dem|vor der"
)
UNTIL = phrase_set(
    "until|till|up to|up until|bis|bis zum|bis ende|jusqu'à|jusqu'au|jusqu'en|hasta|no later than|not later than"
    "|not after|nicht nach|pas après|bis einschließlich|bis inklusive|up to and including|jusqu'à fin|bis zum jahr|hasta el año"
    "|no después de|by the end of|spätestens"
)
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
OF_THE_YEAR = phrase_set("des jahres|of the year|of year|de l'année|del año|vom jahr")
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
    "pieces people persons metres meters m km miles mb gb px pixels euro euros dollars $ € £ % steps photos pictures"
    " fotos bilder"
    " meter personen leute teile personnes personas piezas kg g calories hours mm cm"
)
