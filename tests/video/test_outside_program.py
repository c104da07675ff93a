import sys

import pytest

from simgait.errors import InputError
from simgait.video.outside_program import command_words, output_of, run_program


def python(code):
    return [sys.executable, "-c", code]


def test_places_in_a_command_are_filled_and_those_not_said_come_last(tmp_path):
    video, out = tmp_path / "my walk.mp4", tmp_path / "walk"
    said = command_words("python 'my pose.py' --in={video} {out}.npy", video, out)
    assert said == ["python", "my pose.py", f"--in={video}", f"{out}.npy"]
    assert command_words("pose", video, out) == ["pose", str(video), f"{out}.json"]


@pytest.mark.parametrize(("command", "words"), [("", "is empty"), ("a 'b", "close the quotes")])
def test_a_command_that_is_none_is_refused(command, words, tmp_path):
    with pytest.raises(InputError, match=words):
        command_words(command, tmp_path / "v.mp4", tmp_path / "v")


def test_no_shell_runs_a_command(tmp_path):
    words = command_words("echo {video}; touch {out}", tmp_path / "v.mp4", tmp_path / "v")
    assert words[:2] == ["echo", f"{tmp_path / 'v.mp4'};"]


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["no-such-program"], "'no-such-program' cannot be started"),
        (python("import sys; sys.exit(3)"), "ended with exit code 3; try it by hand"),
        (
            python("import sys; sys.exit('first\\nno GPU is free')"),
            r"exit code 1 \(no GPU is free\)",
        ),
    ],
)
def test_a_program_that_fails_is_said_in_one_sentence(words, told):
    with pytest.raises(InputError, match=f"^walk.mp4: the detector.*{told}"):
        run_program(words, "walk.mp4")


def test_a_program_that_hangs_is_stopped_with_what_it_started():
    sleep = "[sys.executable, '-c', 'import time; time.sleep(60)']"
    code = f"import subprocess, sys; subprocess.run({sleep})"
    with pytest.raises(InputError, match="was stopped after 1 s"):
        run_program(python(code), "walk.mp4", limit_s=1.0)


def test_a_program_gets_what_it_is_fed_and_may_end_early(tmp_path):
    out = tmp_path / "n"
    code = f"import sys; open({str(out)!r}, 'w').write(str(len(sys.stdin.buffer.read())))"
    run_program(python(code), "walk.mp4", feed=[b"abc", b"de"])
    assert out.read_text() == "5"
    run_program(python("pass"), "walk.mp4", feed=(b"x" * 100_000 for _ in range(20)))


def test_the_output_is_the_one_file_that_was_written(tmp_path):
    out = tmp_path / "walk"
    for name, content, told in (
        (None, "", "wrote no output; {out} in its command"),
        ("walk.txt", "x", r"wrote no output \(it wrote walk.txt\)"),
        ("walk.json", "", "output is empty"),
    ):
        if name is not None:
            (tmp_path / name).write_text(content)
        with pytest.raises(InputError, match=told):
            output_of(out, "walk.mp4")
    (tmp_path / "walk.json").write_text("[]")
    assert output_of(out, "walk.mp4").name == "walk.json"
    (tmp_path / "walk.npy").write_text("x")
    with pytest.raises(InputError, match="2 outputs"):
        output_of(out, "walk.mp4")
