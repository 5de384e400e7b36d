#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""newcomer.py BURBLE SERVER PEER: somebody without an account makes one, and talks in a room.

Like window.py, but in the dark and as narrow as the window can be, where one pane hides the other. On every screen
that is passed, each control has to have a name. The cases follow each other."""
import os
import pathlib
import re
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'support'))
# pylint: disable=wrong-import-position
import tap  # noqa: E402

CASES = []
PASSWORD = 'ferns by the brook'
# Without a compositor, 5 pixels of border on each side are part of the window.
SETTINGS = '[im/burble/Burble]\nwindow-width=370\nwindow-height=640\n'
WARNING = re.compile(r'-(WARNING|CRITICAL) \*\*')


LAST = re.compile('^garden.*bob, .*: I do$')


def case(function):
    CASES.append((function.__name__.replace('_', '-'), function))
    return function


class World:
    """Everything that the cases share."""

    def __init__(self, burble, server, peer):
        self.burble = burble
        self.desktop = Desktop(burble)
        settings = pathlib.Path(os.environ['XDG_CONFIG_HOME']) / 'glib-2.0' / 'settings'
        settings.mkdir(parents=True)
        (settings / 'keyfile').write_text(SETTINGS)
        self.folder = self.desktop.home / 'people'
        self.folder.mkdir()
        self.log = open(self.desktop.home / 'burble.log', 'wb')
        self.server = Server(server, self.folder)
        self.server.add('bob', 'Bob Berg', 'the one of Bob')
        self.server.start()
        self.bob = Peer(peer, self.folder, self.server, 'bob', 'Bob Berg', 'the one of Bob')
        self.screen = Screen('burble')
        self.window = spawn([burble], stdout=self.log, stderr=self.log)

    def said(self):
        self.log.flush()
        return pathlib.Path(self.log.name).read_text(encoding='utf-8', errors='replace')

    def stop(self):
        if self.window.poll() is None:
            self.window.kill()
            self.window.wait()
        self.bob.stop()
        self.server.kill()
        self.desktop.stop()


def all_named(where):
    """On the screen that is shown, once it has come to rest."""
    found = []

    def none():
        found[:] = world.screen.nameless()
        return not found

    try:
        wait('names', none, 5)
    except AssertionError:
        raise AssertionError(f'{where} has controls without a name: {found}') from None


def is_focused_button(name):
    return wait(f'“{name}” has the focus', lambda: any(
        is_focused(node) for node in world.screen.look_all('button', name)))


@case
def says_at_the_field_what_is_wrong():
    screen = world.screen
    screen.find('label', 'Welcome to Burble')
    all_named('Welcome')
    screen.click('button', 'Create an Account')
    screen.find('label', 'Choose an address on your server and a password')
    all_named('Create an Account')
    screen.type('text', 'Gurgle ID', f'bob@{DOMAIN}')
    screen.type('text', 'Password', 'short')
    screen.type('text', 'Repeat Password', 'long')
    screen.find('label', 'The two passwords are not the same.')
    screen.type('text', 'Repeat Password', 'short')
    screen.gone('label', 'The two passwords are not the same.')
    screen.tab_to('row', 'Server')
    screen.key('space')
    screen.tab_to('text', 'Host Name')
    screen.write('127.0.0.1')
    screen.tab_to('spin', 'Port')
    screen.key('ctrl+a')
    screen.write(str(world.server.port))
    screen.click('button', 'Create Account')


@case
def asks_about_the_certificate_with_the_focus_on_the_safe_answer():
    screen = world.screen
    question = screen.find('dialog', 'Trust This Server?')
    is_focused_button('Cancel')
    for node in screen.walk(question):
        if 'Text' in node.get_interfaces():
            assert Atspi.Text.get_n_selections(node) == 0, f'{text_of(node)!r} is selected'
    all_named('The certificate question')
    screen.click('button', 'Trust')


@case
def says_when_the_server_takes_nobody():
    world.screen.find('label', 'This server does not let people create accounts themselves. '
                      'Ask its administrator for one.')


@case
def says_when_name_or_password_will_not_do():
    screen = world.screen
    world.server.kill()
    world.server.start('--register')
    world.bob.expect('online')
    answers = (
        (None, None, 'The server does not accept this password. Choose a longer one.'),
        (None, PASSWORD, 'Somebody already has this name. Choose another one.'),
        ('no address', None,
         'This address does not look right. It has the form name@server.'),
    )
    for name, password, sentence in answers:
        if name is not None:
            screen.type('text', 'Gurgle ID', name)
        if password is not None:
            screen.type('text', 'Password', password)
            screen.type('text', 'Repeat Password', password)
        screen.click('button', 'Create Account')
        answer_certificate(screen, sentence)
    all_named('A refusal')


def answer_certificate(screen, sentence):
    """Nobody was trusted for good as long as there is no account."""
    def said():
        if screen.look('dialog', 'Trust This Server?') is not None:
            screen.click('button', 'Trust')
            screen.gone('dialog', 'Trust This Server?')
        return screen.look('label', sentence)
    wait(sentence, said)


@case
def creates_the_account_and_is_signed_in():
    screen = world.screen
    screen.type('text', 'Gurgle ID', CAROL)
    screen.click('button', 'Create Account')
    answer_certificate(screen, 'No Chats Yet')
    screen.find('button', 'Your status: Available')
    all_named('The list of chats')
    found = world.desktop.search_secrets('xdg:schema', 'im.burble.Burble.Account')
    assert f'secret = {PASSWORD}' in found, found


@case
def makes_a_room():
    screen = world.screen
    screen.click('button', 'New')
    screen.find('menu', 'New')
    screen.key('r')
    screen.find('dialog', 'New Room')
    all_named('New Room')
    screen.type('text', 'Room', 'garden')
    screen.find('label', re.compile(f'^If there is no room garden@{DOMAIN} yet, it is created'))
    screen.click('button', 'Join')
    wait('ready to write', lambda: is_focused(screen.find('text', 'Message garden')))
    screen.find('label', 'Room')
    all_named('A room')


@case
def talks_in_the_room():
    screen = world.screen
    world.bob.do('join', ROOM)
    world.bob.expect('done join')
    screen.type('text', 'Message garden', 'Who waters on Friday?')
    screen.key('Return')
    world.bob.expect(f'heard {ROOM} Who waters on Friday?')
    world.bob.do('say', ROOM, 'I do')
    screen.find('row', re.compile(r'^bob, \d\d:\d\d.*: I do$'))
    screen.find('label', 'bob')
    all_named('A chat')


@case
def finds_the_room_among_the_chats():
    screen = world.screen
    screen.key('Escape')
    screen.find('row', LAST)
    all_named('The list of chats')
    screen.point('tab', 'Contacts')
    screen.find('row', re.compile('^garden'))
    all_named('The list of contacts')
    screen.point('tab', 'Chats')


@case
def leaves_the_room():
    screen = world.screen
    screen.point('row', LAST)
    screen.find('text', 'Message garden')
    screen.click('button', 'Details')
    screen.find('label', 'Details')
    all_named('Details')
    screen.tab_to('button', 'Leave Room…')
    screen.key('Return')
    screen.find('dialog', 'Leave garden?')
    all_named('The question before leaving')
    screen.click('button', 'Leave')
    screen.find('button', 'Join Again')
    world.bob.do('say', ROOM, 'Anybody?')
    world.bob.expect('state sent Anybody?')


@case
def names_every_control_of_the_other_windows():
    screen = world.screen
    screen.key('Escape')
    screen.gone('label', 'Details')
    screen.key('Escape')
    screen.find('button', 'Your status: Available')
    for keys, title in (('ctrl+comma', 'Preferences'), ('ctrl+n', 'New Chat'),
                        ('ctrl+question', 'Keyboard Shortcuts')):
        screen.key(keys)
        screen.find('dialog', title)
        all_named(title)
        screen.key('Escape')
        screen.gone('dialog', title)
    screen.click('button', 'Your status: Available')
    screen.find('row', 'Invisible')
    all_named('Your Status')
    screen.key('Escape')


@case
def complains_about_nothing():
    found = [line for line in world.said().splitlines() if WARNING.search(line)]
    assert not found, '\n'.join(found)


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
            print('\n'.join('# ' + line for line in world.bob.lines))
            print('\n'.join('# ' + line for line in world.said().splitlines()))
            raise
    return run


if __name__ == '__main__':
    os.environ.update(GSETTINGS_BACKEND='keyfile', LC_ALL='C.UTF-8', GTK_A11Y='atspi',
                      ADW_DEBUG_COLOR_SCHEME='prefer-dark')
    try:
        from desktop import Desktop, missing
        from people import DOMAIN, Peer, Server
        from screen import Atspi, Screen, is_focused, text_of
        from spawning import spawn
        from waiting import wait
    except (ImportError, ValueError) as error:
        print(f'1..0 # SKIP {error}')
        sys.exit(0)
    if missing():
        print(f'1..0 # SKIP there is no {", ".join(missing())}')
        sys.exit(0)
    CAROL = f'carol@{DOMAIN}'
    ROOM = f'garden@{DOMAIN}'
    world = World(*sys.argv[1:4])
    world.failed = None
    try:
        tap.run([(name, watched(function)) for name, function in CASES])
    finally:
        world.stop()
