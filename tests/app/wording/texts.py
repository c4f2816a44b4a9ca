"""Every text a person can read, by name: what the golden files hold."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from bot.app.wording import introduction, notices, prompts, replies
from bot.app.wording.cast import Operator
from bot.domain.decision import Say, Told
from bot.domain.effects import Face, Notice, Notify, SendReport
from bot.domain.ids import AskId, ReferralId
from bot.domain.question import Answer, Side, Stage
from bot.domain.referral import Basis, Tick
from bot.domain.words import Slot
from bot.ports.messages import Message
from tests.app.wording.adding_texts import additions
from tests.app.wording.afterwards_texts import AFTERWARDS_SAID, afterwards_texts
from tests.app.wording.casts import (
    GROUP,
    LATER,
    OTTO,
    RICH,
    SAID,
    SAM,
    SPARSE,
    a_cast,
    a_draft,
    a_member,
    a_prompt_for,
    a_question,
    agreed,
    an_ask,
    asked,
    helped,
)
from tests.app.wording.home_texts import homes
from tests.app.wording.other_texts import Maker, all_forms, all_pages, previews, sentences
from tests.app.wording.place_texts import places
from tests.app.wording.tally_texts import weeks

NO = (Answer.NO, Answer.KNOWN, Answer.NOT_NOW, Answer.BLOCK, Answer.REPORT)
ANSWERS = (Answer.YES, Answer.YES_BUT, *NO)
WORDS = {"rich": RICH, "sparse": SPARSE}


def introductions() -> Iterator[tuple[str, Maker]]:
    """Yield the introduction in its variants, and what stands beside it."""
    variants: dict[str, Any] = {
        "rich": agreed(),
        "sparse": asked(SPARSE, a_question(answer=Answer.YES)),
        "unanswered": asked(RICH),
        "looped_in": asked(RICH, loop_me_in=True, basis=Basis.INDIRECT),
        "vouched": asked({**RICH, Slot.ENDORSEMENT: "I have watched her find a mistake of the office's."}),
        "seeker_first": agreed(first_move=Side.SEEKER),
        "helper": helped({**RICH, **SAID}),
        "shortened": asked({**RICH, Slot.WHY: "She knows every form, and why it is there. " * 12}),
        "erased_seeker": asked(RICH, seeker=OTTO),
    }
    for name, referral in variants.items():
        yield f"introduction_{name}", lambda lang, r=referral: introduction.introduction(a_cast(lang, r))  # type: ignore[misc]
    yield (
        "introduction_twice",
        lambda lang: introduction.repeated(introduction.introduction(a_cast(lang, agreed())), lang),
    )
    yield "introduction_room", lambda lang: introduction.room_name(a_cast(lang, agreed()))
    yield "heads_up", lambda lang: introduction.heads_up(a_cast(lang, agreed()))
    for may in (True, False):
        direct = agreed(no_introduction=True, may_use_name=may)
        name = "direct_words_with_name" if may else "direct_words"
        yield name, lambda lang, r=direct: introduction.direct_words(a_cast(lang, r))  # type: ignore[misc]
    yield "hints", lambda lang: introduction.hints(a_cast(lang, a_draft(SPARSE), cards={}))


def questions() -> Iterator[tuple[str, Maker]]:
    """Yield every question, and what it turns into."""
    for stage in Stage:
        for kind, words in WORDS.items():
            yield f"prompt_{stage}_{kind}", partial(_prompt, a_prompt_for(stage, words))
    for stage in (Stage.PROVIDER_ROLE, Stage.SEEKER_NAMED):
        yield f"prompt_{stage}_for_ask", partial(_prompt, a_prompt_for(stage, RICH, ask=AskId("ask")))
    yield "prompt_seeker_role_not_sure", partial(_prompt, a_prompt_for(Stage.SEEKER_ROLE, RICH, need=Tick.NOT_SURE))
    yield "prompt_seeker_named_not_sure", partial(_prompt, a_prompt_for(Stage.SEEKER_NAMED, RICH, need=Tick.NOT_SURE))
    yield "prompt_helper", partial(_prompt, helped({**RICH, **SAID}))
    with_terms = a_prompt_for(Stage.PROVIDER_NAMED, RICH)
    yield "prompt_provider_named_with_terms", partial(_prompt, replace(with_terms, words={**RICH, **SAID}))
    yield "prompt_provider_named_no_introduction", partial(_prompt, _written_to(with_terms))
    yield "prompt_nobody_runs_it", lambda lang: _prompt(asked(RICH), lang, operator=Operator())
    yield "prompt_run_without_contact", lambda lang: _prompt(asked(RICH), lang, operator=Operator("Ada Example"))
    yield from faces()


def _written_to(referral: Any) -> Any:  # noqa: ANN401
    first = replace(referral.questions[0], no_introduction=True, answer=Answer.YES_BUT)
    return replace(referral.with_question(first), words={**RICH, **SAID})


def _prompt(referral: Any, lang: str, **changes: Any) -> Message:  # noqa: ANN401
    cast = a_cast(lang, referral, ask=an_ask() if referral.ask else None, **changes)
    return prompts.prompt(cast, referral.questions[-1])


def _face(referral: Any, face: Face, lang: str, **changes: Any) -> Message:  # noqa: ANN401
    question = replace(referral.questions[-1], **changes)
    return prompts.face(a_cast(lang, referral.with_question(question)), question, face)


def faces() -> Iterator[tuple[str, Maker]]:
    """Yield what each question shows after each answer."""
    told = {**RICH, **SAID}
    for stage in Stage:
        referral = replace(a_prompt_for(stage, RICH), words=told)
        for answer in (Answer.YES, Answer.YES_BUT, Answer.NO):
            yield f"face_{stage}_{answer}", partial(_face, referral, Face.ANSWERED, answer=answer)
    for answer in NO:
        yield f"face_answered_{answer}", partial(_face, asked(RICH), Face.ANSWERED, answer=answer)
    ends: tuple[Answer | None, ...] = (*ANSWERS, Answer.TAKEN_BACK, Answer.GONE, None)
    for end in ends:
        yield f"face_closed_{end}", partial(_face, asked(RICH), Face.CLOSED, answer=end)
    yield "face_answered_gone", partial(_face, asked(RICH), Face.ANSWERED, answer=Answer.GONE)
    yield (
        "face_no_introduction",
        partial(_face, asked(told), Face.ANSWERED, answer=Answer.YES_BUT, no_introduction=True),
    )
    yield "face_helper_yes", partial(_face, helped(), Face.ANSWERED, answer=Answer.YES)
    yield "face_helper_no", partial(_face, helped(), Face.ANSWERED, answer=Answer.NO)
    yield "face_withdrawn", partial(_face, asked(RICH), Face.WITHDRAWN)
    yield "face_open", partial(_face, asked(RICH), Face.OPEN, answer=Answer.TAKEN_BACK)
    yield "reminder", lambda lang: prompts.reminder(a_cast(lang, asked(RICH)), a_question())
    yield "block_choice", lambda lang: prompts.block_choice(a_cast(lang, asked(RICH)), a_question())
    role = a_question(stage=Stage.PROVIDER_ROLE)
    yield "block_choice_without_names", lambda lang: prompts.block_choice(a_cast(lang, asked(RICH, role)), role)
    yield "block_choice_helper", lambda lang: prompts.block_choice(a_cast(lang, helped()), a_question())


def told_things() -> Iterator[tuple[str, Maker]]:
    """Yield every notice, the report, the first post, and every reply."""
    words = {**RICH, Slot.SEEKER_QUESTION: "Does she do VAT?", Slot.SEEKER_QUESTION_ANSWER: "She does."}
    for notice in Notice:
        referral = agreed(words={**agreed().words, **words}, may_use_name=True)
        yield f"notice_{notice}", partial(_notice, referral, notice)
    yield (
        "notice_told_no_and_why",
        partial(_notice, asked({**RICH, Slot.REASON: "No time before May."}, told_by=0), Notice.TOLD_NO),
    )
    yield "notice_introduced_directly", partial(_notice, agreed(no_introduction=True), Notice.INTRODUCED)
    yield "notice_not_this_time_helper", partial(_notice, helped(), Notice.NOT_THIS_TIME)
    yield "notice_closed_quietly_helper", partial(_notice, helped(), Notice.CLOSED_QUIETLY)
    yield "notice_write_to_them_helper", partial(_notice, helped(), Notice.WRITE_TO_THEM)
    over = asked(words, a_question(closed=True))
    yield "notice_question_answered_late", partial(_notice, over, Notice.QUESTION_ANSWERED)
    effect = SendReport(ReferralId("referral"), SAM, 0)
    yield "report", lambda lang: notices.report(a_cast(lang, asked(RICH)), effect)
    yield "report_helper", lambda lang: notices.report(a_cast(lang, helped()), effect)
    yield "welcome", lambda lang: notices.welcome(a_cast(lang))
    for say in Say:
        yield f"told_{say}", partial(_told, Told(say, moment=LATER, who=SAM, number=3))
        if say in (Say.YES_RECORDED, Say.PAUSED):
            yield f"told_{say}_without_more", partial(_told, Told(say))


def _notice(referral: Any, notice: Notice, lang: str) -> Message:  # noqa: ANN401
    effect = Notify(SAM, notice, referral.id, Side.SEEKER, GROUP)
    return notices.notice(a_cast(lang, referral, reader=a_member(), follow_up=AFTERWARDS_SAID), effect)


def _told(outcome: Told, lang: str) -> Message:
    return replies.told(a_cast(lang, asked(RICH)), outcome)


def every_text() -> Mapping[str, Maker]:
    """Return every text by its name."""
    sources = (
        introductions,
        questions,
        told_things,
        sentences,
        previews,
        all_forms,
        all_pages,
        homes,
        additions,
        places,
        afterwards_texts,
        weeks,
    )
    return {name: maker for source in sources for name, maker in source()}
