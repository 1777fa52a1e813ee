"""The names of cameras and phones, and the words around them. Data only."""

from appliance.search.sentence import fold, phrase_set, word_set

BEFORE_A_CAMERA = word_set(
    "with on by using from taken shot mit avec con par my our the mein meinem meiner mon ma mi via camera old new dem"
    " der den le la el"
    " unserer unserem notre nuestra"
)
ARTICLES = word_set("a an ein einer einem une un una")
# As their makers write them: the spelling on a chip for a camera that this library has no photo of.
MAKERS = """
    Nikon Canon Sony Fujifilm Fuji Olympus Panasonic Leica Pentax GoPro iPhone iPad iPod Pixel Samsung Huawei
    Xiaomi DJI Kodak Casio Minolta Ricoh Hasselblad Lumix Coolpix PowerShot Cybershot Motorola Nokia OnePlus HTC
    Apple Galaxy Sigma Polaroid Rollei Rolleiflex Mamiya Yashica Zenit Contax Bronica Voigtländer Praktica
    Insta360 Instax Sanyo Konica Vivitar Agfa Epson BlackBerry Oppo Vivo Realme Honor Xperia Fairphone Redmi ZTE
    Lenovo Asus LG HP Exilim Finepix Ixus Rebel Mavic Osmo Nexus Handycam Blackmagic Phase Toshiba JVC Garmin
    Google Holga Lomo Zeiss Hipstamatic Poco Nothing
"""
WRITTEN = {fold(name): name for name in MAKERS.split()}
# Makers that are common words elsewhere: only right after “taken with” and the like.
MAKER_OR_WORD = word_set(
    "google pixel apple galaxy vivo honor phase rebel nothing contax osmo nexus holga lomo zeiss sigma hp lg poco garmin"
    " epson toshiba asus"
    " lenovo polaroid rollei kodak agfa"
)
BRANDS = frozenset(WRITTEN)
# What says that photos were taken with what follows, before an article: then even a common word is a maker.
TAKEN_WITH = phrase_set(
    "taken with|taken on|taken by|taken using|shot with|shot on|captured with|captured on|captured by|made with"
    "|photographed with"
    "|aufgenommen mit|fotografiert mit|gemacht mit|geknipst mit|prises avec|prise avec|pris avec|faites avec"
    "|hechas con|hecha con"
    "|tomadas con|tomada con|sacadas con|grabado con"
)
TAKEN_AFTER = word_set("aufgenommen fotografiert gemacht geschossen geknipst gefilmt")
# Words of a model's name: those that are always one; those that end one, after a number or “iPhone”; those that begin one.
FAMILIES = word_set(
    "eos coolpix powershot lumix cybershot exilim finepix ixus rebel galaxy pixel iphone ipad mavic xperia lumia redmi nexus optio"
)
AFTER_A_NUMBER = word_set("pro max plus mini ultra mark ii iii iv v vi fold flip lite edge se xs xr xl x zoom compact")
BEFORE_A_NUMBER = word_set("note alpha hero air mark one mi osmo")
PLAIN = word_set("camera digital corporation corp company imaging co ltd optical electronics inc kamera the")
# Words of a model that mean something else when they stand without its other words: the Black of “HERO9 Black”.
ONLY_WITH_OTHERS = word_set(
    "black white silver gold red blue green session edition digital compact zoom mark plus mini pro max ultra one air note mate"
    " lite neo play smart style view wide super prime power shot vision legend classic generation active duo dual alpha spark moto"
    " make made edge fold flip standard turismo gran phantom magic fantasy hero new old first second third action kids"
)
# A sort of camera, which names all of them.
SORTS = word_set("drone drones drohne drohnen dron")
OF = word_set("of de von d'")
NOUNS = word_set(
    "camera cameras kamera kameras phone handy appareil caméra cámara móvil photo photos pic pics picture pictures"
    " image images shot shots"
    " foto fotos bild bilder video videos vidéo vidéos vídeo vídeos clip clips aufnahmen footage selfie selfies snaps imágenes"
)
