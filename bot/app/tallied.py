"""The weekly tally for one member: the week so far, what the post may show of them; for an organiser, a preview."""

from collections.abc import Callable

from bot.app import entries, organising, weekly
from bot.app.conclude import CARD, TALLY, conclude, my_part
from bot.app.desk import Desk, say
from bot.app.wording import replies, tally_pages
from bot.domain.decision import Say, Told
from bot.domain.local_time import last_closed_week
from bot.domain.member_commands import ShowInTally
from bot.domain.members import Belonging, decide_member
from bot.ports.inbound import Slash
from bot.ports.messages import Reply


def tally(desk: Desk, slash: Slash) -> Reply:
    """/intros tally: this week so far, for me alone."""
    del slash
    return show_my_part(desk, "")


def show_my_part(desk: Desk, ref: str) -> Reply:
    """Show the same, behind the weekly post's button."""
    return say(my_part(desk, desk.group_named(ref)))


def showing(*, named: bool | None = None, listened_for: bool | None = None) -> Callable[[Desk, str], Reply]:
    """Return the use case behind a button that changes what the weekly post may show of oneself."""

    def press(desk: Desk, ref: str) -> Reply:
        group_ref, _, place = ref.partition(".")
        group = desk.group_named(group_ref)
        if not desk.me.is_in(group.id):
            return say(replies.not_a_member_yet(desk.cast(group)))
        before = Belonging(desk.me, desk.tx.members.card(desk.me.id, group.id))
        decision = decide_member(before, ShowInTally(named, listened_for), group, desk.now)
        if decision.state != before:
            desk.tx.members.save_card(decision.state.card)
        entries.append(desk.tx, decision.events, group, desk.now)
        return conclude(desk, decision.outcome, CARD if place == tally_pages.ON_CARD else TALLY, group.id)

    return press


def preview(desk: Desk, ref: str) -> Reply:
    """Show an organiser what last week's post looks like. Nothing of it is counted for good by that."""
    group = desk.group_named(ref)
    cast = desk.cast(group)
    if not organising.may_change(desk, group):
        return say(replies.told(cast, Told(Say.ORGANISERS_ONLY)))
    week = last_closed_week(desk.now, group.settings.time_zone)
    found = weekly.weekly_post(desk.tx, group, week, desk.operator, desk.now)
    return say(tally_pages.preview(cast, found.message if found else None))
