"""The kind of a referral, computed from the facts on record and never picked from a list."""

from enum import StrEnum

from bot.domain.referral import Basis, Referral, Status


class Kind(StrEnum):
    """What a referral amounts to so far."""

    LEAD = "lead"
    NAME_USE = "name_use"
    REFERRAL = "referral"
    INFORMED = "informed_referral"
    RECOMMENDATION = "recommendation"
    READY = "ready"


def kind_of(referral: Referral, *, little_selling_left: bool = False) -> Kind | None:
    """Return the kind, or None while it is still being decided or came to nothing.

    `little_selling_left` is what the provider confirmed afterwards.
    """
    if referral.status is Status.LEAD:
        return Kind.LEAD
    if referral.status not in (Status.INTRODUCED, Status.CLOSED) or referral.introduced_at is None:
        return None
    if referral.no_introduction and referral.may_use_name:
        return Kind.NAME_USE
    return _of_agreement(referral, little_selling_left=little_selling_left)


def _of_agreement(referral: Referral, *, little_selling_left: bool) -> Kind:
    if not referral.had_card:
        return Kind.REFERRAL
    if referral.helper or referral.basis is Basis.NONE:
        return Kind.INFORMED
    return Kind.READY if little_selling_left else Kind.RECOMMENDATION
