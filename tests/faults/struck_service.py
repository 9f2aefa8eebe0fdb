"""A service that dies by its own hand: run as `python struck_service.py MOMENT PLACE`, as `struck_worker` is."""

import sys

from struck_worker import arm

from app.cli import main

if __name__ == "__main__":
    arm(*([*sys.argv[1:], "", ""][:2]))
    main(["serve"])
