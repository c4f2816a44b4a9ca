"""The seats of the local table, in Discord: the same scenes are played by real commands, buttons and modals."""

from dataclasses import dataclass
from datetime import timedelta

from adapters.discord.modals import SEVERAL
from adapters.local.happening import OpenForm
from adapters.local.table import NotOfferedError, Typed
from bot.domain.ids import UserId
from bot.ports.messages import Field, FieldKind, Form, Reply
from tests.discord.cast import IDS, INTRODUCTIONS
from tests.discord.club import Club
from tests.discord.modals import Input, Modal
from tests.discord.people import Answered
from tests.discord.seen import Pressable, Seen

_NAMES = {f"@{local}": local for local in IDS}


@dataclass(frozen=True)
class Offered:
    """A button in front of somebody, with the message it is on."""

    on: Seen
    button: Pressable


class DiscordSeats:
    """What the scenes ask of a table. People go by their local names, and are found under Discord's."""

    def __init__(self, club: Club) -> None:
        self.club = club
        self.clock = club.clock
        self.room = self
        """The scenes look into the room for the form in front of somebody."""

    async def types(self, user: UserId, line: str) -> Reply:
        """Type a command in the channel: `/refer @seeker @provider`, or a word of `/intros`."""
        command, *words = line.split()
        named = [IDS[_NAMES[word]] for word in words if word in _NAMES]
        path = " ".join((command, *(word for word in words if word not in _NAMES)))
        options = dict(zip(("seeker", "provider"), named, strict=False))
        return await self._answer(await self.club.server.people.slash(IDS[user], INTRODUCTIONS, path, **options))

    def offer(self, user: UserId, verb: str) -> Offered:
        """Return the newest button with this verb. Raises NotOfferedError."""
        in_view = self.club.server.view.in_view(IDS[user])
        for seen in reversed(in_view):
            for button in seen.buttons:
                if verb_of(button) == verb:
                    return Offered(seen, button)
        raise NotOfferedError(user, verb, tuple(verb_of(button) for seen in in_view for button in seen.buttons))

    async def presses(self, user: UserId, offer: Offered) -> Reply:
        """Press a button."""
        people = self.club.server.people
        return await self._answer(await people.press(IDS[user], offer.on, offer.button.custom_id))

    def form_of(self, user: UserId) -> OpenForm | None:
        """Return the form in front of somebody."""
        modal = self.club.server.view.modal_of(IDS[user])
        return OpenForm(_form(modal)) if modal else None

    async def sends(self, user: UserId, typed: Typed) -> Reply:
        """Fill in the form in front and send it; a button that opens it again says that it was not taken."""
        modal = self.club.server.view.modal_of(IDS[user])
        assert modal is not None
        fields = {key_of(one): one for one in modal.fields}
        values = {fields[key].custom_id: _value(fields[key], value) for key, value in typed.items()}
        answered = await self.club.server.people.submit(IDS[user], values)
        await self._answer(answered)
        refused = answered.message is not None and answered.message.labels == ("Edit",)
        return Reply(errors={"": answered.message.shown} if refused and answered.message else {})

    async def wait(self, span: timedelta) -> None:
        """Let time pass."""
        await self.club.wait(span)

    async def _answer(self, answered: Answered) -> Reply:
        """Discord tells nobody that the bot did not respond in a story."""
        assert answered.error is None, f"{answered.interaction.payload['data']}: {answered.error}"
        await self.club.settled()
        return Reply()


def verb_of(button: Pressable) -> str:
    """Return what a button does, by its name in the core."""
    return button.custom_id.partition(":")[0]


def key_of(field: Input) -> str:
    """Return what the core calls a field."""
    return field.custom_id.removesuffix(SEVERAL)


def _value(field: Input, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
    is_person = field.kind == "user_select" and isinstance(value, str)
    return IDS[UserId(value)] if is_person and isinstance(value, str) else value


def _form(modal: Modal) -> Form:
    verb, _, ref = modal.custom_id.partition(":")
    fields = tuple(Field(key_of(one), one.label, FieldKind.TEXT) for one in modal.fields)
    return Form(modal.title, verb, ref, fields, "")
