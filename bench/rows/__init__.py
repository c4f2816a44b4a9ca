"""The rows of the benchmark, in the order in which they are reported."""

from bench.rows import (
    claim,
    clicks,
    couriers,
    discord,
    edge,
    pieces,
    referral,
    room,
    start,
    tally,
    throughput,
    transactions,
)
from bench.run import Row

ROWS: tuple[Row, ...] = (
    referral.ROW,
    edge.ROW,
    clicks.ROW,
    discord.ROW,
    transactions.ROW,
    claim.ROW,
    tally.ROW,
    start.ROW,
    throughput.ROW,
    couriers.ROW,
    pieces.ROW,
    room.ROW,
)
