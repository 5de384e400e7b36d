/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include <glib.h>

#include "burble-enums.h"

G_BEGIN_DECLS

#define BURBLE_DEMO_DOMAIN "chat.example.org"

/* One step of a person's day: after `seconds` they are like this. */
typedef struct
{
  guint seconds;
  BurbleStatus status;
  const char *mood;
} BurbleDemoStep;

typedef struct
{
  const char *username;
  const char *name;
  const char *bio;
  const char *terminal;
  const BurbleDemoStep *day;       /* ends with seconds 0; then starts again */
  const char * const *small_talk;  /* NULL-terminated; said when nothing better comes to mind */
  gboolean asks;                   /* not in the user's contacts: asks to be added */
} BurbleDemoPerson;

/* A line of the story that was told before the window opened. */
typedef struct
{
  const char *who;     /* user name of the contact or of the room: the chat it stands in */
  const char *speaker; /* user name of who says it */
  guint minutes_ago;
  const char *text;
  gboolean unread;
} BurbleDemoLine;

#define BURBLE_DEMO_USER "maya"
#define BURBLE_DEMO_USER_NAME "Maya Lindqvist"
#define BURBLE_DEMO_GUEST "jonas"
#define BURBLE_DEMO_GUEST_NAME "Jonas Berg"
#define BURBLE_DEMO_ROOM "garden-club"
#define BURBLE_DEMO_ROOM_NAME "Garden Club"

extern const BurbleDemoPerson burble_demo_people[]; /* ends with username NULL */
extern const BurbleDemoLine burble_demo_story[];    /* ends with who NULL; oldest first */

/* (transfer full) what the person says to `text`; `turn` counts their answers. */
char *burble_demo_answer (const BurbleDemoPerson *person, const char *text, guint turn);
/* The long history: entry `index` of `total`, (transfer full). */
char *burble_demo_log_entry (guint index, guint total);

G_END_DECLS
