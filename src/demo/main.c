/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-demo"

#include "config.h"

#include <fcntl.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <stdio.h>
#include <unistd.h>

#include "burble-demo-cast.h"
#include "burble-demo-peer.h"
#include "burble-demo-server.h"
#include "burble-gurgle-connection.h"
#include "burble-secrets.h"
#include "burble-store.h"

/*
 * burble-demo: the world behind `burble --demo`. Makes a server and people in a temporary folder,
 * lets them tell what happened before, prints the path of a key file with all that the window
 * needs, and then lets the people live until its standard input ends. Leaves nothing behind.
 *
 * The preparation below runs straight through and iterates the main context itself: there is no
 * main loop yet, and no window that could wait.
 */

#define PATIENCE_S 30
#define LOG_LINES 400

typedef struct
{
  char *directory;
  BurbleDemoHost *host;
  BurbleDemoServer server;
  char *user_password;
  char *guest_password;
  GPtrArray *peers;       /* (element-type BurbleDemoPeer) */
  GHashTable *tellers;    /* user name → BurbleConnection: tells the story with old timestamps */
  GHashTable *passwords;
  BurbleSession *user;    /* fills the profile that the window opens */
  BurbleAccount *user_account;
  char *user_uid;
  char *key_file;
} World;

static gboolean
wake_cb (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

typedef gboolean (*Condition) (World *world, gconstpointer data);

static gboolean
wait_for (World        *world,
          Condition     condition,
          gconstpointer data,
          const char   *what,
          GError      **error)
{
  gint64 deadline = g_get_monotonic_time () + PATIENCE_S * G_USEC_PER_SEC;
  guint wake = g_timeout_add (200, wake_cb, NULL);
  gboolean met = condition (world, data);

  while (!met && g_get_monotonic_time () < deadline)
    {
      g_main_context_iteration (NULL, TRUE);
      met = condition (world, data);
    }
  g_source_remove (wake);
  if (!met)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT, "The demo could not get ready: %s", what);
  return met;
}

static char *
make_password (void)
{
  return g_uuid_string_random ();
}

/* --- the people --- */

static gboolean
all_online (World        *world,
            gconstpointer data)
{
  if (burble_account_get_state (world->user_account) != BURBLE_ACCOUNT_ONLINE)
    return FALSE;
  for (guint i = 0; i < world->peers->len; i++)
    {
      BurbleAccount *account = burble_demo_peer_get_account (world->peers->pdata[i]);

      if (burble_account_get_state (account) != BURBLE_ACCOUNT_ONLINE)
        return FALSE;
    }
  return TRUE;
}

static void
user_added_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!burble_session_add_account_finish (BURBLE_SESSION (object), result, &error))
    g_warning ("The demo's own account could not sign in: %s", error->message);
}

static void
user_loaded_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  World *world = user_data;
  g_autoptr(GError) error = NULL;

  if (!burble_session_load_finish (BURBLE_SESSION (object), result, &error))
    g_warning ("The demo's store did not open: %s", error->message);
  else
    burble_session_add_account_async (world->user, world->user_account, world->user_password, TRUE,
                                      FALSE, NULL, NULL, user_added_cb, NULL);
}

static gboolean
add_person (World                  *world,
            const BurbleDemoPerson *person,
            GError                **error)
{
  g_autofree char *address = g_strconcat (person->username, "@" BURBLE_DEMO_DOMAIN, NULL);
  char *password = make_password ();
  BurbleDemoPeer *peer = NULL;

  g_hash_table_insert (world->passwords, g_strdup (person->username), password);
  if (!burble_demo_host_add_user (world->host, address, person->name, person->bio, password, error))
    return FALSE;
  peer = burble_demo_peer_new (person, world->directory);
  g_ptr_array_add (world->peers, peer);
  burble_demo_peer_sign_in (peer, &world->server, password);
  return TRUE;
}

static gboolean
add_people (World   *world,
            GError **error)
{
  g_autofree char *profile = g_build_filename (world->directory, "profile", NULL);
  g_autofree char *path = g_build_filename (profile, "burble.db", NULL);
  g_autoptr(BurbleStore) store = burble_store_new (path);
  g_autoptr(BurbleSecrets) secrets = burble_secrets_new_memory ();

  g_mkdir (profile, 0700);
  g_hash_table_insert (world->passwords, g_strdup (BURBLE_DEMO_USER),
                       g_strdup (world->user_password));
  g_hash_table_insert (world->passwords, g_strdup (BURBLE_DEMO_GUEST),
                       g_strdup (world->guest_password));
  if (!burble_demo_host_add_user (world->host, BURBLE_DEMO_USER "@" BURBLE_DEMO_DOMAIN,
                                  BURBLE_DEMO_USER_NAME, "Keeps the server running.",
                                  world->user_password, error)
      || !burble_demo_host_add_user (world->host, BURBLE_DEMO_GUEST "@" BURBLE_DEMO_DOMAIN,
                                     "Jonas Berg", "Sits at the second window.",
                                     world->guest_password, error))
    return FALSE;
  for (guint i = 0; burble_demo_people[i].username != NULL; i++)
    if (!add_person (world, &burble_demo_people[i], error))
      return FALSE;

  world->user = burble_session_new (store, secrets, burble_demo_make_connection, NULL);
  world->user_account = burble_demo_account_new (BURBLE_DEMO_USER, BURBLE_DEMO_USER_NAME,
                                                 &world->server);
  world->user_uid = g_strdup (burble_account_get_uid (world->user_account));
  burble_session_load_async (world->user, NULL, user_loaded_cb, world);
  return wait_for (world, all_online, NULL, "nobody could sign in", error);
}

/* --- who knows whom --- */

static void
roster_done_cb (GObject      *object,
                GAsyncResult *result,
                gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!burble_session_roster_finish (BURBLE_SESSION (object), result, &error))
    g_warning ("A contact of the demo was refused: %s", error->message);
}

static gboolean
everybody_known (World        *world,
                 gconstpointer data)
{
  for (guint i = 0; burble_demo_people[i].username != NULL; i++)
    {
      g_autofree char *id = g_strconcat (burble_demo_people[i].username, "@" BURBLE_DEMO_DOMAIN,
                                         NULL);
      BurbleContact *contact = burble_session_find_contact (world->user, world->user_account, id);

      if (!burble_demo_people[i].asks
          && (contact == NULL
              || burble_contact_get_subscription (contact) != BURBLE_SUBSCRIPTION_BOTH))
        return FALSE;
    }
  return burble_session_find_contact (world->user, world->user_account,
                                      BURBLE_DEMO_ROOM "@" BURBLE_DEMO_DOMAIN) != NULL;
}

static gboolean
introduce (World   *world,
           GError **error)
{
  for (guint i = 0; burble_demo_people[i].username != NULL; i++)
    {
      const BurbleDemoPerson *person = &burble_demo_people[i];
      g_autofree char *id = g_strconcat (person->username, "@" BURBLE_DEMO_DOMAIN, NULL);

      if (!person->asks)
        burble_session_add_contact_async (world->user, world->user_account, id, NULL, NULL,
                                          roster_done_cb, NULL);
    }
  burble_session_add_contact_async (world->user, world->user_account,
                                    BURBLE_DEMO_GUEST "@" BURBLE_DEMO_DOMAIN, NULL, NULL,
                                    roster_done_cb, NULL);
  burble_session_join_room_async (world->user, world->user_account,
                                  BURBLE_DEMO_ROOM "@" BURBLE_DEMO_DOMAIN, BURBLE_DEMO_ROOM_NAME,
                                  NULL, roster_done_cb, NULL);
  for (guint i = 0; i < world->peers->len; i++)
    {
      BurbleAccount *account = burble_demo_peer_get_account (world->peers->pdata[i]);
      BurbleSession *session = burble_demo_peer_get_session (world->peers->pdata[i]);

      if (g_str_has_prefix (burble_account_get_address (account), "tomas@")
          || g_str_has_prefix (burble_account_get_address (account), "fatima@"))
        burble_session_join_room_async (session, account, BURBLE_DEMO_ROOM "@" BURBLE_DEMO_DOMAIN,
                                        BURBLE_DEMO_ROOM_NAME, NULL, roster_done_cb, NULL);
    }
  return wait_for (world, everybody_known, NULL, "people did not meet", error);
}

/* --- what happened before --- */

static gboolean
teller_online (World        *world,
               gconstpointer data)
{
  return burble_connection_get_state ((BurbleConnection *) data) == BURBLE_CONNECTION_ONLINE;
}

static void
keep_nothing_cb (BurbleMessageChannel *channel,
                 GPtrArray            *messages,
                 gpointer              user_data)
{
  burble_message_channel_acknowledge (channel, messages);
}

/* A second terminal of `username` that only speaks: the session's own messages carry the time of
 * now, and a story needs yesterday. */
static BurbleConnection *
get_teller (World      *world,
            const char *username,
            GError    **error)
{
  BurbleConnection *teller = g_hash_table_lookup (world->tellers, username);
  g_autofree char *address = g_strconcat (username, "@" BURBLE_DEMO_DOMAIN, NULL);
  g_autoptr(BurbleConnectionSettings) settings = NULL;

  if (teller != NULL)
    return teller;
  settings = burble_connection_settings_new (address);
  settings->host = g_strdup (world->server.host);
  settings->port = world->server.port;
  settings->pin = g_strdup (world->server.pin);
  settings->terminal = g_strdup ("Story");
  teller = burble_gurgle_connection_new (settings);
  g_hash_table_insert (world->tellers, g_strdup (username), teller);
  g_signal_connect (teller, "messages-received", G_CALLBACK (keep_nothing_cb), NULL);
  burble_presence_channel_publish (BURBLE_PRESENCE_CHANNEL (teller), BURBLE_PEER_INVISIBLE, NULL);
  burble_connection_set_password (teller, g_hash_table_lookup (world->passwords, username));
  burble_connection_connect (teller);
  return wait_for (world, teller_online, teller, "a story was not told", error) ? teller : NULL;
}

static guint pending_lines = 0;

static void
told_cb (GObject      *object,
         GAsyncResult *result,
         gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  pending_lines--;
  if (!burble_message_channel_send_finish (BURBLE_MESSAGE_CHANNEL (object), result, &error))
    g_warning ("A line of the demo's story was refused: %s", error->message);
}

static gboolean
lines_told (World        *world,
            gconstpointer data)
{
  return pending_lines == 0;
}

static gboolean
tell (World      *world,
      const char *speaker,
      const char *listener,
      gint64      time,
      const char *text,
      GError    **error)
{
  BurbleConnection *teller = get_teller (world, speaker, error);
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
tell_story (World   *world,
            gboolean unread,
            GError **error)
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
              || !wait_for (world, lines_told, NULL, "a story was not told", error)))
        return FALSE;
    }
  return TRUE;
}

static gboolean
tell_log (World   *world,
          GError **error)
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
  return wait_for (world, lines_told, NULL, "the long history was not told", error);
}

static BurbleConversation *
find_chat (World      *world,
           const char *username)
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
story_arrived (World        *world,
               gconstpointer data)
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
log_arrived (World        *world,
             gconstpointer data)
{
  BurbleConversation *chat = find_chat (world, "tomas");
  BurbleMessage *last = chat != NULL ? burble_conversation_get_last_message (chat) : NULL;
  g_autofree char *text = burble_demo_log_entry (LOG_LINES - 1, LOG_LINES);

  return last != NULL && g_strcmp0 (burble_message_get_text (last), text) == 0;
}

static gboolean
all_read (World        *world,
          gconstpointer data)
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
read_all (World *world)
{
  GListModel *chats = burble_session_get_conversations (world->user);

  for (guint i = 0; i < g_list_model_get_n_items (chats); i++)
    {
      g_autoptr(BurbleConversation) chat = g_list_model_get_item (chats, i);

      burble_session_mark_all_read (world->user, chat);
    }
}

static void
shut_down_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  gboolean *done = user_data;

  burble_session_shutdown_finish (BURBLE_SESSION (object), result, NULL);
  *done = TRUE;
}

static gboolean
is_true (World        *world,
         gconstpointer data)
{
  return *(const gboolean *) data;
}

/* Leaves the profile on disk as a Burble that was just closed would. */
static gboolean
close_profile (World   *world,
               GError **error)
{
  gboolean done = FALSE;

  burble_session_shutdown_async (world->user, NULL, shut_down_cb, &done);
  if (!wait_for (world, is_true, &done, "the profile did not close", error))
    return FALSE;
  g_clear_object (&world->user);
  g_clear_object (&world->user_account);
  return TRUE;
}

static guint pending_changes = 0;

static void
changed_cb (GObject      *object,
            GAsyncResult *result,
            gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  pending_changes--;
  if (!burble_roster_channel_change_finish (BURBLE_ROSTER_CHANNEL (object), result, &error))
    g_warning ("The guest of the demo stays a stranger: %s", error->message);
}

static gboolean
changes_made (World        *world,
              gconstpointer data)
{
  return pending_changes == 0;
}

/* Whoever sits at the second window knows the user and Alice already. */
static gboolean
befriend_guest (World   *world,
                GError **error)
{
  static const char * const friends[] = { BURBLE_DEMO_USER, "alice" };
  BurbleConnection *guest = get_teller (world, BURBLE_DEMO_GUEST, error);
  g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func (
    (GDestroyNotify) burble_roster_item_free);

  if (guest == NULL)
    return FALSE;
  for (gsize i = 0; i < G_N_ELEMENTS (friends); i++)
    {
      g_autofree char *id = g_strconcat (friends[i], "@" BURBLE_DEMO_DOMAIN, NULL);

      g_ptr_array_add (items, burble_roster_item_new (id));
    }
  pending_changes++;
  burble_roster_channel_change_async (BURBLE_ROSTER_CHANNEL (guest), items, NULL, changed_cb, NULL);
  return wait_for (world, changes_made, NULL, "the guest met nobody", error);
}

static gboolean
prepare (World   *world,
         GError **error)
{
  if (!add_people (world, error) || !introduce (world, error)
      || !befriend_guest (world, error) || !tell_log (world, error)
      || !tell_story (world, FALSE, error)
      || !wait_for (world, story_arrived, GINT_TO_POINTER (FALSE), "the story got lost", error)
      || !wait_for (world, log_arrived, NULL, "the long history got lost", error))
    return FALSE;
  read_all (world);
  if (!wait_for (world, all_read, NULL, "nothing was read", error)
      || !tell_story (world, TRUE, error)
      || !wait_for (world, story_arrived, GINT_TO_POINTER (TRUE), "the news got lost", error)
      || !close_profile (world, error))
    return FALSE;
  g_hash_table_remove_all (world->tellers);
  return TRUE;
}

/* --- what the window needs --- */

/* One running demo per user and session is all that --join can mean. */
static char *
get_key_file_path (void)
{
  return g_build_filename (g_get_user_runtime_dir (), "burble-demo.ini", NULL);
}

static gboolean
write_key_file (World   *world,
                GError **error)
{
  g_autoptr(GKeyFile) keys = g_key_file_new ();
  g_autofree char *profile = g_build_filename (world->directory, "profile", NULL);
  g_autofree char *text = NULL;
  g_autofree char *path = get_key_file_path ();
  gsize length = 0;

  g_key_file_set_int64 (keys, "demo", "pid", getpid ());
  g_key_file_set_string (keys, "demo", "profile", profile);
  g_key_file_set_string (keys, "demo", "host", world->server.host);
  g_key_file_set_integer (keys, "demo", "port", world->server.port);
  g_key_file_set_string (keys, "demo", "pin", world->server.pin);
  g_key_file_set_string (keys, "demo", "uid", world->user_uid);
  g_key_file_set_string (keys, "demo", "address", BURBLE_DEMO_USER "@" BURBLE_DEMO_DOMAIN);
  g_key_file_set_string (keys, "demo", "password", world->user_password);
  g_key_file_set_string (keys, "demo", "guest-address", BURBLE_DEMO_GUEST "@" BURBLE_DEMO_DOMAIN);
  g_key_file_set_string (keys, "demo", "guest-name", "Jonas Berg");
  g_key_file_set_string (keys, "demo", "guest-password", world->guest_password);
  text = g_key_file_to_data (keys, &length, NULL);
  if (g_mkdir_with_parents (g_get_user_runtime_dir (), 0700) != 0
      || !g_file_set_contents_full (path, text, length, G_FILE_SET_CONTENTS_CONSISTENT, 0600,
                                    error))
    return FALSE;
  world->key_file = g_steal_pointer (&path);
  return TRUE;
}

/* --- the end --- */

static void
remove_tree (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name = NULL;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR) && !g_file_test (child, G_FILE_TEST_IS_SYMLINK))
        remove_tree (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

static void
world_clear (World *world)
{
  /* A newer demo may have written its own. */
  if (world->key_file != NULL)
    {
      g_autoptr(GKeyFile) keys = g_key_file_new ();

      if (g_key_file_load_from_file (keys, world->key_file, G_KEY_FILE_NONE, NULL)
          && g_key_file_get_int64 (keys, "demo", "pid", NULL) == getpid ())
        g_unlink (world->key_file);
    }
  g_clear_pointer (&world->tellers, g_hash_table_unref);
  g_clear_pointer (&world->peers, g_ptr_array_unref);
  g_clear_object (&world->user);
  g_clear_object (&world->user_account);
  g_clear_pointer (&world->host, burble_demo_host_free);
  if (world->directory != NULL)
    remove_tree (world->directory);
  g_clear_pointer (&world->passwords, g_hash_table_unref);
  g_free (world->directory);
  g_free (world->user_uid);
  g_free (world->user_password);
  g_free (world->guest_password);
  g_free (world->server.host);
  g_free (world->server.pin);
  g_free (world->key_file);
}

static gboolean
input_ended_cb (int          fd,
                GIOCondition condition,
                gpointer     user_data)
{
  char buffer[64];

  if (read (fd, buffer, sizeof buffer) > 0)
    return G_SOURCE_CONTINUE;
  g_main_loop_quit (user_data);
  return G_SOURCE_REMOVE;
}

static gboolean
quit_cb (gpointer user_data)
{
  g_main_loop_quit (user_data);
  return G_SOURCE_CONTINUE;
}

int
main (int   argc,
      char *argv[])
{
  World world = { 0 };
  g_autoptr(GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr(GError) error = NULL;
  gboolean ready = FALSE;
  g_autofree char *server_folder = NULL;

  setlocale (LC_ALL, "");
  g_unix_signal_add (SIGTERM, quit_cb, loop);
  g_unix_signal_add (SIGINT, quit_cb, loop);
  world.peers = g_ptr_array_new_with_free_func (g_object_unref);
  world.tellers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  world.passwords = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  world.user_password = make_password ();
  world.guest_password = make_password ();
  world.directory = g_dir_make_tmp ("burble-demo-XXXXXX", &error);
  if (world.directory != NULL)
    {
      server_folder = g_build_filename (world.directory, "server", NULL);
      world.host = burble_demo_host_start (server_folder, BURBLE_DEMO_DOMAIN, &error);
    }
  if (world.host != NULL)
    {
      world.server.host = g_strdup ("127.0.0.1");
      world.server.port = burble_demo_host_get_port (world.host);
      world.server.pin = g_strdup (burble_demo_host_get_fingerprint (world.host));
      ready = prepare (&world, &error) && write_key_file (&world, &error);
    }
  if (ready)
    {
      printf ("%s\n", world.key_file);
      fflush (stdout);
      for (guint i = 0; i < world.peers->len; i++)
        burble_demo_peer_start_day (world.peers->pdata[i]);
      g_unix_fd_add (STDIN_FILENO, G_IO_IN | G_IO_HUP | G_IO_ERR, input_ended_cb, loop);
      g_main_loop_run (loop);
    }
  else
    g_printerr ("burble-demo: %s\n", error->message);
  world_clear (&world);
  return ready ? 0 : 1;
}
