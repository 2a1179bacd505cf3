package org.mixdyn.kernel.dynamics;

import java.util.concurrent.atomic.AtomicInteger;

import org.mixdyn.kernel.parallel.Team;

/** Work that falls into independent parts, of which each thread of a team takes the next as soon as it is free. */
interface Parts {
    /**
     * Does one part.
     *
     * @param rank number of the thread
     * @param part number of the part
     */
    void execute(int rank, int part);

    /** Does parts 0 .. count - 1, each once, and returns when all are done. */
    static void forEach(Team team, int count, Parts work) {
        AtomicInteger next = new AtomicInteger();
        team.run((rank, size) -> {
            for (int part = next.getAndIncrement(); part < count; part = next.getAndIncrement()) {
                work.execute(rank, part);
            }
        });
    }
}
