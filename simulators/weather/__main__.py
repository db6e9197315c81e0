"""`python -m simulators.weather`."""

from simulators.weather.main import main

main()
