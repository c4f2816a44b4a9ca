"""A picture in the room: shown with its words and its size, or its words alone."""

from adapters.local.clock import StoryClock
from adapters.local.people import ANA, EVERYBODY
from adapters.local.room import LocalRoom
from adapters.local.transcript import CHANNEL, Kind
from adapters.local.web.painter import Painter
from bot.ports.messages import Image, Message

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (1200).to_bytes(4) + (600).to_bytes(4)
ALT = "Introductions week by week, as a chart: 3 in week 46, 5 in week 47."


def painted(content: bytes) -> str:
    room = LocalRoom(EVERYBODY, StoryClock())
    standing = room.put(room.channel, CHANNEL, Kind.POST, Message("The week.", (Image(content, ALT),)))
    return str(Painter(room).message(standing, ANA))


def test_a_picture_is_shown_in_its_size_with_words_that_say_the_same() -> None:
    html = painted(PNG)

    assert f'width="1200" height="600" alt="{ALT}"' in html
    assert "data:image/png;base64," in html


def test_a_picture_that_does_not_say_its_size_is_shown_all_the_same_and_what_is_none_in_words() -> None:
    assert 'alt="Introductions' in painted(b"\x89PNG")
    assert "width=" not in painted(b"\x89PNG")
    assert f">{ALT}<" in painted(b"<svg>")
