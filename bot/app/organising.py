"""Starting a group in a channel and changing its settings, by those who may."""

from collections.abc import Callable, Mapping

from bot.app import deciding, owed
from bot.app.choosing import choose
from bot.app.conclude import GROUP, SETTINGS, conclude
from bot.app.desk import Desk, say
from bot.app.referring import text_in
from bot.app.verbs import Verb
from bot.app.wording import forms, pages, replies
from bot.app.wording.cast import Cast
from bot.domain import member_commands as c
from bot.domain.decision import Decision, Say, Told
from bot.domain.effects import WelcomeGroup
from bot.domain.group import Group, Settings
from bot.domain.groups import READERS, BadSettingError, change_settings, language_of, start_group
from bot.domain.ids import GroupId
from bot.ports.inbound import Slash, Submit
from bot.ports.messages import Form, Reply

_FORMS: Mapping[str, Callable[[Cast], Form]] = {
    Verb.SETTINGS_GROUP: forms.settings_group,
    Verb.SETTINGS_ASKING: forms.settings_asking,
    Verb.SETTINGS_LIMITS: forms.settings_limits,
    Verb.SETTINGS_TALLY: forms.settings_tally,
    Verb.SETTINGS_KEEPING: forms.settings_keeping,
}


def settings(desk: Desk, slash: Slash) -> Reply:
    """/intros settings: start the channel's group, or show what it chose."""
    here = desk.group_here()
    if here is None and slash.origin.channel is not None:
        return _start(desk, slash)
    group = here or desk.group()
    if not _may(desk, group):
        return say(replies.told(desk.cast(group), Told(Say.ORGANISERS_ONLY)))
    return say(pages.settings(desk.cast(group)))


def _start(desk: Desk, slash: Slash) -> Reply:
    if not slash.origin.is_admin or slash.origin.channel is None:
        return say(replies.admins_start_groups(desk.language))
    me = desk.me
    group = Group(
        id=GroupId(desk.ids.new()),
        workspace=slash.origin.workspace,
        channel=slash.origin.channel,
        started_at=desk.now,
        started_by=me.id,
        settings=Settings(language=language_of(me.locale), time_zone=me.time_zone),
        version=1,
    )
    desk.tx.groups.add(group)
    decision = start_group(group)
    _keep(desk, group, decision)
    return conclude(desk, decision.outcome, SETTINGS, group.id)


def welcome_again(desk: Desk, ref: str) -> Reply:
    """Try once more to say hello in the group's channel, which did not take it before."""
    group = desk.group_named(ref)
    if not _may(desk, group):
        return say(replies.told(desk.cast(group), Told(Say.ORGANISERS_ONLY)))
    again = desk.tx.outbox.revive(owed.key_of(WelcomeGroup(group.id)), desk.now)
    return conclude(desk, Told(Say.POSTING_AGAIN if again else Say.DONE), GROUP, group.id)


def _may(desk: Desk, group: Group) -> bool:
    return desk.origin.is_admin or group.is_organiser(desk.me.id)


def open_settings(verb: Verb) -> Callable[[Desk, str], Reply]:
    """Return the use case that opens one of the settings' forms."""

    def opening(desk: Desk, ref: str) -> Reply:
        group = desk.group_named(ref)
        if not _may(desk, group):
            return say(replies.told(desk.cast(group), Told(Say.ORGANISERS_ONLY)))
        return Reply(form=_FORMS[verb](desk.cast(group)))

    return opening


def write_settings(desk: Desk, submit: Submit) -> Reply:
    """Change what was typed, or say at each field what is wrong with it."""
    group = desk.group_named(submit.ref)
    added = choose(desk, submit.fields.get("organiser"))
    if added.error:
        form = forms.filled(_FORMS[submit.verb](desk.cast(group)), submit.fields)
        return Reply(errors={"organiser": added.error}, form=form)
    typed = {name: text_in(submit.fields, name) for name in READERS if name in submit.fields}
    organisers = group.organisers | {added.member.id} if added.member else None
    command = c.ChangeSettings(desk.me.id, is_admin=desk.origin.is_admin, values=typed, organisers=organisers)
    try:
        decision = change_settings(group, command)
    except BadSettingError as bad:
        errors = {n: replies.setting_fault_text(n, fault, desk.language) for n, fault in bad.faults.items()}
        form = _FORMS[submit.verb](desk.cast(group))
        return Reply(errors=errors, form=forms.filled(form, submit.fields))
    _keep(desk, group, decision)
    return conclude(desk, decision.outcome, GROUP, group.id)


def _keep(desk: Desk, before: Group, decision: Decision[Group]) -> None:
    if decision.state != before:
        desk.tx.groups.save(decision.state)
    deciding.append(desk.tx, decision.events, before, desk.now)
    owed.queue(desk.tx, decision.effects, before, desk.now)
