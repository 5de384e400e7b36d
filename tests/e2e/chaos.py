#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Two engines and the real server, killed over and over while messages flow.

Every message that an engine promised to have on disk must be in the other's store exactly once, in
the order in which it was written; none may be there twice, promised or not.
"""

import collections
import os
import queue
import random
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import tap  # noqa: E402

ENGINE, SERVER = sys.argv[1], sys.argv[2]
KILLS = int(os.environ.get('BURBLE_CHAOS_KILLS', '50'))
DOMAIN = 'chaos.example'
PATIENCE = 120


class Server:
    def __init__(self, folder):
        self.folder = folder
        self.port = 0  # the system chooses, and it stays with that
        told = subprocess.run([SERVER, 'init', '--domain', DOMAIN, '--data', folder],
                              check=True, capture_output=True, text=True).stdout
        self.pin = re.search(r'(?:[0-9A-Fa-f]{2}:){31}[0-9A-Fa-f]{2}', told).group(0)
        path = os.path.join(folder, 'burble-server.ini')
        with open(path, 'a') as conf:
            conf.write('[passwords]\noperations=1\nmemory-kib=8\n')
        self.process = None

    def add_user(self, name, password):
        subprocess.run([SERVER, 'user', 'add', name, '--data', self.folder],
                       check=True, input=password + '\n', text=True, capture_output=True)

    def start(self):
        self.process = subprocess.Popen(
            [SERVER, 'run', '--data', self.folder, '--listen', '127.0.0.1',
             '--port', str(self.port)], stdout=subprocess.PIPE, text=True)
        while True:
            line = self.process.stdout.readline()
            assert line, 'the server ended at once'
            if line.startswith('listening on'):
                self.port = int(line.rsplit(':', 1)[1])
                break
        threading.Thread(target=self.process.stdout.read, daemon=True).start()

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()


class Engine:
    """One side. Remembers over all its lives what it tried and what it promised."""

    def __init__(self, folder, server, name, peer):
        self.db = os.path.join(folder, f'{name}.db')
        self.server, self.name, self.peer = server, name, peer
        self.tried, self.promised = set(), set()
        self.process = None
        self.lines = queue.Queue()

    def start(self):
        self.process = subprocess.Popen(
            [ENGINE, '--db', self.db, '--address', f'{self.name}@{DOMAIN}', '--host', '127.0.0.1',
             '--port', str(self.server.port), '--pin', self.server.pin,
             '--peer', f'{self.peer}@{DOMAIN}', '--prefix', self.name,
             '--next', str(max(self.tried, default=0) + 1)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env={**os.environ, 'BURBLE_E2E_PASSWORD': 'secret-' + self.name})
        self.reader = threading.Thread(target=self.read, args=(self.process,))
        self.reader.start()

    def read(self, process):
        for line in process.stdout:
            word, _, number = line.strip().partition(' ')
            # A line that the kill cut short promises nothing.
            if not line.endswith('\n'):
                continue
            if word == 'try':
                self.tried.add(int(number))
            elif word == 'queued':
                self.promised.add(int(number))
            else:
                self.lines.put(word)

    def wait_for(self, word):
        deadline = time.monotonic() + PATIENCE
        while self.lines.get(timeout=max(0.01, deadline - time.monotonic())) != word:
            pass

    def wait_promised(self, more):
        """Some progress, so that each kill falls into traffic."""
        goal = len(self.promised) + more
        deadline = time.monotonic() + PATIENCE
        while len(self.promised) < goal:
            assert time.monotonic() < deadline, f'{self.name} does not get on'
            assert self.process.poll() is None, f'{self.name} ended by itself'
            time.sleep(0.002)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.reader.join()

    def stop_sending(self):
        self.process.stdin.write('stop\n')
        self.process.stdin.flush()
        self.wait_for('stopped')

    def quit(self):
        self.process.stdin.close()
        self.process.wait(timeout=PATIENCE)
        self.reader.join()

    def query(self, sql):
        with sqlite3.connect(f'file:{self.db}?mode=ro', uri=True, timeout=10) as db:
            return db.execute(sql).fetchall()

    def received(self):
        """Numbers of the peer's messages, in the order in which the window shows them."""
        rows = self.query('SELECT text FROM messages WHERE state = 0 ORDER BY time, message')
        return [int(text.rpartition('-')[2]) for (text,) in rows]

    def waiting(self):
        return self.query('SELECT count(*) FROM messages WHERE state = 1')[0][0]


def settle(engines):
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        a, b = engines
        if (a.waiting() == 0 and b.waiting() == 0
                and a.promised <= set(b.received()) and b.promised <= set(a.received())):
            return
        time.sleep(0.05)


def judge(sender, receiver):
    way = f'{sender.name} to {receiver.name}'
    got = receiver.received()
    lost = sorted(sender.promised - set(got))
    doubled = sorted(n for n, count in collections.Counter(got).items() if count > 1)
    assert not lost, f'{way}: {len(sender.promised)} promised, lost {lost[:20]}'
    assert not doubled, f'{way}: there twice: {doubled[:20]}'
    assert got == sorted(got), f'{way}: out of order'
    assert sender.waiting() == 0, f'{way}: {sender.waiting()} still wait'


def run(what, kill):
    print(f'# BURBLE_CHAOS_SEED={seed}')
    with tempfile.TemporaryDirectory(prefix='burble-chaos-') as folder:
        server = Server(os.path.join(folder, 'server'))
        engines = [Engine(folder, server, 'ada', 'bob'), Engine(folder, server, 'bob', 'ada')]
        for engine in engines:
            server.add_user(engine.name, 'secret-' + engine.name)
        server.start()
        try:
            for engine in engines:
                engine.start()
            for engine in engines:
                engine.wait_for('sending')
            for turn in range(KILLS):
                kill(turn, server, engines)
            for engine in engines:
                engine.stop_sending()
            settle(engines)
            total = sum(len(engine.promised) for engine in engines)
            print(f'# {what}: {KILLS} kills, {total} messages promised')
            judge(engines[0], engines[1])
            judge(engines[1], engines[0])
            for engine in engines:
                engine.quit()
        finally:
            for engine in engines:
                if engine.process and engine.process.poll() is None:
                    engine.kill()
            server.kill()


def kill_server(turn, server, engines):
    for engine in engines:
        engine.wait_promised(random.randint(1, 8))
    server.kill()
    server.start()
    # What was queued meanwhile goes out before the next blow, at least now and then.
    if turn % 5 == 4:
        deadline = time.monotonic() + PATIENCE
        goal = max(engines[0].promised)
        while goal not in engines[1].received():
            assert time.monotonic() < deadline, 'nothing arrives any more'
            time.sleep(0.02)


def kill_client(turn, server, engines):
    victim = engines[turn % 2]
    victim.wait_promised(random.randint(1, 12))
    victim.kill()
    victim.start()


seed = int(os.environ.get('BURBLE_CHAOS_SEED', str(random.randrange(1 << 30))))
random.seed(seed)
tap.run([
    ('/e2e/chaos/server-killed-nothing-lost-or-doubled', lambda: run('server', kill_server)),
    ('/e2e/chaos/clients-killed-nothing-lost-or-doubled', lambda: run('clients', kill_client)),
])
