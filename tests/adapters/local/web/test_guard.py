"""The door: other hosts, other origins, no token, too much; and what a browser is told about every answer."""

import pytest

from adapters.local.web.posting import Pace, RefusedError
from tests.adapters.local.web.visiting import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:80", "", "[::2]:80"]
)
async def test_a_name_that_was_made_to_point_here_gets_nothing(passer_by: Visitor, host: str) -> None:
    for path in ("/", "/events?seat=ana", "/static/room.css", "/learned"):
        page = await passer_by.get(path, Host=host)

        assert (page.status, page.text) == (403, "The local room answers at its own address only.")


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "[::1]"])
async def test_every_name_of_this_machine_is_served(passer_by: Visitor, name: str) -> None:
    port = passer_by.address.rstrip("/").rpartition(":")[2]

    assert (await passer_by.get("/", Host=f"{name}:{port}")).status == 200


FOREIGN = [
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "none"},
    {"Sec-Fetch-Site": "", "Origin": "https://evil.example"},
    {"Sec-Fetch-Site": "", "Origin": "null"},
    {"Sec-Fetch-Site": "", "Origin": "http://localhost:1"},
    {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:1"},
    {"Sec-Fetch-Site": ""},
]


@pytest.mark.parametrize("headers", FOREIGN)
@pytest.mark.parametrize("path", ["/say", "/press", "/send", "/close", "/story", "/time", "/people", "/reset"])
async def test_a_page_from_another_origin_can_do_nothing(
    passer_by: Visitor, path: str, headers: dict[str, str]
) -> None:
    refused = await passer_by.post(path, headers, seat="ben", text="From elsewhere.", do="start", to="1w", name="X")

    assert (refused.status, refused.text) == (403, "Only the room’s own pages may do this.")


@pytest.mark.parametrize("headers", FOREIGN[:-1])
async def test_a_page_from_another_origin_cannot_listen(passer_by: Visitor, headers: dict[str, str]) -> None:
    assert (await passer_by.get("/events?seat=ana", **headers)).status == 403


async def test_a_form_of_ours_without_fetch_metadata_is_known_by_its_origin(passer_by: Visitor) -> None:
    origin = passer_by.address.rstrip("/")

    said = await passer_by.post("/say", {"Sec-Fetch-Site": "", "Origin": origin}, seat="ben", text="Hello.")

    assert said.status == 200


@pytest.mark.parametrize("token", ["", "wrong", "ü" * 40])
async def test_a_form_without_the_rooms_token_does_nothing(passer_by: Visitor, token: str) -> None:
    refused = await passer_by.post("/say", seat="ben", text="No token.", token=token)

    assert refused.status == 403
    assert "No token." not in (await passer_by.look("ben")).html


@pytest.mark.parametrize("event", ["", "short", "with space in it", "x" * 65])
async def test_a_form_without_a_name_of_its_own_does_nothing(passer_by: Visitor, event: str) -> None:
    refused = await passer_by.post("/say", seat="ben", text="No name.", event=event)

    assert refused.status == 400
    assert "No name." not in (await passer_by.look("ben")).html


async def test_more_than_64_kilobytes_are_not_read(passer_by: Visitor) -> None:
    refused = await passer_by.post("/say", seat="ben", text="x" * 70_000)

    assert (refused.status, refused.says) == (413, "That is too much at once: at most 64 kB.")


async def test_more_fields_than_any_form_has_are_refused(passer_by: Visitor) -> None:
    refused = await passer_by.post("/say", seat="ben", **{f"x{number}": "" for number in range(120)})

    assert refused.status == 400


@pytest.mark.parametrize("body", [b"\xff\xfe\x00", b"%", b"=&=&;", b"token", b"\x00" * 1000, b"{}", b"a=%ff%fe"])
async def test_a_body_that_is_no_form_is_refused_and_breaks_nothing(passer_by: Visitor, body: bytes) -> None:
    for path in ("/say", "/press", "/send", "/story", "/time", "/people", "/reset"):
        answer = await passer_by.client.post(path, content=body, headers={"Sec-Fetch-Site": "same-origin"})
        assert answer.status_code == 403


async def test_too_many_at_once_are_asked_to_wait() -> None:
    pace = Pace(most=3, per_second=0)
    for _ in range(3):
        pace.take()

    with pytest.raises(RefusedError) as refused:
        pace.take()

    assert refused.value.status == 429


async def test_every_answer_tells_the_browser_to_be_strict(passer_by: Visitor) -> None:
    for path in ("/", "/nowhere", "/static/room.js", "/static/room.css", "/learned"):
        headers = (await passer_by.get(path)).answer.headers

        policy = headers["content-security-policy"]
        for rule in (
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        ):
            assert rule in policy
        assert "unsafe" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        assert headers["cross-origin-opener-policy"] == headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize(
    "path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static/", "/static"]
)
async def test_nothing_but_the_sheet_the_script_and_the_icon_is_served(passer_by: Visitor, path: str) -> None:
    assert (await passer_by.get(path)).status in {404, 307}
