"""The bare limit: a Flask application with a session, a CSRF token and the same inserts, and nothing else.

It keeps what ours keeps (a response, an answer, a revision, a sealed link, the invitation's mark, the search index by
trigger) in the same tables with the same durability, straight through the driver.
"""

import os
import secrets
from typing import Any

from flask import Flask, redirect, render_template_string, request, session
from flask_wtf.csrf import CSRFProtect
from werkzeug.wrappers.response import Response

from consult.core.database import Database
from consult.core.identifiers import digest, new_id, new_shuffle_key

FORM = """<!doctype html><html lang="en"><title>Bare</title><h1>What single outcome?</h1>
<form method="post"><input type="hidden" name="csrf_token" value="{{ csrf_token() }}">
<input type="hidden" name="key" value="{{ key }}"><textarea name="text"></textarea>
<input type="radio" name="use" value="quote_unattributed"><button>Submit</button></form></html>"""


def create() -> Flask:
    """The application on BENCH_DATABASE_URL, for the meeting and the person in the environment."""
    app = Flask(__name__)
    app.secret_key = "bare-limit-secret-key-0123456789abcdef"  # noqa: S105
    CSRFProtect(app)
    database = Database(os.environ["BENCH_DATABASE_URL"])
    with database.reading() as reading:
        facts = reading.connection().exec_driver_sql(
            "SELECT m.id, m.consultation_id, a.question_id, a.wording_id, g.id, g.ceiling FROM meeting m "
            "JOIN asking a ON a.meeting_id = m.id JOIN ground_rules g ON g.consultation_id = m.consultation_id "
            "ORDER BY m.position LIMIT 1"
        )
        meeting, consultation, question, wording, rules, ceiling = facts.one()
    mark = "?" if database.is_sqlite else "%s"

    def insert(connection: Any, table: str, **values: object) -> None:
        places = ", ".join([mark] * len(values))
        connection.exec_driver_sql(
            f"INSERT INTO {table} ({', '.join(values)}) VALUES ({places})", tuple(values.values())
        )

    @app.get("/form/<person>")
    def form(person: str) -> str:
        session["person"] = person
        return render_template_string(FORM, key=secrets.token_hex(16))

    @app.post("/form/<person>")
    def submit(person: str) -> Response:
        response, answer, text = new_id(), new_id(), request.form["text"]
        with database.writer.connect() as connection:
            insert(
                connection, "response", id=response, consultation_id=consultation, meeting_id=meeting,
                mode="confidential", source="link", ground_rules_id=rules, late=False,
                submission_hash=digest(request.form["key"]), receipt_hash=digest(request.form["key"] + "r"),
            )  # fmt: skip
            insert(
                connection, "answer", id=answer, response_id=response, consultation_id=consultation,
                meeting_id=meeting, question_id=question, state="waiting", shuffle_key=new_shuffle_key(),
            )  # fmt: skip
            insert(
                connection, "revision", id=new_id(), answer_id=answer, number=1, current=True, wording_id=wording,
                text=text, language="en", attribution=2, ground_rules_id=rules, ceiling=ceiling,
                hash=digest(text), folded=text.casefold(), search_key=new_shuffle_key(),
            )  # fmt: skip
            insert(connection, "response_link", handle=secrets.token_hex(32), sealed=secrets.token_bytes(54))
            connection.exec_driver_sql(
                f"UPDATE invitation SET answered = {'1' if database.is_sqlite else 'true'} "
                f"WHERE secret_hash = {mark}",
                (digest(person),),
            )
            connection.commit()
        session["receipt"] = response
        return redirect("/receipt", 303)

    @app.get("/receipt")
    def receipt() -> str:
        with database.reader.connect() as connection:
            found = connection.exec_driver_sql(
                f"SELECT id FROM response WHERE id = {mark}", (session["receipt"],)
            ).one()
        return f"<!doctype html><title>Receipt</title><h1>We have it</h1><p>{found[0]}"

    return app
