"""How it begins: for whoever added the bot, for a workspace without a group, and for somebody in no group."""

from bot.app.wording.cast import Operator
from bot.app.wording.language import say
from bot.app.wording.parts import message, operated_by
from bot.ports.messages import Message, Note


def how_to_begin(language: str, operator: Operator) -> Message:
    """Return the three steps for whoever added the bot to a workspace."""
    t = say(language)
    return message(
        t,
        "Hello. I introduce the members of a group to each other: two yeses, one introduction. Three steps to begin:",
        t.text("1. Choose your group's channel, or make one, and add me to it."),
        t.text("2. Type /intros settings there. That starts the group, and I say hello."),
        t.text("3. Members press “Join” under my hello. Who has not joined is asked nothing."),
        t.note("I read no messages in channels, and tell nobody of a no. /intros privacy says what is stored."),
        Note(operated_by(t, operator)),
    )


def back_again(language: str, operator: Operator) -> Message:
    """Return what is said to whoever added the bot again, in time."""
    t = say(language)
    return message(
        t,
        "I am back. Groups, cards and suggestions are as they were, and what is still open goes on.",
        t.text("If I was removed from your group's channel too, please add me to it again."),
        Note(operated_by(t, operator)),
    )


def nothing_begun(language: str, operator: Operator) -> Message:
    """Return what a member reads in a workspace without a group."""
    t = say(language)
    return message(
        t,
        "I introduce the members of a group to each other. There is no group here yet.",
        t.text("Ask an administrator to add me to your group's channel and to type /intros settings in it."),
        Note(operated_by(t, operator)),
    )


def not_in_a_group(language: str, operator: Operator) -> Message:
    """Return how to join, for somebody in no group."""
    t = say(language)
    return message(
        t,
        "You are in no group yet, so nobody asks you anything.",
        t.text("To be asked, go to your group's channel and type /intros join there."),
        t.text("I ask you first, in private, each time. You are introduced only if both say yes, and a no is private."),
        Note(operated_by(t, operator)),
    )
