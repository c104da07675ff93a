"""Ctrl-C and SIGTERM, heard and not heard."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator

import pytest

from simgait import cli
from simgait.commands.stopping import Stopped, stoppable


@pytest.fixture(autouse=True)
def _ctrl_c_is_heard() -> Iterator[None]:
    """A process that a shell put in the background begins with SIGINT ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_work_with_a_sentence(number: signal.Signals) -> None:
    before = signal.getsignal(signal.SIGTERM)
    tidied = []
    with pytest.raises(Stopped) as stopped, stoppable(lambda: "2 walks are done"):
        try:
            os.kill(os.getpid(), number)
            threading.Event().wait(60.0)
        finally:
            tidied.append(True)
    assert (stopped.value.sentence, stopped.value.code) == ("2 walks are done", 128 + number)
    assert tidied and signal.getsignal(signal.SIGTERM) is before


def test_the_inner_of_two_has_the_word() -> None:
    outer, inner = stoppable(lambda: "outer"), stoppable(lambda: "inner")
    with pytest.raises(Stopped) as stopped, outer, inner:
        os.kill(os.getpid(), signal.SIGTERM)
        threading.Event().wait(60.0)
    assert stopped.value.sentence == "inner"


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="the system has no timers")
def test_a_timer_of_somebody_else_runs_on() -> None:
    """`alarm 60; exec simgait ...` hands one over."""
    signal.setitimer(signal.ITIMER_REAL, 600.0)
    try:
        with stoppable(lambda: "never said"):
            pass
        assert signal.getitimer(signal.ITIMER_REAL)[0] > 0.0
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0.0)


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_while_the_commands_are_declared_ends_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], number: int, code: int
) -> None:
    def declared() -> None:
        os.kill(os.getpid(), number)
        threading.Event().wait(60.0)

    monkeypatch.setattr(cli, "build_parser", declared)
    assert cli.main(["doctor"]) == code
    assert capsys.readouterr().err.startswith("simgait: stopped")


SLOW_IMPORT = """
import sys
from simgait.commands import stopping
with stopping.stoppable(lambda: "nothing was done yet"):
    import slow_module
    print(slow_module.whole, flush=True)
    import threading
    threading.Event().wait(60.0)
"""


def test_an_import_is_not_torn(tmp_path) -> None:
    """Half a module is a crash in whoever uses it next."""
    lines = "print('ready', flush=True)\nimport time\ntime.sleep(0.5)\nwhole = 'whole'\n"
    (tmp_path / "slow_module.py").write_text(lines)
    path = os.pathsep.join([str(tmp_path), *sys.path])
    with subprocess.Popen(
        [sys.executable, "-c", SLOW_IMPORT], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, env={**os.environ, "PYTHONPATH": path},
    ) as process:  # fmt: skip
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGTERM)
        out, told = process.communicate()
    assert "Stopped: nothing was done yet" in told
    assert out in ("whole\n", "")  # it may be heard before or after the line


def test_a_callback_that_drops_exceptions_drops_no_signal() -> None:
    class Dropping:
        def __del__(self) -> None:
            os.kill(os.getpid(), signal.SIGTERM)
            threading.Event().wait(0.01)

    with pytest.raises(Stopped), stoppable(lambda: "heard"):
        Dropping()
        threading.Event().wait(60.0)


def test_work_that_ends_by_itself_says_nothing() -> None:
    with stoppable(lambda: "never"):
        pass
    with pytest.raises(ValueError, match="mine"), stoppable(lambda: "never"):
        raise ValueError("mine")


DEAF = """
import hashlib
from simgait.commands import stopping
stopping.GRACE_S = 0.2
with stopping.stoppable(lambda: "2 walks are done", at_any_moment=True):
    ready = False
    while True:  # a signal that comes between two calls is as little heard as one within
        try:
            if not ready:
                ready = True
                print("ready", flush=True)
            hashlib.pbkdf2_hmac("sha256", b"", b"", 2**31 - 1)  # half an hour of compiled code
        except KeyboardInterrupt:
            pass
"""


def test_a_process_that_hears_nothing_ends_nevertheless() -> None:
    with subprocess.Popen(
        [sys.executable, "-c", DEAF], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None and process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGTERM)
        _, told = process.communicate()
    assert process.returncode == 143 and told == "simgait: 2 walks are done\n"
