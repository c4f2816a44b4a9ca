"""One person plays everybody at a prompt: takes seats in turn, types, presses, fills forms and lets time pass."""

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC

from rich.console import Console
from rich.text import Text as Line

from adapters.local.commands import TypedWrongError, span_of, value_for, which, whom
from adapters.local.happening import OpenForm
from adapters.local.inert import inert, one_line
from adapters.local.lines import ReadLine
from adapters.local.people import ANA, SEATS
from adapters.local.playing import OpenBot
from adapters.local.scenes import Scenes
from adapters.local.show import Printed
from adapters.local.table import NotOfferedError, StuckError, Table, set_table
from adapters.local.transcript import Entry, Received, reaches
from bot.domain.ids import UserId
from bot.ports.messages import Field, FieldKind

LAST = 5
CANCEL = "cancel"

HELP = """\
as ben            take somebody's seat; who lists everybody
/refer @ben @carla, /ask …, /intros help      what the bot understands
dm /intros mine   the same, typed to the bot directly instead of in the channel
look, look all    what this seat has in view, with a number for each button
press 2           press a button by its number, or by the start of its label: press yes
fill              fill the open form again; inside a form an empty line keeps a value, - empties it, cancel leaves
say …             write in the channel, as people do
menu m4           “I can refer someone” on message m4
wait 2 days       let time pass: seconds, minutes, hours, days, weeks; wait alone goes on to whatever comes next
quit"""


async def interact(open_bot: OpenBot, *, console: Console, read: ReadLine, echoes: bool, prepared: bool = True) -> int:
    """Let one person play everybody until they quit or their lines end. Returns the exit code.

    `echoes` prints what was typed, for input that no terminal shows; `prepared` starts with the sample group.
    """
    table, bot = await set_table(open_bot)
    try:
        game = Game(table, console, read, echoes=echoes)
        if prepared:
            await Scenes(table).start_group()
        await game.play()
    finally:
        await bot.close()
    return 0


class Game:
    """Whose seat is taken, and what they have not seen yet."""

    def __init__(self, table: Table, console: Console, read: ReadLine, *, echoes: bool) -> None:
        self._table = table
        self._console = console
        self._read = read
        self._echoes = echoes
        self._printed = Printed(console, table.room)
        self._seat = ANA
        self._leaving = False
        self._unseen: list[Entry] = []
        self._verbs: Mapping[str, Callable[[str], Awaitable[None]]] = {
            "as": self._sit,
            "seat": self._sit,
            "dm": self._dm,
            "fill": self._fill,
            "help": self._help,
            "list": self._look,
            "look": self._look,
            "menu": self._menu,
            "press": self._press,
            "quit": self._quit,
            "exit": self._quit,
            "say": self._say,
            "wait": self._wait,
            "who": self._who,
        }

    async def play(self) -> None:
        """Take one line after another."""
        self._table.room.transcript.watch(self._unseen.append)
        self._tell("You play everybody. Type help for what you can do, and quit to leave.")
        while not self._leaving and (line := await self._ask(f"{self._seat}> ")) is not None:
            try:
                await self._obey(line.strip())
            except (TypedWrongError, NotOfferedError, StuckError) as wrong:
                self._tell(str(wrong))

    async def _obey(self, line: str) -> None:
        if not line:
            return
        word, _, rest = line.partition(" ")
        if line.startswith("/"):
            await self._table.types(self._seat, line)
        elif line.isdecimal():
            await self._press(line)
        elif verb := self._verbs.get(word.lower()):
            await verb(rest.strip())
        else:
            raise TypedWrongError(f"{one_line(word)} means nothing here. Type help for what does, or /intros help.")
        await self._catch_up()

    # what can be typed

    async def _sit(self, name: str) -> None:
        seat = whom(name, self._table.room.people)
        if seat not in SEATS:
            raise TypedWrongError(f"Nobody can sit in for {seat}. Seats: {', '.join(SEATS)}.")
        self._seat = seat
        await self._look("")

    async def _dm(self, line: str) -> None:
        await self._table.types(self._seat, line, privately=True)

    async def _press(self, typed: str) -> None:
        button = which(typed, self._table.numbered(self._seat))
        await self._table.presses(self._seat, self._table.numbered_offer(button))

    async def _menu(self, message: str) -> None:
        standing = self._table.room.message(message.strip().lower())
        if standing is None or not reaches(standing.to, self._seat):
            raise TypedWrongError(f"There is no message {one_line(message) or '(nothing)'} in view. Type look all.")
        await self._table.picks(self._seat, standing)

    async def _say(self, text: str) -> None:
        if not text:
            raise TypedWrongError("Say what? For example: say Does anybody know a good accountant?")
        standing = self._table.writes(self._seat, text)
        self._tell(f"In the channel as {standing.id}.")

    async def _wait(self, typed: str) -> None:
        if typed:
            await self._table.wait(span_of(typed))
        elif due := await self._table.next_due():
            await self._table.wait_until(max(due, self._table.clock.now()))
        else:
            self._tell("Nothing is due: nobody is asked, and nothing is on its way.")
        self._tell(f"It is {self._table.clock.now().astimezone(UTC):%A %d %B, %H:%M:%S} UTC.")

    async def _who(self, _: str) -> None:
        for user, person in self._table.room.people.items():
            zone = person.time_zone or "no time zone"
            what = "a bot" if person.is_bot else "deactivated" if person.is_deactivated else zone
            self._tell(f"{user:<8}{person.name} ({what})")

    async def _help(self, _: str) -> None:
        self._tell(HELP)

    async def _quit(self, _: str) -> None:
        self._leaving = True

    # forms

    async def _fill(self, _: str) -> None:
        if self._table.room.form_of(self._seat) is None:
            raise TypedWrongError("No form is open. A command or a button opens one.")

    async def _fill_open_form(self, opened: OpenForm) -> None:
        typed: dict[str, str | tuple[str, ...]] = {}
        wanted = [f for f in opened.form.fields if not opened.errors or f.key in opened.errors]
        for field in wanted or opened.form.fields:
            value = await self._field(field)
            if value is None:
                self._table.room.close_form(self._seat)
                self._tell("Left without sending.")
                return
            typed[field.key] = value
        await self._table.sends(self._seat, typed)

    async def _field(self, field: Field) -> str | tuple[str, ...] | None:
        """Ask for one field until it can be read; None when the player leaves the form."""
        hint = " (@somebody)" if field.kind is FieldKind.MEMBER else ""
        while (line := await self._ask(f"  {one_line(field.label)}{hint}: ")) is not None:
            if line.strip().lower() == CANCEL:
                return None
            try:
                return value_for(field, line, self._table.room.people)
            except TypedWrongError as wrong:
                self._tell(f"  {wrong}")
        return None

    # what is seen

    async def _catch_up(self) -> None:
        """Show what came of it, and go through the forms that opened until none is left."""
        self._show_news()
        while (opened := self._table.room.form_of(self._seat)) is not None:
            await self._fill_open_form(opened)
            self._show_news()

    def _show_news(self) -> None:
        news, others = list(self._unseen), set[UserId]()
        self._unseen.clear()
        for entry in (entry for entry in news if isinstance(entry, Received)):
            others |= {user for user in SEATS if reaches(entry.to, user)}
            if reaches(entry.to, self._seat):
                self._show(entry)
        if others - {self._seat}:
            self._tell(f"New for {', '.join(sorted(others - {self._seat}))}.")

    async def _look(self, how: str) -> None:
        view = self._table.room.in_view(self._seat)
        shown = view if how == "all" else view[-LAST:]
        if len(shown) < len(view):
            self._tell(f"… {len(view) - len(shown)} earlier; look all shows them.")
        now = self._table.clock.now()
        for standing in shown:
            self._show(Received(now, standing.to, standing.kind, standing.message, message=standing.id))
        if not view:
            self._tell("Nothing yet.")

    def _show(self, entry: Received) -> None:
        numbered = [one for one in self._table.numbered(self._seat) if entry.message and one.message == entry.message]
        buttons = [Line(f"[{one.number} {one_line(one.button.label)}]", "bold") for one in numbered]
        self._printed.received(entry, Line(f"{entry.message:>5} ", "dim"), [buttons] if buttons else [])

    def _tell(self, sentence: str) -> None:
        self._console.print(Line(inert(sentence), "italic"), soft_wrap=True)

    async def _ask(self, prompt: str) -> str | None:
        self._console.print(Line(prompt, "bold"), end="", soft_wrap=True)
        line = await self._read()
        if self._echoes:
            self._console.print(Line(inert(line or "")), soft_wrap=True)
        return line
