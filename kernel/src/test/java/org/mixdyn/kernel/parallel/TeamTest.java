package org.mixdyn.kernel.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

// On a thread of its own: who waits for a lock hears no interrupt.
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class TeamTest {
    /** More threads than processors too. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 12})
    void whatIsWrittenBeforeABarrierIsSeenAfterIt(int threads) {
        int[] written = new int[threads];
        AtomicInteger wrong = new AtomicInteger();
        Team team = Team.of(threads);
        for (int run = 0; run < 3; run++) {
            team.run((rank, size) -> {
                for (int round = 1; round <= 1000; round++) {
                    written[rank] = round;
                    team.barrier();
                    for (int other : written) {
                        if (other != round) {
                            wrong.incrementAndGet();
                        }
                    }
                    team.barrier();
                }
            });
        }
        assertEquals(0, wrong.get());
    }

    @Test
    void everyThreadHasOneShare() {
        Team team = Team.of(5);
        AtomicIntegerArray shares = new AtomicIntegerArray(5);
        for (int run = 0; run < 200; run++) {
            team.run((rank, size) -> shares.addAndGet(rank, size));
        }
        for (int rank = 0; rank < 5; rank++) {
            assertEquals(1000, shares.get(rank));
        }
    }

    /** Whoever waits at a barrier for a thread that failed is told, and the next work is done as if nothing had been. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void aFailureEndsTheWorkOfAll(int failing) {
        Team team = Team.of(3);
        for (int run = 0; run < 20; run++) {
            IllegalStateException failure = assertThrows(IllegalStateException.class, () -> team.run((rank, size) -> {
                if (rank == failing) {
                    throw new IllegalArgumentException("rank " + rank);
                }
                team.barrier();
            }));
            assertEquals("rank " + failing, failure.getCause().getMessage());
            AtomicInteger done = new AtomicInteger();
            team.run((rank, size) -> {
                team.barrier();
                done.incrementAndGet();
                team.barrier();
            });
            assertEquals(3, done.get());
        }
    }

    /** On any thread of the team in between. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2})
    void workOfTheSameTeamByWayOfAnotherIsRefused(int by) {
        IllegalStateException refusal = assertThrows(IllegalStateException.class, () -> Team.of(2).run((rank, size) -> {
            if (rank == 1) {
                Team.of(3).run((otherRank, otherSize) -> {
                    if (otherRank == by) {
                        Team.of(2).run((third, thirdSize) -> {
                        });
                    }
                });
            }
        }));
        Throwable cause = refusal;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        assertEquals("a team cannot be given work from inside its own work", cause.getMessage());
        // Nobody is left inside.
        Team.of(3).run((rank, size) -> Team.of(1).run((alone, one) -> Team.of(3).barrier()));
        Team.of(2).run((rank, size) -> assertEquals(2, size));
    }

    /** An interrupt that work has left on a thread of the team is no reason for it not to sleep. */
    @Test
    void aThreadThatWasInterruptedSleepsAgain() throws InterruptedException {
        Team team = Team.of(4);
        Thread[] threads = new Thread[4];
        team.run((rank, size) -> {
            threads[rank] = Thread.currentThread();
            if (rank > 0) {
                Thread.currentThread().interrupt();
            }
        });
        long until = System.nanoTime() + 30_000_000_000L;
        while (!sleeps(threads[1]) && System.nanoTime() < until) {
            Thread.sleep(1);
        }
        assertTrue(sleeps(threads[1]));
    }

    private static boolean sleeps(Thread thread) {
        return thread.getState() == Thread.State.WAITING && !thread.isInterrupted();
    }
}
