"""Collects the texts for translation, merges them into each catalogue and compiles it; `--check` says what is stale.

A language is added by making its folder: `bot/app/wording/locale/<language>/LC_MESSAGES`, then running this.
"""

import argparse
import ast
import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
WORDING = ROOT / "bot" / "app" / "wording"
LOCALES = WORDING / "locale"
TEMPLATE = LOCALES / "twoyes.pot"

TEXTS_AT: dict[str, tuple[int, ...]] = {
    "gettext": (0,),
    "ngettext": (0, 1),
    "mark": (0,),
    "spans": (0,),
    "text": (0,),
    "note": (0,),
    "heading": (0,),
    "button": (0,),
    "message": (1,),
}
"""The functions that take texts, and which of their arguments are."""

_PLACE = re.compile(r"\{\w+\}")


class Undated(Catalog):
    """A catalogue whose header says what reading it takes, and not when it was written."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        """Return the header's lines."""
        plural = [("Plural-Forms", self.plural_forms)] if self.locale else []
        return [("Content-Type", "text/plain; charset=utf-8"), *plural]


def main(arguments: list[str] | None = None) -> int:
    """Write the catalogues, or with `--check` print one line for each thing that is stale or missing; 1 if any is."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail if anything is out of date")
    if parser.parse_args(arguments).check:
        complaints = list(complain())
        for complaint in complaints:
            print(complaint)
        return 1 if complaints else 0
    write()
    return 0


def template() -> Catalog:
    """Return every text in the code. Babel's own extractor loses texts in nested calls, so the syntax tree is read."""
    catalog = Catalog(project="twoyes", charset="utf-8", fuzzy=False)
    for path in sorted(WORDING.glob("*.py")):
        for message in found_in(ast.parse(path.read_text(encoding="utf-8"))):
            catalog.add(message, locations=[(path.name, 0)])
    return catalog


def found_in(tree: ast.Module) -> Iterator[str | tuple[str, ...]]:
    """Yield the texts in a module, in the order in which they stand there."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    for call in sorted(calls, key=lambda node: (node.lineno, node.col_offset)):
        name = str(getattr(call.func, "attr", None) or getattr(call.func, "id", ""))
        wanted = [call.args[at] for at in TEXTS_AT.get(name, ()) if at < len(call.args)]
        texts = tuple(one.value for one in wanted if isinstance(one, ast.Constant) and isinstance(one.value, str))
        if texts and len(texts) == len(wanted):
            yield texts if len(texts) > 1 else texts[0]


def languages() -> list[str]:
    """Return the languages that have a folder."""
    return sorted(path.parent.name for path in LOCALES.glob("*/LC_MESSAGES"))


def paths(language: str) -> tuple[Path, Path]:
    """Return where a language's catalogue and its compiled form are."""
    folder = LOCALES / language / "LC_MESSAGES"
    return folder / "twoyes.po", folder / "twoyes.mo"


def write() -> None:
    """Bring the template, the catalogues and their compiled forms up to date."""
    LOCALES.mkdir(exist_ok=True)
    texts = template()
    TEMPLATE.write_bytes(as_po(texts))
    for language in languages():
        po, mo = paths(language)
        merged = updated(language, texts)
        po.write_bytes(as_po(merged))
        mo.write_bytes(as_mo(merged))
        print(f"{language}: {sum(is_done(one) for one in texts_in(merged))} of {len(list(texts_in(merged)))} texts")


def updated(language: str, texts: Catalog) -> Catalog:
    """Return a language's catalogue with exactly the texts of the code; what is gone is dropped, nothing is guessed."""
    po, _ = paths(language)
    catalog = Catalog(locale=language, project="twoyes", charset="utf-8", fuzzy=False)
    if po.exists():
        with po.open("rb") as file:
            catalog = read_po(file, locale=language)
    catalog.update(texts, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    return catalog


def as_po(catalog: Catalog) -> bytes:
    """Return a catalogue as text, the same for the same texts whenever and wherever it is written."""
    out = BytesIO()
    write_po(out, catalog, width=120, omit_header=True, include_lineno=False)
    header = f'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n{plural_header(catalog)}\n'
    return header.encode() + out.getvalue().rstrip() + b"\n"


def plural_header(catalog: Catalog) -> str:
    """Return the header's line on plural forms, if the catalogue has a language."""
    if catalog.locale is None:
        return ""
    return f'"Language: {catalog.locale}\\n"\n"Plural-Forms: {catalog.plural_forms}\\n"\n'


def as_mo(catalog: Catalog) -> bytes:
    """Return a catalogue's finished texts compiled, without anything that changes from one run to the next."""
    bare = Undated(locale=catalog.locale, fuzzy=False)
    for message in texts_in(catalog):
        if is_done(message):
            bare.add(message.id, message.string)
    out = BytesIO()
    write_mo(out, bare)
    return out.getvalue()


def texts_in(catalog: Catalog) -> Iterator[Message]:
    """Yield a catalogue's texts, its header aside."""
    return (message for message in catalog if message.id)


def is_done(message: Message) -> bool:
    """Say whether a text is translated, in all its forms."""
    said = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return bool(said) and all(said) and not message.fuzzy


def complain() -> Iterator[str]:
    """Yield what is out of date, missing, doubtful, or has other {places} than the English text."""
    texts = template()
    if not TEMPLATE.exists() or TEMPLATE.read_bytes() != as_po(texts):
        yield "twoyes.pot is out of date; run `make messages`"
    for language in languages():
        yield from complain_of(language, texts)


def complain_of(language: str, texts: Catalog) -> Iterator[str]:
    """Yield the complaints about one language."""
    po, mo = paths(language)
    merged = updated(language, texts)
    if not po.exists() or po.read_bytes() != as_po(merged):
        yield f"{language}: twoyes.po is out of date; run `make messages`"
    if not mo.exists() or mo.read_bytes() != as_mo(merged):
        yield f"{language}: twoyes.mo is out of date; run `make messages`"
    for message in texts_in(merged):
        if not is_done(message):
            yield f"{language}: not translated: {message.id}"
        elif places(message.string) != places(message.id):
            yield f"{language}: other places than in English: {message.id}"


def places(texts: str | tuple[str, ...] | list[str] | None) -> set[str]:
    """Return the {places} in a text or in all its forms."""
    forms = (texts,) if isinstance(texts, str) else texts or ()
    return {place for form in forms for place in _PLACE.findall(form)}


if __name__ == "__main__":
    sys.exit(main())
