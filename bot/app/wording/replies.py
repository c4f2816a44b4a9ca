"""What the person who acted sees at once: an outcome in words, or a sentence that says what to do instead."""

from collections.abc import Iterable
from dataclasses import replace

from bot.app.verbs import Verb
from bot.app.wording.canonical import text_of
from bot.app.wording.cast import Cast
from bot.app.wording.faults import fault_text, setting_fault_text
from bot.app.wording.language import Value, Voice, mark, say, spans
from bot.app.wording.parts import channels_to_choose, message, people, person, row, sentence, voice
from bot.app.wording.sayings import SAYINGS
from bot.domain.decision import Say, Told
from bot.domain.group import Group
from bot.ports.messages import Message, Moment, Part, Plain, Quote, Spans

__all__ = [
    "admins_start_groups",
    "date_is_past",
    "erased",
    "fault_text",
    "further",
    "gone",
    "is_it_true",
    "line_too_long",
    "no_group_here",
    "not_a_date",
    "not_a_member_yet",
    "not_yours",
    "out_of_reach",
    "person_deactivated",
    "person_is_bot",
    "person_is_guest",
    "person_is_stranger",
    "person_unknown",
    "setting_fault_text",
    "told",
    "told_words",
    "try_again",
    "usage",
    "which_group",
    "you_are_guest",
    "you_are_stranger",
]


def told(cast: Cast, outcome: Told) -> Message:
    """Return the outcome in words, with what helps to go on."""
    t = voice(cast)
    return message(t, _saying(outcome), *further(cast, outcome), **_values(cast, t, outcome))


def told_words(cast: Cast, outcome: Told) -> Spans:
    """Return the outcome's sentence alone, to stand above a draft."""
    t = voice(cast)
    return spans(t.gettext(_saying(outcome)), **_values(cast, t, outcome))


def _saying(outcome: Told) -> str:
    if outcome.moment is None and outcome.say is Say.YES_RECORDED:
        return SAYINGS[Say.DONE]
    return SAYINGS[outcome.say]


def _values(cast: Cast, t: Voice, outcome: Told) -> dict[str, Value]:
    referrer: Value = people(cast)["referrer"] if cast.referral else t.gettext("somebody")
    return {
        "who": person(cast, outcome.who),
        "moment": Moment(outcome.moment) if outcome.moment else t.gettext("its end"),
        "number": str(outcome.number or 0),
        "referrer": referrer,
    }


def further(cast: Cast, outcome: Told) -> tuple[Part, ...]:
    """Return what helps to go on: a button, or a sentence to pass on."""
    t = voice(cast)
    group = cast.group.id
    match outcome.say:
        case Say.NOT_JOINED:
            return row(t.button("Join", Verb.JOIN, group))
        case Say.HELLO_SENT | Say.HELLO_AGAIN | Say.HELLO_ON_ITS_WAY:
            return row(t.button("Try again", Verb.JOIN, group))
        case Say.SEEKER_NOT_JOINED | Say.PROVIDER_NOT_JOINED:
            return _invitation(t)
        case Say.CARD_SAVED:
            return row(t.button("Add more", Verb.EDIT_CARD_MORE, group), t.button("Edit", Verb.EDIT_CARD, group))
        case Say.PAUSED:
            return row(t.button("I am back", Verb.BACK, group))
        case _:
            return ()


def out_of_reach(cast: Cast) -> tuple[Part, ...]:
    """Return what stands above anything that somebody sees whom my messages do not reach."""
    t = voice(replace(cast, referral=None))
    is_in = cast.reader is not None and cast.reader.is_in(cast.group.id)
    words = (
        mark("My messages do not reach you, so I can ask you nothing.")
        if is_in
        else mark("You have not joined yet: my hello did not reach you.")
    )
    how = t.note("Allow direct messages from members here in your privacy settings, then press “Try again”.")
    return (t.text(words), how, *row(t.button("Try again", Verb.JOIN, cast.group.id)))


def _invitation(t: Voice) -> tuple[Part, ...]:
    words = t.gettext(
        "I know somebody you might like to meet. If you want to be asked about introductions here, type /intros join."
    )
    return (t.text("You can pass this on:"), Quote((Plain(words),)))


def not_a_member_yet(cast: Cast) -> Message:
    """Return what somebody hears who has to join first."""
    return told(cast, Told(Say.NOT_JOINED))


def no_group_here(language: str) -> Message:
    """Return what is said in a place without a group."""
    words = say(language).gettext(
        "There is no group here yet. Go to your group's channel, or have an administrator type /intros settings in it."
    )
    return sentence(words)


def which_group(groups: Iterable[Group], language: str, *, then: str = "") -> Message:
    """Return the choice between groups. `then` travels behind the group's id, after a point, if it is given."""
    refs = ((group.channel, f"{group.id}.{then}" if then else group.id) for group in groups)
    rows = channels_to_choose(Verb.CHOOSE_GROUP, refs)
    return message(say(language), "You are in several groups. Which one do you mean?", *rows)


def person_is_bot(language: str) -> Message:
    """Return the sentence for a bot chosen as a person."""
    return sentence(say(language).gettext("This is a bot. Choose a person."))


def person_deactivated(language: str) -> Message:
    """Return the sentence for somebody whose account is switched off."""
    return sentence(say(language).gettext("This account is switched off. Choose somebody else."))


def person_unknown(language: str) -> Message:
    """Return the sentence for somebody who is not there."""
    return sentence(say(language).gettext("I cannot find this person here. Choose somebody from the list."))


def person_is_guest(language: str) -> Message:
    """Return the sentence for a guest account chosen as a person."""
    return sentence(
        say(language).gettext("This is a guest account, which may not be able to answer me. Choose a full member.")
    )


def person_is_stranger(language: str) -> Message:
    """Return the sentence for somebody of another workspace chosen as a person."""
    return sentence(
        say(language).gettext("This person is from another workspace. For now I introduce members of this one only.")
    )


def you_are_stranger(language: str) -> Message:
    """Return what somebody of another workspace hears, whatever they do."""
    return sentence(
        say(language).gettext(
            "You are here from another workspace, and for now I introduce members of this one only. Nothing was "
            "changed."
        )
    )


def you_are_guest(language: str) -> Message:
    """Return what a guest account hears that wants to join."""
    return sentence(
        say(language).gettext(
            "Guest accounts cannot be introduced here for now. With a full account you can join; an administrator can "
            "help."
        )
    )


def not_a_date(language: str) -> str:
    """Return what to type where a day is wanted."""
    return say(language).gettext("Please write the day like 2030-01-31.")


def date_is_past(language: str) -> str:
    """Return what to type where a later day is wanted."""
    return say(language).gettext("This day is over already. Choose a later one.")


def line_too_long(most: int, language: str) -> str:
    """Return what to do about a line of a card that is too long."""
    words = say(language).gettext("This is too long: at most {number} characters. Please shorten it.")
    return text_of(spans(words, number=most))


def is_it_true(language: str) -> str:
    """Return the question that *Is this true?* puts to the referrer."""
    return say(language).gettext("Is this true: did you suggest it, and may your name be used?")


def admins_start_groups(language: str) -> Message:
    """Return what somebody hears who may not start a group."""
    return sentence(say(language).gettext("Only administrators start a group. Ask one to type /intros settings here."))


def not_yours(language: str) -> Message:
    """Return what somebody hears who pressed another person's button."""
    return sentence(say(language).gettext("This is for somebody else to answer. Nothing was changed."))


def gone(language: str) -> Message:
    """Return what is said of something that is not there any more."""
    return sentence(say(language).gettext("This is not there any more. /intros mine shows what is."))


def try_again(language: str) -> Message:
    """Return what is said when it did not work and may work in a moment."""
    return sentence(say(language).gettext("That did not work, and nothing was changed. Please try again in a minute."))


def erased(language: str) -> Message:
    """Return the last thing somebody hears who erased themselves."""
    return sentence(
        say(language).gettext(
            "Everything about you is erased: your card, your words, your id. Goodbye, and all the best."
        )
    )


def usage(command: str, language: str) -> Message:
    """Return how a command is typed; for an unknown one, which there are."""
    t = say(language)
    if command == "refer":
        return sentence(
            t.gettext("Type /refer, or mention two people after it: first who needs help, then who can help.")
        )
    if command == "ask":
        return sentence(
            t.gettext("Type /ask and what you are looking for, such as: /ask a tax adviser for non-profits")
        )
    if command == "find":
        return sentence(t.gettext("Type /intros find and a word or two, such as: /intros find bookkeeping"))
    return sentence(
        t.gettext(
            "I do not know that command. There are /refer, /ask, and /intros with one of: join, leave, card, mine, "
            "pause, tally, find, lead, settings, privacy, report, help."
        )
    )
