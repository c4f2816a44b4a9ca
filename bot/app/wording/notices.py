"""What somebody is told in private, unasked: each notice, the report to an organiser, the channel's first post."""

from collections.abc import Callable, Mapping

from bot.app.verbs import Verb
from bot.app.wording import afterwards_notices as afterwards
from bot.app.wording.cast import Cast
from bot.app.wording.language import Voice, mark
from bot.app.wording.parts import message, people, person, question_ref, row, run_by, voice, word
from bot.domain.effects import Notice, Notify, SendReport, TellCannotPost
from bot.domain.question import Question, Side
from bot.domain.referral import Referral
from bot.domain.words import Slot
from bot.ports.messages import Buttons, Message, Moment, Note, Part, Quote, Spans, Text

_QUESTIONS = {Side.SEEKER: Slot.SEEKER_QUESTION, Side.PROVIDER: Slot.PROVIDER_QUESTION}
_ANSWERS = {Side.SEEKER: Slot.SEEKER_QUESTION_ANSWER, Side.PROVIDER: Slot.PROVIDER_QUESTION_ANSWER}


def notice(cast: Cast, effect: Notify) -> Message:
    """Return the words for a notice."""
    return _NOTICES[effect.notice](cast, voice(cast), effect)


def _fit_confirmed(cast: Cast, t: Voice, _: Notify) -> Message:
    show = row(t.button("Show my draft", Verb.SHOW_DRAFT, cast.subject.id))
    words = mark("{provider} says that somebody like this would fit. You may ask them both now.")
    return message(t, words, *show, **people(cast))


def _fit_open_again(cast: Cast, t: Voice, _: Notify) -> Message:
    show = row(t.button("Show my draft", Verb.SHOW_DRAFT, cast.subject.id))
    return message(t, "A fit check of yours ended without a yes. Your draft is open again.", *show)


def _not_this_time(cast: Cast, t: Voice, effect: Notify) -> Message:
    words = (
        mark("The help that {referrer} offered you on {moment} did not come about this time.")
        if cast.subject.helper
        else mark("The introduction that {referrer} suggested to you on {moment} did not come about this time.")
    )
    quiet = t.note("I never say why, to anyone. There is nothing left to do.")
    thanks = t.text("Thank you for your yes.")
    return message(t, words, thanks, quiet, moment=_asked_at(cast, effect.side), **people(cast))


def _asked_at(cast: Cast, side: Side | None) -> Moment:
    """Tell suggestions apart by time: a name would tell who was erased meanwhile."""
    last = last_question(cast.subject, side) if side else None
    return Moment(last.asked_at if last else cast.subject.asked_at or cast.subject.created_at)


def _closed_quietly(cast: Cast, t: Voice, _: Notify) -> Message:
    words = (
        mark("Your offer of help of {moment} has closed without an introduction.")
        if cast.subject.helper
        else mark("Your suggestion of {moment} has closed without an introduction.")
    )
    quiet = t.note("I never say why, to anyone. Thank you for trying.")
    return message(t, words, *_again(cast, t), quiet, moment=_asked_at(cast, None))


def _again(cast: Cast, t: Voice) -> tuple[Part, ...]:
    closes_at = cast.subject.closes_at
    if closes_at is None:
        return ()
    again = Moment(closes_at + cast.group.settings.closed_pair)
    return (t.text("The same two can be suggested again after {moment}.", moment=again),)


def _told_no(cast: Cast, t: Voice, effect: Notify) -> Message:
    who = person(cast, cast.subject.party(effect.side or Side.SEEKER))
    first = next((q for q in cast.subject.questions if q.number == cast.subject.told_by), None)
    is_theirs = first is not None and first.side is effect.side
    if not (is_theirs and cast.subject.words.get(Slot.REASON)):
        return message(
            t, "{who} would like you to know: it is a no this time. Thank you for thinking of them.", who=who
        )
    words = mark("{who} would like you to know: it is a no this time, and this is why.")
    return message(t, words, Quote((word(cast.subject, Slot.REASON),)), who=who)


def _withdrawn(cast: Cast, t: Voice, effect: Notify) -> Message:
    words = mark(
        "{referrer} has withdrawn the suggestion of {moment} that you said yes to. There is nothing left to do."
    )
    return message(t, words, moment=_asked_at(cast, effect.side), **people(cast))


def _introduced(cast: Cast, t: Voice, _: Notify) -> Message:
    words = (
        mark("Two yeses: {provider} will write to {seeker}. Thank you for bringing them together.")
        if cast.subject.no_introduction
        else mark("Two yeses: {seeker} and {provider} are introduced. Thank you for bringing them together.")
    )
    return message(t, words, **people(cast))


def _question(cast: Cast, t: Voice, effect: Notify) -> Message:
    side = effect.side or Side.SEEKER
    who = person(cast, cast.subject.party(side))
    answer = row(t.button("Answer", Verb.ANSWER_PARTY, f"{cast.subject.id}.{side}"))
    asked = Quote((word(cast.subject, _QUESTIONS[side]),))
    about = t.note("It is about your suggestion of {moment}. One question, one answer.", moment=_asked_at(cast, None))
    return message(t, "{who} has a question for you:", asked, about, *answer, who=who)


def _question_answered(cast: Cast, t: Voice, effect: Notify) -> Message:
    side = effect.side or Side.SEEKER
    asked = t.note("You asked: “{question}”", question=word(cast.subject, _QUESTIONS[side]))
    answer = Quote((word(cast.subject, _ANSWERS[side]),))
    return message(
        t, "{referrer} answers your question:", asked, answer, *_open_question(cast, t, side), **people(cast)
    )


def _open_question(cast: Cast, t: Voice, side: Side) -> tuple[Buttons, ...]:
    last = last_question(cast.subject, side)
    if last is None or last.is_final(cast.now):
        return ()
    return row(t.button("Show me the question", Verb.OPEN_QUESTION, question_ref(cast.subject, last)))


def last_question(referral: Referral, side: Side) -> Question | None:
    """Return the newest question a party was sent, the fit check included."""
    reached = [q for q in referral.questions if q.side is side and q.reached]
    return reached[-1] if reached else None


def _write_to_them(cast: Cast, t: Voice, _: Notify) -> Message:
    referral = cast.subject
    last = last_question(referral, Side.SEEKER)
    asks = last is not None and not referral.helper
    true = t.button("Is this true?", Verb.IS_IT_TRUE, question_ref(referral, last)) if last and asks else None
    name = (
        (t.text("They may say that {referrer} sent them.", **people(cast)),) if referral.may_use_name and asks else ()
    )
    ask = (
        (t.note("If something about it seems odd, ask {referrer}: one question, one answer.", **people(cast)),)
        if asks
        else ()
    )
    return message(t, "{provider} will write to you, as you asked.", *name, *ask, *row(true), **people(cast))


def _lead(cast: Cast, t: Voice, _: Notify) -> Message:
    tip = Quote((word(cast.subject, Slot.NEED),))
    note = t.note("A tip, not an introduction: nobody was asked, and nobody expects to hear from you.")
    switch = t.note("You get tips because your card says so; /intros card switches them off.")
    return message(t, "A tip from {referrer}: somebody may need this.", tip, note, switch, **people(cast))


def _quietly_paused(cast: Cast, t: Voice, _: Notify) -> Message:
    group = cast.group.id
    choices = row(
        t.button("Keep me in", Verb.KEEP_ME_IN, group),
        t.button("Ask me later", Verb.ASK_ME_LATER, group),
        t.button("Stop asking me", Verb.STOP_ASKING, group),
    )
    why = t.text("Two questions in a row stayed unanswered, so I stopped asking. That is fine, and nobody is told.")
    later = t.note("“Ask me later” starts again in 30 days.")
    return message(t, "I am giving you a break.", why, later, *choices)


def _hello(cast: Cast, t: Voice, _: Notify) -> Message:
    keep = cast.group.settings
    leave = row(t.button("Write my card", Verb.EDIT_CARD, cast.group.id), t.button("Leave", Verb.LEAVE, cast.group.id))
    return message(
        t,
        "Hello, and welcome. You have joined the introductions of your group.",
        t.text(
            "What it means: members may suggest you to each other. I ask you first, here and in private, each time."
        ),
        t.text("You are introduced only if both of you say yes. A no is private, and no answer is fine too."),
        Text(_stored(t, keep.keep_words.days)),
        t.text("/intros card says what you do, /intros pause gives you a break, /intros privacy shows and erases."),
        Note(run_by(cast)),
        *leave,
    )


def _stored(t: Voice, days: int) -> Spans:
    words = t.ngettext(
        "Stored: your id here, your card, what you write to me and what you answer; words of what is closed go after "
        "{days} day. I read no messages in the channel.",
        "Stored: your id here, your card, what you write to me and what you answer; words of what is closed go after "
        "{days} days. I read no messages in the channel.",
        days,
    )
    return t.filled(words, days=days)


_NOTICES: Mapping[Notice, Callable[[Cast, Voice, Notify], Message]] = {
    Notice.FIT_CONFIRMED: _fit_confirmed,
    Notice.FIT_OPEN_AGAIN: _fit_open_again,
    Notice.NOT_THIS_TIME: _not_this_time,
    Notice.CLOSED_QUIETLY: _closed_quietly,
    Notice.TOLD_NO: _told_no,
    Notice.WITHDRAWN: _withdrawn,
    Notice.INTRODUCED: _introduced,
    Notice.QUESTION: _question,
    Notice.QUESTION_ANSWERED: _question_answered,
    Notice.WRITE_TO_THEM: _write_to_them,
    Notice.LEAD: _lead,
    Notice.QUIETLY_PAUSED: _quietly_paused,
    Notice.HELLO: _hello,
    Notice.NUDGE: afterwards.nudge,
    Notice.OUTCOME_HEARD: afterwards.outcome_heard,
    Notice.THANKS: afterwards.thanks,
    Notice.RECLASSIFIED: afterwards.reclassified,
    Notice.TESTIMONIAL_WANTED: afterwards.testimonial_wanted,
    Notice.TESTIMONIAL_GIVEN: afterwards.testimonial_given,
}


def report(cast: Cast, effect: SendReport) -> Message:
    """Return what an organiser hears of a report: whose suggestion it was. Neither party is named, nor who reported."""
    t = voice(cast)
    words = (
        mark("Somebody has reported an offer of help that {referrer} made.")
        if cast.subject.helper
        else mark("Somebody has reported a suggestion that {referrer} made.")
    )
    number = t.note("Its number is {number}, for whoever runs the bot.", number=f"{effect.referral}.{effect.number}")
    return message(
        t,
        words,
        t.text("I do not say who reported it, nor whom it was about, and nobody else was told."),
        t.text(
            "What you can do: talk to {referrer}, or remind the group of its rules. Please do not ask who it was.",
            **people(cast),
        ),
        number,
        **people(cast),
    )


def cannot_post(cast: Cast, effect: TellCannotPost) -> Message:
    """Return what somebody hears whose ask, or whose group's hello or tally, the channel did not take."""
    t = voice(cast)
    if effect.ask is not None:
        words = mark("I could not post your ask: I may not write in your group's channel.")
        again = t.button("Try again", Verb.POST_ASK_AGAIN, effect.ask)
    elif effect.week:
        words = mark("I could not post last week’s tally: I may not write in the group’s channel.")
        again = t.button("Try again", Verb.WELCOME_AGAIN, effect.group)
    else:
        words = mark("The group is started, but I could not say hello: I may not write in its channel.")
        again = t.button("Try again", Verb.WELCOME_AGAIN, effect.group)
    how = t.text("Add me to the channel, or ask somebody who may. Then press “Try again”.")
    return message(t, words, how, *row(again))


def welcome(cast: Cast) -> Message:
    """Return the first post in a group's channel."""
    t = voice(cast)
    return message(
        t,
        "Hello. I introduce members of this group to each other: two yeses, one introduction.",
        t.text(
            "What I do: somebody says who should meet whom. I ask both in private, and introduce them if both agree."
        ),
        t.text(
            "What I do not do: I read no messages here, tell nobody of a no, and write to nobody who has not joined."
        ),
        t.text("To be asked, join. /intros help says more."),
        Note(run_by(cast)),
        *row(t.button("Join", Verb.JOIN, cast.group.id)),
    )
