"""Starting a group in a channel and changing its settings, by those who may."""

from collections.abc import Callable, Mapping

from bot.app import entries, owed, tallying
from bot.app.choosing import choose
from bot.app.conclude import GROUP, SETTINGS, conclude, with_next_post
from bot.app.desk import Desk, say
from bot.app.referring import text_in
from bot.app.verbs import Verb
from bot.app.wording import examined, forms, pages, replies
from bot.app.wording.cast import Cast
from bot.domain import member_commands as c
from bot.domain.decision import Decision, Say, Told
from bot.domain.effects import Effect, WelcomeGroup
from bot.domain.group import Group, Settings
from bot.domain.groups import READERS, BadSettingError, change_settings, language_of, start_group
from bot.domain.ids import GroupId
from bot.ports.inbound import Inbound, Slash, Submit
from bot.ports.messages import Form, Reply

_FORMS: Mapping[str, Callable[[Cast], Form]] = {
    Verb.SETTINGS_GROUP: forms.settings_group,
    Verb.SETTINGS_ASKING: forms.settings_asking,
    Verb.SETTINGS_LIMITS: forms.settings_limits,
    Verb.SETTINGS_TALLY: forms.settings_tally,
    Verb.SETTINGS_KEEPING: forms.settings_keeping,
}
PARTS: Mapping[str, Verb] = {
    "group": Verb.SETTINGS_GROUP,
    "asking": Verb.SETTINGS_ASKING,
    "limits": Verb.SETTINGS_LIMITS,
    "tally": Verb.SETTINGS_TALLY,
    "keeping": Verb.SETTINGS_KEEPING,
}
"""What may follow /intros settings to change a part of them at once."""

CHECK = "check"
"""What follows /intros settings to look what the bot is missing in the channel."""


def wants_examination(inbound: Inbound) -> bool:
    """Say whether it matters to this command what the bot is missing: to a check, and where a group may be started."""
    if not isinstance(inbound, Slash) or inbound.name != "intros":
        return False
    words = inbound.text.casefold().split()
    return words[:1] == ["settings"] and (inbound.origin.is_admin or words[1:2] == [CHECK])


def settings(desk: Desk, slash: Slash) -> Reply:
    """/intros settings: start the channel's group, or show what it chose.

    With `check`, say what is missing in the channel; with a part of them, open its form.
    """
    word = slash.text.casefold().partition(" ")[0]
    if word == CHECK:
        return _check(desk)
    here = desk.group_here()
    if here is None and slash.origin.channel is not None:
        return _start(desk, slash)
    group = here or desk.group()
    if not may_change(desk, group):
        return say(replies.told(desk.cast(group), Told(Say.ORGANISERS_ONLY)))
    if word in PARTS:
        return open_settings(PARTS[word])(desk, group.id)
    return say(pages.settings(with_next_post(desk, group), desk.lacks or ()))


def _check(desk: Desk) -> Reply:
    """Say what the bot is missing in this channel, to those who may do something about it. It writes nothing."""
    if desk.origin.channel is None:
        return say(examined.in_the_channel(desk.language))
    here = desk.group_here()
    if not (desk.origin.is_admin or (here and here.is_organiser(desk.stranger(desk.origin.user).id))):
        return say(examined.organisers_only(desk.language))
    return say(examined.examined(desk.language, desk.lacks))


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
        settings=Settings(language=language_of(desk.language), time_zone=me.time_zone or "UTC"),
        version=1,
    )
    desk.tx.groups.add(group)
    tallying.begin(desk.tx, group, desk.now)
    decision = start_group(group)
    _keep(desk, group, decision)
    return conclude(desk, decision.outcome, SETTINGS, group.id)


def welcome_again(desk: Desk, ref: str) -> Reply:
    """Try once more to post in the group's channel what it did not take before: the hello, and the newest tally."""
    group = desk.group_named(ref)
    if not may_change(desk, group):
        return say(replies.told(desk.cast(group), Told(Say.ORGANISERS_ONLY)))
    owing: tuple[Effect, ...] = (WelcomeGroup(group.id), *tallying.newest_post(desk.tx, group))
    again = [effect for effect in owing if desk.tx.outbox.revive(owed.key_of(effect), desk.now)]
    return conclude(desk, Told(Say.POSTING_AGAIN if again else Say.DONE), GROUP, group.id)


def may_change(desk: Desk, group: Group) -> bool:
    """Say whether the one who acts looks after the group."""
    return desk.origin.is_admin or group.is_organiser(desk.me.id)


def open_settings(verb: Verb) -> Callable[[Desk, str], Reply]:
    """Return the use case that opens one of the settings' forms."""

    def opening(desk: Desk, ref: str) -> Reply:
        group = desk.group_named(ref)
        if not may_change(desk, group):
            return say(replies.told(desk.cast(group), Told(Say.ORGANISERS_ONLY)))
        return Reply(form=_FORMS[verb](with_next_post(desk, group)))

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
        decision = change_settings(group, command, desk.cast(group).place)
    except BadSettingError as bad:
        errors = {n: replies.setting_fault_text(n, fault, desk.language) for n, fault in bad.faults.items()}
        form = _FORMS[submit.verb](desk.cast(group))
        return Reply(errors=errors, form=forms.filled(form, submit.fields))
    _keep(desk, group, decision)
    return conclude(desk, decision.outcome, GROUP, group.id)


def _keep(desk: Desk, before: Group, decision: Decision[Group]) -> None:
    if decision.state != before:
        desk.tx.groups.save(decision.state)
        tallying.settings_changed(desk.tx, before, decision.state, desk.now)
    entries.append(desk.tx, decision.events, before, desk.now)
    owed.queue(desk.tx, decision.effects, before, desk.now)
