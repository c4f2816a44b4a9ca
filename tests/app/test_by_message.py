"""Where a platform has no place for a reply, what it would have said comes as a direct message, once."""

from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import select

from adapters.local.scenes import DRAFT
from bot.app.answering import words
from bot.app.desk import LookedOnlyError
from bot.app.wording.cast import Operator
from bot.domain.effects import Answer
from bot.domain.ids import ChannelId, EventId, MemberId, UserId
from bot.ports.inbound import Inbound, Origin, PickMessage, Press, Slash, Submit
from bot.ports.messages import Reply
from bot.ports.store import Transaction
from storage.store import SqlStore
from storage.tables import outbox
from tests.app.club import ANA, BEN, CARLA, DAVID, Club, text_of

EVENTS = count()
ELSEWHERE = ChannelId("elsewhere")


def origin(club: Club, user: UserId, *, channel: ChannelId | None = None, by_message: bool = True) -> Origin:
    event = EventId(f"event-{next(EVENTS)}")
    return Origin(event, club.table.room.workspace, user, channel, is_admin=user == DAVID, by_message=by_message)


def store_of(club: Club) -> SqlStore:
    assert isinstance(club.bot.store, SqlStore)
    return club.bot.store


def member(tx: Transaction, user: UserId) -> MemberId:
    known = tx.members.by_user(tx.groups.all()[0].workspace, user)
    assert known is not None
    return known.id


def group_of(club: Club) -> str:
    return str(store_of(club).run_now(lambda tx: tx.groups.all())[0].id)


async def sees(club: Club, inbound: Inbound) -> tuple[Reply, list[str]]:
    """Let it arrive; return the reply, and what is newly in front of the one who acted."""
    user = inbound.origin.user
    before = len(club.table.room.in_view(user))
    reply = await club.says(inbound)
    return reply, [text_of(standing.message) for standing in club.table.room.in_view(user)[before:]]


@pytest.mark.parametrize("verb", ["show_mine", "show_card", "show_pause", "show_privacy", "export", "erase"])
async def test_a_page_comes_as_a_message_that_says_what_the_reply_would_have(club: Club, verb: str) -> None:
    group = group_of(club)
    in_reply = await club.bot.handle(Press(origin(club, BEN, by_message=False), verb, group))

    reply, came = await sees(club, Press(origin(club, BEN), verb, group))

    assert reply == Reply()
    assert came == [text_of(in_reply.message)]


async def test_a_draft_sent_from_a_form_shows_its_preview_once_however_often_the_event_comes(club: Club) -> None:
    form = (await club.bot.handle(Slash(origin(club, ANA, channel=club.table.room.channel), "refer"))).form
    assert form is not None
    submit = Submit(origin(club, ANA), form.verb, form.ref, {"seeker": BEN, "provider": CARLA, **DRAFT})

    seen = [await sees(club, submit) for _ in range(3)]

    assert [reply for reply, _ in seen] == [Reply()] * 3
    assert [len(came) for _, came in seen] == [1, 0, 0]
    assert DRAFT["need"] in seen[0][1][0]
    assert "need_yes" in seen[0][1][0]


async def test_what_was_written_in_a_form_that_a_preview_opened_takes_the_place_of_that_preview(club: Club) -> None:
    here = club.table.room.channel
    opened = (await club.bot.handle(Slash(origin(club, ANA, channel=here), "refer"))).form
    assert opened is not None
    first = Submit(origin(club, ANA), opened.verb, opened.ref, {"seeker": BEN, "provider": CARLA, **DRAFT})
    await club.bot.handle(first)
    draft = store_of(club).run_now(lambda tx: tx.referrals.started_by(tx.groups.all()[0].id, member(tx, ANA)))[0].id

    changed = {"seeker": BEN, "provider": CARLA, **DRAFT, "need": "Somebody who fixes staircases"}
    reply, came = await sees(club, Submit(origin(club, ANA), "edit", draft, changed))

    assert reply.replaces
    assert reply.message is not None
    assert "Somebody who fixes staircases" in text_of(reply.message)
    assert len(came) == 1, "only the first preview, which the second takes the place of"


async def test_forms_and_errors_stay_in_the_reply(club: Club) -> None:
    here = club.table.room.channel
    opened, nothing = await sees(club, Slash(origin(club, ANA, channel=here), "refer", people=(BEN,)))
    assert opened.form is not None
    typed = {"seeker": BEN, "provider": BEN, **DRAFT}

    refused, no_message = await sees(club, Submit(origin(club, ANA), opened.form.verb, opened.form.ref, typed))

    assert set(refused.errors) == {"provider"}
    assert (nothing, no_message) == ([], [])


async def test_each_sentence_for_what_cannot_be_done_comes_as_a_message(club: Club) -> None:
    await club.scenes.draft()
    await club.scenes.improve()
    await club.scenes.press(ANA, "ask_them")
    question = next(b.ref for s in club.table.room.in_view(BEN) for b in s.buttons if b.verb == "yes")
    await club.table.types(DAVID, "/intros leave")

    inbounds: dict[str, Inbound] = {
        "somebody else": Press(origin(club, CARLA), "yes", question),
        "not there any more": Press(origin(club, CARLA), "show_draft", "nothing"),
        "no group here": Slash(origin(club, DAVID), "refer"),
    }
    came = {sentence: (await sees(club, inbound))[1] for sentence, inbound in inbounds.items()}

    for sentence, texts in came.items():
        assert len(texts) == 1
        assert sentence in texts[0]


async def test_the_choice_between_groups_comes_as_a_message_and_goes_on_from_there(club: Club) -> None:
    for user, text in ((DAVID, "settings"), (ANA, "join")):
        await club.says(Slash(origin(club, user, channel=ELSEWHERE, by_message=False), "intros", text))

    _, (choice,) = await sees(club, Slash(origin(club, ANA), "intros", "mine"))
    _, (for_pick,) = await sees(club, PickMessage(origin(club, ANA), BEN, "needs books"))

    assert choice.count("choose_group") == 2
    assert ".intros.mine" in choice
    assert for_pick.count("choose_group") == 2


async def test_nothing_that_was_typed_lies_open_in_the_outbox(club: Club) -> None:
    here = club.table.room.channel
    for text in ("find xylophones", "xylophone", "join xylophone"):
        await club.bot.handle(Slash(origin(club, BEN, channel=here), "intros", text))
    await club.bot.handle(Press(origin(club, BEN), "xylophone", ""))

    rows = store_of(club)._runner.run_now(lambda c: c.execute(select(outbox).where(outbox.c.status == 0)).all())

    assert len(rows) == 4
    assert "xylophone" not in str(rows)


async def test_it_comes_at_night_too_since_the_person_is_right_there(club: Club) -> None:
    await club.table.wait_until(club.table.clock.now().replace(hour=23, minute=30) + timedelta(days=1))

    _, came = await sees(club, Press(origin(club, BEN), "show_pause", group_of(club)))

    assert len(came) == 1


async def test_whoever_erases_themselves_is_told_in_the_reply_and_owed_nothing(club: Club) -> None:
    await club.bot.handle(Press(origin(club, BEN), "show_card", group_of(club)))

    reply = await club.bot.handle(Press(origin(club, BEN), "erase_really", group_of(club)))
    before = club.seen(BEN)
    await club.bot.deliver()

    assert "erased" in text_of(reply.message)
    assert club.seen(BEN) == before


async def test_an_answer_whose_event_is_forgotten_shows_nothing_and_does_nothing(club: Club) -> None:
    await club.bot.handle(Press(origin(club, BEN), "leave", group_of(club)))
    await club.bot.handle(Press(origin(club, BEN), "join", group_of(club)))
    after = club.table.clock.now() + timedelta(days=8)
    await club.bot.store.run(lambda tx: tx.inbox.forget_before(after))
    before = club.seen(BEN)

    await club.bot.deliver()

    assert "left" not in club.seen(BEN).removeprefix(before)
    assert [m.user for m in await club.bot.store.run(members_of)].count(BEN) == 1


def members_of(tx: Transaction) -> list:  # type: ignore[type-arg]
    return list(tx.members.of_group(tx.groups.all()[0].id))


@pytest.mark.parametrize(("verb", "kind"), [("leave", "press"), ("intros", "slash")])
async def test_looking_again_never_changes_anything(club: Club, verb: str, kind: str) -> None:
    group = group_of(club)

    def look(tx: Transaction) -> object:
        me = tx.members.by_user(club.table.room.workspace, BEN)
        assert me
        ref = "leave" if kind == "slash" else group
        answer = Answer(EventId("odd"), me.id, kind, verb, ref, None, is_admin=False, kept=False)
        return words(tx, answer, Operator(), club.table.clock.now())

    with pytest.raises(LookedOnlyError):
        await club.bot.store.run(look)

    assert BEN in [m.user for m in await club.bot.store.run(members_of)]
