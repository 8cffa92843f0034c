"""The set-up pages: who gets in, and good values for their forms, for the tests that ask every page."""

SETUP_PAGES = (
    ("GET", "/desk/<slug>/setup", 200),
    ("POST", "/desk/<slug>/setup/definition", 422),
    ("GET", "/desk/<slug>/setup/about", 200),
    ("POST", "/desk/<slug>/setup/about", 422),
    ("GET", "/desk/<slug>/setup/meetings", 200),
    ("POST", "/desk/<slug>/setup/meetings/order", 422),
    ("GET", "/desk/<slug>/setup/meetings/new", 200),
    ("POST", "/desk/<slug>/setup/meetings/new", 422),
    ("GET", "/desk/<slug>/setup/meetings/<meeting>", 200),
    ("POST", "/desk/<slug>/setup/meetings/<meeting>", 422),
    ("POST", "/desk/<slug>/setup/meetings/<meeting>/sessions", 422),
    ("POST", "/desk/<slug>/setup/meetings/<meeting>/links", 422),
    ("POST", "/desk/<slug>/setup/meetings/<meeting>/links/<link>/remove", 422),
    ("POST", "/desk/<slug>/setup/meetings/<meeting>/remove", 422),
    ("GET", "/desk/<slug>/setup/questions", 200),
    ("POST", "/desk/<slug>/setup/questions/order", 422),
    ("GET", "/desk/<slug>/setup/questions/new", 200),
    ("POST", "/desk/<slug>/setup/questions/new", 422),
    ("GET", "/desk/<slug>/setup/questions/<question>", 200),
    ("POST", "/desk/<slug>/setup/questions/<question>", 422),
    ("POST", "/desk/<slug>/setup/questions/<question>/words", 422),
    ("POST", "/desk/<slug>/setup/questions/<question>/shown", 422),
    ("POST", "/desk/<slug>/setup/questions/<question>/asked", 422),
    ("POST", "/desk/<slug>/setup/questions/<question>/remove", 422),
    ("GET", "/desk/<slug>/setup/rules", 200),
    ("POST", "/desk/<slug>/setup/rules", 422),
    ("POST", "/desk/<slug>/setup/groups", 422),
    ("GET", "/desk/<slug>/setup/moderation", 200),
    ("POST", "/desk/<slug>/setup/moderation", 422),
    ("GET", "/desk/<slug>/setup/preview/<meeting>", 200),
    ("POST", "/desk/<slug>/setup/preview/<meeting>", 422),
    ("GET", "/desk/<slug>/setup/pilot", 200),
    ("POST", "/desk/<slug>/setup/pilot/delete", 422),
    ("GET", "/desk/<slug>/setup/sign-off", 200),
    ("POST", "/desk/<slug>/setup/sign-off", 422),
    ("POST", "/desk/<slug>/setup/sign-off/<link>/revoke", 422),
)
"""Method, address, and what directors and administrators are answered."""

Form = tuple[str, dict[str, str], tuple[str, ...], tuple[str, ...]]


def _form(rule: str, good: dict[str, str], typed: tuple[str, ...] = (), names: tuple[str, ...] = ()) -> Form:
    return rule, good, typed, names


SETUP_FORMS: tuple[Form, ...] = (
    _form(
        "/desk/new",
        {"title": "Next", "slug": "No Slug", "earlier": "", "language": "en"},
        ("title",),
    ),
    _form("/desk/new/file", {"definition": "no file"}),
    _form("/desk/<slug>/setup/definition", {}),
    _form(
        "/desk/<slug>/setup/about",
        {"title": "T", "convenor": "C", "objectives": "One.", "languages": "xx"},
        ("title", "convenor", "objectives"),
    ),
    _form(
        "/desk/<slug>/setup/moderation",
        {"second_approval": "y", "not_for_use": "", "off_topic": "Not about the summit", "other": "Else"},
        ("off_topic", "other"),
        ("identifies_speaker", "identifies_other", "sensitive", "allegation", "no_answer", "duplicate"),
    ),
    *(
        _form(
            f"/desk/<slug>/setup/meetings/{which}",
            {"title": "A meeting", "starts": "2016-13", "time_zone": "Nowhere", "outcomes": "Done."},
            ("title", "starts", "outcomes"),
            ("ends", "slug", "objectives"),
        )
        for which in ("new", "<meeting>")
    ),
    _form(
        "/desk/<slug>/setup/meetings/<meeting>/sessions",
        {"sessions": "| nobody"},
        ("sessions",),
    ),
    _form(
        "/desk/<slug>/setup/meetings/<meeting>/links",
        {"kind": "report", "link_title": "Report", "state": "address", "url": "no address"},
        ("link_title", "url"),
        ("link", "document"),
    ),
    *(
        _form(f"/desk/<slug>/setup/{which}", {"act": ""})
        for which in (
            "meetings/<meeting>/links/<link>/remove",
            "meetings/<meeting>/remove",
            "meetings/order",
            "questions/order",
            "questions/<question>/remove",
            "pilot/delete",
            "sign-off/<link>/revoke",
        )
    ),
    _form(
        "/desk/<slug>/setup/questions/new",
        {"prompt_en": "Which?", "code": "Not A Code", "kind": "open_text"},
        ("prompt_en",),
        ("help_en", "prompt_fr"),
    ),
    _form(
        "/desk/<slug>/setup/questions/<question>",
        {"kind": "open_text", "max_length": "many", "page": "0"},
        (),
        ("set_options_en", "set_points", "required"),
    ),
    _form(
        "/desk/<slug>/setup/questions/<question>/words",
        {"prompt_en": "Which?"},
        (),
        ("help_fr",),
    ),
    _form(
        "/desk/<slug>/setup/questions/<question>/shown",
        {"source": "single-outcome", "way": "is"},
        (),
        ("picked", "named"),
    ),
    _form("/desk/<slug>/setup/questions/<question>/asked", {"wording_0": "9", "session_0": "x"}),
    _form(
        "/desk/<slug>/setup/rules",
        {
            "mode": "attributed",
            "ceiling": "named",
            "speaker": "open",
            "affiliation": "closed",
            "attendance": "closed",
            "timing": "none",
            "smallest_group": "1",
            "grace_minutes": "15",
            "promise_en": "We keep our word.",
        },
        ("promise_en",),
        ("breakdown", "people_kept_months", "rules_text_en", "rewrite"),
    ),
    _form("/desk/<slug>/setup/groups", {"groups": "Nowhere: XX"}, ("groups",)),
    _form(
        "/desk/<slug>/setup/preview/<meeting>",
        {"text_1": "Try.", "use_1": ""},
        ("text_1",),
        ("choice_1", "act"),
    ),
    _form("/desk/<slug>/setup/sign-off", {"made_for": "Somebody", "days": "0"}, ("made_for",)),
)
"""Address, good values, which of them are typed text, and further names."""
