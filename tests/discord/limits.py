"""The limits of messages that Discord documents and its published spec lacks or leaves loose."""

from collections.abc import Iterator, Mapping, Sequence

from tests.discord.attachments import walk
from tests.discord.mentions import allowed_faults
from tests.discord.state import COMPONENTS_V2, Json

MOST_CONTENT = 2000
MOST_NONCE = 25
MOST_COMPONENTS = 40
MOST_TEXT = 4000
MOST_BYTES = 10170
"""Undocumented: each text display counts 12 more (discord-api-docs#8554)."""
MOST_FILE = 10 * 1024 * 1024
MOST_REQUEST = 25 * 1024 * 1024
EMBED: Mapping[str, int] = {"title": 256, "description": 4096}
SELECTS = (3, 5, 6, 7, 8)
ONLY_V2 = (9, 10, 11, 12, 13, 14, 17)


def message_faults(body: Json, files: Mapping[str, bytes], *, was_v2: bool = False, edits: bool = False) -> list[str]:
    """Return what is wrong with a message that is to be sent or put in the place of another."""
    is_v2 = was_v2 or bool((body.get("flags") or 0) & COMPONENTS_V2)
    faults = [*_content(body), *_embeds(body.get("embeds") or []), *allowed_faults(body), *_files(body, files)]
    faults += [*_v2(body)] if is_v2 else [*_rows(body.get("components") or [])]
    faults += component_faults(body.get("components") or [])
    if is_v2 and not body.get("components") and not edits:
        faults.append("components: a message of components needs one")
    return faults


def _content(body: Json) -> Iterator[str]:
    content = body.get("content")
    if content is not None and len(content) > MOST_CONTENT:
        yield f"content: {len(content)} > {MOST_CONTENT}"
    if len(str(body.get("nonce") or "")) > MOST_NONCE:
        yield f"nonce: longer than {MOST_NONCE}"
    if "\x00" in str(content):
        yield "content: NUL"


def _embeds(embeds: Sequence[Json]) -> Iterator[str]:
    if len(embeds) > 10:
        yield f"embeds: {len(embeds)} > 10"
    for embed in embeds:
        yield from _embed(embed)
    if sum(_embed_size(embed) for embed in embeds) > 6000:
        yield "embeds: more than 6000 characters together"


def _embed(embed: Json) -> Iterator[str]:
    for key, most in EMBED.items():
        if len(embed.get(key) or "") > most:
            yield f"embeds: {key} longer than {most}"
    for key, name, most in (("footer", "text", 2048), ("author", "name", 256)):
        if len((embed.get(key) or {}).get(name) or "") > most:
            yield f"embeds: {key} longer than {most}"
    fields = embed.get("fields") or []
    if len(fields) > 25:
        yield "embeds: more than 25 fields"
    for each in fields:
        if not 1 <= len(each["name"]) <= 256 or not 1 <= len(each["value"]) <= 1024:
            yield "embeds: a field's name has 1 to 256 characters, its value 1 to 1024"


def _embed_size(embed: Json) -> int:
    fields = embed.get("fields") or []
    ends = len((embed.get("footer") or {}).get("text") or "") + len((embed.get("author") or {}).get("name") or "")
    return ends + sum(len(embed.get(key) or "") for key in EMBED) + sum(len(f["name"] + f["value"]) for f in fields)


def _files(body: Json, files: Mapping[str, bytes]) -> Iterator[str]:
    if len(files) > 10:
        yield "files: more than 10"
    if any(len(content) > MOST_FILE for content in files.values()):
        yield "files: one is larger than 10 MiB"
    listed = {str(each.get("id")) for each in body.get("attachments") or []}
    if any(number not in listed for number in files):
        yield "attachments: a file is sent that `attachments` does not list"


def _v2(body: Json) -> Iterator[str]:
    for key in ("content", "embeds", "poll", "sticker_ids"):
        if body.get(key):
            yield f"{key}: not together with components V2"
    components = list(walk(body.get("components") or []))
    if len(components) > MOST_COMPONENTS:
        yield f"components: {len(components)} > {MOST_COMPONENTS}, the nested ones counted"
    texts = [each.get("content") or "" for each in components if each["type"] == 10]
    if sum(len(text) for text in texts) > MOST_TEXT:
        yield f"components: more than {MOST_TEXT} characters of text together"
    if sum(len(text.encode()) + 12 for text in texts) > MOST_BYTES:
        yield f"components: more than {MOST_BYTES} bytes of text together, which Discord answers with 500"


def _rows(components: Sequence[Json]) -> Iterator[str]:
    if len(components) > 5:
        yield f"components: {len(components)} > 5 rows"
    if any(each["type"] != 1 for each in components):
        yield "components: only rows, without the flag for components V2"
    if any(each["type"] in ONLY_V2 for each in walk(components)):
        yield "components: some need the flag for components V2"


def component_faults(components: Sequence[Json]) -> list[str]:
    """Return what is wrong with components, of a message or a modal."""
    found = [fault for each in walk(components) for fault in _component(each)]
    ids = [each["custom_id"] for each in walk(components) if each.get("custom_id")]
    numbers = [each["id"] for each in walk(components) if each.get("id")]
    if len(ids) != len(set(ids)):
        found.append("components: a custom_id is there twice")
    if len(numbers) != len(set(numbers)):
        found.append("components: an id is there twice")
    return found


def _component(component: Json) -> Iterator[str]:
    if component["type"] == 1:
        yield from _row(component.get("components") or [])
    if component["type"] == 2:
        yield from _button(component)
    if component["type"] in SELECTS:
        yield from _select(component)
    if "custom_id" in component and not 1 <= len(component["custom_id"]) <= 100:
        yield "custom_id: 1 to 100 characters"


def _row(inside: Sequence[Json]) -> Iterator[str]:
    if not 1 <= len(inside) <= 5:
        yield f"row: {len(inside)} components; 1 to 5"
    if len(inside) > 1 and any(each["type"] in SELECTS for each in inside):
        yield "row: a select stands alone in its row"


def _button(button: Json) -> Iterator[str]:
    if len(button.get("label") or "") > 80:
        yield "button: label longer than 80"
    if not button.get("label") and not button.get("emoji"):
        yield "button: neither label nor emoji"
    if (button.get("style") == 5) != ("url" in button) or (button.get("style") == 5) == ("custom_id" in button):
        yield "button: a link has a url, any other a custom_id"


def _select(select: Json) -> Iterator[str]:
    if len(select.get("placeholder") or "") > 150:
        yield "select: placeholder longer than 150"
    least, most = select.get("min_values", 1), select.get("max_values", 1)
    if not 0 <= least <= 25 or not 1 <= most <= 25 or least > most:
        yield "select: 0 <= min_values <= max_values <= 25"
    if len(select.get("default_values") or []) > most:
        yield "select: more defaults than may be chosen"
    if select["type"] == 3:
        yield from option_faults(select.get("options") or [], 1, 25)


def option_faults(options: Sequence[Json], least: int, most: int) -> Iterator[str]:
    """Yield what is wrong with the options of a select or a group of boxes."""
    if not least <= len(options) <= most:
        yield f"options: {len(options)}; {least} to {most}"
    if len({option["value"] for option in options}) != len(options):
        yield "options: a value is there twice"
    for option in options:
        lengths = [len(option.get(key) or "") for key in ("label", "value", "description")]
        if max(lengths) > 100 or not lengths[0] or not lengths[1]:
            yield "options: label and value 1 to 100, description at most 100"
