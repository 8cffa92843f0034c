"""The queue's list: the pile, its filters and counts, and the place of one answer in it."""

from functools import cached_property

from flask import url_for
from flask_babel import gettext as _

from consult.meetings.models import Meeting
from consult.moderation.queries import (
    COUNTED_UP_TO,
    Around,
    QueueLine,
    Reading,
    StateCounts,
    approved_once,
    around,
    line_before,
    queue_page,
    reading,
    saved_views,
    state_counts,
)
from consult.responses.enums import AnswerState
from consult.web.desk import words
from consult.web.desk.queue.choices import chosen_words
from consult.web.desk.queue.filtering import Choice, Filter, choices, described
from consult.web.desk.queue.hints import in_the_list
from consult.web.guards import Scope

PAGE = 30
OPEN = "open"
LOOKED_AHEAD = 8
"""Among so many at least one is sought that nobody else has open."""
MOST_AT_ONCE = 200
"""How many answers a bulk decision takes at most: as many as somebody may be asked to look over."""


class QueuePage:
    """The list left. Its cost in queries is the same for one answer and for a million."""

    def __init__(self, scope: Scope, chosen: Filter, found: Reading | None = None) -> None:
        self.scope = scope
        self.filter = chosen
        self.pile = chosen.pile(scope)
        self.current = found.answer.id if found else None
        lines, self._moved = self._page(chosen.after), False
        if (
            found
            and found.answer.state is chosen.state
            and self.current not in {x.answer_id for x in lines[:PAGE]}
        ):
            lines, self._moved = self._page(self.pile.place_of(found), inclusive=True), True
        self._ahead: list[str] | None = None
        self._around: Around | None = None
        self.lines, self._more = lines[:PAGE], len(lines) > PAGE
        self._further = lines[PAGE] if self._more else None

    def _page(self, after: tuple[int, str] | None, *, inclusive: bool = False) -> list[QueueLine]:
        return queue_page(self.scope.session, self.pile, after=after, limit=PAGE + 1, inclusive=inclusive)

    @cached_property
    def counts(self) -> StateCounts:
        return state_counts(self.scope.session, self.pile.to_second(None))

    @cached_property
    def seconds(self) -> int:
        """How many of them wait for this person's second approval, as exactly."""
        pile = self.pile if self.filter.second else self.pile.to_second(self.scope.user.id)
        return state_counts(self.scope.session, pile)[AnswerState.WAITING]

    @property
    def decided(self) -> int:
        return self.counts[AnswerState.APPROVED] + self.counts[AnswerState.REJECTED]

    @property
    def total(self) -> int:
        return self.decided + self.counts[AnswerState.WAITING]

    @property
    def counted_in_full(self) -> bool:
        """Whether the counts are exact, so that progress can be drawn."""
        return max(self.counts.values()) <= COUNTED_UP_TO

    @property
    def matching(self) -> str:
        """How many answers the list has, in words."""
        return _counted(self._listed)

    @property
    def _listed(self) -> int:
        return self.seconds if self.filter.second else self.counts[self.filter.state]

    @property
    def taken_at_once(self) -> int:
        """How many of the list a bulk decision would take."""
        return min(self._listed, MOST_AT_ONCE)

    @property
    def state_name(self) -> str:
        return str(words.SECOND if self.filter.second else words.STATES[self.filter.state])

    @property
    def state_chips(self) -> list[dict[str, object]]:
        """One for each state, and behind what waits one for what waits for this person's second approval.

        Beside other filters that one is counted only where it is the list: else each page would pay for it.
        """
        offered: list[tuple[AnswerState, bool, str, str | None]] = [
            (state, False, str(words.STATES[state]), _counted(self.counts[state])) for state in self.counts
        ]
        if self.scope.consultation.second_approval or self.filter.second:
            told = self.filter.second or not self.narrowed
            number = _counted(self.seconds) if told else None
            offered.insert(1, (AnswerState.WAITING, True, str(words.SECOND), number))
        return [
            {
                "text": text,
                "count": number,
                "href": self.filter.to(state=state, second=second).list_url(),
                "current": state is self.filter.state and second is self.filter.second,
            }
            for state, second, text, number in offered
        ]

    @property
    def meeting_chips(self) -> list[dict[str, object]]:
        """One for each meeting of this person, and one for all; none where there is one meeting alone."""
        offered: list[tuple[Meeting | None, str]] = [(None, _("All meetings"))]
        offered += [(meeting, meeting.short_title) for meeting in self.scope.meetings]
        return [
            {
                "text": text,
                "href": self.filter.to(meeting=meeting).list_url(),
                "current": meeting is self.filter.meeting,
            }
            for meeting, text in offered
            if len(offered) > 2
        ]

    @cached_property
    def choices(self) -> list[Choice]:
        return choices(self.scope, self.filter)

    @property
    def narrowed(self) -> int:
        """How many filters stand beside state and meeting."""
        return len(self.filter.narrowing())

    @property
    def panel_url(self) -> str:
        """This list with the choice of filters and saved views open."""
        return self.filter.list_url(panel=OPEN)

    @property
    def narrowing_chips(self) -> list[dict[str, str]]:
        """One for each filter that stands, which takes it off."""
        return [
            {
                "text": text,
                "href": self.filter.to(**{name: Filter.__dataclass_fields__[name].default}).list_url(),
            }
            for name, text in described(self.filter)
        ]

    @cached_property
    def views(self) -> list[dict[str, str]]:
        """This person's saved views: where each leads, and where its removal is sent."""
        slug = self.filter.slug
        return [
            {
                "name": view.name,
                "href": f"{url_for('desk.queue', slug=slug)}?{view.query}",
                "remove_url": url_for("desk.remove_view", slug=slug, view_id=view.id),
            }
            for view in saved_views(self.scope.session, self.scope.user, self.scope.consultation)
        ]

    @cached_property
    def entries(self) -> list[dict[str, object]]:
        """The lines of the list, in words."""
        titles = {meeting.id: meeting.short_title for meeting in self.scope.meetings}
        several = len(titles) > 1 and self.filter.meeting is None
        noticed = {
            line.answer_id: in_the_list(
                self.around.hints.get(line.revision_id, []),
                self.around.groups.get(line.answer_id),
                self.first_approvals.get(line.answer_id, ""),
            )
            for line in self.lines
        }
        languages = {code: words.language_name(code) for code in {line.language for line in self.lines}}
        permissions = {
            step: str(words.ATTRIBUTIONS[step]) for step in {line.attribution for line in self.lines}
        }
        hrefs = self.filter.answer_urls([line.answer_id for line in self.lines])
        return [
            {
                "id": line.answer_id,
                "href": href,
                "text": line.excerpt or "; ".join(self.chosen.get(line.answer_id, [])),
                "meta": f"{languages[line.language]} · {permissions[line.attribution]}",
                "aside": titles[line.meeting_id] if several else None,
                "noticed": noticed[line.answer_id],
                "language": line.language,
                "current": line.answer_id == self.current,
            }
            for line, href in zip(self.lines, hrefs, strict=True)
        ]

    @property
    def folded(self) -> list[tuple[dict[str, object], list[dict[str, object]]]]:
        """The lines of the list, each with those like it further down on this page, unless all are alike."""
        firsts: dict[str, list[dict[str, object]]] = {}
        listed: list[tuple[dict[str, object], list[dict[str, object]]]] = []
        for line, entry in zip(self.lines, self.entries, strict=True):
            group = None if self.filter.like else self.around.groups.get(line.answer_id)
            if group and group.key in firsts:
                firsts[group.key].append(entry)
                continue
            listed.append((entry, []))
            if group:
                firsts[group.key] = listed[-1][1]
        return listed

    @cached_property
    def first_approvals(self) -> dict[str, str]:
        """Who approved which of the lines first, where a second person is to approve as well: a sentence for each."""
        waiting = self.filter.state is AnswerState.WAITING and self.scope.consultation.second_approval
        ids = [line.answer_id for line in self.lines] if waiting else []
        mine, another = str(_("you approved it")), str(_("approved once"))
        if self.filter.second:
            return dict.fromkeys(ids, another)
        return {
            answer_id: mine if user_id == self.scope.user.id else another
            for answer_id, user_id in (approved_once(self.scope.session, ids) if ids else {}).items()
        }

    @cached_property
    def chosen(self) -> dict[str, list[str]]:
        """What was chosen in those of the lines that have no words."""
        return chosen_words(self.scope, [line.answer_id for line in self.lines if not line.excerpt])

    @property
    def next_page_url(self) -> str | None:
        return self.filter.to().list_url(after=_place(self.lines[-1])) if self._more else None

    @property
    def first_page_url(self) -> str | None:
        return self.filter.to().list_url() if self.filter.after else None

    def read(self, answer_id: str) -> Reading | None:
        """An answer of the list, which becomes the one that is shown."""
        self.current = answer_id
        return reading(self.scope.session, self.scope.consultation, self.pile.meeting_ids, answer_id)

    def look_around(self, found: Reading | None) -> Around:
        """Look up what stands beside the answer shown, and the hints and repetitions of the list. One query, once."""
        if self._around is not None:
            return self._around
        places = [(line.answer_id, line.revision_id) for line in self.lines]
        if found:
            places.append((found.answer.id, found.revision.id))
        self._around = around(
            self.scope.session,
            found.answer.id if found else "",
            self.scope.user,
            answer_ids={answer_id for answer_id, _revision in places} | set(self._behind(found)),
            revision_ids={revision_id for _answer, revision_id in places},
            meeting_ids=self.scope.meeting_ids,
        )
        return self._around

    @property
    def around(self) -> Around:
        """What was found by looking around, of the list alone where no answer is shown."""
        return self._around or self.look_around(None)

    def neighbours(self, found: Reading) -> tuple[str | None, str | None]:
        """The answers before and behind one: from the list where it stands there, else with a query each.

        What waits and somebody else has open is passed over, so that two do not follow each other through the list.
        """
        behind = self._behind(found)
        waiting = self.filter.state is AnswerState.WAITING
        free = [each for each in behind if not waiting or each not in self.around.elsewhere]
        ids = [line.answer_id for line in self.lines]
        at = ids.index(found.answer.id) if found.answer.id in ids else None
        before = ids[at - 1] if at else self._before_the_list(found, at)
        return before, next(iter(free or behind), None)

    def _behind(self, found: Reading | None) -> list[str]:
        """Some answers behind one, in order."""
        if found is None:
            return []
        if self._ahead is None:
            ids = [line.answer_id for line in self.lines]
            if found.answer.id in ids:
                further = [self._further.answer_id] if self._further else []
                self._ahead = [*ids[ids.index(found.answer.id) + 1 :], *further]
            else:
                place = self.pile.place_of(found)
                some = queue_page(self.scope.session, self.pile, after=place, limit=LOOKED_AHEAD)
                self._ahead = [line.answer_id for line in some]
        return self._ahead

    def _before_the_list(self, found: Reading, at: int | None) -> str | None:
        if at is None or self._moved:
            before = line_before(self.scope.session, self.pile, self.pile.place_of(found))
            return before.answer_id if before else None
        return self.filter.after[1] if self.filter.after else None


def _counted(number: int) -> str:
    """Exact to a thousand."""
    return str(_("1,000+")) if number > COUNTED_UP_TO else str(number)


def _place(line: QueueLine) -> str:
    return f"{line.place}.{line.answer_id}"
