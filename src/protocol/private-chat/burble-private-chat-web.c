/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-private-chat-web"

#include "config.h"

#include "burble-private-chat-web.h"

#include <string.h>

#include "burble-certificate.h"
#include "burble-private-chat-writer.h"
#include "burble-protocol-types.h"

#define TIMEOUT 30 /* s */
#define CHUNK (64 * 1024)
/* Django's own. */
#define DEFAULT_LIFE (14 * G_TIME_SPAN_DAY)
/* The one form that the example site has for signing in. */
#define LOGIN "admin/login/"

struct _BurblePrivateChatWeb
{
  GObject parent_instance;

  SoupSession *session;
  GUri *base;
  char *pin;
  char *session_key;
  gint64 expiry;
  char *csrf;
  BurblePrivateChatClock clock;
  GTlsCertificate *certificate;
  GTlsCertificateFlags certificate_errors;
};

G_DEFINE_FINAL_TYPE (BurblePrivateChatWeb, burble_private_chat_web, G_TYPE_OBJECT)

static void
wipe (char **secret)
{
  if (*secret != NULL)
    explicit_bzero (*secret, strlen (*secret));
  g_clear_pointer (secret, g_free);
}

void
burble_private_chat_answer_free (BurblePrivateChatAnswer *self)
{
  g_clear_pointer (&self->page, burble_private_chat_page_free);
  g_free (self);
}

static void
burble_private_chat_web_dispose (GObject *object)
{
  BurblePrivateChatWeb *self = BURBLE_PRIVATE_CHAT_WEB (object);

  if (self->session != NULL)
    soup_session_abort (self->session);
  g_clear_object (&self->session);
  g_clear_object (&self->certificate);

  G_OBJECT_CLASS (burble_private_chat_web_parent_class)->dispose (object);
}

static void
burble_private_chat_web_finalize (GObject *object)
{
  BurblePrivateChatWeb *self = BURBLE_PRIVATE_CHAT_WEB (object);

  g_uri_unref (self->base);
  g_free (self->pin);
  wipe (&self->session_key);
  wipe (&self->csrf);

  G_OBJECT_CLASS (burble_private_chat_web_parent_class)->finalize (object);
}

static void
burble_private_chat_web_class_init (BurblePrivateChatWebClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = burble_private_chat_web_dispose;
  object_class->finalize = burble_private_chat_web_finalize;
}

static void
burble_private_chat_web_init (BurblePrivateChatWeb *self)
{
}

/**
 * burble_private_chat_web_new:
 * @base: where the site is, with a slash at its end
 * @pin: (nullable): a certificate that was accepted by hand
 *
 * Returns: (transfer full): the site
 */
BurblePrivateChatWeb *
burble_private_chat_web_new (GUri *base, const char *pin)
{
  BurblePrivateChatWeb *self = g_object_new (BURBLE_TYPE_PRIVATE_CHAT_WEB, NULL);

  self->base = g_uri_ref (base);
  self->pin = g_strdup (pin);
  self->session = soup_session_new_with_options ("timeout", TIMEOUT, "idle-timeout", TIMEOUT, NULL);
  return self;
}

GUri *
burble_private_chat_web_get_base (BurblePrivateChatWeb *self)
{
  return self->base;
}

BurblePrivateChatClock *
burble_private_chat_web_get_clock (BurblePrivateChatWeb *self)
{
  return &self->clock;
}

const char *
burble_private_chat_web_get_session_key (BurblePrivateChatWeb *self)
{
  return self->session_key;
}

gint64
burble_private_chat_web_get_expiry (BurblePrivateChatWeb *self)
{
  return self->expiry;
}

void
burble_private_chat_web_forget_session (BurblePrivateChatWeb *self)
{
  wipe (&self->session_key);
}

void
burble_private_chat_web_set_pin (BurblePrivateChatWeb *self, const char *pin)
{
  g_set_str (&self->pin, pin);
}

GTlsCertificate *
burble_private_chat_web_get_certificate (BurblePrivateChatWeb *self, GTlsCertificateFlags *errors)
{
  *errors = self->certificate_errors;
  return self->certificate;
}

static gboolean
message_accept_certificate_cb (BurblePrivateChatWeb *self,
                               GTlsCertificate      *certificate,
                               GTlsCertificateFlags  errors,
                               SoupMessage          *message)
{
  if (self->pin != NULL && burble_certificate_matches_pin (certificate, self->pin))
    return TRUE;
  g_set_object (&self->certificate, certificate);
  self->certificate_errors = errors;
  return FALSE;
}

static SoupMessage *
make_message (BurblePrivateChatWeb *self, const char *method, GUri *uri)
{
  SoupMessage *message = soup_message_new_from_uri (method, uri);

  soup_message_add_flags (message, SOUP_MESSAGE_NO_REDIRECT);
  g_signal_connect_object (message, "accept-certificate",
                           G_CALLBACK (message_accept_certificate_cb), self, G_CONNECT_SWAPPED);
  return message;
}

static GUri *
resolve (BurblePrivateChatWeb *self, const char *path)
{
  return g_uri_parse_relative (self->base, path, SOUP_HTTP_URI_FLAGS, NULL);
}

static void
add_cookies (BurblePrivateChatWeb *self, SoupMessage *message)
{
  g_autoptr(GString) cookies = g_string_new (NULL);

  if (self->csrf != NULL)
    g_string_append_printf (cookies, "csrftoken=%s", self->csrf);
  if (self->session_key != NULL)
    g_string_append_printf (cookies, "%ssessionid=%s", cookies->len > 0 ? "; " : "",
                            self->session_key);
  if (cookies->len > 0)
    soup_message_headers_replace (soup_message_get_request_headers (message), "Cookie",
                                  cookies->str);
}

/* What Django makes; a cookie that is taken back has another value, or none. */
static gboolean
is_token (const char *value)
{
  gsize length = 0;

  while (value != NULL && g_ascii_isalnum (value[length]))
    length++;
  return length > 0 && length <= 256 && value[length] == '\0';
}

static gboolean
is_over (SoupCookie *cookie)
{
  GDateTime *expires = soup_cookie_get_expires (cookie);

  return expires != NULL && g_date_time_to_unix_usec (expires) <= g_get_real_time ();
}

/* Some time before the site forgets the key; a cookie that does not tell may be kept that long. */
static gint64
find_expiry (SoupCookie *cookie)
{
  GDateTime *expires = soup_cookie_get_expires (cookie);
  gint64 now = g_get_real_time ();
  gint64 life = expires != NULL ? g_date_time_to_unix_usec (expires) - now : DEFAULT_LIFE;

  return now + life - MIN (life / 10, G_TIME_SPAN_DAY);
}

/* Those two and no others: a site can set what it likes. */
static void
take_cookies (BurblePrivateChatWeb *self, SoupMessage *message)
{
  GSList *cookies = soup_cookies_from_response (message);

  for (GSList *link = cookies; link != NULL; link = link->next)
    {
      SoupCookie *cookie = link->data;
      const char *value = soup_cookie_get_value (cookie);
      char **place = NULL;

      if (g_strcmp0 (soup_cookie_get_name (cookie), "csrftoken") == 0)
        place = &self->csrf;
      else if (g_strcmp0 (soup_cookie_get_name (cookie), "sessionid") == 0)
        place = &self->session_key;
      if (place == NULL)
        continue;
      wipe (place);
      if (!is_token (value) || is_over (cookie))
        continue;
      *place = g_strdup (value);
      if (place == &self->session_key)
        self->expiry = find_expiry (cookie);
    }
  g_slist_free_full (cookies, (GDestroyNotify) soup_cookie_free);
}

static void
take_time (BurblePrivateChatWeb *self, SoupMessage *message)
{
  const char *text = soup_message_headers_get_one (soup_message_get_response_headers (message),
                                                   "Date");
  g_autoptr(GDateTime) date = text != NULL ? soup_date_time_new_from_http_string (text) : NULL;

  if (date != NULL)
    burble_private_chat_clock_set_now (&self->clock, g_date_time_to_unix_usec (date),
                                       g_get_real_time ());
}

/* A question on its way. */
typedef struct
{
  SoupMessage *message;
  GInputStream *stream;
  GByteArray *body;
} Question;

static void
question_free (gpointer data)
{
  Question *question = data;

  g_object_unref (question->message);
  g_clear_object (&question->stream);
  g_byte_array_unref (question->body);
  g_free (question);
}

static void
read_page (GTask *task, gpointer source, gpointer data, GCancellable *cancellable)
{
  const GByteArray *body = data;

  g_task_return_pointer (task,
                         burble_private_chat_page_parse (body->len > 0 ? (const char *) body->data
                                                                       : "", body->len, NULL),
                         (GDestroyNotify) burble_private_chat_page_free);
}

static void
page_read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  const Question *question = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  BurblePrivateChatPage *page = g_task_propagate_pointer (G_TASK (result), &error);
  BurblePrivateChatAnswer *answer = NULL;

  if (error != NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  answer = g_new0 (BurblePrivateChatAnswer, 1);
  answer->status = soup_message_get_status (question->message);
  answer->page = page;
  g_task_return_pointer (task, answer, (GDestroyNotify) burble_private_chat_answer_free);
}

/* All of a dialog may be on it, which takes its time: not here. The question has no source, which a
 * thread could be the last to let go of. */
static void
start_reading (GTask *task)
{
  const Question *question = g_task_get_task_data (task);
  g_autoptr(GTask) reading = g_task_new (NULL, g_task_get_cancellable (task), page_read_cb,
                                         g_object_ref (task));

  g_task_set_source_tag (reading, start_reading);
  g_task_set_task_data (reading, g_byte_array_ref (question->body),
                        (GDestroyNotify) g_byte_array_unref);
  g_task_run_in_thread (reading, read_page);
}

static void
stream_read_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  Question *question = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(GBytes) bytes = g_input_stream_read_bytes_finish (G_INPUT_STREAM (object), result,
                                                              &error);
  BurblePrivateChatAnswer *answer = NULL;

  if (bytes == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (g_bytes_get_size (bytes) > 0)
    {
      if (question->body->len + g_bytes_get_size (bytes) > BURBLE_PRIVATE_CHAT_MAX_PAGE)
        {
          g_task_return_new_error_literal (task, BURBLE_PROTOCOL_ERROR,
                                           BURBLE_PROTOCOL_ERROR_BAD_DATA, "The page is too large");
          return;
        }
      g_byte_array_append (question->body, g_bytes_get_data (bytes, NULL),
                           g_bytes_get_size (bytes));
      g_input_stream_read_bytes_async (question->stream, CHUNK, G_PRIORITY_DEFAULT,
                                       g_task_get_cancellable (task), stream_read_cb,
                                       g_object_ref (task));
      return;
    }
  if (soup_message_get_status (question->message) == SOUP_STATUS_OK)
    {
      start_reading (task);
      return;
    }
  answer = g_new0 (BurblePrivateChatAnswer, 1);
  answer->status = soup_message_get_status (question->message);
  g_task_return_pointer (task, answer, (GDestroyNotify) burble_private_chat_answer_free);
}

static void
session_sent_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  BurblePrivateChatWeb *self = g_task_get_source_object (task);
  Question *question = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;

  question->stream = soup_session_send_finish (SOUP_SESSION (object), result, &error);
  if (question->stream == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  take_cookies (self, question->message);
  take_time (self, question->message);
  g_input_stream_read_bytes_async (question->stream, CHUNK, G_PRIORITY_DEFAULT,
                                   g_task_get_cancellable (task), stream_read_cb,
                                   g_object_ref (task));
}

/* message: (transfer full) */
static void
ask_async (BurblePrivateChatWeb *self,
           SoupMessage          *message,
           GCancellable         *cancellable,
           GAsyncReadyCallback   callback,
           gpointer              user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  Question *question = g_new0 (Question, 1);

  g_task_set_source_tag (task, ask_async);
  question->message = message;
  question->body = g_byte_array_new ();
  g_task_set_task_data (task, question, question_free);
  add_cookies (self, message);
  /* A connection for each question: where one that was kept open has just ended, libsoup 3.6.5 asks
   * again, and may then answer twice and let go of its memory twice. */
  soup_message_headers_replace (soup_message_get_request_headers (message), "Connection", "close");
  soup_session_send_async (self->session, message, G_PRIORITY_DEFAULT, cancellable, session_sent_cb,
                           g_steal_pointer (&task));
}

void
burble_private_chat_web_get_async (BurblePrivateChatWeb *self,
                                   const char           *path,
                                   GCancellable         *cancellable,
                                   GAsyncReadyCallback   callback,
                                   gpointer              user_data)
{
  g_autoptr(GUri) uri = resolve (self, path);

  ask_async (self, make_message (self, "GET", uri != NULL ? uri : self->base), cancellable,
             callback, user_data);
}

BurblePrivateChatAnswer *
burble_private_chat_web_get_finish (BurblePrivateChatWeb  *self,
                                    GAsyncResult          *result,
                                    GError               **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* Signing in. */

typedef struct
{
  char *username;
  char *password;
} Credentials;

static void
credentials_free (gpointer data)
{
  Credentials *credentials = data;

  g_free (credentials->username);
  wipe (&credentials->password);
  g_free (credentials);
}

static void
free_form (gpointer data)
{
  char *form = data;

  wipe (&form);
}

static void
posted_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  BurblePrivateChatWeb *self = BURBLE_PRIVATE_CHAT_WEB (object);
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  g_autoptr(BurblePrivateChatAnswer) answer =
    burble_private_chat_web_get_finish (self, result, &error);

  if (answer == NULL)
    g_task_return_error (task, g_steal_pointer (&error));
  else if (answer->status == SOUP_STATUS_FOUND && self->session_key != NULL)
    g_task_return_boolean (task, TRUE);
  else if (answer->status == SOUP_STATUS_OK)
    g_task_return_new_error_literal (task, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_PASSWORD,
                                     "The site does not take the name and the password");
  else
    g_task_return_new_error (task, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_BAD_DATA,
                             "The site answered the sign-in with %u", answer->status);
}

/* The page of the form is one of the administration's, which knows what time it is there. */
static void
take_zone (BurblePrivateChatWeb *self, const BurblePrivateChatPage *page)
{
  if (page != NULL && page->has_zone)
    burble_private_chat_clock_set_zone (&self->clock, page->zone);
}

static void
form_got_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  BurblePrivateChatWeb *self = BURBLE_PRIVATE_CHAT_WEB (object);
  g_autoptr(GTask) task = user_data;
  Credentials *credentials = g_task_get_task_data (task);
  g_autoptr(GError) error = NULL;
  g_autoptr(BurblePrivateChatAnswer) answer =
    burble_private_chat_web_get_finish (self, result, &error);
  g_autoptr(GUri) uri = resolve (self, LOGIN "?next=/");
  g_autofree char *origin = g_uri_to_string (uri);
  g_autoptr(GBytes) body = NULL;
  SoupMessage *message = NULL;
  char *form = NULL;

  if (answer == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  if (answer->status != SOUP_STATUS_OK || self->csrf == NULL)
    {
      g_task_return_new_error (task, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_BAD_DATA,
                               "The site has no form to sign in (%u)", answer->status);
      return;
    }
  take_zone (self, answer->page);
  form = soup_form_encode ("csrfmiddlewaretoken", self->csrf, "username", credentials->username,
                           "password", credentials->password, "next", "/", NULL);
  body = g_bytes_new_with_free_func (form, strlen (form), free_form, form);
  message = make_message (self, "POST", uri);
  soup_message_set_request_body_from_bytes (message, "application/x-www-form-urlencoded", body);
  /* What Django wants to see where there is TLS. */
  soup_message_headers_replace (soup_message_get_request_headers (message), "Referer", origin);
  ask_async (self, message, g_task_get_cancellable (task), posted_cb, g_object_ref (task));
}

void
burble_private_chat_web_sign_in_async (BurblePrivateChatWeb *self,
                                       const char           *username,
                                       const char           *password,
                                       GCancellable         *cancellable,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  Credentials *credentials = g_new0 (Credentials, 1);

  g_task_set_source_tag (task, burble_private_chat_web_sign_in_async);
  credentials->username = g_strdup (username);
  credentials->password = g_strdup (password);
  g_task_set_task_data (task, credentials, credentials_free);
  wipe (&self->session_key);
  wipe (&self->csrf);
  burble_private_chat_web_get_async (self, LOGIN "?next=/", cancellable, form_got_cb,
                                     g_object_ref (task));
}

gboolean
burble_private_chat_web_sign_in_finish (BurblePrivateChatWeb  *self,
                                        GAsyncResult          *result,
                                        GError               **error)
{
  return g_task_propagate_boolean (G_TASK (result), error);
}

/* Sockets. */

static void
connected_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  g_autoptr(GTask) task = user_data;
  g_autoptr(GError) error = NULL;
  SoupWebsocketConnection *socket =
    soup_session_websocket_connect_finish (SOUP_SESSION (object), result, &error);

  if (socket == NULL)
    {
      g_task_return_error (task, g_steal_pointer (&error));
      return;
    }
  soup_websocket_connection_set_max_incoming_payload_size (socket, BURBLE_PRIVATE_CHAT_MAX_EVENT);
  g_task_return_pointer (task, socket, g_object_unref);
}

void
burble_private_chat_web_connect_async (BurblePrivateChatWeb *self,
                                       const char           *url,
                                       GCancellable         *cancellable,
                                       GAsyncReadyCallback   callback,
                                       gpointer              user_data)
{
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  g_autoptr(GUri) uri = g_uri_parse (url, SOUP_HTTP_URI_FLAGS, NULL);
  g_autoptr(SoupMessage) message = NULL;

  g_task_set_source_tag (task, burble_private_chat_web_connect_async);
  if (uri == NULL || g_uri_get_host (uri) == NULL)
    {
      g_task_return_new_error_literal (task, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_BAD_DATA,
                                       "The site does not say where its sockets are");
      return;
    }
  message = make_message (self, "GET", uri);
  soup_session_websocket_connect_async (self->session, message, NULL, NULL, G_PRIORITY_DEFAULT,
                                        cancellable, connected_cb, g_steal_pointer (&task));
}

SoupWebsocketConnection *
burble_private_chat_web_connect_finish (BurblePrivateChatWeb  *self,
                                        GAsyncResult          *result,
                                        GError               **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}
