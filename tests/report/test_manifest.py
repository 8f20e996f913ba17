import hashlib
import json

import pytest

from quota_lib.report.manifest import library_hash, manifest, sha256_file, versions

ARGUMENTS = {
    "inputs": {"data/2025Q1/申报.xlsx": "b" * 64, "data/2025Q1/a.xlsx": "a" * 64},
    "parameters": {"period": "2025Q1"},
    "notebook": {"notebooks/reserve.ipynb": "c" * 64},
    "statuses": {"filing.COD": "draft"},
    "outputs": {"reserve.html": "d" * 64},
    "library": "e" * 64,
    "used": {"python": "3.11"},
}


def test_the_hash_of_a_file_is_that_of_its_bytes(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"x" * (1 << 21) + b"y")
    assert sha256_file(path) == hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_manifest_is_canonical_json():
    text = manifest(**ARGUMENTS)
    assert text == json.dumps(json.loads(text), ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    assert text.index("a.xlsx") < text.index("申报.xlsx")


def test_the_order_of_what_is_passed_in_changes_nothing():
    turned = {key: dict(reversed(value.items())) for key, value in ARGUMENTS.items() if key != "library"}
    assert manifest(**turned, library="e" * 64) == manifest(**ARGUMENTS)


@pytest.mark.parametrize("part", ["inputs", "notebook", "outputs"])
@pytest.mark.parametrize("path", ["/home/x/a.xlsx", "C:\\a.xlsx", "../a.xlsx", "data/../../a.xlsx", "\\\\host\\a"])
def test_a_path_outside_the_workspace_is_refused(part, path):
    with pytest.raises(ValueError, match="within the workspace"):
        manifest(**{**ARGUMENTS, part: {path: "f" * 64}})


@pytest.mark.parametrize("name", ["a.py", "methods/card.yaml", "t/index.html.j2", "t/report.css", "t/report.js"])
def test_the_library_hash_changes_with_every_source(tmp_path, name):
    path = tmp_path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("1")
    before = library_hash(tmp_path)
    path.write_text("2")
    assert library_hash(tmp_path) != before


def test_the_library_hash_changes_with_a_name_and_not_with_other_files(tmp_path):
    (tmp_path / "a.py").write_text("1")
    before = library_hash(tmp_path)
    (tmp_path / "a.pyc").write_text("1")
    assert library_hash(tmp_path) == before
    (tmp_path / "a.py").rename(tmp_path / "b.py")
    assert library_hash(tmp_path) != before


def test_the_library_hash_covers_this_package_by_default():
    assert len(library_hash()) == 64 and library_hash() == library_hash()


def test_versions_name_python_without_its_patch_level_and_only_what_is_installed():
    found = versions(("papermill", "no-such-package"))
    assert found.keys() == {"python", "papermill"}
    assert found["python"].count(".") == 1
