#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The world behind burble --demo: it is there soon, and nothing of it stays."""

import configparser
import glob
import json
import os
import signal
import socket
import sqlite3
import ssl
import struct
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import tap  # noqa: E402

DEMO = sys.argv[1]
PATIENCE = 60


class World:
    def __init__(self, ready=True, **env):
        self.ready = ready
        self.env = env

    def __enter__(self):
        self.folder = tempfile.TemporaryDirectory(prefix='burble-demo-test-')
        self.tmp = os.path.join(self.folder.name, 'tmp')
        self.run = os.path.join(self.folder.name, 'run')
        self.home = os.path.join(self.folder.name, 'home')
        for path in (self.tmp, self.run, self.home):
            os.mkdir(path, 0o700)
        self.stderr = open(os.path.join(self.folder.name, 'stderr'), 'w+')
        self.process = subprocess.Popen(
            [DEMO], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            stderr=None if self.ready else self.stderr,
            env={**os.environ, 'TMPDIR': self.tmp, 'XDG_RUNTIME_DIR': self.run,
                 'HOME': self.home, 'XDG_DATA_HOME': self.home, 'XDG_CONFIG_HOME': self.home,
                 **self.env})
        if not self.ready:
            return self
        path = self.process.stdout.readline().strip()
        assert path, 'the demo ended without a word'
        assert os.stat(path).st_mode & 0o077 == 0, 'others can read the passwords'
        keys = configparser.ConfigParser(interpolation=None)
        keys.read(path)
        self.keys = keys['demo']
        return self

    def __exit__(self, *problem):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        self.stderr.close()
        self.folder.cleanup()

    def said(self):
        self.stderr.seek(0)
        return self.stderr.read()

    def left(self):
        return [os.path.join(path, name) for top in (self.tmp, self.run, self.home)
                for path, _, names in os.walk(top) for name in names]

    def answers(self):
        with socket.socket() as probe:
            return probe.connect_ex(('127.0.0.1', int(self.keys['port']))) == 0


def profile_is_filled():
    with World() as world:
        assert world.answers(), 'no server'
        path = os.path.join(world.keys['profile'], 'burble.db')
        with sqlite3.connect(f'file:{path}?mode=ro', uri=True) as db:
            people = db.execute('SELECT count(*) FROM contacts WHERE subscription = 3').fetchone()[0]
            said = db.execute('SELECT count(*) FROM messages').fetchone()[0]
            unread = db.execute('SELECT count(*) FROM messages WHERE unread = 1').fetchone()[0]
            waiting = db.execute('SELECT count(*) FROM messages WHERE state = 1').fetchone()[0]
            uid = db.execute('SELECT uid FROM accounts').fetchone()[0]
        assert uid == world.keys['uid']
        assert people >= 5, f'{people} contacts'
        assert said > 400, f'{said} messages'
        assert 0 < unread < 20, f'{unread} unread'
        assert waiting == 0
        for path in world.left():
            if path.startswith(world.tmp):
                with open(path, 'rb') as file:
                    assert world.keys['password'].encode() not in file.read(), path


def ask(stream, number, **packet):
    """Sends a request. Nothing comes unasked to whoever has not said that they are there."""
    text = json.dumps({'id': number, **packet}).encode()
    stream.write(struct.pack('>I', len(text)) + text)
    stream.flush()
    size, = struct.unpack('>I', stream.read(4))
    return json.loads(stream.read(size))


def people_are_there_to_be_found():
    with World() as world:
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        with socket.create_connection(('127.0.0.1', int(world.keys['port'])), PATIENCE) as link, \
                context.wrap_socket(link) as tls, tls.makefile('rwb') as stream:
            ask(stream, 1, version='0.1')
            ask(stream, 2, cmd='upgrade', features=['active_users'])
            ask(stream, 3, **{'cmd': 'auth', 'method': 'plain', 'from': world.keys['guest-address'],
                              'password': world.keys['guest-password']})
            users = ask(stream, 4, cmd='active_users')['users']
        assert len(users) >= 3, users


def ends(stop):
    with World() as world:
        stop(world.process)
        world.process.wait(timeout=PATIENCE)
        assert not world.left(), world.left()
        assert not world.answers(), 'the server lives on'


def stops_while_it_prepares():
    with World(ready=False) as world:
        end = time.monotonic() + PATIENCE
        while not glob.glob(f'{world.tmp}/burble-demo-*/alice.db'):
            assert time.monotonic() < end, 'nobody signs in'
            time.sleep(0.01)
        world.process.send_signal(signal.SIGTERM)
        world.process.wait(timeout=PATIENCE)
        assert not world.left(), world.left()


def says_why_it_cannot():
    with World(ready=False, XDG_RUNTIME_DIR='/dev/null/run') as world:
        assert world.process.wait(timeout=PATIENCE) == 1, world.process.returncode
        assert '/dev/null/run cannot be made' in world.said(), world.said()
        assert not world.left(), world.left()


tap.run([
    ('/e2e/demo/fills-the-profile-and-writes-no-password', profile_is_filled),
    ('/e2e/demo/people-are-there-to-be-found', people_are_there_to_be_found),
    ('/e2e/demo/leaves-nothing-when-its-input-ends', lambda: ends(lambda demo: demo.stdin.close())),
    ('/e2e/demo/leaves-nothing-when-told-to-stop',
     lambda: ends(lambda demo: demo.send_signal(signal.SIGTERM))),
    ('/e2e/demo/stops-while-it-prepares', stops_while_it_prepares),
    ('/e2e/demo/says-why-it-cannot', says_why_it_cannot),
])
