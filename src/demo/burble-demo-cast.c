/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-demo"

#include "config.h"

#include "burble-demo-cast.h"

#include <string.h>

/* Everybody in the demo is invented; the domain is one that is reserved for examples. */

static const BurbleDemoStep alice_day[] = {
  { 90, BURBLE_STATUS_AVAILABLE, "in the library until five" },
  { 20, BURBLE_STATUS_AWAY, "getting coffee" },
  { 120, BURBLE_STATUS_AVAILABLE, "back at the microscope" },
  { 0 },
};
static const BurbleDemoStep bob_day[] = {
  { 35, BURBLE_STATUS_AWAY, "on the train" },
  { 60, BURBLE_STATUS_AVAILABLE, NULL },
  { 25, BURBLE_STATUS_AWAY, "tunnel" },
  { 0 },
};
static const BurbleDemoStep priya_day[] = {
  { 75, BURBLE_STATUS_DND, "quarterly report, please knock" },
  { 45, BURBLE_STATUS_AVAILABLE, "report is out!" },
  { 0 },
};
static const BurbleDemoStep chen_day[] = {
  { 25, BURBLE_STATUS_OFFLINE, NULL },
  { 70, BURBLE_STATUS_AVAILABLE, "night shift" },
  { 0 },
};
static const BurbleDemoStep fatima_day[] = {
  { 110, BURBLE_STATUS_AVAILABLE, "painting the kitchen" },
  { 15, BURBLE_STATUS_OFFLINE, NULL },
  { 0 },
};
static const BurbleDemoStep tomas_day[] = {
  { 50, BURBLE_STATUS_AVAILABLE, "seeds, seeds, seeds" },
  { 40, BURBLE_STATUS_AWAY, "outside" },
  { 0 },
};
static const BurbleDemoStep lena_day[] = {
  { 200, BURBLE_STATUS_AVAILABLE, "tagging the release" },
  { 30, BURBLE_STATUS_DND, "building" },
  { 0 },
};
static const BurbleDemoStep noor_day[] = {
  { 300, BURBLE_STATUS_AVAILABLE, "new here" },
  { 0 },
};

static const char * const alice_talk[] = {
  "Moss does not hurry, and neither shall I.",
  "I read something like that this morning. Shall I send you the page number?",
  "Tell me more; I have a quarter of an hour before the next class.",
  NULL,
};
static const char * const bob_talk[] = {
  "Sounds good to me 👍",
  "The train is slow today, so I have time. Go on?",
  "Let me look that up when I have a table to put the laptop on.",
  NULL,
};
static const char * const priya_talk[] = {
  "Noted. I'll add it to the list for Thursday.",
  "Could you put a number on that? Just a rough one.",
  "Agreed. That is the short version of my whole report.",
  NULL,
};
static const char * const chen_talk[] = {
  "Good to know, thanks.",
  "I can check that on the machine tonight.",
  "Interesting. What happens if you turn it off and on again? 😄",
  NULL,
};
static const char * const fatima_talk[] = {
  "My hands are full of paint, so: yes!",
  "Ha, that made my day.",
  "Come by on Saturday and see for yourself.",
  NULL,
};
static const char * const tomas_talk[] = {
  "The tomatoes say hello 🍅",
  "Depends on the weather, like everything.",
  "I'll bring a basket on Sunday.",
  NULL,
};
static const char * const lena_talk[] = {
  "Tests are green, so I believe you.",
  "Put it in the notes and I will tag it.",
  "One more commit and then tea, I promise.",
  NULL,
};
static const char * const noor_talk[] = {
  "Thanks for having me!",
  "I'm still finding my way around. Who else is here?",
  NULL,
};

const BurbleDemoPerson burble_demo_people[] = {
  { "alice", "Alice Okafor", "Botanist. Ask me about moss.", "Laptop", alice_day, alice_talk },
  { "bob", "Bob Hartmann", "Trains, timetables, tea.", "Phone", bob_day, bob_talk },
  { "priya", "Priya Raman", "Numbers person.", "Office", priya_day, priya_talk },
  { "chen", "Chen Wei", "Keeps the machines awake.", "Desk", chen_day, chen_talk },
  { "fatima", "Fatima Zahra", "Paints walls and pictures.", "Tablet", fatima_day, fatima_talk },
  { "tomas", "Tomás Herrera", "Garden Club.", "Shed", tomas_day, tomas_talk },
  { "lena", "Lena Novák", "Release manager.", "Workstation", lena_day, lena_talk },
  { "noor", "Noor Haddad", "New in town.", "Phone", noor_day, noor_talk, TRUE },
  { NULL },
};

const BurbleDemoLine burble_demo_story[] = {
  { "chen", "maya", 2910, "The printer on the second floor is back to its old tricks." },
  { "chen", "chen", 2905, "Is it the tray again? Push it in until it clicks." },
  { "chen", "maya", 2890, "It clicked!" },
  { "chen", "chen", 2889, "Thanks, that worked! I mean: you're welcome 😄" },
  { "fatima", "fatima", 2700, "The kitchen will be green after all." },
  { "fatima", "maya", 2695, "Which green?" },
  { "fatima", "fatima", 2694, "The one that looks like the inside of an avocado." },
  { "lena", "lena", 1700, "The release branch is open." },
  { "lena", "maya", 1690, "I'll have the notes ready tonight." },
  { "lena", "lena", 1688, "Tag is up. Notes look lovely, thank you." },
  { "alice", "alice", 1503, "Did the server move go through?" },
  { "alice", "maya", 1501, "Yes — the roster came straight from the cache, nobody noticed." },
  { "alice", "alice", 1499, "That is the best kind of server move." },
  { "garden-club", "tomas", 1470, "The greenhouse has a new roof. It took four people and "
                                   "one cake." },
  { "garden-club", "maya", 1465, "Who brought the cake?" },
  { "garden-club", "fatima", 1464, "I did. Carrot, of course." },
  { "priya", "maya", 420, "How is the report coming along?" },
  { "priya", "priya", 415, "Two charts to go. The second one argues with the first." },
  { "bob", "bob", 190, "Dinner on Thursday? There is a new place by the station." },
  { "bob", "maya", 185, "Gladly. Seven?" },
  { "bob", "bob", 180, "They fill up early: six?" },
  { "bob", "maya", 178, "See you at six" },
  { "alice", "alice", 75, "View from the new office: hills to the left, the library to the "
                          "right 🏔️" },
  { "alice", "maya", 71, "The floor plan is on its way. The red desks are ours, see page 2: "
                         "https://chat.example.org/plans" },
  { "alice", "alice", 70, "Lovely, and so close to the window." },
  { "priya", "priya", 50, "Report is done. Shall I send you the long or the short one?", TRUE },
  { "priya", "priya", 49, "Never mind, you get both.", TRUE },
  { "garden-club", "tomas", 30, "Seeds arrive on Friday 🌱", TRUE },
  { "garden-club", "fatima", 28, "Count me in for the planting!", TRUE },
  { "garden-club", "tomas", 25, "Bring gloves, please. The roses are in a mood.", TRUE },
  { "alice", "alice", 3, "Perfect, thank you!", TRUE },
  { NULL },
};

typedef struct
{
  const char *words; /* any of these, separated by '|' */
  const char *answer;
} Rule;

/* First match wins. */
static const Rule rules[] = {
  { "hello|hi |hey|good morning|good evening|moin|hallo", "Hello Maya! Good to see you here." },
  { "how are you|how's it going|how is it going",
    "Fine, thank you! Busy, but the good kind. And you?" },
  { "thank", "You're welcome 🙂" },
  { "bye|good night|see you|later", "See you! I'll leave the light on." },
  { "where are you|what are you doing|what's up",
    "You can see it next to my name: I keep my mood up to date." },
  { "lunch|dinner|coffee|cake|eat", "Always. Name a place and I'll be there in ten minutes." },
  { "photo|picture|image|file", "I'd love to see it. Send it when you have a moment." },
  { "server|burble", "It runs on this very machine, as far as I can tell. Quick, isn't it?" },
  { "sorry|oops", "No harm done!" },
  { "weather|rain|sun", "Grey here, with a promise of sun in the afternoon." },
  { "love|great|nice|cool|perfect|wonderful", "I thought you'd like it!" },
};

static gboolean
mentions (const char *folded,
          const char *words)
{
  g_auto(GStrv) list = g_strsplit (words, "|", -1);

  for (guint i = 0; list[i] != NULL; i++)
    if (strstr (folded, list[i]) != NULL)
      return TRUE;
  return FALSE;
}

/**
 * burble_demo_answer:
 * @person: who answers
 * @text: what was said to them
 * @turn: counts their answers, so that small talk does not repeat itself at once
 *
 * Returns: (transfer full): what they say
 */
char *
burble_demo_answer (const BurbleDemoPerson *person,
                    const char             *text,
                    guint                   turn)
{
  g_autofree char *folded = g_utf8_casefold (text, -1);
  g_autofree char *padded = g_strconcat (folded, " ", NULL);

  if (mentions (padded, "what time|time is it"))
    {
      g_autoptr(GDateTime) now = g_date_time_new_now_local ();
      g_autofree char *clock = g_date_time_format (now, "%H:%M");

      return g_strdup_printf ("My clock says %s.", clock);
    }
  for (guint i = 0; i < G_N_ELEMENTS (rules); i++)
    if (mentions (padded, rules[i].words))
      return g_strdup (rules[i].answer);
  return g_strdup (person->small_talk[turn % g_strv_length ((GStrv) person->small_talk)]);
}

/**
 * burble_demo_log_entry:
 * @index: which entry, from 0
 * @total: how many there are
 *
 * Returns: (transfer full): a line of the long history, always the same for the same @index
 */
char *
burble_demo_log_entry (guint index,
                       guint total)
{
  static const char * const beds[] = { "tomatoes", "beans", "carrots", "the herb spiral", "roses",
                                       "pumpkins", "the compost" };
  static const char * const deeds[] = { "watered", "weeded", "looked after", "talked to",
                                        "measured", "tied up" };
  static const char * const ends[] = { "All well.", "Slugs: three.", "A robin watched.",
                                       "Soil is dry.", "Needs another look on Sunday." };

  return g_strdup_printf ("Garden log %u of %u: %s %s. %s", index + 1, total,
                          deeds[(index * 5 + index / 7) % G_N_ELEMENTS (deeds)],
                          beds[(index * 3 + index / 5) % G_N_ELEMENTS (beds)],
                          ends[(index * 7 + index / 3) % G_N_ELEMENTS (ends)]);
}
