"""People picked in a form or named in a command: members who can be introduced, or the sentence that says why not."""

from dataclasses import dataclass

from bot.app.desk import Desk
from bot.app.wording import replies
from bot.domain.ids import UserId
from bot.domain.member import Member


@dataclass(frozen=True, slots=True)
class Chosen:
    """A member picked in a form, or the sentence that says why not."""

    member: Member | None = None
    error: str | None = None


def choose(desk: Desk, picked: str | tuple[str, ...] | None) -> Chosen:
    """Return the member picked in a form, unless they cannot be introduced."""
    user = UserId(picked if isinstance(picked, str) else picked[0]) if picked else None
    if user is None:
        return Chosen()
    if error := why_not(desk, user):
        return Chosen(error=error)
    return Chosen(desk.member(user))


def why_not(desk: Desk, user: UserId) -> str | None:
    """Return the sentence for somebody who cannot be introduced: a bot, a guest, switched off, not from here."""
    person = desk.people.get(user)
    if person is None:
        return replies.person_unknown(desk.language).summary
    hindrances = (
        (person.is_bot, replies.person_is_bot),
        (person.is_deactivated, replies.person_deactivated),
        (person.is_stranger, replies.person_is_stranger),
        (person.is_guest, replies.person_is_guest),
    )
    return next((words(desk.language).summary for applies, words in hindrances if applies), None)
