"""Every route says who may use it, and every route that shows refuses to write."""

from consult.web.transactions import SHOWING, TransactionalFlask

WITHOUT_GUARD = {"static"}


def test_every_route_states_its_permission(app: TransactionalFlask) -> None:
    silent = [
        str(rule)
        for rule in app.url_map.iter_rules()
        if rule.endpoint not in WITHOUT_GUARD and not hasattr(app.view_functions[rule.endpoint], "requires")
    ]
    assert silent == []


def test_no_route_both_shows_and_acts(app: TransactionalFlask) -> None:
    """GET and POST have a view each, so that a page cannot write by the way."""
    mixed = [
        str(rule)
        for rule in app.url_map.iter_rules()
        if rule.methods and rule.methods & SHOWING - {"OPTIONS"} and rule.methods - SHOWING
    ]
    assert mixed == []


def test_strict_headers_are_on_every_answer(app: TransactionalFlask) -> None:
    client = app.test_client()
    for path in ("/healthz", "/sign-in", "/no-such-page"):
        headers = client.get(path).headers
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "no-store" in headers["Cache-Control"]
