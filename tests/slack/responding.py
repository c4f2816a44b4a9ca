"""response_url: five answers within half an hour, to one person or to the channel, also in place of the original."""

from http import HTTPStatus

from aiohttp import web

from tests.slack.reacting import Reactions
from tests.slack.state import JSON, ResponseUrl
from tests.slack.world import World


class Responding:
    """Answers `/response/{id}`."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._reactions = Reactions(world)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Take one answer, or say why not."""
        granted = self._world.response_urls.get(request.match_info["id"])
        if granted is None or self._world.clock.now() > granted.until:
            return _refusal("expired_url")
        if not granted.left:
            return _refusal("used_url")
        granted.left -= 1
        faults = self._carry_out(granted, await request.json())
        self._world.violate("response_url", faults)
        if faults:
            return web.json_response({"ok": False, "error": "invalid_blocks"}, status=HTTPStatus.BAD_REQUEST)
        return web.Response(text="ok")

    def _carry_out(self, granted: ResponseUrl, reply: JSON) -> list[str]:
        posts = self._world.channels[granted.channel].posts
        if reply.get("delete_original"):
            posts.pop(granted.ts, None)
            return []
        if reply.get("replace_original") and granted.ts in posts:
            self._world.change(posts[granted.ts], reply)
            return []
        return self._reactions.show_reply(granted.user, granted.channel, reply)


def _refusal(error: str) -> web.Response:
    return web.json_response({"ok": False, "error": error}, status=HTTPStatus.NOT_FOUND)
