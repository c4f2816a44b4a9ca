"""What Slack sends to an app: commands, interactions and events, complete."""

from tests.slack.methods_chat import message_json
from tests.slack.methods_rest import user_json
from tests.slack.seen import Pressable, Seen
from tests.slack.state import JSON, View
from tests.slack.views import as_payload
from tests.slack.world import World


class Payloads:
    """Builds payloads about one world; `url` is where the server listens, for response URLs."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.url = ""

    def command(self, user: str, channel: str, name: str, text: str) -> JSON:
        """Return the form of a slash command."""
        team = self._world.teams[self._world.home_team(user)]
        at = self._world.channels[channel]
        return {
            "token": self._world.app.verification_token,
            "team_id": team.id,
            "team_domain": team.domain,
            "channel_id": at.id,
            "channel_name": at.payload_name,
            "user_id": user,
            "user_name": self._world.users[user].handle,
            "command": name,
            "text": text,
            "api_app_id": self._world.app.id,
            "is_enterprise_install": "false",
            "response_url": self._response_url(user, channel),
            "trigger_id": self._world.grant_trigger(user, team.id),
        }

    def press(self, user: str, message: Seen, button: Pressable) -> JSON:
        """Return a button pressed on a message; of an ephemeral one the message itself is not told."""
        found = self._world.channels[message.channel]
        post = found.posts[message.ts]
        payload = {
            **self._interaction("block_actions", user),
            "container": {
                "type": "message",
                "message_ts": message.ts,
                "channel_id": message.channel,
                "is_ephemeral": message.ephemeral,
            },
            "channel": {"id": found.id, "name": found.payload_name},
            "state": {"values": {}},
            "response_url": self._response_url(user, found.id, message.ts),
            "actions": [self._action(button)],
        }
        if not message.ephemeral:
            payload["message"] = message_json(self._world.app.id, found.team, post)
        return payload

    def press_in_view(self, user: str, view: View, button: Pressable) -> JSON:
        """Return a button pressed on the Home tab or in a modal."""
        inside = view.id if view.body["type"] == "modal" else ""
        shown = self.view(view)
        return {
            **self._interaction("block_actions", user, inside),
            "container": {"type": "view", "view_id": view.id},
            "view": shown,
            "state": shown["state"],
            "actions": [self._action(button)],
        }

    def submission(self, user: str, view: View) -> JSON:
        """Return a modal that was sent."""
        return {**self._interaction("view_submission", user, view.id), "view": self.view(view), "response_urls": []}

    def closed(self, user: str, view: View) -> JSON:
        """Return a modal that was closed; it opens no other."""
        payload = self._interaction("view_closed", user)
        del payload["trigger_id"]
        return {**payload, "view": self.view(view), "is_cleared": False}

    def picked(self, user: str, message: Seen, callback_id: str) -> JSON:
        """Return a message shortcut."""
        found = self._world.channels[message.channel]
        return {
            **self._interaction("message_action", user),
            "action_ts": self._world.next_ts(),
            "callback_id": callback_id,
            "message_ts": message.ts,
            "response_url": self._response_url(user, found.id),
            "channel": {"id": found.id, "name": found.payload_name},
            "message": message_json(self._world.app.id, found.team, found.posts[message.ts]),
        }

    def shortcut(self, user: str, callback_id: str) -> JSON:
        """Return a global shortcut; it has no channel and no response_url."""
        return {
            **self._interaction("shortcut", user),
            "action_ts": self._world.next_ts(),
            "callback_id": callback_id,
        }

    def event(self, event: JSON, team: str) -> JSON:
        """Return an event in its envelope; for an app that is gone Slack names no authorisations."""
        envelope: JSON = {
            "token": self._world.app.verification_token,
            "team_id": team,
            "context_team_id": team,
            "context_enterprise_id": None,
            "api_app_id": self._world.app.id,
            "event": {"event_ts": self._world.next_ts(), **event},
            "type": "event_callback",
            "event_id": self._world.next_id("Ev"),
            "event_time": self._world.seconds(),
            "is_ext_shared_channel": False,
        }
        if event["type"] not in ("app_uninstalled", "tokens_revoked"):
            envelope["authorizations"] = [self._authorization(team)]
        return envelope

    def home_opened(self, user: str, tab: str) -> JSON:
        """Return the event of somebody looking at the app's Home or Messages tab."""
        event: JSON = {"type": "app_home_opened", "user": user, "channel": self._world.direct(user).id, "tab": tab}
        view = self._world.views.homes.get(user)
        return event if view is None or tab != "home" else {**event, "view": self.view(view)}

    def user_changed(self, user: str) -> JSON:
        """Return the event of an account that changed."""
        team = self._world.home_team(user)
        found = user_json(self._world.users[user], team, self._world.clock.now(), with_locale=True)
        return {"type": "user_change", "user": found, "cache_ts": self._world.seconds()}

    def url_verification(self) -> JSON:
        """Return the request that checks an app's URL."""
        token = self._world.app.verification_token
        return {"token": token, "challenge": self._world.next_id("challenge"), "type": "url_verification"}

    def view(self, view: View) -> JSON:
        """Return a view as payloads show it."""
        bot_id = self._world.teams[view.team].bot_id
        return as_payload(view, app=self._world.app.id, bot_id=bot_id)

    def _interaction(self, kind: str, user: str, view: str = "") -> JSON:
        found = self._world.users[user]
        team = self._world.teams[self._world.home_team(user)]
        return {
            "type": kind,
            "token": self._world.app.verification_token,
            "team": {"id": team.id, "domain": team.domain},
            "user": {"id": user, "username": found.handle, "name": found.handle, "team_id": found.team},
            "api_app_id": self._world.app.id,
            "enterprise": None,
            "is_enterprise_install": False,
            "trigger_id": self._world.grant_trigger(user, team.id, view),
        }

    def _action(self, button: Pressable) -> JSON:
        kept = {key: value for key, value in button.raw.items() if key in ("text", "value", "style", "type")}
        ids = {"action_id": button.action_id, "block_id": button.block_id}
        return {**kept, **ids, "action_ts": self._world.next_ts()}

    def _authorization(self, team: str) -> JSON:
        return {
            "enterprise_id": None,
            "team_id": team,
            "user_id": self._world.teams[team].bot_user,
            "is_bot": True,
            "is_enterprise_install": False,
        }

    def _response_url(self, user: str, channel: str, ts: str = "") -> str:
        return f"{self.url}/response/{self._world.grant_response_url(user, channel, ts)}"
