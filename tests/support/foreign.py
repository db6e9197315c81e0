"""Other offices of the town, as the file of registered systems describes them."""

from __future__ import annotations

import os
from pathlib import Path

import nkeys

from contracts.foreign import AddressChangeReported, AlertIssued, OwnerChangeReported, PaymentReported
from contracts.foreign import PoolClosed as ForeignPoolClosed
from contracts.foreign import PoolReopened as ForeignPoolReopened
from contracts.systems import ForeignSystem, Systems

BAEDERAMT = ForeignSystem(
    name="baederamt",
    source="//example/baederamt",
    may_send=(ForeignPoolClosed.name, ForeignPoolReopened.name, AlertIssued.name),
    pools=("freibad", "hallenbad"),
)
STADTKASSE = ForeignSystem(
    name="stadtkasse",
    source="//example/stadtkasse",
    may_send=(PaymentReported.name, AddressChangeReported.name, OwnerChangeReported.name),
)
OFFICES = Systems(systems=(BAEDERAMT, STADTKASSE))


def with_key(system: ForeignSystem, seed: Path) -> ForeignSystem:
    """Return the system with the public key of its seed, which is made when there is none."""
    if not seed.exists():
        seed.touch(mode=0o600)
        seed.write_bytes(nkeys.encode_seed(os.urandom(32), nkeys.PREFIX_BYTE_USER))
    return system.model_copy(update={"nkey": nkeys.from_seed(seed.read_bytes()).public_key.decode()})
