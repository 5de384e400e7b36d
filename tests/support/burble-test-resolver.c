/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "burble-test-resolver.h"

struct _BurbleTestResolver
{
  GResolver   parent_instance;
  GHashTable *hosts;    /* name -> GInetAddress */
  GHashTable *services; /* rrname -> GPtrArray of GSrvTarget */
  char       *last_query;
  gboolean    stalled;
};

G_DEFINE_FINAL_TYPE (BurbleTestResolver, burble_test_resolver, G_TYPE_RESOLVER)

static void
free_addresses (GList *addresses)
{
  g_list_free_full (addresses, g_object_unref);
}

static void
lookup_by_name_with_flags_async (GResolver               *resolver,
                                 const char              *hostname,
                                 GResolverNameLookupFlags flags,
                                 GCancellable            *cancellable,
                                 GAsyncReadyCallback      callback,
                                 gpointer                 user_data)
{
  BurbleTestResolver *self = BURBLE_TEST_RESOLVER (resolver);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  GInetAddress *address = g_hash_table_lookup (self->hosts, hostname);
  GSocketFamily family = address != NULL ? g_inet_address_get_family (address)
                                         : G_SOCKET_FAMILY_INVALID;

  g_task_set_source_tag (task, lookup_by_name_with_flags_async);
  if (address == NULL ||
      (flags & G_RESOLVER_NAME_LOOKUP_FLAGS_IPV4_ONLY && family != G_SOCKET_FAMILY_IPV4) ||
      (flags & G_RESOLVER_NAME_LOOKUP_FLAGS_IPV6_ONLY && family != G_SOCKET_FAMILY_IPV6))
    g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "No host %s",
                             hostname);
  else
    g_task_return_pointer (task, g_list_append (NULL, g_object_ref (address)),
                           (GDestroyNotify) free_addresses);
}

static GList *
lookup_by_name_with_flags_finish (GResolver    *resolver,
                                  GAsyncResult *result,
                                  GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static gboolean
stalled_cb (GCancellable *cancellable,
            gpointer      user_data)
{
  g_task_return_error_if_cancelled (user_data);
  return G_SOURCE_REMOVE;
}

static void
lookup_service_async (GResolver          *resolver,
                      const char         *rrname,
                      GCancellable       *cancellable,
                      GAsyncReadyCallback callback,
                      gpointer            user_data)
{
  BurbleTestResolver *self = BURBLE_TEST_RESOLVER (resolver);
  g_autoptr(GTask) task = g_task_new (self, cancellable, callback, user_data);
  GPtrArray *targets = g_hash_table_lookup (self->services, rrname);
  GList *list = NULL;

  g_task_set_source_tag (task, lookup_service_async);
  g_set_str (&self->last_query, rrname);
  if (self->stalled)
    {
      g_autoptr(GSource) source = g_cancellable_source_new (cancellable);

      g_task_attach_source (task, source, G_SOURCE_FUNC (stalled_cb));
      return;
    }
  if (targets == NULL)
    {
      g_task_return_new_error (task, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "No service %s",
                               rrname);
      return;
    }
  for (guint i = 0; i < targets->len; i++)
    list = g_list_append (list, g_srv_target_copy (targets->pdata[i]));
  g_task_return_pointer (task, g_srv_target_list_sort (list),
                         (GDestroyNotify) g_resolver_free_targets);
}

static GList *
lookup_service_finish (GResolver    *resolver,
                       GAsyncResult *result,
                       GError      **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
burble_test_resolver_finalize (GObject *object)
{
  BurbleTestResolver *self = BURBLE_TEST_RESOLVER (object);

  g_hash_table_unref (self->hosts);
  g_hash_table_unref (self->services);
  g_free (self->last_query);

  G_OBJECT_CLASS (burble_test_resolver_parent_class)->finalize (object);
}

static void
burble_test_resolver_class_init (BurbleTestResolverClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GResolverClass *resolver_class = G_RESOLVER_CLASS (klass);

  object_class->finalize = burble_test_resolver_finalize;
  resolver_class->lookup_by_name_with_flags_async = lookup_by_name_with_flags_async;
  resolver_class->lookup_by_name_with_flags_finish = lookup_by_name_with_flags_finish;
  resolver_class->lookup_service_async = lookup_service_async;
  resolver_class->lookup_service_finish = lookup_service_finish;
}

static void
burble_test_resolver_init (BurbleTestResolver *self)
{
  self->hosts = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_object_unref);
  self->services = g_hash_table_new_full (g_str_hash, g_str_equal, g_free,
                                          (GDestroyNotify) g_ptr_array_unref);
}

BurbleTestResolver *
burble_test_resolver_new (void)
{
  return g_object_new (BURBLE_TEST_TYPE_RESOLVER, NULL);
}

void
burble_test_resolver_add_host (BurbleTestResolver *self,
                               const char         *name,
                               const char         *address)
{
  g_hash_table_replace (self->hosts, g_strdup (name), g_inet_address_new_from_string (address));
}

void
burble_test_resolver_add_service (BurbleTestResolver *self,
                                  const char         *rrname,
                                  const char         *host,
                                  guint16             port,
                                  guint16             priority)
{
  GPtrArray *targets = g_hash_table_lookup (self->services, rrname);

  if (targets == NULL)
    {
      targets = g_ptr_array_new_with_free_func ((GDestroyNotify) g_srv_target_free);
      g_hash_table_insert (self->services, g_strdup (rrname), targets);
    }
  g_ptr_array_add (targets, g_srv_target_new (host, port, priority, 0));
}

void
burble_test_resolver_set_stalled (BurbleTestResolver *self,
                                  gboolean            stalled)
{
  self->stalled = stalled;
}

const char *
burble_test_resolver_get_last_query (BurbleTestResolver *self)
{
  return self->last_query;
}
