"""What a NumPy file claims is checked before it is believed."""

import io
import tracemalloc
import zipfile

import numpy as np
import pytest

from simgait.errors import InputError
from simgait.limits import MIB
from simgait.recordings.formats.numpy_files import read_numpy_file
from simgait.recordings.read import read_recording


def claiming(shape, descr="<f8", body=b"\0" * 100):
    """An .npy whose header claims a shape."""
    file = io.BytesIO()
    header = {"descr": descr, "fortran_order": False, "shape": shape}
    np.lib.format.write_array_header_1_0(file, header)
    return file.getvalue() + body


def refused(path, content=None):
    if content is not None:
        path.write_bytes(content)
    tracemalloc.start()
    with pytest.raises(InputError) as error:
        read_recording(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 64 * MIB
    sentence = str(error.value)
    assert sentence.startswith(f"{path.name}: ") and sentence.endswith(".")
    return sentence


@pytest.mark.parametrize(
    ("shape", "descr", "words"),
    [
        ((10**12, 23, 3), "<f8", "are more than one recording has"),
        ((10**4, 23, 3), "<f8", "truncated"),
        ((10**9,), "<U0", "are more than one recording has"),
        ((1,), "<U300000000", "are more than one recording has"),
        ((10**4, -23, 3), "<f8", "truncated"),
        ((5,), [("a", "<f8"), ("b", "<i4")], "holds records"),
        ((5,), "|O", "never opened"),
        ((2,), "<U3", "holds no numbers"),
        ((2,), "<M8[s]", "holds no numbers"),
        ((3, 2, 3), "<c16", "truncated|no numbers"),
    ],
)
def test_claims_of_a_header(tmp_path, shape, descr, words):
    content = claiming(shape, descr)
    sentence = refused(tmp_path / "a.npy", content)
    assert any(word in sentence for word in words.split("|")), sentence
    archive = tmp_path / "a.npz"
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("keypoints.npy", content)
    assert refused(archive).split(": ", 1)[1] == sentence.split(": ", 1)[1]


def test_a_small_archive_does_not_become_a_large_array(tmp_path):
    path = tmp_path / "bomb.npz"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file,
        file.open("keypoints.npy", "w", force_zip64=True) as member,
    ):
        member.write(claiming((2 * 10**8,), body=b""))
        for _ in range(60):
            member.write(b"\0" * 10**6)
    assert path.stat().st_size < MIB
    assert "200000000 values in 'keypoints' are more" in refused(path)


def test_a_sparse_file_is_not_read(tmp_path):
    path = tmp_path / "sparse.npy"
    path.write_bytes(claiming((2**28,), body=b""))
    with path.open("r+b") as file:
        file.truncate(2**31 + 128)
    assert "are more than one recording has" in refused(path)


def test_what_is_not_asked_for_is_not_unpacked(tmp_path):
    path = tmp_path / "more.npz"
    with zipfile.ZipFile(path, "w") as file:
        file.writestr("a.npy", claiming((3,), body=np.arange(3.0).tobytes()))
        file.writestr("other.npy", b"no array at all")
        file.writestr("huge.npy", claiming((10**12,)))
        file.writestr("pickle.npy", claiming((1,), "|O", b"cos\nsystem\n(S'exit 1'\ntR."))
    read = read_numpy_file(path, {"a"}, "a")
    assert list(read.arrays) == ["a"] and read.names == ("a", "other", "huge", "pickle")
    np.testing.assert_array_equal(read.arrays["a"], np.arange(3.0))


@pytest.mark.parametrize("key", ["time_s", "confidence", "pose", "event_time_s", "keypoints"])
def test_text_and_records_where_numbers_should_be(tmp_path, walk, key):
    r = walk()
    data = {"keypoints": r.keypoints_m, "names": np.array(r.keypoint_names), "fps_hz": 30.0,
            "unit": "m", "axes": "z-up", "height_m": 1.7}  # fmt: skip
    np.savez(tmp_path / "t.npz", **data | {key: np.full(r.keypoints_m.shape[:1], "many")})
    assert f"{key} holds no numbers" in refused(tmp_path / "t.npz")
    record = np.zeros(len(r.time_s), dtype=[("a", float)])
    np.savez(tmp_path / "r.npz", **data | {key: record})
    assert "holds records" in refused(tmp_path / "r.npz")
