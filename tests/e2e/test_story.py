"""The whole story through the whole bot: every ending on both databases, held against the promises."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

import pytest
from jsonschema import Draft202012Validator

from adapters.local.people import ANA, BEN, BY_USER, CARLA, DAVID, ELIF
from adapters.local.scenes import BETTER, DRAFT, TIP, Scenes
from adapters.local.story import ALIKE, Ending
from adapters.local.table import Table
from adapters.local.transcript import Kind, Received
from bot.domain.member import CardSlot
from tests.databases import PostgresForTests
from tests.e2e.stories import LINE, Noted, at_a_table, lines_of, page_of, seen_by

SCHEMA = {
    "oneOf": [
        {
            "type": "object",
            "properties": {
                "at": {"type": "string", "format": "date-time"},
                "to": {"oneOf": [{"type": "string", "minLength": 1}, {"type": "array", "items": {"type": "string"}}]},
                "kind": {"enum": ["reply", "prompt", "notice", "heads_up", "introduction", "post"]},
                "text": {"type": "string", "minLength": 1},
                "buttons": {"type": "array", "items": {"type": "string", "minLength": 1}},
            },
            "required": ["at", "to", "kind", "text", "buttons"],
            "additionalProperties": False,
        },
        {
            "type": "object",
            "properties": {
                "at": {"type": "string", "format": "date-time"},
                "by": {"type": "string", "minLength": 1},
                "does": {"type": "string", "minLength": 1},
            },
            "required": ["at", "by", "does"],
            "additionalProperties": False,
        },
    ]
}

BENS_CARD = BY_USER[BEN].card
IDENTIFYING_BEN = ("Ben", "Okafor", BENS_CARD[CardSlot.COMPANY], BENS_CARD[CardSlot.DOES], DRAFT["need"], "kitchen")
"""What would tell Carla who is meant: his names, his card, and the referrer's words about him."""

Tell = Callable[[Ending], list[LINE]]


@dataclass(frozen=True)
class Told:
    """A story as it was printed, and what the bot told about its running meanwhile."""

    lines: list[LINE]
    noted: Noted


@pytest.fixture(scope="module")
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Ending], Told]:
    """Tell each story once on each kind of database, for all the tests here."""

    @cache
    def tell(kind: str, ending: Ending) -> Told:
        noted = Noted()
        return Told(lines_of(_fresh_database(kind, request, tmp_path_factory), ending, noted), noted)

    return tell


def _fresh_database(kind: str, request: pytest.FixtureRequest, folders: pytest.TempPathFactory) -> str:
    if kind == "sqlite":
        return f"sqlite:///{folders.mktemp('story') / 'twoyes.db'}"
    server: PostgresForTests = request.getfixturevalue("postgres_server")
    return server.create()


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def tell(request: pytest.FixtureRequest, told: Callable[[str, Ending], Told]) -> Tell:
    return lambda ending: told(request.param, ending).lines


def received(lines: list[LINE], user: str) -> list[LINE]:
    """Return what was put in front of one person alone."""
    return [line for line in lines if line.get("to") == user]


def introductions(lines: list[LINE]) -> list[int]:
    return [index for index, line in enumerate(lines) if line.get("kind") == "introduction"]


def yeses(lines: list[LINE], user: str) -> list[int]:
    return [
        i for i, line in enumerate(lines) if line.get("by") == user and line["does"] == "presses “Yes, introduce us”"
    ]


def at(line: LINE) -> datetime:
    return datetime.fromisoformat(line["at"])


@pytest.mark.parametrize("ending", list(Ending))
def test_every_line_is_of_the_form_that_was_promised_and_none_goes_back_in_time(tell: Tell, ending: Ending) -> None:
    lines = tell(ending)

    validator = Draft202012Validator(SCHEMA)
    assert [error.message for line in lines for error in validator.iter_errors(line)] == []
    assert [at(line) for line in lines] == sorted(at(line) for line in lines)
    assert {at(line).utcoffset() for line in lines} == {timedelta(0)}


@pytest.mark.parametrize("onlooker", [BEN, ANA, DAVID, ELIF])
def test_nobody_but_the_provider_can_tell_how_their_question_ended_without_a_yes(tell: Tell, onlooker: str) -> None:
    first, *others = (seen_by(onlooker, tell(ending)) for ending in ALIKE)

    assert all(other == first for other in others)


def test_the_provider_herself_is_told_what_she_did(tell: Tell) -> None:
    told = [tuple(seen_by(CARLA, tell(ending))) for ending in ALIKE]

    assert len(set(told)) == len(ALIKE)


@pytest.mark.parametrize("ending", [Ending.AGREED, Ending.ROLE_ONLY])
def test_one_introduction_is_made_after_both_yeses_and_thirty_seconds(tell: Tell, ending: Ending) -> None:
    lines = tell(ending)

    (made,) = introductions(lines)
    last_yes = max(*yeses(lines, BEN), *yeses(lines, CARLA))
    assert lines[made]["to"] == [BEN, CARLA]
    assert at(lines[made]) - at(lines[last_yes]) == timedelta(seconds=30)


@pytest.mark.parametrize("ending", [e for e in Ending if e not in (Ending.AGREED, Ending.ROLE_ONLY)])
def test_without_two_yeses_nobody_is_introduced(tell: Tell, ending: Ending) -> None:
    lines = tell(ending)

    assert introductions(lines) == []
    assert [line for line in lines if line.get("kind") == "heads_up"] == []


@pytest.mark.parametrize("ending", list(Ending))
def test_nothing_identifies_the_seeker_to_the_provider_before_his_yes_to_her_by_name(
    tell: Tell, ending: Ending
) -> None:
    lines = tell(ending)
    agreed = yeses(lines, BEN)
    before = lines[: agreed[-1]] if agreed else lines

    told = "\n".join(line["text"] for line in received(before, CARLA))

    assert [word for word in IDENTIFYING_BEN if word in told] == []


@pytest.mark.parametrize("ending", [Ending.AGREED, Ending.WITHDRAWN, *ALIKE])
def test_the_seeker_reads_before_his_yes_word_for_word_what_the_provider_will(tell: Tell, ending: Ending) -> None:
    lines = tell(ending)
    (agreed,) = yeses(lines, BEN)

    prompt = next(line for line in lines[:agreed] if line.get("to") == BEN and line["kind"] == "prompt")

    for words in (*(DRAFT[key] for key in ("need", "why")), *BETTER.values()):
        assert words in prompt["text"].replace("\n│ ", " ")


def test_role_only_names_nobody_to_either_until_both_are_interested(tell: Tell) -> None:
    lines = tell(Ending.ROLE_ONLY)
    first_of_ben, second_of_ben = yeses(lines, BEN)
    first_of_carla, _ = yeses(lines, CARLA)

    to_ben = "\n".join(line["text"] for line in received(lines[:first_of_carla], BEN))
    to_carla = "\n".join(line["text"] for line in received(lines[:second_of_ben], CARLA))

    assert first_of_ben < first_of_carla < second_of_ben
    assert "Rossi" not in to_ben
    assert "Okafor" not in to_carla


def test_the_introduction_holds_what_the_referrer_wrote_and_the_provider_gets_her_heads_up(tell: Tell) -> None:
    lines = tell(Ending.AGREED)
    (made,) = introductions(lines)

    text = lines[made]["text"]
    (heads_up,) = [line for line in lines if line.get("kind") == "heads_up"]

    for key in ("in_common", "result", "how_long"):
        assert BETTER[key] in text
    assert BETTER["heads_up"] not in text
    assert heads_up["to"] == CARLA
    assert BETTER["heads_up"] in heads_up["text"]


def test_after_a_withdrawal_the_seeker_hears_and_the_providers_prompt_closes(tell: Tell) -> None:
    lines = tell(Ending.WITHDRAWN)
    withdrawn = next(i for i, line in enumerate(lines) if line.get("by") == ANA and "Withdraw" in line["does"])

    after = lines[withdrawn:]

    assert [line["kind"] for line in received(after, BEN)].count("notice") == 1
    assert received(after, CARLA)[0]["kind"] == "prompt"
    assert received(after, CARLA)[0]["buttons"] == []


def test_a_lead_asks_nobody_and_its_tip_names_nobody(tell: Tell) -> None:
    lines = tell(Ending.LEAD)
    drafted = next(i for i, line in enumerate(lines) if line.get("does", "").startswith("types /refer"))

    after = lines[drafted:]

    assert received(after, BEN) == []
    (tip,) = received(after, CARLA)
    assert TIP in tip["text"]
    assert not any(name in tip["text"] for name in ("Ben", "Okafor", "Daughters"))


@pytest.mark.parametrize("ending", list(Ending))
def test_the_same_story_is_the_same_every_time(
    told: Callable[[str, Ending], Told], ending: Ending, sqlite_url: str
) -> None:
    assert lines_of(sqlite_url, ending) == told("sqlite", ending).lines


@pytest.mark.postgres
@pytest.mark.parametrize("ending", list(Ending))
def test_both_databases_tell_everybody_the_same(told: Callable[[str, Ending], Told], ending: Ending) -> None:
    on_sqlite, on_postgres = told("sqlite", ending).lines, told("postgresql", ending).lines

    for user in (ANA, BEN, CARLA, DAVID, ELIF):
        assert seen_by(user, on_sqlite) == seen_by(user, on_postgres)


@pytest.mark.parametrize("ending", list(Ending))
def test_no_name_and_no_words_are_ever_logged(told: Callable[[str, Ending], Told], ending: Ending) -> None:
    lines, noted = told("sqlite", ending).lines, told("sqlite", ending).noted

    logged = json.dumps(noted.events) + json.dumps(noted.counted)

    typed = (*DRAFT.values(), *BETTER.values(), TIP, *(sample.person.name for sample in BY_USER.values()))
    assert [words for words in typed if len(words) > len("direct") and words in logged] == []
    assert not any(line["text"] in logged for line in lines if "text" in line)


@pytest.mark.parametrize("ending", list(Ending))
def test_everything_owed_is_delivered_at_the_first_try(told: Callable[[str, Ending], Told], ending: Ending) -> None:
    noted = told("sqlite", ending).noted

    assert [what for what in noted.counted if what.startswith(("retried", "died"))] == []
    assert [name for name, _ in noted.events if name.startswith(("delivery", "courier", "command"))] == []


def test_a_page_for_people_is_plain_where_there_is_no_terminal(sqlite_url: str) -> None:
    page = page_of(sqlite_url, Ending.AGREED)

    assert "\x1b" not in page
    assert all(line == line.rstrip() for line in page.splitlines())
    assert max(map(len, page.splitlines())) <= 100
    assert "▸ Both said yes." in page


def test_a_yes_taken_back_within_thirty_seconds_introduces_nobody(sqlite_url: str) -> None:
    async def undone(table: Table) -> None:
        scenes = Scenes(table)
        await scenes.start_group()
        await scenes.draft()
        await scenes.improve()
        await scenes.ask()
        await scenes.says_yes(BEN)
        await scenes.says_yes(CARLA)
        await table.wait(timedelta(seconds=29))
        await scenes.press(CARLA, "undo")
        await table.wait(timedelta(days=7))

    table = at_a_table(sqlite_url, undone)

    kinds = [entry.kind for entry in table.room.transcript.entries if isinstance(entry, Received)]
    assert Kind.INTRODUCTION not in kinds
    assert table.room.rooms == ()
