"""`python -m rathaus`."""

from rathaus.main import main

main()
