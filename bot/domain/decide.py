"""The one door to a referral: every command in, one decision out."""

from datetime import datetime
from typing import assert_never

from bot.domain import answering, asking, drafting, elapsing, leads, posting, relaying
from bot.domain import commands as c
from bot.domain.decision import Around, Decision, Say, Told
from bot.domain.referral import Referral, Status


def decide(referral: Referral, command: c.ReferralCommand, around: Around, now: datetime) -> Decision[Referral]:
    """Return what the command does to the referral now. Pure: the same arguments give the same decision.

    Raises NotAPartyError when the command is not this person's to give.
    """
    match command:
        case (
            c.WriteDraft()
            | c.AnswerFilter()
            | c.Toggle()
            | c.CheckFit()
            | c.KeepAsLead()
            | c.SendLead()
            | c.UpgradeLead()
            | c.Discard()
            | c.AskThem()
            | c.OfferHelp()
        ):
            return _before_asking(referral, command, around, now)
        case c.AnswerQuestion() | c.TakeBack() | c.TellReferrer() | c.AskReferrer() | c.AnswerParty():
            return _while_asking(referral, command, around, now)
        case _:
            return _around_posting(referral, command, around, now)


_Drafting = (
    c.WriteDraft
    | c.AnswerFilter
    | c.Toggle
    | c.CheckFit
    | c.KeepAsLead
    | c.SendLead
    | c.UpgradeLead
    | c.Discard
    | c.AskThem
    | c.OfferHelp
)
_Answering = c.AnswerQuestion | c.TakeBack | c.TellReferrer | c.AskReferrer | c.AnswerParty
_Delivering = c.PromptUndeliverable | c.ClaimPosting | c.IntroductionPosted | c.IntroductionRefused
_Posting = c.Withdraw | c.GotIt | c.Elapse | c.PartyGone | _Delivering


def _before_asking(referral: Referral, command: _Drafting, around: Around, now: datetime) -> Decision[Referral]:
    match command:
        case c.WriteDraft():
            return drafting.write(referral, command, around)
        case c.AnswerFilter():
            return drafting.answer_filter(referral, command, around)
        case c.Toggle():
            return drafting.toggle(referral, command)
        case c.CheckFit():
            return drafting.check_fit(referral, command, around, now)
        case c.AskThem():
            return _ask_them(referral, command, around, now)
        case c.OfferHelp():
            return asking.offer_help(referral, command, around, now)
        case _:
            return _leads(referral, command, around, now)


def _leads(
    referral: Referral,
    command: c.KeepAsLead | c.SendLead | c.UpgradeLead | c.Discard,
    around: Around,
    now: datetime,
) -> Decision[Referral]:
    match command:
        case c.KeepAsLead():
            return leads.keep_as_lead(referral, command)
        case c.SendLead():
            return leads.send_lead(referral, command, around, now)
        case c.UpgradeLead():
            return leads.upgrade_lead(referral, command)
        case c.Discard():
            return leads.discard(referral, command)
        case _:
            assert_never(command)


def _ask_them(referral: Referral, command: c.AskThem, around: Around, now: datetime) -> Decision[Referral]:
    drafting.require_starter(referral, command.by)
    if referral.status not in (Status.DRAFT, Status.SCREENED):
        return Decision(referral, Told(Say.FROZEN))
    if drafting.fit_is_asked(referral):
        return Decision(referral, Told(Say.FIT_CHECK_RUNNING))
    if problem := drafting.problem_with(referral, around):
        return Decision(referral, problem)
    if referral.status is not Status.SCREENED:
        return Decision(referral, Told(Say.NOT_FILTERED, shows_draft=True))
    if hindrance := asking.obstacle(referral, around, now):
        return Decision(referral, hindrance)
    return asking.begin(referral, around, now)


def _while_asking(referral: Referral, command: _Answering, around: Around, now: datetime) -> Decision[Referral]:
    match command:
        case c.AnswerQuestion():
            return answering.answer(referral, command, around, now)
        case c.TakeBack():
            return answering.take_back(referral, command, now)
        case c.TellReferrer():
            return answering.tell_referrer(referral, command, now)
        case c.AskReferrer():
            return relaying.ask_referrer(referral, command, now)
        case c.AnswerParty():
            return relaying.answer_party(referral, command, around)
        case _:
            assert_never(command)


def _around_posting(referral: Referral, command: _Posting, around: Around, now: datetime) -> Decision[Referral]:
    match command:
        case c.Withdraw():
            return posting.withdraw(referral, command, around, now)
        case c.GotIt():
            return posting.got_it(referral, command)
        case c.Elapse():
            return elapsing.elapse(referral, around, now)
        case c.PartyGone():
            return posting.party_gone(referral, command, now)
        case _:
            return _at_the_platform(referral, command, around, now)


def _at_the_platform(referral: Referral, command: _Delivering, around: Around, now: datetime) -> Decision[Referral]:
    match command:
        case c.PromptUndeliverable():
            return posting.undeliverable(referral, command)
        case c.ClaimPosting():
            return posting.claim(referral, command, around, now)
        case c.IntroductionPosted():
            return posting.posted(referral, command, around, now)
        case c.IntroductionRefused():
            return posting.refused(referral, command)
        case _:
            assert_never(command)
