"""What could be meant while somebody types: words that stand on the cards of their group. It writes nothing."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from bot.app.desk import AnswerNowError, Desk, LookedOnlyError
from bot.app.wording.cast import Operator
from bot.domain.member import Card, CardSlot
from bot.ports.edges import Clock
from bot.ports.inbound import Slash, Typing
from bot.ports.store import Store, Transaction

MOST = 25
MOST_CHARACTERS = 100
FIND = "find"

_WHOLE = (CardSlot.CATEGORY, CardSlot.PLACE)
"""What a card says in so few words that they are offered as they stand."""
_WORDS = (CardSlot.DOES, CardSlot.FOR_WHOM, CardSlot.IDEAL, CardSlot.COMPANY)
_WORD = re.compile(r"\w{4,}")


class _NoIds:
    def new(self) -> str:
        raise LookedOnlyError


class Completer:
    """Completes what is typed after /intros find."""

    def __init__(self, *, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock

    async def complete(self, typing: Typing) -> Sequence[str]:
        """Return what could be meant, the likeliest first."""
        if typing.name != FIND:
            return ()
        now = self._clock.now()

        def work(tx: Transaction) -> Sequence[str]:
            inbound = Slash(typing.origin, "intros", FIND)
            return _found(Desk(tx, inbound, now, _NoIds(), {}, Operator(), looks_only=True), typing.text)

        return await self._store.run(work)


def _found(desk: Desk, typed: str) -> Sequence[str]:
    try:
        group = desk.group()
    except AnswerNowError:
        return ()
    return completions(desk.tx.members.cards_of_group(group.id), typed)


def completions(cards: Iterable[Card], typed: str) -> Sequence[str]:
    """Return what was typed with its last word completed in each way that the cards know, the most frequent first."""
    before, _, begun = typed.lstrip().rpartition(" ")
    begun = begun.casefold()
    spelt: dict[str, str] = {}
    counted: Counter[str] = Counter()
    for card in cards:
        theirs = {one.casefold(): one for one in _terms(card, whole_only=not begun)}
        spelt = theirs | spelt
        counted.update(term for term in theirs if term.startswith(begun) and term != begun)
    best = sorted(counted, key=lambda term: (-counted[term], term))
    said = (f"{before} {spelt[term]}".strip() for term in best)
    return tuple(one for one in said if len(one) <= MOST_CHARACTERS)[:MOST]


def _terms(card: Card, *, whole_only: bool) -> Iterator[str]:
    for slot in _WHOLE:
        if line := " ".join(card.lines.get(slot, "").split()):
            yield line
    if whole_only:
        return
    for slot in (*_WHOLE, *_WORDS):
        yield from _WORD.findall(card.lines.get(slot, ""))
