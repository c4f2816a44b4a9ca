"""The store: one short transaction at a time, and the repositories it offers."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from bot.domain.ask import Ask
from bot.domain.decision import ConsentReceipt, PairPast
from bot.domain.events import Event
from bot.domain.group import Group
from bot.domain.ids import AskId, ChannelId, EventId, GroupId, MemberId, ReferralId, UserId, WorkspaceId
from bot.domain.member import Card, Member
from bot.domain.referral import Referral
from bot.ports.follow_ups import FollowUps
from bot.ports.gateway import DeliveryKey, Receipt
from bot.ports.installs import Installations, Workspaces
from bot.ports.rows import Claimed, DeadLetter, Depth, Intent, KeptReceipt, Remembered, Shown
from bot.ports.tallies import Tallies

T = TypeVar("T")


class Inbox(Protocol):
    """Remembers the events that arrived, for seven days."""

    def first_answer(self, event: EventId) -> Remembered | None:
        """Return what was answered the first time, or None if it is new."""

    def remember(self, event: EventId, answer: Remembered, now: datetime) -> bool:
        """Store the first answer; False if another transaction was first."""

    def forget_before(self, instant: datetime) -> int:
        """Drop what is older; return how many."""


class Referrals(Protocol):
    """Keeps referrals, their questions and their words."""

    def get(self, referral: ReferralId, *, to_change: bool = False) -> Referral:
        """Return it, locked against other writers if it is to be changed. Raises NotFoundError."""

    def add(self, referral: Referral) -> None:
        """Store a new one."""

    def save(self, referral: Referral, due: datetime | None) -> None:
        """Write over the version that was read, or raise StaleWriteError. `due` is when time next changes it."""

    def due(self, now: datetime, most: int) -> Sequence[ReferralId]:
        """Return those whose time has come, oldest first."""

    def next_due(self) -> datetime | None:
        """Return when time next changes any referral."""

    def started_by(self, group: GroupId, starter: MemberId) -> Sequence[Referral]:
        """Return what this member started in the group, newest first, leaving out the discarded."""

    def waiting_for(self, member: MemberId, now: datetime) -> Sequence[Referral]:
        """Return the referrals in which this member has a question open, oldest first."""

    def open_with(self, member: MemberId) -> Sequence[ReferralId]:
        """Return every referral in draft, asking or posting that this member takes part in, in any role."""

    def introduced_to(self, member: MemberId) -> Sequence[Referral]:
        """Return the introductions this member is a party of, newest first."""

    def party_of(self, group: GroupId, member: MemberId) -> Sequence[Referral]:
        """Return the referrals in the group in which this member was asked anything, newest first."""

    def pair_past(self, referral: Referral, closed_for: timedelta, now: datetime) -> PairPast:
        """Return what became of others between the same two people, in either direction."""

    def received(self, member: MemberId, group: GroupId, since: datetime) -> int:
        """Count the referrals this member was asked about since then, outside their own asks."""

    def started_since(self, group: GroupId, starter: MemberId, since: datetime) -> int:
        """Count what this member asked anybody about since then."""

    def looking_open(self, group: GroupId, starter: MemberId, now: datetime) -> Sequence[Referral]:
        """Return those of this member's that look open to them, by `closes_at`."""

    def were_introduced(self, referral: Referral) -> bool:
        """Say whether an earlier referral in its group introduced its seeker to its provider."""


class Members(Protocol):
    """Keeps members; the platform's id stands in one row."""

    def get(self, member: MemberId) -> Member:
        """Return a member. Raises NotFoundError."""

    def some(self, members: Iterable[MemberId]) -> Mapping[MemberId, Member]:
        """Return those of them that are known."""

    def by_user(self, workspace: WorkspaceId, user: UserId) -> Member | None:
        """Return who this is on the platform, if they have met the bot."""

    def everywhere(self, user: UserId) -> Sequence[Member]:
        """Return who this is in every workspace where they met the bot, on platforms where a person is one for all."""

    def add(self, member: Member) -> None:
        """Store a new one."""

    def save(self, member: Member) -> None:
        """Write over the version that was read, or raise StaleWriteError."""

    def of_group(self, group: GroupId) -> Sequence[Member]:
        """Return everyone who joined the group."""

    def card(self, member: MemberId, group: GroupId) -> Card:
        """Return their card there, an empty one if they wrote none."""

    def save_card(self, card: Card) -> None:
        """Write a card over the version that was read, or raise StaleWriteError."""

    def cards_of_group(self, group: GroupId) -> Sequence[Card]:
        """Return every card of members of the group."""


class Conversations(Protocol):
    """Keeps where somebody's direct messages go, for adapters that would have to find it out again."""

    def of(self, user: UserId) -> str | None:
        """Return where this person's messages go, whichever workspace that was learnt in."""

    def keep(self, member: MemberId, channel: str) -> None:
        """Remember it, in the place of what was known before."""

    def forget(self, user: UserId) -> None:
        """Forget it: there is no such conversation any more."""


class Groups(Protocol):
    """Keeps groups and their settings."""

    def get(self, group: GroupId) -> Group:
        """Return a group. Raises NotFoundError."""

    def in_channel(self, workspace: WorkspaceId, channel: ChannelId) -> Group | None:
        """Return the channel's group, if one was started there."""

    def all(self) -> Sequence[Group]:
        """Return every group."""

    def of_workspace(self, workspace: WorkspaceId) -> Sequence[Group]:
        """Return the groups of one workspace."""

    def add(self, group: Group) -> None:
        """Store a new one."""

    def save(self, group: Group) -> None:
        """Write over the version that was read, or raise StaleWriteError."""


class Asks(Protocol):
    """Keeps asks."""

    def get(self, ask: AskId, *, to_change: bool = False) -> Ask:
        """Return an ask. Raises NotFoundError."""

    def add(self, ask: Ask) -> None:
        """Store a new one."""

    def save(self, ask: Ask) -> None:
        """Write over the version that was read, or raise StaleWriteError."""

    def due(self, now: datetime, most: int) -> Sequence[AskId]:
        """Return open asks whose end date is over."""

    def next_due(self) -> datetime | None:
        """Return when the next open ask ends."""

    def of_member(self, group: GroupId, owner: MemberId) -> Sequence[Ask]:
        """Return a member's asks that are in preview or open, newest first."""


class Records(Protocol):
    """The append-only part: receipts, the texts that were shown, the log."""

    def append(self, events: Sequence[Event], now: datetime, week: str) -> None:
        """Add to the log, each with its ISO week in the group's zone."""

    def events(self, group: GroupId | None = None) -> Sequence[Event]:
        """Return the log, oldest first."""

    def show(self, shown: Shown) -> None:
        """Keep the text of a prompt; the first one of a question stays."""

    def shown_to(self, member: MemberId) -> Sequence[Shown]:
        """Return every text a member was shown, oldest first."""

    def add_receipts(self, receipts: Sequence[ConsentReceipt]) -> None:
        """Keep the answers, each with the hash of the text that was shown."""

    def receipts_of(self, member: MemberId) -> Sequence[KeptReceipt]:
        """Return a member's receipts, oldest first."""


class Outbox(Protocol):
    """Keeps what is owed to people until it is delivered."""

    def add(self, intents: Sequence[Intent], now: datetime) -> None:
        """Queue them; a key that is there already is left alone."""

    def claim(self, now: datetime, lease_until: datetime, lease: str, most: int) -> Sequence[Claimed]:
        """Take due rows, at most the first one of each lane, for as long as the lease runs; bury the unreadable."""

    def next_due(self) -> datetime | None:
        """Return when the next row that nobody holds becomes due."""

    def record(self, claimed: Claimed, step: str, result: str) -> None:
        """Keep a platform call's result with the row."""

    def settle(self, claimed: Claimed, receipt: Receipt | None, now: datetime) -> bool:
        """Mark it delivered (or obsolete, without a receipt); False if the lease was lost."""

    def delay(self, claimed: Claimed, until: datetime, reason: str, *, counts: bool = True) -> None:
        """Let it wait; `counts` says whether this was a try."""

    def hold_back(self, until: datetime, *, workspace: WorkspaceId, destination: str | None) -> None:
        """Move everything for a destination, or for a whole workspace, to no earlier than that."""

    def give_up(self, claimed: Claimed, reason: str, now: datetime) -> bool:
        """Make it a dead letter; False if the lease was lost."""

    def receipt_of(self, key: DeliveryKey) -> Receipt | None:
        """Return where an earlier delivery is."""

    def dead_letters(self) -> Sequence[DeadLetter]:
        """Return the dead letters, oldest first."""

    def replay(self, row: int, now: datetime) -> bool:
        """Queue a dead letter again; False if there is none of that number."""

    def revive(self, key: DeliveryKey, now: datetime) -> bool:
        """Queue the dead letter of this key again; False if there is none."""

    def drop(self, row: int) -> bool:
        """Throw a dead letter away; False if there is none of that number."""

    def depth(self, now: datetime) -> Depth:
        """Return how much is waiting."""

    def forget_before(self, instant: datetime) -> int:
        """Drop delivered rows that are older; return how many."""


class Upkeep(Protocol):
    """Erasing one person, and forgetting what is too old."""

    def erase(self, member: MemberId, now: datetime) -> None:
        """Delete their texts, the texts about them, and their platform id; leave counts and hashes."""

    def forget_words(self, group: GroupId, closed_before: datetime) -> int:
        """Drop the words of referrals that ended before that; return how many referrals."""

    def forget_drafts(self, group: GroupId, written_before: datetime) -> int:
        """Drop drafts and kept leads that are older; return how many."""

    def forget_receipt_texts(self, group: GroupId, shown_before: datetime) -> int:
        """Drop texts shown before that, with their salt; return how many."""

    def forget_workspace(self, workspace: WorkspaceId, most: int) -> int:
        """Drop about so many rows of a workspace that departed, itself last; return how many, 0 when all is gone."""


class Transaction(Protocol):
    """Everything one piece of work may read and write. It commits as one or not at all."""

    inbox: Inbox
    referrals: Referrals
    members: Members
    groups: Groups
    asks: Asks
    conversations: Conversations
    follow_ups: FollowUps
    records: Records
    tallies: Tallies
    outbox: Outbox
    upkeep: Upkeep
    workspaces: Workspaces
    installations: Installations


class Store(Protocol):
    """One short transaction at a time. Implementations pass tests/contract/test_store.py."""

    async def run(self, work: Callable[[Transaction], T]) -> T:
        """Run the work; commit when it returns, roll back when it raises, and only then answer."""

    async def scrub(self) -> None:
        """Leave nothing of what was erased in the database's own files."""

    async def close(self) -> None:
        """Finish what was accepted, then let go of the database."""
