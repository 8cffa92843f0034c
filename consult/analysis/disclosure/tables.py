"""Tables of two things that people are or said, each checked against all that were released before, and registered."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy.orm import Session

from consult.accounts.models import User
from consult.analysis.disclosure.cells.attack import YES, Cell, Fact
from consult.analysis.disclosure.cells.axes import (
    OTHERS,
    Axis,
    axis_named,
    level_of,
    names_of_axes,
    rolled_up,
    values_by_variable,
    with_values,
)
from consult.analysis.disclosure.cells.gridding import Asked, Counts, Grid
from consult.analysis.disclosure.cells.grids import GridEntry, ReleasedTable, TableRequest
from consult.analysis.disclosure.cells.sequences import Earlier, History
from consult.analysis.disclosure.cells.suppression import Place
from consult.analysis.disclosure.figures import GIVEN, Withheld, base_withheld
from consult.analysis.disclosure.published import views_of_rows
from consult.analysis.disclosure.told.publishing import Publishing
from consult.analysis.disclosure.told.register import earlier_tables, register, standing
from consult.analysis.queries.tallies import (
    ANSWERED,
    ATTRIBUTES,
    MEETING,
    QUESTION,
    THEME,
    respondents,
    tally,
)
from consult.analysis.rules import opened
from consult.consultations.models import Consultation, GroundRules
from consult.core.errors import Invalid
from consult.meetings.queries import meeting_by_slug

MOST_ROUNDS = 6
ROLLED_UP, PUT_TOGETHER, HELD_BACK, TOO_TELLING, STANDS = (
    "rolled_up",
    "put_together",
    "held_back",
    "too_telling",
    "stands",
)
"""What was done to a table: countries rolled up to groups, small groups put together, places held back, the table
refused for what it would say with others, an earlier one shown in its place."""


def release_table(
    session: Session,
    consultation: Consultation,
    rules: GroundRules,
    request: TableRequest,
    *,
    by: User | None,
) -> ReleasedTable:
    """Release a table, entered in the register, or say why there is none. Raises Invalid for what cannot be asked.

    The same table of the same answers is the one that was released before. Where the new one would say too much beside
    earlier ones, cells are held back; where that is not enough, the earlier one of the same kind stands, or none.
    """
    rows, columns, where = _resolved(session, consultation, rules, request)
    entry = _entry(request, rows, columns)
    made = entry
    for of in dict.fromkeys((columns.of, None)):
        made, grid, people = _attempted(
            session, consultation, rules, request, entry, (rows, columns), where, of
        )
        if made["withheld"]:
            return ReleasedTable(None, made)
        if grid is not None:
            of_themes = THEME in (rows.variable, columns.variable)
            counted = Publishing(session, consultation, rules).with_a_table() if of_themes else {}
            return register(
                session,
                consultation,
                rules,
                request,
                made,
                views=grid.views,
                people=people,
                counted=counted,
                by=by,
            )
    return _none(session, consultation, request, made)


def _attempted(  # noqa: PLR0917
    session: Session,
    consultation: Consultation,
    rules: GroundRules,
    request: TableRequest,
    entry: GridEntry,
    axes: tuple[Axis, Axis],
    where: dict[str, frozenset[str]],
    of: str | None,
) -> tuple[GridEntry, Grid | None, int]:
    """What a table of those who did `of` says, its grid if it may be told, and how many respondents there are now.

    Where that would say how many of a small group did not, the same is tried of all respondents.
    """
    smallest, narrow = rules.smallest_group, request.within is not None
    counts = _counts(session, consultation, request, *axes, of)
    why = base_withheld(counts.people, smallest)
    if why not in GIVEN or not counts.people:
        return {**entry, "withheld": (why or Withheld.NO_ANSWERS).value}, None, 0
    rows, columns, reasons = grouped(*axes, counts, smallest, narrow=narrow)
    made: GridEntry = {**entry, "reasons": reasons, "base": counts.people, "of": _told_of(columns, of)}
    history = _history(session, consultation, rules, rows, columns)
    if len(rows.groups) < 2 or not columns.groups:
        return {**made, "withheld": Withheld.SMALL_GROUP.value}, None, history.people
    scope = where if of is None else {**where, of: frozenset({YES})}
    everybody = None if of is None or narrow else _everybody(session, consultation, request)
    grid = checked(
        Asked(rows, columns, counts, smallest, scope, narrow=narrow),
        history,
        [] if everybody is None else [Fact(Cell.of(where), everybody)],
    )
    if grid is None:
        return {**entry, "reasons": reasons}, None, history.people
    made = {
        **made,
        "missing": None if everybody is None else everybody - counts.people,
        "columns": [group.label for group in columns.groups],
        "totals": list(grid.totals),
        "rows": list(grid.rows),
        "reasons": [*reasons, *([HELD_BACK] if grid.hidden else [])],
    }
    return made, grid, history.people


def _told_of(columns: Axis, of: str | None) -> str | None:
    """The same as `of`, with the code that a question has for people."""
    return ANSWERED + columns.question.code if of is not None and columns.question else of


def _everybody(session: Session, consultation: Consultation, request: TableRequest) -> int:
    """Respondents at the meeting of a table, or at all."""
    found = opened(respondents(session, consultation))
    meeting = meeting_by_slug(session, consultation, request.meeting) if request.meeting else None
    return sum(people for (each,), people in found.items() if meeting is None or each == meeting.id)


def _resolved(
    session: Session, consultation: Consultation, rules: GroundRules, request: TableRequest
) -> tuple[Axis, Axis, dict[str, frozenset[str]]]:
    """Rows, columns, and what the people of the table have in common."""
    known = names_of_axes(session, consultation)
    for field in ("rows", "columns"):
        if getattr(request, field) not in known:
            raise Invalid(
                "“%(name)s” is nothing that a table can show. Choose something from the list.",
                field=field,
                name=getattr(request, field),
            )
    rows = axis_named(session, consultation, request.rows, rules.smallest_group)
    columns = axis_named(session, consultation, request.columns, rules.smallest_group)
    if rows.variable == columns.variable:
        raise Invalid("Choose two different things for rows and columns.", field="columns")
    if rows.several and not columns.several:
        rows, columns = columns, rows
    where: dict[str, frozenset[str]] = {}
    if request.meeting is not None:
        meeting = meeting_by_slug(session, consultation, request.meeting)
        if meeting is None or MEETING in (rows.variable, columns.variable):
            raise Invalid(
                "Choose a meeting of this consultation that the table does not list.", field="meeting"
            )
        where[MEETING] = frozenset({meeting.id})
    if request.within is not None:
        attribute, value = request.within
        if attribute not in ATTRIBUTES or level_of(
            session, consultation, attribute, rules.smallest_group
        ) in (rows.variable, columns.variable):
            raise Invalid("Choose another attribute to stay within.", field="within")
        where[attribute] = frozenset({value})
    return rows, columns, where


def _counts(  # noqa: PLR0917
    session: Session,
    consultation: Consultation,
    request: TableRequest,
    rows: Axis,
    columns: Axis,
    of: str | None,
) -> Counts:
    """Three tallies, opened: of all respondents, or of those who did `of`."""
    meeting = meeting_by_slug(session, consultation, request.meeting) if request.meeting else None
    scope = {
        "meeting_id": meeting.id if meeting else None,
        "within": {request.within[0]: request.within[1] or None} if request.within else None,
    }
    by = [axis.variable for axis in (rows, columns)]
    last = () if of is None else (of,)
    cells: dict[tuple[str, str], int] = defaultdict(int)
    among = () if of is None or columns.variable == THEME else (of,)
    for (row, column, *_did), people in opened(tally(session, consultation, *by, *among, **scope)).items():  # type: ignore[arg-type]
        for r in rows.values_of(row):
            for c in columns.values_of(column):
                cells[r, c] += people
    tops: dict[str, int] = defaultdict(int)
    for (column, *_did), people in opened(
        tally(session, consultation, columns.variable, *among, **scope)  # type: ignore[arg-type]
    ).items():
        for c in columns.values_of(column):
            tops[c] += people
    sides: dict[str, int] = defaultdict(int)
    people_in_all = 0
    for (row, *_did), people in opened(
        tally(session, consultation, rows.variable, *last, **scope)  # type: ignore[arg-type]
    ).items():
        people_in_all += people
        for r in rows.values_of(row):
            sides[r] += people
    return Counts(cells, sides, tops, people_in_all)


def grouped(
    rows: Axis, columns: Axis, counts: Counts, smallest: int, *, narrow: bool
) -> tuple[Axis, Axis, list[str]]:
    """Axes whose groups keep k where k protects them, and what was done to them."""
    reasons = [ROLLED_UP] if any(axis.asked == "country" != axis.variable for axis in (rows, columns)) else []
    grouped = []
    for axis, sizes in ((rows, counts.rows), (columns, counts.columns)):
        if axis.several:
            grouped.append(axis)
            continue
        whole = with_values(axis, [value for value, size in sizes.items() if size])
        parts = rolled_up(whole, sizes, smallest) if axis.personal or narrow else whole
        if any(group.label == OTHERS for group in parts.groups):
            reasons.append(PUT_TOGETHER)
        grouped.append(parts)
    return grouped[0], grouped[1], list(dict.fromkeys(reasons))


def _history(
    session: Session, consultation: Consultation, rules: GroundRules, rows: Axis, columns: Axis
) -> History:
    """Earlier tables and publications, and the rows that may be released at any time."""
    people = sum(opened(respondents(session, consultation)).values())
    personal = {*ATTRIBUTES, *(axis.variable for axis in (rows, columns) if axis.personal)}
    domains = {axis.variable: axis.domain for axis in (rows, columns) if not axis.several}
    earlier = earlier_tables(session, consultation)
    telling = tuple(tuple(view.facts) for view in views_of_rows(session, consultation, rules))
    if telling:
        earlier.append(Earlier(people, telling))
    named = {
        name for table in earlier for view in table.views for fact in view for name in fact.cell.variables
    }
    domains = {**values_by_variable(session, consultation, named - domains.keys()), **domains}
    return History(people, earlier, domains, personal, rules.smallest_group)


def checked(asked: Asked, history: History, beside: Sequence[Fact] = ()) -> Grid | None:
    """The table with as much held back as it takes beside the earlier ones; None where nothing is enough.

    `beside`: what else is told with it.
    """
    also: frozenset[Place] = frozenset()
    everywhere = frozenset(
        (i, j) for i in range(len(asked.rows.groups)) for j in range(len(asked.columns.groups))
    )
    for attempt in range(MOST_ROUNDS):
        grid = asked.grid(also)
        for view in grid.views:
            view.facts += beside
        if grid.refused or (attempt == 0 and history.came_few(grid.views)):
            return None
        found = history.given_away(grid.views)
        if not found:
            return grid
        if also == everywhere:
            return None
        more = _touching(grid, found)
        also = everywhere if more <= also or attempt == MOST_ROUNDS - 2 else also | more
    return None


def _touching(grid: Grid, cells: Sequence[Cell]) -> frozenset[Place]:
    """The places of a table that share people with these cells."""
    return frozenset(
        place
        for view in grid.views
        for cell, place in view.places.items()
        if any(_meet(cell, other) for other in cells)
    )


def _meet(one: Cell, other: Cell) -> bool:
    theirs = dict(other.where)
    return all(name not in theirs or not values.isdisjoint(theirs[name]) for name, values in one.where)


def _none(
    session: Session, consultation: Consultation, request: TableRequest, entry: GridEntry
) -> ReleasedTable:
    """The table of the same kind that was released before, or the reason why there is none."""
    before = standing(session, consultation, request)
    if before is not None:
        document: GridEntry = {**before.to_document(), "stands": True}
        document["reasons"] = [*document["reasons"], STANDS]
        return ReleasedTable(before.number, document)
    reasons = [*entry["reasons"], TOO_TELLING]
    return ReleasedTable(None, {**entry, "withheld": Withheld.SMALL_GROUP.value, "reasons": reasons})


def _entry(request: TableRequest, rows: Axis, columns: Axis) -> GridEntry:
    return {
        "asked": request.rows,
        "rows_by": _name(rows),
        "columns_by": _name(columns),
        "several": columns.several,
        "meeting": request.meeting,
        "within": list(request.within) if request.within else None,
        "base": None,
        "withheld": "",
        "columns": [],
        "totals": [],
        "rows": [],
        "reasons": [],
    }


def _name(axis: Axis) -> str:
    return QUESTION + axis.question.code if axis.question else axis.variable
