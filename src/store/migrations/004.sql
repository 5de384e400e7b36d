-- SPDX-License-Identifier: GPL-3.0-or-later
--
-- What the network of an account had when it was online last (BurbleFeatures), for the window to go
-- by until it is online again; 0: it never was.

ALTER TABLE accounts ADD COLUMN features INTEGER NOT NULL DEFAULT 0;
