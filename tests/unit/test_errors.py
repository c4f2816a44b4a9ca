"""What a command can be refused for carries what the caller needs."""

from bot.domain.errors import NotAPartyError, NotFoundError, StaleWriteError
from tests.factories import RITA, a_referral


def test_every_refusal_names_the_thing_it_is_about() -> None:
    refused, missing, stale = NotAPartyError(a_referral().id, RITA), NotFoundError("ask"), StaleWriteError("referral")

    assert (refused.thing, refused.who, missing.thing, stale.thing) == ("referral", RITA, "ask", "referral")
    assert [str(error) for error in (refused, missing, stale)] == [
        "m-rita has no part in referral",
        "there is no ask",
        "referral was changed meanwhile",
    ]
