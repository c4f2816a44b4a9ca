"""The weeks after a story: what came of the introduction, thanks, what it led to, and the weekly posts."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from adapters.local.clock import START
from adapters.local.people import ANA, BEN, CARLA, DAVID, ELIF
from adapters.local.scenes import Scenes
from bot.domain.ids import UserId

WEEK = timedelta(weeks=1)
UNDO = timedelta(seconds=30)
NIGHT = timedelta(hours=12)

THANKS = "An hour of talk, and I have a client who asks the right questions. Thank you, Ana!"
TESTIMONIAL = "She sat in the workshop for a day and counted. Since then I quote in an hour, and sleep."


@dataclass(frozen=True, slots=True)
class Matter:
    """An introduction beside the story's own: who refers whom to whom, and in which words."""

    referrer: UserId
    seeker: UserId
    provider: UserId
    words: Mapping[str, str]
    got_it: bool = True


SPIN_OFF = Matter(
    BEN,
    ELIF,
    CARLA,
    {
        "need": "She has more websites to build than days, and wants to know which of them pay.",
        "why": "What Carla did for my kitchens she can do for anybody who works by the piece.",
        "basis": "direct",
    },
)
PICTURES = Matter(
    CARLA,
    ANA,
    ELIF,
    {
        "need": "Her pictures hang on a website that takes ten seconds to open.",
        "why": "Elif made ours. It opens at once, and I change the prices in it myself.",
        "basis": "direct",
    },
    got_it=False,
)
DAUGHTERS = Matter(
    CARLA,
    BEN,
    DAVID,
    {
        "need": "His daughters are to become partners, and so far it is a handshake.",
        "why": "David wrote two pages for a client of mine. Both sides read them to the end.",
        "basis": "indirect",
    },
)


async def pass_by(scenes: Scenes, weeks: int) -> None:
    """Let the weeks pass in which nobody does anything more."""
    if weeks < 1:
        return
    scenes.narrate("Time passes. A week with something to tell is posted on Monday at nine; an empty one is not.")
    await scenes.table.wait(weeks * WEEK)


async def after_introduction(scenes: Scenes, weeks: int) -> None:
    """Play what comes after an introduction, a week at a time; after the third one nothing more happens."""
    for week in _WEEKS[:weeks]:
        await week(scenes)
    await pass_by(scenes, weeks - len(_WEEKS))


async def _first(scenes: Scenes) -> None:
    scenes.narrate("On Monday the week is posted in the channel. It names only those who ask for that: Ana does.")
    await name_me(scenes, ANA)
    scenes.narrate("David does not, but his “listen for” line may stand there.", in_brief=True)
    await _part(scenes, DAVID, "listen_for_me")
    await _monday(scenes, 1, "Monday at nine, in the group’s time zone. The chart comes with the second week.")


async def _second(scenes: Scenes) -> None:
    scenes.narrate("A week after the introduction each side is asked in private, and separately, what came of it.")
    await _until(scenes, START + WEEK + timedelta(hours=6))
    scenes.narrate("Ben says that they are talking, lets Ana know, and would like to be asked again.")
    await says_talking(scenes)
    scenes.narrate("Carla says that they work together. Little selling was left, and she thanks Ana for it.")
    await says_won_and_thanks(scenes)
    scenes.narrate("Ana reads it. The weekly post may have the line only if she wants that, too. She does.")
    await scenes.press(ANA, "show_thanks")
    scenes.narrate("Carla would like a word from Ben about her work. He thinks of somebody else first: Elif.")
    await asks_for_testimonial(scenes)
    await _until(scenes, START + WEEK + timedelta(days=1))
    await scenes.press(BEN, "who_else")
    scenes.narrate("Elif is asked, then Carla, as ever. Both say yes. Ben wants to be named for it.", in_brief=True)
    await drafted(scenes, SPIN_OFF)
    await name_me(scenes, BEN)
    scenes.narrate("The next day Carla brings Ana and Elif together; both say yes.", in_brief=True)
    await _until(scenes, START + WEEK + timedelta(days=2))
    await _bring_together(scenes, PICTURES)
    scenes.narrate("The first step is Elif’s, and she forgets it. After a day she is reminded, once.")
    await _until(scenes, START + WEEK + timedelta(days=3, hours=4))
    scenes.narrate("The rest of the week is quiet.", in_brief=True)
    await _monday(scenes, 2, "The second Monday. Carla gave, too; she did not ask to be named, so she is not.")


async def _third(scenes: Scenes) -> None:
    scenes.narrate("Elif and Carla are asked. It was not what it sounded like, and Carla has the count put right.")
    await _until(scenes, START + 2 * WEEK + timedelta(days=1, hours=4))
    await scenes.press(ELIF, "outcome_not_now")
    await scenes.press(CARLA, "outcome_was_a_lead")
    scenes.narrate("Ana and Elif are asked a day later. They are talking, and no more is said.", in_brief=True)
    await _until(scenes, START + 2 * WEEK + timedelta(days=2, hours=4))
    await scenes.press(ANA, "outcome_talking")
    await scenes.press(ELIF, "outcome_talking")
    scenes.narrate("By now Ben works with Carla. He changes his answer, and writes a line that may stand on her card.")
    await says_won_and_testifies(scenes)
    scenes.narrate("Carla has read what David listens for, and brings Ben to him; both say yes.", in_brief=True)
    await _until(scenes, START + 2 * WEEK + timedelta(days=3))
    await _bring_together(scenes, DAUGHTERS)
    await _monday(
        scenes,
        3,
        "The third Monday. Three people have said something good, so the post counts it. What was posted for the "
        "second week stays; what changed since then is one line.",
    )


# what people do afterwards


async def name_me(scenes: Scenes, who: UserId) -> None:
    """Let somebody be named in the weekly post."""
    await _part(scenes, who, "name_me")


async def _part(scenes: Scenes, who: UserId, verb: str) -> None:
    await scenes.later(1)
    await scenes.table.types(who, "/intros tally")
    await scenes.press(who, verb)


async def says_talking(scenes: Scenes) -> None:
    """Let Ben say that they are talking, to Ana as well."""
    await scenes.press(BEN, "outcome_talking", "tell_outcome", "check_in_later")


async def says_won_and_thanks(scenes: Scenes) -> None:
    """Let Carla say that they work together, and thank Ana in a line that may be shown."""
    await scenes.later(25)
    await scenes.press(CARLA, "outcome_won", "little_left", "thank")
    await scenes.later(2)
    await scenes.fill(CARLA, {"thanks": THANKS, "may_show": "yes"})


async def asks_for_testimonial(scenes: Scenes) -> None:
    """Let Carla have Ben asked for a word about her work, which comes with the question who else would benefit."""
    await scenes.later(20)
    await scenes.press(CARLA, "want_testimonial")


async def says_won_and_testifies(scenes: Scenes) -> None:
    """Let Ben find his answer again, change it, and write about Carla."""
    await scenes.later(30)
    await scenes.table.types(BEN, "/intros mine")
    await scenes.press(BEN, "show_outcome", "change_outcome", "outcome_won", "testify")
    await scenes.later(5)
    await scenes.fill(BEN, {"testimonial": TESTIMONIAL, "may_show": "yes"})


async def _bring_together(scenes: Scenes, matter: Matter) -> None:
    await scenes.table.types(matter.referrer, f"/refer @{matter.seeker} @{matter.provider}")
    await drafted(scenes, matter)


async def drafted(scenes: Scenes, matter: Matter) -> None:
    """Let the referrer send the form in front, both agree, and the half minute pass."""
    await scenes.later(4)
    await scenes.fill(matter.referrer, {"seeker": matter.seeker, **matter.words})
    await scenes.press(matter.referrer, "need_yes", "fit_yes", "ask_them")
    for party in (matter.seeker, matter.provider):
        await scenes.later(50)
        await scenes.says_yes(party)
    await scenes.table.wait(UNDO)
    for party in (matter.seeker, matter.provider) if matter.got_it else ():
        await scenes.later(5)
        await scenes.press(party, "got_it")


# when


async def _monday(scenes: Scenes, week: int, told: str) -> None:
    """Let Sunday evening come, and then the Monday after so many weeks: an hour past nine in the group's zone."""
    await _until(scenes, START + week * WEEK - NIGHT)
    scenes.narrate(told)
    await _until(scenes, START + week * WEEK)


async def _until(scenes: Scenes, instant: datetime) -> None:
    await scenes.table.wait(instant - scenes.table.clock.now())


_WEEKS: tuple[Callable[[Scenes], Awaitable[None]], ...] = (_first, _second, _third)
