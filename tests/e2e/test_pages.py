"""What the pages show is what comes out."""

import re

import pytest

from tests.tools.pages import BLOCK, README, REPO, can_run, pages, with_answers

PAGES = [pytest.param(page, id=str(page.relative_to(REPO))) for page in pages()]


@pytest.mark.parametrize("page", PAGES)
def test_answers_from_the_sample_edition(page):
    assert with_answers(page.read_text(), "sample") == page.read_text(), (
        "write it anew with `python -m tests.tools.pages`"
    )


@pytest.mark.mirror
@pytest.mark.usefixtures("shared_mirror")
@pytest.mark.parametrize("page", PAGES)
def test_answers_from_the_real_files(page):
    assert with_answers(page.read_text(), "mirror") == page.read_text(), (
        "write it anew with `python -m tests.tools.pages`"
    )


@pytest.mark.parametrize("page", PAGES)
def test_every_question_has_an_answer(page):
    blocks = list(BLOCK.finditer(page.read_text()))
    assert blocks and all(block["answer"].count("\n") > 2 for block in blocks)
    for language in ("sql", "python", "r"):
        marked = sum(block["language"] == language for block in blocks)
        found = len(re.findall(rf"^```{language}$", page.read_text(), re.M))
        assert found == marked, f"a block of {language} without a mark of its edition is not checked"


@pytest.mark.parametrize("page", PAGES)
def test_no_path_of_a_machine_stands_in_a_page(page):
    assert not re.search(r"/(work|tmp|home|root)/", page.read_text())


def test_the_readme_has_its_five_questions():
    assert len(BLOCK.findall(README.read_text())) >= 5


@pytest.mark.skipif(not can_run("r"), reason="Rscript is not at hand, so the examples in R were not run")
def test_the_examples_in_r_are_run():
    blocks = [block for page in pages() for block in BLOCK.finditer(page.read_text()) if block["language"] == "r"]
    assert blocks  # Their answers are compared above, as those of every other language.


def test_a_wrong_answer_is_seen():
    block = "<!-- sample -->\n```sh\necho 1\n```\n\n```text\n2\n```\n"
    assert with_answers(block, "sample") == block.replace("2", "1") and with_answers(block, "mirror") == block
