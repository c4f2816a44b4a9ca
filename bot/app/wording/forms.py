"""The forms about a referral, a question and an ask, filled with what is known. At most five fields each."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.app.verbs import Verb
from bot.app.wording.cast import Cast
from bot.app.wording.composition import ABOUT, CONTACT, HEADS_UP_ROOM, MOST_OWN_ROOM, TERMS
from bot.app.wording.fields import choice, day_in, last_minute, member_field, user_of, words_field, yes_or_no
from bot.app.wording.language import Voice
from bot.app.wording.parts import question_ref, voice
from bot.app.wording.profile_forms import card, card_more, pause
from bot.app.wording.settings_forms import (
    settings_asking,
    settings_group,
    settings_keeping,
    settings_limits,
    settings_tally,
)
from bot.domain.ask import MAX_NEED
from bot.domain.question import Question, Side
from bot.domain.referral import Basis
from bot.domain.words import MAX_SHORT, Slot
from bot.ports.messages import Field, FieldKind, Form

__all__ = [
    "answer_party",
    "ask",
    "better",
    "blind",
    "card",
    "card_more",
    "draft",
    "filled",
    "help_with",
    "lead",
    "pause",
    "question",
    "settings_asking",
    "settings_group",
    "settings_keeping",
    "settings_limits",
    "settings_tally",
    "tell_why",
    "terms",
]

_QUESTIONS = {Side.SEEKER: Slot.SEEKER_QUESTION, Side.PROVIDER: Slot.PROVIDER_QUESTION}
_ANSWERS = {Side.SEEKER: Slot.SEEKER_QUESTION_ANSWER, Side.PROVIDER: Slot.PROVIDER_QUESTION_ANSWER}


def filled(form: Form, typed: Mapping[str, str | tuple[str, ...]]) -> Form:
    """Return the form with what was typed in its fields, for a platform that has to offer it again."""
    return replace(form, fields=tuple(replace(f, value=typed.get(f.key, f.value)) for f in form.fields))


def hinted(form: Form, hints: Mapping[str, str]) -> Form:
    """Return the form with these sentences at their fields, for what cannot be put into them."""
    return replace(form, fields=tuple(replace(f, hint=hints.get(f.key, f.hint)) for f in form.fields))


def draft(cast: Cast) -> Form:
    """Return the first form of a referral, filled with what the draft holds. An empty seeker is somebody outside.

    A draft without an id is a new one, and its form carries the group; behind a point the ask it answers, and behind
    another the introduction it comes from.
    """
    t = voice(cast)
    referral = cast.referral
    hint = t.gettext("Empty: somebody outside the chat. The draft is kept.")
    who = user_of(cast, referral.seeker if referral else None)
    can = user_of(cast, referral.provider if referral else None)
    sentences = t.gettext("One to three sentences.")
    fields = (
        member_field("seeker", t.gettext("Who needs help?"), who, hint, required=False),
        member_field("provider", t.gettext("Who can help?"), can),
        words_field(cast, Slot.NEED, t.gettext("What do they need?"), sentences, required=True),
        _why(cast, t),
        _basis(cast, t),
    )
    verb, ref = _draft_verb(cast)
    return Form(t.gettext("Refer someone"), verb, ref, fields, t.gettext("Preview"))


def _draft_verb(cast: Cast) -> tuple[Verb, str]:
    if cast.referral is not None and cast.referral.id:
        return Verb.EDIT, cast.referral.id
    ask = cast.ask.id if cast.ask is not None else ""
    came_from = (cast.referral.came_from if cast.referral else None) or ""
    return Verb.NEW_DRAFT, f"{cast.group.id}.{ask}.{came_from}".rstrip(".")


def _why(cast: Cast, t: Voice) -> Field:
    label = t.gettext("Why this person? How do you know them?")
    return words_field(cast, Slot.WHY, label, t.gettext("What they did says more than praise."), required=True)


def _basis(cast: Cast, t: Voice) -> Field:
    options = (
        (Basis.NONE, t.gettext("I do not vouch for their work")),
        (Basis.DIRECT, t.gettext("I have worked with them")),
        (Basis.INDIRECT, t.gettext("I heard it from their clients")),
    )
    value = cast.referral.basis if cast.referral else Basis.NONE
    return choice("basis", t.gettext("Do you vouch for their work?"), options, value)


def better(cast: Cast) -> Form:
    """Return the second form, for a better introduction."""
    t = voice(cast)
    movers = (
        (Side.PROVIDER, t.gettext("The one who can help")),
        (Side.SEEKER, t.gettext("The one who needs help")),
    )
    fields = (
        words_field(cast, Slot.IN_COMMON, t.gettext("What do the two have in common?")),
        words_field(
            cast, Slot.RESULT, t.gettext("One concrete result of their work"), t.gettext("For whom, what, how much.")
        ),
        words_field(cast, Slot.HOW_LONG, t.gettext("How long have you known them?")),
        choice("first_move", t.gettext("Who makes the first move?"), movers, cast.subject.first_move),
        words_field(
            cast,
            Slot.HEADS_UP,
            t.gettext("A private word to the one who can help"),
            t.gettext("The one who needs help reads it first."),
            most=HEADS_UP_ROOM,
        ),
    )
    return Form(t.gettext("A better introduction"), Verb.BETTER, cast.subject.id, fields, t.gettext("Save"))


def blind(cast: Cast, slots: Iterable[Slot]) -> Form:
    """Return the form for descriptions that give nobody away."""
    t = voice(cast)
    hint = t.gettext("So that nobody here would know who it is.")
    labels = {
        Slot.SEEKER_BLIND: t.gettext("The one who needs help, without a name"),
        Slot.PROVIDER_BLIND: t.gettext("The one who can help, without a name"),
    }
    fields = tuple(words_field(cast, slot, labels[slot], hint, required=True) for slot in slots if slot in labels)
    return Form(t.gettext("Without names"), Verb.BLIND, cast.subject.id, fields, t.gettext("Save"))


def terms(cast: Cast, question: Question) -> Form:
    """Return the form of *Yes, but…*."""
    t = voice(cast)
    side = question.side
    fields = [
        words_field(cast, TERMS[side], t.gettext("How and when suits you?"), most=MOST_OWN_ROOM // 2),
        words_field(
            cast,
            CONTACT[side],
            t.gettext("Contact details to share"),
            t.gettext("Empty: your name in this chat and nothing else."),
        ),
        words_field(cast, ABOUT[side], t.gettext("A line about yourself"), most=MOST_OWN_ROOM // 2),
    ]
    if side is Side.SEEKER:
        label = t.gettext("No introduction, just write to me?")
        fields.append(yes_or_no(t, "no_introduction", label, value=question.no_introduction))
    ref = question_ref(cast.subject, question)
    return Form(t.gettext("Yes, but…"), Verb.YES_BUT, ref, tuple(fields), t.gettext("Say yes"))


def tell_why(cast: Cast, question: Question) -> Form:
    """Return the form for a reason that goes to the referrer."""
    t = voice(cast)
    hint = t.gettext("Only the one who suggested it reads this.")
    field = replace(words_field(cast, Slot.REASON, t.gettext("Why not?"), hint, required=True), value="")
    ref = question_ref(cast.subject, question)
    return Form(t.gettext("Tell them why"), Verb.TELL_WHY, ref, (field,), t.gettext("Tell them"))


def question(cast: Cast, question: Question) -> Form:
    """Return the form for the one question to the referrer."""
    t = voice(cast)
    hint = t.gettext("One question, one answer. The deadline stays.")
    field = words_field(cast, _QUESTIONS[question.side], t.gettext("Your question"), hint, required=True)
    title = t.gettext("Ask the referrer")
    return Form(title, Verb.ASK_REFERRER, question_ref(cast.subject, question), (field,), t.gettext("Send"))


def answer_party(cast: Cast, side: Side) -> Form:
    """Return the form for the referrer's one answer."""
    t = voice(cast)
    field = words_field(cast, _ANSWERS[side], t.gettext("Your answer"), required=True)
    return Form(t.gettext("Your answer"), Verb.ANSWER_PARTY, f"{cast.subject.id}.{side}", (field,), t.gettext("Send"))


def lead(cast: Cast) -> Form:
    """Return the form for a tip. It has no field for a person in need, an employer or a contact."""
    t = voice(cast)
    provider = user_of(cast, cast.referral.provider if cast.referral else None)
    fields = (
        member_field("provider", t.gettext("Who could help?"), provider),
        words_field(
            cast,
            Slot.NEED,
            t.gettext("What is needed?"),
            t.gettext("The need alone, without whose it is."),
            required=True,
        ),
    )
    return Form(t.gettext("Send a tip"), Verb.SEND_LEAD, cast.group.id, fields, t.gettext("Send"))


def help_with(cast: Cast) -> Form:
    """Return the form of *I can help*: it is the helper's own yes."""
    t = voice(cast)
    ref = cast.ask.id if cast.ask else ""
    most = MOST_OWN_ROOM // 2
    fields = (
        words_field(
            cast, Slot.WHY, t.gettext("How can you help?"), t.gettext("One to three sentences."), required=True
        ),
        words_field(cast, Slot.RESULT, t.gettext("One concrete result of your work")),
        words_field(cast, Slot.PROVIDER_TERMS, t.gettext("How and when suits you?"), most=most),
        words_field(
            cast,
            Slot.PROVIDER_CONTACT,
            t.gettext("Contact details to share"),
            t.gettext("Shared only if they say yes."),
        ),
        words_field(cast, Slot.PROVIDER_ABOUT, t.gettext("A line about yourself"), most=most),
    )
    return Form(t.gettext("I can help"), Verb.HELP_WITH_ASK, ref, fields, t.gettext("Offer help"))


def ask(cast: Cast) -> Form:
    """Return the form for an ask: the one of the cast, else a new one."""
    t = voice(cast)
    old = cast.ask
    ends = day_in(last_minute(old.ends_at) if old else None, cast.group.settings.time_zone)
    fields = (
        Field(
            "need",
            t.gettext("What are you looking for?"),
            FieldKind.LONG_TEXT,
            "",
            old.need if old else "",
            max_length=MAX_NEED,
        ),
        Field(
            "category",
            t.gettext("Category"),
            FieldKind.TEXT,
            "",
            old.category if old else "",
            required=False,
            max_length=MAX_SHORT,
        ),
        yes_or_no(t, "urgent", t.gettext("Is it urgent?"), value=bool(old and old.urgent)),
        Field("ends_on", t.gettext("Last day"), FieldKind.TEXT, _date_hint(t), ends, required=False, max_length=10),
    )
    verb, ref = (Verb.EDIT_ASK, old.id) if old else (Verb.NEW_ASK, cast.group.id)
    return Form(t.gettext("I am looking for…"), verb, ref, fields, t.gettext("Preview"))


def _date_hint(t: Voice) -> str:
    return t.gettext("A date like 2030-01-31. Empty: until you close it.")
