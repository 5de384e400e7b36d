/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "burble-server-summary"

#include "config.h"

#include "burble-server-summary.h"

struct _BurbleServerSummary
{
  GObject parent_instance;

  char *name;
  char *slogan;
  gint64 people;
  gint64 max_people;
  gboolean can_sign_in;
  int age;
};

G_DEFINE_FINAL_TYPE (BurbleServerSummary, burble_server_summary, G_TYPE_OBJECT)

static void
burble_server_summary_finalize (GObject *object)
{
  BurbleServerSummary *self = BURBLE_SERVER_SUMMARY (object);

  g_free (self->name);
  g_free (self->slogan);

  G_OBJECT_CLASS (burble_server_summary_parent_class)->finalize (object);
}

static void
burble_server_summary_class_init (BurbleServerSummaryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = burble_server_summary_finalize;
}

static void
burble_server_summary_init (BurbleServerSummary *self)
{
}

BurbleServerSummary *
burble_server_summary_new (const char *name,
                           const char *slogan,
                           gint64      people,
                           gint64      max_people,
                           gboolean    can_sign_in,
                           int         age)
{
  BurbleServerSummary *self = g_object_new (BURBLE_TYPE_SERVER_SUMMARY, NULL);

  self->name = g_strdup (name);
  self->slogan = g_strdup (slogan);
  self->people = people;
  self->max_people = max_people;
  self->can_sign_in = can_sign_in;
  self->age = age;
  return self;
}

const char *
burble_server_summary_get_name (BurbleServerSummary *self)
{
  g_return_val_if_fail (BURBLE_IS_SERVER_SUMMARY (self), NULL);

  return self->name;
}

const char *
burble_server_summary_get_slogan (BurbleServerSummary *self)
{
  g_return_val_if_fail (BURBLE_IS_SERVER_SUMMARY (self), NULL);

  return self->slogan;
}

gint64
burble_server_summary_get_people (BurbleServerSummary *self)
{
  g_return_val_if_fail (BURBLE_IS_SERVER_SUMMARY (self), -1);

  return self->people;
}

gint64
burble_server_summary_get_max_people (BurbleServerSummary *self)
{
  g_return_val_if_fail (BURBLE_IS_SERVER_SUMMARY (self), -1);

  return self->max_people;
}

gboolean
burble_server_summary_get_can_sign_in (BurbleServerSummary *self)
{
  g_return_val_if_fail (BURBLE_IS_SERVER_SUMMARY (self), FALSE);

  return self->can_sign_in;
}

int
burble_server_summary_get_age (BurbleServerSummary *self)
{
  g_return_val_if_fail (BURBLE_IS_SERVER_SUMMARY (self), 0);

  return self->age;
}
