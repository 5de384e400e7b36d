#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is counted as passed, failed and skipped, from logs as meson writes them."""
import json
import os
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..', 'support'))
import tap

PROGRAM = sys.argv[1]


def count(*runs, problems=()):
    with tempfile.NamedTemporaryFile('w', suffix='.json') as log:
        for run in runs:
            log.write(json.dumps({'name': 'wire', 'returncode': 0, 'result': 'OK',
                                  'stdout': '', 'stderr': '', **run}) + '\n')
        log.flush()
        logs = [f'plain={log.name}'] if runs else []
        done = subprocess.run([sys.executable, PROGRAM, *logs, '--', *problems],
                              text=True, capture_output=True, check=False)
    lines = done.stdout.splitlines()
    return done.returncode, lines[-1], lines


def expect(got, code, last, *contained):
    assert got[:2] == (code, last), got
    for text in contained:
        assert any(text in line for line in got[2]), (text, got[2])


def every_case():
    expect(count({'stdout': 'TAP version 13\n1..3\nok 1 /a\nok 2 - /b # SKIP no display\nok 3 /c'}),
           0, '2 passed, 0 failed, 1 skipped', '/b: no display')


def a_failed_case():
    expect(count({'stdout': '1..2\nok 1 /a\nnot ok 2 /b', 'result': 'FAIL', 'returncode': 1}),
           1, '1 passed, 1 failed, 0 skipped', 'FAILED   plain: wire /b')


def a_crash_after_success():
    expect(count({'stdout': '1..2\nok 1 /a', 'result': 'ERROR', 'returncode': -11}),
           1, '1 passed, 1 failed, 0 skipped', 'exit code -11')


def a_timeout():
    expect(count({'stdout': 'ok 1 /a', 'result': 'TIMEOUT', 'returncode': -15}),
           1, '1 passed, 1 failed, 0 skipped', 'timeout')


def silence():
    expect(count({'result': 'SKIP'}), 1, '0 passed, 1 failed, 0 skipped', 'printed no results')


def a_whole_program_skipped():
    expect(count({'result': 'SKIP', 'stdout': '1..0 # SKIP no keyring'}),
           0, '0 passed, 0 failed, 1 skipped', 'no keyring')


def a_plain_program():
    expect(count({}, {'result': 'FAIL', 'returncode': 1},
                 {'result': 'SKIP', 'returncode': 77, 'stdout': 'xmllint is not installed'}),
           1, '1 passed, 1 failed, 1 skipped', 'xmllint is not installed')


def an_expected_failure():
    expect(count({'stdout': 'not ok 1 /a # TODO later'}), 0, '1 passed, 0 failed, 0 skipped')


def problems():
    expect(count(problems=['asan: build', 'skip fuzz: clang is not installed']),
           1, '0 passed, 1 failed, 1 skipped', 'fuzz: clang is not installed')


tap.run([
    ('/count-tests/counts-every-case', every_case),
    ('/count-tests/counts-a-failed-case', a_failed_case),
    ('/count-tests/a-crash-is-a-failure', a_crash_after_success),
    ('/count-tests/a-timeout-is-a-failure', a_timeout),
    ('/count-tests/silence-is-a-failure', silence),
    ('/count-tests/a-skipped-program-says-why', a_whole_program_skipped),
    ('/count-tests/counts-plain-programs', a_plain_program),
    ('/count-tests/an-expected-failure-passes', an_expected_failure),
    ('/count-tests/a-broken-build-is-a-failure', problems),
])
