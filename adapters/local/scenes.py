"""What the sample people say and press in the stories: setting the group up, proposing, answering, waiting."""

from datetime import timedelta
from typing import Protocol

from adapters.local.people import ANA, BEN, BY_USER, CARLA, DAVID, SEATS, Sample
from adapters.local.table import Table, Typed
from bot.domain.ids import UserId
from bot.ports.messages import Form, Reply

MINUTE = timedelta(minutes=1)

DRAFT = {
    "need": "He wants to know what a kitchen costs him to build before he quotes the next one.",
    "why": "Carla has kept my books for four years. She asked to see my studio before any receipt.",
    "basis": "direct",
}
BETTER = {
    "in_common": "Both learned the trade from a parent and turn work away rather than rush it.",
    "result": "Within a month I dropped the one package that lost me money.",
    "how_long": "four years, as her client",
    "heads_up": "He will show you photographs before he shows you numbers. Let him: the numbers come.",
}
BLIND = {
    "seeker_blind": "Runs a workshop of four with more orders than it can count",
    "provider_blind": "Works out for small workshops in the west of England what each job costs them",
}
TIP = "A workshop of four has a full order book and no idea which of its jobs earn money."


class Narrate(Protocol):
    """Says what comes next, and whether it is worth showing in full."""

    def __call__(self, sentence: str, *, in_brief: bool = False) -> None: ...


def untold(sentence: str, *, in_brief: bool = False) -> None:
    """Say nothing."""


class StoryError(Exception):
    """The bot did something the story does not provide for."""


class Scenes:
    """The story's people at the table. Everything they press has to be in front of them."""

    def __init__(self, table: Table, narrate: Narrate = untold) -> None:
        self.table = table
        self.narrate = narrate

    async def press(self, user: UserId, *verbs: str) -> Reply:
        """Press one button after another, each by its verb."""
        reply = Reply()
        for verb in verbs:
            reply = await self.table.presses(user, self.table.offer(user, verb))
        return reply

    async def fill(self, user: UserId, typed: Typed) -> Reply:
        """Send the open form with what of `typed` it has fields for. Raises StoryError when it is not taken."""
        form = self.form(user)
        reply = await self.table.sends(user, {f.key: typed[f.key] for f in form.fields if f.key in typed})
        if reply.errors:
            raise StoryError(f"{user} cannot send {form.title}: {dict(reply.errors)}")
        return reply

    def form(self, user: UserId) -> Form:
        """Return the form in front of somebody."""
        opened = self.table.room.form_of(user)
        if opened is None:
            raise StoryError(f"no form opened for {user}")
        return opened.form

    async def later(self, minutes: int) -> None:
        """Let some minutes pass."""
        await self.table.wait(minutes * MINUTE)

    # the group

    async def start_group(self) -> None:
        """Let the administrator start the group, and everybody join and write their card."""
        self.narrate("An administrator starts a group in the channel.", in_brief=True)
        await self.table.types(DAVID, "/intros settings")
        await self.later(5)
        self.narrate("People join, and say on a card what they do and whom they would like to meet.", in_brief=True)
        for user in SEATS:
            await self.press(user, "join")
        for user in SEATS:
            await self.later(2)
            await self.write_card(BY_USER[user])

    async def write_card(self, sample: Sample) -> None:
        """Let one of them write both halves of their card."""
        user, leads = sample.person.user, "yes" if sample.accepts_leads else "no"
        typed = {**{slot.value: line for slot, line in sample.card.items()}, "accepts_leads": leads}
        for half in ("edit_card", "edit_card_more"):
            await self.press(user, half)
            await self.fill(user, typed)

    # the referrer

    async def draft(self) -> None:
        """Let Ana write down whom she would bring together, and why."""
        self.narrate("Ana can refer someone: Ben, who has a need, to Carla. Nobody else sees anything yet.")
        await self.table.types(ANA, "/refer @ben @carla")
        await self.later(6)
        await self.fill(ANA, DRAFT)

    async def improve(self) -> None:
        """Let Ana answer the filter with two yeses, and write what makes the introduction worth reading."""
        await self.later(1)
        await self.press(ANA, "need_yes", "fit_yes", "better")
        await self.later(5)
        await self.fill(ANA, BETTER)

    async def describe(self) -> None:
        """Let Ana switch to role only, and describe both so that nobody would know who is meant."""
        await self.press(ANA, "role_only", "blind")
        await self.fill(ANA, BLIND)

    async def ask(self) -> None:
        """Let Ana start the asking."""
        await self.later(1)
        await self.press(ANA, "ask_them")

    async def send_tip(self) -> None:
        """Let Ana pass the need on, without a person, to somebody whose card takes tips."""
        await self.table.types(ANA, "/intros lead")
        await self.later(2)
        await self.fill(ANA, {"provider": CARLA, "need": TIP})

    # the parties

    async def says_yes(self, user: UserId) -> None:
        """Let somebody say yes to what they were asked last."""
        await self.press(user, "yes")

    async def pauses_quietly(self, user: UserId) -> None:
        """Let somebody take a break of which nobody hears."""
        await self.table.types(user, "/intros pause")
        await self.press(user, "pause")
        await self.fill(user, {"until": "2026-12-31"})

    async def blocks(self, user: UserId) -> None:
        """Let somebody block the other party."""
        await self.press(user, "block", "block_other")

    async def introduced(self) -> None:
        """Let the time to undo pass, and both see the introduction."""
        self.narrate(
            "Both said yes. For thirty seconds either can take it back; then they are together in a room. "
            "Ana is not in it: she hears that it came about."
        )
        for party in (BEN, CARLA):
            self.table.offer(party, "undo")
        await self.table.wait(timedelta(seconds=30))
        await self.later(10)
        await self.press(BEN, "got_it")
        await self.later(5)
        await self.press(CARLA, "got_it")
