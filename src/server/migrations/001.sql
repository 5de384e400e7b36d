-- SPDX-License-Identifier: GPL-3.0-or-later
-- Persons, and the chat rooms, which share one space of names with them. The members of a room are
-- those who have it in their roster.
CREATE TABLE account (
  account INTEGER PRIMARY KEY,
  kind INTEGER NOT NULL DEFAULT 0,              -- 0 person, 1 room
  username TEXT NOT NULL UNIQUE,
  uuid TEXT NOT NULL UNIQUE,
  password TEXT,                                -- Argon2id; null: nobody can sign in
  name TEXT,
  bio TEXT,
  state INTEGER NOT NULL DEFAULT 0,             -- 0 active, 1 disabled, 2 deleted
  created INTEGER NOT NULL,
  roster_version INTEGER NOT NULL DEFAULT 1,    -- the etag
  cursor INTEGER NOT NULL DEFAULT 0,            -- where a terminal never seen before begins
  first_seq INTEGER NOT NULL DEFAULT 0,         -- seqs below were used up by purged messages
  revision INTEGER NOT NULL DEFAULT 0,          -- grows with every change to any account
  password_revision INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX account_revision ON account (revision);

CREATE TABLE terminal (
  account INTEGER NOT NULL,
  terminal TEXT NOT NULL,
  cursor INTEGER NOT NULL,
  receipt INTEGER NOT NULL,
  seen INTEGER NOT NULL,
  PRIMARY KEY (account, terminal)
) STRICT, WITHOUT ROWID;

CREATE TABLE roster (
  owner INTEGER NOT NULL,
  peer INTEGER NOT NULL,
  alias TEXT,
  wants INTEGER NOT NULL,
  allows INTEGER NOT NULL,
  stub INTEGER NOT NULL DEFAULT 0,              -- 1: only here because the peer asks
  PRIMARY KEY (owner, peer)
) STRICT, WITHOUT ROWID;
CREATE INDEX roster_peer ON roster (peer);

-- What is the same for both sides. Unique by sender and id: the same message sent again, because
-- its answer was lost, is recognised.
CREATE TABLE message (
  message INTEGER PRIMARY KEY,
  sender INTEGER NOT NULL,
  key TEXT NOT NULL,
  stamp INTEGER NOT NULL,
  terminal TEXT NOT NULL,
  recipient INTEGER NOT NULL,
  wished TEXT,                                  -- the terminal it was sent to
  body TEXT NOT NULL,
  UNIQUE (sender, key)
) STRICT;

-- Each side's copy: seq grows per owner over all chats.
CREATE TABLE archive (
  owner INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  message INTEGER NOT NULL,
  peer INTEGER NOT NULL,
  outgoing INTEGER NOT NULL,
  target TEXT,                                  -- waits for this terminal alone
  PRIMARY KEY (owner, seq)
) STRICT, WITHOUT ROWID;
CREATE INDEX archive_peer ON archive (owner, peer, seq);
CREATE INDEX archive_target ON archive (owner, target) WHERE target IS NOT NULL;

CREATE TABLE receipt (
  receipt INTEGER PRIMARY KEY AUTOINCREMENT,
  owner INTEGER NOT NULL,
  own INTEGER NOT NULL,                         -- 1: the owner read it, 0: the peer got or read it
  message INTEGER NOT NULL,
  peer INTEGER NOT NULL,
  read INTEGER NOT NULL,
  stamp INTEGER NOT NULL,
  UNIQUE (owner, own, message)
) STRICT;
CREATE INDEX receipt_owner ON receipt (owner, receipt);
