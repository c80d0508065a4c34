"""Who is let in: names, pages, guesses, and how much at once."""

from __future__ import annotations

import pytest

from facilitator.host.gate import Bucket, Callers, Guesses, Names


class Time:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


NAMES = Names.of(["http://192.168.1.5:8080", "https://training.example.org", "http://[::1]:8080"])


@pytest.mark.parametrize("host", ["192.168.1.5:8080", "training.example.org", "TRAINING.example.org:443", "[::1]:8080"])
def test_a_host_answers_to_its_own_names(host: str) -> None:
    assert NAMES.called_right(host)


@pytest.mark.parametrize(
    "host", ["", "192.168.1.5", "192.168.1.5:8081", "evil.example", "training.example.org.evil.example"]
)
def test_a_host_answers_to_no_other_name(host: str) -> None:
    assert not NAMES.called_right(host)


def test_a_form_comes_from_a_page_of_this_host() -> None:
    assert NAMES.from_our_page({"Host": "192.168.1.5:8080", "Origin": "http://192.168.1.5:8080"})


def test_a_browser_that_names_no_origin_is_asked_for_the_page_before() -> None:
    assert NAMES.from_our_page({"Host": "192.168.1.5:8080", "Referer": "http://192.168.1.5:8080/?code=A"})


@pytest.mark.parametrize(
    "origin",
    [
        "null",
        "",
        "http://evil.example",
        "https://training.example.org",  # ours, but not the name this was asked by
        "http://192.168.1.5:9000",
        "file://192.168.1.5:8080",
        "http://192.168.1.5:8080.evil.example",
        "http://[",
    ],
)
def test_a_form_from_anywhere_else_is_refused(origin: str) -> None:
    assert not NAMES.from_our_page({"Host": "192.168.1.5:8080", "Origin": origin})


def test_a_name_that_is_not_ours_is_no_origin_even_if_it_is_the_same() -> None:
    assert not NAMES.from_our_page({"Host": "evil.example", "Origin": "http://evil.example"})


def test_a_bucket_gives_what_it_holds_and_then_so_many_a_second() -> None:
    time = Time()
    bucket = Bucket(2, 10, time)
    assert [bucket.take(), bucket.take()] == [0, 0]
    assert bucket.take() == pytest.approx(0.1)
    time.now += 0.1
    assert bucket.take() == 0


def test_one_address_has_so_many_guesses() -> None:
    guesses = Guesses(each=2, all_=10, clock=Time())
    for _ in range(2):
        assert guesses.may("10.0.0.7")
        guesses.was_wrong("10.0.0.7")
    assert not guesses.may("10.0.0.7")
    assert guesses.may("10.0.0.8")


def test_all_addresses_together_have_so_many_guesses() -> None:
    guesses = Guesses(each=2, all_=3, clock=Time())
    for number in range(3):
        guesses.was_wrong(f"10.0.0.{number}")
    assert not guesses.may("10.0.0.99")


def test_wrong_guesses_are_forgotten_after_a_while() -> None:
    time = Time()
    guesses = Guesses(each=1, period=60, clock=time)
    guesses.was_wrong("10.0.0.7")
    time.now += 61
    assert guesses.may("10.0.0.7")


BALANCER = "10.0.0.1"


def test_without_a_proxy_nobody_reads_what_a_client_says_of_itself() -> None:
    assert Callers().address("192.168.1.7", ["203.0.113.9"]) == "192.168.1.7"


@pytest.mark.parametrize(
    ("proxies", "forwarded"),
    [
        (1, ["203.0.113.9"]),
        (1, ["198.51.100.1, 203.0.113.9"]),  # what the client wrote itself stands to the left
        (1, ["198.51.100.1", "203.0.113.9"]),  # HAProxy adds a header, nginx a part of one
        (2, ["198.51.100.1, 203.0.113.9, 10.0.0.2"]),
        (1, ["203.0.113.9:51234"]),
        (1, ["[::ffff:203.0.113.9]:51234"]),
        (1, ["::ffff:203.0.113.9"]),
    ],
)
def test_behind_proxies_an_address_is_what_the_outermost_of_them_saw(proxies: int, forwarded: list[str]) -> None:
    assert Callers(proxies).address(BALANCER, forwarded) == "203.0.113.9"


@pytest.mark.parametrize(
    ("proxies", "forwarded"),
    [(1, []), (1, [""]), (1, ["203.0.113.9,"]), (1, ["unknown"]), (1, ["203.0.113.9, _hidden"]), (2, ["203.0.113.9"])],
)
def test_a_header_that_tells_no_address_leaves_the_one_that_called(proxies: int, forwarded: list[str]) -> None:
    assert Callers(proxies).address(BALANCER, forwarded) == BALANCER


def test_one_address_has_so_many_requests_open_at_once() -> None:
    callers = Callers(most=1)
    with callers.call("10.0.0.7") as first, callers.call("10.0.0.7") as second, callers.call("10.0.0.8") as other:
        assert (first, second, other) == (True, False, True)
    with callers.call("10.0.0.7") as again:
        assert again
    assert not callers._open


def test_addresses_are_not_remembered_without_end() -> None:
    guesses = Guesses(all_=10**9, clock=Time())
    for number in range(5000):
        guesses.was_wrong(str(number))
    assert len(guesses._from) <= 4096
