/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-demo"

#include "config.h"

#include "burble-demo-story.h"

#include "burble-capabilities.h"
#include "burble-demo-cast.h"

#define LOG_LINES 400

static guint pending_lines = 0;

static void
told_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  pending_lines--;
  if (!burble_message_channel_send_finish (BURBLE_MESSAGE_CHANNEL (object), result, NULL, &error))
    g_warning ("A line of the demo's story was refused: %s", error->message);
}

static gboolean
lines_told (BurbleDemoWorld *world,
            gconstpointer    data)
{
  return pending_lines == 0;
}

static gboolean
tell (BurbleDemoWorld  *world,
      const char       *speaker,
      const char       *listener,
      gint64            time,
      const char       *text,
      GError          **error)
{
  BurbleConnection *teller = burble_demo_world_get_teller (world, speaker, error);
  g_autoptr(BurbleMessageEvent) event = NULL;
  g_autofree char *id = g_uuid_string_random ();

  if (teller == NULL)
    return FALSE;
  event = burble_message_event_new (id);
  event->peer = g_strconcat (listener, "@" BURBLE_DEMO_DOMAIN, NULL);
  event->sender = g_strconcat (speaker, "@" BURBLE_DEMO_DOMAIN, NULL);
  event->outgoing = TRUE;
  event->time = time;
  event->text = g_strdup (text);
  pending_lines++;
  burble_message_channel_send_async (BURBLE_MESSAGE_CHANNEL (teller), event, NULL, told_cb, NULL);
  return TRUE;
}

static gboolean
tell_story (BurbleDemoWorld  *world,
            gboolean          unread,
            GError          **error)
{
  gint64 now = g_get_real_time ();

  for (const BurbleDemoLine *line = burble_demo_story; line->who != NULL; line++)
    {
      /* A room is always written to; a person's chat is written to from both sides. */
      const char *listener = g_str_equal (line->speaker, line->who) ? BURBLE_DEMO_USER : line->who;

      if (line->unread == unread
          && (!tell (world, line->speaker, listener,
                     now - (gint64) line->minutes_ago * 60 * G_USEC_PER_SEC, line->text, error)
              /* one by one: the order of the story is the order on the server */
              || !burble_demo_world_wait (world, lines_told, NULL, "a story was not told",
                                          error)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
tell_log (BurbleDemoWorld  *world,
          GError          **error)
{
  gint64 now = g_get_real_time ();

  for (guint i = 0; i < LOG_LINES; i++)
    {
      g_autofree char *text = burble_demo_log_entry (i, LOG_LINES);
      gint64 hours_ago = 72 + (LOG_LINES - i) * 3;

      if (!tell (world, "tomas", BURBLE_DEMO_USER, now - hours_ago * 3600 * G_USEC_PER_SEC, text,
                 error))
        return FALSE;
    }
  return burble_demo_world_wait (world, lines_told, NULL, "the long history was not told", error);
}

static BurbleConversation *
find_chat (BurbleDemoWorld *world,
           const char      *username)
{
  GListModel *chats = burble_session_get_conversations (world->user);
  g_autofree char *id = g_strconcat (username, "@" BURBLE_DEMO_DOMAIN, NULL);

  for (guint i = 0; i < g_list_model_get_n_items (chats); i++)
    {
      g_autoptr(BurbleConversation) chat = g_list_model_get_item (chats, i);

      if (g_str_equal (burble_contact_get_id (burble_conversation_get_contact (chat)), id))
        return chat; /* the session keeps it */
    }
  return NULL;
}

/* TRUE once the user's profile holds the newest line told so far (of those read or not). */
static gboolean
story_arrived (BurbleDemoWorld *world,
               gconstpointer    data)
{
  gboolean unread = GPOINTER_TO_INT (data);

  for (const BurbleDemoLine *line = burble_demo_story; line->who != NULL; line++)
    {
      BurbleConversation *chat = NULL;
      BurbleMessage *last = NULL;
      gboolean is_last = line->unread == unread;

      for (const BurbleDemoLine *later = line + 1; later->who != NULL; later++)
        if (g_str_equal (later->who, line->who) && later->unread == unread)
          is_last = FALSE;
      if (!is_last)
        continue;
      chat = find_chat (world, line->who);
      last = chat != NULL ? burble_conversation_get_last_message (chat) : NULL;
      if (last == NULL || g_strcmp0 (burble_message_get_text (last), line->text) != 0)
        {
          g_debug ("Not here yet: %s", line->text);
          return FALSE;
        }
    }
  return TRUE;
}

static gboolean
log_arrived (BurbleDemoWorld *world,
             gconstpointer    data)
{
  BurbleConversation *chat = find_chat (world, "tomas");
  BurbleMessage *last = chat != NULL ? burble_conversation_get_last_message (chat) : NULL;
  g_autofree char *text = burble_demo_log_entry (LOG_LINES - 1, LOG_LINES);

  return last != NULL && g_strcmp0 (burble_message_get_text (last), text) == 0;
}

static gboolean
all_read (BurbleDemoWorld *world,
          gconstpointer    data)
{
  GListModel *chats = burble_session_get_conversations (world->user);

  for (guint i = 0; i < g_list_model_get_n_items (chats); i++)
    {
      g_autoptr(BurbleConversation) chat = g_list_model_get_item (chats, i);

      if (burble_conversation_get_unread (chat) > 0)
        {
          g_debug ("%u unread from %s", burble_conversation_get_unread (chat),
                   burble_contact_get_id (burble_conversation_get_contact (chat)));
          return FALSE;
        }
    }
  return TRUE;
}

static void
read_all (BurbleDemoWorld *world)
{
  GListModel *chats = burble_session_get_conversations (world->user);

  for (guint i = 0; i < g_list_model_get_n_items (chats); i++)
    {
      g_autoptr(BurbleConversation) chat = g_list_model_get_item (chats, i);

      burble_session_mark_all_read (world->user, chat);
    }
}


/**
 * burble_demo_story_tell:
 * @world: a world whose people know each other
 * @error: return location for an error
 *
 * Has everything said that was said before the window opens, at the times of the story: first what
 * the user has read, then what is new. Waits until all of it is in the user's profile.
 *
 * Returns: %FALSE if a part of it was not told, or did not arrive in time
 */
gboolean
burble_demo_story_tell (BurbleDemoWorld  *world,
                        GError          **error)
{
  if (!tell_log (world, error) || !tell_story (world, FALSE, error)
      || !burble_demo_world_wait (world, story_arrived, GINT_TO_POINTER (FALSE),
                                  "the story got lost", error)
      || !burble_demo_world_wait (world, log_arrived, NULL, "the long history got lost", error))
    return FALSE;
  read_all (world);
  return burble_demo_world_wait (world, all_read, NULL, "nothing was read", error)
         && tell_story (world, TRUE, error)
         && burble_demo_world_wait (world, story_arrived, GINT_TO_POINTER (TRUE),
                                    "the news got lost", error);
}
