-- SPDX-License-Identifier: GPL-3.0-or-later
-- A database of version 5 as it was; made by tests/store/make-dump.
/* WARNING: Script requires that SQLITE_DBCONFIG_DEFENSIVE be disabled */
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
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
, websocket TEXT, features INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO accounts VALUES(1,'uid-1','gurgle','me@example.org','Me','127.0.0.1',0,0,'ab:cd',1,1,'well','etag-1',17,NULL,0);
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
INSERT INTO contacts VALUES(1,'alice@example.org',NULL,'Ally',NULL,0,3,0,1);
CREATE TABLE contact_settings (
  account       INTEGER NOT NULL REFERENCES accounts ON DELETE CASCADE,
  id            TEXT    NOT NULL,
  notify_online INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (account, id)
) STRICT, WITHOUT ROWID;
INSERT INTO contact_settings VALUES(1,'alice@example.org',1);
CREATE TABLE conversations (
  conversation INTEGER PRIMARY KEY AUTOINCREMENT,
  account      INTEGER REFERENCES accounts ON DELETE SET NULL,
  peer         TEXT    NOT NULL,
  kind         INTEGER NOT NULL DEFAULT 0,
  pinned       INTEGER NOT NULL DEFAULT 0,
  muted        INTEGER NOT NULL DEFAULT 0,
  draft        TEXT,
  read_time    INTEGER NOT NULL DEFAULT 0,
  read_row     INTEGER NOT NULL DEFAULT 0, answered_seq INTEGER NOT NULL DEFAULT -1, answered_time INTEGER NOT NULL DEFAULT 0,
  UNIQUE (account, peer)
) STRICT;
INSERT INTO conversations VALUES(1,1,'alice@example.org',0,1,0,'A draft',1000000,2048000000,-1,0);
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
  attachments  TEXT, network_id TEXT, time_text TEXT,                        -- names, one a line
  UNIQUE (conversation, id, sender)
) STRICT;
INSERT INTO messages VALUES(2048000000,1,1000000,0,0,-1,NULL,'m1','alice@example.org',NULL,'Hello moss',NULL,NULL,NULL,'notes.pdf',NULL,'some day');
INSERT INTO messages VALUES(4096000000,1,2000000,0,1,-1,NULL,'m2','alice@example.org',NULL,'Unread crème',NULL,NULL,NULL,NULL,NULL,NULL);
INSERT INTO messages VALUES(8192000000,1,4000000,3,0,-1,1,'o1','me@example.org',NULL,'Own moss',NULL,NULL,NULL,NULL,'n1',NULL);
INSERT INTO messages VALUES(10240000000,1,5000000,1,0,-1,1,'o2','me@example.org',NULL,'Waiting',NULL,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE deleted_messages (
  conversation INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,
  id           TEXT    NOT NULL,
  sender       TEXT    NOT NULL,
  PRIMARY KEY (conversation, id, sender)
) STRICT, WITHOUT ROWID;
PRAGMA writable_schema=ON;
INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql)VALUES('table','search','search',0,'CREATE VIRTUAL TABLE search USING fts5 (
  text, chat,
  content = ''search_source'', content_rowid = ''message'', columnsize = 0, prefix = ''1 2'',
  tokenize = ''unicode61 remove_diacritics 2''
)');
CREATE TABLE IF NOT EXISTS 'search_data'(id INTEGER PRIMARY KEY, block BLOB);
INSERT INTO search_data VALUES(1,X'040704');
INSERT INTO search_data VALUES(10,X'000000010103030003010101020101030101');
INSERT INTO search_data VALUES(137438953473,X'000000c80330633187d0c880000601010287d0c8800006010102020472656d658fa19080000203010568656c6c6f87d0c88000020201046d6f737387d0c8800002030106756e726561648fa190800002020002316387d0c880000601010287d0c88000080301010201016887d0c88000020201016d87d0c8800002030101758fa19080000202000332633187d0c880000601010287d0c88000060101020201728fa190800002030102686587d0c88000020201026d6f87d0c8800002030102756e8fa1908000020204160d0e0d0f170a0a0a170a0b0b');
INSERT INTO search_data VALUES(274877906945,X'0000006f033063319ec2a080000601010201046d6f73739ec2a08000020301036f776e9ec2a080000202000231639ec2a080000601010201016d9ec2a08000020301016f9ec2a08000020200033263319ec2a080000601010201026d6f9ec2a08000020301026f779ec2a080000202040d0d0c0d0a0a0e0b');
INSERT INTO search_data VALUES(412316860417,X'0000005103306331a692e8800006010102010777616974696e67a692e88000020200023163a692e8800006010102010177a692e8800002020003326331a692e880000601010201027761a692e880000202040d100d0a0e');
CREATE TABLE IF NOT EXISTS 'search_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
INSERT INTO search_idx VALUES(1,X'',2);
INSERT INTO search_idx VALUES(2,X'',2);
INSERT INTO search_idx VALUES(3,X'',2);
CREATE TABLE IF NOT EXISTS 'search_config'(k PRIMARY KEY, v) WITHOUT ROWID;
INSERT INTO search_config VALUES('secure-delete',1);
INSERT INTO search_config VALUES('version',4);
CREATE TABLE untold (
  conversation INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,
  id           TEXT    NOT NULL,
  PRIMARY KEY (conversation, id)
) STRICT, WITHOUT ROWID;
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('conversations',2);
CREATE VIEW search_source AS
  SELECT message, text, 'c' || conversation AS chat FROM messages;
CREATE INDEX messages_by_time ON messages (conversation, time);
CREATE INDEX messages_unread ON messages (conversation, time) WHERE unread = 1;
CREATE INDEX messages_outbox ON messages (queued) WHERE state = 1;
CREATE INDEX messages_by_network_id ON messages (conversation, network_id, time)
  WHERE network_id IS NOT NULL;
PRAGMA writable_schema=OFF;
COMMIT;
PRAGMA application_id = 1114993250;
PRAGMA user_version = 5;
