"""A served room for each test, in which the sample group has met already; or one for all tests of a file."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from tests.adapters.local.web.visiting import Served, Visitor


@pytest.fixture(scope="session")
def met(tmp_path_factory: pytest.TempPathFactory) -> Served:
    """A room in which the group has met, closed again; to be copied."""
    served = Served(tmp_path_factory.mktemp("met"))

    async def meet() -> None:
        async with served.open():
            pass

    asyncio.run(meet())
    return served


@pytest.fixture
def served(met: Served, tmp_path: Path) -> Served:
    """A room that is not open yet."""
    return _copied(met, tmp_path)


@pytest.fixture
async def visitor(served: Served) -> AsyncIterator[Visitor]:
    """Somebody in a room of their own."""
    async with served.open() as visitor:
        yield visitor


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def passer_by(met: Served, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Visitor]:
    """Somebody in a room that all tests of a file share, since nothing they do has an effect."""
    async with _copied(met, tmp_path_factory.mktemp("shared")).open() as visitor:
        yield visitor


def _copied(met: Served, folder: Path) -> Served:
    shutil.copytree(met.folder, folder, dirs_exist_ok=True)
    return Served(folder, met.key)
