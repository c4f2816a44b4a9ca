"""The seats of the local table, in Slack: the same scenes are played by real commands, buttons and modals."""

from dataclasses import dataclass
from datetime import timedelta

from adapters.local.happening import OpenForm
from adapters.local.table import NotOfferedError, Typed
from bot.domain.ids import UserId
from bot.ports.messages import Field, FieldKind, Form, Reply
from tests.e2e.slack.town import Town, verb_of
from tests.slack.cast import IDS
from tests.slack.people import Answered
from tests.slack.seen import Input, Modal, Pressable, Seen
from tests.slack.state import CannotError

_NAMES = {f"@{local}": local for local in IDS}


@dataclass(frozen=True)
class Offered:
    """A button in front of somebody, with the message it is on."""

    on: Seen
    button: Pressable


class SlackSeats:
    """What the scenes ask of a table. People go by their local names, and are found under Slack's."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.clock = town.club.clock
        self.room = self
        """The scenes look into the room for the form in front of somebody."""

    async def types(self, user: UserId, line: str) -> Reply:
        """Type a command in the channel."""
        command, _, text = line.partition(" ")
        words = (self._name(_NAMES[word]) if word in _NAMES else word for word in text.split())
        return _answer(await self.town.types(IDS[user], command, " ".join(words)))

    def offer(self, user: UserId, verb: str) -> Offered:
        """Return the newest button with this verb. Raises NotOfferedError."""
        try:
            return Offered(*self.town.offer(IDS[user], verb))
        except CannotError as nowhere:
            offered = (verb_of(button) for seen in self.town.world.in_view(IDS[user]) for button in seen.buttons)
            raise NotOfferedError(user, verb, tuple(offered)) from nowhere

    async def presses(self, user: UserId, offer: Offered) -> Reply:
        """Press a button."""
        people = self.town.people
        return _answer(await self.town.after(await people.press(IDS[user], offer.on, offer.button.action_id)))

    def form_of(self, user: UserId) -> OpenForm | None:
        """Return the form in front of somebody."""
        modals = self.town.world.modals_of(IDS[user])
        return OpenForm(_form(modals[-1])) if modals else None

    async def sends(self, user: UserId, typed: Typed) -> Reply:
        """Fill in the form in front and send it; what is wrong with it stands in the reply."""
        form = self.town.form(IDS[user])
        values = {key: self._value(form.field(key), value) for key, value in typed.items()}
        _answer(await self.town.sends(IDS[user], values))
        left = self.town.world.modals_of(IDS[user])
        return Reply(errors=dict(left[-1].errors)) if left else Reply()

    async def wait(self, span: timedelta) -> None:
        """Let time pass."""
        await self.town.wait(span)

    def _value(self, field: Input, value: str | tuple[str, ...]) -> str | tuple[str, ...]:
        is_person = field.kind == "users_select" and isinstance(value, str)
        return IDS[UserId(value)] if is_person and isinstance(value, str) else value

    def _name(self, local: UserId) -> str:
        return f"@{self.town.world.user(IDS[local]).name}"


def _form(modal: Modal) -> Form:
    verb, _, ref = modal.callback_id.partition(":")
    fields = tuple(Field(one.block_id, one.label, FieldKind.TEXT, value=one.value) for one in modal.fields)
    return Form(modal.title, verb, ref, fields, modal.submit)


def _answer(answered: Answered) -> Reply:
    """Slack shows nobody an error in a story."""
    assert answered.error is None, f"{answered.about}: {answered.error}"
    return Reply()
