"""The tables, as SQLAlchemy Core sees them; migrations/versions makes them, and a test holds the two together."""

from storage.meta import meta, metadata
from storage.tables.afterwards import follow_up, follow_up_text, follow_up_text_about
from storage.tables.delivery import inbox, outbox
from storage.tables.people import block, card, conversation, group, guest, member, membership, organiser
from storage.tables.records import log, receipt, shown, shown_about, tally
from storage.tables.referrals import ask, question, referral, text, text_about
from storage.tables.workspaces import install_state, installation, workspace

__all__ = [
    "ask",
    "block",
    "card",
    "conversation",
    "follow_up",
    "follow_up_text",
    "follow_up_text_about",
    "group",
    "guest",
    "inbox",
    "install_state",
    "installation",
    "log",
    "member",
    "membership",
    "meta",
    "metadata",
    "organiser",
    "outbox",
    "question",
    "receipt",
    "referral",
    "shown",
    "shown_about",
    "tally",
    "text",
    "text_about",
    "workspace",
]
