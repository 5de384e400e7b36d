# SPDX-License-Identifier: GPL-3.0-or-later
"""The others of a test of the window: the server, and somebody who uses the engine without a window."""
import os
import re
import subprocess
import threading

from spawning import spawn
from waiting import wait

DOMAIN = 'burble.test'
# The cheapest that libsodium allows.
CHEAP_PASSWORDS = '\n[passwords]\noperations=1\nmemory-kib=8\n'


class Server:
    """A real burble-server with a certificate of its own on a free port of this machine."""

    def __init__(self, program, folder):
        self.program = program
        self.data = str(folder / 'server')
        self.port = 0
        self.process = None
        said = self.command('init', '--domain', DOMAIN, '--listen', '127.0.0.1', '--port', '0')
        self.fingerprint = re.search(r'SHA-256 (\S+)', said).group(1)
        with open(os.path.join(self.data, 'burble-server.ini'), 'a', encoding='utf-8') as config:
            config.write(CHEAP_PASSWORDS)

    def command(self, *words, said=''):
        done = subprocess.run([self.program, *words, '--data', self.data], input=said, text=True,
                              capture_output=True, timeout=60, check=False)
        assert done.returncode == 0, f'burble-server {words}: {done.stdout}{done.stderr}'
        return done.stdout + done.stderr

    def add(self, username, name, password):
        self.command('user', 'add', username, '--name', name, said=password + '\n')

    def start(self, *options):
        self.process = spawn([self.program, 'run', '--data', self.data, '--port', str(self.port),
                              *options], stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        assert line.startswith('listening on '), f'burble-server said {line!r}'
        self.port = int(line.rsplit(':', 1)[1])

    def kill(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()
            self.process = None


class Peer:
    """Somebody else; what they notice comes as lines (see peer.c)."""

    def __init__(self, program, folder, server, username, name, password):
        self.id = f'{username}@{DOMAIN}'
        self.lines = []
        self.seen = 0
        self.process = spawn(
            [program, '--db', str(folder / f'{username}.db'), '--address', self.id, '--name', name,
             '--host', '127.0.0.1', '--port', str(server.port), '--pin', server.fingerprint],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            env=dict(os.environ, BURBLE_E2E_PASSWORD=password))
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        self.expect('online')

    def read(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip('\n'))

    def do(self, *words):
        self.process.stdin.write(' '.join(words) + '\n')
        self.process.stdin.flush()

    def expect(self, line):
        """Waits for the line; what came before it is not looked at again."""
        def came():
            for index in range(self.seen, len(self.lines)):
                if self.lines[index].rstrip() == line:
                    self.seen = index + 1
                    return True
            return False
        try:
            wait(f'“{line}” of {self.id}', came)
        except AssertionError as error:
            raise AssertionError(f'{error}; since then: {self.lines[self.seen:]}') from error

    def count(self, line):
        return sum(1 for other in self.lines if other.rstrip() == line)

    def stop(self):
        if self.process.poll() is None:
            self.process.stdin.close()
            self.process.wait(timeout=30)
        self.reader.join()
        return self.process.returncode
