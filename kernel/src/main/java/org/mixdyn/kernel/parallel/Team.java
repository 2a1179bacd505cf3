package org.mixdyn.kernel.parallel;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed number of threads that execute one piece of work together. The caller is rank 0; the others are daemon threads
 * that spin for a moment between two pieces of work and then sleep. One team of each size serves the whole process:
 * callers of the same team take turns.
 */
public final class Team {
    /** What every thread of a team executes, once. */
    @FunctionalInterface
    public interface Work {
        /**
         * The share of one thread.
         *
         * @param rank number of this thread, 0 for the caller
         * @param size threads in the team
         */
        void execute(int rank, int size);
    }

    /** Largest team, far above any machine that this was written for. */
    public static final int MAX_THREADS = 1024;

    /** Spins before a thread sleeps: some tens of microseconds, the gap between two products of a training step. */
    private static final int SPINS = 4000;

    private static final ConcurrentHashMap<Integer, Team> TEAMS = new ConcurrentHashMap<>();

    /** The team that a thread is at work for, null for none. */
    private static final ThreadLocal<Team> AT_WORK_FOR = new ThreadLocal<>();

    /** The team in whose work this one was last given its own, on any of its threads; null for none. */
    private Team outer;
    private final int size;
    private final Thread[] others;
    private final AtomicInteger unfinished = new AtomicInteger();
    private final AtomicInteger arrived = new AtomicInteger();
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private volatile int barrierGeneration;
    private volatile int generation;
    private Work work;

    private Team(int size) {
        this.size = size;
        others = new Thread[size - 1];
        for (int rank = 1; rank < size; rank++) {
            int own = rank;
            others[rank - 1] = Thread.ofPlatform().daemon().name("mixdyn-" + size + "-" + rank)
                    .start(() -> serve(own));
        }
    }

    /**
     * The team of a given size.
     *
     * @throws IllegalArgumentException if threads is not in 1 .. {@value #MAX_THREADS}
     */
    public static Team of(int threads) {
        if (threads < 1 || threads > MAX_THREADS) {
            throw new IllegalArgumentException("threads is " + threads + "; allowed are 1 to " + MAX_THREADS);
        }
        return TEAMS.computeIfAbsent(threads, Team::new);
    }

    /** Threads in this team, the caller included. */
    public int size() {
        return size;
    }

    /**
     * Executes work on every thread of the team and returns when all are done. From inside of it other teams may be given work;
     * where two callers do so with the same two teams in opposite orders, they may wait for each other for ever.
     *
     * @throws IllegalStateException if called from inside work of the same team, or if a thread's share of the work fails
     */
    public void run(Work newWork) {
        if (size == 1) {
            newWork.execute(0, 1);
            return;
        }
        requireOutside();
        synchronized (this) {
            work = newWork;
            outer = AT_WORK_FOR.get();
            unfinished.set(size - 1);
            arrived.set(0);
            generation = generation + 1;
            for (Thread other : others) {
                LockSupport.unpark(other);
            }
            perform(newWork, 0);
            for (int spins = 0; unfinished.get() > 0; spins++) {
                pause(spins);
            }
            work = null;
            Throwable thrown = failure.getAndSet(null);
            if (thrown != null) {
                throw new IllegalStateException("a thread of the team failed: " + thrown, thrown);
            }
        }
    }

    /**
     * Checks that {@link #run} may be called. Whoever will wait for something else first, which another caller of this team may
     * hold, asks before: from inside of work it would wait for ever.
     *
     * @throws IllegalStateException if called from inside work of this team, perhaps by way of other teams; that of one thread is
     *                               no team's
     */
    public void requireOutside() {
        for (Team team = AT_WORK_FOR.get(); team != null; team = team.outer) {
            if (team == this) {
                throw new IllegalStateException("a team cannot be given work from inside its own work");
            }
        }
    }

    /**
     * Waits inside work until every thread of the team has come here. What was written before is seen after.
     *
     * @throws IllegalStateException if another thread's part of the work has failed, and so will never come
     */
    public void barrier() {
        if (size == 1) {
            return;
        }
        int before = barrierGeneration;
        if (arrived.incrementAndGet() == size) {
            arrived.set(0);
            barrierGeneration = before + 1;
            return;
        }
        for (int spins = 0; barrierGeneration == before; spins++) {
            if (failure.get() != null) {
                throw new IllegalStateException("another thread of the team failed");
            }
            pause(spins);
        }
    }

    private void perform(Work share, int rank) {
        try {
            AT_WORK_FOR.set(this);
            share.execute(rank, size);
        } catch (Throwable thrown) {
            failure.compareAndSet(null, thrown);
        } finally {
            // Of a worker none; to remove the value would be to allocate a place for it again each time.
            AT_WORK_FOR.set(rank == 0 ? outer : null);
        }
    }

    private void serve(int rank) {
        int seen = 0;
        while (true) {
            for (int spins = 0; generation == seen; spins++) {
                if (spins < SPINS) {
                    Thread.onSpinWait();
                } else {
                    LockSupport.park(this);
                    // An interrupt is not for the team: with its mark no thread would sleep again.
                    Thread.interrupted();
                }
            }
            seen++;
            perform(work, rank);
            unfinished.decrementAndGet();
        }
    }

    /**
     * Spins, and gives the core away once the wait is long: there may be more threads than cores. It stays runnable, so that
     * the system sees two threads on one core and parts them: threads that slept instead took turns on one for seconds.
     */
    private static void pause(int spins) {
        if (spins < SPINS) {
            Thread.onSpinWait();
        } else {
            Thread.yield();
        }
    }
}
