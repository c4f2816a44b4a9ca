"""The platforms' own published shapes, kept beside the project: what is sent is held against them."""

import os
from functools import cache
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType
from typing import NoReturn

import pytest

_BESIDE = Path(__file__).parents[2] / "shared" / "oracles"


@cache
def oracle(name: str) -> ModuleType:
    """Return a checker such as `slack_check`. Where there is none, the test is skipped on a laptop and fails in CI.

    They are looked for in `$TWOYES_ORACLES`, then at `../shared/oracles` beside the project.
    """
    path = Path(os.environ.get("TWOYES_ORACLES") or _BESIDE) / f"{name}.py"
    spec = spec_from_file_location(f"oracles_{name}", path)
    if not path.is_file() or spec is None or spec.loader is None:
        _give_up(f"there is no oracle at {path}")
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _give_up(reason: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)
