"""Who is asked in which round. The provider's question by name is always the last one."""

from datetime import timedelta

from bot.domain.group import Order, Reveal
from bot.domain.question import Stage

Rounds = tuple[frozenset[Stage], ...]

_LAST = frozenset({Stage.PROVIDER_NAMED})
_SEEKER_NAMED = frozenset({Stage.SEEKER_NAMED})
_SEEKER_ROLE = frozenset({Stage.SEEKER_ROLE})
_PROVIDER_ROLE = frozenset({Stage.PROVIDER_ROLE})


def rounds(order: Order, reveal: Reveal, *, answers_ask: bool, helper: bool) -> Rounds:
    """Return the rounds of questions; a round starts when every question before it stands at a yes.

    A helper's own form was the provider's yes, so only the seeker is asked. Somebody who posted an ask started it: they
    are asked after the other and only confirm.
    """
    if helper:
        return (_SEEKER_NAMED,)
    if answers_ask:
        order = Order.PROVIDER_FIRST
    return _BY_ROLE[order] if reveal is Reveal.ROLE_ONLY else _BY_NAME[order]


_BY_NAME: dict[Order, Rounds] = {
    Order.SEEKER_FIRST: (_SEEKER_NAMED, _LAST),
    Order.PROVIDER_FIRST: (_PROVIDER_ROLE, _SEEKER_NAMED, _LAST),
    Order.BOTH_AT_ONCE: (_PROVIDER_ROLE | _SEEKER_NAMED, _LAST),
}
_BY_ROLE: dict[Order, Rounds] = {
    Order.SEEKER_FIRST: (_SEEKER_ROLE, _PROVIDER_ROLE, _SEEKER_NAMED, _LAST),
    Order.PROVIDER_FIRST: (_PROVIDER_ROLE, _SEEKER_ROLE, _SEEKER_NAMED, _LAST),
    Order.BOTH_AT_ONCE: (_PROVIDER_ROLE | _SEEKER_ROLE, _SEEKER_NAMED, _LAST),
}


def longest(plan: Rounds, window: timedelta) -> timedelta:
    """Return the sum of all possible windows, which fixes `closes_at`."""
    return window * len(plan)


def needs_blind_words(plan: Rounds) -> frozenset[Stage]:
    """Return the stages whose question shows only a description that names nobody."""
    return frozenset(stage for one in plan for stage in one if not stage.names_the_other)
