"""What is remembered for a while, and forgotten in the order in which it was last of use."""

from adapters.keeping import Lately


def test_what_was_longest_out_of_use_is_forgotten_first() -> None:
    kept: Lately[str, int] = Lately(2)
    kept.keep("a", 1)
    kept.keep("b", 2)

    assert kept.get("a") == 1
    kept.keep("c", 3)

    assert [kept.get(key) for key in "abc"] == [1, None, 3]
    assert len(kept) == 2


def test_who_looks_for_keys_may_look_at_what_is_kept() -> None:
    kept: Lately[str, int] = Lately(5)
    for key, value in (("a", 1), ("b", 2), ("c", 1)):
        kept.keep(key, value)

    found = kept.keys_where(lambda key: kept.get(key) == 1)

    assert sorted(found) == ["a", "c"]
    assert [kept.drop(key) for key in found] == [1, 1]
    assert kept.drop("a") is None
