"""What people do on a page, carried out at the table: each thing once, however often it is sent."""

import asyncio
import re
import unicodedata
from collections import defaultdict
from dataclasses import replace

from adapters.local.commands import TypedWrongError
from adapters.local.happening import OpenForm, Standing
from adapters.local.limits import ShownTooMuchError
from adapters.local.people import BY_USER
from adapters.local.playing import Playable
from adapters.local.room import LocalRoom
from adapters.local.table import NotOfferedError, Offer, Table
from adapters.local.transcript import CHANNEL, reaches
from adapters.local.web.house import House
from adapters.local.web.looking import CHANNEL_VIEW, PRIVATE_VIEW, seats_of
from adapters.local.web.posting import Posted, RefusedError
from bot.domain.ids import UserId
from bot.ports.edges import Person
from bot.ports.messages import Field, FieldKind

MOST_PEOPLE = 60
MOST_NAME = 60
ZONES = ("Europe/London", "Europe/Lisbon", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Asia/Tokyo", "UTC")
LOCALES = ("en", "de")


class Actor:
    """Everybody's hands."""

    def __init__(self, house: House, bot: Playable) -> None:
        """Sit at the table of this room."""
        self._house = house
        self._table: Table = house.table(bot)
        self._turns: defaultdict[UserId, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def act(self, what: str, form: Posted) -> str:
        """Do one thing for one seat; return the seat. Raises RefusedError with a sentence for what cannot be done."""
        seat = self._seat(form)
        async with self._turns[seat]:
            if self._room.has_acted(form.event):
                return seat
            self._house.touched()
            try:
                await self._do(what, seat, form)
            except (TypedWrongError, NotOfferedError, ShownTooMuchError) as wrong:
                raise RefusedError(_sentence(wrong)) from wrong
            self._room.acted(form.event)
            await self._house.kept()
        return seat

    @property
    def _room(self) -> LocalRoom:
        return self._house.room

    def _seat(self, form: Posted) -> UserId:
        seat = UserId(form.one("seat"))
        if seat not in seats_of(self._room):
            raise RefusedError("Nobody of that name sits in this room.", 404)
        return seat

    async def _do(self, what: str, seat: UserId, form: Posted) -> None:
        match what:
            case "say":
                await self._say(seat, form)
            case "press" if form.one("pick"):
                await self._table.picks(seat, self._message(seat, form.one("pick")), event=form.event)
            case "press":
                await self._press(seat, form)
            case "send":
                await self._send(seat, form)
            case _:
                self._opened(seat, form)
                self._room.close_form(seat)

    async def _say(self, seat: UserId, form: Posted) -> None:
        text, view = " ".join(form.one("text").split()), form.one("in")
        if not text:
            raise RefusedError("Type something first: a message, or a command such as /intros help.")
        if text.startswith("/"):
            privately = view not in ("", CHANNEL_VIEW)
            await self._table.types(seat, text, privately=privately, event=form.event)
        elif view == PRIVATE_VIEW:
            raise RefusedError("The bot reads commands, not messages. Type /intros help to see them.")
        else:
            self._table.writes(seat, text, view if view in self._room.rooms_of(seat) else None)

    async def _press(self, seat: UserId, form: Posted) -> None:
        message, _, wanted = form.one("press").partition("/")
        standing = self._message(seat, message)
        button = next((button for button in standing.buttons if button.id == wanted), None)
        if button is None:
            raise RefusedError("That button is gone: the message has changed since. Look again.", 409)
        await self._table.presses(seat, Offer(standing, button), event=form.event)

    def _message(self, seat: UserId, message: str) -> Standing:
        standing = self._room.message(message)
        if standing is None or not reaches(standing.to, seat):
            raise RefusedError("That message is not here any more.", 409)
        return standing

    async def _send(self, seat: UserId, form: Posted) -> None:
        opened = self._opened(seat, form)
        typed = {field.key: _value(field, form) for field in opened.form.fields}
        fields = tuple(replace(field, value=typed[field.key]) for field in opened.form.fields)
        self._room.fill(seat, opened, replace(opened.form, fields=fields))
        await self._house.kept()  # what was typed survives whatever happens while it is judged
        await self._table.sends(seat, typed, event=form.event)

    def _opened(self, seat: UserId, form: Posted) -> OpenForm:
        opened = self._room.form_of(seat)
        if opened is None or opened.id != form.one("form"):
            raise RefusedError("That form is closed, or another one has opened since.", 409)
        return opened

    # people

    async def arrive(self, form: Posted) -> UserId:
        """Let somebody new in, and let them join the group if it lets them. Raises RefusedError."""
        name = " ".join(form.one("name").split())
        if not name or len(name) > MOST_NAME:
            raise RefusedError(f"Give them a name of at most {MOST_NAME} characters.")
        if self._room.has_acted(form.event):
            return self._called(name)
        if len(self._room.people) >= MOST_PEOPLE:
            raise RefusedError(f"The room is full: {MOST_PEOPLE} people are enough for anybody.")
        zone, locale = form.one("zone"), form.one("locale")
        person = Person(
            self._handle(name),
            name,
            time_zone=zone if zone in ZONES else "UTC",
            locale=locale if locale in LOCALES else "en",
        )
        self._house.touched()
        self._room.arrive(person)
        self._room.acted(form.event)
        await self._join(person.user)
        await self._house.kept()
        return person.user

    async def _join(self, user: UserId) -> None:
        for standing in self._room.in_view(user):
            for button in standing.buttons:
                if standing.to == CHANNEL and button.verb == "join":
                    await self._table.presses(user, Offer(standing, button))
                    return

    def _handle(self, name: str) -> UserId:
        plain = unicodedata.normalize("NFKD", name.partition(" ")[0]).encode("ascii", "ignore").decode()
        handle = re.sub(r"[^a-z0-9]", "", plain.lower())[:20] or "guest"
        taken, number = set(self._room.people), 2
        while (made := handle if number == 2 else f"{handle}{number - 1}") in taken:  # noqa: PLR2004 -- the first has none
            number += 1
        return UserId(made)

    def _called(self, name: str) -> UserId:
        return next((user for user, one in self._room.people.items() if one.name == name), next(iter(BY_USER)))


def _value(field: Field, form: Posted) -> str | tuple[str, ...]:
    if field.kind is FieldKind.CHOICES:
        return tuple(dict.fromkeys(form.all(f"field.{field.key}")))
    return form.one(f"field.{field.key}").strip()


def _sentence(wrong: TypedWrongError | NotOfferedError | ShownTooMuchError) -> str:
    match wrong:
        case TypedWrongError():
            return wrong.sentence
        case ShownTooMuchError():
            return "That is too long for one message: at most 3,000 characters."
        case _:
            return "That is not offered here any more. Look again."
