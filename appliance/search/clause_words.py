"""Small closed classes of words that tell where a verb stands, in four languages. Data only."""

from appliance.search.glue import ENGLISH, FRENCH, GERMAN, PHOTOS, SPANISH
from appliance.search.sentence import word_set

SUBJECTS = word_set(
    """i we you they he she everyone everybody somebody someone anyone anybody nobody which that who
    ich wir man jemand
    je j nous vous on ils elles quelqu
    yo nosotros nosotras ustedes alguien que qui qu"""
)
AUXILIARIES = word_set(
    """was were been being is are am be have has had having did does do don didn can could will would should shall may might must
    got get getting gets to let lets
    wurde wurden worden werden haben habe hat hatte hatten hab sind sei kann konnte möchte möchten will wollen würde würden
    suis sommes êtes sont était étaient étions étais été ai as avons avez ont avait avaient avions ayant fut furent peux peut pouvez
    veux voudrais aimerais voulons faut
    he hemos ha han había habían fue fueron era eran sido siendo ser estar estaba estaban estuvo quiero quisiera puedes puede
    podrías
    """
)
HAVE = word_set("have has had having habe hat hatte hatten ai as avons avez ont avait avaient he hemos ha han había")
# After these an English gerund tells when, not what.
WHILE = word_set("while whilst when after before since by upon in pendant mientras")
GERUND = ("ing", "ando", "iendo", "yendo")
PARTICIPLE = ("ed", "en", "ing", "wn", "ft", "pt", "ught", "ung", "ade", "ent")
PARTICIPLE_ELSEWHERE = (
    "e", "es", "ee", "ees", "ant", "is", "ises", "us", "ues", "en", "et",
    "ado", "ada", "ados", "adas", "ido", "ida", "idos", "idas", "cho", "chas", "chos", "cha", "ndo",
)  # fmt: skip
ADVERBS = word_set(
    """please kindly just also only ever once already still always never really actually originally quickly simply perhaps maybe
    possibly probably all both each even yet so then there here now again not
    bitte mal doch auch nur noch schon nicht gerne gern wieder einmal eigentlich alles denn
    bien aussi déjà encore toujours jamais donc plutôt tous toutes tout y en
    también ya siempre nunca todavía solo sólo"""
)
PARTICLES = word_set(
    """up out off down over away along back together around through in on apart forth aside by for at of me us
    raus rein hervor heraus her hin weg zurück zusammen ab auf an aus ein vor mir uns
    moi nous me nos"""
)
ASKING_PARTICLES = word_set(
    "up out off down over away along back together around through apart forth me us raus hervor heraus her zusammen mir uns moi "
    "nous"
)
THINGS = PHOTOS | word_set(
    """everything anything something all ones those stuff things what shots shot snaps videos video clips footage films
    screenshots files alles videos aufnahmen vidéos celles ceux clichés todo vídeos aquellas"""
)
# What stands before “photos” once it is asked for: the word before these asks.
BEFORE_A_THING = word_set(
    """the a an my our your his her their these those this that any all every each some whatever everything anything what which
    die der das den meine meinen unsere unseren alle sämtliche diese alles
    le la les l mes nos des toutes tous ces mon notre
    el los las mis nuestras nuestros todas todos esas esos estas
    several many einige viele ein eine quelques plusieurs algunas algunos unas varias"""
)
DURING = word_set("during während pendant durant lors durante throughout")
PREPOSITIONS = word_set(
    """in from at on of during with by to between before after since until within around near for under inside outside across
    throughout into as using via
    aus von vom im am bei mit zu zum zur für nach seit bis zwischen während
    de du des d à au aux en dans par pour avec lors pendant depuis entre chez sur
    del a al por para con durante desde hasta sobre"""
)
WHOSE = word_set("whose dont deren dessen cuya cuyo cuyas cuyos")
ENDS_A_SENTENCE = frozenset(".!?:")
FOR = word_set("for für pour para")
TO = word_set("to um pour para")
AND = word_set("and und et y then dann puis luego")
THEM = word_set("them it those these me us sie mir uns les las los nous")
OF = word_set("of de d von")
GERMAN_ONLY = word_set(GERMAN) - word_set(f"{ENGLISH} {FRENCH} {SPANISH}")
ENGLISH_ONLY = word_set(ENGLISH) - word_set(f"{GERMAN} {FRENCH} {SPANISH}")
OTHERS_ONLY = word_set(f"{GERMAN} {FRENCH} {SPANISH}") - word_set(ENGLISH)
