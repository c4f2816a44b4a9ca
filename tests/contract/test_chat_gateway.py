"""The contract of every gateway: what the courier may rely on, whichever platform is behind it."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.domain.ids import ChannelId, UserId
from bot.ports.gateway import (
    DeliveryDelayedError,
    DeliveryKey,
    DeliveryRefusedError,
    Direct,
    InChannel,
    Receipt,
    Recipient,
    Refusal,
)
from bot.ports.messages import Button, Buttons, Message, Plain, Text
from tests.contract.gateways import GATEWAYS, Bench, Steps

WAIT = timedelta(seconds=17)


@pytest.fixture(params=GATEWAYS)
async def bench(request: pytest.FixtureRequest) -> AsyncIterator[Bench]:
    async with GATEWAYS[request.param]() as opened:
        yield opened


def a_message(summary: str = "Ben, Carla: you should meet.", *buttons: Button) -> Message:
    row = (Buttons(buttons),) if buttons else ()
    return Message(summary, (Text((Plain(summary),)), *row))


def a_key(occasion: object = 1) -> DeliveryKey:
    return DeliveryKey(f"notice/r-1/{occasion}")


async def deliver(
    bench: Bench,
    to: Recipient,
    message: Message | None = None,
    key: DeliveryKey | None = None,
    steps: Steps | None = None,
) -> Receipt:
    return await bench.gateway.deliver(to, message or a_message(), key=key or a_key(), progress=steps or Steps())


def after_a_lost_answer(bench: Bench) -> int:
    return 1 if bench.knows_keys else 2


@pytest.mark.parametrize("where", ["person", "channel", "pair"])
async def test_a_delivery_stands_where_its_receipt_says(bench: Bench, where: str) -> None:
    receipt = await deliver(bench, getattr(bench, where), a_message("Hello."))

    assert bench.reads(receipt) == "Hello."
    assert receipt.workspace == bench.person.workspace


@pytest.mark.parametrize("where", ["person", "channel", "pair"])
async def test_a_key_that_was_delivered_gets_its_first_receipt_again(bench: Bench, where: str) -> None:
    first = await deliver(bench, getattr(bench, where), a_message("Once."))

    again = await deliver(bench, getattr(bench, where), a_message("Twice?"))

    assert again == first
    assert (bench.count(), bench.reads(first)) == (1, "Once.")


async def test_two_keys_are_two_messages_also_with_the_same_words(bench: Bench) -> None:
    first = await deliver(bench, bench.person, key=a_key(1))
    second = await deliver(bench, bench.person, key=a_key(2))

    assert first != second
    assert bench.count() == 2


@pytest.mark.parametrize("where", ["person", "channel", "pair"])
async def test_an_edit_takes_the_place_of_the_message(bench: Bench, where: str) -> None:
    receipt = await deliver(bench, getattr(bench, where), a_message("Before."))

    edited = await bench.gateway.edit(receipt, a_message("After."), key=a_key("edit"))

    assert edited == receipt
    assert (bench.count(), bench.reads(receipt)) == (1, "After.")


async def test_an_edit_is_made_once_under_its_key(bench: Bench) -> None:
    receipt = await deliver(bench, bench.person)
    await bench.gateway.edit(receipt, a_message("Second."), key=a_key("2"))
    await bench.gateway.edit(receipt, a_message("Third."), key=a_key("3"))

    late = await bench.gateway.edit(receipt, a_message("Second."), key=a_key("2"))

    assert late == receipt
    assert bench.reads(receipt) == "Third."


async def test_an_edit_of_what_is_not_there_is_refused_as_gone(bench: Bench) -> None:
    receipt = await deliver(bench, bench.person)
    nowhere = Receipt(receipt.workspace, receipt.channel, "never-posted")

    with pytest.raises(DeliveryRefusedError) as refused:
        await bench.gateway.edit(nowhere, a_message(), key=a_key("edit"))

    assert refused.value.reason is Refusal.GONE


async def test_a_room_is_opened_once_and_its_opening_is_recorded_before_the_message(bench: Bench) -> None:
    steps = Steps()
    bench.lose_next_answer()
    with pytest.raises(DeliveryDelayedError):
        await deliver(bench, bench.pair, steps=steps)

    await deliver(bench, bench.pair, steps=steps)

    assert steps.kept
    assert (bench.rooms(), bench.count()) == (1, after_a_lost_answer(bench))


async def test_a_delivery_that_was_begun_goes_on_in_the_room_it_had_opened(bench: Bench) -> None:
    steps = Steps()
    first = await deliver(bench, bench.pair, key=a_key(1), steps=steps)

    second = await deliver(bench, bench.pair, key=a_key(2), steps=Steps(steps.kept))

    assert second.channel == first.channel
    assert bench.rooms() == 1


@pytest.mark.parametrize("where", ["person", "channel", "pair"])
async def test_a_platform_that_asks_to_wait_is_a_delay_with_its_time(bench: Bench, where: str) -> None:
    bench.delay_next(WAIT)

    with pytest.raises(DeliveryDelayedError) as delayed:
        await deliver(bench, getattr(bench, where))

    assert delayed.value.wait == WAIT
    assert not delayed.value.lost_answer
    assert bench.count() == 0


@pytest.mark.parametrize("reason", [Refusal.UNREACHABLE, Refusal.FORBIDDEN, Refusal.GONE, Refusal.NO_CHANNEL])
async def test_a_platform_that_refuses_is_a_refusal_with_its_reason(bench: Bench, reason: Refusal) -> None:
    bench.refuse_next(reason)

    with pytest.raises(DeliveryRefusedError) as refused:
        await deliver(bench, bench.person)

    assert refused.value.reason is reason
    assert bench.count() == 0


async def test_an_edit_is_delayed_and_refused_like_a_delivery(bench: Bench) -> None:
    receipt = await deliver(bench, bench.person, a_message("Before."))
    bench.delay_next(WAIT)
    with pytest.raises(DeliveryDelayedError):
        await bench.gateway.edit(receipt, a_message("After."), key=a_key("edit"))
    bench.pass_time(WAIT)
    bench.refuse_next(Refusal.FORBIDDEN)
    with pytest.raises(DeliveryRefusedError):
        await bench.gateway.edit(receipt, a_message("After."), key=a_key("edit"))

    await bench.gateway.edit(receipt, a_message("After."), key=a_key("edit"))

    assert bench.reads(receipt) == "After."


async def test_a_lost_answer_says_so_and_nothing_is_repeated_until_the_next_try(bench: Bench) -> None:
    bench.lose_next_answer()
    with pytest.raises(DeliveryDelayedError) as delayed:
        await deliver(bench, bench.person)
    once = bench.count()

    await deliver(bench, bench.person)

    assert delayed.value.lost_answer
    assert (once, bench.count()) == (1, after_a_lost_answer(bench))


async def test_after_a_fault_the_next_try_succeeds(bench: Bench) -> None:
    bench.delay_next(WAIT)
    with pytest.raises(DeliveryDelayedError):
        await deliver(bench, bench.person)
    bench.pass_time(WAIT)

    await deliver(bench, bench.person)

    assert bench.count() == 1


TOO_MUCH = {
    "no summary": a_message(" "),
    "a summary over 3,000 characters": Message("x" * 3001, ()),
    "six buttons in a row": a_message("Press.", *(Button(str(n), "yes", str(n)) for n in range(6))),
    "a label over 80 characters": a_message("Press.", Button("x" * 81, "yes", "r.1")),
    "an id over 100 characters": a_message("Press.", Button("Yes", "yes", "r" * 97)),
}


@pytest.mark.parametrize("message", TOO_MUCH.values(), ids=TOO_MUCH.keys())
async def test_a_message_over_a_limit_is_refused_as_invalid(bench: Bench, message: Message) -> None:
    with pytest.raises(DeliveryRefusedError) as refused:
        await deliver(bench, bench.person, message)

    assert refused.value.reason is Refusal.INVALID
    assert bench.count() == 0


async def test_an_edit_over_a_limit_is_refused_as_invalid_and_changes_nothing(bench: Bench) -> None:
    receipt = await deliver(bench, bench.person, a_message("Before."))

    with pytest.raises(DeliveryRefusedError) as refused:
        await bench.gateway.edit(receipt, Message("x" * 3001, ()), key=a_key("edit"))

    assert refused.value.reason is Refusal.INVALID
    assert bench.reads(receipt) == "Before."


async def test_a_message_at_every_limit_is_taken(bench: Bench) -> None:
    buttons = (Button("x" * 80, "yes", str(n) + "r" * 95) for n in range(5))

    await deliver(bench, bench.person, a_message("x" * 3000, *buttons))

    assert bench.count() == 1


async def test_a_person_who_is_not_there_is_unreachable(bench: Bench) -> None:
    with pytest.raises(DeliveryRefusedError) as refused:
        await deliver(bench, Direct(bench.person.workspace, UserId("U0NOBODY")))

    assert refused.value.reason is Refusal.UNREACHABLE


async def test_a_channel_that_is_not_there_is_no_channel(bench: Bench) -> None:
    with pytest.raises(DeliveryRefusedError) as refused:
        await deliver(bench, InChannel(bench.person.workspace, ChannelId("C0NOWHERE")))

    assert refused.value.reason is Refusal.NO_CHANNEL


@pytest.mark.parametrize("where", ["person", "channel", "pair"])
async def test_every_rate_has_a_name_and_lets_something_through(bench: Bench, where: str) -> None:
    rates = bench.gateway.rates(getattr(bench, where))

    assert all(rate.key and rate.most > 0 and rate.per > timedelta(0) for rate in rates)
    assert len({rate.key for rate in rates}) == len(rates)
