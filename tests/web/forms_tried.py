"""Every form of the product: who sends it where, and with which values."""

from dataclasses import dataclass, field

from tests.web import coding_rows, gathering_rows, report_rows
from tests.web.rights_rows import RIGHTS_FORMS
from tests.web.setup_pages import SETUP_FORMS


@dataclass(frozen=True)
class Filled:
    """A form of the product: who sends it where, with which good values, and which of them are typed text."""

    role: str
    rule: str
    good: dict[str, str]
    typed: tuple[str, ...] = ()
    names: tuple[str, ...] = field(default=())
    """Fields beyond those in `good`."""

    @property
    def fields(self) -> tuple[str, ...]:
        return (*self.good, *self.names)


USE = "quote_unattributed"
FILTERS = ("state", "meeting", "after", "search", "language")
PERSON = {"name": "Ada", "email": "no address", "country": "", "role": "Analyst", "language": "en"}
FORMS = (
    Filled("anonymous", "/sign-in", {"email": "a@example.org", "password": "wrong one"}, ("email",)),
    Filled("director_in", "/sign-out", {}),
    Filled("anonymous", "/i/<secret>", {}),
    Filled("anonymous", "/join", {"code": "ABCDEFGHJ"}, ("code",), ("text_1", "use_1", "ticket")),
    Filled("anonymous", "/receipt", {"code": "A" * 26}, ("code",)),
    Filled(
        "participant",
        "/respond/",
        {"text_1": "Talk.", "use_1": USE, "text_2": "Drift.", "use_2": USE, "ticket": "none"},
        ("text_1", "text_2"),
    ),
    Filled("participant", "/respond/decline", {}),
    Filled(
        "director_in",
        "/desk/<slug>/queue/<answer_id>/decide",
        {"read": "0" * 64, "read_number": "0", "act": "reject", "reason": "", "note": "A note."},
        ("note",),
        ("state", "meeting", "after", "spans", "words", "start", "end", "kind", "drop"),
    ),
    *(Filled(*form) for form in coding_rows.FORMS),
    *(Filled(*form) for form in report_rows.FORMS),
    Filled(
        "director_in",
        "/desk/<slug>/figures/tables",
        {"rows": "sector", "columns": "theme", "meeting": "nowhere"},
    ),
    Filled(
        "director_in",
        "/desk/<slug>/figures/words",
        {"from_some": "9", "from_many": "5", "from_most": "x", "from_nearly_all": "90"},
    ),
    Filled("director_in", "/desk/<slug>/figures/draft", {"text": "Most spoke."}, ("text",)),
    Filled("anonymous", "/preview/<sign_off>", {"text_1": "Try.", "use_1": ""}, ("text_1",), ("act", "view")),
    Filled("anonymous", "/stop/<token>", {}, names=("List-Unsubscribe",)),
    Filled("anonymous", "/digests/<digest_token>", {"digests": "maybe"}, names=("List-Unsubscribe",)),
    Filled("director_in", "/desk/digests", {"digests": "maybe"}),
    Filled("anonymous", "/exchange", {"code": "ABCDEFGHJ"}, ("code",), ("fresh",)),
    *(Filled("anonymous", f"/receipt/{act}", {"code": "A" * 26}, ("code",)) for act in ("form", "answer")),
    *(
        Filled("anonymous", f"/receipt/{act}", {"code": "A" * 26}, (), ("text_1", "use_1", "seen"))
        for act in ("change", "sure", "withdraw")
    ),
    Filled("participant", "/respond/change", {"text_1": "Talk.", "use_1": USE, "seen": "", "ticket": ""}),
    Filled("participant", "/respond/withdraw", {"seen": ""}),
    Filled("participant", "/respond/held", {}),
    Filled("anonymous", "/receipt/file", {"code": "A" * 26}, ("code",)),
    Filled("director_in", "/desk/<slug>/queue/<answer_id>/notes", {"said": "A note."}),
    Filled("director_in", "/desk/<slug>/queue/<answer_id>/presence", {}, names=("state", "meeting", "after")),
    Filled("director_in", "/desk/<slug>/queue/selection", {"answers": ""}, (), ("everything", *FILTERS)),
    Filled(
        "director_in",
        "/desk/<slug>/queue/selection/decide",
        {"read": "", "act": "reject", "reason": "", "note": "A note."},
        (),
        FILTERS,
    ),
    Filled("director_in", "/desk/<slug>/queue/views", {"view_name": ""}, (), FILTERS),
    Filled("director_in", "/desk/<slug>/queue/views/<view_id>/remove", {}, (), ("back", *FILTERS)),
    Filled("director_in", "/desk/keys", {"keys": "maybe"}, (), ("back",)),
    Filled("director_in", "/desk/<slug>/log/download", {"person": "", "verdict": "", "names": ""}),
    *(Filled("director_in", *form) for form in SETUP_FORMS),
    Filled("director_in", "/desk/<slug>/people/export", {"format": "csv"}),
    *(
        Filled(
            "director_in", f"/desk/<slug>/people/{where}", {**PERSON, "country": "Narnia"}, ("name", "role")
        )
        for where in ("new", "<person_id>")
    ),
    Filled(
        "director_in",
        "/desk/<slug>/people/<person_id>/invitation",
        {"act": "", "invitation": "", "meeting": ""},
    ),
    Filled("director_in", "/desk/<slug>/people/<person_id>/remove", {}),
    Filled("anonymous", "/joined", {}),
    Filled("anonymous", "/kiosk", {"code": "ABCDEFGHJ"}, ("code",)),
    Filled("anonymous", "/kiosk/next", {}),
    Filled("anonymous", "/kiosk/end", {}),
    *(Filled(*one) for one in RIGHTS_FORMS),
    *(Filled(*one) for one in gathering_rows.GATHERING_FORMS),
    Filled("director_in", "/desk/<slug>/reminders", {"hours": "no"}, (), ("forget",)),
    Filled("director_in", "/desk/<slug>/announce", {"shown": ""}),
    Filled("director_in", "/desk/<slug>/join/<meeting>", {"act": "none"}),
    Filled("director_in", "/desk/<slug>/join/<meeting>/poster", {"language": "en", "paper": "a4"}),
    Filled("director_in", "/desk/<slug>/people/import", {"file": "no file", "encoding": ""}),
    Filled("director_in", "/desk/<slug>/people/import/<upload>", {"shown": "x"}),
    Filled("director_in", "/desk/<slug>/people/import/<upload>/problems", {}),
    Filled("director_in", "/desk/<slug>/invitations/test", {"language": "xx"}),
    Filled("director_in", "/desk/<slug>/invitations/again", {}),
    Filled(
        "director_in",
        "/desk/<slug>/invitations/words/<kind>/<language>",
        {"subject": "Come", "body": "No link here.", "act": "save"},
        ("subject", "body"),
    ),
    Filled(
        "director_in",
        "/desk/<slug>/invitations/words/<kind>/<language>/html",
        {"subject": "Come", "body": "No link here."},
        ("subject", "body"),
    ),
    Filled("director_in", "/desk/<slug>/invitations/<meeting>/send", {"shown": "x"}),
    Filled("director_in", "/desk/<slug>/invitations/<meeting>/remind", {"shown": "x"}),
    Filled("director_in", "/desk/<slug>/roles/<membership>/remove", {}),
    Filled("director_in", "/desk/<slug>/invitations/<meeting>/back", {"shown": "x"}),
    Filled("director_in", "/desk/<slug>/invitations/<meeting>/letters", {"after": ""}),
    Filled(
        "director_in",
        "/desk/<slug>/team",
        {"name": "A colleague", "email": "no address", "role": "observer", "meeting": "", "language": "en"},
        ("name", "email"),
    ),
    Filled(
        "director_in",
        "/desk/<slug>/times",
        {"opens": "soon", "closes": "late", "act": "save"},
        ("opens", "closes"),
    ),
    Filled("anonymous", "/first-password/<password_token>", {"password": "short", "again": "other"}),
    Filled("director_in", "/desk/<slug>/report/freeze", {}),
    Filled("director_in", "/desk/<slug>/report/editions/<int:number>/publish", {}),
    Filled("director_in", "/desk/<slug>/report/editions/<int:number>/file", {"format": "html"}),
    Filled("director_in", "/desk/<slug>/exports", {"format": "csv", "profile": "desk", "meeting": ""}),
)
