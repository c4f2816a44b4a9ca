"""What there is in the Slack for tests: workspaces, people, conversations, messages, views, files and tokens."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

JSON = dict[str, Any]


@dataclass
class App:
    """The app under test, as api.slack.com knows it."""

    id: str
    client_id: str
    client_secret: str
    signing_secret: str
    app_token: str
    scopes: tuple[str, ...]
    verification_token: str = "verification-token"
    app_token_scopes: tuple[str, ...] = ("connections:write",)
    redirect_uris: tuple[str, ...] = ()
    home_tab: bool = True
    messages_tab: bool = True
    escapes_commands: bool = True


@dataclass
class Team:
    """A workspace, and the app's own user in it."""

    id: str
    domain: str
    bot_user: str
    bot_id: str
    closed: bool = False


@dataclass
class User:
    """An account. `opens_with` and `dm_closed` are errors that Slack answers when the bot writes to them."""

    id: str
    team: str
    name: str
    tz: str = "Europe/London"
    locale: str = "en-GB"
    bot: bool = False
    app: bool = False
    deleted: bool = False
    guest: bool = False
    ultra_restricted: bool = False
    admin: bool = False
    owner: bool = False
    stranger: bool = False
    opens_with: str = ""
    dm_closed: str = ""

    @property
    def handle(self) -> str:
        """Return the short name, as it follows the bar in `<@U0ANA|ana>`."""
        return self.name.split()[0].lower()


@dataclass
class Post:
    """A message as it stands. `only_for` is set on an ephemeral one; `pings` is whom it notified when it was posted."""

    ts: str
    channel: str
    author: str
    text: str
    blocks: list[JSON] = field(default_factory=list)
    bot_id: str = ""
    edited: str = ""
    only_for: str = ""
    thread_ts: str = ""
    files: tuple[str, ...] = ()
    pings: frozenset[str] = frozenset()


@dataclass
class Channel:
    """A conversation of any kind: channel, private, im or mpim."""

    id: str
    team: str
    name: str
    kind: str = "channel"
    members: set[str] = field(default_factory=set)
    archived: bool = False
    posts: dict[str, Post] = field(default_factory=dict)

    @property
    def payload_name(self) -> str:
        """Return what a payload calls it; only public channels and group messages have a name of their own there."""
        return {"im": "directmessage", "private": "privategroup"}.get(self.kind, self.name)


@dataclass
class Token:
    """A bot's or the app's token."""

    value: str
    team: str
    scopes: tuple[str, ...]
    kind: str = "bot"
    revoked: bool = False


@dataclass
class View:
    """A modal or a Home tab that somebody has in front of them. `typed` is the state of its inputs."""

    id: str
    team: str
    user: str
    body: JSON
    hash: str
    root: str
    previous: str | None = None
    errors: dict[str, str] = field(default_factory=dict)
    typed: dict[str, dict[str, JSON]] = field(default_factory=dict)


@dataclass
class Trigger:
    """The right to open one view, soon. `view` is the modal the interaction came from."""

    id: str
    user: str
    team: str
    until: datetime
    view: str = ""
    used: bool = False


@dataclass
class ResponseUrl:
    """The right to answer an interaction by a URL, a few times."""

    id: str
    user: str
    channel: str
    ts: str
    until: datetime
    left: int = 5


@dataclass
class File:
    """An upload: asked for, then sent, then completed."""

    id: str
    name: str
    length: int
    alt: str = ""
    content: bytes | None = None
    complete: bool = False


@dataclass
class Code:
    """What an authorisation page gave, to be exchanged once."""

    value: str
    team: str
    user: str
    scopes: tuple[str, ...]
    redirect_uri: str
    until: datetime
    enterprise: bool = False
    used: bool = False


@dataclass(frozen=True)
class Call:
    """One call of the Web API, and how it was answered. `error` is empty when it was done."""

    method: str
    team: str
    args: JSON
    at: datetime
    status: int
    error: str


@dataclass(frozen=True)
class Complaint:
    """An error that Slack itself showed to somebody."""

    user: str
    what: str
    about: str


class CannotError(AssertionError):
    """The Slack client would not let a person do that."""
