"""The identities of everything that is stored, one type each."""

from typing import NewType

WorkspaceId = NewType("WorkspaceId", str)
"""A Slack team, a Discord server or the local room, prefixed with its platform: `local:room`."""

ChannelId = NewType("ChannelId", str)
"""A channel's id on its platform."""

UserId = NewType("UserId", str)
"""A person's id on their platform. It is stored in one row and nowhere else."""

GroupId = NewType("GroupId", str)
MemberId = NewType("MemberId", str)
"""A random key for a person in a workspace; it says nothing about who they are."""

GuestId = NewType("GuestId", str)
ReferralId = NewType("ReferralId", str)
AskId = NewType("AskId", str)
EventId = NewType("EventId", str)
"""The platform's own name for one thing that arrived; the same again is a repeat."""

ReceiptId = NewType("ReceiptId", str)
