"""The room as `twoyes serve` serves it, in a process of its own, which a test may kill and start again."""

import json
import os
import re
import signal
import subprocess
import sys
from collections import deque
from itertools import count
from pathlib import Path
from threading import Thread
from typing import IO

import httpx

ROOT = Path(__file__).resolve().parents[2]
KEPT = ("PATH", "HOME", "LANG", "TMPDIR")
PATIENCE = 60
"""Seconds until something that never came fails its test; nothing waits that long when all is well."""

_NAMES = count(1)


class ServedRoom:
    """A room in a folder of its own. It keeps its address when it is started again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._port = 0
        self._process: subprocess.Popen[str] | None = None
        self._reading = Thread()

    @property
    def address(self) -> str:
        """Return where it is, without a slash at the end."""
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Serve; return when it answers."""
        with (self._folder / "serve.err").open("a") as errors:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "bot", "serve"],
                cwd=self._folder,
                env=self._environment(),
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            )
        assert self._process.stdout is not None
        self._port = int(self._room_in(self._process.stdout).rpartition(":")[2].rstrip("/"))
        self._reading = Thread(target=deque, args=(self._process.stdout, 0))  # or its log would fill the pipe
        self._reading.start()
        self.get("/")

    def end(self, by: signal.Signals) -> None:
        """Send it a signal, and wait for its end."""
        if self._process is None or self._process.stdout is None:
            return
        self._process.send_signal(by)
        self._process.wait(PATIENCE)
        self._reading.join(PATIENCE)
        self._process.stdout.close()
        self._process = None

    def close(self) -> None:
        """Let go of it."""
        self.end(signal.SIGTERM)

    def begin_again(self) -> None:
        """Make the room anew: everybody has a card, and nothing has happened yet."""
        self.post("/story", do="leave")
        assert self.post("/reset").status_code == 200

    def token(self) -> str:
        """Return what every form of the room carries."""
        return self.get("/").text.partition('name="token" value="')[2].partition('"')[0]

    def get(self, path: str, **headers: str) -> httpx.Response:
        """Ask for a page, without a browser."""
        return httpx.get(f"{self.address}{path}", headers=headers, trust_env=False, timeout=PATIENCE)

    def post(self, path: str, **fields: str) -> httpx.Response:
        """Send a form as the room's own pages do, without a browser."""
        sent = {"token": self.token(), "event": f"by-a-test-{os.getpid()}-{next(_NAMES)}", **fields}
        how = {"Accept": "application/json", "Sec-Fetch-Site": "same-origin"}
        return httpx.post(f"{self.address}{path}", data=sent, headers=how, trust_env=False, timeout=PATIENCE)

    def stands(self) -> list[str]:
        """Return every message in the room, by its number and version, as all five together see them."""
        page = self.get("/?seat=ana&seat=ben&seat=carla&seat=david&seat=elif").text
        return re.findall(r'data-message="m\d+" data-version="\d+"|data-form="\w+"', page)

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name in KEPT}
        ours = {"HEALTH_PORT": "0", "ROOM_PORT": str(self._port), "LOG_FORMAT": "json", "SWEEP_SECONDS": "1"}
        return {**kept, "PYTHONPATH": str(ROOT), **{f"TWOYES_{name}": value for name, value in ours.items()}}

    def _room_in(self, log: IO[str]) -> str:
        """Read the log up to where it tells the room's address."""
        for line in log:
            if room := json.loads(line).get("room"):
                return str(room)
        raise AssertionError((self._folder / "serve.err").read_text())
