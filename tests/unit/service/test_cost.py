"""What a thousand answers cost is computed from the prompt that would be sent."""

import pytest

from teachback.__main__ import main
from teachback.service.cost import bill


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
