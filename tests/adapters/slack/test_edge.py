"""Requests over HTTP, from Slack's side of the wire: signed, sent twice, sent late, and sent by nobody."""

from datetime import timedelta

from tests.slack.cast import ANA, INTRODUCTIONS
from tests.slack.club import Club


async def test_slack_can_check_the_address_that_was_typed_in(http_club: Club) -> None:
    answered = await http_club.server.people.verify_url()

    assert answered.body == {"challenge": answered.request.payload["challenge"]}


async def test_a_captured_request_sent_again_changes_nothing_and_gets_the_first_answer(http_club: Club) -> None:
    people = http_club.server.people
    first = await people.slash(ANA, INTRODUCTIONS, "/ask", "a tax adviser for non-profits")
    await http_club.settled()

    replayed = await people.again(first)

    assert replayed.body == first.body
    assert len([call for call in http_club.noted.counted if call == "handled slash"]) == 2


async def test_a_captured_request_is_refused_when_it_is_five_minutes_old(http_club: Club) -> None:
    people, body = http_club.server.people, b"command=/intros&text=help"
    headers = people.signed(body)

    http_club.clock.move_to(http_club.clock.now() + timedelta(seconds=301))
    ack = await people.post(body, headers)

    assert ack.status == 401


async def test_a_secret_that_is_not_ours_opens_nothing(http_club: Club) -> None:
    http_club.server.deliver_by_http(f"{http_club.url}/slack/events", signing_secret="another")

    answered = await http_club.server.people.slash(ANA, INTRODUCTIONS, "/intros", "help")

    assert answered.status == 401
    assert http_club.noted.counted == []
