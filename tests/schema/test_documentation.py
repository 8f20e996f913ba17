from pathlib import Path

import pytest

from quota_lib.documentation import documents, error_catalogue, write_documents
from quota_lib.problems import catalogue
from quota_lib.schema import sheets
from quota_lib.schema.dictionary import data_dictionary

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", list(documents()))
def test_the_document_in_the_repository_is_fresh(name):
    assert (DOCS / name).read_bytes() == documents()[name].encode(), "run: python -m quota_lib.documentation"


@pytest.mark.parametrize("name", list(documents()))
def test_a_document_says_that_it_is_generated(name):
    assert "python -m quota_lib.documentation" in "".join(documents()[name].splitlines(True)[:3])


def test_documents_are_written_as_they_are(tmp_path):
    write_documents(tmp_path / "docs")
    assert {path.name: path.read_text("utf-8") for path in (tmp_path / "docs").iterdir()} == documents()


def test_the_dictionary_has_every_sheet_and_column():
    text = data_dictionary()
    for sheet in sheets().values():
        section = text.split(f"\n### {sheet.title}\n")[1].split("\n### ")[0]
        assert all(f"\n| {heading} |" in section for heading in sheet.headings), sheet.title


def test_the_catalogue_has_every_code_once():
    text = error_catalogue()
    assert all(text.count(f"\n| {code} |") == 1 for code in catalogue())


def test_no_message_shows_its_gaps_in_braces():
    assert "{" not in error_catalogue()
