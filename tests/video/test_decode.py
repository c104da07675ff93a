import sys
from fractions import Fraction

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.video.decode import LONGEST_SIDE_PX, frames, open_clip
from tests.video.conftest import noise, turn_tag


def corner(height: int = 48, width: int = 64) -> np.ndarray:
    """A black picture whose upper left quarter is red."""
    picture = np.zeros((height, width, 3), np.uint8)
    picture[: height // 2, : width // 2, 0] = 250
    return picture


def test_times_are_those_of_the_file_at_a_varying_rate(write_clip):
    times_ms = [0, 33, 70, 100, 151, 190, 230]
    path = write_clip("vfr.mkv", noise(7), codec="libvpx-vp9", times_ms=times_ms)
    seen = list(frames(open_clip(path)))
    assert np.allclose([frame.time_s for frame in seen], np.array(times_ms) / 1e3, atol=1e-3)
    assert [frame.index for frame in seen] == list(range(7))


def test_a_portrait_film_stands_upright(write_clip):
    path = write_clip("portrait.mp4", [corner()] * 5)
    turn_tag(path)
    clip = open_clip(path)
    assert (clip.width_px, clip.height_px) == (48, 64)
    picture = next(frames(clip)).picture
    assert picture.shape == (64, 48, 3)
    # Turned clockwise, the upper left quarter is the upper right one.
    assert picture[10, 40, 0] > 200 and picture[10, 8].max() < 50 and picture[50].max() < 50


@pytest.mark.parametrize(
    ("captured", "stretch"), [("120", 4.0), ("30", 1.0), ("40", 1.0), ("x", 1.0)]
)
def test_slow_motion_is_stretched_back(write_clip, captured, stretch):
    path = write_clip("slow.mp4", noise(9), tags={"com.android.capture.fps": captured})
    clip = open_clip(path)
    assert clip.time_stretch == stretch
    assert bool(clip.notes) == (stretch != 1.0)
    times = [frame.time_s for frame in frames(clip)]
    assert np.allclose(np.diff(times), 1 / 30 / stretch, atol=1e-3)


def test_a_phones_focal_length_is_found(write_clip):
    tag = {"com.apple.quicktime.camera.focal_length.35mm_equivalent": "26"}
    assert open_clip(write_clip("a.mov", noise(3), tags=tag)).focal_35mm == 26.0
    assert open_clip(write_clip("b.mov", noise(3))).focal_35mm is None


def test_a_part_is_what_lies_between_its_ends(write_clip):
    clip = open_clip(write_clip("long.mp4", noise(60)))
    times = [frame.time_s for frame in frames(clip, 0.5, 1.5)]
    assert times[0] == pytest.approx(0.5, abs=0.02) and times[-1] == pytest.approx(1.5, abs=0.02)
    for part, words in (
        ((1.0, 0.5), "no part lies from 1 to 0.5 s"),
        ((9.0, None), "behind its end"),
        ((-1.0, None), "no part begins at -1 s, before the video; give --from"),
    ):
        with pytest.raises(InputError, match=words):
            next(frames(clip, *part))


def test_ten_bits_are_read_as_eight(write_clip):
    path = write_clip("hdr.mkv", [corner()] * 5, codec="ffv1", pixels="yuv420p10le")
    picture = next(frames(open_clip(path))).picture
    assert picture.dtype == np.uint8 and picture[10, 10, 0] > 200 and picture[40, 50].max() < 40


@pytest.mark.parametrize(("transfer", "said"), [(16, True), (18, True), (1, False), (None, False)])
def test_colours_of_hdr_are_reduced_and_that_is_said(write_clip, transfer, said):
    """PQ and HLG, as telephones film; BT.709 is no HDR."""
    path = write_clip(
        "hdr.mkv", [corner()] * 3, codec="ffv1", pixels="yuv420p10le", transfer=transfer
    )
    clip = open_clip(path)
    assert any("HDR video" in note for note in clip.notes) == said
    assert next(frames(clip)).picture[10, 10, 0] > 150


def test_large_pictures_are_reduced(write_clip):
    big = np.zeros((2160, 3840, 3), np.uint8)
    clip = open_clip(write_clip("4k.mp4", [big] * 2))
    assert (clip.width_px, clip.height_px) == (LONGEST_SIDE_PX, 1080)
    assert next(frames(clip)).picture.shape == (1080, 1920, 3)


def test_pictures_come_one_by_one(write_clip):
    """A long film needs no more memory than a short one."""
    stream = frames(open_clip(write_clip("long.mp4", noise(40))))
    assert not isinstance(stream, list) and [next(stream).index for _ in range(3)] == [0, 1, 2]


def test_pixels_that_are_not_square_become_square(av, tmp_path):
    path = tmp_path / "wide.mkv"
    with av.open(str(path), "w") as out:
        stream = out.add_stream("mpeg4", rate=30)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.codec_context.sample_aspect_ratio = Fraction(2, 1)
        for _ in range(3):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(corner(), format="rgb24")))
        out.mux(stream.encode())
    assert open_clip(path).width_px == 128


def _sound(av, path):
    with av.open(str(path), "w") as out:
        stream = out.add_stream("aac", rate=44100)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
        frame.sample_rate = 44100
        out.mux(stream.encode(frame))
        out.mux(stream.encode())
    return path


def test_bad_files_get_one_sentence_each(av, write_clip, tmp_path):
    (tmp_path / "empty.mp4").write_bytes(b"")
    (tmp_path / "noise.mp4").write_bytes(np.random.default_rng(0).bytes(5000))
    whole = write_clip("whole.mp4", noise(30)).read_bytes()
    (tmp_path / "no_index.mp4").write_bytes(whole[: len(whole) // 2])
    (tmp_path / "folder").mkdir()
    _sound(av, tmp_path / "sound.mp4")
    for name, words in (
        ("empty.mp4", "the file is empty"),
        ("noise.mp4", "cannot be read as a video"),
        ("no_index.mp4", "cannot be read as a video"),
        ("absent.mp4", "there is no such file"),
        ("folder", "this is a folder"),
        ("sound.mp4", "has no video stream"),
    ):
        with pytest.raises(InputError, match=words) as error:
            open_clip(tmp_path / name)
        assert str(error.value).startswith(f"{name}: ") and str(error.value).endswith(".")
        assert str(tmp_path) not in str(error.value)


def test_a_protected_film_is_named_so(write_clip):
    path = write_clip("bought.mp4", noise(10))
    data = bytearray(path.read_bytes())
    entry = data.index(b"mp4v", data.index(b"stsd"))
    data[entry : entry + 4] = b"encv"
    path.write_bytes(data)
    with pytest.raises(InputError, match=r"^bought.mp4: the video is protected .*DRM"):
        open_clip(path)


def test_a_film_that_breaks_off_says_where(write_clip, tmp_path):
    clip = open_clip(write_clip("whole.mkv", noise(90)))
    data = clip.path.read_bytes()
    clip.path.write_bytes(data[: len(data) // 2])
    cut = open_clip(clip.path)
    with pytest.raises(InputError, match=r"breaks off at \d\.\d s of 3\.0 s .* --to \d\.\d"):
        list(frames(cut))
    assert len(list(frames(cut, None, 0.5))) == 16


def losses(path, from_s=None, to_s=None):
    told: list[str] = []
    n = len(list(frames(open_clip(path), from_s, to_s, told.append)))
    return n, told


@pytest.mark.parametrize("codec", [pytest.param("mjpeg", marks=pytest.mark.slow), "mpeg4"])
def test_an_avi_that_was_cut_off_says_how_many_pictures_are_left(write_clip, codec):
    """FFmpeg believes that what is left is all there was."""
    path = write_clip(
        "cut.avi", noise(90), codec=codec, pixels="yuvj420p" if codec == "mjpeg" else "yuv420p"
    )
    assert losses(path) == (90, [])
    data = path.read_bytes()
    path.write_bytes(data[: int(0.92 * len(data))])
    n, told = losses(path)
    assert 75 < n < 88 and told == [f"The file ends early: {n} of 90 pictures could be read."]
    assert losses(path, 0.0, 1.0) == (31, [])
    path.write_bytes(data[: int(0.6 * len(data))])
    with pytest.raises(InputError, match=r"breaks off at \d\.\d s of 3\.0 s .* --to \d\.\d"):
        losses(path)


def test_a_file_that_ends_within_a_picture_says_so(write_clip):
    path = write_clip("cut.mpg", noise(30), codec="mpeg2video")
    data = path.read_bytes()
    path.write_bytes(data[: int(0.9 * len(data))])
    n, (note,) = losses(path)
    assert 20 < n < 30 and note.startswith("The file ends in the middle of a picture")


def test_a_little_damage_is_said(write_clip):
    path = write_clip("bits.avi", noise(90), codec="mjpeg", pixels="yuvj420p")
    data = bytearray(path.read_bytes())
    begin = data.index(b"\xff\xd8", len(data) // 2)
    data[begin + 2 : begin + 700] = bytes(698)
    path.write_bytes(data)
    n, told = losses(path)
    assert n == 89 and told == [
        "The file is damaged in one place: pictures there were lost or made up."
    ]


def test_a_film_of_which_much_is_damaged_is_refused(write_clip):
    """FFmpeg makes up what it cannot read, and would show legs where there are none."""
    clip = open_clip(write_clip("bits.mp4", noise(90)))
    data, rng = bytearray(clip.path.read_bytes()), np.random.default_rng(0)
    begin = data.index(b"mdat") + 1000
    for at in rng.integers(begin, len(data) // 2, 60):
        data[at] ^= 255
    clip.path.write_bytes(data)
    with pytest.raises(InputError, match=r"^bits.mp4: \d+ % of the video is damaged"):
        list(frames(clip))


def test_without_pyav_the_sentence_says_how_to_get_it(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "av", None)
    with pytest.raises(InputError, match=r"simgait\[video\]"):
        open_clip(tmp_path / "walk.mp4")


@pytest.mark.parametrize("name", ["title.mp4", "title.mkv"])
def test_a_title_that_is_not_utf_8_is_nobodys_fault(write_clip, name):
    codec = "mpeg4" if name.endswith("mp4") else "libvpx-vp9"
    path = write_clip(name, noise(5), codec=codec, tags={"title": "Mueller"})
    damaged = path.read_bytes()
    assert b"Mueller" in damaged
    path.write_bytes(damaged.replace(b"Mueller", b"M\xfcller "))
    assert len(list(frames(open_clip(path)))) == 5


def test_pictures_coded_in_an_unknown_way_are_refused(write_clip):
    path = write_clip("odd.avi", noise(5), codec="mjpeg", pixels="yuvj420p")
    path.write_bytes(path.read_bytes().replace(b"MJPG", b"ZZZZ"))
    with pytest.raises(InputError, match="coded in a way that FFmpeg does not know"):
        open_clip(path)
