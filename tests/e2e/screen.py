# SPDX-License-Identifier: GPL-3.0-or-later
"""The window as a screen reader knows it, and hands on its controls."""
import re

import gi

gi.require_version('Atspi', '2.0')
# pylint: disable=wrong-import-position
from gi.repository import Atspi, GLib  # noqa: E402

from desktop import xdotool  # noqa: E402
from waiting import turn, wait  # noqa: E402

ROLES = {
    'button': (Atspi.Role.BUTTON, Atspi.Role.TOGGLE_BUTTON),
    'combo': (Atspi.Role.COMBO_BOX,),
    'dialog': (Atspi.Role.DIALOG, Atspi.Role.ALERT),
    'label': (Atspi.Role.LABEL,),
    'menu': (Atspi.Role.MENU,),
    'row': (Atspi.Role.LIST_ITEM,),
    'spin': (Atspi.Role.SPIN_BUTTON,),
    'switch': (Atspi.Role.SWITCH, Atspi.Role.TOGGLE_BUTTON, Atspi.Role.CHECK_BOX),
    'tab': (Atspi.Role.PAGE_TAB,),
    'text': (Atspi.Role.TEXT, Atspi.Role.ENTRY, Atspi.Role.PASSWORD_TEXT, Atspi.Role.EDITBAR),
}


# Something to use whether or not it takes the focus.
USED = {role for name in ('button', 'combo', 'row', 'spin', 'switch', 'tab', 'text')
        for role in ROLES[name]}
# Places that hold controls, and the items of GTK's menus, which do not tell theirs.
NO_CONTROLS = {Atspi.Role.APPLICATION, Atspi.Role.FRAME, Atspi.Role.FILLER, Atspi.Role.GROUPING,
               Atspi.Role.LIST, Atspi.Role.MENU_ITEM, Atspi.Role.PAGE_TAB_LIST, Atspi.Role.PANEL,
               Atspi.Role.SCROLL_PANE}


def is_so(node, state):
    return node.get_state_set().contains(state)


def is_showing(node):
    return is_so(node, Atspi.StateType.SHOWING)


def is_focused(node):
    return is_so(node, Atspi.StateType.FOCUSED)


def is_sensitive(node):
    return is_so(node, Atspi.StateType.SENSITIVE)


def children(node):
    for index in range(node.get_child_count()):
        child = node.get_child_at_index(index)
        if child is not None:
            yield child


def text_of(node):
    return Atspi.Text.get_text(node, 0, Atspi.Text.get_character_count(node))


def describe(node, depth=0):
    states = ','.join(state.value_nick for state in node.get_state_set().get_states())
    line = f'{"  " * depth}{node.get_role_name()} “{node.get_name()}” ({node.get_description()})'
    if 'Text' in node.get_interfaces():
        line += f' “{text_of(node)}”'
    return [f'{line} {states}'] + [more for child in children(node)
                                   for more in describe(child, depth + 1)]


def named(node):
    """By itself, or by what it is said to be named after."""
    if (node.get_name() or '').strip():
        return True
    return any(relation.get_relation_type() == Atspi.RelationType.LABELLED_BY
               for relation in node.get_relation_set())


class Screen:
    """The windows of one program."""

    def __init__(self, name):
        self.name = name
        self.desktop = Atspi.get_desktop(0)
        # What a cache remembers of a list whose rows come and go is of no use here.
        self.desktop.set_cache_mask(Atspi.Cache.NONE)

    def program(self):
        one = next((one for one in children(self.desktop) if one.get_name() == self.name), None)
        if one is not None:
            # Of what a program tells as it starts, the cache keeps names that are no longer so.
            one.set_cache_mask(Atspi.Cache.NONE)
            one.clear_cache()
        return one

    def dump(self):
        program = self.program()
        return describe(program) if program is not None else ['no window']

    def walk(self, node):
        for child in children(node):
            if is_showing(child):
                yield child
                yield from self.walk(child)

    def look_all(self, role, name, within=None):
        """What is shown now; the name is the whole of it, or a pattern."""
        top = within if within is not None else self.program()
        for node in self.walk(top) if top is not None else ():
            said = node.get_name() or ''
            if node.get_role() in ROLES[role] and (
                    name.search(said) if isinstance(name, re.Pattern) else said == name):
                yield node

    def look(self, role, name, within=None):
        return next(self.look_all(role, name, within), None)

    def find(self, role, name, within=None):
        return wait(f'{role} {name!r}', lambda: self.look(role, name, within))

    def gone(self, role, name):
        wait(f'no {role} {name!r}', lambda: self.look(role, name) is None)

    def usable(self, role, name):
        return next((node for node in self.look_all(role, name)
                     if is_sensitive(node) and Atspi.Action.get_n_actions(node) > 0), None)

    def click_if_shown(self, role, name):
        """What may go away by itself, at any time."""
        try:
            node = self.usable(role, name)
            if node is not None:
                Atspi.Action.do_action(node, 0)
        except GLib.Error:  # gone by now
            pass

    def click(self, role, name):
        """By the action that the control offers to a screen reader."""
        node = wait(f'{role} {name!r} can be used', lambda: self.usable(role, name))
        assert Atspi.Action.do_action(node, 0), f'{role} {name!r} does nothing'

    @staticmethod
    def window():
        """Its number and its place, as xdotool tells them."""
        return dict(line.split('=') for line in xdotool(
            'search', '--onlyvisible', '--name', '^Burble$', 'getwindowgeometry', '--shell',
            '%@').split())

    def point(self, role, name, button=1):
        """With the pointer, once the control has come to rest."""
        places = [None]

        def rests():
            node = self.look(role, name)
            if node is None:
                return False
            place = Atspi.Component.get_extents(node, Atspi.CoordType.WINDOW)
            places.append((place.x + place.width // 2, place.y + place.height // 2))
            return place.width > 1 and places[-1] == places[-2]

        wait(f'{role} {name!r} has a place', rests)
        window = self.window()
        left, top = places[-1]
        xdotool('mousemove', str(int(window['X']) + left), str(int(window['Y']) + top),
                'click', str(button))

    def nameless(self):
        """What can be used but has no name, which a screen reader would pass in silence."""
        program = self.program()
        found = []
        for node in self.walk(program) if program is not None else ():
            used = node.get_role() in USED or is_so(node, Atspi.StateType.FOCUSABLE)
            if used and node.get_role() not in NO_CONTROLS and not named(node):
                found.append(describe(node)[0].strip())
        return found

    def tab_to(self, role, name):
        """With the Tab key."""
        self.find(role, name)
        for _ in range(40):
            node = next(filter(is_focused, self.look_all(role, name)), None)
            if node is not None:
                return node
            xdotool('key', 'Tab')
            turn()
            turn()
        raise AssertionError(f'the Tab key does not come to {role} {name!r}')

    def type(self, role, name, text):
        """With the keyboard, instead of what is there."""
        self.point(role, name)
        node = self.find(role, name)
        wait(f'{role} {name!r} has the focus', lambda: is_focused(node))
        xdotool('key', 'ctrl+a')
        self.write(text)
        wait(f'{role} {name!r} has the text', lambda: len(text_of(node)) == len(text))

    def hide(self):
        """Minimised: nobody looks at it."""
        self.click('button', 'Minimize')
        # xdotool fails where it finds nothing.
        wait('hidden', lambda: not xdotool('search', '--onlyvisible', '--name', '^Burble$',
                                           check=False))

    @staticmethod
    def write(text):
        xdotool('type', '--delay', '4', text)

    @staticmethod
    def key(*keys):
        xdotool('key', *keys)
