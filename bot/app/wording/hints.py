"""What would make an introduction better: hints for what is empty, too short or says nothing in particular."""

import re
from collections.abc import Iterator

from bot.app.wording.cast import Cast
from bot.app.wording.language import Voice, mark
from bot.app.wording.parts import card_lines, voice
from bot.domain.question import Side
from bot.domain.referral import Referral
from bot.domain.words import Slot

LEAST_WORDS = 4

_PRAISE = frozenset(
    """
    great good best better nice lovely super awesome amazing fantastic wonderful brilliant excellent outstanding cool
    perfect top ideal friendly reliable competent professional experienced smart kind fine incredible superb expert
    guy person man woman bloke chap gal lady fellow people someone somebody really very highly truly absolutely totally
    just simply always recommend recommended recommendable love trust know knows known
    toll tolle toller tolles tollen klasse nett nette netter nettes sympathisch sympathische kompetent kompetente
    kompetenter zuverlässig zuverlässige gut gute guter gutes beste bester spitze prima großartig großartige
    großartiger genial geniale genialer hervorragend hervorragende professionell erfahren fantastisch perfekt perfekte
    ideale empfehlenswert klug cooler coole lieb liebe lieber typ kerl mensch frau mann leute jemand wirklich sehr echt
    absolut total einfach immer richtig empfehlen empfehle kenne kennt mag
    """.split()  # noqa: SIM905 - a list of words reads best as words
)
_FILLERS = frozenset(
    """
    a an the is are was i he she they it we you me him her them and or but so at in on for to of with this that
    ein eine einen einer der die das den dem ist sind war ich er sie es wir und oder aber im am auf für zu mit
    """.split()  # noqa: SIM905 - as above
)
_WORD = re.compile(r"\w+")

_EMPTY = (
    (Slot.RESULT, mark("Add one concrete result: what changed for whom, in numbers if you can.")),
    (Slot.HOW_LONG, mark("Say how long you have known them.")),
    (Slot.IN_COMMON, mark("If the two have something in common, say it: it makes the first sentence easy.")),
)
_GENERIC = {
    Slot.WHY: mark("Why this person? Say what they did, rather than that they are good."),
    Slot.ENDORSEMENT: mark("What you vouch for says nothing in particular yet. What did you see them do?"),
    Slot.RESULT: mark("The result says nothing in particular yet: what changed, for whom, by how much?"),
    Slot.NEED: mark("Say more about the need: what for, by when, and what was tried before?"),
}


def hints(cast: Cast) -> tuple[str, ...]:
    """Return what would make the introduction better, the most useful first."""
    return tuple(_hints(cast, voice(cast)))


def _hints(cast: Cast, t: Voice) -> Iterator[str]:
    referral = cast.subject
    for slot, hint in _GENERIC.items():
        if referral.words.get(slot) and says_little(referral.words[slot]):
            yield t.gettext(hint)
    yield from (t.gettext(hint) for slot, hint in _EMPTY if _is_empty(referral, slot))
    if not card_lines(cast, Side.PROVIDER):
        yield t.gettext("There is no card to introduce them from. They can write one with /intros card.")


def _is_empty(referral: Referral, slot: Slot) -> bool:
    return not referral.words.get(slot, "").strip()


def says_little(text: str) -> bool:
    """Say whether a text is too short, or mere praise that would fit anybody."""
    said = [word.casefold() for word in _WORD.findall(text)]
    telling = [word for word in said if word not in _PRAISE and word not in _FILLERS]
    return len(telling) < LEAST_WORDS
