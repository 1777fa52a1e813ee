"""The sentences that are no search, in English, German, French and Spanish. Data only; intents.py says what they mean.

A pattern is matched with the whole sentence, folded (no case, no accents) and without marks: whatever else is said makes it a
search. `{WHAT}` stands for words that name photos, `{POINTING}` for words that only point at them; intents.py checks these. So
“hide these” is a wish, “hide and seek” is a game that somebody photographed."""

ORDINALS = {
    "first|1 st|1|erste|ersten|erstes|erster|premier|premiere|primero|primera|primer|one|number one": 1,
    "second|2 nd|2|zweite|zweiten|zweites|zweiter|deuxieme|second|seconde|segundo|segunda": 2,
    "third|3 rd|3|dritte|dritten|drittes|dritter|troisieme|tercero|tercera|tercer": 3,
    "fourth|4 th|4|vierte|vierten|viertes|vierter|quatrieme|cuarto|cuarta": 4,
    "fifth|5 th|5|funfte|funften|funftes|funfter|cinquieme|quinto|quinta": 5,
    "sixth|6 th|6|sechste|sechsten|sechstes|sechster|sixieme|sexto|sexta": 6,
    "seventh|7 th|7|siebte|siebten|siebtes|siebter|septieme|septimo|septima": 7,
    "eighth|8 th|8|achte|achten|achtes|achter|huitieme|octavo|octava": 8,
    "ninth|9 th|9|neunte|neunten|neuntes|neunter|neuvieme|noveno|novena": 9,
    "tenth|10 th|10|zehnte|zehnten|zehntes|zehnter|dixieme|decimo|decima": 10,
    "last|letzte|letzten|letztes|letzter|derniere|dernier|ultima|ultimo": -1,
}
NUMBERS = {
    "two|2|zwei|deux|dos": 2, "three|3|drei|trois|tres": 3, "four|4|vier|quatre|cuatro": 4, "five|5|funf|cinq|cinco": 5,
    "six|6|sechs|seis": 6, "seven|7|sieben|sept|siete": 7, "eight|8|acht|huit|ocho": 8, "nine|9|neun|neuf|nueve": 9,
    "ten|10|zehn|dix|diez": 10,
}  # fmt: skip
FIRST = "first|ersten|premieres|premiers|primeras|primeros"
LAST = "last|letzten|dernieres|derniers|ultimas|ultimos"

POLITE = r"(?:(?:please|bitte|s il te plait|por favor|ok|okay|now|and|then|can you|could you|kannst du|peux tu|puedes) )*"
SHOW = (
    r"(?:(?:show me|show us|show|open|only|just|give me|i want|i mean|take|zeig mir|zeig|zeige|nur|offne|zeige mir|montre moi"
    r"|montre|seulement"
    r"|ouvre|muestrame|muestra|ensename|solo|abre) )?"
)
THE = r"(?:(?:the|das|die|der|dem|den|le|la|les|l|el|los|las|number|photo number|picture number|nummer|numero) ){0,2}"
ONE = r"(?: (?:one|ones|of these|of them|of those|von diesen|davon|de celles ci|de estas))?"
PLEASE = r"(?: (?:please|bitte|s il te plait|por favor))?"
PICTURE = r"(?: (?:one|photo|picture|image|video|foto|bild|bilder|photos|fotos|imagen))?"

BACK = (
    r"(?:go |take me )?back(?: please)?|go back(?: one)?|(?:the )?previous(?: question| results)?|the question before|undo that"
    r"|zuruck|geh zuruck|die frage davor|retour|reviens|revenir|en arriere|la question d avant|atras|vuelve|volver"
    r"|vuelve atras|volver atras|la pregunta anterior"
)
AGAIN = (
    r"(?:show me |show )?all(?: of)?(?: them| these| those)?(?: again)|show them all(?: again)?|(?:show me |show )?all of them"
    r"|everything again|the whole list(?: again)?|(?:zeig |zeige )?(?:wieder alle|alle wieder|nochmal alle|alle nochmal)"
    r"|(?:montre les |montre )?toutes a nouveau|toutes encore|a nouveau toutes|(?:muestra )?todas otra vez|otra vez todas"
    r"|todas de nuevo"
)
OTHER = r"other|andere|autre|otro|otra"
OTHERS = r"others|other ones|rest|anderen|ubrigen|restlichen|autres|otros|otras|demas|resto"
THIS_ONE = r"this one|that one|this|that|it|dieses|dieses hier|das|das hier|celle ci|celui ci|esta|este|this photo|that photo"
LIKE = (
    r"(?:(?:show me|find|some|give me) )?(?:more |similar |others? |ones )?(?:(?:photos|pictures|ones) )?(?:like|similar to)"
    r"|(?:zeig mir |zeige |finde )?(?:mehr|ahnliche|andere|noch mehr|weitere)(?: bilder| fotos)?(?: so)? wie"
    r"|ahnliche(?: bilder| fotos)? (?:wie|zu)|so wie"
    r"|(?:montre moi )?(?:plus|d autres|des photos)(?: de photos)? (?:comme|semblables a)|(?:des )?(?:photos )?semblables a"
    r"|(?:muestrame )?(?:mas|otras)(?: fotos)?(?: como| parecidas a)|(?:fotos )?parecidas a"
)

TAKEN = r"(?: (?:taken|made|shot|filmed|gemacht|aufgenommen|entstanden|prise|prises|tomada|tomadas|hecha|hechas|from))?"
THESE = (
    r"this|that|it|these|those|they|them|das|dieses|die|diese|sie|celle ci|celles ci|elle|elles|esta|estas|este|estos"
    r"|(?:this|that|these|those) (?:one|ones|photo|photos|picture|pictures|video|videos)|(?:dieses|diese) (?:bild|bilder|foto"
    r"|fotos)"
    r"|(?:cette|ces) (?:photo|photos|image|images)|(?:esta|estas) (?:foto|fotos)"
)
WHEN_THESE = (
    rf"when (?:was|were|did i take|did we take) (?:{THESE}){TAKEN}|wann (?:war|waren|ist|sind|wurde|wurden) (?:{THESE}){TAKEN}"
    rf"|quand (?:a ete|ont ete|etait|etaient|est) (?:{THESE}){TAKEN}|quand (?:{THESE}) (?:a t elle|ont elles) ete (?:prise|prises)"
    rf"|cuando (?:fue|fueron|es|son){TAKEN} (?:{THESE}){TAKEN}"
)
WHERE_THESE = (
    rf"where (?:was|were|is|are|did i take|did we take) (?:{THESE}){TAKEN}|wo (?:war|waren|ist|sind|wurde|wurden)"
    rf" (?:{THESE}){TAKEN}"
    rf"|ou (?:a ete|ont ete|etait|etaient|est|sont) (?:{THESE}){TAKEN}|donde (?:fue|fueron|es|son){TAKEN} (?:{THESE}){TAKEN}"
)
COUNT_THESE = (
    r"how many(?: (?:are there|are these|are they|of them|is that|do we have|is it))?|wie viele(?: (?:sind es|sind das|davon))?"
    r"|combien(?: (?:y en a t il|de photos))?|cuantas(?: (?:hay|son))?"
)

# “Which cameras do we have?” asks of the whole library, whatever is shown.
IN_LIBRARY = r"\b(?:do we have|do i have|have we|are there|is there|haben wir|gibt es|avons nous|y a t il|hay|tenemos)\b"

# What is to be done with what: named by a word that points (resolved with what is shown), or described.
POINTING = (
    r"(?:all(?: of)? )?(?:these|those|them|it|this|that)(?: (?:one|ones|photo|photos|picture|pictures|video|videos|results?))?"
    r"|(?:these|those|all these|all those) (?:\d+|" + "|".join(NUMBERS) + r")(?: (?:photos?|pictures?|videos?))?"
    r"|all of it|everything here|the results?|the photos|the pictures|all|"
    r"(?:alle )?(?:diese|diesen|dieses|dies|das|sie|ihnen)(?: (?:hier|foto|fotos|bild|bilder|bildern))?|alle|allen"
    r"|(?:toutes )?(?:ces|cette|celles ci|celle ci|ceux ci|les|la|elles)(?: (?:photos|photo|images|image|videos))?|toutes"
    r"|(?:todas )?(?:estas|esta|estos|este|ellas|las|la)(?: (?:fotos|foto|imagenes|imagen|videos))?|todas"
)
EVERYTHING = r"everything|alles|tout|todo|the library|the whole library"
DESCRIBED = (
    r"(?:(?:all|the|my|our|every|alle|die|meine|unsere|toutes|les|mes|nos|todas|las|mis|nuestras) )*"
    r"(?:photos?|pictures?|images?|videos?|screenshots?|fotos?|bilder|bildern|imagenes)\b.*"
)

ALBUM = (
    r"(?:make|create|build|start|put together|begin)(?: me| us)?(?: an?| the| another| one)?(?: new)? (?:photo )?album"
    r"(?: (?:called|named|titled) (?P<name>.+?))?(?: (?:of|from|with|out of|for) (?P<what>{WHAT}))?",
    r"(?:make|create|build|start|put together)(?: me| us)?(?: an?| the| another)?(?: new)? (?:photo )?album"
    r" (?:of|from|with|out of) (?P<what>{WHAT}) (?:called|named|titled|and call it|and name it) (?P<name>.+)",
    r"(?:make|create|build)(?: me| us)?(?: an?| the| another)?(?: new)? (?:photo )?album (?P<name>.+) (?:of|from|with|out of)"
    r" (?P<what>{WHAT})",
    r"(?:put|add|save|move|collect) (?P<what>{WHAT}) (?:in|into|to|as) (?:an?|the|my|our) (?:new )?album"
    r"(?: (?:called|named|titled))?(?: (?P<name>.+))?",
    r"(?:put|add|save) (?P<what>{WHAT}) (?:in|into|to) (?:the|my|our) (?P<name>.+) album",
    r"(?:mach|mache|erstelle|erstell|leg|lege)(?: mir| uns)?(?: bitte)?(?: ein| das)?(?: neues)?(?: foto)? ?album"
    r"(?: (?:namens|mit dem namen|mit dem titel) (?P<name>.+?))?(?: (?:aus|mit|von) (?P<what>{WHAT}))?(?: an)?",
    r"(?:fais|cree|creer|faire)(?: moi| nous)?(?: un| l)?(?: nouvel)? album(?: (?:appele|nomme|intitule) (?P<name>.+?))?"
    r"(?: (?:de|avec|a partir de) (?P<what>{WHAT}))?",
    r"(?:haz|crea|crear|hacer|hazme)(?: me)?(?: un| el)?(?: nuevo)? album(?: (?:llamado|titulado) (?P<name>.+?))?"
    r"(?: (?:de|con) (?P<what>{WHAT}))?",
)
TAG = (
    r"(?:tag|label) (?P<what>{WHAT}) (?:as|with) (?:the tag )?(?P<name>.+)",
    r"add (?:the |a )?tag (?P<name>.+) to (?P<what>{WHAT})",
    r"(?:markiere|markier|verschlagworte|etikettiere) (?P<what>{WHAT}) (?:als|mit) (?P<name>.+)",
    r"(?:etiquette|marque) (?P<what>{WHAT}) (?:comme|avec) (?P<name>.+)",
    r"(?:etiqueta|marca) (?P<what>{WHAT}) (?:como|con) (?P<name>.+)",
)
FAVOURITE = (
    r"(?:make|mark|add|set|put|save) (?P<what>{WHAT}) (?:(?:as|to|in|into|among) )?(?:(?:a|my|our|the) )?(?:favou?rites?)",
    r"(?:favou?rite|star) (?P<what>{WHAT})",
    r"(?:markiere|markier|fuge|setz|setze|nimm) (?P<what>{WHAT}) (?:als|zu den|zu meinen|in die) (?:favorit|favoriten)(?: hinzu)?",
    r"(?:ajoute|mets|marque) (?P<what>{WHAT}) (?:aux|en|dans les|comme) (?:favoris?|favorites?)",
    r"(?:anade|marca|pon) (?P<what>{WHAT}) (?:a|como|en) (?:mis |los |las )?favorit[oa]s?",
)
UNFAVOURITE = (
    r"(?:remove|take|drop) (?P<what>{WHAT}) (?:from|out of) (?:my |our |the )?favou?rites",
    r"unfavou?rite (?P<what>{WHAT})|(?:entferne|nimm) (?P<what_also>{WHAT}) aus den favoriten",
    r"(?:enleve|retire) (?P<what>{WHAT}) des favoris",
    r"(?:quita) (?P<what>{WHAT}) de (?:mis |los |las )?favorit[oa]s",
)
HIDE = (
    r"hide (?P<what>{WHAT})(?: from (?:everybody|everyone|the others))?",
    r"(?:verstecke|versteck|verbirg) (?P<what>{WHAT})|blende (?P<what_also>{WHAT}) aus",
    r"(?:cache|masque) (?P<what>{WHAT})",
    r"(?:oculta|esconde) (?P<what>{WHAT})|(?:ocultalas|escondelas)",
)
UNHIDE = (r"(?:unhide|show) (?P<what>{WHAT}) (?:to everybody|to everyone)(?: again)?", r"unhide (?P<what>{WHAT})")
MAP = (
    r"(?:show|put|see|open) (?:me |us )?(?P<what>{WHAT}) on (?:the|a|my|our) (?:world )?map|(?:on|show) (?:the|a) map"
    r"|where (?:are|is|were|was) (?P<what_where>{WHAT}) on (?:the|a) map|(?:map|a map of) (?P<what_of>{WHAT})",
    r"(?:zeig|zeige)(?: mir| uns)? (?P<what>{WHAT}) auf (?:der|einer) (?:welt)?karte|(?:zeig|zeige)(?: mir| uns)? auf (?:der|einer)"
    r" karte(?: (?P<what_also>{WHAT}))?|auf (?:der|einer) karte",
    r"(?:montre|affiche|mets)(?: moi| nous)? (?P<what>{WHAT}) sur (?:une|la) carte|sur (?:une|la) carte",
    r"(?:muestra|muestrame|ensena|pon|ver) (?P<what>{WHAT}) en (?:el|un) mapa|(?:muestralas|ponlas|muestralos) en (?:el|un) mapa"
    r"|en (?:el|un) mapa",
)
# {SPAN} is that of time_words.py
TIME = (
    r"(?:fix|correct|change|shift|set|adjust) the (?:time|date|capture time|clock|times|dates|time zone)"
    r"(?: (?:of|for|on) (?P<what>{WHAT}))?(?: (?P<span>{SPAN})| (?:by|to) .+)?",
    r"(?:shift|move) (?P<what>{WHAT}) (?P<span>{SPAN})|(?P<what_off>{WHAT}) (?:was|were|is|are) (?:taken )?(?P<span_off>{SPAN})",
    r"(?:korrigiere|korrigier|andere|stelle|verschiebe) (?:die zeit|das datum|die uhrzeit|die zeiten|die uhr|die zeitzone)"
    r"(?: (?:von|bei|fur) (?P<what>{WHAT}))?(?: (?P<span>{SPAN})| (?:um|auf) .+)?",
    r"(?:verschiebe|verschieb) (?P<what>{WHAT}) (?P<span>{SPAN})",
    r"(?:corrige|change|decale|modifie) (?:la date|l heure|les heures|les dates|le fuseau horaire)"
    r"(?: (?:de|pour|d) (?P<what>{WHAT}))?(?: (?P<span>{SPAN})| (?:a|en) .+)?",
    r"(?:corrige|cambia|ajusta|mueve) (?:la fecha|la hora|las horas|las fechas|la zona horaria)"
    r"(?: (?:de|para) (?P<what>{WHAT}))?(?: (?P<span>{SPAN})| (?:a|en) .+)?",
)
SHARE = (
    r"share (?P<what>{WHAT})(?: (?:with|to) (?P<name>.+))?|(?:send|give) (?P<what_sent>{WHAT}) to (?P<name_to>.+)"
    r"|(?:make|create|give me|get me|send)(?: me| us)? (?:a |an |the )?(?:share |sharing )?link"
    r"(?: (?:to|for|of|with|from) (?P<what_linked>{WHAT}))?",
    r"(?:teile|teil|schick|schicke|sende)(?: bitte)? (?P<what>{WHAT})(?: (?:mit|an) (?P<name>.+))?"
    r"|(?:mach|mache|erstelle|erstell|gib)(?: mir| uns)?(?: bitte)?(?: einen)?(?: neuen)? (?:link|freigabelink)"
    r"(?: (?:zu|fur|von|mit|auf) (?P<what_linked>{WHAT}))?",
    r"(?:partage|partager|partagez|envoie|envoyer) (?P<what>{WHAT})(?: (?:avec|a) (?P<name>.+))?"
    r"|(?:fais|cree|creer|faire)(?: moi| nous)?(?: un)? lien(?: de partage)?(?: (?:vers|de|pour) (?P<what_linked>{WHAT}))?",
    r"(?:comparte|compartir|envia|enviar|manda) (?P<what>{WHAT})(?: (?:con|a) (?P<name>.+))?"
    r"|(?:compartelas|compartela|envialas|mandalas)(?: (?:con|a) (?P<name_to>.+))?"
    r"|(?:haz|crea|crear|hazme)(?: me)?(?: un)? enlace(?: (?:a|de|para|con) (?P<what_linked>{WHAT}))?",
)
ACTS = {
    "album": ALBUM, "favourite": FAVOURITE, "unfavourite": UNFAVOURITE, "tag": TAG, "hide": HIDE, "unhide": UNHIDE,
    "map": MAP, "time": TIME, "share": SHARE,
}  # fmt: skip

PHOTOS = r"(?:photos|pictures|images|pics|videos|photos and videos|files|fotos|bilder|aufnahmen|imagenes)"
MINE = r"(?:my |our |the |all |all my |all our |meine |unsere |die |mes |nos |les |mis |nuestras |las )?"
BOX = {
    "photos": (
        rf"how many {PHOTOS} (?:are there|do we have|do i have|have we got|have i got|are here|does mantel have)"
        rf"(?: (?:in total|altogether|all together|here|in all|now|already|in (?:the|my|our|this) library|on (?:the|this) box))*",
        rf"how many {PHOTOS} are (?:in|on) (?:the|my|our|this) (?:library|box)|how (?:big|large) is (?:the|my|our) library",
        rf"wie viele {PHOTOS} (?:gibt es|haben wir|habe ich|sind hier|sind da|sind es)(?: (?:insgesamt|hier|schon))*",
        rf"combien (?:de )?{PHOTOS} (?:y a t il|avons nous|ai je|il y a|a t on)(?: (?:en tout|ici))*",
        rf"cuant[ao]s {PHOTOS} (?:hay|tenemos|tengo)(?: (?:en total|aqui))*",
    ),
    "indexing": (
        r"(?:is|has) (?:the )?indexing (?:done|finished|ready|complete|over|running)(?: yet)?",
        r"(?:is|are) (?:everything|all (?:the |my |our )?photos|the library) (?:indexed|looked at)(?: yet| already)?",
        r"how far (?:along )?is (?:the )?indexing|how far are you(?: with (?:the )?(?:indexing|photos|captions))?",
        r"how long (?:will|does) (?:the )?indexing (?:still )?take|when (?:is|will) (?:the )?indexing (?:be )?(?:done"
        r"|finished|ready)",
        r"how many (?:captions|photos) are (?:missing|left to do|waiting)|is (?:mantel|the box) (?:still )?(?:working|busy"
        r"|indexing)",
        r"ist (?:die indexierung|das indexieren|alles) (?:schon )?(?:fertig|indiziert|indexiert)|wie weit ist (?:die|das) index\w+",
        r"(?:est ce que )?l indexation est (?:elle )?(?:terminee|finie)|ou en est l indexation",
        r"(?:ha terminado|esta lista|termino|ha acabado) la indexacion|esta todo indexado",
    ),
    "room": (
        r"how much (?:room|space|storage|disk space|free space|disk) (?:is|do we have|do i have|have we)(?: (?:left|free"
        r"|there|still))*"
        r"(?: on (?:the|this) (?:box|disk))?",
        r"is there (?:still )?(?:enough |any )?(?:room|space)(?: left)?(?: on (?:the|this) (?:box|disk))?|how full is (?:the"
        r"|this) (?:disk|box)",
        r"is the (?:disk|box) (?:nearly |almost )?full|how much (?:room|space) do (?:my|our|the) photos (?:take|use)(?: up)?",
        r"wie viel (?:platz|speicher|speicherplatz) (?:ist|haben wir|habe ich|gibt es)(?: (?:noch|frei|da|ubrig))*|ist die"
        r" platte voll",
        r"combien (?:d espace|de place)(?: libre)? (?:reste t il|avons nous|y a t il)|reste t il de la place|le disque est il"
        r" plein",
        r"cuanto (?:espacio|sitio)(?: libre)? (?:queda|hay|tenemos)(?: libre)?|esta lleno el disco",
    ),
    "left": (
        r"(?:what|which photos|did anything|has anything|did any photos?|has any photo|did something)(?: has| have)? "
        r"(?:leave|left|leaves|go out of|gone out of) (?:the |this |our |my )?(?:house|box|home)"
        r"(?: (?:today|yesterday|this week|last week|this month|so far|ever))?",
        r"what was sent (?:out|away)(?: (?:today|this week))?|does anything leave (?:the|this|our) (?:house|box|home)",
        r"(?:was|hat (?:etwas|irgendwas)) (?:hat )?(?:(?:diese woche|heute) )?(?:das|dieses|unser) haus(?: (?:diese woche"
        r"|heute))? verlassen",
        r"qu est ce qui (?:a quitte|est sorti de) la maison(?: (?:cette semaine|aujourd hui))?",
        r"que (?:salio|ha salido) de (?:la )?casa(?: (?:esta semana|hoy))?",
    ),
    "backup": (
        rf"(?:is|are) {MINE}(?:library|photos|pictures|box|everything|videos|photo library) (?:safely )?(?:backed up|safe|saved)"
        r"(?: (?:yet|now|already|off site|somewhere))*",
        r"(?:is there|do we have|do i have) (?:a |any )?backups?|when was (?:the|our|my) last backup(?: made)?|are we safe",
        r"when did (?:you|mantel|the box) last (?:back up|make a backup)|how old is (?:the|our|my) (?:last )?backup",
        r"can i delete (?:the |my )?photos from my phone(?: now)?|are there (?:any )?backups|are we (?:all )?backed up",
        r"sind wir (?:abgesichert|gesichert|sicher)|ist (?:die|unsere|meine) (?:bibliothek|sammlung) (?:sicher|gesichert)",
        r"sommes nous (?:sauvegardes|en securite|proteges)",
        r"(?:la|ma|notre) (?:bibliotheque|phototheque) est elle (?:en securite|sauvegardee)",
        r"estamos (?:a salvo|respaldados|protegidos)|esta (?:a salvo|respaldada|segura) (?:la|mi|nuestra) (?:biblioteca|coleccion)",
        rf"sind {MINE}(?:fotos|bilder|daten) gesichert|gibt es (?:ein |eine )?(?:backup|backups|sicherung|sicherungen)",
        r"wann war (?:das letzte backup|die letzte sicherung)",
        rf"{MINE}photos sont elles sauvegardees|y a t il une sauvegarde|de quand date la derniere sauvegarde",
        rf"estan {MINE}fotos (?:respaldadas|a salvo|guardadas)|hay (?:una )?copia de seguridad|cuando fue la ultima copia(?:"
        rf" de seguridad)?",
    ),
    "shares": (
        r"who has (?:a |any )?(?:share|shares|share link|link|share links)|what (?:is|have we|have i|did we) shared?",
        r"(?:which|what) (?:shares|share links|links) are (?:there|live|open|out)|are there (?:any )?(?:shares|share links)",
        r"(?:what|which photos) (?:is|are) shared|who can see (?:my|our|the) photos|with whom (?:have|did) (?:we|i) shared?"
        r" (?:photos)?",
        r"wer hat (?:einen|eine) (?:link|freigabe)|was (?:ist|haben wir) geteilt",
        r"qui a un (?:lien|acces|partage)|qu est ce qui est partage",
        r"quien tiene (?:un )?(?:enlace|acceso)|que esta compartido",
    ),
    "delete": (
        r"(?:delete|remove|erase|trash|throw away|get rid of) (?:{WHAT})",
        r"(?:losche|losch|entferne) (?:{WHAT})|(?:supprime|efface|supprimer) (?:{WHAT})|(?:borra|elimina)"
        r" (?:{WHAT})",
    ),
}

# Questions about one picture that is looked at.
LOOK = (
    r"(?:what|which|who|whose|is|are|was|were|does|do|how many|how much|how old|can you read|read|describe|why|what s) "
    r".*\b(?:this|that|it|here|(?:this|that|the) (?:photo|picture|image|receipt|sign|screenshot|document|ticket|letter|page"
    r"|video))\b.*"
    r"|what (?:does it say|is written(?: there| on it| here)?|do you see|can you see|is the total|colou?r is (?:the|his|her"
    r"|its) .+)"
    r"|(?:how many|what colou?r are the) .+ are (?:there|visible|in it)|(?:describe|read) (?:it|this|that)"
    r"|(?:was steht|was siehst du|welche farbe hat|wie viele .+ sind) .*(?:hier|da|darauf|darin|drauf|zu sehen|das .+|der .+"
    r"|die .+)"
    r"|(?:qu est ce qui est ecrit|que vois tu|de quelle couleur est|combien coute) .*|(?:que dice|que ves|de que color es"
    r"|cuanto cuesta) .*"
)
CHECK = (
    r"(?:find|list|collect|get|show me) every (?P<thing>.+)|(?:go through|check) (?:{POINTING})(?: one by one)? for"
    r" (?P<of_these>.+)"
    r"|finde jede[ns]? (?P<thing_de>.+)|trouve chaque (?P<thing_fr>.+)|encuentra cada (?P<thing_es>.+)"
)
# “More photos from Rome or from Paris?”: what is left without these words is the search.
MORE = (
    r"(?:(?:where|when|which|what|who|in which year|in which town|which year|wo|wann|ou|quand|donde|cuando)\s)?"
    r"(?:(?:are|is|were|do|did|have|has|i|we|there|got|take|taken|took|haben|habe|gibt|es|wir|ich|avons|nous|y|a|t|il|tenemos"
    r"|hay|tengo)\s)*"
    r"(?:more|mehr|plus|mas) (?:of )?(?:photos|pictures|videos|fotos|bilder|photos|images|imagenes|de photos|de videos)"
)
OR = r"\b(?:or|oder|ou|o)\b"
