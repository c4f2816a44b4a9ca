"""Checks of the files themselves: none too long, no package registry's address, no stale exemption."""

import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MOST_LINES = 300

# A file that may be longer, and why. One that got short again has to leave this list.
LONG_FOR_A_REASON: dict[str, str] = {
    "README.md": "the settings and the story are generated into it, and two platforms are set up by it",
}

SKIPPED_FOLDERS = {".git", ".venv", "__pycache__", "node_modules", "build", "dist"}
# Written by machines, or data: their length says nothing about how well they read.
UNCOUNTED = {".lock", ".toml", ".po", ".pot", ".json", ".jsonl", ".golden", ".txt", ".svg", ".html", ".css", ""}
# Dependencies are fetched from wherever the machine's own configuration says. Written in two halves, so that this
# file passes its own check.
REGISTRIES = tuple(
    "".join(halves)
    for halves in (
        ("py", "pi.org"),
        ("python", "hosted.org"),
        ("registry.npm", "js.org"),
        ("deb.", "debian.org"),
        ("ghcr", ".io"),
    )
)


def main() -> int:
    """Print one line for each complaint; 1 if there is any."""
    complaints = sorted(complain())
    for complaint in complaints:
        print(complaint)
    return 1 if complaints else 0


def complain() -> Iterator[str]:
    counted: dict[str, int] = {}
    for path, text in texts():
        name = path.relative_to(ROOT).as_posix()
        counted[name] = 0 if path.suffix in UNCOUNTED else text.count("\n")
        yield from addresses(name, text)
    yield from lengths(counted)


def lengths(counted: dict[str, int]) -> Iterator[str]:
    for name, lines in counted.items():
        if lines > MOST_LINES and name not in LONG_FOR_A_REASON:
            yield f"{name}: {lines} lines; split it along its ideas (at most {MOST_LINES})"
    for name in LONG_FOR_A_REASON:
        if counted.get(name, 0) <= MOST_LINES:
            yield f"{name}: is not too long any more; take it off the list in tools/check_files.py"


def addresses(name: str, text: str) -> Iterator[str]:
    for host in REGISTRIES:
        if host in text:
            line = text[: text.index(host)].count("\n") + 1
            yield f"{name}:{line}: names a package registry's host ({host})"


def texts() -> Iterator[tuple[Path, str]]:
    for path in files(ROOT):
        try:
            yield path, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # an image, a compiled catalogue


def files(folder: Path) -> Iterator[Path]:
    for path in folder.iterdir():
        if path.is_symlink():
            continue
        if path.is_file():
            yield path
        elif path.is_dir() and not skipped(path):
            yield from files(path)


def skipped(folder: Path) -> bool:
    return folder.name in SKIPPED_FOLDERS or folder.name.endswith(("_cache", ".egg-info", ".hypothesis"))


if __name__ == "__main__":
    sys.exit(main())
