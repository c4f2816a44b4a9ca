"""What the README shows is what the program does."""

from tools.docs import README, regenerated


def test_the_readme_is_as_the_program_would_write_it_now() -> None:
    readme = README.read_text(encoding="utf-8")

    assert regenerated(readme) == readme, "run `python tools/docs.py`"
