"""Settings: from a file, from variables that go before it, and refused in words when wrong."""

from pathlib import Path

import pytest

from teachback.service.settings import SettingsError, load

EXAMPLE = Path(__file__).parents[3] / "teachback" / "grader.toml"


def test_the_example_is_complete_and_variables_go_before_it():
    settings = load(EXAMPLE, {})
    assert settings.model.base_url == "http://127.0.0.1:8786/v1"
    given = {
        "TEACHBACK_MODEL__NAME": "other",
        "TEACHBACK_MODEL__MAX_TOKENS": "500",
        "TEACHBACK_MODEL__EXTRA": '{ reasoning_effort = "low" }',
        "TEACHBACK_LIMITS__PER_CLIENT": '["1/second"]',
        "OTHER": "x",
    }
    changed = load(EXAMPLE, given)
    assert (changed.model.name, changed.model.max_tokens) == ("other", 500)
    assert changed.model.extra == {"reasoning_effort": "low"}
    assert changed.limits.per_client == ["1/second"]
    assert changed.limits.tokens_per_day == settings.limits.tokens_per_day


def test_one_line_makes_it_another_endpoint(tmp_path):
    lines = EXAMPLE.read_text().splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("model = "))
    others = [line.lstrip("# ").partition("}")[0] + "}" for line in lines if "#   model = " in line]
    assert len(others) == 3
    for other in others:
        file = tmp_path / "grader.toml"
        file.write_text("\n".join([*lines[:at], other, *lines[at + 1 :]]))
        assert load(file, {}).model.base_url.endswith("/v1")


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("ORIGINS", '["*"]', "origins.0: expected an origin such as https://example.org"),
        ("ORIGINS", '["null"]', "origins.0: expected an origin"),
        ("ORIGINS", '["https://a.example/"]', "origins.0: expected an origin"),
        ("ORIGINS", '["http://a.example"]', "origins.0: expected an origin"),
        (
            "ORIGINS",
            "https://a.example",
            'origins: expected a list such as ["https://a.example"], got text',
        ),
        ("ORIGINS", "[1]", "origins.0: expected text, got a whole number; put it in quotes"),
        (
            "TRUSTED_PROXIES",
            '["all"]',
            "trusted_proxies.0: expected an address, or a network such as",
        ),
        ("LIMITS", "7", "limits: expected a table of settings, got a whole number; set its parts"),
        ("LIMITS__PER_CLIENT", '["many"]', "expected a rate such as 10/minute"),
        ("LIMITS__CONCURRENCY", "0", "limits.concurrency: expected at least 1, got less"),
        ("LIMITS__CONCURRENCY", "1.5", "limits.concurrency: expected a whole number, got a number"),
        ("LIMITS__CONCURRENCY", "many", "limits.concurrency: expected a whole number, got text"),
        ("LIMITS__BODY_SECONDS", "0", "limits.body_seconds: expected more than 0, got less"),
        ("LIMITS__BODY_SECONDS", "601", "limits.body_seconds: expected at most 600, got more"),
        ("LIMITS__BODY_SECONDS", "nan", "limits.body_seconds: expected a finite number"),
        ("LISTEN", "8787", "listen: expected text, got a whole number; put it in quotes"),
        ("LISTEN", "localhost", "listen: expected an address and a port such as 127.0.0.1:8787"),
        ("LISTEN", "127.0.0.1:65536", "listen: expected a port of at most 65535"),
        ("API_KEY", "two\nlines", "the endpoint's key: expected one line"),
        ("MODEL__BASE_URL", "ftp://a.example", "model: base_url: expected an address"),
        ("MODEL__BASE_URL", "http://[::1", "model: base_url: expected an address"),
        ("MODEL__PROXY", "http://[::1", "model: proxy: expected an address"),
        ("MODEL__PROXY", "http://10.0.0.1:port", "model: proxy: expected an address"),
        ("ORIGINS", '["https://a.example:99999"]', "origins.0: expected an origin"),
        ("ORIGINS", '["https://["]', "origins.0: expected an origin"),
        ("MODEL__NAME", "[1]", "model.name: expected text, got a list"),
        ("MODEL__NAME__X", "1", "model.name: expected one value, got parts of it as well"),
        ("LIMITS__CONCURRENCY", "inf", "limits.concurrency: expected a finite number"),
        ("MODEL__BASE_URL", "http://10.0.0.1/v1", "allow_http = true"),
        ("MODEL__API_KEY_FILE", "/nowhere", "expected a file that can be read"),
        ("MODEL__NAME", "", "model.name: expected at least 1 character, got fewer"),
        ("MODEL__NAME", "x" * 201, "model.name: expected at most 200 characters, got more"),
        ("MODEL__EXTRA", "low", "model.extra: expected a table, got text"),
        ("MODEL__ALLOW_HTTP", "maybe", "model.allow_http: expected true or false, got text"),
        (
            "MODEL__PROXY",
            "10.0.0.1:3128",
            "proxy: expected an address such as http://10.0.0.1:3128",
        ),
        ("MODEL__API_KEY_FILE", "1", "model.api_key_file: expected a path in quotes, got a whole"),
        ("SPENT", "[]", "spent: expected a path in quotes, got a list"),
        (
            "MODEL",
            "gpt-5",
            "model: expected a table of settings, got text; set its parts, as in "
            "TEACHBACK_MODEL__NAME",
        ),
        ("MODEL", "5", "model: expected a table of settings, got a whole number"),
        ("MODEL", "the api_key", "model: expected a table of settings, got text"),
        (
            "MODLE",
            "{}",
            "modle: there is no such setting; expected model, or TEACHBACK_MODEL as a variable",
        ),
        (
            "API_KEY_FILE",
            "/a",
            "api_key_file: there is no such setting; expected "
            "model.api_key_file, or TEACHBACK_MODEL__API_KEY_FILE as a variable",
        ),
        ("NAME", "x", "expected model.name, or TEACHBACK_MODEL__NAME as a variable"),
        (
            "WEATHER",
            "x",
            "weather: there is no such setting; expected one of listen, rubrics, "
            "spent, origins, trusted_proxies, model, limits",
        ),
        ("LIMITS__ZZ", "1", "limits.zz: there is no such setting; expected one of per_client, "),
    ],
)
def test_wrong_settings_are_told_by_name(name, value, says):
    with pytest.raises(SettingsError) as caught:
        load(EXAMPLE, {f"TEACHBACK_{name}": value})
    assert says in str(caught.value)
    for word in ("Input", "Settings", "String", "input_"):
        assert word not in str(caught.value)


def test_settings_left_out_are_told_with_their_variables():
    with pytest.raises(SettingsError) as caught:
        load(None, {"TEACHBACK_ORIGINS": '["https://a.example"]', "TEACHBACK_MODEL": "{}"})
    assert str(caught.value).splitlines() == [
        "model.base_url: expected a value, got none; set it, or TEACHBACK_MODEL__BASE_URL",
        "model.name: expected a value, got none; set it, or TEACHBACK_MODEL__NAME",
    ]


def test_origins_left_out_are_told(tmp_path):
    lines = EXAMPLE.read_text().splitlines()
    file = tmp_path / "grader.toml"
    file.write_text("\n".join(line for line in lines if not line.startswith("origins")))
    with pytest.raises(SettingsError, match="origins: expected at least one origin"):
        load(file, {})


def test_a_variable_below_what_is_no_table_is_told():
    given = {"TEACHBACK_MODEL": "a-name", "TEACHBACK_MODEL__NAME": "another"}
    with pytest.raises(
        SettingsError, match="model: expected a table of settings, got text; set its"
    ):
        load(EXAMPLE, given)


def test_a_network_of_ones_own_may_be_plain():
    given = {
        "TEACHBACK_MODEL__BASE_URL": "http://10.0.0.1/v1",
        "TEACHBACK_MODEL__ALLOW_HTTP": "true",
    }
    assert load(EXAMPLE, given).model.base_url == "http://10.0.0.1/v1"


@pytest.mark.parametrize("text", ["origins = [", "\xff"])
def test_what_is_not_toml_is_told(tmp_path, text):
    file = tmp_path / "grader.toml"
    file.write_bytes(text.encode("latin-1"))
    with pytest.raises(SettingsError, match="expected TOML"):
        load(file, {})


def test_a_file_that_is_not_there_is_told():
    with pytest.raises(SettingsError, match="No such file"):
        load(Path("/nowhere.toml"), {})
