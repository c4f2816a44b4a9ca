"""Whatever goes wrong is a sentence and an exit code, and quotes nobody."""

import os

import pytest

from bot.cli.failing import FailedError, code_of, sentence_of
from bot.settings import SettingsError
from storage.errors import StoreClosedError


@pytest.mark.parametrize(
    ("error", "code"),
    [(FailedError("This and that."), 1), (SettingsError(("A must be B.", "C must be D.")), 2), (StoreClosedError(), 1)],
)
def test_what_we_foresaw_says_itself(error: Exception, code: int) -> None:
    assert (sentence_of(error), code_of(error)) == (str(error), code)


def test_a_group_of_errors_is_told_by_its_first() -> None:
    group = ExceptionGroup("tasks", [ExceptionGroup("more tasks", [FailedError("This and that.")])])

    assert (sentence_of(group), code_of(group)) == ("This and that.", 1)


def test_the_systems_errors_name_their_file() -> None:
    with pytest.raises(FileNotFoundError) as raised:
        os.stat("not-there")  # noqa: PTH116 -- the error is what matters

    assert sentence_of(raised.value) == "No such file or directory: not-there."
    assert sentence_of(OSError(28, "No space left on device")) == "No space left on device."


def test_what_nobody_foresaw_is_told_without_its_text() -> None:
    nothing: dict[str, str] = {}
    with pytest.raises(KeyError) as raised:
        nothing["Grace wrote: yes please"]

    sentence = sentence_of(raised.value)
    assert sentence.startswith("Something went wrong that should not have: KeyError at app/test_cli_failing.py:")
    assert "Grace" not in sentence
