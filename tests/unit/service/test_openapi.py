"""What the OpenAPI document promises is what the service does, whatever is thrown at it."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import TypeAdapter
from serving_grader import ORIGIN, grader

from teachback import grade
from teachback.service.openapi import Graded


@pytest.fixture(scope="module")
def service(endpoint, rubrics, tmp_path_factory):
    """One service, without a limit to the number of tries."""
    spent = tmp_path_factory.mktemp("openapi") / "spent.sqlite3"
    model = {"base_url": endpoint.url, "name": "good"}
    limits = {"per_client": ["1000000/minute"], "tokens_per_day": 10**9}
    given = {"rubrics": rubrics, "spent": spent, "model": model, "limits": limits}
    with grader(given) as running:
        yield running


def test_a_result_is_what_the_document_describes(service, body, rubric):
    whole = TypeAdapter(Graded)
    whole.validate_python(service.post(body).json())
    whole.validate_json(TypeAdapter(dict).dump_json(grade(rubric, "Nothing of it.").as_dict()))


def test_the_document_lists_every_code_that_pages_must_know(service):
    document = service.client.get("/openapi.json").json()
    responses = document["paths"]["/v1/grade"]["post"]["responses"]
    told = " ".join(each["description"] for each in responses.values())
    for code in ("unknown_lesson", "stale_rubric", "rate_limited", "budget_spent", "overloaded"):
        assert f"`{code}`" in told
    assert document["paths"]["/v1/grade"]["post"]["parameters"][0]["schema"]["enum"] == [ORIGIN]


def test_schemathesis_finds_nothing(service, tmp_path: Path):  # last: it ends the service
    program = Path(sys.executable).with_name("schemathesis")
    options = ["--checks", "all", "--max-examples", "60", "--seed", "1", "--no-color"]
    done = subprocess.run(
        [program, "run", f"{service.url}/openapi.json", *options],
        cwd=tmp_path,
        env={**os.environ, "NO_PROXY": "*"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]
    assert "Tested: 2" in done.stdout  # all but the document itself
    statuses = set(re.findall(r'"path": "/v1/grade".*?"status": (\d+)', service.log))
    assert statuses >= {"200", "400", "403", "404", "405", "415", "422"}
