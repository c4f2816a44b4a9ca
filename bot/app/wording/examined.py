"""What the bot is missing in a channel, one line each, with what to do about it."""

from collections.abc import Iterator, Mapping, Sequence

from bot.app.wording.language import Voice, mark, say
from bot.app.wording.parts import message, sentence
from bot.app.wording.sayings import SAYINGS
from bot.domain.decision import Say
from bot.ports.edges import Hindered, Lack
from bot.ports.messages import Message, Plain, Text

_HINDERS: Mapping[Hindered, str] = {
    Hindered.SIGHT: mark("“{name}”: without it I see nothing here. Allow it to me in the settings of this channel."),
    Hindered.POSTS: mark("“{name}”: without it I cannot post here. Allow it to me in the settings of this channel."),
    Hindered.PICTURES: mark(
        "“{name}”: without it my posts come without pictures. Allow it to me in the settings of this channel."
    ),
    Hindered.ROOMS: mark(
        "“{name}”: without it I introduce people by a message to each, and not in a room of their own. Allow it to me "
        "in the settings of this channel."
    ),
    Hindered.ROOMS_OF_THIS_KIND: mark(
        "A channel of this kind has no private rooms, so I introduce people by a message to each. An ordinary text "
        "channel has them."
    ),
    Hindered.LOOKING_BACK: mark(
        "“{name}”: without it, an introduction may come twice after a failure. Allow it to me in the settings of this "
        "channel."
    ),
    Hindered.ALL: mark("“{name}”: I was added without it. Ask an administrator to add me once more."),
}


def examined(language: str, lacks: Sequence[Lack] | None) -> Message:
    """Return what was found; None stands for what could not be found out."""
    t = say(language)
    if lacks is None:
        return sentence(t.gettext("I could not find that out just now. Please try again in a minute."))
    if not lacks:
        return sentence(t.gettext("I have everything I need in this channel."))
    return message(t, "This is missing in this channel:", *(_line(t, lack) for lack in lacks))


def in_short(t: Voice, lacks: Sequence[Lack]) -> Iterator[Text]:
    """Yield the same in a line, if anything is missing, for those who have just started a group."""
    if lacks:
        names = ", ".join(lack.name or t.gettext("private rooms") for lack in lacks)
        yield t.text("Missing here: {names}. /intros settings check says what to do.", names=Plain(names))


def in_the_channel(language: str) -> Message:
    """Return where to ask."""
    return sentence(say(language).gettext("Type /intros settings check in the channel of your group."))


def organisers_only(language: str) -> Message:
    """Return what somebody hears who does not look after the group."""
    return sentence(say(language).gettext(SAYINGS[Say.ORGANISERS_ONLY]))


def _line(t: Voice, lack: Lack) -> Text:
    return t.text(_HINDERS[lack.hinders], name=Plain(lack.name))
