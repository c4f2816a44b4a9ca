"""What every message has for those who read it: their own clock, all of the words, no previews, no names too many."""

from datetime import timedelta

from tests.discord.cast import ANA, BEN, CARLA, DAVID, ELIF, INTRODUCTIONS
from tests.discord.inert import active
from tests.e2e.discord.beginnings import ask_ben, begin, question_of, standing
from tests.e2e.discord.hall import Hall

POST = "POST /channels/{channel_id}/messages"
SUPPRESS_EMBEDS, COMPONENTS_V2 = 1 << 2, 1 << 15
SCRIPTS = ("語", "ж", "👩‍👩‍👧", "x_")
UNTIL = "<t:1795078800:f>"


async def test_an_instant_is_read_by_each_readers_own_clock_and_people_by_their_names(hall: Hall) -> None:
    question = await ask_ben(hall)

    moments = [each.text for text in question.texts for each in active(text) if each.kind == "time"]
    assert UNTIL in moments
    assert {each.text for text in question.texts for each in active(text) if each.kind == "mention"} <= {
        f"<@{user}>" for user in (ANA, BEN, CARLA)
    }


async def test_nothing_shows_previews_or_waits_behind_a_notification_without_words(hall: Hall) -> None:
    await ask_ben(hall)
    await hall.press(BEN, "yes")
    await hall.press(CARLA, "yes")
    await hall.wait(timedelta(seconds=30))

    posts = hall.world.called(POST)
    assert len(posts) > 5
    for call in posts:
        assert isinstance(call.body, dict)
        assert call.body["flags"] & (SUPPRESS_EMBEDS | COMPONENTS_V2)
        assert call.body.get("content") or call.body["flags"] & COMPONENTS_V2
        assert (len(call.body["nonce"]), call.body["enforce_nonce"]) == (25, True)
    assert [seen.pings for seen in hall.view.messages(INTRODUCTIONS) if seen.pings] == []
    assert [seen.embeds for user in (ANA, BEN, CARLA) for seen in hall.view.in_view(user) if seen.embeds] == []


async def test_the_longest_words_are_cut_where_it_is_said_and_nothing_else_is_lost_with_them(hall: Hall) -> None:
    await begin(hall, ANA, BEN, CARLA)
    for half in ("edit_card", "edit_card_more"):
        await hall.press(CARLA, half)
        await hall.sends(CARLA, _as_long_as_it_takes(hall, CARLA, "語"))
    await hall.types(ANA, "refer", seeker=BEN, provider=CARLA)
    await hall.sends(ANA, _as_long_as_it_takes(hall, ANA, "語"))
    await hall.press(ANA, "need_yes", "fit_yes", "better")
    await hall.sends(ANA, _as_long_as_it_takes(hall, ANA, "語"))
    await hall.press(ANA, "ask_them")

    question = question_of(hall, BEN)
    assert question.shown.count("語…") > 1
    for words in ("Long texts are shortened here; @Ana Duarte can tell you the rest.", "A no is private and fine"):
        assert words in question.shown
    assert question.labels[:3] == ("Yes, introduce us", "Yes, but…", "No, thanks")
    await hall.press(BEN, "Yes, but…")
    await hall.sends(BEN, _as_long_as_it_takes(hall, BEN, "語"))
    assert "You said yes" in standing(hall, question).shown
    await hall.press(CARLA, "yes")
    await hall.wait(timedelta(seconds=30))

    (room,) = hall.view.threads()
    introduction = hall.view.messages(room.id)
    assert introduction[-1].labels == ("Got it",)
    assert "Introduced by Ana Duarte" in "\n".join(seen.shown for seen in introduction)
    assert hall.died() == []


async def test_a_button_is_no_longer_than_it_may_be_in_any_language_and_every_form_fits(hall: Hall) -> None:
    hall.world.users[ANA].locale = "de"
    await begin(hall, ANA, BEN, CARLA, ELIF)
    for script in SCRIPTS:
        await hall.types(ANA, "ask")
        await hall.sends(ANA, _as_long_as_it_takes(hall, ANA, script))
        await hall.press(ANA, "edit_ask" if hall.is_offered(ANA, "edit_ask") else "Edit")
        form = hall.form(ANA)
        assert (len(form.title) <= 45, len(form.custom_id) <= 100, 1 <= len(form.fields) <= 5) == (True, True, True)
        assert max(len(one.label) for one in form.fields) <= 45
        assert max(len(one.description) for one in form.fields) <= 100
    labels = [label for user in (ANA, DAVID) for seen in hall.view.in_view(user) for label in seen.labels]
    assert max(map(len, labels)) <= 80


def _as_long_as_it_takes(hall: Hall, user: str, sign: str) -> dict[str, str]:
    """Return every text field of the form in front filled to its end, and no last day."""
    texts = [one for one in hall.form(user).fields if one.kind == "text" and one.custom_id != "ends_on"]
    return {one.custom_id: (sign * one.most)[: one.most] for one in texts}
