"""The outbox's statements, each built once. What is open is a literal in them, as it is in the partial indexes."""

from typing import Any

from sqlalchemy import (
    BindParameter,
    Update,
    bindparam,
    delete,
    exists,
    func,
    literal,
    literal_column,
    null,
    select,
    update,
)
from sqlalchemy.dialects import postgresql

from storage.tables import ask, outbox, workspace

OPEN, DELIVERED, DEAD, OBSOLETE = 0, 1, 2, 3

ROW: BindParameter[int] = bindparam("row")
NOW: BindParameter[Any] = bindparam("now")
UNTIL: BindParameter[Any] = bindparam("until")
IS_OPEN = outbox.c.status == literal_column("0")
IS_DEAD = outbox.c.status == literal_column("2")
IS_SETTLED = outbox.c.status.in_([literal_column("1"), literal_column("3")])
IS_MINE = (outbox.c.id == ROW) & (outbox.c.lease == bindparam("token")) & IS_OPEN

# PostgreSQL's ON CONFLICT is SQLite's too, word for word.
ADD = postgresql.insert(outbox).on_conflict_do_nothing(index_elements=[outbox.c.key])

# Nothing is delivered to a workspace that removed the bot; it waits there, in case the workspace comes back.
_IS_WANTED = ~exists().where(workspace.c.id == outbox.c.workspace, workspace.c.departed_at.is_not(None))

# A lane goes in the order in which it was queued, so only its first open row may be taken. A claim that another one
# has not committed yet still counts as open here, and its row is locked: nobody can take the second row of that lane.
_earlier = outbox.alias("earlier")
_IS_FIRST_OF_LANE = ~exists().where(
    _earlier.c.lane == outbox.c.lane, _earlier.c.status == literal_column("0"), _earlier.c.id < outbox.c.id
)
_first = (
    select(outbox.c.id)
    .where(IS_OPEN, outbox.c.due <= NOW, _IS_FIRST_OF_LANE, _IS_WANTED)
    .order_by(outbox.c.due, outbox.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
    .cte("first")
    # Without it, PostgreSQL may run the select more than once and take more than the limit.
    .prefix_with("MATERIALIZED")
)
CLAIM = (
    update(outbox)
    .where(outbox.c.id == _first.c.id)
    .values(lease=bindparam("token"), due=UNTIL)
    .returning(
        *(outbox.c[n] for n in ("id", "key", "effect", "lane", "workspace", "destination", "due", "attempts")),
        *(outbox.c[n] for n in ("progress", "queued_at")),
    )
)
NEXT_DUE = (
    select(outbox.c.due).where(IS_OPEN, _IS_FIRST_OF_LANE, _IS_WANTED).order_by(outbox.c.due, outbox.c.id).limit(1)
)

PROGRESS = select(outbox.c.progress).where(IS_MINE).with_for_update()
RECORD = update(outbox).where(IS_MINE).values(progress=bindparam("made"))


def _settling(**values: Any) -> Update:  # noqa: ANN401 -- columns by name
    return update(outbox).where(IS_MINE).values(lease=null(), settled_at=NOW, **values)


SETTLE = _settling(status=bindparam("becomes"), receipt=bindparam("where")).returning(outbox.c.id)
GIVE_UP = _settling(status=DEAD, reason=bindparam("why"), attempts=outbox.c.attempts + 1)
DELAY = (
    update(outbox)
    .where(IS_MINE)
    .values(lease=null(), due=UNTIL, reason=bindparam("why"), attempts=outbox.c.attempts + bindparam("tries"))
)
HOLD_WORKSPACE = (
    update(outbox).where(IS_OPEN, outbox.c.due < UNTIL, outbox.c.workspace == bindparam("in")).values(due=UNTIL)
)
HOLD_DESTINATION = HOLD_WORKSPACE.where(outbox.c.destination == bindparam("to"))

RECEIPT_OF = select(outbox.c.receipt).where(outbox.c.key == bindparam("which"))
DEAD_LETTERS = select(outbox).where(IS_DEAD).order_by(outbox.c.id)
_ALIVE_AGAIN = (
    update(outbox)
    .where(IS_DEAD)
    .values(status=OPEN, due=NOW, attempts=0, reason=null(), settled_at=null())
    .returning(outbox.c.id)
)
REPLAY = _ALIVE_AGAIN.where(outbox.c.id == ROW)
REVIVE = _ALIVE_AGAIN.where(outbox.c.key == bindparam("which"))
DROP = update(outbox).where(outbox.c.id == ROW, IS_DEAD).values(status=OBSOLETE).returning(outbox.c.id)
COUNT_OPEN = select(func.count()).select_from(outbox).where(IS_OPEN, _IS_WANTED)
COUNT_DEAD = select(func.count()).select_from(outbox).where(IS_DEAD)
OLDEST_DUE = (
    select(outbox.c.due).where(IS_OPEN, outbox.c.due <= NOW, _IS_WANTED).order_by(outbox.c.due, outbox.c.id).limit(1)
)
# Where an open ask's card stands must be known until the ask closes, however long that takes.
_IS_CARD_OF_OPEN_ASK = exists().where(outbox.c.key == literal("post/ask/") + ask.c.id, ask.c.status == "open")
FORGET = delete(outbox).where(IS_SETTLED, outbox.c.settled_at < bindparam("before"), ~_IS_CARD_OF_OPEN_ASK)
