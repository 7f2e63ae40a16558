"""What a thousand answers cost is computed from the prompt that would be sent."""

from pathlib import Path

import gold
import pytest

from teachback.__main__ import main
from teachback.service.cost import bill

GUIDE = Path(__file__).parents[3] / "docs" / "grader.md"


def test_cost_grows_with_the_answer_and_with_prices(rubric):
    short, long = (bill(rubric, "word " * n, 1.0, 2.0) for n in (10, 400))
    assert long.tokens_in - short.tokens_in == pytest.approx(390 * 5 / 4, abs=1)
    for each in (short, long):
        assert each.thousand == pytest.approx(1000 * (each.tokens_in + 2 * each.tokens_out) / 1e6)


def test_the_command_prints_a_line_for_each_lesson(rubrics, capsys):
    options = ["--rubrics", str(rubrics), "--input", "0.15", "--output", "0.6"]
    assert main(["cost", *options]) == 0
    first = capsys.readouterr().out.splitlines()
    assert main(["cost", *options, "--characters", "4000"]) == 0
    second = capsys.readouterr().out.splitlines()
    assert [len(first), first[1].split()[0]] == [2, "training"]
    assert int(second[1].split()[1]) > int(first[1].split()[1]) + 900


def test_a_folder_without_rubrics_is_told(tmp_path, capsys):
    assert main(["cost", "--rubrics", str(tmp_path), "--input", "1", "--output", "1"]) == 1
    assert "build the site first" in capsys.readouterr().err


def test_the_guide_prints_what_the_command_does_for_this_course(tmp_path, capsys):
    for lesson in gold.LESSONS.glob("*.yml"):
        (tmp_path / f"{lesson.stem}.json").write_text(gold.by_phrases(lesson.stem).to_json())
    guide = GUIDE.read_text(encoding="utf-8")
    command = next(
        line for line in guide.splitlines() if line.startswith("    python -m teachback")
    )
    assert main([*command.split()[3:], "--rubrics", str(tmp_path)]) == 0
    assert f"```\n{capsys.readouterr().out}```" in guide


@pytest.mark.parametrize(
    ("option", "value", "says"),
    [
        ("--input", "-1", "expected a price of 0 or more, got '-1'"),
        ("--output", "nan", "expected a price of 0 or more, got 'nan'"),
        ("--output", "inf", "expected a price of 0 or more, got 'inf'"),
        ("--input", "a lot", "expected a price of 0 or more, got 'a lot'"),
        ("--characters", "-5", "expected a number of characters from 1 on, got '-5'"),
        ("--characters", "0", "expected a number of characters from 1 on, got '0'"),
        ("--characters", "1.5", "expected a number of characters from 1 on, got '1.5'"),
    ],
)
def test_numbers_that_mean_nothing_are_refused(rubrics, capsys, option, value, says):
    given = {"--input": "1", "--output": "1", option: value}
    options = [f"{name}={each}" for name, each in given.items()]
    with pytest.raises(SystemExit) as ended:
        main(["cost", "--rubrics", str(rubrics), *options])
    assert ended.value.code == 2
    assert f"argument {option}: {says}" in capsys.readouterr().err
