/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "burble-gurgle-packet.h"

#include "burble-json-private.h"

G_BEGIN_DECLS

/* Limits to what one packet can make us allocate: a struct costs far more than the few bytes of
 * JSON that ask for it. */
#define BURBLE_GURGLE_MAX_ENTRIES     200000 /* of a roster, presences, a directory */
#define BURBLE_GURGLE_MAX_MESSAGES    10000
#define BURBLE_GURGLE_MAX_IDS         10000
#define BURBLE_GURGLE_MAX_WORDS       256    /* features, auth methods */
#define BURBLE_GURGLE_MAX_TERMINALS   256    /* of one roster entry */
#define BURBLE_GURGLE_MAX_ATTACHMENTS 256    /* of one message */
#define BURBLE_GURGLE_MAX_MESSAGE_ID  256    /* bytes */

/* Nobody reads a log line longer than that. */
#define BURBLE_GURGLE_MAX_DESCRIPTION 2048

/* 253402300799 is the last second of the year 9999. */
#define BURBLE_GURGLE_MAX_TIMESTAMP (G_GINT64_CONSTANT (253402300799) * G_USEC_PER_SEC)

/*
 * BurbleGurgleReader: one packet being parsed. The first thing wrong is noted as a sentence; the
 * functions that find something wrong return FALSE and the parse functions pass that on.
 */
typedef struct
{
  JsonNode *root;   /* an object */
  JsonNode *params; /* of dialect 0.2; NULL where there is none */
  BurbleGurgleDialect dialect;
  gboolean refused; /* the packet has an error that is not null */
  gboolean missing; /* what is wrong is only that something is not there */
  char *problem;
  gboolean kindly;     /* elements that are wrong are left out */
  gboolean in_element; /* … but not parts of them: those make their element wrong */
  BurbleGurgleDropped *dropped; /* NULL: none yet */
} BurbleGurgleReader;

/* NULL is an absent value. An argument is a member of params where there are any, of the packet
 * itself otherwise. */
JsonNode *burble_gurgle_read_argument (BurbleGurgleReader *self,
                                       const char         *name);
JsonNode *burble_gurgle_read_top      (BurbleGurgleReader *self,
                                       const char         *name);
JsonNode *burble_gurgle_read_member   (BurbleGurgleReader *self,
                                       JsonNode           *object,
                                       const char         *name);
gboolean burble_gurgle_read_is_null   (BurbleGurgleReader *self,
                                       JsonNode           *value);
gboolean burble_gurgle_read_missing   (BurbleGurgleReader *self,
                                       const char         *name);
gboolean burble_gurgle_read_wrong     (BurbleGurgleReader *self,
                                       const char         *name,
                                       const char         *expected);
/* For absent and null: optional leaves the target alone, required is a problem. */
gboolean burble_gurgle_read_string    (BurbleGurgleReader *self,
                                       JsonNode           *value,
                                       const char         *name,
                                       char              **string);
gboolean burble_gurgle_need_string    (BurbleGurgleReader *self,
                                       JsonNode           *value,
                                       const char         *name,
                                       char              **string);
gboolean burble_gurgle_read_key       (BurbleGurgleReader *self,
                                       JsonNode           *value,
                                       const char         *name,
                                       char              **key);
gboolean burble_gurgle_need_key       (BurbleGurgleReader *self,
                                       JsonNode           *value,
                                       const char         *name,
                                       char              **key);
gboolean burble_gurgle_read_boolean   (BurbleGurgleReader *self,
                                       JsonNode           *value,
                                       const char         *name,
                                       gboolean           *boolean);
gboolean burble_gurgle_need_boolean   (BurbleGurgleReader *self,
                                       JsonNode           *value,
                                       const char         *name,
                                       gboolean           *boolean);
/* Integers on the wire count something: from 0 to G_MAXINT64. */
gboolean burble_gurgle_read_count     (BurbleGurgleReader *self,
                                       JsonNode           *value,
                                       const char         *name,
                                       gint64             *count);
gboolean burble_gurgle_need_count     (BurbleGurgleReader *self,
                                       JsonNode           *value,
                                       const char         *name,
                                       gint64             *count);
gboolean burble_gurgle_read_timestamp (BurbleGurgleReader *self,
                                       JsonNode           *value,
                                       const char         *name,
                                       gint64             *timestamp);
gboolean burble_gurgle_read_blob      (BurbleGurgleReader *self,
                                       JsonNode           *value,
                                       const char         *name,
                                       GBytes            **blob);
gboolean burble_gurgle_need_blob      (BurbleGurgleReader *self,
                                       JsonNode           *value,
                                       const char         *name,
                                       GBytes            **blob);
/* Replaces @strv, which starts out as an empty one. */
gboolean burble_gurgle_read_strings   (BurbleGurgleReader *self,
                                       JsonNode           *value,
                                       const char         *name,
                                       GStrv              *strv);
gboolean burble_gurgle_need_strings   (BurbleGurgleReader *self,
                                       JsonNode           *value,
                                       const char         *name,
                                       GStrv              *strv);
/* As strings, but as many as there may be users. */
gboolean burble_gurgle_read_users     (BurbleGurgleReader *self,
                                       JsonNode           *value,
                                       const char         *name,
                                       GStrv              *strv);
gboolean burble_gurgle_need_users     (BurbleGurgleReader *self,
                                       JsonNode           *value,
                                       const char         *name,
                                       GStrv              *strv);
gboolean burble_gurgle_read_keys      (BurbleGurgleReader *self,
                                       JsonNode           *value,
                                       const char         *name,
                                       GStrv              *strv);
gboolean burble_gurgle_need_keys      (BurbleGurgleReader *self,
                                       JsonNode           *value,
                                       const char         *name,
                                       GStrv              *strv);
/* Appends a gint64 for each element, -1 for null. */
gboolean burble_gurgle_read_counts    (BurbleGurgleReader *self,
                                       JsonNode           *value,
                                       const char         *name,
                                       GArray             *counts);
/* One word of a list that ends in NULL; its place goes to @index. */
gboolean burble_gurgle_read_word      (BurbleGurgleReader *self,
                                       JsonNode           *value,
                                       const char         *name,
                                       const char * const *words,
                                       guint              *index);

typedef gboolean (*BurbleGurgleReadElement) (BurbleGurgleReader *reader,
                                             JsonNode           *object,
                                             gpointer           *element);
/* Appends an element for each object of the array. */
gboolean burble_gurgle_read_objects   (BurbleGurgleReader     *self,
                                       JsonNode               *value,
                                       const char             *name,
                                       guint                   limit,
                                       BurbleGurgleReadElement read,
                                       GPtrArray              *array);
gboolean burble_gurgle_need_objects   (BurbleGurgleReader     *self,
                                       JsonNode               *value,
                                       const char             *name,
                                       guint                   limit,
                                       BurbleGurgleReadElement read,
                                       GPtrArray              *array);

/* BurbleGurgleWriter: one packet being written. */
typedef struct
{
  GString *out;
  BurbleGurgleDialect dialect;
  gboolean in_params; /* "params" of dialect 0.2 is open */
  gboolean redact;    /* for a log: no secrets, no bodies, and short */
} BurbleGurgleWriter;

/* What a thing is called in the dialect written. */
static inline const char *
burble_gurgle_writer_choose (const BurbleGurgleWriter *self, const char *flat, const char *later)
{
  return self->dialect == BURBLE_GURGLE_DIALECT_0_2 ? later : flat;
}

/* The name of an argument: inside params in dialect 0.2. */
void     burble_gurgle_write_argument (BurbleGurgleWriter *self,
                                       const char         *name);
/* The name of a member that stays where the writer is: from, to, and all inside elements. */
void     burble_gurgle_write_field    (BurbleGurgleWriter *self,
                                       const char         *name);
/* These write nothing where there is no value. */
void     burble_gurgle_write_string_argument (BurbleGurgleWriter *self,
                                              const char         *name,
                                              const char         *string);
void     burble_gurgle_write_count_argument  (BurbleGurgleWriter *self,
                                              const char         *name,
                                              gint64              count);
void     burble_gurgle_write_string_field    (BurbleGurgleWriter *self,
                                              const char         *name,
                                              const char         *string);
void     burble_gurgle_write_secret   (BurbleGurgleWriter *self,
                                       const char         *secret);
void     burble_gurgle_write_body     (BurbleGurgleWriter *self,
                                       const char         *body);
void     burble_gurgle_write_blob     (BurbleGurgleWriter *self,
                                       GBytes             *blob);
void     burble_gurgle_write_key      (BurbleGurgleWriter *self,
                                       const char         *key);
void     burble_gurgle_write_keys     (BurbleGurgleWriter *self,
                                       const char * const *keys);
void     burble_gurgle_write_strings  (BurbleGurgleWriter *self,
                                       const char * const *strings);
void     burble_gurgle_write_counts   (BurbleGurgleWriter *self,
                                       GArray             *counts);
typedef void (*BurbleGurgleWriteElement) (BurbleGurgleWriter *writer,
                                          gconstpointer       element);
void     burble_gurgle_write_objects  (BurbleGurgleWriter      *self,
                                       GPtrArray               *array,
                                       BurbleGurgleWriteElement write);

/*
 * BurbleGurglePacketClass: all there is to know about a type of packet. @parse gets a packet that
 * @init has seen; on FALSE the packet is thrown away with whatever is in it.
 */
typedef struct
{
  const char *command;       /* "cmd", or NULL: told by its members */
  const char *later_command; /* in dialect 0.2, where that differs */
  const char *label;         /* where there is no command */
  const char *feature;       /* of Gurgle, section 5 */
  void     (*init)      (BurbleGurglePacket       *packet);
  void     (*clear)     (BurbleGurglePacket       *packet);
  gboolean (*parse)     (BurbleGurglePacket       *packet,
                         BurbleGurgleReader       *reader);
  void     (*serialize) (const BurbleGurglePacket *packet,
                         BurbleGurgleWriter       *writer);
  gboolean always_error;     /* "error" is written even where it is null */
} BurbleGurglePacketClass;

extern const BurbleGurglePacketClass burble_gurgle_version_class;
extern const BurbleGurglePacketClass burble_gurgle_ping_class;
extern const BurbleGurglePacketClass burble_gurgle_pong_class;
extern const BurbleGurglePacketClass burble_gurgle_upgrade_class;
extern const BurbleGurglePacketClass burble_gurgle_upgraded_class;
extern const BurbleGurglePacketClass burble_gurgle_query_class;
extern const BurbleGurglePacketClass burble_gurgle_answer_class;
extern const BurbleGurglePacketClass burble_gurgle_auth_class;
extern const BurbleGurglePacketClass burble_gurgle_auth_result_class;
extern const BurbleGurglePacketClass burble_gurgle_register_class;
extern const BurbleGurglePacketClass burble_gurgle_password_class;
extern const BurbleGurglePacketClass burble_gurgle_publish_presence_class;
extern const BurbleGurglePacketClass burble_gurgle_presence_class;
extern const BurbleGurglePacketClass burble_gurgle_get_roster_class;
extern const BurbleGurglePacketClass burble_gurgle_keep_roster_class;
extern const BurbleGurglePacketClass burble_gurgle_flush_roster_class;
extern const BurbleGurglePacketClass burble_gurgle_update_roster_class;
extern const BurbleGurglePacketClass burble_gurgle_message_class;
extern const BurbleGurglePacketClass burble_gurgle_sent_class;
extern const BurbleGurglePacketClass burble_gurgle_quit_class;
extern const BurbleGurglePacketClass burble_gurgle_bye_class;
extern const BurbleGurglePacketClass burble_gurgle_kill_class;
extern const BurbleGurglePacketClass burble_gurgle_typing_class;
extern const BurbleGurglePacketClass burble_gurgle_receipt_class;
extern const BurbleGurglePacketClass burble_gurgle_get_user_status_class;
extern const BurbleGurglePacketClass burble_gurgle_user_status_class;
extern const BurbleGurglePacketClass burble_gurgle_get_active_users_class;
extern const BurbleGurglePacketClass burble_gurgle_active_users_class;
extern const BurbleGurglePacketClass burble_gurgle_get_history_class;
extern const BurbleGurglePacketClass burble_gurgle_history_class;
extern const BurbleGurglePacketClass burble_gurgle_block_class;
extern const BurbleGurglePacketClass burble_gurgle_get_attachment_class;
extern const BurbleGurglePacketClass burble_gurgle_attachment_class;
extern const BurbleGurglePacketClass burble_gurgle_put_attachment_class;
extern const BurbleGurglePacketClass burble_gurgle_attachment_stored_class;
extern const BurbleGurglePacketClass burble_gurgle_profile_class;
extern const BurbleGurglePacketClass burble_gurgle_room_class;

/* Shared between sections. */
gboolean burble_gurgle_read_status        (BurbleGurgleReader *reader,
                                           JsonNode           *value,
                                           BurbleGurgleStatus *status);
void     burble_gurgle_write_status       (BurbleGurgleWriter *writer,
                                           BurbleGurgleStatus  status);
gboolean burble_gurgle_read_message       (BurbleGurgleReader *reader,
                                           JsonNode           *object,
                                           gpointer           *message);
void     burble_gurgle_write_message      (BurbleGurgleWriter *writer,
                                           gconstpointer       message);

G_END_DECLS
