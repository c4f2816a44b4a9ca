"""The rows of the benchmark, in the order in which they are reported."""

from bench.rows import claim, clicks, couriers, edge, pieces, referral, room, start, throughput, transactions
from bench.run import Row

ROWS: tuple[Row, ...] = (
    referral.ROW,
    edge.ROW,
    clicks.ROW,
    transactions.ROW,
    claim.ROW,
    start.ROW,
    throughput.ROW,
    couriers.ROW,
    pieces.ROW,
    room.ROW,
)
