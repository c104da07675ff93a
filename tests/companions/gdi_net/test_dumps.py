"""DensePose's pictures are read, of both programs; what is none is a sentence."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from simgait.companions.gdi_net.dumps import (
    iuv_folder,
    iuv_pictures_of,
    read_detectron,
    read_png,
)
from simgait.errors import InputError
from tests.companions.gdi_net.made_up import figure, walking, write_png, written

pytest.importorskip("av")


def detectron(path: Path, **other: Any) -> Path:
    """One picture of detectron2's: the made-up figure's box, or something else in its place."""
    iuv = figure()
    seen = np.argwhere(iuv[..., 0] > 0)
    (top, left), (bottom, right) = seen.min(axis=0), seen.max(axis=0) + 1
    part = iuv[top:bottom, left:right]
    arrays: dict[str, Any] = {
        "labels": part[..., 0].astype(np.int64),
        "uv": part[..., 1:].transpose(2, 0, 1) / np.float32(255.0),
        "boxes_xywh": np.array([[left, top, right - left, bottom - top]], np.float32),
        "size": np.array([640, 480]),
    }
    np.savez(path, **{k: v for k, v in (arrays | other).items() if v is not None})
    return path


def test_pngs_come_back_in_order_with_their_channels(tmp_path):
    pictures = walking(11)
    count, read = iuv_pictures_of(written(tmp_path / "iuv", pictures))
    assert count == 11
    for mine, theirs in zip(read, pictures, strict=True):
        np.testing.assert_array_equal(mine, theirs)


def test_detectron_says_the_same_as_the_old_program(tmp_path):
    np.testing.assert_array_equal(read_detectron(detectron(tmp_path / "a.npz")), figure())
    nobody = detectron(tmp_path / "b.npz", boxes_xywh=np.zeros((0, 4)))
    assert not read_detectron(nobody).any()


def test_the_folder_beside_a_video_is_found(tmp_path):
    written(tmp_path / "walk.iuv", walking(1))
    assert iuv_folder(tmp_path / "walk.mp4") == tmp_path / "walk.iuv"
    with pytest.raises(InputError, match=r"other.mp4: .* lay it beside the video as other.iuv"):
        iuv_folder(tmp_path / "other.mp4")


def test_channels_in_another_order_are_a_sentence(tmp_path):
    write_png(tmp_path / "a_IUV.png", figure(), order=(0, 1, 2))
    with pytest.raises(InputError, match=r"a_IUV.png: its channels lie in the order V, U, I"):
        read_png(tmp_path / "a_IUV.png")
    write_png(tmp_path / "b_IUV.png", figure() + np.uint8(30))
    with pytest.raises(InputError, match="no channel holds part numbers up to 24"):
        read_png(tmp_path / "b_IUV.png")


def test_what_is_no_picture_is_a_sentence(tmp_path):
    (tmp_path / "a_IUV.png").write_bytes(b"nothing")
    with pytest.raises(InputError, match="is no picture that can be read"):
        read_png(tmp_path / "a_IUV.png")
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="empty: holds no pictures of I, U, V"):
        iuv_pictures_of(tmp_path / "empty")
    detectron(tmp_path / "a.npz")
    with pytest.raises(InputError, match="holds both kinds"):
        iuv_pictures_of(tmp_path)


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        ({"uv": None}, "has no uv; write labels, uv, boxes_xywh and size"),
        ({"uv": np.zeros((200, 40, 2))}, "U and V come first"),
        ({"uv": np.full((2, 200, 40), 200.0)}, "uv go from 200 to 200; they are 0 to 1"),
        ({"labels": np.full((200, 40), 99)}, "labels are not 0 to 24"),
        ({"boxes_xywh": np.zeros((2, 4))}, "several people are in it"),
        ({"boxes_xywh": np.array([[0, 0, 80, 400]])}, "another resolution than the picture"),
    ],
)
def test_what_detectron_does_not_write_is_a_sentence(other, sentence, tmp_path):
    with pytest.raises(InputError, match=sentence):
        read_detectron(detectron(tmp_path / "a.npz", **other))
