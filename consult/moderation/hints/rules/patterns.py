"""General patterns over folded text: addresses, numbers, titles before names, and ways of saying who speaks.

Where a pattern has a group "it", that group is the hint.
"""

import re

from consult.moderation.enums import HintKind
from consult.moderation.hints.rules.words import words


def _any(name: str) -> str:
    entries = (re.escape(entry).replace("_", " ").replace(r"\*", r"\w*") for entry in words(name))
    return f"(?:{'|'.join(entries)})"


_THERE = "(?:in |at |from |within |back in )?"
_OFFICE = "(?:head|chair|chief|commander|director|rapporteur|author|host)"
_DO = "(?:for|in|at|lead|head|run|represent|chair|command|work|serve)"
_LIVED = "work|worked|serve|served|teach|taught|was posted|am posted|was stationed"
_VECU = "travaille|sers|dirige|represente|preside|commande|suis en poste|viens"
_DEVANT = "a|au|aux|pour|chez|dans|en|de|du|des|la|le|les|un|une|comme"

SPEAKING: tuple[re.Pattern[str], ...] = tuple(
    re.compile(pattern)
    for pattern in (
        r"\bspeaking (?:here )?(?:as|for|on behalf of)\b",
        r"\b(?:as|being) (?:someone|somebody|one|a person) who\b",
        rf"\bas (?:former |acting |deputy |vice[- ])?{_OFFICE} of\b",
        r"\bin my (?:own |personal |present |former |previous )?(?:capacity|role|position|post|job|function)\b",
        rf"\b{_THERE}my (?:own |former |home |old |foreign |defence |defense )?{_any('mine_en')}\b",
        rf"\b{_THERE}our (?:own |foreign |defence |national )?{_any('ours_en')}\b",
        r"\b(?:where|when|while|since|before|after) i (?:was|am|\w+ed|led|left|sat|taught|ran|wrote|became|took)\b",
        rf"\bthe {_any('mine_en')} (?:that |which |where )?i (?:\w+ )?{_DO}\b",
        r"\bi (?:used to (?:be|work|run|lead|head|serve|teach)|am from|come from|was born in|grew up in|live in)\b",
        r"\bi sit (?:on|in)\b",
        r"\bi'm from\b|\bback home\b|\bwhere i (?:come from|am from|live|sit)\b",
        r"\b(?:those|some|the two|many|one) of us (?:from|in|who)\b",
        r"\bhaving (?:been|run|led|served|worked|commanded|chaired|drafted|negotiated|taught|headed|spent)\b",
        rf"\bi (?:{_LIVED}|am serving) (?:at|for|in|as|with|under)\b",
        r"\bi (?:represent|commanded|command|chair|chaired|drafted|negotiated|head|headed|lead a|led the)\b",
        r"\bmy (?:[\w-]+ )?(?:predecessor|successor|deputy|colleagues?|counterparts?|posting|tour|name|wife|husband)\b",
        r"\b(?:en|dans) ma (?:capitale|qualite)\b|\ben ma qualite d[e']",
        r"\bmoi qui\b",
        rf"\b(?:dans |de |a |chez )?(?:mon|ma|mes) (?:propre |ancien |ancienne )?{_any('mine_fr')}\b",
        rf"\b(?:dans |de |a )?(?:notre|nos) (?:propre )?{_any('ours_fr')}\b",
        rf"\bje (?:{_VECU}) (?:{_DEVANT})\b",
        r"\bj'(?:ai servi|ai dirige|ai commande|ai negocie|enseigne|etais en poste|ai ete en poste|ai travaille)\b",
        r"\b(?:chez nous|nous autres)\b|\bmes? (?:collegues?|homologues?|confreres?|predecesseurs?|successeurs?)\b",
        r"\bou je (?:travaille|sers|suis|siege|vis|dirige)\b|\bje viens d['eu]",
        r"\bpour avoir (?:servi|dirige|travaille|commande)\b",
        r"\b(?:quand|lorsque) j'(?:etais|ai)\b|\bayant (?:servi|dirige|commande|travaille|negocie|preside|ete)\b",
        rf"\b(?:w |we |z |ze |od |do |dla )?{_any('own_pl')} (?:wlasn\w+ |byl\w+ )?{_any('ours_pl')}",
        r"\bmowiac jako\b|\bwystepujac jako\b|\bw imieniu (?:mojego|mojej|naszego|naszej|swojego|swojej)\b",
        r"\b(?:pracuje|pracowal[ae]m|sluze|sluzyl[ae]m|wykladam|urzeduje) (?:w|we|na|dla|przy|jako)\b",
        r"\b(?:reprezentuje|dowodzilem|dowodze|kieruje|kierowal[ae]m|negocjowal[ae]m)\b",
        r"\bu nas w\b|\bgdzie (?:pracuje|sluze|mieszkam)\b|\b(?:pochodze|przyjechal[ae]m|jestem) (?:z|ze)\b",
        r"\b(?:kiedy|gdy) (?:bylem|bylam|sluzyl[ae]m|pracowal[ae]m|dowodzil[ae]m|kierowal[ae]m)\b",
        rf"\b{_any('own_pl')} (?:\w+ )?(?:koledz\w*|koleg\w*|kolezan\w*|poprzedni\w*|nastepc\w*|zastepc\w*)",
    )
)
"""Whoever says so tells something about themselves."""

AS_A = re.compile(
    r"\b(?:as|being|i am|i'm|i was) (?:also )?(?:an?|the|your|one of the|your only|the only|the sole)\s|"
    r"\bwe,? (?:the |in )?|\bus,? |\b(?:coming|speaking|writing) from |"
    r"\b(?:the|a) (?:gentleman|lady|man|woman|colleague|person|people|participants?|friends?) from |"
    r"\ben (?:tant|qualite) (?:que |qu'|de |d')|\bje suis |\bcomme |\bnous,? (?:les |autres )?|"
    r"\b(?:etant|ancien|ancienne) |\b(?:la dame|le monsieur|l'homme|la femme|le collegue) (?:venue? )?d[eu]? ?'?|"
    r"\bjako |\bjestem |\bbedac |\bmy,? (?:w |we |z )?|\b(?:pan|pani|kolega|kolezanka) z "
)
"""Opens a phrase that gives the speaker away if a nationality or a role follows within a few words."""
REACH = 4
ONLY_NEXT = ("we", "us", "my", "comme", "nous", "ancien")
"""Openers so common that nothing may stand between."""

# Lengths are bounded and beginnings fenced, so that no text however long and odd takes more than its length's time.
EMAIL = re.compile(
    r"(?<![\w.+'-])[\w.+'-]{1,64}\s?(?:@|\(at\)|\[at\]|\(malpa\))\s?[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
)
LINK = re.compile(r"(?:https?://|www\.)[^\s<>\"]+|(?<![\w@.])@\w{3,40}(?!\w|[.\w]{0,40}\.\w)")
TELEPHONE = re.compile(r"(?<![\w.,/-])(?:\+|00)?\(?\d[\d\s().\-/]{6,20}\d(?![\w/%-])")
LEAST_DIGITS, MOST_DIGITS = 8, 15
DATE_OR_SUM = re.compile(
    r"^(?:(?:19|20)\d\d\s?[-/]\s?(?:19|20)?\d\d|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|\d{4}-\d\d-\d\d|"
    r"\d{1,3}(?:[ .]000)+|\d{1,3}(?:[ .]\d{3})+)$"
)
"""Ranges of years, dates and large numbers look like telephone numbers and are none."""

PLAIN_PATTERNS: tuple[tuple[HintKind, re.Pattern[str]], ...] = (
    (HintKind.EMAIL, EMAIL),
    (HintKind.LINK, LINK),
    *((HintKind.SELF, pattern) for pattern in SPEAKING),
)


def is_telephone(found: str) -> bool:
    """Whether a run of digits and separators is as long as a telephone number and no date or sum."""
    digits = sum(c.isdigit() for c in found)
    return LEAST_DIGITS <= digits <= MOST_DIGITS and not DATE_OR_SUM.match(found.strip())
