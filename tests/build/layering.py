#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A folder cannot include what it may not use: tried with the compiler, folder by folder.

The flags are the real ones, those of the folder's own first source in compile_commands.json.
"""
import json
import os
import shlex
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), '..', 'support'))
import tap

SOURCE, BUILD = sys.argv[1:]
PROBE = 'int burble_probe;\n'

# Who may use whom, as in CONTRIBUTING.md.
ALLOWED = {
    'wire': set(),
    'net': {'wire'},
    'protocol': {'wire', 'net'},
    'model': set(),
    'store': {'model'},
    'session': {'model', 'store', 'protocol'},
    'ui': {'model', 'session'},
    'server': {'wire', 'net'},
    'demo': {'model', 'store', 'protocol', 'session'},
}
# This one joins the others and may see everything that it joins.
JOINING = {'app'}
# Libraries that only some folders may use, by a header that each of them has.
LIBRARIES = {
    'gtk/gtk.h': {'ui'},
    'adwaita.h': {'ui'},
    'json-glib/json-glib.h': {'wire'},
    'libsecret/secret.h': {'store'},
    'libspelling.h': {'ui'},
    'libsoup/soup.h': {'protocol'},
}


def folders():
    top = os.path.join(SOURCE, 'src')
    return sorted(d for d in os.listdir(top) if os.path.isdir(os.path.join(top, d)))


def headers(folder):
    """One public header for each directory of the folder that has any."""
    found = []
    for path, dirs, names in os.walk(os.path.join(SOURCE, 'src', folder)):
        dirs.sort()
        public = sorted(n for n in names if n.endswith('.h') and not n.endswith('-private.h'))
        found += public[:1]
    return found


def compile_flags():
    """The first compile command of each folder, without its input and output."""
    flags = {}
    with open(os.path.join(BUILD, 'compile_commands.json'), encoding='utf-8') as file:
        for entry in json.load(file):
            parts = entry['output'].split('/')
            if parts[0] != 'src' or parts[1] in flags:
                continue
            words = shlex.split(entry['command'])
            keep = ('-I', '-D', '-std=', '-pthread', '-isystem')
            compiler = words[1] if os.path.basename(words[0]) == 'ccache' else words[0]
            # A folder of the system comes in a word of its own.
            flags[parts[1]] = [compiler] + [w for before, w in zip(words, words[1:])
                                            if w.startswith(keep) or before == '-isystem']
    return flags


FLAGS = compile_flags()


def compiles(folder, text):
    """Whether a source with this text would compile in the folder, and what the compiler said."""
    if folder not in FLAGS:
        raise tap.Skip(f'src/{folder} has no source yet')
    done = subprocess.run(FLAGS[folder] + ['-fsyntax-only', '-x', 'c', '-'], input=text,
                          cwd=BUILD, text=True, capture_output=True, check=False)
    return done.returncode == 0, done.stderr


def refused(folder, include):
    line = f'#include "{include}"\n'
    ok, said = compiles(folder, line + PROBE)
    assert not ok, f'src/{folder} can include {include}'
    assert 'No such file' in said or 'file not found' in said, said


def cannot_include_others(folder):
    """The same source compiles with the folder's own headers, and not with anybody else's."""
    for header in headers(folder):
        ok, said = compiles(folder, f'#include "{header}"\n' + PROBE)
        assert ok, said
    for other in set(folders()) - ALLOWED[folder] - {folder}:
        for header in headers(other):
            refused(folder, header)


def cannot_include_libraries(folder):
    ok, said = compiles(folder, '#include <gio/gio.h>\n' + PROBE)
    assert ok, said
    for header, users in LIBRARIES.items():
        if folder not in users:
            refused(folder, header)


def known():
    strangers = set(folders()) - set(ALLOWED) - JOINING
    assert not strangers, f'who may use whom is not said for: {strangers}'


cases = [('/layering/every-folder-has-its-rule', known)]
for name in ALLOWED:
    cases.append((f'/layering/{name}/cannot-include-others',
                  lambda f=name: cannot_include_others(f)))
    cases.append((f'/layering/{name}/cannot-include-libraries',
                  lambda f=name: cannot_include_libraries(f)))
tap.run(cases)
