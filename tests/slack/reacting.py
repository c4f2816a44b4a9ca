"""What Slack does with an app's answer: shows a reply, moves modals on, or tells the person that it failed."""

from collections.abc import Callable
from http import HTTPStatus

from tests.slack.checks import MOST_ERROR, message_faults, view_faults
from tests.slack.delivering import Ack
from tests.slack.forms import input_blocks
from tests.slack.state import JSON, View
from tests.slack.views import StackFullError
from tests.slack.world import World

TIMED_OUT = "operation_timeout"
FAILED = "dispatch_failed"
BAD_RESPONSE = "invalid_command_response"
TROUBLE = "trouble_connecting"
React = Callable[[Ack], str]
"""What follows an acknowledgement; it returns the error the person sees, or nothing."""


def failure_of(ack: Ack) -> str:
    """Return the error Slack shows for an interaction that was not acknowledged with 200."""
    if ack.problem == "timeout":
        return TIMED_OUT
    return "" if ack.status == HTTPStatus.OK else FAILED


class Reactions:
    """Slack's side of each kind of acknowledgement."""

    def __init__(self, world: World) -> None:
        self._world = world

    def to_command(self, user: str, channel: str) -> React:
        """Show the reply in the body: to the one who typed, or to everybody in the channel."""

        def react(ack: Ack) -> str:
            if ack.body in (None, ""):
                return ""
            reply = {"text": ack.body} if isinstance(ack.body, str) else ack.body
            return self._show(user, channel, reply)

        return react

    def to_press(self, ack: Ack) -> str:
        """Note a body: Slack ignores it, so that whoever sent one is mistaken."""
        if ack.body not in (None, ""):
            self._world.violate("block_actions", ["an acknowledgement with a body, which Slack ignores"])
        return ""

    def to_submission(self, view: View) -> React:
        """Close the modal, or do with it what `response_action` says."""

        def react(ack: Ack) -> str:
            if view not in self._world.views.stack(view.user):
                return ""
            view.errors = {}
            if ack.body in (None, "", {}):
                self._world.views.close(view)
                return ""
            return self._act(view, ack.body if isinstance(ack.body, dict) else {})

        return react

    def show_reply(self, user: str, channel: str, reply: JSON) -> list[str]:
        """Put a reply in front of somebody, or of everybody if it is `in_channel`; return what is wrong with it."""
        shown = {key: value for key, value in reply.items() if key not in ("response_type", "replace_original")}
        faults = message_faults(shown)
        if not faults:
            bot = self._world.teams[self._world.channels[channel].team]
            only_for = "" if reply.get("response_type") == "in_channel" else user
            self._world.post(channel, bot.bot_user, shown, bot_id=bot.bot_id, only_for=only_for)
        return faults

    def _show(self, user: str, channel: str, reply: JSON) -> str:
        faults = self.show_reply(user, channel, reply)
        self._world.violate("command's reply", faults)
        return BAD_RESPONSE if faults else ""

    def _act(self, view: View, action: JSON) -> str:
        faults = self._faults_of(view, action)
        self._world.violate("view_submission's answer", faults)
        if faults:
            return TROUBLE
        views = self._world.views
        match action["response_action"]:
            case "errors":
                view.errors = dict(action["errors"])
            case "clear":
                views.clear(view.user)
            case "update":
                views.update(view, self._body(action))
            case _:
                return self._push(view, action)
        return ""

    def _push(self, view: View, action: JSON) -> str:
        try:
            self._world.views.push(view.user, view.team, self._body(action))
        except StackFullError:
            self._world.violate("view_submission's answer", ["a fourth modal"])
            return TROUBLE
        return ""

    def _body(self, action: JSON) -> JSON:
        return {**action["view"], "blocks": self._world.numbered(action["view"]["blocks"])}

    def _faults_of(self, view: View, action: JSON) -> list[str]:
        match action.get("response_action"):
            case "errors":
                return _error_faults(view, action.get("errors"))
            case "update" | "push":
                return view_faults(action.get("view") or {})
            case "clear":
                return []
            case unknown:
                return [f"response_action {unknown!r}"]


def _error_faults(view: View, errors: object) -> list[str]:
    if not isinstance(errors, dict) or not errors:
        return ["errors without errors"]
    known = {block["block_id"] for block in input_blocks(view)}
    unknown = [f"an error for {block!r}, which is no input block" for block in errors if block not in known]
    long = [f"an error of {len(text)} characters" for text in errors.values() if len(text) > MOST_ERROR]
    return [*unknown, *long]
