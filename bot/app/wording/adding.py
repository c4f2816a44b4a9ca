"""What is said where a form could not open, where the bot was removed, and where it could not be added."""

from bot.app.wording.language import say
from bot.app.wording.parts import message, sentence
from bot.ports.messages import Message


def press_again(language: str) -> Message:
    """Return what is said when a form did not open in time. What was typed before is kept."""
    t = say(language)
    return sentence(
        t.gettext("The form did not open in time. Nothing is lost: press the button or type the command once more.")
    )


def edit_again(language: str) -> str:
    """Return what the button says that opens a form once more, filled, after an error."""
    return say(language).gettext("Edit")


def not_added(language: str) -> Message:
    """Return what somebody hears where the bot was removed."""
    return sentence(
        say(language).gettext("I am not a part of this workspace any more. An administrator can add me again.")
    )


def not_agreed(language: str) -> Message:
    """Return what is read by whoever changed their mind about adding the bot."""
    t = say(language)
    return message(t, "The bot was not added. Nothing was changed.", t.text("You can begin again whenever you like."))


def add_again(language: str) -> Message:
    """Return what is read when adding the bot came to nothing."""
    t = say(language)
    return message(
        t,
        "That did not work, and the bot was not added.",
        t.text("The page may have been too old, opened twice, or opened in another browser. Please begin again."),
    )


def not_for_organisations(language: str) -> Message:
    """Return what is read by whoever wanted to add the bot to a whole organisation at once."""
    t = say(language)
    return message(
        t,
        "The bot cannot be added to a whole organisation at once, and keeps nothing of this.",
        t.text("A group belongs to one workspace. Please remove the bot from the organisation, and add it there."),
    )
