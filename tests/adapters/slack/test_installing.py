"""Adding the bot in a browser: what is kept, who may, what is refused, and what people read in the end."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

import httpx
import pytest
from slack_sdk.oauth.installation_store import Installation as SlackInstallation
from starlette.applications import Starlette

from adapters.local.clock import StoryClock
from adapters.slack.installations import Installations, OrganisationError, States
from adapters.slack.installing import COOKIE, Ends, Installing, Pages, Registered
from bot.app.wording import adding
from bot.app.wording.beginning import how_to_begin
from bot.app.wording.cast import Operator
from bot.domain.ids import WorkspaceId
from tests.slack.cast import ANA, BOT_TOKEN, CLIENT_ID, CLIENT_SECRET, OWNER
from tests.slack.club import WORKSPACE, Club, open_club
from tests.slack.faults import error, status
from tests.slack.server import SlackServer
from tests.slack.serving import serving

pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated:DeprecationWarning")  # slack_sdk 3.47's own

PUBLIC = "https://bot.example.org"


@dataclass(frozen=True)
class Door:
    """A bot that people may add, and where."""

    club: Club
    url: str

    @property
    def install(self) -> str:
        return f"{self.url}/slack/install"


@pytest.fixture
async def door(slack: SlackServer, slack_clock: StoryClock, database_url: str) -> AsyncIterator[Door]:
    async with open_club(slack, slack_clock, database_url, upgraded=True) as club:
        pages = Pages(
            added=partial(how_to_begin, operator=Operator("Ada <ada>", "ada@example.org")),
            not_agreed=adding.not_agreed,
            add_again=adding.add_again,
            not_for_organisations=adding.not_for_organisations,
        )
        ends = Ends(club.bot, club.store, club.slack.authorising, club.clock, club.noted)
        registered = Registered(CLIENT_ID, CLIENT_SECRET, PUBLIC)
        installing = Installing(registered, pages, club.slack.line, ends)
        slack.world.app.redirect_uris = (f"{PUBLIC}/slack/oauth_redirect",)
        async with serving(Starlette(routes=installing.routes())) as url:
            yield Door(club, url)


async def test_an_owner_adds_the_bot_and_reads_what_to_do_next(door: Door) -> None:
    club = door.club
    await club.store.run(lambda tx: tx.installations.remove(WORKSPACE))
    club.slack.authorising.drop(WORKSPACE)

    page = await club.server.add_to_slack(door.install)
    await club.settled()

    kept = await club.store.run(lambda tx: tx.installations.get(WORKSPACE))
    assert page.status == 200
    assert "1. Choose your group" in page.text
    assert "Ada &lt;ada&gt;" in page.text
    assert kept is not None
    assert kept.token.startswith("xoxb-")
    assert kept.token != BOT_TOKEN
    assert kept.installed_by == OWNER
    assert OWNER not in str(kept.facts)
    assert club.server.world.dm_of(OWNER)
    assert kept.token not in str(club.noted.events)
    assert (await club.server.people.slash(ANA, "C1", "/intros", "help")).error is None


async def test_adding_it_again_takes_the_new_token_at_once(door: Door) -> None:
    club = door.club
    await club.server.people.slash(ANA, "C1", "/intros", "help")
    club.server.world.revoke(BOT_TOKEN)

    await club.server.add_to_slack(door.install)

    assert await club.slack.authorising.token_of(WORKSPACE) != BOT_TOKEN
    await club.settled()


async def test_who_changes_their_mind_on_slacks_page_changes_nothing(door: Door) -> None:
    page = await door.club.server.add_to_slack(door.install, approve=False)

    assert page.status == 200
    assert "was not added" in page.text
    assert door.club.server.world.called("oauth.v2.access") == []


async def test_a_whole_organisation_is_refused_and_told_why(door: Door) -> None:
    page = await door.club.server.add_to_slack(door.install, enterprise=True)

    assert page.status == 400
    assert "whole organisation" in page.text
    kept = await door.club.store.run(lambda tx: tx.installations.get(WORKSPACE))
    assert kept is not None
    assert kept.token == BOT_TOKEN  # what was there before


@pytest.mark.parametrize("fault", [error("invalid_code"), error("bad_client_secret"), status(500)])
async def test_a_token_that_slack_does_not_give_is_a_page_and_no_error(door: Door, fault: object) -> None:
    door.club.server.faults.next("oauth.v2.access", fault)  # type: ignore[arg-type] # any Fault

    page = await door.club.server.add_to_slack(door.install)

    assert page.status == 400
    assert "begin again" in page.text


async def test_a_state_is_good_once_for_ten_minutes_and_in_one_browser(door: Door) -> None:
    states = States(door.club.store, door.club.clock)
    used, old = await states.async_issue(), await states.async_issue()

    first, second = await states.async_consume(used), await states.async_consume(used)
    door.club.clock.move_to(door.club.clock.now() + timedelta(minutes=11))
    late = await states.async_consume(old)

    assert (first, second, late, await states.async_consume("guessed")) == (True, False, False, False)


@pytest.mark.parametrize(
    ("query", "cookie"),
    [
        ("", ""),
        ("code=1", ""),
        ("code=1&state={state}", ""),
        ("code=1&state={state}", "another"),
        ("code=1&state=guessed", "guessed"),
        ("state={state}", "{state}"),
        ("error=<script>alert(1)</script>", ""),
        ("code=%00%ff&state=%ff", "%ff"),
        ("state=" + "x" * 10_000, "x"),
        ("code=1&code=2&state=&state={state}", "{state}"),
    ],
)
async def test_a_way_back_that_slack_did_not_open_leads_nowhere(door: Door, query: str, cookie: str) -> None:
    async with httpx.AsyncClient(base_url=door.url, trust_env=False) as browser:
        begun = await browser.get("/slack/install")
        state = begun.headers["set-cookie"].partition("=")[2].partition(";")[0]
        headers = {"Cookie": f"{COOKIE}={cookie.format(state=state)}"} if cookie else {}
        back = await browser.get(f"/slack/oauth_redirect?{query.replace('{state}', state)}", headers=headers)

    assert back.status_code == 400
    assert "<script>" not in back.text
    assert door.club.server.world.called("oauth.v2.access") == []


async def test_the_browser_is_sent_to_slack_with_a_cookie_that_only_it_has_and_nothing_of_its_own(door: Door) -> None:
    async with httpx.AsyncClient(base_url=door.url, trust_env=False) as browser:
        begun = await browser.get("/slack/install?team=T1%0d%0aX-Injected:1&scope=admin")

    target = httpx.URL(begun.headers["location"])
    assert begun.status_code == 302
    assert (target.host, target.path) == ("slack.com", "/oauth/v2/authorize")
    assert target.params["scope"] == "commands,chat:write,im:write,mpim:write,users:read,files:write"
    assert not target.params.get("user_scope")
    assert "team" not in target.params
    for word in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/"):
        assert word in begun.headers["set-cookie"]


async def test_the_pages_load_nothing_and_are_kept_by_nobody(door: Door) -> None:
    async with httpx.AsyncClient(base_url=door.url, trust_env=False) as browser:
        back = await browser.get("/slack/oauth_redirect", headers={"Accept-Language": "de-DE,de;q=0.9"})

    assert back.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
    assert back.headers["cache-control"] == "no-store"
    assert back.headers["referrer-policy"] == "no-referrer"
    assert "script" not in back.text
    assert '<html lang="de">' in back.text
    assert "Max-Age=0" in back.headers["set-cookie"]


async def test_slack_sdks_own_interface_finds_and_forgets_what_was_kept(door: Door) -> None:
    installations = Installations(door.club.store)
    added = SlackInstallation(
        app_id="A1",
        team_id="T2",
        bot_token="xoxb-2",
        bot_id="B2",
        bot_user_id="U2",
        bot_scopes="commands,chat:write",
        user_id="U0ANA",
        user_token="xoxp-a-persons",
    )

    await installations.async_save(added)
    found = await installations.async_find_bot(enterprise_id=None, team_id="T2")
    stored = await door.club.store.run(lambda tx: tx.installations.get(WorkspaceId("slack:T2")))
    await installations.async_delete_all(enterprise_id=None, team_id="T2")

    assert found is not None
    assert (found.bot_token, found.bot_user_id, found.bot_id) == ("xoxb-2", "U2", "B2")
    assert found.bot_scopes == ["commands", "chat:write"]
    assert "xoxp" not in str(stored) + str(stored.facts if stored else "")
    assert await installations.async_find_bot(enterprise_id=None, team_id="T2") is None
    assert await installations.async_find_bot(enterprise_id="E1", team_id=None, is_enterprise_install=True) is None


async def test_an_organisation_is_not_kept(door: Door) -> None:
    installations = Installations(door.club.store)

    with pytest.raises(OrganisationError):
        await installations.async_save(
            SlackInstallation(enterprise_id="E1", bot_token="xoxb-3", user_id="U1", is_enterprise_install=True)
        )
