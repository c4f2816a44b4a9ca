"""The texts around what came of an introduction, by name."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import Any

from bot.app.wording import afterwards, afterwards_forms, afterwards_notices, drafts, notices, pages
from bot.app.wording.cast import Cast
from bot.app.wording.mine import Past
from bot.domain.decision import Say, Told
from bot.domain.effects import Notice, Notify
from bot.domain.ids import MemberId, ReferralId
from bot.domain.numbers import Numbers
from bot.domain.outcome import Amount, FollowUp, Outcome, Part, Testimonial, Thanks
from bot.domain.question import Side
from bot.domain.referral import Status
from bot.domain.words import Slot
from bot.ports.messages import Message
from tests.app.wording.casts import (
    NOW,
    PIA,
    PIAS_CARD,
    RITA,
    SAM,
    SAMS_CARD,
    a_cast,
    a_draft,
    a_group_in,
    a_member,
    agreed,
    helped,
    people,
)
from tests.app.wording.other_texts import Maker
from tests.factories import a_follow_up

WEEK_LATER = NOW + timedelta(days=7)
THANKS = Thanks("Her first look at my boxes already paid for the coffee.", NOW, may_show=True)
PRAISE = Testimonial("She found what my last adviser had missed, and said why.", NOW, may_show=True)
ON_CARD = a_follow_up(testimonial=PRAISE, testimonial_asked=True)
NUMBERS = Numbers(4, 3, 2, {Outcome.TALKING: 1, Outcome.WON: 1}, timedelta(hours=5))


def said(outcome: Outcome, side: Side = Side.SEEKER, **changes: Any) -> FollowUp:  # noqa: ANN401 -- any field
    """Return a follow-up in which one party said what came of it."""
    part = Part(outcome=outcome, reported_at=WEEK_LATER, **changes.pop("part", {}))
    asked = side is Side.SEEKER and outcome is Outcome.WON
    return a_follow_up(**({"parts": {side: part}, "testimonial_asked": asked} | changes))


def spoken(words: Mapping[Slot, str]) -> tuple[Testimonial, Thanks]:
    """Return what a party may have said afterwards."""
    return Testimonial(words[Slot.TESTIMONIAL], NOW, may_show=True), Thanks(words[Slot.THANKS], NOW, may_show=True)


def after_cast(lang: str, follow_up: FollowUp, reader: MemberId = SAM, **changes: Any) -> Cast:  # noqa: ANN401
    """Return what a text for one of the three is made from, a week after the introduction."""
    facts: dict[str, Any] = {
        "referral": agreed(),
        "reader": a_member(id=reader),
        "now": WEEK_LATER,
        "follow_up": follow_up,
    }
    facts |= changes
    referral = facts.pop("referral")
    return a_cast(lang, referral, **facts)


def afterwards_texts() -> Iterator[tuple[str, Maker]]:
    """Yield the check-ins, what they turn into, the forms, the notices, and the pages that show what came of it."""
    yield from ((f"check_in_{name}", maker) for name, maker in _check_ins().items())
    for side in Side:
        for outcome in Outcome:
            told = Told(Say.OUTCOME_RECORDED)
            yield f"recorded_{side}_{outcome}", partial(_recorded, said(outcome, side), side, told)
    yield from ((f"recorded_{name}", maker) for name, maker in _further().items())
    yield from ((f"form_{name}", maker) for name, maker in _forms().items())
    yield from ((f"notice_{name}", maker) for name, maker in _notices().items())
    yield from ((f"page_{name}", maker) for name, maker in _pages().items())
    draft = a_draft(status=Status.DRAFT, fit=None)
    yield "draft_praised", lambda lang: drafts.preview(a_cast(lang, draft, praise={PIA: (ON_CARD,)}), None)


def _check_ins() -> Mapping[str, Maker]:
    old = {"now": NOW + timedelta(days=30)}
    direct, offer = agreed(no_introduction=True), replace(helped(), introduced_at=NOW)
    no_referrer = a_follow_up(referrer=None)
    again = said(Outcome.TALKING, Side.PROVIDER)
    return {
        "seeker": lambda lang: afterwards.check_in(after_cast(lang, a_follow_up()), Side.SEEKER),
        "provider": lambda lang: afterwards.check_in(after_cast(lang, a_follow_up(), PIA), Side.PROVIDER),
        "again": lambda lang: afterwards.check_in(after_cast(lang, again, PIA, **old), Side.PROVIDER),
        "direct_seeker": lambda lang: afterwards.check_in(
            after_cast(lang, a_follow_up(), referral=direct), Side.SEEKER
        ),
        "direct_provider": lambda lang: afterwards.check_in(
            after_cast(lang, a_follow_up(), PIA, referral=direct), Side.PROVIDER
        ),
        "helper": lambda lang: afterwards.check_in(after_cast(lang, no_referrer, referral=offer), Side.SEEKER),
    }


def _recorded(follow_up: FollowUp, side: Side, told: Told | None, lang: str, **changes: Any) -> Message:  # noqa: ANN401
    reader = SAM if side is Side.SEEKER else PIA
    return afterwards.recorded(after_cast(lang, follow_up, reader, **changes), side, told)


def _further() -> Mapping[str, Maker]:
    seeker, provider = Side.SEEKER, Side.PROVIDER
    told = {"tells_referrer": True, "wants_later": True}
    won = said(Outcome.WON, part=told, thanks={seeker: THANKS}, testimonial=PRAISE)
    withdrawn = replace(won, testimonial=replace(PRAISE, may_show=False))
    lead = said(Outcome.WAS_A_LEAD, provider, reclassified_at=WEEK_LATER)
    sold = said(Outcome.WON, provider, little_left=True)
    late = {"now": NOW + timedelta(days=121)}
    offer = replace(helped(), introduced_at=NOW)
    only_praise = a_follow_up(testimonial_asked=True, testimonial=PRAISE)
    gone = {**people(), RITA: a_member(id=RITA, user=None)}
    makers: dict[str, Maker] = {
        "nothing_yet": partial(_recorded, a_follow_up(), seeker, None),
        "all_said": partial(_recorded, won, seeker, None),
        "withdrawn": partial(_recorded, withdrawn, seeker, Told(Say.TESTIMONIAL_NOT_SHOWN)),
        "praise_alone": partial(_recorded, only_praise, seeker, Told(Say.TESTIMONIAL_SHOWN)),
        "reclassified": partial(_recorded, lead, provider, Told(Say.RECLASSIFIED)),
        "little_left": partial(_recorded, sold, provider, Told(Say.READY_RECORDED)),
        "worth": partial(_recorded, said(Outcome.WON, provider, part={"amount": Amount.MORE}), provider, None),
        "wants_testimonial": partial(_recorded, sold, provider, Told(Say.DONE)),
        "referrer_gone": lambda lang: _recorded(said(Outcome.WON), seeker, None, lang, people=gone),
        "amounts": lambda lang: _recorded(sold, provider, None, lang, group=a_group_in(lang, amounts=True)),
        "helper": partial(_recorded, said(Outcome.TALKING, referrer=None), seeker, None, referral=offer),
        "long_ago": lambda lang: _recorded(won, seeker, Told(Say.FOLLOWED_UP_LONG_AGO), lang, **late),
        "too_late": lambda lang: _recorded(a_follow_up(), seeker, None, lang, **late),
    }
    return makers


def _forms() -> Mapping[str, Maker]:
    worth = said(Outcome.WON, Side.PROVIDER, part={"amount": Amount.THOUSANDS})
    return {
        "thank": lambda lang: afterwards_forms.thank(after_cast(lang, said(Outcome.WON))),
        "testify": lambda lang: afterwards_forms.testify(after_cast(lang, said(Outcome.WON))),
        "testify_again": lambda lang: afterwards_forms.testify(after_cast(lang, ON_CARD)),
        "amount": lambda lang: afterwards_forms.amount(after_cast(lang, said(Outcome.WON, Side.PROVIDER), PIA)),
        "amount_again": lambda lang: afterwards_forms.amount(after_cast(lang, worth, PIA)),
    }


def _notice(follow_up: FollowUp, notice: Notice, lang: str, *, occasion: str = "", **changes: Any) -> Message:  # noqa: ANN401
    effect = Notify(RITA, notice, ReferralId("referral"), Side.SEEKER, occasion=occasion)
    return notices.notice(after_cast(lang, follow_up, RITA, **changes), effect)


def _notices() -> Mapping[str, Maker]:
    told = said(Outcome.WON, part={"tells_referrer": True})
    private = a_follow_up(thanks={Side.SEEKER: replace(THANKS, may_show=False)})
    hidden = a_follow_up(testimonial=replace(PRAISE, hidden=True))
    shown = a_follow_up(thanks={Side.SEEKER: replace(THANKS, shown=True)})
    asked = a_follow_up(thanks={Side.SEEKER: THANKS})
    return {
        "nudge_direct": partial(_notice, a_follow_up(), Notice.NUDGE, referral=agreed(no_introduction=True)),
        "outcome_heard_told": partial(_notice, told, Notice.OUTCOME_HEARD, occasion=WEEK_LATER.isoformat()),
        "thanks_private": partial(_notice, private, Notice.THANKS),
        "thanks_forgotten": partial(_notice, a_follow_up(), Notice.THANKS),
        "thanks_shown": lambda lang: afterwards_notices.thanks_again(
            after_cast(lang, shown, RITA), Side.SEEKER, Told(Say.THANKS_SHOWN)
        ),
        "thanks_kept": lambda lang: afterwards_notices.thanks_again(
            after_cast(lang, asked, RITA), Side.SEEKER, Told(Say.THANKS_NOT_SHOWN)
        ),
        "testimonial_hidden": lambda lang: afterwards_notices.testimonial_again(
            after_cast(lang, hidden, PIA), Told(Say.TESTIMONIAL_NOT_SHOWN)
        ),
        "testimonial_forgotten": partial(_notice, a_follow_up(), Notice.TESTIMONIAL_GIVEN),
    }


def _pages() -> Mapping[str, Maker]:
    many = [a_follow_up(referral=ReferralId(f"r{n}")) for n in range(6)]
    lately = [said(Outcome.TALKING), *many]
    me = a_member()
    spans = {"minutes": timedelta(seconds=1), "hours": timedelta(hours=30), "days": timedelta(days=2, hours=1)}
    praise = {PIA: (ON_CARD, replace(ON_CARD, referral=ReferralId("other")), *many)}
    makers: dict[str, Maker] = {
        "mine_past": lambda lang: pages.mine(a_cast(lang, reader=me), (), (agreed(),), (), Past(lately, NUMBERS)),
        "card_praised": lambda lang: pages.card(a_cast(lang, praise={PIA: praise[PIA][:2]}), PIAS_CARD),
        "found_praised": lambda lang: pages.found(a_cast(lang, praise=praise), (PIAS_CARD, SAMS_CARD), "tax"),
    }
    for unit, span in spans.items():
        past = Past((), Numbers(answers_within=span))
        makers[f"mine_{unit}"] = lambda lang, p=past: pages.mine(a_cast(lang, reader=me), (), (), (), p)  # type: ignore[misc]
    return makers


AFTERWARDS_SAID = a_follow_up(thanks={Side.SEEKER: THANKS}, testimonial=PRAISE)
"""For notices that are about what was said."""
