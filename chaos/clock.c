/* Preloaded into a process, makes its wall clock wrong by the seconds that the file $CHAOS_CLOCK
 * begins with (eight bytes, native), also while it runs. The monotonic clock is left alone, as the
 * kernel leaves it. Not libfaketime: with it, Python's time.sleep ends with EINVAL. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>

static volatile const int64_t *wrong_by;
static int (*real_gettime)(clockid_t, struct timespec *);

__attribute__((constructor)) static void look_up(void) {
  const char *path = getenv("CHAOS_CLOCK");
  int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  real_gettime = dlsym(RTLD_NEXT, "clock_gettime");
  if (file >= 0) {
    void *at = mmap(NULL, sizeof *wrong_by, PROT_READ, MAP_SHARED, file, 0);
    if (at != MAP_FAILED) wrong_by = at;
  }
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  if (!real_gettime) look_up();
  int failed = real_gettime(clock, now);
  if (!failed && wrong_by && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE))
    now->tv_sec += *wrong_by;
  return failed;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  struct timespec exact;
  (void)zone;
  clock_gettime(CLOCK_REALTIME, &exact);
  now->tv_sec = exact.tv_sec;
  now->tv_usec = exact.tv_nsec / 1000;
  return 0;
}

time_t time(time_t *kept) {
  struct timespec exact;
  clock_gettime(CLOCK_REALTIME_COARSE, &exact);
  if (kept) *kept = exact.tv_sec;
  return exact.tv_sec;
}
