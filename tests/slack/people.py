"""What people do in Slack: type, press, fill in, pick, open and leave; each comes to the app as Slack would send it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from tests.slack.delivering import COMMANDS, EVENTS, INTERACTIVE, Ack, Delivery, Http, NoTransport, Transport
from tests.slack.forms import Values, fields_of, fill
from tests.slack.payloads import Payloads
from tests.slack.reacting import React, Reactions, failure_of
from tests.slack.rendering import escape
from tests.slack.seen import Modal, Seen, home_as_seen
from tests.slack.state import JSON, CannotError, Complaint, View
from tests.slack.world import World

MOST_RETRIES = 3
_URL = re.compile(r"https?://[^\s<>]+")


@dataclass(frozen=True)
class Answered:
    """How the app answered one delivery; `error` is what Slack showed the person, or None."""

    request: Delivery
    ack: Ack
    error: str | None
    user: str
    about: str
    react: React

    @property
    def status(self) -> int:
        return self.ack.status

    @property
    def body(self) -> Any:  # noqa: ANN401 -- whatever the app answered
        return self.ack.body


class People:
    """Everybody's hands."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.payloads = Payloads(world)
        self.reactions = Reactions(world)
        self.transport: Transport = NoTransport()
        self.patience = 10.0
        self.last: Answered | None = None
        self.untaken: list[Answered] = []

    # commands, buttons, forms

    async def slash(self, user: str, channel: str | None, command: str, text: str = "") -> Answered:
        """Type a command, in a channel or (None) in the conversation with the app."""
        at = self._world.direct(user).id if channel is None else channel
        self._require_at_home(user)
        self._require_in(user, at)
        payload = self.payloads.command(user, at, command, self._typed(text, "<@{user}|{handle}>"))
        delivery = Delivery(COMMANDS, payload)
        return await self._deliver(delivery, user, command, self.reactions.to_command(user, at))

    async def press(self, user: str, message: Seen, button: str) -> Answered:
        """Press a button as it stood when the message was looked at; it may have changed since."""
        self._require_in(user, message.channel)
        post = self._world.channels[message.channel].posts.get(message.ts)
        if post is None or post.only_for not in ("", user):
            raise CannotError(f"{user} sees no such message")
        pressed = message.button(button)
        payload = self.payloads.press(user, message, pressed)
        return await self._interact(user, pressed.action_id, payload, self.reactions.to_press)

    async def press_home(self, user: str, button: str) -> Answered:
        """Press a button on the Home tab."""
        view = self._world.views.homes.get(user)
        if view is None:
            raise CannotError(f"{user} has no Home tab")
        pressed = home_as_seen(view, self._world.reader(user)).button(button)
        payload = self.payloads.press_in_view(user, view, pressed)
        return await self._interact(user, pressed.action_id, payload, self.reactions.to_press)

    async def press_modal(self, user: str, button: str) -> Answered:
        """Press a button inside the modal in front."""
        pressed = self._world.modal_of(user).button(button)
        payload = self.payloads.press_in_view(user, self._in_front(user), pressed)
        return await self._interact(user, pressed.action_id, payload, self.reactions.to_press)

    async def submit(self, user: str, values: Values | None = None, *, modal: Modal | None = None) -> Answered:
        """Fill in the modal in front and send it; what is not named keeps what stands in it."""
        view = self._in_front(user)
        if modal is not None and modal.id != view.id:
            raise CannotError("another modal is in front")
        if not view.body.get("submit"):
            raise CannotError("the modal cannot be sent")
        fill(view, fields_of(view), values or {}, self._world.users)
        payload = self.payloads.submission(user, view)
        about = view.body.get("callback_id", "")
        return await self._interact(user, about, payload, self.reactions.to_submission(view))

    async def close(self, user: str) -> Answered | None:
        """Close the modal in front; the app hears of it only if it asked to."""
        view = self._in_front(user)
        self._world.views.close(view)
        if not view.body.get("notify_on_close"):
            return None
        return await self._interact(user, "view_closed", self.payloads.closed(user, view), _nothing)

    def write(self, user: str, channel: str, text: str) -> Seen:
        """Post a person's own message; nobody tells the app."""
        self._require_in(user, channel)
        marked = self._typed(text, "<@{user}>")
        body = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
        sent: JSON = {"text": marked, "blocks": [{"type": "rich_text", "elements": [body]}]}
        post = self._world.post(channel, user, sent)
        return next(seen for seen in self._world.in_view(user) if seen.ts == post.ts)

    async def pick_message(self, user: str, message: Seen, callback_id: str) -> Answered:
        """Choose a message shortcut on a message; ephemeral ones offer none."""
        self._require_at_home(user)
        self._require_in(user, message.channel)
        if message.ephemeral or message.ts not in self._world.channels[message.channel].posts:
            raise CannotError("no shortcuts on this message")
        return await self._interact(user, callback_id, self.payloads.picked(user, message, callback_id), _nothing)

    async def global_shortcut(self, user: str, callback_id: str) -> Answered:
        """Choose a global shortcut."""
        self._require_at_home(user)
        return await self._interact(user, callback_id, self.payloads.shortcut(user, callback_id), _nothing)

    # events

    async def open_home(self, user: str, tab: str = "home") -> Answered:
        """Look at the app's Home (or Messages) tab."""
        return await self.event(self.payloads.home_opened(user, tab), self._world.home_team(user))

    async def user_changed(self, user: str, **changes: Any) -> Answered:  # noqa: ANN401 -- User's fields
        """Change an account, and let the app hear of it."""
        self._world.users[user] = replace(self._world.users[user], **changes)
        return await self.event(self.payloads.user_changed(user), self._world.home_team(user))

    async def uninstall(
        self, team: str = "T1", order: Sequence[str] = ("tokens_revoked", "app_uninstalled")
    ) -> list[Answered]:
        """Remove the app from a workspace: its tokens end, and both events come in this order."""
        self._revoke(team)
        bot = self._world.teams[team].bot_user
        events: dict[str, JSON] = {
            "tokens_revoked": {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [bot]}},
            "app_uninstalled": {"type": "app_uninstalled"},
        }
        return [await self.event(events[name], team) for name in order]

    async def revoke_tokens(self, team: str = "T1") -> Answered:
        """Take the app's tokens back, without removing it."""
        (answered,) = await self.uninstall(team, ("tokens_revoked",))
        return answered

    async def event(self, event: JSON, team: str = "T1") -> Answered:
        """Let the app hear of anything; what it does not take is kept for retry_events."""
        delivery = Delivery(EVENTS, self.payloads.event(event, team))
        answered = await self._deliver(delivery, "", str(event["type"]), _nothing)
        self._keep_untaken(answered)
        return answered

    async def verify_url(self) -> Answered:
        """Let Slack check the app's URL, as it does when the URL is typed in."""
        delivery = Delivery(EVENTS, self.payloads.url_verification())
        return await self._deliver(delivery, "", "url_verification", _nothing)

    # once more

    async def again(self, answered: Answered, *, reason: str = "http_timeout") -> Answered:
        """Send the very same payload once more; an event says that it is a retry."""
        request = answered.request
        if request.kind == EVENTS:
            request = replace(request, retry=request.retry + 1, reason=reason)
        return await self._deliver(request, answered.user, answered.about, answered.react)

    async def retry_events(self) -> list[Answered]:
        """Send each event that was not taken once more, as Slack does up to three times."""
        waiting, self.untaken = self.untaken, []
        retried = [await self.again(answered, reason=_reason(answered.ack)) for answered in waiting]
        for answered in retried:
            self._keep_untaken(answered)
        return retried

    def signed(self, body: bytes, *, at: int | None = None) -> dict[str, str]:
        """Return the headers of a signed request, for one that is made by hand."""
        return self._http().signed(body, at=at)

    async def post(self, body: bytes, headers: dict[str, str]) -> Ack:
        """Send any bytes with any headers to the app's URL."""
        return await self._http().post(body, headers, self.patience)

    # how it gets there

    async def _interact(self, user: str, about: str, payload: JSON, react: React) -> Answered:
        return await self._deliver(Delivery(INTERACTIVE, payload), user, about, react)

    async def _deliver(self, delivery: Delivery, user: str, about: str, react: React) -> Answered:
        ack = await self.transport.send(delivery, self.patience)
        error = "" if delivery.kind == EVENTS else failure_of(ack) or react(ack)
        if error:
            self._world.complaints.append(Complaint(user, error, about))
        self.last = Answered(delivery, ack, error or None, user, about, react)
        return self.last

    def _keep_untaken(self, answered: Answered) -> None:
        taken = 200 <= answered.status < 300
        wanted = answered.ack.headers.get("x-slack-no-retry") != "1" and answered.request.retry < MOST_RETRIES
        if not taken and wanted:
            self.untaken.append(answered)

    def _http(self) -> Http:
        assert isinstance(self.transport, Http), "requests are signed over HTTP only"
        return self.transport

    def _revoke(self, team: str) -> None:
        for token in self._world.tokens.values():
            token.revoked = token.revoked or token.team == team

    def _in_front(self, user: str) -> View:
        self._world.modal_of(user)
        return self._world.views.stack(user)[-1]

    def _require_in(self, user: str, channel: str) -> None:
        found = self._world.channels[channel]
        if user not in found.members:
            raise CannotError(f"{user} is not in {channel}")
        if found.archived:
            raise CannotError(f"{channel} is archived")

    def _require_at_home(self, user: str) -> None:
        found = self._world.users[user]
        if found.stranger or found.deleted or found.bot:
            raise CannotError(f"{user} has no commands and shortcuts here")

    def _typed(self, text: str, mention: str) -> str:
        """Return typed text as Slack hands it on: mentions and links in brackets, the rest escaped."""
        called: dict[str, str] = {}
        for user in self._world.users.values():
            called.setdefault(f"@{user.name}", mention.format(user=user.id, handle=user.handle))
        names = "|".join(re.escape(name) for name in sorted(called, key=len, reverse=True))
        parts = re.split(rf"({names})(?!\w)|({_URL.pattern})", text)
        return "".join(_marked(part, called) for part in parts if part)


def _marked(part: str, called: dict[str, str]) -> str:
    if part in called:
        return called[part]
    return f"<{escape(part)}>" if _URL.fullmatch(part) else escape(part)


def _reason(ack: Ack) -> str:
    return {"timeout": "http_timeout", "connection": "connection_failed"}.get(ack.problem, "http_error")


def _nothing(ack: Ack) -> str:
    """Show nobody anything."""
    return ""
