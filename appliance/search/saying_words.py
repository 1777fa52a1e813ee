"""Words that can't be seen: verbs of taking, having, going and asking, adverbs, pronouns, auxiliaries, in four languages.

They are classes that hardly grow, so unlike the nouns of idle_words.py they are written by stem and ending. What a camera can see
somebody do (“walking”, “smiling”) is not among them, nor is any noun for a thing. Data, and one question about it."""

import re

from appliance.search.sentence import word_set

ENGLISH_VERBS = """
    like need wish want hope prefer produce create save store keep contain include exclude exist fall lie date originate stem
    belong relate match fit satisfy qualify correspond display present fetch retrieve return grab gather collect filter select
    pick choose sort order group open browse explore visit tour travel journey stay spend arrive depart snap capture record
    photograph film log register mark label note use employ own upload import export download sync happen occur begin start end
    finish try help tell think guess suppose remember recall wonder check view concern regard involve cover span range
    feature depict show reveal appear seem consist remain live reside holiday vacation geotag locate situate place accumulate
    acquire obtain amass archive bring dig pull fire care mind bother interest come take make get go do have be say mean
    attribute obtain save add attach carry identify categorise categorize classify assign associate allow let give
    provide receive deal bear
"""
ENGLISH_FORMS = """
    snapped snapping snaps shot shooting shoot got getting gotten begun began begins chose chosen took taken taking made making
    brought dug dug went gone going came coming kept keeping felt fell fallen lay lain spent had having been being did done doing
    said meant meaning thought told shown gave given put putting ran set sets setting tagged tagging logged logging dug stemmed
    stemming travelled travelling labelled labelling fitted dated dating lying dying cut
"""
ENGLISH_OTHERS = """
    love far sometime sometimes someday somehow somewhere anywhere everywhere nowhere elsewhere ever never always
    already yet still again
    once twice often seldom rarely usually mostly mainly chiefly largely nearly almost roughly approximately exactly precisely
    specifically particularly especially actually really truly simply merely quite rather very fairly pretty extremely entirely
    completely fully wholly totally altogether together apart alone lately recently currently presently nowadays earlier later
    early late soon afterwards afterward thereafter beforehand previously formerly originally initially finally eventually
    meanwhile otherwise else instead besides moreover however therefore thus hence perhaps maybe possibly probably likely
    certainly definitely surely obviously apparently evidently reportedly supposedly allegedly physically geographically
    chronologically respectively inclusive whatever whichever whenever wherever whoever however whose whom either neither both
    none nothing everybody everyone nobody anybody anyone myself ourselves yourself himself herself itself themselves
    hers theirs yours throughout amongst among amid amidst alongside despite toward towards upon via per versus unless whereas
    although though because since until till whilst whether upto onward onwards prior preceding following subsequent previous
    earliest latest respective please kindly thanks thank hello hey hi okay ok yes no well oh hmm must may might shall ought
    cannot can could would should able unable sure lot lots bunch couple few several plenty bit amount number set batch rest
    remainder majority half part portion way reason fact case sort kind purpose respect regards sake ago hence plus minus
    isn aren wasn weren don doesn didn hasn haven hadn won wouldn couldn shouldn ain
"""
# Stems of German verbs, with what may stand before them (“heraussuchen”, “mitgebracht”).
GERMAN_BEFORE = (
    "(?:(?:he)?raus|(?:he)?rein|her|hin|hervor|heraus|auf|an|aus|ein|ab|vor|zusammen|durch|mit|los|weg|wieder|nach|zu|be|ent|"
    "er|ver)?"
)
GERMAN_STEMS = """
    handel such zeig hol kram stell gestellt list gelistet geb gib gegeben nehm nimm nahm genommen mach gemacht bracht
    gebracht bring find
    fand gefunden knips geknips schoss geschossen schiess fotografier film gefilm dreh gedreht speicher gespeichert sammel
    gesammelt entsteh entstand entstanden stamm gehoer gehor datier filter sortier ordn geordnet zaehl zahl wahl waehl ausgewahlt
    besuch verbring verbracht verbrach aufhalt gehalten hielt reis gereist fahr gefahren fuhr war gewesen weil verweil
    enthalt enthielt enthalten beinhalt existier vorlieg lieg gelegen lag befind befand befunden moecht mocht woll wollt soll
    sollt koenn konn konnt kann darf durf durft muss muess musst hatt hab gehabt brauch gebraucht wuensch wunsch erinner denk
    dacht gedacht glaub weiss wiss wuss gewusst sag gesagt sagt erzaehl erzahl nenn genannt heiss hiess angezeigt zeigt gezeigt
    gesehen anseh anschau angeschaut schick geschickt lad geladen liefer geliefert wurd werd geworden worden bleib blieb
    geblieben komm kam gekommen geh ging gegangen unternahm unternomm unternommen erstell aufzeichn aufgezeichnet verwend
    benutz benutzt genutzt nutz betreff betrifft zugeordnet passier geschah geschehen
"""
GERMAN_ENDINGS = "(?:en|e|n|st|est|t|et|te|ten|tet|test|end|ende|enden|ene|enen|ener|tem|ter|tes)?"
GERMAN_OTHERS = """
    irgendwo irgendwann irgendwie irgendwelche irgendwelchen irgendein irgendeine irgendeinem irgendwas irgend nirgends überall
    immer nie niemals manchmal oft selten meist meistens schon bereits noch wieder einmal mal zweimal gerade eben neulich kürzlich
    jüngst zuletzt früher später bald danach davor vorher nachher zuvor seither seitdem inzwischen damals heutzutage derzeit
    momentan aktuell aktuelle aktuellen ungefähr etwa circa ca genau exakt fast beinahe ziemlich sehr recht ganz völlig komplett
    vollständig insgesamt allein allesamt zusammen gemeinsam vielleicht wahrscheinlich möglicherweise bestimmt sicher natürlich
    eigentlich wirklich tatsächlich einfach lediglich hauptsächlich vorwiegend insbesondere besonders speziell jeweils jeweilig
    jeweiligen beziehungsweise bzw sowie sowohl entweder weder weil obwohl während solange sobald sofern falls damit dabei darauf
    daran darin daraus davon dazu dafür dagegen dahin dorthin hierher hin her drauf drin drum weg los anderswo woanders derjenigen
    diejenigen denjenigen derselben solche solcher solchen manche mancher einige einigen einiger mehrere mehreren wenige paar
    sonst außerdem auch trotzdem deshalb anhand mittels innerhalb außerhalb laut gemäß bezüglich zwecks samt nebst per pro
    denen sich unterwegs ja nein okay hallo bitte danke teil hälfte rest menge anzahl mitte vorhanden vorhandenen
    verfügbar verfügbaren
    jemand jemals niemand man selbst selber euch ihnen ihm ihn ihren ihrem ihrer eurem euren eurer dessen deren
"""
FRENCH_STEMS = """
    sor obten obtenu sort cherch trouv retrouv montr affich donn voul veul pouv peuv pourr voudr aimer aim souhait désir
    tourn film captur
    enregistr photographi réalis effectu immortalis prend prenn pren rapport ramen sauvegard conserv gard stock class tri
    filtr list énumèr énumér compt contien contenir concern compren inclu exclu correspond dat remont provien proven provenir vien
    venir ven voyag séjourn visit pass découvr parcour travers explor arriv reven revien rest demeur
    effectu utilis employ possèd posséd exist montrer sélectionn chois regroup rassembl récupèr récupér import télécharg rappel
    souvien souven pens crois sav sai dis dit indiqu mention signal localis géolocalis situ trouvai
"""
FRENCH_ENDINGS = (
    "(?:er|ez|e|es|ent|ee|ees|es|ons|ions|iez|ais|ait|aient|ant|ai|as|a|ames|erent|era|eront|erait|ir|i|is|it|ie|ies|ie|"
    "u|us|ue|ues|re|t|s|tes|d|ds|x|r)?"
)
FRENCH_OTHERS = """
    quelque quelques quelconque quelconques part quelquefois parfois souvent toujours jamais rarement déjà encore bientôt hier
    récemment dernièrement actuellement autrefois jadis auparavant ensuite puis enfin alors ainsi aussi autant environ presque
    exactement précisément notamment principalement surtout plutôt assez très trop peu beaucoup plusieurs certains certaines
    chacun chacune chaque aucun aucune autre autres même mêmes tel telle tels telles ailleurs partout ici là là-bas dedans
    dehors lequel laquelle lesquels lesquelles duquel desquels auquel quoi dont comment pourquoi parce puisque quoique lorsque
    tandis malgré selon parmi grâce afin outre jusque jusqu durant dès hormis peut-être vraiment simplement ensemble seul seule
    seuls seules toutefois cependant pourtant donc or ni soit lui eux soi celui-ci celles-ci moitié reste partie ensemble nombre
    bonjour salut merci oui non d'accord eu eue eus été étant étions étiez serait seraient sera seront aurait avait avaient avions
    faire fait faite faits faites faisait faisions font fera mis mise mises vu vue vus vues voir allé allée allés allées aller
    va vais vont irons allons peut peux puis dû doit doivent faut fallait lors suis es sommes êtes quelle dedans
"""
SPANISH_STEMS = """
    necesit obten obtuv esta busc encontr muestr mostr enseñ dam dem quer quier quis pod pued pud desea gust captur grab
    film fotografi tom sac sacad
    hac hic hech realiz efectu regist registr guard almacen conserv list orden filtr clasific conten contien inclu exclu
    correspond dat provien proven pertenec viaj visit pas estuv recorr explor lleg volv volvi regres qued permanec utiliz us emple
    teng ten tien tuv tuvi exist seleccion escog eleg elig agrup reun recuper import descarg recuerd record pens cre sab sé
    dec dij dic indic mencion ubic geolocaliz localiz situ encuentr traj traje tra inmortaliz fech
"""
SPANISH_ENDINGS = (
    "(?:(?:ar|er|ir|o|a|as|amos|emos|imos|ais|an|e|es|en|i|io|iste|ieron|aste|aron|ado|ada|ados|adas|ido|ida|idos|idas|ando|iendo|"
    "aba|abas|aban|abamos|ia|ias|ian|iamos|ria|rias|rian|ra|ran|yen|ye|yo|os)(?:me|nos|las|los|la|lo|se|te|melas|nosla)?)?"
)
SPANISH_OTHERS = """
    algún alguna algunas alguno algunos ningún ninguna ninguno cualquier cualquiera cualesquiera cada otro otra otros otras mismo
    misma mismos mismas tal tales tanto tanta varios varias mucho mucha muchos muchas poco poca pocos pocas demás ambos ambas
    nunca jamás siempre siempre ya aún todavía pronto tarde temprano ahora entonces luego recientemente últimamente actualmente
    antiguamente anteriormente posteriormente aproximadamente exactamente precisamente principalmente especialmente casi muy
    bastante demasiado más menos quizá quizás acaso realmente simplemente juntos juntas aquí ahí allí allá acá dentro fuera
    aunque porque pues sino según mediante durante tras ante bajo excepto salvo además también tampoco así como cuyo cuya cuyos
    cuyas quien quienes nada nadie algo alguien ello ellos ellas ella él usted ustedes vosotros mío mía míos mías suyo suya
    le les os ti conmigo parte mitad resto cantidad número conjunto hola gracias sí vale ser sido siendo sea sean era eras
    ir ido yendo va van vamos voy iba íbamos ver visto viste vieron vea veas veamos ha he hay haya había habían habíamos hubo debe
    deben dar dado dada puesto puesta puestas
"""


def _endings(verbs: str) -> set[str]:
    """English verbs as they are bent by rule: “match” is “matches”, “matched”, “matching” too."""
    forms: set[str] = set()
    for verb in verbs.split():
        stem = verb.removesuffix("e")
        forms |= {verb, f"{verb}s", f"{verb}es", f"{verb}ed", f"{stem}ed", f"{stem}ing", f"{verb}ing"}
        if verb.endswith("y"):
            forms |= {f"{verb[:-1]}ies", f"{verb[:-1]}ied"}
    return forms


def _stems(stems: str) -> str:
    return "|".join(sorted(map(re.escape, word_set(stems)), key=len, reverse=True))


WORDS = word_set(_endings(ENGLISH_VERBS)) | word_set(
    f"{ENGLISH_FORMS} {ENGLISH_OTHERS} {GERMAN_OTHERS} {FRENCH_OTHERS} {SPANISH_OTHERS}"
)
BENT = re.compile(
    f"{GERMAN_BEFORE}(?:ge|zu)?(?:{_stems(GERMAN_STEMS)}){GERMAN_ENDINGS}"
    f"|(?:re)?(?:{_stems(FRENCH_STEMS)}){FRENCH_ENDINGS}|(?:{_stems(SPANISH_STEMS)}){SPANISH_ENDINGS}"
)
# What the endings make of those stems and yet can be seen.
SEEN = word_set(
    """passe-partout bach bache geister geist fahrer reiter reise pass passes past paste pasta sort sorts dish disc disco dice dices
    list lists lade laden lad lager lagen ginger wart warte ware waren wahlen denkmal nest gest liege liegen lieger dat datum date
    dates gehege hotel carte cartes classe classes gare garage garde gardes restaurant vent vents vente tri triste tour tours
    touret tournesol filet films film tourner stock stocks stockent user us usa tra tram train trees tree cream crea cree creo
    creme tomate tomates tome tente tens tent tents tennis tenis tienda tenda pensee pensees salle sale sais saie dada
    voyeur herd hund hunde ziege rester hort holz holen horn kamm kamen kamin kran koch nutte nuss nusse muse muser nase nasen
    wurst weiss weisse weissen weisser weisses weste heisse heissen bild bauer bus buses buse use fecha decor pan pane pasto
    pas pase paso paste papa sand sanden sacs sac saco sacos sacas sabe sable sables sabre dem demo sé se cree poder toma
    gusto guster lit lista listas listen visiter mocha mostre mostra most must mast reunion orden ordens ordner
    tortue tore tort quer queen record recorder records import imports note notes cover mark marks label labels tour tours group
    man bald bed deco dam drum dig digs fall falls fallen felt firing guard guards hole holes live open opens opened opening passer
    resort saber sea seas ten van vans venue view views viewing store stores match matches class gathering gather gathers gathered
    couple bunch lie lies lying lay lain present presents number numbers signal signals pulled pulling pulls picking picks class
    help carry carrying carried data start starts holiday feature sally salida salidas groups care bear bears place
    places span range ranges ranger date dates order mind pick log logs film films stem stems
    fire fires lie deal fit fits cut ring"""
)


def can_not_be_seen(word: str) -> bool:
    """Say whether the folded `word` is a word of those classes."""
    return word not in SEEN and (word in WORDS or BENT.fullmatch(word) is not None)
