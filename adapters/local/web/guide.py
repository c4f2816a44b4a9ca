"""The guided story: what happens at each step, and who can see what of it, for each ending."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import timedelta

from adapters.local.people import ANA, BEN, CARLA
from adapters.local.scenes import Scenes
from adapters.local.story import LONG_AFTER, Ending
from adapters.local.web.guide_after import AFTER
from adapters.local.web.step import Step
from bot.domain.ids import UserId

PARTIES = (ANA, BEN, CARLA)
UNDO = timedelta(seconds=30)
PAST_HALF = timedelta(hours=44)
"""A question is open for three days, and is recalled once, at half-time or on the morning after it."""


async def _nothing(scenes: Scenes) -> None:
    await scenes.later(1)


async def _draft(scenes: Scenes) -> None:
    await scenes.later(30)
    await scenes.draft()


async def _ask(scenes: Scenes) -> None:
    await scenes.ask()


async def _describe_and_ask(scenes: Scenes) -> None:
    await scenes.describe()
    await scenes.ask()


def _yes(who: UserId, minutes: int) -> Callable[[Scenes], Awaitable[None]]:
    async def act(scenes: Scenes) -> None:
        await scenes.later(minutes)
        await scenes.says_yes(who)

    return act


async def _no(scenes: Scenes) -> None:
    await scenes.later(150)
    await scenes.press(CARLA, "no")


async def _half_time(scenes: Scenes) -> None:
    await scenes.later(150)
    await scenes.table.wait(PAST_HALF)


async def _long_after(scenes: Scenes) -> None:
    await scenes.table.wait(LONG_AFTER)


async def _introduced(scenes: Scenes) -> None:
    await scenes.table.wait(UNDO)


async def _got_it(scenes: Scenes) -> None:
    await scenes.later(10)
    await scenes.press(BEN, "got_it")
    await scenes.later(5)
    await scenes.press(CARLA, "got_it")


BEGIN = Step(
    "Five people, one hunch",
    "Everybody in #introductions has a card that says what they do. Ana takes photographs for Ben and has Carla do her "
    "books. She thinks that the two should talk.",
    "the channel, and her own hunch",
    "the channel",
    "the channel",
    ANA,
    _nothing,
    "Let Ana write it down",
)
DRAFT = Step(
    "Ana writes it down",
    "She types /refer @ben @carla, says what Ben needs and why Carla. Two honest questions come next: does he need "
    "this, and is he whom Carla looks for?",
    "her draft, and Carla’s card",
    "nothing",
    "nothing",
    ANA,
    _draft,
    "Let her finish it",
)
IMPROVE = Step(
    "A draft worth reading",
    "Two yeses to the questions, or nobody may be asked. Ana adds what makes an introduction good: a result, what the "
    "two have in common, who writes first.",
    "word for word what both would read",
    "nothing: a draft is Ana’s alone",
    "nothing",
    ANA,
    lambda scenes: scenes.improve(),
    "Let them be asked",
)
ASKED = Step(
    "Ben is asked first, in private",
    "The one with the need decides first. He reads who asks, why, and exactly what Carla would see of him. A no is "
    "private, and so is silence.",
    "that it is being asked; never what anybody answers",
    "the question, and Carla’s side of it",
    "nothing, not even that there is a question",
    BEN,
    _ask,
    "Ben says yes",
)
BEN_YES = Step(
    "Ben says yes; only now is Carla asked",
    "Nothing about Ben could reach Carla before this moment. She reads the same text that he agreed to.",
    "no change",
    "that his yes is recorded, and that he can take it back",
    "Ben’s name and need, since he said yes to her",
    CARLA,
    _yes(BEN, 90),
    "Carla says yes",
)
CARLA_YES = Step(
    "Two yeses, and thirty seconds",
    "Both have agreed. Either can still press Undo: the introduction waits for half a minute.",
    "no change",
    "his yes, with Undo",
    "her yes, with Undo",
    CARLA,
    _yes(CARLA, 150),
    "Let thirty seconds pass",
)
INTRODUCED = Step(
    "The introduction",
    "The text that both agreed to, in a room for the two of them. Ana is not in it: she hears that it came about.",
    "that the two are introduced",
    "the room with Carla",
    "the room with Ben, and Ana’s private heads-up",
    BEN,
    _introduced,
    "Both press “Got it”",
)
GOT_IT = Step(
    "Over to them",
    "Two yeses, one introduction. The bot steps back; later it asks each side, separately, what came of it.",
    "nothing of what they say to each other",
    "their room",
    "their room",
    CARLA,
    _got_it,
    "",
)
CARLA_NO = Step(
    "Carla says no",
    "She need not say why. Now look at the other two: nothing has moved. To them a no is the same as no answer yet.",
    "no change: it is still being asked",
    "no change: his yes stands",
    "that nobody hears of her no",
    CARLA,
    _no,
    "Let the deadline pass",
)
NO_ANSWER = Step(
    "Carla does not answer",
    "Two days go by. She is reminded once, half-way, and nobody else notices anything.",
    "no change",
    "no change: his yes stands",
    "one reminder",
    CARLA,
    _half_time,
    "Let the deadline pass",
)
LAPSED = Step(
    "The deadline: the same words for a no and for silence",
    "Only now do Ben and Ana hear that it did not come about. The words and the hour are the same, whatever Carla did: "
    "play the other ending, and compare.",
    "that it did not come about, and not why",
    "the same, and not why",
    "that her question is closed",
    ANA,
    _long_after,
    "",
)
BLIND = Step(
    "No names at first",
    "Ana describes each of them so that nobody would know who. Ben is asked about somebody of that kind.",
    "that it is being asked",
    "a description, without a name",
    "nothing",
    BEN,
    _describe_and_ask,
    "Ben is interested",
)
BLIND_CARLA = Step(
    "Carla gets one line",
    "She learns of a workshop in one line, and nothing else: no name, no company, no words of Ana’s that would give "
    "him away.",
    "no change",
    "that his interest is recorded",
    "one line that fits many people",
    CARLA,
    _yes(BEN, 45),
    "Carla is interested",
)
NAMED_BEN = Step(
    "Now Ben is asked by name",
    "Both are interested in the kind of person. That is not yet consent to each other: Ben now reads Carla’s name.",
    "no change",
    "Carla’s name and card",
    "that her interest is recorded",
    BEN,
    _yes(CARLA, 45),
    "Ben says yes to Carla",
)
NAMED_CARLA = Step(
    "And only then Carla",
    "After Ben’s yes to her by name, she learns who he is.",
    "no change",
    "that his yes is recorded",
    "Ben’s name and need",
    CARLA,
    _yes(BEN, 45),
    "Carla says yes",
)
LAST_YES = replace(CARLA_YES, act=_yes(CARLA, 45))

_TO_BEN = (BEGIN, DRAFT, IMPROVE, ASKED, BEN_YES)
STORIES: Mapping[Ending, tuple[Step, ...]] = {
    Ending.AGREED: (*_TO_BEN, CARLA_YES, INTRODUCED, GOT_IT, *AFTER),
    Ending.DECLINED: (*_TO_BEN, CARLA_NO, LAPSED),
    Ending.SILENT: (*_TO_BEN, NO_ANSWER, LAPSED),
    Ending.ROLE_ONLY: (
        *(BEGIN, DRAFT, IMPROVE, BLIND, BLIND_CARLA, NAMED_BEN, NAMED_CARLA),
        *(LAST_YES, INTRODUCED, GOT_IT),
    ),
}
NAMES: Mapping[Ending, str] = {
    Ending.AGREED: "both say yes",
    Ending.DECLINED: "a no",
    Ending.SILENT: "silence",
    Ending.ROLE_ONLY: "no names at first",
}


def offer_after(ending: Ending, step: int) -> str:
    """Return what the button to the next step says."""
    own = {
        (Ending.AGREED, GOT_IT): "Let a week pass",
        (Ending.DECLINED, BEN_YES): "Carla says no",
        (Ending.SILENT, BEN_YES): "Carla does not answer",
    }
    shown = STORIES[ending][step]
    if (ending, shown) in own:
        return own[ending, shown]
    return "Leave out the names, and ask" if (ending, shown) == (Ending.ROLE_ONLY, IMPROVE) else shown.offer
