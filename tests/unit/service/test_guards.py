"""Only the course's pages may ask, and only in JSON: CORS alone would let anyone spend tokens."""

import json

import httpx2
import pytest
from serving_grader import ORIGIN, Grader, grader

ORIGINS = {ORIGIN: True, "https://evil.example": False, "null": False, "": False, None: False}
ORIGINS |= {ORIGIN + ".evil.example": False, "http://course.example": False}
TYPES = {
    "application/json": True,
    "application/json; charset=utf-8": True,
    "Application/JSON": True,
}
TYPES |= {"text/plain": False, "application/x-www-form-urlencoded": False, None: False}
TYPES |= {"multipart/form-data; boundary=x": False, "application/jsonp": False, "": False}
METHODS = ["GET", "HEAD", "PUT", "PATCH", "DELETE", "TRACE", "FOO"]


@pytest.fixture(scope="module")
def service(endpoint, rubrics, tmp_path_factory):
    """One service for the whole matrix."""
    spent = tmp_path_factory.mktemp("matrix") / "spent.sqlite3"
    model = {"base_url": endpoint.url, "name": "good"}
    with grader({"rubrics": rubrics, "spent": spent, "model": model}) as running:
        yield running


def send(service: Grader, method: str, body, origin, kind, **more: str) -> httpx2.Response:
    headers = {"Origin": origin, "Content-Type": kind} | more
    given = {name: value for name, value in headers.items() if value is not None}
    content = json.dumps(body).encode()
    return service.client.request(method, "/v1/grade", content=content, headers=given)


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("origin", ORIGINS)
def test_only_known_origins_and_json_are_graded(service, endpoint, body, origin, kind):
    before = len(endpoint.asked)
    body["answer"] += f" Said by {origin} in {kind}."
    got = send(service, "POST", body, origin, kind)
    expected = 403 if not ORIGINS[origin] else 415 if not TYPES[kind] else 200
    assert got.status_code == expected
    assert len(endpoint.asked) == before + (expected == 200)
    allowed = got.headers.get("access-control-allow-origin")
    assert allowed == (origin if ORIGINS[origin] else None)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("origin", ORIGINS)
@pytest.mark.parametrize("kind", ["application/json", "text/plain"])
def test_no_other_method_grades(service, endpoint, body, method, origin, kind):
    before = len(endpoint.asked)
    got = send(service, method, body, origin, kind)
    assert got.status_code == 405
    assert got.headers["allow"] == "POST, OPTIONS"
    assert len(endpoint.asked) == before


@pytest.mark.parametrize("origin", ORIGINS)
def test_a_preflight_is_granted_to_known_origins_only(service, origin):
    asks = {"Access-Control-Request-Method": "POST"}
    asks |= {"Access-Control-Request-Headers": "content-type"}
    got = send(service, "OPTIONS", {}, origin, None, **asks)
    assert got.status_code == (204 if ORIGINS[origin] else 403)
    granted = got.headers.get("access-control-allow-headers")
    assert granted == ("Content-Type" if ORIGINS[origin] else None)
    assert "access-control-allow-credentials" not in got.headers


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "cors"}, 200),
        ({"Sec_Fetch_Site": "same-origin", "Sec_Fetch_Mode": "same-origin"}, 200),
        ({"Sec_Fetch_Site": "none"}, 403),
        ({"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors"}, 403),
        ({"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate"}, 403),
        ({"Content_Encoding": "gzip"}, 415),
    ],
)
def test_what_browsers_say_of_a_request_is_heeded(service, ask, headers, status):
    assert ask(service, **headers).status_code == status


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/v1/grade"), ("GET", "/healthz"), ("GET", "/openapi.json"), ("GET", "/nothing")],
)
def test_every_response_has_the_headers_that_keep_it_where_it_belongs(service, body, method, path):
    for origin in (ORIGIN, "https://evil.example"):
        got = service.client.request(method, path, json=body, headers={"Origin": origin})
        assert got.headers["cache-control"] == "no-store"
        assert got.headers["referrer-policy"] == "no-referrer"
        assert got.headers["x-content-type-options"] == "nosniff"
        assert got.headers["vary"] == "Origin"
        assert "server" not in got.headers


@pytest.mark.parametrize("path", ["/healthz", "/openapi.json"])
def test_what_can_be_read_can_be_asked_for_without_its_body(service, path):
    whole, head = service.client.get(path), service.client.head(path)
    assert (whole.status_code, head.status_code) == (200, 200)
    assert head.content == b""
    assert head.headers["content-length"] == str(len(whole.content))
    options = service.client.options(path)
    assert (options.status_code, options.headers["allow"]) == (204, "GET, HEAD, OPTIONS")
    assert service.client.post(path).status_code == 405


@pytest.mark.parametrize("path", ["/", "/v1/grade/", "/v1", "/v1/grade%2F", "/docs", "//healthz"])
def test_there_is_nothing_else(service, path):
    got = service.client.get(path)
    assert (got.status_code, got.json()["code"]) == (404, "not_found")


def test_health_tells_how_things_are_and_nothing_about_the_endpoint(service, endpoint):
    got = service.client.get("/healthz")
    known = {"status": "ok", "lessons": 1, "prompt": "1", "breaker": "closed", "budget": "left"}
    assert got.json() == known
    assert endpoint.url not in got.text
