"""What people do: type commands, press, choose, fill forms, come and go."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from tests.discord.delivery import Delivery
from tests.discord.interactions import COMMAND, COMPLETION, COMPONENT, NAMES, SUBMIT, Interaction, Interactions
from tests.discord.messages import publish
from tests.discord.modals import Modal
from tests.discord.payloads import payload_of, resolved
from tests.discord.pulse import TooLateError
from tests.discord.seen import Seen, View
from tests.discord.state import CannotError, Json, Message, Permission
from tests.discord.typing_in import Filled, Typed, command_for, filled, options_of
from tests.discord.world import World

FAILED = "The application did not respond"
WRONG = "Something went wrong. Try again."
SLASH, ON_USER, ON_MESSAGE = 1, 2, 3


@dataclass
class Answered:
    """What came of something a person did. `error` is what Discord itself tells them, if the bot did not answer."""

    interaction: Interaction
    error: str | None
    view: View

    @property
    def kind(self) -> str | None:
        """Return the first answer: "message", "defer", "defer_update", "update", "choices", "modal", or None."""
        return NAMES.get(self.interaction.answered or 0)

    @property
    def message(self) -> Seen | None:
        """Return the message the answer made or changed, as it stands now."""
        return self.view.seen(self.interaction.original) if self.interaction.original else None

    @property
    def modal(self) -> Modal | None:
        """Return the modal the answer opened."""
        return self.interaction.modal

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Return the completions as (name, value)."""
        return [(choice["name"], str(choice["value"])) for choice in self.interaction.choices]


class People:
    """All of it takes effect at once; what reaches the bot is answered before it returns, or `patience` is over."""

    def __init__(self, world: World, interactions: Interactions, view: View, delivery: Callable[[], Delivery]) -> None:
        self._world = world
        self._interactions = interactions
        self._view = view
        self._delivery = delivery
        self.patience = 10.0

    # commands

    async def slash(self, user: str, channel: str | None, command: str, **options: Typed) -> Answered:
        """Type `/command` with subcommands ("intros settings"); `channel` None is the DM with the bot."""
        name, *path = command.removeprefix("/").split()
        place = self._place(user, channel)
        found = command_for(self._world, user, place, SLASH, name)
        sent = options_of(found, path, options)
        return await self._do(COMMAND, user, place, _data(found, sent) | self._chosen(place, _ids(options.values())))

    async def autocomplete(
        self, user: str, channel: str | None, command: str, option: str, text: str, **options: Typed
    ) -> Answered:
        """Have typed `text` into an option, and look at the completions."""
        name, *path = command.removeprefix("/").split()
        place = self._place(user, channel)
        found = command_for(self._world, user, place, SLASH, name)
        sent = options_of(found, path, {**options, option: text}, focused=option)
        return await self._do(COMPLETION, user, place, _data(found, sent))

    async def on_message(self, user: str, command: str, message: Seen) -> Answered:
        """Choose an entry of a message's menu."""
        self._require_in_view(user, message.id)
        found = command_for(self._world, user, message.channel, ON_MESSAGE, command)
        chosen = {"resolved": resolved(self._world, message.channel, (), [self._world.messages[message.id]])}
        data = _data(found, []) | {"target_id": message.id} | chosen
        return await self._do(COMMAND, user, message.channel, data)

    async def on_user(self, user: str, channel: str, command: str, target: str) -> Answered:
        """Choose an entry of somebody's menu."""
        found = command_for(self._world, user, channel, ON_USER, command)
        return await self._do(
            COMMAND, user, channel, _data(found, []) | {"target_id": target} | self._chosen(channel, [target])
        )

    # components and forms

    async def press(self, user: str, message: Seen, button: str) -> Answered:
        """Press a button by its label or custom id, as it stood when it was `Seen`."""
        self._require_in_view(user, message.id)
        found = next((each for each in message.buttons if button in (each.label, each.custom_id)), None)
        if found is None or found.disabled or found.url is not None:
            raise CannotError(f"no button {button!r} to press; there are {message.labels}")
        data = {"custom_id": found.custom_id, "component_type": 2}
        return await self._do(COMPONENT, user, message.channel, data, self._world.messages[message.id])

    async def select(self, user: str, message: Seen, menu: str, values: Iterable[str]) -> Answered:
        """Choose from a select by its custom id or placeholder; values are labels, values or ids."""
        self._require_in_view(user, message.id)
        found = next((each for each in message.menus if menu in (each.custom_id, each.placeholder)), None)
        if found is None or found.disabled:
            raise CannotError(f"no menu {menu!r}")
        chosen = [found.options.get(value, value) for value in values]
        if not found.least <= len(chosen) <= found.most or not set(chosen) <= set(found.options.values() or chosen):
            raise CannotError(f"{chosen} cannot be chosen from {menu!r}")
        kind = {"string_select": 3, "user_select": 5, "role_select": 6, "mentionable_select": 7, "channel_select": 8}
        data: Json = {"custom_id": found.custom_id, "component_type": kind[found.kind], "values": chosen}
        if found.kind != "string_select":
            data |= self._chosen(message.channel, chosen)
        return await self._do(COMPONENT, user, message.channel, data, self._world.messages[message.id])

    async def submit(self, user: str, values: Mapping[str, Filled] | None = None) -> Answered:
        """Fill the modal that is open, by labels or custom ids, and send it; it stays open if nobody answers."""
        modal = self._view.modal_of(user)
        if modal is None:
            raise CannotError(f"{user} has no modal open")
        opened = self._interactions.get(modal.opened_by)
        sent = filled(modal, values or {})
        data = {"custom_id": modal.custom_id, "components": sent} | self._chosen(opened.channel, _values(sent))
        done = await self._do(SUBMIT, user, opened.channel, data, opened.source)
        if done.error is not None:
            self._world.modals[user] = replace(modal, error=WRONG)
        return done

    def close(self, user: str) -> None:
        """Close the modal; what was typed is lost, and the bot does not hear of it."""
        self._world.modals.pop(user, None)

    async def again(self, answered: Answered) -> bool:
        """Deliver the same interaction once more, as happens when a gateway replays."""
        return await self._delivery().bring(answered.interaction, self.patience)

    async def finished(self, answered: Answered) -> Seen:
        """Wait until a deferred answer has its message, and return it."""
        original = answered.interaction.original
        await self._world.pulse.until(lambda: original is not None and not original.is_loading, self.patience)
        return self._view.seen(original) if original is not None else self._none(answered)

    # being there

    def write(self, user: str, channel: str | None, text: str) -> Seen:
        """Write a message of one's own. A bot without intents for messages does not hear of it."""
        place = self._place(user, channel)
        where = self._world.channels[place]
        wanted = Permission.SEND_MESSAGES_IN_THREADS if where.is_thread else Permission.SEND_MESSAGES
        if not self._world.may(user, where) & wanted:
            raise CannotError(f"{user} may not write here")
        message = Message(self._world.snowflake(), place, user, text, self._world.clock.now())
        return self._view.seen(publish(self._world, message))

    def closes_dms(self, user: str, *, blocks: bool = False) -> None:
        """Take no more messages from the bot."""
        self._world.users[user].dms = "blocked" if blocks else "closed"

    def opens_dms(self, user: str) -> None:
        self._world.users[user].dms = "open"

    # how it is done

    async def _do(self, kind: int, user: str, channel: str, data: Json, source: Message | None = None) -> Answered:
        started = self._interactions.start(kind, user, channel, source)
        started.payload = payload_of(self._world, started, data)
        if not self._is_there(channel):
            return Answered(started, FAILED, self._view)
        taken = await self._delivery().bring(started, self.patience)
        return Answered(started, None if taken and await self._is_answered(started) else FAILED, self._view)

    def _is_there(self, channel: str) -> bool:
        """Say whether the bot is where this happens; what it left behind in a server answers no more."""
        guild = self._world.channels[channel].guild
        return guild is None or self._world.bot in self._world.guilds[guild].members

    async def _is_answered(self, interaction: Interaction) -> bool:
        try:
            await self._world.pulse.until(lambda: interaction.answered is not None, self.patience)
        except TooLateError:
            return False
        return True

    def _place(self, user: str, channel: str | None) -> str:
        if channel is None:
            if not self._world.share_a_guild(user):
                raise CannotError(f"{user} and the bot share no server")
            return self._world.direct(user).id
        if not self._world.sees(user, self._world.channels[channel]):
            raise CannotError(f"{user} does not see {channel}")
        return channel

    def _require_in_view(self, user: str, message: str) -> None:
        if message not in {each.id for each in self._view.in_view(user)}:
            raise CannotError(f"{user} does not see {message}")

    def _chosen(self, channel: str, ids: Iterable[str]) -> Json:
        found = resolved(self._world, channel, ids)
        return {"resolved": found} if found else {}

    def _none(self, answered: Answered) -> Seen:
        raise CannotError(f"{answered.interaction.id} has no message")


def _data(command: Json, options: list[Json]) -> Json:
    named: Json = {"id": command["id"], "name": command["name"], "type": command["type"]}
    if command.get("guild_id"):
        named["guild_id"] = command["guild_id"]
    return named | ({"options": options} if options else {})


def _ids(values: Iterable[Typed]) -> list[str]:
    return [value for value in values if isinstance(value, str) and value.isdigit()]


def _values(sent: list[Json]) -> list[str]:
    inside = [each.get("component") or {} for each in sent]
    return [value for each in inside for value in each.get("values", [])]
