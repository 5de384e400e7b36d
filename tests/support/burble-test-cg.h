/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What real servers do besides what is promised; all can be switched at any time. */
typedef enum
{
  BURBLE_TEST_CG_SILENT_ABOUT_NOBODY = 1 << 0, /* no "notexist" */
  BURBLE_TEST_CG_ALWAYS_OFFLINE      = 1 << 1,
  BURBLE_TEST_CG_OTHER_IDS           = 1 << 2, /* packets have other numbers */
  BURBLE_TEST_CG_OTHER_VERSION       = 1 << 3, /* wants a version of its own */
  BURBLE_TEST_CG_NO_VERSION          = 1 << 4, /* … and is never content */
  BURBLE_TEST_CG_SPLIT               = 1 << 5, /* byte after byte */
  BURBLE_TEST_CG_COMPRESSED          = 1 << 6, /* short bodies as well */
  BURBLE_TEST_CG_MUTE                = 1 << 7, /* hears and answers nothing */
  BURBLE_TEST_CG_LOSES_AUTH          = 1 << 8, /* does what is asked, without an answer */
} BurbleTestCgQuirks;

/**
 * BurbleTestCg:
 *
 * A small cg server in the main loop of the test. It does all that is promised of one, and looks at
 * what it gets as the real ones should: anything that would have stopped them is counted.
 */
typedef struct _BurbleTestCg BurbleTestCg;

BurbleTestCg *burble_test_cg_new             (gboolean            registration);
void          burble_test_cg_free            (BurbleTestCg       *self);
guint16       burble_test_cg_get_port        (BurbleTestCg       *self);
void          burble_test_cg_set_quirks      (BurbleTestCg       *self,
                                              BurbleTestCgQuirks  quirks);
/* Returns the UUID. */
const char   *burble_test_cg_add_user        (BurbleTestCg       *self,
                                              const char         *name,
                                              const char         *password);
gboolean      burble_test_cg_knows           (BurbleTestCg       *self,
                                              const char         *name);
void          burble_test_cg_block           (BurbleTestCg       *self,
                                              const char         *name);
/* Any word; everybody is told. */
void          burble_test_cg_set_status      (BurbleTestCg       *self,
                                              const char         *name,
                                              const char         *status);
void          burble_test_cg_rename          (BurbleTestCg       *self,
                                              const char         *name,
                                              const char         *new_name);
/* To everybody: a cg:status.message, a body as it is, the end with a reason, the end without. */
void          burble_test_cg_say             (BurbleTestCg       *self,
                                              const char         *key,
                                              const char         *username);
void          burble_test_cg_send_raw        (BurbleTestCg       *self,
                                              const char         *bytes,
                                              gsize               size);
void          burble_test_cg_kill            (BurbleTestCg       *self,
                                              const char         *reason);
void          burble_test_cg_cut             (BurbleTestCg       *self);
/* What would have stopped a real server, and what it would have heard in vain. */
guint         burble_test_cg_get_harm        (BurbleTestCg       *self);
guint         burble_test_cg_get_connections (BurbleTestCg       *self);
guint         burble_test_cg_get_questions   (BurbleTestCg       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurbleTestCg, burble_test_cg_free)

G_END_DECLS
