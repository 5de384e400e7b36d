/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-certificate.h"
#include "burble-connector.h"
#include "burble-net-error.h"
#include "burble-test-certificate.h"
#include "burble-test-resolver.h"
#include "burble-test-wait.h"
#include "test-server.h"

#define DOMAIN "chat.example"
#define RRNAME "_gurgle._tcp.chat.example"

typedef struct
{
  BurbleTestResolver *resolver;
  GTlsCertificate    *authority;
  GTlsDatabase       *database;
  GTlsCertificate    *good; /* for DOMAIN, signed by authority */
  GIOStream          *stream;
  GError             *error;
  gboolean            done;
} Fixture;

static void
set_up (Fixture       *f,
        gconstpointer  data)
{
  f->resolver = burble_test_resolver_new ();
  g_resolver_set_default (G_RESOLVER (f->resolver));
  burble_test_resolver_add_host (f->resolver, DOMAIN, "127.0.0.1");
  burble_test_resolver_add_host (f->resolver, "host.elsewhere.example", "127.0.0.1");
  f->authority = burble_test_make_certificate ("Test Authority", BURBLE_TEST_CERTIFICATE_AUTHORITY,
                                               NULL);
  f->database = burble_test_make_tls_database (f->authority);
  f->good = burble_test_make_certificate (DOMAIN, BURBLE_TEST_CERTIFICATE_PLAIN, f->authority);
}

static void
clear_result (Fixture *f)
{
  if (f->stream != NULL)
    g_io_stream_close (f->stream, NULL, NULL);
  g_clear_object (&f->stream);
  g_clear_error (&f->error);
  f->done = FALSE;
}

static void
tear_down (Fixture       *f,
           gconstpointer  data)
{
  clear_result (f);
  burble_test_settle ();
  g_object_unref (f->good);
  g_object_unref (f->database);
  g_object_unref (f->authority);
  g_object_unref (f->resolver);
}

static void
connected_cb (GObject      *object,
              GAsyncResult *result,
              gpointer      user_data)
{
  Fixture *f = user_data;

  g_assert_false (f->done);
  f->stream = burble_connector_connect_finish (BURBLE_CONNECTOR (object), result, &f->error);
  f->done = TRUE;
}

static void
run (Fixture         *f,
     BurbleConnector *connector)
{
  clear_result (f);
  burble_connector_connect_async (connector, NULL, connected_cb, f);
  burble_test_wait_until (f->done);
  g_assert_true ((f->stream != NULL) == (f->error == NULL));
}

/* Default: the domain resolves to loopback and the default port is the server's. */
static BurbleConnector *
make_connector (Fixture *f,
                guint16  port)
{
  BurbleConnector *connector = burble_connector_new (DOMAIN, "gurgle", port);

  burble_connector_set_tls_database (connector, f->database);
  return connector;
}

static void
test_accepts_trusted (Fixture       *f,
                      gconstpointer  data)
{
  g_autoptr(TestServer) server = test_server_new (f->good);
  g_autoptr(BurbleConnector) connector = make_connector (f, server->port);
  g_autofree char *shown = NULL;
  g_autofree char *expected = burble_certificate_get_fingerprint (f->good);

  run (f, connector);
  g_assert_no_error (f->error);
  g_assert_true (G_IS_TLS_CONNECTION (f->stream));
  g_assert_cmpint (g_tls_connection_get_protocol_version (G_TLS_CONNECTION (f->stream)), >=,
                   G_TLS_PROTOCOL_VERSION_TLS_1_2);
  g_assert_cmpint (burble_connector_get_certificate_errors (connector), ==, 0);
  shown = burble_certificate_get_fingerprint (burble_connector_get_certificate (connector));
  g_assert_cmpstr (shown, ==, expected);
}

static void
test_refuses_self_signed (Fixture       *f,
                          gconstpointer  data)
{
  g_autoptr(GTlsCertificate) own =
    burble_test_make_certificate (DOMAIN, BURBLE_TEST_CERTIFICATE_PLAIN, NULL);
  g_autoptr(TestServer) server = test_server_new (own);
  g_autoptr(BurbleConnector) connector = make_connector (f, server->port);

  run (f, connector);
  g_assert_error (f->error, BURBLE_NET_ERROR, BURBLE_NET_ERROR_CERTIFICATE);
  g_assert_true (g_tls_certificate_is_same (burble_connector_get_certificate (connector), own));
  g_assert_cmpint (burble_connector_get_certificate_errors (connector), ==,
                   G_TLS_CERTIFICATE_UNKNOWN_CA);
}

static void
test_accepts_pinned (Fixture       *f,
                     gconstpointer  data)
{
  g_autoptr(GTlsCertificate) own =
    burble_test_make_certificate ("other.example", BURBLE_TEST_CERTIFICATE_EXPIRED, NULL);
  g_autoptr(TestServer) server = test_server_new (own);
  g_autoptr(BurbleConnector) connector = make_connector (f, server->port);
  g_autofree char *pin = burble_certificate_get_fingerprint (own);
  GTlsCertificateFlags errors = G_TLS_CERTIFICATE_NO_FLAGS;

  burble_connector_set_pin (connector, pin);
  run (f, connector);
  g_assert_no_error (f->error);
  errors = burble_connector_get_certificate_errors (connector);
  g_assert_cmpint (errors & G_TLS_CERTIFICATE_UNKNOWN_CA, !=, 0);
}

static void
test_refuses_changed_pin (Fixture       *f,
                          gconstpointer  data)
{
  g_autoptr(GTlsCertificate) old =
    burble_test_make_certificate (DOMAIN, BURBLE_TEST_CERTIFICATE_PLAIN, NULL);
  g_autoptr(GTlsCertificate) new =
    burble_test_make_certificate (DOMAIN, BURBLE_TEST_CERTIFICATE_PLAIN, NULL);
  g_autoptr(TestServer) server = test_server_new (new);
  g_autoptr(BurbleConnector) connector = make_connector (f, server->port);
  g_autofree char *pin = burble_certificate_get_fingerprint (old);

  burble_connector_set_pin (connector, pin);
  run (f, connector);
  g_assert_error (f->error, BURBLE_NET_ERROR, BURBLE_NET_ERROR_CERTIFICATE);
  g_assert_true (g_tls_certificate_is_same (burble_connector_get_certificate (connector), new));
}

/* A pin is for what cannot be verified; a server that got a proper certificate since is fine. */
static void
test_trusted_needs_no_pin (Fixture       *f,
                           gconstpointer  data)
{
  g_autoptr(TestServer) server = test_server_new (f->good);
  g_autoptr(BurbleConnector) connector = make_connector (f, server->port);

  burble_connector_set_pin (connector, "00:11:22");
  run (f, connector);
  g_assert_no_error (f->error);
}

static void
test_refuses_wrong_name (Fixture       *f,
                         gconstpointer  data)
{
  g_autoptr(GTlsCertificate) other = burble_test_make_certificate (
    "host.elsewhere.example", BURBLE_TEST_CERTIFICATE_PLAIN, f->authority);
  g_autoptr(TestServer) server = test_server_new (other);
  g_autoptr(BurbleConnector) by_hand = make_connector (f, 1);
  g_autoptr(BurbleConnector) by_srv = make_connector (f, 1);

  burble_connector_set_server (by_hand, "host.elsewhere.example", server->port);
  run (f, by_hand);
  g_assert_error (f->error, BURBLE_NET_ERROR, BURBLE_NET_ERROR_CERTIFICATE);
  g_assert_cmpint (burble_connector_get_certificate_errors (by_hand), ==,
                   G_TLS_CERTIFICATE_BAD_IDENTITY);

  burble_test_resolver_add_service (f->resolver, RRNAME, "host.elsewhere.example", server->port, 1);
  run (f, by_srv);
  g_assert_error (f->error, BURBLE_NET_ERROR, BURBLE_NET_ERROR_CERTIFICATE);
}

static void
test_refuses_expired (Fixture       *f,
                      gconstpointer  data)
{
  g_autoptr(GTlsCertificate) expired =
    burble_test_make_certificate (DOMAIN, BURBLE_TEST_CERTIFICATE_EXPIRED, f->authority);
  g_autoptr(TestServer) server = test_server_new (expired);
  g_autoptr(BurbleConnector) connector = make_connector (f, server->port);

  run (f, connector);
  g_assert_error (f->error, BURBLE_NET_ERROR, BURBLE_NET_ERROR_CERTIFICATE);
  g_assert_cmpint (burble_connector_get_certificate_errors (connector), ==,
                   G_TLS_CERTIFICATE_EXPIRED);
}

static void
test_checks_domain_at_other_host (Fixture       *f,
                                  gconstpointer  data)
{
  g_autoptr(TestServer) server = test_server_new (f->good);
  g_autoptr(BurbleConnector) by_hand = make_connector (f, 1);
  g_autoptr(BurbleConnector) by_srv = make_connector (f, 1);

  burble_connector_set_server (by_hand, "host.elsewhere.example", server->port);
  run (f, by_hand);
  g_assert_no_error (f->error);

  burble_test_resolver_add_service (f->resolver, RRNAME, "host.elsewhere.example", server->port, 1);
  run (f, by_srv);
  g_assert_no_error (f->error);
}

static void
test_asks_for_domain (Fixture       *f,
                      gconstpointer  data)
{
  g_autoptr(BareServer) server = bare_server_new (f->good, "NORMAL");
  g_autoptr(BurbleConnector) connector = make_connector (f, 1);

  burble_connector_set_server (connector, "127.0.0.1", server->port);
  run (f, connector);
  g_assert_no_error (f->error);
  bare_server_join (server);
  g_assert_cmpstr (server->server_name, ==, DOMAIN);
}

static void
test_refuses_old_tls (Fixture       *f,
                      gconstpointer  data)
{
  static const char old[] = "NORMAL:%COMPAT:-VERS-ALL:+VERS-TLS1.1:+SIGN-ALL:+SHA1";
  static const char new[] = "NORMAL:%COMPAT:-VERS-ALL:+VERS-TLS1.2";
  g_autoptr(BareServer) old_server = bare_server_new (f->good, old);
  g_autoptr(BareServer) new_server = bare_server_new (f->good, new);
  g_autoptr(BurbleConnector) to_old = make_connector (f, old_server->port);
  g_autoptr(BurbleConnector) to_new = make_connector (f, new_server->port);

  run (f, to_old);
  g_assert_error (f->error, G_TLS_ERROR, G_TLS_ERROR_HANDSHAKE);

  run (f, to_new);
  g_assert_no_error (f->error);
  g_assert_cmpint (g_tls_connection_get_protocol_version (G_TLS_CONNECTION (f->stream)), ==,
                   G_TLS_PROTOCOL_VERSION_TLS_1_2);
}

static void
test_address_as_domain (Fixture       *f,
                        gconstpointer  data)
{
  g_autoptr(GTlsCertificate) right =
    burble_test_make_certificate ("127.0.0.1", BURBLE_TEST_CERTIFICATE_PLAIN, f->authority);
  g_autoptr(TestServer) server = test_server_new (right);
  g_autoptr(TestServer) wrong_server = test_server_new (f->good);
  g_autoptr(BurbleConnector) good = burble_connector_new ("127.0.0.1", "gurgle", server->port);
  g_autoptr(BurbleConnector) bad = burble_connector_new ("127.0.0.1", "gurgle", wrong_server->port);
  g_autoptr(BurbleConnector) v6 = burble_connector_new ("[::1]", "gurgle", 1);

  burble_connector_set_tls_database (good, f->database);
  run (f, good);
  g_assert_no_error (f->error);
  burble_connector_set_tls_database (bad, f->database);
  run (f, bad);
  g_assert_error (f->error, BURBLE_NET_ERROR, BURBLE_NET_ERROR_CERTIFICATE);
  run (f, v6);
  /* Nobody listens there, or there is no IPv6; what counts is that no name was looked up. */
  g_assert_cmpint (f->error->domain, ==, G_IO_ERROR);
  g_assert_null (burble_test_resolver_get_last_query (f->resolver));
}

static void
test_plain (Fixture       *f,
            gconstpointer  data)
{
  g_autoptr(TestServer) server = test_server_new (NULL);
  g_autoptr(BurbleConnector) refused = make_connector (f, server->port);
  g_autoptr(BurbleConnector) refused_host =
    burble_connector_new ("localhost", "gurgle", server->port);
  g_autoptr(BurbleConnector) allowed = make_connector (f, server->port);
  g_autoptr(BurbleConnector) loopback = burble_connector_new ("localhost", "gurgle", server->port);
  g_autoptr(BurbleConnector) loopback_host = make_connector (f, 1);

  burble_connector_set_security (refused, BURBLE_SECURITY_NONE, FALSE);
  run (f, refused);
  g_assert_error (f->error, BURBLE_NET_ERROR, BURBLE_NET_ERROR_PLAIN_REFUSED);
  burble_connector_set_security (refused_host, BURBLE_SECURITY_NONE, FALSE);
  burble_connector_set_server (refused_host, "192.0.2.1", server->port);
  run (f, refused_host);
  g_assert_error (f->error, BURBLE_NET_ERROR, BURBLE_NET_ERROR_PLAIN_REFUSED);
  burble_test_settle ();
  g_assert_cmpuint (server->accepted, ==, 0);

  burble_connector_set_security (allowed, BURBLE_SECURITY_NONE, TRUE);
  run (f, allowed);
  g_assert_no_error (f->error);
  g_assert_false (G_IS_TLS_CONNECTION (f->stream));
  burble_connector_set_security (loopback, BURBLE_SECURITY_NONE, FALSE);
  run (f, loopback);
  g_assert_no_error (f->error);
  burble_connector_set_security (loopback_host, BURBLE_SECURITY_NONE, FALSE);
  burble_connector_set_server (loopback_host, "127.0.0.1", server->port);
  run (f, loopback_host);
  g_assert_no_error (f->error);
}

static void
test_service_record (Fixture       *f,
                     gconstpointer  data)
{
  g_autoptr(TestServer) first = test_server_new (f->good);
  g_autoptr(TestServer) second = test_server_new (f->good);
  g_autoptr(BurbleConnector) a = make_connector (f, 1);
  g_autoptr(BurbleConnector) b = make_connector (f, 1);

  burble_test_resolver_add_service (f->resolver, RRNAME, "host.elsewhere.example", second->port,
                                    20);
  burble_test_resolver_add_service (f->resolver, RRNAME, "host.elsewhere.example", first->port, 10);
  run (f, a);
  g_assert_no_error (f->error);
  g_assert_cmpstr (burble_test_resolver_get_last_query (f->resolver), ==, RRNAME);
  g_assert_cmpuint (first->accepted, ==, 1);
  g_assert_cmpuint (second->accepted, ==, 0);

  g_clear_pointer (&first, test_server_free);
  run (f, b);
  g_assert_no_error (f->error);
  g_assert_cmpuint (second->accepted, ==, 1);
}

static void
test_no_service_record (Fixture       *f,
                        gconstpointer  data)
{
  g_autoptr(TestServer) server = test_server_new (f->good);
  g_autoptr(BurbleConnector) connector = make_connector (f, server->port);

  run (f, connector);
  g_assert_no_error (f->error);
  g_assert_cmpstr (burble_test_resolver_get_last_query (f->resolver), ==, RRNAME);
}

static void
test_by_hand_asks_no_service (Fixture       *f,
                              gconstpointer  data)
{
  g_autoptr(TestServer) server = test_server_new (f->good);
  g_autoptr(BurbleConnector) connector = make_connector (f, server->port);

  burble_connector_set_server (connector, "127.0.0.1", 0);
  run (f, connector);
  g_assert_no_error (f->error);
  g_assert_null (burble_test_resolver_get_last_query (f->resolver));
}

static void
test_other_script (Fixture       *f,
                   gconstpointer  data)
{
  g_autoptr(BurbleConnector) connector = burble_connector_new ("bücher.example", "gurgle", 1);

  run (f, connector);
  g_assert_error (f->error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND);
  g_assert_cmpstr (burble_test_resolver_get_last_query (f->resolver), ==,
                   "_gurgle._tcp.xn--bcher-kva.example");
}

static void
test_hostile_names (Fixture       *f,
                    gconstpointer  data)
{
  static const char *const names[] = {
    "", ".", "..", "[]", "\xff\xfe", "a..b", "ü..", "[::1", "%00",
  };

  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autoptr(BurbleConnector) connector = burble_connector_new (names[i], "gurgle", 1);

      run (f, connector);
      g_assert_nonnull (f->error);
    }
}

static void
test_refused_connection (Fixture       *f,
                         gconstpointer  data)
{
  TestServer *server = test_server_new (f->good);
  g_autoptr(BurbleConnector) connector = make_connector (f, server->port);

  test_server_free (server);
  run (f, connector);
  g_assert_error (f->error, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED);
}

static void
test_time_is_up (Fixture       *f,
                 gconstpointer  data)
{
  g_autoptr(TestServer) server = test_server_new (NULL);
  g_autoptr(BurbleConnector) handshake = make_connector (f, server->port);
  g_autoptr(BurbleConnector) lookup = make_connector (f, server->port);

  burble_connector_set_timeout (handshake, 100);
  run (f, handshake);
  g_assert_error (f->error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
  g_assert_cmpuint (server->accepted, ==, 1);

  burble_test_resolver_set_stalled (f->resolver, TRUE);
  burble_connector_set_timeout (lookup, 100);
  run (f, lookup);
  g_assert_error (f->error, G_IO_ERROR, G_IO_ERROR_TIMED_OUT);
}

static void
test_cancel (Fixture       *f,
             gconstpointer  data)
{
  g_autoptr(TestServer) server = test_server_new (NULL);
  g_autoptr(GCancellable) during_handshake = g_cancellable_new ();
  g_autoptr(GCancellable) during_lookup = g_cancellable_new ();
  BurbleConnector *a = make_connector (f, server->port);
  BurbleConnector *b = make_connector (f, server->port);
  BurbleConnector *c = make_connector (f, server->port);

  burble_connector_connect_async (a, during_handshake, connected_cb, f);
  burble_test_wait_until (server->accepted == 1);
  g_cancellable_cancel (during_handshake);
  burble_test_wait_until (f->done);
  g_assert_error (f->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  clear_result (f);

  burble_test_resolver_set_stalled (f->resolver, TRUE);
  burble_connector_connect_async (b, during_lookup, connected_cb, f);
  burble_test_settle ();
  g_assert_false (f->done);
  g_cancellable_cancel (during_lookup);
  burble_test_wait_until (f->done);
  g_assert_error (f->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  clear_result (f);

  burble_connector_connect_async (c, during_lookup, connected_cb, f);
  burble_test_wait_until (f->done);
  g_assert_error (f->error, G_IO_ERROR, G_IO_ERROR_CANCELLED);
  burble_test_settle ();
  g_assert_finalize_object (a);
  g_assert_finalize_object (b);
  g_assert_finalize_object (c);
}

#define add(path, func) \
  g_test_add ("/net/connector/" path, Fixture, NULL, set_up, func, tear_down)

int
main (int   argc,
      char *argv[])
{
  g_setenv ("GIO_USE_PROXY_RESOLVER", "dummy", TRUE);
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  add ("accepts-trusted", test_accepts_trusted);
  add ("refuses-self-signed", test_refuses_self_signed);
  add ("accepts-pinned", test_accepts_pinned);
  add ("refuses-changed-pin", test_refuses_changed_pin);
  add ("trusted-needs-no-pin", test_trusted_needs_no_pin);
  add ("refuses-wrong-name", test_refuses_wrong_name);
  add ("refuses-expired", test_refuses_expired);
  add ("checks-domain-at-other-host", test_checks_domain_at_other_host);
  add ("asks-for-domain", test_asks_for_domain);
  add ("refuses-old-tls", test_refuses_old_tls);
  add ("address-as-domain", test_address_as_domain);
  add ("plain-only-to-loopback-or-by-hand", test_plain);
  add ("service-record", test_service_record);
  add ("no-service-record", test_no_service_record);
  add ("by-hand-asks-no-service", test_by_hand_asks_no_service);
  add ("other-script", test_other_script);
  add ("hostile-names", test_hostile_names);
  add ("refused-connection", test_refused_connection);
  add ("time-is-up", test_time_is_up);
  add ("cancel", test_cancel);
  return g_test_run ();
}
