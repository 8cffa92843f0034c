"""What is said of a whole answer: that it is none, very long, or shouted."""

from consult.moderation.hints.rules.folding import Folded

VERY_LONG = 1200
"""In code points."""
LEAST_LETTERS = 20
MOST_CAPITALS = 0.7
LEAST_SHOUTED = 4
"""So many long words in capitals in a row are shouted, whatever the rest."""

_NONE = frozenset(
    line.strip()
    for line in """
    nothing|none|no|n a|na|nil|null|no answer|no comment|no comments|nothing to add|nothing to say|nothing else|nope|not applicable|not sure
    i don t know|don t know|dont know|i do not know|do not know|dunno|idk|no idea|no opinion|no view|no views|unknown|tbc|tbd|test|testing|asdf|xxx|x|see above
    as above|same as above|same|ditto|skip|pass|nothing at all|nothing comes to mind|can t think of anything|no suggestions|no suggestion|ok|okay|blank|empty
    rien|rien a ajouter|rien a dire|aucun|aucune|aucune idee|non|sans objet|s o|so|neant|sans opinion|sans avis|je ne sais pas|je sais pas|ne sait pas|nsp
    pas de reponse|sans reponse|pas d avis|pas de commentaire|sans commentaire|pas de commentaires|pas d opinion|voir ci dessus|idem
    nic|nie|brak|nie dotyczy|nd|n d|nie wiem|brak odpowiedzi|brak zdania|nie mam zdania|bez komentarza|nie mam|brak uwag|nie mam uwag|bez uwag|jak wyzej|nic do dodania
    nichts|keine|kein|nein|keine angabe|k a|ka|keine ahnung|weiss nicht|keine meinung|entfallt|siehe oben|kein kommentar
    nada|ninguno|ninguna|ningun|no se|no aplica|sin respuesta|sin comentarios|no sabe|ns nc|nsnc
    niente|nulla|nessuno|nessuna|non so|niets|geen|weet niet|geen mening|nvt|n v t
    ничего|нет|не знаю|нічого|немає|не знаю|沒有|没有|無|无|不知道|لا شيء|لا يوجد
    """.replace("\n", "|").split("|")
    if line.strip()
)


def is_no_answer(text: Folded) -> bool:
    """Whether it says nothing: no letter or digit at all, or one of the usual ways of declining."""
    words = " ".join(word.plain for word in text.words)
    return not any(c.isalpha() for c in words) or words in _NONE


def is_long(text: str) -> bool:
    """Whether it is far longer than what people usually write."""
    return len(text) > VERY_LONG


def is_shouting(text: str) -> bool:
    """Whether it is mostly in capitals, or holds a run of them."""
    cased = [c for c in text if c.isupper() or c.islower()]
    if len(cased) >= LEAST_LETTERS and sum(c.isupper() for c in cased) > MOST_CAPITALS * len(cased):
        return True
    run = 0
    for word in text.split():
        letters = word.strip(".,;:!?\"'()")
        run = run + 1 if len(letters) > 3 and letters.isalpha() and letters.isupper() else 0
        if run >= LEAST_SHOUTED:
            return True
    return "!!!" in text
