"""A bot made with the real discord.py, for the tests of the server: a little of everything a bot can do."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Self

import discord
from aiohttp import web
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from discord import app_commands, ui

from tests.discord.pointing import READY_AFTER, logged_in, running
from tests.discord.pulse import Pulse
from tests.discord.server import DiscordServer
from tests.discord.state import Json

OPTIONS: Json = {
    "intents": discord.Intents(guilds=True),
    "member_cache_flags": discord.MemberCacheFlags.none(),
    "chunk_guilds_at_startup": False,
    "max_messages": None,
    "allowed_mentions": discord.AllowedMentions.none(),
    "guild_ready_timeout": READY_AFTER,
}
WORDS = ("kitchen", "library", "staircase")


class Yes(ui.DynamicItem[ui.Button[ui.View]], template=r"yes:(?P<ref>\w+)"):
    """A button that says who pressed it, in the place of the message."""

    def __init__(self, ref: str) -> None:
        super().__init__(ui.Button(label="Yes, introduce us", custom_id=f"yes:{ref}"))
        self.ref = ref

    @classmethod
    async def from_custom_id(
        cls, _interaction: discord.Interaction[Any], _item: ui.Item[Any], match: re.Match[str], /
    ) -> Self:
        return cls(match["ref"])

    async def callback(self, interaction: discord.Interaction[Any]) -> None:
        await interaction.response.edit_message(content=f"{interaction.user.id} said yes to {self.ref}", view=None)


class Refer(ui.Modal):
    """A form with one field of each kind that the adapter may need."""

    def __init__(self) -> None:
        super().__init__(title="Refer someone", custom_id="refer:draft-1", timeout=60)
        self.add_item(ui.TextDisplay("Who can help whom?"))
        self.add_item(ui.Label(text="Who", component=ui.UserSelect(custom_id="who", required=True)))
        self.add_item(ui.Label(text="Need", component=ui.TextInput(custom_id="need", min_length=3, max_length=20)))
        choices = [
            discord.SelectOption(label="I worked with them", value="worked"),
            discord.SelectOption(label="Heard"),
        ]
        self.add_item(ui.Label(text="Basis", component=ui.Select(custom_id="basis", options=choices, required=False)))
        self.add_item(ui.Label(text="Tell me", component=ui.Checkbox(custom_id="tell")))


class Trial(discord.Client):
    """It answers what the tests make people do, and keeps what it heard."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401 -- handed on to the client
        self.heard: list[str] = []
        self.failed: list[BaseException] = []
        self.released = asyncio.Event()
        self.pulse = Pulse()
        self.last: discord.Interaction[Any] | None = None
        super().__init__(**(OPTIONS | options))
        self.tree = app_commands.CommandTree(self)
        add_commands(self.tree)
        self.tree.error(self._keep)

    async def setup_hook(self) -> None:
        self.add_dynamic_items(Yes)
        await self.tree.sync()

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:
        """Begin a second session at once; discord.py waits five seconds."""

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 -- handed on to the client
        self.heard.append(event)
        super().dispatch(event, *args, **kwargs)
        self.pulse.beat()

    async def hears(self, event: str, times: int = 1) -> None:
        """Wait until an event has come so many times."""
        await self.pulse.until(lambda: self.heard.count(event) >= times)

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        """Keep it; answer a modal with what was typed, from its custom_id alone, so that it survives a restart."""
        self.last = interaction
        if interaction.type is discord.InteractionType.modal_submit:
            data: Json = dict(interaction.data or {})
            inside = [each.get("component") or {} for each in data["components"]]
            typed = {each["custom_id"]: each.get("value", each.get("values")) for each in inside if each}
            await interaction.response.send_message(f"{typed}", ephemeral=True)

    async def _keep(self, interaction: discord.Interaction[Any], error: app_commands.AppCommandError) -> None:
        self.failed.append(getattr(error, "original", error))
        self.pulse.beat()


def add_commands(tree: app_commands.CommandTree[Any]) -> None:
    """Add one command of each kind."""
    commands: tuple[Any, ...] = (refer, form, slow, twice, late, find, intros, offer, on_message, on_user)
    for command in commands:
        tree.add_command(command)


@app_commands.command(description="Refer somebody")
async def refer(
    interaction: discord.Interaction[Any], who: discord.Member, need: app_commands.Range[str, 3, 50]
) -> None:
    allowed = discord.AllowedMentions(users=[who])
    await interaction.response.send_message(f"{who.mention} needs {need}", allowed_mentions=allowed)


@app_commands.command(description="Open the form")
async def form(interaction: discord.Interaction[Any]) -> None:
    await interaction.response.send_modal(Refer())


@app_commands.command(description="Think first")
async def slow(interaction: discord.Interaction[Any]) -> None:
    await interaction.response.defer(ephemeral=True, thinking=True)
    await interaction.edit_original_response(content="Here it is")
    await interaction.followup.send("And more", ephemeral=True)


@app_commands.command(description="Answer twice")
async def twice(interaction: discord.Interaction[Any]) -> None:
    second = discord.InteractionResponse(interaction)
    await interaction.response.send_message("Once", ephemeral=True)
    await second.send_message("Twice", ephemeral=True)


@app_commands.command(description="Answer when it is too late")
async def late(interaction: discord.Interaction[Any]) -> None:
    interaction.client.dispatch("late")
    await interaction.client.released.wait()
    await interaction.response.send_message("Late")


@app_commands.command(description="Find members")
async def find(interaction: discord.Interaction[Any], words: str) -> None:
    await interaction.response.send_message(words, ephemeral=True)


@find.autocomplete("words")
async def complete(interaction: discord.Interaction[Any], current: str) -> list[app_commands.Choice[str]]:
    return [app_commands.Choice(name=word.title(), value=word) for word in WORDS if word.startswith(current)]


intros = app_commands.Group(
    name="intros", description="Introductions", default_permissions=discord.Permissions(manage_guild=True)
)


@intros.command(description="Settings of the group")
async def settings(interaction: discord.Interaction[Any]) -> None:
    await interaction.response.send_message(f"{interaction.permissions.manage_guild}", ephemeral=True)


@app_commands.command(description="Post an ask")
@app_commands.allowed_contexts(guilds=True, dms=False, private_channels=False)
async def offer(interaction: discord.Interaction[Any]) -> None:
    view = ui.View(timeout=None)
    view.add_item(Yes("r1"))
    view.add_item(ui.Button(label="Read more", url="https://example.org"))
    view.add_item(ui.Select(custom_id="how", placeholder="How?", options=[discord.SelectOption(label="Here")], row=1))
    await interaction.response.send_message("An ask", view=view)


@app_commands.context_menu(name="I can refer someone")
async def on_message(interaction: discord.Interaction[Any], message: discord.Message) -> None:
    await interaction.response.send_message(f"{message.author.id}: {message.content}", ephemeral=True)


@app_commands.context_menu(name="Who is this")
async def on_user(interaction: discord.Interaction[Any], user: discord.Member) -> None:
    await interaction.response.send_message(user.display_name, ephemeral=True)


@asynccontextmanager
async def connected(server: DiscordServer, transport: str = "gateway") -> AsyncIterator[Trial]:
    """Run the bot, on the gateway or behind an address for interactions."""
    if transport == "gateway":
        async with running(Trial(), server) as client:
            yield client
        await server.gateway.gone()
    else:
        async with logged_in(Trial(), server) as client, edge(client, server.public_key) as url:
            server.deliver_by_http(url)
            yield client


@asynccontextmanager
async def edge(client: Trial, public_key: str) -> AsyncIterator[str]:
    """Serve the address for interactions: check the signature, answer PING, hand on the rest."""
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key))

    async def take(request: web.Request) -> web.Response:
        body = await request.read()
        signed = request.headers["X-Signature-Timestamp"].encode() + body
        try:
            key.verify(bytes.fromhex(request.headers["X-Signature-Ed25519"]), signed)
        except InvalidSignature:
            return web.Response(status=401)
        payload = await request.json()
        if payload["type"] == 1:
            return web.json_response({"type": 1})
        client._connection.parse_interaction_create(payload)
        return web.Response(status=202)

    application = web.Application()
    application.router.add_post("/interactions", take)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/interactions"
    finally:
        await runner.cleanup()


@asynccontextmanager
async def rest_only(server: DiscordServer) -> AsyncIterator[discord.Client]:
    """Log a bare client in, to send and read by REST alone."""
    async with logged_in(discord.Client(**OPTIONS), server) as client:
        yield client
