/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-store"

#include "config.h"

#include "burble-store-private.h"

#define MAX_WORDS 24
#define MAX_HITS 1000

gboolean
burble_db_index_message (BurbleDb *db, gint64 row, const char *text, gint64 conversation,
                         GError **error)
{
  return burble_db_run (db, error,
                        "INSERT INTO search (rowid, text, chat) VALUES (?, ?, 'c' || ?)",
                        "ltl", row, text, conversation);
}

/* The index does not keep the text and must be told what to forget. */
gboolean
burble_db_unindex_message (BurbleDb *db, gint64 row, const char *text, gint64 conversation,
                           GError **error)
{
  return burble_db_run (db, error,
                        "INSERT INTO search (search, rowid, text, chat)"
                        " VALUES ('delete', ?, ?, 'c' || ?)",
                        "ltl", row, text, conversation);
}

/* Each word becomes a string, in which nothing is an operator; the last one is the beginning of a
 * word, since it may still be being typed. NULL: nothing to look for. */
static char *
make_expression (const char *query, gint64 conversation)
{
  g_autofree char *valid = g_utf8_make_valid (query, -1);
  g_autoptr(GString) expression = g_string_new ("text : (");
  const char *p = valid;
  guint words = 0;

  while (words < MAX_WORDS)
    {
      while (g_unichar_isspace (g_utf8_get_char (p)) && *p != '\0')
        p = g_utf8_next_char (p);
      if (*p == '\0')
        break;
      g_string_append (expression, words > 0 ? " \"" : "\"");
      for (; *p != '\0' && !g_unichar_isspace (g_utf8_get_char (p)); p = g_utf8_next_char (p))
        {
          if (*p == '"')
            g_string_append_c (expression, '"');
          g_string_append_len (expression, p, g_utf8_next_char (p) - p);
        }
      g_string_append_c (expression, '"');
      words++;
    }
  if (words == 0)
    return NULL;
  g_string_append (expression, " *)");
  if (conversation != 0)
    g_string_append_printf (expression, " AND chat : \"c%" G_GINT64_FORMAT "\"", conversation);
  return g_string_free (g_steal_pointer (&expression), FALSE);
}

/* The index is walked from its highest key, which is the newest message, and only until there are
 * enough: so it goes by key, and CROSS JOIN keeps the planner from another idea. */
static gboolean
search_run (BurbleDb *db, BurbleStoreCall *call, GError **error)
{
  g_autoptr(GError) step_error = NULL;
  g_autoptr(GStrvBuilder) uids = g_strv_builder_new ();
  g_autofree char *expression = NULL;
  sqlite3_stmt *statement = NULL;
  gint64 conversation = 0;
  gboolean nothing = FALSE;

  if (call->uid != NULL)
    {
      if (!burble_db_find_conversation (db, call, &conversation, error))
        return FALSE;
      nothing = conversation == 0;
    }

  call->list = g_ptr_array_new_with_free_func (g_object_unref);
  if (!nothing)
    expression = make_expression (call->text, conversation);
  if (expression != NULL)
    statement = burble_db_query (db, &step_error,
      "SELECT " BURBLE_DB_MESSAGE_COLUMNS ", c.peer, a.uid"
      " FROM search s CROSS JOIN messages m ON m.message = s.rowid"
      " CROSS JOIN conversations c ON c.conversation = m.conversation"
      " CROSS JOIN accounts a ON a.account = c.account"
      " WHERE s.search MATCH ? ORDER BY s.rowid DESC LIMIT ?",
      "ti", expression, (int) call->limit);
  while (statement != NULL && burble_db_next (db, statement, &step_error))
    {
      const char *peer = burble_db_text (statement, BURBLE_DB_N_MESSAGE_COLUMNS);

      g_ptr_array_add (call->list, burble_db_read_message (statement, 0, peer));
      g_strv_builder_add (uids, burble_db_text (statement, BURBLE_DB_N_MESSAGE_COLUMNS + 1));
    }
  call->texts = g_strv_builder_end (uids);
  if (step_error == NULL)
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&step_error));
  return FALSE;
}

/**
 * burble_store_search_async:
 * @self: a store
 * @conversation: (nullable): a chat, or %NULL for all of them
 * @query: what the user typed
 * @limit: how many hits at most
 * @cancellable: (nullable): a cancellable
 * @callback: (scope async): called with the hits
 * @user_data: for @callback
 *
 * Finds the messages that have all the words of @query, newest first; the last word may be the
 * beginning of one. Case and accents do not count. Any text is a valid query.
 */
void
burble_store_search_async (BurbleStore *self, BurbleConversation *conversation, const char *query,
                           guint limit, GCancellable *cancellable, GAsyncReadyCallback callback,
                           gpointer user_data)
{
  BurbleStoreCall *call = NULL;

  g_return_if_fail (BURBLE_IS_STORE (self));
  g_return_if_fail (conversation == NULL || BURBLE_IS_CONVERSATION (conversation));
  g_return_if_fail (query != NULL);

  call = conversation != NULL ? burble_store_call_for_conversation (conversation)
                              : burble_store_call_new ();
  call->text = g_strdup (query);
  call->limit = MIN (limit, MAX_HITS);
  burble_store_read (self, burble_store_search_async, call, search_run, NULL,
                     cancellable, callback, user_data);
}

/**
 * burble_store_search_finish:
 * @self: a store
 * @result: the result
 * @account_uids: (out) (optional) (transfer full): for each hit, the uid of its account
 * @error: return location for an error
 *
 * Returns: (transfer full) (element-type BurbleMessage): the hits
 */
GPtrArray *
burble_store_search_finish (BurbleStore *self, GAsyncResult *result, GStrv *account_uids,
                            GError **error)
{
  BurbleStoreCall *call = burble_store_propagate (self, result, error);

  if (call == NULL)
    return NULL;
  if (account_uids != NULL)
    *account_uids = g_steal_pointer (&call->texts);
  return g_steal_pointer (&call->list);
}
