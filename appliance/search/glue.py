"""Words that hold a sentence together and are no content: articles, prepositions, “show me”, “photos of”. Data only."""

from appliance.search.sentence import phrase_set, word_set

ENGLISH = """
    a an the of in on at to with and or from for is are was were be been am i we my our your you me us it its this that these
    those there here do does did have has had can could would please show find get give see search look all any some one ones
    just only also but by as where when which who what how many much ever im ll ve s t d re photo photos picture pictures pic
    pics image images shot shots snap snaps snapshot snapshots photograph photographs everything anything thing stuff want
    need got taken took take went go going gone during within around near about between since until before after into onto
    them they he she him her his again now then too still not no without except like let make like every each other than while
    so if been were display list bring pull up anywhere somewhere time times date dated day days year years month months week
    weeks ago last next show's contain containing contains something someone visited visit being made feature featuring
    remember mine ours together if sort sorted order shoot use used having because whom whose such will should although though
    photographed captured recorded snapped filmed dated located saw stored kept originally exactly please thanks thank hi hello hey
    ones those wanna gonna ive i'd currently available existing containing relating related belonging regarding concerning
    using made travelled traveled spent visited visiting recently ever together
    come came comes back came stayed staying lived
"""
GERMAN = """
    der die das den dem des ein eine einen einem einer eines und oder mit ohne von vom zu zum zur im in ins an am auf aus bei
    beim für über um nach vor seit bis ich wir du ihr er sie es mir uns mich mein meine meinen meinem meiner unser unsere
    unseren unserem unserer zeig zeige zeigen such suche finde finden gib alle alles bitte foto fotos bild bilder aufnahme
    aufnahmen wo wann wie viele was welche wer ist sind war waren haben habe hat hatte gibt hast gemacht aufgenommen mal nur
    auch nicht kein keine jahr jahre jahren monat woche tag tage dort da als wenn letzten hier ich's doch noch gibts denn
    besucht verbracht jeden jeder jedes hab habt aufgenommene aufgenommenen fotografiert fotografierte geschossen geschossene
    geknipst gefilmt entstanden entstand entstandene entstandenen stammen stammt wurde wurden worden geworden datiert sehen sieht
    ansehen anzeigen zeigt zeigten möchte möchten will wollen kannst könntest könnten bitte danke welchen welchem welcher diese
    dieser diesem diesen dieses die waren unseren eure dein deine deinen sein seine ihre ihren wieder damals eigentlich überhaupt
    gefahren gereist verbrachten besuchten gefunden sämtliche gesamte gesamten vorhandene gerade irgendwelche etwas existieren
    gehören liste auflisten öffne
"""
FRENCH = """
    le la les l un une des de du d et ou avec sans dans en au aux à sur pour par chez vers je j nous on tu vous il elle ils me
    moi mon ma mes notre nos votre montre montrez montrer cherche trouve trouver toutes tous tout toute photo photos image
    images cliché clichés où quand combien quels quelles quel quelle qui que qu ce cette ces est sont était a ai as avons ont
    été prises prise pris faites fait y pas ne n s lors pendant depuis avant après entre plait plaît année mois semaine jour
    seulement aussi datant datent datées daté datée photographié photographiés photographiée photographiées filmé filmés tourné
    capturé capturés capturées enregistrées fut furent étaient étions veux voudrais voir affiche affichez afficher donne donne-moi
    existe existent celles ceux celle celui leur leurs être ayant lorsque peux pouvez s'il svp merci cherchons provenant venant
    allés allées partis parties visité allions trouvés date dates réalisées réalisés effectuées pris prises dont
"""
SPANISH = """
    el la los las lo un una unos unas de del y o u con sin en a al por para desde hasta entre sobre yo nosotros me mi mis nos
    nuestro nuestra nuestros nuestras tu tus su sus muestra muéstrame muestrame enséñame busca buscar encuentra dame ver todas
    todos todo toda foto fotos imagen imágenes fotografía fotografías dónde donde cuándo cuando cuántas cuántos cuantas
    cuantos hay que qué cual cuál es son fue era he hemos ha han tomadas tomada hechas hicimos tomé hice tengo tenemos
    no se durante antes
    después año mes semana día solo sólo también fotografié fotografiado fotografiamos fotografiados fotografiadas saqué sacamos
    sacada sacadas sacado sacados grabado grabados grabada grabadas capturé capturadas capturadas realizadas realizados datan
    fechadas
    estuvimos fuimos vimos pasamos visitamos viajamos estuve fui vi pasé visité viajé tomamos tomaron fueron eran estaba estaban
    estuvo quiero quisiera puedes podrías favor gracias mostrar enseña enseñame existen aquellas
    aquellos esas esos estas estos cuyas cuyos donde cuando mientras ese esa eso
"""

GLUE = word_set(f"{ENGLISH} {GERMAN} {FRENCH} {SPANISH}")
# Content when it stands alone at an edge, although it is glue in another language.
CONTENT = word_set("war son no without")
# English nouns that are glue in German only: “dog with a hat”, “price tag”, but “was hat Oma gemacht”, “jeden Tag”.
ENGLISH_NOUNS = word_set("hat tag")
GERMAN_BEFORE = word_set(f"{GERMAN} jeden jeder diesem diesen letzter oma opa mama papa selben ganzen")
# Nouns for what the library holds. They say nothing about what is in a picture, wherever they stand.
PHOTOS = word_set(
    "photo photos picture pictures pic pics image images photograph photographs foto fotos bild bilder fotografía fotografías "
    "imagen"
    " imágenes aufnahmen bildern fotografien fotografie photographien fotoaufnahmen photographies photographie clichés cliché"
    " fotografias pix"
)
# Trimmed from the ends of what is left. “Photo” is left only in “photo album”.
EDGES = GLUE - CONTENT - PHOTOS

REQUESTS = phrase_set(
    "was war|was gab es|what happened|what was"
    "|show me|show us|show|find me|find|search for|look for|i want to see|i'd like to see|can you find|could you find"
    "|can you show me|can you dig up|could you dig up|dig up|dig out"
    "|give me|get me|let me see|do we have|do i have|have we got|is there|are there|i'm looking for|i am looking for|looking for"
    "|zeig mir|zeige mir|zeig|such|suche|finde|ich suche|haben wir|gibt es|ich möchte|montre-moi|montre moi|montrez-moi|trouve"
    "|trouve-moi"
    "|cherche|je cherche|y a-t-il|est-ce qu'on a|muéstrame|muestra|enséñame|busca|búscame|encuentra|quiero ver|tenemos|hay"
)
