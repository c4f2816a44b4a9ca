"""What people have in front of them: messages, the Home tab and modals, as text, buttons and fields."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from tests.slack.rendering import Reader, mrkdwn, visible
from tests.slack.state import JSON, CannotError, Post, View


@dataclass(frozen=True)
class Pressable:
    """A button."""

    label: str
    action_id: str
    block_id: str
    value: str = ""
    raw: JSON = field(default_factory=dict, compare=False, repr=False)


@dataclass(frozen=True)
class Seen:
    """A message, or the Home tab, as one person sees it."""

    channel: str
    ts: str
    text: str
    shown: str
    buttons: tuple[Pressable, ...]
    author: str
    place: str
    edited: bool = False
    ephemeral: bool = False
    pings: frozenset[str] = frozenset()
    files: tuple[str, ...] = ()
    images: tuple[str, ...] = ()
    blocks: tuple[JSON, ...] = field(default=(), compare=False, repr=False)

    @property
    def labels(self) -> tuple[str, ...]:
        """Return what stands on its buttons."""
        return tuple(button.label for button in self.buttons)

    def button(self, wanted: str) -> Pressable:
        """Return a button by its label or action id, or raise CannotError."""
        return _one_of(self.buttons, wanted)


@dataclass(frozen=True)
class Input:
    """A field of a modal. `options` are {label: value}; `value` is what stands in it."""

    label: str
    hint: str
    block_id: str
    action_id: str
    kind: str
    value: str | tuple[str, ...]
    options: Mapping[str, str]
    required: bool
    min_length: int
    max_length: int


@dataclass(frozen=True)
class Modal:
    """A modal somebody has open."""

    id: str
    title: str
    shown: str
    fields: tuple[Input, ...]
    buttons: tuple[Pressable, ...]
    errors: Mapping[str, str]
    submit: str
    callback_id: str
    private_metadata: str
    view: JSON = field(compare=False, repr=False)

    def field(self, wanted: str) -> Input:
        """Return a field by its label or block id, or raise CannotError."""
        for one in self.fields:
            if wanted in (one.label, one.block_id):
                return one
        raise CannotError(f"no field {wanted!r}, but {[one.label for one in self.fields]}")

    def button(self, wanted: str) -> Pressable:
        """Return a button by its label or action id, or raise CannotError."""
        return _one_of(self.buttons, wanted)


def post_as_seen(post: Post, place: str, reader: Reader) -> Seen:
    """Return a message as this reader sees it; without blocks the text is what is seen."""
    return Seen(
        channel=post.channel,
        ts=post.ts,
        text=post.text,
        shown=visible(post.blocks, reader) if post.blocks else mrkdwn(post.text, reader),
        buttons=tuple(pressables(post.blocks)),
        author=post.author,
        place=place,
        edited=bool(post.edited),
        ephemeral=bool(post.only_for),
        pings=post.pings,
        files=post.files,
        images=_images(post.blocks),
        blocks=tuple(post.blocks),
    )


def home_as_seen(view: View, reader: Reader) -> Seen:
    """Return a Home tab as its owner sees it."""
    blocks = view.body["blocks"]
    return Seen(
        channel="",
        ts=view.id,
        text="",
        shown=visible(blocks, reader),
        buttons=tuple(pressables(blocks)),
        author="",
        place="home",
        images=_images(blocks),
        blocks=tuple(blocks),
    )


def modal_as_seen(view: View, fields: tuple[Input, ...], reader: Reader) -> Modal:
    """Return a modal as the one who opened it sees it."""
    body = view.body
    return Modal(
        id=view.id,
        title=body["title"]["text"],
        shown=visible(body["blocks"], reader),
        fields=fields,
        buttons=tuple(pressables(body["blocks"])),
        errors=dict(view.errors),
        submit=(body.get("submit") or {}).get("text", ""),
        callback_id=body.get("callback_id", ""),
        private_metadata=body.get("private_metadata", ""),
        view=body,
    )


def pressables(blocks: list[JSON]) -> Iterator[Pressable]:
    """Return the buttons in these blocks, from the top."""
    for block in blocks:
        inside = [*(block.get("elements") or ()), block.get("accessory") or {}]
        for element in inside:
            if element.get("type") == "button":
                yield _pressable(element, block)


def _pressable(element: JSON, block: JSON) -> Pressable:
    return Pressable(
        label=element["text"]["text"],
        action_id=element["action_id"],
        block_id=block["block_id"],
        value=element.get("value", ""),
        raw=element,
    )


def _images(blocks: list[JSON]) -> tuple[str, ...]:
    return tuple(block["alt_text"] for block in blocks if block.get("type") == "image")


def _one_of(buttons: tuple[Pressable, ...], wanted: str) -> Pressable:
    for button in buttons:
        if wanted in (button.label, button.action_id):
            return button
    raise CannotError(f"no button {wanted!r}, but {[button.label for button in buttons]}")
