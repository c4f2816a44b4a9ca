"""What a command does not need is not loaded: an unused platform, a chart, a migration."""

import re
from pathlib import Path

import pytest

from tests.e2e.commands import Operator, make_template

LOADED = re.compile(r"^import time:\s+\d+ \|\s+\d+ \|\s+(\S+)$", re.MULTILINE)
SHOWING = ("-X", "importtime")


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    make_template(tmp_path / "twoyes.db")
    return Operator(tmp_path)


def packages(printed: str) -> set[str]:
    return {name.partition(".")[0] for name in LOADED.findall(printed)}


def test_serve_loads_no_platform_no_chart_no_migration_and_no_other_driver(operator: Operator) -> None:
    with operator.serving(python=SHOWING) as server:
        server.ask("/readyz")
        code = server.stop()

    loaded = packages((operator.home / "serve.err").read_text())
    assert code == 0
    assert {"sqlalchemy", "uvicorn", "apscheduler"} <= loaded
    assert not loaded & {"slack_bolt", "slack_sdk", "discord", "matplotlib", "alembic", "psycopg", "aiohttp", "pytest"}


def test_help_loads_none_of_what_makes_a_start_slow(operator: Operator) -> None:
    ended = operator.types("serve", "--help", python=SHOWING)

    loaded = packages(ended.err)
    assert {"typer", "bot"} <= loaded
    assert not loaded & {
        "sqlalchemy",
        "pydantic_settings",
        "structlog",
        "uvicorn",
        "apscheduler",
        "cryptography",
        "babel",
    }
