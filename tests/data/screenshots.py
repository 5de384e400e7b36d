#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The pictures that app stores and the README show: there, and of the size that is told."""

import os
import re
import struct
import sys
import xml.etree.ElementTree

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'support'))
import tap  # noqa: E402

TOP = sys.argv[1]


def size(path):
    with open(path, 'rb') as file:
        head = file.read(24)
    assert head[:8] == b'\x89PNG\r\n\x1a\n', f'{path} is no PNG'
    return struct.unpack('>II', head[16:24])


def metainfo_tells_the_sizes():
    tree = xml.etree.ElementTree.parse(
        os.path.join(TOP, 'data', 'im.burble.Burble.metainfo.xml.in'))
    images = tree.findall('.//screenshot/image')
    assert images, 'no pictures'
    for image in images:
        name = image.text.rsplit('/', 1)[1]
        told = (int(image.get('width')), int(image.get('height')))
        had = size(os.path.join(TOP, 'data', 'screenshots', name))
        assert had == told, f'{name} is {had}, told is {told}'


def readme_shows_one():
    with open(os.path.join(TOP, 'README.md'), encoding='utf-8') as file:
        paths = re.findall(r'!\[[^]]+\]\(([^)]+)\)', file.read())
    assert paths, 'no picture'
    for path in paths:
        size(os.path.join(TOP, path))


tap.run([
    ('/data/screenshots/metainfo-tells-the-sizes', metainfo_tells_the_sizes),
    ('/data/screenshots/readme-shows-one', readme_shows_one),
])
