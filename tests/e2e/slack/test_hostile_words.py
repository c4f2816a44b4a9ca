"""Whatever is typed anywhere is answered, and shown as nothing but the text it is: it notifies and styles nothing."""

from collections.abc import Awaitable, Callable

import pytest

from adapters.local.scenes import DRAFT
from adapters.slack.ids import REFER_FROM_MESSAGE
from bot.app.wording.clean import clean
from tests.e2e.slack.beginnings import begin, meet, write_card
from tests.e2e.slack.town import Town
from tests.faults.test_hostile_text import HOSTILE
from tests.slack.cast import ANA, BEN, CARLA, DAVID, ELIF, INTRODUCTIONS

Way = Callable[[Town, str], Awaitable[None]]
OURS = {ANA, BEN, CARLA, DAVID, ELIF}
PLAIN = "A plain sentence"
MOST_COMMAND = 3_000
TRIED = (
    "a channel mention",
    "a link in Slack's markup",
    "backticks",
    "NUL",
    "4,000 emoji",
    "payload",
    *(
        pytest.param(name, marks=pytest.mark.long)
        for name in ("everyone", "markup", "right to left", "JSON", "only space")
    ),
)
"""Half characters are no text, and are turned away at the edge; the others are tried in tests/faults."""
SHOWN = ("backticks", "markup", "payload", "SQL", "JSON", "a plain sentence", "right to left", "flags and skin")
"""What is taken before consent: the rest holds a link or a mention, which are refused at the field, or is cut."""


def as_a_command(words: str) -> str:
    """Return what a client can send behind a command."""
    return words.encode(errors="replace").decode()[:MOST_COMMAND]


async def fill_everything(town: Town, user: str, words: str, **chosen: str) -> None:
    """Type the same words into every field of the form in front; what is not taken is said plainly, or put away."""
    for least, most in ((words, words), (PLAIN, "")):
        if town.world.modals_of(user):
            texts = [field for field in town.form(user).fields if field.kind == "plain_text_input"]
            typed = {one.block_id: (least if one.required else most)[: one.max_length] for one in texts}
            await town.sends(user, {**typed, **chosen})
    if town.world.modals_of(user):
        await town.people.close(user)


async def say_it_to_the_group(town: Town, words: str) -> None:
    await town.types(ANA, "/refer", as_a_command(f"@Ben Okafor @Carla Rossi {words}"))
    await fill_everything(town, ANA, words)
    for command in ("find", "lead", "report", "settings", ""):
        await town.types(ANA, "/intros", as_a_command(f"{command} {words}"))
        if town.world.modals_of(ANA):
            await fill_everything(town, ANA, words, provider=CARLA)
    await town.types(BEN, "/ask", as_a_command(words))
    await fill_everything(town, BEN, words)
    await town.press(BEN, "post_ask")
    message = town.people.write(BEN, INTRODUCTIONS, words[:MOST_COMMAND])
    await town.after(await town.people.pick_message(ANA, message, REFER_FROM_MESSAGE))
    await fill_everything(town, ANA, words, provider=CARLA)
    for half in ("edit_card", "edit_card_more"):
        await town.press(CARLA, half)
        await fill_everything(town, CARLA, words)
    for settings in ("settings_group", "settings_tally", "settings_keeping"):
        await town.press(DAVID, settings)
        await fill_everything(town, DAVID, words)


async def say_it_about_a_referral(town: Town, words: str) -> None:
    await town.types(ANA, "/refer", "@Ben Okafor @Carla Rossi")
    await town.sends(ANA, DRAFT)
    await town.press(ANA, "need_yes", "fit_yes", "better")
    await fill_everything(town, ANA, words)
    await town.press(ANA, "ask_them")
    for verb in ("ask_referrer", "yes_but"):
        await town.press(BEN, verb)
        await fill_everything(town, BEN, words)
    await town.press(ANA, "answer_party")
    await fill_everything(town, ANA, words)
    await town.press(CARLA, "no", "tell_why")
    await fill_everything(town, CARLA, words)


def strangers_pinged(town: Town) -> set[str]:
    """Return whom messages of the bot's would notify, beyond the people they are about."""
    posts = (post for channel in town.world.channels.values() for post in channel.posts.values())
    return {ping for post in posts if post.bot_id for ping in post.pings} - OURS


@pytest.mark.parametrize("name", TRIED)
@pytest.mark.parametrize("way", [say_it_to_the_group, say_it_about_a_referral])
async def test_whatever_is_typed_is_answered_and_notifies_nobody(town: Town, name: str, way: Way) -> None:
    await meet(town)

    await way(town, HOSTILE[name])

    assert {answered.status for answered in town.answers if town.club.url} == {200}
    assert strangers_pinged(town) == set()
    assert [name for name, _ in town.club.noted.events] == []


@pytest.mark.parametrize("name", SHOWN)
async def test_what_is_taken_is_shown_as_it_was_typed(town: Town, name: str) -> None:
    await begin(town, ANA, BEN, CARLA)
    await write_card(town, CARLA)
    words = HOSTILE[name][:200]
    await town.types(ANA, "/refer", "@Ben Okafor @Carla Rossi")

    await town.sends(ANA, {**DRAFT, "need": words})

    preview = town.last(ANA)
    assert _in_one_line(words) in " ".join(preview.shown.split())


@pytest.mark.parametrize("name", ["a channel mention", "a person's mention", "everyone", "a bare link"])
async def test_what_would_notify_or_link_is_refused_at_its_field_and_kept(town: Town, name: str) -> None:
    await begin(town, ANA, BEN, CARLA)
    await town.types(ANA, "/refer", "@Ben Okafor @Carla Rossi")

    await town.sends(ANA, {**DRAFT, "need": HOSTILE[name]})

    form = town.form(ANA)
    assert form.field("need").value == clean(HOSTILE[name])
    assert "Please" in form.shown
    assert strangers_pinged(town) == set()


def _in_one_line(words: str) -> str:
    return " ".join(clean(words).split())
