"""What is stored about me, handing it over, and being forgotten: promise 4 on the raw file."""

import json
from datetime import timedelta
from pathlib import Path

from bot.app.privacy import export_of
from bot.domain.ids import UserId
from bot.ports.messages import File
from tests.app.club import ANA, BEN, CARLA, Club

SECRET = "mornings-at-the-lighthouse"


async def introduced(club: Club) -> None:
    await club.scenes.draft()
    await club.scenes.improve()
    await club.scenes.press(ANA, "ask_them")
    await club.scenes.press(BEN, "yes_but")
    await club.table.sends(BEN, {"seeker_terms": SECRET})
    await club.scenes.press(CARLA, "yes")
    await club.table.wait(timedelta(minutes=1))


async def test_an_export_holds_what_i_typed_was_shown_and_answered_and_no_answer_of_another(club: Club) -> None:
    await introduced(club)
    await club.table.types(BEN, "/intros privacy")

    await club.scenes.press(BEN, "export")

    kept = next(p for p in club.table.room.in_view(BEN)[-1].message.parts if isinstance(p, File))
    data = json.loads(kept.text)
    assert SECRET in json.dumps(data["groups"])
    assert [one["answer"] for one in data["answers"]] == ["yes_but"]
    assert "May I introduce you?" in data["shown"][0]["text"]
    assert "mornings" not in json.dumps(await exported(club, CARLA, "groups"), default=str)


async def exported(club: Club, user: UserId, part: str) -> object:
    def work(tx):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202 -- the transaction's type adds nothing here
        member = tx.members.by_user(club.table.room.workspace, user)
        return export_of(tx, member.id)[part]

    return await club.bot.store.run(work)


async def test_erasing_leaves_no_trace_of_the_person_in_the_files_and_everybody_elses_counts(club: Club) -> None:
    await introduced(club)
    others = await exported(club, ANA, "answers"), await exported(club, CARLA, "answers")
    await club.table.types(BEN, "/intros privacy")

    await club.scenes.press(BEN, "erase", "erase_really")

    raw = b"".join(path.read_bytes() for path in database_files(club.file))
    assert b"direct:ben" not in raw
    assert b'"ben"' not in raw
    assert SECRET.encode() not in raw
    assert (await exported(club, ANA, "answers"), await exported(club, CARLA, "answers")) == others


def database_files(file: Path) -> list[Path]:
    return [path for path in file.parent.iterdir() if path.name.startswith(file.name) and path.suffix != ".key"]


async def test_erasing_while_asking_ends_it_without_a_word_to_the_others(club: Club) -> None:
    await club.scenes.draft()
    await club.scenes.improve()
    await club.scenes.press(ANA, "ask_them")
    await club.scenes.press(BEN, "yes")
    before = club.seen(BEN), club.seen(ANA)
    await club.table.types(CARLA, "/intros privacy")

    await club.scenes.press(CARLA, "erase", "erase_really")
    await club.table.wait(timedelta(minutes=5))

    assert (club.seen(BEN), club.seen(ANA)) == before


async def test_an_erased_person_who_comes_back_is_a_stranger(club: Club) -> None:
    await club.table.types(BEN, "/intros privacy")
    await club.scenes.press(BEN, "erase", "erase_really")

    await club.table.types(BEN, "/intros card")

    assert "kitchens" not in club.last(BEN)


async def test_an_erased_referrers_introduction_is_not_posted(club: Club) -> None:
    await club.scenes.draft()
    await club.scenes.improve()
    await club.scenes.press(ANA, "ask_them")
    await club.scenes.press(BEN, "yes")
    await club.scenes.press(CARLA, "yes")
    await club.table.types(ANA, "/intros privacy")

    await club.scenes.press(ANA, "erase", "erase_really")
    await club.table.wait(timedelta(minutes=5))

    assert not club.table.room.rooms
