"""The machine's clock and randomness keep what their ports promise."""

import re
from datetime import UTC

from adapters.system import RandomIds, SystemClock


def test_the_clock_tells_aware_time_in_utc() -> None:
    assert SystemClock().now().tzinfo is UTC


def test_ids_are_short_plain_and_all_different() -> None:
    ids = [RandomIds().new() for _ in range(5000)]

    assert len(set(ids)) == 5000
    assert all(re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_-]{0,23}", made) for made in ids)
