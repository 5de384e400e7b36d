# SPDX-License-Identifier: GPL-3.0-or-later
"""Starts programs that never outlive the test."""
import ctypes
import signal
import subprocess

LIBC = ctypes.CDLL(None)
PR_SET_PDEATHSIG = 1


def die_with_parent():
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def spawn(words, **more):
    return subprocess.Popen(words, preexec_fn=die_with_parent, **more)
