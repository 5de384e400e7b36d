-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- What is unread must not depend on the order in which messages come in, so a chat remembers how far
-- it was answered elsewhere; and a receipt that could not be told waits in the file.

-- The last message of ours that another terminal wrote: what came before it was read there.
ALTER TABLE conversations ADD COLUMN answered_seq INTEGER NOT NULL DEFAULT -1;
ALTER TABLE conversations ADD COLUMN answered_time INTEGER NOT NULL DEFAULT 0;

-- The peer's messages that were read while nobody could be told.
CREATE TABLE untold (
  conversation INTEGER NOT NULL REFERENCES conversations ON DELETE CASCADE,
  id           TEXT    NOT NULL,
  PRIMARY KEY (conversation, id)
) STRICT, WITHOUT ROWID;
