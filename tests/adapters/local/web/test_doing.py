"""What people do on a page: commands, buttons, forms, the message menu; each once, and refused with a sentence."""

import html

import pytest

from tests.adapters.local.web.visiting import Visitor, a_name
from tests.faults.test_hostile_text import HOSTILE

WITHOUT_SCRIPT = {"Accept": "text/html"}
DRAFT = {"need": "A contract of two pages.", "why": "David wrote mine.", "basis": "direct"}


async def test_a_command_opens_a_form_and_the_form_is_answered_in_private(visitor: Visitor) -> None:
    opened = await visitor.type("ana", "/refer @ben @carla")

    sent = await visitor.fill("ana", seeker="ben", provider="carla", **DRAFT)

    assert opened.answer.json()["form"] == "f11"
    assert sent.answer.json()["form"] == ""
    page = await visitor.look("ana", "ben")
    assert "Your draft" in page.pane("ana")
    assert "Your draft" not in page.pane("ben")


async def test_errors_stand_at_their_fields_and_keep_what_was_typed(visitor: Visitor) -> None:
    await visitor.type("ana", "/refer @ben @carla")

    await visitor.fill("ana", seeker="ben", provider="carla", need="A contract & more.", why="", basis="none")

    page = await visitor.look("ana")
    form = page.form("ana")
    assert f'id="{form}-why-error"' in page.html
    assert f'id="{form}-need-error"' not in page.html
    assert "A contract &amp; more.</textarea>" in page.html


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("/refr @ben", "There is no /refr. Did you mean /refer?"),
        ("/refer @nobody", "Nobody here is called nobody."),
        ("   ", "Type something first"),
    ],
)
async def test_what_is_typed_wrong_is_told_in_a_sentence(visitor: Visitor, typed: str, sentence: str) -> None:
    refused = await visitor.type("ana", typed)

    assert refused.status == 422
    assert refused.says.startswith(sentence)


async def test_without_script_a_refusal_is_the_page_with_what_was_typed(visitor: Visitor) -> None:
    page = await visitor.post("/say", WITHOUT_SCRIPT, seat="ben", text="/refr <x>", back="seat=ben")

    assert page.status == 422
    assert "There is no /refr." in page.pane("ben")
    assert 'value="/refr &lt;x&gt;"' in page.pane("ben")


async def test_without_script_a_post_leads_back_to_the_page_it_came_from(visitor: Visitor) -> None:
    said = await visitor.post("/say", WITHOUT_SCRIPT, seat="ben", text="Hello.", back="seat=ben&view=ben:channel")
    asked = await visitor.post("/say", WITHOUT_SCRIPT, seat="ben", text="/ask", back="seat=ben")

    assert (said.status, said.answer.headers["location"]) == (303, "/?seat=ben&view=ben%3Achannel")
    assert asked.answer.headers["location"] == "/form?form=ben&seat=ben"
    assert 'name="field.need"' in (await visitor.get("/form?form=ben&seat=ben")).html


@pytest.mark.parametrize("back", ["//evil.example", "https://evil.example", "seat=ana%0d%0aX: y", "\\evil"])
async def test_nobody_is_led_anywhere_else(visitor: Visitor, back: str) -> None:
    said = await visitor.post("/say", WITHOUT_SCRIPT, seat="ben", text="Hello.", back=back)

    assert said.answer.headers["location"].startswith("/?seat=ana")
    assert "evil" not in said.answer.headers["location"]


async def test_the_same_thing_sent_again_changes_nothing(visitor: Visitor) -> None:
    once = a_name()
    await visitor.type("ben", "Only once.", event=once)

    again = await visitor.type("ben", "Only once.", event=once)

    assert again.status == 200
    assert (await visitor.look("ben")).html.count(">Only once.</p>") == 1


async def test_a_button_pressed_twice_answers_once(visitor: Visitor) -> None:
    once = a_name()
    for _ in range(2):
        await visitor.press("ben", "edit_card", event=once)

    assert (await visitor.look("ben")).form("ben") == "f11"


async def test_anybody_can_refer_the_author_of_a_message(visitor: Visitor) -> None:
    await visitor.type("ben", "Who knows an accountant?")
    (message, _) = (await visitor.look("ana")).messages("ana")[-1]

    await visitor.post("/press", seat="ana", pick=message)

    page = await visitor.look("ana")
    assert "Who knows an accountant?</textarea>" in page.html
    assert '<option value="ben" selected>' in page.html


async def test_a_form_that_is_put_away_is_gone_and_cannot_be_sent(visitor: Visitor) -> None:
    await visitor.type("ana", "/ask")
    form = (await visitor.look("ana")).form("ana")
    await visitor.post("/close", seat="ana", form=form)

    sent = await visitor.post("/send", seat="ana", form=form)

    assert (sent.status, sent.says) == (409, "That form is closed, or another one has opened since.")
    assert (await visitor.look("ana")).form("ana") == ""


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"seat": "nobody", "press": "m1/x:y"}, 404),
        ({"seat": "twoyes", "press": "m1/x:y"}, 404),
        ({"seat": "ana", "press": "m999/yes:r"}, 409),
        ({"seat": "ana", "press": "m2/yes:never-offered"}, 409),
        ({"seat": "ana", "press": "\x00/\ud800"}, 409),
        ({"seat": "ana", "pick": "m9999"}, 409),
        ({"seat": "ana"}, 409),
    ],
)
async def test_what_is_not_in_front_of_somebody_cannot_be_pressed(
    visitor: Visitor, fields: dict[str, str], status: int
) -> None:
    sent = {name: value.encode("utf-8", "replace").decode() for name, value in fields.items()}

    refused = await visitor.post("/press", **sent)

    assert refused.status == status
    assert refused.says


async def test_nobody_presses_what_only_somebody_else_sees(visitor: Visitor) -> None:
    page = await visitor.look("ben")

    refused = await visitor.post("/press", seat="ana", press=page.button("ben", "edit_card"))

    assert (refused.status, refused.says) == (409, "That message is not here any more.")


async def test_a_choice_that_was_never_offered_is_refused_with_a_sentence(visitor: Visitor) -> None:
    await visitor.type("ana", "/refer @ben @carla")

    refused = await visitor.fill("ana", seeker="ben", provider="carla", need="x", why="y", basis="made up")

    assert refused.status == 422


async def test_hostile_text_is_shown_inert_in_every_pane(visitor: Visitor) -> None:
    for said in HOSTILE.values():
        words = said.encode("utf-8", "replace").decode()
        await visitor.type("ben", words)
        await visitor.type("ana", "/refer @ben @carla")
        await visitor.fill("ana", seeker="ben", provider="carla", need=words[:9000], why=words[:9000], basis="direct")
        await visitor.type("carla", f"/intros find {words}"[:3000])

        page = await visitor.look("ana", "ben", "carla")

        assert page.status == 200
        assert "<script>alert" not in page.html
        assert "<b>x" not in page.html
        assert not set("\x00\x07\x1b\u202e\u2066") & set(html.unescape(page.html))
        assert page.html.count("<script") == 1


async def test_a_hostile_name_is_shown_inert_in_every_pane(visitor: Visitor) -> None:
    for said in HOSTILE.values():
        words = said.encode("utf-8", "replace").decode()[:60]
        await visitor.post("/people", name=words, zone=words, locale=words)

    page = await visitor.look("ana", "guest")

    assert page.html.count("<script") == 1
    assert not set("\x00\x07\x1b\u202e\u2066") & set(html.unescape(page.html))
