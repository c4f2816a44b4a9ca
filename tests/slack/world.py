"""The whole of Slack, as far as one app can see it: who and what there is, and what everybody has in front of them."""

import copy
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from bot.ports.edges import Clock
from tests.slack.forms import fields_of
from tests.slack.pings import pinged
from tests.slack.rendering import Reader
from tests.slack.seen import Modal, Seen, home_as_seen, modal_as_seen, post_as_seen
from tests.slack.state import (
    JSON,
    App,
    Call,
    CannotError,
    Channel,
    Code,
    Complaint,
    File,
    Post,
    ResponseUrl,
    Team,
    Token,
    Trigger,
    User,
)
from tests.slack.views import Views

TRIGGER_LIVES = timedelta(seconds=3)
RESPONSE_URL_LIVES = timedelta(minutes=30)


class World:
    """One app's Slack. Everything is in memory, and every id counts up, so that a run is the same each time."""

    def __init__(self, clock: Clock, app: App) -> None:
        self.clock = clock
        self.app = app
        self.teams: dict[str, Team] = {}
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.tokens: dict[str, Token] = {}
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.files: dict[str, File] = {}
        self.codes: dict[str, Code] = {}
        self.socket_tickets: set[str] = set()
        self.tickets_issued = 0
        self.views = Views(self.next_id)
        self.violations: list[str] = []
        self.calls: list[Call] = []
        self.complaints: list[Complaint] = []
        self._made = 0
        self._add_app_token(app)

    # what there is

    def add_team(self, team: str, *, domain: str, bot_user: str = "", bot_id: str = "") -> Team:
        """Add a workspace in which the app is not installed yet."""
        added = Team(team, domain, bot_user or f"U0BOT{team}", bot_id or f"B0BOT{team}")
        self.teams[team] = added
        return added

    def add_user(self, user: str, name: str, team: str = "T1", **flags: Any) -> User:  # noqa: ANN401 -- User's flags
        """Add an account."""
        self.users[user] = User(user, team, name, **flags)
        return self.users[user]

    def add_channel(
        self,
        channel: str,
        name: str,
        members: Iterable[str],
        *,
        team: str = "T1",
        **facts: Any,  # noqa: ANN401
    ) -> Channel:
        """Add a conversation; `kind` is channel, private, im or mpim."""
        self.channels[channel] = Channel(channel, team, name, members=set(members), **facts)
        return self.channels[channel]

    def install(self, team: str = "T1", *, scopes: Iterable[str] | None = None, installed_by: str = "U0OWNER") -> str:
        """Install the app in a workspace and return its new bot token."""
        home = self.teams[team]
        self.users.setdefault(home.bot_user, User(home.bot_user, team, "twoyes", bot=True, app=True))
        count = sum(1 for token in self.tokens.values() if token.team == team) + 1
        value = f"xoxb-{team}-{count}"
        granted = tuple(self.app.scopes if scopes is None else scopes)
        self.tokens[value] = Token(value, team, granted)
        return value

    def revoke(self, token: str) -> None:
        """Let calls with this token answer token_revoked."""
        self.tokens[token].revoked = True

    def set_scopes(self, token: str, scopes: Iterable[str]) -> None:
        """Change what a token may do."""
        self.tokens[token].scopes = tuple(scopes)

    def close_account(self, team: str = "T1") -> None:
        """Let calls for this workspace answer account_inactive."""
        self.teams[team].closed = True

    def user(self, user: str) -> User:
        return self.users[user]

    def channel(self, channel: str) -> Channel:
        return self.channels[channel]

    @property
    def group_dms(self) -> tuple[Channel, ...]:
        """Return every group message that was opened."""
        return tuple(channel for channel in self.channels.values() if channel.kind == "mpim")

    def direct(self, user: str, team: str = "") -> Channel:
        """Return somebody's conversation with the app; it is made the first time."""
        at = self.teams[team or self.home_team(user)]
        found = f"D{user[1:]}" if at.id == "T1" else f"D{at.id}{user[1:]}"
        if found not in self.channels:
            self.add_channel(found, "", {user, at.bot_user}, team=at.id, kind="im")
        return self.channels[found]

    def group(self, users: Iterable[str], team: str) -> Channel:
        """Return the group message of these people and the app: the same people, the same conversation."""
        members = {*users, self.teams[team].bot_user}
        for channel in self.group_dms:
            if channel.members == members and channel.team == team:
                return channel
        handles = "--".join(sorted(self.users[user].handle for user in members))
        return self.add_channel(
            f"C0MPDM{len(self.group_dms) + 1}", f"mpdm-{handles}-1", members, team=team, kind="mpim"
        )

    def home_team(self, user: str) -> str:
        """Return the workspace in which somebody meets the app: a stranger does so as a visitor."""
        found = self.users[user]
        return "T1" if found.stranger else found.team

    # ids, time, rights

    def next_id(self, prefix: str) -> str:
        """Return a fresh id such as `V00001`."""
        self._made += 1
        return f"{prefix}{self._made:05d}"

    def seconds(self) -> int:
        """Return the time as Slack writes it."""
        return int(self.clock.now().timestamp())

    def next_ts(self) -> str:
        """Return a fresh message timestamp; they are in order of posting."""
        self._made += 1
        return f"{self.seconds()}.{self._made:06d}"

    def grant_trigger(self, user: str, team: str, view: str = "") -> str:
        """Return a trigger_id: it works once, for three seconds."""
        until = self.clock.now() + TRIGGER_LIVES
        trigger = Trigger(f"{self.next_id('')}.{self.seconds()}.{user.lower()}", user, team, until, view)
        self.triggers[trigger.id] = trigger
        return trigger.id

    def grant_response_url(self, user: str, channel: str, ts: str = "") -> str:
        """Return the id of a response_url: five uses within half an hour."""
        granted = ResponseUrl(self.next_id("R"), user, channel, ts, self.clock.now() + RESPONSE_URL_LIVES)
        self.response_urls[granted.id] = granted
        return granted.id

    # what is posted

    def post(self, channel: str, author: str, sent: JSON, **facts: Any) -> Post:  # noqa: ANN401 -- Post's fields
        """Put a message somewhere. `sent` has text and blocks, and whatever decides who is notified."""
        post = Post(
            ts=self.next_ts(),
            channel=channel,
            author=author,
            text=str(sent.get("text") or ""),
            blocks=self.numbered(sent.get("blocks") or []),
            thread_ts=str(sent.get("thread_ts") or ""),
            pings=pinged(sent),
            **facts,
        )
        self.channels[channel].posts[post.ts] = post
        return post

    def change(self, post: Post, sent: JSON) -> None:
        """Put other words in a message's place; blocks that are not named stay, as on Slack."""
        post.text = str(sent.get("text") or "")
        if sent.get("blocks") is not None:
            post.blocks = self.numbered(sent["blocks"])
        post.pings |= pinged(sent)
        post.edited = self.next_ts()

    def numbered(self, blocks: list[JSON]) -> list[JSON]:
        """Return the blocks with the ids that Slack gives to those without."""
        kept = copy.deepcopy(blocks)
        for block in kept:
            block.setdefault("block_id", self.next_id("b"))
            inside = [*(block.get("elements") or ()), block.get("accessory"), block.get("element")]
            for element in inside:
                if isinstance(element, dict) and element.get("type", "").endswith(("button", "_select", "_input")):
                    element.setdefault("action_id", self.next_id("a"))
        return kept

    # what people see

    def in_view(self, user: str) -> tuple[Seen, ...]:
        """Return every message somebody can see, oldest first."""
        posts = (
            (post, channel)
            for channel in self.channels.values()
            if user in channel.members
            for post in channel.posts.values()
            if post.only_for in ("", user)
        )
        ordered = sorted(posts, key=lambda found: found[0].ts)
        return tuple(post_as_seen(post, place_of(channel), self.reader(user)) for post, channel in ordered)

    def dm_of(self, user: str) -> tuple[Seen, ...]:
        """Return what stands in somebody's conversation with the app."""
        return tuple(seen for seen in self.in_view(user) if seen.place == "dm")

    def messages(self, channel: str) -> tuple[Seen, ...]:
        """Return all that stands in a conversation for everybody there."""
        found = self.channels[channel]
        reader = self.reader(None)
        return tuple(post_as_seen(p, place_of(found), reader) for p in found.posts.values() if not p.only_for)

    def home_of(self, user: str) -> Seen | None:
        """Return somebody's Home tab, or None if none was published."""
        view = self.views.homes.get(user)
        return None if view is None else home_as_seen(view, self.reader(user))

    def modals_of(self, user: str) -> tuple[Modal, ...]:
        """Return the modals somebody has open, the one in front last."""
        reader = self.reader(user)
        return tuple(modal_as_seen(view, fields_of(view), reader) for view in self.views.stack(user))

    def modal_of(self, user: str) -> Modal:
        """Return the modal in front of somebody, or raise CannotError."""
        modals = self.modals_of(user)
        if not modals:
            raise CannotError(f"{user} has no modal open")
        return modals[-1]

    def reader(self, user: str | None) -> Reader:
        """Return somebody's eyes; nobody's in particular are in UTC."""
        zone = self.users[user].tz if user else "UTC"
        names = {each.id: each.name for each in self.users.values()}
        channels = {each.id: each.name for each in self.channels.values()}
        return Reader(zone, self.clock.now(), names, channels)

    # what the app did

    def called(self, method: str) -> list[Call]:
        """Return the calls of one method."""
        return [call for call in self.calls if call.method == method]

    def violate(self, where: str, faults: Iterable[str]) -> None:
        """Write down what Slack would not take."""
        self.violations.extend(f"{where}: {fault}" for fault in faults)

    def take_violations(self) -> list[str]:
        """Return them and forget them."""
        taken, self.violations[:] = list(self.violations), []
        return taken

    def _add_app_token(self, app: App) -> None:
        self.tokens[app.app_token] = Token(app.app_token, "", app.app_token_scopes, kind="app")


def place_of(channel: Channel) -> str:
    """Return dm, group or channel."""
    return {"im": "dm", "mpim": "group"}.get(channel.kind, "channel")
