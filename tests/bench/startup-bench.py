#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What Burble takes to start, beside a window of libadwaita with next to nothing in it.

Run it with build-aux/bench startup, which gives it a display, a session bus and a home of its own.
Both programs are looked at from outside: the screen says when the first frame is drawn, the kernel
says what processor time and memory was used until the program has come to rest.
"""
import argparse
import ctypes
import os
import shutil
import signal
import socket
import sqlite3
import statistics
import subprocess
import sys
import time

WARM_UP = 2      # starts that are not counted
STEP = 0.004     # seconds between two looks
REST = 1.2       # a program is at rest when it used less than this …
REST_CPU = 0.004  # … processor time for so long
PATIENCE = 60


class Screen:
    """The display, as far as one colour of it goes: a window is drawn when the colour changes."""

    def __init__(self):
        self.x11 = ctypes.CDLL('libX11.so.6')
        for name in ('XOpenDisplay', 'XGetImage'):
            getattr(self.x11, name).restype = ctypes.c_void_p
        self.x11.XDefaultRootWindow.restype = ctypes.c_ulong
        self.x11.XGetPixel.restype = ctypes.c_ulong
        self.x11.XGetPixel.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_int]
        self.x11.XDestroyImage.argtypes = [ctypes.c_void_p]
        self.display = ctypes.c_void_p(self.x11.XOpenDisplay(None))
        if not self.display:
            sys.exit('startup-bench: there is no X display')
        self.root = self.x11.XDefaultRootWindow(self.display)
        self.empty = self.colour()

    def colour(self):
        image = self.x11.XGetImage(self.display, ctypes.c_ulong(self.root), 400, 300, 1, 1,
                                   ctypes.c_ulong(0xffffffff), 2)
        value = self.x11.XGetPixel(image, 0, 0)
        self.x11.XDestroyImage(image)
        return value

    def drawn(self):
        return self.colour() != self.empty


def cpu_of(pid):
    """Seconds of all threads, also of those that are gone, to the nanosecond."""
    return time.clock_gettime(ctypes.c_int32((~pid << 3) | 2).value)


def memory_of(pid):
    values = {}
    with open(f'/proc/{pid}/smaps_rollup', encoding='ascii') as file:
        for line in file.readlines()[1:]:
            key, value = line.split()[:2]
            values[key.rstrip(':')] = int(value) * 1024
    return values


def measure(screen, command, trace=False):
    """One start: times in seconds, memory in bytes."""
    start = time.monotonic()
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            return watch(screen, process, start, trace)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()
            while screen.drawn():
                time.sleep(STEP)


def watch(screen, process, start, trace):
    result = {}
    last = (start, 0.0)  # when the program was last seen to work, and its time then
    while True:
        time.sleep(STEP)
        now, used = time.monotonic(), cpu_of(process.pid)
        if process.poll() is not None:
            sys.exit(f'startup-bench: {process.args[0]} ended')
        if trace:
            print(f'{now - start:.3f} s {used * 1e3:.1f} ms', file=sys.stderr)
        if 'frame' not in result and screen.drawn():
            result['frame'], result['frame-cpu'] = now - start, used
        if used - last[1] > REST_CPU:
            last = (now, used)
        if 'frame' in result and now - last[0] > REST:
            break
        if now - start > PATIENCE:
            sys.exit(f'startup-bench: {process.args[0]} did not come to rest')
    memory = memory_of(process.pid)
    result |= {'cpu': used, 'rest': last[0] - start, 'dirty': memory['Private_Dirty'],
               'private': memory['Private_Dirty'] + memory['Private_Clean'],
               'pss': memory['Pss']}
    return result


def settle(pid):
    """Waits until the program is at rest: its processor time, and when it was last seen to work."""
    start = time.monotonic()
    last = (start, cpu_of(pid))
    while time.monotonic() - last[0] < REST:
        time.sleep(STEP)
        now, used = time.monotonic(), cpu_of(pid)
        if used - last[1] > REST_CPU:
            last = (now, used)
        if now - start > PATIENCE:
            sys.exit('startup-bench: the program did not come to rest')
    return cpu_of(pid), last[0]


def open_chat(screen, command, chat):
    """Opens a chat in the running program, as a notification does: seconds until it is at rest."""
    action = ['gdbus', 'call', '--session', '--dest', 'im.burble.Burble', '--object-path',
              '/im/burble/Burble', '--method', 'org.gtk.Actions.Activate', 'open-chat',
              f"[<'{chat}'>]", '{}']
    with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
        try:
            while not screen.drawn():
                time.sleep(STEP)
            before, _ = settle(process.pid)
            start = time.monotonic()
            subprocess.run(action, check=True, stdout=subprocess.DEVNULL)
            after, rest = settle(process.pid)
            return {'cpu': after - before, 'rest': rest - start}
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait()
            while screen.drawn():
                time.sleep(STEP)


def measure_opening(args, home):
    """A chat with many messages against one with few, in turns."""
    screen = Screen()
    rows = {100: [], args.open: []}
    for count in rows:
        make_profile(args, os.path.join(home, str(count)), 1, count, False)
    set_chat('')
    for number in range(args.rounds + WARM_UP):
        for count, values in rows.items():
            os.environ['XDG_DATA_HOME'] = os.path.join(home, str(count))
            row = open_chat(screen, [args.burble], 'startup/person0000@chat.example.org')
            if number >= WARM_UP:
                values.append(row)
    print(f'opening a chat of{"":7}' + ''.join(f'{count:>26,}' for count in rows))
    for key, title in (('cpu', 'processor'), ('rest', 'at rest after')):
        line = f'{title:24}'
        for values in rows.values():
            best = [row[key] * 1e3 for row in values]
            line += f'{min(best):.1f} ({statistics.median(best):.1f}) ms'.rjust(26)
        ratio = min(row[key] for row in rows[args.open]) / min(row[key] for row in rows[100])
        print(f'{line}   {ratio:.2f}x   aim 1.5x')


def closed_port():
    """A port of this machine on which nobody listens."""
    with socket.socket() as taken:
        taken.bind(('127.0.0.1', 0))
        return taken.getsockname()[1]


def start_keyring():
    daemon = subprocess.Popen(['gnome-keyring-daemon', '--foreground', '--unlock',
                               '--components=secrets'], stdin=subprocess.PIPE,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    daemon.stdin.write(b'keyring')
    daemon.stdin.close()
    subprocess.run(['gdbus', 'wait', '--session', '--timeout', '10', 'org.freedesktop.secrets'],
                   check=True)
    return daemon


def make_profile(args, folder, contacts, messages, enabled):
    path = os.path.join(folder, 'burble')
    os.makedirs(path)
    path = os.path.join(path, 'burble.db')
    subprocess.run([args.profile, path, str(contacts), str(messages), str(closed_port())],
                   check=True)
    if not enabled:
        switch_off(path)


def switch_off(path):
    with sqlite3.connect(path) as db:
        db.execute('UPDATE accounts SET enabled = 0')
    db.close()


def set_chat(key):
    subprocess.run(['gsettings', 'set', 'im.burble.Burble', 'open-chat', key], check=True)


def report(rows):
    columns = [('cpu', 'processor', 1e3, 'ms', 1.5), ('dirty', 'private memory', 1e-6, 'MB', 1.3),
               ('private', 'with clean pages', 1e-6, 'MB', None), ('pss', 'PSS', 1e-6, 'MB', None),
               ('frame-cpu', 'to first frame', 1e3, 'ms', None),
               ('frame', 'first frame after', 1e3, 'ms', None),
               ('rest', 'at rest after', 1e3, 'ms', None)]
    names = list(rows)
    print(f'{"best (median) of each":24}' + ''.join(f'{name:>26}' for name in names))
    for key, title, factor, unit, aim in columns:
        line = f'{title:24}'
        bare = min(row[key] for row in rows[names[0]])
        for name in names:
            values = [row[key] for row in rows[name]]
            ratio = f'{min(values) / bare:.2f}x' if name != names[0] else ''
            line += f'{min(values) * factor:8.1f} ({statistics.median(values) * factor:.1f}) {unit} {ratio:>6}'.rjust(26)
        print(line + (f'   aim {aim}x' if aim else ''))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument('--burble', required=True)
    parser.add_argument('--bare', required=True)
    parser.add_argument('--profile', required=True, help='the program that fills the profile')
    parser.add_argument('--contacts', type=int, default=1000)
    parser.add_argument('--messages', default='100000')
    parser.add_argument('--rounds', type=int, default=7)
    parser.add_argument('--open', type=int, help='only: open a chat of so many messages, and of 100')
    parser.add_argument('--only', help='beside the bare window, only the case of this name')
    parser.add_argument('--trace', action='store_true', help='the processor time as it grows')
    parser.add_argument('--exec', dest='command', nargs=argparse.REMAINDER,
                        help='do not measure: run this command in the same surroundings')
    args = parser.parse_args()

    home = os.environ['XDG_DATA_HOME']
    keyring = start_keyring()
    try:
        if args.open:
            measure_opening(args, home)
            return
        away, off = (os.path.join(home, name) for name in ('away', 'off'))
        make_profile(args, away, args.contacts, args.messages, True)
        shutil.copytree(away, off)
        switch_off(os.path.join(off, 'burble', 'burble.db'))
        chat = f'startup/person{args.contacts - 1:04}@chat.example.org'
        if args.command:
            os.environ['XDG_DATA_HOME'] = os.path.join(home, os.environ.get('WORLD', 'away'))
            set_chat(os.environ.get('CHAT', chat))
            subprocess.run(args.command, check=False)
            return
        screen = Screen()
        # Name: account, chat. "away" means that the server cannot be reached and the banner says so.
        cases = {'bare window': None, 'Burble': ('off', ''), 'server away': ('away', ''),
                 'away, chat open': ('away', chat)}
        rows = {name: [] for name in cases if args.only in (None, name) or not cases[name]}
        # In turns, so that whatever else keeps the machine busy hits all alike.
        for number in range(args.rounds + WARM_UP):
            for name, values in rows.items():
                if cases[name]:
                    set_chat(cases[name][1])
                    os.environ['XDG_DATA_HOME'] = os.path.join(home, cases[name][0])
                row = measure(screen, [args.burble if cases[name] else args.bare],
                              args.trace and number == WARM_UP)
                if number >= WARM_UP:
                    values.append(row)
        report(rows)
    finally:
        keyring.terminate()
        keyring.wait()


main()
