"""WeasyPrint leaves closing its colour profile to the garbage collector; everything else stays an error."""

import pytest

_LEFT_OPEN = pytest.mark.filterwarnings("ignore:unclosed file .*sRGB2014.icc:ResourceWarning")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        item.add_marker(_LEFT_OPEN)
