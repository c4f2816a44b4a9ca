"""The guided story after an introduction: what came of it, what it leads to, and the weekly post with its chart."""

from datetime import timedelta

from adapters.local.people import ANA, BEN
from adapters.local.scenes import Scenes
from adapters.local.web.step import Step
from adapters.local.weeks import SPIN_OFF, asks_for_testimonial, drafted, name_me, says_talking, says_won_and_thanks

A_WEEK_LATER = timedelta(days=7, minutes=30)


async def _week_later(scenes: Scenes) -> None:
    await scenes.table.wait(A_WEEK_LATER)


async def _answered(scenes: Scenes) -> None:
    await says_talking(scenes)
    await says_won_and_thanks(scenes)


async def _led_on(scenes: Scenes) -> None:
    await scenes.press(ANA, "show_thanks")
    await name_me(scenes, ANA)
    await name_me(scenes, BEN)
    await asks_for_testimonial(scenes)
    await scenes.press(BEN, "who_else")
    await drafted(scenes, SPIN_OFF)


async def _posted(scenes: Scenes) -> None:
    await scenes.table.wait_for_post()


WEEK_LATER = Step(
    "A week later: what came of it?",
    "Each side is asked in private, and separately. One tap is enough. On Monday morning the week was posted in the "
    "channel: one introduction, and no name, since nobody has asked to be named.",
    "the weekly post; nothing of what is asked",
    "the question what came of it",
    "the same question, and one more: was it really a lead?",
    BEN,
    _week_later,
    "Let both answer",
)
ANSWERED = Step(
    "Each says as much as they like",
    "Ben says that they are talking, and lets Ana know. Carla says that they work together, which stays with her; but "
    "she thanks Ana in a line of her own.",
    "that both have answered, what Ben lets her know, and Carla’s thanks",
    "his own answer, and not Carla’s",
    "her own answer, and not Ben’s",
    ANA,
    _answered,
    "Let Ana and Ben go on",
)
LED_ON = Step(
    "One introduction leads to another",
    "Ana lets the weekly post show the thanks, and she and Ben let it name them. Carla would like a word from Ben "
    "about her work; he thinks of Elif, who could use Carla, too. Both are asked, as ever, and both say yes.",
    "what the post may show of her, under /intros tally",
    "the same of him; and that his own referral came about",
    "the question about Elif, and the room with her",
    BEN,
    _led_on,
    "To the weekly post",
)
POSTED = Step(
    "Monday at nine: the week in introductions",
    "Numbers for the group, a name only for those who asked for it, a thank-you that both wanted there, and this week "
    "beside the last one. What people answered is counted only when three or more did; a no never.",
    "the weekly post, with the thanks to her",
    "the same post, with his name",
    "the same post, without her name: she did not ask to be in it",
    ANA,
    _posted,
    "",
)
AFTER = (WEEK_LATER, ANSWERED, LED_ON, POSTED)
