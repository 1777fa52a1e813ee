"""The words for kinds, formats, favourites, order, counting and text in pictures, in four languages. Data only."""

from appliance.search.filters import Frame, WhichOf
from appliance.search.sentence import Phrases, phrase_set, word_set

KINDS = Phrases(
    {
        "video|videos|vid|vids|clip|clips|movie|movies|film|films|footage|vídeo|vídeos|filmchen|vidéo|vidéos|películas": "video",
        "photo|photos|picture|pictures|pics|still photos|still images|still pictures|stills|foto|fotos|bilder|images"
        "|fotografías|imágenes": "photo",
        "screenshot|screenshots|screenie|screenies|screen shot|screen shots|screen capture|screen captures|bildschirmfoto"
        "|bildschirmfotos": "screenshot",
        "screengrab|screengrabs|bildschirmaufnahme|bildschirmaufnahmen|capture d'écran|captures d'écran"
        "|copie d'écran": "screenshot",
        "captura de pantalla|capturas de pantalla|pantallazo|pantallazos|capturas|captures|screencap|screencaps"
        "|bildschirmfotografien|bildschirmausschnitte|screen grab|screen grabs": "screenshot",
        "short clips|short videos|kurze videos|kurzen videos|vidéos courtes|vídeos cortos|videoclip|videoclips|videoaufnahme"
        "|videoaufnahmen|moving pictures|moving images|movie clips|video clips|video clip|video files|video recordings"
        "|clips vidéo|clip vidéo|clips de vídeo|séquences|grabaciones|filmaufnahmen|filmed|gefilmt|filmée|filmé": "video",
    }
)
RAW = ("dng", "cr2", "cr3", "nef", "arw", "raf", "orf", "rw2")
FORMATS = Phrases(
    {
        "heic|heif|heics|heifs": ("heic", "heif"),
        "png|pngs": ("png",),
        "gif|gifs|animated gif|animated gifs|animated images|animated pictures|animations|animierte gifs|gif animé|gifs animés"
        "|gif animado|gifs animados": ("gif",),
        "jpeg|jpegs|jpg|jpgs": ("jpeg",),
        "webp": ("webp",),
        "tiff|tiffs|tif|tifs": ("tiff",),
        "avif": ("avif",),
        "raw originals|raw file|raw files|raw photo|raw photos|raw picture|raw pictures|raw image|raw images|raw pics"
        "|raw shots|raw format"
        "|raws|raw-datei|raw-dateien|raw-bilder|raw-fotos|raw-aufnahmen|raw-format|rohdateien|rohdaten|rohbilder|raw bilder"
        "|raw fotos|raw aufnahmen"
        "|fichier raw|fichiers raw|format raw|photo raw|photos raw|images raw|archivo raw|archivos raw|foto raw|fotos raw"
        "|formato raw|imágenes raw|camera raw": RAW,
        "dng": ("dng",),
        "cr2": ("cr2",),
        "cr3": ("cr3",),
        "nef": ("nef",),
        "arw": ("arw",),
        "mp4|mp4s": ("mp4",),
        "mov files|mov file|mov videos|mov clips|mov": ("mov",),
        "mkv": ("mkv",),
        "webm": ("webm",),
    }
)  # fmt: skip
FRAMES: Phrases[Frame] = Phrases(
    {
        "panorama|panoramas|pano|panos|panorama photo|panorama photos|panorama pictures|panorama shots|panoramic photo"
        "|panoramic photos|panoramic pictures|panoramic images|panoramic shots|panoramics|panoramabild|panoramabilder"
        "|panoramafoto|panoramafotos|panoramaaufnahme|panoramaaufnahmen|panoramen|panorama-bilder|panorama-fotos"
        "|photo panoramique|photos panoramiques|panoramique|panoramiques|foto panorámica|fotos panorámicas|panorámica"
        "|panorámicas|imágenes panorámicas": "panorama",
        "tall format|taller than wide|taller than they are wide|higher than wide|higher than they are wide"
        "|portrait orientation|portrait format|portrait oriented|portrait-format|portrait-orientation|portrait-oriented"
        "|in portrait|vertical photo"
        "|vertical photos|vertical pictures|vertical images|vertical pics|vertical shots|vertical videos|vertical format"
        "|vertical orientation|vertically oriented|verticals|upright photos|upright pictures|upright format|taken vertically"
        "|taken upright|hochkant|hochformat|im hochformat|hochformatig|hochformatige|hochformatigen|hochformatfotos"
        "|hochformatbilder|hochkantbilder|hochkantfotos|hochkantvideos|format portrait|en format portrait|orientation portrait"
        "|mode portrait vertical|format vertical|en format vertical|à la verticale|photos verticales|vidéos verticales"
        "|fotos verticales|vídeos verticales|en vertical|formato vertical|en formato vertical|orientación vertical"
        "|en formato retrato|formato retrato": "upright",
        "wider than tall|wider than high|wider than they are tall|wider than they are high|landscape orientation"
        "|landscape format|landscape oriented|landscape-format|landscape-orientation|landscape-oriented"
        "|in landscape"
        "|landscape mode|horizontal photo|horizontal photos|horizontal pictures|horizontal images|horizontal pics"
        "|horizontal shots|horizontal videos|horizontal format|horizontal orientation|horizontals|taken horizontally|querformat"
        "|im querformat|querformatig|querformatige|querformatigen|querformatfotos|querformatbilder|format paysage"
        "|en format paysage|orientation paysage|mode paysage|en mode paysage|photos horizontales|fotos horizontales"
        "|en horizontal|formato horizontal|en formato horizontal|orientación horizontal|formato apaisado|apaisadas"
        "|en formato apaisado": "wide",
        "square photo|square photos|square pictures|square images|square pics|square format|quadratisch|quadratische bilder"
        "|quadratische fotos|quadratischen bilder|quadratischen fotos|im quadratischen format|photos carrées|format carré"
        "|fotos cuadradas|formato cuadrado": "square",
    }
)  # fmt: skip
FRAME_NOUNS = word_set("orientation format mode photos pictures shots bilder fotos orientación formato")
FORMAT_NOUNS = word_set("- file files format formats datei dateien bilder images photos pictures fotos fichier fichiers archivos")
FAVOURITES = phrase_set(
    "favourite|favourites|favorite|favorites|fav|favs|faves|favourited|favorited|my favourite|my favourites"
    "|our favourites|my favorites|starred|lieblingsfotos"
    "|lieblingsbilder|lieblingsfoto|lieblingsvideos|favoriten|favorit|favori|favoris|préférées|préférés|favorita|favoritas"
    "|favoritos"
    "|favorito|preferidas"
)
FAVOURITE_OF = word_set(
    "place food toy restaurant colour color song spot cafe dish book shirt dress team park beach animal teddy game"
)

NOT = phrase_set(
    "isn't a|isn't|isnt a|aren't|arent|without|without any|no|not|not the|not any|not from|not in|except|except for|excluding"
    "|but not|but no|but without"
    "|other than|none of|everything but|all but|anything but|everyone but|everybody but"
    "|alle außer|tous sauf|todos menos|alles außer|tout sauf|todo menos"
    "|not with|apart from|minus|ohne|keine|kein|nicht|außer|aber ohne|aber nicht|aber keine|sans|sans les|sans des|pas de|pas d"
    "|pas|sauf"
    "|hors|ausgenommen|à part|with the exception of|leaving out|not counting|aparte de|à l'exception de|a excepción de"
    "|hormis|mais pas|mais sans|sin|sin los|sin las|no|excepto|salvo|menos|pero no|pero sin"
)
WITHOUT_A_THING = phrase_set(
    "without|without any|except|except for|excluding|but not|but no|but without|not|with no|ohne|außer|aber ohne"
    "|aber nicht|sans"
    "|mais pas de|mais sans|mais pas|sauf|sin|excepto|salvo|pero sin|pero no"
)
# “do not enter”, “is not”: no exclusion.
NOT_AFTER = word_set("do does did is are was were am be should could would can will must or if whether why")
GOES_ON = word_set("and or nor und oder noch et ou ni y o , &")
OF_PHOTOS = word_set("from of in at taken aus von vom in de du d des en del")
WHO = word_set("that which who die welche qui que")
THE = word_set("the any of my der die das den dem le la les l el los las des de d")
NO_EXCLUSION = word_set(
    "that this one it them those these only just yet sure so too very me us him her you who what asking knowing"
)

ONLY = phrase_set(
    "only|just|only the|just the|nothing but|nur|nur die|seulement|uniquement|juste|que les|solo|sólo|solamente|únicamente"
)

NEWEST_FIRST = phrase_set(
    "newest first|latest first|most recent first|sorted by newest|newest to oldest|neueste zuerst|die neuesten zuerst"
    "|les plus récentes d'abord|las más recientes primero|recent first"
)
OLDEST_FIRST = phrase_set(
    "oldest first|earliest first|sorted by date|in chronological order|chronologically|chronological|älteste zuerst|by date"
    "|in order"
    "|les plus anciennes d'abord|las más antiguas primero|sorted by oldest|oldest to newest|nach datum"
)
NEWEST = phrase_set(
    "newest|latest|most recent|recent|the latest|the newest|neueste|neuesten|neuestes|aktuellste|aktuellsten|jüngste|jüngsten"
    "|plus récente|plus récentes|plus récent|plus récents|más reciente|más recientes|último|últimas|últimos|última|last|letzte"
    "|letzten"
    "|letztes|dernier|dernière|dernières|derniers"
)
OLDEST = phrase_set(
    "oldest|earliest|first|first ever|very first|älteste|ältesten|ältestes|früheste|erste|ersten|erstes|plus ancienne"
    "|plus anciennes"
    "|plus vieille|première|premières|premier|más antigua|más antiguas|primera|primeras|primer|primeros"
)
PICTURES = phrase_set(
    "photo|photos|picture|pictures|pic|pics|image|images|shot|shots|ones|video|videos|clip|clips|foto|fotos|bild"
    "|bilder|aufnahme"
    "|aufnahmen|vidéo|vidéos|vídeo|vídeos|imagen|imágenes|screenshot|screenshots|favourites|favorites|uploads|one|snaps"
    "|photographs"
)

HOW_OFTEN = phrase_set(
    "how often|how many times|how frequently|wie oft|wie häufig|wie viele male|combien de fois|à quelle fréquence|cuántas veces"
    "|con qué frecuencia"
)
# With “how many”: the same question.
BY_PERIOD = Phrases(
    {
        "per year|each year|every year|by year|a year|year by year|for each year|pro jahr|jedes jahr|je jahr|nach jahren|par an"
        "|chaque année|par année|al año|por año|cada año": "year",
        "per month|each month|every month|by month|a month|month by month|for each month|pro monat|jeden monat|je monat"
        "|nach monaten|par mois|chaque mois|al mes|por mes|cada mes": "month",
    }
)
WHICH = phrase_set(
    "which|what|in which|in what|from which|from what|with which|with what|welche|welchen|welcher|in welchen"
    "|in welcher|aus welchen"
    "|mit welchen|mit welcher|was für|quels|quelles|quel|quelle|dans quels|dans quelles|en quelles|avec quels"
    "|avec quel|qué|cuáles"
    "|en qué|con qué|de qué|list all|list all the|list the|all the different"
)
WHICH_OF: Phrases[WhichOf] = Phrases(
    {
        "towns|cities|places|villages|locations|town|city|städte|städten|orte|orten|dörfer|dörfern|villes|lieux"
        "|endroits|villages"
        "|ciudades|pueblos|lugares|sitios": "towns",
        "countries|länder|ländern|pays|países": "countries",
        "cameras|camera|phones|phone|devices|kameras|kamera|handys|geräte|geräten|telefone|appareils|appareil|appareils photo"
        "|téléphones|cámaras|cámara|teléfonos|móviles": "cameras",
        "years|jahre|jahren|années|años": "years",
        "albums|alben|álbumes": "albums",
        "tags|keywords|schlagworte|schlagwörter|mots-clés|étiquettes|etiquetas": "tags",
    }
)

HOW_MANY = phrase_set(
    "how many|how many of|number of|count|count the|count of|count my|wie viele|wieviele|anzahl|combien|combien de|combien d"
    "|cuántas|cuántos"
)
WHEN = phrase_set(
    "when|what day|which day|what date|what year|which year|in which year|in what year|wann|quand|cuándo|in welchem jahr"
)
WHERE = phrase_set("where|in which town|in which country|in which place|which place|wo|où|dónde")
HELPERS = phrase_set(
    "do|did|does|was|were|is|are|have|has|had|i|we|you|they|it|he|she|been|got|there|us|me|haben|habe|hat|wir|ich|waren|war"
    "|sind|gibt|es|gab"
    "|avons|nous|j|ai|étions|était|on|a|été|est|sommes|ce|que|y|t|il|tenemos|hay|he|hemos|estuvimos|estuve|fuimos|fue|tengo|que"
    "|take|taken|took|spend|spent|celebrate|celebrated|visited|photograph|shoot|shot|hab|habt|hatten|hatte|verbracht"
    "|gefeiert|besucht"
    "|fotografiert|passé|fêté|visité|visités|visitées|allés|allé|allées|étais|pasamos|celebramos|visitamos|estado"
    "|estuviste"
    "|have i been|sommes-nous|avons-nous"
    "|gemacht|my|our|this|that|the|prise|prises|hicimos|fui|est-ce|go|visit|zuletzt"
)
# After “which cameras”: what says that photos of this library are meant.
OF_MINE = phrase_set(
    "photos from|photos of|photos with|photos in|photos|pictures from|pictures|fotos von|fotos aus|fotos|bilder|with|from"
)
LAST_TIME = phrase_set(
    "last|the last time|last time|most recently|latest|zuletzt|das letzte mal|letztes mal|la dernière fois|dernière fois"
    "|por última vez"
    "|la última vez"
)
FIRST_TIME = phrase_set(
    "first|the first time|first time|zuerst|zum ersten mal|das erste mal|la première fois|première fois|por primera vez"
)

# After “photo”: la foto más antigua, les photos les plus récentes.
NEWEST_AFTER = phrase_set(
    "más reciente|más recientes|más nueva|más nuevas|la plus récente|les plus récentes|le plus récent"
    "|les plus récents|plus récente|plus récentes"
)
OLDEST_AFTER = phrase_set(
    "más antigua|más antiguas|más antiguo|más antiguos|más vieja|más viejas|la plus ancienne"
    "|les plus anciennes|le plus ancien|les plus anciens|la plus vieille|plus ancienne|plus anciennes"
)

AFTER_FILM = word_set("poster posters plakat plakate affiche cartel game games")  # “film poster” is no film
# What announces words to be read in the picture. After `STRONG`, words without quotes are meant as well.
STRONG_TEXT = phrase_set(
    "that say|that says|which say|which says|saying|that reads|which reads|reading the word|that read|with the word"
    "|with the words"
    "|with the text|with text|with the writing on it|containing the word|containing the words|containing the text"
    "|with the writing|with the inscription|where it says"
    "|it says|the word|labelled|labeled|on which it says|wo draufsteht|auf dem steht|auf denen steht|auf der steht|mit dem wort"
    "|mit der aufschrift"
    "|mit dem text|avec le mot|avec les mots|avec le texte|où il est écrit|où est écrit|qui dit|qui disent|con la palabra"
    "|con las palabras"
    "|con el texto|que dice|que dicen|donde pone|donde dice|que pone|mit dem schriftzug|spelling|that spells|that mentions"
    "|that mention|mentioning|contenant le texte|contenant le mot|contenant les mots|qui contient le mot|qui contient le texte"
    "|qui contiennent le mot|avec l'inscription|portant l'inscription|mit der inschrift|mit der beschriftung|das wort|les mots"
    "|le mot|la palabra|que contiene la palabra|que contienen la palabra|que contiene el texto|que contiene|que contienen"
    "|que menciona|qui mentionne|qui mentionnent|with the label|with the caption|with writing|that contains the word"
    "|that contains the words|that contains the text|that contains|that contain the word|that include the word|that includes"
    "|including the word|including the text|including the words|mit den worten|mit den wörtern|die das wort|das das wort"
    "|auf dem das wort|on which is written|which is written|written on it|with the phrase|with the sentence"
    "|avec la phrase|avec écrit|con la frase|con la inscripción|mit dem satz|labelled with|printed with|showing the text"
    "|showing the word|showing the words|shows the text|shows the word|shows the words|zeigt das wort|zeigt den text"
    "|montrant le texte"
    "|montrant le mot|muestra el texto|muestra la palabra|displaying the text|displaying the word|where does it say|does it say"
    "|sur laquelle on lit|sur lequel on lit|on lit|on peut lire|où l'on lit"
    "|en la que se lee|en el que se lee|se lee|en la que pone|en el que pone|en los que pone|en la que dice|en el que dice"
    "|worauf steht|man liest|laquelle est écrit|lequel est écrit|with the number|showing the number|mit der nummer|avec le numéro"
    "|con el número|with the letters|mit den buchstaben"
)
# Around a quotation: schilder auf denen „Ausgang“ steht.
# “Mot de passe” is a password.
NO_TEXT = phrase_set("de passe|de passe|clé|-clé|clave|de code")
BEFORE_QUOTED = phrase_set("auf denen|auf dem|auf der|wo|auf welchen|on which|where")
AFTER_QUOTED = phrase_set("steht|draufsteht|drauf steht|zu lesen ist|stand|is written|can be read|is on it")
ENDS_TEXT = word_set(
    "in from on at near with taken during since before after between last this und and in aus von mit am im en de dans à con "
    "desde del"
    " sign signs . , ; ? !"
)

ONLY_FOLLOWS = phrase_set(
    "only|just|only the ones|just the ones|only those|just those|only the|only ones|nur|nur die|nur noch|seulement"
    "|seulement celles"
    "|uniquement|solo|sólo|solamente|now only|make it|show me only|show only|but only|only show|same but|the same but|same"
)
REPLACE_FOLLOWS = phrase_set(
    "what about|how about|and what about|and how about|and|and also|now|but|then|und|und was ist mit|was ist mit|et|y|et en"
    "|instead"
    "|qué tal|y qué tal|what about the|how about the|and the|und die|ok now|okay now|ok|same for|the same for"
)
ADD_FOLLOWS = phrase_set("also|also include|and also|include|add|plus|as well as|auch|auch noch|aussi|también|or|oder|ou|or also")
ADD_ENDS = phrase_set("too|as well|also|auch|aussi|también")
INSTEAD = phrase_set("instead|stattdessen|plutôt|en su lugar")
