"""The pages a member asks for: what is mine, cards, help, privacy and the rest. They are shown in private."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.app.verbs import Verb
from bot.app.wording.canonical import text_of
from bot.app.wording.cast import Cast
from bot.app.wording.language import Voice, say
from bot.app.wording.mine import mine
from bot.app.wording.parts import line, message, person, row, run_by, voice
from bot.app.wording.praise import praise_row, with_praise
from bot.app.wording.settings_page import settings
from bot.app.wording.tally_pages import ON_CARD, consent_buttons, consent_rows
from bot.domain.group import Group
from bot.domain.ids import MemberId
from bot.domain.member import FOREVER, Card, CardSlot, Member
from bot.ports.messages import Button, Fields, File, Message, Moment, Note, Part, Plain, Spans, Text

__all__ = [
    "blocks",
    "card",
    "erase_question",
    "export",
    "found",
    "help_page",
    "mine",
    "pause",
    "peopled",
    "privacy",
    "report_help",
    "settings",
]

CARD_ROOM = 160
FOUND_ROOM = 90
MOST_LINES = 3
WORD_ROOM = 40
MOST_FOUND = 5
MOST_BLOCKS = 20
PER_ROW = 5


def peopled(cast: Cast, people: Mapping[MemberId, Member]) -> Cast:
    """Return the cast with more people in it."""
    return replace(cast, people={**cast.people, **people})


def card(cast: Cast, card: Card) -> Message:
    """Return a member's own card, with what they can change."""
    t = voice(cast)
    group = cast.group.id
    buttons = row(t.button("Edit", Verb.EDIT_CARD, group), t.button("Add more", Verb.EDIT_CARD_MORE, group))
    rows = card_rows(t, card, CARD_ROOM)
    weekly = consent_buttons(t, card, f"{group}.{ON_CARD}") if cast.reader and cast.reader.is_in(group) else ()
    if not rows:
        why = t.text("Two lines are enough: what you do, and who your ideal client is. Others then know whom to send.")
        return message(t, "Your card is empty.", why, *row(t.button("Write my card", Verb.EDIT_CARD, group)), *weekly)
    note = t.note("Members see it when they think of suggesting you, and people you are suggested to see it.")
    lines = Fields((*rows, _tips(t, card), *consent_rows(t, card)))
    return with_praise(cast, t, message(t, "This is your card.", lines, note, *buttons, *weekly), card.member)


def _tips(t: Voice, card: Card) -> tuple[str, Spans]:
    return t.gettext("Tips"), t.spans("welcome") if card.accepts_leads else t.spans("not wanted")


def card_rows(t: Voice, card: Card, room: int) -> tuple[tuple[str, Spans], ...]:
    """Return a card's lines with their labels."""
    labels: Mapping[CardSlot, str] = {
        CardSlot.NAME_LINE: t.gettext("Name"),
        CardSlot.DOES: t.gettext("Does"),
        CardSlot.FOR_WHOM: t.gettext("Helps"),
        CardSlot.IDEAL: t.gettext("Ideal client"),
        CardSlot.NOT_A_FIT: t.gettext("Not a fit"),
        CardSlot.COMPANY: t.gettext("Company"),
        CardSlot.PLACE: t.gettext("Where"),
        CardSlot.LISTEN_FOR: t.gettext("Listen for"),
        CardSlot.CATEGORY: t.gettext("Category"),
        CardSlot.LINKS: t.gettext("Links"),
    }
    return tuple((label, (line(card.lines[slot], room),)) for slot, label in labels.items() if card.lines.get(slot))


def found(cast: Cast, cards: Sequence[Card], words: str) -> Message:
    """Return the members whose cards fit the words."""
    t = voice(cast)
    if not cards:
        try_ask = t.text("Try another word, or ask everybody with /ask.")
        return message(t, "No card mentions “{words}”.", try_ask, words=line(words, FOUND_ROOM))
    opening = t.text("Cards that mention “{words}”:", words=line(words, FOUND_ROOM))
    shown = tuple(part for one in cards[:MOST_FOUND] for part in _found_one(cast, t, one))
    more = len(cards) - MOST_FOUND
    count = t.ngettext("{number} more card fits; add a word.", "{number} more cards fit; add a word.", more)
    rest = (Note(t.filled(count, number=more)),) if more > 0 else ()
    return Message(t.gettext("What I found, for you alone."), (opening, *shown, *rest))


def _found_one(cast: Cast, t: Voice, card: Card) -> tuple[Part, ...]:
    said = praise_row(cast, t, card.member, FOUND_ROOM // 2)
    rows = (*card_rows(t, card, FOUND_ROOM)[: MOST_LINES - len(said)], *said)
    name = Text((person(cast, card.member),))
    return (name, Fields(rows)) if rows else (name,)


def help_page(language: str, group: Group | None, *, unknown: str = "") -> Message:
    """Return what the bot does, in short, with the glossary in three lines. `unknown` is a word it does not know."""
    t = say(language)
    sorry = (t.text("I do not know “{word}”, but this:", word=line(unknown, WORD_ROOM)),) if unknown else ()
    return Message(
        t.gettext("I introduce two members to each other when both have said yes."),
        (
            *sorry,
            t.text("I introduce two members to each other when both have said yes. Nobody is told of a no."),
            t.text("/refer: suggest two people to each other. /ask: say what you are looking for."),
            t.text("/intros mine: what waits for you. /intros card: what others know about your work."),
            t.text("/intros join, leave, pause, tally, find, lead, privacy, report, settings do what they say."),
            t.text("Lead: a tip; nobody was asked, so nobody expects a call."),
            t.text("Referral: an introduction both sides agreed to."),
            t.text("Recommendation: a referral whose referrer vouches for the work and says on what basis."),
            *row(t.button("Join", Verb.JOIN, group.id) if group else None),
        ),
    )


def privacy(cast: Cast, kept: Mapping[str, int]) -> Message:
    """Return what is stored about the reader, for how long, and how to take it along or away.

    `kept` counts `card_lines`, `started`, `receipts`, `shown`, `asks` and `afterwards`.
    """
    t = voice(cast)
    keep = cast.group.settings
    counted = (
        (t.gettext("Lines of your card"), "card_lines"),
        (t.gettext("Suggestions you started"), "started"),
        (t.gettext("Questions you were shown"), "shown"),
        (t.gettext("Answers with their time and text"), "receipts"),
        (t.gettext("Your asks"), "asks"),
        (t.gettext("What you said came of introductions"), "afterwards"),
    )
    times = t.text(
        "Kept, in days: drafts {drafts}, words of what is closed {words}, texts of consents {texts}, what arrives 7, "
        "what was delivered 30. Free text is encrypted. I read no messages in channels.",
        drafts=keep.keep_drafts.days,
        words=keep.keep_words.days,
        texts=keep.keep_receipts.days,
    )
    group = cast.group.id
    return message(
        t,
        "What is stored about you, besides your id here, your language, time zone, break and block list:",
        Fields(tuple((label, (Plain(str(kept.get(key, 0))),)) for label, key in counted)),
        times,
        t.text("Organisers see settings and reports; never a suggestion, an answer, a block or a break."),
        Note(run_by(cast)),
        *row(t.button("Export my data", Verb.EXPORT, group), t.button("Erase me…", Verb.ERASE, group)),
        *_block_parts(cast, t),
    )


def export(cast: Cast, data: str) -> Message:
    """Return everything that is stored about the reader, whole, as a file to keep."""
    t = voice(cast)
    return message(t, "Everything stored about you, as JSON:", File("twoyes-about-me.json", data))


def blocks(cast: Cast) -> Message:
    """Return the reader's private block list."""
    t = voice(cast)
    return message(
        t, "Your block list, for you alone.", *(_block_parts(cast, t) or (t.text("You have blocked nobody."),))
    )


def _block_parts(cast: Cast, t: Voice) -> tuple[Part, ...]:
    listed = sorted(cast.reader.blocks)[:MOST_BLOCKS] if cast.reader else []
    if not listed:
        return ()
    names = tuple(
        t.text("{number}. {who} is blocked.", number=number, who=person(cast, who))
        for number, who in enumerate(listed, 1)
    )
    starts = range(0, len(listed), PER_ROW)
    return (*names, *(part for start in starts for part in _unblock_row(t, cast.group.id, listed, start)))


def _unblock_row(t: Voice, group: str, listed: Sequence[MemberId], start: int) -> tuple[Part, ...]:
    some = enumerate(listed[start : start + PER_ROW], start + 1)
    label = t.gettext("Unblock no. {number}")
    return row(
        *(Button(text_of(t.filled(label, number=number)), Verb.UNBLOCK, f"{group}.{who}") for number, who in some)
    )


def pause(cast: Cast) -> Message:
    """Return the reader's break, or how to take one."""
    t = voice(cast)
    me, group = cast.reader, cast.group.id
    take = t.button("Take a break…", Verb.PAUSE, group)
    if me is None or not me.is_paused(cast.now) or me.paused_until is None:
        return message(t, "You can be asked. A break keeps every question away, openly or quietly.", *row(take))
    back = row(t.button("I am back", Verb.BACK, group), t.button("Change it…", Verb.PAUSE, group))
    quiet = t.note("It is quiet: nobody is told.") if me.pause_is_quiet else t.note("Who wants to suggest you is told.")
    if me.paused_until == FOREVER:
        return message(t, "You take a break until you come back.", quiet, *back)
    return message(t, "You take a break until {moment}.", quiet, *back, moment=Moment(me.paused_until))


def report_help(cast: Cast) -> Message:
    """Return how to report something, and what happens then."""
    t = voice(cast)
    return message(
        t,
        "Every question of mine has a “Report” button. It is a no, and one person who looks after the group hears.",
        t.text(
            "They learn whose suggestion it was, not who reported it nor whom it was about. It goes to nobody involved."
        ),
        t.text("You find your questions in /intros mine. For anything else, write to whoever runs this bot."),
        Note(run_by(cast)),
    )


def erase_question(cast: Cast) -> Message:
    """Return the question before somebody is erased."""
    t = voice(cast)
    return message(
        t,
        "Erase everything about you? This cannot be undone.",
        t.text("Your card, your words, the words about you and your id go. What is open with you ends without a word."),
        t.text("Counts of the group stay as they are, without you. You may want your data first."),
        *row(
            t.button("Yes, erase me", Verb.ERASE_REALLY, cast.group.id),
            t.button("Export my data", Verb.EXPORT, cast.group.id),
        ),
    )
