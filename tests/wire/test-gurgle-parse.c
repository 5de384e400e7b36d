/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>

#include <string.h>

#include "burble-frame.h"
#include "burble-gurgle-packet.h"
#include "burble-wire-error.h"

/*
 * What a packet is taken for, good and hostile. The texts have ' for ", to be readable; M and E
 * wrap one message and one roster entry.
 */
typedef struct
{
  const char *name;
  const char *text;
  BurbleGurglePacketType type;
  gboolean has_id;
} Case;

#define M(fields) "{'id':1,'cmd':'message','messages':[{" fields "}]}"
#define E(fields) "{'id':1,'cmd':'update_roaster','roaster':[{" fields "}]}"
#define INVALID BURBLE_GURGLE_INVALID

static const Case cases[] = {
  /* id */
  { "id/absent", "{'cmd':'bye'}", BURBLE_GURGLE_BYE, FALSE },
  { "id/null", "{'id':null,'cmd':'bye'}", BURBLE_GURGLE_BYE, FALSE },
  { "id/largest", "{'id':2147483647,'cmd':'bye'}", BURBLE_GURGLE_BYE, TRUE },
  { "id/smallest", "{'id':-2147483647,'cmd':'bye'}", BURBLE_GURGLE_BYE, TRUE },
  { "id/too-large", "{'id':2147483648,'cmd':'bye'}", INVALID, FALSE },
  { "id/too-small", "{'id':-2147483648,'cmd':'bye'}", INVALID, FALSE },
  { "id/wraps-to-one", "{'id':4294967297,'cmd':'bye'}", INVALID, FALSE },
  { "id/wraps-64", "{'id':18446744073709551617,'cmd':'bye'}", INVALID, FALSE },
  { "id/huge", "{'id':1e308,'cmd':'bye'}", INVALID, FALSE },
  { "id/fraction", "{'id':1.5,'cmd':'bye'}", INVALID, FALSE },
  { "id/fraction-of-zero", "{'id':1.0,'cmd':'bye'}", INVALID, FALSE },
  { "id/exponent", "{'id':1e0,'cmd':'bye'}", INVALID, FALSE },
  { "id/string", "{'id':'1','cmd':'bye'}", INVALID, FALSE },
  { "id/true", "{'id':true,'cmd':'bye'}", INVALID, FALSE },
  { "id/list", "{'id':[1],'cmd':'bye'}", INVALID, FALSE },
  { "id/twice", "{'id':'x','id':7,'cmd':'bye'}", BURBLE_GURGLE_BYE, TRUE },
  { "id/last", "{'cmd':'bye','extra':{'id':'x'},'id':7}", BURBLE_GURGLE_BYE, TRUE },
  /* cmd */
  { "cmd/empty-packet", "{}", INVALID, FALSE },
  { "cmd/only-id", "{'id':1}", INVALID, TRUE },
  { "cmd/null", "{'id':1,'cmd':null}", INVALID, TRUE },
  { "cmd/number", "{'id':1,'cmd':5}", INVALID, TRUE },
  { "cmd/list", "{'id':1,'cmd':['ping']}", INVALID, TRUE },
  { "cmd/empty", "{'id':1,'cmd':''}", BURBLE_GURGLE_UNKNOWN, TRUE },
  { "cmd/unknown", "{'id':1,'cmd':'dance'}", BURBLE_GURGLE_UNKNOWN, TRUE },
  { "cmd/case", "{'id':1,'cmd':'Ping'}", BURBLE_GURGLE_UNKNOWN, TRUE },
  { "cmd/prefix", "{'id':1,'cmd':'pin'}", BURBLE_GURGLE_UNKNOWN, TRUE },
  { "cmd/longer", "{'id':1,'cmd':'pingx'}", BURBLE_GURGLE_UNKNOWN, TRUE },
  { "cmd/before-first", "{'id':1,'cmd':'aaa'}", BURBLE_GURGLE_UNKNOWN, TRUE },
  { "cmd/after-last", "{'id':1,'cmd':'zzz'}", BURBLE_GURGLE_UNKNOWN, TRUE },
  { "cmd/escaped", "{'id':1,'cmd':'\\u0070ing'}", BURBLE_GURGLE_PING, TRUE },
  { "cmd/escaped-name", "{'id':1,'\\u0063md':'ping'}", BURBLE_GURGLE_PING, TRUE },
  { "ping/number-too-large", "{'id':1,'cmd':'ping','data':[1e400]}", INVALID, TRUE },
  { "ping/integer-too-large", "{'id':1,'cmd':'ping','data':{'a':18446744073709551617}}", INVALID,
    TRUE },
  { "cmd/unknown-fields", "{'id':1,'cmd':'ping','x':[{'y':null}],'z':{}}",
    BURBLE_GURGLE_PING, TRUE },
  /* error, reason */
  { "error/number", "{'id':1,'cmd':'bye','error':5}", INVALID, TRUE },
  { "error/list", "{'id':1,'error':[]}", INVALID, TRUE },
  { "error/reason-true", "{'id':1,'cmd':'quit','reason':true}", INVALID, TRUE },
  { "error/alone", "{'id':1,'error':'x'}", BURBLE_GURGLE_ERROR_RESULT, TRUE },
  { "error/success", "{'id':1,'error':null}", BURBLE_GURGLE_ERROR_RESULT, TRUE },
  { "error/of-a-room", "{'id':1,'cmd':'room','error':'no'}", BURBLE_GURGLE_ERROR_RESULT, TRUE },
  { "error/of-a-password", "{'id':1,'cmd':'password','error':null}",
    BURBLE_GURGLE_ERROR_RESULT, TRUE },
  { "error/of-history", "{'id':1,'cmd':'history','error':'no'}", BURBLE_GURGLE_HISTORY, TRUE },
  { "error/of-presence", "{'id':1,'cmd':'presence','error':'no'}", BURBLE_GURGLE_PRESENCE, TRUE },
  { "error/of-user-status", "{'id':1,'cmd':'user_status','error':'no'}",
    BURBLE_GURGLE_USER_STATUS, TRUE },
  { "error/of-roster", "{'id':1,'cmd':'update_roaster','error':'no'}",
    BURBLE_GURGLE_UPDATE_ROSTER, TRUE },
  { "error/of-upgrade", "{'id':1,'cmd':'upgraded','error':'no'}", BURBLE_GURGLE_UPGRADED, TRUE },
  { "error/does-not-excuse-types", "{'id':1,'cmd':'room','room':5,'error':'no'}", INVALID, TRUE },
  /* version, upgrade, query */
  { "version/number", "{'id':1,'version':0.1}", INVALID, TRUE },
  { "version/null", "{'id':1,'version':null}", INVALID, TRUE },
  { "version/list", "{'id':1,'version':['0.1']}", INVALID, TRUE },
  { "upgrade/missing", "{'id':1,'cmd':'upgrade'}", INVALID, TRUE },
  { "upgrade/string", "{'id':1,'cmd':'upgrade','features':'typing'}", INVALID, TRUE },
  { "upgrade/number-in-list", "{'id':1,'cmd':'upgrade','features':['a',1]}", INVALID, TRUE },
  { "upgrade/null-in-list", "{'id':1,'cmd':'upgrade','features':[null]}", INVALID, TRUE },
  { "query/missing", "{'id':1,'cmd':'query'}", INVALID, TRUE },
  { "query/object", "{'id':1,'cmd':'query','query':{}}", INVALID, TRUE },
  { "query/params-are-of-the-later-dialect", "{'id':1,'cmd':'query','params':{'query':'auth'}}",
    INVALID, TRUE },
  { "answer/object", "{'id':1,'answer':{}}", INVALID, TRUE },
  { "answer/null-is-nothing", "{'id':1,'answer':null}", INVALID, TRUE },
  /* auth, register, password: never without what they need, error or not */
  { "auth/no-from", "{'id':1,'cmd':'auth','method':'plain','password':'x'}", INVALID, TRUE },
  { "auth/no-password", "{'id':1,'cmd':'auth','from':'a@b','method':'plain'}", INVALID, TRUE },
  { "auth/no-method", "{'id':1,'cmd':'auth','from':'a@b','password':'x'}", INVALID, TRUE },
  { "auth/number-as-from", "{'id':1,'cmd':'auth','from':1,'method':'plain','password':'x'}",
    INVALID, TRUE },
  { "auth/number-as-password", "{'id':1,'cmd':'auth','from':'a','method':'plain','password':1}",
    INVALID, TRUE },
  { "auth/error-is-no-way-round", "{'id':1,'cmd':'auth','error':'x'}",
    BURBLE_GURGLE_ERROR_RESULT, TRUE },
  { "auth/result-without-to", "{'id':1,'to':null,'error':'password'}",
    BURBLE_GURGLE_AUTH_RESULT, TRUE },
  { "auth/result-of-nothing", "{'id':1,'to':null,'error':null}", BURBLE_GURGLE_ERROR_RESULT, TRUE },
  { "auth/result-number", "{'id':1,'to':5,'error':null}", INVALID, TRUE },
  { "register/no-password", "{'id':1,'cmd':'register','from':'a@b'}", INVALID, TRUE },
  { "register/invite-number", "{'id':1,'cmd':'register','from':'a','password':'b','invite':1}",
    INVALID, TRUE },
  { "password/no-new", "{'id':1,'cmd':'password','old':'x'}", INVALID, TRUE },
  /* presence */
  { "presence/neither", "{'id':1,'cmd':'presence'}", INVALID, TRUE },
  { "presence/string", "{'id':1,'cmd':'presence','presence':'away'}", INVALID, TRUE },
  { "presence/list", "{'id':1,'cmd':'presence','presence':[]}", INVALID, TRUE },
  { "presence/no-status", "{'id':1,'cmd':'presence','presence':{'mood':'x'}}", INVALID, TRUE },
  { "presence/bad-status", "{'id':1,'cmd':'presence','presence':{'status':'gone'}}",
    INVALID, TRUE },
  { "presence/number-as-status", "{'id':1,'cmd':'presence','presence':{'status':1}}",
    INVALID, TRUE },
  { "presence/mood-list", "{'id':1,'cmd':'presence','presence':{'status':null,'mood':[]}}",
    INVALID, TRUE },
  { "presence/empty-push", "{'cmd':'presence','presences':[]}", BURBLE_GURGLE_PRESENCE, FALSE },
  { "presence/object-push", "{'cmd':'presence','presences':{}}", INVALID, FALSE },
  { "presence/string-in-push", "{'cmd':'presence','presences':['a@b/c']}", INVALID, FALSE },
  { "presence/null-in-push", "{'cmd':'presence','presences':[null]}", INVALID, FALSE },
  { "presence/no-from", "{'cmd':'presence','presences':[{'status':null}]}", INVALID, FALSE },
  { "presence/second-is-bad", "{'cmd':'presence','presences':[{'from':'a'},{'from':1}]}",
    INVALID, FALSE },
  /* roster */
  { "roster/etag-number", "{'id':1,'cmd':'get_roaster','etag':5}", INVALID, TRUE },
  { "roster/no-list", "{'id':1,'cmd':'update_roaster'}", INVALID, TRUE },
  { "roster/flush-no-list", "{'id':1,'cmd':'flush_roaster','etag':'x'}", INVALID, TRUE },
  { "roster/list-null", "{'id':1,'cmd':'update_roaster','roaster':null}", INVALID, TRUE },
  { "roster/other-spelling", "{'id':1,'cmd':'update_roster','roster':[]}",
    BURBLE_GURGLE_UPDATE_ROSTER, TRUE },
  { "roster/number-in-list", "{'id':1,'cmd':'update_roaster','roaster':[1]}", INVALID, TRUE },
  { "roster/list-in-list", "{'id':1,'cmd':'update_roaster','roaster':[[]]}", INVALID, TRUE },
  { "roster/no-from", E ("'name':'x'"), INVALID, TRUE },
  { "roster/from-null", E ("'from':null"), INVALID, TRUE },
  { "roster/only-from", E ("'from':'a@b'"), BURBLE_GURGLE_UPDATE_ROSTER, TRUE },
  { "roster/bad-type", E ("'from':'a@b','type':'robot'"), INVALID, TRUE },
  { "roster/bad-subscription", E ("'from':'a@b','subscription':'all'"), INVALID, TRUE },
  { "roster/subscription-true", E ("'from':'a@b','subscription':true"), INVALID, TRUE },
  { "roster/delete-number", E ("'from':'a@b','delete':1"), INVALID, TRUE },
  { "roster/delete-string", E ("'from':'a@b','delete':'true'"), INVALID, TRUE },
  { "roster/ask-null", E ("'from':'a@b','ask':null"), BURBLE_GURGLE_UPDATE_ROSTER, TRUE },
  { "roster/presence-string", E ("'from':'a@b','presence':'away'"), INVALID, TRUE },
  { "roster/presence-of-string", E ("'from':'a@b','presence':{'t':'away'}"), INVALID, TRUE },
  { "roster/presence-list-of-string", E ("'from':'a@b','presence':['t']"), INVALID, TRUE },
  { "roster/presence-null", E ("'from':'a@b','presence':null"), BURBLE_GURGLE_UPDATE_ROSTER, TRUE },
  /* message, sent */
  { "message/no-list", "{'id':1,'cmd':'message'}", INVALID, TRUE },
  { "message/one-object", "{'id':1,'cmd':'message','messages':{'id':'a'}}", INVALID, TRUE },
  { "message/string-in-list", "{'id':1,'cmd':'message','messages':['a']}", INVALID, TRUE },
  { "message/number-in-list", "{'id':1,'cmd':'message','messages':[{'id':'a'},7]}", INVALID, TRUE },
  { "message/empty-list", "{'id':1,'cmd':'message','messages':[]}", BURBLE_GURGLE_MESSAGE, TRUE },
  { "message/only-id", M ("'id':'a'"), BURBLE_GURGLE_MESSAGE, TRUE },
  { "message/no-id", M ("'text':'a'"), INVALID, TRUE },
  { "message/id-null", M ("'id':null"), INVALID, TRUE },
  { "message/id-empty", M ("'id':''"), INVALID, TRUE },
  { "message/id-fraction", M ("'id':1.5"), INVALID, TRUE },
  { "message/id-exponent", M ("'id':1e3"), INVALID, TRUE },
  { "message/id-true", M ("'id':true"), INVALID, TRUE },
  { "message/id-largest-integer", M ("'id':9223372036854775806"), BURBLE_GURGLE_MESSAGE, TRUE },
  { "message/id-too-large", M ("'id':9223372036854775808"), INVALID, TRUE },
  { "message/id-too-small", M ("'id':-9223372036854775809"), INVALID, TRUE },
  { "message/id-huge-integer", M ("'id':123456789012345678901234567890"), INVALID, TRUE },
  { "message/id-wraps-64", M ("'id':18446744073709551617"), INVALID, TRUE },
  { "message/text-number", M ("'id':'a','text':5"), INVALID, TRUE },
  { "message/html-list", M ("'id':'a','html':[]"), INVALID, TRUE },
  { "message/from-number", M ("'id':'a','from':5"), INVALID, TRUE },
  { "message/timestamp-string", M ("'id':'a','timestamp':'now'"), INVALID, TRUE },
  { "message/timestamp-list", M ("'id':'a','timestamp':[]"), INVALID, TRUE },
  { "message/seq-negative", M ("'id':'a','seq':-1"), INVALID, TRUE },
  { "message/seq-fraction", M ("'id':'a','seq':0.5"), INVALID, TRUE },
  { "message/seq-too-large", M ("'id':'a','seq':9223372036854775808"), INVALID, TRUE },
  { "message/attachments-object", M ("'id':'a','attachments':{}"), INVALID, TRUE },
  { "message/attachments-strings", M ("'id':'a','attachments':['x']"), INVALID, TRUE },
  { "message/attachments-null", M ("'id':'a','attachments':null"), BURBLE_GURGLE_MESSAGE, TRUE },
  { "message/attachment-empty", M ("'id':'a','attachments':[{}]"), BURBLE_GURGLE_MESSAGE, TRUE },
  { "message/attachment-size", M ("'id':'a','attachments':[{'size':-1}]"), INVALID, TRUE },
  { "message/attachment-blob", M ("'id':'a','attachments':[{'blob':'!!!'}]"), INVALID, TRUE },
  { "message/attachment-blob-list", M ("'id':'a','attachments':[{'blob':[1]}]"), INVALID, TRUE },
  { "message/reply-to-object", M ("'id':'a','reply_to':{}"), INVALID, TRUE },
  { "message/reaction-string", M ("'id':'a','reaction':'x'"), INVALID, TRUE },
  { "message/reaction-half", M ("'id':'a','reaction':{'to':'b'}"), INVALID, TRUE },
  { "sent/nothing", "{'id':1,'cmd':'sent'}", BURBLE_GURGLE_SENT, TRUE },
  { "sent/string", "{'id':1,'cmd':'sent','success':'a'}", INVALID, TRUE },
  { "sent/one-seq", "{'id':1,'cmd':'sent','success':['a'],'seq':7}", INVALID, TRUE },
  { "sent/seq-negative", "{'id':1,'cmd':'sent','success':['a'],'seq':[-7]}", INVALID, TRUE },
  { "sent/seq-string", "{'id':1,'cmd':'sent','success':['a'],'seq':['7']}", INVALID, TRUE },
  { "sent/seqs-too-many", "{'id':1,'cmd':'sent','success':['a'],'seq':[7,null,8]}",
    BURBLE_GURGLE_SENT, TRUE },
  { "sent/null-in-list", "{'id':1,'cmd':'sent','success':[null]}", INVALID, TRUE },
  { "sent/fraction-in-list", "{'id':1,'cmd':'sent','failure':[1.5]}", INVALID, TRUE },
  /* section 5 */
  { "typing/missing", "{'cmd':'typing','to':'a@b'}", INVALID, FALSE },
  { "typing/string", "{'cmd':'typing','to':'a@b','typing':'yes'}", INVALID, FALSE },
  { "typing/number", "{'cmd':'typing','to':'a@b','typing':1}", INVALID, FALSE },
  { "receipt/bad-state", "{'cmd':'receipt','state':'lost','messages':[]}", INVALID, FALSE },
  { "receipt/no-state", "{'cmd':'receipt','messages':[]}", INVALID, FALSE },
  { "receipt/no-messages", "{'cmd':'receipt','state':'read'}", INVALID, FALSE },
  { "user-status/nobody", "{'id':1,'cmd':'user_status'}", INVALID, TRUE },
  { "user-status/number", "{'id':1,'cmd':'user_status','uuid':5}", INVALID, TRUE },
  { "user-status/status-number", "{'id':1,'cmd':'user_status','status':5}", INVALID, TRUE },
  { "user-status/status-null", "{'id':1,'cmd':'user_status','status':null}", INVALID, TRUE },
  { "active-users/asked-for", "{'id':1,'cmd':'active_users'}",
    BURBLE_GURGLE_GET_ACTIVE_USERS, TRUE },
  { "active-users/asked-for-by-text", "{'id':'1','cmd':'active_users'}", INVALID, FALSE },
  { "active-users/refused", "{'id':1,'cmd':'active_users','error':'unknown_command'}",
    BURBLE_GURGLE_ERROR_RESULT, TRUE },
  { "active-users/null", "{'id':1,'cmd':'active_users','users':null}", INVALID, TRUE },
  { "active-users/complete-number", "{'cmd':'active_users','users':[],'complete':0}",
    INVALID, FALSE },
  { "active-users/strings", "{'cmd':'active_users','users':['ada']}", INVALID, FALSE },
  { "active-users/nameless", "{'cmd':'active_users','users':[{'uuid':'1'}]}", INVALID, FALSE },
  { "history/neither", "{'id':1,'cmd':'history'}", INVALID, TRUE },
  { "history/before-without-chat", "{'id':1,'cmd':'history','before':5}", INVALID, TRUE },
  { "history/latest-of-a-chat", "{'id':1,'cmd':'history','with':'a@b'}",
    BURBLE_GURGLE_GET_HISTORY, TRUE },
  { "history/negative", "{'id':1,'cmd':'history','after':-1}", INVALID, TRUE },
  { "history/huge-limit", "{'id':1,'cmd':'history','after':1,'limit':99999999999}",
    BURBLE_GURGLE_GET_HISTORY, TRUE },
  { "history/limit-negative", "{'id':1,'cmd':'history','after':1,'limit':-1}", INVALID, TRUE },
  { "history/messages-null", "{'id':1,'cmd':'history','messages':null}", INVALID, TRUE },
  { "history/complete-number", "{'id':1,'cmd':'history','messages':[],'complete':1}",
    INVALID, TRUE },
  { "block/half", "{'id':1,'cmd':'block','who':'a@b'}", INVALID, TRUE },
  { "block/nobody", "{'id':1,'cmd':'block','blocked':true}", INVALID, TRUE },
  { "block/string", "{'id':1,'cmd':'block','who':'a@b','blocked':'yes'}", INVALID, TRUE },
  { "block/numbers", "{'id':1,'cmd':'block','blocked':[1]}", INVALID, TRUE },
  { "block/object", "{'id':1,'cmd':'block','blocked':{}}", INVALID, TRUE },
  { "get-attachment/missing", "{'id':1,'cmd':'get_attachment'}", INVALID, TRUE },
  { "get-attachment/offset", "{'id':1,'cmd':'get_attachment','attachment':'7','offset':-1}",
    INVALID, TRUE },
  { "attachment/no-blob", "{'id':1,'cmd':'attachment','attachment':'7'}", INVALID, TRUE },
  { "attachment/error-null-no-blob", "{'id':1,'cmd':'attachment','attachment':'7','error':null}",
    BURBLE_GURGLE_ERROR_RESULT, TRUE },
  { "attachment/bad-blob", "{'id':1,'cmd':'attachment','attachment':'7','blob':'A'}",
    INVALID, TRUE },
  { "put-attachment/no-blob",
    "{'id':1,'cmd':'put_attachment','upload':'u','size':1,'offset':0}", INVALID, TRUE },
  { "put-attachment/no-offset",
    "{'id':1,'cmd':'put_attachment','upload':'u','size':1,'blob':''}", INVALID, TRUE },
  { "put-attachment/empty-blob",
    "{'id':1,'cmd':'put_attachment','upload':'u','size':0,'offset':0,'blob':''}",
    BURBLE_GURGLE_PUT_ATTACHMENT, TRUE },
  { "attachment-stored/no-offset", "{'id':1,'cmd':'attachment_stored','upload':'u'}",
    INVALID, TRUE },
  { "profile/empty", "{'id':1,'cmd':'profile'}", BURBLE_GURGLE_PROFILE, TRUE },
  { "profile/number", "{'id':1,'cmd':'profile','name':5}", INVALID, TRUE },
  { "room/missing", "{'id':1,'cmd':'room'}", INVALID, TRUE },
  { "room/topic", "{'id':1,'cmd':'room','room':'r@b','topic':5}", INVALID, TRUE },
  { "room/role", "{'id':1,'cmd':'room','room':'r@b','members':[{'from':'a','role':'king'}]}",
    INVALID, TRUE },
  { "room/invite", "{'id':1,'cmd':'room','room':'r@b','invite':'a@b'}", INVALID, TRUE },
};

static GBytes *
make_bytes (const char *text)
{
  char *copy = g_strdelimit (g_strdup (text), "'", '"');

  return g_bytes_new_take (copy, strlen (copy));
}

static BurbleGurglePacket *
parse (const char *text)
{
  g_autoptr(GBytes) bytes = make_bytes (text);
  g_autoptr(GError) error = NULL;
  BurbleGurglePacket *packet;

  packet = burble_gurgle_packet_parse (bytes, BURBLE_GURGLE_DIALECT_0_1, &error);
  g_assert_no_error (error);
  g_assert_nonnull (packet);
  return packet;
}

static void
test_case (gconstpointer data)
{
  const Case *test = data;
  g_autoptr(BurbleGurglePacket) packet = parse (test->text);

  if (packet->type == INVALID)
    {
      g_test_message ("%s", packet->invalid.problem);
      g_assert_true (g_utf8_validate (packet->invalid.problem, -1, NULL));
    }
  g_assert_cmpint (packet->type, ==, test->type);
  g_assert_cmpint (packet->has_id, ==, test->has_id);
}

static void
test_no_packet (void)
{
  static const char * const texts[] = {
    "", " ", "nope", "[1]", "5", "'x'", "null", "{'id':1", "{'id':1}}", "{'a':'\xff'}", "{'a':NaN}",
    /* What no string of ours can hold ends the connection, wherever it is. */
    "{'id':1,'cmd':'ping\\u0000'}", "{'id':1,'cmd':'\\ud800'}", "{'id':1,'version':'0.1\\u0000'}",
    "{'id':1,'cmd':'auth','from':'a','method':'plain','password':'x\\u0000y'}",
    E ("'from':'a@b','presence':{'\\u0000':{}}"), M ("'id':'a\\u0000b'"),
    M ("'id':'a','text':'\\u0000'"), M ("'id':'a','text':'\\udc00'"),
    "{'id':1,'cmd':'ping','data':{'deep':['\\u0000']}}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(GBytes) bytes = make_bytes (texts[i]);
      g_autoptr(GError) error = NULL;

      g_test_message ("%u", i);
      g_assert_null (burble_gurgle_packet_parse (bytes, BURBLE_GURGLE_DIALECT_0_1, &error));
      g_assert_error (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_BAD_PACKET);
    }
}

/* A message that would come again for ever is read in part instead. */
static void
test_no_string (void)
{
  g_autoptr(GBytes) bytes = make_bytes (M ("'id':'a','text':'x\\u0000y\\ud800'"));
  g_autoptr(GError) error = NULL;
  g_autoptr(BurbleGurglePacket) packet =
    burble_gurgle_packet_parse_kindly (bytes, BURBLE_GURGLE_DIALECT_0_1, &error);
  const BurbleGurgleMessage *message = NULL;

  g_assert_no_error (error);
  g_assert_cmpint (packet->type, ==, BURBLE_GURGLE_MESSAGE);
  g_assert_null (packet->dropped);
  message = g_ptr_array_index (packet->message.messages, 0);
  g_assert_cmpstr (message->text, ==, "x\uFFFDy\uFFFD");
}

static void
test_depth (void)
{
  g_autofree char *open = g_strnfill (BURBLE_WIRE_MAX_DEPTH - 1, '[');
  g_autofree char *close = g_strnfill (BURBLE_WIRE_MAX_DEPTH - 1, ']');
  g_autofree char *allowed = g_strconcat ("{'id':1,'cmd':'ping','data':", open, close, "}", NULL);
  g_autofree char *refused = g_strconcat ("{'id':1,'cmd':'ping','data':[", open, close, "]}", NULL);
  g_autoptr(BurbleGurglePacket) packet = parse (allowed);
  g_autoptr(GBytes) bytes = make_bytes (refused);
  g_autoptr(GError) error = NULL;

  g_assert_cmpint (packet->type, ==, BURBLE_GURGLE_PING);
  g_assert_null (burble_gurgle_packet_parse (bytes, BURBLE_GURGLE_DIALECT_0_1, &error));
  g_assert_error (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_BAD_PACKET);
}

typedef struct
{
  const char *text;
  gint64 timestamp;
} TimestampCase;

static const TimestampCase timestamps[] = {
  { "1412345678", G_GINT64_CONSTANT (1412345678000000) },
  { "1412345678.5", G_GINT64_CONSTANT (1412345678500000) },
  { "1412345678.123456", G_GINT64_CONSTANT (1412345678123456) },
  { "1412345678.1234567", G_GINT64_CONSTANT (1412345678123457) },
  { "1.412345678e9", G_GINT64_CONSTANT (1412345678000000) },
  { "253402300799", G_GINT64_CONSTANT (253402300799000000) },
  { "0.000001", 1 },
  { "null", 0 },
  { "0", 0 },
  { "-1", 0 },
  { "-1e308", 0 },
  { "253402300800", 0 },
  { "1412345678000", 0 }, /* milliseconds */
  { "1e308", 0 },
  { "1e309", 0 },
  { "1e-309", 0 },
  { "99999999999999999999999999999999999999999999", 0 },
};

static void
test_timestamps (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (timestamps); i++)
    {
      g_autofree char *text = g_strdup_printf (M ("'id':'a','timestamp':%s"), timestamps[i].text);
      g_autoptr(BurbleGurglePacket) packet = parse (text);
      BurbleGurgleMessage *message;

      g_test_message ("%s", timestamps[i].text);
      g_assert_cmpint (packet->type, ==, BURBLE_GURGLE_MESSAGE);
      message = g_ptr_array_index (packet->message.messages, 0);
      g_assert_cmpint (message->timestamp, ==, timestamps[i].timestamp);
    }
}

typedef struct
{
  const char *text;
  const char *key;
} KeyCase;

static const KeyCase keys[] = {
  { "'abc'", "abc" },
  { "12", "#12" },
  { "-12", "#-12" },
  { "'12'", "12" },
  { "'#12'", "##12" },
  { "'##12'", "###12" },
  { "'#'", "##" },
  { "9223372036854775806", "#9223372036854775806" },
  { "-9223372036854775807", "#-9223372036854775807" },
};

static void
test_message_ids (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (keys); i++)
    {
      g_autofree char *text = g_strdup_printf ("{'id':1,'cmd':'sent','success':[%s],'failure':[]}",
                                               keys[i].text);
      g_autoptr(BurbleGurglePacket) packet = parse (text);
      g_autoptr(GBytes) expected = make_bytes (text);
      g_autoptr(GBytes) written = NULL;

      written = burble_gurgle_packet_serialize (packet, BURBLE_GURGLE_DIALECT_0_1);
      g_assert_cmpstr (packet->sent.success[0], ==, keys[i].key);
      g_assert_true (g_bytes_equal (written, expected));
    }
}

static void
test_message_id_length (void)
{
  g_autofree char *id = g_strnfill (256, 'a');
  g_autofree char *allowed = g_strdup_printf (M ("'id':'%s'"), id);
  g_autofree char *refused = g_strdup_printf (M ("'id':'%sa'"), id);
  g_autofree char *digits = g_strnfill (1000000, '1');
  g_autofree char *number = g_strdup_printf (M ("'id':%s"), digits);
  g_autoptr(BurbleGurglePacket) first = parse (allowed);
  g_autoptr(BurbleGurglePacket) second = parse (refused);
  g_autoptr(BurbleGurglePacket) third = parse (number);

  g_assert_cmpint (first->type, ==, BURBLE_GURGLE_MESSAGE);
  g_assert_cmpint (second->type, ==, INVALID);
  g_assert_cmpint (third->type, ==, INVALID);
}

/* The seed writes a list of objects where we write an object; both mean the same. */
static void
test_presence_forms (void)
{
  static const char * const forms[] = {
    E ("'from':'a@b','presence':{'x':{'status':'away','mood':'m'},'y':{'status':null},'z':null}"),
    E ("'from':'a@b','presence':[{'x':{'status':'away','mood':'m'}},{'y':{}},{'z':{}}]"),
    E ("'from':'a@b','presence':[{'x':{'status':'away','mood':'m'},'y':{}},{},{'z':null}]"),
  };

  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autoptr(BurbleGurglePacket) packet = parse (forms[i]);
      BurbleGurgleRosterEntry *entry;
      BurbleGurgleTerminal *terminal;

      g_assert_cmpint (packet->type, ==, BURBLE_GURGLE_UPDATE_ROSTER);
      entry = g_ptr_array_index (packet->roster.entries, 0);
      g_assert_cmpuint (entry->terminals->len, ==, 3);
      terminal = g_ptr_array_index (entry->terminals, 0);
      g_assert_cmpstr (terminal->terminal, ==, "x");
      g_assert_cmpint (terminal->status, ==, BURBLE_GURGLE_STATUS_AWAY);
      g_assert_cmpstr (terminal->mood, ==, "m");
      terminal = g_ptr_array_index (entry->terminals, 2);
      g_assert_cmpstr (terminal->terminal, ==, "z");
      g_assert_cmpint (terminal->status, ==, BURBLE_GURGLE_STATUS_OFFLINE);
    }
}

static void
test_absent_is_not_null (void)
{
  g_autoptr(BurbleGurglePacket) absent = parse (E ("'from':'a@b'"));
  g_autoptr(BurbleGurglePacket) null = parse (E ("'from':'a@b','alias':null,'subscription':null"));
  const BurbleGurgleRosterEntry *first = g_ptr_array_index (absent->roster.entries, 0);
  const BurbleGurgleRosterEntry *second = g_ptr_array_index (null->roster.entries, 0);

  g_assert_false (first->has_alias || first->has_subscription);
  g_assert_true (second->has_alias && second->has_subscription);
  g_assert_null (second->alias);
  g_assert_cmpint (second->subscription, ==, BURBLE_GURGLE_SUBSCRIPTION_NONE);
}

/* A few bytes of JSON must not become megabytes of structures. */
static void
test_too_many (void)
{
  static const struct
  {
    const char *start;
    const char *piece;
    const char *end;
    guint limit;
  } lists[] = {
    { "{'id':1,'cmd':'message','messages':[", "{'id':1}", "]}", 10000 },
    { "{'id':1,'cmd':'sent','success':[", "1", "]}", 10000 },
    { "{'id':1,'cmd':'upgrade','features':[", "''", "]}", 256 },
    { "{'cmd':'presence','presences':[", "{'from':''}", "]}", 200000 },
    { "{'cmd':'message','messages':[{'id':1,'attachments':[", "{}", "]}]}", 256 },
    { "{'cmd':'update_roaster','roaster':[{'from':'','presence':[", "{'':{}}", "]}]}", 256 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (lists); i++)
    for (guint extra = 0; extra < 2; extra++)
      {
        g_autoptr(GString) text = g_string_new (lists[i].start);
        g_autoptr(BurbleGurglePacket) packet = NULL;

        for (guint n = 0; n < lists[i].limit + extra; n++)
          {
            if (n > 0)
              g_string_append_c (text, ',');
            g_string_append (text, lists[i].piece);
          }
        g_string_append (text, lists[i].end);
        packet = parse (text->str);
        g_assert_cmpint (packet->type == INVALID, ==, extra == 1);
      }
}

static void
test_unknown_status_is_shown (void)
{
  g_autoptr(BurbleGurglePacket) packet = parse ("{'id':1,'cmd':'user_status','status':'lost'}");
  g_autoptr(BurbleGurglePacket) nobody = parse ("{'id':1,'cmd':'user_status','status':'notexist'}");

  g_assert_cmpint (packet->user_status.status, ==, BURBLE_GURGLE_USER_UNKNOWN);
  g_assert_cmpstr (packet->user_status.status_word, ==, "lost");
  g_assert_cmpint (nobody->user_status.status, ==, BURBLE_GURGLE_USER_NOT_EXIST);
}

static void
test_invalid_answers_its_sender (void)
{
  g_autoptr(BurbleGurglePacket) packet = parse ("{'id':7,'cmd':'query'}");
  g_autoptr(GBytes) bytes = burble_gurgle_packet_serialize (packet, BURBLE_GURGLE_DIALECT_0_1);
  g_autoptr(BurbleGurglePacket) answer = NULL;

  answer = burble_gurgle_packet_parse (bytes, BURBLE_GURGLE_DIALECT_0_1, NULL);
  g_assert_cmpint (answer->type, ==, BURBLE_GURGLE_ERROR_RESULT);
  g_assert_cmpint (answer->id, ==, 7);
  g_assert_cmpstr (answer->error, ==, "invalid");
}

static void
test_invalid_tells_its_type (void)
{
  g_autoptr(BurbleGurglePacket) message = parse ("{'id':7,'cmd':'message','messages':[5]}");
  g_autoptr(BurbleGurglePacket) answer = parse ("{'id':7,'cmd':'history','messages':5}");
  g_autoptr(BurbleGurglePacket) nothing = parse ("{'id':7,'cmd':5}");

  g_assert_cmpint (message->invalid.type, ==, BURBLE_GURGLE_MESSAGE);
  g_assert_cmpint (answer->invalid.type, ==, BURBLE_GURGLE_HISTORY);
  g_assert_cmpint (nothing->invalid.type, ==, BURBLE_GURGLE_INVALID);
}

/* No secret and nothing a person wrote may reach a log. */
static void
test_describe (void)
{
  static const char * const texts[] = {
    "{'id':1,'cmd':'auth','from':'a@b','method':'plain','password':'HIDE'}",
    "{'id':1,'cmd':'register','from':'a@b','password':'HIDE','invite':'HIDE'}",
    "{'id':1,'cmd':'password','old':'HIDE','new':'HIDE'}",
    "{'id':1,'cmd':'get_attachment','attachment':'7','token':'HIDE'}",
    "{'id':1,'cmd':'attachment','attachment':'7','blob':'HIDE'}",
    "{'id':1,'cmd':'put_attachment','upload':'7','size':3,'offset':0,'blob':'HIDE'}",
    M ("'id':'a','text':'HIDE','html':'HIDE','attachments':[{'token':'HIDE','blob':'HIDE'}],"
       "'reaction':{'to':'b','emoji':'HIDE'}"),
    "{'id':1,'cmd':'history','messages':[{'id':'a','text':'HIDE'}]}",
    "{'id':1,'cmd':'auth','from':'a@b','method':'plain','password':['HIDE']}",
  };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      g_autoptr(BurbleGurglePacket) packet = parse (texts[i]);
      g_autofree char *description = burble_gurgle_packet_describe (packet);

      g_test_message ("%s", description);
      g_assert_null (strstr (description, "HIDE"));
    }
}

static void
test_describe_is_short (void)
{
  g_autoptr(BurbleGurglePacket) packet = burble_gurgle_packet_new (BURBLE_GURGLE_FLUSH_ROSTER);
  g_autoptr(BurbleGurglePacket) wordy = burble_gurgle_packet_new (BURBLE_GURGLE_QUIT);
  g_autofree char *description = NULL;
  g_autofree char *other = NULL;

  for (guint i = 0; i < 10000; i++)
    g_ptr_array_add (packet->roster.entries, burble_gurgle_roster_entry_new ("ada@example.org"));
  wordy->reason = g_strnfill (1000000, 'x');
  description = burble_gurgle_packet_describe (packet);
  other = burble_gurgle_packet_describe (wordy);
  g_assert_cmpuint (strlen (description), <, 4096);
  g_assert_cmpuint (strlen (other), <, 4096);
}

static void
test_features (void)
{
  g_assert_null (burble_gurgle_packet_type_get_feature (BURBLE_GURGLE_MESSAGE));
  g_assert_cmpstr (burble_gurgle_packet_type_get_feature (BURBLE_GURGLE_PASSWORD), ==, "profile");
  for (guint type = 0; type <= BURBLE_GURGLE_ROOM; type++)
    {
      const char *feature = burble_gurgle_packet_type_get_feature (type);

      g_assert_nonnull (burble_gurgle_packet_type_to_string (type));
      g_assert_cmpint (feature != NULL, ==, type >= BURBLE_GURGLE_TYPING);
    }
  g_assert_cmpstr (burble_gurgle_packet_type_to_string (BURBLE_GURGLE_GET_ROSTER), ==,
                   "get_roaster");
}

/* A packet nobody filled in is written as something, and freed without harm. */
static void
test_empty_packets (void)
{
  for (guint type = 0; type <= BURBLE_GURGLE_ROOM; type++)
    for (guint dialect = 0; dialect < 2; dialect++)
      {
        g_autoptr(BurbleGurglePacket) packet = burble_gurgle_packet_new (type);
        g_autoptr(GBytes) bytes = burble_gurgle_packet_serialize (packet, dialect);
        g_autofree char *description = burble_gurgle_packet_describe (packet);
        g_autoptr(GError) error = NULL;
        g_autoptr(BurbleGurglePacket) again = NULL;

        again = burble_gurgle_packet_parse (bytes, dialect, &error);
        g_assert_no_error (error);
        g_assert_nonnull (again);
        g_assert_nonnull (description);
      }
}

static void
test_copy (void)
{
  static const char text[] = M ("'id':'a','timestamp':5,'from':'f','to':'t','text':'x','html':'h',"
                                "'seq':7,'attachments':[{'id':'1','name':'n','type':'t','size':3,"
                                "'token':'k','blob':'AAEC'}],'reply_to':'r','replaces':'s',"
                                "'retracts':'u','reaction':{'to':'v','emoji':'w'}");
  g_autoptr(BurbleGurglePacket) packet = parse (text);
  g_autoptr(BurbleGurglePacket) other = burble_gurgle_packet_new (BURBLE_GURGLE_MESSAGE);
  g_autoptr(GBytes) written = NULL;
  g_autoptr(GBytes) expected = make_bytes (text);

  burble_gurgle_packet_answer_to (other, packet);
  g_ptr_array_add (other->message.messages,
                   burble_gurgle_message_copy (g_ptr_array_index (packet->message.messages, 0)));
  g_clear_pointer (&packet, burble_gurgle_packet_unref);
  written = burble_gurgle_packet_serialize (other, BURBLE_GURGLE_DIALECT_0_1);
  g_assert_true (g_bytes_equal (written, expected));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/wire/gurgle/parse/%s", cases[i].name);

      g_test_add_data_func (path, &cases[i], test_case);
    }
  g_test_add_func ("/wire/gurgle/parse/refuses-what-is-no-packet", test_no_packet);
  g_test_add_func ("/wire/gurgle/parse/kindly-shows-what-no-string-holds", test_no_string);
  g_test_add_func ("/wire/gurgle/parse/refuses-depth", test_depth);
  g_test_add_func ("/wire/gurgle/parse/timestamps", test_timestamps);
  g_test_add_func ("/wire/gurgle/parse/message-ids-keep-their-type", test_message_ids);
  g_test_add_func ("/wire/gurgle/parse/message-ids-are-short", test_message_id_length);
  g_test_add_func ("/wire/gurgle/parse/presence-in-both-forms", test_presence_forms);
  g_test_add_func ("/wire/gurgle/parse/absent-is-not-null", test_absent_is_not_null);
  g_test_add_func ("/wire/gurgle/parse/too-many", test_too_many);
  g_test_add_func ("/wire/gurgle/parse/unknown-status-is-shown", test_unknown_status_is_shown);
  g_test_add_func ("/wire/gurgle/packet/invalid-answers-its-sender",
                   test_invalid_answers_its_sender);
  g_test_add_func ("/wire/gurgle/packet/invalid-tells-its-type", test_invalid_tells_its_type);
  g_test_add_func ("/wire/gurgle/packet/describe-hides-secrets", test_describe);
  g_test_add_func ("/wire/gurgle/packet/describe-is-short", test_describe_is_short);
  g_test_add_func ("/wire/gurgle/packet/types-have-features", test_features);
  g_test_add_func ("/wire/gurgle/packet/empty-packets-can-be-written", test_empty_packets);
  g_test_add_func ("/wire/gurgle/packet/message-copy-is-whole", test_copy);
  return g_test_run ();
}
