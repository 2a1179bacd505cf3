package org.mixdyn.kernel.gemm;

/** How the columns of C, and of B with them, are cut into panels. */
enum Cut {
    /** Panels of nr columns, which suit a packed A best. */
    WHOLE,

    /**
     * Where A stands as it is, and tiles may have any number of rows: as few and as even panels as there can be of at
     * most {@link BlockSizes#WIDEST} vectors, if the machine has {@link BlockSizes#FITTED_TILES}.
     */
    FITTED
}
