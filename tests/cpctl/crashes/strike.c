/* Loaded before the binary, kills it at its fdatasync of the number in $STRIKE_AT: what it wrote is there, and nothing after it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <signal.h>
#include <stdlib.h>

static int calls;

int fdatasync(int file) {
    const char *at = getenv("STRIKE_AT");
    if (at && __sync_add_and_fetch(&calls, 1) == atoi(at)) raise(SIGKILL);
    return ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(file);
}
