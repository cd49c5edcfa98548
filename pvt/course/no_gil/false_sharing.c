/* Two threads count by atomic additions, each in a place of its own: the places are so many bytes apart. Prints the seconds it took. */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static long times;
static int missing = 2; /* threads that have not begun; macOS has no pthread_barrier */
struct work { long *counter; int core; struct timespec begin, end; };

static void *count(void *given)
{
    struct work *work = given;
#ifdef __linux__
    if (work->core >= 0) {
        cpu_set_t cores;
        CPU_ZERO(&cores);
        CPU_SET(work->core, &cores);
        pthread_setaffinity_np(pthread_self(), sizeof cores, &cores);
    }
#endif
    __atomic_sub_fetch(&missing, 1, __ATOMIC_ACQ_REL);
    while (__atomic_load_n(&missing, __ATOMIC_ACQUIRE) > 0)
        sched_yield();
    clock_gettime(CLOCK_MONOTONIC, &work->begin);
    for (long at = 0; at < times; at++)
        __atomic_fetch_add(work->counter, 1, __ATOMIC_RELAXED);
    clock_gettime(CLOCK_MONOTONIC, &work->end);
    return NULL;
}

static double seconds(struct timespec time) { return time.tv_sec + time.tv_nsec * 1e-9; }

int main(int argc, char **argv)
{
    if (argc < 5)
        return 2;
    long apart = atol(argv[1]);
    times = atol(argv[2]);
    char *memory = aligned_alloc(4096, 8192);
    struct work works[2] = {
        {(long *)memory, atoi(argv[3])},
        {(long *)(memory + apart), atoi(argv[4])},
    };
    pthread_t threads[2];
    *works[0].counter = *works[1].counter = 0;
    for (int at = 0; at < 2; at++)
        pthread_create(&threads[at], NULL, count, &works[at]);
    for (int at = 0; at < 2; at++)
        pthread_join(threads[at], NULL);
    double begin = seconds(works[0].begin), end = seconds(works[0].end);
    if (seconds(works[1].begin) < begin) begin = seconds(works[1].begin);
    if (seconds(works[1].end) > end) end = seconds(works[1].end);
    printf("%.9f %ld %ld\n", end - begin, *works[0].counter, *works[1].counter);
    return 0;
}
