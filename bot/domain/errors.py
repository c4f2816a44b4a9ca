"""What a command can be refused for, as facts the caller can act on."""

from bot.domain.ids import MemberId, ReferralId


class DomainError(Exception):
    """A command that may not be carried out."""


class NotAPartyError(DomainError):
    """Somebody other than the person asked tried to answer, or other than the owner to change."""

    def __init__(self, thing: ReferralId | str, who: MemberId | None) -> None:
        super().__init__(f"{who} has no part in {thing}")
        self.thing = thing
        self.who = who


class NotFoundError(DomainError):
    """What the command names is not there (any more)."""

    def __init__(self, thing: str) -> None:
        super().__init__(f"there is no {thing}")
        self.thing = thing


class StaleWriteError(DomainError):
    """Somebody else wrote first; load again and decide again."""

    def __init__(self, thing: str) -> None:
        super().__init__(f"{thing} was changed meanwhile")
        self.thing = thing
