package org.mixdyn.kernel.network;

import java.util.Objects;

/**
 * What initial weights are drawn from.
 *
 * @param kind   of draw
 * @param sigma  standard deviation of a Gaussian weight, and the scale of the other kinds; finite and at least 0
 * @param lambda of {@link Initialization#LAMBDA_BALANCED}, finite; not read for other kinds
 */
public record InitialWeights(Initialization kind, double sigma, double lambda) {
    /**
     * Checks the numbers.
     *
     * @throws IllegalArgumentException if one is out of its range
     */
    public InitialWeights {
        Objects.requireNonNull(kind, "kind");
        if (!(sigma >= 0 && sigma < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("sigma is " + sigma + "; it must be finite and at least 0");
        }
        if (kind == Initialization.LAMBDA_BALANCED && !Double.isFinite(lambda)) {
            throw new IllegalArgumentException("lambda is " + lambda + "; it must be finite");
        }
    }

    /** Independent N(0, sigma^2) weights. */
    public static InitialWeights gaussian(double sigma) {
        return new InitialWeights(Initialization.GAUSSIAN, sigma, Double.NaN);
    }
}
