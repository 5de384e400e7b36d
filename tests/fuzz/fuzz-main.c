/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "fuzz.h"

/*
 * Where there is no libFuzzer: feeds the files of a corpus to the target, and each with its end
 * cut off and with one byte changed, so that the targets are compiled and run everywhere.
 */

static void
run (const guint8 *data, gsize size)
{
  /* Memory that ends where the input ends, for valgrind and the address sanitizer. */
  g_autofree guint8 *copy = g_memdup2 (data, size);

  LLVMFuzzerTestOneInput (copy != NULL ? copy : (const guint8 *) "", size);
}

static void
test_file (gconstpointer path)
{
  g_autofree char *contents = NULL;
  g_autoptr(GError) error = NULL;
  gsize size = 0;

  g_file_get_contents (path, &contents, &size, &error);
  g_assert_no_error (error);
  run ((const guint8 *) contents, size);
  for (gsize i = 0; i < size; i++)
    {
      char byte = contents[i];

      run ((const guint8 *) contents, i);
      contents[i] = (char) (byte ^ (1 << i % 8));
      run ((const guint8 *) contents, size);
      contents[i] = byte;
    }
}

int
main (int argc, char **argv)
{
  g_autoptr(GError) error = NULL;
  g_autoptr(GDir) dir = NULL;
  const char *corpus = NULL;
  const char *name;

  g_test_init (&argc, &argv, G_TEST_OPTION_ISOLATE_DIRS, NULL);
  g_assert_cmpint (argc, ==, 2);
  corpus = argv[1];
  dir = g_dir_open (corpus, 0, &error);
  g_assert_no_error (error);

  while ((name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *target = g_path_get_basename (corpus);
      g_autofree char *path = g_strdup_printf ("/fuzz/%s/%s", target, name);

      g_test_add_data_func_full (path, g_build_filename (corpus, name, NULL), test_file, g_free);
    }
  return g_test_run ();
}
