"""What is said otherwise on a platform with traits of its own, and of what the bot is missing there; by name."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from bot.app.wording import examined, forms, introduction, pages, prompts
from bot.app.wording.cast import Operator
from bot.domain.place import Place
from bot.domain.question import Side, Stage
from bot.ports.edges import Hindered, Lack
from bot.ports.messages import Form, Message
from tests.app.wording.casts import RICH, SAID, a_cast, a_prompt_for, agreed, asked, helped
from tests.app.wording.other_texts import Maker

WATCHED = Operator("Ada Example", "ada@example.test", {"local": Place(rooms_have_readers=True, takes_amounts=False)})
LACKS = (
    Lack(Hindered.SIGHT, "View Channel"),
    Lack(Hindered.POSTS, "Send Messages"),
    Lack(Hindered.PICTURES, "Attach Files"),
    Lack(Hindered.LOOKING_BACK, "Read Message History"),
    Lack(Hindered.ROOMS, "Create Private Threads"),
    Lack(Hindered.ROOMS_OF_THIS_KIND),
    Lack(Hindered.ALL, "files:write"),
)


def places() -> Iterator[tuple[str, Maker]]:
    """Yield the texts that depend on what a platform is like."""
    for stage in (Stage.SEEKER_NAMED, Stage.PROVIDER_NAMED):
        yield f"place_watched_prompt_{stage}", partial(_prompt, a_prompt_for(stage, RICH))
    yield "place_watched_prompt_helper", partial(_prompt, helped({**RICH, **SAID}))
    yield "place_without_amounts_page", lambda lang: pages.settings(a_cast(lang, operator=WATCHED))
    yield "place_without_amounts_form", _form
    for name, referral in _apart().items():
        yield f"introduction_apart_{name}", lambda lang, r=referral: introduction.apart(a_cast(lang, r))  # type: ignore[misc]
    yield "examined_lacking", lambda lang: examined.examined(lang, LACKS)
    yield "examined_well", lambda lang: examined.examined(lang, ())
    yield "examined_unknown", lambda lang: examined.examined(lang, None)
    yield "examined_elsewhere", examined.in_the_channel
    yield "examined_not_yours", examined.organisers_only
    yield "page_settings_lacking", lambda lang: pages.settings(a_cast(lang), LACKS)


def _apart() -> dict[str, Any]:
    return {
        "rich": agreed(),
        "looped_in": asked(RICH, loop_me_in=True),
        "seeker_first": asked(RICH, first_move=Side.SEEKER),
        "helper": helped({**RICH, **SAID}),
    }


def _prompt(referral: Any, lang: str) -> Message:  # noqa: ANN401 -- as the other texts
    return prompts.prompt(a_cast(lang, referral, operator=WATCHED), referral.questions[-1])


def _form(lang: str) -> Form:
    return forms.settings_tally(a_cast(lang, operator=WATCHED))
