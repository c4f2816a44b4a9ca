"""The modals people have open, three at most, and their Home tabs."""

import copy
from collections.abc import Callable

from tests.slack.forms import state_of
from tests.slack.state import JSON, View

MOST_MODALS = 3


class StackFullError(Exception):
    """Three modals are open already."""


class Views:
    """Every view that is in front of somebody."""

    def __init__(self, next_id: Callable[[str], str]) -> None:
        self._next_id = next_id
        self._stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}

    def stack(self, user: str) -> list[View]:
        """Return somebody's open modals, the one in front last."""
        return list(self._stacks.get(user, ()))

    def open(self, user: str, team: str, body: JSON) -> View:
        """Show a modal in the place of all that are open."""
        view_id = self._next_id("V")
        view = View(view_id, team, user, body, self._hash(), root=view_id)
        self._stacks[user] = [view]
        return view

    def push(self, user: str, team: str, body: JSON) -> View:
        """Show a modal on top of another. Raises StackFullError."""
        stack = self._stacks[user]
        if len(stack) >= MOST_MODALS:
            raise StackFullError
        view = View(self._next_id("V"), team, user, body, self._hash(), root=stack[0].id, previous=stack[-1].id)
        stack.append(view)
        return view

    def update(self, view: View, body: JSON) -> View:
        """Put another body in a view's place; what was typed in a field that is still there stays."""
        kept = {block["block_id"] for block in body["blocks"] if block["type"] == "input"}
        view.body = body
        view.typed = {block: typed for block, typed in view.typed.items() if block in kept}
        view.errors = {}
        view.hash = self._hash()
        return view

    def publish(self, user: str, team: str, body: JSON) -> View:
        """Show somebody a Home tab in the place of the one they had."""
        if user in self.homes:
            return self.update(self.homes[user], body)
        view_id = self._next_id("V")
        self.homes[user] = View(view_id, team, user, body, self._hash(), root=view_id)
        return self.homes[user]

    def close(self, view: View) -> None:
        """Close one modal; what was under it is in front again."""
        self._stacks[view.user].remove(view)

    def clear(self, user: str) -> None:
        """Close all of somebody's modals."""
        self._stacks.pop(user, None)

    def find(self, *, view_id: str = "", external_id: str = "") -> View | None:
        """Return an open modal or a Home tab by either id."""
        everything = [*self.homes.values(), *(view for stack in self._stacks.values() for view in stack)]
        for view in everything:
            if view.id == view_id or (external_id and view.body.get("external_id") == external_id):
                return view
        return None

    def _hash(self) -> str:
        return f"{self._next_id('')}.hash"


def as_payload(view: View, *, app: str, bot_id: str) -> JSON:
    """Return a view as Slack puts it into an answer or a payload."""
    body = copy.deepcopy(view.body)
    return {
        "id": view.id,
        "team_id": view.team,
        "type": body["type"],
        "blocks": body["blocks"],
        "private_metadata": body.get("private_metadata", ""),
        "callback_id": body.get("callback_id", ""),
        "state": {"values": copy.deepcopy(state_of(view))},
        "hash": view.hash,
        "title": body.get("title"),
        "clear_on_close": body.get("clear_on_close", False),
        "notify_on_close": body.get("notify_on_close", False),
        "close": body.get("close"),
        "submit": body.get("submit"),
        "previous_view_id": view.previous,
        "root_view_id": view.root,
        "app_id": app,
        "external_id": body.get("external_id", ""),
        "app_installed_team_id": view.team,
        "bot_id": bot_id,
    }
