"""Starts the program on a free port, as an operator would, and gives its address."""

import re
import subprocess
import threading
import time

import pytest


def pytest_addoption(parser):
    parser.addoption("--exonym", default="target/debug/exonym", help="the program to test")


class Server:
    def __init__(self, program, *arguments):
        self.process = subprocess.Popen(
            [program, "serve", "--listen", "127.0.0.1:0", *arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            env={"PATH": "/usr/bin:/bin", "EXONYM_HTTP_LISTEN": ""},
        )
        self.lines = []
        self.address = None
        threading.Thread(target=self._read, daemon=True).start()
        deadline = time.monotonic() + 60
        while self.address is None:
            assert self.process.poll() is None, "the server ended:\n" + "".join(self.lines)
            assert time.monotonic() < deadline, "the server did not listen:\n" + "".join(self.lines)
            time.sleep(0.02)

    def _read(self):
        for line in self.process.stderr:
            self.lines.append(line)
            found = re.search(r"grpc listens.*?(127\.0\.0\.1:\d+)", line)
            if found and self.address is None:
                self.address = found.group(1)

    def stop(self):
        self.process.terminate()
        return self.process.wait(timeout=60)


@pytest.fixture(scope="session")
def program(request):
    return request.config.getoption("--exonym")


@pytest.fixture(scope="session")
def server(program):
    server = Server(program)
    yield server
    server.stop()


@pytest.fixture
def start(program):
    servers = []

    def start(*arguments):
        servers.append(Server(program, *arguments))
        return servers[-1]

    yield start
    for server in servers:
        if server.process.poll() is None:
            server.stop()
