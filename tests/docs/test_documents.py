"""Nothing in the documents is out of date: code runs, commands parse, links lead somewhere."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import numpy as np
import pytest

from simgait.commands.command_line import build_parser
from tests.docs.fences import ROOT, blocks, commands, inline_commands, pages, past_pages

PAGES = {path.relative_to(ROOT).as_posix(): path for path in pages()}
PYTHON_PAGES = [
    pytest.param(name, marks=pytest.mark.slow) if "simgait.track" in path.read_text() else name
    for name, path in PAGES.items()
    if any(block.language == "python" for block in blocks(path))
]
SHELL_PAGES = [
    name for name, path in PAGES.items() if any(block.language == "sh" for block in blocks(path))
]
# What stands in shell blocks beside simgait, make and scripts.
OTHER_PROGRAMS = {
    ".", "cd", "do", "done", "git", "pip", "pre-commit", "python", "python3", "sbatch", "while",
}  # fmt: skip
# Pages whose code shows a form to fill in: it is compiled, not run.
SKETCHES = "docs/contributing/"
CHEAP = ("inspect", "convert", "evaluate")


@pytest.mark.parametrize("name", PYTHON_PAGES)
def test_python_runs(name: str, place: Path, own_arrays: dict[str, np.ndarray]) -> None:
    namespace: dict[str, object] = {"__name__": "__main__", **own_arrays}
    for block in blocks(PAGES[name]):
        if block.language == "python":
            code = compile("\n" * block.line + block.text, str(PAGES[name]), "exec")
            if not name.startswith(SKETCHES):
                exec(code, namespace)  # noqa: S102 - our own documents


def simgait_words(words: list[str]) -> list[str] | None:
    """The words after `simgait`, None for another program."""
    return words[1:] if Path(words[0]).name == "simgait" else None


@pytest.mark.parametrize("name", SHELL_PAGES)
def test_shell_commands_are_understood(name: str) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))
    for block in (block for block in blocks(PAGES[name]) if block.language == "sh"):
        for words in commands(block):
            where = f"{name}, block at line {block.line}: {' '.join(words)}"
            said = simgait_words(words)
            if said is not None:
                parse(said, where)
            elif words[0] == "make":
                wanted = {word for word in words[1:] if "=" not in word and word[0] != "-"}
                assert wanted <= targets, where
            else:
                assert words[0].removeprefix(".venv/bin/") in OTHER_PROGRAMS, where
                scripts = [word for word in words if word.startswith("scripts/")]
                assert all((ROOT / script).is_file() for script in scripts), where


def parse(words: list[str], where: str) -> None:
    try:
        build_parser().parse_args(words)
    except SystemExit as stop:
        assert stop.code == 0, where


@pytest.mark.parametrize("name", PAGES)
def test_options_in_sentences_exist(name: str) -> None:
    known = options_of_commands()
    for words in inline_commands(PAGES[name]):
        command = words[0]
        options = {word.split("=")[0] for word in words if word.startswith("--")}
        if command == "COMMAND" or not options:
            continue
        assert command in known, f"{name}: simgait {' '.join(words)}"
        assert options <= known[command], f"{name}: simgait {' '.join(words)}"


def options_of_commands() -> dict[str, set[str]]:
    """Command -> its options, long and short."""
    (choices,) = (
        action.choices
        for action in build_parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    )
    return {
        name: {text for action in parser._actions for text in action.option_strings}
        for name, parser in choices.items()
    }


@pytest.mark.slow
def test_cheap_commands_run(simgait, place: Path) -> None:
    ran = 0
    for name in SHELL_PAGES:
        for block in (block for block in blocks(PAGES[name]) if block.language == "sh"):
            for words in map(simgait_words, commands(block)):
                if words and words[0] in CHEAP and inputs_are_here(words):
                    result = simgait(*words)
                    assert result.code == 0, f"{name}: simgait {' '.join(words)}: {result.err}"
                    ran += 1
    assert ran >= 5


def inputs_are_here(words: list[str]) -> bool:
    """Whether a command reads only what `prepared` holds."""
    arguments = build_parser().parse_args(words)
    if words[0] == "evaluate":
        return bool(arguments.truth) and Path(arguments.truth).exists()
    given = arguments.inputs if words[0] == "inspect" else [arguments.input]
    return all(Path(one).exists() for one in given)


LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)(?:#[^)]*)?\)")


HISTORY = {path.relative_to(ROOT).as_posix(): path for path in past_pages()}


@pytest.mark.parametrize("name", PAGES | HISTORY)
def test_links_lead_to_files(name: str) -> None:
    path = (PAGES | HISTORY)[name]
    for link in LINK.findall(path.read_text(encoding="utf-8")):
        found = (path.parent / link).resolve()
        assert found.exists(), link
        # The site has only docs/; what lies beside it is named, not linked.
        assert path.parent == ROOT or found.is_relative_to(ROOT / "docs"), link
