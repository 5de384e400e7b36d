/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-private-chat-page"

#include "config.h"

#include "burble-private-chat-page.h"

#include <libxml/HTMLparser.h>
#include <string.h>

#include "burble-private-chat-name.h"
#include "burble-wire-error.h"

/*
 * The pages are made by templates that a site may have changed: each thing is found by what it has
 * of its own, wherever it stands. The tree is walked without recursion, for its depth is theirs to
 * choose.
 */

/* More than anybody reads; each costs a row in the window or in the database. */
#define MAX_PEOPLE 20000
#define MAX_MESSAGES 500000
/* Characters. */
#define MAX_DATE 64
#define MAX_ZONE (14 * 60 * 60)

static void
person_free (gpointer data)
{
  BurblePrivateChatPerson *person = data;

  g_free (person->username);
  g_free (person->name);
  g_free (person);
}

static void
message_free (gpointer data)
{
  BurblePrivateChatPageMessage *message = data;

  g_free (message->sender);
  g_free (message->text);
  g_free (message->created);
  g_free (message);
}

void
burble_private_chat_page_free (BurblePrivateChatPage *self)
{
  g_free (self->csrf);
  g_free (self->owner);
  g_free (self->websocket);
  g_ptr_array_unref (self->people);
  g_ptr_array_unref (self->dialogs);
  g_ptr_array_unref (self->messages);
  g_free (self);
}

/* The node after all that is in @node, within @top. */
static xmlNode *
skip_node (xmlNode *node, const xmlNode *top)
{
  while (node != top && node->next == NULL && node->parent != NULL)
    node = node->parent;
  return node == top ? NULL : node->next;
}

/* The node after @node in the order of the text, within @top. */
static xmlNode *
next_node (xmlNode *node, const xmlNode *top)
{
  if (node->children != NULL && node->type == XML_ELEMENT_NODE)
    return node->children;
  return skip_node (node, top);
}

static gboolean
is_element (const xmlNode *node, const char *name)
{
  return node->type == XML_ELEMENT_NODE
         && g_ascii_strcasecmp ((const char *) node->name, name) == 0;
}

static char *
dup_attribute (xmlNode *node, const char *name)
{
  xmlChar *value = xmlGetProp (node, (const xmlChar *) name);
  char *copy = value != NULL ? g_utf8_make_valid ((const char *) value, -1) : NULL;

  xmlFree (value);
  return copy;
}

static gboolean
has_attribute (xmlNode *node, const char *name, const char *wanted)
{
  g_autofree char *value = dup_attribute (node, name);

  return g_strcmp0 (value, wanted) == 0;
}

static gboolean
has_class (xmlNode *node, const char *wanted)
{
  g_autofree char *value = dup_attribute (node, "class");
  g_auto(GStrv) words = value != NULL ? g_strsplit_set (value, " \t\r\n\f", -1) : NULL;

  return words != NULL && g_strv_contains ((const char * const *) words, wanted);
}

static void
append_text (GString *out, const xmlNode *node)
{
  if ((node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE)
      && node->content != NULL)
    g_string_append (out, (const char *) node->content);
}

/* Without blanks at its ends, nor what is in the two elements left out. */
static char *
dup_text (xmlNode *top, const xmlNode *without_one, const xmlNode *without_other)
{
  g_autoptr(GString) out = g_string_new (NULL);
  char *text = NULL;

  for (xmlNode *node = top; node != NULL;)
    {
      append_text (out, node);
      node = node == without_one || node == without_other ? skip_node (node, top)
                                                          : next_node (node, top);
    }
  text = g_utf8_make_valid (out->str, (gssize) out->len);
  return g_strstrip (text);
}

static xmlNode *
find (xmlNode *top, const char *element, const char *class)
{
  for (xmlNode *node = next_node (top, top); node != NULL; node = next_node (node, top))
    if (is_element (node, element) && has_class (node, class))
      return node;
  return NULL;
}

static void
add_person (GPtrArray *people, GHashTable *seen, const char *username, const char *name)
{
  BurblePrivateChatPerson *person = NULL;

  if (people->len >= MAX_PEOPLE || !burble_private_chat_name_is_valid (username)
      || !g_hash_table_add (seen, g_strdup (username)))
    return;
  person = g_new0 (BurblePrivateChatPerson, 1);
  person->username = g_strdup (username);
  person->name = name != NULL && *name != '\0' ? g_strdup (name) : NULL;
  g_ptr_array_add (people, person);
}

/* "/dialogs/NAME", also below a prefix or with the site in front. */
static char *
dup_dialog_target (xmlNode *node)
{
  static const char folder[] = "/dialogs/";
  g_autofree char *href = dup_attribute (node, "href");
  const char *at = href != NULL ? g_strrstr (href, folder) : NULL;
  g_autofree char *name = NULL;

  if (at == NULL)
    return NULL;
  at += strlen (folder);
  name = g_uri_unescape_segment (at, at + strcspn (at, "?#/"), NULL);
  return burble_private_chat_name_is_valid (name) ? g_steal_pointer (&name) : NULL;
}

typedef struct
{
  BurblePrivateChatPage *page;
  GHashTable *people;
  GHashTable *dialogs;
  GHashTable *messages;
  xmlNode *paragraph; /* the last one seen: the full name stands before the button */
} Reading;

static void
take_anchor (Reading *reading, xmlNode *node)
{
  g_autofree char *username = dup_dialog_target (node);
  g_autofree char *id = dup_attribute (node, "id");
  g_autoptr(GString) name = g_string_new (NULL);

  if (username == NULL)
    return;
  if (id != NULL && g_str_has_prefix (id, "user-"))
    {
      add_person (reading->page->dialogs, reading->dialogs, username, NULL);
      return;
    }
  if (!has_class (node, "btn"))
    return;
  for (xmlNode *child = reading->paragraph != NULL ? reading->paragraph->children : NULL;
       child != NULL; child = child->next)
    append_text (name, child);
  add_person (reading->page->people, reading->people, username, g_strstrip (name->str));
  reading->paragraph = NULL;
}

static void
take_input (Reading *reading, xmlNode *node)
{
  g_autofree char *value = dup_attribute (node, "value");

  if (has_attribute (node, "id", "owner_username"))
    {
      if (reading->page->owner == NULL && burble_private_chat_name_is_valid (value))
        reading->page->owner = g_steal_pointer (&value);
    }
  else if (has_attribute (node, "name", "csrfmiddlewaretoken") && reading->page->csrf == NULL)
    {
      reading->page->csrf = g_steal_pointer (&value);
    }
}

/* In seconds. */
static void
take_body (Reading *reading, xmlNode *node)
{
  g_autofree char *text = dup_attribute (node, "data-admin-utc-offset");
  gint64 zone = 0;

  if (text == NULL || !g_ascii_string_to_signed (text, 10, -MAX_ZONE, MAX_ZONE, &zone, NULL))
    return;
  reading->page->has_zone = TRUE;
  reading->page->zone = zone * G_TIME_SPAN_SECOND;
}

/* base_ws_server_path = "ws://localhost:5002/" */
static void
take_script (Reading *reading, xmlNode *node)
{
  static const char variable[] = "base_ws_server_path";
  g_autofree char *script = NULL;
  const char *at = NULL;

  if (reading->page->websocket != NULL)
    return;
  script = dup_text (node, NULL, NULL);
  at = strstr (script, variable);
  if (at == NULL)
    return;
  at += strlen (variable);
  at += strspn (at, " \t\r\n");
  if (*at++ != '=')
    return;
  at += strspn (at, " \t\r\n");
  if (*at != '"' && *at != '\'')
    return;
  if (strchr (at + 1, *at) != NULL)
    reading->page->websocket = g_strndup (at + 1, strchr (at + 1, *at) - at - 1);
}

/* It may be shown as it is. Without the dash that stands before a date. */
static void
make_line (char *text)
{
  glong length = g_utf8_strlen (text, -1);
  gsize skip = 0;

  if (length > MAX_DATE)
    *g_utf8_offset_to_pointer (text, MAX_DATE) = '\0';
  g_strdelimit (text, "\t\n\r", ' ');
  while (g_str_has_prefix (text + skip, "–") || text[skip] == '-' || text[skip] == ' ')
    skip += text[skip] == '-' || text[skip] == ' ' ? 1 : strlen ("–");
  memmove (text, text + skip, strlen (text + skip) + 1);
  g_strchomp (text);
}

static char *
dup_created (xmlNode *row)
{
  xmlNode *stamp = find (row, "span", "timestamp");
  g_autofree char *text = stamp != NULL ? dup_text (stamp, NULL, NULL) : NULL;

  for (xmlNode *node = stamp; node != NULL; node = next_node (node, stamp))
    if (is_element (node, "span") && xmlHasProp (node, (const xmlChar *) "data-livestamp"))
      {
        g_free (text);
        text = dup_attribute (node, "data-livestamp");
        break;
      }
  if (text != NULL)
    make_line (text);
  return text != NULL && *text != '\0' ? g_steal_pointer (&text) : NULL;
}

static gint64
read_id (xmlNode *node)
{
  g_autofree char *text = dup_attribute (node, "data-id");
  guint64 id = 0;

  return text != NULL && g_ascii_string_to_unsigned (text, 10, 1, G_MAXINT64 - 1, &id, NULL)
         ? (gint64) id : 0;
}

/* TRUE: it was the row of a message, and there is nothing else to be found in it. */
static gboolean
take_row (Reading *reading, xmlNode *row)
{
  BurblePrivateChatPageMessage *message = NULL;
  gint64 id = read_id (row);
  xmlNode *said = NULL;
  xmlNode *author = NULL;
  g_autofree char *sender = NULL;
  gsize length = 0;

  if (id <= 0)
    return FALSE;
  said = find (row, "p", "pull-left");
  if (said == NULL)
    said = find (row, "p", "pull-right");
  author = said != NULL ? find (said, "span", "username") : NULL;
  if (author == NULL || reading->page->messages->len >= MAX_MESSAGES)
    return TRUE;
  sender = dup_text (author, NULL, NULL);
  length = strlen (sender);
  if (length > 0 && sender[length - 1] == ':')
    sender[length - 1] = '\0';
  g_strstrip (sender);
  if (!burble_private_chat_name_is_valid (sender)
      || !g_hash_table_add (reading->messages, g_memdup2 (&id, sizeof id)))
    return TRUE;

  message = g_new0 (BurblePrivateChatPageMessage, 1);
  message->id = id;
  message->sender = g_steal_pointer (&sender);
  message->theirs = has_class (row, "opponent") || has_class (said, "pull-right");
  message->read = !has_class (row, "msg-unread");
  message->text = dup_text (said, author, find (said, "span", "timestamp"));
  message->created = dup_created (row);
  message->date = burble_private_chat_date_read (message->created);
  g_ptr_array_add (reading->page->messages, message);
  return TRUE;
}

/* Returns: the next one to look at */
static xmlNode *
take_element (Reading *reading, xmlNode *node, const xmlNode *top)
{
  if (is_element (node, "body"))
    take_body (reading, node);
  else if (is_element (node, "p"))
    reading->paragraph = node;
  else if (is_element (node, "a"))
    take_anchor (reading, node);
  else if (is_element (node, "input"))
    take_input (reading, node);
  else if (is_element (node, "script"))
    take_script (reading, node);
  else if (is_element (node, "div") && has_attribute (node, "id", "messages"))
    reading->page->has_history = TRUE;
  else if (is_element (node, "div") && has_class (node, "row") && take_row (reading, node))
    return skip_node (node, top);
  return next_node (node, top);
}

static int
compare_messages (gconstpointer a, gconstpointer b)
{
  const BurblePrivateChatPageMessage *one = *(gpointer *) a;
  const BurblePrivateChatPageMessage *other = *(gpointer *) b;

  return (one->id > other->id) - (one->id < other->id);
}

/**
 * burble_private_chat_page_parse:
 * @html: a page
 * @length: its bytes
 * @error: return location
 *
 * Returns: (transfer full): what of it Burble understands, which may be nothing
 */
BurblePrivateChatPage *
burble_private_chat_page_parse (const char *html, gsize length, GError **error)
{
  BurblePrivateChatPage *self = NULL;
  Reading reading = { 0 };
  g_autofree char *valid = NULL;
  xmlDoc *document = NULL;
  xmlNode *root = NULL;

  if (length > BURBLE_PRIVATE_CHAT_MAX_PAGE)
    {
      g_set_error_literal (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_TOO_LARGE, "Too large");
      return NULL;
    }
  /* The parser would end at the first byte that is wrong, and what comes after it be lost. */
  if (!g_utf8_validate_len (html, length, NULL))
    {
      valid = g_utf8_make_valid (html, (gssize) length);
      html = valid;
      length = strlen (valid);
    }
  if (length > 0)
    document = htmlReadMemory (html, (int) length, NULL, "UTF-8",
                               HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING
                               | HTML_PARSE_NONET | HTML_PARSE_COMPACT);
  root = document != NULL ? xmlDocGetRootElement (document) : NULL;
  if (root == NULL)
    {
      g_clear_pointer (&document, xmlFreeDoc);
      g_set_error_literal (error, BURBLE_WIRE_ERROR, BURBLE_WIRE_ERROR_BAD_PACKET, "Not a page");
      return NULL;
    }

  self = g_new0 (BurblePrivateChatPage, 1);
  self->people = g_ptr_array_new_with_free_func (person_free);
  self->dialogs = g_ptr_array_new_with_free_func (person_free);
  self->messages = g_ptr_array_new_with_free_func (message_free);
  reading.page = self;
  reading.people = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  reading.dialogs = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  reading.messages = g_hash_table_new_full (g_int64_hash, g_int64_equal, g_free, NULL);
  for (xmlNode *node = root; node != NULL;)
    node = take_element (&reading, node, root);
  g_ptr_array_sort (self->messages, compare_messages);

  g_hash_table_unref (reading.people);
  g_hash_table_unref (reading.dialogs);
  g_hash_table_unref (reading.messages);
  xmlFreeDoc (document);
  return self;
}
