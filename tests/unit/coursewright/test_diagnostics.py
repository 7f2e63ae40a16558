"""What an author reads when a lesson is wrong: file, line, column, path, expectation, fix."""

import pytest

from coursewright.language.course import load_course

LESSON = "course/lessons/one.yml"

# (what is replaced, by what, the diagnostics)
MISTAKES = {
    "unknown key": (
        "minutes: 3",
        "minutes: 3\nminuets: 4",
        [f"{LESSON}:5:1  minuets: unknown key\n    did you mean 'minutes'?"],
    ),
    "missing key": (
        "    title: The first concept\n",
        "",
        [f"{LESSON}:6:5  sections[0]: missing key 'title'\n    Add `title: …` here."],
    ),
    "duplicate key": (
        "minutes: 3",
        "minutes: 3\nminutes: 4",
        [
            f"{LESSON}:5:1  minutes: duplicate key, first given on line 4"
            "\n    Remove one of the two."
        ],
    ),
    "no number": (
        "minutes: 3",
        "minutes: three",
        [f"{LESSON}:4:10  minutes: expected a whole number, got 'three'"],
    ),
    "number out of range": (
        "step: 1,",
        "step: 0,",
        [
            f"{LESSON}:20:40  sections[0].blocks[2].demo.controls.x.step: "
            "expected a number above 0, got 0"
        ],
    ),
    "slider's ends": (
        "slider: [0, 10]",
        "slider: [10, 0]",
        [
            f"{LESSON}:20:25  sections[0].blocks[2].demo.controls.x.slider: "
            "expected [low, high] with low < high, got [10, 0]"
        ],
    ),
    "start outside": (
        "start: 2,",
        "start: 12,",
        [
            f"{LESSON}:20:50  sections[0].blocks[2].demo.controls.x.start: "
            "expected a number from 0 to 10, got 12"
        ],
    ),
    "unknown block": (
        "- callout:",
        "- calout:",
        [
            f"{LESSON}:22:9  sections[0].blocks[3]: expected a block, got one with calout"
            "\n    did you mean 'callout'?"
        ],
    ),
    "block that is text": (
        "- think_first: What comes next?",
        "- What comes next?",
        [
            f"{LESSON}:9:9  sections[0].blocks[0]: expected a block, got 'What comes next?'"
            "\n    A block has one of the keys text, think_first, callout, "
            "steps, table, image, video, predict, cell, exercise, demo."
        ],
    ),
    "callout's kind": (
        "kind: insight",
        "kind: insigt",
        [
            f"{LESSON}:23:17  sections[0].blocks[3].callout.kind: expected 'insight', "
            "'misconception', 'depth', 'real_world' or 'analogy', got 'insigt'"
        ],
    ),
    "unknown demo": (
        "run: sums:double",
        "run: sum:double",
        [
            f"{LESSON}:17:16  sections[0].blocks[2].demo.run: expected a file demos/sum.py in the "
            "course, found none\n    did you mean 'sums'?"
        ],
    ),
    "unknown function": (
        "run: sums:double",
        "run: sums:doubel",
        [
            f"{LESSON}:17:16  sections[0].blocks[2].demo.run: expected a function 'doubel' in "
            "course/demos/sums.py, found none\n    did you mean 'double'?"
        ],
    ),
    "control without parameter": (
        "            x: {",
        "            y: {",
        [
            f"{LESSON}:17:16  sections[0].blocks[2].demo.run: sums:double needs 'x', which no "
            "control sets\n    Add a control, or give the parameter a default.",
            f"{LESSON}:20:13  sections[0].blocks[2].demo.controls.y: sums:double has no parameter "
            "'y'\n    It takes: x.",
        ],
    ),
    "duplicate id": (
        "id: doubler",
        "id: first",
        [
            f"{LESSON}:15:15  sections[0].blocks[2].demo.id: duplicate id 'first', first given on "
            "line 6"
        ],
    ),
    "claim that is code": (
        "-log(0.5)",
        "__import__('os')",
        None,
    ),
    "claim without end": (
        "| .2f =}",
        "| .2f",
        [
            f"{LESSON}:11:27  sections[0].blocks[1].text: expected =}} to go with {{=, found none",
        ],
    ),
    "format that is none": (
        "| .2f =}",
        "| twodigits =}",
        [
            f"{LESSON}:11:27  sections[0].blocks[1].text: expected a format such as .2f, "
            "got 'twodigits'"
        ],
    ),
    "unquoted colon": (
        "title: One lesson",
        "title: One lesson: the first",
        [
            f"{LESSON}:2:8  the text 'One lesson: the first' needs quotes: there is a colon "
            "followed by a space in it\n    Write:\n      title: 'One lesson: the first'"
        ],
    ),
    "tab": (
        "    title: The first concept",
        "\ttitle: The first concept",
        None,
    ),
}


@pytest.mark.parametrize("name", [name for name, case in MISTAKES.items() if case[2]])
def test_a_mistake_is_named_at_its_place_with_a_fix(name, problems):
    old, new, expected = MISTAKES[name]
    assert problems(old, new) == expected


def test_a_valid_course_has_no_problems(problems):
    assert problems("minutes: 3", "minutes: 4") == []


def test_all_mistakes_of_a_file_are_told_at_once(problems):
    told = problems("minutes: 3\nsections", "minutes: -1\nsumary: x\nsections")
    assert [line.split("  ")[1].split(":")[0] for line in told] == ["minutes", "sumary"]


def test_mistakes_of_several_files_are_told_at_once_and_sorted(folder, problems):
    (folder / "demos" / "broken.py").write_text("def f(:\n    pass\n")
    told = problems("run: sums:double", "run: sums:dubble")
    assert [line.split(":")[0] for line in told] == [
        "course/demos/broken.py",
        "course/lessons/one.yml",
    ]


def test_a_tab_is_named_at_its_line(problems):
    (told,) = problems(*MISTAKES["tab"][:2])
    assert told == (
        f"{LESSON}:7:1  expected spaces to indent with, got a tab\n"
        "    Write:\n          title: The first concept"
    )


def test_code_in_a_claim_is_refused(problems):
    (told,) = problems(*MISTAKES["claim that is code"][:2])
    assert told.startswith(f"{LESSON}:11:27  sections[0].blocks[1].text: ")


@pytest.mark.parametrize(
    ("text", "value"), [("true", "true"), ("12:30", "12:30"), ("no", "no"), ("1e-3", "1e-3")]
)
def test_text_stays_text_whatever_yaml_would_guess(folder, problems, text, value):
    assert problems("title: One lesson", f"title: {text}") == []
    assert load_course(folder).lessons[0].spec.title == value


def test_a_number_field_reads_scientific_notation(folder, problems):
    assert problems("step: 1,", "step: 1e-3,") == []
    ((_, demo),) = load_course(folder).lessons[0].spec.demos()
    assert demo.controls["x"].step == 0.001


def test_a_file_that_is_not_utf8_is_named(folder, said):
    (folder / "lessons" / "one.yml").write_bytes(b"id: one\ntitle: caf\xe9\n")
    assert said(folder) == [
        f"{LESSON}:2:1  expected UTF-8 text, got byte 0xe9\n    Save the file as UTF-8."
    ]


def test_an_alias_bomb_is_refused_quickly(folder, said):
    lines = ["a: &a [x, x, x, x, x, x, x, x, x, x]"]
    lines += [
        f"{b}: &{b} [*{a}, *{a}, *{a}, *{a}, *{a}, *{a}, *{a}, *{a}, *{a}]"
        for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    (folder / "lessons" / "one.yml").write_text("\n".join(lines))
    (told,) = said(folder)
    assert "expected at most 20,000 values, got more" in told


def test_a_lesson_that_is_listed_nowhere_is_told(folder, said):
    (folder / "lessons" / "two.yml").write_text("id: two\n")
    assert said(folder) == [
        "course/course.yml:3:10  lessons: lesson 'two' has a file but is not listed"
        "\n    Add `- two` to `lessons`, or move the file away."
    ]


def test_a_lesson_without_a_file_is_told(folder, said):
    course = folder / "course.yml"
    course.write_text(course.read_text().replace("[one]", "[one, won]"))
    assert said(folder) == [
        "course/course.yml:3:16  lessons[1]: expected a file course/lessons/won.yml, found none"
        "\n    did you mean 'one'?"
    ]
