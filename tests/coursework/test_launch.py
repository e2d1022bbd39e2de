"""The buttons for Binder and Colab, and the edition for lecturers."""

import os
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import nbformat
import pages
import pytest
import yaml
from bs4 import BeautifulSoup
from sphinx.errors import ConfigError

from ext import launch

CHAPTER = "chapters/03-keep-probability"
ADDRESS = "https://github.com/owner/some-book"


class App:
    """As much of Sphinx as says where the repository is."""

    def __init__(self, url: str) -> None:
        self.config = self
        self.book_repository, self.book_branch = url, "main"


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build a chapter and the lecturers' pages, with an address of the repository."""
    folder = tmp_path_factory.mktemp("edition")
    config = yaml.safe_load((pages.ROOT / "_config.yml").read_text(encoding="utf-8"))
    assert config["sphinx"]["config"]["book_repository"] == ""
    toc = {"root": "intro", "chapters": [{"file": CHAPTER}]}
    lecturers = pages.ROOT / "appendix" / "instructors" / "toc.yml"
    [part] = yaml.safe_load(lecturers.read_text(encoding="utf-8"))
    toc["chapters"] += part["chapters"]
    settings = {"book_repository": ADDRESS + ".git"}
    return pages.build_part(folder, toc, settings=settings, ARBOOK_SOLUTIONS="yes") / "html"


def buttons(page: Path) -> dict[str, str]:
    """Return the buttons of a page and where they lead."""
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    return {a.get_text(): str(a["href"]) for a in soup.select("a.launch-button")}


def test_buttons_lead_to_files_that_exist(edition):
    found = buttons(edition / f"{CHAPTER}.html")
    assert list(found) == ["Binder", "Colab"]
    binder = urlsplit(found["Binder"])
    assert binder.path == "/v2/gh/owner/some-book/main"
    [place] = parse_qs(binder.query)["urlpath"]
    assert (pages.ROOT / place.removeprefix("lab/tree/")).is_file()

    start = "https://colab.research.google.com/github/owner/some-book/blob/"
    branch, file = found["Colab"].removeprefix(start).split("/", 1)
    workflow = pages.ROOT / ".github" / "workflows" / "pages.yml"
    jobs = yaml.safe_load(workflow.read_text(encoding="utf-8"))["jobs"]
    [kept] = [step["with"] for step in jobs["build"]["steps"] if step.get("id") == "colab"]
    assert kept == {"name": "colab", "path": "_build/html/colab"}
    [fetch, push] = jobs["colab"]["steps"]
    assert fetch["with"] == {"name": kept["name"]}
    assert f'${{GITHUB_REPOSITORY}}" {branch}\n' in push["run"]
    notebook = nbformat.read(edition / "colab" / file, as_version=4)
    nbformat.validate(notebook)
    first = next(cell.source for cell in notebook.cells if cell.cell_type == "code")
    assert f'%pip install --quiet "arbook @ git+{ADDRESS}@main"' in first


def test_without_an_address_there_are_no_buttons():
    book = pages.built()
    assert buttons(book / f"{CHAPTER}.html") == {}
    assert not (book / "colab").exists()


def test_other_hosts_and_wrong_addresses():
    [(name, url)] = launch.links("https://gitlab.com/group/book", "main", CHAPTER)
    assert name == "Binder"
    assert url.startswith("https://mybinder.org/v2/gl/group%2Fbook/main?urlpath=lab%2Ftree%2F")
    [(_, url)] = launch.links("https://git.example.org/a/b", "dev", CHAPTER)
    assert "/v2/git/https%3A%2F%2Fgit.example.org%2Fa%2Fb/dev?" in url
    assert launch.repository(App(f" {ADDRESS}/ ")) == (ADDRESS, "main")
    assert launch.repository(App("")) == ("", "main")
    for wrong in (
        "github.com/owner/name",
        "https://github.com/owner",
        "owner/name",
        'https://x/a/"',
    ):
        with pytest.raises(ConfigError, match=r"address such as https://github\.com/owner/name"):
            launch.repository(App(wrong))


def test_binder_installs_what_the_book_needs():
    folder = pages.ROOT / ".binder"
    lines = (folder / "requirements.txt").read_text().split()
    assert (folder / lines[lines.index("-r") + 1]).resolve() == pages.ROOT / "requirements.lock"
    script = folder / "postBuild"
    assert os.access(script, os.X_OK)
    assert "pip install --no-deps -e ." in script.read_text()


def test_lecturers_have_every_chapter_and_students_have_none_of_it(edition):
    page = edition / "appendix" / "instructors" / "chapters.html"
    soup = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser")
    sections = soup.select("article section section")
    assert len(sections) == len(list((pages.ROOT / "chapters").glob("*.md"))) > 10
    for number, section in enumerate(sections, start=1):
        assert section.h2.get_text().startswith(f"{number} ")
        text = section.get_text()
        minutes = [int(word.strip("()")) for word in text.split() if word.strip("()").isdigit()
                   and word.startswith("(")]  # fmt: skip
        assert 60 <= sum(minutes) <= 90, number
        assert len(section.ol.select("li")) >= 6
        assert text.count("Hear") >= 2
    assert not (pages.built() / "appendix" / "instructors").exists()


def test_the_syllabus_names_the_chapters_of_its_numbers():
    """In "reading a real run, measured and true (9, 10)" every name is of its chapter's title."""
    titles = [
        re.search(r"^# (.*)$", page.read_text(encoding="utf-8"), re.M)[1].lower()
        for page in sorted((pages.ROOT / "chapters").glob("*.md"))
    ]
    page = pages.ROOT / "appendix" / "instructors" / "syllabus.md"
    named = re.findall(r"([a-z, -]+) \((\d+(?:, \d+)*)\)", page.read_text(encoding="utf-8"))
    assert len(named) > 15
    for words, numbers in named:
        numbers = [int(number) for number in numbers.split(", ")]
        names = [name.strip() for name in words.split(",")][-len(numbers) :]
        assert [
            n for n, name in zip(numbers, names, strict=True) if name not in titles[n - 1]
        ] == []
