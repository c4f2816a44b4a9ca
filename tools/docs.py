"""Writes the generated parts of the README: the table of settings and the story; `--check` only compares."""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
README = ROOT / "README.md"
WIDTH = "100"
ASKED = re.compile(r"^\d\d:\d\d ana presses “Ask them”$", re.MULTILINE)
BEFORE = "From the middle of the story, when Ana has read what both would see, and lets them be asked:"


def main() -> int:
    """Write the README anew, or say with 1 that it is out of date."""
    old = README.read_text(encoding="utf-8")
    new = regenerated(old)
    if old == new:
        return 0
    if "--check" in sys.argv[1:]:
        print("README.md is out of date: run `python tools/docs.py`.")
        return 1
    README.write_text(new, encoding="utf-8")
    print("README.md was written anew.")
    return 0


def regenerated(readme: str) -> str:
    """Return the README with every generated part made anew."""
    for name, part in PARTS.items():
        readme = between(readme, name, part())
    return readme


def between(readme: str, name: str, text: str) -> str:
    """Put the text between the two comments that bear the name."""
    start, end = f"<!-- {name}:start -->\n", f"<!-- {name}:end -->"
    before, _, rest = readme.partition(start)
    _, _, after = rest.partition(end)
    return f"{before}{start}{text.strip()}\n{end}{after}"


def settings() -> str:
    sys.path.insert(0, str(ROOT))
    from bot.settings import settings_table  # noqa: PLC0415 -- found only now

    return settings_table()


def story() -> str:
    """Play the story without colours and as wide as a page; return it from where people are asked."""
    command = [sys.executable, "-m", "bot", "demo"]
    environment = {**os.environ, "COLUMNS": WIDTH, "NO_COLOR": "1"}
    played = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)  # noqa: S603
    asked = ASKED.search(played.stdout)
    shown = played.stdout[asked.start() if asked else 0 :]
    return f"{BEFORE}\n\n```\n{shown.rstrip()}\n```"


PARTS: dict[str, Callable[[], str]] = {"settings": settings, "story": story}


if __name__ == "__main__":
    sys.exit(main())
