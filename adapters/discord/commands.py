"""The commands as Discord has to know them, and a hash that says whether it knows these."""

from collections.abc import Iterator, Mapping
from hashlib import sha256
from json import dumps
from typing import Any, Final, TypeAlias

from bot.domain.ask import MAX_NEED

Command: TypeAlias = dict[str, Any]
Words: TypeAlias = tuple[str, str]
"""English and German."""

CHAT_INPUT, USER, MESSAGE = 1, 2, 3
SUBCOMMAND, STRING, BOOLEAN, PERSON_OPTION = 1, 3, 5, 6
IN_SERVERS, IN_DIRECT_MESSAGES = 0, 1
TO_SERVERS = 0

NAMES: Final = frozenset({"refer", "ask", "intros"})
ON_PERSON: Final = "I can refer someone"
ON_MESSAGE: Final = "I can refer someone"
SEEKER, PROVIDER, NEED, PERSON, WORDS = "seeker", "provider", "need", "person", "words"
PART, CHECK = "part", "check"
TYPED: Final[Mapping[str, int]] = {
    SEEKER: PERSON_OPTION,
    PROVIDER: PERSON_OPTION,
    PERSON: PERSON_OPTION,
    NEED: STRING,
    WORDS: STRING,
    PART: STRING,
    CHECK: BOOLEAN,
}
COMPLETED: Final[Mapping[str, str]] = {"find": WORDS}
"""The option of each subcommand for which people are shown what could be meant while they type."""
_PARTS: Final[Mapping[str, Words]] = {
    "group": ("The group", "Die Gruppe"),
    "asking": ("How people are asked", "Wie gefragt wird"),
    "limits": ("Limits", "Grenzen"),
    "tally": ("Weekly tally", "Wochenbilanz"),
    "keeping": ("Keeping and quiet", "Aufbewahren und Ruhe"),
}
_MENU: Final = "Ich kann jemanden empfehlen"
_MOST_WORDS: Final = 100

_OPTIONS: Final[Mapping[str, Words]] = {
    SEEKER: ("Who needs help?", "Wer braucht Hilfe?"),
    PROVIDER: ("Who can help?", "Wer kann helfen?"),
    PERSON: ("Whom you would rather not hear from or about", "Von wem du lieber nichts hören möchtest"),
    NEED: ("What are you looking for?", "Was suchst du?"),
    WORDS: ("A word or two, such as: bookkeeping", "Ein, zwei Wörter, etwa: Buchhaltung"),
    PART: ("Change just this", "Nur das ändern"),
    CHECK: ("Say which permissions are missing here", "Sagen, welche Rechte hier fehlen"),
}
_SUBCOMMANDS: Final[Mapping[str, tuple[Words, tuple[str, ...]]]] = {
    "join": (("Take part in the introductions here", "Bei den Vorstellungen hier mitmachen"), ()),
    "leave": (("Take part no longer", "Nicht mehr mitmachen"), ()),
    "card": (("What others know about your work", "Was andere über deine Arbeit wissen"), ()),
    "mine": (("What waits for you, and what you started", "Was auf dich wartet und was du begonnen hast"), ()),
    "tally": (("The week so far, and your part in it", "Die Woche bis jetzt und dein Anteil daran"), ()),
    "pause": (("Take a break, or come back from one", "Eine Pause machen oder zurückkommen"), ()),
    "find": (("Find members by what they do", "Mitglieder nach ihrer Arbeit finden"), (WORDS,)),
    "lead": (("Pass on a tip that names nobody in need", "Einen Tipp weitergeben, der niemanden nennt"), ()),
    "settings": (
        ("Start a group here, or change how it works", "Hier eine Gruppe beginnen oder sie ändern"),
        (PART, CHECK),
    ),
    "privacy": (("What is stored about you; export or erase it", "Was gespeichert ist; mitnehmen oder löschen"), ()),
    "report": (
        ("How to report something, or block somebody", "Wie man etwas meldet oder jemanden blockiert"),
        (PERSON,),
    ),
    "help": (("What this bot does, in short", "Was dieser Bot macht, in Kürze"), ()),
}


def payload() -> list[Command]:
    """Return all commands, as one request puts them in the place of those before.

    Who may change settings is checked when they try: Discord hides whole commands and no part of one.
    """
    everywhere = {"contexts": [IN_SERVERS, IN_DIRECT_MESSAGES], "integration_types": [TO_SERVERS]}
    in_servers = {"contexts": [IN_SERVERS], "integration_types": [TO_SERVERS]}
    refer = ("Suggest two people to each other", "Zwei Menschen einander vorschlagen")
    ask = ("Say what you are looking for", "Sagen, was du suchst")
    intros = ("Introductions: join, your card, what waits for you", "Vorstellungen: mitmachen, Karte, was wartet")
    menu = {"name": ON_PERSON, "name_localizations": {"de": _MENU}, **in_servers}
    return [
        {"type": CHAT_INPUT, "name": "refer", **_said(refer), "options": _options(SEEKER, PROVIDER), **everywhere},
        {"type": CHAT_INPUT, "name": "ask", **_said(ask), "options": _options(NEED), **everywhere},
        {"type": CHAT_INPUT, "name": "intros", **_said(intros), "options": list(_subcommands()), **everywhere},
        {**menu, "type": USER},
        {**menu, "type": MESSAGE},
    ]


def hash_of(commands: list[Command]) -> str:
    """Return what changes when the commands do: they are sent again only then."""
    return sha256(dumps(commands, sort_keys=True, ensure_ascii=True).encode()).hexdigest()


def _subcommands() -> Iterator[Command]:
    for name, (words, options) in _SUBCOMMANDS.items():
        yield {"type": SUBCOMMAND, "name": name, **_said(words), "options": _options(*options)}


def _options(*names: str) -> list[Command]:
    return [_option(name) for name in names]


def _option(name: str) -> Command:
    option: Command = {"type": TYPED[name], "name": name, **_said(_OPTIONS[name]), "required": name == WORDS}
    if TYPED[name] != STRING:
        return option
    if name == PART:
        return option | {"choices": [_choice(value, words) for value, words in _PARTS.items()]}
    option |= {"min_length": 1, "max_length": MAX_NEED if name == NEED else _MOST_WORDS}
    return option | {"autocomplete": True} if name in COMPLETED.values() else option


def _choice(value: str, words: Words) -> Command:
    english, german = words
    return {"name": english, "name_localizations": {"de": german}, "value": value}


def _said(words: Words) -> Command:
    english, german = words
    return {"description": english, "description_localizations": {"de": german}}
