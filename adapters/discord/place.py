"""What Discord is like, as far as the product's rules depend on it."""

from typing import Final

from bot.domain.place import Place

PLACE: Final = Place(takes_amounts=False)
"""Its policy forbids amounts of money."""
