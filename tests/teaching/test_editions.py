"""The course as it leaves the project: complete folders, nothing typed is lost, pages that stand alone."""

from __future__ import annotations

import re
import subprocess
import sys
import venv
import zipfile

import nbformat
import pytest
from places import REPO

from vbhc.publish.notebook_files import tags
from vbhc.teaching import editions, pages
from vbhc.teaching.__main__ import course

LESSONS = editions.lessons_of(REPO)


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("course")
    list(editions.write_editions(REPO, folder))
    list(pages.write_pages(REPO, folder))
    return folder


@pytest.mark.parametrize("name", LESSONS)
def test_students_get_no_solution_no_result_and_no_words_for_the_teacher(made, name):
    lesson = nbformat.read(made / "student" / f"{name}.ipynb", 4)
    nbformat.validate(lesson)
    seen = {tag for cell in lesson.cells for tag in tags(cell)}
    assert not seen & {"solution", "teacher"}
    assert not any(cell.get("outputs") for cell in lesson.cells)
    assert sum(cell.source.startswith("answer = ...") for cell in lesson.cells) == 3
    assert all(cell.source.startswith("<details>") for cell in lesson.cells if "hint" in tags(cell))
    kept = nbformat.read(made / "teacher" / f"{name}.ipynb", 4)
    assert [cell.source for cell in kept.cells] == [c.source for c in nbformat.read(LESSONS[name], 4).cells]


def test_what_a_student_typed_stays_and_the_new_lesson_lies_beside_it(tmp_path):
    list(editions.write_editions(REPO, tmp_path))
    untouched = list(editions.write_editions(REPO, tmp_path))
    assert not [line for line in untouched if "beside" in line]
    path = tmp_path / "student" / "01-volume-or-value.ipynb"
    lesson = nbformat.read(path, 4)
    cell = next(cell for cell in lesson.cells if cell.source.startswith("answer = ..."))
    cell.source = cell.source.replace("...", "616 / 0.323")
    path.write_text(nbformat.writes(lesson), encoding="utf-8")
    said = list(editions.write_editions(REPO, tmp_path))
    assert (
        "student/01-volume-or-value-new.ipynb (beside 01-volume-or-value.ipynb, in which somebody typed)"
        in said
    )
    assert "616 / 0.323" in path.read_text(encoding="utf-8")
    assert "answer = ..." in path.with_stem("01-volume-or-value-new").read_text(encoding="utf-8")


def test_a_folder_holds_all_that_its_lessons_read(made):
    for edition in ("student", "teacher"):
        folder = made / edition
        assert {"README.md", "LICENSE-TEXT", "requirements.txt", "matplotlibrc"} <= {
            p.name for p in folder.iterdir()
        }
        read = re.findall(
            r"data/[\w-]+\.csv", "".join(p.read_text(encoding="utf-8") for p in folder.glob("*.ipynb"))
        )
        assert not [name for name in read if not (folder / name).is_file()]
        for line in (folder / "requirements.txt").read_text().split():
            assert (folder / line).is_file()


def test_the_wheel_holds_the_package_and_is_the_same_bytes_twice(made, tmp_path):
    wheel = next((made / "student").glob("*.whl"))
    assert editions.write_wheel(tmp_path).read_bytes() == wheel.read_bytes()
    with zipfile.ZipFile(wheel) as archive:
        assert {"vbhc/teaching/answers.txt", "vbhc/teaching/sliders/payment.html"} <= set(archive.namelist())
        listed = {line.split(",")[0] for line in archive.read("vbhc-0.1.0.dist-info/RECORD").decode().split()}
        assert listed == set(archive.namelist())


def test_an_empty_environment_checks_answers_after_pip_has_read_the_wheel(made, tmp_path):
    """Without what the package needs: `check` asks for Python alone."""
    venv.create(tmp_path / "venv", with_pip=True)
    python = tmp_path / "venv" / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    wheel = next((made / "student").glob("*.whl"))
    install = [python, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", wheel]
    subprocess.run(install, check=True, capture_output=True)
    code = "from vbhc import teaching as t; t.check('1.1', 616 / 0.323); t.slider('payment')._repr_html_()"
    done = subprocess.run([python, "-c", code], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.startswith("Right. ")


@pytest.mark.parametrize("name", [*LESSONS, "index", "words"])
def test_a_page_stands_alone_folds_its_code_and_gives_no_answer(made, name):
    html = (made / "pages" / f"{name}.html").read_text(encoding="utf-8")
    assert not re.search(r'(?:src|href)="(?!data:|data/[\w-]+\.csv|#|https://|[\w-]+\.html)', html)
    assert "teaching.check" not in html
    folded = html.count("<summary>Hint</summary>") + html.count("<summary>Once you have an answer</summary>")
    assert html.count("<details>") == folded
    assert not re.search(r"Needs pandas|three dots|Shift and Enter", html)
    for target in re.findall(r'href="([\w-]+\.html|data/[\w-]+\.csv)', html):
        assert (made / "pages" / target).is_file()
    for page, anchor in re.findall(r'href="([\w-]+\.html)#([\w-]+)"', html):
        assert f'id="{anchor}"' in (made / "pages" / page).read_text(encoding="utf-8")
    assert not re.search(r'<img(?![^>]*alt="[^"]{40,})', html)


def test_slides_show_the_picture_of_each_lesson(made):
    html = (made / "teacher" / "slides.html").read_text(encoding="utf-8")
    assert html.count("<h2 ") == html.count("<figure>") == len(LESSONS)


def test_the_command_writes_all_of_it(tmp_path):
    for name in ("notebooks", "LICENSE-TEXT"):
        (tmp_path / name).symlink_to(REPO / name)
    said = list(course(tmp_path))
    assert said[-3:] == ["pages/index.html", "pages/words.html", "teacher/slides.html"]
    assert all((tmp_path / "course" / line).is_file() for line in said)
