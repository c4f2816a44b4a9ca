"""An operator at a shell, for the tests of the command line."""

from pathlib import Path

import pytest

from tests.e2e.commands import Operator, make_template, move_in


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file, to be copied."""
    return make_template(tmp_path_factory.mktemp("template") / "twoyes.db")


@pytest.fixture
def operator(tmp_path: Path) -> Operator:
    """Somebody with an empty directory."""
    return Operator(tmp_path)


@pytest.fixture
def settled(operator: Operator, template: Path) -> Operator:
    """Somebody with the database of a group."""
    move_in(operator, template)
    return operator
