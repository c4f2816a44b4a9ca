"""The room's pages and what they send: plain HTML that works without script, and a stream for pages that have one."""

import secrets
from collections.abc import Awaitable, Callable, Mapping
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp

from adapters.local.playing import Playable
from adapters.local.story import Ending
from adapters.local.web.acting import Actor
from adapters.local.web.guard import STREAM, Guard
from adapters.local.web.guide import STORIES
from adapters.local.web.house import House
from adapters.local.web.hub import Hub
from adapters.local.web.looking import Looking, looking
from adapters.local.web.pages import Pages
from adapters.local.web.painter import HERE
from adapters.local.web.posting import Pace, Posted, RefusedError, posted
from adapters.local.web.telling import Teller, Timekeeper
from bot.domain.ids import UserId

MOST_PAGES = 300
MOST_BACK = 2_000
Handling = Callable[[Posted], Awaitable[Mapping[str, str]]]


class BusyError(Exception):
    """The bot could not do something just now, and nothing of it happened."""


class RoomSite:
    """The room, served. `stage` is the bot for stories and time: there, delivering waits until all has arrived."""

    def __init__(self, house: House, bot: Playable, stage: Playable) -> None:
        """Join the pages with the room; `app` is what is served."""
        self._house = house
        self._stage = stage
        self._pages = Pages(house)
        self._actor = Actor(house, bot)
        self._teller = Teller(house, stage)
        self._time = Timekeeper(house, stage)
        self._pace = Pace()
        self.hub = Hub(house.room, self._pages.painter, secrets.token_hex(4), self._pages.parts)
        self._pages.listen_to(self.hub, self._teller)

    def app(self, port: int) -> ASGIApp:
        """Return the application for a server at this port of the loopback address."""
        posts: Mapping[str, Handling] = {
            "/story": self._story,
            "/time": self._move,
            "/people": self._people,
            "/reset": self._reset,
            **{f"/{what}": self._acting(what) for what in ("say", "press", "send", "close")},
        }
        routes = [
            Route("/", self._room, methods=["GET"]),
            Route("/form", self._form, methods=["GET"]),
            Route("/learned", self._learned, methods=["GET"]),
            Route("/people", self._new_person, methods=["GET"]),
            Route(STREAM, self._events, methods=["GET"]),
            Mount("/static", StaticFiles(directory=HERE / "static")),
            *(Route(path, self._posting(do), methods=["POST"]) for path, do in posts.items()),
        ]
        handlers = {HTTPException: self._lost, BusyError: self._busy, OSError: self._busy}
        return Guard(Starlette(routes=routes, exception_handlers=handlers), port)

    # pages

    async def _room(self, request: Request) -> Response:
        return HTMLResponse(self._pages.room(looking(self._house.room, request.query_params.multi_items())))

    async def _form(self, request: Request) -> Response:
        asked = request.query_params
        looks = looking(self._house.room, asked.multi_items())
        page = self._pages.form(looks, asked.get("form", ""))
        return HTMLResponse(page) if page else RedirectResponse(looks.href, status_code=303)

    async def _learned(self, request: Request) -> Response:
        asked = request.query_params
        return HTMLResponse(self._pages.learned(asked.get("one", ""), asked.get("other", "")))

    async def _new_person(self, _: Request) -> Response:
        return HTMLResponse(self._pages.new_person())

    async def _events(self, request: Request) -> Response:
        if self.hub.open_pages >= MOST_PAGES:
            return Response(status_code=503)
        looks = looking(self._house.room, request.query_params.multi_items())
        after = request.headers.get("last-event-id") or request.query_params.get("after", "")
        return StreamingResponse(self.hub.events(looks.seats, after), media_type="text/event-stream")

    async def _lost(self, request: Request, error: Exception) -> Response:
        del request
        status = error.status_code if isinstance(error, HTTPException) else 500
        words = "There is no such page in this room." if status < 500 else "Something broke."  # noqa: PLR2004 -- HTTP's own
        return HTMLResponse(self._pages.problem(words), status_code=status)

    async def _busy(self, request: Request, _: Exception) -> Response:
        words = "The room could not keep this just now, so nothing of it happened. Wait a moment, and try again."
        if _wants_json(request):
            return JSONResponse({"says": words}, status_code=503)
        return HTMLResponse(self._pages.problem(words), status_code=503)

    # what pages send

    def _posting(self, do: Handling) -> Callable[[Request], Awaitable[Response]]:
        async def handle(request: Request) -> Response:
            form = Posted({})
            try:
                self._pace.take()
                form = await posted(request, self._house.token)
                answer = await do(form)
            except RefusedError as refused:
                return self._refused(request, form, refused)
            if _wants_json(request):
                return JSONResponse(answer)
            return RedirectResponse(answer.get("go") or self._back(form, answer), status_code=303)

        return handle

    def _refused(self, request: Request, form: Posted, refused: RefusedError) -> Response:
        if _wants_json(request):
            return JSONResponse({"says": refused.sentence}, status_code=refused.status)
        page = self._pages.refused(self._looks(form), form, refused.sentence)
        return HTMLResponse(page, status_code=refused.status)

    def _back(self, form: Posted, answer: Mapping[str, str]) -> str:
        looks = self._looks(form)
        return f"/form?form={answer['seat']}&{looks.query}" if answer.get("form") else looks.href

    def _looks(self, form: Posted) -> Looking:
        return looking(self._house.room, parse_qsl(form.one("back")[:MOST_BACK]))

    def _acting(self, what: str) -> Handling:
        async def act(form: Posted) -> Mapping[str, str]:
            before = self._house.room.form_of(UserId(form.one("seat")))
            seat = UserId(await self._actor.act(what, form))
            opened = self._house.room.form_of(seat)
            is_news = opened is not None and (before is None or opened.id != before.id)
            return {"seat": seat, "form": opened.id if opened and is_news else ""}

        return act

    async def _people(self, form: Posted) -> Mapping[str, str]:
        async with self._house.stage:
            seat = await self._actor.arrive(form)
        return {"go": looking(self._house.room, [("seat", seat)]).href}

    async def _story(self, form: Posted) -> Mapping[str, str]:
        return await self._once(form, lambda: self._told(form))

    async def _told(self, form: Posted) -> Mapping[str, str]:
        match form.one("do"):
            case "start":
                ending = next((one for one in STORIES if one == form.one("ending")), Ending.AGREED)
                await self._teller.start(ending)
                return {"go": self._pages.stage()}
            case "next":
                await self._teller.go_on()
            case _:
                self._teller.leave()
        return {}

    async def _move(self, form: Posted) -> Mapping[str, str]:
        async def move() -> Mapping[str, str]:
            return {"says": await self._time.move(form.one("to"))}

        return await self._once(form, move)

    async def _reset(self, form: Posted) -> Mapping[str, str]:
        async def reset() -> Mapping[str, str]:
            self._teller.keep_played()
            await self._house.begin_again(self._stage)
            return {"go": self._pages.stage()}

        return await self._once(form, reset)

    async def _once(self, form: Posted, do: Callable[[], Awaitable[Mapping[str, str]]]) -> Mapping[str, str]:
        """Do something with the whole room, one at a time, and never twice."""
        async with self._house.stage:
            if self._house.room.has_acted(form.event):
                return {}
            answer = await do()
            self._house.room.acted(form.event)
            await self._house.kept()
        return answer

    def close(self) -> None:
        """Let every open page go."""
        self.hub.close()


def _wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "")
