/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-drafts"

#include "config.h"

#include "burble-drafts.h"

struct _BurbleDrafts
{
  GObject parent_instance;

  BurbleStore *store;
  BurbleSessionOptions *options;
  GHashTable *dirty; /* set of BurbleConversation */
  guint source; /* not put off by further typing */
};

G_DEFINE_FINAL_TYPE (BurbleDrafts, burble_drafts, G_TYPE_OBJECT)

typedef enum
{
  SIGNAL_STORE_FAILED,
} BurbleDraftsSignal;

static guint signals[SIGNAL_STORE_FAILED + 1];

static void
store_saved_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(BurbleDrafts) self = user_data;
  g_autoptr(GError) error = NULL;

  if (!burble_store_done_finish (BURBLE_STORE (object), result, &error))
    g_signal_emit (self, signals[SIGNAL_STORE_FAILED], 0, error);
}

static void
delay_cb (gpointer user_data)
{
  BurbleDrafts *self = user_data;

  self->source = 0;
  burble_drafts_flush (self);
}

static void
burble_drafts_dispose (GObject *object)
{
  BurbleDrafts *self = BURBLE_DRAFTS (object);

  g_clear_handle_id (&self->source, g_source_remove);
  g_hash_table_remove_all (self->dirty);
  g_clear_object (&self->store);

  G_OBJECT_CLASS (burble_drafts_parent_class)->dispose (object);
}

static void
burble_drafts_finalize (GObject *object)
{
  BurbleDrafts *self = BURBLE_DRAFTS (object);

  g_hash_table_unref (self->dirty);
  g_rc_box_release (self->options);

  G_OBJECT_CLASS (burble_drafts_parent_class)->finalize (object);
}

static void
burble_drafts_class_init (BurbleDraftsClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = burble_drafts_dispose;
  object_class->finalize = burble_drafts_finalize;

  signals[SIGNAL_STORE_FAILED] =
    g_signal_new ("store-failed", BURBLE_TYPE_DRAFTS, G_SIGNAL_RUN_LAST, 0,
                  NULL, NULL, NULL, G_TYPE_NONE, 1, G_TYPE_ERROR);
}

static void
burble_drafts_init (BurbleDrafts *self)
{
  self->dirty = g_hash_table_new_full (NULL, NULL, g_object_unref, NULL);
}

BurbleDrafts *
burble_drafts_new (BurbleStore *store, BurbleSessionOptions *options)
{
  BurbleDrafts *self = g_object_new (BURBLE_TYPE_DRAFTS, NULL);

  self->store = g_object_ref (store);
  self->options = g_rc_box_acquire (options);
  return self;
}

void
burble_drafts_set (BurbleDrafts *self, BurbleConversation *conversation, const char *draft)
{
  g_return_if_fail (BURBLE_IS_DRAFTS (self));
  g_return_if_fail (BURBLE_IS_CONVERSATION (conversation));

  if (draft != NULL && *draft == '\0')
    draft = NULL;
  if (g_strcmp0 (burble_conversation_get_draft (conversation), draft) == 0)
    return;
  burble_conversation_set_draft (conversation, draft);
  g_hash_table_add (self->dirty, g_object_ref (conversation));
  if (self->source == 0)
    self->source = g_timeout_add_once (self->options->draft_delay, delay_cb, self);
}

gboolean
burble_drafts_is_dirty (BurbleDrafts *self, BurbleConversation *conversation)
{
  g_return_val_if_fail (BURBLE_IS_DRAFTS (self), FALSE);

  return g_hash_table_contains (self->dirty, conversation);
}

void
burble_drafts_forget (BurbleDrafts *self, BurbleConversation *conversation)
{
  g_return_if_fail (BURBLE_IS_DRAFTS (self));

  g_hash_table_remove (self->dirty, conversation);
}

void
burble_drafts_flush (BurbleDrafts *self)
{
  GHashTableIter iter;
  gpointer conversation = NULL;

  g_return_if_fail (BURBLE_IS_DRAFTS (self));

  g_clear_handle_id (&self->source, g_source_remove);
  g_hash_table_iter_init (&iter, self->dirty);
  while (g_hash_table_iter_next (&iter, &conversation, NULL))
    {
      burble_store_save_conversation_async (self->store, conversation, NULL, store_saved_cb,
                                            g_object_ref (self));
      g_hash_table_iter_remove (&iter);
    }
}
