# SPDX-License-Identifier: GPL-3.0-or-later
"""What a person's session has beside Burble: window manager, keyring, notifications. All of it is real and private."""
import os
import pathlib
import shutil
import subprocess

import dbus
import dbus.bus
import dbus.lowlevel
import dbus.mainloop.glib

from spawning import spawn
from waiting import wait

NEEDED = ('openbox', 'gnome-keyring-daemon', 'dunst', 'xdotool', 'secret-tool', 'gdbus', 'Xvfb')
APP_ID = 'im.burble.Burble'

# A left click does the default action; a right click lets `choose` pick one by its name.
DUNSTRC = '''[global]
follow = none
origin = bottom-right
offset = (10, 10)
width = 300
height = (0, 200)
idle_threshold = 0
show_age_threshold = -1
icon_path = ""
mouse_left_click = do_action, close_current
mouse_right_click = context
dmenu = {choose}
[urgency_low]
timeout = 0
[urgency_normal]
timeout = 0
[urgency_critical]
timeout = 0
'''
CHOOSE = '''#!/bin/sh
exec grep -m 1 -F -e "$(cat "{choice}")"
'''
SERVICE = '''[D-BUS Service]
Name={app_id}
Exec={program} --gapplication-service
'''


def missing():
    return [name for name in NEEDED if shutil.which(name) is None]


class Notifications:
    """Listens to what programs and the notification daemon say to each other."""

    def __init__(self, address, daemon):
        self.shown = {}
        self.pending = {}
        self.bus = dbus.bus.BusConnection(address, mainloop=dbus.mainloop.glib.DBusGMainLoop())
        self.bus.add_message_filter(self.take)
        rules = ["interface='org.freedesktop.Notifications'",
                 f"type='method_return',sender='{daemon}'"]
        self.bus.call_blocking('org.freedesktop.DBus', '/org/freedesktop/DBus',
                               'org.freedesktop.DBus.Monitoring', 'BecomeMonitor', 'asu',
                               (rules, 0))

    def take(self, _bus, message):
        arguments = message.get_args_list()
        member = message.get_member()
        if member == 'Notify':
            actions = [str(word) for word in arguments[5]]
            self.pending[(message.get_sender(), message.get_serial())] = {
                'summary': str(arguments[3]), 'body': str(arguments[4]),
                'actions': dict(zip(actions[::2], actions[1::2]))}
        elif member == 'NotificationClosed':
            self.shown.pop(int(arguments[0]), None)
        elif member is None:
            key = (message.get_destination(), message.get_reply_serial())
            if key in self.pending:
                self.shown[int(arguments[0])] = self.pending.pop(key)
        # Left alone, a call would be answered, and a monitor that speaks is thrown out.
        return dbus.lowlevel.HANDLER_RESULT_HANDLED

    def find(self, summary):
        return next((n for n in self.shown.values() if n['summary'] == summary), None)


class Desktop:
    """Made within build-aux/in-session, which gives the folders, the display and the bus."""

    def __init__(self, burble):
        self.home = pathlib.Path(os.environ['XDG_RUNTIME_DIR']).parent
        self.choice = self.home / 'choice'
        self.processes = []
        services = pathlib.Path(os.environ['XDG_DATA_HOME']) / 'dbus-1' / 'services'
        services.mkdir(parents=True)
        (services / f'{APP_ID}.service').write_text(SERVICE.format(app_id=APP_ID, program=burble))
        self.bus = dbus.SessionBus()
        self.call_bus('ReloadConfig')
        # What the bus starts (the accessibility bus, Burble) lives in the same surroundings.
        self.bus.call_blocking('org.freedesktop.DBus', '/org/freedesktop/DBus',
                               'org.freedesktop.DBus', 'UpdateActivationEnvironment', 'a{ss}',
                               (dict(os.environ),))
        self.start('openbox', '--sm-disable')
        self.start_keyring()
        self.start_notifications()

    def call_bus(self, method, signature='', arguments=()):
        return self.bus.call_blocking('org.freedesktop.DBus', '/org/freedesktop/DBus',
                                      'org.freedesktop.DBus', method, signature, arguments)

    def owned(self, name):
        return bool(self.call_bus('NameHasOwner', 's', (name,)))

    def start(self, *words, **more):
        process = spawn(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **more)
        self.processes.append(process)
        return process

    def start_keyring(self):
        keyring = self.start('gnome-keyring-daemon', '--foreground', '--unlock',
                             '--components=secrets', stdin=subprocess.PIPE)
        keyring.stdin.write(b'the one of the keyring')
        keyring.stdin.close()
        wait('the keyring', lambda: self.owned('org.freedesktop.secrets'))

    def start_notifications(self):
        choose = self.home / 'choose'
        choose.write_text(CHOOSE.format(choice=self.choice))
        choose.chmod(0o700)
        config = self.home / 'dunstrc'
        config.write_text(DUNSTRC.format(choose=choose))
        self.start('dunst', '-conf', str(config))
        wait('the notifications', lambda: self.owned('org.freedesktop.Notifications'))
        daemon = str(self.call_bus('GetNameOwner', 's', ('org.freedesktop.Notifications',)))
        self.notifications = Notifications(os.environ['DBUS_SESSION_BUS_ADDRESS'], daemon)

    def search_secrets(self, *attributes):
        """What another program finds in the keyring."""
        return subprocess.run(['secret-tool', 'search', '--all', *attributes], capture_output=True,
                              text=True, timeout=60, check=False).stdout

    def act(self, action, *target):
        """As the desktop does it with an action of the program, which it starts if need be."""
        words = ['gapplication', 'action', APP_ID, action]
        words += [f"'{word}'" for word in target]
        subprocess.run(words, timeout=60, check=True)

    def click_notification(self, button=1):
        """Left (1) does the default action, right (3) the one that was chosen by its name."""
        xdotool('search', '--sync', '--onlyvisible', '--class', 'dunst', 'mousemove', '--window',
                '%1', '60', '20', 'click', str(button))

    def stop(self):
        for process in reversed(self.processes):
            process.terminate()
        for process in self.processes:
            process.wait(timeout=30)


def xdotool(*words, check=True):
    return subprocess.run(['xdotool', *words], capture_output=True, text=True, timeout=60,
                          check=check).stdout
