/* Preloaded into a process, this puts its wall clock CLOCK_OFF_BY seconds off; other clocks run as they do. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

int clock_gettime(clockid_t clock, struct timespec *at) {
    static int (*real)(clockid_t, struct timespec *);
    if (!real) real = (int (*)(clockid_t, struct timespec *))dlsym(RTLD_NEXT, "clock_gettime");
    int failed = real(clock, at);
    const char *off = getenv("CLOCK_OFF_BY");
    if (!failed && clock == CLOCK_REALTIME && off) at->tv_sec += atol(off);
    return failed;
}
