# SPDX-License-Identifier: GPL-3.0-or-later
"""Waits until something is so, while the events of the desktop are taken in."""
import time

from gi.repository import GLib

PATIENCE = 90  # seconds; a slow machine under a sanitizer
LOOK_AGAIN = 30  # milliseconds


def turn():
    """Lets the main loop run for a moment."""
    source = GLib.timeout_add(LOOK_AGAIN, lambda: GLib.SOURCE_REMOVE)
    GLib.MainContext.default().iteration(True)
    if GLib.MainContext.default().find_source_by_id(source) is not None:
        GLib.source_remove(source)


def wait(what, condition, seconds=PATIENCE):
    """Returns what the condition gives as soon as that is something."""
    end = time.monotonic() + seconds
    while True:
        try:
            value = condition()
        except GLib.Error:  # looked at something that has just gone
            value = None
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f'{what}: not within {seconds} seconds')
        turn()
