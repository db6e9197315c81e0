from collections.abc import Iterable
from typing import Any

class Object:
    number: int | None
    @property
    def reference(self) -> bytes: ...
    @property
    def data(self) -> bytes: ...

class Dictionary(Object, dict[str, Any]): ...

class Stream(Object):
    stream: list[bytes | Object]
    extra: Dictionary
    compress: bool

class Array(Object, list[Any]):
    def __init__(self, array: Iterable[Any] | None = None) -> None: ...

class PDF:
    objects: list[Object]
    catalog: Dictionary
    info: Dictionary
