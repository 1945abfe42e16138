"""Neo4j servers for the tests: real ones, each in a folder and on ports of its own."""

import os
import subprocess
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kg.stores.neo4j import Neo4jStore

ROOT = Path(__file__).parents[1]
SCRIPT = ROOT / "server" / "neo4j"
PASSWORD = "paperkg-test"
# The LTS that most people run, and the newest; bolt and HTTP ports.
VERSIONS = {"5.26.30": (17687, 17474), "2026.08.1": (17688, 17475)}


class Server:
    """One server, run by the script that people run theirs by."""

    def __init__(self, version: str, folder: Path, ports: tuple[int, int] | None = None) -> None:
        bolt, http = ports or VERSIONS[version]
        self.version = version
        self.uri = f"bolt://127.0.0.1:{bolt}"
        self.http = f"http://127.0.0.1:{http}"
        self._environment = {
            **os.environ, "NEO4J_VERSION": version, "NEO4J_DIR": str(folder), "NEO4J_JARS": str(ROOT / ".neo4j" / version / "lib"),
            "NEO4J_PASSWORD": PASSWORD, "NEO4J_BOLT_PORT": str(bolt), "NEO4J_HTTP_PORT": str(http),
        }  # fmt: skip

    @staticmethod
    def require(version: str) -> None:
        """Nothing, where the version can run here; else the test is skipped, and fails in CI.

        CI may lack the Java of the newest version, which the distribution does not have.
        """
        java = subprocess.run(
            [SCRIPT, "java"], env={**os.environ, "NEO4J_VERSION": version}, check=False, capture_output=True
        )
        if java.returncode:
            missing, allowed = f"this machine has no Java that Neo4j {version} runs on", version != next(iter(VERSIONS))
        elif not (ROOT / ".neo4j" / version / "lib" / ".complete").exists():
            missing, allowed = f"Neo4j {version} is not here; `make servers` fetches it", False
        else:
            return
        if os.environ.get("CI") and not allowed:
            pytest.fail(missing)
        pytest.skip(missing)

    def do(self, *args: str | Path) -> str:
        """Runs a command of the script and returns what it prints."""
        done = subprocess.run([SCRIPT, *args], env=self._environment, check=False, capture_output=True, text=True)
        if done.returncode:
            raise AssertionError(f"server/neo4j {' '.join(map(str, args))}: {done.stdout}{done.stderr}")
        return done.stdout

    def start(self) -> None:
        """Starts it; does nothing when it runs."""
        self.do("start")

    def stop(self) -> None:
        """Stops it as an administrator would."""
        self.do("stop")

    def kill(self) -> None:
        """Stops it as a power cut would."""
        self.do("kill")

    def connect(self) -> Neo4jStore:
        """A connection with the right password."""
        with environment(NEO4J_PASSWORD=PASSWORD):
            return Neo4jStore.connect(self.uri)


@contextmanager
def environment(**values: str) -> Generator[None]:
    """Environment variables for a while."""
    before = {k: os.environ.get(k) for k in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for key, value in before.items():
            if value is None:
                os.environ.pop(key, None)
            else:
                os.environ[key] = value
