"""A member's own page, which writes nothing: the same for everybody to whom the same happened, whoever said what."""

from collections.abc import Sequence
from datetime import datetime

from bot.app import my_past
from bot.app.desk import casting, somebody
from bot.app.wording import beginning, home, replies
from bot.app.wording.cast import Operator
from bot.app.wording.home import Belongings
from bot.app.wording.pages import peopled
from bot.domain.ids import GroupId, MemberId
from bot.domain.member import Member
from bot.domain.referral import Referral
from bot.ports.edges import Clock, Directory, Person
from bot.ports.inbound import Origin
from bot.ports.messages import Message
from bot.ports.store import Store, Transaction


class Home:
    """Makes a member's own page: what waits, what they started, card, pause, privacy."""

    def __init__(self, *, store: Store, directory: Directory, clock: Clock, operator: Operator) -> None:
        self._store = store
        self._directory = directory
        self._clock = clock
        self._operator = operator

    async def page(self, origin: Origin) -> Message:
        """Return the page, read in one transaction."""
        people = await self._directory.look_up(origin.workspace, (origin.user,))
        person = people.get(origin.user, Person(origin.user, ""))
        if person.is_stranger:
            return replies.you_are_stranger(person.locale or "en")
        now = self._clock.now()
        return await self._store.run(lambda tx: _page(tx, origin, person, self._operator, now))


def _page(tx: Transaction, origin: Origin, person: Person, operator: Operator, now: datetime) -> Message:
    me = tx.members.by_user(origin.workspace, origin.user) or somebody(origin.workspace, person)
    if not me.joined:
        return _outside(tx, origin, me, operator)
    waiting = tx.referrals.waiting_for(me.id, now)
    belongings = [_belongings(tx, me, group, operator, now) for group in sorted(me.joined, key=me.joined.__getitem__)]
    started = [one for mine in belongings for one in mine.started]
    past = my_past.past_of(tx, me.id, me.joined, started, now)
    people = tx.members.some(_everybody_in([*waiting, *started]) | my_past.parties_of(past))
    known = [Belongings(peopled(mine.cast, people), mine.started, mine.asks) for mine in belongings]
    return home.home(waiting, past, known)


def _outside(tx: Transaction, origin: Origin, me: Member, operator: Operator) -> Message:
    """Say how to join; where no group was started yet, how to begin, or whom to ask."""
    if tx.groups.of_workspace(origin.workspace):
        return beginning.not_in_a_group(me.locale, operator)
    words = beginning.how_to_begin if origin.is_admin else beginning.nothing_begun
    return words(me.locale, operator)


def _belongings(tx: Transaction, me: Member, group: GroupId, operator: Operator, now: datetime) -> Belongings:
    cast = casting(tx, tx.groups.get(group), now, operator, reader=me)
    return Belongings(cast, tx.referrals.started_by(group, me.id), tx.asks.of_member(group, me.id))


def _everybody_in(referrals: Sequence[Referral]) -> set[MemberId]:
    parties = (party for one in referrals for party in (one.starter, one.seeker, one.provider))
    return {MemberId(party) for party in parties if isinstance(party, str)}
