/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * BurbleTestServer:
 *
 * A real burble-server process with a folder of its own, on a free loopback port, with cheap
 * password hashing. It dies with the test.
 *
 * The methods block: the commands are done when they return. Unexpected failures end the test.
 */
typedef struct _BurbleTestServer BurbleTestServer;

#define BURBLE_TEST_SERVER_DOMAIN "example.test"
#define BURBLE_TEST_SERVER_PASSWORD "correct horse"

/*
 * Running when it returns. @config: key file text that is appended to the configuration, like
 * "[server]\nregister=true\n"; NULL: nothing.
 */
BurbleTestServer *burble_test_server_new            (const char       *config);
/* Prepared, not running. */
BurbleTestServer *burble_test_server_new_stopped    (const char       *config);
void              burble_test_server_free           (BurbleTestServer *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurbleTestServer, burble_test_server_free)

/* Again on the same data and port. */
void              burble_test_server_start          (BurbleTestServer *self);
/* SIGKILL. */
void              burble_test_server_kill           (BurbleTestServer *self);
/* SIGTERM; returns the exit status. */
int               burble_test_server_terminate      (BurbleTestServer *self);
/* SIGTERM, without waiting; burble_test_server_wait() does. */
void              burble_test_server_ask_to_stop    (BurbleTestServer *self);
int               burble_test_server_wait           (BurbleTestServer *self);
gboolean          burble_test_server_is_running     (BurbleTestServer *self);
int               burble_test_server_get_pid        (BurbleTestServer *self);

/* With BURBLE_TEST_SERVER_PASSWORD where @password is NULL. */
void              burble_test_server_add_user       (BurbleTestServer *self,
                                                     const char       *username,
                                                     const char       *password);
/*
 * Runs `burble-server ARGUMENTS… --data DIR` with @input; returns the exit status and, where
 * asked for, what it printed (standard output, then standard error).
 */
int               burble_test_server_command        (BurbleTestServer *self,
                                                     const char       *input,
                                                     char            **output,
                                                     const char       *argument,
                                                     ...) G_GNUC_NULL_TERMINATED;

const char       *burble_test_server_get_program    (void);
const char       *burble_test_server_get_domain     (BurbleTestServer *self);
const char       *burble_test_server_get_host       (BurbleTestServer *self);
guint16           burble_test_server_get_port       (BurbleTestServer *self);
/* The certificate's fingerprint. */
const char       *burble_test_server_get_pin        (BurbleTestServer *self);
const char       *burble_test_server_get_data_dir   (BurbleTestServer *self);

G_END_DECLS
