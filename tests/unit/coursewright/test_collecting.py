"""One mistake hides no other: all of a course's problems are told, each at its own place."""

import pytest

LESSON = "course/lessons/one.yml"
COURSE = "course/course.yml"


@pytest.fixture
def edited(folder, said):
    """Replaces pieces of a file of the course and returns what is then said about the course."""

    def say(name, *pieces):
        file = folder / name
        text = file.read_text()
        for old, new in pieces:
            assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
            text = text.replace(old, new)
        file.write_text(text)
        return said(folder)

    return say


@pytest.fixture
def in_lesson(edited):
    """Replaces pieces of the lesson."""
    return lambda *pieces: edited("lessons/one.yml", *pieces)


@pytest.fixture
def in_course(edited):
    """Replaces pieces of `course.yml`."""
    return lambda *pieces: edited("course.yml", *pieces)


def first_lines(told):
    """The diagnostics without their fixes."""
    return [diagnostic.splitlines()[0] for diagnostic in told]


def test_a_duplicate_key_hides_nothing_and_its_first_value_counts(in_lesson):
    told = in_lesson(("minutes: 3", "minutes: 3\nminutes: x\nminuets: 4"), ("step: 1,", "step: 0,"))
    said = first_lines(told)
    assert said[:2] == [
        f"{LESSON}:5:1  minutes: duplicate key, first given on line 4",
        f"{LESSON}:6:1  minuets: unknown key",
    ]
    assert said[2].endswith("controls.x.step: expected a number above 0, got 0")


def test_what_the_schema_refuses_hides_no_bad_target_id_claim_or_expectation(in_lesson):
    told = in_lesson(
        ("minutes: 3", "minutes: three"),
        ("id: doubler", "id: first"),
        ("title: A doubler", "titel: A doubler"),
        ("sums:double", "sums:doubel"),
        ("result == 4", "result =="),
        ("-log(0.5)", "log("),
        ("kind: insight", "kind: insigt"),
        ("Twice is more.", "'Twice {= is'"),
    )
    paths = [line.split("  ")[1].split(": ")[0] for line in first_lines(told)]
    assert paths == [
        "minutes",
        "sections[0].blocks[1].text",
        "sections[0].blocks[2].demo",
        "sections[0].blocks[2].demo.id",
        "sections[0].blocks[2].demo.titel",
        "sections[0].blocks[2].demo.run",
        "sections[0].blocks[2].demo.expect",
        "sections[0].blocks[3].callout.kind",
        "sections[0].blocks[3].callout.text",
    ]


def test_a_refused_block_moves_no_other_to_a_wrong_place(in_lesson):
    told = first_lines(in_lesson(("- think_first: W", "- W"), ("sums:double", "sums:doubel")))
    assert [line.split("  ")[1].split(": ")[0] for line in told] == [
        "sections[0].blocks[0]",
        "sections[0].blocks[2].demo.run",
    ]


def test_a_refused_control_is_not_also_said_to_be_missing(in_lesson):
    (told,) = in_lesson(("label: A number", "label: []"))
    assert "controls.x.label: expected text" in told


def test_a_lesson_that_is_no_mapping_is_told_once(folder, said):
    (folder / "lessons" / "one.yml").write_text("- one\n")
    assert said(folder) == [f"{LESSON}:1:1  expected keys with values, got a list of 1"]


def test_every_bad_claim_of_a_text_is_told(in_lesson):
    told = in_lesson(("one half.", "one {= 1 | x =} half {= 1 + =}, {= 2"))
    assert [line.split("  ")[0] for line in told] == [
        f"{LESSON}:11:56",
        f"{LESSON}:11:73",
        f"{LESSON}:11:84",
    ]


def test_a_mistake_in_course_yml_hides_no_lesson(folder, in_course):
    lesson = folder / "lessons" / "one.yml"
    lesson.write_text(lesson.read_text().replace("minutes: 3", "minutes: -3"))
    told = in_course(("title: Tiny", "titel: Tiny"), ("color: loss", "color: red"))
    paths = [line.split("  ")[1].split(": ")[0] for line in first_lines(told)]
    assert [path for path in paths if path != "missing key 'title'"] == [
        "titel",
        "concepts.loss.color",
        "minutes",
    ]


def test_a_refused_name_in_the_list_of_lessons_hides_no_other_lesson(folder, in_course):
    (folder / "lessons" / "One.yml").write_text("no: lesson\n")
    lesson = folder / "lessons" / "one.yml"
    lesson.write_text(lesson.read_text().replace("minutes: 3", "minutes: -3"))
    told = in_course(("lessons: [one]", "lessons: [One, one]"))
    assert first_lines(told) == [
        f"{COURSE}:3:11  lessons[0]: expected lower-case words joined by '-', got 'One'",
        f"{LESSON}:4:10  minutes: expected a number above 0, got -3",
    ]


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("id: &a [*a]\n", "1:9"),
        ("id: x\nneeds: &a\n  - b\n  - {c: *a}\n", "4:9"),
    ],
)
def test_an_alias_inside_what_it_names_is_told_at_its_place(folder, said, text, place):
    (folder / "lessons" / "one.yml").write_text(text)
    assert said(folder) == [
        f"{LESSON}:{place}  expected a value, got *a inside what it names"
        "\n    Write out what is meant here."
    ]


@pytest.mark.parametrize("count", [51, 3_000, 60_000])
def test_nesting_that_is_too_deep_is_told_at_its_place(folder, said, count):
    (folder / "lessons" / "one.yml").write_text("id: " + "[" * count + "]" * count)
    assert said(folder) == [
        f"{LESSON}:1:54  expected at most 50 levels of nesting, got more"
        "\n    Is a bracket typed too often?"
    ]


def test_aliases_that_nest_each_other_deeply_are_told(folder, said):
    lines = ["k0: &k0 [x]", *(f"k{i}: &k{i} [*k{i - 1}]" for i in range(1, 3000))]
    (folder / "lessons" / "one.yml").write_text("\n".join(lines))
    (told,) = said(folder)
    assert "expected at most 50 levels of nesting, got more\n    Do aliases" in told


SYNTAX = {
    "control character": (
        "It is short.",
        "Café, it\x07 is short.",
        "3:18",
        "found the control character U+0007",
        "Remove it; many editors do not show it.",
    ),
    "second document": (
        "minutes: 3",
        "---\nminutes: 3",
        "4:1",
        "expected one document, found another",
        "A file holds one document: remove the line of `---` or `...`, or what follows it.",
    ),
    "text after the document's end": (
        "minutes: 3",
        "...\nminutes: 3",
        "5:1",
        "expected no more text after the document's end, got 'minutes: 3'",
        "A file holds one document: remove the line of `---` or `...`, or what follows it.",
    ),
    "unknown alias": (
        "title: One lesson",
        "title: *lesson",
        "2:8",
        "title: expected text, got the YAML word `*lesson`",
        "Write:\n      title: '*lesson'",
    ),
}


@pytest.mark.parametrize("name", SYNTAX)
def test_each_mistake_of_syntax_has_its_own_fix(name, in_lesson):
    old, new, place, message, fix = SYNTAX[name]
    (told,) = in_lesson((old, new))
    assert told.startswith(f"{LESSON}:{place}  ")
    assert message in told
    assert told.endswith(f"\n    {fix}")


def test_a_merge_key_is_not_supported(in_lesson):
    told = in_lesson(("minutes: 3", "minutes: 3\n<<: {minutes: 4}"))
    assert told == [
        f"{LESSON}:5:1  <<: merge keys (`<<`) are not supported\n    Write the keys out."
    ]


def test_the_list_of_sources_has_an_id_too(in_lesson):
    sources = "sources: [{title: A work, url: https://example.org}]"
    told = in_lesson(("sections:", f"{sources}\nsections:"), ("id: first", "id: sources"))
    assert told == [
        f"{LESSON}:7:9  sections[0].id: duplicate id 'sources', which the list of sources on "
        "line 5 gets\n    Rename one of the two."
    ]


def test_the_lessons_title_has_an_id_too(in_lesson):
    assert in_lesson(("id: first", "id: lesson")) == [
        f"{LESSON}:6:9  sections[0].id: duplicate id 'lesson', which the lesson's title on line 2 "
        "gets\n    Rename one of the two."
    ]


def test_a_section_may_be_called_sources_where_no_list_is(in_lesson):
    assert in_lesson(("id: first", "id: sources")) == []


@pytest.mark.parametrize(
    ("name", "owner"),
    [("title", "the title of demo 'doubler'"), ("x", "control 'x' of demo 'doubler'")],
)
def test_an_id_made_from_a_demos_own_is_taken(in_lesson, name, owner):
    section = f"  - id: doubler-{name}\n    title: Next\n    blocks: [text: Words]\n"
    (told,) = in_lesson(("Twice is more.\n", f"Twice is more.\n{section}"))
    assert f"{LESSON}:25:9  sections[1].id: duplicate id 'doubler-{name}', which {owner}" in told


def test_an_id_that_comes_first_is_not_to_be_made_again(in_lesson):
    (told,) = in_lesson(("id: first", "id: doubler-x"))
    assert told.startswith(
        f"{LESSON}:20:13  sections[0].blocks[2].demo.controls.x: duplicate id 'doubler-x', first "
        "given on line 6; here control 'x' of demo 'doubler' would get it"
    )


def test_a_demo_given_twice_is_one_clash_not_three(in_lesson, folder):
    lesson = folder / "lessons" / "one.yml"
    demo = lesson.read_text().split("      - demo:\n")[1].split("      - callout")[0]
    (told,) = in_lesson(("      - callout:", f"      - demo:\n{demo}      - callout:"))
    assert "duplicate id 'doubler', first given on line 15" in told


def test_a_lesson_listed_twice_is_told(in_course):
    assert in_course(("[one]", "[one, one]")) == [
        f"{COURSE}:3:16  lessons[1]: duplicate lesson 'one', first given on line 3"
        "\n    Remove one of the two."
    ]


def test_a_lesson_cannot_need_itself(in_lesson):
    assert in_lesson(("minutes: 3", "minutes: 3\nneeds: [one]")) == [
        f"{LESSON}:5:9  needs[0]: expected another lesson, got this one\n    Remove it."
    ]


def test_a_word_belongs_to_one_concept(in_course):
    more = "  cost: {color: grad, words: [price, Loss]}\n"
    assert in_course(("words: [loss]}\n", "words: [loss]}\n" + more)) == [
        f"{COURSE}:7:38  concepts.cost.words[1]: the word 'Loss' belongs to the concept 'loss' "
        "already\n    A word takes one colour: give it to one of the two."
    ]


@pytest.mark.parametrize("there", [False, True])
def test_a_package_is_a_folder_with_a_pyproject(folder, in_course, there):
    if there:
        (folder / "engine").mkdir()
    assert in_course(("claims:", "packages: [engine]\nclaims:")) == [
        f"{COURSE}:4:12  packages[0]: expected a folder with a pyproject.toml, found none at "
        "course/engine"
    ]


def test_a_module_for_claims_can_be_imported(in_course):
    assert in_course(("[math]", "[math, maht, nowhere_to_be_found, no-module.x, xml.dom]")) == [
        f"{COURSE}:4:16  claims[1]: expected a module to import, got 'maht'"
        "\n    did you mean 'math'?",
        f"{COURSE}:4:22  claims[2]: expected a module to import, got 'nowhere_to_be_found'"
        "\n    It is a module of one of `packages`, or of the standard library.",
        f"{COURSE}:4:43  claims[3]: expected a module to import, got 'no-module.x'"
        "\n    It is a module of one of `packages`, or of the standard library.",
    ]


def test_the_running_program_is_no_module_for_claims(in_course):
    (told,) = in_course(("[math]", "[__main__]"))
    assert told.startswith(f"{COURSE}:4:10  claims[0]: expected a module to import")


@pytest.mark.parametrize("place", ["src/own_engine", "own_engine"])
def test_a_module_of_a_package_can_be_used_in_claims(folder, in_course, place):
    module = folder / "engine" / place
    module.mkdir(parents=True)
    (module / "__init__.py").write_text("")
    (folder / "engine" / "pyproject.toml").write_text("")
    assert in_course(("claims: [math]", "packages: [engine]\nclaims: [own_engine]")) == []


def test_an_import_the_browser_will_not_have_is_told(folder, said):
    (folder / "demos" / "sums.py").write_text(
        "import json\nfrom pydantic import BaseModel\n\ndef double(x):\n    return 2 * x\n"
    )
    (told,) = said(folder)
    assert told.startswith("course/demos/sums.py:2:1  imports `pydantic`, which the reader's")


@pytest.mark.parametrize("packages", ["[engine]", "engine"])
def test_a_package_that_is_not_there_is_told_once_not_at_each_import(folder, in_course, packages):
    (folder / "demos" / "sums.py").write_text(
        "from own_engine import twice\n\ndef double(x):\n    return twice(x)\n"
    )
    (told,) = in_course(("claims:", f"packages: {packages}\nclaims:"))
    assert told.startswith(f"{COURSE}:4:1")


def test_a_need_is_not_doubted_while_the_list_of_lessons_cannot_be_read(folder, in_course):
    lesson = folder / "lessons" / "one.yml"
    lesson.write_text(lesson.read_text().replace("minutes: 3", "minutes: 3\nneeds: [two]"))
    assert in_course(("lessons: [one]", "lessons: one, two")) == [
        f"{COURSE}:3:10  lessons: expected a list, got 'one, two'"
        "\n    In a list, every entry has a line of its own and begins with `- `."
    ]


@pytest.mark.parametrize("key", ["'[key]'", "'<demo>'", "'<nothing>'"])
def test_a_key_that_looks_like_the_schemas_own_is_only_unknown(in_lesson, key):
    (told,) = in_lesson(("minutes: 3", f"minutes: 3\n{key}: 4"))
    assert told.startswith(f"{LESSON}:5:1  {key[1:-1]}: unknown key")


def test_a_concept_may_not_be_called_like_the_schemas_own(in_course):
    (told,) = in_course(("  loss:", "  '<demo>':"))
    assert "expected lower-case words joined by '-'" in told
