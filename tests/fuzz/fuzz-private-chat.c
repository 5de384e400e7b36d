/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

#include <string.h>

#include "burble-private-chat-event.h"
#include "burble-private-chat-name.h"
#include "burble-private-chat-page.h"
#include "burble-private-chat-writer.h"

#define KEY "h3yy803v15sneee9thudw7invhp4b9b6"

static void
fuzz_event (const char *data, gsize size)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(BurblePrivateChatEvent) event = burble_private_chat_event_parse (data, size, &error);

  fuzz_assert ((event == NULL) == (error != NULL));
  if (event == NULL)
    return;
  fuzz_assert (event->username == NULL || burble_private_chat_name_is_valid (event->username));
  if (event->channel == BURBLE_PRIVATE_CHAT_NEW_MESSAGE)
    {
      fuzz_assert (event->message_id > 0 && g_utf8_validate (event->text, -1, NULL));
      fuzz_assert (event->date.time >= 0 && event->date.precision >= 0);
      fuzz_assert (burble_private_chat_name_is_valid (event->sender));
    }
}

/* Whatever is to be said, it is a packet that harms nothing, or none. */
static void
fuzz_writer (const char *data, gsize size)
{
  g_autoptr(BurblePrivateChatWriter) writer = burble_private_chat_writer_new (KEY, G_MAXINT64);
  g_autofree char *text = g_strndup (data, size);
  g_autofree char *packet = NULL;

  burble_private_chat_writer_add_user (writer, "bob");
  burble_private_chat_writer_add_dialog (writer, "bob");
  packet = burble_private_chat_writer_message (writer, "bob", text, "ref", NULL);
  fuzz_assert ((packet != NULL) == (*text != '\0' && g_utf8_validate (text, -1, NULL)));
  if (strcmp (text, "bob") != 0)
    fuzz_assert (burble_private_chat_writer_message (writer, text, "x", NULL, NULL) == NULL);
}

static void
fuzz_page (const char *data, gsize size)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(BurblePrivateChatPage) page = burble_private_chat_page_parse (data, size, &error);
  gint64 last = 0;

  fuzz_assert ((page == NULL) == (error != NULL));
  for (guint i = 0; page != NULL && i < page->messages->len; i++)
    {
      const BurblePrivateChatPageMessage *message = page->messages->pdata[i];

      fuzz_assert (message->id > last && g_utf8_validate (message->text, -1, NULL));
      fuzz_assert (burble_private_chat_name_is_valid (message->sender));
      fuzz_assert (message->created == NULL
                   || (*message->created != '\0' && strchr (message->created, '\n') == NULL
                       && g_utf8_strlen (message->created, -1) <= 64
                       && g_utf8_validate (message->created, -1, NULL)));
      last = message->id;
    }
  for (guint i = 0; page != NULL && i < page->people->len; i++)
    {
      const BurblePrivateChatPerson *person = page->people->pdata[i];

      fuzz_assert (burble_private_chat_name_is_valid (person->username));
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
#ifdef FUZZ_PAGES
  fuzz_page ((const char *) data, size);
  (void) fuzz_event;
  (void) fuzz_writer;
#else
  fuzz_event ((const char *) data, size);
  fuzz_writer ((const char *) data, size);
  (void) fuzz_page;
#endif
  return 0;
}
