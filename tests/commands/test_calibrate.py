import json

import pytest

from simgait.cli import main

CALIBRATION = {"K": [[1500.0, 0, 960], [0, 1500, 540], [0, 0, 1]], "width": 1920, "height": 1080}


@pytest.fixture
def calibration(tmp_path):
    path = tmp_path / "opencv.json"
    path.write_text(json.dumps(CALIBRATION))
    return path


def test_another_program_s_calibration_is_kept(calibration, tmp_path, capsys):
    out = tmp_path / "camera.json"
    assert main(["calibrate", "--from-file", str(calibration), "-o", str(out)]) == 0
    assert "field of view 65.2° on the long side; by calibration file opencv.json" in (
        capsys.readouterr().out
    )
    assert json.loads(out.read_text())["format"] == "simgait-camera-1"
    assert main(["calibrate", "--from-file", str(calibration), "-o", str(out)]) == 1
    assert "exists already" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "Give clips, or --from-file"),
        (["a.mp4"], "No height is given"),
        (["a.mp4", "--height", "1.7"], "Give how far the person walks"),
        (["a.mp4", "--height", "1.7", "--distance", "8", "--speed", "1"], "one of the two"),
        (["a.mp4", "--height", "1.7", "--speed", "120"], "--speed: nobody walks at 120 m/s"),
        (["a.mp4", "--height", "1.7", "--speed", "1.2"], "a.mp4: there is no such file"),
    ],
)
def test_what_is_missing_is_said_and_nothing_written(arguments, told, tmp_path, capsys):
    out = tmp_path / "camera.json"
    assert main(["calibrate", *arguments, "-o", str(out)]) == 1
    assert told in capsys.readouterr().err and not out.exists()


def test_the_name_says_what_the_file_is(calibration, tmp_path, capsys):
    assert main(["calibrate", "--from-file", str(calibration), "-o", str(tmp_path / "c")]) == 1
    assert "ends in .json" in capsys.readouterr().err
