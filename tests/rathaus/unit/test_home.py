from __future__ import annotations

import stat
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from chassis.tokens import Doorkeeper, token_for
from contracts.topology import HTTP_CALLERS
from rathaus.embedded.home import Home


def test_every_caller_is_known_to_the_service_it_calls_and_to_no_other(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "data")
    home.provision()

    for caller, callee in HTTP_CALLERS:
        token = token_for(home.secrets(caller), callee)
        assert Doorkeeper(home.secrets(callee)).caller(f"Bearer {token}") == caller
        others = {each for _, each in HTTP_CALLERS} - {callee}
        assert all(Doorkeeper(home.secrets(other)).caller(f"Bearer {token}") is None for other in others)


def test_nobody_else_may_look_into_the_folder(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "data")
    home.provision()

    assert stat.S_IMODE(home.root.stat().st_mode) == 0o700
    secrets = [path for path in (home.root / "secrets").rglob("*") if path.is_file()]
    assert secrets
    assert {stat.S_IMODE(path.stat().st_mode) for path in secrets} == {0o600}


def test_provisioning_again_changes_nothing(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "data")
    home.provision()
    before = contents(home)

    home.provision()

    assert contents(home) == before


def test_the_town_has_a_key_of_its_own_for_push_services(tmp_path: Path) -> None:
    keys: list[EllipticCurvePrivateKey] = []
    for name in ("here", "there"):
        home = Home.at(tmp_path / name)
        home.provision()
        key = load_pem_private_key(home.vapid_key.read_bytes(), password=None)
        assert isinstance(key, EllipticCurvePrivateKey)
        keys.append(key)

    assert [each.curve.name for each in keys] == ["secp256r1"] * 2
    assert keys[0].private_numbers() != keys[1].private_numbers()


def test_a_kill_between_the_two_files_of_a_pair_is_mended(tmp_path: Path) -> None:
    home = Home.at(tmp_path / "data")
    home.provision()
    (home.secrets("notices") / "from-rathaus").unlink()

    home.provision()

    token = token_for(home.secrets("rathaus"), "notices")
    assert Doorkeeper(home.secrets("notices")).caller(f"Bearer {token}") == "rathaus"


def contents(home: Home) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in home.root.rglob("*") if path.is_file()}
