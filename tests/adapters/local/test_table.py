"""The table: what a chat client does for a person, and how time passes."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from adapters.local.clock import START, CountedIds, StoryClock
from adapters.local.commands import which
from adapters.local.people import ADMINS, ANA, BEN, DAVID, EVERYBODY, THE_BOT
from adapters.local.room import LocalRoom
from adapters.local.table import NotOfferedError, StuckError, Table
from adapters.local.transcript import CHANNEL, Did, Kind
from bot.domain.ids import ChannelId, WorkspaceId
from bot.ports.inbound import Inbound, PickMessage, Press, Slash, Submit
from bot.ports.messages import Button, Buttons, Field, FieldKind, Form, Message, Reply

FORM = Form("Refer", "new_draft", "g", (Field("need", "Need", FieldKind.TEXT, value="Books"),), "Preview")
PREVIEW = Message("Preview.", (Buttons((Button("Yes", "need_yes", "r"), Button("No", "need_no", "r"))),))


class BotForTests:
    """Answers as it is told to, and has things to do at certain instants."""

    def __init__(self, clock: StoryClock) -> None:
        self.replies: list[Reply] = []
        self.heard: list[Inbound] = []
        self.due: list[datetime] = []
        self.swept: list[datetime] = []
        self.finishes = True
        self._clock = clock

    async def handle(self, inbound: Inbound) -> Reply:
        self.heard.append(inbound)
        return self.replies.pop(0) if self.replies else Reply()

    async def sweep(self) -> None:
        self.swept.append(self._clock.now())
        if self.finishes:
            self.due = [due for due in self.due if due > self._clock.now()]

    async def deliver(self) -> None:
        """Nothing is owed."""

    async def next_due(self) -> datetime | None:
        return min(self.due, default=None)

    async def next_post(self, workspace: WorkspaceId, channel: ChannelId) -> datetime | None:
        """No group, no post."""

    async def close(self) -> None:
        """Nothing is open."""


Laid = tuple[Table, BotForTests]


@pytest.fixture
def laid() -> Laid:
    clock = StoryClock()
    bot = BotForTests(clock)
    return Table(LocalRoom(EVERYBODY, clock, admins=ADMINS), bot, clock, CountedIds("event")), bot


async def test_a_command_arrives_in_its_envelope(laid: Laid) -> None:
    table, bot = laid

    await table.types(ANA, "/refer @ben")
    await table.types(DAVID, "/intros settings", privately=True)

    first, second = bot.heard
    assert isinstance(first, Slash)
    assert (first.origin.user, first.origin.channel, first.origin.is_admin) == (ANA, table.room.channel, False)
    assert (second.origin.user, second.origin.channel, second.origin.is_admin) == (DAVID, None, True)
    assert first.origin.event != second.origin.event


async def test_a_form_is_sent_with_what_was_typed_over_what_it_held(laid: Laid) -> None:
    table, bot = laid
    bot.replies = [Reply(form=FORM)]
    await table.types(ANA, "/refer")

    await table.sends(ANA, {})

    submit = bot.heard[-1]
    assert isinstance(submit, Submit)
    assert (submit.verb, submit.ref, submit.fields) == ("new_draft", "g", {"need": "Books"})
    assert submit.origin.channel == table.room.channel
    assert table.room.form_of(ANA) is None


async def test_a_form_that_is_not_open_and_a_field_it_does_not_have_are_not_sent(laid: Laid) -> None:
    table, bot = laid
    with pytest.raises(NotOfferedError, match="ana is not offered a form"):
        await table.sends(ANA, {})
    bot.replies = [Reply(form=FORM)]
    await table.types(ANA, "/refer")

    with pytest.raises(NotOfferedError, match="the fields why, only need"):
        await table.sends(ANA, {"why": "because"})


async def test_a_choice_that_a_form_does_not_have_is_not_sent(laid: Laid) -> None:
    table, bot = laid
    basis = Field("basis", "Basis", FieldKind.CHOICE, options=(("direct", "Direct"), ("none", "None")))
    bot.replies = [Reply(form=Form("Refer", "new_draft", "g", (basis,), "Preview"))]
    await table.types(ANA, "/refer")

    with pytest.raises(NotOfferedError, match="ana is not offered hearsay for basis, only direct, none"):
        await table.sends(ANA, {"basis": "hearsay"})


async def test_a_button_is_pressed_where_it_stands_and_carries_its_verb_and_ref(laid: Laid) -> None:
    table, bot = laid
    bot.replies = [Reply(PREVIEW), Reply(Message("Thank you.", ()), replaces=True)]
    await table.types(ANA, "/refer")

    await table.presses(ANA, table.offer(ANA, "need_no"))

    press = bot.heard[-1]
    assert isinstance(press, Press)
    assert (press.verb, press.ref, press.origin.channel) == ("need_no", "r", None)
    assert [standing.message.summary for standing in table.room.in_view(ANA)] == ["Thank you."]


async def test_a_button_in_the_channel_is_pressed_in_the_channel(laid: Laid) -> None:
    table, bot = laid
    table.room.put(table.room.channel, CHANNEL, Kind.POST, PREVIEW)

    await table.presses(BEN, table.offer(BEN, "need_yes"))

    assert bot.heard[-1].origin.channel == table.room.channel


async def test_a_button_nobody_offers_any_more_is_missed_loudly(laid: Laid) -> None:
    table, bot = laid
    bot.replies = [Reply(PREVIEW), Reply(Message("Later.", (Buttons((Button("Later", "later", "r"),)),)))]
    await table.types(ANA, "/refer")
    await table.types(ANA, "/refer")

    with pytest.raises(NotOfferedError, match="ana is not offered need_yes, only later"):
        table.offer(ANA, "need_yes")


async def test_buttons_are_counted_from_the_top_of_what_is_in_view(laid: Laid) -> None:
    table, bot = laid
    bot.replies = [Reply(PREVIEW), Reply(PREVIEW)]
    await table.types(ANA, "/refer")
    await table.types(ANA, "/refer")

    found = which("3", table.numbered(ANA))

    assert [one.number for one in table.numbered(ANA)] == [1, 2, 3, 4]
    assert table.numbered_offer(found).button.verb == "need_yes"
    assert table.numbered(BEN) == ()


async def test_the_message_menu_hands_over_the_author_and_the_text(laid: Laid) -> None:
    table, bot = laid
    written = table.writes(BEN, "Who knows an accountant?")
    table.room.put(table.room.channel, CHANNEL, Kind.POST, PREVIEW)

    await table.picks(ANA, written)
    await table.picks(ANA, table.room.in_view(ANA)[-1])

    first, second = bot.heard
    assert isinstance(first, PickMessage)
    assert isinstance(second, PickMessage)
    assert (first.author, first.text) == (BEN, "Who knows an accountant?")
    assert second.author == THE_BOT


@pytest.mark.parametrize(
    ("act", "does", "typed"),
    [
        (lambda table: table.types(ANA, "/refer  @ben"), "types /refer @ben", ()),
        (lambda table: table.sends(ANA, {"need": "A\nlawyer"}), "sends “Refer”", ("Need: A lawyer",)),
        (lambda table: table.presses(ANA, table.offer(ANA, "need_yes")), "presses “Yes”", ()),
    ],
)
async def test_what_people_do_is_written_down_in_words(
    laid: Laid, act: Callable[[Table], object], does: str, typed: tuple[str, ...]
) -> None:
    table, bot = laid
    bot.replies = [Reply(PREVIEW, form=FORM)]
    await table.types(ANA, "/refer")

    await act(table)  # type: ignore[misc] # a coroutine, whatever it returns

    said = [entry for entry in table.room.transcript.entries if isinstance(entry, Did)]
    assert said[-1] == Did(START, ANA, does, typed)


async def test_waiting_stops_wherever_something_is_due(laid: Laid) -> None:
    table, bot = laid
    half, whole = START + timedelta(hours=36), START + timedelta(days=3)
    bot.due = [whole, half]

    await table.wait(timedelta(days=4))

    assert bot.swept == [half, whole, START + timedelta(days=4)]


async def test_something_that_stays_due_for_ever_is_not_waited_for(laid: Laid) -> None:
    table, bot = laid
    bot.due, bot.finishes = [START], False

    with pytest.raises(StuckError):
        await table.wait(timedelta(seconds=1))
