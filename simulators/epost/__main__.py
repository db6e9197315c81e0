"""`python -m simulators.epost`."""

from simulators.epost.main import main

main()
