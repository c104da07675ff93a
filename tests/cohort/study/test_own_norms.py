"""A study against healthy people of one's own: what changes with them is never stale."""

from __future__ import annotations

import json
import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

from simgait.cohort.study.reading import works
from simgait.cohort.study.report import write_study_report
from simgait.cohort.study.share import Share
from simgait.compare.norm_file import read_norms
from simgait.gait.known_scores import released_reference
from simgait.parameters.norm_rows import NormTable
from simgait.pipeline import TrackOptions
from tests.cohort.conftest import policy_called
from tests.cohort.study.conftest import Hospital

HEADING = "parameter,age_from_years,age_to_years,mean,sd,n,source"


def norms_of(folder: Path, mean: float) -> NormTable:
    path = folder / "controls.csv"
    path.write_text(f"{HEADING}\nstep_length_m,20,60,{mean},0.05,12,ours\n", encoding="utf-8")
    return read_norms(path)


def test_what_changes_with_other_healthy_people_is_done_again_and_named(
    hospital: Any, tmp_path: Path
) -> None:
    ward: Hospital = hospital(2)
    norms = norms_of(tmp_path, 0.6)
    of_all: dict[str, Any] = {"norms": norms, "reference": released_reference()}
    assert set(ward.run(reports=True, **of_all)) == {"t0", "t1"}
    config = json.loads((ward.out / "study.json").read_text())["config"]
    assert config["norms"] == {
        "name": "the norms of controls.csv", "sha256": norms.sha256
    }  # fmt: skip
    assert config["reference"]["name"] == released_reference().name
    page = write_study_report(ward.out)[0].read_text(encoding="utf-8")
    assert "the norms of controls.csv" in page
    assert ward.run(reports=True, **of_all) == {}
    changed = of_all | {"norms": norms_of(tmp_path, 0.7)}
    assert set(ward.run(share=Share(1, 2), reports=True, **changed)) == {"t0"}
    assert set(ward.run(reports=True, **changed)) == {"t1"}
    assert set(ward.run(reports=True, reference=changed["reference"])) == {"t0", "t1"}


def test_a_worker_that_gets_them_has_the_same_keys(hospital: Any, tmp_path: Path) -> None:
    ward: Hospital = hospital(1)
    of_all = TrackOptions(norms=norms_of(tmp_path, 0.6), reference=released_reference())

    def key(asked: TrackOptions) -> str:
        [work] = works(ward.manifest(), policy_called("mine"), asked)
        return work.keys[0]

    assert key(pickle.loads(pickle.dumps(of_all))) == key(of_all)  # noqa: S301 - its own
    assert len({key(of_all), key(replace(of_all, norms=None)), key(TrackOptions())}) == 3
