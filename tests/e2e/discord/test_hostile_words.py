"""Whatever is typed anywhere is answered, and only words wherever it is shown: it notifies and styles nothing."""

from collections.abc import Iterator, Mapping
from itertools import cycle, islice

import pytest

from adapters.local.scenes import DRAFT
from bot.app.wording.clean import clean
from tests.discord.cast import ANA, BEN, CARLA, DAVID, ELIF, GUILD, INTRODUCTIONS, OTHER_BOT
from tests.discord.inert import active
from tests.discord.state import Json
from tests.discord.typing_in import Filled
from tests.e2e.discord.beginnings import begin, meet, write_card
from tests.e2e.discord.hall import MENU, Hall
from tests.faults import test_hostile_text

OURS = {ANA, BEN, CARLA, DAVID, ELIF}
PLAIN = "A plain sentence"
OF_DISCORD = {
    "everybody": f"<@&{GUILD}> <@{OTHER_BOT}> @everyone @here <#{INTRODUCTIONS}>",
    "what Discord draws": "<t:1700000000:R> </intros join:123456789012345678> <id:customize> <:no:123456789012345678>",
    "an animated emoji": "<a:wave:123456789012345678> and :smile:",
    "an invite": "discord.gg/abcdef and discord.com/invite/abcdef",
    "a masked link": "[your bank](https://evil.example) <https://evil.example>",
    "every line begins something": "# Big\n## Less\n-# small\n> quote\n>>> all of it\n1. one\n- two\n* three",
    "styles": "**b** __u__ *i* _i_ ~~s~~ ||spoiler|| `code` ```py\nx``` \\**b**",
    "other scripts": "語" * 300,
}
HALVES = {"lone surrogates"}
"""No client can send half a character."""
HOSTILE = {k: v for k, v in test_hostile_text.HOSTILE.items() if k not in HALVES} | OF_DISCORD
TAKEN = (
    "backticks",
    "markup",
    "SQL",
    "JSON",
    "right to left",
    "flags and skin",
    "every line begins something",
    "styles",
)
"""What is taken before consent: the rest holds a link or a mention, which are refused, or is cut."""
OUR_OWN = {"bold", "heading", "subtext", "quote", "time", "mention"}
MOST = 4000


async def fill_everything(hall: Hall, user: str, words: Iterator[str], **chosen: Filled) -> None:
    """Type something into every field of the form in front; what is not taken is said plainly, or left out."""
    answered = await hall.sends(user, {**_typed(hall, user, words), **chosen})
    if answered.message is None or answered.message.labels != ("Edit",):
        return
    await hall.press(user, "Edit", on=answered.message)
    plain = {one.custom_id: PLAIN if one.required else "" for one in hall.form(user).fields if one.kind == "text"}
    await hall.sends(user, {**plain, **chosen})


def _typed(hall: Hall, user: str, words: Iterator[str]) -> Mapping[str, Filled]:
    return {one.custom_id: next(words)[: one.most] for one in hall.form(user).fields if one.kind == "text"}


async def say_it_to_the_group(hall: Hall, words: Iterator[str]) -> None:
    for command in ("refer", "intros lead", "ask"):
        await hall.types(ANA, command)
        await fill_everything(hall, ANA, words, **({"provider": CARLA} if command != "ask" else {}))
    await hall.types(ANA, "intros find", words=next(words)[:100])
    for _ in range(3):
        answered = await hall.types(BEN, "ask", need=next(words)[:500])
        if answered.kind == "modal":
            await fill_everything(hall, BEN, words)
        await hall.press(BEN, "post_ask")
        written = hall.people.write(BEN, INTRODUCTIONS, next(words)[:MOST])
        await hall.after(await hall.people.on_message(ANA, MENU, written))
        await fill_everything(hall, ANA, words, provider=CARLA)
    for half in ("edit_card", "edit_card_more"):
        await hall.press(CARLA, half)
        await fill_everything(hall, CARLA, words)
    await hall.types(DAVID, "intros settings")
    for settings in ("settings_group", "settings_tally", "settings_keeping"):
        await hall.press(DAVID, settings)
        await fill_everything(hall, DAVID, words)


async def say_it_about_a_referral(hall: Hall, words: Iterator[str]) -> None:
    await write_card(hall, CARLA)  # only space in its lines was none
    await hall.types(ANA, "refer", seeker=BEN, provider=CARLA)
    await hall.sends(ANA, DRAFT)
    await hall.press(ANA, "need_yes", "fit_yes", "better")
    await fill_everything(hall, ANA, words)
    await hall.press(ANA, "ask_them")
    for verb in ("ask_referrer", "yes_but"):
        await hall.press(BEN, verb)
        await fill_everything(hall, BEN, words)
    await hall.press(ANA, "answer_party")
    await fill_everything(hall, ANA, words)
    await hall.press(CARLA, "no", "tell_why")
    await fill_everything(hall, CARLA, words)


def require_inert(hall: Hall) -> None:
    """Require that nothing of what was typed means anything anywhere, and that nobody is notified who is not in it."""
    for message in hall.world.messages.values():
        if message.author == hall.world.bot:
            assert message.pings <= OURS
            for text in hall.view.seen(message).texts:
                strange = [each for each in active(text) if each.kind not in OUR_OWN or _is_theirs(each.text)]
                assert strange == [], text
    for call in hall.world.calls:
        for body in _said(call.body):
            assert body["allowed_mentions"]["parse"] == []
            assert set(body["allowed_mentions"].get("users", [])) <= OURS


def _is_theirs(text: str) -> bool:
    return any(sign in text for sign in ("1700000000", "evil", OTHER_BOT, "Big", "Less", "three", "spoiler"))


def _said(body: object) -> Iterator[Json]:
    """Yield what a request puts in front of somebody: a message, or an answer that is one."""
    if isinstance(body, dict):
        said = body.get("data") if "type" in body else body
        if isinstance(said, dict) and ("content" in said or ("components" in said and "title" not in said)):
            yield said


async def play(hall: Hall, words: Iterator[str]) -> None:
    for user, name in (
        (ANA, "**Ana** @everyone"),
        (BEN, "<@&1> [Ben](https://evil.example)"),
        (CARLA, "`Carla`\n# Big"),
    ):
        hall.world.guilds[GUILD].members[user].nick = name
    await meet(hall)
    await say_it_to_the_group(hall, words)
    await say_it_about_a_referral(hall, words)


async def test_whatever_is_typed_is_answered_means_nothing_and_notifies_nobody(hall: Hall) -> None:
    await play(hall, cycle(HOSTILE.values()))

    require_inert(hall)
    assert hall.died() == []


@pytest.mark.long
@pytest.mark.parametrize("first", range(1, len(HOSTILE), 3))
async def test_whatever_is_typed_first_is_answered_and_means_nothing(hall: Hall, first: int) -> None:
    await play(hall, islice(cycle(HOSTILE.values()), first, None))

    require_inert(hall)


async def test_what_is_taken_is_shown_as_it_was_typed_and_what_is_not_is_kept(hall: Hall) -> None:
    await begin(hall, ANA, BEN, CARLA)
    await write_card(hall, CARLA)

    for name in TAKEN:
        words = HOSTILE[name][:200]
        await hall.types(ANA, "refer", seeker=BEN, provider=CARLA)
        await hall.sends(ANA, {**DRAFT, "need": words})
        assert _in_one_line(words) in " ".join(hall.told().split()), name
        await hall.press(ANA, "discard")
    for name in ("everybody", "a masked link", "a person's mention", "a bare link"):
        await hall.types(ANA, "refer", seeker=BEN, provider=CARLA)
        await hall.sends(ANA, {**DRAFT, "need": HOSTILE[name]})
        assert "Please" in hall.told(), name
        await hall.press(ANA, "Edit")
        assert hall.typed(ANA)["need"] == clean(HOSTILE[name])
    require_inert(hall)


def _in_one_line(words: str) -> str:
    return " ".join(clean(words).split())
