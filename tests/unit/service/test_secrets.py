"""The key is sent to its endpoint and shows nowhere else; learners' words are in no log."""

import io
import json
import logging
import os
import subprocess
import sys

import pytest
from serving_grader import ORIGIN
from standin import HABITS

from teachback.service.logs import Lines, pseudonym
from teachback.service.settings import ModelSettings, SettingsError, load

KEY = "sk-canary-0123456789-abcdef"
WORDS = "zebras whisper quietly"
BASE = {"TEACHBACK_MODEL__BASE_URL": "https://b.example/v1", "TEACHBACK_MODEL__NAME": "x"}
BASE |= {"TEACHBACK_ORIGINS": '["https://a.example"]'}


@pytest.mark.parametrize("habit", sorted(set(HABITS) - {"hang", "drip"}))
def test_the_key_shows_in_no_response_and_no_log(serve, ask, endpoint, habit):
    service = serve(habit, model={"api_key": KEY})
    said = ask(service).text
    assert endpoint.headers[-1]["authorization"] == f"Bearer {KEY}"
    said += "".join(service.client.get(path).text for path in ("/healthz", "/openapi.json", "/x"))
    said += service.client.post("/v1/grade", content=b"{").text
    assert KEY not in said
    assert KEY not in service.log


@pytest.mark.parametrize("habit", sorted(set(HABITS) - {"hang", "drip"}))
def test_learners_words_are_in_no_log(serve, ask, habit):
    service = serve(habit)
    answer = f"The model gives every word a probability, and {WORDS} about the loss."
    assert ask(service, answer).status_code == 200
    service.post({"answer": WORDS, WORDS: WORDS, "lesson": WORDS})
    service.client.get(f"/{WORDS}?{WORDS}", headers={"Origin": WORDS, "User-Agent": WORDS})
    service.client.request(WORDS.replace(" ", ""), "/healthz")
    log = service.log
    assert '"path": "/v1/grade"' in log
    for word in WORDS.split():
        assert word not in "\n".join(line for line in log.splitlines() if '"httpx2"' not in line)


def test_a_mistake_of_ours_shows_neither_key_nor_words(serve, ask, monkeypatch, caplog):
    def broken(*_: object) -> None:
        raise ValueError(f"{KEY} {WORDS}")

    monkeypatch.setattr("teachback.service.model.judge", broken)
    service = serve(model={"api_key": KEY})
    got = ask(service)
    assert (got.status_code, got.json()["code"]) == (500, "internal")
    log = service.log
    assert '"error": "ValueError at' in log
    for secret in (KEY, WORDS):
        assert secret not in got.text + log


def test_nothing_the_process_writes_shows_the_key_whatever_is_turned_on(
    rubrics, tmp_path, endpoint, body
):
    program = (
        "import asyncio, os, sys, logging\n"
        "from teachback.service.settings import load\n"
        "from teachback.service.logs import set_up\n"
        "from teachback.service.model import ModelGrader\n"
        "from teachback import Rubric\n"
        "settings = load(None, os.environ)\n"
        "set_up(settings.model.secret())\n"
        "print(settings, repr(settings.model), settings.model_dump_json())\n"
        "rubric = Rubric.from_json(open(sys.argv[1]).read())\n"
        f"ModelGrader(settings.model).grade_now(rubric, 'The loss tells that {WORDS} of course.')\n"
        "logging.getLogger('x').warning('it is %s', settings.model.secret())\n"
        "raise SystemExit\n"
    )
    given = BASE | {
        "TEACHBACK_MODEL__BASE_URL": endpoint.url,
        "TEACHBACK_API_KEY": KEY,
        "OPENAI_LOG": "debug",
        "PYTHONASYNCIODEBUG": "1",
    }
    command = [sys.executable, "-c", program, str(rubrics / "training.json")]
    done = subprocess.run(command, env={**os.environ, **given}, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "it is [key]" in done.stderr
    assert KEY not in done.stdout + done.stderr
    assert WORDS not in done.stdout + done.stderr


def test_a_key_comes_from_a_file_of_its_own(tmp_path):
    file = tmp_path / "key"
    file.write_text(f"{KEY}\n")
    settings = load(None, BASE | {"TEACHBACK_MODEL__API_KEY_FILE": str(file)})
    assert settings.model.secret() == KEY
    assert KEY not in repr(settings)


@pytest.mark.parametrize("where", ["api_key", "[model]\napi_key"])
def test_a_key_among_the_settings_is_refused_and_not_shown(tmp_path, where):
    file = tmp_path / "grader.toml"
    file.write_text(f'{where} = "{KEY}"\n')
    with pytest.raises(SettingsError, match="a key is no setting") as caught:
        load(file, BASE)
    assert KEY not in str(caught.value)


def test_a_key_among_the_variables_of_settings_is_refused_and_not_shown():
    with pytest.raises(SettingsError, match="put it into TEACHBACK_API_KEY") as caught:
        load(None, BASE | {"TEACHBACK_MODEL__API_KEY": KEY})
    assert KEY not in str(caught.value)


def test_a_key_in_the_address_is_refused_and_not_shown():
    with pytest.raises(SettingsError, match="expected no key in it") as caught:
        load(None, BASE | {"TEACHBACK_MODEL__BASE_URL": f"https://u:{KEY}@b.example/v1"})
    assert KEY not in str(caught.value)


def test_a_traceback_is_told_by_types_and_places_only():
    lines = io.StringIO()
    handler = logging.StreamHandler(lines)
    handler.setFormatter(Lines(KEY))
    logger = logging.Logger("anyone")
    logger.addHandler(handler)
    try:
        ModelSettings.model_validate({"base_url": WORDS, "name": KEY})
    except ValueError:
        logger.exception("failed: %s\n%s", KEY, WORDS)
    told = json.loads(lines.getvalue())
    assert told["event"] == "failed: [key]"
    assert told["error"].startswith("ValidationError at ")
    assert WORDS not in lines.getvalue()


def test_addresses_are_not_logged(serve, ask):
    service = serve(trusted_proxies=["127.0.0.1"])
    ask(service, X_Forwarded_For="203.0.113.77")
    log = service.log
    assert "203.0.113.77" not in log
    assert f'"client": "{pseudonym("203.0.113.77")}"' in log
    assert ORIGIN not in log
