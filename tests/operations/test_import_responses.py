"""Answers gathered elsewhere: once each, waiting, and without who or when."""

from pathlib import Path

import pytest
from sqlalchemy import func, inspect, select, text
from sqlalchemy.orm import Session

from consult.consultations.enums import Attribution
from consult.consultations.models import Consultation
from consult.core.errors import Invalid
from consult.core.tabular import read_file, read_table
from consult.meetings.models import Meeting
from consult.meetings.queries import meetings_of
from consult.operations.definition import parse
from consult.operations.importing.responses import ImportReport, import_responses
from consult.operations.loading.consultation import load
from consult.responses.enums import AnswerState, Source
from consult.responses.models import Answer, ImportedRow, Response, Revision
from tests.operations.small import SMALL

POLIS = "polis/march-on.operation-marchin-orders/comments.csv"
SECRET = "secret-key-of-the-tests-0123456789abcdef"


@pytest.fixture
def consultation(session: Session) -> Consultation:
    """Two meetings; winter asks two questions, spring one."""
    loaded = load(session, parse(SMALL)).consultation
    session.commit()
    return loaded


def meeting(session: Session, consultation: Consultation, slug: str = "spring") -> Meeting:
    return next(each for each in meetings_of(session, consultation) if each.slug == slug)


def imported(
    session: Session,
    consultation: Consultation,
    content: str,
    *,
    at: str = "spring",
    secret_key: str = SECRET,
    question: str | None = None,
    attribution: Attribution | None = None,
    language: str | None = None,
    mapping: dict[str, str] | None = None,
) -> ImportReport:
    report = import_responses(
        session,
        consultation,
        meeting(session, consultation, at),
        read_table(content.encode("utf-8"), name="answers.csv"),
        secret_key=secret_key,
        mapping=mapping or {"answer": "text"},
        question=question,
        attribution=attribution,
        language=language,
    )
    session.commit()
    return report


def words(session: Session) -> list[str]:
    return sorted(str(text) for text in session.scalars(select(Revision.text)))


def numbers(report: ImportReport) -> tuple[int, int, int, int]:
    return report.taken, report.already, report.empty, report.refused


def test_rows_become_answers_that_wait(session: Session, consultation: Consultation) -> None:
    report = imported(session, consultation, 'id,text\n1,"Peace,\nnow."\n2,=1+1\n')
    assert numbers(report) == (2, 0, 0, 0)
    assert words(session) == ["=1+1", "Peace,\nnow."]
    for answer in session.scalars(select(Answer)):
        assert answer.state is AnswerState.WAITING
        assert answer.meeting_id == meeting(session, consultation).id
        assert answer.response.source is Source.IMPORT
        assert answer.response.submitted_at is None
        assert answer.revisions[0].attribution is Attribution.QUOTE_UNATTRIBUTED
        assert answer.revisions[0].language == "en"


def test_importing_again_adds_nothing(session: Session, consultation: Consultation) -> None:
    content = "text\nPeace\nPeace\nBread\n"
    assert numbers(imported(session, consultation, content)) == (3, 0, 0, 0)
    assert numbers(imported(session, consultation, content)) == (0, 3, 0, 0)
    assert words(session) == ["Bread", "Peace", "Peace"]


def test_genuine_duplicates_stay_and_new_ones_are_taken(session: Session, consultation: Consultation) -> None:
    imported(session, consultation, "text\nPeace\nBread\n")
    assert numbers(imported(session, consultation, "text\nBread\nPeace\nPeace\nLand\n")) == (2, 2, 0, 0)
    assert words(session) == ["Bread", "Land", "Peace", "Peace"]


def test_rows_are_known_by_their_identifier(session: Session, consultation: Consultation) -> None:
    columns = {"answer": "text", "id": "id"}
    content = "id,text\n1,Peace\n2,Peace\n2,Peace\n3,Bread\n3,Land\n,Lost\n"
    report = imported(session, consultation, content, mapping=columns)
    assert numbers(report) == (3, 1, 0, 2)
    assert report.reasons == [
        "line 6: its identifier stands in line 5 with other words",
        "line 7: it has no identifier",
    ]
    assert numbers(imported(session, consultation, "id,text\n3,Bread\n4,Land\n", mapping=columns)) == (
        1,
        1,
        0,
        0,
    )


def test_the_same_row_may_be_taken_at_another_meeting_and_for_another_question(
    session: Session, consultation: Consultation
) -> None:
    for at, question in (("spring", None), ("winter", "what-matters"), ("winter", "what-next")):
        report = imported(session, consultation, "text\nPeace\n", at=at, question=question)
        assert numbers(report) == (1, 0, 0, 0)


def test_rows_that_cannot_be_taken_are_named_and_the_others_taken(
    session: Session, consultation: Consultation
) -> None:
    content = f'id,text\n1,Peace\n2,\n3,{"x" * 1001}\n4,a\x00b\n5,"two\nlines"\n6,a,b\n7, \n'
    report = imported(session, consultation, content)
    assert numbers(report) == (2, 0, 2, 3)
    assert [reason.partition(":")[0] for reason in report.reasons] == ["line 4", "line 5", "line 8"]
    assert "Shorten it to 1000" in report.reasons[0]
    assert words(session) == ["Peace", "two\nlines"]


def test_refused_rows_are_shown_up_to_a_number_and_counted_after_it(
    session: Session, consultation: Consultation
) -> None:
    content = "text\n" + ("x" * 1001 + "\n") * 50
    report = imported(session, consultation, content)
    assert (report.refused, len(report.reasons)) == (50, 20)


def test_a_language_may_come_with_each_row(session: Session, consultation: Consultation) -> None:
    columns = {"answer": "text", "language": "lang"}
    report = imported(session, consultation, "lang,text\npl,Pokój\n,Peace\nPolish!,x\n", mapping=columns)
    assert numbers(report) == (2, 0, 0, 1)
    assert report.reasons == ["line 4: “Polish!” is not a language code like en or pl"]
    assert sorted(session.scalars(select(Revision.language))) == ["en", "pl"]


def test_the_use_is_capped_by_the_ceiling(session: Session, consultation: Consultation) -> None:
    imported(session, consultation, "text\nPeace\n", attribution=Attribution.AGGREGATE_ONLY)
    assert session.scalars(select(Revision.attribution)).one() is Attribution.AGGREGATE_ONLY
    with pytest.raises(Invalid, match="ground rules do not allow"):
        imported(session, consultation, "text\nBread\n", attribution=Attribution.NAMED)


def test_a_low_ceiling_lowers_the_default(session: Session) -> None:
    low = load(session, parse(SMALL.replace("quote_unattributed", "aggregate_only"))).consultation
    imported(session, low, "text\nPeace\n")
    assert session.scalars(select(Revision.attribution)).one() is Attribution.AGGREGATE_ONLY


@pytest.mark.parametrize(
    ("content", "mapping", "said"),
    [
        ("id,words\n1,x\n", {"id": "id"}, r"--map answer=COLUMN\. answers\.csv has: id, words"),
        ("id,words\n1,x\n", {"answer": "text"}, r"no column “text”\. It has: id, words"),
        ("text,text\n1,x\n", {"answer": "text"}, "2 columns called “text”"),
        ("text\nx\n", {"answer": "text", "author": "text"}, "Nothing is called “author” here"),
    ],
)
def test_columns_that_do_not_fit_are_refused(
    session: Session, consultation: Consultation, content: str, mapping: dict[str, str], said: str
) -> None:
    with pytest.raises(Invalid, match=said):
        imported(session, consultation, content, mapping=mapping)


def test_the_question_must_be_clear(session: Session, consultation: Consultation) -> None:
    with pytest.raises(Invalid, match="--question what-matters or what-next"):
        imported(session, consultation, "text\nx\n", at="winter")
    with pytest.raises(Invalid, match="does not ask “what-next”"):
        imported(session, consultation, "text\nx\n", at="spring", question="what-next")


def test_nothing_is_left_of_a_run_that_breaks_off(session: Session, consultation: Consultation) -> None:
    """The file turns out unreadable after a thousand rows were stored."""
    content = "text\n" + "".join(f"Answer {number}\n" for number in range(1500)) + '"never closed\n'
    with pytest.raises(Invalid, match="line 1502: a quotation mark"):
        imported(session, consultation, content)
    session.rollback()
    assert session.scalar(select(func.count()).select_from(Answer)) == 0
    assert session.scalar(select(func.count()).select_from(ImportedRow)) == 0


def test_the_key_of_a_row_says_nothing_without_the_secret(
    session: Session, consultation: Consultation
) -> None:
    imported(session, consultation, "text\nPeace\n")
    first = session.scalars(select(ImportedRow.key)).one()
    imported(session, consultation, "text\nPeace\n", secret_key="another-key-of-the-tests-0123456789ab")
    assert {len(key) for key in session.scalars(select(ImportedRow.key))} == {64}
    assert session.scalar(select(func.count()).select_from(ImportedRow)) == 2
    assert len(first) == 64


def test_2162_real_statements_are_taken_once(
    session: Session, consultation: Consultation, shared_data: Path
) -> None:
    for run, expected in enumerate([(2162, 0, 0, 0), (0, 2162, 0, 0)]):
        report = import_responses(
            session,
            consultation,
            meeting(session, consultation),
            read_file(shared_data / POLIS),
            secret_key=SECRET,
        )
        session.commit()
        assert numbers(report) == expected, run
        assert report.notes == ["Recognised as a Polis export."]
    by_words = import_responses(
        session,
        consultation,
        meeting(session, consultation, "winter"),
        read_file(shared_data / POLIS),
        secret_key=SECRET,
        mapping={"answer": "comment-body"},
        question="what-matters",
    )
    session.commit()
    assert numbers(by_words) == (2162, 0, 0, 0)
    assert session.scalar(select(func.count()).select_from(Response)) == 2 * 2162


def test_no_column_of_the_file_but_the_words_is_stored(session: Session, consultation: Consultation) -> None:
    columns = "timestamp,datetime,comment-id,author-id,moderated,comment-body"
    content = f"{columns}\n1521223304957,Sat Mar 17,2157,author-6277,1,Peace\n"
    report = import_responses(
        session,
        consultation,
        meeting(session, consultation),
        read_table(content.encode(), name="comments.csv"),
        secret_key=SECRET,
    )
    session.commit()
    assert report.taken == 1
    for table in inspect(session.connection()).get_table_names():
        for row in session.execute(text(f'SELECT * FROM "{table}"')):
            stored = " ".join(str(value) for value in row)
            assert "author-6277" not in stored, table
            assert "1521223304957" not in stored, table


def test_a_limesurvey_export_brings_its_identifiers_and_what_was_only_begun_is_left(
    session: Session, consultation: Consultation
) -> None:
    export = (
        "id,submitdate,lastpage,startlanguage,q1\n"
        "1,2020-08-03 10:00:00,3,es,Acceso.\n2,,1,es,Apenas empezado\n3,2020-08-03 11:00:00,3,en,Access.\n"
    )
    report = imported(session, consultation, export, mapping={"answer": "q1"})
    assert numbers(report) == (2, 0, 0, 1)
    assert report.reasons == ["line 3: it was begun and never submitted"]
    assert "Recognised as a LimeSurvey export of responses." in report.notes
    assert sorted(session.scalars(select(Revision.language))) == ["en", "es"]
    assert numbers(imported(session, consultation, export, mapping={"answer": "q1"})) == (0, 2, 0, 1)


def test_real_answers_of_a_limesurvey_export_are_taken_once(
    session: Session, consultation: Consultation, shared_data: Path
) -> None:
    def taken() -> ImportReport:
        table = read_file(shared_data / "open-access-consultation" / "responses.csv")
        column = next(name for name in table.columns if name.startswith("P30_"))
        return import_responses(
            session,
            consultation,
            meeting(session, consultation),
            table,
            secret_key=SECRET,
            mapping={"answer": column},
            language="es",
        )

    first = taken()
    assert first.taken > 100
    assert first.taken + first.empty + first.refused == 732
    assert "Recognised as a LimeSurvey export of responses." in first.notes
    assert taken().already == first.taken
