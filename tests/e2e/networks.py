#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""networks.py BURBLE SERVER PEER SITE CG: one window with an account on each network, all online at once.

Like window.py; the site and the cg server are those of tests/support, the Gurgle server is real. With
BURBLE_E2E_PICTURES set to a folder, it gets pictures of the screen where there is most to see, and
networks.png, which is the one in data/screenshots."""
import os
import pathlib
import re
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / 'support'))
# pylint: disable=wrong-import-position
import tap  # noqa: E402

CASES = []
PASSWORD = 'lichen on north walls'
SETTINGS = '[im/burble/Burble]\nwindow-width=1000\nwindow-height=700\n'
WARNING = re.compile(r'-(WARNING|CRITICAL) \*\*')


def case(function):
    CASES.append((function.__name__.replace('_', '-'), function))
    return function


class Helper:
    """A server that takes a command by a line and answers each by a line; its port comes first."""

    def __init__(self, *words):
        self.process = spawn(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline())

    def ask(self, *words):
        self.process.stdin.write(' '.join(words) + '\n')
        self.process.stdin.flush()
        return self.process.stdout.readline().rstrip('\n')

    def stop(self):
        self.process.stdin.close()
        self.process.wait(timeout=30)
        self.process.stdout.close()


class World:
    """Everything that the cases share."""

    def __init__(self, burble, server, peer, site, cg_server):
        self.desktop = Desktop(burble)
        settings = pathlib.Path(os.environ['XDG_CONFIG_HOME']) / 'glib-2.0' / 'settings'
        settings.mkdir(parents=True)
        (settings / 'keyfile').write_text(SETTINGS)
        self.folder = self.desktop.home / 'people'
        self.folder.mkdir()
        self.log = open(self.desktop.home / 'burble.log', 'wb')
        self.server = Server(server, self.folder)
        self.server.add('alice', 'Alice Okafor', PASSWORD)
        self.server.add('bob', 'Bob Hartmann', 'the one of Bob')
        self.server.start()
        self.bob = Peer(peer, self.folder, self.server, 'bob', 'Bob Hartmann', 'the one of Bob')
        self.site = Helper('python3', site, '0')
        self.site.ask('user', 'alice', PASSWORD)
        self.site.ask('user', 'bea', 'the one of Bea|Bea Lindqvist')
        self.site.ask('user', 'dara', 'the one of Dara|Dara Nwosu')
        self.cg = Helper(cg_server)
        self.cg.ask('user', 'alice', PASSWORD)
        self.cg.ask('user', 'Cleo', 'the one of Cleo')
        self.cg.ask('user', 'Noor', 'the one of Noor')
        self.cg.ask('status', 'Cleo', 'away')
        self.cg.ask('status', 'Noor', 'away')
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
        self.site.stop()
        self.cg.stop()
        self.server.kill()
        self.desktop.stop()


def row(*parts):
    """Reads as all of these, in this order."""
    return re.compile('.*'.join(re.escape(part) for part in parts))


def all_named(where):
    found = []

    def none():
        found[:] = world.screen.nameless()
        return not found

    try:
        wait('names', none, 5)
    except AssertionError:
        raise AssertionError(f'{where} has controls without a name: {found}') from None


def picture(name, window='root'):
    folder = os.environ.get('BURBLE_E2E_PICTURES')
    if folder:
        subprocess.run(['import', '-window', window, os.path.join(folder, f'{name}.png')],
                       timeout=60, check=False)


def add_account(down, field, address, unencrypted=False, answer=None):
    """With the dialog; the type is so many below the first one."""
    screen = world.screen
    screen.tab_to('button', 'Add Account…')
    screen.key('space')
    screen.find('dialog', 'Add Account')
    screen.tab_to('combo', 'Account Type')
    screen.key('space')
    screen.find('row', 'cg Server')
    screen.key(*['Down'] * down, 'Return')
    screen.find('text', field)
    all_named('Add Account')
    screen.type('text', field, address)
    screen.type('text', 'Password', PASSWORD)
    if answer:
        screen.find('label', answer)
    if unencrypted:
        screen.tab_to('row', 'Server')
        screen.key('space')
        screen.tab_to('switch', 'No Encryption')
        screen.key('space')
    picture(f'add-{down}')
    screen.click('button', 'Sign In')
    screen.gone('dialog', 'Add Account')


@case
def signs_in_to_gurgle():
    screen = world.screen
    screen.find('label', 'Welcome to Burble')
    all_named('Welcome')
    screen.type('text', 'Gurgle ID', ALICE)
    screen.type('text', 'Password', PASSWORD)
    screen.tab_to('row', 'Server')
    screen.key('space')
    screen.tab_to('text', 'Host Name')
    screen.write('127.0.0.1')
    screen.tab_to('spin', 'Port')
    screen.key('ctrl+a')
    screen.write(str(world.server.port))
    screen.click('button', 'Sign In')
    screen.find('dialog', 'Trust This Server?')
    screen.click('button', 'Trust')
    screen.find('button', 'Your status: Available')


@case
def adds_a_private_chat_site():
    screen = world.screen
    screen.key('ctrl+comma')
    screen.find('dialog', 'Preferences')
    screen.click('tab', 'Accounts')
    add_account(1, 'Address (name@site)', SITE,
                unencrypted=True)
    wait('the site has sockets', lambda: world.site.ask('sockets', 'alice') != 'none')


@case
def adds_a_cg_server():
    add_account(2, 'Address (name@server)', CG,
                answer='A CG Server · nobody is there now')


@case
def is_online_on_all_three():
    screen = world.screen
    dialog = screen.find('dialog', 'Preferences')
    addresses = (ALICE, SITE, CG)
    networks = ('Gurgle', 'Private Chat Site', 'cg Server')

    def is_connected(network, address):
        return any(screen.look('label', f'{network} · Connected', node)
                   for node in screen.look_all('row', address, dialog))

    wait('three connected', lambda: all(map(is_connected, networks, addresses)))
    all_named('Preferences')
    picture('accounts')
    screen.key('Escape')
    screen.gone('dialog', 'Preferences')
    assert world.site.ask('sockets', 'alice') != 'none', 'the site has lost its sockets'


@case
def talks_on_the_site():
    screen = world.screen
    world.site.ask('say', 'bea', 'alice', 'The kettle is on')
    screen.point('row', row('Bea Lindqvist', 'The kettle is on'))
    screen.find('row', re.compile(r'^Bea Lindqvist, \d\d:\d\d.*: The kettle is on$'))
    screen.type('text', 'Message Bea Lindqvist', 'Two minutes')
    screen.key('Return')
    wait('the answer', lambda: world.site.ask('last') == 'alice bea Two minutes')
    world.site.ask('say', 'dara', 'alice', 'Baskets are in the shed')
    screen.find('row', row('Dara Nwosu', 'Baskets are in the shed'))
    world.site.ask('online', 'bea', 'alice')
    all_named('A chat on the site')


def answer(text):
    world.screen.type('text', 'Message Bob Hartmann', text)
    world.screen.key('Return')
    world.bob.expect(f'heard {ALICE} {text}')


@case
def talks_on_gurgle():
    screen = world.screen
    world.bob.do('add', ALICE)
    world.bob.expect('done add')
    screen.point('tab', 'Contacts')
    screen.find('row', row('Bob Hartmann'))
    screen.click('button', 'Accept')
    world.bob.expect(f'contact {ALICE} available')
    screen.point('tab', 'Chats')
    world.bob.do('say', ALICE, 'Are the plums ripe?')
    screen.point('row', row('Bob Hartmann', 'Are the plums ripe?'))
    answer('Nearly! Come on Sunday, and bring the long ladder.')
    world.bob.do('say', ALICE, 'Gladly. Who else is coming?')
    screen.find('row', row('Bob Hartmann', 'Who else is coming?'))
    answer('Bea and Dara, and Cleo if she is back by then.')
    world.bob.do('say', ALICE, 'Then there will be jam.')
    screen.find('row', row('Bob Hartmann', 'Then there will be jam.'))
    all_named('A chat on Gurgle')


@case
def finds_somebody_on_cg_and_watches_them():
    screen = world.screen
    screen.click('button', 'New')
    screen.find('menu', 'New')
    screen.key('f')
    screen.find('dialog', 'Find a Person')
    all_named('Find a Person')
    screen.tab_to('combo', 'Account')
    screen.key('space')
    screen.find('row', SITE)
    screen.key('Home', 'Down', 'Return')
    screen.find('row', row('Bea Lindqvist'))
    picture('people')
    screen.tab_to('combo', 'Account')
    screen.key('space')
    screen.find('row', CG)
    screen.key('End', 'Return')
    for name in ('Noor', 'Cleo'):
        screen.type('text', 'Name or Address', name)
        screen.key('Return')
        screen.find('label', name)
        if name == 'Noor':
            screen.click('button', 'Add Contact')
            screen.find('button', 'Show Details')
    screen.find('label', 'Away')
    screen.find('label', row('there are no messages here'))
    all_named('Somebody who was found')
    picture('found')
    screen.click('button', 'Add Contact')
    screen.click('button', 'Show Details')
    screen.gone('dialog', 'Find a Person')


@case
def wants_to_know_how_they_are():
    screen = world.screen
    screen.find('dialog', 'Details')
    screen.find('label', 'On this network people can be followed, but not written to.')
    screen.tab_to('combo', 'Tell Me About')
    screen.key('space')
    screen.find('row', 'Each change')
    screen.key('End', 'Return')
    all_named('Details')
    picture('details')
    screen.key('Escape')
    screen.gone('dialog', 'Details')


@case
def sees_them_change():
    screen = world.screen
    screen.point('tab', 'Contacts')
    whose = f'on {CG}'
    screen.find('row', f'Cleo, Away, {whose}')
    assert world.cg.ask('status', 'Cleo', 'online') == 'ok'
    screen.find('row', f'Cleo, Available, {whose}')
    all_named('The list of contacts')
    screen.point('text', 'Message Bob Hartmann')
    picture('contacts')
    picture('networks', screen.window()['WINDOW'])
    screen.point('tab', 'Chats')
    screen.find('row', row('Bea Lindqvist', 'Two minutes'))
    screen.find('row', row('Bob Hartmann', 'Then there will be jam.'))
    all_named('The list of chats')
    picture('chats')
    screen.click('button', 'Your status: Available')
    screen.find('row', 'Invisible')
    all_named('Your Status')
    picture('status')
    screen.key('Escape')


@case
def hears_what_a_server_says():
    screen = world.screen
    assert world.cg.ask('say', 'notice', 'cg:msg.lobby.invite.decline', 'Cleo') == 'ok'
    screen.find('label', 'Cleo declined the invitation.')
    screen.find('label', CG)
    all_named('What a server says')
    picture('notice')


@case
def harmed_nobody():
    assert world.site.ask('harm') == 'none', world.site.ask('harm')
    assert world.cg.ask('harm') == '0', world.cg.ask('harm')


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
            picture('failed')
            print('\n'.join('# ' + line for line in world.screen.dump()))
            print('\n'.join('# ' + line for line in world.bob.lines))
            print('\n'.join('# ' + line for line in world.said().splitlines()))
            raise
    return run


if __name__ == '__main__':
    os.environ.update(GSETTINGS_BACKEND='keyfile', LC_ALL='C.UTF-8', GTK_A11Y='atspi')
    try:
        from desktop import Desktop, missing
        from people import DOMAIN, Peer, Server
        from screen import Screen
        from spawning import spawn
        from waiting import wait
    except (ImportError, ValueError) as error:
        print(f'1..0 # SKIP {error}')
        sys.exit(0)
    if missing():
        print(f'1..0 # SKIP there is no {", ".join(missing())}')
        sys.exit(0)
    world = World(*sys.argv[1:6])
    ALICE = f'alice@{DOMAIN}'
    SITE = f'alice@localhost:{world.site.port}'
    CG = f'alice@127.0.0.1:{world.cg.port}'
    world.failed = None
    try:
        tap.run([(name, watched(function)) for name, function in CASES])
    finally:
        world.stop()
