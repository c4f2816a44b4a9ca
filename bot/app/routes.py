"""Which use case is behind which command, button and form."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from bot.app import afterwards, asking_around, belonging, consenting, looking, organising, referring, tallied
from bot.app.desk import Desk, say
from bot.app.verbs import Verb
from bot.app.wording import afterwards_forms, pages, replies
from bot.app.wording.clean import clean
from bot.domain.commands import Choice, Filter
from bot.domain.outcome import Outcome
from bot.domain.question import Answer
from bot.domain.referral import Tick
from bot.ports.inbound import Inbound, PickMessage, Press, Slash, Submit
from bot.ports.messages import Reply

Pressed = Callable[[Desk, str], Reply]
Submitted = Callable[[Desk, Submit], Reply]
Slashed = Callable[[Desk, Slash], Reply]

INTROS: Mapping[str, Slashed] = {
    "join": lambda desk, _: belonging.join(desk, ""),
    "leave": lambda desk, _: belonging.leave(desk, ""),
    "card": lambda desk, _: belonging.show_card(desk, ""),
    "pause": lambda desk, _: belonging.show_pause(desk, ""),
    "mine": looking.mine,
    "find": looking.find,
    "help": looking.help_page,
    "privacy": looking.show_privacy,
    "report": looking.report,
    "settings": organising.settings,
    "lead": lambda desk, _: referring.open_lead(desk, ""),
    "tally": tallied.tally,
}
"""What follows /intros."""

PRESSED: Mapping[str, Pressed] = {
    Verb.NEED_YES: referring.tick(Filter.NEED, Tick.YES),
    Verb.NEED_UNSURE: referring.tick(Filter.NEED, Tick.NOT_SURE),
    Verb.NEED_NO: referring.tick(Filter.NEED, Tick.NO),
    Verb.FIT_YES: referring.tick(Filter.FIT, Tick.YES),
    Verb.FIT_UNSURE: referring.tick(Filter.FIT, Tick.NOT_SURE),
    Verb.FIT_NO: referring.tick(Filter.FIT, Tick.NO),
    Verb.ASK_THEM: referring.ask_them,
    Verb.CHECK_FIT: referring.check_fit,
    Verb.EDIT: referring.open_form(Verb.EDIT),
    Verb.BETTER: referring.open_form(Verb.BETTER),
    Verb.BLIND: referring.open_form(Verb.BLIND),
    Verb.LOOP_ME_IN: referring.switch(Choice.LOOP_ME_IN),
    Verb.ROLE_ONLY: referring.switch(Choice.ROLE_ONLY),
    Verb.MAY_USE_NAME: referring.switch(Choice.MAY_USE_NAME),
    Verb.URGENT: referring.switch(Choice.URGENT),
    Verb.KEEP_LEAD: referring.keep_lead,
    Verb.UPGRADE: referring.upgrade,
    Verb.DISCARD: referring.discard,
    Verb.WITHDRAW: referring.withdraw,
    Verb.SHOW_DRAFT: referring.show_draft,
    Verb.SEND_LEAD: referring.open_lead,
    Verb.YES: consenting.answering(Answer.YES),
    Verb.NO: consenting.answering(Answer.NO),
    Verb.KNOWN: consenting.answering(Answer.KNOWN),
    Verb.NOT_NOW: consenting.answering(Answer.NOT_NOW),
    Verb.REPORT: consenting.answering(Answer.REPORT),
    Verb.YES_BUT: consenting.open_terms,
    Verb.ASK_REFERRER: consenting.open_question_form,
    Verb.IS_IT_TRUE: consenting.is_it_true,
    Verb.BLOCK: consenting.choose_block,
    Verb.BLOCK_REFERRER: consenting.blocking("referrer"),
    Verb.BLOCK_OTHER: consenting.blocking("other"),
    Verb.UNDO: consenting.undo,
    Verb.TELL: consenting.tell,
    Verb.TELL_WHY: consenting.open_why,
    Verb.OPEN_QUESTION: consenting.open_question,
    Verb.ANSWER_PARTY: consenting.open_answer,
    Verb.GOT_IT: consenting.got_it,
    Verb.SHOW_OUTCOME: afterwards.show_outcome,
    Verb.CHANGE_OUTCOME: afterwards.change_outcome,
    Verb.OUTCOME_TALKING: afterwards.reporting(Outcome.TALKING),
    Verb.OUTCOME_NOT_A_FIT: afterwards.reporting(Outcome.NOT_A_FIT),
    Verb.OUTCOME_NOT_NOW: afterwards.reporting(Outcome.NOT_NOW),
    Verb.OUTCOME_NO_ANSWER: afterwards.reporting(Outcome.NO_ANSWER),
    Verb.OUTCOME_WON: afterwards.reporting(Outcome.WON),
    Verb.OUTCOME_LOST: afterwards.reporting(Outcome.LOST),
    Verb.OUTCOME_WAS_A_LEAD: afterwards.reporting(Outcome.WAS_A_LEAD),
    Verb.TELL_OUTCOME: afterwards.tell,
    Verb.CHECK_IN_LATER: afterwards.asking_later(yes=True),
    Verb.CHECK_IN_NO_MORE: afterwards.asking_later(yes=False),
    Verb.LITTLE_LEFT: afterwards.selling(little_left=True),
    Verb.MUCH_LEFT: afterwards.selling(little_left=False),
    Verb.SAY_AMOUNT: afterwards.open_form(afterwards_forms.amount),
    Verb.THANK: afterwards.open_form(afterwards_forms.thank),
    Verb.SHOW_THANKS: afterwards.showing_thanks(yes=True),
    Verb.KEEP_THANKS: afterwards.showing_thanks(yes=False),
    Verb.WANT_TESTIMONIAL: afterwards.want_testimonial,
    Verb.TESTIFY: afterwards.open_testimonial,
    Verb.SHOW_TESTIMONIAL: afterwards.showing_testimonial(yes=True),
    Verb.WITHDRAW_TESTIMONIAL: afterwards.showing_testimonial(yes=False),
    Verb.HIDE_TESTIMONIAL: afterwards.hiding_testimonial(hidden=True),
    Verb.UNHIDE_TESTIMONIAL: afterwards.hiding_testimonial(hidden=False),
    Verb.WHO_ELSE: afterwards.who_else,
    Verb.REFER_FOR_ASK: referring.refer_for_ask,
    Verb.HELP_WITH_ASK: referring.open_help,
    Verb.POST_ASK: asking_around.post_ask,
    Verb.EDIT_ASK: asking_around.open_edit,
    Verb.CLOSE_ASK: asking_around.close_ask,
    Verb.JOIN: belonging.join,
    Verb.LEAVE: belonging.leave,
    Verb.EDIT_CARD: belonging.open_card(Verb.EDIT_CARD),
    Verb.EDIT_CARD_MORE: belonging.open_card(Verb.EDIT_CARD_MORE),
    Verb.KEEP_ME_IN: belonging.keep_me_in,
    Verb.ASK_ME_LATER: belonging.ask_me_later,
    Verb.STOP_ASKING: belonging.stop_asking,
    Verb.PAUSE: belonging.open_pause,
    Verb.BACK: belonging.keep_me_in,
    Verb.UNBLOCK: belonging.unblock,
    Verb.EXPORT: looking.export,
    Verb.ERASE: looking.ask_to_erase,
    Verb.ERASE_REALLY: looking.erase,
    Verb.SHOW_MINE: looking.show_mine,
    Verb.SHOW_CARD: belonging.show_card,
    Verb.SHOW_PAUSE: belonging.show_pause,
    Verb.SHOW_PRIVACY: looking.open_privacy,
    Verb.MY_PART: tallied.show_my_part,
    Verb.NAME_ME: tallied.showing(named=True),
    Verb.DO_NOT_NAME_ME: tallied.showing(named=False),
    Verb.LISTEN_FOR_ME: tallied.showing(listened_for=True),
    Verb.DO_NOT_LISTEN_FOR_ME: tallied.showing(listened_for=False),
    Verb.NEW_DRAFT: referring.start_draft,
    Verb.NEW_ASK: asking_around.start_ask,
    Verb.POST_ASK_AGAIN: asking_around.post_again,
    Verb.WELCOME_AGAIN: organising.welcome_again,
    Verb.SETTINGS_GROUP: organising.open_settings(Verb.SETTINGS_GROUP),
    Verb.SETTINGS_ASKING: organising.open_settings(Verb.SETTINGS_ASKING),
    Verb.SETTINGS_LIMITS: organising.open_settings(Verb.SETTINGS_LIMITS),
    Verb.SETTINGS_TALLY: organising.open_settings(Verb.SETTINGS_TALLY),
    Verb.SETTINGS_KEEPING: organising.open_settings(Verb.SETTINGS_KEEPING),
    Verb.PREVIEW_TALLY: tallied.preview,
}

SUBMITTED: Mapping[str, Submitted] = {
    Verb.NEW_DRAFT: referring.new_draft,
    Verb.EDIT: referring.edit_draft,
    Verb.BETTER: referring.edit_draft,
    Verb.BLIND: referring.edit_draft,
    Verb.SEND_LEAD: referring.send_lead,
    Verb.HELP_WITH_ASK: referring.offer_help,
    Verb.YES_BUT: consenting.yes_but,
    Verb.TELL_WHY: consenting.tell_why,
    Verb.ASK_REFERRER: consenting.ask_referrer,
    Verb.ANSWER_PARTY: consenting.answer_party,
    Verb.THANK: afterwards.thank,
    Verb.TESTIFY: afterwards.testify,
    Verb.SAY_AMOUNT: afterwards.say_amount,
    Verb.NEW_ASK: asking_around.new_ask,
    Verb.EDIT_ASK: asking_around.edit_ask,
    Verb.EDIT_CARD: belonging.write_card,
    Verb.EDIT_CARD_MORE: belonging.write_card,
    Verb.PAUSE: belonging.pause,
    Verb.SETTINGS_GROUP: organising.write_settings,
    Verb.SETTINGS_ASKING: organising.write_settings,
    Verb.SETTINGS_LIMITS: organising.write_settings,
    Verb.SETTINGS_TALLY: organising.write_settings,
    Verb.SETTINGS_KEEPING: organising.write_settings,
}


def dispatch(desk: Desk, inbound: Inbound) -> Reply:
    """Carry out what arrived; what nobody knows gets a sentence on what there is."""
    match inbound:
        case Slash():
            return _slash(desk, inbound)
        case Press(verb=Verb.CHOOSE_GROUP, ref=ref):
            return choose_group(desk, ref)
        case Press(verb=verb, ref=ref):
            pressed = PRESSED.get(verb)
            return pressed(desk, ref) if pressed else say(replies.gone(desk.language))
        case Submit(verb=verb):
            submitted = SUBMITTED.get(verb)
            return submitted(desk, inbound) if submitted else say(replies.gone(desk.language))
        case PickMessage():
            return referring.pick_message(desk, inbound)


def choose_group(desk: Desk, ref: str) -> Reply:
    """Go on with the command that was typed in a direct message, in the group that was chosen for it."""
    group, _, then = ref.partition(".")
    desk.chosen = desk.group_named(group)
    name, _, text = then.partition(".")
    return _slash(desk, Slash(desk.origin, name or "intros", text))


def _slash(desk: Desk, slash: Slash) -> Reply:
    slash = replace(slash, text=clean(slash.text))
    desk.then = then_of(slash)
    match slash.name:
        case "refer":
            return referring.open_draft(desk, slash)
        case "ask":
            return asking_around.open_ask(desk, slash)
        case _:
            return _intros(desk, slash)


def then_of(slash: Slash) -> str:
    """Return what a choice between groups goes on with: the command and its own word, without what else was typed."""
    return ".".join((slash.name, slash.text.partition(" ")[0])) if slash.name == "intros" else slash.name


def _intros(desk: Desk, slash: Slash) -> Reply:
    word, _, rest = slash.text.strip().partition(" ")
    known = INTROS.get(word.casefold() or "help")
    if known is None:
        return say(pages.help_page(desk.language, desk.group_here(), unknown=word))
    return known(desk, Slash(slash.origin, slash.name, rest.strip(), slash.people))
