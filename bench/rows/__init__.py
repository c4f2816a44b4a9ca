"""The rows of the benchmark, in the order in which they are reported."""

from bench.rows import claim, couriers, pieces, referral, start, throughput, transactions
from bench.run import Row

ROWS: tuple[Row, ...] = (
    referral.ROW,
    transactions.ROW,
    claim.ROW,
    start.ROW,
    throughput.ROW,
    couriers.ROW,
    pieces.ROW,
)
