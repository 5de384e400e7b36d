/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define BURBLE_SERVER_DATABASE "burble-server.db"
/* Opened for writing and closed by the command line when it changed an account. */
#define BURBLE_SERVER_TOUCH_FILE "accounts-changed"

int burble_server_cli (int argc, char **argv);

/* one subcommand each; @argv without the program's name */
int burble_server_cli_init (int argc, char **argv);
int burble_server_cli_run  (int argc, char **argv);
int burble_server_cli_user (int argc, char **argv);

/* Parses the options of a subcommand, with --data among them. FALSE: a complaint was printed. */
gboolean burble_server_cli_parse (const char    *summary,
                                  GOptionEntry  *entries,
                                  char         **data_dir,
                                  int           *argc,
                                  char        ***argv);
int      burble_server_cli_fail  (const GError  *error);

G_END_DECLS
