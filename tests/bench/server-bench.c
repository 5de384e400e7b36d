/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <locale.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "bench-client.h"
#include "bench-process.h"
#include "burble-certificate.h"

/*
 * What burble-server costs: memory per idle session, and processor time per message that was
 * synced to disk, delivered and acknowledged. The real program is measured from outside, over real
 * TLS. Numbers depend on the machine, so each stands beside one for a baseline measured in the same
 * run:
 *
 *   memory   a server that is GLib's GTlsConnection and nothing else (bare-server.c)
 *   time     two echoes of the same frame by that server: the four frames over TLS that a message
 *            needs (in, out, and the two answers), with no parsing, storing or routing; and one
 *            SQLite insert with a synced commit of its own, which is what each message would cost
 *            on top without grouping
 */

#define DOMAIN "bench.test"
#define CONNECT_AT_ONCE 16
#define WARM_UP_SESSIONS 32
/* What a client that comes back from being offline does: it sends all that it has. */
#define STREAM_PAIRS 20u
#define STREAM_WINDOW 50u
#define ROUNDS 4

static int n_sessions = 1000;
static int n_messages = 60000;
static int n_pairs = 100;
static char *server_path;
static char *bare_path;
static char *directory;

static const GOptionEntry options[] = {
  { "sessions", 0, 0, G_OPTION_ARG_INT, &n_sessions, "Idle sessions (1000)", "N" },
  { "messages", 0, 0, G_OPTION_ARG_INT, &n_messages, "Messages of each kind (60000)", "N" },
  { "pairs", 0, 0, G_OPTION_ARG_INT, &n_pairs, "Pairs of a sender and a receiver (100)", "N" },
  { "server", 0, 0, G_OPTION_ARG_FILENAME, &server_path, "The burble-server to measure", "PATH" },
  { "bare", 0, 0, G_OPTION_ARG_FILENAME, &bare_path, "The bare server", "PATH" },
  { "directory", 0, 0, G_OPTION_ARG_FILENAME, &directory, "Where the database is put", "PATH" },
  { NULL },
};

/* Costs per unit */
typedef struct
{
  double pss;
  double rss;
  double dirty;
} MemoryResult;

typedef struct
{
  double cpu;    /* µs a message */
  double rate;   /* messages a second */
  double median; /* ms until confirmed */
  double late;   /* the 99th percentile of that */
} TimeResult;

static GPtrArray *
connect_clients (const BenchTarget *target,
                 const char        *name,
                 guint              count,
                 gboolean           sign_up)
{
  GPtrArray *clients = g_ptr_array_new_with_free_func ((GDestroyNotify) bench_client_free);

  while (clients->len < count)
    {
      g_autoptr(GPtrArray) some = g_ptr_array_new ();

      while (some->len < CONNECT_AT_ONCE && clients->len < count)
        {
          g_autofree char *full = g_strdup_printf ("%s%u", name, clients->len);
          BenchClient *client = bench_client_new (full, target);

          g_ptr_array_add (clients, client);
          g_ptr_array_add (some, client);
        }
      bench_clients_wait (some);
      for (guint i = 0; sign_up && i < some->len; i++)
        bench_client_sign_up (some->pdata[i]);
      bench_clients_wait (some);
    }
  return clients;
}

static gboolean
flag_cb (gpointer user_data)
{
  *(gboolean *) user_data = TRUE;
  return G_SOURCE_REMOVE;
}

/* Lets a server come to rest; here time itself is what is waited for. */
static void
rest (guint milliseconds)
{
  gboolean over = FALSE;

  g_timeout_add (milliseconds, flag_cb, &over);
  while (!over)
    g_main_context_iteration (NULL, TRUE);
}

static MemoryResult
measure_memory (BenchProcess      *server,
                const BenchTarget *target,
                gboolean           sign_up)
{
  g_autoptr(GPtrArray) warm = NULL;
  g_autoptr(GPtrArray) idle = NULL;
  BenchMemory before = { 0 };
  BenchMemory after = { 0 };
  MemoryResult result = { 0 };

  /* What the first sessions bring in (tables of libraries, arenas) is no cost of a session. They
   * stay, so that the others cannot live in what these have left behind. */
  warm = connect_clients (target, "warm", WARM_UP_SESSIONS, sign_up);
  rest (4000);
  before = bench_process_get_memory (server);
  idle = connect_clients (target, "idle", (guint) n_sessions, sign_up);
  rest (4000);
  after = bench_process_get_memory (server);
  result.pss = (double) (after.pss - before.pss) / n_sessions;
  result.rss = (double) (after.rss - before.rss) / n_sessions;
  result.dirty = (double) (after.private_dirty - before.private_dirty) / n_sessions;
  return result;
}

static int
compare_times (gconstpointer a,
               gconstpointer b)
{
  gint64 x = *(const gint64 *) a;
  gint64 y = *(const gint64 *) b;

  return (x > y) - (x < y);
}

static gboolean
all_done (GPtrArray *senders,
          GPtrArray *receivers,
          guint      count)
{
  for (guint i = 0; i < senders->len; i++)
    if (((BenchClient *) senders->pdata[i])->confirmed < count)
      return FALSE;
  for (guint i = 0; receivers != NULL && i < receivers->len; i++)
    if (((BenchClient *) receivers->pdata[i])->received < count)
      return FALSE;
  return TRUE;
}

/* @receivers NULL: echoes. */
static TimeResult
run_messages (BenchProcess *server,
              GPtrArray    *senders,
              GPtrArray    *receivers,
              guint         count,
              guint         window)
{
  g_autoptr(GArray) latencies = g_array_new (FALSE, FALSE, sizeof (gint64));
  TimeResult result = { 0 };
  gint64 start = g_get_monotonic_time ();
  gint64 cpu = bench_process_get_cpu (server);
  gint64 total = (gint64) count * senders->len;

  for (guint i = 0; receivers != NULL && i < receivers->len; i++)
    ((BenchClient *) receivers->pdata[i])->received = 0;
  for (guint i = 0; i < senders->len; i++)
    bench_client_send (senders->pdata[i],
                       receivers != NULL ? ((BenchClient *) receivers->pdata[i])->id : NULL, count,
                       window);
  while (!all_done (senders, receivers, count))
    g_main_context_iteration (NULL, TRUE);
  result.rate = (double) total * G_USEC_PER_SEC / (g_get_monotonic_time () - start);
  if (receivers != NULL)
    {
      /* The acknowledgements are part of the price, and what is written behind them. */
      for (guint i = 0; i < receivers->len; i++)
        bench_client_settle (receivers->pdata[i]);
      bench_clients_wait (receivers);
    }
  rest (500);
  result.cpu = (double) (bench_process_get_cpu (server) - cpu) / total;
  for (guint i = 0; i < senders->len; i++)
    g_array_append_vals (latencies, ((BenchClient *) senders->pdata[i])->latency, count);
  g_array_sort (latencies, compare_times);
  result.median = g_array_index (latencies, gint64, latencies->len / 2) / 1000.0;
  result.late = g_array_index (latencies, gint64, latencies->len * 99 / 100) / 1000.0;
  return result;
}

static double
measure_commit (void)
{
  g_autofree char *path = g_build_filename (directory, "baseline.db", NULL);
  struct rusage before;
  struct rusage after;
  sqlite3 *db = NULL;
  sqlite3_stmt *insert = NULL;
  const guint rounds = 2000;

  g_assert_cmpint (sqlite3_open (path, &db), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_exec (db, "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"
                                 "CREATE TABLE message (id INTEGER PRIMARY KEY, packet TEXT)",
                                 NULL, NULL, NULL), ==, SQLITE_OK);
  g_assert_cmpint (sqlite3_prepare_v2 (db, "INSERT INTO message (packet) VALUES (hex (zeroblob (120)))",
                                       -1, &insert, NULL), ==, SQLITE_OK);
  getrusage (RUSAGE_THREAD, &before);
  for (guint i = 0; i < rounds; i++)
    {
      g_assert_cmpint (sqlite3_step (insert), ==, SQLITE_DONE);
      sqlite3_reset (insert);
    }
  getrusage (RUSAGE_THREAD, &after);
  sqlite3_finalize (insert);
  sqlite3_close (db);
  return ((double) (after.ru_utime.tv_sec - before.ru_utime.tv_sec +
                    after.ru_stime.tv_sec - before.ru_stime.tv_sec) * G_USEC_PER_SEC +
          (double) (after.ru_utime.tv_usec - before.ru_utime.tv_usec +
                    after.ru_stime.tv_usec - before.ru_stime.tv_usec)) / rounds;
}

static void
print_head (void)
{
  struct utsname machine;

  uname (&machine);
  g_print ("\n%s %s, %u processors; GLib %u.%u.%u, SQLite %s; database in %s\n", machine.sysname,
           machine.release, g_get_num_processors (), glib_major_version, glib_minor_version,
           glib_micro_version, sqlite3_libversion (), directory);
}

static void
print_memory (const char         *what,
              const MemoryResult *result,
              const MemoryResult *baseline)
{
  g_print ("  %-44s %8.1f %8.1f %8.1f %8.2f\n", what, result->pss / 1000, result->rss / 1000,
           result->dirty / 1000, result->pss / baseline->pss);
}

static void
print_time (const char       *what,
            const TimeResult *result,
            double            baseline)
{
  g_print ("  %-44s %8.1f %8.2f %8.0f %8.2f %8.2f\n", what, result->cpu, result->cpu / baseline,
           result->rate, result->median, result->late);
}

/* The first @count of @clients, borrowed. */
static GPtrArray *
first_of (GPtrArray *clients,
          guint      count)
{
  GPtrArray *some = g_ptr_array_new ();

  for (guint i = 0; i < count && i < clients->len; i++)
    g_ptr_array_add (some, clients->pdata[i]);
  return some;
}

/* The best of some rounds: what else the machine does can only make a round dearer. */
static TimeResult
measure_time (BenchProcess *server,
              GPtrArray    *senders,
              GPtrArray    *receivers,
              guint         people,
              guint         total,
              guint         window)
{
  g_autoptr(GPtrArray) some_senders = first_of (senders, people);
  g_autoptr(GPtrArray) some_receivers = receivers != NULL ? first_of (receivers, people) : NULL;
  guint count = MAX (total / some_senders->len / ROUNDS, 1);
  TimeResult best = { 0 };

  run_messages (server, some_senders, some_receivers, MAX (count / 5, 1), window);
  for (guint i = 0; i < ROUNDS; i++)
    {
      TimeResult result = run_messages (server, some_senders, some_receivers, count, window);

      if (i == 0 || result.cpu < best.cpu)
        best = result;
    }
  return best;
}

static TimeResult
measure_echoes (BenchProcess *bare,
                GPtrArray    *clients,
                guint         people,
                guint         total)
{
  TimeResult result = measure_time (bare, clients, NULL, people, 2 * total, 1);

  /* Two are one message's worth. */
  result.cpu *= 2;
  result.rate /= 2;
  return result;
}

static void
run_all (BenchProcess      *server,
         const BenchTarget *target,
         BenchProcess      *bare,
         const BenchTarget *bare_target)
{
  g_autoptr(GPtrArray) senders = NULL;
  g_autoptr(GPtrArray) receivers = NULL;
  g_autoptr(GPtrArray) echoers = NULL;
  guint pairs = (guint) n_pairs;
  guint total = (guint) n_messages;
  guint alone = MAX (total / 10, 1);
  MemoryResult bare_memory = measure_memory (bare, bare_target, FALSE);
  MemoryResult memory = measure_memory (server, target, TRUE);
  double commit = measure_commit ();
  TimeResult echoes = { 0 };
  TimeResult one_echo = { 0 };
  TimeResult many = { 0 };
  TimeResult stream = { 0 };
  TimeResult one = { 0 };

  echoers = connect_clients (bare_target, "echo", pairs, FALSE);
  for (guint i = 0; i < echoers->len; i++)
    bench_client_echo (echoers->pdata[i]);
  senders = connect_clients (target, "from", pairs, TRUE);
  receivers = connect_clients (target, "to", pairs, TRUE);
  echoes = measure_echoes (bare, echoers, pairs, total);
  one_echo = measure_echoes (bare, echoers, 1, alone);
  many = measure_time (server, senders, receivers, pairs, total, 1);
  stream = measure_time (server, senders, receivers, STREAM_PAIRS, total, STREAM_WINDOW);
  one = measure_time (server, senders, receivers, 1, alone, 1);

  print_head ();
  g_print ("\n  %-44s %8s %8s %8s %8s\n", "kB per idle TLS session", "PSS", "RSS", "dirty", "ratio");
  print_memory ("bare GTlsConnection", &bare_memory, &bare_memory);
  print_memory ("burble-server, signed in (aim: 27)", &memory, &bare_memory);
  g_print ("  %d sessions\n", n_sessions);
  g_print ("\n  %-44s %8s %8s %8s %8s %8s\n", "processor time per message", "µs", "ratio", "per s",
           "ms", "ms, 99%");
  print_time ("two echoes by the bare server, many at once", &echoes, echoes.cpu);
  print_time ("burble-server, many at once (aim: 40)", &many, echoes.cpu);
  print_time ("burble-server, in streams (aim: 40)", &stream, echoes.cpu);
  print_time ("two echoes by the bare server, one at a time", &one_echo, one_echo.cpu);
  print_time ("burble-server, one at a time", &one, one_echo.cpu);
  g_print ("  %-44s %8.1f\n", "an SQLite insert with a synced commit", commit);
  g_print ("  Each message is synced, delivered and acknowledged; the best of %d rounds. Many at once:\n"
           "  %u senders with one in flight each; in streams: %u with %u each. ms: until the sender\n"
           "  knows that it is on disk (median, 99%%).\n\n",
           ROUNDS, pairs, MIN (STREAM_PAIRS, pairs), STREAM_WINDOW);
}

static BenchProcess *
start_bare (BenchTarget *target,
            const char  *certificate,
            const char  *key)
{
  const char *const argv[] = { bare_path, certificate, key, NULL };
  BenchProcess *process = bench_process_start (argv);
  g_autofree char *line = bench_process_wait_line (process, "");

  target->port = (guint16) atoi (line);
  return process;
}

/* Makes a data directory with a server that lets anybody sign up, cheaply. */
static void
init_server (const char *data)
{
  const char *const argv[] = { server_path, "init", "--domain", DOMAIN, "--data", data, NULL };
  g_autofree char *path = g_build_filename (data, "burble-server.ini", NULL);
  g_autoptr(GKeyFile) file = g_key_file_new ();
  g_autoptr(GSubprocess) process = NULL;
  g_autoptr(GError) error = NULL;

  process = g_subprocess_newv (argv, G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error);
  if (process == NULL || !g_subprocess_wait_check (process, NULL, &error) ||
      !g_key_file_load_from_file (file, path, G_KEY_FILE_NONE, &error))
    g_error ("%s init: %s", server_path, error->message);
  g_key_file_set_boolean (file, "server", "register", TRUE);
  /* Hashing passwords is meant to be dear, and is not what is measured. */
  g_key_file_set_integer (file, "passwords", "operations", 1);
  g_key_file_set_integer (file, "passwords", "memory-kib", 8);
  /* More than people write. */
  g_key_file_set_integer (file, "limits", "packets", 0);
  g_key_file_set_integer (file, "limits", "kib", 0);
  /* All of them come from one address. */
  g_key_file_set_integer (file, "passwords", "max-failures", 1000000);
  if (!g_key_file_save_to_file (file, path, &error))
    g_error ("%s", error->message);
}

static BenchProcess *
start_server (BenchTarget *target,
              const char  *data)
{
  static const char prefix[] = "listening on 127.0.0.1:";
  const char *const argv[] = {
    server_path, "run", "--data", data, "--listen", "127.0.0.1", "--port", "0", NULL,
  };
  BenchProcess *process = bench_process_start (argv);
  g_autofree char *line = bench_process_wait_line (process, prefix);

  target->port = (guint16) atoi (line + strlen (prefix));
  return process;
}

/* Everything in it was made here, and none of it is a folder within a folder. */
static void
remove_directory (const char *path)
{
  g_autoptr(GDir) dir = g_dir_open (path, 0, NULL);
  const char *name = NULL;

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      if (g_file_test (child, G_FILE_TEST_IS_DIR))
        remove_directory (child);
      else
        g_unlink (child);
    }
  g_rmdir (path);
}

static void
run (void)
{
  g_autofree char *data = g_build_filename (directory, "data", NULL);
  g_autofree char *certificate_path = NULL;
  g_autofree char *key_path = NULL;
  g_autofree char *pin = NULL;
  g_autoptr(GTlsCertificate) certificate = NULL;
  g_autoptr(GError) error = NULL;
  g_autoptr(BenchProcess) server = NULL;
  g_autoptr(BenchProcess) bare = NULL;
  BenchTarget target = { .domain = DOMAIN };
  BenchTarget bare_target = { .domain = DOMAIN };

  init_server (data);
  certificate_path = g_build_filename (data, "certificate.pem", NULL);
  key_path = g_build_filename (data, "key.pem", NULL);
  certificate = g_tls_certificate_new_from_file (certificate_path, &error);
  if (certificate == NULL)
    g_error ("%s: %s", certificate_path, error->message);
  pin = burble_certificate_get_fingerprint (certificate);
  target.pin = bare_target.pin = pin;
  server = start_server (&target, data);
  bare = start_bare (&bare_target, certificate_path, key_path);
  run_all (server, &target, bare, &bare_target);
}

int
main (int   argc,
      char *argv[])
{
  g_autoptr(GOptionContext) context = g_option_context_new ("- what burble-server costs");
  g_autoptr(GError) error = NULL;
  struct rlimit limit = { 0 };

  setlocale (LC_ALL, "");
  g_setenv ("GIO_USE_PROXY_RESOLVER", "dummy", TRUE);
  g_option_context_add_main_entries (context, options, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error) || server_path == NULL ||
      bare_path == NULL || n_pairs < 1 || n_messages < n_pairs || n_sessions < 1)
    {
      g_printerr ("%s\n", error != NULL ? error->message : "Wrong or missing options, see --help");
      return 2;
    }
  getrlimit (RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  setrlimit (RLIMIT_NOFILE, &limit);

  /* Not in a temporary file system by chance: there a sync costs nothing. */
  directory = g_build_filename (directory != NULL ? directory : "/var/tmp", "burble-bench-XXXXXX",
                                NULL);
  if (g_mkdtemp (directory) == NULL)
    {
      g_printerr ("Cannot make %s\n", directory);
      return 1;
    }
  run ();
  remove_directory (directory);
  return 0;
}
