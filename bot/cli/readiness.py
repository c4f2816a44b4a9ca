"""Whether a running bot can work, for /readyz."""

import asyncio
from collections.abc import Mapping, Sequence

from bot.bootstrap import Opened
from bot.cli.hosting import Host
from storage.errors import NewerDatabaseError, NotMigratedError, StorageError
from storage.revisions import check

_PATIENCE = 2  # seconds; whoever asks has a time-out of their own


class Readiness:
    """Asks the database and the platforms, and knows whether the bot was told to stop."""

    def __init__(self, opened: Opened, hosts: Sequence[Host]) -> None:
        self._runner = opened.runner
        self._hosts = hosts
        self.is_stopping = False

    async def found(self) -> Mapping[str, bool]:
        """Tell of each thing whether it is there. The courier ends with the process, or when that is told to stop."""
        answers, fits = await self._database()
        platforms = {name: there for host in self._hosts for name, there in host.readiness().items()}
        return {"database": answers, "migrations": fits, "courier": not self.is_stopping, **platforms}

    async def _database(self) -> tuple[bool, bool]:
        """Say whether the database answers, and whether its tables are this program's."""
        try:
            async with asyncio.timeout(_PATIENCE):
                await self._runner.run(check)
        except (NotMigratedError, NewerDatabaseError):
            return True, False
        except (StorageError, TimeoutError):
            return False, False
        return True, True
