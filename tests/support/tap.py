# SPDX-License-Identifier: GPL-3.0-or-later
"""The little of TAP that the project's Python tests need."""
import sys
import traceback


class Skip(Exception):
    """Raised in a case that cannot run here; the text says why."""


def run(cases):
    """Runs (name, function) pairs and says what happened to each."""
    failed = 0
    print('TAP version 13')
    print(f'1..{len(cases)}', flush=True)
    for number, (name, case) in enumerate(cases, 1):
        try:
            case()
            print(f'ok {number} - {name}', flush=True)
        except Skip as reason:
            print(f'ok {number} - {name} # SKIP {reason}', flush=True)
        except Exception:  # noqa: a case may fail in any way
            failed += 1
            print(f'not ok {number} - {name}')
            for line in traceback.format_exc().splitlines():
                print(f'# {line}', flush=True)
    sys.exit(1 if failed else 0)
