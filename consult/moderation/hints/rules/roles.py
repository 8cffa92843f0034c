"""Roles, titles and kinds of organisation in English, French and Polish, folded; `*` as in places."""

ROLE_GROUPS: dict[str, str] = {
    "official": "official officials civil_servant civil_servants functionary fonctionnaire* urzedni*",
    "diplomat": "diplomat diplomats ambassador ambassadors diplomate* ambassad* dyplomat* ambasador* attache attaches "
    "envoy consul charge_d'affaires permanent_representative representant_permanent",
    "officer": "officer officers soldier soldiers general generals colonel colonels major admiral admirals brigadier "
    "commander commanders officier* soldat* militaire* colonels amiral* commandant* oficer* zolnier* pulkowni* dowod* "
    "veteran veterans weteran* chief_of_staff chef_d'etat_major",
    "researcher": "researcher researchers analyst analysts scholar think_tanker chercheu* analyste* badacz* analityk* ekspert*",
    "academic": "academic academics professor professors lecturer professeur* universitaire* enseignant* profesor* wykladowc* "
    "student students etudiant* doctorant*",
    "parliamentarian": "parliamentarian parliamentarians mp mps member_of_parliament member_of_congress senator senators "
    "depute deputes deputee* senateu* parlementaire* posel posla poslank* poslow parlamentarzy* senatork*",
    "journalist": "journalist journalists reporter editor correspondent journaliste* redacteu* dziennikar* redaktor* korespondent*",
    "industry": "executive industrialist lobbyist businessman businesswoman industriel* entrepreneu* przemyslow* przedsiebior*",
    "minister": "minister ministers ministre* ministr* deputy_minister state_secretary secretary_of_state secretaire_d'etat "
    "undersecretary sekretarz_stanu wiceminist*",
    "head": "director directors head_of deputy_head chief adviser advisor advisers negotiator desk_officer delegate delegates "
    "representative planner spokesperson chef_d* directeu* directric* conseille* negociat* delegue* porte_parole dyrektor* naczelni* "
    "kierowni* doradc* negocjator* delegat* przedstawiciel* rzeczni* szef szefa szefow*",
    "own kind": "citizen citizens national native immigrant refugee resident mother father parent teacher nurse doctor "
    "lawyer engineer farmer scientist physician worker member employee citoyen* ressortissant* habitant* obywatel* mieszkan* nauczyciel* lekar* prawni*",
}
"""A family of roles → its words. The first word of a roster's label that stands here gives the family."""

TITLES = (
    "ambassador ambassadrice ambassadeur ambasador general gen colonel col lieutenant lt captain capt commodore admiral adm amiral "
    "brigadier brig major maj sergeant sgt commander cdr marshal professor prof professeur profesor doctor dr minister "
    "ministre minister senator senateur sen congressman congresswoman rep depute deputee posel poslanka secretary "
    "director directeur directrice dyrektor mr mrs ms miss sir lord lady dame baroness baron mme mlle madame monsieur pan pani pana panem panu "
    "panstwo plk pulkownik pulkownika gen generala kpt mjr por dr hab inz mgr ambasadora ministra profesora ambasadorem "
    "dyrektora redaktor commissioner judge sheriff officer deputy"
).split()
"""Before a capitalised word they make it a person's name."""

NO_SURNAMES = frozenset(
    "of for and the assembly staff secretariat council general affairs defence defense plan state states security office "
    "department committee service treasury elections election in at on to de des du la le les i w z na do".split()
)
"""Capitalised after a title they are no surname: "General Assembly"."""

ORGANISATIONS = (
    "ministry ministries embassy mission delegation department directorate unit division institute university faculty "
    "headquarters regiment brigade battalion squadron command agency foundation company firm newspaper magazine broadcaster "
    "committee caucus parliament office think_tank centre academy college school party constituency district employer "
    "boss minister ambassador commander director supervisor capital ministers colleagues staff team workplace hometown "
    "home_town town city state village neighborhood neighbourhood county church union military army navy armed_forces"
)
"""What "my" or "our" before it gives away, in English."""

GENERIC = frozenset(
    "ministry ministries foreign affairs defence defense of the and for in at on to a an head heads government governments government's "
    "office offices s embassy permanent delegation representation mission armed forces force staff college school academy "
    "international national allied headquarters european external action service services research institute institutes policy policies "
    "foundation university department departments studies study parliament parliamentary assembly company industry "
    "association newspaper broadcaster agency centre center council committee commission group union organisation "
    "organization think tank security strategic strategy public private state federal central general command army navy "
    "air military peace relations cooperation development economic economics political politics science sciences world global "
    "nato eu un osce participant participants person guest speaker delegate member unit team directorate division bank house senate "
    "ministere affaires etrangeres defense ambassade institut universite fondation de des du la le les et pour ecole "
    "ministerstwo spraw zagranicznych obrony narodowej ambasada instytut uniwersytet fundacja i w na do przedstawicielstwo "
    "europe transatlantic atlantic east west north south eastern western northern southern royal republic kingdom new open free young women".split()
)
"""Words that tell one organisation from another only in company."""

ORDINARY = frozenset(
    "young king black white brown green long short rice stone wood woods hill bush price may march will mark grant frank rose hope "
    "petit grand blanc leroy roi fort bell bird bishop booth bond cash chance church cook cross day dean early faith field fish fox gay "
    "good hall hand hunt joy just law lord love major marsh mason miller moon moss noble page park parker pope power rich "
    "rush sharp small snow steel swift wall ward waters west east north south wise wolf cruz art bill bob chase drew earnest "
    "gene guy jack june april august grace jean max miles nick pat ray rob sandy skip sue summer art peace land lands strong best worth "
    "union case banks bridges english french german read reed holder sale sales speaker state trust work worker gold silver".split()
)
"""Names that are words: alone they count only with a capital inside a sentence."""
