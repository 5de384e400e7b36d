/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-store.h"
#include "burble-test-wait.h"

/* A store in a folder of its own, with one account in it. */
typedef struct
{
  char *directory;
  char *path;
  BurbleStore *store;
  BurbleAccount *account;
} StoreFixture;

void                store_fixture_set_up        (StoreFixture *f, gconstpointer data);
void                store_fixture_tear_down     (StoreFixture *f, gconstpointer data);
/* Removes a folder with all that is in it. */
void                store_fixture_remove_tree   (const char *path);
void                store_fixture_open          (StoreFixture *f);
void                store_fixture_close         (StoreFixture *f);
/* Closes and opens again, as a restart would. */
void                store_fixture_reopen        (StoreFixture *f);

/* For the store's callbacks: user_data is a GAsyncResult **. */
void                store_fixture_result_cb     (GObject *source, GAsyncResult *result, gpointer user_data);

/* Makes a call and waits for its result: CALL (burble_store_load_roster_async, f->store, account). */
#define CALL(function, ...)                                                \
  ({                                                                       \
    GAsyncResult *call_result_ = NULL;                                     \
    function (__VA_ARGS__, NULL, store_fixture_result_cb, &call_result_);  \
    burble_test_wait_until (call_result_ != NULL);                         \
    call_result_;                                                          \
  })

/* These end the test when the call failed. */
void                store_fixture_done          (StoreFixture *f, GAsyncResult *result); /* takes the result */
GPtrArray          *store_fixture_list          (StoreFixture *f, GAsyncResult *result);
/* … and this one when it did not. */
void                store_fixture_fails         (StoreFixture *f, GAsyncResult *result, BurbleStoreError code);

BurbleConversation *store_fixture_conversation  (StoreFixture *f, const char *peer); /* not stored, row 0 */
/* The chat as the store has it, or NULL. */
BurbleConversation *store_fixture_load_chat     (StoreFixture *f, const char *peer);
BurbleMessage      *store_fixture_incoming      (const char *peer, const char *id, const char *text, gint64 time);
BurbleMessage      *store_fixture_outgoing      (StoreFixture *f, const char *peer, const char *id, const char *text, gint64 time);
/* Adds one message; TRUE when it was new. */
gboolean            store_fixture_add           (StoreFixture *f, BurbleMessage *message);
/* The latest messages of a chat as "text text text". */
char               *store_fixture_texts         (StoreFixture *f, const char *peer);
char               *store_fixture_join_texts    (GPtrArray *messages);
/* SQL on the file, as another program would: its first number, or how many rows it gives. */
gint64              store_fixture_sql           (StoreFixture *f, const char *sql);
guint               store_fixture_sql_rows      (StoreFixture *f, const char *sql);
