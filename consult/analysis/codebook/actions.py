"""Changing a codebook, with a version for each change. Codings follow where a theme goes, and none is ever lost."""

from collections.abc import Collection, Sequence

from sqlalchemy import and_, delete, exists, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from consult.accounts.models import User
from consult.analysis.codebook.queries import all_themes, newest_number
from consult.analysis.codebook.rules import (
    WORDS,
    Entry,
    ThemeWords,
    checked_entries,
    code_from,
    entries_of,
    words_of,
)
from consult.analysis.enums import CodebookAct, CodingState
from consult.analysis.models import CodebookVersion, Coding, Suggestion, Theme
from consult.analysis.rules import checked_code
from consult.consultations.models import Consultation
from consult.core import audit
from consult.core.clock import now
from consult.core.errors import Invalid, Refused


def add_theme(
    session: Session,
    consultation: Consultation,
    words: ThemeWords,
    *,
    by: User,
    code: str = "",
    parent: Theme | None = None,
) -> Theme:
    """A new theme, last in the codebook. Without a code it gets one from its title. Raises Invalid naming the field."""
    themes = _held(session, consultation)
    theme = _made(session, consultation, themes, words.checked(), code=code, parent=parent)
    _keep(session, consultation, CodebookAct.ADDED, [theme], by)
    return theme


def change_theme(
    session: Session, theme: Theme, words: ThemeWords, *, by: User, parent: Theme | None = None
) -> bool:
    """Bring a theme to these words and under that parent; whether anything changed. Its codings stay."""
    consultation = _of(session, theme)
    _held(session, consultation)
    checked = words.checked()
    check_parent(session, theme, parent)
    if checked == words_of(theme) and theme.parent_id == (parent.id if parent else None):
        return False
    _write(theme, checked)
    theme.parent_id = parent.id if parent else None
    _keep(session, consultation, CodebookAct.CHANGED, [theme], by)
    return True


def retire(session: Session, theme: Theme, *, by: User) -> None:
    """Take a theme out of use. Its codings stay on record, and count again once it is restored."""
    if theme.retired:
        raise Refused("The theme “%(title)s” is retired already.", title=theme.title)
    consultation = _of(session, theme)
    _held(session, consultation)
    theme.retired = True
    _keep(session, consultation, CodebookAct.RETIRED, [theme], by)


def restore(session: Session, theme: Theme, *, by: User) -> None:
    """Bring a retired theme back into use, with the codings that it had."""
    if theme.merged_into_id is not None:
        raise Refused("This theme was merged into another one. Split that one instead.")
    if not theme.retired:
        raise Refused("The theme “%(title)s” is in use already.", title=theme.title)
    consultation = _of(session, theme)
    _held(session, consultation)
    theme.retired = False
    _keep(session, consultation, CodebookAct.RESTORED, [theme], by)


def merge(session: Session, theme: Theme, into: Theme, *, by: User) -> int:
    """Count `theme` as `into` from now on: every answer that had the one has the other. Says how many codings moved.

    What stood beside the same coder's own `into` on the same words stays on record as removed.
    """
    if theme.id == into.id or theme.consultation_id != into.consultation_id:
        raise Invalid("Choose another theme of this codebook to merge into.", field="into")
    if theme.retired or into.retired:
        raise Invalid("A retired theme cannot be merged. Restore it first.", field="into")
    consultation = _of(session, theme)
    _held(session, consultation)
    moved = _move(session, theme, into, None)
    _adopt(session, theme, into)
    theme.retired, theme.merged_into_id = True, into.id
    session.execute(delete(Suggestion).where(Suggestion.theme_id == theme.id))
    _keep(session, consultation, CodebookAct.MERGED, [theme, into], by, moved=moved)
    return moved


def split(
    session: Session,
    theme: Theme,
    words: ThemeWords,
    revision_ids: Collection[str],
    *,
    by: User,
    code: str = "",
) -> Theme:
    """Take these answers out of `theme` into a new one beside it; the others stay. Raises Invalid without one."""
    if theme.retired:
        raise Refused("The theme “%(title)s” is retired. Choose one that is in use.", title=theme.title)
    consultation = _of(session, theme)
    themes = _held(session, consultation)
    held = set(
        session.scalars(
            select(Coding.revision_id).where(
                Coding.theme_id == theme.id, Coding.state == CodingState.CONFIRMED
            )
        )
    )
    chosen = held & set(revision_ids)
    if not chosen:
        raise Invalid("Tick the answers that go into the new theme.", field="answers")
    parent = session.get(Theme, theme.parent_id) if theme.parent_id else None
    new = _made(session, consultation, themes, words.checked(), code=code, parent=parent)
    new.split_from_id = theme.id
    session.flush()
    moved = _move(session, theme, new, chosen)
    session.execute(
        delete(Suggestion).where(Suggestion.theme_id == theme.id, Suggestion.revision_id.in_(chosen))
    )
    _keep(session, consultation, CodebookAct.SPLIT, [theme, new], by, moved=moved)
    return new


def take_in(session: Session, consultation: Consultation, entries: Sequence[Entry], *, by: User) -> int:
    """Bring a codebook from elsewhere in: themes are known by their code, and those it does not name stay as they are.

    All of it or nothing. Says how many themes were added or changed. Raises Invalid.
    """
    entries = checked_entries(entries)
    themes = {theme.code: theme for theme in _held(session, consultation)}
    before = {theme.code: (words_of(theme), theme.parent_id, theme.retired) for theme in themes.values()}
    for entry in entries:
        theme = themes.get(entry.code)
        if theme is None:
            theme = _made(
                session,
                consultation,
                list(themes.values()),
                words_of(entry),
                code=entry.code,
                parent=None,
            )
            themes[entry.code] = theme
        elif theme.merged_into_id is not None:
            raise Invalid(
                "“%(code)s” was merged into another theme here. Take it out of the file.",
                field="file",
                code=entry.code,
            )
        _write(theme, words_of(entry))
        theme.retired = entry.retired
    for entry in entries:
        themes[entry.code].parent_id = None
    session.flush()
    for entry in entries:
        parent = themes[entry.parent] if entry.parent else None
        check_parent(session, themes[entry.code], parent)
        themes[entry.code].parent_id = parent.id if parent else None
    session.flush()
    changed = [
        theme
        for theme in (themes[entry.code] for entry in entries)
        if before.get(theme.code) != (words_of(theme), theme.parent_id, theme.retired)
    ]
    if changed:
        _keep(session, consultation, CodebookAct.IMPORTED, changed, by)
    return len(changed)


def keep_version(
    session: Session,
    consultation: Consultation,
    act: CodebookAct,
    codes: Sequence[str] = (),
    *,
    by: User | None = None,
    moved: int = 0,
) -> CodebookVersion:
    """Write down the codebook as it stands after an act on it."""
    session.flush()
    version = CodebookVersion(
        consultation_id=consultation.id,
        number=newest_number(session, consultation) + 1,
        act=act,
        codes=list(codes),
        moved=moved,
        themes=[entry.to_document() for entry in entries_of(all_themes(session, consultation))],
        kept_by=by.id if by else None,
        kept_at=now(),
    )
    session.add(version)
    session.flush()
    return version


def check_parent(session: Session, theme: Theme, parent: Theme | None) -> None:
    """A parent is a theme in use of the same consultation, and not under the theme itself. Raises Invalid."""
    above = parent
    while above is not None:
        if above.consultation_id != theme.consultation_id or above.id == theme.id:
            raise Invalid(
                "“%(parent)s” cannot stand above “%(theme)s”. Name another theme of this consultation, or none.",
                field="parent",
                parent=parent.code if parent else "",
                theme=theme.code,
            )
        above = session.get(Theme, above.parent_id) if above.parent_id else None


def _held(session: Session, consultation: Consultation) -> Sequence[Theme]:
    """The whole codebook, locked until the transaction ends, so that two changes at once come one after the other."""
    session.execute(select(Consultation.id).where(Consultation.id == consultation.id).with_for_update())
    themes = all_themes(session, consultation)
    if themes and not newest_number(session, consultation):
        keep_version(session, consultation, CodebookAct.LOADED, [theme.code for theme in themes])
    return themes


def _of(session: Session, theme: Theme) -> Consultation:
    return session.get_one(Consultation, theme.consultation_id)


def _made(
    session: Session,
    consultation: Consultation,
    themes: Sequence[Theme],
    words: ThemeWords,
    *,
    code: str,
    parent: Theme | None,
) -> Theme:
    taken = {theme.code for theme in themes}
    code = checked_code(code) if code else code_from(words.title, taken)
    if code in taken:
        raise Invalid(
            "There is a theme with the code “%(code)s” already. Choose another code.", field="code", code=code
        )
    theme = Theme(
        consultation_id=consultation.id,
        code=code,
        title=words.title,
        position=max((theme.position for theme in themes), default=0) + 1,
    )
    _write(theme, words)
    session.add(theme)
    session.flush()
    check_parent(session, theme, parent)
    theme.parent_id = parent.id if parent else None
    session.flush()
    return theme


def _write(theme: Theme, words: ThemeWords) -> None:
    for name in WORDS:
        value = getattr(words, name)
        setattr(theme, name, list(value) if name == "examples" else value)


def _move(session: Session, theme: Theme, to: Theme, revision_ids: Collection[str] | None) -> int:
    """Standing codings of one theme become the other's; what would stand twice is removed instead."""
    other = aliased(Coding)
    chosen = [Coding.theme_id == theme.id, Coding.state == CodingState.CONFIRMED]
    if revision_ids is not None:
        chosen.append(Coding.revision_id.in_(revision_ids))
    twice = exists().where(
        other.revision_id == Coding.revision_id,
        other.theme_id == to.id,
        other.coder_id == Coding.coder_id,
        other.state == CodingState.CONFIRMED,
        or_(
            and_(other.starts.is_(None), Coding.starts.is_(None)),
            and_(other.starts == Coding.starts, other.ends == Coding.ends),
        ),
    )
    plain = {"synchronize_session": False}
    removed = update(Coding).where(*chosen, twice).values(state=CodingState.REMOVED)
    session.execute(removed.execution_options(**plain))
    moving = (
        update(Coding)
        .where(*chosen)
        .values(theme_id=to.id, given_as_id=func.coalesce(Coding.given_as_id, theme.id))
        .returning(Coding.id)
    )
    moved = session.scalars(moving.execution_options(**plain)).all()
    session.expire_all()
    return len(moved)


def _adopt(session: Session, theme: Theme, into: Theme) -> None:
    """What stood under the merged theme stands under the other; that one comes up where it stood under it itself."""
    above = session.get(Theme, into.parent_id) if into.parent_id else None
    while above is not None:
        if above.id == theme.id:
            into.parent_id = theme.parent_id
            break
        above = session.get(Theme, above.parent_id) if above.parent_id else None
    session.flush()
    for child in session.scalars(select(Theme).where(Theme.parent_id == theme.id, Theme.id != into.id)):
        child.parent_id = into.id
    theme.parent_id = None
    session.flush()


def _keep(
    session: Session,
    consultation: Consultation,
    act: CodebookAct,
    themes: Sequence[Theme],
    by: User,
    *,
    moved: int = 0,
) -> None:
    keep_version(session, consultation, act, [theme.code for theme in themes], by=by, moved=moved)
    audit.record(
        session,
        f"codebook.{act.value}",
        user_id=by.id,
        consultation_id=consultation.id,
        themes=" ".join(theme.code for theme in themes)[:500],
        moved=moved,
    )
