"""The two ways an interaction reaches the bot: over the gateway, or as a signed request to its address."""

from dataclasses import dataclass
from typing import Protocol

import orjson
from aiohttp import ClientError, ClientSession, ClientTimeout
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.discord.gateway import Gateway
from tests.discord.interactions import Interaction, Interactions
from tests.discord.state import Json, ProblemError
from tests.discord.world import World

JSON = {"Content-Type": "application/json"}


class Delivery(Protocol):
    """Brings interactions to the bot."""

    async def bring(self, interaction: Interaction, patience: float) -> bool:
        """Return whether there is somebody who takes it; the answer comes by itself."""


class ByGateway:
    """As INTERACTION_CREATE, which needs no intent."""

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    async def bring(self, interaction: Interaction, patience: float) -> bool:
        guild = interaction.payload.get("guild_id")
        self._gateway.dispatch("INTERACTION_CREATE", guild, interaction.payload, 0)
        return self._gateway.reaches(guild)


@dataclass(frozen=True)
class Posted:
    """What the bot's address answered: 0 for nothing at all."""

    status: int
    body: Json | None


class ByHttp:
    """As a POST with an Ed25519 signature; it may be answered in the response, or by REST."""

    def __init__(self, world: World, interactions: Interactions, url: str, key: Ed25519PrivateKey) -> None:
        self._world = world
        self._interactions = interactions
        self._key = key
        self.url = url

    async def bring(self, interaction: Interaction, patience: float) -> bool:
        posted = await self.post(orjson.dumps(interaction.payload), patience=patience)
        if posted.status == 200 and posted.body is not None:
            try:
                self._interactions.respond(interaction.id, interaction.token, posted.body, {})
            except ProblemError:
                return interaction.answered is not None
        return posted.status in (200, 202, 204)

    async def verify(self, patience: float = 5.0) -> list[str]:
        """Do what Discord does when an address is saved, and now and then: PING, and a PING that is forged."""
        ping = orjson.dumps({"id": "1", "application_id": self._world.application.id, "type": 1, "version": 1})
        taken = await self.post(ping, patience=patience)
        forged = await self.post(ping, patience=patience, headers=self.signed(ping, forged=True))
        faults = [] if (taken.status, taken.body) == (200, {"type": 1}) else [f"PING was answered {taken}"]
        return faults + ([] if forged.status == 401 else [f"a forged PING was answered {forged}"])

    async def post(self, body: bytes, *, patience: float = 5.0, headers: dict[str, str] | None = None) -> Posted:
        """Post something, signed unless `headers` say otherwise."""
        sent = JSON | (self.signed(body) if headers is None else headers)
        try:
            async with (
                ClientSession(timeout=ClientTimeout(total=patience)) as session,
                session.post(self.url, data=body, headers=sent) as response,
            ):
                content = await response.read()
                is_json = bool(content) and response.content_type == "application/json"
                return Posted(response.status, orjson.loads(content) if is_json else None)
        except (TimeoutError, ClientError):
            return Posted(0, None)

    def signed(self, body: bytes, *, at: int | None = None, forged: bool = False) -> dict[str, str]:
        """Return the headers of a signed request, of one from another time, or of a forged one."""
        timestamp = str(int(self._world.clock.now().timestamp()) if at is None else at)
        key = Ed25519PrivateKey.generate() if forged else self._key
        signature = key.sign(timestamp.encode() + body).hex()
        return {"X-Signature-Ed25519": signature, "X-Signature-Timestamp": timestamp}


def public_hex(key: Ed25519PrivateKey) -> str:
    """Return the public half as Discord's developer portal shows it."""
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()
