"""Starting a group and changing its settings."""

from tests.app.club import ANA, BEN, DAVID, Club, text_of


async def test_only_organisers_see_and_change_settings(club: Club) -> None:
    await club.table.types(BEN, "/intros settings")

    assert not club.table.room.in_view(BEN)[-1].buttons


async def test_a_bad_value_is_said_at_its_field_and_changes_nothing(club: Club) -> None:
    await club.table.types(DAVID, "/intros settings")
    await club.scenes.press(DAVID, "settings_group")

    reply = await club.table.sends(DAVID, {"time_zone": "Mars/Olympus"})

    assert set(reply.errors) == {"time_zone"}
    assert reply.form is not None
    assert next(f.value for f in reply.form.fields if f.key == "time_zone") == "Mars/Olympus"


async def test_a_changed_order_binds_the_next_referral(club: Club) -> None:
    await club.table.types(DAVID, "/intros settings")
    await club.scenes.press(DAVID, "settings_asking")
    await club.table.sends(DAVID, {"order": "provider_first"})
    await club.scenes.draft()
    await club.scenes.improve()

    reply = await club.scenes.press(ANA, "ask_them")

    assert reply.form is not None
    assert [f.key for f in reply.form.fields] == ["seeker_blind"]


async def test_settings_are_shown_with_what_was_chosen(club: Club) -> None:
    await club.table.types(DAVID, "/intros settings")
    await club.scenes.press(DAVID, "settings_limits")
    await club.table.sends(DAVID, {"asks_per_week": "7"})

    await club.table.types(DAVID, "/intros settings")

    assert "7" in club.last(DAVID)


async def test_a_part_of_the_settings_is_opened_by_its_word_for_those_who_may_change_it(club: Club) -> None:
    opened = await club.table.types(DAVID, "/intros settings limits")
    refused = await club.table.types(BEN, "/intros settings limits")
    well = await club.table.types(DAVID, "/intros settings check")

    assert (opened.form and opened.form.verb, refused.form) == ("settings_limits", None)
    assert "Only organisers" in text_of(refused.message)
    assert "everything I need" in text_of(well.message)
