package org.mixdyn.kernel.dynamics;

import org.mixdyn.kernel.simd.Precision;

/** ||M||_F of M = W_1 W_1^T - W_2^T W_2, which is as large as the network is wide, from matrices of the size of A. */
final class ConservedNorm {
    /** An allowance for rounding errors of the squares, in rounding units of them: those of long sums mostly cancel. */
    private static final double ERRORS = 10;

    /** How many times as large ||M||^2 is at least, so that a norm is right to half a hundredth. */
    private static final double CLEAR = 100;

    private ConservedNorm() {
    }

    /**
     * The root of ||W_1^T W_1||^2 + ||W_2 W_2^T||^2 - 2 ||W_2 W_1||^2.
     *
     * @param squaresOfGrams   the first two terms
     * @param squaresOfProduct ||W_2 W_1||^2
     * @param precision        that the matrices were computed in
     * @return NaN where rounding errors leave too little of the difference
     */
    static double of(double squaresOfGrams, double squaresOfProduct, Precision precision) {
        double squares = squaresOfGrams - 2 * squaresOfProduct;
        return squares > CLEAR * ERRORS * precision.unitRoundoff() * squaresOfGrams ? Math.sqrt(squares) : Double.NaN;
    }
}
