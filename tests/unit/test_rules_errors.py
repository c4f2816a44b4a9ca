"""What a command can be refused for: each error carries what its handler needs."""

import pytest

from bot.domain.errors import DomainError, NotAPartyError, NotFoundError, StaleWriteError
from tests.factories import RITA

ERRORS: dict[str, tuple[NotAPartyError | NotFoundError | StaleWriteError, str]] = {
    "not a party": (NotAPartyError("ask", RITA), "m-rita has no part in ask"),
    "not found": (NotFoundError("ask"), "there is no ask"),
    "stale": (StaleWriteError("ask"), "ask was changed meanwhile"),
}


@pytest.mark.parametrize(("error", "sentence"), ERRORS.values(), ids=ERRORS)
def test_an_error_names_the_thing_it_is_about(
    error: NotAPartyError | NotFoundError | StaleWriteError, sentence: str
) -> None:
    found = (error.thing, str(error))

    assert found == ("ask", sentence)
    assert isinstance(error, DomainError)
