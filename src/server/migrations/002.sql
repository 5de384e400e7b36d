-- SPDX-License-Identifier: GPL-3.0-or-later
ALTER TABLE account ADD COLUMN shape TEXT NOT NULL DEFAULT ''; -- what the name looks like
UPDATE account SET shape = shape_of (username);
CREATE INDEX account_shape ON account (shape);
