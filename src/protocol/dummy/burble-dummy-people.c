/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-dummy-people"

#include "config.h"

#include "burble-dummy-network-private.h"

#include <string.h>

/*
 * The canned people: who they are, what was said before, and how they answer. They are a show for
 * work on the window and for screenshots, so their words are not translated.
 */

#define LONG_HISTORY 3000
#define DRIFT_MS 17000

typedef struct
{
  const char *username;
  const char *name;
  const char *bio;
  BurblePeerStatus status;
  const char *mood;
} Person;

static const Person people[] = {
  { "alice", "Alice Okafor", "Moves servers, reads maps.",
    BURBLE_PEER_AVAILABLE, "in the library until five" },
  { "bob", "Bob Hartmann", "Cycles to work, even in the rain.", BURBLE_PEER_AWAY, "lunch" },
  { "priya", "Priya Raman", "Numbers, mostly.", BURBLE_PEER_DND, "quarterly report" },
  { "chen", "Chen Wei", "Photographs birds.", BURBLE_PEER_OFFLINE, NULL },
  { "fatima", "Fatima Zahra", "Bakes on Sundays.", BURBLE_PEER_AVAILABLE, NULL },
  { "jonas", "Jonas Berg", "Tenor, sometimes baritone.", BURBLE_PEER_OFFLINE, NULL },
  { "tomas", "Tomás Silva", "Tomatoes, beans, and a plum tree.", BURBLE_PEER_AVAILABLE,
    "in the garden" },
};

static const char * const room_members[] = { "alice", "tomas", "fatima" };

static const Person asker = {
  "mina", "Mina Sato", "We met at the repair café.", BURBLE_PEER_AVAILABLE, "new here",
};

/* Said by "<" them or ">" the user, minutes ago. */
static const struct
{
  const char *peer;
  const char *sender; /* NULL: the user */
  int minutes;
  gboolean unread;
  const char *text;
} said[] = {
  { "jonas", "jonas", 4 * 1440, FALSE, "Let me check and call back" },
  { "fatima", "fatima", 3 * 1440, FALSE, "The recipe wants 250 g of flour, not 520. Sorry!" },
  { "fatima", NULL, 3 * 1440 - 4, FALSE, "That explains the brick." },
  { "chen", NULL, 1600, FALSE, "Try it with the longer lens?" },
  { "chen", "chen", 1510, FALSE, "Thanks, that worked!" },
  { "alice", "alice", 1240, FALSE, "Did the server move go through?" },
  { "alice", NULL, 1238, FALSE, "Yes — roster came straight from the cache, nobody noticed." },
  { "garden-club", "tomas", 300, FALSE, "Seeds arrive on Friday" },
  { "garden-club", "fatima", 290, TRUE, "I can bring the small spades" },
  { "garden-club", "tomas", 280, TRUE, "Perfect. Ten o'clock at the gate?" },
  { "priya", NULL, 180, FALSE, "Is the report ready?" },
  { "priya", "priya", 175, TRUE, "Nearly. Two tables left." },
  { "bob", "bob", 90, FALSE, "Film tonight?" },
  { "bob", NULL, 88, FALSE, "See you at six" },
  { "alice", "alice", 14, FALSE, "View from the new office 🏔️" },
  { "alice", NULL, 10, FALSE, "Floor plan is on its way. The red desks are ours, see page 2" },
  { "alice", "alice", 4, TRUE, "Perfect, thank you!" },
};

static const char * const small_talk[] = {
  "Good morning!", "Did you see the fog over the river?", "Train is late again.",
  "I'll bring the book back on Thursday.", "That made me laugh out loud.",
  "Could you send me the address?", "On my way.", "Nothing to add from my side.",
  "The bicycle is repaired, finally.", "Shall we try the new place on the corner?",
  "Let me look at the calendar.", "Ha! I knew it.", "Good night.",
};

static const char * const answers[] = {
  "Sounds good to me.", "I was thinking the same.", "Tell me more when you have a minute.",
  "Ha, of course!", "Noted. I'll write it down.", "Let's do that.",
};

static const char * const moods[] = { NULL, "coffee", "back in ten minutes", "listening to rain" };

static char *
id_of (BurbleDummyNetwork *network, const char *username)
{
  return g_strdup_printf ("%s@%s", username, burble_dummy_network_get_domain (network));
}

static BurbleDummyAccount *
find (BurbleDummyNetwork *network, const char *username)
{
  g_autofree char *id = id_of (network, username);

  return burble_dummy_network_find (network, id);
}

static void
add_person (BurbleDummyNetwork *network, const Person *person)
{
  g_autofree char *id = id_of (network, person->username);
  BurbleDummyAccount *account = NULL;

  if (!burble_dummy_network_has_user (network, id))
    burble_dummy_network_add_user (network, id, NULL, person->name, person->bio);
  account = burble_dummy_network_find (network, id);
  account->canned = TRUE;
  account->status = person->status;
  g_set_str (&account->mood, person->mood);
}

static gboolean
anybody_there (BurbleDummyNetwork *network)
{
  GHashTableIter iter;
  gpointer value = NULL;

  g_hash_table_iter_init (&iter, burble_dummy_network_get_accounts (network));
  while (g_hash_table_iter_next (&iter, NULL, &value))
    if (((BurbleDummyAccount *) value)->terminals->len > 0)
      return TRUE;
  return FALSE;
}

/* Now and then somebody comes, goes or has another mood: each in turn, so that a run can be
 * repeated. */
static void
drift_cb (BurbleDummyNetwork *network, gpointer data)
{
  static const BurblePeerStatus turns[] = {
    BURBLE_PEER_AVAILABLE, BURBLE_PEER_AWAY, BURBLE_PEER_DND, BURBLE_PEER_OFFLINE,
  };
  guint step = GPOINTER_TO_UINT (data);
  BurbleDummyAccount *person = find (network, people[step % G_N_ELEMENTS (people)].username);

  if (anybody_there (network) && person != NULL)
    {
      BurblePeerStatus status = turns[step % G_N_ELEMENTS (turns)];

      if (status == person->status)
        status = turns[(step + 1) % G_N_ELEMENTS (turns)];
      burble_dummy_network_set_canned_presence (network, person, status,
                                                status == BURBLE_PEER_OFFLINE
                                                ? NULL
                                                : moods[step % G_N_ELEMENTS (moods)]);
    }
  /* With no delays at all this would never rest. */
  if (burble_dummy_network_delay (network, DRIFT_MS) > 0)
    burble_dummy_network_after (network, DRIFT_MS, drift_cb, GUINT_TO_POINTER (step + 3), NULL);
}

static void
ask_cb (BurbleDummyNetwork *network, gpointer data)
{
  BurbleDummyAccount *from = find (network, asker.username);
  g_autoptr(BurbleRosterItem) change = burble_roster_item_new (data);

  if (from != NULL && !g_hash_table_contains (from->roster, (const char *) data))
    burble_dummy_network_change_roster (network, from, change, NULL);
}

static void
seed_chats (BurbleDummyNetwork *network, BurbleDummyAccount *account)
{
  gint64 now = g_get_real_time ();
  g_autofree char *bob = id_of (network, "bob");

  for (guint i = 0; i < LONG_HISTORY; i++)
    {
      gint64 time = now - (gint64) (LONG_HISTORY - i) * 43 * G_TIME_SPAN_MINUTE
                    - 5 * G_TIME_SPAN_DAY;

      burble_dummy_network_remember (network, account, bob, i % 3 == 1 ? account->id : bob,
                                     small_talk[i * 7 % G_N_ELEMENTS (small_talk)], time, FALSE);
    }
  for (guint i = 0; i < G_N_ELEMENTS (said); i++)
    {
      g_autofree char *peer = id_of (network, said[i].peer);
      g_autofree char *sender = said[i].sender != NULL ? id_of (network, said[i].sender) : NULL;

      burble_dummy_network_remember (network, account, peer,
                                     sender != NULL ? sender : account->id, said[i].text,
                                     now - said[i].minutes * G_TIME_SPAN_MINUTE, said[i].unread);
    }
}

static void
populate_network (BurbleDummyNetwork *network)
{
  g_autofree char *room_id = id_of (network, "garden-club");
  BurbleDummyAccount *room = NULL;

  burble_dummy_network_set_seeded (network);
  for (guint i = 0; i < G_N_ELEMENTS (people); i++)
    add_person (network, &people[i]);
  add_person (network, &asker);

  room = burble_dummy_network_find (network, room_id);
  if (room == NULL)
    room = burble_dummy_network_add_room (network, room_id);
  g_set_str (&room->name, "Garden Club");
  g_set_str (&room->bio, "Spades, seeds, gossip.");
  for (guint i = 0; i < G_N_ELEMENTS (room_members); i++)
    g_hash_table_add (room->members, id_of (network, room_members[i]));

  burble_dummy_network_after (network, DRIFT_MS, drift_cb, NULL, NULL);
}

/* The first time an account signs in it finds friends, a past, and soon somebody who asks. */
void
burble_dummy_people_populate (BurbleDummyNetwork *self, BurbleDummyAccount *account)
{
  BurbleDummyAccount *room = NULL;

  if (!burble_dummy_network_get_seeded (self))
    populate_network (self);
  if (account->canned || account->archive->len > 0 || g_hash_table_size (account->roster) > 0)
    return;

  for (guint i = 0; i < G_N_ELEMENTS (people); i++)
    burble_dummy_network_befriend (self, account, find (self, people[i].username));
  room = find (self, "garden-club");
  burble_dummy_network_befriend (self, account, room);
  g_hash_table_add (room->members, g_strdup (account->id));
  seed_chats (self, account);
  burble_dummy_network_after (self, 6000, ask_cb, g_strdup (account->id), g_free);
}

/* Answering. */

typedef struct
{
  char *person;
  char *reader;  /* who wrote to them */
  char *peer;    /* the chat as they see it: the writer, or the room */
  char *message; /* id */
  char *answer;
} Thought;

static void
thought_free (Thought *thought)
{
  g_free (thought->person);
  g_free (thought->reader);
  g_free (thought->peer);
  g_free (thought->message);
  g_free (thought->answer);
  g_free (thought);
}

static void
send_receipt (BurbleDummyNetwork *network, Thought *thought, BurbleReceiptState state)
{
  BurbleDummyAccount *person = burble_dummy_network_find (network, thought->person);
  const char *ids[] = { thought->message, NULL };

  if (person != NULL && strcmp (thought->peer, thought->reader) == 0)
    burble_dummy_network_receipt (network, person, NULL, thought->reader, state, ids);
}

static void
answer_cb (BurbleDummyNetwork *network, gpointer data)
{
  Thought *thought = data;
  BurbleDummyAccount *person = burble_dummy_network_find (network, thought->person);
  g_autofree char *id = g_uuid_string_random ();
  g_autoptr(BurbleMessageEvent) message = burble_message_event_new (id);

  if (person == NULL)
    return;
  message->peer = g_strdup (thought->peer);
  message->text = g_strdup (thought->answer);
  burble_dummy_network_typing (network, person, thought->peer, FALSE);
  burble_dummy_network_send (network, person, NULL, message, NULL);
}

static Thought *
thought_copy (const Thought *thought)
{
  Thought *copy = g_new0 (Thought, 1);

  copy->person = g_strdup (thought->person);
  copy->reader = g_strdup (thought->reader);
  copy->peer = g_strdup (thought->peer);
  copy->message = g_strdup (thought->message);
  copy->answer = g_strdup (thought->answer);
  return copy;
}

static void
read_cb (BurbleDummyNetwork *network, gpointer data)
{
  Thought *thought = data;
  BurbleDummyAccount *person = burble_dummy_network_find (network, thought->person);

  send_receipt (network, thought, BURBLE_RECEIPT_READ);
  if (person == NULL || thought->answer == NULL)
    return;
  burble_dummy_network_typing (network, person, thought->peer, TRUE);
  burble_dummy_network_after (network, 900 + 40 * strlen (thought->answer), answer_cb,
                              thought_copy (thought), (GDestroyNotify) thought_free);
}

static void
delivered_cb (BurbleDummyNetwork *network, gpointer data)
{
  Thought *thought = data;

  send_receipt (network, thought, BURBLE_RECEIPT_DELIVERED);
  burble_dummy_network_after (network, 1200, read_cb,
                              thought_copy (thought), (GDestroyNotify) thought_free);
}

static char *
think (BurbleDummyAccount *person, const char *text)
{
  g_autofree char *words = g_utf8_strdown (text != NULL ? text : "", -1);

  if (strstr (words, "hello") != NULL || strstr (words, "good morning") != NULL
      || g_str_has_prefix (words, "hi"))
    return g_strdup ("Hello! Nice to hear from you.");
  if (strstr (words, "thank") != NULL)
    return g_strdup ("You're welcome.");
  if (strstr (words, "how are you") != NULL)
    return g_strdup_printf ("Quite well%s%s. And you?", person->mood != NULL ? ", " : "",
                            person->mood != NULL ? person->mood : "");
  if (strchr (words, '?') != NULL)
    return g_strdup ("Good question. I would say yes, but ask me again tomorrow.");
  return g_strdup (answers[person->heard % G_N_ELEMENTS (answers)]);
}

void
burble_dummy_people_hear (BurbleDummyNetwork *self,
                          BurbleDummyAccount *person,
                          BurbleDummyAccount *sender,
                          const char         *peer,
                          const char         *message_id,
                          const char         *text)
{
  Thought *thought = NULL;
  gboolean in_room = strcmp (peer, sender->id) != 0;

  /* Canned people do not chat with each other: it would never end. Nobody hears while away. */
  if (sender->canned || person->status == BURBLE_PEER_OFFLINE)
    return;

  person->heard++;
  thought = g_new0 (Thought, 1);
  thought->person = g_strdup (person->id);
  thought->reader = g_strdup (sender->id);
  thought->peer = g_strdup (peer);
  thought->message = g_strdup (message_id);
  if (person->status != BURBLE_PEER_DND && (!in_room || g_str_has_prefix (person->id, "tomas@")))
    thought->answer = think (person, text);
  burble_dummy_network_after (self, 300, delivered_cb, thought, (GDestroyNotify) thought_free);
}

typedef struct
{
  char *person;
  char *asker;
} Request;

static void
request_free (Request *request)
{
  g_free (request->person);
  g_free (request->asker);
  g_free (request);
}

static void
agree_cb (BurbleDummyNetwork *network, gpointer data)
{
  Request *request = data;
  BurbleDummyAccount *person = burble_dummy_network_find (network, request->person);
  g_autoptr(BurbleRosterItem) change = burble_roster_item_new (request->asker);

  if (person != NULL && g_hash_table_contains (person->roster, request->asker))
    burble_dummy_network_change_roster (network, person, change, NULL);
}

/* They agree after a moment. */
void
burble_dummy_people_asked (BurbleDummyNetwork *self,
                           BurbleDummyAccount *person,
                           BurbleDummyAccount *who)
{
  Request *request = g_new0 (Request, 1);

  request->person = g_strdup (person->id);
  request->asker = g_strdup (who->id);
  burble_dummy_network_after (self, 2500, agree_cb, request, (GDestroyNotify) request_free);
}
