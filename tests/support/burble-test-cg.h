/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* What real servers do besides what is promised; all can be switched at any time. */
typedef enum
{
  BURBLE_TEST_CG_SILENT_ABOUT_NOBODY = 1 << 0,  /* no "notexist" */
  BURBLE_TEST_CG_ALWAYS_OFFLINE      = 1 << 1,
  BURBLE_TEST_CG_OTHER_IDS           = 1 << 2,  /* packets have other numbers */
  BURBLE_TEST_CG_OTHER_VERSION       = 1 << 3,  /* wants a version of its own */
  BURBLE_TEST_CG_NO_VERSION          = 1 << 4,  /* … and is never content */
  BURBLE_TEST_CG_SPLIT               = 1 << 5,  /* byte after byte */
  BURBLE_TEST_CG_COMPRESSED          = 1 << 6,  /* short bodies as well */
  BURBLE_TEST_CG_MUTE                = 1 << 7,  /* hears and answers nothing */
  BURBLE_TEST_CG_LOSES_AUTH          = 1 << 8,  /* does what is asked, without an answer */
  BURBLE_TEST_CG_FORGETS             = 1 << 9,  /* of two links of one account it minds the newer,
                                                   and neither once the older has gone */
  BURBLE_TEST_CG_EARLY_NEWS          = 1 << 10, /* news before and between all answers */
  BURBLE_TEST_CG_NEWER_TRANSPORT     = 1 << 11,
  BURBLE_TEST_CG_CUTS_LARGE          = 1 << 12, /* of a large answer the end is lost */
  BURBLE_TEST_CG_NO_REASON           = 1 << 13, /* ends links without saying why */
  BURBLE_TEST_CG_CLOSED              = 1 << 14, /* says of itself that nobody can sign in */
} BurbleTestCgQuirks;

/* The server that people run. */
#define BURBLE_TEST_CG_AS_IT_IS \
  (BURBLE_TEST_CG_SILENT_ABOUT_NOBODY | BURBLE_TEST_CG_ALWAYS_OFFLINE | BURBLE_TEST_CG_FORGETS)

/**
 * BurbleTestCg:
 *
 * A small cg server in the main loop of the test. It does all that is promised of one, and what it
 * gets it takes like a real one: a body that it cannot read, or a read that ends within a length,
 * and it is dead for everybody. Such things are counted as harm, and so is what a real one lives
 * through by luck or passes over in silence: two packets in one read, members that it does not
 * know, a packet out of turn.
 */
typedef struct _BurbleTestCg BurbleTestCg;

BurbleTestCg *burble_test_cg_new             (gboolean            registration);
void          burble_test_cg_free            (BurbleTestCg       *self);
guint16       burble_test_cg_get_port        (BurbleTestCg       *self);
void          burble_test_cg_set_quirks      (BurbleTestCg       *self,
                                              BurbleTestCgQuirks  quirks);
/* What it says of itself to whoever only asks. */
void          burble_test_cg_set_words       (BurbleTestCg       *self,
                                              const char         *name,
                                              const char         *slogan);
/* Returns the UUID. */
const char   *burble_test_cg_add_user        (BurbleTestCg       *self,
                                              const char         *name,
                                              const char         *password);
gboolean      burble_test_cg_knows           (BurbleTestCg       *self,
                                              const char         *name);
/* NULL: there is nobody of that name. */
const char   *burble_test_cg_get_uuid        (BurbleTestCg       *self,
                                              const char         *name);
void          burble_test_cg_block           (BurbleTestCg       *self,
                                              const char         *name);
/* As if they had never been; nobody is told. */
void          burble_test_cg_remove          (BurbleTestCg       *self,
                                              const char         *name);
/* Any word; everybody is told. */
void          burble_test_cg_set_status      (BurbleTestCg       *self,
                                              const char         *name,
                                              const char         *status);
void          burble_test_cg_rename          (BurbleTestCg       *self,
                                              const char         *name,
                                              const char         *new_name);
/* "profile_img" or whatever else is to be known of them; everybody is told. */
void          burble_test_cg_set_attribute   (BurbleTestCg       *self,
                                              const char         *name,
                                              const char         *key,
                                              const char         *value);
/* To everybody: a cg:status.message with its parameters by name and value, NULL at the end; bytes
 * as they are; the end with a reason; the end without. */
void          burble_test_cg_say             (BurbleTestCg       *self,
                                              const char         *type,
                                              const char         *key,
                                              ...) G_GNUC_NULL_TERMINATED;
void          burble_test_cg_send_raw        (BurbleTestCg       *self,
                                              const char         *bytes,
                                              gsize               size);
/* Everybody is signed out, without the end of the link. */
void          burble_test_cg_sign_out        (BurbleTestCg       *self);
void          burble_test_cg_kill            (BurbleTestCg       *self,
                                              const char         *reason);
void          burble_test_cg_cut             (BurbleTestCg       *self);
/* Only the link that has been there for longest. */
void          burble_test_cg_cut_oldest      (BurbleTestCg       *self);
guint         burble_test_cg_get_harm        (BurbleTestCg       *self);
/* Links that there have been, that there are now, and questions for people. */
guint         burble_test_cg_get_connections (BurbleTestCg       *self);
guint         burble_test_cg_get_open        (BurbleTestCg       *self);
guint         burble_test_cg_get_questions   (BurbleTestCg       *self);
/* The reason with which a client said good-bye last, or NULL. */
const char   *burble_test_cg_get_goodbye     (BurbleTestCg       *self);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BurbleTestCg, burble_test_cg_free)

G_END_DECLS
