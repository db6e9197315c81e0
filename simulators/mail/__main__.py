"""`python -m simulators.mail`."""

from simulators.mail.main import main

main()
