/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-search-result"

#include "config.h"

#include "burble-search-result.h"

struct _BurbleSearchResult
{
  GObject parent_instance;

  BurbleConversation *conversation;
  BurbleMessage *message;
};

G_DEFINE_FINAL_TYPE (BurbleSearchResult, burble_search_result, G_TYPE_OBJECT)

static void
burble_search_result_dispose (GObject *object)
{
  BurbleSearchResult *self = BURBLE_SEARCH_RESULT (object);

  g_clear_object (&self->conversation);
  g_clear_object (&self->message);
  G_OBJECT_CLASS (burble_search_result_parent_class)->dispose (object);
}

static void
burble_search_result_class_init (BurbleSearchResultClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = burble_search_result_dispose;
}

static void
burble_search_result_init (BurbleSearchResult *self)
{
}

BurbleSearchResult *
burble_search_result_new (BurbleConversation *conversation, BurbleMessage *message)
{
  BurbleSearchResult *self = g_object_new (BURBLE_TYPE_SEARCH_RESULT, NULL);

  self->conversation = g_object_ref (conversation);
  self->message = g_object_ref (message);
  return self;
}

BurbleConversation *
burble_search_result_get_conversation (BurbleSearchResult *self)
{
  g_return_val_if_fail (BURBLE_IS_SEARCH_RESULT (self), NULL);

  return self->conversation;
}

BurbleMessage *
burble_search_result_get_message (BurbleSearchResult *self)
{
  g_return_val_if_fail (BURBLE_IS_SEARCH_RESULT (self), NULL);

  return self->message;
}
