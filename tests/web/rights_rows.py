"""Routes for what participants have a right to, and for break-glass: directors alone. (method, address, answered)"""

LINK = "/desk/<slug>/links/<answer_id>"
RIGHTS_PAGES: tuple[tuple[str, str, int], ...] = (
    ("GET", "/desk/<slug>/links", 200),
    ("GET", LINK, 200),
    ("POST", LINK, 422),
    ("POST", "/desk/<slug>/links/opening/<opening_id>/agree", 404),
    ("POST", "/desk/<slug>/links/opening/<opening_id>/read", 404),
    ("GET", "/desk/<slug>/requests", 200),
    ("POST", "/desk/<slug>/requests/withdraw", 422),
    ("POST", "/desk/<slug>/requests/held", 422),
)
RIGHTS_FORMS = (
    ("director_in", LINK, {"reason": ""}, ("reason",)),
    ("director_in", "/desk/<slug>/links/opening/<opening_id>/agree", {"reason": "Why."}),
    ("director_in", "/desk/<slug>/links/opening/<opening_id>/read", {}),
    ("director_in", "/desk/<slug>/requests/withdraw", {"code": "A" * 26, "asked": "y"}, ("code",)),
    (
        "director_in",
        "/desk/<slug>/requests/held",
        {"email": "x@example.org", "codes": "A"},
        ("email", "codes"),
    ),
)
"""As Filled: who sends it where, and with which values."""
