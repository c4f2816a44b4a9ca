"""A row that has to wait for its platform's limits is put off before anything is sent, and loses no try by it."""

from collections.abc import Sequence
from datetime import timedelta

from adapters.local.gateway import LocalGateway
from bot.app.courier import NEXT_TURN, Terms
from bot.ports.gateway import Rate, Recipient
from tests.faults.bench import BEN, DELIVERED, OPEN, TERMS, Bench, hello


class Slow(LocalGateway):
    """Takes one message in ten minutes."""

    def rates(self, to: Recipient) -> Sequence[Rate]:
        """Return that limit."""
        del to
        return (Rate("everything", 1, timedelta(minutes=10)),)


async def test_a_row_whose_turn_is_far_off_comes_again_later_as_if_it_had_not_been_tried(bench: Bench) -> None:
    await bench.queue(hello("one"), hello("two"))
    terms = Terms(lease=TERMS.lease, tries=1, turn_within=timedelta(seconds=0.05))
    courier = bench.courier(gateway=Slow(bench.room), terms=terms)

    for _ in range(3):
        await courier.deliver_due()
        bench.pass_time(NEXT_TURN.total_seconds())

    now, until = bench.clock.now(), bench.clock.now() + TERMS.lease
    (waiting,) = await bench.store.run(lambda tx: tx.outbox.claim(now, until, "look", 9))
    assert sorted(bench.statuses().values()) == [OPEN, DELIVERED]
    assert len(bench.received(BEN)) == 1
    assert (waiting.attempts, waiting.progress) == (0, {})
