"""What a Web API method gets: who calls, and the errors it may answer."""

from collections.abc import Callable
from dataclasses import dataclass

from tests.slack.state import JSON, Channel, Team, Token
from tests.slack.world import World


class ApiError(Exception):
    """The method is not carried out: `ok: false` with this error."""

    def __init__(self, error: str, **more: object) -> None:
        super().__init__(error)
        self.error = error
        self.more = more


@dataclass(frozen=True)
class Caller:
    """Whose token this is, in which world; `url` is where the server listens."""

    world: World
    token: Token
    url: str

    @property
    def team(self) -> Team:
        return self.world.teams[self.token.team]

    def require(self, *scopes: str) -> None:
        """Raise missing_scope unless the token has one of these."""
        if scopes and not set(scopes) & set(self.token.scopes):
            raise ApiError("missing_scope", needed=",".join(scopes), provided=",".join(self.token.scopes))

    def refuse(self, method: str, error: str, faults: list[str]) -> None:
        """Write violations down and raise the error for them, if there are any."""
        if faults:
            self.world.violate(method, faults)
            messages = [f"[ERROR] {fault}" for fault in faults]
            raise ApiError(error, errors=faults, response_metadata={"messages": messages})

    def channel(self, channel: str) -> Channel:
        """Return a conversation of this workspace that the bot may know of, or raise channel_not_found."""
        found = self.world.channels.get(channel)
        if found is None or found.team != self.team.id:
            raise ApiError("channel_not_found")
        if found.kind != "channel" and self.team.bot_user not in found.members:
            raise ApiError("channel_not_found")
        return found


Run = Callable[[Caller, JSON], JSON]


@dataclass(frozen=True)
class Method:
    """A method of the Web API. `token` is bot, app or none; reading methods take no JSON bodies."""

    run: Run
    scopes: tuple[str, ...] = ()
    token: str = "bot"
    takes_json: bool = True
