/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-storage.h"

G_BEGIN_DECLS

/**
 * BurbleSqliteStorage:
 *
 * The storage of one node: one SQLite file, one worker thread. What waits when the worker is free
 * becomes one transaction with one sync; each op of it is answered after that.
 */
#define BURBLE_TYPE_SQLITE_STORAGE (burble_sqlite_storage_get_type ())
G_DECLARE_FINAL_TYPE (BurbleSqliteStorage, burble_sqlite_storage, BURBLE, SQLITE_STORAGE, GObject)

BurbleSqliteStorage *burble_sqlite_storage_new         (const char           *path,
                                                        const char           *domain,
                                                        guint64               max_bytes,
                                                        GError              **error);
/* Works off what was submitted and ends the thread. Answers still arrive in the main context. */
void                 burble_sqlite_storage_close       (BurbleSqliteStorage  *self);
/* How many transactions that change something were committed, for tests and statistics. */
guint64              burble_sqlite_storage_get_commits (BurbleSqliteStorage  *self);

G_END_DECLS
