/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <string.h>

#include "burble-gurgle-packet.h"

#define LONGEST 8192

/* A secret of ours that no input can hold: it has a space in a place of its own. */
static const char secret[] = "s3cr3t \xe2\x98\x83 th4t n0b0dy m4y s33";

static void
set_secret (char **target)
{
  g_free (*target);
  *target = g_strdup (secret);
}

static void
hide_in_messages (GPtrArray *messages)
{
  for (guint i = 0; i < messages->len; i++)
    {
      BurbleGurgleMessage *message = g_ptr_array_index (messages, i);

      set_secret (&message->text);
      set_secret (&message->html);
      for (guint j = 0; j < message->attachments->len; j++)
        {
          BurbleGurgleAttachment *attachment = g_ptr_array_index (message->attachments, j);

          set_secret (&attachment->token);
        }
    }
}

/* Puts it wherever a packet has a place for one. */
static void
hide (BurbleGurglePacket *packet)
{
  if (packet->type == BURBLE_GURGLE_AUTH || packet->type == BURBLE_GURGLE_REGISTER)
    {
      set_secret (&packet->auth.password);
      set_secret (&packet->auth.invite);
    }
  else if (packet->type == BURBLE_GURGLE_PASSWORD)
    {
      set_secret (&packet->password.old_password);
      set_secret (&packet->password.new_password);
    }
  else if (packet->type == BURBLE_GURGLE_GET_ATTACHMENT)
    {
      set_secret (&packet->get_attachment.token);
    }
  else if (packet->type == BURBLE_GURGLE_MESSAGE)
    {
      hide_in_messages (packet->message.messages);
    }
  else if (packet->type == BURBLE_GURGLE_HISTORY)
    {
      hide_in_messages (packet->history.messages);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  for (guint dialect = 0; dialect < 2; dialect++)
    {
      g_autoptr(GBytes) bytes = g_bytes_new_static (data, size);
      g_autoptr(BurbleGurglePacket) packet = burble_gurgle_packet_parse (bytes, dialect, NULL);
      g_autofree char *description = NULL;

      if (packet == NULL)
        return 0;
      hide (packet);
      description = burble_gurgle_packet_describe (packet);
      fuzz_assert (strlen (description) < LONGEST);
      fuzz_assert (g_utf8_validate (description, -1, NULL));
      fuzz_assert (strstr (description, "th4t") == NULL || memmem (data, size, "th4t", 4) != NULL);
      for (const char *at = description; *at != '\0'; at++)
        fuzz_assert ((guchar) *at >= 0x20 && *at != 0x7f);
    }
  return 0;
}
