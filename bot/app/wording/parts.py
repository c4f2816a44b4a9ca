"""Pieces that many texts share: people, typed words, who runs the bot, and making long words fit."""

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

from bot.app.verbs import Verb
from bot.app.wording.canonical import text_of
from bot.app.wording.cast import Cast, Operator
from bot.app.wording.clean import ELLIPSIS, cut
from bot.app.wording.language import Value, Voice, say
from bot.domain.ids import ChannelId
from bot.domain.member import CardSlot, Guest, Party
from bot.domain.question import Question, Side
from bot.domain.referral import Referral
from bot.domain.words import Slot
from bot.ports.messages import (
    Button,
    Buttons,
    Channel,
    Fields,
    Mention,
    Message,
    Moment,
    Part,
    Plain,
    Span,
    Spans,
    Text,
)

MOST = 2_000
"""Characters in one message, as `length` counts them: so most are plain content on Discord, which takes no more."""

OPERATOR_ROOM = 40
PER_ROW = 5

Key = TypeVar("Key", bound=Hashable)


def voice(cast: Cast) -> Voice:
    """Return the language: frozen with the referral's text from the first question on, else the group's."""
    if cast.referral is not None and cast.referral.questions:
        return say(cast.referral.language)
    return say(cast.group.settings.language)


def person(cast: Cast, who: Party | None) -> Span:
    """Return somebody as their platform shows them."""
    if who is None:
        return Plain(voice(cast).gettext("somebody"))
    if isinstance(who, Guest):
        return Plain(voice(cast).gettext("somebody outside the chat"))
    member = cast.people.get(who)
    if member is None and cast.reader is not None and cast.reader.id == who:
        member = cast.reader
    if member is None or member.user is None:
        return Plain(voice(cast).gettext("somebody who has left"))
    return Mention(member.user)


def people(cast: Cast) -> dict[str, Span]:
    """Return everyone a referral's text may name, by the place in a template they fill."""
    referral = cast.subject
    return {
        "seeker": person(cast, referral.seeker),
        "provider": person(cast, referral.provider),
        "referrer": person(cast, referral.starter),
    }


def line(text: str, most: int | None = None) -> Plain:
    """Return typed words as one line, so that they cannot pass for a line of ours."""
    flat = " ".join(text.split())
    return Plain(flat if most is None else cut(flat, most))


def word(referral: Referral, slot: Slot, most: int | None = None) -> Plain:
    """Return what was typed for a slot, as one line."""
    return line(referral.words.get(slot, ""), most)


def shared_out(texts: Mapping[Key, str], room: int) -> dict[Key, str]:
    """Return the texts cut so that together they take no more than the room; the short ones stay whole."""
    left = room
    fitted: dict[Key, str] = {}
    waiting = sorted(texts, key=lambda key: len(texts[key]))
    for index, key in enumerate(waiting):
        fitted[key] = cut(texts[key], left // (len(waiting) - index))
        left -= len(fitted[key])
    return fitted


def card_lines(cast: Cast, side: Side) -> Mapping[CardSlot, str]:
    """Return a party's card: the copy frozen when the first question went out, before that the card as it is."""
    referral = cast.subject
    if referral.asked_at is not None:
        return referral.cards.get(side, {})
    party = referral.party(side)
    card = cast.cards.get(party) if isinstance(party, str) else None
    return card.lines if card is not None and card.is_written else {}


def question_ref(referral: Referral, question: Question) -> str:
    """Return what a question's buttons carry."""
    return f"{referral.id}.{question.number}"


def run_by(cast: Cast) -> Spans:
    """Return who runs the bot."""
    return operated_by(voice(cast), cast.operator)


def operated_by(t: Voice, operator: Operator) -> Spans:
    """Return the same where there is no group yet."""
    if not operator.name:
        return t.spans("Whoever runs this bot has not given a name.")
    name = line(operator.name, OPERATOR_ROOM)
    if not operator.contact:
        return t.spans("This bot is run by {operator}.", operator=name)
    contact = line(operator.contact, OPERATOR_ROOM)
    return t.spans("This bot is run by {operator} ({contact}).", operator=name, contact=contact)


def until(question: Question) -> Moment:
    """Return the instant until which an answer counts."""
    return Moment(question.deadline)


def row(*buttons: Button | None) -> tuple[Buttons, ...]:
    """Return a row of those buttons that are there, or none at all."""
    there = tuple(button for button in buttons if button is not None)
    return (Buttons(there),) if there else ()


def joined(paragraphs: Iterable[Spans], between: str = "\n") -> Spans:
    """Return paragraphs as one run of spans."""
    found: list[Span] = []
    for paragraph in paragraphs:
        if found:
            found.append(Plain(between))
        found.extend(paragraph)
    return tuple(found)


def sentence(text: str) -> Message:
    """Return a message of one sentence of ours."""
    return Message(text, (Text((Plain(text),)),))


def message(t: Voice, template: str, /, *more: Part, **values: Value) -> Message:
    """Return a message that opens with this paragraph. Its summary says the same without names or typed words."""
    neutral = {place: _neutral(t, value) for place, value in values.items()}
    summary = text_of(t.spans(template, **neutral))
    return Message(summary[:1].upper() + summary[1:], (t.text(template, **values), *more))


def _neutral(t: Voice, value: Value) -> Value:
    if isinstance(value, Mention):
        return t.gettext("somebody")
    return ELLIPSIS if isinstance(value, Plain) else value


def channels_to_choose(verb: Verb, choices: Iterable[tuple[ChannelId, str]]) -> tuple[Part, ...]:
    """Return numbered channels and a button for each number: what a channel is called only its platform knows."""
    numbered = [(str(number), channel, ref) for number, (channel, ref) in enumerate(choices, start=1)]
    buttons = [Button(number, verb, ref) for number, _, ref in numbered]
    rows = [part for start in range(0, len(buttons), PER_ROW) for part in row(*buttons[start : start + PER_ROW])]
    return (Fields(tuple((number, (Channel(channel),)) for number, channel, _ in numbered)), *rows)
