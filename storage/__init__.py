"""Keeps what the bot knows in SQLite or PostgreSQL, behind one port."""
