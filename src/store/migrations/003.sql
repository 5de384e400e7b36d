-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- An account may go through a WebSocket: its path, or NULL.

ALTER TABLE accounts ADD COLUMN websocket TEXT;
