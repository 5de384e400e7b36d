-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- A network may give ids of its own to what is sent from here, and know no other.

-- Of own messages: that id; empty as long as it is not known; NULL where the network goes by id.
ALTER TABLE messages ADD COLUMN network_id TEXT;
-- When it was said, in the network's words, where nobody here can read them.
ALTER TABLE messages ADD COLUMN time_text TEXT;

CREATE INDEX messages_by_network_id ON messages (conversation, network_id, time)
  WHERE network_id IS NOT NULL;

-- What went out before nobody asked for. The network will name it when it shows it the next time.
UPDATE messages SET network_id = ''
  WHERE state IN (1, 2, 3, 4) AND queued IS NOT NULL AND conversation IN
    (SELECT conversation FROM conversations JOIN accounts USING (account)
      WHERE network = 'private-chat');
