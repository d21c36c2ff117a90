"""The import contracts of pyproject.toml hold, and each of them has been seen broken on a copy."""

import json
import shutil
import subprocess
import sys
import tomllib

import pytest

from tests.architecture.tree import ROOT, SERVICES, SOURCE_FOLDERS, Tree

CONFIG = ROOT / "pyproject.toml"
CONTRACTS = [
    contract["id"] for contract in tomllib.loads(CONFIG.read_text())["tool"]["importlinter"]["contracts"]
]

CRISIS = "services/crisis/src/crisis"
CHASSIS = "shared/chassis/src/imece_chassis"
PLANTS: dict[str, tuple[str, str, str]] = {
    "one service imports another": ("packages", f"{CRISIS}/usecases/planted.py", "import registry"),
    "the chassis imports a service": ("packages", f"{CHASSIS}/planted.py", "import crisis"),
    "contracts import the chassis": (
        "packages",
        "shared/contracts/src/imece_contracts/planted.py",
        "import imece_chassis.ids",
    ),
    "reference imports the chassis": (
        "packages",
        "shared/reference/src/imece_reference/planted.py",
        "import imece_chassis.ids",
    ),
    "the chassis imports reference": ("packages", f"{CHASSIS}/planted.py", "import imece_reference"),
    "the domain reads the store": (
        "inside-a-service",
        f"{CRISIS}/domain/planted.py",
        "import crisis.store.edge",
    ),
    "a use case calls the edge": (
        "inside-a-service",
        f"{CRISIS}/usecases/planted.py",
        "import crisis.http.edge",
    ),
    "a consumer calls the edge": (
        "inside-a-service",
        f"{CRISIS}/consumers/planted.py",
        "import crisis.http.edge",
    ),
    "a module nobody placed": ("inside-a-service", f"{CRISIS}/stray.py", ""),
    "the domain uses pydantic": ("domain", f"{CRISIS}/domain/planted.py", "import pydantic"),
    "the domain uses the chassis": ("domain", f"{CRISIS}/domain/planted.py", "import imece_chassis.ids"),
    "contracts use a framework": (
        "contracts",
        "shared/contracts/src/imece_contracts/planted.py",
        "import fastapi",
    ),
    "reference uses pydantic": (
        "reference",
        "shared/reference/src/imece_reference/planted.py",
        "import pydantic",
    ),
    "a use case publishes by itself": ("kafka", f"{CRISIS}/usecases/planted.py", "import aiokafka"),
    "the edge reaches Kafka through the relay": (
        "kafka",
        f"{CRISIS}/http/planted.py",
        "import imece_chassis.planted",
    ),
    "the board reads the ledger": ("board-apart", f"{CRISIS}/board/planted.py", "import crisis.domain"),
    "a use case writes the board": (
        "write-side-apart",
        f"{CRISIS}/usecases/planted.py",
        "import crisis.board",
    ),
    "a second database library": ("one-of-each", f"{CRISIS}/store/planted.py", "import sqlalchemy"),
}
COMPANIONS = {
    "the edge reaches Kafka through the relay": {f"{CHASSIS}/planted.py": "import aiokafka\n"},
    "the domain reads the store": {f"{CRISIS}/store/edge.py": ""},
    "a use case calls the edge": {f"{CRISIS}/http/edge.py": ""},
    "a consumer calls the edge": {f"{CRISIS}/http/edge.py": ""},
}


@pytest.fixture(scope="session")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """Plant → contract → what is broken ("" when kept), all from one process on one copy."""
    copy = tmp_path_factory.mktemp("copy")
    for folder in SOURCE_FOLDERS:
        shutil.copytree(ROOT / folder, copy / folder, ignore=_only_python)
    plants = {
        name: {place: text + "\n", **COMPANIONS.get(name, {})} for name, (_, place, text) in PLANTS.items()
    }
    wish = json.dumps({"root": str(copy), "config": str(CONFIG), "plants": plants})
    done = subprocess.run(
        [sys.executable, "-m", "tests.architecture.lint"],
        input=wish,
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _only_python(folder: str, names: list[str]) -> set[str]:
    return {name for name in names if "." in name and not name.endswith(".py")} | {"__pycache__"}


@pytest.mark.parametrize("contract", CONTRACTS)
def test_the_code_keeps_the_contract(contract: str, verdicts: dict[str, dict[str, str]]) -> None:
    broken = verdicts[""].get(contract, "")
    assert not broken, broken


@pytest.mark.parametrize("plant", PLANTS)
def test_the_contract_breaks_when_somebody_plants(plant: str, verdicts: dict[str, dict[str, str]]) -> None:
    contract, place, _ = PLANTS[plant]
    module = place.rpartition("/")[2].removesuffix(".py")
    assert module in verdicts[plant][contract]


def test_every_contract_has_been_seen_broken() -> None:
    assert {contract for contract, _, _ in PLANTS.values()} == set(CONTRACTS)


@pytest.mark.parametrize("service", SERVICES)
def test_a_composed_service_has_every_part(service: str) -> None:
    tree = Tree()
    parts = {"__main__", "settings", "wiring", "http", "usecases", "store", "domain", "consumers"}
    assert {part for part in parts if not tree.has(f"{service}.{part}")} == set()
