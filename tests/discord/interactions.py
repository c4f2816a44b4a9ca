"""Interactions: what a person did, the token that answers it, and what the answer does to the world."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.discord import mentions, messages
from tests.discord.limits import message_faults
from tests.discord.limits_forms import choice_faults, modal_faults
from tests.discord.messages import Files, refuse
from tests.discord.modals import Modal, read_modal
from tests.discord.shapes import message_json
from tests.discord.state import COMPONENTS_V2, EPHEMERAL, LOADING, Json, Message, ProblemError
from tests.discord.world import World

TO_ANSWER = timedelta(seconds=3)
TO_FOLLOW_UP = timedelta(minutes=15)
COMMAND, COMPONENT, COMPLETION, SUBMIT = 2, 3, 4, 5
MESSAGE, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
LEGAL: Mapping[int, tuple[int, ...]] = {
    COMMAND: (MESSAGE, DEFER, MODAL),
    COMPONENT: (MESSAGE, DEFER, DEFER_UPDATE, UPDATE, MODAL),
    COMPLETION: (CHOICES,),
    SUBMIT: (MESSAGE, DEFER, DEFER_UPDATE, UPDATE),
}
NAMES: Mapping[int, str] = {
    MESSAGE: "message",
    DEFER: "defer",
    DEFER_UPDATE: "defer_update",
    UPDATE: "update",
    CHOICES: "choices",
    MODAL: "modal",
}


@dataclass
class Interaction:
    """One thing a person did. `answered` is the type of the first answer; `original` the message it made or changed."""

    id: str
    token: str
    kind: int
    user: str
    channel: str
    created_at: datetime
    source: Message | None = None
    answered: int | None = None
    original: Message | None = None
    modal: Modal | None = None
    choices: list[Json] = field(default_factory=list)
    payload: Json = field(default_factory=dict)


class Interactions:
    """All that were started, and their answers."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._all: dict[str, Interaction] = {}

    def start(self, kind: int, user: str, channel: str, source: Message | None = None) -> Interaction:
        """Begin one, with a token of its own."""
        started = Interaction(
            self._world.snowflake(), secrets.token_urlsafe(24), kind, user, channel, self._world.clock.now(), source
        )
        self._all[started.id] = started
        return started

    def get(self, interaction_id: str) -> Interaction:
        """Return one by its id."""
        return self._all[interaction_id]

    def respond(self, interaction_id: str, token: str, body: Json, files: Files) -> Interaction:
        """Take the first answer. Raises Unknown interaction, and that it was acknowledged already."""
        found = self._all.get(interaction_id)
        if found is None or found.token != token:
            raise ProblemError(10062)
        if found.answered is not None:
            raise ProblemError(40060)
        if self._world.clock.now() - found.created_at > TO_ANSWER:
            raise ProblemError(10062)
        refuse(self._world, "callback", _type_faults(found, body["type"]))
        ANSWERS[body["type"]](self._world, found, body.get("data") or {}, files)
        found.answered = body["type"]
        if found.kind == SUBMIT:
            self._world.modals.pop(found.user, None)
        self._world.pulse.beat()
        return found

    def by_token(self, application: str, token: str) -> Interaction:
        """Return the interaction a follow-up is for. Raises Unknown Webhook, and Invalid Webhook Token."""
        found = next((each for each in self._all.values() if secrets.compare_digest(each.token, token)), None)
        if found is None or application != self._world.application.id or found.answered is None:
            raise ProblemError(10015)
        if self._world.clock.now() - found.created_at > TO_FOLLOW_UP:
            raise ProblemError(50027)
        return found

    def original(self, interaction: Interaction) -> Message:
        """Return the message that was the answer. Raises Unknown Message."""
        if interaction.original is None or interaction.original.id not in self._world.messages:
            raise ProblemError(10008)
        return interaction.original

    def message(self, interaction: Interaction, message: str) -> Message:
        """Return the original or a follow-up. Raises Unknown Message."""
        if message == "@original":
            return self.original(interaction)
        found = self._world.messages.get(message)
        if found is None or found.by_interaction != interaction.id:
            raise ProblemError(10008)
        return found

    def follow_up(self, interaction: Interaction, body: Json, files: Files) -> Message:
        """Add a message; what is still "thinking" is filled instead, and keeps whether it is ephemeral."""
        if interaction.original is not None and interaction.original.is_loading:
            return messages.edit(self._world, self.original(interaction), body, files, mentions.BY_INTERACTION)
        return _say(self._world, interaction, body, files)

    def edit(self, interaction: Interaction, message: str, body: Json, files: Files) -> Message:
        """Edit the original or a follow-up."""
        found = self.message(interaction, message)
        return messages.edit(self._world, found, body, files, mentions.BY_INTERACTION)

    def callback_json(self, interaction: Interaction) -> Json:
        """Return the body of the answer to a callback that wants one."""
        original, answered = interaction.original, interaction.answered or 0
        told: Json = {"id": interaction.id, "type": interaction.kind, "channel_id": interaction.channel}
        if original is None:
            return {"interaction": told}
        told |= {"response_message_id": original.id, "response_message_loading": original.is_loading}
        told["response_message_ephemeral"] = bool(original.flags & EPHEMERAL)
        resource = {"type": answered, "message": message_json(self._world, original)}
        return {"interaction": told} | ({"resource": resource} if answered in (MESSAGE, UPDATE) else {})


def _type_faults(interaction: Interaction, answer: int) -> list[str]:
    if answer not in LEGAL[interaction.kind]:
        return [f"an interaction of type {interaction.kind} takes no answer of type {answer}"]
    if answer in (DEFER_UPDATE, UPDATE) and interaction.source is None:
        return [f"an answer of type {answer} needs a message to update"]
    return []


def _say(world: World, interaction: Interaction, data: Json, files: Files) -> Message:
    refuse(world, "interaction", message_faults(data, files))
    refuse(world, "interaction", messages.empty_faults(data, files), 50006)
    channel = world.channels[interaction.channel]
    allowed = mentions.allowed_by(data, mentions.BY_INTERACTION)
    message = messages.compose(world, channel, world.bot, data, files, allowed)
    message.by_interaction = interaction.id
    if message.flags & EPHEMERAL:
        message.only_for = interaction.user
        message.pings &= {interaction.user}
    return messages.publish(world, message)


def _message(world: World, interaction: Interaction, data: Json, files: Files) -> None:
    interaction.original = _say(world, interaction, data, files)


def _defer(world: World, interaction: Interaction, data: Json, files: Files) -> None:
    flags = data.get("flags") or 0
    refuse(world, "defer", ["only EPHEMERAL may be set"] if flags & ~EPHEMERAL else [])
    message = Message(world.snowflake(), interaction.channel, world.bot, "", world.clock.now())
    message.flags = flags | LOADING
    message.by_interaction = interaction.id
    message.only_for = interaction.user if flags & EPHEMERAL else None
    interaction.original = messages.publish(world, message)


def _defer_update(world: World, interaction: Interaction, data: Json, files: Files) -> None:
    interaction.original = _source(world, interaction)


def _update(world: World, interaction: Interaction, data: Json, files: Files) -> None:
    source = _source(world, interaction)
    data = data | {"flags": (data.get("flags") or 0) & COMPONENTS_V2}
    interaction.original = messages.edit(world, source, data, files, mentions.BY_INTERACTION)


def _source(world: World, interaction: Interaction) -> Message:
    source = interaction.source
    if source is None or source.id not in world.messages:
        raise ProblemError(10008)
    return source


def _choices(world: World, interaction: Interaction, data: Json, files: Files) -> None:
    refuse(world, "choices", choice_faults(data.get("choices") or []))
    interaction.choices = data.get("choices") or []


def _modal(world: World, interaction: Interaction, data: Json, files: Files) -> None:
    refuse(world, "modal", modal_faults(data))
    interaction.modal = world.modals[interaction.user] = read_modal(data, interaction.id)


ANSWERS: Mapping[int, Callable[[World, Interaction, Json, Files], None]] = {
    MESSAGE: _message,
    DEFER: _defer,
    DEFER_UPDATE: _defer_update,
    UPDATE: _update,
    CHOICES: _choices,
    MODAL: _modal,
}
