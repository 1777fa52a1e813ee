"""The words for times of day, in English, German, French and Spanish. Data only; used by days_and_hours.py."""

from appliance.search.sentence import Phrases, phrase_set, word_set

HOURS = Phrases(
    {
        "early in the morning|early mornings|in the early morning|early morning|frühmorgens|am frühen morgen"
        "|früh am morgen|tôt le matin"
        "|de bon matin|temprano por la mañana|de madrugada|in the early hours": (5, 8),
        "late at night|spät nachts|spät in der nacht|tard la nuit|tarde en la noche": (23, 5),
        "in the morning|in the mornings|mornings|this morning": (5, 12),
        "am morgen|morgens|le matin|du matin|ce matin|por la mañana|esta mañana": (5, 12),
        "at noon|at midday|around noon|around midday|mittags|am mittag|um die mittagszeit|gegen mittag|à midi"
        "|vers midi|al mediodía|a mediodía|at lunchtime|around lunchtime": (
            11,
            14,
        ),
        "in the afternoon|in the afternoons|afternoons|this afternoon": (12, 17),
        "am nachmittag|nachmittags|l'après-midi|cet après-midi|por la tarde|esta tarde": (12, 17),
        "abendfotos|abendbilder|abendaufnahmen|photos du soir|fotos de la noche|in the evening|in the evenings|evenings"
        "|this evening|am abend|abends|le soir|du soir|ce soir|tonight|at dusk": (
            17,
            22,
        ),
        "at night|by night|nights|in the night|during the night|at nighttime": (21, 5),
        "at midnight|around midnight|um mitternacht|gegen mitternacht|à minuit|vers minuit|a medianoche": (23, 1),
        "nachtaufnahmen|nachtfotos|nachtbilder|photos de nuit|photos nocturnes|fotos nocturnas|nachts|in der nacht|bei nacht"
        "|la nuit|de nuit|por la noche|de noche|esta noche": (
            21,
            5,
        ),
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
SHOTS = word_set("shots shot videos clips snaps selfies")
OF_TODAY = phrase_set("this|tonight|ce|cette|esta")
LAST_NIGHT = phrase_set("last night|last nights|last night's|letzte nacht|gestern nacht|la nuit dernière|anoche")
