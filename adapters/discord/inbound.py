"""What Discord sends, as the core's own values. Who acted is always read from the envelope.

The same interaction arrives over the gateway or by HTTP; both ways hand its JSON to these functions.
"""

from collections.abc import Mapping

from adapters.discord.commands import (
    CHECK,
    COMPLETED,
    NAMES,
    NEED,
    ON_MESSAGE,
    ON_PERSON,
    PART,
    PERSON,
    PROVIDER,
    SEEKER,
    TYPED,
    WORDS,
)
from adapters.discord.envelopes import Arrived, name_of, origin_of
from adapters.discord.ids import snowflake, travelled
from adapters.discord.modals import SEVERAL
from adapters.discord.text import readable
from adapters.reading import Body, NotUnderstoodError
from bot.domain.ids import UserId, WorkspaceId
from bot.ports.inbound import Inbound, PickMessage, Press, Slash, Submit, Typing

_BUTTON = 2


def read(arrived: Arrived, *, home: WorkspaceId | None = None) -> Inbound:
    """Return what somebody did. Raises NotUnderstoodError, as everything here does.

    A direct message is about the server that its button or form names, else about `home`: who knows where the person
    has joined may say it. Raises WhichServerError where nobody said it.
    """
    match Body(arrived).number("type"):
        case 2:
            return _command(arrived, home)
        case 3:
            return press(arrived, home=home)
        case 5:
            return submission(arrived, home=home)
        case _:
            raise NotUnderstoodError("type")


def _command(arrived: Arrived, home: WorkspaceId | None) -> Inbound:
    match Body(arrived).number("data", "type"):
        case 1:
            return command(arrived, home=home)
        case 2:
            return picked_person(arrived, home=home)
        case 3:
            return picked_message(arrived, home=home)
        case _:
            raise NotUnderstoodError("data.type")


def command(arrived: Arrived, *, home: WorkspaceId | None = None) -> Slash:
    """Return a slash command: of `intros`, the text begins with its subcommand.

    With a provider and no seeker, the seeker's place among the people is empty.
    """
    data = Body(arrived).within("data")
    name = data.text("name")
    if name not in NAMES:
        raise NotUnderstoodError("data.name")
    word, options = _subcommand(data) if name == "intros" else ("", _options(data))
    typed = (CHECK if options.get(CHECK) else "", *(options.get(option, "") for option in (NEED, WORDS, PART)))
    text = readable(" ".join(one for one in (word, *typed) if one))
    return Slash(origin_of(arrived, home), name, text, _people(options))


def typing(arrived: Arrived, *, home: WorkspaceId | None = None) -> Typing:
    """Return what somebody has typed so far, if it is something that can be completed."""
    data = Body(arrived).within("data")
    word, _ = _subcommand(data)
    focused = next((one for one in data.listed("options")[0].listed("options") if one.flag("focused")), None)
    if focused is None or COMPLETED.get(word) != focused.text("name"):
        raise NotUnderstoodError("data.options")
    return Typing(origin_of(arrived, home), word, readable(focused.maybe("value")))


def picked_person(arrived: Arrived, *, home: WorkspaceId | None = None) -> Slash:
    """Return *I can refer someone* in a person's menu: they are the one who needs help."""
    data = Body(arrived).within("data")
    if data.text("name") != ON_PERSON:
        raise NotUnderstoodError("data.name")
    return Slash(origin_of(arrived, home), "refer", "", (UserId(snowflake(data.text("target_id"))),))


def picked_message(arrived: Arrived, *, home: WorkspaceId | None = None) -> PickMessage:
    """Return *I can refer someone* in a message's menu. What a webhook wrote has no author, whose id is then empty."""
    data = Body(arrived).within("data")
    if data.text("name") != ON_MESSAGE:
        raise NotUnderstoodError("data.name")
    found = data.entries("resolved", "messages").get(data.text("target_id"))
    if found is None:
        raise NotUnderstoodError("data.resolved.messages")
    written_by = snowflake(found.text("author", "id"))
    by_webhook = found.maybe("webhook_id") == written_by and not found.has("application_id")
    author = UserId("" if by_webhook else written_by)
    names = {UserId(one.text("id")): name_of(one) for one in found.listed("mentions")}
    return PickMessage(origin_of(arrived, home), author, readable(found.maybe("content"), names))


def press(arrived: Arrived, *, home: WorkspaceId | None = None) -> Press:
    """Return the button that was pressed. Raises NotUnderstoodError for anything else that can be touched."""
    body = Body(arrived)
    if body.number("data", "component_type") != _BUTTON:
        raise NotUnderstoodError("data.component_type")
    back = travelled(body.text("data", "custom_id"))
    return Press(origin_of(arrived, home), back.verb, back.ref)


def submission(arrived: Arrived, *, home: WorkspaceId | None = None) -> Submit:
    """Return the form that was sent. A field left empty holds the empty string, or no choices."""
    data = Body(arrived).within("data")
    back = travelled(data.text("custom_id"))
    inputs = [label.within("component") for label in data.listed("components") if label.has("component")]
    fields = dict(_typed(one) for one in inputs)
    return Submit(origin_of(arrived, home), back.verb, back.ref, fields)


def _subcommand(data: Body) -> tuple[str, Mapping[str, str]]:
    chosen = data.listed("options")
    if len(chosen) != 1 or chosen[0].number("type") != 1:
        raise NotUnderstoodError("data.options")
    return chosen[0].text("name"), _options(chosen[0])


def _options(data: Body) -> Mapping[str, str]:
    return {one.text("name"): _option(one) for one in data.listed("options")}


def _option(option: Body) -> str:
    """Return what an option holds, in the type that this command gave it."""
    match TYPED.get(option.text("name")), option.number("type"):
        case (3, 3):
            return option.maybe("value")
        case (5, 5):
            return CHECK if option.flag("value") else ""
        case (6, 6):
            return snowflake(option.text("value"))
        case _:
            raise NotUnderstoodError("data.options.type")


def _people(options: Mapping[str, str]) -> tuple[UserId, ...]:
    named = [UserId(options.get(name, "")) for name in (SEEKER, PROVIDER)]
    while named and not named[-1]:
        named.pop()
    return (*named, *(UserId(options[name]) for name in (PERSON,) if options.get(name)))


def _typed(field: Body) -> tuple[str, str | tuple[str, ...]]:
    key = field.text("custom_id")
    if key.endswith(SEVERAL):
        return key.removesuffix(SEVERAL), field.texts("values")
    match field.number("type"):
        case 4 | 21:
            return key, field.maybe("value")
        case 3:
            return key, next(iter(field.texts("values")), "")
        case 5:
            return key, next((snowflake(user) for user in field.texts("values")), "")
        case _:
            raise NotUnderstoodError("data.components.type")
