"""The room's journal: whatever happens reads back as it was, and a broken end costs no more than itself."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.local.clock import START, StoryClock
from adapters.local.gateway import LocalGateway
from adapters.local.journal import FileJournal
from adapters.local.people import ADMINS, ANA, BEN, CARLA, EVERYBODY
from adapters.local.room import LocalRoom
from adapters.local.transcript import CHANNEL, Kind
from bot.ports.edges import Person
from bot.ports.gateway import DeliveryDelayedError, DeliveryKey, Direct, Receipt
from bot.ports.messages import (
    Bold,
    Button,
    Buttons,
    Divider,
    Field,
    FieldKind,
    Fields,
    File,
    Form,
    Heading,
    Image,
    Link,
    Mention,
    Message,
    Moment,
    Note,
    Plain,
    Quote,
    Reply,
    Text,
)
from tests.contract.gateways import Steps

SPANS = (Plain("a\n“b” <c>"), Bold("d"), Mention(BEN), Link("https://example.org", "e"), Moment(START))
EVERYTHING = Message(
    "A summary.",
    (
        Heading("h"),
        Text(SPANS),
        Fields((("label", SPANS),)),
        Quote(SPANS),
        Note(SPANS),
        Divider(),
        Image(b"\x89PNG\x00\xff", "a picture"),
        File("notes.txt", "lines"),
        Buttons((Button("Yes", "yes", "r.0"),)),
    ),
)
FORM = Form(
    "A form",
    "edit",
    "r",
    (
        Field("need", "Need", FieldKind.LONG_TEXT, "a hint", "typed"),
        Field("days", "Days", FieldKind.CHOICES, value=("mon", "tue"), options=(("mon", "Monday"), ("tue", "Tuesday"))),
    ),
    "Send",
)


class Full:
    """A journal on a disk that is full."""

    def write(self, happening: object) -> None:
        del happening

    async def kept(self) -> None:
        raise OSError(28, "No space left on device")


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[FileJournal]:
    journal = FileJournal(tmp_path / "room.jsonl")
    yield journal
    journal.close()


def a_room(journal: FileJournal, most: int | None = None) -> LocalRoom:
    room = LocalRoom(EVERYBODY, StoryClock(), admins=ADMINS, journal=journal, most=most)
    room.replay(journal.read())
    journal.begin(room.history())
    return room


def an_eventful(room: LocalRoom) -> None:
    standing = room.put("direct:ben", BEN, Kind.PROMPT, EVERYTHING)
    room.change(standing.id, EVERYTHING)
    room.delivered(DeliveryKey("prompt/r/0"), standing)
    room.put(room.open_room((BEN, CARLA), "ben-carla"), (BEN, CARLA), Kind.INTRODUCTION, EVERYTHING)
    room.did(ANA, "types /refer", ("Need: a line",))
    room.answer(ANA, Reply(form=FORM, errors={"need": "Say more."}), clicked=standing, channel=room.channel)
    room.write(BEN, "In the channel.")
    room.arrive(Person(ANA, "Ana Other", locale="de", time_zone="Asia/Tokyo"))
    room.acted("event-1")
    room.remember("token", "secret")


async def test_everything_that_can_happen_reads_back_as_it_was(journal: FileJournal) -> None:
    room = a_room(journal)
    an_eventful(room)
    await room.kept()

    again = a_room(journal)

    assert list(again.history()) == list(room.history())
    assert again.form_of(ANA) == room.form_of(ANA)
    assert again.write(BEN, "On.").id == room.write(BEN, "On.").id


async def test_a_room_made_anew_remembers_only_what_it_was_told_to(journal: FileJournal) -> None:
    room = a_room(journal)
    an_eventful(room)
    room.clear(2)
    await room.kept()

    again = a_room(journal)

    assert again.workspace == "local:room-2"
    assert (again.in_view(BEN), again.rooms, again.form_of(ANA)) == ((), (), None)
    assert again.people[ANA].name == "Ana Duarte"
    assert again.remembered("token") == "secret"


@pytest.mark.parametrize(
    "broken", [b'{"is":"sto', b"\xff\xfe\n", b'{"is":"unheard of"}\n', b"[]\n", b'{"is":"stood"}\n', b"\n"]
)
async def test_a_broken_end_costs_no_more_than_itself(journal: FileJournal, tmp_path: Path, broken: bytes) -> None:
    room = a_room(journal)
    an_eventful(room)
    await room.kept()
    with (tmp_path / "room.jsonl").open("ab") as file:
        file.write(broken)

    assert list(a_room(journal).history()) == list(room.history())


async def test_many_who_wait_are_kept_together(journal: FileJournal) -> None:
    room = a_room(journal)
    for number in range(50):
        room.write(BEN, f"Message {number}.")

    await asyncio.gather(*(room.kept() for _ in range(50)))

    assert len(a_room(journal).in_view(BEN)) == 50


async def test_a_room_with_a_limit_lets_the_oldest_go(journal: FileJournal) -> None:
    room = a_room(journal, most=10)
    for number in range(25):
        room.write(BEN, f"Message {number}.")

    assert next(iter(room.in_view(BEN))).message.summary == "Message 15."
    assert len(room.transcript.entries) == 10
    assert room.message("m1") is None


async def test_a_delivery_that_cannot_be_kept_is_tried_again_later() -> None:
    room = LocalRoom(EVERYBODY, StoryClock(), journal=Full())
    to = Direct(room.workspace, BEN)

    with pytest.raises(DeliveryDelayedError):
        await LocalGateway(room).deliver(to, EVERYTHING, key=DeliveryKey("notice/1"), progress=Steps())


async def test_what_was_for_the_room_before_it_was_made_anew_reaches_nobody() -> None:
    room = LocalRoom(EVERYBODY, StoryClock())
    before = room.workspace
    room.clear(2)
    gateway = LocalGateway(room)

    receipt = await gateway.deliver(Direct(before, BEN), EVERYTHING, key=DeliveryKey("notice/1"), progress=Steps())
    edited = await gateway.edit(receipt, EVERYTHING, key=DeliveryKey("edit/1"))

    assert edited == receipt == Receipt(before, "away", "away")
    assert room.in_view(BEN) == ()


async def test_people_write_in_the_channel_or_in_a_room_of_theirs() -> None:
    room = LocalRoom(EVERYBODY, StoryClock())
    place = room.open_room((BEN, CARLA), "ben-carla")

    room.write(BEN, "To Carla.", place)
    room.write(BEN, "To all.")

    assert [standing.to for standing in room.in_view(BEN)] == [(BEN, CARLA), CHANNEL]
    assert room.rooms_of(CARLA) == (place,)
    assert room.rooms_of(ANA) == ()
