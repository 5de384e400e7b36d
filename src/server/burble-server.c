/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-server"

#include "config.h"

#include "burble-server-private.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/file.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "burble-client-private.h"
#include "burble-local-router.h"
#include "burble-server-cli.h"

#define MAX_ACCEPTS_A_TURN 64
#define BACKLOG 1024
#define FAST_SWEEP_S 1u
#define SLOW_SWEEP_S 5u
#define SAVE_DELAY_MS 1000
#define DRAIN_US (4 * G_USEC_PER_SEC)
/* Nothing weaker than TLS 1.2 with forward secrecy. */
#define PRIORITY "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2:-RSA"

G_DEFINE_FINAL_TYPE (BurbleServer, burble_server, G_TYPE_OBJECT)

static void
settle_drain (BurbleServer *self)
{
  if (!self->draining || self->clients.length > 0 || self->stop_task == NULL)
    return;
  g_clear_handle_id (&self->sweep_id, g_source_remove);
  /* Works off what is still queued, acknowledgements for one. */
  burble_sqlite_storage_close (self->database);
  g_task_return_boolean (self->stop_task, TRUE);
  g_clear_object (&self->stop_task);
}

static gboolean
is_hasty (BurbleServer *self)
{
  return self->hurry || self->draining || self->unauthenticated.length > 0;
}

/* Often enough for the shortest time-out. */
static guint
get_sweep_interval (BurbleServer *self)
{
  const BurbleServerConfig *config = self->config;
  guint shortest = MIN (config->stuck_timeout, MIN (config->idle_timeout, config->answer_timeout));

  return is_hasty (self) ? FAST_SWEEP_S : CLAMP (shortest / 2, FAST_SWEEP_S, SLOW_SWEEP_S);
}

static gboolean
sweep_cb (gpointer user_data)
{
  BurbleServer *self = user_data;
  gint64 now = g_get_monotonic_time ();
  gboolean overdue = self->draining && now >= self->drain_until;
  GList *next = NULL;

  self->sweep_id = 0;
  self->hurry = FALSE;
  for (GList *node = self->clients.head; node != NULL; node = next)
    {
      next = node->next;
      if (overdue)
        burble_client_abort (node->data);
      else
        burble_client_sweep (node->data, now);
    }
  if (self->clients.length > 0 && self->sweep_id == 0)
    {
      self->sweep_seconds = get_sweep_interval (self);
      self->sweep_id = g_timeout_add_seconds (self->sweep_seconds, sweep_cb, self);
    }
  settle_drain (self);
  return G_SOURCE_REMOVE;
}

/* Time-outs are looked after by one timer, which runs fast only while something short is due. */
static void
schedule_sweep (BurbleServer *self,
                guint         seconds)
{
  if (self->sweep_id != 0 && self->sweep_seconds <= seconds)
    return;
  g_clear_handle_id (&self->sweep_id, g_source_remove);
  self->sweep_seconds = seconds;
  self->sweep_id = g_timeout_add_seconds (seconds, sweep_cb, self);
}

void
burble_server_client_finishing (BurbleServer *self)
{
  self->hurry = TRUE;
  schedule_sweep (self, FAST_SWEEP_S);
}

static void
stop_waiting (BurbleServer *self,
              BurbleClient *client)
{
  if (!client->waiting)
    return;
  client->waiting = FALSE;
  g_queue_unlink (&self->unauthenticated, &client->waiting_node);
}

void
burble_server_client_signed_in (BurbleServer *self,
                                BurbleClient *client)
{
  stop_waiting (self, client);
}

void
burble_server_client_settled (BurbleServer *self,
                              BurbleClient *client)
{
  if (self->draining)
    burble_client_drain (client);
}

void
burble_server_client_gone (BurbleServer *self,
                           BurbleClient *client)
{
  stop_waiting (self, client);
  g_hash_table_remove (self->unsaved, client);
  g_queue_unlink (&self->clients, &client->node);
  burble_client_unref (client);
  settle_drain (self);
}

static void
saved_cb (GObject      *object,
          GAsyncResult *result,
          gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!burble_storage_submit_finish (BURBLE_STORAGE (object), result, &error))
    g_warning ("Cannot note acknowledgements: %s", error->message);
}

static gboolean
save_cb (gpointer user_data)
{
  BurbleServer *self = user_data;
  BurbleStorageOp *op = burble_storage_op_new (BURBLE_STORAGE_SAVE_TERMINALS);
  GHashTableIter iter;
  gpointer client = NULL;

  self->save_id = 0;
  op->save_terminals.rows =
    g_ptr_array_new_with_free_func ((GDestroyNotify) burble_terminal_row_free);
  g_hash_table_iter_init (&iter, self->unsaved);
  while (g_hash_table_iter_next (&iter, &client, NULL))
    {
      BurbleTerminalRow *row = burble_client_take_unsaved (client);

      if (row != NULL)
        g_ptr_array_add (op->save_terminals.rows, row);
    }
  g_hash_table_remove_all (self->unsaved);
  burble_storage_submit_async (self->storage, op, saved_cb, NULL);
  return G_SOURCE_REMOVE;
}

void
burble_server_client_unsaved (BurbleServer *self,
                              BurbleClient *client)
{
  g_hash_table_add (self->unsaved, client);
  if (self->save_id == 0)
    self->save_id = g_timeout_add (SAVE_DELAY_MS, save_cb, self);
}

/* Throttling counts networks as their owners do: an IPv6 customer has a /64. */
static char *
format_address (const struct sockaddr_storage *address)
{
  char text[INET6_ADDRSTRLEN] = "";

  if (address->ss_family == AF_INET)
    {
      inet_ntop (AF_INET, &((const struct sockaddr_in *) address)->sin_addr, text, sizeof text);
    }
  else if (address->ss_family == AF_INET6)
    {
      struct in6_addr network = ((const struct sockaddr_in6 *) address)->sin6_addr;

      if (!IN6_IS_ADDR_V4MAPPED (&network))
        memset (network.s6_addr + 8, 0, 8);
      inet_ntop (AF_INET6, &network, text, sizeof text);
    }
  return g_strdup (text);
}

static void
take_connection (BurbleServer                  *self,
                 int                            fd,
                 const struct sockaddr_storage *address)
{
  g_autofree char *text = format_address (address);
  BurbleClient *client = NULL;
  int one = 1;

  setsockopt (fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  client = burble_client_new (self, fd, text);
  if (client == NULL)
    return;
  g_queue_push_tail_link (&self->clients, &client->node);
  g_queue_push_tail_link (&self->unauthenticated, &client->waiting_node);
  client->waiting = TRUE;
  /* Whoever means it signs in within a moment; the oldest of too many does not. */
  if (self->unauthenticated.length > self->config->max_unauthenticated)
    burble_client_abort (g_queue_peek_head (&self->unauthenticated));
  schedule_sweep (self, FAST_SWEEP_S);
}

static gboolean
resume_accepting_cb (gpointer user_data);

static void
pause_accepting (BurbleServer *self)
{
  g_warning ("Out of file descriptors: no new connections for a second");
  g_source_destroy (self->accept_source);
  g_clear_pointer (&self->accept_source, g_source_unref);
  self->resume_id = g_timeout_add_seconds (1, resume_accepting_cb, self);
}

static gboolean
accept_cb (GSocket     *socket,
           GIOCondition condition,
           gpointer     user_data)
{
  BurbleServer *self = user_data;

  for (guint i = 0; i < MAX_ACCEPTS_A_TURN; i++)
    {
      struct sockaddr_storage address = { 0 };
      socklen_t length = sizeof address;
      int fd = accept4 (g_socket_get_fd (socket), (struct sockaddr *) &address, &length,
                        SOCK_NONBLOCK | SOCK_CLOEXEC);

      if (fd >= 0)
        {
          take_connection (self, fd, &address);
          continue;
        }
      if (errno == ECONNABORTED || errno == EINTR)
        continue;
      if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
        {
          if (self->unauthenticated.length > 0)
            burble_client_abort (g_queue_peek_head (&self->unauthenticated));
          else
            pause_accepting (self);
        }
      break;
    }
  return G_SOURCE_CONTINUE;
}

static void
start_accepting (BurbleServer *self)
{
  self->accept_source = g_socket_create_source (self->socket, G_IO_IN, NULL);
  g_source_set_callback (self->accept_source, G_SOURCE_FUNC (accept_cb), self, NULL);
  g_source_attach (self->accept_source, NULL);
}

static gboolean
resume_accepting_cb (gpointer user_data)
{
  BurbleServer *self = user_data;

  self->resume_id = 0;
  start_accepting (self);
  return G_SOURCE_REMOVE;
}

static void
raise_limits (void)
{
  struct rlimit limit;

  if (getrlimit (RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max)
    return;
  limit.rlim_cur = limit.rlim_max;
  if (setrlimit (RLIMIT_NOFILE, &limit) != 0)
    g_warning ("Cannot raise the number of open files: %s", g_strerror (errno));
}

/* Two servers on one database would hand out the same numbers. */
static gboolean
lock_data (BurbleServer *self,
           GError      **error)
{
  g_autofree char *path = burble_server_config_get_path (self->config, "lock");

  self->lock_fd = open (path, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
  if (self->lock_fd >= 0 && flock (self->lock_fd, LOCK_EX | LOCK_NB) == 0)
    return TRUE;
  g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", path,
               errno == EWOULDBLOCK ? "another burble-server runs on this data"
                                    : g_strerror (errno));
  return FALSE;
}

static gnutls_certificate_credentials_t
load_credentials (BurbleServer *self,
                  GError      **error)
{
  g_autofree char *certificate = burble_server_config_get_path (self->config,
                                                                self->config->certificate);
  g_autofree char *key = burble_server_config_get_path (self->config, self->config->key);
  gnutls_certificate_credentials_t credentials = NULL;
  int code = gnutls_certificate_allocate_credentials (&credentials);

  if (code >= 0)
    code = gnutls_certificate_set_x509_key_file (credentials, certificate, key,
                                                 GNUTLS_X509_FMT_PEM);
  if (code >= 0)
    return credentials;
  g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "%s: %s", certificate, gnutls_strerror (code));
  g_clear_pointer (&credentials, gnutls_certificate_free_credentials);
  return NULL;
}

static gboolean
prepare_tls (BurbleServer *self,
             GError      **error)
{
  int code = gnutls_priority_init (&self->priority, PRIORITY, NULL);

  if (code < 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "TLS: %s", gnutls_strerror (code));
      return FALSE;
    }
  self->credentials = load_credentials (self, error);
  return self->credentials != NULL;
}

/**
 * burble_server_reload_certificate:
 * @self: a server
 * @error: return location
 *
 * Reads the certificate and its key again, for the connections to come; those that are there stay.
 *
 * Returns: %FALSE where they cannot be used; the ones before stay then
 */
gboolean
burble_server_reload_certificate (BurbleServer *self,
                                  GError      **error)
{
  gnutls_certificate_credentials_t credentials = NULL;

  g_return_val_if_fail (BURBLE_IS_SERVER (self), FALSE);

  if (self->config->plain)
    return TRUE;
  credentials = load_credentials (self, error);
  if (credentials == NULL)
    return FALSE;
  g_ptr_array_add (self->old_credentials, self->credentials);
  self->credentials = credentials;
  return TRUE;
}

gboolean
burble_server_listen (BurbleServer *self,
                      GError      **error)
{
  g_autoptr(GInetAddress) address = NULL;
  g_autoptr(GSocketAddress) wanted = NULL;
  g_autoptr(GSocketAddress) got = NULL;

  g_return_val_if_fail (BURBLE_IS_SERVER (self), FALSE);
  g_return_val_if_fail (self->socket == NULL, FALSE);

  address = g_inet_address_new_from_string (self->config->listen);
  if (address == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "“%s” is not an address",
                   self->config->listen);
      return FALSE;
    }
  if (self->config->plain && !g_inet_address_get_is_loopback (address))
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT,
                           "Without TLS the server only listens on a loopback address");
      return FALSE;
    }
  self->socket = g_socket_new (g_inet_address_get_family (address), G_SOCKET_TYPE_STREAM,
                               G_SOCKET_PROTOCOL_TCP, error);
  if (self->socket == NULL)
    return FALSE;
  g_socket_set_blocking (self->socket, FALSE);
  g_socket_set_listen_backlog (self->socket, BACKLOG);
  wanted = g_inet_socket_address_new (address, self->config->port);
  if (!g_socket_bind (self->socket, wanted, TRUE, error) || !g_socket_listen (self->socket, error))
    return FALSE;
  got = g_socket_get_local_address (self->socket, error);
  if (got == NULL)
    return FALSE;
  self->port = g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (got));
  start_accepting (self);
  return TRUE;
}

guint16
burble_server_get_port (BurbleServer *self)
{
  g_return_val_if_fail (BURBLE_IS_SERVER (self), 0);

  return self->port;
}

static void
stop_listening (BurbleServer *self)
{
  if (self->accept_source != NULL)
    g_source_destroy (self->accept_source);
  g_clear_pointer (&self->accept_source, g_source_unref);
  g_clear_handle_id (&self->resume_id, g_source_remove);
  if (self->socket != NULL)
    g_socket_close (self->socket, NULL);
}

void
burble_server_stop_async (BurbleServer       *self,
                          GAsyncReadyCallback callback,
                          gpointer            user_data)
{
  GList *next = NULL;

  g_return_if_fail (BURBLE_IS_SERVER (self));
  g_return_if_fail (self->stop_task == NULL);

  self->stop_task = g_task_new (self, NULL, callback, user_data);
  g_task_set_source_tag (self->stop_task, burble_server_stop_async);
  self->draining = TRUE;
  self->drain_until = g_get_monotonic_time () + DRAIN_US;
  stop_listening (self);
  burble_server_unwatch_accounts (self);
  schedule_sweep (self, FAST_SWEEP_S);
  for (GList *node = self->clients.head; node != NULL; node = next)
    {
      next = node->next;
      burble_client_drain (node->data);
    }
  settle_drain (self);
}

gboolean
burble_server_stop_finish (BurbleServer *self,
                           GAsyncResult *result,
                           GError      **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), FALSE);

  return g_task_propagate_boolean (G_TASK (result), error);
}

static void
burble_server_dispose (GObject *object)
{
  BurbleServer *self = BURBLE_SERVER (object);

  stop_listening (self);
  burble_server_unwatch_accounts (self);
  while (self->clients.length > 0)
    burble_client_abort (g_queue_peek_head (&self->clients));
  g_clear_handle_id (&self->sweep_id, g_source_remove);
  g_clear_handle_id (&self->save_id, g_source_remove);
  g_clear_handle_id (&self->active_users_id, g_source_remove);
  if (self->database != NULL)
    burble_sqlite_storage_close (self->database);
  g_clear_object (&self->socket);
  g_clear_object (&self->database);
  g_clear_object (&self->router);
  g_clear_object (&self->passwords);
  G_OBJECT_CLASS (burble_server_parent_class)->dispose (object);
}

static void
burble_server_finalize (GObject *object)
{
  BurbleServer *self = BURBLE_SERVER (object);

  g_clear_pointer (&self->unsaved, g_hash_table_unref);
  g_clear_pointer (&self->active_users, burble_active_users_free);
  g_clear_pointer (&self->users, burble_users_free);
  g_clear_pointer (&self->throttle, burble_throttle_free);
  g_clear_pointer (&self->poller, burble_poller_free);
  g_clear_pointer (&self->credentials, gnutls_certificate_free_credentials);
  g_clear_pointer (&self->old_credentials, g_ptr_array_unref);
  g_clear_pointer (&self->priority, gnutls_priority_deinit);
  if (self->lock_fd >= 0)
    close (self->lock_fd);
  g_free (self->domain);
  g_clear_pointer (&self->config, burble_server_config_free);
  G_OBJECT_CLASS (burble_server_parent_class)->finalize (object);
}

static void
burble_server_class_init (BurbleServerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);

  object_class->dispose = burble_server_dispose;
  object_class->finalize = burble_server_finalize;
}

static void
burble_server_init (BurbleServer *self)
{
  self->lock_fd = -1;
  self->watch_fd = -1;
  g_queue_init (&self->clients);
  g_queue_init (&self->unauthenticated);
  self->unsaved = g_hash_table_new (NULL, NULL);
  self->old_credentials =
    g_ptr_array_new_with_free_func ((GDestroyNotify) gnutls_certificate_free_credentials);
}

static void
retargeted_cb (GObject      *object,
               GAsyncResult *result,
               gpointer      user_data)
{
  g_autoptr(GError) error = NULL;

  if (!burble_storage_submit_finish (BURBLE_STORAGE (object), result, &error))
    g_warning ("Cannot hand messages on: %s", error->message);
}

BurbleServer *
burble_server_new (BurbleServerConfig *config,
                   GError            **error)
{
  g_autoptr(BurbleServer) self = g_object_new (BURBLE_TYPE_SERVER, NULL);
  g_autoptr(BurbleGurgleId) id = NULL;
  g_autofree char *path = NULL;

  self->config = config;
  id = burble_gurgle_id_new ("a", config->domain, NULL, error);
  if (id == NULL)
    return NULL;
  self->domain = g_strdup (burble_gurgle_id_get_domain (id));
  raise_limits ();
  if (!lock_data (self, error) || (!config->plain && !prepare_tls (self, error)))
    return NULL;
  path = burble_server_config_get_path (config, BURBLE_SERVER_DATABASE);
  self->database = burble_sqlite_storage_new (path, self->domain,
                                              config->max_database_mib * 1024 * 1024, error);
  if (self->database == NULL)
    return NULL;
  self->storage = BURBLE_STORAGE (self->database);
  self->router = burble_local_router_new ();
  self->passwords = burble_passwords_new (config->operations, config->memory_kib);
  self->throttle = burble_throttle_new (config->max_failures);
  self->users = burble_users_new (self->domain);
  if (config->directory)
    self->active_users = burble_active_users_new ();
  self->poller = burble_poller_new (NULL);
  /* After a crash nobody is online, so nothing can wait for one terminal alone. */
  burble_storage_submit_async (self->storage, burble_storage_op_new (BURBLE_STORAGE_RETARGET),
                               retargeted_cb, NULL);
  if (!burble_server_watch_accounts (self, error))
    return NULL;
  return g_steal_pointer (&self);
}
