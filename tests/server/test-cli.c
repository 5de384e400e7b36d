/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "server-fixture.h"

#include <fcntl.h>
#include <pty.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <gnutls/gnutls.h>

static void
check_mode (Fixture    *f,
            const char *name,
            guint       mode)
{
  const char *data_dir = burble_test_server_get_data_dir (f->server);
  g_autofree char *path = g_build_filename (data_dir, name, NULL);
  GStatBuf info = { 0 };

  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmphex (info.st_mode & 0777, ==, mode);
}

static void
test_init (Fixture      *f,
           gconstpointer data)
{
  g_autofree char *output = NULL;
  g_autofree char *path = g_build_filename (burble_test_server_get_data_dir (f->server),
                                            "certificate.pem", NULL);
  g_autoptr(GTlsCertificate) certificate = NULL;
  g_autoptr(GSocketConnectable) identity = g_network_address_new (BURBLE_TEST_SERVER_DOMAIN, 0);
  g_autoptr(GSocketConnectable) other = g_network_address_new ("elsewhere.test", 0);
  g_autoptr(GError) error = NULL;

  check_mode (f, ".", 0700);
  check_mode (f, "key.pem", 0600);
  check_mode (f, "burble-server.db", 0600);
  certificate = g_tls_certificate_new_from_file (path, &error);
  g_assert_no_error (error);
  g_assert_cmphex (g_tls_certificate_verify (certificate, identity, certificate), ==, 0);
  g_assert_cmphex (g_tls_certificate_verify (certificate, other, certificate), ==,
                   G_TLS_CERTIFICATE_BAD_IDENTITY);
  g_assert_cmpuint (strlen (burble_test_server_get_pin (f->server)), ==, 32 * 3 - 1);
  /* Not over what is there. */
  g_assert_cmpint (burble_test_server_command (f->server, NULL, &output, "init", "--domain",
                                               "other.test", NULL), !=, 0);
  g_assert_nonnull (strstr (output, BURBLE_TEST_SERVER_DOMAIN));
}

static void
test_users (Fixture      *f,
            gconstpointer data)
{
  static const struct
  {
    const char *verb;
    const char *name;
    const char *input;
    gboolean works;
  } cases[] = {
    { "add", "dave", "correct horse\n", TRUE },
    { "add", "dave", "correct horse\n", FALSE },
    { "add", "DAVE", "correct horse\n", FALSE },
    { "add", "eve@" BURBLE_TEST_SERVER_DOMAIN, "correct horse", TRUE },
    { "add", "frank@elsewhere.test", "correct horse", FALSE },
    { "add", "not a name", "correct horse", FALSE },
    { "add", "..", "correct horse", FALSE },
    { "add", "al\u0456ce", "correct horse", FALSE }, /* a Cyrillic i */
    { "add", "\u0441\u0430\u0433o\u04cf", "correct horse", FALSE },
    { "add", "weak", "123", FALSE },
    { "add", "silent", "", FALSE },
    { "password", "dave", "another one\n", TRUE },
    { "password", "nobody", "another one\n", FALSE },
    { "disable", "eve", NULL, TRUE },
    { "disable", "nobody", NULL, FALSE },
    { "delete", "carol", NULL, TRUE },
    { "delete", "carol", NULL, FALSE },
    { "frobnicate", "dave", NULL, FALSE },
  };
  g_autofree char *list = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *output = NULL;
      int status = burble_test_server_command (f->server, cases[i].input, &output, "user",
                                               cases[i].verb, cases[i].name, NULL);

      g_test_message ("user %s %s: %s", cases[i].verb, cases[i].name, output);
      g_assert_cmpint (status == 0, ==, cases[i].works);
      g_assert_cmpint (*output == '\0', ==, cases[i].works);
    }
  g_assert_cmpint (burble_test_server_command (f->server, NULL, &list, "user", "list", NULL), ==, 0);
  g_assert_cmpstr (list, ==, "alice\nbob\ndave\neve (disabled)\n");
}

static void
test_disable_kicks (Fixture      *f,
                    gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(BurbleTestPeer) bob = fixture_online (f, BOB, "phone", NULL);
  g_autoptr(JsonObject) kill = NULL;

  burble_test_server_command (f->server, NULL, NULL, "user", "disable", "alice", NULL);
  kill = burble_test_peer_expect_command (alice, "kill");
  fixture_assert_error (kill, "user_disable");
  burble_test_peer_assert_closed (alice);
  burble_test_peer_assert_quiet (bob);
  g_clear_pointer (&alice, burble_test_peer_free);
  burble_test_server_command (f->server, NULL, NULL, "user", "enable", "alice", NULL);
  alice = fixture_online (f, ALICE, "desk", NULL);
}

static void
test_password_kicks (Fixture      *f,
                     gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(BurbleTestPeer) again = fixture_greet (f);
  g_autoptr(JsonObject) kill = NULL;
  g_autoptr(JsonObject) old = NULL;
  g_autoptr(JsonObject) new = NULL;

  burble_test_server_command (f->server, "another one", NULL, "user", "password", "alice", NULL);
  kill = burble_test_peer_expect_command (alice, "kill");
  fixture_assert_error (kill, "password");
  old = burble_test_peer_ask (again, "{\"id\":3,\"cmd\":\"auth\",\"from\":\"" ALICE "\","
                              "\"method\":\"plain\",\"password\":\"correct horse\"}");
  fixture_assert_error (old, "password");
  new = burble_test_peer_ask (again, "{\"id\":4,\"cmd\":\"auth\",\"from\":\"" ALICE "\","
                              "\"method\":\"plain\",\"password\":\"another one\"}");
  fixture_assert_error (new, "null");
}

/* At a terminal: Ctrl+C at the prompt, and what is typed afterwards is seen again. */
static void
test_left_at_the_prompt (Fixture      *f,
                         gconstpointer data)
{
  static const char prompt[] = "Password: ";
  const char *program = burble_test_server_get_program ();
  const char *data_dir = burble_test_server_get_data_dir (f->server);
  struct termios modes = { 0 };
  g_autoptr(GString) seen = g_string_new (NULL);
  int terminal = -1;
  int held = -1;
  int status = 0;
  char name[64] = "";
  pid_t child = forkpty (&terminal, name, NULL, NULL);

  g_assert_cmpint (child, >=, 0);
  if (child == 0)
    {
      execl (program, program, "user", "add", "dave", "--data", data_dir, NULL);
      _exit (127);
    }
  /* The modes last as long as anybody has it open. */
  held = open (name, O_RDWR | O_NOCTTY | O_CLOEXEC);
  g_assert_cmpint (held, >=, 0);
  while (strstr (seen->str, prompt) == NULL)
    {
      char c = '\0';

      g_assert_cmpint (read (terminal, &c, 1), ==, 1);
      g_string_append_c (seen, c);
    }
  g_assert_cmpint (tcgetattr (held, &modes), ==, 0);
  g_assert_cmphex (modes.c_lflag & ECHO, ==, 0);
  g_assert_cmpint (write (terminal, "\003", 1), ==, 1);
  g_assert_cmpint (waitpid (child, &status, 0), ==, child);
  g_assert_true (WIFSIGNALED (status));
  g_assert_cmpint (WTERMSIG (status), ==, SIGINT);
  g_assert_cmpint (tcgetattr (held, &modes), ==, 0);
  g_assert_cmphex (modes.c_lflag & ECHO, !=, 0);
  close (held);
  close (terminal);
}

static void
test_help (Fixture      *f,
           gconstpointer data)
{
  g_autofree char *output = NULL;
  g_autoptr(GError) error = NULL;
  const char *arguments[] = { burble_test_server_get_program (), "--help", NULL };

  g_spawn_sync (NULL, (char **) arguments, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, NULL, NULL,
                &error);
  g_assert_no_error (error);
  for (guint i = 0; i < 6; i++)
    {
      static const char * const options[] = {
        "--data", "--port", "--listen", "--register", "--plain", "--require-config",
      };

      g_test_message ("%s", options[i]);
      g_assert_nonnull (strstr (output, options[i]));
    }
}

/* Somebody else's change is not theirs. */
static void
test_others_stay (Fixture      *f,
                  gconstpointer data)
{
  g_autoptr(BurbleTestPeer) dave = fixture_greet (f);
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(JsonObject) done = NULL;
  g_autoptr(JsonObject) kill = NULL;

  done = burble_test_peer_ask (dave, "{\"id\":4,\"cmd\":\"register\",\"from\":\"dave@"
                               BURBLE_TEST_SERVER_DOMAIN "/new\",\"password\":\"correct horse\"}");
  fixture_assert_error (done, "null");
  burble_test_server_command (f->server, NULL, NULL, "user", "disable", "alice", NULL);
  kill = burble_test_peer_expect_command (alice, "kill");
  burble_test_peer_assert_quiet (dave);
}

static void
test_delete (Fixture      *f,
             gconstpointer data)
{
  g_autoptr(BurbleTestPeer) alice = NULL;
  g_autoptr(BurbleTestPeer) bob = NULL;
  g_autoptr(JsonObject) kill = NULL;
  g_autoptr(JsonObject) gone = NULL;
  g_autoptr(JsonObject) push = NULL;
  g_autoptr(JsonObject) heard = NULL;
  g_autoptr(JsonObject) sent = NULL;
  g_autoptr(JsonObject) history = NULL;

  fixture_befriend (f, ALICE, BOB);
  alice = fixture_online (f, ALICE, "desk", NULL);
  bob = fixture_online (f, BOB, "phone", "[\"history\"]");
  fixture_say (alice, BOB, "m1", "remember me");
  heard = fixture_hear (bob);
  burble_test_server_command (f->server, NULL, NULL, "user", "delete", "alice", NULL);
  kill = burble_test_peer_expect_command (alice, "kill");
  fixture_assert_error (kill, "user_delete");
  gone = burble_test_peer_expect_command (bob, "presence");
  g_clear_pointer (&gone, json_object_unref);
  push = burble_test_peer_expect_command (bob, "update_roaster");
  fixture_assert_member (fixture_only (push, "roaster"), "subscription", "null");
  sent = burble_test_peer_ask (bob, "{\"id\":5,\"cmd\":\"message\",\"messages\":"
                               "[{\"id\":\"x\",\"to\":\"" ALICE "\",\"text\":\"y\"}]}");
  fixture_assert_error (sent, "unknown_user");
  /* What they said to each other is Bob's too. */
  history = burble_test_peer_ask (bob, "{\"id\":6,\"cmd\":\"history\",\"with\":\"" ALICE "\"}");
  fixture_assert_member (fixture_only (history, "messages"), "text", "remember me");

  /* Whoever gets the name next begins with nothing. */
  burble_test_server_add_user (f->server, "alice", NULL);
  g_clear_pointer (&alice, burble_test_peer_free);
  alice = fixture_online (f, ALICE, "desk", "[\"history\"]");
  g_clear_pointer (&history, json_object_unref);
  history = burble_test_peer_ask (alice, "{\"id\":6,\"cmd\":\"history\",\"after\":0}");
  g_assert_cmpuint (json_array_get_length (json_object_get_array_member (history, "messages")), ==,
                    0);
  burble_test_peer_assert_quiet (alice);
}

static void
test_name_is_explained (Fixture      *f,
                        gconstpointer data)
{
  g_autofree char *output = NULL;

  g_assert_cmpint (burble_test_server_command (f->server, "correct horse", &output, "user", "add",
                                               "al\u0456ce", NULL), !=, 0);
  g_assert_nonnull (strstr (output, "one script"));
}

/* What a service does must not depend on whether somebody remembered to set it up. */
static void
test_require_config (void)
{
  g_autofree char *folder = g_dir_make_tmp ("burble-server-XXXXXX", NULL);
  g_autofree char *data = g_build_filename (folder, "data", NULL);
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GError) error = NULL;
  g_autofree char *output = NULL;

  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDERR_PIPE, &error,
                              burble_test_server_get_program (), "run", "--require-config",
                              "--data", data, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate_utf8 (process, NULL, NULL, NULL, &output, &error);
  g_assert_no_error (error);
  g_assert_cmpint (g_subprocess_get_exit_status (process), ==, 78);
  g_assert_nonnull (strstr (output, "burble-server init"));
  g_assert_false (g_file_test (data, G_FILE_TEST_EXISTS));
  g_rmdir (folder);
}

/* Tried out without reading anything first: it says what it made. */
static void
test_made_on_the_way (void)
{
  g_autofree char *folder = g_dir_make_tmp ("burble-server-XXXXXX", NULL);
  g_autofree char *config = g_build_filename (folder, "burble-server.ini", NULL);
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GDataInputStream) lines = NULL;
  g_autofree char *line = NULL;
  g_autoptr(GError) error = NULL;

  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDERR_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE,
                              &error, burble_test_server_get_program (), "run", "--port", "0",
                              "--data", folder, NULL);
  g_assert_no_error (error);
  lines = g_data_input_stream_new (g_subprocess_get_stderr_pipe (process));
  line = g_data_input_stream_read_line (lines, NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_nonnull (strstr (line, "localhost"));
  g_assert_nonnull (strstr (line, "burble-server init"));
  g_assert_true (g_file_test (config, G_FILE_TEST_EXISTS));
  g_subprocess_send_signal (process, SIGTERM);
  g_subprocess_wait (process, NULL, NULL);
}

static char *
get_fingerprint (BurbleTestPeer *peer)
{
  GIOStream *stream = burble_test_peer_get_stream (peer);
  GTlsCertificate *certificate =
    g_tls_connection_get_peer_certificate (G_TLS_CONNECTION (stream));
  g_autofree char *pem = NULL;

  g_object_get (certificate, "certificate-pem", &pem, NULL);
  return g_steal_pointer (&pem);
}

static void
copy (BurbleTestServer *from,
      BurbleTestServer *to,
      const char       *name)
{
  g_autofree char *source = g_build_filename (burble_test_server_get_data_dir (from), name, NULL);
  g_autofree char *target = g_build_filename (burble_test_server_get_data_dir (to), name, NULL);
  g_autofree char *text = NULL;
  g_autoptr(GError) error = NULL;

  g_file_get_contents (source, &text, NULL, &error);
  g_assert_no_error (error);
  g_file_set_contents (target, text, -1, &error);
  g_assert_no_error (error);
}

/* A certificate lives for some months, a conversation should not notice. */
static void
test_new_certificate (Fixture      *f,
                      gconstpointer data)
{
  g_autoptr(BurbleTestServer) other = burble_test_server_new_stopped (NULL);
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", NULL);
  g_autofree char *before = get_fingerprint (alice);
  gboolean changed = FALSE;

  copy (other, f->server, "certificate.pem");
  copy (other, f->server, "key.pem");
  kill (burble_test_server_get_pid (f->server), SIGHUP);
  while (!changed)
    {
      g_autoptr(BurbleTestPeer) peer = fixture_dial (f);
      g_autofree char *now = get_fingerprint (peer);

      changed = g_strcmp0 (now, before) != 0;
    }
  burble_test_peer_assert_quiet (alice);
}

/* The old one goes on being used. */
static void
test_broken_certificate (Fixture      *f,
                         gconstpointer data)
{
  g_autofree char *path = g_build_filename (burble_test_server_get_data_dir (f->server),
                                            "certificate.pem", NULL);
  g_autoptr(BurbleTestPeer) alice = fixture_online (f, ALICE, "desk", NULL);
  g_autoptr(BurbleTestPeer) bob = NULL;
  g_autoptr(GError) error = NULL;

  g_file_set_contents (path, "nothing", -1, &error);
  g_assert_no_error (error);
  kill (burble_test_server_get_pid (f->server), SIGHUP);
  burble_test_peer_assert_quiet (alice);
  bob = fixture_online (f, BOB, "phone", NULL);
}

static void
test_two_servers (Fixture      *f,
                  gconstpointer data)
{
  g_autofree char *output = NULL;

  g_assert_cmpint (burble_test_server_command (f->server, NULL, &output, "run", "--port", "0", NULL),
                   !=, 0);
  g_assert_nonnull (strstr (output, "another burble-server"));
}

static void
test_plain (Fixture      *f,
            gconstpointer data)
{
  g_autofree char *output = NULL;

  burble_test_server_terminate (f->server);
  g_assert_cmpint (burble_test_server_command (f->server, NULL, &output, "run", "--plain",
                                               "--listen", "0.0.0.0", NULL), !=, 0);
  g_assert_nonnull (strstr (output, "loopback"));
}

static void
test_plain_on_loopback (Fixture      *f,
                        gconstpointer data)
{
  g_autoptr(BurbleTestPeer) peer = fixture_online (f, ALICE, "desk", NULL);

  g_assert_true (f->plain);
  burble_test_peer_assert_quiet (peer);
}

static gboolean
shake_hands (Fixture    *f,
             const char *priority)
{
  g_autoptr(BurbleTestPeer) peer =
    burble_test_peer_connect_plain (burble_test_server_get_host (f->server),
                                    burble_test_server_get_port (f->server));
  gnutls_certificate_credentials_t credentials = NULL;
  gnutls_session_t session = NULL;
  int fd = g_socket_get_fd (burble_test_peer_get_socket (peer));
  int code = 0;

  fcntl (fd, F_SETFL, fcntl (fd, F_GETFL) & ~O_NONBLOCK);
  g_assert_cmpint (gnutls_certificate_allocate_credentials (&credentials), ==, 0);
  g_assert_cmpint (gnutls_init (&session, GNUTLS_CLIENT), ==, 0);
  g_assert_cmpint (gnutls_priority_set_direct (session, priority, NULL), ==, 0);
  gnutls_credentials_set (session, GNUTLS_CRD_CERTIFICATE, credentials);
  gnutls_transport_set_int (session, fd);
  code = gnutls_handshake (session);
  gnutls_deinit (session);
  gnutls_certificate_free_credentials (credentials);
  return code == GNUTLS_E_SUCCESS;
}

static void
test_old_tls (Fixture      *f,
              gconstpointer data)
{
  g_assert_true (shake_hands (f, "NORMAL:-VERS-ALL:+VERS-TLS1.3"));
  g_assert_true (shake_hands (f, "NORMAL:-VERS-ALL:+VERS-TLS1.2"));
  g_assert_false (shake_hands (f, "NORMAL:-VERS-ALL:+VERS-TLS1.1:%COMPAT"));
  g_assert_false (shake_hands (f, "NORMAL:-VERS-ALL:+VERS-TLS1.0:%COMPAT"));
}

/* What a service manager of Type=notify waits for. */
static void
test_notify (void)
{
  g_autofree char *folder = g_dir_make_tmp ("burble-notify-XXXXXX", NULL);
  g_autofree char *path = g_build_filename (folder, "notify", NULL);
  g_autoptr(GSocket) socket = NULL;
  g_autoptr(GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr(GError) error = NULL;
  BurbleTestServer *server = NULL;
  char buffer[64] = "";

  socket = g_socket_new (G_SOCKET_FAMILY_UNIX, G_SOCKET_TYPE_DATAGRAM, G_SOCKET_PROTOCOL_DEFAULT,
                         &error);
  g_assert_no_error (error);
  g_socket_bind (socket, address, TRUE, &error);
  g_assert_no_error (error);
  g_socket_set_timeout (socket, 20);
  g_setenv ("NOTIFY_SOCKET", path, TRUE);
  server = burble_test_server_new (NULL);
  g_unsetenv ("NOTIFY_SOCKET");
  g_socket_receive (socket, buffer, sizeof buffer - 1, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (buffer, ==, "READY=1");
  memset (buffer, 0, sizeof buffer);
  g_assert_cmpint (burble_test_server_terminate (server), ==, 0);
  g_socket_receive (socket, buffer, sizeof buffer - 1, NULL, &error);
  g_assert_cmpstr (buffer, ==, "STOPPING=1");
  burble_test_server_free (server);
  g_unlink (path);
  g_rmdir (folder);
}

int
main (int    argc,
      char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  fixture_add ("/server/cli/init", NULL, test_init);
  fixture_add ("/server/cli/user-commands", NULL, test_users);
  fixture_add ("/server/cli/left-at-the-password-prompt", NULL, test_left_at_the_prompt);
  fixture_add ("/server/cli/help-names-every-option", NULL, test_help);
  fixture_add ("/server/cli/disable-ends-connections", NULL, test_disable_kicks);
  fixture_add ("/server/cli/password-ends-connections", NULL, test_password_kicks);
  fixture_add ("/server/cli/others-stay", "[server]\nregister=true\n", test_others_stay);
  fixture_add ("/server/cli/delete", NULL, test_delete);
  fixture_add ("/server/cli/says-what-is-wrong-with-a-name", NULL, test_name_is_explained);
  g_test_add_func ("/server/cli/a-service-must-be-set-up", test_require_config);
  g_test_add_func ("/server/cli/makes-a-server-for-localhost-and-says-so", test_made_on_the_way);
  fixture_add ("/server/cli/a-new-certificate-drops-nobody", NULL, test_new_certificate);
  fixture_add ("/server/cli/a-broken-certificate-changes-nothing", NULL, test_broken_certificate);
  fixture_add ("/server/cli/one-server-per-data", NULL, test_two_servers);
  fixture_add ("/server/cli/plain-is-for-loopback", NULL, test_plain);
  fixture_add ("/server/cli/plain-works-there", "[server]\nplain=true\n", test_plain_on_loopback);
  fixture_add ("/server/cli/old-tls-is-refused", NULL, test_old_tls);
  g_test_add_func ("/server/cli/notifies-its-manager", test_notify);
  return g_test_run ();
}
