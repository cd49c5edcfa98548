/* The same as pvt/pingpong.py in C: two partners hand one byte to and fro over two pipes.

   switch thread|process CORE CORE HANDOVERS

   The first CORE is that of the starter, the second its partner's; -1 leaves it to the kernel. Prints one line: seconds for one
   hand-over, seconds to write and read a byte without a switch, and the kernel's counts of switches, voluntary and not. */

#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int there[2], back[2], own[2], their_core;
static pid_t partner;
static long voluntary, involuntary;

static void pin(int core) {
    cpu_set_t cores;
    if (core < 0) return;
    CPU_ZERO(&cores);
    CPU_SET(core, &cores);
    if (sched_setaffinity(0, sizeof cores, &cores)) exit(2);
}

static void ping(int mouth, int ear, long times) {
    char byte = 'x';
    while (times-- > 0)
        if (write(mouth, &byte, 1) != 1 || read(ear, &byte, 1) != 1) exit(3);
}

static void *pong(void *nothing) {
    char byte;
    pin(their_core);
    partner = syscall(SYS_gettid);
    while (read(there[0], &byte, 1) == 1 && write(back[1], &byte, 1) == 1);
    return nothing;
}

static void start(int thread) {
    pthread_t worker;
    if (thread) {
        if (pthread_create(&worker, NULL, pong, NULL)) exit(4);
    } else if ((partner = fork()) == 0) {
        close(there[1]); /* else it would never see the end */
        pong(NULL);
        _exit(0);
    }
}

static void count(pid_t task, int sign) {
    char path[64], line[256];
    snprintf(path, sizeof path, "/proc/%d/status", (int)task);
    FILE *status = fopen(path, "r");
    while (status && fgets(line, sizeof line, status))
        if (strstr(line, "ctxt_switches"))
            *(line[0] == 'n' ? &involuntary : &voluntary) += sign * atol(strchr(line, ':') + 1);
    if (status) fclose(status);
}

static double timed(int mouth, int ear, long times) {
    struct timespec begin, end;
    clock_gettime(CLOCK_MONOTONIC, &begin);
    ping(mouth, ear, times);
    clock_gettime(CLOCK_MONOTONIC, &end);
    return end.tv_sec - begin.tv_sec + (end.tv_nsec - begin.tv_nsec) / 1e9;
}

int main(int words, char **word) {
    if (words != 5 || pipe(there) || pipe(back) || pipe(own)) return 1;
    long handovers = atol(word[4]); /* 8 or more */
    pin(atoi(word[2]));
    their_core = atoi(word[3]);
    start(word[1][0] == 't');
    ping(there[1], back[0], 20); /* to warm up; now the partner is known, too */
    count(getpid(), -1), count(partner, -1);
    double seconds = timed(there[1], back[0], handovers / 2) / handovers;
    count(getpid(), 1), count(partner, 1);
    ping(own[1], own[0], 20);
    double pipe = seconds; /* the least of four: what disturbs can only add */
    for (int turn = 0; turn < 4; turn++) {
        double taken = timed(own[1], own[0], handovers / 8) / (handovers / 8);
        pipe = taken < pipe ? taken : pipe;
    }
    printf("%.9f %.9f %ld %ld\n", seconds, pipe, voluntary, involuntary);
    return 0;
}
