"""`handoff host`: what it prints, where it listens, and what it leaves behind."""

from __future__ import annotations

import asyncio
import gc
import io
import socket
import ssl
import subprocess
import sys
from argparse import Namespace
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientSession

from facilitator.cli import main
from facilitator.host.command import Evening, qr
from facilitator.host.listening import CannotListen, Porter, bound, tls_of, urls
from facilitator.usage import build_parser
from simulator.library import Library
from simulator.log import open_store
from simulator.log.rooms import typed_code
from simulator.seated import Seating
from tests.app_helpers import scenario

Story = Callable[[Evening, str], Awaitable[None]]


def asked(folder: Path, *more: str) -> Namespace:
    args = [
        "host",
        str(scenario(folder)),
        "--support",
        "Ana, in room 3",
        "--port",
        "0",
        "--store",
        str(folder / "s.sqlite3"),
    ]
    return build_parser().parse_args([*args, *more])


def evening(folder: Path, story: Story, *more: str, tls: Any = None) -> str:
    """Run a host until the story has been told; what it printed."""
    args, out = asked(folder, *more), io.StringIO()
    if args.no_room:
        args.scenario = None
    store = open_store(folder / "s.sqlite3")
    seating = Seating(Library(), store)

    async def run() -> None:
        it = Evening(args, seating, tls, out)
        told: asyncio.Future[None] = asyncio.get_running_loop().create_future()

        async def tell() -> None:
            try:
                await story(it, out.getvalue())
                told.set_result(None)
            except BaseException as error:
                told.set_exception(error)
            finally:
                it.end()

        tasks: list[asyncio.Task[None]] = []
        await it.serve(lambda: tasks.append(asyncio.create_task(tell())))
        await told

    try:
        asyncio.run(run())
    finally:
        seating.close()
        store.close()
        gc.unfreeze()
    return out.getvalue()


def line(printed: str, after: str) -> str:
    """What stands in the line that begins so."""
    return next(
        each.strip().removeprefix(after).strip() for each in printed.splitlines() if each.strip().startswith(after)
    )


async def nothing(it: Evening, printed: str) -> None:
    pass


def test_it_prints_the_address_the_code_and_the_facilitator_s_address_apart(tmp_path: Path) -> None:
    rooms: list[Any] = []

    async def story(it: Evening, printed: str) -> None:
        store = it.host.seating.store  # type: ignore[union-attr]
        code, addresses = (
            typed_code(line(printed, "Code:")),
            [each.strip() for each in printed.splitlines() if "http://" in each],
        )
        key = addresses[0].rpartition("/room/")[2]
        rooms.extend([store.room_of_code(code), store.room_of_key(key), addresses])

    printed = evening(tmp_path, story)
    of_code, of_key, addresses = rooms
    assert of_code == of_key == of_code and of_code.workshop == ""
    assert addresses[1].startswith("http://127.0.0.1:") and addresses[1].endswith("/")
    assert "Only this computer can open these" in printed
    assert "█" in printed


def test_the_page_of_its_address_is_served(tmp_path: Path) -> None:
    async def story(it: Evening, printed: str) -> None:
        url = next(each.strip() for each in printed.splitlines() if each.strip().endswith("/"))
        async with ClientSession() as browser, browser.get(url) as answer:
            assert answer.status == 200 and "Ana, in room 3" in await answer.text()

    evening(tmp_path, story)


def test_without_lan_only_this_computer_can_reach_it(tmp_path: Path) -> None:
    async def story(it: Evening, printed: str) -> None:
        port = int(line(printed, "http://127.0.0.1:").split("/")[0])
        with socket.socket() as other, pytest.raises(OSError):
            other.settimeout(5)
            other.connect(
                ("127.0.0.2", port)
            )  # as much this computer as 127.0.0.1, and not the address that is listened on

    evening(tmp_path, story)


def test_the_room_closes_with_its_host(tmp_path: Path) -> None:
    printed = evening(tmp_path, nothing)
    store = open_store(tmp_path / "s.sqlite3")
    assert store.room_of_code(typed_code(line(printed, "Code:"))) is None
    store.close()


def test_a_room_that_is_kept_stays_open_and_says_so(tmp_path: Path) -> None:
    printed = evening(tmp_path, nothing, "--keep-room", "--workshop", "spring", "--pairing", "facilitator")
    store = open_store(tmp_path / "s.sqlite3")
    room = store.room_of_code(typed_code(line(printed, "Code:")))
    store.close()
    assert room is not None and (room.workshop, room.pairing) == ("spring", "facilitator")
    assert "The room stays open" in printed


def test_a_host_without_a_room_prints_no_code(tmp_path: Path) -> None:
    printed = evening(tmp_path, nothing, "--no-room")
    assert "Code:" not in printed and "/room/" not in printed


def test_another_address_that_stands_before_it_is_told_and_answered_to(tmp_path: Path) -> None:
    async def story(it: Evening, printed: str) -> None:
        assert it.host is not None and it.host.names.called_right("training.example.org")

    printed = evening(tmp_path, story, "--url", "https://training.example.org/")
    assert "    https://training.example.org/\n" in printed


def test_in_a_network_every_name_of_this_computer_is_one_of_its_own() -> None:
    known = urls("192.168.1.5", 8080, lan=True, tls=False)
    assert known[0] == "http://192.168.1.5:8080"
    assert f"http://{socket.gethostname().lower()}.local:8080" in known
    assert urls("127.0.0.1", 443, lan=False, tls=True)[0] == "https://127.0.0.1"


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["host"], "--support"),
        (["host", "--support", "Ana"], "say which scenario"),
        (["host", "kitchen-table", "--support", " "], "--support names"),
        (["host", "kitchen-table", "--support", "Ana", "--no-room"], "opens no room"),
        (["host", "kitchen-table", "--support", "Ana", "--url", "training"], "a whole address"),
        (["host", "kitchen-table", "--support", "Ana", "--port", "70000"], "from 0 to 65535"),
        (["host", "kitchen-table", "--support", "Ana", "--hours", "0"], "from 1 to 168"),
        (["host", "kitchen-table", "--support", "Ana", "--behind-proxy", "-1"], "how many proxies"),
    ],
)
def test_options_that_do_not_fit_are_told_in_one_line(
    args: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    try:
        code = main(args)
    except SystemExit as left:
        code = int(left.code or 0)
    assert code == 2
    assert said in capsys.readouterr().err


def test_a_scenario_that_is_not_there_opens_no_room(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at = ["--store", str(tmp_path / "s.sqlite3"), "--port", "0"]
    assert main(["host", "no-such-story", "--support", "Ana", *at]) == 1
    assert "no-such-story" in capsys.readouterr().err


def test_a_port_that_is_taken_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        at = ["--store", str(tmp_path / "s.sqlite3"), "--port", port]
        assert main(["host", str(scenario(tmp_path)), "--support", "Ana", *at]) == 1
    assert f"port {port}" in capsys.readouterr().err


def test_half_of_tls_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["host", "kitchen-table", "--support", "Ana", "--tls-cert", "cert.pem"]) == 1
    assert "go together" in capsys.readouterr().err


def test_a_certificate_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "cert.pem").write_text("none")
    with pytest.raises(CannotListen, match="no PEM files"):
        tls_of(str(tmp_path / "cert.pem"), str(tmp_path / "cert.pem"))
    with pytest.raises(CannotListen, match="No such file"):
        tls_of(str(tmp_path / "none.pem"), str(tmp_path / "none.pem"))


def test_with_a_certificate_its_address_is_https(tmp_path: Path) -> None:
    cert, key = tmp_path / "cert.pem", tmp_path / "key.pem"
    made = [
        "openssl",
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "2",
    ]
    subprocess.run(
        [
            *made,
            "-subj",
            "/CN=127.0.0.1",
            "-addext",
            "subjectAltName=IP:127.0.0.1",
            "-keyout",
            str(key),
            "-out",
            str(cert),
        ],
        check=True,
        capture_output=True,
    )

    async def story(it: Evening, printed: str) -> None:
        url = next(each.strip() for each in printed.splitlines() if each.strip().endswith("/"))
        assert url.startswith("https://")
        trusted = ssl.create_default_context(cafile=str(cert))
        async with ClientSession() as browser, browser.get(url, ssl=trusted) as answer:
            assert answer.status == 200

    evening(tmp_path, story, tls=tls_of(str(cert), str(key)))


def test_a_log_that_cannot_be_written_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["host", "kitchen-table", "--support", "Ana", "--log", str(tmp_path / "none" / "log")]) == 1
    assert "No such file" in capsys.readouterr().err


def test_ctrl_c_ends_it_and_asks_nothing(tmp_path: Path) -> None:
    import signal

    args = ["host", str(scenario(tmp_path)), "--support", "Ana", "--port", "0", "--store", str(tmp_path / "s.sqlite3")]
    host = subprocess.Popen(
        [sys.executable, "-c", "import sys; from facilitator.cli import main; sys.exit(main(sys.argv[1:]))", *args],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    )
    printed = ""
    assert host.stdout is not None
    while "Ctrl+C" not in printed:
        read = host.stdout.readline()
        assert read, host.communicate()[1]
        printed += read
    host.send_signal(signal.SIGINT)
    rest, wrong = host.communicate(timeout=30)
    assert (host.returncode, wrong) == (0, "")
    assert "The host has ended; what was played is kept." in rest


def test_a_qr_code_is_drawn_of_characters() -> None:
    assert len(qr("http://192.168.1.5:8080/?code=K7QM2-9XW4T").splitlines()) > 10


def test_no_more_connections_than_a_host_can_bear() -> None:
    class Server:
        connections: list[Any] = []

    porter = Porter(Server(), most=1)  # type: ignore[arg-type]
    assert porter.lets_in("10.0.0.7")
    transport = type("T", (), {"get_extra_info": lambda self, name: ("10.0.0.7", 1)})()
    Server.connections = [Namespace(transport=transport)]
    assert not porter.lets_in("10.0.0.8")
    assert not Porter(Server(), most=9, from_one=1).lets_in("10.0.0.7")  # type: ignore[arg-type]


def test_an_address_of_somebody_else_cannot_be_listened_on() -> None:
    with pytest.raises(CannotListen, match="choose another with --port"):
        bound("192.0.2.1", 0)
