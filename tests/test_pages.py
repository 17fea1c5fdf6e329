"""What the pages show is what comes out."""

import re

import pytest

from tests.pages import BLOCK, MIRROR, README, REPO, pages, with_answers

PAGES = [pytest.param(page, id=str(page.relative_to(REPO))) for page in pages()]


@pytest.mark.parametrize("page", PAGES)
def test_answers_from_the_sample_edition(page):
    assert with_answers(page.read_text(), "sample") == page.read_text()


@pytest.mark.mirror
@pytest.mark.skipif(not MIRROR.is_dir(), reason="the folder with the publishers' files is not at hand")
@pytest.mark.parametrize("page", PAGES)
def test_answers_from_the_real_files(page):
    assert with_answers(page.read_text(), "mirror") == page.read_text()


@pytest.mark.parametrize("page", PAGES)
def test_every_question_has_an_answer(page):
    blocks = list(BLOCK.finditer(page.read_text()))
    assert blocks and all(block["answer"].count("\n") > 2 for block in blocks)
    assert page.read_text().count("```sql") == len(blocks), "a sql block without a mark of its edition is not checked"


@pytest.mark.parametrize("page", PAGES)
def test_no_path_of_a_machine_stands_in_a_page(page):
    assert not re.search(r"/(work|tmp|home|root)/", page.read_text())


def test_the_readme_has_its_five_questions():
    assert len(BLOCK.findall(README.read_text())) >= 5
