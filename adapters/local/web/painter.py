"""Turns what stands in the room into HTML: each message once for each way of reading it, whoever asks how often."""

import base64
from collections import OrderedDict
from datetime import datetime
from pathlib import Path
from typing import Any

from babel.core import Locale
from babel.dates import format_datetime, get_timezone
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from adapters.local.happening import OpenForm, Standing
from adapters.local.inert import inert, one_line
from adapters.local.people import THE_BOT
from adapters.local.render import Reader, reader_for
from adapters.local.room import LocalRoom
from adapters.local.transcript import CHANNEL, Kind
from adapters.local.web.looking import view_of
from bot.domain.ids import UserId
from bot.ports.messages import Image, Moment

HERE = Path(__file__).parent
HUES = 8
MOST_PAINTED = 2_000
_IN_HEADER = slice(12, 16)
"""Where a PNG names its first chunk, which begins with width and height."""
_PICTURES = {b"\x89PNG": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
_SAFE_LINKS = ("https://", "http://", "mailto:")


class Painter:
    """Knows the templates, and keeps the messages it painted last."""

    def __init__(self, room: LocalRoom) -> None:
        """Read no template before it is needed."""
        self._room = room
        self._painted: OrderedDict[tuple[str, ...], Markup] = OrderedDict()
        loader = FileSystemLoader(HERE / "templates")
        self._templates = Environment(
            loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
        )
        self._templates.filters.update(
            kind=lambda part: type(part).__name__,
            inert=inert,
            line=one_line,
            picture=_picture,
            size=_size,
            safe_link=lambda url: url if url.startswith(_SAFE_LINKS) else "",
            first_name=lambda name: one_line(name).partition(" ")[0],
        )
        self._templates.globals.update(hue=self.hue, initial=_initial)

    def page(self, template: str, **shown: Any) -> str:  # noqa: ANN401 -- whatever a template shows
        """Return a whole page, or a part of one."""
        return self._templates.get_template(template).render(**shown)

    def message(self, standing: Standing, seat: UserId) -> Markup:
        """Return a message as this person reads it: alike for all who share a time zone and a language."""
        reader = reader_for(seat, self._room.people)
        key = (standing.id, str(standing.version), reader.time_zone, reader.locale)
        if (painted := self._painted.get(key)) is None:
            painted = self._painted[key] = Markup(self._paint(standing, reader))  # noqa: S704 -- from our template
            if len(self._painted) > MOST_PAINTED:
                self._painted.popitem(last=False)
        return painted

    def form(self, seat: UserId, opened: OpenForm | None, *, page: bool = False, **shown: Any) -> str:  # noqa: ANN401 -- as above
        """Return the form in front of somebody: a dialog, or the middle of a page of its own."""
        people = [
            (user, one.name) for user, one in self._room.people.items() if not one.is_bot and not one.is_deactivated
        ]
        context = {"seat": seat, "who": self.name(seat), "opened": opened, "people": people, "page": page}
        return self.page("form.html", **context, **shown)

    def hue(self, user: str | None) -> str:
        """Return the class of a person's colour."""
        everybody = list(self._room.people)
        return f"h{everybody.index(UserId(user)) % HUES}" if user and user in everybody else "bot"

    def name(self, user: str) -> str:
        """Return a person's name."""
        person = self._room.people.get(UserId(user))
        return one_line(person.name if person else user)

    def _first(self, user: str) -> str:
        return self.name(user).partition(" ")[0]

    def forget(self) -> None:
        """Paint everything anew from now on."""
        self._painted.clear()

    def _paint(self, standing: Standing, reader: Reader) -> str:
        author = standing.author or THE_BOT
        return self.page(
            "message.html",
            standing=standing,
            reader=reader,
            author=author,
            author_name=self.name(author),
            is_bot=standing.author is None,
            view=view_of(self._room, standing.place),
            where=self._where(standing),
            time=_short(standing.at, reader),
            exact=reader.time(Moment(standing.at)),
            moment=reader.time,
            name=self.name,
        )

    def _where(self, standing: Standing) -> str:
        if standing.to == CHANNEL:
            return f"#{self._room.channel}"
        if isinstance(standing.to, tuple):
            return "room of " + " and ".join(self._first(user) for user in standing.to)
        first = self._first(standing.to)
        return f"only {first} sees this" if standing.kind is Kind.REPLY else f"private, to {first}"


def _short(at: datetime, reader: Reader) -> str:
    return format_datetime(at, "HH:mm", get_timezone(reader.time_zone), Locale.parse(reader.locale, sep="-"))


def _initial(name: str) -> str:
    return one_line(name)[:1].upper()


def _picture(image: Image) -> str:
    """Return a picture as an address that holds it; nothing for what no browser shows as a mere picture."""
    kind = next((kind for start, kind in _PICTURES.items() if image.content.startswith(start)), "")
    return f"data:{kind};base64,{base64.b64encode(image.content).decode()}" if kind else ""


def _size(image: Image) -> tuple[int, int] | None:
    """Return width and height of a PNG, so that nothing moves when it appears; None for what does not say."""
    if image.content[_IN_HEADER] != b"IHDR":
        return None
    return int.from_bytes(image.content[16:20]), int.from_bytes(image.content[20:24])
