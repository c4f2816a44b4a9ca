"""What a platform is like is found by its workspaces' prefix."""

from bot.domain.ids import WorkspaceId
from bot.domain.place import ORDINARY, Place, place_of


def test_a_platform_is_known_by_the_prefix_of_its_workspaces_and_is_ordinary_otherwise() -> None:
    watched = Place(rooms_have_readers=True)

    assert place_of(WorkspaceId("watched:1:2"), {"watched": watched}) == watched
    assert place_of(WorkspaceId("other:1"), {"watched": watched}) == ORDINARY
