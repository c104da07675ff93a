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
from simgait.commands import command_line, stopping
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


def test_a_thread_that_starts_is_not_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its lock would be found open: an error like any other, which may be caught."""
    asked: list[bool] = []
    wait = threading.Event.wait

    def interrupted(event: threading.Event, timeout: float | None = None) -> bool:
        if not asked:
            asked.append(True)
            os.kill(os.getpid(), signal.SIGTERM)
        return wait(event, timeout)

    monkeypatch.setattr(threading.Event, "wait", interrupted)
    started = []
    with pytest.raises(Stopped), stoppable(lambda: "after it"):
        thread = threading.Thread(target=lambda: None)
        thread.start()
        started.append(thread)
        wait(threading.Event(), 60.0)
    assert started


def test_timers_of_the_stopped_work_are_called_off() -> None:
    """Python would wait for them at its end."""
    somebody_elses = threading.Timer(60.0, print)
    somebody_elses.start()
    ours = threading.Timer(60.0, print)
    with pytest.raises(Stopped), stoppable(lambda: "never mind"):
        ours.start()
        os.kill(os.getpid(), signal.SIGTERM)
        threading.Event().wait(60.0)
    ours.join(30.0)
    assert not ours.is_alive() and somebody_elses.is_alive()
    somebody_elses.cancel()


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

    monkeypatch.setattr(command_line, "build_parser", declared)
    assert cli.main(["doctor"]) == code
    assert capsys.readouterr().err.startswith("simgait: stopped")


AT_AN_IMPORT = """
import os, signal, sys
number, wanted, first = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
if number == signal.SIGINT:
    signal.signal(signal.SIGINT, signal.default_int_handler)
counted = None
def hear(event, arguments):
    global counted
    if event != "import":
        return
    if counted is not None:
        counted += 1
        if counted == wanted:
            os.kill(os.getpid(), number)
    elif arguments[0] == first:
        counted = 0
sys.addaudithook(hear)
from simgait.cli import main
sys.exit(main(["inspect", "nothing.npz"]))
"""


def stopped_at_an_import(number: int, wanted: int, first: str) -> tuple[int, str, str]:
    """Code, stdout and stderr of a command that a signal meets at the so-manieth import."""
    done = subprocess.run(
        [sys.executable, "-c", AT_AN_IMPORT, str(int(number)), str(wanted), first],
        capture_output=True, text=True, check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    return done.returncode, done.stdout, done.stderr


def refuse_other_than_a_line(said: tuple[int, str, str], code: int) -> None:
    assert said[0] == code and said[2].startswith("simgait: stopped")
    assert said[2].count("\n") == 1


@pytest.mark.parametrize("wanted", [1, 2, 12, 90])
def test_ctrl_c_at_any_import_from_the_first_on_is_one_line(wanted: int) -> None:
    """Of `simgait` itself on: counted from the import of the package."""
    refuse_other_than_a_line(stopped_at_an_import(signal.SIGINT, wanted, "simgait"), 130)


@pytest.mark.parametrize("wanted", [1, 60])
def test_sigterm_while_the_commands_are_imported_is_one_line(wanted: int) -> None:
    first = "simgait.commands.command_line"
    refuse_other_than_a_line(stopped_at_an_import(signal.SIGTERM, wanted, first), 143)


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_at_any_import_is_one_line(number: int) -> None:
    first, code = "simgait.commands.command_line", 128 + int(number)
    for wanted in range(2, 600, 29):
        said = stopped_at_an_import(number, wanted, first)
        if said[0] == 1:  # the command was over before
            assert wanted > 100
            break
        refuse_other_than_a_line(said, code)


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


def test_what_came_too_late_for_the_outermost_block_ends_it_in_order() -> None:
    def within_an_import() -> None:
        exec(compile("os.kill(os.getpid(), 15)", "<frozen importlib>", "exec"), {"os": os})

    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(Stopped, match="2 walks") as stopped, stoppable(lambda: "2 walks are done"):
        within_an_import()
    assert stopped.value.code == 143 and signal.getsignal(signal.SIGTERM) is before


def test_a_callback_that_drops_exceptions_drops_no_signal() -> None:
    class Dropping:
        def __del__(self) -> None:
            os.kill(os.getpid(), signal.SIGTERM)
            threading.Event().wait(0.01)

    with pytest.raises(Stopped), stoppable(lambda: "heard"):
        Dropping()
        threading.Event().wait(60.0)


def test_such_a_callback_drops_none_either_after_the_grace(monkeypatch) -> None:
    monkeypatch.setattr(stopping, "GRACE_S", 0.0)

    class Slow:
        def __del__(self) -> None:
            os.kill(os.getpid(), signal.SIGTERM)
            threading.Event().wait(0.3)  # the signal comes again meanwhile

    with pytest.raises(Stopped), stoppable(lambda: "heard"):
        Slow()
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
