/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-db.h"
#include "burble-storage.h"

G_BEGIN_DECLS

/* What the ops of all topics share; lives on the worker thread. */
typedef struct
{
  BurbleDb *db;
  const char *domain;
  GHashTable *last_seqs; /* account -> newest seq; forgotten whenever something is rolled back */
} BurbleSqliteWorker;

/*
 * Each runs one op inside a transaction. It may be run again after a rollback, so it resets its
 * outputs first. BURBLE_STORAGE_ERROR_EXISTS and _NOT_FOUND come before anything is changed.
 */
typedef gboolean (*BurbleSqliteRun) (BurbleSqliteWorker *self, BurbleStorageOp *op, GError **error);

gboolean burble_sqlite_add_account      (BurbleSqliteWorker *self, BurbleStorageOp *op,
                                         GError **error);
gboolean burble_sqlite_find_account     (BurbleSqliteWorker *self, BurbleStorageOp *op,
                                         GError **error);
gboolean burble_sqlite_list_accounts    (BurbleSqliteWorker *self, BurbleStorageOp *op,
                                         GError **error);
gboolean burble_sqlite_set_password     (BurbleSqliteWorker *self, BurbleStorageOp *op,
                                         GError **error);
gboolean burble_sqlite_set_disabled     (BurbleSqliteWorker *self, BurbleStorageOp *op,
                                         GError **error);
gboolean burble_sqlite_delete_account   (BurbleSqliteWorker *self, BurbleStorageOp *op,
                                         GError **error);
gboolean burble_sqlite_purge_account    (BurbleSqliteWorker *self, BurbleStorageOp *op,
                                         GError **error);
gboolean burble_sqlite_changed_accounts (BurbleSqliteWorker *self, BurbleStorageOp *op,
                                         GError **error);
gboolean burble_sqlite_open_terminal    (BurbleSqliteWorker *self, BurbleStorageOp *op,
                                         GError **error);
gboolean burble_sqlite_save_terminals   (BurbleSqliteWorker *self, BurbleStorageOp *op,
                                         GError **error);
gboolean burble_sqlite_load_roster      (BurbleSqliteWorker *self, BurbleStorageOp *op,
                                         GError **error);
gboolean burble_sqlite_change_roster    (BurbleSqliteWorker *self, BurbleStorageOp *op,
                                         GError **error);
gboolean burble_sqlite_store_messages   (BurbleSqliteWorker *self, BurbleStorageOp *op,
                                         GError **error);
gboolean burble_sqlite_fetch_pending    (BurbleSqliteWorker *self, BurbleStorageOp *op,
                                         GError **error);
gboolean burble_sqlite_fetch_history    (BurbleSqliteWorker *self, BurbleStorageOp *op,
                                         GError **error);
gboolean burble_sqlite_retarget         (BurbleSqliteWorker *self, BurbleStorageOp *op,
                                         GError **error);
gboolean burble_sqlite_clear_target     (BurbleSqliteWorker *self, BurbleStorageOp *op,
                                         GError **error);
gboolean burble_sqlite_store_receipts   (BurbleSqliteWorker *self, BurbleStorageOp *op,
                                         GError **error);
gboolean burble_sqlite_fetch_receipts   (BurbleSqliteWorker *self, BurbleStorageOp *op,
                                         GError **error);

/* The newest seq of the owner, without giving out a new one; -1 with an error. */
gint64   burble_sqlite_last_seq         (BurbleSqliteWorker *self, gint64 owner, GError **error);
gint64   burble_sqlite_next_seq         (BurbleSqliteWorker *self, gint64 owner, GError **error);
/* 0: nobody (or deleted); -1: error. */
gint64   burble_sqlite_find_peer        (BurbleSqliteWorker *self, const char *username,
                                         GError **error);
/* Whether a name that looks the same is taken. */
gboolean burble_sqlite_has_look_alike   (BurbleSqliteWorker *self, const char *username,
                                         gboolean *has, GError **error);
/* What became old: terminals not seen for 90 days, receipts of more than 30. */
gboolean burble_sqlite_clean_up         (BurbleSqliteWorker *self, GError **error);

G_END_DECLS
