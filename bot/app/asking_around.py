"""What a member does with an ask: write it, see it, post it, edit it, close it."""

from dataclasses import replace
from datetime import date

from bot.app import owed
from bot.app.conclude import ASK, conclude
from bot.app.deciding import keep_ask
from bot.app.desk import AnswerNowError, Desk
from bot.app.referring import text_in
from bot.app.wording import forms, replies
from bot.app.wording.clean import clean
from bot.domain import ask_commands as c
from bot.domain.ask import Ask
from bot.domain.asks import decide_ask
from bot.domain.decision import Say, Told
from bot.domain.effects import PostAskCard
from bot.domain.errors import NotAPartyError
from bot.domain.group import Group
from bot.domain.ids import AskId
from bot.ports.inbound import Slash, Submit
from bot.ports.messages import Reply


def open_ask(desk: Desk, slash: Slash) -> Reply:
    """/ask: with words, a preview at once; without, the form."""
    group = desk.group()
    if not slash.text.strip():
        return Reply(form=forms.ask(desk.cast(group)))
    command = c.WriteAsk(desk.me.id, clean(slash.text), category="", urgent=False, ends_on=None)
    return _new(desk, group, command)


def start_ask(desk: Desk, ref: str) -> Reply:
    """Open the form, behind a button."""
    return Reply(form=forms.ask(desk.cast(desk.group_named(ref))))


def new_ask(desk: Desk, submit: Submit) -> Reply:
    """Store a new ask and preview it."""
    group = desk.group_named(submit.ref)
    return _new(desk, group, _typed(desk, submit))


def edit_ask(desk: Desk, submit: Submit) -> Reply:
    """Change one's own ask, previewed or posted."""
    ask = _own(desk, submit.ref)
    return _change(desk, ask, _typed(desk, submit))


def _typed(desk: Desk, submit: Submit) -> c.WriteAsk:
    typed = text_in(submit.fields, "ends_on")
    return c.WriteAsk(
        desk.me.id,
        need=text_in(submit.fields, "need"),
        category=text_in(submit.fields, "category"),
        urgent=text_in(submit.fields, "urgent") == "yes",
        ends_on=_day(desk, submit, typed) if typed else None,
    )


def _day(desk: Desk, submit: Submit, typed: str) -> date:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        form = forms.filled(forms.ask(desk.cast(desk.group())), submit.fields)
        errors = {"ends_on": replies.not_a_date(desk.language)}
        raise AnswerNowError(Reply(errors=errors, form=replace(form, verb=submit.verb, ref=submit.ref))) from None


def _new(desk: Desk, group: Group, command: c.WriteAsk) -> Reply:
    blank = Ask(AskId(desk.ids.new()), group.id, desk.me.id, "", desk.now)
    decision = decide_ask(blank, command, group, desk.me, desk.now)
    desk.tx.asks.add(replace(decision.state, version=1))
    return conclude(desk, decision.outcome, ASK, blank.id)


def post_ask(desk: Desk, ref: str) -> Reply:
    """Put the ask in the channel."""
    return _change(desk, desk.tx.asks.get(AskId(ref), to_change=True), c.PostAsk(desk.me.id))


def post_again(desk: Desk, ref: str) -> Reply:
    """Try once more to put one's own ask in the channel, which did not take it before."""
    ask = _own(desk, ref)
    say = Say.ASK_NOT_OPEN
    if ask.is_open(desk.now):
        again = desk.tx.outbox.revive(owed.key_of(PostAskCard(ask.id, ask.group)), desk.now)
        say = Say.POSTING_AGAIN if again else Say.DONE
    return conclude(desk, Told(say), ASK, ask.id)


def close_ask(desk: Desk, ref: str) -> Reply:
    """Close one's own ask."""
    return _change(desk, desk.tx.asks.get(AskId(ref), to_change=True), c.CloseAsk(desk.me.id))


def open_edit(desk: Desk, ref: str) -> Reply:
    """Open the ask's form, filled."""
    ask = _own(desk, ref)
    return Reply(form=forms.ask(desk.cast(desk.tx.groups.get(ask.group), ask=ask)))


def _own(desk: Desk, ref: str) -> Ask:
    ask = desk.tx.asks.get(AskId(ref), to_change=True)
    if ask.owner != desk.me.id:
        raise NotAPartyError(ask.id, desk.me.id)
    return ask


def _change(desk: Desk, ask: Ask, command: c.AskCommand) -> Reply:
    group = desk.tx.groups.get(ask.group)
    decision = decide_ask(ask, command, group, desk.me, desk.now)
    keep_ask(desk.tx, ask, decision, group, desk.now)
    return conclude(desk, decision.outcome, ASK, ask.id)
