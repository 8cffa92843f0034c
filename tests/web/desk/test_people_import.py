"""A roster from a file: looked at first, all or nothing, and hostile files are answered with a sentence."""

import io
import struct
import zipfile
import zlib

import pytest
import xlsxwriter
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from consult.core.storage import StoredFile
from consult.participants.models import Invitation, Participant
from tests.factories import World
from tests.pages import Page, PageClient

GOOD = "Imię i nazwisko;E-mail;Kraj\nŁukasz Żak;lukasz@example.org;Polska\nعمر;omar@example.org;Égypte\n"


@pytest.fixture
def director(client: PageClient, world: World) -> PageClient:
    return client.sign_in(world.director)


def upload(
    director: PageClient, world: World, content: bytes, name: str = "roster.csv", encoding: str = ""
) -> Page:
    page = director.page(f"/desk/{world.slug}/people/import")
    form = page.form("people/import")
    data = {
        "csrf_token": form.values["csrf_token"][0],
        "encoding": encoding,
        "file": (io.BytesIO(content), name),
    }
    return Page(
        director.post(form.action, data=data, content_type="multipart/form-data", follow_redirects=True)
    )


def take(director: PageClient, page: Page) -> Page:
    form = next(form for form in page.forms if "shown" in form.values)
    values = {name: value[0] for name, value in form.values.items()}
    return Page(director.post(form.action, data=values, follow_redirects=True))


def sheet(rows: list[list[str]], *, hidden: bool = False) -> bytes:
    made = io.BytesIO()
    with xlsxwriter.Workbook(made, {"strings_to_formulas": False}) as book:
        page = book.add_worksheet()
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                page.write_string(number, place, cell)
        if hidden:
            page.set_row(1, None, None, {"hidden": True})
            page.merge_range(3, 0, 3, 1, "")
    return made.getvalue()


def test_a_file_is_looked_at_then_taken_in_and_taken_in_again(
    session: Session, world: World, director: PageClient
) -> None:
    page = upload(director, world, GOOD.encode())
    assert "2 new on the roster" in page.text
    assert session.scalar(select(func.count()).select_from(Participant)) == 2
    session.commit()
    done = take(director, page)
    assert "The file was taken in" in done.text
    people = {p.email: p for p in session.scalars(select(Participant))}
    assert (people["lukasz@example.org"].country, people["omar@example.org"].country) == ("PL", "EG")
    assert people["omar@example.org"].name == "عمر"
    assert session.scalar(select(func.count()).select_from(StoredFile)) == 0
    session.commit()
    again = upload(
        director, world, GOOD.replace("Łukasz", "Lucjan").encode("cp1250", "replace"), encoding="cp1250"
    )
    assert "1 brought up to date" in again.text or "2 brought up to date" in again.text
    assert "Lucjan" in again.text


def test_people_are_invited_where_it_was_chosen(session: Session, world: World, director: PageClient) -> None:
    page = upload(director, world, GOOD.encode())
    form = next(form for form in page.forms if form.method == "get" and "email" in form.values)
    chosen = {name: value[0] for name, value in form.values.items()} | {"meeting": "may"}
    shown = Page(director.get(form.action, query_string=chosen))
    assert "2 newly invited" in shown.text
    take(director, shown)
    there = session.scalar(
        select(func.count()).select_from(Invitation).where(Invitation.meeting_id == world.may.id)
    )
    assert there == 3


def test_faults_are_named_by_line_and_nothing_is_taken(
    session: Session, world: World, director: PageClient
) -> None:
    rows = ["name,email,country", "A,a@example.org,Atlantis", "B,b@example.org,PL", "C,b@EXAMPLE.org,FR"]
    rows += [f"=cmd|{n},no address {n}," for n in range(30)] + ["<script>alert(1)</script>,also none,"]
    page = upload(director, world, "\n".join(rows).encode())
    assert "33 rows need mending" in page.text
    assert "“Atlantis” is not a country" in page.text
    assert "stands in line 3 already" in page.text
    assert "The first 20 of 33 are shown" in page.text
    assert not [form for form in page.forms if "shown" in form.values]
    form = page.form("problems")
    response = director.post(form.action, data={"csrf_token": form.values["csrf_token"][0]})
    assert response.status_code == 200
    lines = response.data.decode("utf-8-sig").splitlines()
    assert len(lines) == 34
    assert not [line for line in lines if line.split(",")[2].startswith(("=", "+", "@"))]
    assert session.scalar(select(func.count()).select_from(Participant)) == 2


def test_what_was_not_shown_is_not_done(session: Session, world: World, director: PageClient) -> None:
    page = upload(director, world, GOOD.encode())
    session.add(Participant(consultation_id=world.consultation.id, name="X", email="lukasz@example.org"))
    session.commit()
    answered = take(director, page)
    assert answered.status == 409
    assert "The roster has changed since" in answered.text
    assert "1 brought up to date" in answered.text


def test_another_consultations_upload_and_a_wrong_column_are_told(
    world: World, director: PageClient, client: PageClient
) -> None:
    page = upload(director, world, b"a,b\nSomebody,s@example.org\n")
    assert "Choose the column that holds this" in page.text
    stranger = client.sign_in(world.outsider)
    address = page.response.request.path.replace(world.slug, world.elsewhere.slug)
    assert stranger.get(address).status_code == 404


def picture() -> bytes:
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + bytes(100)


def bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", "<workbook/>")
        packed.writestr("xl/worksheets/sheet1.xml", b" " * 60_000_000)
    return made.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    made = io.BytesIO(sheet([["name", "email"], ["A", "a@example.org"]]))
    with zipfile.ZipFile(made, "a") as packed:
        packed.writestr(name, content)
    return made.getvalue()


HOSTILE = {
    "a picture renamed": (picture(), "roster.xlsx", "is a picture"),
    "nothing": (b"", "roster.csv", "is empty"),
    "a zip bomb": (bomb(), "roster.xlsx", "unpacks to far more"),
    "a torn workbook": (sheet([["name"]])[:-40], "roster.xlsx", "damaged"),
    "a cell of 10 MB": (b"name,email\n" + b"a" * 10_000_000 + b",a@example.org\n", "r.csv", "line 2"),
    "a NUL": (b"name,email\nA\x00B,a@example.org\nC,c@example.org\nD,d@example.org\n", "r.csv", "NUL"),
    "half a surrogate": (b"name,email\nA\xed\xa0\x80,a@example.org\n", "r.csv", "surrogate"),
    "an old workbook": (b"\xd0\xcf\x11\xe0" + bytes(600), "roster.xlsx", "old or password-protected"),
    "an open quotation mark": (b'name,email\n"A,a@example.org\n', "r.csv", "never closed"),
    "letters of Windows": ("name,email\nŁucja Bąk,a@example.org".encode("cp1250"), "r.csv", "not UTF-8 text"),
    "compressed": (zlib.compress(b"name,email\n" * 100), "r.csv", "text"),
    "a document type": (
        with_part("xl/worksheets/evil.xml", b"<!DOCTYPE a><a/>"),
        "r.xlsx",
        "damaged",
    ),
}


@pytest.mark.parametrize("case", list(HOSTILE))
def test_a_hostile_file_is_answered_with_a_sentence(
    session: Session, world: World, director: PageClient, case: str
) -> None:
    content, name, sentence = HOSTILE[case]
    page = upload(director, world, content, name)
    assert page.status in {200, 422}
    assert sentence in page.text
    assert session.scalar(select(func.count()).select_from(Participant)) == 2


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (with_part("xl/vbaProject.bin", b"macro" * 100), "roster.xlsm"),
        (with_part("../../etc/passwd", b"x"), "../../roster.xlsx"),
        (
            sheet([["name", "email"], ["A", "a@example.org"], ["B", "b@example.org"], ["", ""]], hidden=True),
            "h.xlsx",
        ),
        (GOOD.encode("utf-16"), "roster.txt"),
        (b"\xef\xbb\xbf" + GOOD.encode(), "C:\\roster.csv"),
        (b'name,email\n"=HYPERLINK(""x"")",a@example.org\n', "<script>.csv"),
    ],
)
def test_what_is_odd_but_holds_people_is_read_and_inert(
    world: World, director: PageClient, content: bytes, name: str
) -> None:
    page = upload(director, world, content, name)
    assert page.status == 200
    assert "new on the roster" in page.text
    assert "<script>.csv" not in page.html
    assert "take in" in page.text.lower()


def test_a_file_over_the_limit_is_refused_before_it_is_read(world: World, director: PageClient) -> None:
    page = upload(director, world, b"a" * (20 * 1024 * 1024 + 1))
    assert page.status == 422
    assert "larger than 20 MB" in page.text


def test_letters_of_every_saving_arrive_as_they_were_written(world: World, director: PageClient) -> None:
    """What Excel, LibreOffice and an old mail program make of the same names; an encoding is named where it must be."""
    names = ["Łucja Bąk-Żółć", "Élise Œuvray", "Анна Кузнецова", "الدكتورة ليلى الأحمد", "Siân 🕊️"]
    rows = [["name", "email"], *([name, f"p{number}@example.org"] for number, name in enumerate(names))]
    text = "\r\n".join(";".join(row) for row in rows) + "\r\n"
    merged = io.BytesIO()
    with xlsxwriter.Workbook(merged) as book:
        page = book.add_worksheet()
        for line, row in enumerate(rows):
            page.write_row(line, 0, row)
        page.merge_range(len(rows), 0, len(rows) + 1, 0, "Merged One")
        page.write_column(len(rows), 1, ["merged@example.org", "second@example.org"])
        page.set_row(2, None, None, {"hidden": True})
    saved = [
        (text.encode(), "r.csv", "", names),
        (text.encode("utf-8-sig"), "r.csv", "", names),
        (text.encode("utf-16"), "r.txt", "", names),
        (sheet(rows), "r.xlsx", "", names),
        (
            f"{rows[0][0]};{rows[0][1]}\n{names[0]};a@example.org\n".encode("cp1250"),
            "r.csv",
            "cp1250",
            names[:1],
        ),
        (f"name;email\n{names[0]};a@example.org\n".encode("iso8859_2"), "r.csv", "iso8859_2", names[:1]),
        (f"name;email\n{names[1]};a@example.org\n".encode("cp1252"), "r.csv", "cp1252", names[1:2]),
    ]
    for content, name, encoding, shown in saved:
        page_of_upload = upload(director, world, content, name, encoding)
        assert [one for one in shown if one not in page_of_upload.text] == [], (name, encoding)
    half = upload(director, world, merged.getvalue(), "merged.xlsx")
    assert "1 row needs mending" in half.text, "the second of two merged cells is empty"
    assert names[1] in half.text
