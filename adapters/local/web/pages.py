"""The room's pages, put together from what stands in it; words that belong to the room are in the templates."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from babel.dates import format_datetime
from markupsafe import Markup

from adapters.local.people import ANA, BEN, CARLA, SEATS
from adapters.local.story import Ending
from adapters.local.web.acting import LOCALES, ZONES
from adapters.local.web.guide import NAMES, PARTIES, STORIES
from adapters.local.web.house import House
from adapters.local.web.hub import Hub
from adapters.local.web.learned import Line, compared, lines_for
from adapters.local.web.looking import (
    CHANNEL_VIEW,
    MORE,
    PRIVATE_VIEW,
    SHOWN,
    Looking,
    looking,
    seats_of,
    view_of,
)
from adapters.local.web.painter import Painter
from adapters.local.web.posting import Posted
from adapters.local.web.telling import Teller, told_so_far
from bot.domain.ids import UserId

COMMANDS = (
    ("/refer", "/refer @who-needs-help @who-can-help", "suggest two people to each other"),
    ("/ask", "/ask what you are looking for", "say to the group what you need"),
    ("/intros mine", "/intros mine", "what waits for you, and what you started"),
    ("/intros card", "/intros card", "what others know about your work"),
    ("/intros tally", "/intros tally", "the week so far, and your part in it"),
    ("/intros find", "/intros find some words", "members whose cards fit"),
    ("/intros lead", "/intros lead", "pass a need on, without a name"),
    ("/intros pause", "/intros pause", "take a break from questions"),
    ("/intros join", "/intros join", "join the group"),
    ("/intros leave", "/intros leave", "leave the group"),
    ("/intros settings", "/intros settings", "the group’s rules; David is its administrator"),
    ("/intros privacy", "/intros privacy", "what is kept, and how to have it erased"),
    ("/intros report", "/intros report", "report a question, or block somebody"),
    ("/intros help", "/intros help", "all of this on one page"),
)
"""What can be typed, how, and what it does."""


@dataclass(frozen=True, slots=True)
class Tab:
    """A part of what somebody sees, and the way to it."""

    view: str
    label: str
    href: str
    is_current: bool


@dataclass(frozen=True, slots=True)
class Pane:
    """What one person has in front of them."""

    seat: UserId
    name: str
    waiting: int
    view: str
    tabs: tuple[Tab, ...]
    messages: tuple[tuple[str, str, Markup], ...]
    earlier: str
    lost: bool
    form: Markup
    closes: str


class Pages:
    """Everything that is shown at an address of its own."""

    def __init__(self, house: House) -> None:
        """Show this house's room."""
        self._house = house
        self._room = house.room
        self.painter = Painter(house.room)
        self.parts: Mapping[str, Callable[[], Any]] = {
            "story": self._story,
            "clock": self._clock,
            "hidden": self._hidden,
        }

    def listen_to(self, hub: Hub, teller: Teller) -> None:
        """Know where changes come from, and who tells the story."""
        self._hub = hub
        self._teller = teller

    # pages

    def room(self, looks: Looking, **more: Any) -> str:  # noqa: ANN401 -- what a refusal adds
        """Return the room as these seats see it."""
        panes = [self._pane(seat, looks) for seat in looks.seats]
        chips = [
            (seat, self.painter.name(seat), seat in looks.seats, looks.toggled(seat).href) for seat in self._seats()
        ]
        return self._page(
            "room.html",
            looks=looks,
            panes=panes,
            chips=chips,
            waiting=self._hub.waiting.counts(self._seats()),
            everybody=looks.only(*self._seats()).href,
            story=Markup(self._story(looks)),  # noqa: S704 -- from our template
            clock=Markup(self._clock(looks)),  # noqa: S704 -- from our template
            commands=COMMANDS,
            handles=[(seat, self.painter.name(seat)) for seat in self._seats()],
            settled=self._house.is_settled,
            refusal=more.get("refusal", ""),
            refused=more.get("refused", ""),
            typed=more.get("typed", ""),
            last=self._hub.now,
        )

    def form(self, looks: Looking, seat: str) -> str:
        """Return the page of the form in front of somebody, for browsers without script; nothing if there is none."""
        opened = self._room.form_of(UserId(seat))
        if opened is None:
            return ""
        shown = {**self._hidden(), "back": looks.query}
        whole = self.painter.form(UserId(seat), opened, page=True, **shown)
        return self._page("form_page.html", form=Markup(whole), title=opened.form.title, href=looks.href)  # noqa: S704 -- ours

    def refused(self, looks: Looking, form: Posted, sentence: str) -> str:
        """Return the room with a sentence on why nothing was done, beside what was typed."""
        return self.room(looks, refusal=sentence, refused=form.one("seat"), typed=form.one("text"))

    def problem(self, sentence: str) -> str:
        """Return a page with a sentence and the way back."""
        return self._page("problem.html", sentence=sentence)

    def new_person(self) -> str:
        """Return the form for somebody new."""
        return self._page("person.html", zones=ZONES, locales=LOCALES)

    def learned(self, one: str, other: str) -> str:
        """Return what each party learned; of two endings, with what differs."""
        told = self._teller.endings_told()
        chosen = [ending for ending in (one, other) if ending in told]
        return self._page("learned.html", told=told, chosen=chosen, names=NAMES, rows=self._rows(chosen))

    def stage(self) -> str:
        """Return the address at which the story is best followed."""
        return looking(self._room, [("seat", seat) for seat in (ANA, BEN, CARLA)]).href

    # parts

    def _pane(self, seat: UserId, looks: Looking) -> Pane:
        view, standing = looks.views.get(seat, ""), self._room.in_view(seat)
        most = MORE if seat in looks.earlier else SHOWN
        wanted = [one for one in standing if not view or view_of(self._room, one.place) == view]
        shown = wanted[-most:]
        form = self.painter.form(seat, self._room.form_of(seat), **{**self._hidden(), "back": looks.query})
        return Pane(
            seat=seat,
            name=self.painter.name(seat),
            waiting=self._hub.waiting.count(seat),
            view=view,
            tabs=tuple(self._tab(seat, tab, label, looks) for tab, label in self._tabs(seat)),
            messages=tuple((one.id, one.place, self.painter.message(one, seat)) for one in shown),
            earlier=looks.with_earlier(seat).href if len(shown) < len(wanted) and most == SHOWN else "",
            lost=len(shown) < len(wanted) and most != SHOWN,
            form=Markup(form),  # noqa: S704 -- from our template
            closes=looks.toggled(seat).href if len(looks.seats) > 1 else "",
        )

    def _tabs(self, seat: UserId) -> list[tuple[str, str]]:
        rooms = [(place, self._others(place, seat)) for place in self._room.rooms_of(seat)]
        return [("", "All"), (CHANNEL_VIEW, f"#{self._room.channel}"), (PRIVATE_VIEW, "Private"), *rooms]

    def _others(self, place: str, seat: UserId) -> str:
        others = [user for user in self._room.sit_in(place) or () if user != seat]
        return "With " + ", ".join(self.painter.name(user).partition(" ")[0] for user in others)

    def _tab(self, seat: UserId, view: str, label: str, looks: Looking) -> Tab:
        return Tab(view, label, looks.viewing(seat, view).href, looks.views.get(seat, "") == view)

    def _story(self, looks: Looking | None = None) -> str:
        told = told_so_far(self._room)
        endings = [(ending, NAMES[ending]) for ending in STORIES]
        parties = [(user, self.painter.name(user)) for user in PARTIES]
        back = looks.query if looks else ""
        return self.painter.page(
            "story.html", told=told, endings=endings, parties=parties, fresh=self._house.is_fresh, **self._hidden(back)
        )

    def _clock(self, looks: Looking | None = None) -> str:
        now = self._house.clock.now()
        shown = format_datetime(now, "EEE d MMM, HH:mm", locale="en_GB")
        back = looks.query if looks else ""
        stopped = self._house.clock.is_stopped
        return self.painter.page("clock.html", now=now, shown=shown, stopped=stopped, **self._hidden(back))

    def _hidden(self, back: str = "") -> Mapping[str, Any]:
        """Return what every form of ours carries: the token, a name of its own, and the way back."""
        return {"token": self._house.token, "event": lambda: secrets.token_urlsafe(12), "back": back}

    def _rows(self, chosen: list[str]) -> list[tuple[UserId, str, tuple[tuple[Line, ...], ...], bool]]:
        told = told_so_far(self._room)
        if not chosen:
            seats = PARTIES if told else SEATS
            began = told.began if told else None
            return [(user, self.painter.name(user), (self._now(user, began),), True) for user in seats]
        return [self._row(user, [Ending(one) for one in chosen]) for user in PARTIES]

    def _row(self, user: UserId, endings: list[Ending]) -> tuple[UserId, str, tuple[tuple[Line, ...], ...], bool]:
        sides = [self._teller.of_ending(ending, user) for ending in endings]
        if len(sides) == 1:
            return user, self.painter.name(user), (sides[0],), True
        one, other = compared(sides[0], sides[1])
        return user, self.painter.name(user), (one, other), not any(line.is_own for line in (*one, *other))

    def _now(self, user: UserId, began: datetime | None) -> tuple[Line, ...]:
        first = began or next((entry.at for entry in self._room.transcript.entries), self._house.clock.now())
        return lines_for(user, self._room, first)

    def _seats(self) -> tuple[UserId, ...]:
        return seats_of(self._room)

    def _page(self, template: str, **shown: Any) -> str:  # noqa: ANN401 -- whatever a template shows
        return self.painter.page(template, **{**self._hidden(), **shown})
