"""The core's replies in Discord's ways: as a form, in place of what was pressed, or beside it for one person alone."""

from dataclasses import dataclass, replace
from typing import Final

from adapters.discord.again import FIRST_TYPED, offered, refilled, refused
from adapters.discord.envelopes import Arrived, Envelope
from adapters.discord.layouts import Showing, Upload
from adapters.discord.messages import EPHEMERAL, Outgoing, Payload, mentioned, replied, updated
from adapters.discord.modals import form_modal
from adapters.reading import Body
from bot.ports.inbound import Inbound, Press, Submit
from bot.ports.messages import Form, Message, Reply

MESSAGE: Final = 4
DEFER: Final = 5
DEFER_UPDATE: Final = 6
UPDATE: Final = 7
CHOICES: Final = 8
MODAL: Final = 9


@dataclass(frozen=True, slots=True)
class Answer:
    """The first answer to an interaction, and the messages that follow it. One that `goes` shows nothing.

    `brief` is what is said where Discord does not take it as it is.
    """

    kind: int
    data: Payload | None = None
    files: tuple[Upload, ...] = ()
    more: tuple[Outgoing, ...] = ()
    goes: bool = False
    brief: Message | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """What is answered: the interaction as it arrived, what it means, and its envelope.

    `edit` words the button that opens a refused form once more.
    """

    inbound: Inbound
    at: Envelope
    arrived: Arrived
    edit: str

    @property
    def showing(self) -> Showing:
        """Return where the answer is seen. Who is mentioned in a private thread would be let into it."""
        return Showing(guild=self.at.guild if self.at.is_direct else "")

    def for_reading(self, message: Message) -> Showing:
        """Return the same for a message that one person alone reads: their client learns who it is about."""
        notify = () if self.at.is_private_thread else tuple(mentioned(message) - {self.at.user})
        return Showing(guild=self.showing.guild, notify=notify)

    @property
    def stands_alone(self) -> bool:
        """Say whether what was pressed, or what the form was opened from, is in front of this person alone."""
        return bool(self.at.message) and (self.at.is_direct or self.at.is_ephemeral)

    @property
    def was_refused(self) -> bool:
        """Say whether the form was opened from what an earlier one was answered with, because of an error."""
        shown = Body(self.arrived).listed("message", "components")
        return self.stands_alone and any(one.number("id") >= FIRST_TYPED for one in shown)


def answer_to(reply: Reply, asked: Asked) -> Answer:
    """Return how Discord is answered. A modal can only be the first answer, and never one to a modal."""
    is_form = isinstance(asked.inbound, Submit)
    if is_form and reply.errors and reply.form is not None:
        return _refused(reply, reply.form, asked)
    if is_form and reply.form is not None:
        more = offered(reply.form, showing=asked.showing, ephemeral=not asked.at.is_direct)
        return _followed_by(_shown(reply, asked), more)
    if reply.form is not None:
        return Answer(MODAL, form_modal(_filled(reply.form, asked), guild=asked.showing.guild))
    return _shown(reply, asked) or _nothing(asked)


def _refused(reply: Reply, form: Form, asked: Asked) -> Answer:
    """Return what is wrong above what was typed; a second time, in the place of the first."""
    away = not asked.at.is_direct
    sent = refused(reply.errors, form, edit=asked.edit, showing=asked.showing, ephemeral=away)
    brief = Message("\n".join(reply.errors.values()), ())
    return Answer(UPDATE if asked.was_refused else MESSAGE, sent.payload, sent.files, brief=brief)


def _filled(form: Form, asked: Asked) -> Form:
    """Return a form with what was typed before, where its button stands below that."""
    if not isinstance(asked.inbound, Press) or not asked.was_refused:
        return form
    return refilled(form, Body(asked.arrived).within("message").content)


def _shown(reply: Reply, asked: Asked) -> Answer | None:
    message = reply.message
    if message is None:
        return None
    in_place = (reply.replaces and asked.stands_alone) or (isinstance(asked.inbound, Submit) and asked.was_refused)
    render = updated if in_place else replied
    first, *more = render(message, asked.for_reading(message), ephemeral=not asked.at.is_direct)
    brief = Message(message.summary, ())
    return Answer(UPDATE if in_place else MESSAGE, first.payload, first.files, tuple(more), brief=brief)


def _followed_by(answer: Answer | None, last: Outgoing) -> Answer:
    if answer is None:
        return Answer(MESSAGE, last.payload, last.files)
    return replace(answer, more=(*answer.more, last))


def _nothing(asked: Asked) -> Answer:
    """Return an answer of which nothing is seen; Discord would say that the bot did not respond."""
    return Answer(DEFER_UPDATE) if asked.at.message else Answer(DEFER, {"flags": EPHEMERAL}, goes=True)
