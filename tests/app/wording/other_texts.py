"""The rest of every text: sentences, previews, forms and pages, by name."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from bot.app.wording import asks, drafts, forms, pages, replies
from bot.app.wording.cast import Cast
from bot.app.wording.mine import Past
from bot.domain.ask import AskStatus
from bot.domain.decision import Say, Told
from bot.domain.group import Reveal
from bot.domain.groups import READERS, SettingFault
from bot.domain.ids import GuestId, ReferralId
from bot.domain.member import FOREVER, Card, Guest
from bot.domain.numbers import Numbers
from bot.domain.question import Side, Stage
from bot.domain.referral import Status, Tick
from bot.domain.words import Fault, Slot
from bot.ports.messages import Form, Message
from tests.app.wording.casts import (
    GROUP,
    LATER,
    NOW,
    OTTO,
    PIA,
    PIAS_CARD,
    RICH,
    RITA,
    SAID,
    SAM,
    SAMS_CARD,
    SPARSE,
    a_cast,
    a_draft,
    a_member,
    a_question,
    agreed,
    an_ask,
    asked,
)

Shown = Message | Form | str | tuple[str, ...]
Maker = Callable[[str], Shown]


def sentences() -> Iterator[tuple[str, Maker]]:
    """Yield every sentence for wrong input."""
    group = a_cast("en").group
    makers: dict[str, Maker] = {
        "no_group_here": replies.no_group_here,
        "person_is_bot": replies.person_is_bot,
        "person_deactivated": replies.person_deactivated,
        "person_unknown": replies.person_unknown,
        "person_is_guest": replies.person_is_guest,
        "person_is_stranger": replies.person_is_stranger,
        "you_are_guest": replies.you_are_guest,
        "you_are_stranger": replies.you_are_stranger,
        "not_yours": replies.not_yours,
        "gone": replies.gone,
        "try_again": replies.try_again,
        "erased": replies.erased,
        "not_a_date": replies.not_a_date,
        "date_is_past": replies.date_is_past,
        "is_it_true": replies.is_it_true,
        "admins_start_groups": replies.admins_start_groups,
        "line_too_long": lambda lang: replies.line_too_long(300, lang),
        "not_a_member_yet": lambda lang: replies.not_a_member_yet(a_cast(lang)),
        "which_group": lambda lang: replies.which_group((group, group), lang),
        "which_group_named": lambda lang: replies.which_group((group,), lang, then="mine"),
        "out_of_reach": lambda lang: _above(a_cast(lang, reader=a_member(joined={GROUP: NOW}))),
        "out_of_reach_not_joined": lambda lang: _above(a_cast(lang, reader=a_member(joined={}))),
    }
    yield from ((f"sentence_{name}", maker) for name, maker in makers.items())
    for command in ("refer", "ask", "find", "anything"):
        yield f"usage_{command}", partial(replies.usage, command)
    yield (
        "faults",
        lambda lang: tuple(
            f"{f}: {replies.fault_text(s, f, lang)}" for f in Fault for s in (Slot.WHY, Slot.HOW_LONG, Slot.THANKS)
        ),
    )
    yield "setting_faults", _setting_faults


def _above(cast: Cast) -> Message:
    return Message("", replies.out_of_reach(cast))


def _setting_faults(lang: str) -> tuple[str, ...]:
    ranges = (f"{name}: {replies.setting_fault_text(name, SettingFault.OUT_OF_RANGE, lang)}" for name in READERS)
    return (*(f"{fault}: {replies.setting_fault_text('x', fault, lang)}" for fault in SettingFault), *ranges)


def previews() -> Iterator[tuple[str, Maker]]:
    """Yield a draft in every state, and an ask."""
    draft = Status.DRAFT
    check = a_question(stage=Stage.FIT)
    variants: dict[str, Any] = {
        "new": a_draft(SPARSE, status=draft, need=None, fit=None),
        "need_ticked": a_draft(status=draft, need=Tick.YES, fit=None),
        "fit_unsure": a_draft(status=draft, fit=Tick.NOT_SURE),
        "ready": a_draft(),
        "ready_sparse": a_draft(SPARSE),
        "all_choices": a_draft(reveal=Reveal.ROLE_ONLY, loop_me_in=True, may_use_name=True, urgent=True),
        "nobody_yet": a_draft(status=draft, seeker=None, provider=None, need=None, fit=None),
        "guest": a_draft(status=draft, seeker=Guest(GuestId("g")), need=None, fit=None),
        "fit_running": a_draft(status=draft, fit=Tick.NOT_SURE, questions=(check,)),
        "lead": a_draft(status=Status.LEAD),
        "lead_sent": a_draft(status=Status.LEAD, lead_sent_at=NOW, seeker=None),
        "asking": asked(RICH),
        "introduced": agreed(),
        "closed": asked(RICH, status=Status.LAPSED),
        "withdrawn": asked(RICH, status=Status.WITHDRAWN),
        "discarded": a_draft(status=Status.DISCARDED),
        "shortened": a_draft(
            {**RICH, Slot.WHY: "She knows every form, and why it is there. " * 13}, status=draft, fit=None
        ),
    }
    for name, referral in variants.items():
        yield f"draft_{name}", lambda lang, r=referral: drafts.preview(a_cast(lang, r), None)  # type: ignore[misc]
    not_joined = Told(Say.SEEKER_NOT_JOINED, who=SAM, shows_draft=True)
    yield "draft_told", lambda lang: drafts.preview(a_cast(lang, a_draft()), not_joined)
    yield "draft_no_card", lambda lang: drafts.preview(a_cast(lang, a_draft(status=draft, fit=None), cards={}), None)
    ask = an_ask(category="tax", urgent=True, ends_at=NOW + timedelta(days=3))
    for name, one in {"full": ask, "bare": an_ask(), "closed": an_ask(status=AskStatus.CLOSED)}.items():
        yield f"ask_card_{name}", lambda lang, a=one: asks.card(a_cast(lang, ask=a))  # type: ignore[misc]
    yield "ask_card_over", lambda lang: asks.card(a_cast(lang, ask=an_ask(ends_at=NOW)))
    yield "ask_preview", lambda lang: asks.preview(a_cast(lang, ask=ask))


def all_forms() -> Iterator[tuple[str, Maker]]:
    """Yield every form, filled and empty."""
    new = a_draft({}, id=ReferralId(""), seeker=SAM, provider=None)
    named, role = a_question(), a_question(number=1, stage=Stage.PROVIDER_NAMED)
    said = asked({**RICH, **SAID})
    ask = an_ask(category="tax", urgent=True, ends_at=NOW + timedelta(days=3))
    paused = a_member(paused_until=LATER, pause_is_quiet=False)
    makers: dict[str, Maker] = {
        "draft_new": lambda lang: forms.draft(a_cast(lang, new)),
        "draft_for_ask": lambda lang: forms.draft(a_cast(lang, new, ask=an_ask())),
        "draft_nothing": lambda lang: forms.draft(a_cast(lang)),
        "draft": lambda lang: forms.draft(a_cast(lang, a_draft())),
        "better": lambda lang: forms.better(a_cast(lang, a_draft())),
        "blind": lambda lang: forms.blind(a_cast(lang, a_draft()), (Slot.SEEKER_BLIND, Slot.PROVIDER_BLIND)),
        "terms_seeker": lambda lang: forms.terms(a_cast(lang, said), named),
        "terms_provider": lambda lang: forms.terms(a_cast(lang, said), role),
        "tell_why": lambda lang: forms.tell_why(a_cast(lang, said), named),
        "question": lambda lang: forms.question(a_cast(lang, said), named),
        "answer_party": lambda lang: forms.answer_party(a_cast(lang, said), Side.SEEKER),
        "lead": lambda lang: forms.lead(a_cast(lang)),
        "help_with": lambda lang: forms.help_with(a_cast(lang, ask=an_ask())),
        "ask_new": lambda lang: forms.ask(a_cast(lang)),
        "ask": lambda lang: forms.ask(a_cast(lang, ask=ask)),
        "card": lambda lang: forms.card(a_cast(lang), PIAS_CARD),
        "card_more": lambda lang: forms.card_more(a_cast(lang), PIAS_CARD),
        "settings_group": lambda lang: forms.settings_group(a_cast(lang)),
        "settings_asking": lambda lang: forms.settings_asking(a_cast(lang)),
        "settings_limits": lambda lang: forms.settings_limits(a_cast(lang)),
        "settings_tally": lambda lang: forms.settings_tally(a_cast(lang)),
        "settings_keeping": lambda lang: forms.settings_keeping(a_cast(lang)),
        "pause": lambda lang: forms.pause(a_cast(lang)),
        "pause_running": lambda lang: forms.pause(a_cast(lang, reader=paused)),
    }
    yield from ((f"form_{name}", maker) for name, maker in makers.items())


def all_pages() -> Iterator[tuple[str, Maker]]:
    """Yield every page, full and empty."""
    blocker = a_member(blocks=frozenset({RITA, PIA, OTTO}))
    kept = {"card_lines": 3, "started": 2, "receipts": 4, "shown": 5, "asks": 1, "afterwards": 2}
    group = a_cast("en").group
    empty = Card(SAM, GROUP, {})
    many = (PIAS_CARD, SAMS_CARD) * 4
    breaks = {
        "none": a_member(),
        "quiet": a_member(paused_until=LATER),
        "said": a_member(paused_until=LATER, pause_is_quiet=False),
        "forever": a_member(paused_until=FOREVER),
    }
    makers: dict[str, Maker] = {
        "mine": _mine,
        "mine_empty": lambda lang: pages.mine(a_cast(lang), (), (), (), Past()),
        "card": lambda lang: pages.card(a_cast(lang), PIAS_CARD),
        "card_empty": lambda lang: pages.card(a_cast(lang), empty),
        "help": lambda lang: pages.help_page(lang, None),
        "help_unknown": lambda lang: pages.help_page(lang, group, unknown="frobnicate"),
        "privacy": lambda lang: pages.privacy(a_cast(lang, reader=blocker), kept),
        "blocks_none": lambda lang: pages.blocks(a_cast(lang)),
        "blocks": lambda lang: pages.blocks(a_cast(lang, reader=blocker)),
        "export": lambda lang: pages.export(a_cast(lang), '{"person": {}}'),
        "found": lambda lang: pages.found(a_cast(lang), (PIAS_CARD, SAMS_CARD), "tax"),
        "found_many": lambda lang: pages.found(a_cast(lang), many, "tax"),
        "found_none": lambda lang: pages.found(a_cast(lang), (), "tax"),
        "settings": lambda lang: pages.settings(a_cast(lang)),
        "report_help": lambda lang: pages.report_help(a_cast(lang)),
        "erase_question": lambda lang: pages.erase_question(a_cast(lang)),
    }
    yield from ((f"page_{name}", maker) for name, maker in makers.items())
    for name, me in breaks.items():
        yield f"page_pause_{name}", lambda lang, m=me: pages.pause(a_cast(lang, reader=m))  # type: ignore[misc]


def _mine(lang: str) -> Message:
    waiting = (asked(RICH), asked(RICH, a_question(stage=Stage.PROVIDER_NAMED), seeker=PIA, provider=SAM))
    started = (
        a_draft(),
        asked(RICH),
        asked(RICH, status=Status.LAPSED),
        agreed(),
        a_draft(status=Status.LEAD, lead_sent_at=NOW),
    )
    my_asks = (an_ask(), an_ask(status=AskStatus.PREVIEW))
    return pages.mine(a_cast(lang, reader=a_member()), waiting, started, my_asks, Past((), Numbers(1, 0, 1)))
