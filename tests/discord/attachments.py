"""Files that come with a message, and the components and embeds that show them, as Discord gives them back."""

import copy
from collections.abc import Iterator, Sequence

from tests.discord.state import Attachment, Json, Message
from tests.discord.world import World

MEDIA = ("media", "file")


def walk(components: Sequence[Json]) -> Iterator[Json]:
    """Yield every component, the nested ones too, from the top."""
    for component in components:
        yield component
        inside = [*component.get("components", [])]
        inside += [component[key] for key in ("component", "accessory") if isinstance(component.get(key), dict)]
        yield from walk(inside)


def url_of(world: World, attachment: Attachment) -> str:
    """Return where a file can be had."""
    return f"{world.base_url}/attachments/{attachment.id}/{attachment.name}"


def attachment_json(world: World, attachment: Attachment) -> Json:
    url = url_of(world, attachment)
    shaped: Json = {"id": attachment.id, "filename": attachment.name, "size": len(attachment.content)}
    shaped |= {"url": url, "proxy_url": url}
    return shaped | ({"description": attachment.description} if attachment.description else {})


def components_json(world: World, message: Message) -> list[Json]:
    """Return the components with an id each, and with `attachment://` resolved."""
    shaped = copy.deepcopy(message.components)
    for number, component in enumerate(walk(shaped), start=1):
        component.setdefault("id", number)
        for holder in [component, *component.get("items", [])]:
            _resolve(world, message, holder)
    return shaped


def _resolve(world: World, message: Message, holder: Json) -> None:
    for key in MEDIA:
        media = holder.get(key)
        if isinstance(media, dict) and "url" in media:
            url = _resolved(world, message, media["url"])
            holder[key] = {"id": message.id, "url": url, "proxy_url": url, "width": None, "height": None}


def embeds_json(world: World, message: Message) -> list[Json]:
    """Return the embeds with a type each, and with `attachment://` resolved."""
    shaped = copy.deepcopy(message.embeds)
    for embed in shaped:
        embed.setdefault("type", "rich")
        for key in ("image", "thumbnail"):
            if key in embed:
                embed[key]["url"] = _resolved(world, message, embed[key]["url"])
    return shaped


def _resolved(world: World, message: Message, url: str) -> str:
    name = url.removeprefix("attachment://")
    return next((url_of(world, each) for each in message.attachments if each.name == name and name != url), url)
