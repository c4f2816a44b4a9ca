"""The link by which a server adds the bot, with exactly the permissions it needs."""

from typing import Final
from urllib.parse import urlencode

from adapters.discord.permissions import WANTED

AUTHORIZE: Final = "https://discord.com/oauth2/authorize"


def invite_link(application: str) -> str:
    """Return it. `application` is the application's id, which is the bot's own as well."""
    wanted = {"client_id": application, "scope": "bot applications.commands", "permissions": str(int(WANTED))}
    return f"{AUTHORIZE}?{urlencode(wanted)}"
