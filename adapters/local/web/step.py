"""One step of the guided story: what it does, and what can be said when it is done."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from adapters.local.people import ANA, BEN, CARLA
from adapters.local.scenes import Scenes
from bot.domain.ids import UserId


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what it does, and what can be said when it is done."""

    title: str
    text: str
    ana: str
    ben: str
    carla: str
    looks_at: UserId
    act: Callable[[Scenes], Awaitable[None]]
    offer: str

    @property
    def sees(self) -> Mapping[UserId, str]:
        """Return what each of them can see."""
        return {ANA: self.ana, BEN: self.ben, CARLA: self.carla}
