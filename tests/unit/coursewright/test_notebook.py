"""Notebooks from lessons: valid, the same in every build, and their cells run as they are."""

import doctest
import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from coursewright.cli import main
from coursewright.exports import carried, prose

ROOT = Path(__file__).parents[3]
MORE = r"""
      - text: |
          A price of $5, `code with $x$`, [the start](#first), [a formula $|x|$](two.md#first),
          <kbd>Ctrl</kbd>, <not HTML>, ![a curve](curve.svg) and \(\loss{L} = {= 2 + 2 =}\).
      - steps: [One., "Two:\n\nin two parts."]
      - table:
          columns: [n, "$|n|$ or |"]
          rows: [["1", "{= 1 | .1f =}"], ["2", ""]]
          caption: Sizes.
      - image: {file: curve.svg, alt: A curve, caption: It falls.}
      - video: {url: "https://example.org/v", title: A talk, by: Ada, minutes: 3}
      - predict:
          id: guess
          ask: What is twice two?
          options: [three, four]
          answer: 2
          why: It is {= 2 * 2 =}.
          then: doubler
      - cell:
          id: try-it
          code: |
            three = 3
            three
      - exercise:
          id: write-it
          ask: Write `thrice`.
          starter: |
            def thrice(x):
                return x
          checks: [{call: thrice(2), gives: "6"}, {call: thrice(0), gives: "0", hidden: true}]
          hints: ["Use $\\cdot$."]
          solution: |
            def thrice(x):
                return 3 * x
quiz:
  - ask: Which is even?
    options:
      - {text: one, why: Odd.}
      - {text: two, correct: true, why: Even.}
      - {text: three, why: Odd too.}
  - {ask: Half of one?, kind: numeric, answer: 0.5, tolerance: 0.01, unit: m, why: One by two.}
  - {ask: In order?, kind: order, items: [a, b, c], why: The alphabet.}
teach_back:
  prompt: Explain even numbers.
  follow_up: Is zero even?
  model_answer: Two halves.
  rubric:
    - {id: halves, points: 10, criterion: Says it can be halved., look_for: [half]}
flashcards:
  - {front: "Even, $x$?", back: "{= 2 + 2 =}"}
sources:
  - {title: A book, url: "https://example.org/b"}
"""

BLOCKS = [
    "The **loss** is 0.69 at one half.\n\nAnd $x^2$ is a formula.",
    "> **Think first**\n>\n> What comes next?",
    "A price of \\$5, `code with $x$`, [the start](#first), "
    "[a formula $|x|$](two.ipynb#first),\n<kbd>Ctrl</kbd>, &lt;not HTML>, "
    "![a curve](attachment:curve.svg) and ${L} = 4$.",
    "1. One.\n2. Two:\n\n   in two parts.",
    "| n | $\\vert n\\vert $ or \\| |\n| --- | --- |\n| 1 | 1.0 |\n| 2 |  |\n\nSizes.",
    "![A curve](attachment:curve.svg)\n\nIt falls.",
    "**Video:** [A talk](https://example.org/v), Ada, 3 minutes",
    '<a id="guess"></a>**Predict.** What is twice two?\n\n* **A.** three\n* **B.** four\n\n'
    "<details><summary>What happens</summary>\n\n**B.** four\n\nIt is 4.\n\n"
    "[See it happen](#doubler)\n\n</details>",
    '<a id="write-it"></a>**Write it.** Write `thrice`.\n\n* `thrice(2)` gives `6`',
    '<a id="question-1"></a>**Question 1.** Which is even?\n\n* **A.** one\n* **B.** two\n'
    "* **C.** three\n\n<details><summary>Answer</summary>\n\n* **A. Not so.** Odd.\n"
    "* **B. Right.** Even.\n* **C. Not so.** Odd too.\n\n</details>",
    "Even, $x$?\n\n<details><summary>Show answer</summary>\n\n4\n\n</details>",
    '## <a id="sources"></a>Sources\n\n* [A book](https://example.org/b)',
]


@pytest.fixture
def whole(folder):
    """A course whose lesson has every block, and a second lesson to link to."""
    lessons = folder / "lessons"
    first = (lessons / "one.yml").read_text()
    (lessons / "two.yml").write_text(first.replace("id: one", "id: two"))
    (lessons / "one.yml").write_text(first.rstrip("\n") + MORE)
    course = (folder / "course.yml").read_text()
    (folder / "course.yml").write_text(course.replace("[one]", "[one, two]"))
    (folder / "images").mkdir()
    (folder / "images" / "curve.svg").write_text("<svg/>")
    return folder


def exported(folder, *which):
    """The notebooks `coursewright export notebook` writes, by lesson."""
    out = folder.parent / "notebooks"
    arguments = ["export", "notebook", *which, "--course", str(folder), "--out", str(out)]
    assert main(arguments) == 0
    return {file.stem: file for file in sorted(out.glob("*.ipynb"))}


def cells(file, kind):
    """The sources of a notebook's cells of a kind."""
    found = json.loads(file.read_text())["cells"]
    return ["".join(cell["source"]) for cell in found if cell["cell_type"] == kind]


def run(file):
    """Run the code cells of a notebook where it lies, as plain Python."""
    program = "names = {'__name__': '__main__'}\n"
    program += "\n".join(f"exec({code!r}, names)" for code in cells(file, "code"))
    return subprocess.run(
        [sys.executable, "-W", "error", "-c", program],
        cwd=file.parent,
        capture_output=True,
        text=True,
    )


def test_notebooks_are_valid_and_their_cells_run_as_they_are(whole):
    files = exported(whole, "--all")
    assert list(files) == ["one", "two"]
    for file in files.values():
        nbformat.validate(nbformat.reads(file.read_text(), as_version=nbformat.NO_CONVERT))
        done = run(file)
        assert done.returncode == 0, done.stderr


def test_the_courses_own_notebooks_run(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    out = tmp_path / "notebooks"
    assert main(["export", "notebook", "--all", "--out", str(out)]) == 0
    for file in out.iterdir():
        nbformat.validate(nbformat.reads(file.read_text(), as_version=nbformat.NO_CONVERT))
        assert '"numpy": "numpy",\n    "pyengine": ".' in cells(file, "code")[0]
        done = run(file)
        assert done.returncode == 0, done.stderr


def test_two_exports_give_the_same_bytes(whole):
    before = {name: file.read_bytes() for name, file in exported(whole, "--all").items()}
    assert {name: file.read_bytes() for name, file in exported(whole, "--all").items()} == before


def test_a_demo_is_called_with_the_start_values_of_its_controls(whole):
    code = cells(exported(whole, "one")["one"], "code")
    assert code[1:] == [
        "write('demos/__init__.py', '')",
        "write('demos/sums.py', r'''\ndef double(x: float) -> float:\n    return 2 * x\n''')",
        "from demos.sums import double\n\ndouble(x=2.0)",
        "three = 3\nthree",
        "def thrice(x):\n    return x",
    ]


def test_blocks_become_markdown(whole):
    found = cells(exported(whole, "one")["one"], "markdown")
    assert [expected for expected in BLOCKS if expected not in found] == []


def test_numbers_and_orders_keep_their_answers_folded(whole):
    text = "\n".join(cells(exported(whole, "one")["one"], "markdown"))
    assert "<summary>Answer</summary>\n\n**0.5 m**\n\nOne by two." in text
    assert "<summary>Answer</summary>\n\n1. a\n2. b\n3. c\n\nThe alphabet." in text
    assert "* **A.** a\n* **B.** b" not in text


def test_a_cell_keeps_its_id_when_another_is_put_before_it(whole):
    def ids():
        data = json.loads(exported(whole, "one")["one"].read_text())
        return [cell["id"] for cell in data["cells"]]

    before = ids()
    lesson = whole / "lessons" / "one.yml"
    new = "    blocks:\n      - text: Something new.\n"
    lesson.write_text(lesson.read_text().replace("    blocks:\n", new, 1))
    after = ids()
    assert len(after) == len(set(after)) == len(before) + 1
    assert [each for each in after if each in before] == before


def test_a_notebook_runs_without_the_course_beside_it(whole, tmp_path):
    demos = whole / "demos"
    (demos / "parts").mkdir()
    (demos / "sums.py").write_text(
        "from demos.parts.by import two\n\ndef double(x: float) -> float:\n    return two() * x\n"
    )
    (demos / "parts" / "__init__.py").write_text("")
    (demos / "parts" / "by.py").write_text(
        "from pathlib import Path\n\n\ndef two():\n    '''It is \"two\".'''\n"
        '    """In both quotes."""\n'
        "    return float((Path(__file__).parent / 'two\".txt').read_text())\n"
    )
    (demos / "parts" / 'two".txt').write_bytes(b"2\r\n")
    (demos / "parts" / "other.txt").write_text("of nobody")
    (demos / "unused.py").write_text("x = 1\n")
    file = exported(whole, "one")["one"]
    alone = tmp_path / "away" / "one.ipynb"
    alone.parent.mkdir()
    alone.write_text(file.read_text())
    shutil.rmtree(whole)
    done = run(alone)
    assert done.returncode == 0, done.stderr
    written = re.findall(r"^write\('(.*?)', ", "\n".join(cells(alone, "code")), re.MULTILINE)
    names = ["__init__.py", "parts/__init__.py", "parts/by.py", 'parts/two".txt', "sums.py"]
    assert written == [f"demos/{name}" for name in names]


def test_a_changed_demo_counts_when_its_cell_is_run_again(whole):
    code = cells(exported(whole, "one")["one"], "code")[:4]
    changed = code[2].replace("2 * x", "100 * x")
    again = [changed, code[3].replace("\n\n", "\n\nassert 200 == ")]
    program = "names = {}\n" + "\n".join(f"exec({each!r}, names)" for each in [*code, *again])
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_images_travel_in_the_notebook(whole):
    found = json.loads(exported(whole, "one")["one"].read_text())["cells"]
    attached = [cell["attachments"] for cell in found if "attachments" in cell]
    assert attached == [{"curve.svg": {"image/svg+xml": "PHN2Zy8+"}}] * 2


def test_a_lesson_without_code_has_no_cell_to_run_first(whole):
    lesson = whole / "lessons" / "one.yml"
    head, _, tail = lesson.read_text().partition("      - demo:")
    lesson.write_text(head + "quiz:" + tail.partition("\nquiz:")[2])
    assert cells(exported(whole, "one")["one"], "code") == []


def test_a_lesson_that_is_not_there_is_told(whole, capsys):
    assert main(["export", "notebook", "tow", "--course", str(whole), "--out", "out"]) == 1
    said = capsys.readouterr().err
    assert said == "expected a lesson of the course, got 'tow'\n    did you mean 'two'?\n"


def test_a_course_with_problems_is_not_exported(whole, capsys):
    lesson = whole / "lessons" / "one.yml"
    lesson.write_text(lesson.read_text().replace("result == 4", "result == 5"))
    assert main(["export", "notebook", "--all", "--course", str(whole), "--out", "out"]) == 1
    assert "expected `result == 5` to hold" in capsys.readouterr().err
    assert not Path("out").exists()


def test_a_demo_that_goes_on_for_ever_runs_up_to_the_step_the_page_shows(folder):
    endless = "def double(x: float):\n    while True:\n        yield x\n        x *= 2\n"
    (folder / "demos" / "sums.py").write_text(endless)
    lesson = folder / "lessons" / "one.yml"
    text = lesson.read_text().replace(
        "expect: result == 4", "steps: 3\n          expect: result == 8"
    )
    lesson.write_text(text)
    file = exported(folder, "one")["one"]
    assert cells(file, "code")[-1].endswith("*_, last = islice(double(x=2.0), 3)\nlast")
    done = run(file)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("which", [[], ["one", "--all"]], ids=["none", "both"])
def test_one_lesson_or_all_are_exported(which):
    with pytest.raises(SystemExit) as ended:
        main(["export", "notebook", *which, "--out", "out"])
    assert ended.value.code == 2


@pytest.mark.parametrize("module", [prose, carried])
def test_the_examples_hold(module):
    assert doctest.testmod(module).failed == 0
