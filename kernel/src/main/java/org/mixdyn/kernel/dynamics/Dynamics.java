package org.mixdyn.kernel.dynamics;

import org.mixdyn.kernel.simd.Precision;

/**
 * One evolution of the product A (outputs x inputs) of a linear network that learns a task: real weights, reduced
 * weights, or the self-consistent equation. Not thread-safe; an instance may use several threads inside {@link #step}.
 */
public interface Dynamics extends AutoCloseable {
    /** Rows of A, d_out. */
    int outputs();

    /** Columns of A, d_in. */
    int inputs();

    /** The precision in which weights and products are kept. */
    Precision precision();

    /** One step of gradient descent, or of the discretised equation: A becomes the next A. */
    void step();

    /** Time that one step advances: eta for gradient descent. */
    double stepSize();

    /** ||A - Y||_F^2 / (d_out d_in) of the present A. */
    double trainError();

    /** ||A - A*||_F^2 / (d_out d_in) of the present A. */
    double testError();

    /**
     * Copies the present A.
     *
     * @param a row-major outputs x inputs, overwritten from its beginning; elements beyond A are left alone
     * @throws IllegalArgumentException if a is too short
     */
    void product(double[] a);

    /**
     * Keeps the present A, in place of the one that was kept before, for {@link #keptProduct}: where A is at hand it
     * is kept as it stands, which is cheaper than {@link #product}.
     */
    void keepProduct();

    /**
     * Copies the A that was kept last.
     *
     * @param a row-major outputs x inputs, overwritten from its beginning; elements beyond A are left alone
     * @throws IllegalArgumentException if a is too short
     * @throws IllegalStateException    if none was kept
     */
    void keptProduct(double[] a);

    /**
     * Relative drift of the quantity that gradient flow conserves, W_1 W_1^T - W_2^T W_2, since the start, measured
     * as | ||M(t)||_F - ||M(0)||_F | / ||M(0)||_F; NaN for dynamics without weights. For one hidden layer ||M||^2 is
     * a difference of squares of Gram matrices, and of A: where it is less than 1000 rounding units of the first,
     * that is NaN too. For deeper networks it is NaN where M is less than 1000 rounding units of the two terms it is the
     * difference of.
     */
    double conservedDrift();

    /** Floating-point operations of one step, of the last one where steps differ, a fused multiply-add counting two. */
    double flopsPerStep();

    @Override
    void close();
}
