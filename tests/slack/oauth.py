"""Adding the app to a workspace: the page where an owner agrees, and the walk of their browser through it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from html import unescape
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit, urlunsplit

import aiohttp
from aiohttp import web

from tests.slack.state import Code
from tests.slack.world import World

CODE_LIVES = timedelta(minutes=10)
MOST_STEPS = 10
_AUTHORIZE = "/oauth/v2/authorize"
_LINK = re.compile(r'href="([^"]*/oauth/v2/authorize[^"]*)"')


@dataclass(frozen=True)
class Page:
    """Where a browser ended up."""

    status: int
    url: str
    text: str


class Authorizing:
    """Slack's own page of the OAuth dance."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Agree in the owner's name, for a browser that comes by itself."""
        raise web.HTTPFound(self.decide(dict(request.query), "U0OWNER", "T1"))

    def decide(
        self, query: Mapping[str, str], user: str, team: str, *, approve: bool = True, enterprise: bool = False
    ) -> str:
        """Return where Slack sends the browser: back to the app with a code, or with access_denied."""
        self._world.violate("oauth/v2/authorize", self._faults(query))
        back = {"state": query.get("state", "")}
        redirect = query.get("redirect_uri", "") or next(iter(self._world.app.redirect_uris), "")
        if not approve:
            return f"{redirect}?{urlencode({'error': 'access_denied', **back})}"
        code = self._code(query, user, team, enterprise=enterprise)
        return f"{redirect}?{urlencode({'code': code.value, **back})}"

    def _code(self, query: Mapping[str, str], user: str, team: str, *, enterprise: bool) -> Code:
        scopes = tuple(scope for scope in query.get("scope", "").split(",") if scope)
        until = self._world.clock.now() + CODE_LIVES
        value = self._world.next_id("code")
        code = Code(value, team, user, scopes, query.get("redirect_uri", ""), until, enterprise=enterprise)
        self._world.codes[value] = code
        return code

    def _faults(self, query: Mapping[str, str]) -> list[str]:
        app = self._world.app
        faults = []
        if query.get("client_id") != app.client_id:
            faults.append(f"client_id {query.get('client_id')!r}")
        if query.get("user_scope"):
            faults.append(f"user scopes {query['user_scope']!r}")
        if set(query.get("scope", "").split(",")) - set(app.scopes):
            faults.append(f"scopes {query.get('scope')!r}, where the app has {app.scopes}")
        if app.redirect_uris and query.get("redirect_uri") not in app.redirect_uris:
            faults.append(f"redirect_uri {query.get('redirect_uri')!r}")
        return faults


@dataclass(frozen=True)
class Visitor:
    """Who walks, for which workspace, and what they decide on Slack's page."""

    user: str
    team: str
    approve: bool = True
    enterprise: bool = False


async def walk(install_url: str, page: Authorizing, visitor: Visitor) -> Page:
    """Go where a browser goes from an *Add to Slack* link, with its cookies, and return where it ends.

    The app's public address may be any: requests go to the origin of `install_url`. Secure cookies are sent, as a
    browser would over https.
    """
    cookies: dict[str, str] = {}
    origin = urlsplit(install_url)
    url = install_url
    async with aiohttp.ClientSession(cookie_jar=aiohttp.DummyCookieJar()) as session:
        for _ in range(MOST_STEPS):
            found, onward = await _step(session, url, cookies)
            if onward is None:
                return found
            if urlsplit(onward).path == _AUTHORIZE:
                query = {key: values[0] for key, values in parse_qs(urlsplit(onward).query).items()}
                onward = page.decide(
                    query, visitor.user, visitor.team, approve=visitor.approve, enterprise=visitor.enterprise
                )
            target = urlsplit(onward)
            if target.scheme not in ("http", "https"):
                return Page(found.status, onward, found.text)
            url = urlunsplit((origin.scheme, origin.netloc, target.path, target.query, ""))
    raise AssertionError(f"a browser would go round for ever: {url}")


async def _step(session: aiohttp.ClientSession, url: str, cookies: dict[str, str]) -> tuple[Page, str | None]:
    sent = {"Cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())} if cookies else {}
    async with session.get(url, headers=sent, allow_redirects=False) as response:
        text = await response.text()
        _keep(response, cookies)
        page = Page(response.status, url, text)
        if location := response.headers.get("Location"):
            return page, urljoin(url, location)
        link = _LINK.search(text)
        return page, unescape(link.group(1)) if link else None


def _keep(response: aiohttp.ClientResponse, cookies: dict[str, str]) -> None:
    for name, morsel in response.cookies.items():
        if morsel["max-age"] == "0" or not morsel.value:
            cookies.pop(name, None)
        else:
            cookies[name] = morsel.value
