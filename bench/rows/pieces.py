"""What the small things cost of which every step is made."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from time import perf_counter

from adapters.local.room import INTRODUCTIONS, WORKSPACE
from bench.edges import NOON
from bench.figures import Figure
from bench.run import Row, Run
from bench.story import DRAFT
from bench.world import CARD, FOUNDER, GROUP
from bot.app.wording import introduction, prompts
from bot.app.wording.cast import Cast
from bot.domain.effects import SendPrompt
from bot.domain.group import Group
from bot.domain.ids import MemberId, ReferralId, UserId
from bot.domain.member import Member
from bot.domain.question import Question, Side, Stage
from bot.domain.referral import Referral, Status
from bot.domain.words import Slot
from storage.codec import EFFECTS
from storage.keys import new_key
from storage.vault import Vault

STARTER, SEEKER, PROVIDER = (MemberId(role) for role in ("starter", "seeker", "provider"))
HOW = "One thread, many times over, without a database."


def measure(run: Run) -> list[Figure]:
    """Return microseconds for each."""
    times = run.size(full=2000, quick=200)
    parts = [(name, partial(_microseconds, do, times)) for name, do in _things().items()]
    found = run.repeated("Small things", parts)
    return [Figure(name, tuple(values), "µs") for name, values in found.items()]


def _things() -> dict[str, Callable[[], object]]:
    cast, question = _cast()
    effect = SendPrompt(ReferralId("aBcDeFgHiJkLmNoP"), SEEKER, 0)
    written = EFFECTS.write(effect)
    vault = Vault([new_key()], bytes(32))
    message = prompts.prompt(cast, question)
    text = introduction.canonical_text(message)
    sealed = vault.seal(text)
    return {
        "one question put into words": lambda: prompts.prompt(cast, question),
        "its text as it goes on record": lambda: introduction.canonical_text(message),
        "one effect written": lambda: EFFECTS.write(effect),
        "one effect read": lambda: EFFECTS.read(written),
        f"one text of {len(text)} characters sealed": lambda: vault.seal(text),
        "the same opened": lambda: vault.open(sealed),
    }


def _cast() -> tuple[Cast, Question]:
    question = Question(0, Stage.SEEKER_NAMED, NOON, NOON + timedelta(days=3))
    referral = Referral(
        id=ReferralId("aBcDeFgHiJkLmNoP"),
        group=GROUP,
        created_at=NOON,
        starter=STARTER,
        status=Status.ASKING,
        seeker=SEEKER,
        provider=PROVIDER,
        words={Slot(slot): words for slot, words in DRAFT.items() if slot in set(Slot)},
        cards=dict.fromkeys(Side, CARD),
        questions=(question,),
        asked_at=NOON,
    )
    people = {one: Member(one, WORKSPACE, UserId(one), joined={GROUP: NOON}) for one in (STARTER, SEEKER, PROVIDER)}
    group = Group(GROUP, WORKSPACE, INTRODUCTIONS, NOON, FOUNDER)
    return Cast(group, NOON, reader=people[SEEKER], people=people, referral=referral), question


def _microseconds(do: Callable[[], object], times: int) -> float:
    began = perf_counter()
    for _ in range(times):
        do()
    return 1e6 * (perf_counter() - began) / times


ROW = Row("pieces", "Small things", HOW, measure)
