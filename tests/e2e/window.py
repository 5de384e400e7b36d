#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""window.py BURBLE SERVER PEER: what a person does with the window, against the real server.

Runs within build-aux/in-session. The window is looked at and used as a screen reader does, and with keys and pointer
where a screen reader has nothing to offer. The cases follow each other: each begins where the one before it ended."""
import contextlib
import os
import pathlib
import re
import sqlite3
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'support'))
# pylint: disable=wrong-import-position
import tap  # noqa: E402

CASES = []
PASSWORD = 'moss under old oaks'
MINE = re.compile(r'^You, \d\d:\d\d.*: I will bring the lens$')
WAITING = re.compile(r'^You, \d\d:\d\d.*: Are you there\?$')


def case(function):
    CASES.append((function.__name__.replace('_', '-'), function))
    return function


class World:
    """Everything that the cases share."""

    def __init__(self, burble, server, peer):
        self.burble = burble
        self.peer_program = peer
        self.desktop = Desktop(burble)
        self.folder = self.desktop.home / 'people'
        self.folder.mkdir()
        self.log = open(self.desktop.home / 'burble.log', 'wb')
        self.server = Server(server, self.folder)
        self.server.add('alice', 'Alice Okafor', PASSWORD)
        self.server.add('bob', 'Bob Berg', 'the one of Bob')
        self.server.start()
        self.screen = Screen('burble')
        self.window = None
        self.bob = None

    def start_window(self, *words):
        self.window = spawn([self.burble, *words], stdout=self.log, stderr=self.log)
        wait('the window', self.screen.program)

    def notice(self, summary):
        return wait(f'notification “{summary}”', lambda: self.desktop.notifications.find(summary))

    def no_notice(self, summary):
        wait(f'no notification “{summary}”',
             lambda: self.desktop.notifications.find(summary) is None)

    def key(self):
        """What the chat with Bob is called in actions of the desktop."""
        path = pathlib.Path(os.environ['XDG_DATA_HOME']) / 'burble' / 'burble.db'
        with contextlib.closing(sqlite3.connect(f'file:{path}?mode=ro', uri=True)) as store:
            uid = store.execute('SELECT uid FROM accounts').fetchone()[0]
        return f'{uid}/{self.bob.id}'

    def stop(self):
        if self.window is not None and self.window.poll() is None:
            self.window.kill()
            self.window.wait()
        if self.bob is not None:
            self.bob.stop()
        self.server.kill()
        self.desktop.stop()


def row(*parts):
    """Reads as all of these, in this order."""
    return re.compile('.*'.join(re.escape(part) for part in parts))


@case
def signs_in_after_the_fingerprint_was_shown():
    screen = world.screen
    world.start_window()
    screen.find('label', 'Welcome to Burble')
    screen.type('text', 'Gurgle ID', ALICE)
    screen.type('text', 'Password', PASSWORD)
    screen.point('row', 'Server')
    screen.type('text', 'Host Name', '127.0.0.1')
    screen.tab_to('spin', 'Port')
    screen.key('ctrl+a')
    screen.write(str(world.server.port))
    screen.click('button', 'Sign In')
    question = screen.find('dialog', 'Trust This Server?')
    said = [text_of(node) for node in screen.walk(question)
            if node.get_name() == 'Fingerprint (SHA-256)']
    plain = world.server.fingerprint.replace(':', '')
    assert plain in [re.sub(r'\W', '', text) for text in said], f'{said} is not {plain}'
    screen.click('button', 'Trust')
    screen.find('button', 'Your status: Available')
    screen.find('label', 'No Chats Yet')


@case
def accepts_who_asks():
    world.bob = Peer(world.peer_program, world.folder, world.server, 'bob', 'Bob Berg',
                     'the one of Bob')
    world.bob.do('add', ALICE)
    world.bob.expect('done add')
    asked = world.notice('Bob Berg wants to add you')
    assert {'accept', 'decline'} <= set(asked['actions']), asked
    world.screen.point('tab', 'Contacts')
    world.screen.find('row', row('Bob Berg'))
    world.screen.click('button', 'Accept')
    world.bob.expect(f'contact {ALICE} available')
    world.no_notice('Bob Berg wants to add you')


@case
def tells_presence_and_mood_in_words():
    world.bob.do('presence', 'away', 'in the library')
    world.screen.find('row', 'Bob Berg, Away · in the library')
    world.bob.do('presence', 'available')
    world.screen.find('row', 'Bob Berg, Available')


@case
def shows_a_message_as_a_row_and_a_notification():
    world.screen.point('tab', 'Chats')
    world.bob.do('say', ALICE, 'The moss is out')
    world.screen.find('row', row('Bob Berg, Available, 1 unread message', ': The moss is out'))
    world.screen.find('label', '1')
    notice = world.notice('Bob Berg')
    assert notice['body'] == 'The moss is out', notice
    assert {'default', 'open', 'mark-read'} <= set(notice['actions']), notice
    world.bob.expect('state delivered The moss is out')


@case
def opens_the_chat_and_withdraws_the_notification():
    world.screen.point('row', row('Bob Berg, Available'))
    world.screen.find('row', re.compile(r'^Bob Berg, \d\d:\d\d.*: The moss is out$'))
    world.screen.find('label', 'Available')
    world.no_notice('Bob Berg')
    world.screen.gone('row', row('unread'))
    world.bob.expect('state read The moss is out')


@case
def answers_seeing_who_types_and_it_delivered_and_read():
    world.screen.type('text', 'Message Bob Berg', 'I will bring the lens')
    world.bob.expect(f'typing {ALICE} on')
    world.screen.key('Return')
    world.bob.expect(f'heard {ALICE} I will bring the lens')
    wait('delivered', lambda: world.screen.find('row', MINE).get_description() == 'Delivered')
    world.bob.do('typing', ALICE, 'on')
    world.screen.find('label', 'typing…')
    world.bob.do('typing', ALICE, 'off')
    world.screen.gone('label', 'typing…')
    world.bob.do('read', ALICE)
    wait('read', lambda: world.screen.find('row', MINE).get_description() == 'Read')
    assert text_of(world.screen.find('text', 'Message Bob Berg')) == '', 'the text is still there'

@case
def changes_the_own_presence_and_mood():
    screen = world.screen
    screen.click('button', 'Your status: Available')
    screen.point('row', 'Away')
    world.bob.expect(f'contact {ALICE} away')
    screen.find('button', 'Your status: Away')
    if screen.look('row', 'Available') is None:
        screen.click('button', 'Your status: Away')
    screen.type('text', 'What are you up to?', 'pressing ferns')
    screen.key('Return')
    world.bob.expect(f'contact {ALICE} away pressing ferns')
    screen.point('row', 'Available')
    world.bob.expect(f'contact {ALICE} available pressing ferns')
    screen.key('Escape')
    screen.gone('row', 'Invisible')
    # From outside only the status was asked for: the mood stays.
    for status in ('dnd', 'available'):
        world.desktop.act('status', status)
        world.bob.expect(f'contact {ALICE} {status} pressing ferns')


@case
def keeps_the_password_in_the_keyring_only():
    found = world.desktop.search_secrets('xdg:schema', 'im.burble.Burble.Account')
    assert f'secret = {PASSWORD}' in found, found
    world.log.flush()
    for folder, _, names in os.walk(world.desktop.home):
        for name in names:
            path = pathlib.Path(folder) / name
            if path.is_file():
                assert PASSWORD.encode() not in path.read_bytes(), f'the password is in {path}'


@case
def queues_while_the_server_is_away():
    world.server.kill()
    world.bob.expect('offline')
    world.screen.find('label', 'No connection. What you write is sent later.')
    world.screen.type('text', 'Message Bob Berg', 'Are you there?')
    world.screen.key('Return')
    wait('waiting', lambda: world.screen.find('row', WAITING).get_description()
         == 'Waiting to be sent')


@case
def shows_everything_from_the_cache_after_being_killed():
    world.window.kill()
    world.window.wait()
    wait('no window', lambda: world.screen.program() is None)
    world.start_window()
    world.screen.find('row', row('Bob Berg', 'You, ', ': Are you there?'))
    if world.screen.look('text', 'Message Bob Berg') is None:
        world.screen.point('row', row('Bob Berg', 'Are you there?'))
    world.screen.find('row', re.compile(r'^Bob Berg, .*: The moss is out$'))
    wait('read', lambda: world.screen.find('row', MINE).get_description() == 'Read')
    wait('waiting', lambda: world.screen.find('row', WAITING).get_description()
         == 'Waiting to be sent')
    world.screen.find('label', 'No connection. What you write is sent later.')


@case
def sends_what_waited_exactly_once():
    world.server.start()
    world.screen.click_if_shown('button', 'Try Again')
    world.bob.expect(f'heard {ALICE} Are you there?')
    wait('delivered', lambda: world.screen.find('row', WAITING).get_description() == 'Delivered')
    world.screen.gone('label', 'No connection. What you write is sent later.')
    # What follows comes after anything that was sent twice.
    world.screen.type('text', 'Message Bob Berg', 'Ah, you are')
    world.screen.key('Return')
    world.bob.expect(f'heard {ALICE} Ah, you are')
    assert world.bob.count(f'heard {ALICE} Are you there?') == 1, world.bob.lines


@case
def opens_a_chat_by_its_notification():
    screen = world.screen
    screen.hide()
    world.bob.do('say', ALICE, 'Look at this')
    notice = world.notice('Bob Berg')
    assert notice['body'] == 'Look at this', notice
    world.desktop.click_notification()
    world.bob.expect('state read Look at this')
    world.no_notice('Bob Berg')
    screen.find('row', re.compile(r'^Bob Berg, .*: Look at this$'))


@case
def marks_read_by_an_action_of_the_notification():
    world.screen.hide()
    world.bob.do('say', ALICE, 'And at that')
    world.notice('Bob Berg')
    world.desktop.choice.write_text('Mark as Read')
    world.desktop.click_notification(3)
    world.bob.expect('state read And at that')
    world.no_notice('Bob Berg')


@case
def opens_a_chat_when_the_desktop_starts_the_program():
    world.desktop.act('quit')
    assert world.window.wait(60) == 0, world.window.returncode
    wait('no window', lambda: world.screen.program() is None)
    world.bob.expect(f'contact {ALICE} offline')
    world.desktop.act('open-chat', world.key())
    world.screen.find('row', re.compile(r'^Bob Berg, .*: And at that$'))
    world.bob.expect(f'contact {ALICE} available pressing ferns')


@case
def opens_a_link_that_starts_the_program():
    screen = world.screen
    world.desktop.act('quit')
    world.bob.expect(f'contact {ALICE} offline')
    wait('no program', lambda: not world.desktop.owned(APP_ID))
    world.start_window(f'grgl:carol@{DOMAIN}')
    screen.find('dialog', 'Add Contact')
    wait('the address', lambda: any(text_of(node) == f'carol@{DOMAIN}'
                                    for node in screen.look_all('text', re.compile(''))))
    screen.key('Escape')
    screen.gone('dialog', 'Add Contact')
    world.bob.expect(f'contact {ALICE} available pressing ferns')


@case
def gives_an_alias_and_removes_the_contact():
    screen = world.screen
    screen.click('button', 'Details')
    screen.type('text', 'Alias', 'Bob of the Moss')
    screen.key('Return')
    screen.find('row', row('Bob of the Moss, Available'))
    screen.tab_to('button', 'Remove Contact…')
    screen.key('Return')
    screen.click('button', 'Remove')
    world.bob.expect(f'contact {ALICE} offline')
    screen.find('button', 'Add to Contacts')


def watched(function):
    """A case that fails says what was on the screen; what follows would fail for the same reason."""
    def run():
        if world.failed:
            raise tap.Skip(f'after {world.failed}')
        try:
            function()
        except Exception:
            world.failed = function.__name__
            print('\n'.join('# ' + line for line in world.screen.dump()))
            print('\n'.join('# ' + line for line in (world.bob.lines if world.bob else ())))
            world.log.flush()
            for line in open(world.log.name, encoding='utf-8', errors='replace'):
                print('# ' + line.rstrip())
            raise
    return run


if __name__ == '__main__':
    os.environ.update(GSETTINGS_BACKEND='keyfile', LC_ALL='C.UTF-8', GTK_A11Y='atspi')
    try:
        from desktop import APP_ID, Desktop, missing
        from people import DOMAIN, Peer, Server
        from screen import Screen, text_of
        from spawning import spawn
        from waiting import wait
    except (ImportError, ValueError) as error:
        print(f'1..0 # SKIP {error}')
        sys.exit(0)
    if missing():
        print(f'1..0 # SKIP there is no {", ".join(missing())}')
        sys.exit(0)
    ALICE = f'alice@{DOMAIN}'
    world = World(*sys.argv[1:4])
    world.failed = None
    try:
        tap.run([(name, watched(function)) for name, function in CASES])
    finally:
        world.stop()
