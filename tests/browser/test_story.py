"""The guided story in Chromium: every ending, on a laptop and on a phone, and what each seat must and must not see."""

import pytest
from playwright.async_api import expect

from tests.browser.guest import EVERYBODY, PARTIES, Guest, Sits
from tests.browser.served import ServedRoom

pytestmark = pytest.mark.asyncio(loop_scope="session")

TO_BEN = ["Ana writes it down", "A draft worth reading", "Ben is asked first, in private"]
TO_CARLA = [*TO_BEN, "Ben says yes; only now is Carla asked"]
TOGETHER = ["Two yeses, and thirty seconds", "The introduction", "Over to them"]
AFTERWARDS = [
    "A week later: what came of it?",
    "Each says as much as they like",
    "One introduction leads to another",
    "Monday at nine: the week in introductions",
]
ENDINGS = {
    "agreed": [*TO_CARLA, *TOGETHER, *AFTERWARDS],
    "declined": [*TO_CARLA, "Carla says no", "The deadline: the same words for a no and for silence"],
    "silent": [*TO_CARLA, "Carla does not answer", "The deadline: the same words for a no and for silence"],
    "role-only": [
        *TO_BEN[:2],
        "No names at first",
        "Carla gets one line",
        "Now Ben is asked by name",
        "And only then Carla",
        *TOGETHER,
    ],
}
BENS = ("Ben", "Okafor", "quotes the next one", "Cabinetmaker")
CARLAS = ("Carla", "Rossi", "Accountant", "kept my books")


class Sight:
    """What each seat was newly shown at each step, by the step's title."""

    def __init__(self, guest: Guest, since: int) -> None:
        self._guest = guest
        self._since = since
        self._seen: dict[str, dict[str, str]] = {}

    async def look(self, title: str, seats: tuple[str, ...]) -> None:
        self._seen[title] = {seat: await self._guest.texts(seat, self._since) for seat in seats}

    def of(self, seat: str, title: str) -> str:
        return self._seen[title][seat]

    def is_unchanged(self, seat: str, *titles: str) -> bool:
        return len({self.of(seat, title) for title in titles}) == 1


async def told(guest: Guest, ending: str, seats: tuple[str, ...] = PARTIES, pictures: str = "") -> Sight:
    """Play a story to its end; return what was seen on the way."""
    await guest.tells(ending)
    if seats != PARTIES:
        await guest.sits(*seats)
    sight = Sight(guest, await guest.last())
    for step, title in enumerate(ENDINGS[ending], 1):
        await guest.goes_on(step)
        await expect(guest.story.locator("h2")).to_have_text(title)
        await sight.look(title, seats)
        if pictures:
            await guest.pictures(f"{pictures}-{step}")
    await expect(guest.story.get_by_role("link", name="What did each side learn?")).to_be_visible()
    return sight


async def nobody_saw_a_word_before_their_turn(sight: Sight) -> None:
    assert sight.of("ben", TO_BEN[1]) == ""
    assert sight.of("carla", TO_BEN[2]) == ""
    asked_ben, asked_carla = sight.of("ben", TO_BEN[2]), sight.of("carla", TO_CARLA[3])
    assert all(word in asked_ben for word in ("Ana Duarte", "Carla Rossi", "quotes the next one"))
    assert all(word in asked_carla for word in ("Ana Duarte", "Ben Okafor", "quotes the next one", "has said yes"))
    assert sight.is_unchanged("ana", *TO_CARLA[2:])


@pytest.mark.parametrize("phone", [False, True], ids=["laptop", "phone"])
async def test_two_yeses_end_in_a_room_for_the_two_and_a_word_for_ana(
    room: ServedRoom, visits: Sits, *, phone: bool
) -> None:
    guest = await visits(room, *PARTIES, phone=phone)

    sight = await told(guest, "agreed", pictures=f"story-agreed-{'phone' if phone else 'laptop'}")

    await nobody_saw_a_word_before_their_turn(sight)
    undo, introduced, _ = TOGETHER
    assert sight.is_unchanged("ana", *TO_CARLA[2:], undo)
    assert "Two yeses" in sight.of("ana", introduced)
    for seat in ("ben", "carla"):
        await expect(guest.feed(seat).locator(".message.room").first).to_contain_text("this is an introduction")
        await expect(guest.pane(seat).get_by_role("link", name="With").first).to_be_visible()
    await expect(guest.feed("ana").locator(".message.room")).to_have_count(0)
    await the_week_is_posted_with_its_chart(guest, sight)


async def the_week_is_posted_with_its_chart(guest: Guest, sight: Sight) -> None:
    _, answered, _, posted = AFTERWARDS
    assert "would like you to know what came of your introduction" in sight.of("ana", answered)
    assert "We are talking" in sight.of("ana", answered)
    assert "little selling" not in sight.of("ben", posted)
    for seat in PARTIES:
        post = guest.feed(seat).locator(".message.channel", has_text="The week in introductions").last
        await expect(post).to_contain_text("to Ana Duarte")
        chart = post.get_by_role("img", name="Introductions week by week, as a chart:")
        await expect(chart).to_have_js_property("naturalWidth", 1200)
        wide = "one.getBoundingClientRect().width - one.closest('.words').getBoundingClientRect().width"
        assert await chart.evaluate(f"(one) => {wide}") <= 1
    await guest.is_sound()


@pytest.mark.parametrize("ending", ["declined", pytest.param("silent", marks=pytest.mark.long)])
async def test_without_a_yes_of_carla_ben_hears_no_more_than_ana_on_a_phone(
    room: ServedRoom, visits: Sits, ending: str
) -> None:
    guest = await visits(room, *PARTIES, phone=True)

    sight = await told(guest, ending, pictures=f"story-{ending}-phone")

    await nobody_saw_a_word_before_their_turn(sight)
    assert sight.is_unchanged("ben", *ENDINGS[ending][3:5])
    for seat in ("ana", "ben"):
        assert not sight.is_unchanged(seat, *ENDINGS[ending][-2:])
    await guest.does_not_scroll_sideways()


async def test_a_no_and_silence_read_the_same_for_everybody_but_carla(room: ServedRoom, visits: Sits) -> None:
    guest = await visits(room, *EVERYBODY)

    no = await told(guest, "declined", EVERYBODY)
    await nobody_saw_a_word_before_their_turn(no)
    await guest.page.get_by_role("button", name="End the story").click()
    silence = await told(guest, "silent", EVERYBODY)

    for one, other in zip(ENDINGS["declined"], ENDINGS["silent"], strict=True):
        for seat in ("ana", "ben", "david", "elif"):
            assert no.of(seat, one) == silence.of(seat, other)
    said_no, said_nothing, over = ENDINGS["declined"][-2], ENDINGS["silent"][-2], ENDINGS["silent"][-1]
    assert no.is_unchanged("ana", TO_CARLA[3], said_no)
    assert no.is_unchanged("ben", TO_CARLA[3], said_no)
    assert not no.is_unchanged("ben", said_no, over)
    assert no.of("carla", said_no) != silence.of("carla", said_nothing)
    await what_each_side_learned_tells_the_two_apart_for_carla_alone(guest)


async def what_each_side_learned_tells_the_two_apart_for_carla_alone(guest: Guest) -> None:
    await guest.story.get_by_role("link", name="What did each side learn?").click()
    await guest.page.locator("select[name=one]").select_option("declined")
    await guest.page.locator("select[name=other]").select_option("silent")
    await guest.page.get_by_role("button", name="Compare").click()
    verdicts = guest.page.locator(".verdict")
    await expect(verdicts).to_have_count(3)
    same = "Reads the same, word for word"
    await expect(verdicts).to_contain_text([same, same, "Carla can tell them apart"])
    await expect(guest.page.locator("section", has=guest.page.locator("#learned-ben")).locator("mark")).to_have_count(0)
    await guest.pictures("learned", whole=True)
    await guest.is_sound()


@pytest.mark.parametrize("phone", [False, pytest.param(True, marks=pytest.mark.long)], ids=["laptop", "phone"])
async def test_without_names_neither_side_learns_who_until_both_want_to(
    room: ServedRoom, visits: Sits, *, phone: bool
) -> None:
    guest = await visits(room, *PARTIES, phone=phone)

    sight = await told(guest, "role-only", pictures=f"story-role-only-{'phone' if phone else 'laptop'}")

    blind, one_line, ben_by_name, carla_by_name = ENDINGS["role-only"][2:6]
    assert sight.of("ben", blind) != ""
    assert not any(word in sight.of("ben", blind) + sight.of("ben", one_line) for word in CARLAS)
    assert sight.of("carla", blind) == ""
    assert sight.of("carla", one_line) != ""
    assert not any(word in sight.of("carla", one_line) + sight.of("carla", ben_by_name) for word in BENS)
    assert "Carla Rossi" in sight.of("ben", ben_by_name)
    assert "Ben Okafor" in sight.of("carla", carla_by_name)
    await expect(guest.feed("carla").locator(".message.room").first).to_contain_text("this is an introduction")


@pytest.mark.long
async def test_somebody_who_plays_along_themselves_is_told_that_the_story_stopped(
    room: ServedRoom, visits: Sits
) -> None:
    guest = await visits(room, *PARTIES)
    await guest.tells("agreed")
    for step in (1, 2, 3):
        await guest.goes_on(step)

    await guest.presses("ana", "withdraw")
    await expect(guest.button("ben", "yes")).to_have_count(0)
    await guest.story.locator(".primary").click()

    await expect(guest.story).to_contain_text("Somebody did something else meanwhile")
    await guest.story.get_by_role("button", name="End the story").click()
    await expect(guest.story.get_by_role("button", name="Start the story")).to_be_visible()
