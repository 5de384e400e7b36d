/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-ui-words"

#include "config.h"

#include "burble-words.h"

#include <string.h>

#include <glib/gi18n-lib.h>

#include "burble-error-words.h"
#include "burble-session.h"
#include "burble-text.h"
#include "burble-time.h"

typedef struct
{
  const char *word;
  const char *sentence;
} Word;

/* A sentence says what is wrong, and then what to do about it. Sorted. */
static const Word account_errors[] = {
  { "bad-address", N_("This address does not look right. It has the form name@server.") },
  { "bad-data",
    N_("The server sent something that Burble does not understand. "
       "Ask its administrator whether it is up to date.") },
  { "bad-password", N_("The server does not accept this password. Choose a longer one.") },
  { "cancelled", N_("Signing in was stopped.") },
  { "certificate",
    N_("The server’s identity could not be checked. Review its certificate before you go on.") },
  { "certificate-changed",
    N_("The server shows another identity than before. Review its certificate before you go on.") },
  { "disabled", N_("This account is switched off on the server. Ask its administrator.") },
  { "disk", N_("Burble could not save to the disk. Make some space and try again.") },
  { "exists", N_("Somebody already has this name. Choose another one.") },
  { "keyring",
    N_("The password could not be kept in the keyring. "
       "Burble will ask for it at the next start.") },
  { "killed", N_("The server ended the connection. Try again later.") },
  { "name-not-found",
    N_("There is no server of that name. Check the part of the address after the @.") },
  { "no-such-person", N_("Nobody with this address is known to the server. Check the spelling.") },
  { "not-connected", N_("Burble is not connected. Try again when you are back online.") },
  { "password", N_("The name or the password is wrong. Check both and sign in again.") },
  { "refused", N_("The server said no. Ask its administrator.") },
  { "registration-closed",
    N_("This server does not let people create accounts themselves. "
       "Ask its administrator for one.") },
  { "replaced", N_("You signed in elsewhere under the same name. Try again to sign in here.") },
  { "throttled", N_("There were too many attempts. Wait a few minutes and try again.") },
  { "timed-out", N_("The server did not answer in time. Try again.") },
  { "unencrypted",
    N_("This network has no encryption: everybody on the way can read along, your password too. "
       "Turn on “No Encryption” if you want it all the same.") },
  { "unreachable",
    N_("The server cannot be reached. Check its address and your network connection.") },
  { "unsupported", N_("The server does not offer this.") },
  { "unknown", N_("Something went wrong. Try again.") },
};

static const Word message_errors[] = {
  { "disabled", N_("Not sent: the account of the receiver is switched off") },
  { "no-such-person", N_("Not sent: nobody has this address") },
  { "refused", N_("Not sent: the server refused it") },
  { "too-big", N_("Not sent: it is too long for the server") },
};

static const char *
lookup (const Word *words, gsize n_words, const char *word)
{
  for (gsize i = 0; word != NULL && i < n_words; i++)
    if (strcmp (words[i].word, word) == 0)
      return words[i].sentence;
  return NULL;
}

/**
 * burble_words_known_errors:
 *
 * The machine words that have a sentence, for tests and for whoever adds one.
 *
 * Returns: (transfer none) (array zero-terminated=1):
 */
const char * const *
burble_words_known_errors (void)
{
  static const char *words[G_N_ELEMENTS (account_errors) + 1];

  for (gsize i = 0; i < G_N_ELEMENTS (account_errors); i++)
    words[i] = account_errors[i].word;
  return words;
}

const char *
burble_words_status (BurbleStatus status)
{
  switch (status)
    {
    case BURBLE_STATUS_AVAILABLE:
      return _("Available");
    case BURBLE_STATUS_AWAY:
      return _("Away");
    case BURBLE_STATUS_DND:
      return _("Do Not Disturb");
    case BURBLE_STATUS_INVISIBLE:
      return _("Invisible");
    case BURBLE_STATUS_OFFLINE:
      return _("Offline");
    case BURBLE_STATUS_UNKNOWN:
    default:
      return _("Unknown");
    }
}

/* A shape each: dot, crescent, bar, ring. */
const char *
burble_words_status_icon (BurbleStatus status)
{
  switch (status)
    {
    case BURBLE_STATUS_AVAILABLE:
      return "burble-available-symbolic";
    case BURBLE_STATUS_AWAY:
      return "burble-away-symbolic";
    case BURBLE_STATUS_DND:
      return "burble-dnd-symbolic";
    case BURBLE_STATUS_INVISIBLE:
      return "burble-invisible-symbolic";
    case BURBLE_STATUS_OFFLINE:
    case BURBLE_STATUS_UNKNOWN:
    default:
      return "burble-offline-symbolic";
    }
}

const char *
burble_words_status_class (BurbleStatus status)
{
  switch (status)
    {
    case BURBLE_STATUS_AVAILABLE:
      return "available";
    case BURBLE_STATUS_AWAY:
      return "away";
    case BURBLE_STATUS_DND:
      return "dnd";
    case BURBLE_STATUS_INVISIBLE:
    case BURBLE_STATUS_OFFLINE:
    case BURBLE_STATUS_UNKNOWN:
    default:
      return "offline";
    }
}

/**
 * burble_words_presence:
 *
 * Status and mood in one line: “Available · in the library until five”.
 *
 * Returns: (transfer full):
 */
char *
burble_words_presence (BurbleStatus status, const char *mood)
{
  g_autofree char *line = NULL;

  if (mood == NULL || *mood == '\0')
    return g_strdup (burble_words_status (status));
  line = burble_text_one_line (mood, 200);
  return g_strdup_printf ("%s · %s", burble_words_status (status), line);
}

const char *
burble_words_account_state (BurbleAccountState state)
{
  switch (state)
    {
    case BURBLE_ACCOUNT_CONNECTING:
      return _("Connecting…");
    case BURBLE_ACCOUNT_ONLINE:
      return _("Connected");
    case BURBLE_ACCOUNT_WAITING:
      return _("Waiting for the network");
    case BURBLE_ACCOUNT_NEEDS_PASSWORD:
      return _("Password needed");
    case BURBLE_ACCOUNT_NEEDS_CERTIFICATE:
      return _("Identity not checked");
    case BURBLE_ACCOUNT_FAILED:
      return _("Not connected");
    case BURBLE_ACCOUNT_OFFLINE:
    default:
      return _("Offline");
    }
}

static const BurbleNetworkWords *networks;

/**
 * burble_words_set_networks:
 * @words: (array zero-terminated=1): what the networks are called; not copied
 *
 * The names of networks come from whoever knows the networks.
 */
void
burble_words_set_networks (const BurbleNetworkWords *words)
{
  networks = words;
}

const BurbleNetworkWords *
burble_words_get_network (const char *network)
{
  for (const BurbleNetworkWords *words = networks; words != NULL && words->network != NULL; words++)
    if (g_strcmp0 (words->network, network) == 0)
      return words;
  return NULL;
}

/**
 * burble_words_network:
 * @network: (nullable): the machine word for a network
 *
 * Returns: (transfer none) (nullable): its name; @network itself where it has none
 */
const char *
burble_words_network (const char *network)
{
  const BurbleNetworkWords *words = burble_words_get_network (network);

  return words != NULL ? _(words->name) : network;
}

/**
 * burble_words_account:
 *
 * What kind of account it is, and how it stands: “Gurgle · Connected”.
 *
 * Returns: (transfer full):
 */
char *
burble_words_account (const char *network, BurbleAccountState state, gboolean enabled)
{
  return g_strdup_printf ("%s · %s", burble_words_network (network),
                          enabled ? burble_words_account_state (state) : _("Switched off"));
}

/**
 * burble_words_address:
 * @network: the machine word for a network
 *
 * Returns: (transfer full): what an address is called there
 */
char *
burble_words_address (const char *network)
{
  const BurbleNetworkWords *words = burble_words_get_network (network);

  /* Translators: what a network calls an address, as “Gurgle ID” */
  return words != NULL ? g_strdup (_(words->address)) : g_strdup_printf (_("%s ID"), network);
}

/**
 * burble_words_detail:
 * @network: the machine word for a network
 * @key: what it calls something that it knows of a person
 * @value: what that is
 *
 * A network may know more than anybody has words for: then its own is made fit to be read.
 *
 * Returns: (transfer full) (nullable): a title for it; %NULL where the value says nothing
 */
char *
burble_words_detail (const char *network, const char *key, const char *value)
{
  const BurbleNetworkWords *words = burble_words_get_network (network);
  g_autofree char *line = NULL;
  g_autofree char *first = NULL;

  for (const BurbleDetailWords *known = words != NULL ? words->details : NULL;
       known != NULL && known->key != NULL; known++)
    if (strcmp (known->key, key) == 0)
      return g_strcmp0 (known->nothing, value) == 0 ? NULL : g_strdup (_(known->title));
  line = burble_text_one_line (key, 40);
  g_strdelimit (line, "_-.", ' ');
  g_strstrip (line);
  if (*value == '\0')
    return NULL;
  if (*line == '\0')
    return g_strdup (_("Detail"));
  first = g_utf8_strup (line, g_utf8_next_char (line) - line);
  return g_strconcat (first, g_utf8_next_char (line), NULL);
}

/**
 * burble_words_error:
 * @word: (nullable): the machine word
 * @detail: (nullable): the server's own sentence, where it gave one
 *
 * Returns: (transfer full): a sentence with a next step
 */
char *
burble_words_error (const char *word, const char *detail)
{
  const char *sentence = lookup (account_errors, G_N_ELEMENTS (account_errors), word);
  gboolean servers_own = word == NULL || sentence == NULL || g_strcmp0 (word, "refused") == 0 ||
                         g_strcmp0 (word, "killed") == 0 || g_strcmp0 (word, "unknown") == 0;

  if (servers_own && detail != NULL && *detail != '\0')
    {
      g_autofree char *line = burble_text_one_line (detail, 300);

      return g_strdup_printf (_("The server says: “%s”"), line);
    }
  if (sentence == NULL)
    sentence = N_("Something went wrong. Try again.");
  return g_strdup (_(sentence));
}

/**
 * burble_words_for_error:
 * @error: (nullable): what an operation of the session failed with
 *
 * The sentence of a library, which nobody has translated and few understand, is not shown: only a
 * server speaks for itself.
 *
 * Returns: (transfer full): a sentence with a next step
 */
char *
burble_words_for_error (const GError *error)
{
  return burble_words_error (burble_session_error_word (error), burble_error_detail (error));
}

/**
 * burble_words_message_error:
 * @word: (nullable): a machine word, or the server's own sentence
 *
 * Returns: (transfer full): why a message was not sent
 */
char *
burble_words_message_error (const char *word)
{
  const char *sentence = lookup (message_errors, G_N_ELEMENTS (message_errors), word);
  g_autofree char *line = NULL;

  if (sentence != NULL)
    return g_strdup (_(sentence));
  if (word == NULL || lookup (account_errors, G_N_ELEMENTS (account_errors), word) != NULL)
    return g_strdup (_("Not sent"));
  line = burble_text_one_line (word, 200);
  return g_strdup_printf (_("Not sent: %s"), line);
}

const char *
burble_words_message_state (BurbleMessageState state)
{
  switch (state)
    {
    case BURBLE_MESSAGE_WAITING:
      return _("Waiting to be sent");
    case BURBLE_MESSAGE_SENT:
      return _("Sent");
    case BURBLE_MESSAGE_DELIVERED:
      return _("Delivered");
    case BURBLE_MESSAGE_READ:
      return _("Read");
    case BURBLE_MESSAGE_FAILED:
      return _("Not sent");
    case BURBLE_MESSAGE_RECEIVED:
    default:
      return _("Received");
    }
}

const char *
burble_words_message_state_icon (BurbleMessageState state)
{
  switch (state)
    {
    case BURBLE_MESSAGE_WAITING:
      return "burble-waiting-symbolic";
    case BURBLE_MESSAGE_SENT:
      return "burble-sent-symbolic";
    case BURBLE_MESSAGE_DELIVERED:
      return "burble-delivered-symbolic";
    case BURBLE_MESSAGE_READ:
      return "burble-read-symbolic";
    case BURBLE_MESSAGE_FAILED:
      return "burble-failed-symbolic";
    case BURBLE_MESSAGE_RECEIVED:
    default:
      return NULL;
    }
}

/**
 * burble_words_banner:
 * @several: whether the account has to be named
 * @remedy: (out): what its button does
 *
 * Returns: (transfer full) (nullable): what a banner says about the account; %NULL if all is well
 */
char *
burble_words_banner (BurbleAccount *account, gboolean several, BurbleRemedy *remedy)
{
  g_autofree char *sentence = NULL;
  const char *error = burble_account_get_error (account);
  BurbleFeatures features = burble_account_get_features (account);

  *remedy = BURBLE_REMEDY_NONE;
  switch (burble_account_get_state (account))
    {
    case BURBLE_ACCOUNT_OFFLINE:
      *remedy = BURBLE_REMEDY_GO_ONLINE;
      sentence = g_strdup (_("You are offline"));
      break;
    case BURBLE_ACCOUNT_CONNECTING:
      sentence = g_strdup (_("Connecting…"));
      break;
    case BURBLE_ACCOUNT_WAITING:
      *remedy = BURBLE_REMEDY_TRY_AGAIN;
      /* Where nothing is known yet, there is somebody to write to. */
      sentence = features == BURBLE_FEATURE_NONE || (features & BURBLE_FEATURE_MESSAGES) != 0
                 ? g_strdup (_("No connection. What you write is sent later."))
                 : g_strdup (_("No connection. Burble tries again by itself."));
      break;
    case BURBLE_ACCOUNT_NEEDS_PASSWORD:
      *remedy = BURBLE_REMEDY_SIGN_IN;
      sentence = g_strcmp0 (error, "password") == 0
                   ? g_strdup (_("The name or the password was not accepted"))
                   : g_strdup (_("Your password is needed to sign in"));
      break;
    case BURBLE_ACCOUNT_NEEDS_CERTIFICATE:
      *remedy = BURBLE_REMEDY_REVIEW;
      sentence = g_strdup (_("The server’s identity could not be checked"));
      break;
    case BURBLE_ACCOUNT_FAILED:
      *remedy = BURBLE_REMEDY_TRY_AGAIN;
      sentence = burble_words_error (error, burble_account_get_error_detail (account));
      break;
    case BURBLE_ACCOUNT_ONLINE:
    default:
      return NULL;
    }
  if (several)
    return g_strdup_printf ("%s: %s", burble_account_get_address (account), sentence);
  return g_steal_pointer (&sentence);
}

/**
 * burble_words_remedy:
 * @remedy: what there is to do
 *
 * Returns: (transfer none) (nullable): the label of the button, with a mnemonic
 */
const char *
burble_words_remedy (BurbleRemedy remedy)
{
  switch (remedy)
    {
    case BURBLE_REMEDY_GO_ONLINE:
      return _("_Go Online");
    case BURBLE_REMEDY_TRY_AGAIN:
      return _("_Try Again");
    case BURBLE_REMEDY_SIGN_IN:
      return _("_Sign In…");
    case BURBLE_REMEDY_REVIEW:
      return _("_Review…");
    case BURBLE_REMEDY_NONE:
    default:
      return NULL;
    }
}

static char *
message_text (BurbleMessage *message)
{
  const char *text = burble_message_get_text (message);
  const char * const *names = burble_message_get_attachment_names (message);

  if ((text == NULL || *text == '\0') && names != NULL && names[0] != NULL)
    return burble_text_one_line (names[0], 200);
  return burble_text_one_line (text, 400);
}

/**
 * burble_words_message_time:
 * @message: a message
 *
 * Returns: (transfer full): the time of the day when it was said; where its network wrote a date
 *   that could not be read, that date as it is
 */
char *
burble_words_message_time (BurbleMessage *message, gboolean use_24h)
{
  const char *text = burble_message_get_time_text (message);

  return text != NULL ? burble_text_one_line (text, 100)
                      : burble_time_clock (burble_message_get_time (message), use_24h);
}

/**
 * burble_words_message:
 * @sender: (nullable): who said it; own messages say “You”
 *
 * How a screen reader reads a message.
 *
 * Returns: (transfer full):
 */
char *
burble_words_message (BurbleMessage *message, const char *sender, gboolean use_24h)
{
  g_autofree char *time = burble_words_message_time (message, use_24h);
  g_autofree char *text = message_text (message);

  if (burble_message_is_outgoing (message))
    sender = _("You");
  /* Translators: a message as a screen reader reads it: who, when: what */
  return g_strdup_printf (_("%1$s, %2$s: %3$s"), sender != NULL ? sender : "", time, text);
}

/**
 * burble_words_preview:
 * @message: a message
 * @room: whether who said it is to be named
 *
 * Returns: (transfer full): one line for a list, such as "You: See you at six"
 */
char *
burble_words_preview (BurbleMessage *message, gboolean room)
{
  g_autofree char *text = message_text (message);
  const char *name = burble_message_get_sender_name (message);

  if (burble_message_is_outgoing (message))
    return g_strdup_printf (_("You: %s"), text);
  if (room && name != NULL)
    return g_strdup_printf ("%s: %s", name, text);
  return g_steal_pointer (&text);
}

/* Whose, where there are several accounts. */
static void
append_account (GString *line, BurbleContact *contact)
{
  BurbleAccount *account = burble_contact_get_account (contact);

  if (burble_account_get_mark (account) != NULL)
    {
      g_string_append (line, ", ");
      /* Translators: the account that a contact belongs to, said after their name */
      g_string_append_printf (line, _("on %s"), burble_account_get_address (account));
    }
}

/**
 * burble_words_contact:
 * @contact: somebody
 *
 * How a screen reader reads a row of a list of people.
 *
 * Returns: (transfer full):
 */
char *
burble_words_contact (BurbleContact *contact)
{
  const char *name = burble_contact_get_display_name (contact);
  g_autoptr(GString) line = g_string_new (NULL);

  if (burble_contact_get_asks (contact))
    {
      g_string_append_printf (line, _("%s wants to add you"), name);
    }
  else
    {
      g_autofree char *presence = burble_words_presence (burble_contact_get_status (contact),
                                                         burble_contact_get_mood (contact));

      g_string_append_printf (line, "%s, %s", name, presence);
    }
  append_account (line, contact);
  return g_string_free (g_steal_pointer (&line), FALSE);
}

/**
 * burble_words_conversation:
 *
 * How a screen reader reads a row of the list of chats.
 *
 * Returns: (transfer full):
 */
char *
burble_words_conversation (BurbleConversation *conversation, gboolean use_24h)
{
  BurbleContact *contact = burble_conversation_get_contact (conversation);
  BurbleMessage *message = burble_conversation_get_last_message (conversation);
  guint unread = burble_conversation_get_unread (conversation);
  g_autoptr(GString) line = g_string_new (burble_contact_get_display_name (contact));

  if (burble_contact_get_kind (contact) == BURBLE_CONTACT_PEER)
    g_string_append_printf (line, ", %s",
                            burble_words_status (burble_contact_get_status (contact)));
  append_account (line, contact);
  if (unread > 0)
    {
      g_string_append (line, ", ");
      g_string_append_printf (line, ngettext ("%u unread message", "%u unread messages", unread),
                              unread);
    }
  if (burble_conversation_get_muted (conversation))
    g_string_append_printf (line, ", %s", _("muted"));
  if (burble_conversation_get_pinned (conversation))
    g_string_append_printf (line, ", %s", _("pinned"));
  if (burble_conversation_get_typing (conversation) != NULL)
    {
      g_string_append_printf (line, ", %s", _("typing…"));
    }
  else if (message != NULL)
    {
      const char *member = burble_message_get_sender_name (message);
      const char *sender = member != NULL ? member : burble_contact_get_display_name (contact);
      g_autofree char *spoken = burble_words_message (message, sender, use_24h);

      g_string_append_printf (line, ". %s", spoken);
    }
  return g_string_free (g_steal_pointer (&line), FALSE);
}

/* (transfer full) */
static char *
status_title (BurbleStatus status, const char *name)
{
  switch (status)
    {
    case BURBLE_STATUS_AVAILABLE:
      return g_strdup_printf (_("%s is available"), name);
    case BURBLE_STATUS_AWAY:
      return g_strdup_printf (_("%s is away"), name);
    case BURBLE_STATUS_DND:
      return g_strdup_printf (_("%s is busy"), name);
    case BURBLE_STATUS_OFFLINE:
    case BURBLE_STATUS_INVISIBLE:
      return g_strdup_printf (_("%s is offline"), name);
    case BURBLE_STATUS_UNKNOWN:
    default:
      return g_strdup_printf (_("%s has a new status"), name);
    }
}

char *
burble_words_notice_title (BurbleNotice *notice)
{
  const char *name = burble_contact_get_display_name (burble_notice_get_contact (notice));

  switch (burble_notice_get_kind (notice))
    {
    case BURBLE_NOTICE_ONLINE:
      return g_strdup_printf (_("%s is online"), name);
    case BURBLE_NOTICE_STATUS:
      return status_title (burble_contact_get_status (burble_notice_get_contact (notice)), name);
    case BURBLE_NOTICE_REQUEST:
      return g_strdup_printf (_("%s wants to add you"), name);
    case BURBLE_NOTICE_MESSAGE:
    default:
      return burble_text_one_line (name, 100);
    }
}

char *
burble_words_notice_body (BurbleNotice *notice)
{
  BurbleContact *contact = burble_notice_get_contact (notice);
  BurbleMessage *message = burble_notice_get_message (notice);
  guint count = burble_notice_get_count (notice);
  g_autofree char *text = NULL;

  switch (burble_notice_get_kind (notice))
    {
    case BURBLE_NOTICE_ONLINE:
      return burble_words_presence (burble_contact_get_status (contact),
                                    burble_contact_get_mood (contact));
    case BURBLE_NOTICE_STATUS:
      /* The title says the rest. A server's own word for a status comes in its place. */
      return burble_text_one_line (burble_contact_get_mood (contact), 200);
    case BURBLE_NOTICE_REQUEST:
      return g_strdup (burble_contact_get_id (contact));
    case BURBLE_NOTICE_MESSAGE:
    default:
      break;
    }
  if (message == NULL || !burble_notice_get_show_content (notice))
    return g_strdup_printf (ngettext ("%u new message", "%u new messages", count), count);
  text = message_text (message);
  if (count > 1)
    {
      g_autofree char *more = g_strdup_printf (ngettext ("%u new message", "%u new messages",
                                                         count), count);

      return g_strdup_printf ("%s\n%s", text, more);
    }
  return g_steal_pointer (&text);
}

/**
 * burble_words_fingerprint:
 *
 * A fingerprint in groups that two people can compare over the phone: sixteen pairs of bytes,
 * four on a line.
 *
 * Returns: (transfer full):
 */
char *
burble_words_fingerprint (const char *fingerprint)
{
  g_autoptr(GString) grouped = g_string_new (NULL);
  guint digits = 0;

  for (const char *c = fingerprint != NULL ? fingerprint : ""; *c != '\0'; c++)
    {
      if (!g_ascii_isxdigit (*c))
        continue;
      if (digits > 0 && digits % 16 == 0)
        g_string_append_c (grouped, '\n');
      else if (digits > 0 && digits % 4 == 0)
        g_string_append_c (grouped, ' ');
      g_string_append_c (grouped, g_ascii_toupper (*c));
      digits++;
    }
  return g_string_free (g_steal_pointer (&grouped), FALSE);
}
