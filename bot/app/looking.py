"""What a member looks up: what waits for them, whom they could meet, what is stored, how it works."""

import re

from bot.app import belonging, my_past, privacy
from bot.app.desk import Desk, say
from bot.app.praised import praised
from bot.app.wording import pages, replies
from bot.domain.member import Card
from bot.ports.inbound import Slash
from bot.ports.messages import Reply

MOST_FOUND = 5


def mine(desk: Desk, slash: Slash) -> Reply:
    """/intros mine: what waits for me, what I started and where it stands."""
    del slash
    return show_mine(desk, "")


def show_mine(desk: Desk, ref: str) -> Reply:
    """Show the same, behind a button."""
    group = desk.group_named(ref)
    me, repository = desk.me, desk.tx.referrals
    started = repository.started_by(group.id, me.id)
    waiting = repository.waiting_for(me.id, desk.now)
    asks = desk.tx.asks.of_member(group.id, me.id)
    past = my_past.past_of(desk.tx, me.id, (group.id,), started, desk.now)
    involved = {m for r in (*started, *waiting) for m in (r.starter, r.seeker, r.provider) if isinstance(m, str)}
    people = desk.tx.members.some(involved | my_past.parties_of(past))
    return say(pages.mine(pages.peopled(desk.cast(group), people), waiting, started, asks, past))


def find(desk: Desk, slash: Slash) -> Reply:
    """/intros find: members whose cards fit some words, privately. Cards are opened and searched in memory."""
    group = desk.group()
    wanted = _words(slash.text)
    if not wanted:
        return say(replies.usage("find", desk.language))
    scored = [(score(card, wanted), card) for card in desk.tx.members.cards_of_group(group.id)]
    fitting = sorted((pair for pair in scored if pair[0]), key=lambda pair: (-pair[0], pair[1].member))
    cards = tuple(card for _, card in fitting[:MOST_FOUND] if card.member != desk.me.id)
    people = desk.tx.members.some(card.member for card in cards)
    cast = praised(desk.tx, pages.peopled(desk.cast(group), people), (card.member for card in cards))
    return say(pages.found(cast, cards, slash.text))


def _words(text: str) -> set[str]:
    return {word.casefold() for word in re.findall(r"\w{3,}", text)}


def score(card: Card, wanted: set[str]) -> int:
    """Count how many of the wanted words a card mentions, also as the beginning of a longer word."""
    said = {word for line in card.lines.values() for word in _words(line)}
    return sum(any(word.startswith(want) for word in said) for want in wanted)


def help_page(desk: Desk, slash: Slash) -> Reply:
    """/intros help."""
    del slash
    here = desk.group_here()
    return say(pages.help_page(desk.language, here))


def report(desk: Desk, slash: Slash) -> Reply:
    """/intros report: how to report a question, or block somebody."""
    group = desk.group()
    if slash.people:
        other = desk.member(slash.people[0])
        if other.id != desk.me.id:
            return belonging.block_person(desk, group, other.id)
    return say(pages.report_help(desk.cast(group)))


def show_privacy(desk: Desk, slash: Slash) -> Reply:
    """/intros privacy: what is stored, for how long, and the buttons to take it along or have it erased."""
    del slash
    return open_privacy(desk, "")


def open_privacy(desk: Desk, ref: str) -> Reply:
    """Show the same, behind a button."""
    group = desk.group_named(ref)
    me = desk.me
    blocked = desk.tx.members.some(me.blocks)
    return say(pages.privacy(pages.peopled(desk.cast(group), blocked), privacy.kept_about(desk.tx, me.id, group.id)))


def export(desk: Desk, ref: str) -> Reply:
    """Hand over everything that is stored about me."""
    group = desk.group_named(ref)
    return say(pages.export(desk.cast(group), privacy.export_json(desk.tx, desk.me.id)))


def ask_to_erase(desk: Desk, ref: str) -> Reply:
    """Ask once more before erasing."""
    return say(pages.erase_question(desk.cast(desk.group_named(ref))))


def erase(desk: Desk, ref: str) -> Reply:
    """Erase me, now."""
    del ref
    language = desk.language
    privacy.erase(desk.tx, desk.me.id, desk.now)
    return say(replies.erased(language))
