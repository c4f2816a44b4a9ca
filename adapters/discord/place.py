"""What Discord is like, as far as the product's rules depend on it."""

from typing import Final

from bot.domain.place import Place

PLACE: Final = Place(hello_first=True, rooms_have_readers=True, rooms_may_fail=True, takes_amounts=False)
"""Direct messages are scarce, and may be closed. Who may manage threads can read every private one,
and to make one takes permissions.

Discord's policy forbids amounts of money.
"""
