"""An ask as the channel sees it, and its preview."""

from datetime import timedelta

from bot.app.verbs import Verb
from bot.app.wording.cast import Cast
from bot.app.wording.language import Voice
from bot.app.wording.parts import line, message, person, row, sentence, voice
from bot.domain.ask import MAX_NEED, Ask, AskStatus
from bot.domain.errors import NotFoundError
from bot.ports.messages import Fields, Message, Moment, Part, Quote, Spans

CATEGORY_ROOM = 120
_MINUTE = timedelta(minutes=1)


def the_ask(cast: Cast) -> Ask:
    """Return the ask this is about. Raises NotFoundError without one."""
    if cast.ask is None:
        raise NotFoundError("ask")
    return cast.ask


def card(cast: Cast) -> Message:
    """Return the ask's card in the channel; once it is over, that and nothing else."""
    t = voice(cast)
    ask = the_ask(cast)
    if ask.status is AskStatus.CLOSED or (ask.ends_at is not None and cast.now >= ask.ends_at):
        return sentence(t.gettext("This ask is closed."))
    answer = row(
        t.button("I can refer someone", Verb.REFER_FOR_ASK, ask.id),
        t.button("I can help", Verb.HELP_WITH_ASK, ask.id),
    )
    note = t.note("Answer with a button: it stays private until both sides have said yes.")
    return message(t, "{owner} is looking for:", *_content(t, ask), note, *answer, owner=person(cast, ask.owner))


def preview(cast: Cast) -> Message:
    """Return the ask as only its owner sees it, before it is posted."""
    t = voice(cast)
    ask = the_ask(cast)
    choose = row(
        t.button("Post it in the channel", Verb.POST_ASK, ask.id),
        t.button("Edit", Verb.EDIT_ASK, ask.id),
        t.button("Discard", Verb.CLOSE_ASK, ask.id),
    )
    shown = t.text("Everybody in the channel would see your name with it. Who answers you stays private.")
    return message(t, "This is your ask. Only you see it so far.", *_content(t, ask), shown, *choose)


def _content(t: Voice, ask: Ask) -> tuple[Part, ...]:
    rows: list[tuple[str, Spans]] = []
    if ask.category:
        rows.append((t.gettext("Category"), (line(ask.category, CATEGORY_ROOM),)))
    if ask.urgent:
        rows.append((t.gettext("Urgency"), t.spans("urgent")))
    if ask.ends_at is not None:
        rows.append((t.gettext("Open until"), (Moment(ask.ends_at - _MINUTE),)))
    need = Quote((line(ask.need, MAX_NEED),))
    return (need, Fields(tuple(rows))) if rows else (need,)
