"""Words around the names of persons, in four languages. Data only."""

from appliance.search.sentence import phrase_set, word_set

OR = word_set("or oder ou o u")
TOGETHER = phrase_set(
    "together|both|both of them|the two of them|with each other|in one picture|side by side|zusammen|gemeinsam|miteinander|beide"
    "|beiden|die beiden|alle beide|ensemble|tous les deux|toutes les deux|juntos|juntas|los dos|las dos|ambos"
)
BOTH = word_set("both all beide beiden alle deux ambas dos las les")
BETWEEN = word_set("the a any photos pictures of with der die das den dem mit von fotos bilder le la les de d avec el los las con")
# Before these a word is a thing, whoever in the family has that name: “a rose”, “two roses”, “the rose”.
MAKES_A_THING = word_set(
    "a an the some many few two three four five six seven eight nine ten ein eine einen einem einer eines einige viele zwei drei"
    " vier un une des plusieurs deux trois quatre una unos unas dos tres cuatro"
)
# A month or a weekday follows, also where somebody is called so.
BEFORE_A_DATE = word_set(
    "in from since until till before after during last this next every each late early mid end on im seit bis vor nach am letzten"
    " diesen diesem nächsten jeden ab en depuis avant après fin début desde hasta antes después finales"
)
# “Will you”, “May I”: no name at the beginning of a question.
AFTER_A_VERB = word_set("i you we he she it they the there this that these those my our your be")
BEFORE_ME = word_set(
    "of with and without from or von mit und ohne oder zwischen avec sans et de ou con sin y e o & + , mich für between not but"
    " only about featuring containing showing including d nur sauf excepto"
)
ME = word_set("me myself mir mich moi yo mi i ich")
WITH_ME = word_set("conmigo")
AND = word_set("and with & + und mit et avec y e con")
ASKS_TO_SHOW = word_set("show give find get send tell let bring zeig zeige gib such montre montrez donne muestra")
SHE = word_set("she he they sie er elle il ella el")
PEOPLE = word_set(
    "people person persons anyone anybody someone somebody human humans face faces leute menschen personen person gesichter"
    " gesicht jemand jemanden gens personnes personne visages visage personas persona gente caras cara nadie"
)
NOBODY = phrase_set(
    "nobody in it|nobody in them|with nobody|no one in it|nobody|no one|niemand|niemanden|niemand drauf|menschenleer|sans personne"
    "|sin nadie|no people|no persons|no faces|keine menschen|keine leute|keine personen|keine gesichter"
)
# “Only with Jonas”, “also with me”: beside those who were asked for; without it in their place.
WITH = word_set("with mit avec con")
# At the beginning of a question: who the persons in what is found are.
WHO = phrase_set(
    "who is in|who's in|who is on|who's on|who was in|who was on|who was with us|who are in|who are|who can be seen|who is there"
    "|who is shown|who is that|who is this|who do you see|who else is in|who else is on|who else|who is with|who was with|who is"
    "|with whom was|with whom is|with whom were|with whom|who"
    "|wer ist auf|wer ist in|wer ist zu sehen auf|wer war auf|wer war in|wer war mit|wer ist mit|wer ist das|wer ist noch auf"
    "|wer ist|wer war|wer|mit wem war|mit wem ist|mit wem"
    "|qui est sur|qui est dans|qui est avec|qui est-ce|qui était avec|qui est là|qui est|qui était|avec qui était|avec qui est"
    "|avec qui|qui voit-on sur"
    "|quién está en|quiénes están en|quién sale en|quiénes salen en|quién aparece en|quién estaba con|quién está con|quién es"
    "|quiénes son|quién|quiénes|con quién estaba|con quién está|con quién"
)
WHO_ENDS = phrase_set("with|zu sehen|drauf|dabei|noch|else")
# “Who took this photo”, “who has a dog”: about nobody's face.
DOES_MORE = word_set(
    "took taken shot made has have owns wrote sent can did does uploaded hat hatte gemacht fotografiert a pris hizo tomo tiene"
)
