-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- Times are µs since 1970. The key of a message is made from its time (see burble-store-messages.c),
-- so the newest has the highest key and the search index, which can only be walked by key, comes
-- out newest first without sorting.

CREATE TABLE accounts (
  account INTEGER PRIMARY KEY,
  uid     TEXT    NOT NULL UNIQUE,
  network TEXT    NOT NULL,
  address TEXT    NOT NULL,
  name    TEXT,
  host    TEXT,
  port    INTEGER NOT NULL DEFAULT 0,
  plain   INTEGER NOT NULL DEFAULT 0,
  pin     TEXT,
  enabled INTEGER NOT NULL DEFAULT 1,
  status  INTEGER NOT NULL DEFAULT 1,
  mood    TEXT,
  etag    TEXT,                        -- of the roster as it stands in contacts
  seq     INTEGER NOT NULL DEFAULT -1  -- everything up to here has been fetched
) STRICT;

CREATE TABLE contacts (
  account      INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  id           TEXT    NOT NULL,
  name         TEXT,
  alias        TEXT,
  bio          TEXT,
  kind         INTEGER NOT NULL DEFAULT 0,
  subscription INTEGER NOT NULL DEFAULT 0,
  asks         INTEGER NOT NULL DEFAULT 0,
  in_roster    INTEGER NOT NULL DEFAULT 1,
  PRIMARY KEY (account, id)
) STRICT, WITHOUT ROWID;

-- What the user chose here and no server knows: apart from contacts, so that a new roster does not
-- wipe it.
CREATE TABLE contact_settings (
  account       INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  id            TEXT    NOT NULL,
  notify_online INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (account, id)
) STRICT, WITHOUT ROWID;

-- One without an account has been removed; its messages are taken away little by little.
CREATE TABLE conversations (
  conversation INTEGER PRIMARY KEY AUTOINCREMENT,
  account      INTEGER REFERENCES accounts ON DELETE SET NULL,
  peer         TEXT    NOT NULL,
  kind         INTEGER NOT NULL DEFAULT 0,
  pinned       INTEGER NOT NULL DEFAULT 0,
  muted        INTEGER NOT NULL DEFAULT 0,
  draft        TEXT,
  read_time    INTEGER NOT NULL DEFAULT 0,
  read_row     INTEGER NOT NULL DEFAULT 0,
  UNIQUE (account, peer)
) STRICT;

CREATE TABLE messages (
  message      INTEGER PRIMARY KEY,
  conversation INTEGER NOT NULL REFERENCES conversations,
  time         INTEGER NOT NULL,
  state        INTEGER NOT NULL,            -- BurbleMessageState; 0 is incoming
  unread       INTEGER NOT NULL DEFAULT 0,  -- a flag and no counter or mark: a late message counts
  seq          INTEGER NOT NULL DEFAULT -1,
  queued       INTEGER,                     -- order of writing, of own messages
  id           TEXT    NOT NULL,
  sender       TEXT    NOT NULL,
  sender_name  TEXT,
  text         TEXT    NOT NULL,
  html         TEXT,
  reply_to     TEXT,
  error        TEXT,
  attachments  TEXT,                        -- names, one a line
  UNIQUE (conversation, id, sender)
) STRICT;

CREATE INDEX messages_by_time ON messages (conversation, time);
CREATE INDEX messages_unread ON messages (conversation, time) WHERE unread = 1;
CREATE INDEX messages_outbox ON messages (queued) WHERE state = 1;

-- A message deleted here must not come back with the server's history.
CREATE TABLE deleted_messages (
  conversation INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,
  id           TEXT    NOT NULL,
  sender       TEXT    NOT NULL,
  PRIMARY KEY (conversation, id, sender)
) STRICT, WITHOUT ROWID;

-- The conversation is a word of the index, so that a search in one chat does not look at the others.
CREATE VIEW search_source AS
  SELECT message, text, 'c' || conversation AS chat FROM messages;

CREATE VIRTUAL TABLE search USING fts5 (
  text, chat,
  content = 'search_source', content_rowid = 'message', columnsize = 0, prefix = '1 2',
  tokenize = 'unicode61 remove_diacritics 2'
);
INSERT INTO search (search, rank) VALUES ('secure-delete', 1);
