"""Languages, templates and the tool that keeps the catalogues."""

from pathlib import Path

import pytest

from bot.app.wording.language import say, spans
from bot.domain.groups import LANGUAGES
from bot.domain.ids import UserId
from bot.ports.messages import Mention, Plain
from tools import messages

ADA = Mention(UserId("U1"))


def test_a_template_is_split_around_its_values() -> None:
    made = spans("{who} meets {other}, {number} times.", who=ADA, other="{who}", number=2)

    assert made == (ADA, Plain(" meets "), Plain("{who}"), Plain(", "), Plain("2"), Plain(" times."))


def test_a_value_may_be_spans_itself() -> None:
    assert spans("a{b}", b=(ADA, Plain("c"))) == (Plain("a"), ADA, Plain("c"))


def test_a_place_without_a_value_is_an_error() -> None:
    with pytest.raises(KeyError):
        spans("{who}")


@pytest.mark.parametrize("locale", ["de", "de-DE", "de_AT.UTF-8", "DE"])
def test_a_locale_finds_its_language(locale: str) -> None:
    assert say(locale).gettext("Yes") == "Ja"


@pytest.mark.parametrize("locale", ["en", "en-GB", "fr", "", "../de", "d\u00e9", "x" * 10_000])
def test_an_unknown_locale_is_english(locale: str) -> None:
    assert say(locale).language == "en"
    assert say(locale).gettext("Yes") == "Yes"


def test_numbers_take_the_form_of_their_language() -> None:
    one, many = "{number} more card fits; add a word.", "{number} more cards fit; add a word."

    assert say("de").ngettext(one, many, 1).startswith("{number} weitere Karte passt")
    assert say("de").ngettext(one, many, 0).startswith("{number} weitere Karten passen")
    assert say("en").ngettext(one, many, 1) == one


def test_every_language_a_group_may_choose_is_spoken() -> None:
    assert [say(language).language for language in LANGUAGES] == list(LANGUAGES)


def test_the_catalogues_are_up_to_date_and_complete(capsys: pytest.CaptureFixture[str]) -> None:
    complaints = messages.main(["--check"])

    assert complaints == 0, capsys.readouterr().out


@pytest.fixture
def a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a new language's catalogue beside a copy of the template."""
    folder = tmp_path / "fr" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    monkeypatch.setattr(messages, "LOCALES", tmp_path)
    monkeypatch.setattr(messages, "TEMPLATE", tmp_path / "twoyes.pot")
    return folder


def test_a_language_is_added_by_its_folder_alone(a_copy: Path) -> None:
    messages.main([])

    assert {path.name for path in a_copy.iterdir()} == {"twoyes.po", "twoyes.mo"}


def test_the_check_names_what_is_stale_missing_doubtful_or_misplaced(a_copy: Path) -> None:
    po = a_copy / "twoyes.po"
    assert any("twoyes.pot is out of date" in one for one in messages.complain())
    messages.main([])
    untranslated = list(messages.complain())
    po.write_text(
        po.read_text(encoding="utf-8")
        .replace('msgid "Yes"\nmsgstr ""', '#, fuzzy\nmsgid "Yes"\nmsgstr "Oui"')
        .replace(
            'msgid "{owner} is looking for:"\nmsgstr ""', 'msgid "{owner} is looking for:"\nmsgstr "{who} cherche"'
        ),
        encoding="utf-8",
    )
    complaints = list(messages.complain())

    assert "fr: not translated: No" in untranslated
    assert "fr: not translated: Yes" in complaints
    assert "fr: other places than in English: {owner} is looking for:" in complaints
    assert "fr: twoyes.mo is out of date; run `make messages`" in complaints


def test_writing_the_catalogues_again_changes_nothing(a_copy: Path) -> None:
    messages.main([])
    before = {path.name: path.read_bytes() for path in a_copy.iterdir()}

    messages.main([])

    assert {path.name: path.read_bytes() for path in a_copy.iterdir()} == before
