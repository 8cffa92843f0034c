"""Countries as they are named: their names from Babel, their people, adjectives and capitals from the table below.

Words are folded. `estoni*` stands for everything that begins so and ends within six letters more, which covers English,
French and Polish endings; `new_zealand*` for words that follow one another.
"""

from functools import lru_cache

from babel import Locale, UnknownLocaleError

from consult.moderation.hints.rules.folding import plain_words

LONGEST_ENDING = 6
LANGUAGES = ("en", "fr", "pl")

NEEDS_CAPITAL = frozenset(
    {
        "polish",
        "turkey",
        "china",
        "chad",
        "jordan",
        "georgia",
        "dane",
        "danes",
        "riga",
        "bern",
        "rome",
        "oman",
        "mali",
        "cuba",
        "peru",
        "chili",
        "lima",
        "rom",
        "rzym",
        "niger",
    }
)
"""Words that mean something else in small letters."""
NEEDS_CAPITALS = frozenset({"us", "usa", "uk", "uae", "rfn", "eua", "zea"})

_WORDS = """
AL: albani* albansk* albanczy* albanais* tirana tirane tiranie
AM: armeni* ormiansk* ormian* erewan* yerevan erevan
AT: austria* autrich* austriac* vienna vienne wieden* wiedn*
AZ: azerbaij* azeri* azerbejdz* baku bakou
BA: bosnia* bosnie* bosnia bosniac* bosniak* bosnien* sarajewo sarajew* sarajevo
BE: belgi* belge* belg belgow belgowie brussels bruxelles bruksel*
BG: bulgari* bulgare* bulgarsk* bulgar* sofia sofii
BY: belarus* bielarus* bialorus* bielorus* minsk* minsku
CA: canad* kanad* kanadyj* ottawa ottawie
CH: switzerland swiss suisse* szwajcar* bern berne berno bernie
CN: china chinese chine chinois* chin chiny chinach chinsk* chinczy* beijing pekin* peking
CY: cypr* cypriot* chypr* nicosia nicosie nikozj*
CZ: czech* tchequ* tchech* czesk* czesi prague praga praski* pradze
DE: german* germany allemand* allemagne niemc* niemiec* berlin*
DK: denmark danish dane danes danois* danemark dania danii dunsk* dunczy* copenhagen copenhague kopenha*
EE: estoni* estonsk* estonczy* tallin*
ES: spain spanish spaniard* espagn* hiszpan* madrid* madryt*
FI: finland* finnish finn finns finlandais* finsk* finow finowie helsin*
FR: france french frenchm* frenchw* francais* franc francj* francus* paris paryz* parisien*
GB: britain british briton* britann* brytyj* wielk*_brytan* grande_bretagne united_kingdom uk royaume_uni england english* angl* scotland scottish wales welsh london londres londyn*
GE: georgia georgian* georgie georgien* gruzj* gruzin* tbilis*
GR: greece greek* grece grec grecs grecque* grecj* greck* grekow grekowie athens athenes aten*
HR: croati* croat* croate* chorwac* zagreb* zagrzeb*
HU: hungar* hongr* hongrois* wegier* wegry wegrzy* wegr* budapest* budapeszt*
IE: ireland irish irland* dublin*
IL: israel* izrael* jerusalem jerozolim*
IN: indian* indien* indii hindus* new_delhi delhi
IS: iceland* island* reykjavik* rejkiawik*
IT: ital* wlosk* wloch* wlosi rome rzym* rzymie rom
JP: japan* japon* tokyo tokio
KR: south_korea* coree_du_sud koreansk* korei_poludniowej seoul seul seulu
KZ: kazakh* kazach* astana astanie
LT: lithuan* lituan* litew* litw* wilno wilnie vilnius
LU: luxemb* luksemb*
LV: latvi* letton* lotew* lotw* lotysz* riga rydze ryga rygi
MD: moldov* moldav* moldaw* chisinau kiszyniow*
ME: montenegr* czarnogor* podgoric*
MK: macedon* skopje skopie
MT: malta maltese maltais* maltansk* valletta
NL: netherland* dutch dutchm* holland* neerland* pays_bas holender* niderland* the_hague la_haye hag* hadze
NO: norway norweg* norveg* oslo
NZ: new_zealand* nouvelle_zelande neo_zeland* nowozeland* wellington
PL: poland polish pole poles pologne polonais* polska polski* polsce polske polacy polak* polka warsaw varsovi* warszaw*
PT: portug* lisbon* lisbonne lizbon*
RO: romani* roumain* roumanie rumun* bucharest bucarest bukaresz*
RS: serbi* serbe serbes serbow serbowie belgrade belgrad*
RU: russia russian* russie russe russes rosj* rosyj* moscow moscou moskw* kremlin* kreml*
SE: swed* sued* szwed* szwec* stockholm* sztokholm*
SI: sloveni* slovene* slowen* ljubljan* lublan*
SK: slovak* slovaqu* slowac* slowak* bratislav* bratyslaw*
TR: turkey turkish turk turks turkiye turqu* turc turcs turcj* tureck* turkow turkowie ankara ankarze ankary
UA: ukrain* kyiv* kiev kijow*
US: america american* united_states us usa etats_unis americain* amerykan* stan*_zjednocz* ameryka ameryki ameryce washington* waszyngton*
XK: kosov* kosow* pristina prisztin*
"""


@lru_cache(maxsize=1)
def place_table() -> dict[str, frozenset[str]]:
    """Country code → its words, as in the table."""
    lines = (line.split(": ") for line in _WORDS.strip().splitlines())
    return {code: frozenset(words.split()) for code, words in lines}


@lru_cache(maxsize=512)
def names_of(country: str) -> frozenset[str]:
    """What Babel calls a country in all three languages, as `_`-joined words."""
    return frozenset(
        "_".join(words)
        for language in LANGUAGES
        if (words := plain_words(_territories(language).get(country, "")))
    )


def words_of(country: str) -> frozenset[str]:
    """The table's words of a country: none for one that is not in it."""
    return place_table().get(country, frozenset())


@lru_cache(maxsize=1)
def demonym_words() -> frozenset[str]:
    """The words of all countries in the table, for phrases such as "as the Estonian …"."""
    return frozenset(word for words in place_table().values() for word in words)


@lru_cache(maxsize=8)
def _territories(language: str) -> dict[str, str]:
    try:
        return dict(Locale(language).territories)
    except UnknownLocaleError:
        return {}
