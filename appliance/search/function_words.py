"""The closed classes of four languages: prepositions, conjunctions, pronouns, determiners, auxiliaries, and adverbs of place,
time and degree.

They are written down whole, as a grammar lists them, since languages get no new ones: alone between filters none of them says
anything about a picture. Left out are those that are a thing in another of the languages (“car”, “son”, “man”, “post”, “halt”).
Data only."""

from appliance.search.sentence import word_set

ENGLISH = """
    about above across after against along alongside amid amidst among amongst around as aside at atop barring before behind below
    beneath beside besides between beyond but by circa concerning considering despite down during except excepting excluding
    following for from in including inside into like minus near nearby next notwithstanding of off on onto opposite out outside
    over past per plus pre prior pro regarding since than through throughout till to toward towards under underneath unlike until
    unto up upon versus vs via with within without and or nor yet so although because if unless while whilst whereas whether
    though once when whenever where wherever that lest provided i me my mine myself you your yours yourself he him his himself she
    her hers herself it its itself we us our ours ourselves they them their theirs themselves who whom whose which what this these
    those one ones each either neither both all any some none few many much several most more less least another other others such
    same enough every everyone someone anyone everybody somebody anybody nobody everything something anything nothing be am is are
    was were been being have has had having do does did done doing will would shall should can could may might must ought need
    dare not no yes please too also only just even still again ever never always often sometimes here there now then very quite
    rather almost nearly already soon later earlier ago away back together apart else instead thus hence however otherwise
    meanwhile anyway
"""
GERMAN = """
    ab an anhand anlässlich anstatt auf aufgrund aus ausser außer bei beiderseits bezüglich binnen bis diesseits durch entlang
    entgegen entsprechend fern für gegen gegenüber gemäß hinsichtlich hinter in infolge inklusive inmitten innerhalb jenseits längs
    laut mangels mit mithilfe mitsamt mittels nach nahe neben nebst oberhalb ohne pro samt seit seitens statt trotz über um
    ungeachtet unter unterhalb unweit von vor während wegen wider zu zufolge zuliebe zwecks zwischen rund herum
    und oder aber denn sondern doch als dass weil ob obwohl wenn falls sobald solange bevor nachdem damit indem wie wo sowie
    ich mich mir mein meiner meine meins du dich dir dein er ihn ihm sein sie ihr es wir uns unser unsere unseres unserer euch euer
    eure ihnen wer wen wem wessen was der die das den dem des deren dessen denen dieser diese dieses diesem diesen jener jene jenes
    jenem jenen welcher welche welches welchem welchen jeder jede jedes jedem jeden mancher alle alles allen allem aller beide
    beiden beides einige etwas nichts viel viele vielen wenig wenige mehr mehrere selbst jemand niemand kein keine keiner keinen
    keinem keines solch solche anderer andere anderen anderes sämtliche bin bist ist sind seid wart gewesen wäre wären habe haben
    habt hatte hattest hatten gehabt hätte hätten werde wirst wird werden werdet wurde wurden worden würde würden kann kannst
    können könnt konnte konnten könnte könnten muss müssen musste mussten darf dürfen durfte soll sollen sollte will wollen wollte
    mögen möchte möchten nicht auch nur noch schon immer nie oft hier da dort jetzt dann sehr ganz fast bald später früher vorher
    nachher heute zusammen sonst also eben mal bitte gern gerne ja nein wohl etwa circa ungefähr zirka
"""
FRENCH = """
    à après avant avec chez contre dans de depuis derrière dès devant durant en entre envers environ excepté hormis hors jusque lors
    malgré moyennant outre par parmi pendant pour près proche sans sauf selon sous suivant sur vers via voici voilà grâce aide
    autour loin auprès et ou mais donc or ni que quand lorsque puisque quoique si comme comment parce afin tandis je me m moi mien
    mienne tu te t toi tien ton ta tes il elle on se soi lui nous notre nos vous votre vos ils elles eux leur leurs sa ses mon ma
    mes ce cet cette ces celui celle ceux celles ceci cela ça c qui qu quoi dont où lequel laquelle lesquels lesquelles auquel
    duquel desquels quel quelle quels quelles un une des du la le les l d aucun aucune autre autres certain certains certaines
    chaque chacun plusieurs quelque quelques rien tout toute tous toutes tel telle même mêmes suis es est sommes êtes sont étais
    était étions étiez étaient serai sera seront serait seraient été étant ai as a avons avez ont avais avait avions aviez avaient
    aurai aura aurait aurais auraient eu eue ayant fut furent peux peut pouvons pouvez peuvent pourrais pourrait pourriez veux
    veut voulons voulez veulent voudrais voudrait voudriez dois doit devons faut va vais vont allons ne pas moins très trop assez
    bien aussi encore déjà toujours jamais souvent ici là maintenant alors puis ensuite enfin ensemble seulement plaît oui non y
"""
SPANISH = """
    a ante bajo con contra de desde durante en entre excepto hacia hasta mediante para por salvo según sin sobre tras vía alrededor
    cerca lejos dentro fuera junto
    y e o u ni que pero sino aunque porque pues si cuando como donde mientras
    yo me mí mi mis mío tú te ti tu tus él ella ello lo la le se sí su sus nosotros nosotras nos nuestro nuestra nuestros nuestras
    vosotros os vuestro vuestra vuestros vuestras ellos ellas los las les usted ustedes suyo suya este esta esto estos estas ese esa
    eso esos esas aquel aquella aquello aquellos aquellas quien quienes cual cuales qué cuyo cuya cuyos cuyas un una unos unas el
    algún alguno alguna algunos algunas ningún ninguno ninguna nada nadie algo alguien cada todo toda todos todas otro otra otros
    otras mismo misma mismos mismas tal tales varios varias mucho mucha muchos muchas poco pocos ambos demás cualquier
    soy eres es somos sois eran era eras éramos fui fue fuimos fueron sido siendo será sería estoy está estamos están estaba
    estábamos estaban estuve estuvo estuvimos estuvieron estado estando he has ha hemos habéis han había habían habíamos hubo habido
    habiendo habrá puedo puede podemos pueden podría podrías podríamos quiero quieres queremos quisiera quisiéramos debo debe voy
    vamos hay
    no ya muy más menos tan también tampoco siempre nunca aquí ahí allí ahora entonces luego después antes además casi solo sólo
    juntos bien favor gracias
"""
FUNCTION_WORDS = word_set(f"{ENGLISH} {GERMAN} {FRENCH} {SPANISH}")
