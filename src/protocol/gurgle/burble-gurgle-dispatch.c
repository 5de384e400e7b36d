/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-gurgle-dispatch"

#include "config.h"

#include "burble-gurgle-connection-private.h"

/*
 * Who gets which packet: answers go to whoever asked, pushes to the file of their topic, and what
 * the server asks of us is answered here.
 */

/* Secrets and what people say are taken out. */
void
burble_gurgle_dispatch_log (const char *direction, const BurbleGurglePacket *packet)
{
  g_autofree char *text = NULL;

  if (g_log_writer_default_would_drop (G_LOG_LEVEL_DEBUG, G_LOG_DOMAIN))
    return;
  text = burble_gurgle_packet_describe (packet);
  g_debug ("%s %s", direction, text);
}

static void
answer_ping (BurbleGurgleConnection *self, const BurbleGurglePacket *ping)
{
  g_autoptr(BurbleGurglePacket) pong = burble_gurgle_packet_new (BURBLE_GURGLE_PONG);

  burble_gurgle_packet_answer_to (pong, ping);
  pong->ping.data = g_strdup (ping->ping.data);
  burble_gurgle_connection_send (self, pong, NULL);
}

static void
answer_refusal (BurbleGurgleConnection   *self,
                const BurbleGurglePacket *request,
                const char               *word,
                const char               *reason)
{
  g_autoptr(BurbleGurglePacket) answer = NULL;

  if (!request->has_id)
    return;
  answer = burble_gurgle_packet_new (BURBLE_GURGLE_ERROR_RESULT);
  burble_gurgle_packet_answer_to (answer, request);
  burble_gurgle_packet_set_error (answer, word, reason);
  burble_gurgle_connection_send (self, answer, NULL);
}

static void
take_kill (BurbleGurgleConnection *self, const BurbleGurglePacket *packet)
{
  g_autoptr(GError) error = burble_gurgle_error_from_words (packet->error, packet->reason);

  if (g_error_matches (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_REFUSED)
      || g_error_matches (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_TIMED_OUT)
      || g_error_matches (error, BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_UNSUPPORTED))
    error->code = BURBLE_PROTOCOL_ERROR_KILLED;
  burble_gurgle_connection_lose (self, error);
}

static void
take_quit (BurbleGurgleConnection *self, const BurbleGurglePacket *packet)
{
  g_autoptr(BurbleGurglePacket) bye = burble_gurgle_packet_new (BURBLE_GURGLE_BYE);
  g_autofree char *reason = burble_gurgle_tidy_reason (packet->reason);
  g_autoptr(GError) error = NULL;

  burble_gurgle_packet_answer_to (bye, packet);
  burble_gurgle_connection_send (self, bye, NULL);
  error = g_error_new_literal (BURBLE_PROTOCOL_ERROR, BURBLE_PROTOCOL_ERROR_KILLED,
                               reason != NULL ? reason : "The server said good-bye");
  burble_gurgle_connection_lose (self, error);
}

/* What a server only ever sends with a number of its own: never an answer to us. */
static gboolean
is_request_of_server (BurbleGurglePacketType type)
{
  return type == BURBLE_GURGLE_PING || type == BURBLE_GURGLE_MESSAGE || type == BURBLE_GURGLE_KILL
         || type == BURBLE_GURGLE_QUIT || type == BURBLE_GURGLE_UNKNOWN;
}

/* A packet that answers nothing of ours. Before signing in, nothing of it is believed. */
static void
take_push (BurbleGurgleConnection *self, const BurbleGurglePacket *packet)
{
  if (!self->signed_in && packet->type != BURBLE_GURGLE_PING && packet->type != BURBLE_GURGLE_KILL
      && packet->type != BURBLE_GURGLE_QUIT)
    {
      g_debug ("Ignored before signing in: %s",
               burble_gurgle_packet_type_to_string (packet->type));
      return;
    }

  switch (packet->type)
    {
    case BURBLE_GURGLE_PING:
      answer_ping (self, packet);
      break;
    case BURBLE_GURGLE_KILL:
      take_kill (self, packet);
      break;
    case BURBLE_GURGLE_QUIT:
      take_quit (self, packet);
      break;
    case BURBLE_GURGLE_MESSAGE:
      burble_gurgle_inbox_take (self, packet);
      break;
    case BURBLE_GURGLE_PRESENCE:
      burble_gurgle_presence_take (self, packet);
      break;
    case BURBLE_GURGLE_UPDATE_ROSTER:
    case BURBLE_GURGLE_FLUSH_ROSTER:
      burble_gurgle_roster_take (self, packet);
      break;
    case BURBLE_GURGLE_TYPING:
      burble_gurgle_typing_take (self, packet);
      break;
    case BURBLE_GURGLE_RECEIPT:
      burble_gurgle_receipt_take (self, packet);
      break;
    case BURBLE_GURGLE_USER_STATUS:
      burble_gurgle_directory_take (self, packet);
      break;
    case BURBLE_GURGLE_ACTIVE_USERS:
      burble_gurgle_directory_take_people (self, packet);
      break;
    case BURBLE_GURGLE_UNKNOWN:
    case BURBLE_GURGLE_UPGRADE:
    case BURBLE_GURGLE_QUERY:
    case BURBLE_GURGLE_AUTH:
    case BURBLE_GURGLE_PUBLISH_PRESENCE:
    case BURBLE_GURGLE_GET_ROSTER:
    case BURBLE_GURGLE_GET_USER_STATUS:
    case BURBLE_GURGLE_GET_ACTIVE_USERS:
    case BURBLE_GURGLE_GET_HISTORY:
    case BURBLE_GURGLE_GET_ATTACHMENT:
    case BURBLE_GURGLE_PUT_ATTACHMENT:
    case BURBLE_GURGLE_REGISTER:
    case BURBLE_GURGLE_PROFILE:
    case BURBLE_GURGLE_PASSWORD:
      answer_refusal (self, packet, "unknown_command", "This client does not know that request");
      break;
    case BURBLE_GURGLE_INVALID:
      g_debug ("Ignored: %s", packet->invalid.problem);
      if (is_request_of_server (packet->invalid.type))
        answer_refusal (self, packet, "invalid", packet->invalid.problem);
      break;
    case BURBLE_GURGLE_ERROR_RESULT:
    case BURBLE_GURGLE_VERSION:
    case BURBLE_GURGLE_PONG:
    case BURBLE_GURGLE_UPGRADED:
    case BURBLE_GURGLE_ANSWER:
    case BURBLE_GURGLE_AUTH_RESULT:
    case BURBLE_GURGLE_KEEP_ROSTER:
    case BURBLE_GURGLE_SENT:
    case BURBLE_GURGLE_BYE:
    case BURBLE_GURGLE_HISTORY:
    case BURBLE_GURGLE_BLOCK:
    case BURBLE_GURGLE_ATTACHMENT:
    case BURBLE_GURGLE_ATTACHMENT_STORED:
    case BURBLE_GURGLE_ROOM:
    default:
      /* An answer that came too late, or news of a feature we did not ask for. */
      break;
    }
}

void
burble_gurgle_dispatch (BurbleGurgleConnection *self, const BurbleGurglePacket *packet)
{
  gboolean of_server;

  burble_gurgle_dispatch_log ("←", packet);
  if (packet->dropped != NULL)
    g_info ("%u elements of a packet are left out, the first as %s", packet->dropped->count,
            packet->dropped->problem);
  if (self->liveness != NULL)
    burble_liveness_touch (self->liveness);
  of_server = is_request_of_server (packet->type == BURBLE_GURGLE_INVALID ? packet->invalid.type
                                                                          : packet->type);
  if (!of_server && packet->has_id)
    burble_gurgle_receipts_prove (self, packet->id);
  if (of_server || !burble_gurgle_requests_answer (self->requests, packet))
    {
      /* The answer may have ended the link. */
      if (self->stream != NULL)
        take_push (self, packet);
    }
}
