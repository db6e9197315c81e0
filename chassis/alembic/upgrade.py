"""`python -m chassis.alembic.upgrade PACKAGE`: upgrade the database in RATHAUS_MIGRATE_URL to the newest revision."""

from __future__ import annotations

import sys
from importlib import resources

from alembic import command
from alembic.config import Config


def config_of(package: str) -> Config:
    """Return Alembic's configuration for a service."""
    config = Config()
    config.set_main_option("script_location", str(resources.files("chassis.alembic")))
    config.set_main_option("version_locations", str(resources.files(package).joinpath("migrations")))
    config.set_main_option("path_separator", "os")
    config.attributes["package"] = package
    return config


if __name__ == "__main__":
    command.upgrade(config_of(sys.argv[1]), "head")
