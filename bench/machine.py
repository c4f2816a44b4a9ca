"""What the figures were measured on."""

import os
import platform
import sqlite3
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from bench.databases import Databases

_LIBRARIES = ("SQLAlchemy", "psycopg", "cryptography", "orjson", "cattrs", "slack-bolt", "starlette", "uvicorn")


def facts(databases: Databases) -> Iterator[tuple[str, str]]:
    """Return name and value of everything that may move a figure."""
    yield "cores", str(os.cpu_count())
    yield "processor", _processor()
    yield "system", f"{platform.system()} {platform.machine()}"
    yield "Python", platform.python_version()
    yield "SQLite", sqlite3.sqlite_version
    yield "PostgreSQL", databases.server_version()
    for name in _LIBRARIES:
        yield name, version(name)


def _processor() -> str:
    """Return the processor's own name where the system tells it."""
    cpuinfo = Path("/proc/cpuinfo")
    if not cpuinfo.exists():
        return platform.processor() or platform.machine()
    names = (line.partition(":")[2].strip() for line in cpuinfo.read_text().splitlines() if "model name" in line)
    return next(names, platform.machine())
