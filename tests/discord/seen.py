"""What people have in front of them: messages as they read them, with what they can press and choose from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from tests.discord.attachments import walk
from tests.discord.inert import shown
from tests.discord.messages import texts_of
from tests.discord.modals import KINDS, Modal
from tests.discord.state import Channel, ChannelKind, Json, Message
from tests.discord.world import World


@dataclass(frozen=True)
class Pressable:
    """A button; one with a `url` opens a page and tells the bot nothing."""

    label: str
    custom_id: str
    style: int
    disabled: bool
    url: str | None


@dataclass(frozen=True)
class Menu:
    """A select under a message."""

    custom_id: str
    placeholder: str
    kind: str
    options: Mapping[str, str]
    least: int
    most: int
    disabled: bool


@dataclass(frozen=True)
class Seen:
    """A message as somebody reads it. `place`: "dm", "channel", "thread" or "ephemeral"."""

    id: str
    channel: str
    place: str
    author: str
    content: str
    shown: str
    buttons: tuple[Pressable, ...]
    menus: tuple[Menu, ...]
    pings: frozenset[str]
    edited: bool
    loading: bool
    files: tuple[str, ...]
    embeds: tuple[Json, ...] = field(repr=False)
    components: tuple[Json, ...] = field(repr=False)
    texts: tuple[str, ...] = field(repr=False)

    @property
    def ephemeral(self) -> bool:
        return self.place == "ephemeral"

    @property
    def labels(self) -> tuple[str, ...]:
        """Return what its buttons say."""
        return tuple(button.label for button in self.buttons)


class View:
    """Looks at the world with somebody's eyes."""

    def __init__(self, world: World) -> None:
        self._world = world

    def in_view(self, user: str) -> tuple[Seen, ...]:
        """Return everything this person can read, oldest first: DM with the bot, channels, threads, ephemerals."""
        return tuple(self.seen(each) for each in self._sorted() if self._reads(user, each))

    def dm_of(self, user: str) -> tuple[Seen, ...]:
        """Return what stands in somebody's DM with the bot."""
        return tuple(each for each in self.in_view(user) if self._world.channels[each.channel].recipient == user)

    def ephemerals_of(self, user: str) -> tuple[Seen, ...]:
        """Return what only this person was shown, wherever they were."""
        return tuple(each for each in self.in_view(user) if each.ephemeral)

    def messages(self, channel: str) -> tuple[Seen, ...]:
        """Return what stands in a channel for everybody in it."""
        return tuple(self.seen(each) for each in self._sorted() if each.channel == channel and each.only_for is None)

    def threads(self, parent: str | None = None) -> tuple[Channel, ...]:
        """Return all threads, or those of a channel."""
        return tuple(each for each in self._world.channels.values() if each.is_thread and parent in (None, each.parent))

    def threads_of(self, user: str) -> tuple[Channel, ...]:
        """Return the private threads this person is in and can see."""
        private = [each for each in self.threads() if each.is_private_thread and user in each.members]
        return tuple(each for each in private if self._world.sees(user, each))

    def modal_of(self, user: str) -> Modal | None:
        """Return the modal this person has open."""
        return self._world.modals.get(user)

    def seen(self, message: Message) -> Seen:
        """Return one message as it is read."""
        components = list(walk(message.components))
        return Seen(
            message.id,
            message.channel,
            self._place(message),
            message.author,
            message.content,
            self._shown(message),
            tuple(_button(each) for each in components if each["type"] == 2),
            tuple(_menu(each) for each in components if each["type"] in (3, 5, 6, 7, 8)),
            message.pings,
            message.edited_at is not None,
            message.is_loading,
            tuple(each.name for each in message.attachments),
            tuple(message.embeds),
            tuple(message.components),
            tuple(texts_of(message)),
        )

    def _sorted(self) -> list[Message]:
        return sorted(self._world.messages.values(), key=lambda each: int(each.id))

    def _reads(self, user: str, message: Message) -> bool:
        if message.only_for is not None:
            return message.only_for == user
        return self._world.sees(user, self._world.channels[message.channel])

    def _place(self, message: Message) -> str:
        channel = self._world.channels[message.channel]
        if message.only_for is not None:
            return "ephemeral"
        if channel.kind is ChannelKind.DM:
            return "dm"
        return "thread" if channel.is_thread else "channel"

    def _shown(self, message: Message) -> str:
        names = {user.id: user.name for user in self._world.users.values()}
        texts = [*texts_of(message), *(text for embed in message.embeds for text in _texts(embed))]
        return "\n".join(shown(text, names) for text in texts if text)


def _texts(embed: Json) -> Iterable[str]:
    yield from (embed.get("title") or "", embed.get("description") or "")
    for each in embed.get("fields") or []:
        yield from (each["name"], each["value"])
    yield (embed.get("footer") or {}).get("text") or ""


def _button(component: Json) -> Pressable:
    return Pressable(
        component.get("label") or "",
        component.get("custom_id") or "",
        component["style"],
        bool(component.get("disabled")),
        component.get("url"),
    )


def _menu(component: Json) -> Menu:
    return Menu(
        component["custom_id"],
        component.get("placeholder") or "",
        KINDS[component["type"]],
        {option["label"]: option["value"] for option in component.get("options") or []},
        component.get("min_values", 1),
        component.get("max_values", 1),
        bool(component.get("disabled")),
    )
