"""Fixtures for the tests of the server itself."""

from tests.discord.fixtures import discord_clock, discord_pointed, discord_server, discord_transport

__all__ = ["discord_clock", "discord_pointed", "discord_server", "discord_transport"]
