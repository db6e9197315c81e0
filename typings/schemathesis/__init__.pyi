"""What the tests use of schemathesis, whose own annotations leave its generic classes open."""

from collections.abc import Callable, Generator, Mapping
from enum import Enum

from hypothesis.strategies import SearchStrategy

from schemathesis import openapi as openapi

class GenerationMode(Enum):
    POSITIVE = ...
    NEGATIVE = ...

class Response:
    status_code: int

Check = Callable[..., bool | None]

class Case:
    path: str
    body: object
    def call_and_validate(
        self, *, headers: Mapping[str, str], excluded_checks: list[Check], timeout: float
    ) -> Response: ...

class APIOperation:
    path: str
    def as_strategy(self, *, generation_mode: GenerationMode) -> SearchStrategy[Case]: ...

class Found:
    def ok(self) -> APIOperation: ...

class BaseSchema:
    def get_all_operations(self) -> Generator[Found, None, None]: ...
