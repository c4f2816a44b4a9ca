"""The local room: who sees what, edits in place, forms, and a transcript that only grows."""

from datetime import timedelta

import pytest

from adapters.local.clock import START, StoryClock
from adapters.local.gateway import Delay, LocalGateway, Refuse
from adapters.local.limits import ShownTooMuchError
from adapters.local.people import ADMINS, ANA, BEN, CARLA, DAVID, ELIF, EVERYBODY, FELIX, THE_BOT
from adapters.local.room import LocalRoom
from adapters.local.transcript import Did, Entry, Kind, Received, kind_of
from bot.ports.gateway import (
    DeliveryDelayedError,
    DeliveryKey,
    DeliveryRefusedError,
    Direct,
    InChannel,
    Receipt,
    Recipient,
    Refusal,
    Room,
)
from bot.ports.messages import (
    Bold,
    Button,
    Buttons,
    Field,
    FieldKind,
    Fields,
    Form,
    Heading,
    Image,
    Link,
    Mention,
    Message,
    Note,
    Part,
    Plain,
    Reply,
    Text,
)
from tests.contract.gateways import Steps


@pytest.fixture
def clock() -> StoryClock:
    return StoryClock()


@pytest.fixture
def room(clock: StoryClock) -> LocalRoom:
    return LocalRoom(EVERYBODY, clock, admins=ADMINS)


def a_message(summary: str = "Hello.") -> Message:
    return Message(summary, (Text((Plain(summary),)), Buttons((Button("Yes", "yes", "r.0"),))))


def a_form(*keys: str) -> Form:
    return Form("A form", "edit", "r", tuple(Field(key, key, FieldKind.TEXT) for key in keys or ("need",)), "Send")


async def deliver(room: LocalRoom, to: Recipient, key: str = "notice/1", message: Message | None = None) -> Receipt:
    return await LocalGateway(room).deliver(to, message or a_message(), key=DeliveryKey(key), progress=Steps())


def seen_by(room: LocalRoom, user: str) -> list[str]:
    return [standing.message.summary for standing in room.in_view(user)]  # type: ignore[arg-type] # a UserId is a str


async def test_a_direct_message_is_seen_by_its_one_reader(room: LocalRoom) -> None:
    await deliver(room, Direct(room.workspace, BEN))

    assert {user for user in room.people if seen_by(room, user)} == {BEN}


async def test_the_channel_is_seen_by_everybody(room: LocalRoom) -> None:
    await deliver(room, InChannel(room.workspace, room.channel))

    assert all(seen_by(room, user) for user in room.people)


async def test_a_room_is_seen_by_those_in_it(room: LocalRoom) -> None:
    await deliver(room, Room(room.workspace, room.channel, (BEN, CARLA), "ben-carla"))

    assert {user for user in room.people if seen_by(room, user)} == {BEN, CARLA}
    assert room.rooms == ((BEN, CARLA),)


async def test_two_introductions_of_the_same_pair_under_one_name_share_a_room(room: LocalRoom) -> None:
    first = await deliver(room, Room(room.workspace, room.channel, (BEN, CARLA), "ben-carla"), "introduction/1")
    second = await deliver(room, Room(room.workspace, room.channel, (CARLA, BEN), "ben-carla"), "introduction/2")
    other = await deliver(room, Room(room.workspace, room.channel, (BEN, ELIF), "ben-carla"), "introduction/3")

    assert first.channel == second.channel != other.channel


async def test_the_transcript_tells_when_what_reached_whom(room: LocalRoom, clock: StoryClock) -> None:
    room.did(ANA, "types /refer")
    clock.move_to(START + timedelta(minutes=1))
    await deliver(room, Direct(room.workspace, BEN), "prompt/r/0")
    await deliver(room, Room(room.workspace, room.channel, (BEN, CARLA), "x"), "introduction/r/1")
    await deliver(room, InChannel(room.workspace, room.channel), "post/ask/a")

    later = START + timedelta(minutes=1)
    assert [_facts(entry) for entry in room.transcript.entries] == [
        (START, ANA, "types /refer"),
        (later, BEN, Kind.PROMPT),
        (later, (BEN, CARLA), Kind.INTRODUCTION),
        (later, "channel", Kind.POST),
    ]


def _facts(entry: Entry) -> tuple[object, ...]:
    return (entry.at, entry.by, entry.does) if isinstance(entry, Did) else (entry.at, entry.to, entry.kind)


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        ("prompt/r/0", Kind.PROMPT),
        ("reminder/r/0", Kind.PROMPT),
        ("edit/r/0/2", Kind.PROMPT),
        ("notice/hello/g", Kind.NOTICE),
        ("report/r/0", Kind.NOTICE),
        ("heads_up/r/m", Kind.HEADS_UP),
        ("introduction/r/1", Kind.INTRODUCTION),
        ("post/welcome/g", Kind.POST),
        ("something else", Kind.NOTICE),
    ],
)
def test_a_deliverys_kind_is_the_first_segment_of_its_key(key: str, kind: Kind) -> None:
    assert kind_of(DeliveryKey(key)) is kind


async def test_an_edit_changes_what_stands_and_adds_to_the_transcript(room: LocalRoom) -> None:
    receipt = await deliver(room, Direct(room.workspace, BEN), "prompt/r/0")

    await LocalGateway(room).edit(receipt, a_message("Answered."), key=DeliveryKey("edit/r/0/1"))

    assert seen_by(room, BEN) == ["Answered."]
    assert [(e.kind, e.changes) for e in room.transcript.entries if isinstance(e, Received)] == [
        (Kind.PROMPT, False),
        (Kind.PROMPT, True),
    ]


def test_observers_hear_of_each_entry_until_they_stop(room: LocalRoom) -> None:
    heard: list[Entry] = []
    stop = room.transcript.watch(heard.append)
    room.did(ANA, "one")
    stop()
    room.did(ANA, "two")

    assert [entry.does for entry in heard if isinstance(entry, Did)] == ["one"]
    assert len(room.transcript.entries) == 2


async def test_a_reply_is_private_and_takes_the_place_of_what_was_clicked(room: LocalRoom) -> None:
    await deliver(room, Direct(room.workspace, BEN))
    clicked = room.in_view(BEN)[-1]

    room.answer(BEN, Reply(a_message("Thank you."), replaces=True), clicked=clicked, channel=None)

    assert seen_by(room, BEN) == ["Thank you."]
    assert room.transcript.entries[-1] == Received(
        START, BEN, Kind.REPLY, a_message("Thank you."), changes=True, message=clicked.id
    )


async def test_a_reply_never_takes_the_place_of_what_others_see_too(room: LocalRoom) -> None:
    await deliver(room, InChannel(room.workspace, room.channel), message=a_message("Join?"))
    clicked = room.in_view(BEN)[-1]

    room.answer(BEN, Reply(a_message("Welcome."), replaces=True), clicked=clicked, channel=room.channel)

    assert seen_by(room, BEN) == ["Join?", "Welcome."]
    assert seen_by(room, ANA) == ["Join?"]


def test_a_form_is_in_front_of_one_person_until_it_is_answered_or_closed(room: LocalRoom) -> None:
    room.answer(ANA, Reply(form=a_form()), clicked=None, channel=room.channel)
    opened = room.form_of(ANA)
    room.answer(ANA, Reply(form=a_form(), errors={"need": "Too long."}), clicked=None, channel=room.channel)
    again = room.form_of(ANA)
    room.close_form(ANA)

    assert opened is not None
    assert (opened.form, opened.channel, room.form_of(BEN)) == (a_form(), room.channel, None)
    assert again is not None
    assert again.errors == {"need": "Too long."}
    assert room.form_of(ANA) is None


def test_a_form_or_reply_no_platform_would_take_is_a_fault_of_ours(room: LocalRoom) -> None:
    with pytest.raises(ShownTooMuchError, match="6 fields in a form"):
        room.answer(ANA, Reply(form=a_form(*"abcdef")), clicked=None, channel=None)
    with pytest.raises(ShownTooMuchError, match="a text of 3001 characters"):
        room.answer(ANA, Reply(Message("Long.", (Text((Plain("x" * 3001),)),))), clicked=None, channel=None)
    with pytest.raises(ShownTooMuchError, match="two fields of one name"):
        room.answer(ANA, Reply(form=a_form("need", "need")), clicked=None, channel=None)


@pytest.mark.parametrize(
    ("part", "fault"),
    [
        (Heading("x" * 151), "a heading of 151 characters"),
        (Fields((("Does", (Plain("x" * 3000),)),)), "a fields of 3004 characters"),
        (Image(b"png", "x" * 3001), "a image of 3001 characters"),
        (Note((Link("https://example.org", "x" * 3000), Mention(BEN), Bold("!"))), "a note of 3050 characters"),
        (Buttons(()), "0 buttons in a row"),
    ],
)
def test_every_kind_of_part_has_its_limit(room: LocalRoom, part: Part, fault: str) -> None:
    with pytest.raises(ShownTooMuchError, match=fault):
        room.answer(ANA, Reply(Message("Long.", (part,))), clicked=None, channel=None)
    with pytest.raises(ShownTooMuchError, match="51 parts"):
        room.answer(ANA, Reply(Message("Long.", (Heading("x"),) * 51)), clicked=None, channel=None)


def test_what_a_person_writes_stands_in_the_channel_under_their_name(room: LocalRoom) -> None:
    standing = room.write(ELIF, "Who knows a good accountant?")

    assert (standing.author, standing.kind, standing.to) == (ELIF, Kind.POST, "channel")
    assert seen_by(room, DAVID) == ["Who knows a good accountant?"]


@pytest.mark.parametrize("user", [THE_BOT, FELIX, "U0NOBODY"])
async def test_nobody_can_write_to_a_bot_or_to_somebody_who_left(room: LocalRoom, user: str) -> None:
    with pytest.raises(DeliveryRefusedError) as refused:
        await deliver(room, Direct(room.workspace, user))  # type: ignore[arg-type] # a UserId is a str

    assert refused.value.reason is Refusal.UNREACHABLE


async def test_a_new_gateway_on_the_same_room_knows_the_keys_of_the_old_one(room: LocalRoom) -> None:
    first = await deliver(room, Direct(room.workspace, BEN))

    assert await deliver(room, Direct(room.workspace, BEN)) == first
    assert seen_by(room, BEN) == ["Hello."]


async def test_a_fault_can_be_meant_for_one_person(room: LocalRoom) -> None:
    gateway = LocalGateway(room)
    gateway.fail_next(Refuse(Refusal.UNREACHABLE), to=CARLA)
    gateway.fail_next(Delay(whole_workspace=True), to=BEN, times=2)

    await gateway.deliver(Direct(room.workspace, ANA), a_message(), key=DeliveryKey("1"), progress=Steps())
    for user, error in ((CARLA, DeliveryRefusedError), (BEN, DeliveryDelayedError), (BEN, DeliveryDelayedError)):
        with pytest.raises(error):
            await gateway.deliver(Direct(room.workspace, user), a_message(), key=DeliveryKey("2"), progress=Steps())

    assert seen_by(room, ANA) == ["Hello."]


async def test_a_key_longer_than_platforms_take_is_refused(room: LocalRoom) -> None:
    with pytest.raises(DeliveryRefusedError) as refused:
        await deliver(room, Direct(room.workspace, BEN), "notice/" + "x" * 100)

    assert refused.value.reason is Refusal.INVALID
    assert seen_by(room, BEN) == []


async def test_another_workspaces_messages_are_refused(room: LocalRoom) -> None:
    with pytest.raises(DeliveryRefusedError) as refused:
        await deliver(room, Direct("local:elsewhere", BEN))  # type: ignore[arg-type] # a WorkspaceId is a str

    assert refused.value.reason is Refusal.FORBIDDEN


def test_the_storys_clock_only_goes_forward(clock: StoryClock) -> None:
    clock.move_to(START + timedelta(days=1))

    with pytest.raises(ValueError, match="cannot go back"):
        clock.move_to(START)
    assert clock.now() == START + timedelta(days=1)
