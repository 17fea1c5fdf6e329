"""The page on reproducible pipelines names what exists, and the files for catalogues say what the project says of itself."""

import re
import tomllib

import yaml


def test_every_proof_that_the_page_names_exists(repo):
    page = (repo / "docs" / "rap.md").read_text()
    written = {
        name
        for path in (repo / "tests").rglob("test_*.py")
        for name in re.findall(r"^def (test_\w+)", path.read_text(), re.M)
    }
    targets = set(re.findall(r"^([a-z-]+):", (repo / "Makefile").read_text(), re.M))
    rows = [line.split("|")[1:-1] for line in page.splitlines() if line.startswith("| ") and "shown by" not in line]
    seen = 0
    for _, how, proof in rows:
        named = re.findall(r"`([^`]+)`", proof)
        assert named or how.strip().startswith("**not shown**"), how
        for name in named:
            command = name.removeprefix("make ")
            assert command in targets or name in written or (repo / name).is_file(), f"docs/rap.md names {name}"
        seen += len(named)
    assert len(rows) == 18 and seen > 30


def test_catalogue_files_say_what_the_project_says_of_itself(repo):
    project = tomllib.loads((repo / "pyproject.toml").read_text())["project"]
    cited, public = (yaml.safe_load((repo / name).read_text()) for name in ("CITATION.cff", "publiccode.yml"))
    assert cited["version"] == public["softwareVersion"] == project["version"]
    assert cited["license"] == public["legal"]["license"] == project["license"]
    assert cited["title"] == public["name"] and "url" not in public, "the address of the repository is not known"
    assert [author["name"] for author in cited["authors"]] == ["The authors of the Sectorakkoord VO warehouse"]
    for words in public["description"].values():
        assert len(words["shortDescription"]) <= 150 <= len(words["longDescription"]) <= 10_000
