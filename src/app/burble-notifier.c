/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-notifier"

#include "config.h"

#include "burble-notifier.h"

#include <glib/gi18n.h>
#include <libnotify/notify.h>

#include "burble-words.h"

struct _BurbleNotifier
{
  GObject parent_instance;

  BurbleSession *session;
  GHashTable *notices; /* tag → BurbleNotice, of the main thread */
  GThread *thread;
  GMainContext *context;
  GMainLoop *loop;
  GHashTable *shown; /* tag → NotifyNotification, of the other thread */
};

G_DEFINE_FINAL_TYPE (BurbleNotifier, burble_notifier, G_TYPE_OBJECT)

typedef enum
{
  SIGNAL_ACTIVATED,
} BurbleNotifierSignal;

static guint signals[SIGNAL_ACTIVATED + 1];

/* What goes from one thread to the other. */
typedef struct
{
  BurbleNotifier *notifier;
  BurbleNoticeKind kind;
  char *tag;
  char *title;
  char *body;
  char *action;
  char *token;
} Job;

static void
job_free (Job *job)
{
  g_object_unref (job->notifier);
  g_free (job->tag);
  g_free (job->title);
  g_free (job->body);
  g_free (job->action);
  g_free (job->token);
  g_free (job);
}

static Job *
job_new (BurbleNotifier *self, const char *tag)
{
  Job *job = g_new0 (Job, 1);

  job->notifier = g_object_ref (self);
  job->tag = g_strdup (tag);
  return job;
}

/* On the main thread */

static gboolean
activated_cb (gpointer user_data)
{
  Job *job = user_data;
  BurbleNotice *notice = g_hash_table_lookup (job->notifier->notices, job->tag);

  if (notice != NULL)
    g_signal_emit (job->notifier, signals[SIGNAL_ACTIVATED], 0, notice, job->action, job->token);
  return G_SOURCE_REMOVE;
}

/* On the notifier's thread */

static void
action_cb (NotifyNotification *notification, char *action, gpointer user_data)
{
  Job *shown = user_data;
  Job *job = job_new (shown->notifier, shown->tag);

  job->action = g_strdup (action);
  job->token = g_strdup (notify_notification_get_activation_token (notification));
  g_main_context_invoke_full (NULL, G_PRIORITY_DEFAULT, activated_cb, job,
                              (GDestroyNotify) job_free);
}

/* Keeps the notifier alive as long as the notification is there; quit_cb() removes them all. */
static void
add_action (NotifyNotification *notification, Job *job, const char *action, const char *label)
{
  Job *copy = job_new (job->notifier, job->tag);

  notify_notification_add_action (notification, action, label, action_cb, copy,
                                  (GFreeFunc) job_free);
}

/* Those of the desktop notifications specification. */
static const char * const categories[] = {
  [BURBLE_NOTICE_MESSAGE] = "im.received",
  [BURBLE_NOTICE_ONLINE] = "presence.online",
  [BURBLE_NOTICE_STATUS] = "presence",
  [BURBLE_NOTICE_REQUEST] = "im",
};

static void
fill (NotifyNotification *notification, Job *job)
{
  notify_notification_set_app_name (notification, _("Burble"));
  notify_notification_set_hint (notification, "desktop-entry",
                                g_variant_new_string (BURBLE_APP_ID));
  notify_notification_set_category (notification, categories[job->kind]);
  notify_notification_clear_actions (notification);
  add_action (notification, job, "default", _("Open"));
  switch (job->kind)
    {
    case BURBLE_NOTICE_MESSAGE:
      add_action (notification, job, "open", _("Open"));
      add_action (notification, job, "mark-read", _("Mark as Read"));
      break;
    case BURBLE_NOTICE_REQUEST:
      add_action (notification, job, "accept", _("Accept"));
      add_action (notification, job, "decline", _("Decline"));
      break;
    case BURBLE_NOTICE_ONLINE:
    case BURBLE_NOTICE_STATUS:
    default:
      notify_notification_set_urgency (notification, NOTIFY_URGENCY_LOW);
      break;
    }
}

static gboolean
show_cb (gpointer user_data)
{
  Job *job = user_data;
  BurbleNotifier *self = job->notifier;
  NotifyNotification *notification = g_hash_table_lookup (self->shown, job->tag);
  g_autofree char *body = g_markup_escape_text (job->body, -1);
  g_autoptr(GError) error = NULL;

  if (notification == NULL)
    {
      notification = notify_notification_new (job->title, body, BURBLE_APP_ID);
      g_hash_table_insert (self->shown, g_strdup (job->tag), notification);
    }
  else
    {
      notify_notification_update (notification, job->title, body, BURBLE_APP_ID);
    }
  fill (notification, job);
  if (!notify_notification_show (notification, &error))
    {
      g_debug ("no notification: %s", error->message);
      g_hash_table_remove (self->shown, job->tag);
    }
  return G_SOURCE_REMOVE;
}

static gboolean
withdraw_cb (gpointer user_data)
{
  Job *job = user_data;
  NotifyNotification *notification = g_hash_table_lookup (job->notifier->shown, job->tag);

  if (notification != NULL)
    notify_notification_close (notification, NULL);
  g_hash_table_remove (job->notifier->shown, job->tag);
  return G_SOURCE_REMOVE;
}

static gboolean
quit_cb (gpointer user_data)
{
  BurbleNotifier *self = user_data;
  GHashTableIter iter;
  gpointer notification;

  g_hash_table_iter_init (&iter, self->shown);
  while (g_hash_table_iter_next (&iter, NULL, &notification))
    notify_notification_close (notification, NULL);
  g_hash_table_remove_all (self->shown);
  g_main_loop_quit (self->loop);
  return G_SOURCE_REMOVE;
}

static gpointer
run (gpointer user_data)
{
  BurbleNotifier *self = user_data;

  g_main_context_push_thread_default (self->context);
  if (!notify_init (_("Burble")))
    g_debug ("no notifications here");
  g_main_loop_run (self->loop);
  notify_uninit ();
  g_main_context_pop_thread_default (self->context);
  return NULL;
}

/* On the main thread */

static void
invoke (BurbleNotifier *self, GSourceFunc func, Job *job)
{
  if (self->thread == NULL)
    job_free (job);
  else
    g_main_context_invoke_full (self->context, G_PRIORITY_DEFAULT, func, job,
                                (GDestroyNotify) job_free);
}

static void
notice_cb (BurbleNotifier *self, BurbleNotice *notice)
{
  Job *job = job_new (self, burble_notice_get_tag (notice));

  job->kind = burble_notice_get_kind (notice);
  job->title = burble_words_notice_title (notice);
  job->body = burble_words_notice_body (notice);
  g_hash_table_insert (self->notices, g_strdup (job->tag), g_object_ref (notice));
  invoke (self, show_cb, job);
}

static void
notice_withdrawn_cb (BurbleNotifier *self, const char *tag)
{
  g_hash_table_remove (self->notices, tag);
  invoke (self, withdraw_cb, job_new (self, tag));
}

static void
burble_notifier_finalize (GObject *object)
{
  BurbleNotifier *self = BURBLE_NOTIFIER (object);

  g_clear_pointer (&self->notices, g_hash_table_unref);
  g_clear_pointer (&self->shown, g_hash_table_unref);
  g_clear_pointer (&self->loop, g_main_loop_unref);
  g_clear_pointer (&self->context, g_main_context_unref);
  g_clear_object (&self->session);
  G_OBJECT_CLASS (burble_notifier_parent_class)->finalize (object);
}

static void
burble_notifier_class_init (BurbleNotifierClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = burble_notifier_finalize;

  signals[SIGNAL_ACTIVATED] = g_signal_new ("activated", G_TYPE_FROM_CLASS (klass),
                                            G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 3,
                                            BURBLE_TYPE_NOTICE, G_TYPE_STRING, G_TYPE_STRING);
}

static void
burble_notifier_init (BurbleNotifier *self)
{
  self->notices = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->shown = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->context = g_main_context_new ();
  self->loop = g_main_loop_new (self->context, FALSE);
}

/**
 * burble_notifier_new:
 * @session: (transfer none): whose notices are shown
 *
 * Returns: (transfer full): a notifier with a thread, to be ended by burble_notifier_shutdown()
 */
BurbleNotifier *
burble_notifier_new (BurbleSession *session)
{
  BurbleNotifier *self = g_object_new (BURBLE_TYPE_NOTIFIER, NULL);

  g_return_val_if_fail (BURBLE_IS_SESSION (session), self);

  self->session = g_object_ref (session);
  self->thread = g_thread_new ("burble-notifier", run, self);
  g_signal_connect_object (session, "notice", G_CALLBACK (notice_cb), self, G_CONNECT_SWAPPED);
  g_signal_connect_object (session, "notice-withdrawn", G_CALLBACK (notice_withdrawn_cb), self,
                           G_CONNECT_SWAPPED);
  return self;
}

/**
 * burble_notifier_shutdown:
 * @self: a notifier
 *
 * Withdraws what is shown, ends the thread and waits for it. Nothing is shown afterwards.
 */
void
burble_notifier_shutdown (BurbleNotifier *self)
{
  g_return_if_fail (BURBLE_IS_NOTIFIER (self));

  if (self->thread == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->session, self);
  g_main_context_invoke (self->context, quit_cb, self);
  g_thread_join (g_steal_pointer (&self->thread));
}
