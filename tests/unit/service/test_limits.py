"""What one client may have, what all may have together, and what a day may cost."""

import re
import threading

import pytest

from teachback.service.ceiling import DAY, Ceiling
from teachback.service.clients import client_of
from teachback.service.settings import Settings

ONE_CALL = 1200  # tokens that the stand-in says it used


def test_one_request_too_many_is_told_with_when_to_come_back(serve, ask, endpoint):
    service = serve(limits={"per_client": ["3/minute"]})
    got = [ask(service) for _ in range(5)]
    assert [each.status_code for each in got] == [200, 200, 200, 429, 429]
    assert got[3].json()["code"] == "rate_limited"
    assert 1 <= int(got[3].headers["retry-after"]) <= 80
    assert got[3].headers["access-control-expose-headers"] == "Retry-After"


def test_every_rate_counts(serve, ask):
    service = serve(limits={"per_client": ["100/minute", "2/hour"]})
    got = [ask(service) for _ in range(3)]
    assert [each.status_code for each in got] == [200, 200, 429]
    assert int(got[2].headers["retry-after"]) > 1


def test_requests_that_are_refused_later_count_as_well(serve, body):
    service = serve(limits={"per_client": ["2/minute"]})
    got = [service.post(body | {"lesson": "no-such"}).status_code for _ in range(3)]
    assert got == [404, 404, 429]


def test_a_client_cannot_claim_to_be_many(serve, ask):
    service = serve(limits={"per_client": ["2/minute"]})
    got = [ask(service, X_Forwarded_For=f"203.0.113.{n}").status_code for n in range(4)]
    assert got == [200, 200, 429, 429]


def test_behind_a_trusted_proxy_clients_are_told_apart_and_claims_are_not_heard(serve, ask):
    service = serve(limits={"per_client": ["1/minute"]}, trusted_proxies=["127.0.0.1"])
    claims = [f"6.6.6.{n}, 203.0.113.{n % 2}" for n in range(4)]
    got = [ask(service, X_Forwarded_For=claim).status_code for claim in claims]
    assert got == [200, 200, 429, 429]


@pytest.mark.parametrize(
    ("peer", "forwarded", "client"),
    [
        ("198.51.100.7", "", "198.51.100.7"),
        ("198.51.100.7", "203.0.113.1", "198.51.100.7"),
        ("10.0.0.1", "203.0.113.1", "203.0.113.1"),
        ("10.0.0.1", "6.6.6.6, 203.0.113.1", "203.0.113.1"),
        ("10.0.0.1", "6.6.6.6, 203.0.113.1, 10.0.0.2", "203.0.113.1"),
        ("10.0.0.1", "203.0.113.1:4711", "203.0.113.1"),
        ("10.0.0.1", "unknown", "10.0.0.1"),
        ("10.0.0.1", "6.6.6.6, unix:", "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("::ffff:10.0.0.1", "203.0.113.1", "203.0.113.1"),
        ("10.0.0.1", "[2001:db8::1]:4711", "2001:db8::/64"),
        ("2001:db8::1", "", "2001:db8::/64"),
        ("2001:db8::2", "", "2001:db8::/64"),
    ],
)
def test_a_clients_address_is_the_last_that_no_trusted_proxy_has(peer, forwarded, client):
    proxies = Settings.model_validate(
        {
            "origins": ["https://a.example"],
            "trusted_proxies": ["10.0.0.0/24"],
            "model": {"base_url": "https://b.example/v1", "name": "x"},
        }
    ).proxies()
    headers = [(b"x-forwarded-for", forwarded.encode())] if forwarded else []
    assert client_of({"type": "http", "client": (peer, 1), "headers": headers}, proxies) == client


def test_more_at_once_than_there_are_places_are_told_to_come_back(serve, ask, endpoint):
    service = serve("hang", limits={"concurrency": 1}, model={"total_seconds": 3})
    endpoint.arrived.clear()
    first = threading.Thread(target=ask, args=(service,))
    first.start()
    assert endpoint.arrived.wait(10)
    second = ask(service, "The model gives every word a probability, I said.")
    first.join()
    assert (second.status_code, second.json()["code"]) == (503, "overloaded")
    assert int(second.headers["retry-after"]) >= 1
    third = ask(service, "The model gives every word a probability, I say.")
    assert third.status_code == 200


def test_the_ceiling_of_the_day_outlives_the_service(serve, ask):
    enough = {"tokens_per_day": 6000}
    service = serve(limits=enough)
    texts = [f"The model gives every possible word a probability, {n} times." for n in range(9)]
    got = [ask(service, text).status_code for text in texts]
    assert set(got) == {200, 503}
    assert got == sorted(got)
    assert "budget_spent" in service.log
    again = serve(limits=enough)
    refused = ask(again, "The model gives every possible word a probability, again.")
    assert (refused.status_code, refused.json()["code"]) == (503, "budget_spent")
    assert 1 <= int(refused.headers["retry-after"]) <= DAY + 1
    assert again.client.get("/healthz").status_code == 200


def test_what_was_used_is_what_counts(serve, ask, tmp_path):
    service = serve(limits={"tokens_per_day": 100_000})
    ask(service)
    ask(service, "The model gives every possible word a probability, twice.")
    assert re.search(r'"tokens_in": 1000, "tokens_out": 200', service.log)
    assert Ceiling(tmp_path / "spent.sqlite3", 1).spent() == 2 * ONE_CALL


@pytest.mark.parametrize("habit", ["500", "401", "redirect"])
def test_an_endpoint_that_refuses_costs_nothing(serve, ask, tmp_path, habit):
    service = serve(habit)
    ask(service)
    assert Ceiling(tmp_path / "spent.sqlite3", 1).spent() == 0


@pytest.mark.parametrize(
    "habit", ["hang", "huge", "silent-usage", "no-tokens", "less-than-no-tokens", "absurd-tokens"]
)
def test_what_may_be_billed_is_counted(serve, ask, tmp_path, habit):
    service = serve(habit, model={"read_seconds": 0.3})
    assert ask(service).status_code == 200
    assert ONE_CALL < Ceiling(tmp_path / "spent.sqlite3", 1).spent() < 10 * ONE_CALL


def test_a_new_day_begins_with_nothing_spent(tmp_path):
    now = [10.5 * DAY]
    ceiling = Ceiling(tmp_path / "spent", 100, clock=lambda: now[0])
    assert ceiling.reserve(60) == 10
    assert ceiling.reserve(60) is None
    assert ceiling.seconds_left() == DAY // 2 + 1
    now[0] = 11 * DAY
    assert ceiling.spent() == 0
    assert ceiling.reserve(60) == 11
    ceiling.settle(10, 60, 10)  # of yesterday
    assert ceiling.spent() == 60


def test_two_processes_share_a_ceiling(tmp_path):
    one, other = (Ceiling(tmp_path / "spent", 100) for _ in range(2))
    assert one.reserve(60) is not None
    assert other.reserve(60) is None
    one.settle(one.today(), 60, 30)
    assert other.reserve(60) is not None
