#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""A small site that does what a django-private-chat site does, its oddities included.

Pages and WebSockets share one port of this machine, which is printed first: private-chat-site.py
PORT [PEM], with TLS where there is a PEM. Commands come in by lines, each is answered by one line:

  user NAME PASSWORD[|FULL NAME]   somebody new; the password may have blanks
  layman NAME                      is no member of the staff, and cannot sign in
  password NAME PASSWORD           another one: the sessions of NAME end with their next page
  remove NAME                      somebody is taken off the site
  say FROM TO TEXT                 as another client would: stored, and given to the sockets
  raw FROM TO JSON                 … something that is no text
  changed                          users-changed, which the real ones never send
  typing FROM TO | read FROM TO ID | online NAME | offline NAME
  expire                           every session ends, without a word
  drop [NAME]                      TCP ends, without a word
  refuse NAME                      closes the sockets of NAME with 1011
  forget NAME OTHER                the socket is open, but not registered
  steal NAME OTHER                 another client opens the same pair: it is registered instead
  mute / speak                     packets are taken and nothing is answered
  quirk ping SECONDS               how often it pings (20)
  quirk deaf ON|OFF                pongs are not noticed
  quirk echo ON|OFF                whether who says something hears it
  quirk split ON|OFF               frames go out byte by byte, and texts in fragments
  quirk upgrade STATUS             what a handshake is answered with (101)
  quirk doom ON|OFF                no key is good for a socket
  quirk age SECONDS                how long a session lives
  quirk html ON|OFF                the debug toolbar after every page
  quirk sockets [URL]              what the pages say of where the sockets are; nothing
  quirk zone MINUTES [SILENT]      ahead of UTC; SILENT: the sign-in page does not tell
  quirk skew SECONDS               how wrong its clock is
  quirk dates EXAMPLE|DJANGO|WORDS how dates are written
  sockets NAME                     towards whom NAME has sockets
  packets NAME                     types that came from NAME since this was asked last
  logins                           how often somebody signed in
  pongs                            how many came
  offers                           the extensions that handshakes asked for, or "none"
  keys                             all keys that there ever were
  socket-paths                     the last part of the path of each socket, as it came
  pause / resume                   pages are made, but not given out
  waiting                          how many of them there are
  leave-out N                      the Nth question from now: its connection ends, unanswered
  close / open                     no connection is taken, and those that there are end
  messages                         how many there are
  count TEXT                       how many of them say that
  last                             FROM TO TEXT of the last one, or "none"
  harm                             what would have stopped the real site, or "none"
"""
import asyncio
import base64
import email.utils
import hashlib
import html
import json
import os
import secrets
import ssl
import string
import struct
import sys
import time
import urllib.parse

MAX_FRAME = 1024 * 1024


def write_frame(opcode, data):
    head = bytes([0x80 | opcode])
    if len(data) < 126:
        head += bytes([len(data)])
    elif len(data) < 65536:
        head += bytes([126]) + struct.pack('>H', len(data))
    else:
        head += bytes([127]) + struct.pack('>Q', len(data))
    return head + data


class Socket:
    def __init__(self, writer, me, opponent):
        self.writer, self.me, self.opponent = writer, me, opponent
        self.pong = asyncio.Event()

    def write(self, opcode, data):
        if site.split and opcode == 1:
            half = len(data) // 2
            frames = (bytes([opcode]) + write_frame(0, data[:half])[1:],
                      write_frame(9, b'between'), write_frame(0, data[half:]))
        else:
            frames = (write_frame(opcode, data),)
        for frame in frames:
            for at in range(0, len(frame), 1 if site.split else len(frame)):
                self.writer.write(frame[at:at + 1] if site.split else frame)

    def send(self, packet):
        if not site.mute:
            self.write(1, json.dumps(packet).encode())

    def close(self, code, reason=''):
        self.write(8, struct.pack('>H', code) + reason.encode())


class Site:
    def __init__(self):
        self.users = {}       # name -> (password, full name)
        self.sessions = {}    # key -> name
        self.dialogs = set()  # frozenset of names
        self.messages = []    # id, sender, to, text, read, created
        self.sockets = {}     # (me, opponent) -> Socket
        self.writers = {}     # every open socket -> its name
        self.connections = set()
        self.closed = False
        self.dead = set()     # channels whose handler has ended
        self.harm = []
        self.mute = False
        self.ping = 20.0
        self.laymen = set()
        self.paused = False
        self.waiting = 0
        self.deaf = False
        self.split = False
        self.echo = True
        self.upgrade = 101
        self.doom = False
        self.left_out = 0     # counts down to the question without an answer
        self.age = 12096000
        self.stale = set()    # keys that end with the next page
        self.ends = {}        # key -> when it does
        self.packets = {}     # name -> types that came
        self.logins = 0
        self.pongs = 0
        self.offers = set()
        self.keys = []
        self.paths = []
        self.toolbar = False
        self.said = None      # where the sockets are, for the pages; None: here
        self.secure = len(sys.argv) > 2
        self.zone = 0         # minutes ahead of UTC
        self.zone_told = True
        self.dates = 'EXAMPLE'
        self.skew = 0         # seconds that its clock is wrong

    def write_date(self):
        now = time.gmtime(time.time() + self.zone * 60 + self.skew)
        if self.dates == 'DJANGO':
            months = ('Jan. Feb. March April May June July Aug. Sept. Oct. Nov. Dec.').split()
            return (f'{months[now.tm_mon - 1]} {now.tm_mday}, {now.tm_year}, '
                    f'{now.tm_hour % 12 or 12}:{now.tm_min:02} '
                    f'{"a.m." if now.tm_hour < 12 else "p.m."}')
        if self.dates == 'WORDS':
            return f'am {now.tm_mday}ten'
        return time.strftime('%d.%m.%Y %H:%M:%S', now)

    # What the handlers of the channels do.

    def handle(self, socket, text):
        try:
            packet = json.loads(text)
        except ValueError:
            return
        if not isinstance(packet, dict):
            return
        kind, key = packet.get('type'), packet.get('session_key')
        handler = {
            'online': self.online, 'offline': self.offline, 'check-online': self.check_online,
            'is-typing': self.typing, 'new-message': self.message, 'read_message': self.read,
        }.get(kind)
        if kind == 'new-user':
            self.kill(kind, 'is never to be sent')
        if handler is None or key is None or kind in self.dead:
            return
        self.forget_old()
        self.packets.setdefault(socket.me, []).append(kind)
        if key not in self.sessions:
            self.kill(kind, 'a dead session key')
            return
        handler(self.sessions[key], packet)

    def forget_old(self):
        for key, end in list(self.ends.items()):
            if end < time.time():
                self.sessions.pop(key, None)
                del self.ends[key]

    def kill(self, kind, why):
        self.dead.add(kind)
        self.harm.append(f'{kind}: {why}')

    def towards(self, name):
        return [s for (me, other), s in self.sockets.items() if other == name]

    def online(self, me, packet=None):
        for socket in self.towards(me):
            socket.send({'type': 'gone-online', 'usernames': [me]})

    def offline(self, me, packet=None):
        for socket in self.towards(me):
            socket.send({'type': 'gone-offline', 'username': me})

    def check_online(self, me, packet):
        other = packet.get('username')
        if not isinstance(other, str):
            self.kill('check-online', 'a username that is none')
            return
        socket = self.sockets.get((me, other))
        if socket:
            names = sorted({s.me for s in self.towards(me)})
            socket.send({'type': 'gone-online', 'usernames': names})

    def typing(self, me, packet):
        other = packet.get('username')
        if not isinstance(other, str):
            self.kill('is-typing', 'a username that is none')
        elif packet.get('typing') is True and (other, me) in self.sockets:
            # The wrong name, as on the real ones.
            self.sockets[other, me].send({'type': 'opponent-typing', 'username': other})

    def message(self, me, packet):
        to, text = packet.get('username'), packet.get('message')
        if not text or to is None:
            return
        if not isinstance(to, str) or to not in self.users:
            self.kill('new-message', f'to {to!r}, who does not exist')
            return
        if isinstance(text, str) and any(0xd800 <= ord(c) < 0xe000 for c in text):
            self.kill('new-message', 'half of a surrogate pair')
            return
        if frozenset((me, to)) in self.dialogs:
            self.say(me, to, text, packet)

    def say(self, me, to, text, packet):
        created = self.write_date()
        number = 3 * len(self.messages) + 1  # other people's are between
        self.messages.append([number, me, to, text, False, created])
        packet = dict(packet, type='new-message', username=to, message=text, created=created,
                      sender_name=me, message_id=number)
        packet.setdefault('session_key', secrets.token_hex(16))
        if (to, me) in self.sockets:
            self.sockets[to, me].send(packet)
        else:
            for (owner, _), socket in self.sockets.items():
                if owner == to:
                    socket.send(packet)
        if (me, to) in self.sockets and me != to and self.echo:
            self.sockets[me, to].send(packet)
        return number

    def read(self, me, packet):
        other, number = packet.get('username'), packet.get('message_id')
        if other is None or number is None:
            return
        if not isinstance(number, int) or isinstance(number, bool) or not isinstance(other, str):
            self.kill('read_message', f'of {number!r}')
            return
        for message in self.messages:
            if message[0] == number:
                message[4] = True
                if (other, me) in self.sockets:
                    self.sockets[other, me].send({'type': 'opponent-read-message',
                                                  'username': other, 'message_id': number})

    # The pages.

    def people_page(self, me):
        rows = ''.join(f'<li><p>{html.escape(full)}</p><a class="btn btn-primary" '
                       f'href="/dialogs/{urllib.parse.quote(name, safe="@+")}">'
                       f'Chat with {html.escape(name)}</a></li>'
                       for name, (_, full) in self.users.items() if name != me)
        return f'<ul>{rows}</ul>'

    def dialog_page(self, me, other, key, host):
        others = sorted(n for pair in self.dialogs if me in pair for n in (pair - {me} or {me}))
        links = ''.join(f'<li><a id="user-{html.escape(n)}" href="/dialogs/'
                        f'{urllib.parse.quote(n, safe="@+")}">{html.escape(n)}</a></li>'
                        for n in others)
        rows = ''
        for number, sender, to, text, read, created in self.messages:
            if {sender, to} != {me, other}:
                continue
            own = sender == me
            said = text if isinstance(text, str) else json.dumps(text)
            rows += (f'<div class="row msg-{"read" if read else "unread"}'
                     f'{"" if own else " opponent"}" data-id="{number}">'
                     f'<p class="pull-{"left" if own else "right"}">\n      '
                     f'<span class="username">{html.escape(sender)}:</span>\n      '
                     f'{html.escape(said)}\n      <span class="timestamp">&ndash; '
                     f'<span data-livestamp="{created}">{created}</span></span></p></div>')
        return (f'<input id="owner_username" type="hidden" value="{html.escape(me)}">'
                f'<div class="user-list-div"><ul>{links}</ul></div>'
                f'<div id="messages" class="messages">{rows}</div>'
                f'<script>var session_key = "{key}"; '
                + (f'var base_ws_server_path = "'
                   f'{self.said or f"""ws{"s" if self.secure else ""}://{host}/"""}";'
                   if self.said != '' else '') + '</script>')

    def page(self, method, target, headers, body):
        """status, headers, body"""
        url = urllib.parse.urlsplit(target)
        path = urllib.parse.unquote(url.path)
        cookies = dict(c.strip().split('=', 1) for c in headers.get('cookie', '').split(';')
                       if '=' in c)
        key = cookies.get('sessionid')
        self.forget_old()
        if key in self.stale:
            self.stale.discard(key)
            self.sessions.pop(key, None)
            return 302, [('Location', f'/accounts/login/?next={path}'),
                         ('Set-Cookie', 'sessionid=""; expires=Thu, 01 Jan 1970 00:00:00 GMT; '
                                        'Max-Age=0; Path=/')], ''
        me = self.sessions.get(key)
        if path == '/admin/login/':
            if method == 'GET':
                token = secrets.token_hex(32)
                return 200, [('Set-Cookie', f'csrftoken={token}; Path=/; SameSite=Lax')], (
                    (f'<div data-admin-utc-offset="1"></div><body data-admin-utc-offset='
                     f'"{self.zone * 60}">' if self.zone_told else '')
                    + f'<form><input type="hidden" name="csrfmiddlewaretoken" value="{token}">'
                      '</form>')
            form = dict(urllib.parse.parse_qsl(body, keep_blank_values=True))
            if not cookies.get('csrftoken') or form.get('csrfmiddlewaretoken') != \
                    cookies['csrftoken']:
                return 403, [], '<h1>Forbidden</h1>'
            if self.secure and not headers.get('referer', '').startswith(
                    f'https://{headers["host"]}/'):
                return 403, [], '<h1>Forbidden</h1>'
            user = self.users.get(form.get('username'))
            if user is None or user[0] != form.get('password') \
                    or form['username'] in self.laymen:
                return 200, [], '<p class="errornote">Please enter the correct username</p>'
            letters = string.ascii_lowercase + string.digits
            key = ''.join(secrets.choice(letters) for _ in range(32))
            self.sessions[key] = form['username']
            self.ends[key] = time.time() + self.age
            self.keys.append(key)
            self.logins += 1
            return 302, [('Location', form.get('next', '/')),
                         ('Set-Cookie', f'sessionid={key}; HttpOnly; Max-Age={self.age}; Path=/'),
                         ('Set-Cookie', f'csrftoken={secrets.token_hex(32)}; Path=/')], ''
        if path == '/':
            if me is None:
                return 302, [('Location', 'admin/?next=/')], ''
            return 200, [], self.people_page(me)
        if path.startswith('/dialogs/'):
            if me is None:
                return 302, [('Location', f'/accounts/login/?next={path}')], ''
            other = path[len('/dialogs/'):]
            mine = sorted(n for pair in self.dialogs if me in pair for n in (pair - {me} or {me}))
            if not other:
                if not mine:
                    return 500, [], '<h1>IndexError</h1>' + 'x' * 100000
                other = mine[0]
            elif other not in self.users:
                return 404, [], '<h1>Not Found</h1>'
            self.dialogs.add(frozenset((me, other)))
            return 200, [], self.dialog_page(me, other, key, headers.get('host', ''))
        return 404, [], '<h1>Not Found</h1>'


site = Site()


async def keep_alive(socket):
    while True:
        await asyncio.sleep(site.ping)
        socket.pong.clear()
        socket.write(9, os.urandom(4))
        try:
            await asyncio.wait_for(socket.pong.wait(), max(site.ping, 1))
        except asyncio.TimeoutError:
            socket.close(1011, 'keepalive ping timeout')
            socket.writer.close()
            return


async def read_frame(reader):
    first, second = await reader.readexactly(2)
    length = second & 127
    if length == 126:
        length, = struct.unpack('>H', await reader.readexactly(2))
    elif length == 127:
        length, = struct.unpack('>Q', await reader.readexactly(8))
    if length > MAX_FRAME:
        return None, b''
    mask = await reader.readexactly(4)
    data = await reader.readexactly(length)
    size = len(data)
    if size:
        key = (mask * (size // 4 + 1))[:size]
        data = (int.from_bytes(data, 'big') ^ int.from_bytes(key, 'big')).to_bytes(size, 'big')
    return first & 15, data


async def serve_socket(reader, writer, target, headers):
    if site.upgrade != 101:
        writer.write(f'HTTP/1.1 {site.upgrade} X\r\nContent-Length: 0\r\n\r\n'.encode())
        return
    site.offers.add(headers.get('sec-websocket-extensions', 'none'))
    accept = base64.b64encode(hashlib.sha1(
        (headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').encode()).digest())
    writer.write(b'HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n'
                 b'Connection: Upgrade\r\nSec-WebSocket-Accept: ' + accept + b'\r\n\r\n')
    parts = target.split('/')  # nothing is decoded
    site.forget_old()
    site.paths.append(parts[-1])
    me = site.sessions.get(parts[1]) if len(parts) > 2 and not site.doom else None
    socket = Socket(writer, me, parts[2] if len(parts) > 2 else '')
    if me is None:
        socket.close(1011)
        return
    pair = (me, socket.opponent)
    site.sockets[pair] = socket
    site.writers[socket] = me
    pinging = asyncio.create_task(keep_alive(socket))
    try:
        while True:
            opcode, data = await read_frame(reader)
            if opcode is None:
                socket.close(1009)
                break
            if opcode == 8:
                socket.write(8, data[:2])
                break
            if opcode == 9:
                socket.write(10, data)
            elif opcode == 10:
                site.pongs += 1
                if not site.deaf:
                    socket.pong.set()
            elif opcode in (1, 2):
                site.handle(socket, data.decode('utf-8', 'replace'))
    finally:
        pinging.cancel()
        site.writers.pop(socket, None)
        # Whoever is registered: the newer one of the same pair, too.
        site.sockets.pop(pair, None)


async def serve(reader, writer):
    if site.closed:
        writer.transport.abort()
        return
    site.connections.add(writer)
    try:
        while True:
            line = await reader.readline()
            if not line.strip():
                return
            method, target, _ = line.decode('latin-1').split(' ', 2)
            headers = {}
            while (line := await reader.readline()).strip():
                name, value = line.decode('latin-1').split(':', 1)
                headers[name.strip().lower()] = value.strip()
            if 'upgrade' in headers:
                await serve_socket(reader, writer, target, headers)
                return
            body = (await reader.readexactly(int(headers.get('content-length', 0)))).decode()
            site.left_out -= 1
            if site.left_out == 0:
                return
            status, extra, text = site.page(method, target, headers, body)
            site.waiting += 1
            while site.paused:
                await asyncio.sleep(0.01)
            site.waiting -= 1
            text = ('<!DOCTYPE html><html><head><title>Chat</title></head>'
                    + ('' if '<body' in text else '<body>') + text)
            text = (text + ('<div id="djDebug">' + 'x' * 300000 + '</div>' if site.toolbar else '')
                    + '</body></html>').encode('utf-8', 'replace')
            writer.write(f'HTTP/1.1 {status} X\r\nContent-Type: text/html; charset=utf-8\r\n'
                         f'Date: {email.utils.formatdate(time.time() + site.skew, usegmt=True)}\r\n'
                         f'Content-Length: {len(text)}\r\n'.encode()
                         + ''.join(f'{n}: {v}\r\n' for n, v in extra).encode() + b'\r\n' + text)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError, ssl.SSLError):
        pass
    finally:
        site.connections.discard(writer)
        writer.close()


def command(line):
    words = line.split(' ')
    what, rest = words[0], words[1:]
    if what == 'user':
        password, _, full = ' '.join(rest[1:]).partition('|')
        site.users[rest[0]] = (password, full)
    elif what == 'layman':
        site.laymen.add(rest[0])
    elif what == 'password':
        site.users[rest[0]] = (' '.join(rest[1:]), site.users[rest[0]][1])
        site.stale |= {key for key, name in site.sessions.items() if name == rest[0]}
    elif what == 'remove':
        del site.users[rest[0]]
        site.dialogs = {pair for pair in site.dialogs if rest[0] not in pair}
    elif what == 'raw':
        site.dialogs.add(frozenset(rest[:2]))
        site.say(rest[0], rest[1], json.loads(' '.join(rest[2:])), {})
    elif what == 'changed':
        for socket in list(site.writers):
            socket.send({'type': 'users-changed',
                         'value': [{'username': n, 'uuid': n} for n in sorted(site.users)]})
    elif what == 'say':
        site.dialogs.add(frozenset(rest[:2]))
        return str(site.say(rest[0], rest[1], ' '.join(rest[2:]), {}))
    elif what == 'typing':
        site.typing(rest[0], {'username': rest[1], 'typing': True})
    elif what == 'read':
        site.read(rest[0], {'username': rest[1], 'message_id': int(rest[2])})
    elif what == 'online':
        site.sockets.setdefault((rest[0], rest[1]), Socket(Nowhere(), rest[0], rest[1]))
        site.online(rest[0])
    elif what == 'offline':
        site.sockets.pop((rest[0], rest[1]), None)
        site.offline(rest[0])
    elif what == 'expire':
        site.sessions.clear()
    elif what in ('drop', 'refuse'):
        for socket, name in list(site.writers.items()):
            if rest and name != rest[0]:
                continue
            if what == 'drop':
                socket.writer.transport.abort()
            else:
                socket.close(1011)
                socket.writer.close()
    elif what == 'forget':
        del site.sockets[rest[0], rest[1]]
    elif what == 'steal':
        site.sockets[rest[0], rest[1]] = Socket(Nowhere(), rest[0], rest[1])
    elif what == 'leave-out':
        site.left_out = int(rest[0])
    elif what in ('mute', 'speak'):
        site.mute = what == 'mute'
    elif what == 'quirk' and rest[0] == 'ping':
        site.ping = float(rest[1])
    elif what == 'quirk' and rest[0] in ('html', 'deaf', 'split', 'doom', 'echo'):
        setattr(site, {'html': 'toolbar'}.get(rest[0], rest[0]), rest[1] == 'ON')
    elif what == 'quirk' and rest[0] in ('upgrade', 'age'):
        setattr(site, rest[0], int(rest[1]))
    elif what == 'quirk' and rest[0] == 'sockets':
        site.said = ' '.join(rest[1:])
    elif what == 'quirk' and rest[0] == 'zone':
        site.zone, site.zone_told = int(rest[1]), rest[2:] != ['SILENT']
    elif what == 'quirk' and rest[0] == 'skew':
        site.skew = int(rest[1])
    elif what == 'quirk' and rest[0] == 'dates':
        site.dates = rest[1]
    elif what == 'sockets':
        return ' '.join(sorted(other for me, other in site.sockets if me == rest[0])) or 'none'
    elif what == 'packets':
        return ' '.join(site.packets.pop(rest[0], [])) or 'none'
    elif what in ('pause', 'resume'):
        site.paused = what == 'pause'
    elif what in ('logins', 'pongs', 'waiting'):
        return str(getattr(site, what))
    elif what in ('offers', 'keys'):
        return ' '.join(getattr(site, what)) or 'none'
    elif what == 'socket-paths':
        return ' '.join(site.paths) or 'none'
    elif what in ('close', 'open'):
        site.closed = what == 'close'
        for writer in list(site.connections) if site.closed else []:
            writer.transport.abort()
    elif what == 'count':
        return str(sum(message[3] == ' '.join(rest) for message in site.messages))
    elif what == 'messages':
        return str(len(site.messages))
    elif what == 'last':
        return ' '.join(site.messages[-1][1:4]) if site.messages else 'none'
    elif what == 'harm':
        return '; '.join(site.harm) or 'none'
    else:
        return 'what?'
    return 'ok'


class Nowhere:
    def write(self, data):
        pass


async def main():
    context = None
    if site.secure:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[2])
    server = await asyncio.start_server(serve, '127.0.0.1', int(sys.argv[1]), limit=2 ** 16,
                                        ssl=context)
    print(server.sockets[0].getsockname()[1], flush=True)
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(
        lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        print(command(line.decode().rstrip('\n')), flush=True)
    os._exit(0)


asyncio.run(main())
