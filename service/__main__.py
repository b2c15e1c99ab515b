"""`python -m service` is `therascape`."""

from service.cli import main

main()
