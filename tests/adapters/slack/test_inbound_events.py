"""What Slack tells by itself, and from which workspace, read from captured payloads."""

import pytest

from adapters.reading import NotUnderstoodError
from adapters.slack import inbound
from adapters.slack.ids import OrgWideInstallError
from adapters.slack.inbound import HomeOpened, PersonChanged, TokensRevoked, Uninstalled
from bot.domain.ids import EventId, UserId
from bot.ports.inbound import Origin
from tests.adapters.slack.captured import ANA, BEN, WORKSPACE, captured, command


def test_opening_the_home_is_an_origin_to_show_it_for() -> None:
    at = {"workspace": WORKSPACE, "user": ANA, "channel": None, "by_message": True}

    known = inbound.event(captured("home_opened"), is_admin=True)
    first = inbound.event(captured("home_opened_first_time"))
    messages = inbound.event(captured("home_opened_messages"))

    assert known == HomeOpened(
        Origin(EventId("slack:Ev0TWOYES01"), **at, is_admin=True),  # type: ignore[arg-type]
        "home",
        "1763370001.dbTwGuPF",
    )
    assert first == HomeOpened(Origin(EventId("slack:Ev0TWOYES02"), **at), "home")  # type: ignore[arg-type]
    assert isinstance(messages, HomeOpened)
    assert messages.tab == "messages"


@pytest.mark.parametrize(
    ("name", "event"),
    [
        ("uninstalled", Uninstalled(EventId("slack:Ev0TWOYES05"), WORKSPACE)),
        ("tokens_revoked", TokensRevoked(EventId("slack:Ev0TWOYES07"), WORKSPACE, (UserId("U0TWOYES1"),), ())),
        ("tokens_revoked_of_a_person", TokensRevoked(EventId("slack:Ev0TWOYES08"), WORKSPACE, (), (ANA,))),
        ("person_deactivated", PersonChanged(EventId("slack:Ev0TWOYES09"), WORKSPACE, BEN, is_deactivated=True)),
        ("person_changed", PersonChanged(EventId("slack:Ev0TWOYES10"), WORKSPACE, BEN, is_deactivated=False)),
    ],
)
def test_events_are_read(name: str, event: object) -> None:
    assert inbound.event(captured(name)) == event


def test_an_event_nobody_asked_for_is_not_understood() -> None:
    body = captured("uninstalled") | {"event": {"type": "reaction_added"}}

    with pytest.raises(NotUnderstoodError, match=r"event\.type"):
        inbound.event(body)


@pytest.mark.parametrize(
    "name",
    [
        "command_of_an_org_wide_install",
        "submission_of_an_org_wide_install",
        "home_opened_of_an_org_wide_install",
        "uninstalled_from_an_organisation",
    ],
)
def test_an_org_wide_installation_is_refused_by_name(name: str) -> None:
    body = captured(name)

    with pytest.raises(OrgWideInstallError):
        (inbound.event if "event" in body else inbound.envelope)(body)


def test_a_workspace_of_an_enterprise_is_a_workspace() -> None:
    slash = command(captured("command_in_an_enterprise"))

    assert (slash.origin.workspace, slash.origin.user) == (WORKSPACE, "W0ANA51LM")
